//! What the record leaves as: files, paper, messages for a chat app, QR codes; signed or not. What is
//! heavy is made in the worker's program, which is fetched when it is first asked.

use super::record::{CHOICE, Ready, make, ready};
use crate::domain::record::{NotReady, TrainingRecord};
use crate::format::annex::PROVES;
use crate::format::credential::orders::KeyInfo;
use crate::format::record::{file_name, file_name_of_kind, write};
use crate::platform::clock::sleep;
use crate::platform::worker::Worker;
use crate::platform::{files, page};
use crate::ui::components::field::{attribute, has, put, put_notice, say};
use crate::ui::components::messages::Messages;
use crate::ui::components::shown::still;
use crate::ui::desk::use_desk;
use crate::ui::markup::{Markup, Shown, html};
use crate::ui::office::{read, use_office};
use leptos::ev::{Event, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// QR codes of a series that somebody still scans one after another.
const MOST_CODES: usize = 60;
/// How long each code of a series stands, in milliseconds: a camera needs a good part of a second.
const TURN: u32 = 1_500;

/// A form in which the record leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    File,
    Docx,
    Xlsx,
    Xapi,
    Paper,
    Messages,
    Summary,
    Series,
}

impl Form {
    const ALL: [Self; 8] = [
        Self::File,
        Self::Docx,
        Self::Xlsx,
        Self::Xapi,
        Self::Paper,
        Self::Messages,
        Self::Summary,
        Self::Series,
    ];

    /// The word of its button.
    const fn code(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Xapi => "xapi",
            Self::Paper => "paper",
            Self::Messages => "messages",
            Self::Summary => "summary",
            Self::Series => "series",
        }
    }

    /// The group of buttons that it belongs to, which says what became of it.
    const fn group(self) -> &'static str {
        match self {
            Self::File | Self::Docx | Self::Xlsx | Self::Xapi => "files",
            Self::Paper => "paper",
            Self::Messages => "chat",
            Self::Summary | Self::Series => "codes",
        }
    }

    /// What it is called while it is being made.
    const fn label(self) -> &'static str {
        match self {
            Self::File => "培养记录",
            Self::Docx => "附件",
            Self::Xlsx => "表格",
            Self::Xapi => "xAPI 学习记录",
            Self::Paper => "打印件",
            Self::Messages => "文字码",
            Self::Summary => "摘要二维码",
            Self::Series => "整份记录的二维码",
        }
    }
}

/// Groups of buttons, and what is said below each.
const GROUPS: [&str; 4] = ["files", "paper", "chat", "codes"];

/// What came of it.
enum Made {
    /// A file of this name was handed to the browser.
    Saved(String),
    /// The sheet of paper has a page of its own.
    OnPaper,
    /// Messages.
    Messages(Vec<String>),
    /// A summary as people read it, and its code.
    Summary(String, String),
    /// Pictures of the codes.
    Series(Vec<String>),
}

/// What stands in the panels below the buttons.
#[derive(Clone, Copy)]
struct Panels {
    messages: Messages,
    pictures: StoredValue<Vec<String>>,
    /// The code that is shown.
    shown: StoredValue<usize>,
    /// Which run of the slide show is on.
    run: StoredValue<u32>,
}

