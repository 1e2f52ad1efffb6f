//! Nobody is kept out: axe-core finds no barrier on any screen, light and dark, on a phone; and one
//! item of every kind is answered by the keyboard alone.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod steps;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::Value;
use std::collections::BTreeSet;
use steps::{answer, bank, barriers, response};
use xuedang::domain::course::QuestionBank;
use xuedang::domain::question::{Kind, Question};
use xuedang_e2e::{Browser, Session};

/// Lessons that have questions of all kinds between them.
const LESSONS: [&str; 4] = [
    "chengxu-overview",
    "chengxu-apply",
    "chengxu-cultivate",
    "chengxu-prospect",
];

/// Collects what axe-core finds, so that one run names everything.
#[derive(Default)]
struct Axe {
    found: Vec<String>,
}

impl Axe {
    /// Looks at the screen as it is now.
    async fn look(&mut self, session: &Session, screen: &str) {
        let found = barriers(session).await;
        let found = found.iter().map(|barrier| format!("{screen}: {barrier}"));
        self.found.extend(found);
    }

    async fn look_at(&mut self, session: &Session, hash: &str, theme: &str) {
        session.goto_hash(hash).await;
        session.wait("main h1").await;
        session.wait_gone("main .waiting").await;
        self.look(session, &format!("{hash} ({theme})")).await;
    }

    fn end(&self) {
        assert!(
            self.found.is_empty(),
            "{} barriers:\n{}",
            self.found.len(),
            self.found.join("\n")
        );
    }
}

/// A phone in that theme, with every kind of thing in its journal.
async fn phone(theme: &str) -> Session {
    let session = Session::open(Browser::Chromium).await;
    session.set_size(390, 844).await;
    let prefs =
        format!("localStorage.setItem('xuedang.prefs', '{{\"theme\":\"{theme}\",\"partial\":true}}')");
    session.eval(&prefs).await;
    session.reload().await;
    session.wait("[data-testid=resume]").await;
    session
}

async fn screens(theme: &str) {
    let session = phone(theme).await;
    let mut axe = Axe::default();
    axe.look_at(&session, "/", theme).await;
    axe.look_at(&session, "/practice", theme).await;
    // Something read, answered wrongly and marked, so that no list is empty.
    session.goto_hash("/lesson/chengxu-overview").await;
    session.click("[data-testid=finish-lesson]").await;
    axe.look_at(&session, "/lesson/chengxu-overview", theme).await;
    let questions = bank(&session, "chengxu").await;
    session.goto_hash("/practice/lesson/chengxu-overview").await;
    for mark in ["favourite", "doubtful"] {
        session.wait("[data-question]").await;
        if mark == "doubtful" {
            session.click(".doubt summary").await;
            session.fill("#mark-note", "两个选项都对").await;
        }
        session.click(&format!("[data-mark={mark}]")).await;
    }
    axe.look(&session, &format!("marks ({theme})")).await;
    answer(&session, &questions, false).await;
    session.click("[data-testid=next-question]").await;
    session.click("[data-mark=hidden]").await;
    session.wait_text(".saving", "已保存").await;
    for hash in [
        "/",
        "/module/chengxu",
        "/practice",
        "/practice/doubtful",
        "/practice/hidden",
        "/practice/wrong",
        "/timeline",
        "/glossary",
        "/procedure",
        "/whom",
        "/sources",
        "/groups",
        "/more",
        "/help",
    ] {
        axe.look_at(&session, hash, theme).await;
    }
    session.goto_hash("/search").await;
    session.fill("input[type=search]", "党章").await;
    session.wait(".hits li").await;
    axe.look(&session, &format!("/search ({theme})")).await;
    for hash in ["/settings", "/log", "/mentors", "/record"] {
        axe.look_at(&session, hash, theme).await;
    }
    session.click("[data-testid=reports] > summary").await;
    session.fill("[data-testid=report-title]", "思想汇报").await;
    session.click("[data-testid=save-report]").await;
    session.wait("[data-report]").await;
    axe.look(&session, &format!("thought reports ({theme})")).await;
    signing(&session, &mut axe, theme).await;
    for hash in ["/mistakes", "/mastery", "/plan", "/banks", "/exam"] {
        axe.look_at(&session, hash, theme).await;
    }
    exams(&session, &mut axe, theme).await;
    axe.end();
}

