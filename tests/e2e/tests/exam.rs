//! Mock exams in a browser: nothing of one is lost, whatever happens to the page or the clock, and
//! it is worth what the domain says.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod steps;

use std::time::Instant;

use serde_json::Value;
use steps::{bank, figures, fill_in, response};
use xuedang::domain::course::{QuestionBank, QuestionRef};
use xuedang::domain::question::{Kind, Question};
use xuedang::domain::study::EventId;
use xuedang::domain::study::exam::blueprint::{Blueprint, Part, presets};
use xuedang::domain::study::exam::marks::{Score, marks};
use xuedang::domain::study::exam::{Begun, Exam};
use xuedang::domain::time::Moment;
use xuedang_e2e::{Browser, Session};

/// The questions of the whole course.
async fn banks(session: &Session) -> Vec<QuestionBank> {
    let modules = session
        .eval(
            "const request = new XMLHttpRequest();
             request.open('GET', document.querySelector('meta[name=xuedang-catalogue]').content, false);
             request.send();
             return JSON.parse(request.responseText).modules.map(module => module.id);",
        )
        .await;
    let mut banks = Vec::new();
    for module in modules.as_array().unwrap() {
        banks.push(bank(session, module.as_str().unwrap()).await);
    }
    banks
}

/// The question on screen.
async fn present<'a>(session: &Session, banks: &'a [QuestionBank]) -> &'a Question {
    session.wait("[data-question]").await;
    let id = session
        .eval("return document.querySelector('[data-question]').dataset.question")
        .await;
    let id = id.as_str().unwrap();
    banks.iter().find_map(|bank| bank.question(id)).unwrap()
}

/// Goes to an item of the paper, from 0.
async fn go(session: &Session, at: usize) {
    session.click(&format!(".answer-sheet [data-item='{at}']")).await;
    session
        .wait_text("[data-testid=position]", &(at + 1).to_string())
        .await;
}

async fn count(session: &Session, state: &str) -> u64 {
    session
        .eval(&format!(
            "return document.querySelectorAll('.answer-sheet [data-state={state}]').length"
        ))
        .await
        .as_u64()
        .unwrap()
}

async fn wait_count(session: &Session, state: &str, count: usize) {
    session
        .wait_eval(&format!(
            "return document.querySelectorAll('.answer-sheet [data-state={state}]').length === {count}"
        ))
        .await;
}

/// Seconds left on the page.
async fn left(session: &Session) -> i64 {
    session
        .wait_eval("return /^[1-9]|[1-9]$/.test(document.querySelector('#exam-left')?.textContent ?? '')")
        .await;
    let text = session.text("#exam-left").await;
    let (minutes, seconds) = text.split_once(':').unwrap();
    minutes.parse::<i64>().unwrap() * 60 + seconds.parse::<i64>().unwrap()
}

/// What the domain says of a paper answered so.
fn score(blueprint: &Blueprint, answered: &[(&Question, Vec<String>)]) -> Score {
    let begun = Begun {
        id: EventId("0".repeat(26)),
        blueprint: blueprint.clone(),
        items: answered
            .iter()
            .map(|(question, _)| QuestionRef {
                id: question.id.clone(),
                hash: question.content_hash(),
                points: Vec::new(),
            })
            .collect(),
        seed: 0,
        paper: false,
    };
    let mut exam = Exam::new(&begun, Moment { ms: 0, tz: 0 });
    for (item, (_, chosen)) in exam.given.iter_mut().zip(answered) {
        item.chosen.clone_from(chosen);
    }
    let find = |id: &str| {
        let mut all = answered.iter().map(|(question, _)| *question);
        all.find(|question| question.id == id)
    };
    exam.clock.marks = marks(&exam, &find);
    exam.score()
}

