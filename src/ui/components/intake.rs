//! Taking in what somebody has sent, however it comes: files, pasted text, pictures of QR codes, the
//! camera. And opening it as a record, signed or not.
//!
//! What is pasted or scanned is told by its first signs: a file's own text, the name of a key, a
//! record's summary, or parts of a series (`format/code.rs`), which are gathered until all are there.

use super::field::{fill, value};
use super::file_picker::FilePicker;
use super::shown::{alert, still};
use crate::domain::record::TrainingRecord;
use crate::format::code::{Collector, Seen};
use crate::format::credential::report::Report;
pub(in crate::ui) use crate::format::delivery::{Kind, kind_of};
use crate::format::{qr, record};
use crate::platform::camera::Camera;
use crate::platform::picture::{Grey, Picture};
use crate::platform::{Listener, clock, files, page};
use crate::ui::markup::{Markup, html};
use crate::ui::office::{Office, read, use_office};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

/// Largest picture file: 25 MiB, a photograph of any phone.
const MAX_PICTURE: u64 = 25 << 20;
/// The longer side at which a picture is looked through, one after the other until something is
/// found: a screenshot, a photograph, a sheet with small codes.
const LONGEST: [u32; 3] = [1_400, 2_600, 800];
/// The longer side of what the camera sees.
const LONGEST_LIVE: u32 = 1_280;
/// Between two looks through the camera, in milliseconds.
const PAUSE: u32 = 120;

/// Something that somebody has sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ui) struct Incoming {
    /// The file's name, or how it came.
    pub(in crate::ui) name: String,
    /// What is in it, or why it could not be read.
    pub(in crate::ui) bytes: Result<Vec<u8>, String>,
}

/// A record that was opened.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ui) struct Opened {
    /// The record. Its parts agree with its digests and with each other.
    pub(in crate::ui) record: TrainingRecord,
    /// Its signatures, when it came with some.
    pub(in crate::ui) signed: Option<Signed>,
}

/// What a signed record came as.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ui) struct Signed {
    /// The text, as it came: what is countersigned.
    pub(in crate::ui) text: String,
    /// What checking it found. It need not hold: whoever shows the record says so loudly.
    pub(in crate::ui) report: Report,
}

/// Opens a record that somebody sent, signed or not. A record that does not hold against its own
/// digests is refused and the part named; one whose signatures fail is opened with its report.
///
/// # Errors
/// What the person reads, behind the name.
pub(in crate::ui) async fn opened(office: Office, incoming: &Incoming) -> Result<Opened, String> {
    let bytes = incoming.bytes.as_ref().map_err(Clone::clone)?;
    let sound = |bytes: &[u8]| record::open(bytes).map_err(|error| error.to_string());
    let kind = kind_of(bytes);
    if let Some(other) = kind.refusal() {
        return Err(other.into());
    }
    if kind == Kind::Record {
        return Ok(Opened {
            record: sound(bytes)?,
            signed: None,
        });
    }
    let report = office.verify(bytes).await?;
    let inner = serde_json::to_vec(&report.record).map_err(|error| error.to_string())?;
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    Ok(Opened {
        record: sound(&inner)?,
        signed: Some(Signed {
            text: text.trim_start_matches('\u{feff}').to_owned(),
            report,
        }),
    })
}