/// A key of one's own, a record that holds and one that does not, and a key that is written down.
async fn signing(session: &Session, axe: &mut Axe, theme: &str) {
    axe.look_at(session, "/verify", theme).await;
    for way in ["verify-paste-open", "verify-camera-open"] {
        session.click(&format!("[data-testid={way}]")).await;
    }
    let folder = steps::scratch(&format!("access-{theme}"));
    let text = steps::signed_record();
    for (name, text) in [
        ("holds", text.clone()),
        ("fails", text.replacen("认真", "一般", 1)),
    ] {
        let file = folder.join(format!("{name}.json"));
        std::fs::write(&file, text).unwrap();
        session.upload("[data-testid=verify]", &[&file]).await;
        let holds = if name == "holds" { "yes" } else { "no" };
        session
            .wait(&format!("[data-testid=proofs][data-holds={holds}]"))
            .await;
        axe.look(session, &format!("/verify: {name} ({theme})")).await;
    }
    session.goto_hash("/verify").await;
    let file = folder.join("holds.json");
    session.upload("[data-testid=verify]", &[&file]).await;
    session.click("[data-testid=confirm-key]").await;
    session.wait("#contact-form").await;
    axe.look(session, &format!("/verify: a contact ({theme})")).await;
    session.click("#cancel-contact").await;
    axe.look_at(session, "/keys", theme).await;
    session.click("[data-testid=make-key]").await;
    session.wait("[data-testid=key-code] svg").await;
    session.fill("#key-backup-passphrase", "12345678").await;
    session.click("#save-key-backup").await;
    session.wait("#key-backup-again-error").await;
    axe.look(session, &format!("/keys: a key ({theme})")).await;
}

/// A mock exam of one's own: its form, begun, paused, as a whole, handed in, and on paper.
async fn exams(session: &Session, axe: &mut Axe, theme: &str) {
    session.click("[data-do=edit]").await;
    session.fill("#exam-name", "小考").await;
    session.fill("#exam-minutes", "30").await;
    session.click("label:has(#exam-pause)").await;
    axe.look(session, &format!("form of an exam ({theme})")).await;
    session.click("[data-testid=save-exam]").await;
    session.wait_gone("#exam-form").await;
    session.click("li[data-at='3'] [data-do=begin]").await;
    session.wait(".answer-sheet").await;
    axe.look(session, &format!("exam ({theme})")).await;
    session.click("[data-do=pause]").await;
    session.wait("[data-do=resume]").await;
    axe.look(session, &format!("paused exam ({theme})")).await;
    session.click("[data-do=resume]").await;
    session.wait(".answer-sheet").await;
    session.click("[data-do=whole]").await;
    axe.look(session, &format!("whole exam ({theme})")).await;
    session.click("[data-do=hand-in]").await;
    session.wait("[data-testid=hand-in]").await;
    axe.look(session, &format!("exam to be handed in ({theme})"))
        .await;
    session.click("[data-testid=hand-in]").await;
    session.wait("[data-testid=exam-result]").await;
    axe.look(session, &format!("exam handed in ({theme})")).await;
    let address = session.eval("return location.hash").await;
    for paper in ["print", "key"] {
        axe.look_at(session, &format!("{}/{paper}", address.as_str().unwrap()), theme)
            .await;
    }
    axe.look_at(session, "/exam", theme).await;
}

#[tokio::test]
async fn no_screen_has_a_barrier_when_light() {
    screens("light").await;
}

#[tokio::test]
async fn no_screen_has_a_barrier_when_dark() {
    screens("dark").await;
}

