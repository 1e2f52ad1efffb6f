//! A unit's own questions: template, dry run, import, practice, taking it back, and export.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod steps;

use std::fs;
use std::path::Path;
use steps::{answer, scratch};
use xuedang::domain::course::QuestionBank;
use xuedang::domain::course::own::{DryRun, OwnBank, PackEvent};
use xuedang::domain::study::EventId;
use xuedang::domain::time::Moment;
use xuedang::format::gift;
use xuedang::format::{bank_markdown, bank_sheet, xlsx};
use xuedang_e2e::{Browser, Session};

/// The template, filled in: three good rows, one without an answer, one nearly the same as another,
/// one that begins a formula.
fn filled(template: &[u8]) -> Vec<u8> {
    let head = &xlsx::read(template).unwrap()[0].rows[0].cells;
    let mut sheets = bank_sheet::template();
    let columns: Vec<&str> = sheets[0]
        .columns
        .iter()
        .map(|column| column.heading.as_str())
        .collect();
    assert_eq!(
        *head, columns,
        "the downloaded template has the columns that are read"
    );
    let rows: [&[&str]; 6] = [
        &[
            "单选",
            "本支部的党员大会由谁召集？",
            "支部委员会",
            "任何党员",
            "",
            "",
            "",
            "",
            "Ａ",
            "由支部委员会召集。",
            "支部工作制度",
        ],
        &[
            "判断",
            "本支部每月第一个星期五过组织生活。",
            "",
            "",
            "",
            "",
            "",
            "",
            "√",
        ],
        &["多选", "没有写答案的题", "甲", "乙", "丙"],
        &[
            "填空",
            "积极分子每__向支部汇报一次思想。",
            "",
            "",
            "",
            "",
            "",
            "",
            "季度|三个月",
        ],
        &[
            "单选",
            "本支部的党员大会是由谁召集？",
            "支部委员会",
            "任何党员",
            "",
            "",
            "",
            "",
            "A",
        ],
        &["单选", "=1+1 等于几？", "二", "三", "", "", "", "", "A"],
    ];
    sheets[0].rows = rows
        .iter()
        .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
        .collect();
    xlsx::write(&sheets).unwrap()
}

/// The bank as it must have been taken in under that id.
fn taken_in(file: &[u8], id: &str) -> QuestionBank {
    let run = DryRun::of(bank_sheet::read(&xlsx::read(file).unwrap()));
    let ulid = EventId(id.trim_start_matches("own-").to_owned());
    let PackEvent::PackAdded {
        id,
        name,
        file,
        questions,
    } = run.accept(&ulid, "支部题库", "支部.xlsx").unwrap()
    else {
        panic!("not added");
    };
    let bank = OwnBank {
        id,
        name,
        file,
        added: Moment { ms: 0, tz: 480 },
        questions,
    };
    bank.into_bank()
}

async fn import(session: &Session, path: &Path) {
    session.upload("[data-testid=import-bank]", &[path]).await;
    session.wait("#trial-heading").await;
    session.fill("[data-testid=bank-name]", "支部题库").await;
    session.click("[data-testid=confirm-bank]").await;
    session.wait_text("[data-testid=imported]", "已导入 4 题").await;
}

async fn own_banks(browser: Browser) {
    let folder = scratch(&format!("banks-{browser:?}"));
    let session = Session::open(browser).await;
    session.set_size(390, 844).await;
    session.goto_hash("/banks").await;
    session.wait("[data-testid=download-template]").await;
    let workers = "return performance.getEntriesByType('resource').filter(entry => /worker-/.test(entry.name)).length === 0";
    session.wait_eval(workers).await;

    // Nobody has needed the spreadsheets' program so far; the template needs it.
    session.click("[data-testid=download-template]").await;
    let template = fs::read(session.wait_download("学档题库模板.xlsx").await).unwrap();
    let file = filled(&template);
    let path = folder.join("支部.xlsx");
    fs::write(&path, &file).unwrap();

    // The dry run names row, field and reason, and nothing is there yet.
    session.upload("[data-testid=import-bank]", &[&path]).await;
    session
        .wait_text("tr[data-verdict=refused][data-row='4']", "答案")
        .await;
    session
        .wait_text("tr[data-verdict=doubtful][data-row='6']", "第 2 行")
        .await;
    for (verdict, count) in [("new", "4"), ("doubtful", "1"), ("refused", "1")] {
        session
            .wait_text(&format!("[data-count={verdict}] strong"), count)
            .await;
    }
    assert_eq!(session.texts("[data-own]").await, Vec::<String>::new());
    session.click("[data-testid=drop-bank]").await;
    session.wait_gone("#trial-heading").await;

    // Taken in and taken back.
    import(&session, &path).await;
    session.wait("[data-own]").await;
    session.click("[data-testid=undo-bank]").await;
    session.wait_gone("[data-own]").await;
    session.reload().await;
    session.wait("[data-testid=download-template]").await;
    assert_eq!(session.texts("[data-own]").await, Vec::<String>::new());

    // Taken in for good, and practised.
    import(&session, &path).await;
    let id = session
        .eval("return document.querySelector('[data-own]').dataset.own")
        .await;
    let id = id.as_str().unwrap().to_owned();
    session.click("[data-testid=practise-bank]").await;
    session.wait_text("h1", "支部题库").await;
    let bank = taken_in(&file, &id);
    for number in 0..4 {
        answer(&session, &bank, number > 0).await;
        session.wait_text("[data-testid=result]", "本单位").await;
        session.click("[data-testid=next-question]").await;
    }
    session.wait_text("[data-testid=summary-right]", "3").await;
    session.wait_text(".saving", "已保存").await;

    // It counts in no figure of the course.
    session.goto_hash("/").await;
    session.reload().await;
    session.wait("[data-scope=total]").await;
    let answered = session
        .eval("return [...document.querySelectorAll('[data-scope=total] [data-figure=answered]')].every(figure => figure.textContent === '0')")
        .await;
    assert_eq!(answered, true);

    // Out again, as GIFT, and removed.
    session.goto_hash(&format!("/practice/own/{id}")).await;
    session.wait("[data-question]").await;
    session.goto_hash("/banks").await;
    session.click("[data-own] [data-do=gift]").await;
    let text = fs::read_to_string(session.wait_download(".gift.txt").await).unwrap();
    let read = gift::foreign(&gift::read(&text));
    assert_eq!((read.drafts.len(), read.refused.len()), (4, 0), "{text}");
    session.click("[data-own] [data-do=remove]").await;
    session.click("[data-testid=confirm-remove-bank]").await;
    session.wait_gone("[data-own]").await;
    session.goto_hash(&format!("/practice/own/{id}")).await;
    session.wait_text("main", "没有这个题库").await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
    session.assert_same_origin().await;
}

