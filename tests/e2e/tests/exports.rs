//! One record in every form in which it leaves, from a real browser: screen, JSON, `.docx`, `.xlsx`,
//! xAPI, paper, text code and QR codes, all read back and all equal.
//!
//! The browser holds the study of `tests/fixtures/record/full.json`: its course is served in place of
//! the real one, its events come by 恢复备份.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod steps;

#[path = "../../exports/agree.rs"]
mod agree;
#[path = "../../exports/reading.rs"]
mod reading;

use std::fs;
use std::path::{Path, PathBuf};

use agree::Read;
use serde_json::Value;
use steps::{Figures, expect_figures, figures, printed};
use xuedang::domain::record::TrainingRecord;
use xuedang::format::annex::{Annex, Proof};
use xuedang::format::code::Collector;
use xuedang::format::credential::check;
use xuedang::format::{code, qr, record, xapi};
use xuedang_e2e::{Browser, Session};

const NAME: &str = "周𠮷喆";

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fixtures/record")
        .join(name)
}

/// Has a browser know the fixture's course in place of the real one.
async fn serve_course(session: &Session) {
    let read = |name: &str| fs::read_to_string(fixture(name)).unwrap();
    let (course, refs) = (read("full-course.json"), read("full-refs.json"));
    session
        .serve_instead(&[("content/catalogue-", &course), ("content/refs.json", &refs)])
        .await;
}

/// A browser that holds the full study, on the record's page, with everything ticked.
async fn full_study() -> Session {
    let session = Session::open(Browser::Chromium).await;
    session.set_size(1280, 900).await;
    serve_course(&session).await;
    session.goto_hash("/settings").await;
    session.reload().await;
    session.wait("main h1").await;
    session
        .upload("[data-testid=restore-file]", &[&fixture("full-backup.json")])
        .await;
    session.click("[data-testid=begin-restore]").await;
    session.click("[data-testid=confirm-restore]").await;
    session.wait("[data-testid=restored]").await;
    session.goto_hash("/record").await;
    for box_of in ["practice-notes", "talk-notes", "report-texts"] {
        session.click(&format!("[data-testid=export-{box_of}]")).await;
    }
    session.wait_text("[data-testid=left-out]", "已全部导出").await;
    session
}

/// The sections of a record as the page shows them: name, facts, tables, paragraphs.
async fn shown(session: &Session, root: &str, title: &str) -> Vec<(String, Read)> {
    let script = format!(
        "const text = node => [...node.childNodes].map(child =>
             child.nodeName === 'P' ? '\\n' + child.textContent : child.textContent).join('');
         const within = (node, outer) => node.closest(outer) !== null;
         return [...document.querySelectorAll('{root} [data-section]')].map(section => {{
           const facts = [];
           for (const line of section.querySelectorAll('dl.facts > div, table.facts tr')) {{
             const cells = [...line.children].map(text);
             for (let at = 0; at < cells.length; at += 2) facts.push([cells[at], cells[at + 1]]);
           }}
           const tables = [...section.querySelectorAll('table:not(.facts, .boxes)')].map(table =>
             [...table.rows].map(row => [...row.cells].map(text)));
           const lines = [...section.querySelectorAll('p, {title}')]
             .filter(line => !within(line, 'table')).map(text);
           return [section.dataset.section, facts, tables, lines];
         }});"
    );
    let sections = session.eval(&script).await;
    let strings = |value: &Value| -> Vec<String> { serde_json::from_value(value.clone()).unwrap() };
    sections
        .as_array()
        .unwrap()
        .iter()
        .map(|section| {
            let read = Read {
                facts: serde_json::from_value(section[1].clone()).unwrap(),
                tables: serde_json::from_value(section[2].clone()).unwrap(),
                lines: strings(&section[3]),
            };
            (section[0].as_str().unwrap().to_owned(), read)
        })
        .collect()
}

/// Every field of the annex stands on the page, in its section and in its order, and nothing else.
async fn with_page(session: &Session, annex: &Annex, root: &str, title: &str) {
    let shown = shown(session, root, title).await;
    let mut sections = shown.iter();
    for (_, section) in agree::sections(annex) {
        let (name, read) = sections.next().unwrap();
        assert_eq!(name, section.name, "{root}");
        assert_eq!(*read, agree::wanted(section), "{name} in {root}");
    }
    let closing = session
        .eval(&format!(
            "return [...document.querySelectorAll('{root} [data-testid=closing] p')].map(line => line.textContent)"
        ))
        .await;
    assert_eq!(closing, serde_json::json!(annex.closing), "{root}");
}

