//! Steps that several stories take, and the figures that must agree everywhere.
#![allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used)] // Each story uses some of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use xuedang::domain::course::QuestionBank;
use xuedang::domain::json::value_of;
use xuedang::domain::question::{Choice, Kind, Question};
use xuedang::domain::record::TrainingRecord;
use xuedang::domain::study::EventId;
use xuedang::domain::study::progress::CourseProgress;
use xuedang::domain::time::{Date, Env, Moment};
use xuedang::format::credential::key::SecretKey;
use xuedang::format::credential::{Statement, issue};
use xuedang::format::record::{open, seal, write};
use xuedang_e2e::Session;

/// The figures that appear on every screen and in every file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub lessons_read: u32,
    pub answered: u32,
    pub correct: u32,
    pub attempts: u32,
    /// Not on every screen; `None` where it is not shown.
    pub lessons: Option<u32>,
    pub questions: Option<u32>,
    pub accuracy: Option<u32>,
}

impl Figures {
    pub async fn expected(
        session: &Session,
        lessons_read: u32,
        answered: u32,
        correct: u32,
        attempts: u32,
    ) -> Self {
        let course = fetch(
            session,
            "document.querySelector('meta[name=xuedang-catalogue]').content",
        )
        .await;
        let lessons: Vec<&Value> = course["modules"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|module| module["lessons"].as_array().unwrap())
            .collect();
        let questions: u64 = lessons
            .iter()
            .map(|lesson| lesson["count"].as_u64().unwrap())
            .sum();
        Self {
            lessons_read,
            answered,
            correct,
            attempts,
            lessons: Some(lessons.len() as u32),
            questions: Some(questions as u32),
            accuracy: Some(correct * 100 / answered),
        }
    }

    pub fn of_record(record: &TrainingRecord) -> Self {
        let total = record.body.study.as_ref().unwrap().progress.total;
        Self {
            lessons_read: total.lessons_read,
            answered: total.answered,
            correct: total.correct,
            attempts: total.attempts,
            lessons: Some(total.lessons),
            questions: Some(total.questions),
            accuracy: total.accuracy(),
        }
    }

    fn of_map(map: &BTreeMap<String, u32>) -> Self {
        let get = |name: &str| map.get(name).copied();
        Self {
            lessons_read: get("lessons_read").unwrap_or_else(|| panic!("no lessons_read in {map:?}")),
            answered: get("answered").unwrap_or_else(|| panic!("no answered in {map:?}")),
            correct: get("correct").unwrap_or_else(|| panic!("no correct in {map:?}")),
            attempts: get("attempts").unwrap_or_else(|| panic!("no attempts in {map:?}")),
            lessons: get("lessons"),
            questions: get("questions"),
            accuracy: get("accuracy"),
        }
    }

    /// From a row of the register.
    pub async fn of_row(session: &Session, row: &str) -> Self {
        let script = format!(
            "return Object.fromEntries([...document.querySelectorAll(\"{row} td[data-col]\")].map(cell => [cell.dataset.col, cell.textContent.trim()]))"
        );
        Self::of_map(&numbers(&session.eval(&script).await))
    }

    /// From a line of CSV, by the headings that the screen has too.
    pub fn of_csv(head: &[String], row: &[String]) -> Self {
        let names = [
            ("lessons_read", "已读课数"),
            ("lessons", "总课数"),
            ("answered", "已答题数"),
            ("questions", "总题数"),
            ("correct", "最近答对"),
            ("accuracy", "答对率"),
            ("attempts", "累计作答"),
        ];
        let mut map = BTreeMap::new();
        for (name, heading) in names {
            let at = head.iter().position(|cell| cell.starts_with(heading));
            let at = at.unwrap_or_else(|| panic!("no column {heading} in {head:?}"));
            map.insert(name.to_owned(), row[at].trim_end_matches('%').parse().unwrap());
        }
        Self::of_map(&map)
    }