/// Everything by which the record of this moment goes out.
#[component]
pub(super) fn Exports(
    /// The record as the screen shows it.
    record: Memo<Option<Result<TrainingRecord, NotReady>>>,
) -> impl IntoView {
    let (desk, office) = (use_desk(), use_office());
    let key = Memo::new(move |_| office.my_key());
    let making = StoredValue::new(None::<Form>);
    let panels = Panels {
        messages: Messages::new("chat-said"),
        pictures: StoredValue::default(),
        shown: StoredValue::new(0),
        run: StoredValue::new(0),
    };
    // What was made of another record, or with another choice, is gone.
    Effect::new(move |_| {
        let count = desk.study.with(|study| study.count());
        if CHOICE.with(|choice| choice.made.is_none_or(|(_, then)| then != count)) {
            panels.clear();
        }
    });

    let begin = move |form: Form| {
        if making.get_value().is_some() {
            return;
        }
        make(desk);
        let Some(Ok(present)) = record.get_untracked() else {
            return;
        };
        making.set_value(Some(form));
        panels.clear_group(form.group());
        wait(form);
        let sign = CHOICE.with_untracked(|choice| choice.sign) && key.with_untracked(Option::is_some);
        spawn_local(async move {
            let made = async {
                let ready = ready(office, present, sign).await?;
                let digest = ready.record.digest.clone();
                let is_present = move || {
                    let is_it = |record: &Option<Result<TrainingRecord, NotReady>>| matches!(record, Some(Ok(record)) if record.digest == digest);
                    record.try_with_untracked(is_it) != Some(false)
                };
                carry_out(form, &ready, office.worker(), &is_present).await
            };
            let made = made.await;
            if making.try_set_value(None).is_none() {
                panels.show(form, made, sign);
            }
        });
    };
    let click = move |event: MouseEvent| {
        let Some(deed) = page::data_of(&event, "data-do") else {
            return;
        };
        if let Some(form) = Form::ALL.into_iter().find(|form| form.code() == deed) {
            return begin(form);
        }
        let at = page::data_of(&event, "data-at").and_then(|at| at.parse().ok());
        match deed.as_str() {
            "stop" => {
                if let Some(form) = making.get_value() {
                    page::focus(&format!("out-{}", form.code()));
                }
                office.worker().cancel();
            }
            "code-back" => panels.turn(false),
            "code-next" => panels.turn(true),
            "code-play" => panels.play(),
            deed => panels.messages.press(deed, at),
        }
    };
    let change = move |event: Event| {
        if page::data_of(&event, "data-testid").as_deref() == Some("sign-export") {
            CHOICE.update(|choice| choice.sign = event_target_checked(&event));
            panels.clear();
        }
    };
    let signing = Signal::derive(move || {
        let mut out = Markup::default();
        let sign = CHOICE.with_untracked(|choice| choice.sign);
        key.with(|key| sign_choice(&mut out, key.as_ref(), sign));
        out.done()
    });
    let mut top = Markup::default();
    html!(top, "<h2 id=\"out-heading\">导出</h2>");
    if page::is_wechat() {
        html!(
            top,
            "<p class=\"notice\">微信里不能下载文件，也不能打印。请点右上角“…”，选“在浏览器打开”，再导出；或者用下面的“发到聊天软件”和“二维码”。</p>"
        );
    }
    html!(top, "<p>", PROVES, "</p><h3 id=\"sign-heading\">签名</h3>");
    let mut forms = Markup::default();
    buttons(&mut forms);
    view! {
        <section class="stack out" aria-labelledby="out-heading" on:click=click on:change=change>
            {still(top)}
            <Shown of=signing/>
            {still(forms)}
        </section>
    }
}

/// Whether to sign, by whose key; or how to have one.
fn sign_choice(out: &mut Markup, key: Option<&KeyInfo>, sign: bool) {
    match key {
        Some(key) => {
            html!(
                out,
                "<p class=\"choice\"><input type=\"checkbox\" id=\"sign-export\" data-testid=\"sign-export\""
            );
            if sign {
                html!(out, " checked");
            }
            html!(
                out,
                "><label for=\"sign-export\">导出时用我的签名钥匙签名</label></p><p class=\"muted\">钥匙指纹 <code class=\"digest\">",
                key.fingerprint,
                "</code>。签名以后记录有任何改动都查得出来；签名的是谁，要当面核对指纹。</p>"
            );
        }
        None => {
            html!(
                out,
                "<p data-testid=\"unsigned\"><b>未签名。</b>本机还没有签名钥匙，导出的记录不带签名。有了签名，记录交出去以后的任何改动都查得出来。<a href=\"#/keys\">生成签名钥匙</a></p>"
            );
        }
    }
}

