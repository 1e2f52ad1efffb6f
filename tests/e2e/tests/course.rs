//! The course in a browser: every kind of question, the pages beside the lessons, one's own step
//! and groups, and that a reader fetches only what he reads.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod steps;

use std::collections::BTreeSet;
use steps::{answer, bank};
use xuedang::domain::question::Kind;
use xuedang_e2e::{Browser, Session};

/// One item of every kind answered rightly and one wrongly; all of it survives a reload.
async fn every_kind(browser: Browser) {
    let session = Session::open(browser).await;
    session.set_size(390, 844).await;
    let questions = bank(&session, "chengxu").await;
    // Lessons that have all kinds between them, each practised to its end.
    let mut wanted: BTreeSet<Kind> = Kind::ALL.into();
    let (mut answered, mut right) = (0, 0);
    for lesson in [
        "chengxu-overview",
        "chengxu-apply",
        "chengxu-cultivate",
        "chengxu-prospect",
    ] {
        let own: Vec<_> = questions
            .questions
            .iter()
            .filter(|question| question.place().0 == lesson)
            .collect();
        session.goto_hash(&format!("/practice/lesson/{lesson}")).await;
        for number in 0..own.len() {
            let rightly = number % 2 == 0;
            answer(&session, &questions, rightly).await;
            answered += 1;
            right += u32::from(rightly);
            session.click("[data-testid=next-question]").await;
        }
        session.wait("[data-testid=summary]").await;
        wanted.retain(|kind| own.iter().all(|question| question.kind != *kind));
        if wanted.is_empty() {
            break;
        }
    }
    assert_eq!(wanted, BTreeSet::new(), "kinds that no lesson had");
    session.goto_hash("/").await;
    session.reload().await;
    session.wait("[data-scope=total]").await;
    let shown = steps::figures(&session, "total").await;
    assert_eq!((shown.answered, shown.correct), (answered, right));
    assert_eq!(session.console_errors().await, Vec::<String>::new());
    session.assert_same_origin().await;
}

#[tokio::test]
async fn every_kind_is_answered_in_chromium() {
    every_kind(Browser::Chromium).await;
}

#[tokio::test]
async fn every_kind_is_answered_in_firefox() {
    every_kind(Browser::Firefox).await;
}

/// What an incomplete answer gets: a complaint, nothing lost, nothing noted.
#[tokio::test]
async fn an_incomplete_answer_is_not_taken() {
    let session = Session::open(Browser::Chromium).await;
    let questions = bank(&session, "chengxu").await;
    let fill = questions
        .questions
        .iter()
        .find(|question| question.kind == Kind::Fill && question.blanks.len() > 1)
        .unwrap();
    session
        .goto_hash(&format!("/practice/lesson/{}", fill.place().0))
        .await;
    // Pass over the others until it comes.
    loop {
        session.wait("[data-testid=submit-answer]").await;
        let here = session
            .eval("return document.querySelector('[data-question]').dataset.question")
            .await;
        if here == fill.id.as_str() {
            break;
        }
        answer(&session, &questions, true).await;
        session.click("[data-testid=next-question]").await;
    }
    session.fill(".answers label:nth-of-type(1) input", "十").await;
    session.click("[data-testid=submit-answer]").await;
    session.wait_text("#question-complaint", "还有没做完的地方").await;
    let kept = session
        .eval("return document.querySelector('.answers input').value")
        .await;
    assert_eq!(kept, "十");
    assert_eq!(session.texts("[data-testid=result]").await, Vec::<String>::new());
}

/// Reading costs the catalogue and the lesson: no other lesson, no questions, no index.
#[tokio::test]
async fn a_reader_fetches_only_what_he_reads() {
    let session = Session::open(Browser::Chromium).await;
    session.click("[data-testid=resume]").await;
    session.wait_text("main", "学习目标").await;
    session.click("[data-testid=finish-lesson]").await;
    session.wait_text(".saving", "已保存").await;
    let fetched = session
        .eval("return performance.getEntriesByType('resource').map(entry => entry.name).filter(name => name.includes('/content/')).map(name => name.split('/content/')[1].replace(/-[0-9a-f]{12}\\..*/, ''))")
        .await;
    let mut fetched: Vec<&str> = fetched
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|name| name.as_str())
        .collect();
    fetched.sort_unstable();
    fetched.dedup();
    assert_eq!(fetched, ["catalogue", "lesson-lishi-founding"]);
}

async fn shown(session: &Session, css: &str) -> u64 {
    let script = format!(
        "return [...document.querySelectorAll('{css}')].filter(element => element.checkVisibility()).length"
    );
    session.eval(&script).await.as_u64().unwrap()
}

/// The timeline zooms and filters, and lessons and events lead to each other.
#[tokio::test]
async fn the_timeline_zooms_and_filters() {
    let session = Session::open(Browser::Chromium).await;
    session.goto_hash("/timeline").await;
    session.wait(".event").await;
    let middle = shown(&session, ".event").await;
    session.click("label[for=zoom-1]").await;
    let far = shown(&session, ".event").await;
    session.click("label[for=zoom-3]").await;
    let near = shown(&session, ".event").await;
    let all = session
        .eval("return document.querySelectorAll('.event').length")
        .await
        .as_u64()
        .unwrap();
    assert!(
        far > 10 && far < middle && middle < near && near == all && all >= 120,
        "{far} {middle} {near} {all}"
    );
    session.click("label[for=sort-reform]").await;
    let reform = shown(&session, ".event").await;
    assert_eq!(reform, shown(&session, ".event[data-sort=reform]").await);
    assert!(reform > 0 && reform < near);
    // From a lesson to its event, which shows though the zoom would hide it, and back.
    session.goto_hash("/lesson/lishi-founding").await;
    // An event that no zoom but the nearest shows.
    let hidden = "a[href='#/timeline/e-1922-01-haiyuan']";
    session.click(hidden).await;
    session.wait(".event[data-level='3'][data-led]").await;
    session
        .click(".event[data-led] a[href='#/lesson/lishi-founding']")
        .await;
    session.wait("[data-lesson=lishi-founding]").await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
}