    /// From the paper: the line 合计 (已读／课数, 已答／题数, 最近答对, 累计作答) and below the table
    /// 最近答对率.
    pub fn of_paper(text: &str) -> Self {
        let mut lines = text.lines();
        let mut numbers = |sign: &str| -> Vec<u32> {
            let line = lines.find(|line| line.contains(sign));
            let line = line.unwrap_or_else(|| panic!("no {sign} on paper:\n{text}"));
            let parts = line.split(|c: char| !c.is_ascii_digit());
            parts
                .filter(|part| !part.is_empty())
                .map(|part| part.parse().unwrap())
                .collect()
        };
        // Firefox embeds some characters without their meaning; digits and signs are sound.
        let (total, below) = (numbers("合计"), numbers("%"));
        Self {
            lessons_read: total[0],
            lessons: Some(total[1]),
            answered: total[2],
            questions: Some(total[3]),
            correct: total[4],
            accuracy: Some(below[0]),
            attempts: total[5],
        }
    }
}

/// Compares what is shown with what was done; a figure that a screen does not show is no difference.
pub fn expect_figures(place: &str, found: &Figures, expected: &Figures) {
    let mut wanted = expected.clone();
    for (shown, want) in [
        (found.lessons, &mut wanted.lessons),
        (found.questions, &mut wanted.questions),
        (found.accuracy, &mut wanted.accuracy),
    ] {
        if shown.is_none() {
            *want = None;
        }
    }
    assert_eq!(*found, wanted, "the figures in {place}");
}

/// The figures on screen in that scope; where one is shown twice, both must be the same.
pub async fn figures(session: &Session, scope: &str) -> Figures {
    let script = format!(
        "const found = {{}};
         for (const element of document.querySelectorAll('[data-figure]')) {{
           if (element.closest('[data-scope]')?.dataset.scope !== '{scope}') continue;
           const name = element.dataset.figure, text = element.textContent.trim();
           if (name in found && found[name] !== text) found[name] = 'both ' + found[name] + ' and ' + text;
           else found[name] = text;
         }}
         return found;"
    );
    Figures::of_map(&numbers(&session.eval(&script).await))
}

fn numbers(value: &Value) -> BTreeMap<String, u32> {
    let known = [
        "lessons_read",
        "lessons",
        "answered",
        "questions",
        "correct",
        "attempts",
        "accuracy",
    ];
    let object = value.as_object().unwrap_or_else(|| panic!("no figures: {value}"));
    object
        .iter()
        .filter(|(name, text)| known.contains(&name.as_str()) && *text != "—")
        .map(|(name, text)| {
            let text = text.as_str().unwrap().trim_end_matches('%');
            (
                name.clone(),
                text.parse()
                    .unwrap_or_else(|_| panic!("{name} is no number: {text}")),
            )
        })
        .collect()
}

/// A file of the site, by the script expression of its path.
async fn fetch(session: &Session, path: &str) -> Value {
    session
        .eval(&format!(
            "const request = new XMLHttpRequest(); request.open('GET', {path}, false); request.send(); return JSON.parse(request.responseText);"
        ))
        .await
}

/// The questions of a module, as the site serves them.
pub async fn bank(session: &Session, module: &str) -> QuestionBank {
    let course = fetch(
        session,
        "document.querySelector('meta[name=xuedang-catalogue]').content",
    )
    .await;
    let modules = course["modules"].as_array().unwrap();
    let path = modules.iter().find(|found| found["id"] == module).unwrap()["bank"].clone();
    serde_json::from_value(fetch(session, &path.to_string()).await).unwrap()
}

