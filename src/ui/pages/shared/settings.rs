//! Look, backup, restoring, deletion. A backup travels as a file, or as text for a chat app while it
//! is small; either way what it would add is shown before anything is taken in.

use crate::domain::study::Action;
use crate::platform::local::{Prefs, Theme};
use crate::platform::{files, page};
use crate::store::{Backup, Preview, backup};
use crate::ui::components::dialog::Confirm;
use crate::ui::components::field::{self, attribute, put, put_notice, say};
use crate::ui::components::file_picker::FilePicker;
use crate::ui::components::link_card::link_card;
use crate::ui::components::messages::Messages;
use crate::ui::components::shown::{head, still};
use crate::ui::desk::{Desk, env, use_desk};
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::{Office, read, use_office};
use leptos::ev::{Event, MouseEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

/// Messages that somebody still copies one after another.
const MOST_MESSAGES: usize = 40;

/// Settings and backup.
#[component]
pub(in crate::ui) fn SettingsPage() -> impl IntoView {
    let desk = use_desk();
    // The backup that was chosen, and whether it is to replace what is here.
    let chosen = StoredValue::new(None::<Backup>);
    let replace = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let restoring = RwSignal::new(false);
    let erasing = RwSignal::new(false);
    let office = use_office();
    let messages = Messages::new("backup-outcome");
    spawn_local(show_room(desk));

    // Shows what a backup would bring; it is taken in when that is confirmed.
    let consider = move |name: String, bytes: Result<Vec<u8>, String>| async move {
        let read = match bytes {
            Ok(bytes) => read_backup(desk, &name, &bytes).await,
            Err(why) => Err(why),
        };
        match read {
            Ok((backup, preview)) => {
                let mut out = Markup::default();
                offer(&mut out, &name, &backup, &preview);
                put("restore-offer", out);
                page::focus("restore-what");
                replace.try_set(false);
                chosen.try_set_value(Some(backup));
            }
            Err(why) => put_notice("restore-outcome", "refused", false, &why),
        }
        busy.try_set(false);
    };
    let clear = move || {
        put_notice("restore-outcome", "refused", false, "");
        put("restore-offer", Markup::default());
        busy.set(true);
    };
    let paste = move || {
        let text = field::value("restore-text");
        if busy.get_untracked() {
            return;
        }
        clear();
        spawn_local(async move {
            let bytes = match office.worker().ask("read-code", &text, None).await {
                Ok((_, bytes)) => Ok(bytes),
                Err(error) => Err(format!("没有恢复：{error}。")),
            };
            consider("粘贴的文字码".into(), bytes).await;
        });
    };
    let click = move |event: MouseEvent| match page::data_of(&event, "data-do").as_deref() {
        Some("backup-code") => spawn_local(code_backup(desk, office, messages)),
        Some("restore-text") => paste(),
        Some(deed @ ("copy" | "copy-next")) => {
            let at = page::data_of(&event, "data-at").and_then(|at| at.parse().ok());
            messages.press(deed, at);
        }
        Some("backup") => spawn_local(save_backup(desk)),
        Some("aside") => spawn_local(save_aside(desk)),
        Some("restore") => restoring.set(true),
        Some("erase") => erasing.set(true),
        _ => {}
    };
    let change = move |event: Event| {
        let value = event_target_value(&event);
        let name = page::data_of(&event, "name");
        if name.as_deref() == Some("restore") {
            replace.set(value == "replace");
        } else if let Some(name) = name {
            choose_look(&name, &value);
        }
    };
    let read = move |files: Vec<File>| {
        let Some(file) = files.into_iter().next() else {
            return;
        };
        clear();
        spawn_local(async move {
            let bytes = files::read(&file, backup::MAX_BYTES).await;
            consider(file.name(), bytes.map_err(|error| error.to_string())).await;
        });
    };
    let restore = move |()| {
        let Some(backup) = chosen.get_value() else {
            return;
        };
        let replace = replace.get_untracked();
        busy.set(true);
        attribute("begin-restore", "disabled", Some(""));
        spawn_local(async move {
            match desk.restore(&backup, replace).await {
                Ok(()) => {
                    let text = if replace {
                        "已用备份替换。替换前的数据已另存，可在上面下载。"
                    } else {
                        "已合并备份。"
                    };
                    put("restore-offer", Markup::default());
                    put_notice("restore-outcome", "restored", true, text);
                }
                Err(error) => {
                    let text = format!("没有恢复，原有数据没有变化：{error}。");
                    attribute("begin-restore", "disabled", None);
                    put_notice("restore-outcome", "refused", false, &text);
                }
            }
            busy.try_set(false);
        });
    };
    let question = Signal::derive(move || {
        let text = if replace.get_untracked() {
            "本机现有的数据将换成备份里的数据；现有的会另存，可以下载，不会删除。"
        } else {
            "备份里有、本机没有的内容将加进来；本机现有的内容都保留。"
        };
        text.to_owned()
    });
    let erase = move |()| {
        spawn_local(async move {
            match desk.erase().await {
                Ok(()) => put_notice("erase-outcome", "erased", true, "本机的学档数据已全部删除。"),
                Err(error) => {
                    put_notice("erase-outcome", "refused", false, &format!("没有删除：{error}。"));
                }
            }
        });
    };
    let last = Signal::derive(move || {
        let mut out = Markup::default();
        desk.study.with(|study| {
            let state = study.state();
            html!(out, "<p class=\"muted\">");
            match state.backed_up {
                Some(at) => {
                    html!(
                        out,
                        "上次备份：",
                        at.date().to_string(),
                        "；此后有 ",
                        state.unsaved_events,
                        " 条新内容。"
                    );
                }
                None => {
                    html!(out, "还没有备份过。");
                }
            }
            html!(out, "</p>");
        });
        out.done()
    });
    view! {
        <div class="stack" on:click=click on:change=change>
            {still(look())}
            {still(practice())}
            <section class="card stack" aria-labelledby="backup-heading">
                {still(before_backup())}
                <Shown of=last/>
                {still(after_backup())}
            </section>
            <section class="card stack" aria-labelledby="restore-heading">
                {still(before_restore())}
                <FilePicker label="选择备份文件" testid="restore-file" chosen=read multiple=false primary=false busy/>
                {still(paste_restore())}
                {still(after_restore())}
            </section>
            {still(keys())}
            {still(deletion())}
            <Confirm open=restoring title="确定恢复吗？" text=question action="确定恢复" done=restore testid="confirm-restore"/>
            <Confirm
                open=erasing title="删除本机全部数据？" text=Signal::stored("全部数据将从本浏览器删除，不能恢复。".to_owned())
                action="全部删除" done=erase testid="confirm-erase" word="删除"
            />
        </div>
    }
}

/// One of a few: a radio button with its label.
fn radio(out: &mut Markup, name: &str, value: &str, label: &str, chosen: bool) {
    html!(
        out,
        "<span class=\"choice\"><input type=\"radio\" id=\"",
        name,
        "-",
        value,
        "\" data-testid=\"",
        name,
        "-",
        value
    );
    html!(out, "\" name=\"", name, "\" value=\"", value, "\"");
    if chosen {
        html!(out, " checked");
    }
    html!(
        out,
        "><label for=\"",
        name,
        "-",
        value,
        "\">",
        label,
        "</label></span>"
    );
}

fn look() -> Markup {
    let prefs = Prefs::load();
    let mut out = Markup::default();
    html!(
        out,
        "<h1>设置与备份</h1><section class=\"card stack\" aria-labelledby=\"look-heading\"><h2 id=\"look-heading\">外观</h2><fieldset class=\"field\"><legend>颜色</legend><div class=\"row\">"
    );
    for (value, label) in [("auto", "自动（随系统）"), ("light", "浅色"), ("dark", "深色")] {
        radio(&mut out, "theme", value, label, prefs.theme.name() == value);
    }
    html!(
        out,
        "</div></fieldset><fieldset class=\"field\"><legend>字号</legend><div class=\"row\">"
    );
    let text = prefs.text.to_string();
    for (value, label) in [("0", "标准"), ("1", "大"), ("2", "长辈版（最大，按钮也更大）")] {
        radio(&mut out, "text", value, label, text == value);
    }
    html!(
        out,
        "</div></fieldset><div class=\"shown\" id=\"look-outcome\"></div></section>"
    );
    out
}

fn practice() -> Markup {
    let prefs = Prefs::load();
    let mut out = Markup::default();
    html!(
        out,
        "<section class=\"card stack\" aria-labelledby=\"practice-heading\"><h2 id=\"practice-heading\">自测</h2><fieldset class=\"field\"><legend>多选题计分</legend><div class=\"row\">"
    );
    let radios = [
        ("strict", "严格：全部选对才得分", !prefs.partial),
        ("partial", "部分：少选且没有错选，按选对的项数得分", prefs.partial),
    ];
    for (value, label, chosen) in radios {
        radio(&mut out, "scoring", value, label, chosen);
    }
    html!(
        out,
        "</div><p class=\"hint\">“部分”只多显示一行得分。错题、答对率和培养记录里的对错，始终按全部选对来记。</p></fieldset><fieldset class=\"field\"><legend>单键答题</legend><div class=\"row\">"
    );
    for (value, label, chosen) in [("off", "不用", !prefs.keys), ("on", "使用", prefs.keys)] {
        radio(&mut out, "keys", value, label, chosen);
    }
    html!(
        out,
        "</div><p class=\"hint\">打开以后，做题时按 1–9 或 A–F 选择选项，按回车提交或者到下一题；正在输入文字时不起作用。不打开也可以全程用键盘（Tab、空格、方向键、回车）。</p></fieldset><div class=\"shown\" id=\"practice-outcome\"></div></section>"
    );
    out
}

fn choose_look(name: &str, value: &str) {
    let mut prefs = Prefs::load();
    match name {
        "theme" => {
            prefs.theme = match value {
                "light" => Theme::Light,
                "dark" => Theme::Dark,
                _ => Theme::Auto,
            };
        }
        "scoring" => prefs.partial = value == "partial",
        "keys" => prefs.keys = value == "on",
        _ => prefs.text = value.parse().unwrap_or_default(),
    }
    page::apply(&prefs);
    let text = if prefs.save().is_ok() {
        ""
    } else {
        "浏览器不允许保存设置，关闭后要重新选择。"
    };
    let place = match name {
        "scoring" | "keys" => "practice-outcome",
        _ => "look-outcome",
    };
    put_notice(place, "look-refused", false, text);
}

/// `YYYYMMDD` of today.
fn today() -> String {
    env().now.date().compact()
}

/// Megabytes with one digit.
fn megabytes(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10).div_ceil(1 << 20);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

fn before_backup() -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<h2 id=\"backup-heading\">备份</h2><p>学习数据只保存在这个浏览器里。清理浏览器、换手机、换电脑之前，请先下载备份。备份含全部内容（包括谈话记录、联系对象、支部名册、自有题库和核对过的钥匙），请妥善保管。只有签名钥匙不在里面：它能冒充您签名，要用口令<a href=\"#/keys\">另外备份</a>。</p>"
    );
    if page::is_wechat() {
        html!(
            out,
            "<p class=\"notice\">微信里不能下载文件，数据也容易被清理。请点右上角“…”，选“在浏览器打开”。</p>"
        );
    }
    out
}