/// A code as a camera sees it: the pixels of the page.
async fn scan(session: &Session, css: &str) -> String {
    let picture = session.wait(css).await.screenshot().await.unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(picture))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    let of_pixel = frame.line_size / frame.width as usize;
    let grey = |x: usize, y: usize| pixels[y * frame.line_size + x * of_pixel + 1];
    reading::scan_picture(frame.width as usize, frame.height as usize, grey)
}

/// Whether the worker's program has been asked for.
async fn has_worker(session: &Session) -> bool {
    let script = "return performance.getEntriesByType('resource').some(entry => /worker[^/]*\\.(js|wasm)/.test(entry.name))";
    session.eval(script).await == true
}

async fn download(session: &Session, testid: &str, suffix: &str) -> (String, Vec<u8>) {
    session.click(&format!("[data-testid={testid}]")).await;
    let path = session.wait_download(suffix).await;
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    assert!(name.contains(NAME), "{name}");
    // A browser numbers what it has saved before.
    let (before, _) = name.split_once(" (").unwrap_or((&name, ""));
    let before = before.trim_end_matches(suffix);
    session
        .wait_text("[data-testid=exported]", &format!("{before}{suffix}"))
        .await;
    (name, fs::read(path).unwrap())
}

#[tokio::test]
async fn one_record_says_the_same_everywhere() {
    let session = full_study().await;
    assert!(
        !has_worker(&session).await,
        "the worker is fetched before it is needed"
    );

    // The file: what the fixture says, but for the moment at which it was made.
    let (_, file) = download(&session, "export-record", ".json").await;
    let record = record::open(&file).unwrap();
    let full = record::open(&fs::read(fixture("full.json")).unwrap()).unwrap();
    let mut body = full.body.clone();
    body.made_at = record.body.made_at;
    assert_eq!(record.body, body);
    assert!(!has_worker(&session).await, "a plain file needs no worker");
    everywhere(&session, &record, &file, &[]).await;

    // The same, signed: the proof stands on screen, in the annex, in the workbook and on paper, and
    // what is sent is the signed file.
    session.click("[data-screen-only] a[href='#/record']").await;
    session.click("[data-testid=unsigned] a").await;
    session.click("[data-testid=make-key]").await;
    session.wait("[data-testid=key-code]").await;
    // On the same page, as by its links: what was ticked stays ticked.
    session.eval("location.hash = '#/record'").await;
    session.wait("[data-testid=sign-export]:checked").await;
    let (_, file) = download(&session, "export-record", ".json").await;
    let report = check::verify(&file).unwrap();
    assert!(report.holds, "{report:?}");
    assert_eq!(report.record, serde_json::to_value(&record).unwrap());
    let proofs = Proof::of(&report, &record);
    assert_eq!((proofs[0].name.as_str(), proofs[0].role.as_str()), (NAME, "本人"));
    everywhere(&session, &record, &file, &proofs).await;

    // Unticked, it is the plain record again.
    session.click("[data-screen-only] a[href='#/record']").await;
    session.click("[data-testid=sign-export]").await;
    with_page(&session, &Annex::of(&record, &[]), "[data-testid=record]", "h4").await;
    let (_, plain) = download(&session, "export-record", ".json").await;
    assert_eq!(record::open(&plain).as_ref(), Ok(&record));

    // With another key since, it is signed anew, by that one.
    session.click("[data-testid=sign-export]").await;
    session.eval("location.hash = '#/keys'").await;
    session.click("[data-testid=replace-key]").await;
    session.click("[data-testid=confirm-replace]").await;
    session.wait_text("main", "不再使用的钥匙").await;
    session.eval("location.hash = '#/record'").await;
    session.wait("[data-testid=sign-export]:checked").await;
    with_page(&session, &Annex::of(&record, &[]), "[data-testid=record]", "h4").await;
    let (_, file) = download(&session, "export-record", ".json").await;
    let again = check::verify(&file).unwrap();
    assert!(again.holds, "{again:?}");
    assert_eq!(again.record, report.record);
    assert_ne!(again.issuer, report.issuer);

    assert_eq!(session.console_errors().await, Vec::<String>::new());
    session.assert_same_origin().await;
}