/// Every kind of question, before it is answered and after, rightly and wrongly.
async fn every_kind(theme: &str) {
    let session = phone(theme).await;
    let questions = bank(&session, "chengxu").await;
    let mut axe = Axe::default();
    let mut wanted: BTreeSet<(Kind, bool)> = Kind::ALL
        .into_iter()
        .flat_map(|kind| [(kind, true), (kind, false)])
        .collect();
    for lesson in LESSONS.into_iter().chain(LESSONS) {
        session.goto_hash(&format!("/practice/lesson/{lesson}")).await;
        session.wait("[data-question]").await;
        let count: usize = session.text("[data-testid=count]").await.parse().unwrap();
        for _ in 0..count {
            let kind = present(&session, &questions).await.kind;
            let rightly = wanted.contains(&(kind, true));
            if wanted.remove(&(kind, rightly)) {
                if rightly {
                    axe.look(&session, &format!("{} before ({theme})", kind.label()))
                        .await;
                }
                answer(&session, &questions, rightly).await;
                axe.look(&session, &format!("{} after, {rightly} ({theme})", kind.label()))
                    .await;
            } else {
                answer(&session, &questions, true).await;
            }
            session.click("[data-testid=next-question]").await;
        }
        session.wait("[data-testid=summary]").await;
        axe.look(&session, &format!("summary ({theme})")).await;
        if wanted.is_empty() {
            break;
        }
        // The next lesson begins afresh.
        session.goto_hash("/practice").await;
        session.wait(".module-card").await;
    }
    assert_eq!(wanted, BTreeSet::new(), "kinds that no lesson had");
    axe.end();
}

#[tokio::test]
async fn no_question_has_a_barrier_when_light() {
    every_kind("light").await;
}

#[tokio::test]
async fn no_question_has_a_barrier_when_dark() {
    every_kind("dark").await;
}

/// The question on screen.
async fn present<'a>(session: &Session, bank: &'a QuestionBank) -> &'a Question {
    session.wait("[data-testid=submit-answer]").await;
    let id = session
        .eval("return document.querySelector('[data-question]').dataset.question")
        .await;
    bank.question(id.as_str().unwrap()).unwrap()
}

/// Presses keys one after another, through WebDriver's actions only.
async fn press(session: &Session, keys: impl IntoIterator<Item = char>) {
    let mut actions = KeyActions::new("keyboard".into());
    for value in keys {
        actions = actions
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value });
    }
    session.client().perform_actions(actions).await.unwrap();
}

async fn tab(session: &Session) {
    press(session, [Key::Tab.into()]).await;
}

/// Goes on by Tab until what has the focus matches.
async fn tab_to(session: &Session, css: &str) {
    for _ in 0..60 {
        let there = format!("return document.activeElement.matches({})", Value::from(css));
        if session.eval(&there).await == true {
            return;
        }
        tab(session).await;
    }
    panic!("Tab never came to {css}");
}

/// What has the focus can be seen to have it.
async fn assert_focus_shows(session: &Session) {
    let shows = session
        .eval(
            "const ringed = element => { const style = getComputedStyle(element); return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0; };
             const here = document.activeElement;
             return ringed(here) || (here.closest('.option') !== null && ringed(here.closest('.option')));",
        )
        .await;
    assert_eq!(shows, true, "the focus does not show");
}

