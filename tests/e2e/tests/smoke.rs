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

#[tokio::test]
async fn the_portal_opens_in_chromium() {
    opens(Browser::Chromium).await;
}

#[tokio::test]
async fn the_portal_opens_in_firefox() {
    opens(Browser::Firefox).await;
}
