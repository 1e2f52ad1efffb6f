//! What a person has done is kept: over reloads, in two tabs, through a backup.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod steps;

use steps::{answer, bank, figures};
use xuedang_e2e::{Browser, Session};

#[tokio::test]
async fn a_backup_brings_everything_back_in_chromium() {
    backup(Browser::Chromium).await;
}

#[tokio::test]
async fn a_backup_brings_everything_back_in_firefox() {
    backup(Browser::Firefox).await;
}

async fn study(session: &Session, answers: u32) {
    let questions = bank(session, "dangzhang").await;
    session.goto_hash("/practice/module/dangzhang").await;
    for number in 0..answers {
        answer(session, &questions, true).await;
        if number + 1 < answers {
            session.click("[data-testid=next-question]").await;
        }
    }
    session.wait_text(".saving", "已保存").await;
}

/// Export, wipe, import: the same state.
async fn backup(browser: Browser) {
    let session = Session::open(browser).await;
    study(&session, 3).await;
    session.goto_hash("/").await;
    session.wait("[data-scope=total]").await;
    let before = figures(&session, "total").await;
    assert_eq!((before.answered, before.correct), (3, 3));

    session.goto_hash("/settings").await;
    session.click("[data-testid=download-backup]").await;
    let file = session.wait_download(".json").await;

    session.click("[data-testid=erase-all]").await;
    session.fill("[data-testid=confirm-erase-word]", "删除").await;
    session.click("[data-testid=confirm-erase]").await;
    session.wait("[data-testid=erased]").await;
    session.goto_hash("/").await;
    session.wait("[data-scope=total]").await;
    session.wait_eval("return document.querySelector('[data-scope=total] [data-figure=answered]').textContent.trim() === '0'").await;
    session.reload().await;
    session.wait("[data-scope=total]").await;
    assert_eq!(
        figures(&session, "total").await.answered,
        0,
        "what was deleted stays deleted"
    );

    session.goto_hash("/settings").await;
    session.wait("main h1").await;
    session
        .upload("[data-testid=restore-file]", &[file.as_path()])
        .await;
    session.click("[data-testid=begin-restore]").await;
    session.click("[data-testid=confirm-restore]").await;
    session.wait("[data-testid=restored]").await;
    session.goto_hash("/").await;
    session.wait("[data-scope=total]").await;
    assert_eq!(figures(&session, "total").await, before);
    assert_eq!(session.console_errors().await, Vec::<String>::new());
}

/// What one tab saves, the other shows, and neither overwrites the other.
#[tokio::test]
async fn two_tabs_lose_nothing() {
    let session = Session::open(Browser::Chromium).await;
    session.wait("[data-scope=total]").await;
    let first = session.client().window().await.unwrap();
    let second = session.client().new_window(true).await.unwrap().handle;
    session.client().switch_to_window(second.clone()).await.unwrap();
    session.goto_hash("/").await;
    session.wait("[data-scope=total]").await;

    study(&session, 2).await;
    session.client().switch_to_window(first.clone()).await.unwrap();
    session.wait_eval("return document.querySelector('[data-scope=total] [data-figure=answered]').textContent.trim() === '2'").await;
    let questions = bank(&session, "dangyuan").await;
    session.goto_hash("/practice/module/dangyuan").await;
    answer(&session, &questions, false).await;
    session.wait_text(".saving", "已保存").await;
    session.client().switch_to_window(second).await.unwrap();
    session.goto_hash("/").await;
    session.wait_eval("return document.querySelector('[data-scope=total] [data-figure=answered]').textContent.trim() === '3'").await;
    session.reload().await;
    session.wait("[data-scope=total]").await;
    let all = figures(&session, "total").await;
    assert_eq!((all.answered, all.correct, all.attempts), (3, 2, 3));
}

const BREAK: &str = "window.whole = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = () => { throw new DOMException('full', 'QuotaExceededError') };
    return true";
const MEND: &str = "IDBDatabase.prototype.transaction = window.whole; return true";

/// A full store is said for as long as it is full, nothing is lost, and a reload finds it again.
#[tokio::test]
async fn a_failure_to_save_is_said_and_loses_nothing() {
    let session = Session::open(Browser::Chromium).await;
    study(&session, 1).await;
    let questions = bank(&session, "dangyuan").await;
    session.goto_hash("/practice/module/dangyuan").await;
    session.eval(BREAK).await;
    answer(&session, &questions, true).await;
    session.wait_text("#save-failure", "空间已满").await;
    assert_eq!(session.text(".saving").await, "未保存");
    session.click("[data-do=rescue]").await;
    let rescue = std::fs::read_to_string(session.wait_download(".json").await).unwrap();
    assert!(rescue.contains("item-answered"), "{rescue}");

    // Room is made: no reload is needed.
    session.eval(MEND).await;
    session.click("[data-do=retry]").await;
    session.wait_text(".saving", "已保存").await;
    session.wait_gone("#save-failure").await;

    // Closed while it was full: the log has it.
    session.eval(BREAK).await;
    session.click("[data-testid=next-question]").await;
    answer(&session, &questions, false).await;
    session.wait("#save-failure").await;
    session.reload().await;
    session.wait("[data-notice=recovered]").await;
    session.goto_hash("/").await;
    session.wait("[data-scope=total]").await;
    let all = figures(&session, "total").await;
    assert_eq!((all.answered, all.correct), (3, 2));
}

/// A store that has vanished is noticed at the next visit, and restoring is offered.
#[tokio::test]
async fn a_wiped_store_is_noticed() {
    let session = Session::open(Browser::Chromium).await;
    study(&session, 1).await;
    session
        .eval("indexedDB.deleteDatabase('xuedang'); return true")
        .await;
    session.reload().await;
    session.wait_text("[data-notice=vanished]", "恢复").await;
}
