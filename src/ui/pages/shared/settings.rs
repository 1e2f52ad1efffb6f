//! Look, backup, restoring, deletion.

use crate::domain::study::Action;
use crate::platform::local::{Prefs, Theme};
use crate::platform::{files, page};
use crate::store::{Backup, Preview, backup};
use crate::ui::components::dialog::Confirm;
use crate::ui::components::file_picker::FilePicker;
use crate::ui::desk::{env, use_desk};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

/// Settings and backup.
#[component]
pub(in crate::ui) fn SettingsPage() -> impl IntoView {
    view! {
        <div class="stack">
            <h1>"设置与备份"</h1>
            <Look/>
            <Saving/>
            <Restoring/>
            <Erasing/>
        </div>
    }
}

/// One of a few: a radio button with its label.
fn radio(
    name: &'static str,
    value: &'static str,
    label: &'static str,
    chosen: impl Fn() -> bool + Send + Sync + 'static,
    choose: impl Fn() + 'static,
) -> impl IntoView {
    let id = format!("{name}-{value}");
    view! {
        <span class="choice">
            <input type="radio" id=id.clone() data-testid=id.clone() name=name value=value prop:checked=chosen on:change=move |_| choose()/>
            <label for=id>{label}</label>
        </span>
    }
}

#[component]
fn Look() -> impl IntoView {
    let prefs = RwSignal::new(Prefs::load());
    let failed = RwSignal::new(false);
    let set = move |change: &dyn Fn(&mut Prefs)| {
        let mut new = prefs.get_untracked();
        change(&mut new);
        page::apply(&new);
        failed.set(new.save().is_err());
        prefs.set(new);
    };
    let themes = [
        (Theme::Auto, "auto", "自动（随系统）"),
        (Theme::Light, "light", "浅色"),
        (Theme::Dark, "dark", "深色"),
    ]
    .map(|(theme, name, label)| {
        radio(
            "theme",
            name,
            label,
            move || prefs.with(|prefs| prefs.theme == theme),
            move || set(&|prefs| prefs.theme = theme),
        )
    })
    .collect_view();
    let texts = [
        (0, "0", "标准"),
        (1, "1", "大"),
        (2, "2", "长辈版（最大，按钮也更大）"),
    ]
    .map(|(text, name, label)| {
        radio(
            "text",
            name,
            label,
            move || prefs.with(|prefs| prefs.text == text),
            move || set(&|prefs| prefs.text = text),
        )
    })
    .collect_view();
    view! {
        <section class="card stack" aria-labelledby="look-heading">
            <h2 id="look-heading">"外观"</h2>
            <fieldset class="field"><legend>"颜色"</legend><div class="row">{themes}</div></fieldset>
            <fieldset class="field"><legend>"字号"</legend><div class="row">{texts}</div></fieldset>
            {move || failed.get().then(|| view! { <p class="notice">"浏览器不允许保存设置，关闭后要重新选择。"</p> })}
        </section>
    }
}

/// `YYYYMMDD` of today.
fn today() -> String {
    env().now.date().to_string().replace('-', "")
}

/// Megabytes with one digit.
fn megabytes(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10).div_ceil(1 << 20);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

