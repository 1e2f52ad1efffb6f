//! Figures of a branch's workbench, as its secretary uses them: counts lead to the people, a plan is
//! typed, a report leaves as Word and as a workbook, the register leaves as CSV.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod steps;

use calamine::{Reader, Xlsx};
use std::fs;
use std::io::{Cursor, Read};
use std::time::{SystemTime, UNIX_EPOCH};

use steps::{barriers, csv_rows, pictures};
use xuedang::domain::branch::{Field, Import, Lot, PersonId, Place, RosterEvent, When};
use xuedang::domain::study::EventId;
use xuedang::domain::time::{Date, Env, Moment};
use xuedang::domain::workbench::{Deed, Fact, Workbench};
use xuedang::store::{Book, Journal};
use xuedang_e2e::{Browser, Session};

const FIELDS: [Field; 9] = [
    Field::Branch,
    Field::Name,
    Field::Sex,
    Field::Ethnicity,
    Field::Birth,
    Field::Category,
    Field::Confirmed,
    Field::Admitted,
    Field::Stage,
];

fn now() -> Moment {
    let ms = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    Moment {
        ms: ms as i64,
        tz: 480,
    }
}

/// The lines of the book with these people in it, as the browser keeps them: keys and texts.
fn book(year: u16) -> Vec<(String, String)> {
    let mut lot = Lot::new(FIELDS.to_vec());
    lot.sheets.push("名册".into());
    let day = |month, day| When::day(Date::new(year, month, day).unwrap()).unwrap().bits();
    let born = When::day(Date::new(2003, 6, 15).unwrap()).unwrap().bits();
    for n in 0..14u8 {
        let mut text = |text: &str| lot.texts.intern(text);
        let is_admitted = n < 6;
        let values = [
            text(if n % 3 == 0 {
                "第二党支部"
            } else {
                "第一党支部"
            }),
            text(
                [
                    "李晓明",
                    "王芳",
                    "赵一",
                    "钱二",
                    "孙三",
                    "周四",
                    "吴五",
                    "郑六",
                    "陈七",
                    "褚八",
                    "卫九",
                    "蒋十",
                    "沈喆",
                    "韩𠮷",
                ][usize::from(n)],
            ),
            text(if n % 2 == 0 { "男" } else { "女" }),
            text(if n == 5 { "回族" } else { "汉族" }),
            if n == 7 { 0 } else { born },
            text(if n < 10 { "本科生" } else { "教师" }),
            When::day(Date::new(year - 2, 3, 1).unwrap()).unwrap().bits(),
            if is_admitted { day(5, 10 + n) } else { 0 },
            text(if is_admitted {
                "预备党员"
            } else {
                "入党积极分子"
            }),
        ];
        let row = u32::from(n) + 2;
        lot.push(Place { sheet: 0, row }, &values);
    }
    let mut chance = 0;
    let mut env = || {
        chance += 1;
        Env { now: now(), chance }
    };
    let import = Import {
        file: "名册.xlsx".into(),
        digest: "0".repeat(64),
        new: lot,
        ..Import::default()
    };
    let mut journal = Journal::<Workbench>::new(Book::Roster);
    let import = Deed::Roster(RosterEvent::Imported(Box::new(import)));
    let mut entries = journal.draft(vec![import], &mut env);
    journal.receive(&entries[0]);
    let import = EventId(entries[0].key.rsplit('/').next().unwrap().to_owned());
    let person = PersonId { import, n: 12 };
    let fact = Fact::FrontLine(true);
    entries.extend(journal.draft(vec![Deed::Noted { person, fact }], &mut env));
    entries.into_iter().map(|entry| (entry.key, entry.json)).collect()
}

/// Puts lines into the browser's store, as if it had written them.
async fn seed(session: &Session, lines: &[(String, String)]) {
    let script = format!(
        "window.seeded = false;
        const open = indexedDB.open('xuedang');
        open.onsuccess = () => {{
          const change = open.result.transaction('entries', 'readwrite');
          for (const [key, text] of {}) change.objectStore('entries').put(text, key);
          change.oncomplete = () => {{ open.result.close(); window.seeded = true; }};
        }};",
        serde_json::to_string(lines).unwrap()
    );
    session.eval(&script).await;
    session.wait_eval("return window.seeded").await;
    session.reload().await;
}

/// Looks at a screen on a phone and on a desk; keeps pictures where the environment names a folder.
async fn look(session: &Session, screen: &str) {
    for width in [390, 1280] {
        session.set_size(width, 900).await;
        assert_eq!(
            barriers(session).await,
            Vec::<String>::new(),
            "{screen} at {width}"
        );
        let wide = "return document.documentElement.scrollWidth <= document.documentElement.clientWidth";
        assert_eq!(
            session.eval(wide).await,
            true,
            "{screen} scrolls sideways at {width}"
        );
    }
    pictures(session, screen).await;
}

/// The names on the list of a figure's people.
async fn names(session: &Session) -> Vec<String> {
    session.wait("[data-testid=rows-count]").await;
    session.texts("table tbody th a").await
}