fn after_backup() -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<p><button type=\"button\" class=\"button button-primary\" data-do=\"backup\" data-testid=\"download-backup\">下载备份</button></p><details><summary>不能下载时，改用文字码</summary><div class=\"stack\"><p class=\"muted\">内容不多时，备份可以变成几段文字，用聊天软件发给自己，在另一台设备的本页粘贴。文字码没有加密，请不要发到群里。</p><p><button type=\"button\" class=\"button\" data-do=\"backup-code\" data-testid=\"backup-code\">生成文字码</button></p></div></details><div role=\"status\" id=\"backup-outcome\"></div><div class=\"shown stack\" id=\"backup-code\"></div><div class=\"shown\" id=\"aside\"></div><p class=\"muted\" id=\"room\"></p><p class=\"muted\">苹果 Safari：连续七天没有打开的网站，数据可能被系统清除。把学档“添加到主屏幕”，或者每周打开一次并下载备份。</p>"
    );
    out
}

/// What has been set aside, and how full the storage is.
async fn show_room(desk: Desk) {
    if let Ok(entries) = desk.aside().await
        && !entries.is_empty()
    {
        let mut out = Markup::default();
        html!(
            out,
            "<p>有 ",
            entries.len(),
            " 条数据因损坏或被替换而另存，没有删除。</p><p><button type=\"button\" class=\"button\" data-do=\"aside\" data-testid=\"download-aside\">下载另存的数据</button></p>"
        );
        put("aside", out);
    }
    let used = page::estimate()
        .await
        .map(|estimate| format!("本站已用约 {}。", megabytes(estimate.usage)));
    let kept = match page::is_persisted().await {
        Some(true) => "浏览器已答应不自动清理本站数据。",
        Some(false) => "浏览器没有答应长期保留本站数据，空间不足时可能清理，请勤备份。",
        None => "",
    };
    say("room", &(used.unwrap_or_default() + kept));
}