#[tokio::test]
async fn own_banks_in_chromium() {
    own_banks(Browser::Chromium).await;
}

#[tokio::test]
async fn own_banks_in_firefox() {
    own_banks(Browser::Firefox).await;
}

/// A module of the course as GIFT and as a sheet; files that are no bank; GIFT and AIKEN.
#[tokio::test]
async fn exports_and_other_formats() {
    let folder = scratch("banks-formats");
    let session = Session::open(Browser::Chromium).await;
    session.goto_hash("/banks").await;
    session.choose("[data-testid=export-module]", "dangzhang").await;
    session.click("[data-testid=export-gift]").await;
    let text = fs::read_to_string(session.wait_download(".gift.txt").await).unwrap();
    let read = gift::foreign(&gift::read(&text));
    assert!(
        read.drafts.len() > 40 && read.refused.is_empty(),
        "{}",
        read.drafts.len()
    );
    session.click("[data-testid=export-xlsx]").await;
    let bytes = fs::read(session.wait_download(".xlsx").await).unwrap();
    let sheet = bank_sheet::read(&xlsx::read(&bytes).unwrap());
    assert!(sheet.drafts.len() >= read.drafts.len() && sheet.refused.is_empty());

    let file = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let bad = [
        (file("old.xls", b"\xd0\xcf\x11\xe0rest"), "旧版 .xls"),
        (file("cut.xlsx", &bytes[..bytes.len() / 2]), "损坏"),
        (file("gbk.txt", b"\xb5\xb3\xd5\xc2 {T}"), "UTF-8"),
        (file("paper.pdf", b"%PDF-1.7"), "PDF"),
        (file("notes.txt", "今天学习了党章".as_bytes()), "没有题"),
        (file("empty.txt", b""), "空"),
    ];
    for (path, why) in &bad {
        session.upload("[data-testid=import-bank]", &[path]).await;
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        session.wait_text("[data-testid=refused]", &name).await;
        session.wait_text("[data-testid=refused]", why).await;
    }
    let aiken = file(
        "aiken.txt",
        "党支部多久换届一次？\nA. 三年\nB. 十年\nANSWER: A\n".as_bytes(),
    );
    session.upload("[data-testid=import-bank]", &[&aiken]).await;
    session.wait("tr[data-verdict=new][data-row='1']").await;
    let gift = file("gift.txt", "题一 {T}\n\n题二 {#3:1}\n".as_bytes());
    session.upload("[data-testid=import-bank]", &[&gift]).await;
    session
        .wait_text("tr[data-verdict=refused][data-row='3']", "误差")
        .await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
}

/// Markdown: the sample is what it says, a file's faults have line and field, and it can be undone.
#[tokio::test]
async fn markdown() {
    let folder = scratch("banks-markdown");
    let session = Session::open(Browser::Chromium).await;
    session.goto_hash("/banks").await;
    session.click("[data-testid=download-sample]").await;
    let sample = session.wait_download("学档题库样例.md").await;
    assert_eq!(fs::read_to_string(&sample).unwrap(), bank_markdown::SAMPLE);
    session.upload("[data-testid=import-bank]", &[&sample]).await;
    session.wait_text("[data-count=new] strong", "8").await;
    session.click("[data-testid=drop-bank]").await;
    session.wait_gone("#trial-heading").await;

    // Known as Markdown by what is in it.
    let path = folder.join("题.txt");
    let text = "# 第三支部题库\n\n## 判断题\n\n### 每月过一次<b>组织</b>生活。\n答案：对\n\n### 也许是判断题\n\n答案：也许\n";
    fs::write(&path, text).unwrap();
    session.upload("[data-testid=import-bank]", &[&path]).await;
    session
        .wait_text("tr[data-verdict=refused][data-row='10']", "答案")
        .await;
    session
        .wait_text("tr[data-verdict=new][data-row='5']", "<b>组织</b>")
        .await;
    let name = session
        .eval("return document.getElementById('bank-name').value")
        .await;
    assert_eq!(name, "第三支部题库");
    assert_eq!(session.texts("[data-own]").await, Vec::<String>::new());
    session.click("[data-testid=confirm-bank]").await;
    session.wait_text("[data-testid=imported]", "已导入 1 题").await;
    session.wait_text("[data-own] h3", "第三支部题库").await;
    session.click("[data-testid=undo-bank]").await;
    session.wait_gone("[data-own]").await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
}