fn part(docx: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[tokio::test]
async fn figures_lead_to_people_and_reports_leave() {
    let session = Session::open(Browser::Chromium).await;
    let last = now().date().year() - 1;
    session.goto_hash("/branch/figures").await;
    session.wait_text("main", "名册里还没有人").await;
    seed(&session, &book(last)).await;

    // Counts.
    session.goto_hash("/branch/figures").await;
    session.wait_text("[data-testid=total]", "共 14 人").await;
    let row = "[data-by=sex] tbody tr:nth-child(1)";
    session.wait_text(row, "女").await;
    assert!(session.text(row).await.contains("50.0%"));
    look(&session, "figures-counts").await;
    session.click("[data-by=ethnicity] tbody tr:nth-child(2) a").await;
    assert_eq!(names(&session).await, ["周四"]);
    session.wait_text("[data-testid=cause]", "回族").await;
    look(&session, "figures-rows").await;
    session.click("[data-do=back]").await;
    session.wait_text("[data-testid=total]", "共 14 人").await;
    // What is chosen stays when one comes back.
    session.choose("#counts-of", "probationer").await;
    session.wait_text("[data-testid=total]", "共 6 人").await;
    session.choose("#counts-branch", "第二党支部").await;
    session.wait_text("[data-testid=total]", "共 2 人").await;
    session.click("[data-testid=total] a").await;
    assert_eq!(names(&session).await, ["李晓明", "钱二"]);
    session.click("[data-do=back]").await;
    session.wait_text("[data-testid=total]", "共 2 人").await;

    // A plan.
    session.goto_hash(&format!("/branch/figures/plan/{last}")).await;
    session.wait("#planned-form").await;
    session.fill("#planned-0", "多").await;
    session.click("[data-testid=save-planned]").await;
    session.wait_text("#planned-said", "请填整数").await;
    session.fill("#planned-0", "8").await;
    session.click("[data-testid=save-planned]").await;
    session.wait_text("#planned-said", "已保存").await;
    session.wait_text("table tbody", "少2").await;
    session.fill(&format!("#members-{}", last - 1), "200").await;
    session.fill(&format!("#members-{last}"), "203").await;
    session.click("[data-testid=save-members]").await;
    session.wait_text("#members-said", "已保存").await;
    look(&session, "figures-plan").await;
    session.click("[data-testid=admitted] a").await;
    assert_eq!(names(&session).await.len(), 6);

    // What is watched, and its threshold.
    session.goto_hash("/branch/figures/watch").await;
    session.wait_text("[data-testid=observed]", "突击发展").await;
    session.wait_text("[data-testid=observed]", "净增率1.5%").await;
    look(&session, "figures-watch").await;
    session.fill("#thresholds-rush-least", "7").await;
    session.click("[data-testid=save-thresholds]").await;
    session.wait_text("#thresholds-said", "已保存").await;
    let gone = "return !document.querySelector('[data-testid=observed]').textContent.includes('突击发展')";
    session.wait_eval(gone).await;

    // A report.
    session.goto_hash("/branch/figures/report").await;
    session.wait("[data-testid=report]").await;
    session.fill("#report-unit", "示例学院党总支").await;
    session.click("[data-testid=save-unit]").await;
    session.wait_text("[data-testid=report]", "示例学院党总支").await;
    session.choose("#report-what", "yearly").await;
    session.choose("#report-year", &last.to_string()).await;
    let title = format!("{last}年入党积极分子队伍状况分析");
    session.wait_text("[data-testid=report] h1", &title).await;
    look(&session, "figures-report").await;
    session.click("[data-testid=report-docx]").await;
    let docx = fs::read(session.wait_download(".docx").await).unwrap();
    let text = part(&docx, "word/document.xml");
    for wanted in [
        title.as_str(),
        "示例学院党总支",
        "按年龄",
        "由填报人写，系统不代写",
    ] {
        assert!(text.contains(wanted), "{wanted}");
    }
    session.click("[data-testid=report-xlsx]").await;
    let xlsx = fs::read(session.wait_download(".xlsx").await).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx)).unwrap();
    let plan = book
        .worksheet_range(&format!("{last}年发展党员计划和接收情况"))
        .unwrap();
    let cells: Vec<String> = plan
        .rows()
        .nth(1)
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(cells, ["教师", "8", "0", "-8"]);

    // The register leaves.
    session.goto_hash("/branch/leave").await;
    session.choose("#leave-of", "all").await;
    session.click("[data-testid=leave-people-csv]").await;
    let csv = fs::read_to_string(session.wait_download(".csv").await).unwrap();
    let rows = csv_rows(&csv);
    let name = rows[0].iter().position(|heading| heading == "姓名").unwrap();
    let names: Vec<&str> = rows[1..].iter().map(|row| row[name].as_str()).collect();
    assert_eq!((names.len(), names[12], names[13]), (14, "沈喆", "韩𠮷"));
    session.wait_text("#leave-said", "14 行").await;
    session.click("[data-testid=leave-form]").await;
    let form = fs::read(session.wait_download(".xlsx").await).unwrap();
    let mut form: Xlsx<_> = Xlsx::new(Cursor::new(form)).unwrap();
    let sheet = form.worksheet_range_at(0).unwrap().unwrap();
    assert_eq!(
        sheet.end().unwrap().0,
        5 + 14 - 1,
        "the last person's row, from 0"
    );
    session.click("#leave-columns summary").await;
    session.wait_text("#leave-about", "person_id").await;
    look(&session, "leave").await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
}
