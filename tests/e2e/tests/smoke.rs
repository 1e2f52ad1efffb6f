//! The portal opens, in both browsers.

use xuedang_e2e::{Browser, Session};

async fn opens(browser: Browser) {
    let session = Session::open(browser).await;
    session
        .wait_eval("return document.readyState === 'complete' && !document.querySelector('#boot')")
        .await;
    assert!(session.title().await.ends_with("学档"));
    assert_eq!(session.console_errors().await, Vec::<String>::new());
    session.assert_same_origin().await;
}

/// A lesson is a page of its own, which needs no program.
#[tokio::test]
async fn a_lesson_reads_without_webassembly() {
    let session = Session::open(Browser::Chromium).await;
    session.goto_file("lessons/dangzhang-nature.html").await;
    assert_eq!(session.text("h1").await, "党的性质");
    session.wait_text("main", "两个先锋队").await;
    let scripts = session.eval("return document.scripts.length").await;
    assert_eq!(scripts, 0);
    session.click_text("a", "记录进度").await;
    session.wait("[data-testid=finish-lesson]").await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
    session.assert_same_origin().await;
}

#[tokio::test]
async fn the_portal_opens_in_chromium() {
    opens(Browser::Chromium).await;
}

#[tokio::test]
async fn the_portal_opens_in_firefox() {
    opens(Browser::Firefox).await;
}