/// A person puts himself on the path, and is still there after a reload.
#[tokio::test]
async fn a_person_stands_on_the_path() {
    let session = Session::open(Browser::Chromium).await;
    session.goto_hash("/procedure").await;
    session.click("[data-step=mentor] [data-do=here]").await;
    session.wait("[data-step=mentor][aria-current=step]").await;
    session.wait_text(".saving", "已保存").await;
    session.reload().await;
    session.wait("[data-step=mentor][data-state=here]").await;
    let past = session
        .eval("return [...document.querySelectorAll('[data-state=past]')].map(step => step.dataset.step)")
        .await;
    assert_eq!(
        past,
        serde_json::json!(["apply", "talk", "recommend", "activist-record"])
    );
    // Once more takes it back.
    session.click("[data-step=mentor] [data-do=here]").await;
    session.wait_gone("[data-state=here]").await;
    // Both editions side by side.
    session.wait_text(".compare", "公示").await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
}

/// Three questions lead to the organisation and its clause; a term shows its note; groups come first.
#[tokio::test]
async fn guide_terms_and_groups() {
    let session = Session::open(Browser::Firefox).await;
    session.goto_hash("/whom").await;
    session.click_text("summary", "我要申请入党").await;
    session.click_text("summary", "农民工").await;
    session
        .click_text("summary", "在外务工，所在单位没有建立党组织")
        .await;
    session.wait_text(".ask-answer", "单位主管部门的党组织").await;
    session.wait_text(".ask-answer", "（八）").await;

    session.goto_hash("/lesson/chengxu-cultivate").await;
    session.wait(".term dfn").await;
    assert_eq!(shown(&session, ".term-note").await, 0);
    session.eval("document.querySelector('.term dfn').focus()").await;
    assert_eq!(shown(&session, ".term-note").await, 1);

    session.goto_hash("/groups").await;
    session.click("label:has([data-group=farmer])").await;
    session.wait_text(".saving", "已保存").await;
    session.goto_hash("/module/qunti").await;
    let first = session
        .eval("return document.querySelector('.lesson-row').dataset.lesson")
        .await;
    assert_eq!(first, "qunti-farmer");
    session.goto_hash("/practice/groups").await;
    session.wait("[data-question]").await;
    let questions = bank(&session, "qunti").await;
    let id = session
        .eval("return document.querySelector('[data-question]').dataset.question")
        .await;
    let question = questions.question(id.as_str().unwrap()).unwrap();
    assert!(question.tracks.contains(&"farmer".to_owned()) || question.place().0 == "qunti-farmer");
    assert_eq!(session.console_errors().await, Vec::<String>::new());
    session.assert_same_origin().await;
}

/// Search finds as one types, says what each result is, marks the words and leads there; what an
/// input method is still composing is not looked for.
#[tokio::test]
async fn search_finds_every_kind() {
    let session = Session::open(Browser::Chromium).await;
    session.goto_hash("/search").await;
    for (kind, text, address) in [
        ("课文", "民主集中制", "#/lesson/"),
        ("题目", "预备期", "#/lesson/"),
        ("词条", "民主集中制", "#/glossary/"),
        ("大事", "1935年1月", "#/timeline/"),
        ("流程", "政治审查", "#/procedure/step-"),
    ] {
        session.fill("[data-testid=search]", text).await;
        session.click(&format!("label[for=kind-{kind}]")).await;
        session
            .wait_eval(&format!(
                "const hits = [...document.querySelectorAll('.hits li')];
             return hits.length > 0
               && hits.every(hit => hit.querySelector('.chip').textContent === '{kind}')
               && hits.every(hit => hit.querySelector('a').getAttribute('href').startsWith('{address}'))
               && [...hits[0].querySelectorAll('mark')].some(mark => mark.textContent.includes('{text}'))"
            ))
            .await;
    }
    // The step itself, which a screen reader goes on from.
    session.click(".hit-title").await;
    session.wait(".step:focus").await;
    session.client().back().await.unwrap();
    session.wait(".hits li").await;

    session
        .eval(
            "const field = document.querySelector('#search');
             field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
             field.value = 'zunyi';
             field.dispatchEvent(new InputEvent('input', { bubbles: true }));",
        )
        .await;
    session.wait_text(".hits mark", "政治审查").await;
    session
        .eval(
            "const field = document.querySelector('#search');
             field.value = '遵义会议';
             field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));",
        )
        .await;
    session.wait_text(".hits mark", "遵义会议").await;
    session
        .fill("[data-testid=search]", "这几个字哪里都没有xyz")
        .await;
    session.wait_text(".shown [role=status]", "没有找到").await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
    session.assert_same_origin().await;
}
