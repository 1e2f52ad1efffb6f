//! A branch looks at what is due: finds it, as a list and as a month, takes it away as a calendar, is
//! refused a laxer arrangement and taken a stricter one; then it puts a training class together, fills
//! it in by the keyboard and takes its papers away.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod steps;

use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use calamine::{Data, DataType, Reader, Xlsx};
use fantoccini::key::Key;
use serde_json::json;
use steps::{barriers, full_record};
use xuedang::domain::branch::{Field, Import, Kind, Lot, Place, RosterEvent, When};
use xuedang::domain::roster::{Receipt, Register};
use xuedang::domain::time::{Date, Env, Moment};
use xuedang::domain::workbench::{ALONE, Deed, Workbench};
use xuedang::store::{Book, Entry, Journal};
use xuedang_e2e::{Browser, Session};
use zip::ZipArchive;

fn import(people: &[Vec<(Field, String)>]) -> Deed {
    let mut fields: Vec<Field> = people.iter().flatten().map(|cell| cell.0).collect();
    fields.sort_unstable();
    fields.dedup();
    let mut lot = Lot::new(fields.clone());
    lot.sheets.push("名册".into());
    for (row, at) in people.iter().zip(2..) {
        let values = fields.iter().map(|field| {
            let text = row.iter().find(|cell| cell.0 == *field);
            match (text, field.kind()) {
                (None, _) => 0,
                (Some((_, text)), Kind::Day) => When::day(Date::parse(text).unwrap()).unwrap().bits(),
                (Some((_, text)), _) => lot.texts.intern(text),
            }
        });
        let values: Vec<u32> = values.collect();
        lot.push(Place { sheet: 0, row: at }, &values);
    }
    Deed::Roster(RosterEvent::Imported(Box::new(Import {
        file: "名册.csv".into(),
        new: lot,
        ..Import::default()
    })))
}

/// A branch of five, one of them with records, as entries of the books.
fn books(today: Date) -> Vec<Entry> {
    let mut chance = 0;
    let mut env = move || {
        chance += 1;
        Env {
            now: Moment {
                ms: today.days() * 86_400_000 + chance as i64,
                tz: 480,
            },
            chance,
        }
    };
    let ago = |days: i64| today.add_days(-days).to_string();
    let text = |text: &str| text.to_owned();
    let person = |name: &str, more: Vec<(Field, String)>| {
        let mut row = vec![
            (Field::Name, text(name)),
            (Field::Branch, text("计算机学院本科生第一党支部")),
        ];
        row.extend(more);
        row
    };
    let people = [
        person("王一", vec![(Field::Applied, ago(60))]),
        person("李二", vec![(Field::Applied, ago(20))]),
        person(
            "张三",
            vec![(Field::Confirmed, ago(400)), (Field::Mentor1, text("周培养"))],
        ),
        person(
            "周𠮷喆",
            vec![(Field::Prospect, ago(20)), (Field::Sex, text("男"))],
        ),
        person("赵六", vec![(Field::Prospect, ago(21))]),
    ];
    let mut roster = Journal::<Workbench>::new(Book::Roster);
    let mut entries = roster.draft(vec![import(&people)], &mut env);
    roster.receive(&entries[0]);
    let linked = Deed::Roster(RosterEvent::Linked {
        person: roster.state().people.id(3).unwrap(),
        holder: Some(full_record().body.holder),
    });
    entries.extend(roster.draft(vec![linked], &mut env));
    let received = Receipt::Received {
        file: "周.json".into(),
        record: Box::new(full_record()),
        credential: None,
    };
    entries.extend(Journal::<Register>::new(Book::Register).draft(vec![received], &mut env));
    entries
}

/// Puts entries in the browser's store, as another tab would have.
async fn seed(session: &Session, entries: &[Entry]) {
    let script = "
        const [entries, done] = arguments;
        const asked = indexedDB.open('xuedang');
        asked.onerror = () => done(String(asked.error));
        asked.onsuccess = () => {
          const base = asked.result;
          const writing = base.transaction('entries', 'readwrite');
          for (const [key, line] of entries) writing.objectStore('entries').put(line, key);
          writing.oncomplete = () => { base.close(); done(''); };
          writing.onerror = () => done(String(writing.error));
        };";
    let entries: Vec<_> = entries
        .iter()
        .map(|entry| json!([entry.key, entry.json]))
        .collect();
    let said = session.client().execute_async(script, vec![json!(entries)]).await;
    assert_eq!(said.unwrap(), "");
}

async fn assert_no_barrier(session: &Session, screen: &str) {
    assert_eq!(barriers(session).await, Vec::<String>::new(), "{screen}");
}

async fn today(session: &Session) -> Date {
    let script = "const d = new Date(); return [d.getFullYear(), String(d.getMonth() + 1).padStart(2, '0'), String(d.getDate()).padStart(2, '0')].join('-')";
    Date::parse(session.eval(script).await.as_str().unwrap()).unwrap()
}