async fn save_backup(desk: Desk) {
    let name = format!("学档备份-{}.json", today());
    let saved = match desk.backup().await {
        Ok(backup) => {
            files::save(&name, "application/json", &backup.write()).map_err(|error| error.to_string())
        }
        Err(error) => Err(format!("{error}。可用页面上方的“下载救援文件”保存本页里的内容")),
    };
    match saved {
        Ok(()) => {
            // Never refused.
            let _ = desk.act(Action::NoteBackup);
            let text = format!("已交给浏览器下载：{name}。请在“下载”里确认有这个文件，并另存一份到别处。");
            put_notice("backup-outcome", "backed-up", true, &text);
        }
        Err(why) => put_notice("backup-outcome", "refused", false, &why),
    }
}

async fn save_aside(desk: Desk) {
    let Ok(entries) = desk.aside().await else { return };
    let json = serde_json::to_vec_pretty(&entries).unwrap_or_default();
    if let Err(error) = files::save(
        &format!("学档另存数据-{}.json", today()),
        "application/json",
        &json,
    ) {
        put_notice("backup-outcome", "refused", false, &error.to_string());
    }
}

fn before_restore() -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<h2 id=\"restore-heading\">恢复备份</h2><p>选择以前下载的备份文件（学档备份-….json）。看过内容、确认以后才会恢复。</p>"
    );
    out
}