/// An exam of 60 items: reload in the middle, the tab closed, the clock set back an hour.
#[tokio::test]
async fn an_exam_of_sixty_survives_everything() {
    let session = Session::open(Browser::Chromium).await;
    let banks = banks(&session).await;
    session.goto_hash("/exam").await;
    session.click("[data-do=begin]").await;
    session.wait(".answer-sheet").await;
    let address = session.eval("return location.hash").await;
    let address = address.as_str().unwrap().to_owned();
    let mut answered: Vec<(&Question, Vec<String>)> = Vec::new();
    for at in 0..60 {
        match at {
            20 => {
                session.reload().await;
                session.wait(".answer-sheet").await;
                assert_eq!(count(&session, "done").await, 20);
            }
            30 => {
                let before = session.open_tab().await;
                let now = session.client().window().await.unwrap();
                session.switch_to(&before).await;
                session.client().close_window().await.unwrap();
                session.switch_to(&now).await;
                session.goto_hash(&address).await;
                session.wait(".answer-sheet").await;
                assert_eq!(count(&session, "done").await, 30);
            }
            40 => {
                let before = left(&session).await;
                session.shift_clock(-3_600_000).await;
                tokio::time::sleep(std::time::Duration::from_secs(2)).await;
                let on_the_page = left(&session).await;
                assert!(on_the_page < before, "{on_the_page} of {before}");
                session.reload().await;
                session.wait(".answer-sheet").await;
                let after = left(&session).await;
                // No more than the seconds since the last note.
                assert!(
                    after <= on_the_page + 4 && after > on_the_page - 30,
                    "{after} of {on_the_page}"
                );
                assert_eq!(count(&session, "done").await, 40);
            }
            _ => {}
        }
        go(&session, at).await;
        let question = present(&session, &banks).await;
        if at == 4 {
            session.click("[data-do=flag]").await;
            session.wait("#flag-4[aria-pressed=true]").await;
        }
        if at == 59 {
            answered.push((question, vec![]));
            break;
        }
        let chosen = response(question, at % 3 != 0);
        fill_in(&session, question, &chosen).await;
        wait_count(&session, "done", at + 1).await;
        answered.push((question, chosen));
    }
    // Nothing counts before the submission.
    assert_eq!(
        session.texts(".verdict, .result").await,
        Vec::<String>::new(),
        "answers shown too early"
    );
    session.click("[data-do=hand-in]").await;
    session.wait_text("dialog", "还有 1 题没有答完：第 60 题").await;
    session.wait_text("dialog", "标记了 1 题").await;
    session.click("[data-testid=hand-in]").await;
    session.wait("[data-testid=exam-result]").await;
    let expected = score(&presets()[0].0, &answered);
    assert_eq!(session.text("[data-testid=exam-score]").await, expected.won());
    let halves = session
        .eval("return [...document.querySelectorAll('[data-mark]')].reduce((sum, item) => sum + Number(item.dataset.mark), 0)")
        .await;
    assert_eq!(halves, Value::from(expected.halves));
    session.wait_text(".saving", "已保存").await;
    session.reload().await;
    session.wait("[data-testid=exam-result]").await;
    assert_eq!(session.text("[data-testid=exam-score]").await, expected.won());
    // Each is an ordinary answer now.
    session.goto_hash("/").await;
    session.wait("[data-scope=total]").await;
    session
        .wait_eval("return document.querySelector('[data-scope=total] [data-figure=answered]')?.textContent === '59'")
        .await;
    let shown = figures(&session, "total").await;
    let right = answered
        .iter()
        .filter(|(question, chosen)| question.grade(chosen) == Ok(true));
    assert_eq!((shown.attempts, shown.correct), (59, right.count() as u32));
    session.goto_hash("/exam").await;
    session.wait_text("tr[data-exam]", &expected.won()).await;
    session.wait(".exam-chart").await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
    session.assert_same_origin().await;
}

/// Makes a blueprint of one's own: so many of each kind, two points each; partial; with pause.
async fn own_blueprint(session: &Session, count: u32, minutes: &str) -> Blueprint {
    session.goto_hash("/exam").await;
    session.click("[data-do=edit]").await;
    session.fill("#exam-name", "小考").await;
    let mut parts = Vec::new();
    for kind in Kind::ALL {
        session
            .fill(&format!("#exam-count-{}", kind.code()), &count.to_string())
            .await;
        session.fill(&format!("#exam-points-{}", kind.code()), "2").await;
        parts.push(Part {
            kind,
            count,
            points: 2,
        });
    }
    session.fill("#exam-minutes", minutes).await;
    session.fill("#exam-pass", "999").await;
    session.click("label:has(#exam-partial)").await;
    session.click("label:has(#exam-pause)").await;
    session.click("[data-testid=save-exam]").await;
    session.wait_text("#exam-wrong", "及格分不能超过满分").await;
    session.fill("#exam-pass", "3").await;
    session.click("[data-testid=save-exam]").await;
    session.wait_gone("#exam-form").await;
    Blueprint {
        name: "小考".into(),
        parts,
        minutes: minutes.parse().unwrap(),
        pass: 3,
        weights: vec![],
        partial: true,
        pause: true,
    }
}