/// Takes in what somebody has sent: files (several, pictures of codes among them), pasted text, the
/// camera.
#[component]
pub(in crate::ui) fn Intake(
    /// What the button for files says.
    label: &'static str,
    /// The file input's element id and its name for tests; the other parts are `<testid>-text`,
    /// `<testid>-paste`, `<testid>-camera`, `<testid>-said`.
    testid: &'static str,
    /// Whether it must not be used now.
    #[prop(into, default = Signal::stored(false))]
    busy: Signal<bool>,
    /// Takes what came; never called with nothing.
    #[prop(into)]
    taken: Callback<Vec<Incoming>>,
) -> impl IntoView {
    let tray = Tray {
        office: use_office(),
        testid,
        taken,
        series: StoredValue::new(Collector::default()),
        said: RwSignal::new(String::new()),
        reading: RwSignal::new(false),
        turn: StoredValue::new(0),
        camera: StoredValue::new_local(None),
    };
    // Out of sight, out of the camera's.
    let hidden: StoredValue<Option<Listener>, LocalStorage> = StoredValue::new_local(None);
    hidden.set_value(page::on_visibility(move |visible| {
        if !visible {
            tray.stop("");
        }
    }));
    let chosen = move |files: Vec<File>| spawn_local(tray.take_files(files));
    let click = move |event: MouseEvent| {
        match page::data_of(&event, "data-intake").as_deref() {
            Some("paste") if !busy.get_untracked() => spawn_local(tray.take_pasted()),
            Some("clear") => tray.clear(),
            Some("camera") => spawn_local(tray.look()),
            Some("stop") => tray.stop("摄像头已关闭。"),
            // Folded away, nobody would see that it is still on.
            Some("fold") => tray.stop(""),
            _ => {}
        };
    };
    let closed = Signal::derive(move || busy.get() || tray.reading.get());
    view! {
        <div class="stack intake" id=format!("{testid}-intake") on:click=click>
            <FilePicker label testid chosen busy=closed/>
            {still(other_ways(testid))}
            <div role="status" data-testid=format!("{testid}-said") inner_html=move || tray.said.get()></div>
        </div>
    }
}

/// Pasting and scanning.
fn other_ways(testid: &str) -> Markup {
    let mut out = Markup::default();
    html!(
        out,
        "<details class=\"way\"><summary data-testid=\"",
        testid,
        "-paste-open\">粘贴文字</summary><div class=\"stack\"><div class=\"field\"><label for=\"",
        testid,
        "-text\">聊天里收到的文字码，或者文件里的全部文字</label><p class=\"hint\" id=\"",
        testid,
        "-text-hint\">文字码有好几段时，可以一起粘贴，也可以分几次，先后不限。</p><textarea rows=\"5\" id=\"",
        testid,
        "-text\" data-testid=\"",
        testid
    );
    html!(
        out,
        "-text\" aria-describedby=\"",
        testid,
        "-text-hint\" spellcheck=\"false\" autocomplete=\"off\"></textarea></div><div class=\"row\"><button type=\"button\" class=\"button\" data-intake=\"paste\" data-testid=\"",
        testid,
        "-paste\">打开粘贴的文字</button><button type=\"button\" class=\"button button-plain\" data-intake=\"clear\" data-testid=\"",
        testid,
        "-clear\">清空重来</button></div></div></details>"
    );
    html!(
        out,
        "<details class=\"way\"><summary data-intake=\"fold\" data-testid=\"",
        testid,
        "-camera-open\">扫二维码</summary><div class=\"stack\"><p class=\"hint\">把对方屏幕上或纸上的二维码放到画面中间。没有摄像头，也可以拍照或截图，用上面的按钮选择图片。</p><div class=\"row\"><button type=\"button\" class=\"button\" data-intake=\"camera\" data-testid=\"",
        testid,
        "-camera\">打开摄像头</button><button type=\"button\" class=\"button button-plain\" data-intake=\"stop\" id=\"",
        testid,
        "-stop\" data-testid=\"",
        testid,
        "-stop\" hidden>关闭摄像头</button></div><video class=\"viewfinder\" id=\"",
        testid,
        "-video\" aria-label=\"摄像头的画面\" muted playsinline hidden></video></div></details>"
    );
    out
}

/// What came of a text.
enum Told {
    /// A whole thing.
    Whole(Incoming),
    /// Part of a series: what to say.
    Part(String),
    /// Nothing of ours: why.
    Nothing(String),
}

