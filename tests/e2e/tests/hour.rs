//! The hour of a branch's secretary: a roster from last year, forty records out of a chat folder, and
//! the report that is due on Friday. In Chromium and in Firefox.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod steps;

use calamine::{Reader, Xlsx};
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use steps::{full_record, key, scratch};
use xuedang::domain::branch::{Field, Lot};
use xuedang::domain::json::value_of;
use xuedang::domain::study::EventId;
use xuedang::domain::time::Env;
use xuedang::format::credential::issue;
use xuedang::format::record::{seal, write};
use xuedang::format::roster::{Layout, Options, lot, read};
use xuedang_e2e::{Browser, Session};

const FIXTURE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../fixtures/roster/roster-2026-06.xls"
);

/// The people of the roster, as it is read without a browser.
fn roster(bytes: &[u8]) -> Lot {
    let book = read(bytes).unwrap();
    let sheets: Vec<Layout> = book
        .tables
        .iter()
        .map(|table| Layout::find(table, &|_| None).unwrap())
        .collect();
    let sheets: Vec<_> = book.tables.iter().zip(&sheets).collect();
    lot(&sheets, &Options::default(), &mut |_| true).unwrap().lot
}

/// Forty files: of thirty-eight people of the roster a record each, every other one signed; one that
/// somebody has changed, and a note that is no record.
fn forty(folder: &Path, people: &Lot) -> Vec<PathBuf> {
    let base = full_record();
    let record = |at: usize| {
        let mut body = base.body.clone();
        body.holder = EventId(format!("01K{at:023}"));
        body.person.name = Some(people.shown(at, Field::Name));
        body.person.branch = Some(people.shown(at, Field::Branch));
        body.person.number = Some(people.shown(at, Field::Number));
        seal(body)
    };
    let signed = |at: usize| {
        let record = record(at);
        let env = Env {
            now: record.body.made_at,
            chance: at as u128,
        };
        issue::write(&issue::sign(&value_of(&record), &key(at as u8 + 1), &env).unwrap())
    };
    let mut files: Vec<(String, Vec<u8>)> = (0..38)
        .map(|at| {
            let name = format!("培养记录-{at:02}(1).json");
            let bytes = if at % 2 == 0 {
                signed(at).into_bytes()
            } else {
                write(&record(at))
            };
            (name, bytes)
        })
        .collect();
    let name = people.shown(38, Field::Name);
    let changed = signed(38).replacen(&format!("\"{name}\""), "\"别人\"", 1);
    files.push(("改过的.json".into(), changed.into_bytes()));
    files.push(("会议通知.json".into(), "周五下午三点开会。".into()));
    let put = |(name, bytes): (String, Vec<u8>)| {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    files.into_iter().map(put).collect()
}

async fn hour(browser: Browser, name: &str) {
    let folder = scratch(name);
    let people = roster(&fs::read(FIXTURE).unwrap());
    let files = forty(&folder, &people);
    let session = Session::open(browser).await;

    // The roster.
    session.goto_hash("/branch").await;
    session.wait_text("[data-testid=summary]", "名册还是空的").await;
    session.click("a[href='#/branch/import']").await;
    session.wait("[data-testid=no-imports]").await;
    session.upload("#roster-file", &[Path::new(FIXTURE)]).await;
    session.wait("[data-testid=import-sheets]").await;
    session.click("[data-testid=import-plan]").await;
    session.wait_text("[data-count=new]", "120").await;
    session.click("[data-testid=import-confirm]").await;
    session
        .wait_text("[data-testid=import-done]", "新增 120 人")
        .await;

    // Last year's list of whom to add: a number that is another's, and a row without a name.
    let (branch, number) = (people.shown(0, Field::Branch), people.shown(0, Field::Number));
    let more = folder.join("补充名单.csv");
    let rows = format!(
        "所在党支部,姓名,学号/职工号,确定为入党积极分子时间\n{branch},赵补充,{number},2025.09\n{branch},,99000001,2025.09\n"
    );
    fs::write(&more, rows).unwrap();
    session.upload("#roster-file", &[&more]).await;
    session
        .wait_text("[data-testid=import-sheets]", "补充名单.csv")
        .await;
    session.click("[data-testid=import-plan]").await;
    session.wait_text("[data-count=doubtful]", "1").await;
    session.click("[data-testid=row-new]").await;
    session.wait("[data-testid=decided]").await;
    session.click("[data-testid=filter-refused]").await;
    session.fill("[data-testid=value-name]", "钱补充").await;
    session.click("[data-testid=answer-name]").await;
    session.wait_text("[data-count=refused]", "0").await;
    session.click("[data-testid=import-confirm]").await;
    session.wait_text("[data-testid=import-done]", "新增 2 人").await;

    // Forty records.
    session.goto_hash("/branch/records").await;
    let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    session.upload("[data-testid=import-records]", &files).await;
    session
        .wait_eval("return document.querySelectorAll('tr[data-verdict=new]').length === 38")
        .await;
    let refused = session.texts("tr[data-verdict=refused]").await;
    assert_eq!(refused.len(), 2, "{refused:?}");
    for name in ["改过的.json", "会议通知.json"] {
        assert!(
            refused.iter().any(|row| row.contains(name)),
            "{name}: {refused:?}"
        );
    }
    session.click("[data-testid=confirm-import]").await;
    session.wait_text("[data-testid=imported]", "已导入 38 份").await;
    session
        .wait_text("[data-testid=links]", "可以直接对应 38 人")
        .await;
    session.click("[data-testid=link-certain]").await;
    session.wait_text("[data-testid=links]", "已对应 38 人").await;

    // What is there, and what is due.
    session.goto_hash("/branch").await;
    session
        .wait_text(
            "[data-testid=summary]",
            "名册上有 122 人，其中 38 人已关联培养记录",
        )
        .await;
    session.goto_hash("/branch/people").await;
    session.wait_text("[data-testid=people-count]", "122").await;
    session.goto_hash("/branch/due").await;
    session.click("[data-testid=due-ics]").await;
    let calendar = fs::read_to_string(session.wait_download(".ics").await).unwrap();
    assert!(calendar.contains("BEGIN:VEVENT"), "{calendar}");

    // The report, as the branch sends it.
    session.goto_hash("/branch/figures/report").await;
    session.wait("[data-testid=report]").await;
    session.fill("#report-unit", &branch).await;
    session.click("[data-testid=save-unit]").await;
    session.wait_text("[data-testid=report]", &branch).await;
    session.click("[data-testid=report-docx]").await;
    let docx = fs::read(session.wait_download(".docx").await).unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    let mut text = String::new();
    zip.by_name("word/document.xml")
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert!(text.contains(&branch));
    session.click("[data-testid=report-xlsx]").await;
    let book = fs::read(session.wait_download(".xlsx").await).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book)).unwrap();
    assert!(book.worksheets().len() > 3);

    // And the register in the shape of the real form: as many people as went in.
    session.goto_hash("/branch/leave").await;
    session.choose("#leave-of", "all").await;
    session.click("[data-testid=leave-form]").await;
    session.wait_text("#leave-said", "122").await;
    let form = fs::read(session.wait_download(".xlsx").await).unwrap();
    let again = roster(&form);
    assert_eq!(again.len(), 122);
    for at in 0..120 {
        for field in [Field::Name, Field::Number, Field::Confirmed, Field::Ethnicity] {
            assert_eq!(again.shown(at, field), people.shown(at, field), "{at} {field:?}");
        }
    }
    session.assert_same_origin().await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
}

#[tokio::test]
async fn the_hour_of_a_secretary_in_chromium() {
    hour(Browser::Chromium, "hour-chromium").await;
}

#[tokio::test]
async fn the_hour_of_a_secretary_in_firefox() {
    hour(Browser::Firefox, "hour-firefox").await;
}