/// Every kind is answered, comes back after a reload, and shows in a second tab, which answers too.
async fn every_kind(browser: Browser) {
    let session = Session::open(browser).await;
    session.set_size(390, 844).await;
    let banks = banks(&session).await;
    let blueprint = own_blueprint(&session, 1, "30").await;
    session.click("li[data-at='3'] [data-do=begin]").await;
    session.wait(".answer-sheet").await;
    let address = session.eval("return location.hash").await;
    let mut answered = Vec::new();
    for at in 0..7 {
        go(&session, at).await;
        let question = present(&session, &banks).await;
        let mut chosen = response(question, true);
        if question.kind == Kind::Multiple {
            chosen.truncate(1);
        }
        fill_in(&session, question, &chosen).await;
        wait_count(&session, "done", at + 1).await;
        answered.push((question, chosen));
    }
    session.wait_text(".saving", "已保存").await;
    session.reload().await;
    wait_count(&session, "done", 7).await;
    for (at, (question, chosen)) in answered.iter().enumerate() {
        go(&session, at).await;
        let restored = session
            .eval("return [...document.querySelectorAll('.quiz [data-text], .quiz input:checked, .order > li')].map(found => 'text' in found.dataset ? found.value : found.dataset.key ?? found.value)")
            .await;
        let mut restored: Vec<String> = serde_json::from_value(restored).unwrap();
        let mut chosen = chosen.clone();
        if question.kind == Kind::Multiple {
            restored.sort();
            chosen.sort();
        }
        assert_eq!(restored, chosen, "{:?}", question.kind);
    }
    // The first item is on screen here while another tab answers it otherwise.
    go(&session, 0).await;
    let here = session.open_tab().await;
    session.goto_hash(address.as_str().unwrap()).await;
    wait_count(&session, "done", 7).await;
    go(&session, 0).await;
    let there_left = left(&session).await;
    let (question, right) = answered[0].clone();
    let other = response(question, false);
    fill_in(&session, question, &other).await;
    session.wait_text(".saving", "已保存").await;
    let there = session.client().window().await.unwrap();
    session.switch_to(&here).await;
    session
        .wait_eval(&format!(
            "return document.querySelector('.quiz input:checked').value === '{}'",
            other[0]
        ))
        .await;
    let here_left = left(&session).await;
    assert!(
        (there_left - here_left).abs() <= 5,
        "{there_left} and {here_left}"
    );
    fill_in(&session, question, &right).await;
    // Paused here is paused there, and stays so over a reload.
    session.click("[data-do=pause]").await;
    session.wait_text("main", "已暂停").await;
    session.switch_to(&there).await;
    session.wait_text("main", "已暂停").await;
    session.reload().await;
    session.wait_text("main", "已暂停").await;
    session.click("[data-do=resume]").await;
    session.wait(".answer-sheet").await;
    session.switch_to(&here).await;
    session.wait(".answer-sheet").await;
    // All on one page; what is chosen there is kept as well.
    session.click("[data-do=whole]").await;
    session
        .wait_eval("return document.querySelectorAll('[data-question]').length === 7")
        .await;
    session.click("[data-do=hand-in]").await;
    session.wait_text("dialog", "每道题都答了").await;
    session.click("[data-testid=hand-in]").await;
    session.wait("[data-testid=exam-result]").await;
    let expected = score(&blueprint, &answered);
    assert_eq!(expected.halves, 7 * 4 - 2);
    assert_eq!(session.text("[data-testid=exam-score]").await, expected.won());
    session.switch_to(&there).await;
    session.wait("[data-testid=exam-result]").await;
    // The paper and its key.
    session.click_text("a", "打印空白卷").await;
    session
        .wait_eval("return document.querySelectorAll('.paper > section > ol > li').length === 7")
        .await;
    session.click_text("a", "看答案").await;
    session.wait_text(".paper h1", "参考答案").await;
    assert_eq!(session.console_errors().await, Vec::<String>::new());
    session.assert_same_origin().await;
}