/// An [`Intake`] at work.
#[derive(Clone, Copy)]
struct Tray {
    office: Office,
    testid: &'static str,
    taken: Callback<Vec<Incoming>>,
    /// The parts of a series that have come.
    series: StoredValue<Collector>,
    /// Markup of how far it is.
    said: RwSignal<String>,
    reading: RwSignal<bool>,
    /// Which turning on of the camera this is, so that an earlier one ends.
    turn: StoredValue<u32>,
    camera: StoredValue<Option<Camera>, LocalStorage>,
}

impl Tray {
    fn say(self, text: &str) {
        let mut out = Markup::default();
        if !text.is_empty() {
            html!(out, "<p class=\"notice\">", text, "</p>");
        }
        self.said.try_set(out.done());
    }

    fn warn(self, text: &str) {
        self.said.try_set(alert(text));
    }

    fn hand_over(self, all: Vec<Incoming>) {
        if !all.is_empty() {
            self.taken.try_run(all);
        }
    }

    fn clear(self) {
        self.series.set_value(Collector::default());
        fill(&format!("{}-text", self.testid), "");
        self.say("已清空，可以重新粘贴或扫描。");
    }

    async fn take_files(self, files: Vec<File>) {
        self.reading.try_set(true);
        let (all, count) = (files.len(), files.len() > 1);
        let mut whole = Vec::new();
        let mut last = String::new();
        for (at, file) in files.into_iter().enumerate() {
            if count {
                self.say(&format!("正在读取 {}/{all}……", at + 1));
            }
            match self.take_file(&file).await {
                Told::Whole(incoming) => whole.push(incoming),
                Told::Part(text) => last = text,
                Told::Nothing(why) => whole.push(Incoming {
                    name: file.name(),
                    bytes: Err(why),
                }),
            }
        }
        self.say(&last);
        self.reading.try_set(false);
        self.hand_over(whole);
    }

    async fn take_file(self, file: &File) -> Told {
        let mime = file.type_();
        let is_picture = mime.starts_with("image/");
        if !is_picture && file.size() as u64 > record::MAX_BYTES {
            let error = record::RecordError::TooLarge(file.size() as u64);
            return Told::Nothing(error.to_string());
        }
        let bytes = match files::read(file, MAX_PICTURE).await {
            Ok(bytes) => bytes,
            Err(error) => return Told::Nothing(error.to_string()),
        };
        if is_picture {
            return self.take_picture(&file.name(), &bytes, &mime).await;
        }
        // A chat that was saved as a file.
        let is_json = bytes.trim_ascii_start().starts_with(b"{");
        match std::str::from_utf8(&bytes) {
            Ok(text) if !is_json && text.contains("XD1-") => self.take_text(text, &file.name()).await,
            _ => Told::Whole(Incoming {
                name: file.name(),
                bytes: Ok(bytes),
            }),
        }
    }

    async fn take_picture(self, name: &str, bytes: &[u8], mime: &str) -> Told {
        let picture = match Picture::open(bytes, mime).await {
            Ok(picture) => picture,
            Err(why) => {
                return Told::Nothing(format!(
                    "图片打不开（{why}）；请换成 PNG 或 JPEG 格式，或者重新截图"
                ));
            }
        };
        let mut looked = 0;
        for longest in LONGEST {
            let longest = longest.min(picture.longest());
            if longest == looked {
                continue;
            }
            looked = longest;
            let found = match picture.grey(longest) {
                Ok(grey) => self.read_codes(&grey).await,
                Err(why) => Err(format!("图片读不出来（{why}）")),
            };
            match found {
                Ok(texts) if !texts.is_empty() => return self.take_texts(&texts, name).await,
                Ok(_) => {}
                Err(why) => return Told::Nothing(why),
            }
        }
        Told::Nothing("图片里没有找到能读的二维码；请拍得近一些、正一些，不要反光".into())
    }

    async fn read_codes(self, grey: &Grey) -> Result<Vec<String>, String> {
        let sides = format!("[{},{}]", grey.width, grey.height);
        let asked = self.office.worker();
        let answer = asked.ask("read-qr", &sides, Some(&grey.values)).await;
        read(&answer.map_err(|error| error.to_string())?.0)
    }