#[component]
fn Saving() -> impl IntoView {
    let desk = use_desk();
    let outcome = RwSignal::new(None::<Result<String, String>>);
    let aside = RwSignal::new(Vec::new());
    let room = RwSignal::new(String::new());
    spawn_local(async move {
        if let Ok(entries) = desk.aside().await {
            aside.try_set(entries);
        }
        let used = page::estimate()
            .await
            .map(|estimate| format!("本站已用约 {}。", megabytes(estimate.usage)));
        let kept = match page::is_persisted().await {
            Some(true) => "浏览器已答应不自动清理本站数据。",
            Some(false) => "浏览器没有答应长期保留本站数据，空间不足时可能清理，请勤备份。",
            None => "",
        };
        room.try_set(format!("{}{kept}", used.unwrap_or_default()));
    });

    let download = move |_| {
        spawn_local(async move {
            let name = format!("学档备份-{}.json", today());
            let saved = match desk.backup().await {
                Ok(backup) => {
                    files::save(&name, "application/json", &backup.write()).map_err(|error| error.to_string())
                }
                Err(error) => Err(format!("{error}。可用页面上方的“下载救援文件”保存本页里的内容")),
            };
            let said = saved.map(|()| {
                // Never refused.
                let _ = desk.act(Action::NoteBackup);
                format!("已交给浏览器下载：{name}。请在“下载”里确认有这个文件，并另存一份到别处。")
            });
            outcome.try_set(Some(said));
        });
    };
    let download_aside = move |_| {
        let json = aside.with_untracked(|entries| serde_json::to_vec_pretty(entries).unwrap_or_default());
        if let Err(error) = files::save(
            &format!("学档另存数据-{}.json", today()),
            "application/json",
            &json,
        ) {
            outcome.set(Some(Err(error.to_string())));
        }
    };
    let last = move || {
        desk.study.with(|study| match study.state().backed_up {
            Some(at) => format!(
                "上次备份：{}；此后有 {} 条新内容。",
                at.date(),
                study.state().unsaved_events
            ),
            None => "还没有备份过。".to_owned(),
        })
    };
    view! {
        <section class="card stack" aria-labelledby="backup-heading">
            <h2 id="backup-heading">"备份"</h2>
            <p>"学习数据只保存在这个浏览器里。清理浏览器、换手机、换电脑之前，请先下载备份。备份含全部内容（包括谈话记录、联系对象和支部名册），请妥善保管。"</p>
            {page::is_wechat().then(|| view! {
                <p class="notice">"微信里不能下载文件，数据也容易被清理。请点右上角“…”，选“在浏览器打开”。"</p>
            })}
            <p class="muted">{last}</p>
            <p><button type="button" class="button button-primary" data-testid="download-backup" on:click=download>"下载备份"</button></p>
            <div role="status">
                {move || outcome.get().map(|outcome| match outcome {
                    Ok(text) => view! { <p class="notice notice-ok">{text}</p> },
                    Err(text) => view! { <p class="notice notice-danger">{text}</p> },
                })}
            </div>
            {move || {
                let count = aside.with(Vec::len);
                (count > 0).then(|| view! {
                    <p>{format!("有 {count} 条数据因损坏或被替换而另存，没有删除。")}</p>
                    <p><button type="button" class="button" data-testid="download-aside" on:click=download_aside>"下载另存的数据"</button></p>
                })
            }}
            <p class="muted">{move || room.get()}</p>
            <p class="muted">"苹果 Safari：连续七天没有打开的网站，数据可能被系统清除。把学档“添加到主屏幕”，或者每周打开一次并下载备份。"</p>
        </section>
    }
}