#[tokio::test]
async fn every_kind_is_examined_in_chromium() {
    every_kind(Browser::Chromium).await;
}

#[tokio::test]
async fn every_kind_is_examined_in_firefox() {
    every_kind(Browser::Firefox).await;
}

/// Time is up on the page, and while nobody is there.
#[tokio::test]
async fn time_up_hands_in() {
    let session = Session::open(Browser::Chromium).await;
    let banks = banks(&session).await;
    let blueprint = own_blueprint(&session, 1, "1").await;
    for close in [false, true] {
        session.goto_hash("/exam").await;
        session.click("li[data-at='3'] [data-do=begin]").await;
        session.wait(".answer-sheet").await;
        let address = session.eval("return location.hash").await;
        let question = present(&session, &banks).await;
        let chosen = response(question, true);
        fill_in(&session, question, &chosen).await;
        session.wait_text(".saving", "已保存").await;
        if close {
            // An hour away from the page.
            session.goto_file("lessons/index.html").await;
            session.shift_clock(3_600_000).await;
            session.goto_hash(address.as_str().unwrap()).await;
        } else {
            // Most of the time passes elsewhere, the rest on the page.
            session.goto_file("lessons/index.html").await;
            session.shift_clock(45_000).await;
            session.goto_hash(address.as_str().unwrap()).await;
            session.wait(".answer-sheet").await;
            assert!(left(&session).await < 20);
        }
        session.wait("[data-testid=exam-result]").await;
        assert_eq!(
            session.text("[data-testid=exam-score]").await,
            score(&blueprint, &[(question, chosen)]).won()
        );
    }
    assert_eq!(session.console_errors().await, Vec::<String>::new());
}

/// What is left is said at ten, five and one minutes, and goes on while the page is frozen.
#[tokio::test]
async fn the_last_minutes_are_announced() {
    let session = Session::open(Browser::Chromium).await;
    own_blueprint(&session, 1, "11").await;
    session.goto_hash("/exam").await;
    session.click("li[data-at='3'] [data-do=begin]").await;
    session.wait(".answer-sheet").await;
    session.wait_text(".saving", "已保存").await;
    let address = session.eval("return location.hash").await;
    for minutes in [10, 5, 1] {
        let away = left(&session).await - minutes * 60 - 3;
        session.goto_file("lessons/index.html").await;
        session.shift_clock(away * 1_000).await;
        session.goto_hash(address.as_str().unwrap()).await;
        session.wait(".answer-sheet").await;
        session
            .wait_text("#exam-said", &format!("还剩 {minutes} 分钟"))
            .await;
    }
    let before = left(&session).await;
    session.freeze(true).await;
    let begun = Instant::now();
    session.open_tab().await;
    // Frozen for as long as another page takes to open.
    session.goto_hash("/plan").await;
    session.wait("[data-testid=plan-exam]").await;
    let frozen = begun.elapsed().as_secs() as i64;
    let tabs = session.client().windows().await.unwrap();
    session.switch_to(&tabs[0]).await;
    session.freeze(false).await;
    session
        .wait_eval(&format!(
            "return document.querySelector('#exam-left').textContent !== '' && (([m, s]) => m * 60 + +s)(document.querySelector('#exam-left').textContent.split(':')) <= {}",
            before - frozen
        ))
        .await;
    assert!(left(&session).await > 0);
}

/// A bank that has too few says so and begins nothing.
#[tokio::test]
async fn too_few_questions_are_refused() {
    let session = Session::open(Browser::Chromium).await;
    own_blueprint(&session, 1, "30").await;
    session.click("li[data-at='3'] [data-do=edit]").await;
    session.fill("#exam-count-order", "99").await;
    session.click("[data-testid=save-exam]").await;
    session.wait_gone("#exam-form").await;
    session.click("li[data-at='3'] [data-do=begin]").await;
    session.wait_text("[role=alert]", "排序题只有").await;
    assert_eq!(session.eval("return location.hash").await, "#/exam");
    session.click("li[data-at='3'] [data-do=remove]").await;
    session.click("[data-testid=remove-blueprint]").await;
    session.wait_gone("li[data-at='3']").await;
}
