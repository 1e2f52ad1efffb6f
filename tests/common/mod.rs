//! A small course and a person who studies it, for native tests.
#![allow(dead_code, unreachable_pub, missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;
use xuedang::domain::course::{Catalogue, Citation, Lesson, Module, QuestionRef};
use xuedang::domain::question::{Kind, Question};
use xuedang::domain::record::{Body, Field, Selection, TrainingRecord};
use xuedang::domain::study::exam::blueprint::{Blueprint, Part};
use xuedang::domain::study::exam::{Begun, Stand};
use xuedang::domain::study::{
    Action, CURRENT_VERSION, Event, EventId, Happening, MentorEntry, PracticeEntry, PracticeKind, Profile,
    Stage, Study, TalkEntry, TalkForm, report,
};
use xuedang::domain::time::{Date, Env, Moment};
use xuedang::store::{Backup, Book, Entry};

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
        bank: format!("content/questions-{id}-0123456789ab.json"),
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
    sit(&mut study, 101, "小考", 60, &[2, 2, 3]);
    happen(
        &mut study,
        103,
        report::decide(
            None,
            date("2026-09-30"),
            "第三季度思想汇报",
            "敬爱的党组织：\n汇报正文",
            &self::env(103),
        )
        .unwrap(),
    );
    study
}

/// Something that happens in that minute.
pub fn happen(study: &mut Study, minute: i64, what: Happening) {
    study.apply(&event(minute, what));
}

fn event(minute: i64, what: Happening) -> Event<Happening> {
    let env = env(minute);
    Event {
        v: CURRENT_VERSION,
        id: EventId::new(&env),
        seq: minute as u64 + 1,
        at: env.now,
        what,
    }
}

/// Sits a mock exam of 40 minutes in that minute and the next, of single choices worth two points
/// each: what each earned, in half points. The answers themselves are not noted.
pub fn sit(study: &mut Study, minute: i64, name: &str, seconds: u64, marks: &[u32]) {
    for (what, minute) in sitting(minute, name, seconds, marks).into_iter().zip(minute..) {
        happen(study, minute, what);
    }
}

fn sitting(minute: i64, name: &str, seconds: u64, marks: &[u32]) -> [Happening; 2] {
    let id = EventId::new(&env(minute));
    let items = marks.len() as u32;
    let blueprint = Blueprint {
        name: name.into(),
        parts: vec![Part {
            kind: Kind::Single,
            count: items,
            points: 2,
        }],
        minutes: 40,
        pass: items,
        weights: vec![],
        partial: false,
        pause: false,
    };
    let items = (0..items).map(|at| QuestionRef {
        id: format!("e{at}"),
        hash: "h".into(),
        points: vec![],
    });
    let begun = Begun {
        id: id.clone(),
        blueprint,
        items: items.collect(),
        seed: 1,
        paper: false,
    };
    let stand = Stand {
        exam: id,
        used_ms: seconds * 1_000 + 999,
        marks: marks.into(),
    };
    [Happening::ExamBegun(begun), Happening::ExamSubmitted(stand)]
}

/// The course of [`full_record`]: names as they really are, one question changed since.
pub fn full_course() -> Catalogue {
    let mut course = course();
    course.modules[0].title = "党的性质、宗旨和指导思想".into();
    course.modules[0].bank = "content/questions-m1-5f0c8a91d2e7.json".into();
    course.modules[1].title = "党员的义务和权利".into();
    course.modules[1].bank = "content/questions-m2-77aa03b1c4d5.json".into();
    course.modules[0].lessons[0].questions[2].hash = "reworded".into();
    course
}

/// A person who has done everything there is, on three days, with names that are hard to carry.
pub fn full_study() -> Study {
    let mut study = Study::default();
    full_life().iter().for_each(|event| study.apply(event));
    study
}

/// What that person did, as a backup: `tests/fixtures/record/full-backup.json`.
pub fn full_backup() -> Backup {
    let mut events = full_life();
    // As a journal numbers them.
    events.sort_by_key(|event| event.seq);
    for (event, seq) in events.iter_mut().zip(1..) {
        event.seq = seq;
    }
    let entries = events.iter().map(|event| Entry {
        key: event.key(Book::Study.prefix()),
        json: event.write(),
    });
    Backup::new(entries.collect(), env(3_000).now)
}