/// The ids of a calendar's events.
fn uids(file: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(file).unwrap().replace("\r\n ", "");
    let lines = text.lines().filter(|line| line.starts_with("UID:"));
    lines.map(str::to_owned).collect()
}

/// The words of a `.docx`.
fn words(file: &Path) -> String {
    let mut archive = ZipArchive::new(Cursor::new(fs::read(file).unwrap())).unwrap();
    let mut xml = String::new();
    let mut part = archive.by_name("word/document.xml").unwrap();
    part.read_to_string(&mut xml).unwrap();
    let mut text = String::new();
    for piece in xml.split('<') {
        text.push_str(piece.split_once('>').map_or(piece, |(_, words)| words));
    }
    text
}

const LINES: &str = "[...document.querySelectorAll('.due-line')]";

#[tokio::test]
async fn what_is_due_and_a_class() {
    let session = Session::open(Browser::Chromium).await;
    let today = today(&session).await;
    session.goto_hash("/branch/due").await;
    session.wait_text("[data-testid=due-said]", "请先导入名册").await;
    seed(&session, &books(today)).await;
    session.reload().await;

    // Everybody, with day, rule and why.
    session.wait_text("[data-testid=due-said]", "在册 5 人").await;
    let lines = session.texts(".due-line").await;
    let overdue = lines.iter().find(|line| line.contains("王一")).unwrap();
    assert!(
        overdue.contains("王一") && overdue.contains("派人同申请人谈话"),
        "{overdue}"
    );
    assert!(
        overdue.contains("已过") && overdue.contains("第七条"),
        "{overdue}"
    );
    let soon = lines.iter().find(|line| line.contains("李二")).unwrap();
    assert!(soon.contains("还有"), "{soon}");
    assert_no_barrier(&session, "due").await;
    let all = lines.len();

    // By kind, by part, by mentor.
    session.choose("[data-testid=due-what]", "talk").await;
    session
        .wait_eval(&format!("const lines = {LINES}; return lines.length == 2 && lines.every(line => line.dataset.what == 'talk')"))
        .await;
    session.click("[data-testid=due-overdue]").await;
    session.wait_eval(&format!("return {LINES}.length == 1")).await;
    session.click("[data-testid=due-overdue]").await;
    session.choose("[data-testid=due-what]", "").await;
    session
        .wait_eval(&format!("return {LINES}.length == {all}"))
        .await;
    session.fill("[data-testid=due-mentor]", "周培").await;
    session
        .wait_eval(&format!("const lines = {LINES}; return lines.length > 0 && lines.every(line => line.textContent.includes('张三'))"))
        .await;
    session.fill("[data-testid=due-mentor]", "").await;
    session
        .wait_eval(&format!("return {LINES}.length == {all}"))
        .await;

    // As a month, from which a day leads to its lines.
    let day = today.add_days(-20).add_months(1);
    session.click("[data-testid=due-as-month]").await;
    session.wait("[data-testid=due-month]").await;
    assert_no_barrier(&session, "due, month").await;
    if (day.year(), day.month()) != (today.year(), today.month()) {
        session.click("[data-testid=month-after]").await;
    }
    session
        .click(&format!("[data-testid=due-month] [data-day='{day}']"))
        .await;
    session
        .wait_eval(&format!("const lines = {LINES}; return lines.length > 0 && lines.some(line => line.textContent.includes('李二')) && document.activeElement.id == 'due-list-heading'"))
        .await;
    session.click("[data-testid=due-any-day]").await;
    session
        .wait_eval(&format!("return {LINES}.length == {all}"))
        .await;

    // As a calendar, twice: the same events.
    session.click("[data-testid=due-ics]").await;
    let first = session.wait_download(".ics").await;
    let text = fs::read_to_string(&first).unwrap().replace("\r\n ", "");
    assert!(text.contains("SUMMARY:李二：派人同申请人谈话"), "{text}");
    assert!(text.contains("BEGIN:VALARM"));
    session.wait("[data-testid=due-ics-saved]").await;
    session.click("[data-testid=due-ics]").await;
    let second = session.wait_download(".ics").await;
    assert_eq!(uids(&first), uids(&second));
    assert!(uids(&first).len() > 3);

    // Laxer is refused beside the field, stricter is taken and moves the day.
    session.click("[data-testid=due-local-open]").await;
    session.fill("[data-testid=local-notice_days]", "4").await;
    session.fill("[data-testid=local-talk_days]", "10").await;
    session.click("[data-testid=save-local]").await;
    session
        .wait_text("#local-notice_days-error", "不少于五个工作日")
        .await;
    assert_no_barrier(&session, "due, refused").await;
    session.fill("[data-testid=local-notice_days]", "").await;
    session.click("[data-testid=save-local]").await;
    session.wait_text("#local-said", "已保存").await;
    session
        .wait_eval(&format!("return {LINES}.some(line => line.textContent.includes('李二') && line.dataset.part == 'overdue' && line.textContent.includes('本单位的安排'))"))
        .await;

    // A class.
    session.goto_hash("/branch/class").await;
    session.wait_text("[data-testid=class-waiting]", "2").await;
    session.click("[data-testid=save-class]").await;
    session.wait("#class-from-error").await;
    for (field, value) in [
        ("name", "下半年发展对象培训班".to_owned()),
        ("organiser", "学院党委".to_owned()),
        ("from", today.add_days(-3).to_string()),
        ("until", today.add_days(-1).to_string()),
        ("hours", "24".to_owned()),
    ] {
        session
            .fill(&format!("[data-testid=class-{field}]"), &value)
            .await;
    }
    assert_no_barrier(&session, "classes").await;
    session.click("[data-testid=save-class]").await;
    session.wait_text("main h1", "下半年发展对象培训班").await;
    session.click("[data-testid=enroll-all]").await;
    session.wait("[data-testid=class-rows]").await;
    assert_eq!(session.texts("[data-testid=class-rows] tbody tr").await.len(), 2);
    let head = session.text("[data-testid=class-rows] thead").await;
    assert!(head.contains(ALONE), "{head}");
    let minutes = full_record().body.time.unwrap().minutes;
    let alone = session.text("[data-testid=alone]").await;
    assert!(alone.contains(&format!("{} 分钟", minutes % 60)), "{alone}");

    // By the keyboard: Tab to the next cell, Enter to the next row; each row is saved when it is left.
    session.click("#row-0-days").await;
    let type_in = async |text: &str| {
        let active = session.client().active_element().await.unwrap();
        active.send_keys(text).await.unwrap();
    };
    let tab = char::from(Key::Tab).to_string();
    let enter = char::from(Key::Enter).to_string();
    type_in(&format!("3{tab}")).await;
    type_in(&format!("24{tab}")).await;
    type_in(&format!("优秀{enter}")).await;
    session
        .wait_eval("return document.activeElement.id == 'row-1-mark'")
        .await;
    session.wait_text("#row-0-said", "已保存").await;
    session.wait_text("[data-testid=class-sums]", "已填写 1 人").await;
    // More hours than the class has: said, and kept.
    session.fill("#row-1-hours", "40").await;
    session.choose("#row-1-completed", "yes").await;
    session.fill("#row-1-appraisal", "学习认真。").await;
    session.click("#class-papers-heading").await;
    session.wait_text("#row-1-said", "已保存").await;
    session.wait_text("#row-1-remarks", "比班次学时 24 多").await;
    session
        .wait_text("[data-testid=class-sums]", "填写结业 1 人")
        .await;
    // No number is not taken, and stays to be mended.
    session.fill("#row-0-days", "三").await;
    session.click("#class-papers-heading").await;
    session.wait_text("#row-0-remarks", "请填整数").await;
    assert_no_barrier(&session, "class").await;
    session.fill("#row-0-days", "3").await;
    session.click("#class-papers-heading").await;
    session.wait_text("#row-0-said", "已保存").await;

    // The papers.
    session.click("[data-testid=list-docx]").await;
    let list = words(&session.wait_download("名单.docx").await);
    for wanted in ["附件（草稿）", "下半年发展对象培训班", "优秀", "周𠮷喆", ALONE] {
        assert!(list.contains(wanted), "{wanted}: {list}");
    }
    session.click("[data-testid=appraisals-docx]").await;
    let sheets = words(&session.wait_download("情况表.docx").await);
    assert_eq!(sheets.matches("本人签名：").count(), 2);
    assert!(sheets.contains("学习认真。"));
    session.click("[data-testid=list-xlsx]").await;
    let file = session.wait_download("名单.xlsx").await;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(fs::read(file).unwrap())).unwrap();
    let range = book.worksheet_range("名单").unwrap();
    let rows: Vec<_> = range.rows().collect();
    let hours = rows[0]
        .iter()
        .position(|cell| cell.as_string().as_deref() == Some("出勤学时"))
        .unwrap();
    assert_eq!(rows[1][hours], Data::Float(24.0));

    // It is all there after a reload, and completed training is no longer due.
    session.reload().await;
    session.wait("[data-testid=class-rows]").await;
    session
        .wait_eval("return document.getElementById('row-0-hours')?.value == '24' && document.getElementById('row-1-completed').value == 'yes'")
        .await;
    // On a phone days are a list.
    session.set_size(390, 844).await;
    session.goto_hash("/branch/due").await;
    session.click("[data-testid=due-as-month]").await;
    session.wait(".due-days").await;
    assert_eq!(
        session.texts("[data-testid=due-month]").await,
        Vec::<String>::new()
    );
    assert_no_barrier(&session, "due, month on a phone").await;
    session
        .wait_eval("return document.documentElement.scrollWidth <= innerWidth")
        .await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
    session.assert_same_origin().await;
}
