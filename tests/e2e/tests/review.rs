//! What was answered comes again when it is nearly forgotten: reviews, the mistakes book, mastery
//! and the plan, over a study that began weeks ago.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod steps;

use steps::{answer, bank, response, scratch};
use xuedang::domain::question::Question;
use xuedang::domain::study::{CURRENT_VERSION, Event, EventId, Happening};
use xuedang::domain::time::{Env, Moment};
use xuedang::store::{Backup, Entry};
use xuedang_e2e::{Browser, Session};

const DAY: i64 = 86_400_000;

fn now() -> i64 {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

/// A backup of answers that were given that many days ago: question, days ago, rightly or not.
fn backup(answers: &[(&Question, i64, bool)]) -> Backup {
    let mut entries = Vec::new();
    for (seq, (question, ago, rightly)) in (1u64..).zip(answers) {
        let at = Moment {
            ms: now() - ago * DAY + seq as i64,
            tz: 0,
        };
        let chosen = response(question, *rightly);
        let event = Event {
            v: CURRENT_VERSION,
            id: EventId::new(&Env {
                now: at,
                chance: u128::from(seq),
            }),
            seq,
            at,
            what: Happening::ItemAnswered {
                question: question.id.clone(),
                hash: question.content_hash(),
                correct: question.grade(&chosen).unwrap(),
                exam: None,
                chosen,
            },
        };
        entries.push(Entry {
            key: event.key("study/"),
            json: event.write(),
        });
    }
    Backup::new(entries, Moment { ms: now(), tz: 0 })
}

async fn restore(session: &Session, backup: &Backup, name: &str) {
    let file = scratch(name).join("backup.json");
    std::fs::write(&file, backup.write()).unwrap();
    session.goto_hash("/settings").await;
    session.wait("main h1").await;
    session
        .upload("[data-testid=restore-file]", &[file.as_path()])
        .await;
    session.click("[data-testid=begin-restore]").await;
    session.click("[data-testid=confirm-restore]").await;
    session.wait("[data-testid=restored]").await;
}

#[tokio::test]
async fn what_is_nearly_forgotten_comes_again() {
    let session = Session::open(Browser::Chromium).await;
    session.set_size(390, 844).await;
    let questions = bank(&session, "dangzhang").await;
    let all = &questions.questions;
    // Three known for a month, two wrong a week ago, one answered today.
    restore(
        &session,
        &backup(&[
            (&all[0], 30, true),
            (&all[1], 30, true),
            (&all[2], 30, true),
            (&all[3], 7, false),
            (&all[4], 7, false),
            (&all[5], 0, true),
        ]),
        "review",
    )
    .await;
    session.goto_hash("/").await;
    session
        .wait_eval("return document.querySelector('[data-testid=due-count]')?.textContent === '5'")
        .await;
    session.goto_hash("/practice/due").await;
    session.wait("[data-question]").await;
    assert_eq!(session.text("[data-testid=count]").await, "5");
    for _ in 0..5 {
        answer(&session, &questions, true).await;
        session.click("[data-testid=next-question]").await;
    }
    session.wait("[data-testid=summary]").await;
    session.wait_text(".saving", "已保存").await;
    session.goto_hash("/").await;
    session.wait("[data-scope=total]").await;
    assert_eq!(
        session.texts("[data-testid=due-count]").await,
        Vec::<String>::new()
    );

    // One right answer does not take a question out of the mistakes book.
    session.goto_hash("/mistakes").await;
    session
        .wait_eval("return document.querySelectorAll('[data-mistake]').length === 2")
        .await;
    session.wait_text("main", "还要再巩固").await;
    session.click("[data-testid=export-mistakes]").await;
    session.wait_text("[data-testid=exported]", "2 题").await;
    let sheet = std::fs::read(session.wait_download(".xlsx").await).unwrap();
    assert!(sheet.starts_with(b"PK"), "{} bytes", sheet.len());

    // Mastery shows a range, never a bare percentage, and what to do next.
    session.goto_hash("/mastery").await;
    session.wait_text("[data-testid=advice]", "《").await;
    session.wait(".measure .range").await;
    session.wait(".calendar .day-2").await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
    session.assert_same_origin().await;
}

#[tokio::test]
async fn the_plan_fills_the_days_before_the_exam() {
    let session = Session::open(Browser::Firefox).await;
    session.goto_hash("/plan").await;
    session.wait("[data-testid=plan-exam]").await;
    let exam = session
        .eval("const day = new Date(Date.now() + 30 * 86400000); return day.getFullYear() + '-' + String(day.getMonth() + 1).padStart(2, '0') + '-' + String(day.getDate()).padStart(2, '0')")
        .await;
    session
        .fill("[data-testid=plan-exam]", exam.as_str().unwrap())
        .await;
    session.fill("[data-testid=plan-minutes]", "60").await;
    session.click("[data-testid=save-plan]").await;
    session.wait_text("#plan-said", "已保存").await;
    session.wait("[data-day]").await;
    session.click("[data-testid=save-ics]").await;
    let file = session.wait_download(".ics").await;
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    assert!(text.matches("BEGIN:VEVENT").count() > 10, "{text}");
    // Kept, and on the first screen.
    session.reload().await;
    session
        .wait_eval("return document.querySelector('[data-testid=plan-minutes]')?.value === '60'")
        .await;
    session.goto_hash("/").await;
    session.wait_text("[data-testid=today]", "30").await;
    session.wait_text("[data-testid=today]", "读《").await;
    // A day that is none is refused, and the plan stays as it was.
    session.goto_hash("/plan").await;
    session.wait("[data-testid=plan-minutes]").await;
    session
        .wait_eval("return document.querySelector('[data-testid=plan-minutes]').value === '60'")
        .await;
    session.fill("[data-testid=plan-minutes]", "1").await;
    session.click("[data-testid=save-plan]").await;
    session.wait_text("main", "5至480").await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
    session.assert_same_origin().await;
}
