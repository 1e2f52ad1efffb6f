//! Importing rosters: the real form, then a list with everything that a clerk must look at; nothing is
//! written before it is confirmed, the same file brings nothing twice, and an import is taken back.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod steps;

use std::fs;
use std::path::Path;
use steps::{barriers, scratch};
use xuedang_e2e::{Browser, Session};

const FIXTURE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../fixtures/roster/roster-2026-06.xls"
);

/// The second and third column of the first person of the form, as the golden file has them.
fn first_person() -> (String, String, String) {
    let golden = include_str!("../../fixtures/roster/roster-2026-06.golden.txt");
    let line = golden.lines().find(|line| line.starts_with("branch=")).unwrap();
    let part = |name: &str| {
        let rest = &line[line.find(&format!("{name}=")).unwrap() + name.len() + 1..];
        rest.split(' ').next().unwrap().to_owned()
    };
    (part("branch"), part("name"), part("number"))
}

async fn nothing_bars(session: &Session, screen: &str) {
    let found = barriers(session).await;
    assert!(found.is_empty(), "{screen}: {found:#?}");
}

async fn count(session: &Session, filter: &str) -> String {
    session.text(&format!("[data-count={filter}]")).await
}

/// Opens files and stops before they are judged.
async fn open(session: &Session, files: &[&Path]) {
    session.upload("#roster-file", files).await;
    session.wait("[data-testid=import-sheets]").await;
}

async fn judge(session: &Session) {
    session.click("[data-testid=import-plan]").await;
    session.wait("[data-testid=import-dry]").await;
}

#[tokio::test]
async fn a_roster_goes_in_is_looked_at_and_comes_out_again_in_chromium() {
    let folder = scratch("roster");
    let (branch, name, number) = first_person();
    let odd = folder.join("补充.csv");
    let text = format!(
        "所在党支部,姓名,学号/职工号,性别,民族,担任职务\n\
         {branch},{name}改,{number},,,班长\n\
         {branch},,99000001,女,汉族,\n\
         {branch},新来的,99000002,女,火星族,\n\
         合计,3人,,,,\n"
    );
    fs::write(&odd, text).unwrap();

    let session = Session::open(Browser::Chromium).await;
    session.set_size(390, 844).await;
    session.goto_hash("/branch/import").await;
    session.wait("[data-testid=no-imports]").await;
    nothing_bars(&session, "before anything").await;

    // Both files, one after the other.
    open(&session, &[Path::new(FIXTURE), &odd]).await;
    let header = "return document.querySelector('#import-first').selectedOptions[0].textContent";
    let header = session.eval(header).await;
    assert!(header.as_str().unwrap().starts_with("第 4 行"), "{header}");
    nothing_bars(&session, "the columns").await;
    judge(&session).await;
    assert_eq!(count(&session, "new").await, "120");
    nothing_bars(&session, "the dry run").await;

    // Leaving in the middle: nothing was imported.
    session.reload().await;
    session.wait("[data-testid=no-imports]").await;

    open(&session, &[Path::new(FIXTURE), &odd]).await;
    judge(&session).await;
    session.click("[data-testid=import-confirm]").await;
    session
        .wait_text("[data-testid=import-done]", "新增 120 人")
        .await;
    session.wait_text("[data-testid=import-past-row]", "120 人").await;
    nothing_bars(&session, "what was done").await;

    // The second: somebody of another name, somebody without one, and no such people.
    session.click("[data-testid=import-next]").await;
    session.wait_text("[data-testid=import-sheets]", "补充.csv").await;
    judge(&session).await;
    let found = [
        count(&session, "doubtful").await,
        count(&session, "refused").await,
        count(&session, "nobody").await,
    ];
    assert_eq!(found, ["2", "1", "1"]);
    session
        .wait_text(
            "[data-testid=remark]",
            &format!("号码相同、姓名不同：名册里的{name}"),
        )
        .await;
    nothing_bars(&session, "what is doubtful").await;
    assert!(
        !session.texts("[data-testid=row-is]").await.is_empty()
            && session.texts("[data-testid=row-new]").await.len() == 2
    );
    session.click("[data-testid=row-is]").await;
    session
        .wait_text("[data-testid=decided]", &format!("就是{name}"))
        .await;
    session.fill("[data-testid=value-ethnicity]", "水星").await;
    session.click("[data-testid=answer-ethnicity]").await;
    session.wait_text("[role=alert]", "没有这个民族名称").await;
    session.fill("[data-testid=value-ethnicity]", "水族").await;
    session.click("[data-testid=answer-ethnicity]").await;
    session.wait_text("[data-count=doubtful]", "1").await;
    session.click("[data-testid=filter-refused]").await;
    session.fill("[data-testid=value-name]", "补名字").await;
    session.click("[data-testid=answer-name]").await;
    session.wait_text("[data-count=refused]", "0").await;
    session
        .wait_text("[data-testid=import-sum]", "将新增 2 人，更新 1 人")
        .await;
    session.click("[data-testid=import-confirm]").await;
    session
        .wait_text("[data-testid=import-done]", "新增 2 人，更新 1 人")
        .await;

    // The first once more: nothing.
    open(&session, &[Path::new(FIXTURE)]).await;
    session.wait("[data-testid=was-here]").await;
    session.wait("[data-testid=remembered]").await;
    judge(&session).await;
    assert_eq!(count(&session, "same").await, "120");
    assert_eq!(
        session
            .eval("return document.querySelector('[data-testid=import-confirm]').disabled")
            .await,
        true
    );
    session.click("[data-testid=import-drop]").await;
    session.wait_gone("[data-testid=import-dry]").await;
    // The page has come to rest.
    session.wait_text("[data-testid=import-said]", "已放弃").await;
    session
        .wait_eval("return document.activeElement.id === 'roster-file'")
        .await;

    // Back out, the last first.
    session.click("[data-testid=import-undo]").await;
    session.wait_text("dialog", "2 人会从名册里去掉").await;
    nothing_bars(&session, "asking").await;
    session.click("[data-testid=undo-import]").await;
    session
        .wait_text("[data-testid=import-said]", "已撤销“补充.csv”的导入")
        .await;
    session.reload().await;
    session.wait_text("[data-testid=import-past-row]", "已撤销").await;
    assert_eq!(session.texts("[data-testid=import-past-row]").await.len(), 2);

    // A file to begin with.
    session.click("#import-body summary").await;
    session.click("[data-testid=import-sample]").await;
    let sample = fs::read(session.wait_download("名册样表.csv").await).unwrap();
    assert!(sample.starts_with(b"\xef\xbb\xbf"));
    session.assert_same_origin().await;
    assert_eq!(session.console_errors().await, [""; 0]);
}