/// A right or a wrong response to a question of any kind.
pub fn response(question: &Question, rightly: bool) -> Choice {
    let mut right: Choice = match question.kind {
        Kind::Fill => question.answer_in_words(),
        Kind::Match => question.options.keys().cloned().collect(),
        Kind::Short => {
            let keys = question.options.keys().cloned();
            std::iter::once("我的回答".to_owned()).chain(keys).collect()
        }
        _ => question.answer.clone(),
    };
    if rightly {
        return right;
    }
    match question.kind {
        Kind::Fill => right[0].push('错'),
        Kind::Order | Kind::Match => right.swap(0, 1),
        Kind::Short => right.truncate(1),
        Kind::Single | Kind::Multiple | Kind::Judge => {
            let keys = question.choices().into_iter().map(|(key, _)| key);
            let wrong: Choice = keys.filter(|key| !right.contains(key)).take(1).collect();
            // A multiple choice whose every option is right is answered wrongly by leaving one out.
            if wrong.is_empty() {
                right.truncate(1);
            } else {
                right = wrong;
            }
        }
    }
    right
}

/// Puts a response into the controls on screen, as a person would.
pub async fn fill_in(session: &Session, question: &Question, response: &Choice) {
    match question.kind {
        Kind::Fill => {
            for (at, text) in response.iter().enumerate() {
                let field = format!(".answers label:nth-of-type({}) input", at + 1);
                session.fill(&field, text).await;
            }
        }
        Kind::Match => {
            for (at, key) in response.iter().enumerate() {
                let field = format!(".answers label:nth-of-type({}) select", at + 1);
                session.choose(&field, key).await;
            }
        }
        Kind::Order => {
            // Each in turn moves up to its place.
            for (place, key) in response.iter().enumerate() {
                loop {
                    let at = session
                        .eval(&format!(
                            "return [...document.querySelectorAll('.order > li')].findIndex(item => item.dataset.key === '{key}')"
                        ))
                        .await;
                    if at == place {
                        break;
                    }
                    session
                        .click(&format!(".order > li[data-key='{key}'] [data-do=up]"))
                        .await;
                }
            }
        }
        Kind::Short => {
            session.fill(".quiz textarea", &response[0]).await;
            session.click(".points summary").await;
            for key in &response[1..] {
                session.click(&format!("input[name=option][value='{key}']")).await;
            }
        }
        Kind::Single | Kind::Multiple | Kind::Judge => {
            for key in response {
                session.click(&format!("input[name=option][value='{key}']")).await;
            }
        }
    }
}

/// Answers the question on screen, rightly or wrongly, and checks the verdict.
pub async fn answer(session: &Session, bank: &QuestionBank, rightly: bool) {
    session.wait("[data-testid=submit-answer]").await;
    let id = session
        .eval("return document.querySelector('[data-question]').dataset.question")
        .await;
    let question = bank
        .questions
        .iter()
        .find(|question| id == question.id.as_str())
        .unwrap();
    fill_in(session, question, &response(question, rightly)).await;
    session.click("[data-testid=submit-answer]").await;
    session
        .wait(&format!("[data-testid=result][data-correct={rightly}]"))
        .await;
}

/// Records of other people, made from one: other names, other ids, other figures.
pub fn others(record: &TrainingRecord, count: u32, folder: &Path) -> Vec<PathBuf> {
    (1..=count)
        .map(|number| {
            let mut body = record.body.clone();
            body.holder = EventId(format!("01J{number:023}"));
            body.person.name = Some(format!("学员{number:02}"));
            let study = body.study.as_mut().unwrap();
            for module in &mut study.progress.modules {
                let figures = &mut module.figures;
                figures.answered = number.min(figures.questions);
                figures.correct = figures.answered / 2;
                figures.attempts = figures.answered + number;
                figures.lessons_read = number % (figures.lessons + 1);
            }
            study.progress.total = CourseProgress::sum(&study.progress.modules);
            if let Some(time) = &mut body.time {
                time.answers = study.progress.total.attempts;
            }
            let path = folder.join(format!("record-{number:02}.json"));
            std::fs::write(&path, write(&seal(body))).unwrap();
            path
        })
        .collect()
}