/// Every form but the file says what the record says and carries that very file.
async fn everywhere(session: &Session, record: &TrainingRecord, file: &[u8], proofs: &[Proof]) {
    let annex = Annex::of(record, proofs);

    // The screen.
    with_page(session, &annex, "[data-testid=record]", "h4").await;
    let tiles = session
        .eval("return [...document.querySelectorAll('[data-testid=record] dl.figures > div')].map(tile => [tile.children[0].textContent, tile.children[1].textContent])")
        .await;
    let wanted = annex.figures();
    let wanted: Vec<_> = wanted
        .iter()
        .map(|figure| (&figure.label, figure.value.text()))
        .collect();
    assert_eq!(tiles, serde_json::json!(wanted));

    // The annex, the workbook, the statements.
    let (_, docx) = download(session, "export-docx", ".docx").await;
    agree::with_docx(&annex, &reading::blocks(&docx));
    assert!(has_worker(session).await);
    let (_, xlsx) = download(session, "export-xlsx", ".xlsx").await;
    agree::with_xlsx(&annex, &reading::sheets(&xlsx));
    session.click(".more-forms > summary").await;
    let (_, statements) = download(session, "export-xapi", ".json").await;
    assert_eq!(String::from_utf8(statements).unwrap(), xapi::write(record));

    // Messages: copied one after another, and what is copied is what is shown.
    session.click("[data-testid=make-code]").await;
    session.wait("[data-testid=copy-next]").await;
    let messages = session
        .eval("return [...document.querySelectorAll('[data-testid=message]')].map(area => area.value)")
        .await;
    let messages: Vec<String> = serde_json::from_value(messages).unwrap();
    assert!(messages.len() > 1, "{messages:?}");
    assert_eq!(code::read(&messages.join("\n")).as_deref(), Ok(file));
    for number in 1..=messages.len() {
        let count = messages.len();
        session
            .wait_text("[data-testid=copy-next]", &format!("第 {number}/{count} 条"))
            .await;
        session.click("[data-testid=copy-next]").await;
        session
            .wait_text("[data-testid=copied]", &format!("第 {number}/{count} 条已复制"))
            .await;
    }

    // The summary, as any camera reads it; and the series, by hand.
    session.click("[data-testid=make-summary]").await;
    session.wait("[data-testid=summary-code] svg").await;
    let summary = scan(session, "[data-testid=summary-code]").await;
    assert_eq!(qr::differences(&summary, record), Some(vec![]));
    assert!(summary.contains(NAME));
    assert_eq!(
        session.text("[data-testid=summary-text]").await.trim(),
        summary.trim()
    );
    session.click("[data-testid=make-codes]").await;
    session.wait("[data-testid=code-picture] svg").await;
    let mut collector = Collector::default();
    let count = qr::series(file).unwrap().len();
    assert!(count > 1);
    for number in 1..=count {
        session
            .wait_text(
                "[data-testid=code-place]",
                &format!("第 {number} 个，共 {count} 个"),
            )
            .await;
        collector
            .add(&scan(session, "[data-testid=code-picture]").await)
            .unwrap();
        session.click("[data-testid=code-next]").await;
    }
    assert_eq!(collector.finish().as_deref(), Ok(file));
    // By itself, until somebody stops it.
    session.wait_text("[data-testid=code-place]", "第 1 个").await;
    session.click("[data-testid=code-play]").await;
    session.wait_text("[data-testid=code-place]", "第 2 个").await;
    session.click("[data-testid=code-play]").await;
    session.wait_text("[data-testid=code-play]", "自动播放").await;

    paper(session, &annex, record).await;
}

/// The sheet on the page, and the PDF that it prints as.
async fn paper(session: &Session, annex: &Annex, record: &TrainingRecord) {
    session.click("[data-testid=print-record]").await;
    session.wait("[data-testid=sheet]").await;
    with_page(session, annex, "[data-testid=sheet]", "h3").await;
    expect_figures(
        "sheet",
        &figures(session, "total").await,
        &Figures::of_record(record),
    );
    let boxes = session.texts("[data-testid=sheet] .boxes th").await;
    assert_eq!(boxes, ["本人签字", "培养联系人意见", "党支部意见"]);
    let pdf = steps::scratch("exports").join("record.pdf");
    let text = printed(session, &pdf).await;
    expect_figures("PDF", &Figures::of_paper(&text), &Figures::of_record(record));
    for part in [NAME, "欧阳䶮", "5505 分钟", &record::short_digest(record)] {
        assert!(text.contains(part), "{part} on paper:\n{text}");
    }
}

