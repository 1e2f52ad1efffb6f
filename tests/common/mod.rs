//! A small course and a person who studies it, for native tests.
#![allow(dead_code, unreachable_pub, missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;
use xuedang::domain::course::{Catalogue, Citation, Lesson, Module, QuestionRef};
use xuedang::domain::question::{Kind, Question};
use xuedang::domain::record::{Body, Selection, TrainingRecord};
use xuedang::domain::study::{
    Action, CURRENT_VERSION, Event, EventId, Happening, MentorEntry, PracticeEntry, PracticeKind, Profile,
    Stage, Study, TalkEntry, TalkForm,
};
use xuedang::domain::time::{Date, Env, Moment};

pub const NOON: i64 = 1_795_406_400_000; // 2026-11-23 12:00 +08:00

pub fn env(minute: i64) -> Env {
    Env {
        now: Moment {
            ms: NOON + minute * 60_000,
            tz: 480,
        },
        chance: minute as u128 * 7_919 + 1,
    }
}

pub fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

pub fn question(id: &str, kind: Kind) -> Question {
    let options: BTreeMap<String, String> = match kind {
        Kind::Judge | Kind::Fill => BTreeMap::new(),
        _ => [("a", "甲"), ("b", "乙"), ("c", "丙"), ("d", "丁")]
            .map(|(k, v)| (k.into(), v.into()))
            .into(),
    };
    let answer = match kind {
        Kind::Single => vec!["b"],
        Kind::Multiple => vec!["a", "c"],
        Kind::Judge => vec!["true"],
        Kind::Order => vec!["c", "a", "d", "b"],
        Kind::Fill | Kind::Match | Kind::Short => vec![],
    };
    let matches = match kind {
        Kind::Match => [("a", "子"), ("b", "丑"), ("c", "寅"), ("d", "卯")]
            .map(|(k, v)| (k.into(), v.into()))
            .into(),
        _ => BTreeMap::new(),
    };
    let blanks = match kind {
        Kind::Fill => vec![vec!["五".into(), "5".into()], vec!["开除党籍".into()]],
        _ => vec![],
    };
    Question {
        id: id.into(),
        kind,
        stem: format!("题目{id}"),
        options,
        matches,
        blanks,
        answer: answer.into_iter().map(String::from).collect(),
        explain: "因为如此".into(),
        cite: vec![Citation {
            source: "s".into(),
            clause: "第一条".into(),
            mark: None,
        }],
        cited: vec!["规则 第一条".into()],
        lesson: "l1#a".into(),
        difficulty: 1,
        points: vec!["点".into()],
        case: None,
        tracks: vec![],
        checked: None,
        against: None,
    }
}

pub fn bank() -> Vec<Question> {
    vec![
        question("q1", Kind::Single),
        question("q2", Kind::Multiple),
        question("q3", Kind::Judge),
        question("q4", Kind::Single),
    ]
}

pub fn course() -> Catalogue {
    let reference = |q: &Question| QuestionRef {
        id: q.id.clone(),
        hash: q.content_hash(),
        points: q.points.clone(),
    };
    let lesson = |id: &str, questions: Vec<QuestionRef>| Lesson {
        id: id.into(),
        title: format!("课{id}"),
        minutes: 5,
        hash: format!("hash-{id}"),
        body: format!("content/{id}.html"),
        tracks: vec![],
        count: questions.len() as u32,
        questions,
    };
    let bank = bank();
    let module = |id: &str, number, lessons| Module {
        id: id.into(),
        number,
        title: format!("模块{id}"),
        summary: "概要".into(),
        policy: vec![],
        lessons,
        bank: format!("content/{id}.json"),
    };
    Catalogue {
        version: "0123456789ab".into(),
        modules: vec![
            module(
                "m1",
                5,
                vec![
                    lesson("l1", bank[..3].iter().map(reference).collect()),
                    lesson("l2", vec![reference(&bank[3])]),
                ],
            ),
            module("m2", 6, vec![lesson("l3", vec![])]),
        ],
        pages: vec![],
        search: "content/search.txt".into(),
        refs: "content/refs.json".into(),
    }
}

/// Does the actions in turn, a minute each, and gives the state and its events.
pub fn live(actions: Vec<Action<'_>>) -> (Study, Vec<Event<Happening>>) {
    let mut study = Study::default();
    let mut events = Vec::new();
    for (minute, action) in actions.into_iter().enumerate() {
        let env = env(minute as i64);
        let what = study.decide(action, &env).unwrap();
        let event = Event {
            v: CURRENT_VERSION,
            id: EventId::new(&env),
            seq: minute as u64 + 1,
            at: env.now,
            what,
        };
        study.apply(&event);
        events.push(event);
    }
    (study, events)
}

pub fn profile(name: &str) -> Profile {
    Profile {
        name: name.into(),
        branch: "计算机系学生第一党支部".into(),
        number: "XD-007".into(),
        stage: Stage::Activist,
        applied: Some(date("2025-10-01")),
        confirmed: Some(date("2026-03-15")),
    }
}

pub fn choice(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).into()).collect()
}

/// A person who has done a bit of everything.
pub fn sample_study(name: &str) -> Study {
    let course = course();
    let bank = bank();
    let lesson = &course.modules[0].lessons[0];
    let (mut study, _) = live(vec![
        Action::SetProfile(profile(name)),
        Action::OpenLesson(lesson),
        Action::FinishLesson(lesson),
        Action::Answer(&bank[0], choice(&["b"])),
        Action::Answer(&bank[1], choice(&["a"])),
        Action::Answer(&bank[1], choice(&["a", "c"])),
        Action::Answer(&bank[2], choice(&["false"])),
        Action::SetMentor(
            None,
            MentorEntry {
                name: "王联系".into(),
                since: Some(date("2026-03-15")),
                until: None,
            },
        ),
        Action::SetPractice(
            None,
            PracticeEntry {
                kind: PracticeKind::Volunteering,
                date: date("2026-10-02"),
                title: "社区志愿服务".into(),
                minutes: 180,
                place: "朝阳社区".into(),
                notes: "只给自己看".into(),
            },
        ),
        Action::WriteSummary("一学期的收获。".into()),
    ]);
    let mentor = study.mentors.keys().next().unwrap().clone();
    let env = env(100);
    let talk = TalkEntry {
        mentor,
        date: date("2026-11-20"),
        form: TalkForm::InPerson,
        topic: "入党动机".into(),
        notes: "谈话细节".into(),
    };
    let what = study.decide(Action::SetTalk(None, talk), &env).unwrap();
    study.apply(&Event {
        v: 1,
        id: EventId::new(&env),
        seq: 100,
        at: env.now,
        what,
    });
    study
}

pub fn sample_record(name: &str) -> TrainingRecord {
    let body = Body::of(&course(), &sample_study(name), &Selection::default(), &env(200)).unwrap();
    xuedang::format::record::seal(body)
}