/// A button that makes a form of the record.
fn button(out: &mut Markup, form: Form, testid: &str, primary: bool, text: &str) {
    html!(out, "<button type=\"button\" class=\"button");
    if primary {
        html!(out, " button-primary");
    }
    html!(
        out,
        "\" id=\"out-",
        form.code(),
        "\" data-do=\"",
        form.code(),
        "\" data-testid=\"",
        testid,
        "\">",
        text,
        "</button>"
    );
}

/// What is said below a group of buttons, and what it shows.
fn place(out: &mut Markup, group: &str) {
    html!(
        out,
        "<div role=\"status\" id=\"",
        group,
        "-said\"></div><div class=\"shown stack\" id=\"",
        group,
        "-panel\"></div>"
    );
}

fn buttons(out: &mut Markup) {
    html!(
        out,
        "<h3>下载</h3><p class=\"muted\">培养记录是给学档读的文件，发给培养联系人或党支部；附件可以在 Word、WPS 里打开、打印，表格可以在 Excel、WPS 里打开。</p><div class=\"row\">"
    );
    button(out, Form::File, "export-record", true, "下载培养记录（.json）");
    button(out, Form::Docx, "export-docx", false, "下载附件（.docx）");
    button(out, Form::Xlsx, "export-xlsx", false, "下载表格（.xlsx）");
    html!(
        out,
        "</div><details class=\"more-forms\"><summary>更多格式</summary><p class=\"muted\">xAPI 1.0.3 语句，给单位的学习平台（LRS）用。</p><p>"
    );
    button(out, Form::Xapi, "export-xapi", false, "下载 xAPI（.json）");
    html!(out, "</p></details>");
    place(out, "files");
    html!(
        out,
        "<h3>打印</h3><p class=\"muted\">A4 纸的附件（草稿），留有签字和意见的空栏。</p><p>"
    );
    button(out, Form::Paper, "print-record", false, "打印");
    html!(out, "</p>");
    place(out, "paper");
    html!(
        out,
        "<h3>发到聊天软件</h3><p class=\"muted\">聊天软件打不开文件时，把整份记录变成几段文字发过去。对方把收到的几段全部复制，粘贴到学档里就能打开，次序乱了也不要紧。文字码没有加密，和文件一样含有导出的全部内容，请只发给要看的人。</p><p>"
    );
    button(out, Form::Messages, "make-code", false, "生成文字码");
    html!(out, "</p>");
    place(out, "chat");
    html!(
        out,
        "<h3>二维码</h3><p class=\"muted\">摘要二维码：手机一扫就能看到主要数字和校验值，用来核对手里的记录。整份记录的二维码：对方在学档里用摄像头依次扫描，次序不限。</p><div class=\"row\">"
    );
    button(out, Form::Summary, "make-summary", false, "摘要二维码");
    button(out, Form::Series, "make-codes", false, "整份记录的二维码");
    html!(out, "</div>");
    place(out, "codes");
}

/// Says that it is being made, and offers to stop.
fn wait(form: Form) {
    let mut out = Markup::default();
    html!(
        out,
        "<p class=\"row\" data-testid=\"making\"><span>正在生成",
        form.label(),
        "……</span><button type=\"button\" class=\"button\" data-do=\"stop\">取消</button></p>"
    );
    put(&format!("{}-said", form.group()), out);
}