fn after_restore() -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<div class=\"shown\" id=\"restore-offer\"></div><div role=\"status\" id=\"restore-outcome\"></div>"
    );
    out
}

/// The backup as messages, when they are few enough.
async fn code_backup(desk: Desk, office: Office, messages: Messages) {
    put("backup-code", Markup::default());
    put_notice("backup-outcome", "making", true, "正在生成文字码……");
    let made = async {
        let backup = desk.backup().await.map_err(|error| error.to_string())?;
        let answer = office.worker().ask("write-code", "", Some(&backup.write())).await;
        let (json, _) = answer.map_err(|error| error.to_string())?;
        let texts: Vec<String> = read(&json)?;
        if texts.len() > MOST_MESSAGES {
            return Err(format!("内容较多，要 {} 条消息，请下载备份文件", texts.len()));
        }
        Ok(texts)
    };
    match made.await {
        Ok(texts) => {
            let mut out = Markup::default();
            messages.put(&mut out, texts, "整份备份");
            put_notice("backup-outcome", "made", true, "");
            put("backup-code", out);
            page::focus("copy-next");
        }
        Err(why) => put_notice(
            "backup-outcome",
            "refused",
            false,
            &format!("没有生成文字码：{why}。"),
        ),
    }
}

/// Where messages are pasted.
fn paste_restore() -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<details data-testid=\"restore-paste\"><summary>粘贴文字码</summary><div class=\"stack\"><div class=\"field\"><label for=\"restore-text\">聊天里的备份文字码</label><p class=\"hint\" id=\"restore-text-hint\">几段一起粘贴，先后不限。</p><textarea rows=\"5\" id=\"restore-text\" data-testid=\"restore-text\" aria-describedby=\"restore-text-hint\" spellcheck=\"false\" autocomplete=\"off\"></textarea></div><p><button type=\"button\" class=\"button\" data-do=\"restore-text\" data-testid=\"read-text\">读取文字码</button></p></div></details>"
    );
    out
}