    /// The texts of the codes in one picture; the first whole thing counts.
    async fn take_texts(self, texts: &[String], name: &str) -> Told {
        let mut told = Told::Nothing("二维码里没有学档的内容".into());
        for text in texts {
            match self.take_text(text, name).await {
                Told::Whole(incoming) => return Told::Whole(incoming),
                Told::Part(text) => told = Told::Part(text),
                Told::Nothing(why) => {
                    if matches!(told, Told::Nothing(_)) {
                        told = Told::Nothing(why);
                    }
                }
            }
        }
        told
    }

    async fn take_text(self, text: &str, name: &str) -> Told {
        let plain = text.trim_start_matches('\u{feff}').trim();
        let is_plain = plain.starts_with('{') || plain.starts_with("did:key:") || qr::is_summary(plain);
        if is_plain {
            return Told::Whole(Incoming {
                name: name.to_owned(),
                bytes: Ok(plain.as_bytes().to_vec()),
            });
        }
        let added = self.series.try_update_value(|series| {
            let seen = series.add(plain);
            seen.map(|seen| (gathered(series, &seen), series.whole()))
        });
        let (said, whole) = match added {
            Some(Ok(added)) => added,
            Some(Err(error)) => return Told::Nothing(error.to_string()),
            None => return Told::Nothing("页面已经离开".into()),
        };
        let Some(whole) = whole else {
            return Told::Part(said);
        };
        self.series.try_set_value(Collector::default());
        let answer = self.office.worker().ask("read-code", &whole, None).await;
        match answer {
            Ok((_, bytes)) => Told::Whole(Incoming {
                name: name.to_owned(),
                bytes: Ok(bytes),
            }),
            Err(error) => Told::Nothing(error.to_string()),
        }
    }

    async fn take_pasted(self) {
        let field = format!("{}-text", self.testid);
        let text = value(&field);
        if text.trim().is_empty() {
            self.warn("还没有粘贴文字。");
            page::focus(&field);
            return;
        }
        self.reading.try_set(true);
        match self.take_text(&text, "粘贴的文字").await {
            Told::Whole(incoming) => {
                fill(&field, "");
                self.say("");
                self.hand_over(vec![incoming]);
            }
            Told::Part(said) => {
                fill(&field, "");
                self.say(&said);
                page::focus(&field);
            }
            Told::Nothing(why) => self.warn(&format!("{why}。")),
        }
        self.reading.try_set(false);
    }

    /// Looks through the camera until a whole thing has come or it is turned off.
    async fn look(self) {
        let turn = self.turn.try_update_value(|turn| {
            *turn += 1;
            *turn
        });
        // One that is on already lets go of the picture first.
        self.camera.try_update_value(Option::take);
        self.say("正在打开摄像头；浏览器询问时，请选择“允许”。");
        self.show_camera(true);
        let opened = Camera::open(&format!("{}-video", self.testid)).await;
        // Turned off, or on again, or gone while the browser was asking: then it goes at once.
        if turn.is_none() || self.turn.try_get_value() != turn {
            return;
        }
        match opened {
            Ok(camera) => {
                self.camera.try_set_value(Some(camera));
            }
            Err(error) => {
                self.show_camera(false);
                self.warn(&format!(
                    "{error}。也可以拍照或截图，用上面的按钮选择图片，或者请对方改发文件、文字码。"
                ));
                return;
            }
        }
        self.say("摄像头已打开，请对准二维码。");
        page::focus(&format!("{}-stop", self.testid));
        let mut before = Vec::new();
        while self.turn.try_get_value() == turn {
            let seen = self
                .camera
                .try_with_value(|camera| {
                    let camera = camera.as_ref()?;
                    Some((camera.is_on(), camera.grey(LONGEST_LIVE)))
                })
                .flatten();
            match seen {
                None => return,
                Some((false, _)) => return self.stop("摄像头停止了，可以再打开一次。"),
                Some((true, Some(grey))) => match self.read_codes(&grey).await {
                    Ok(texts) if texts.is_empty() || texts == before => {}
                    Ok(texts) => {
                        let told = self.take_texts(&texts, "扫描的二维码").await;
                        before = texts;
                        match told {
                            Told::Whole(incoming) => {
                                self.stop("");
                                return self.hand_over(vec![incoming]);
                            }
                            Told::Part(said) => self.say(&said),
                            Told::Nothing(why) => self.warn(&format!("{why}。")),
                        }
                    }
                    Err(why) => {
                        self.stop("");
                        return self.warn(&format!("{why}。"));
                    }
                },
                Some((true, None)) => {}
            }
            clock::sleep(PAUSE).await;
        }
    }