/// Makes a form of a record, as long as that is what the screen shows.
async fn carry_out(
    form: Form,
    ready: &Ready,
    worker: Worker,
    is_present: &dyn Fn() -> bool,
) -> Result<Made, String> {
    const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    const JSON: &str = "application/json";
    let still = || match is_present() {
        true => Ok(()),
        false => Err("内容刚刚有变化，请再做一次".to_owned()),
    };
    let save = |name: String, mime: &str, bytes: &[u8]| {
        still()?;
        files::save(&name, mime, bytes).map_err(|error| error.to_string())?;
        Ok(Made::Saved(name))
    };
    let record = &ready.record;
    let ask = async |what: &str, text: &str, bytes: Option<&[u8]>| {
        let answer = worker.ask(what, text, bytes).await;
        answer.map_err(|error| error.to_string())
    };
    let texts = |json: &str| read::<Vec<String>>(json);
    match form {
        Form::File => save(file_name(record), JSON, &ready.file),
        Form::Docx | Form::Xlsx => {
            let proofs = serde_json::to_string(&ready.proofs).map_err(|error| error.to_string())?;
            let what = format!("record-{}", form.code());
            let (_, bytes) = ask(&what, &proofs, Some(&write(record))).await?;
            let mime = if form == Form::Docx { DOCX } else { XLSX };
            save(file_name_of_kind(record, form.code()), mime, &bytes)
        }
        Form::Xapi => {
            let (json, _) = ask("record-xapi", "", Some(&write(record))).await?;
            save(file_name_of_kind(record, "xapi.json"), JSON, json.as_bytes())
        }
        Form::Paper => still().map(|()| Made::OnPaper),
        Form::Messages => {
            let (json, _) = ask("write-code", "", Some(&ready.file)).await?;
            still()?;
            Ok(Made::Messages(texts(&json)?))
        }
        Form::Summary => {
            let (summary, _) = ask("record-summary", "", Some(&write(record))).await?;
            let codes = serde_json::to_string(&[&summary]).map_err(|error| error.to_string())?;
            let (pictures, _) = ask("qr", &codes, None).await?;
            still()?;
            let picture = texts(&pictures)?.into_iter().next().unwrap_or_default();
            Ok(Made::Summary(summary, picture))
        }
        Form::Series => {
            let (codes, _) = ask("write-codes", "", Some(&ready.file)).await?;
            let count = texts(&codes)?.len();
            if count > MOST_CODES {
                return Err(format!(
                    "内容太多，要 {count} 个二维码才放得下，扫起来太慢。请改用文件或文字码，或者不勾选思想汇报正文"
                ));
            }
            let (pictures, _) = ask("qr", &codes, None).await?;
            still()?;
            Ok(Made::Series(texts(&pictures)?))
        }
    }
}

impl Panels {
    /// Takes away all that was said and shown.
    fn clear(self) {
        GROUPS.into_iter().for_each(|group| self.clear_group(group));
    }

    /// Takes away what was said and shown below a group of buttons; a slide show there ends.
    fn clear_group(self, group: &str) {
        if group == Form::Series.group() {
            self.stop();
        }
        for what in ["said", "panel"] {
            put(&format!("{group}-{what}"), Markup::default());
        }
    }