/// A reader of CSV that knows nothing of how ours is written: RFC 4180.
pub fn csv_rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut characters = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(character) = characters.next() {
        let row = rows.last_mut().unwrap();
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                row.last_mut().unwrap().push('"');
                characters.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted => {}
            '\n' if !quoted => rows.push(vec![String::new()]),
            other => row.last_mut().unwrap().push(other),
        }
    }
    if rows.last().is_some_and(|row| row.len() == 1 && row[0].is_empty()) {
        rows.pop();
    }
    rows
}

/// Keeps pictures of the screen on a phone and on a desk, light and dark, where the environment names a
/// folder for them.
pub async fn pictures(session: &Session, screen: &str) {
    let Ok(folder) = std::env::var("XUEDANG_PICTURES") else {
        return;
    };
    for width in [390, 1280] {
        for theme in ["light", "dark"] {
            let dress = format!("document.documentElement.dataset.theme = '{theme}'");
            session.eval(&dress).await;
            session.set_size(width, 900).await;
            let height = session.eval("return document.documentElement.scrollHeight").await;
            let height = height.as_u64().unwrap_or(900).min(6_000) as u32;
            session.set_size(width, height).await;
            let path = Path::new(&folder).join(format!("{screen}-{width}-{theme}.png"));
            session.screenshot(&path).await;
        }
    }
    session
        .eval("document.documentElement.dataset.theme = 'light'")
        .await;
    session.set_size(1280, 900).await;
    // Colours change slowly.
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
}

/// What axe-core finds on the screen as it is now.
pub async fn barriers(session: &Session) -> Vec<String> {
    if session.eval("return typeof axe").await != "object" {
        let source = std::fs::read_to_string(std::env::var("XUEDANG_AXE").unwrap()).unwrap();
        session.eval(&source).await;
    }
    let script = "
        const done = arguments[arguments.length - 1];
        axe.run(document, {resultTypes: ['violations']}).then(
          result => done(result.violations.map(violation =>
            violation.id + ': ' + violation.help + ' | ' + violation.nodes.slice(0, 4)
              .map(node => node.html.slice(0, 160) + ' ' + (node.any[0]?.message ?? '')).join(' | '))),
          error => done(['axe: ' + error]));";
    let found = session.client().execute_async(script, Vec::new()).await.unwrap();
    serde_json::from_value(found).unwrap()
}

/// The page as it prints, kept as that PDF, in the words that another program reads in it.
pub async fn printed(session: &Session, pdf: &Path) -> String {
    std::fs::write(pdf, session.print_pdf().await).unwrap();
    let text = Command::new("pdftotext")
        .arg("-layout")
        .arg(pdf)
        .arg("-")
        .output();
    String::from_utf8_lossy(&text.unwrap().stdout).into_owned()
}

/// An empty folder for this test's files.
pub fn scratch(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A key of somebody: each has a seed of their own.
pub fn key(seed: u8) -> SecretKey {
    SecretKey::from_bytes(&[seed; 32])
}

/// The record that has everything in it.
pub fn full_record() -> TrainingRecord {
    open(include_bytes!("../../../fixtures/record/full.json")).unwrap()
}

/// That record signed by its activist (key 1) and, as 王喆𠮷, by a mentor (key 2).
pub fn signed_record() -> String {
    let env = |chance| Env {
        now: Moment {
            ms: 1_795_500_000_000 + chance as i64 * 60_000,
            tz: 480,
        },
        chance,
    };
    let signed = issue::sign(&value_of(&full_record()), &key(1), &env(1)).unwrap();
    let statement = Statement::Mentor {
        name: "王喆𠮷".into(),
        date: Date::parse("2026-11-24").unwrap(),
        opinion: "学习认真，谈话时能联系实际。".into(),
    };
    issue::write(&issue::countersign(&signed, statement, &key(2), &env(2)).unwrap())
}
