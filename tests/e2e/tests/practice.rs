//! Practice: what is drawn, marks, part marks, drafts, single keys; and study time.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod steps;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use steps::{answer, bank};
use xuedang::domain::question::Kind;
use xuedang_e2e::{Browser, Session};

async fn present(session: &Session) -> String {
    session.wait("[data-question]").await;
    let id = session
        .eval("return document.querySelector('[data-question]').dataset.question")
        .await;
    id.as_str().unwrap().to_owned()
}

/// Draws take as many as they say, from all modules; a knowledge point takes its own.
#[tokio::test]
async fn draws_and_points() {
    let session = Session::open(Browser::Chromium).await;
    session.goto_hash("/practice").await;
    session.click("a[href='#/practice/random/10']").await;
    session.wait("[data-question]").await;
    assert_eq!(session.text("[data-testid=count]").await, "10");
    session.goto_hash("/practice/unseen/20").await;
    session.wait_text("h1", "没做过的优先").await;
    session.wait("[data-question]").await;
    assert_eq!(session.text("[data-testid=count]").await, "20");
    session.goto_hash("/practice").await;
    session
        .click("[data-module=chengxu] details:nth-of-type(2) > summary")
        .await;
    session
        .click("[data-module=chengxu] a[href='#/practice/point/大会表决']")
        .await;
    session.wait_text("h1", "知识点“大会表决”").await;
    let id = present(&session).await;
    let mut found = false;
    for module in ["chengxu", "zuzhi", "guanli", "jilv"] {
        if let Some(question) = bank(&session, module).await.question(&id) {
            found = question.points.contains(&"大会表决".to_owned());
        }
    }
    assert!(found, "{id} is not about 大会表决");
    // By an address as the browser writes it.
    session.goto_hash("/practice/point/%E8%A1%A8%E5%86%B3").await;
    session.wait_text("h1", "知识点“表决”").await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
    session.assert_same_origin().await;
}

/// A mark touches nothing that has been chosen; hidden questions are not asked again until they are
/// shown again; doubts are listed with their notes; all of it survives a reload.
#[tokio::test]
async fn marks_are_kept() {
    let session = Session::open(Browser::Firefox).await;
    let questions = bank(&session, "chengxu").await;
    session.goto_hash("/practice/lesson/chengxu-overview").await;
    let first = present(&session).await;
    let count: usize = session.text("[data-testid=count]").await.parse().unwrap();
    session
        .eval("window.before = document.querySelector('.quiz')")
        .await;
    session.click("[data-mark=favourite]").await;
    session.wait("[data-mark=favourite][aria-pressed=true]").await;
    session.click(".doubt summary").await;
    session.fill("#mark-note", "两个选项<都>对").await;
    session.click("[data-mark=doubtful]").await;
    session.wait_text("#marks-said", "已记为存疑").await;
    session
        .wait_eval("return window.before === document.querySelector('.quiz')")
        .await;
    // Hiding an open question goes on to the next.
    session.click("[data-mark=hidden]").await;
    session
        .wait_eval(&format!(
            "return document.querySelector('[data-question]').dataset.question !== '{first}'"
        ))
        .await;
    answer(&session, &questions, true).await;
    session.wait_text(".saving", "已保存").await;
    session.reload().await;
    session.wait("[data-question]").await;
    assert_eq!(session.text("[data-testid=count]").await, (count - 1).to_string());
    session.goto_hash("/practice/doubtful").await;
    session
        .wait_text(&format!("[data-marked='{first}']"), "您的说明：两个选项<都>对")
        .await;
    session.goto_hash("/practice/favourite").await;
    session.wait_text("main", "没有题可做").await;
    session.goto_hash("/practice/hidden").await;
    session
        .click(&format!("[data-do=unmark][data-question='{first}']"))
        .await;
    session.wait_text("main", "现在没有").await;
    session.goto_hash("/practice/favourite").await;
    assert_eq!(present(&session).await, first);
    assert_eq!(session.console_errors().await, Vec::<String>::new());
}