#[component]
fn Restoring() -> impl IntoView {
    let desk = use_desk();
    let chosen = RwSignal::new(None::<(String, Backup, Preview)>);
    let replace = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let asking = RwSignal::new(false);
    let outcome = RwSignal::new(None::<Result<&'static str, String>>);

    let read = move |files: Vec<File>| {
        let Some(file) = files.into_iter().next() else {
            return;
        };
        outcome.set(None);
        chosen.set(None);
        busy.set(true);
        spawn_local(async move {
            let name = file.name();
            let read = async {
                let bytes = files::read(&file, backup::MAX_BYTES)
                    .await
                    .map_err(|error| error.to_string())?;
                let backup =
                    Backup::read(&bytes).map_err(|error| format!("文件“{name}”没有恢复：{error}"))?;
                let preview = desk.preview(&backup).await.map_err(|error| error.to_string())?;
                Ok((name.clone(), backup, preview))
            };
            match read.await {
                Ok(read) => {
                    replace.try_set(false);
                    chosen.try_set(Some(read));
                }
                Err(why) => {
                    outcome.try_set(Some(Err(why)));
                }
            }
            busy.try_set(false);
        });
    };
    let restore = move |()| {
        let Some((_, backup, _)) = chosen.get_untracked() else {
            return;
        };
        let replace = replace.get_untracked();
        busy.set(true);
        spawn_local(async move {
            let said = match desk.restore(&backup, replace).await {
                Ok(()) if replace => Ok("已用备份替换。替换前的数据已另存，可在上面下载。"),
                Ok(()) => Ok("已合并备份。"),
                Err(error) => Err(format!("没有恢复，原有数据没有变化：{error}。")),
            };
            if said.is_ok() {
                chosen.try_set(None);
            }
            outcome.try_set(Some(said));
            busy.try_set(false);
        });
    };
    let question = move || {
        if replace.get() {
            "本机现有的数据将换成备份里的数据；现有的会另存，可以下载，不会删除。".to_owned()
        } else {
            "备份里有、本机没有的内容将加进来；本机现有的内容都保留。".to_owned()
        }
    };
    let preview = move || {
        chosen.with(|chosen| {
            let Some((name, backup, preview)) = chosen else { return ().into_any() };
            let rows = preview
                .books
                .iter()
                .map(|(book, there, new, lacking)| view! {
                    <tr data-book=book.prefix().trim_end_matches('/')>
                        <th scope="row">{book.label()}</th><td>{*there}</td><td>{*new}</td><td>{*lacking}</td>
                    </tr>
                })
                .collect_view();
            view! {
                <p>{format!("文件“{name}”，备份于 {}。", backup.made_at.date())}</p>
                <div class="table-scroll">
                    <table data-testid="restore-preview">
                        <thead><tr>
                            <th scope="col">"内容"</th><th scope="col">"文件中（条）"</th><th scope="col">"本机没有（条）"</th><th scope="col">"替换时将被另存（条）"</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                <fieldset class="field">
                    <legend>"怎样恢复"</legend>
                    {radio("restore", "merge", "合并（推荐）：两边的内容都保留", move || !replace.get(), move || replace.set(false))}
                    {radio("restore", "replace", "替换：只要备份里的内容，本机现有的另存", move || replace.get(), move || replace.set(true))}
                </fieldset>
                <p><button type="button" class="button" data-testid="begin-restore" disabled=move || busy.get() on:click=move |_| asking.set(true)>"恢复这份备份"</button></p>
            }
            .into_any()
        })
    };
    view! {
        <section class="card stack" aria-labelledby="restore-heading">
            <h2 id="restore-heading">"恢复备份"</h2>
            <p>"选择以前下载的备份文件（学档备份-….json）。看过内容、确认以后才会恢复。"</p>
            <FilePicker label="选择备份文件" testid="restore-file" chosen=read multiple=false primary=false busy/>
            {preview}
            <div role="status">
                {move || outcome.get().map(|outcome| match outcome {
                    Ok(text) => view! { <p class="notice notice-ok" data-testid="restored">{text}</p> }.into_any(),
                    Err(text) => view! { <p class="notice notice-danger" data-testid="refused">{text}</p> }.into_any(),
                })}
            </div>
            <Confirm open=asking title="确定恢复吗？" text=Signal::derive(question) action="确定恢复" done=restore testid="confirm-restore"/>
        </section>
    }
}

#[component]
fn Erasing() -> impl IntoView {
    let desk = use_desk();
    let asking = RwSignal::new(false);
    let outcome = RwSignal::new(None::<Result<(), String>>);
    let erase = move |()| {
        spawn_local(async move {
            let said = desk.erase().await.map_err(|error| format!("没有删除：{error}。"));
            outcome.try_set(Some(said));
        });
    };
    view! {
        <section class="card stack" aria-labelledby="erase-heading">
            <h2 id="erase-heading">"删除"</h2>
            <p>"删除本浏览器里的全部学档数据：学习记录、谈话、实践、联系对象、支部名册，以及另存的数据。删除后不能恢复，请先下载备份。"</p>
            <p><button type="button" class="button button-danger" data-testid="erase-all" on:click=move |_| asking.set(true)>"删除本机全部数据"</button></p>
            <div role="status">
                {move || outcome.get().map(|outcome| match outcome {
                    Ok(()) => view! { <p class="notice notice-ok" data-testid="erased">"本机的学档数据已全部删除。"</p> }.into_any(),
                    Err(text) => view! { <p class="notice notice-danger">{text}</p> }.into_any(),
                })}
            </div>
            <Confirm
                open=asking title="删除本机全部数据？" text=Signal::stored("全部数据将从本浏览器删除，不能恢复。".to_owned())
                action="全部删除" done=erase testid="confirm-erase" word="删除"
            />
        </section>
    }
}