async fn read_backup(desk: Desk, name: &str, bytes: &[u8]) -> Result<(Backup, Preview), String> {
    let backup = Backup::read(bytes).map_err(|error| format!("文件“{name}”没有恢复：{error}"))?;
    let preview = desk.preview(&backup).await.map_err(|error| error.to_string())?;
    Ok((backup, preview))
}

/// What a backup holds, and how to restore it.
fn offer(out: &mut Markup, name: &str, backup: &Backup, preview: &Preview) {
    html!(
        out,
        "<p id=\"restore-what\">文件“",
        name,
        "”，备份于 ",
        backup.made_at.date().to_string(),
        "。</p>"
    );
    html!(
        out,
        "<div class=\"table-scroll\"><table data-testid=\"restore-preview\">"
    );
    head(
        out,
        &["内容", "文件中（条）", "本机没有（条）", "替换时将被另存（条）"],
    );
    for (book, there, new, lacking) in &preview.books {
        html!(
            out,
            "<tr data-book=\"",
            book.prefix().trim_end_matches('/'),
            "\"><th scope=\"row\">",
            book.label()
        );
        html!(
            out,
            "</th><td>",
            *there,
            "</td><td>",
            *new,
            "</td><td>",
            *lacking,
            "</td></tr>"
        );
    }
    html!(
        out,
        "</tbody></table></div><fieldset class=\"field\"><legend>怎样恢复</legend>"
    );
    radio(out, "restore", "merge", "合并（推荐）：两边的内容都保留", true);
    radio(
        out,
        "restore",
        "replace",
        "替换：只要备份里的内容，本机现有的另存",
        false,
    );
    html!(
        out,
        "</fieldset><p><button type=\"button\" class=\"button\" id=\"begin-restore\" data-do=\"restore\" data-testid=\"begin-restore\">恢复这份备份</button></p>"
    );
}

fn keys() -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<section class=\"card stack\" aria-labelledby=\"keys-heading\"><h2 id=\"keys-heading\">签名与核验</h2><p>给培养记录签名、核验别人发来的记录，要用签名钥匙。</p><ul class=\"links\">"
    );
    link_card(
        &mut out,
        "#/keys",
        "我的签名钥匙",
        "生成、备份、更换钥匙，看核对过的钥匙",
    );
    link_card(
        &mut out,
        "#/verify",
        "核验记录",
        "别人发来的记录、声明：签名成立不成立，改在哪里",
    );
    html!(out, "</ul></section>");
    out
}

fn deletion() -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<section class=\"card stack\" aria-labelledby=\"erase-heading\"><h2 id=\"erase-heading\">删除</h2><p>删除本浏览器里的全部学档数据：学习记录、谈话、实践、联系对象、支部名册、自有题库、签名钥匙、核对过的钥匙，以及另存的数据。删除后不能恢复，请先下载备份；签名钥匙要<a href=\"#/keys\">另外备份</a>。</p><p><button type=\"button\" class=\"button button-danger\" data-do=\"erase\" data-testid=\"erase-all\">删除本机全部数据</button></p><div role=\"status\" id=\"erase-outcome\"></div></section>"
    );
    out
}