    /// Turns the camera off. Does nothing when it is.
    fn stop(self, said: &str) {
        if self.turn.try_update_value(|turn| *turn += 1).is_none() {
            return;
        }
        let was_on = self.camera.try_update_value(Option::take).flatten().is_some();
        self.show_camera(false);
        if was_on || !said.is_empty() {
            self.say(said);
        }
    }

    fn show_camera(self, on: bool) {
        use super::field::attribute;
        let hidden = |hidden: bool| hidden.then_some("");
        attribute(&format!("{}-video", self.testid), "hidden", hidden(!on));
        attribute(&format!("{}-stop", self.testid), "hidden", hidden(!on));
    }
}

/// How far a series is.
fn gathered(series: &Collector, seen: &[Seen]) -> String {
    let mut said = String::new();
    let missing = series.missing();
    let count = series.count();
    let list = |numbers: &[u16]| {
        let numbers: Vec<String> = numbers.iter().map(u16::to_string).collect();
        numbers.join("、")
    };
    if count > 0 {
        let have = usize::from(count) - missing.len();
        said = format!("已收到 {have}/{count} 段");
        if !missing.is_empty() {
            said += &format!("，还缺第 {} 段", list(&missing));
        }
        said.push('。');
    }
    let mut broken: Vec<u16> = seen
        .iter()
        .filter_map(|seen| match seen {
            Seen::Broken(number) => *number,
            _ => None,
        })
        .collect();
    broken.sort_unstable();
    broken.dedup();
    if !broken.is_empty() {
        said += &format!(
            "第 {} 段在传送中被截断或改动，没有收下，请对方重新发送这一段。",
            list(&broken)
        );
    } else if seen.iter().any(|seen| matches!(seen, Seen::Broken(_))) {
        said += "有一段在传送中被截断或改动，没有收下，请对方重新发送。";
    }
    if seen.iter().any(|seen| matches!(seen, Seen::Other(_))) {
        said += "里面还有另一份记录的文字码，没有收下：请先收齐这一份，或者按“清空重来”。";
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_is_told_by_what_it_says() {
        for (text, kind) in [
            (r#"{"format":"xuedang-record","version":2}"#, Kind::Record),
            ("\u{feff}{\"format\":\"xuedang-key-change\"}", Kind::KeyChange),
            (r#"{"format":"xuedang-key"}"#, Kind::KeyBackup),
            (r#"{"format":"xuedang-backup","entries":[]}"#, Kind::Backup),
            (r#"{"@context":[],"proof":[]}"#, Kind::Signed),
            (r#"{"credentialSubject":{}}"#, Kind::Signed),
            (r#"{"@context":[],"format":"xuedang-record"}"#, Kind::Record),
            ("did:key:z6Mk", Kind::Key),
            ("学档培养记录摘要\n姓名：王喆", Kind::Summary),
            ("{", Kind::Record),
            ("", Kind::Record),
            ("[1]", Kind::Record),
        ] {
            assert_eq!(kind_of(text.as_bytes()), kind, "{text}");
        }
        assert_eq!(kind_of(b"\xff\xfe"), Kind::Record);
    }
}