    /// Says and shows what came of it.
    fn show(self, form: Form, made: Result<Made, String>, signed: bool) {
        let said = format!("{}-said", form.group());
        let panel = format!("{}-panel", form.group());
        let how = if signed { "已签名" } else { "未签名" };
        let mut out = Markup::default();
        match made {
            Ok(Made::Saved(name)) => {
                let what = match form {
                    Form::File => "，发给培养联系人或党支部",
                    _ => "",
                };
                let text = format!("已交给浏览器下载（{how}）：{name}。请在“下载”里找到这个文件{what}。");
                put_notice(&said, "exported", true, &text);
            }
            Ok(Made::OnPaper) => {
                put(&said, out);
                page::set_hash("/record/print");
            }
            Ok(Made::Messages(messages)) => {
                self.messages
                    .put(&mut out, messages, &format!("整份记录（{how}）"));
                put(&said, Markup::default());
                put(&panel, out);
                page::focus("copy-next");
            }
            Ok(Made::Summary(text, picture)) => {
                html!(
                    out,
                    "<div class=\"code\" role=\"img\" aria-label=\"摘要二维码\" id=\"code-picture\" data-testid=\"summary-code\">"
                );
                out.raw(&picture);
                html!(
                    out,
                    "</div><p id=\"codes-about\">扫出来是这些文字：</p><p class=\"prewrap\" data-testid=\"summary-text\">",
                    text,
                    "</p>"
                );
                put(&said, Markup::default());
                put(&panel, out);
                page::focus("codes-about");
                page::scroll_to("code-picture");
            }
            Ok(Made::Series(pictures)) => {
                put_series(&mut out, pictures.len(), how);
                self.pictures.set_value(pictures);
                self.shown.set_value(0);
                put(&said, Markup::default());
                put(&panel, out);
                self.picture();
                page::focus("code-next");
                // Above the buttons: all of it must be in view for a camera.
                page::scroll_to("code-picture");
            }
            Err(why) => {
                html!(
                    out,
                    "<div class=\"notice notice-danger stack\" data-testid=\"not-exported\"><p>没有生成",
                    form.label(),
                    "：",
                    why,
                    "。</p><p><button type=\"button\" class=\"button\" data-do=\"",
                    form.code(),
                    "\">重试</button></p></div>"
                );
                put(&said, out);
            }
        }
    }

    /// Shows the next code, or the one before; somebody who turns by hand wants no show.
    fn turn(self, forward: bool) {
        self.stop();
        self.step(forward);
    }

    fn step(self, forward: bool) {
        let count = self.pictures.with_value(Vec::len);
        if count > 0 {
            let by = if forward { 1 } else { count - 1 };
            self.shown.update_value(|at| *at = (*at + by) % count);
            self.picture();
        }
    }

    fn picture(self) {
        let at = self.shown.get_value();
        let mut out = Markup::default();
        let count = self.pictures.with_value(|pictures| {
            if let Some(picture) = pictures.get(at) {
                out.raw(picture);
            }
            pictures.len()
        });
        put("code-picture", out);
        let place = format!("第 {} 个，共 {count} 个", at + 1);
        attribute("code-picture", "aria-label", Some(&format!("二维码{place}")));
        attribute("code-picture", "data-at", Some(&at.to_string()));
        say("code-place", &place);
    }

    /// Starts the slide show, or stops it.
    fn play(self) {
        if has("code-play", "data-on") {
            return self.stop();
        }
        let run = self.run.get_value() + 1;
        self.run.set_value(run);
        attribute("code-play", "data-on", Some(""));
        say("code-play", "暂停");
        spawn_local(async move {
            loop {
                sleep(TURN).await;
                // Stopped, begun anew, or the page has been left.
                if self.run.try_get_value() != Some(run) {
                    break;
                }
                self.step(true);
            }
        });
    }

    fn stop(self) {
        self.run.update_value(|run| *run += 1);
        attribute("code-play", "data-on", None);
        say("code-play", "自动播放");
    }
}

fn put_series(out: &mut Markup, count: usize, how: &str) {
    html!(
        out,
        "<p>整份记录（",
        how,
        "）共 ",
        count,
        " 个二维码。请把屏幕调亮，让对方的摄像头对准。</p><div class=\"code\" role=\"img\" id=\"code-picture\" data-testid=\"code-picture\"></div><p class=\"code-place\" id=\"code-place\" data-testid=\"code-place\"></p>"
    );
    if count > 1 {
        html!(
            out,
            "<div class=\"row code-row\"><button type=\"button\" class=\"button\" data-do=\"code-back\">上一个</button><button type=\"button\" class=\"button\" id=\"code-play\" data-do=\"code-play\" data-testid=\"code-play\">自动播放</button><button type=\"button\" class=\"button button-primary\" id=\"code-next\" data-do=\"code-next\" data-testid=\"code-next\">下一个</button></div>"
        );
    }
}