/// Whatever is ticked or unticked afterwards takes away what was made before; and what cannot be had
/// is said, with a way to try again.
#[tokio::test]
async fn what_is_shown_is_what_leaves() {
    let session = full_study().await;
    session.set_size(390, 844).await;
    // The worker's program is not to be had, once.
    session
        .eval("window.whole = Worker; window.Worker = class { constructor() { throw new Error('offline') } }; return true")
        .await;
    session.click("[data-testid=export-docx]").await;
    session
        .wait_text("[data-testid=not-exported]", "没有加载出来")
        .await;
    session.eval("window.Worker = window.whole; return true").await;
    session.click("[data-testid=not-exported] button").await;
    let docx = fs::read(session.wait_download(".docx").await).unwrap();
    session.wait_gone("[data-testid=not-exported]").await;
    assert!(format!("{:?}", reading::blocks(&docx)).contains("只给自己看"));

    session.click("[data-testid=make-codes]").await;
    session.wait("[data-testid=code-picture] svg").await;
    // The whole code fits the phone.
    let fits = "const box = document.querySelector('[data-testid=code-picture]').getBoundingClientRect();
        return box.width >= 300 && box.left >= 0 && box.right <= innerWidth && document.documentElement.scrollWidth <= innerWidth";
    session.wait_eval(fits).await;
    session.click("[data-testid=export-practice-notes]").await;
    session.wait_gone("[data-testid=code-picture]").await;
    session.wait_text("[data-testid=left-out]", "实践备注").await;
    session.click("[data-testid=export-docx]").await;
    let docx = fs::read(session.wait_download(".docx").await).unwrap();
    assert!(!format!("{:?}", reading::blocks(&docx)).contains("只给自己看"));
    assert_eq!(session.console_errors().await, Vec::<String>::new());
}

/// A small backup goes as text from one device to another; what it would bring is shown first, and a
/// part that is missing is named.
#[tokio::test]
async fn a_backup_travels_as_text() {
    let here = full_study().await;
    here.goto_hash("/settings").await;
    here.click_text("summary", "不能下载时，改用文字码").await;
    here.click("[data-testid=backup-code]").await;
    here.wait("[data-testid=copy-next]").await;
    here.click_text("summary", "逐条查看").await;
    let messages = here
        .eval("return [...document.querySelectorAll('[data-testid=message]')].map(area => area.value)")
        .await;
    let mut messages: Vec<String> = serde_json::from_value(messages).unwrap();
    assert!(messages.len() > 1);
    assert_eq!(here.console_errors().await, Vec::<String>::new());
    drop(here);

    let there = Session::open(Browser::Chromium).await;
    serve_course(&there).await;
    there.goto_hash("/settings").await;
    there.reload().await;
    there.click("[data-testid=restore-paste] > summary").await;
    let paste = async |text: &str| {
        let set = format!(
            "document.querySelector('[data-testid=restore-text]').value = {}; return true",
            Value::from(text)
        );
        there.eval(&set).await;
        there.click("[data-testid=read-text]").await;
    };
    paste(&messages[1..].join("\n")).await;
    there.wait_text("[data-testid=refused]", "还缺第 1 段").await;
    // In another order, and among chatter.
    messages.reverse();
    paste(&format!("王：收到吗？\n{}\n收到", messages.join("\n下一条\n"))).await;
    there
        .wait_text("[data-testid=restore-preview] [data-book=study]", "0")
        .await;
    there.click("[data-testid=begin-restore]").await;
    there.click("[data-testid=confirm-restore]").await;
    there.wait("[data-testid=restored]").await;
    there.goto_hash("/record").await;
    there
        .wait_text("[data-testid=record] [data-figure=answered]", "3")
        .await;
    there.wait_text("[data-testid=record]", NAME).await;
    assert_eq!(there.console_errors().await, Vec::<String>::new());
    there.assert_same_origin().await;
}