fn full_life() -> Vec<Event<Happening>> {
    const DAY: i64 = 24 * 60;
    let course = full_course();
    let bank = bank();
    let mut study = Study::default();
    let mut events = Vec::new();
    let mut act = |minute: i64, action: Action<'_>| {
        let what = study.decide(action, &env(minute)).unwrap();
        let event = event(minute, what);
        study.apply(&event);
        let id = event.id.clone();
        events.push(event);
        id
    };
    act(
        0,
        Action::SetProfile(Profile {
            name: "周𠮷喆".into(),
            branch: "计算机学院本科生第一党支部".into(),
            number: "0020260117".into(),
            stage: Stage::Activist,
            applied: Some(date("2025-10-01")),
            confirmed: Some(date("2026-03-15")),
        }),
    );
    let (first, second, other) = (
        &course.modules[0].lessons[0],
        &course.modules[0].lessons[1],
        &course.modules[1].lessons[0],
    );
    act(1, Action::OpenLesson(first));
    act(9, Action::SpendTime(first, 500));
    act(10, Action::FinishLesson(first));
    act(11, Action::Answer(&bank[0], choice(&["b"])));
    act(12, Action::Answer(&bank[1], choice(&["a"])));
    act(13, Action::Answer(&bank[1], choice(&["a", "c"])));
    act(300, Action::Answer(&bank[2], choice(&["false"])));
    act(DAY, Action::OpenLesson(second));
    act(DAY + 3, Action::SpendTime(second, 181));
    act(DAY + 4, Action::FinishLesson(second));
    act(DAY + 5, Action::Answer(&bank[3], choice(&["a"])));
    act(2 * DAY, Action::OpenLesson(other));
    let mentor = |name: &str, since: &str, until: Option<&str>| {
        let entry = MentorEntry {
            name: name.into(),
            since: Some(date(since)),
            until: until.map(date),
        };
        Action::SetMentor(None, entry)
    };
    let before = act(20, mentor("欧阳䶮", "2026-03-15", Some("2026-08-31")));
    let now = act(21, mentor("王建国", "2026-09-01", None));
    for (at, (mentor, day, form, topic, notes)) in [
        (
            &before,
            "2026-04-10",
            TalkForm::InPerson,
            "入党动机",
            "谈了两个小时。\n约定每月谈一次。",
        ),
        (&before, "2026-06-20", TalkForm::Phone, "期末学习安排", ""),
        (
            &now,
            "2026-09-12",
            TalkForm::Video,
            "=1+1 与<b>“公式”</b>、A&B",
            "",
        ),
        (
            &now,
            "2026-11-20",
            TalkForm::Written,
            "学习体会",
            "书面交流，附读书笔记。",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let entry = TalkEntry {
            mentor: mentor.clone(),
            date: date(day),
            form,
            topic: topic.into(),
            notes: notes.into(),
        };
        act(30 + at as i64, Action::SetTalk(None, entry));
    }
    for (at, (kind, day, title, minutes, place, notes)) in [
        (
            PracticeKind::PartySchool,
            "2026-05-09",
            "学院党校第 48 期结业",
            960,
            "计算机学院党校",
            "",
        ),
        (PracticeKind::Duty, "2026-06-01", "班级学习委员述职", 0, "", ""),
        (
            PracticeKind::SocialPractice,
            "2026-07-15",
            "暑期“三下乡”调研",
            4_320,
            "某县石门乡",
            "调研报告已交团委。",
        ),
        (
            PracticeKind::Volunteering,
            "2026-10-02",
            "社区图书整理",
            180,
            "朝阳社区",
            "只给自己看",
        ),
        (
            PracticeKind::HeartTalk,
            "2026-10-20",
            "与支部书记谈心",
            45,
            "",
            "",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let entry = PracticeEntry {
            kind,
            date: date(day),
            title: title.into(),
            minutes,
            place: place.into(),
            notes: notes.into(),
        };
        act(40 + at as i64, Action::SetPractice(None, entry));
    }
    act(
        50,
        Action::WriteSummary("一学期的收获：\n一、学党章；\n二、做实事。\n\n打算：每月读一本书。".into()),
    );
    for (minute, name, seconds, marks) in [
        (60, "高校党课结业，40 分钟", 1_234, &[4, 4, 0, 3][..]),
        (DAY + 60, "自拟小考", 2_400, &[4, 0, 1]),
        (2 * DAY + 60, "自拟小考", 59, &[4, 4, 4]),
    ] {
        let both = sitting(minute, name, seconds, marks).into_iter().zip(minute..);
        events.extend(both.map(|(what, minute)| event(minute, what)));
    }
    for (at, (day, title, text)) in [
        (
            "2026-06-30",
            "2026 年第二季度思想汇报",
            "敬爱的党组织：\n这一季度我学习了党章。\n请党组织考验我。\n汇报人：周𠮷喆",
        ),
        ("2026-09-30", "2026 年第三季度思想汇报", ""),
        (
            "2026-11-22",
            "-3 月至今的体会",
            "\"引号\"、<尖括号>、&，以及很少见的字：𠮷、喆、䶮、𬭚。",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let minute = 2 * DAY + 70 + at as i64;
        let what = report::decide(None, date(day), title, text, &env(minute)).unwrap();
        events.push(event(minute, what));
    }
    events
}

/// The record of [`full_study`] with everything ticked: `tests/fixtures/record/full.json`, which
/// every export is tested with.
pub fn full_record() -> TrainingRecord {
    let mut selection = Selection::default();
    Field::ALL
        .into_iter()
        .for_each(|field| selection.set(field, true));
    let body = Body::of(&full_course(), &full_study(), &selection, &env(3_000)).unwrap();
    xuedang::format::record::seal(body)
}

pub fn sample_record(name: &str) -> TrainingRecord {
    let body = Body::of(&course(), &sample_study(name), &Selection::default(), &env(200)).unwrap();
    xuedang::format::record::seal(body)
}