/// A long answer is still there after a reload and after another screen, and gone once it is given.
#[tokio::test]
async fn a_long_answer_is_not_lost() {
    let session = Session::open(Browser::Chromium).await;
    let questions = bank(&session, "chengxu").await;
    let short = questions
        .questions
        .iter()
        .find(|q| q.kind == Kind::Short)
        .unwrap();
    let lesson = short.place().0;
    let come = async || {
        session.goto_hash("/practice").await;
        session.wait(".module-card").await;
        session.goto_hash(&format!("/practice/lesson/{lesson}")).await;
        // Pass over the others until it comes.
        while present(&session).await != short.id {
            answer(&session, &questions, true).await;
            session.click("[data-testid=next-question]").await;
        }
    };
    come().await;
    session
        .fill(".quiz textarea[data-draft]", "写到一半：\n<党章>")
        .await;
    session.reload().await;
    come().await;
    let text = "return document.querySelector('.quiz textarea[data-draft]').value";
    assert_eq!(session.eval(text).await, "写到一半：\n<党章>");
    session.click("[data-testid=submit-answer]").await;
    session.wait(".points[open]").await;
    session.click("[data-testid=submit-answer]").await;
    session.wait("[data-testid=result]").await;
    assert_eq!(session.eval(text).await, "写到一半：\n<党章>");
    session.wait_text(".saving", "已保存").await;
    let kept = session
        .eval("return Object.keys(localStorage).filter(key => key.startsWith('xuedang.draft.'))")
        .await;
    assert_eq!(kept, serde_json::json!([]));
}

async fn press(session: &Session, keys: &[char]) {
    let mut actions = KeyActions::new("keyboard".into());
    for value in keys.iter().copied() {
        actions = actions
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value });
    }
    session.client().perform_actions(actions).await.unwrap();
}

/// Single keys do nothing until they are switched on in the settings; then they answer. Marking in
/// part shows what fewer options earn, and is wrong all the same.
#[tokio::test]
async fn single_keys_and_part_marks_are_asked_for() {
    let session = Session::open(Browser::Chromium).await;
    let questions = bank(&session, "chengxu").await;
    session.goto_hash("/practice/lesson/chengxu-overview").await;
    session.wait(".stem").await;
    session.eval("document.querySelector('.stem').focus()").await;
    press(&session, &['1', 'b', Key::Enter.into()]).await;
    assert_eq!(
        session
            .texts(".quiz input:checked, [data-testid=result], .error")
            .await,
        Vec::<String>::new()
    );
    session.goto_hash("/settings").await;
    session.click("[data-testid=keys-on]").await;
    session.click("[data-testid=scoring-partial]").await;
    session.goto_hash("/practice/module/chengxu").await;
    let mut seen = false;
    for _ in 0..60 {
        let id = present(&session).await;
        let question = questions.question(&id).unwrap();
        if question.kind != Kind::Multiple {
            answer(&session, &questions, true).await;
            session.eval("document.querySelector('.result').focus()").await;
            press(&session, &[Key::Enter.into()]).await;
            session
                .wait_eval(&format!(
                    "return document.querySelector('[data-question]').dataset.question !== '{id}'"
                ))
                .await;
            continue;
        }
        // One right option by its letter, Enter, and what it earns.
        let place = session
            .eval("return [...document.querySelectorAll('.quiz .options input')].map(input => input.value)")
            .await;
        let at = place
            .as_array()
            .unwrap()
            .iter()
            .position(|key| key == question.answer[0].as_str())
            .unwrap();
        session.eval("document.querySelector('.stem').focus()").await;
        press(&session, &[char::from(b'a' + at as u8), Key::Enter.into()]).await;
        session.wait("[data-testid=result][data-correct=false]").await;
        let earned = format!("得 1/{} 分", question.answer.len());
        session.wait_text("[data-testid=share]", &earned).await;
        seen = true;
        break;
    }
    assert!(seen, "no multiple choice came");
    assert_eq!(session.console_errors().await, Vec::<String>::new());
}

/// Reading counts while something is done, and is written when the lesson is left.
#[tokio::test]
async fn reading_time_is_noted_and_explained() {
    let session = Session::open(Browser::Chromium).await;
    session.goto_hash("/lesson/lishi-founding").await;
    session.wait("[data-testid=finish-lesson]").await;
    tokio::time::sleep(std::time::Duration::from_millis(5_500)).await;
    session.eval("window.scrollBy(0, 200)").await;
    session.goto_hash("/").await;
    session.wait_text(".saving", "已保存").await;
    session.wait_text("[data-testid=time-spent]", "1 分钟").await;
    session.click("details.time summary").await;
    session.wait_text("details.time", "不计入").await;
    session.reload().await;
    session.goto_hash("/lesson/lishi-founding").await;
    session
        .wait_text(".lesson-head [data-testid=time-spent]", "1 分钟")
        .await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
}