/// Answers the question on screen rightly, by Tab, Space, arrows, Enter and letters.
async fn answer_by_keyboard(session: &Session, question: &Question) {
    let given = response(question, true);
    let (space, enter, down): (char, char, char) = (' ', Key::Enter.into(), Key::Down.into());
    match question.kind {
        Kind::Single | Kind::Judge => {
            tab_to(session, ".quiz input[type=radio]").await;
            assert_focus_shows(session).await;
            press(session, [space]).await;
            for _ in 0..6 {
                let chosen = session
                    .eval("return document.querySelector('.quiz input:checked').value")
                    .await;
                if chosen == given[0].as_str() {
                    break;
                }
                press(session, [down]).await;
            }
        }
        Kind::Multiple => {
            let all = session
                .eval("return [...document.querySelectorAll('.quiz fieldset > .options input')].map(input => input.value)")
                .await;
            for key in all.as_array().unwrap() {
                tab_to(
                    session,
                    &format!(".quiz input[value='{}']", key.as_str().unwrap()),
                )
                .await;
                if given.iter().any(|wanted| key == wanted.as_str()) {
                    press(session, [space]).await;
                }
            }
        }
        Kind::Fill => {
            for (at, text) in given.iter().enumerate() {
                tab_to(session, &format!(".answers label:nth-of-type({}) input", at + 1)).await;
                press(session, text.chars()).await;
            }
        }
        Kind::Order => {
            for (place, key) in given.iter().enumerate() {
                let button = format!(".order > li[data-key='{key}'] [data-do=up]");
                let at = "return [...document.querySelectorAll('.order > li')].findIndex(item => item.dataset.key === ";
                let at = session.eval(&format!("{at}'{key}')")).await.as_u64().unwrap();
                if at > place as u64 {
                    // From the top again: the items have moved.
                    session.eval("document.querySelector('.stem').focus()").await;
                    tab_to(session, &button).await;
                    // The button keeps the focus while its item moves.
                    for _ in place as u64..at {
                        press(session, [enter]).await;
                    }
                    session
                        .wait_text("#question-complaint", &format!("第 {} 项", place + 1))
                        .await;
                }
            }
        }
        Kind::Match => {
            for (at, key) in given.iter().enumerate() {
                tab_to(session, &format!(".answers label:nth-of-type({}) select", at + 1)).await;
                for _ in 0..9 {
                    if session.eval("return document.activeElement.value").await == key.as_str() {
                        break;
                    }
                    press(session, [down]).await;
                }
            }
        }
        Kind::Short => {
            tab_to(session, ".quiz textarea").await;
            press(session, given[0].chars()).await;
            tab_to(session, ".points summary").await;
            press(session, [enter]).await;
            for key in &given[1..] {
                tab_to(session, &format!(".points input[value='{key}']")).await;
                press(session, [space]).await;
            }
        }
    }
    tab_to(session, "[data-testid=submit-answer]").await;
    assert_focus_shows(session).await;
    press(session, [enter]).await;
    session
        .wait("[data-testid=result][data-correct=true]:focus")
        .await;
}

/// From the first screen to the last answer without touching a pointer.
#[tokio::test]
async fn every_kind_is_answered_by_the_keyboard_alone() {
    let session = Session::open(Browser::Chromium).await;
    session.wait("[data-testid=resume]").await;
    let questions = bank(&session, "chengxu").await;
    let enter: char = Key::Enter.into();
    let mut wanted: BTreeSet<Kind> = Kind::ALL.into();
    for lesson in LESSONS {
        // The address bar is a keyboard's too; on the first round the way leads through the page.
        if lesson == LESSONS[0] {
            tab_to(&session, ".tab[href='#/practice']").await;
            press(&session, [enter]).await;
            session.wait("[data-module=chengxu] details").await;
            tab_to(&session, "[data-module=chengxu] details:first-of-type > summary").await;
            press(&session, [enter]).await;
            tab_to(&session, &format!("a[href='#/practice/lesson/{lesson}']")).await;
            press(&session, [enter]).await;
        } else {
            session.goto_hash(&format!("/practice/lesson/{lesson}")).await;
        }
        session.wait("[data-question]").await;
        let count: usize = session.text("[data-testid=count]").await.parse().unwrap();
        for number in 1..=count {
            let question = present(&session, &questions).await;
            answer_by_keyboard(&session, question).await;
            wanted.remove(&question.kind);
            tab_to(&session, "[data-testid=next-question]").await;
            press(&session, [enter]).await;
            if number < count {
                session.wait(".stem:focus").await;
            }
        }
        session.wait("#sitting-summary:focus").await;
        if wanted.is_empty() {
            break;
        }
    }
    assert_eq!(wanted, BTreeSet::new(), "kinds that no lesson had");
    assert_eq!(session.console_errors().await, Vec::<String>::new());
}
