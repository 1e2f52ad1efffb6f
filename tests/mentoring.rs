//! The mentor's work on received records: what changed, what is due, who comes first, what is kept.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod common;

use common::*;
use pollster::block_on;
use proptest::prelude::*;
use serde_json::{Value, json};
use xuedang::domain::mentoring::attention::{Reason, by_need, reasons};
use xuedang::domain::mentoring::compare::{Change, changes, changes_of};
use xuedang::domain::mentoring::tasks::tasks;
use xuedang::domain::mentoring::timeline::timeline;
use xuedang::domain::mentoring::{self, Deed, Jotting, JottingKind, Signed};
use xuedang::domain::record::{
    Body, Field, MentorLine, PracticeLine, ReportLine, Selection, TalkLine, TrainingRecord,
};
use xuedang::domain::roster::{Arrived, Credential, Receipt, Register, Verdict};
use xuedang::domain::study::{Event, EventId, PracticeKind, Stage, TalkForm};
use xuedang::domain::time::Moment;
use xuedang::format::ics::mentor_ics;
use xuedang::format::record::{open, seal, write};
use xuedang::store::memory::{MemoryLog, MemoryVault};
use xuedang::store::{Book, Journal, Vault};

fn event(seq: u64, what: Receipt) -> Event<Receipt> {
    let env = env(5_000 + seq as i64);
    Event {
        v: 2,
        id: EventId::new(&env),
        seq,
        at: env.now,
        what,
    }
}

fn register(receipts: Vec<Receipt>) -> Register {
    let mut register = Register::default();
    for (receipt, seq) in receipts.into_iter().zip(1..) {
        register.apply(&event(seq, receipt));
    }
    register
}

fn received(record: &TrainingRecord) -> Receipt {
    Receipt::Received {
        file: "记录.json".into(),
        record: Box::new(record.clone()),
        credential: None,
    }
}

fn credential(record: &TrainingRecord, proofs: u32) -> Credential {
    let proofs: Vec<Value> = (0..proofs).map(|at| json!({"id": at})).collect();
    let text = json!({"issuer": "did:key:a", "credentialSubject": {"record": record}, "proof": proofs});
    Credential::of(&text.to_string(), false)
}

fn signed(record: &TrainingRecord, proofs: u32) -> Arrived {
    Arrived {
        record: record.clone(),
        credential: Some(credential(record, proofs)),
    }
}

fn done(record: &TrainingRecord, deed: Deed) -> Receipt {
    Receipt::Done {
        holder: record.body.holder.clone(),
        deed,
    }
}

fn jotted(record: &TrainingRecord, kind: JottingKind, day: &str, text: &str) -> Receipt {
    let id =
        EventId(format!("01J{:0>23}", day.replace('-', "") + kind.code().get(..1).unwrap()).to_uppercase());
    done(
        record,
        Deed::Jotted(Jotting {
            id,
            kind,
            date: date(day),
            text: text.into(),
        }),
    )
}

/// The record with something changed in its body, later by some minutes.
fn later(record: &TrainingRecord, minutes: i64, change: impl FnOnce(&mut Body)) -> TrainingRecord {
    let mut body = record.body.clone();
    body.made_at = Moment {
        ms: body.made_at.ms + minutes * 60_000,
        ..body.made_at
    };
    change(&mut body);
    seal(body)
}

fn told(before: &TrainingRecord, after: &TrainingRecord) -> Vec<String> {
    changes(before, after).iter().map(Change::to_string).collect()
}

#[test]
fn what_grew_is_told_in_the_records_order() {
    let before = full_record();
    let after = later(&before, 60 * 24 * 90, |body| {
        let study = body.study.as_mut().unwrap();
        study.days += 2;
        let module = &mut study.progress.modules[1];
        module.figures.lessons_read += 1;
        module.figures.last = Some(date("2027-02-20"));
        study.progress.total = xuedang::domain::study::progress::CourseProgress::sum(&study.progress.modules);
        let time = body.time.as_mut().unwrap();
        time.minutes += 45;
        time.days += 2;
        time.sessions += 3;
        body.talks.as_mut().unwrap().push(TalkLine {
            mentor: "王建国".into(),
            date: date("2027-02-10"),
            form: TalkForm::InPerson,
            topic: "寒假见闻".into(),
            notes: None,
        });
        body.practice.as_mut().unwrap().push(PracticeLine {
            kind: PracticeKind::Volunteering,
            date: date("2027-01-20"),
            title: "春运志愿服务".into(),
            minutes: 240,
            place: Some("火车站".into()),
            notes: None,
        });
        body.reports.as_mut().unwrap().push(ReportLine {
            date: date("2026-12-31"),
            title: "2026 年第四季度思想汇报".into(),
            text: None,
        });
        body.mentors.as_mut().unwrap()[1].until = Some(date("2027-02-28"));
        body.mentors.as_mut().unwrap().push(MentorLine {
            name: "赵敏".into(),
            since: Some(date("2027-03-01")),
            until: None,
        });
        body.person.stage = Some(Stage::Prospect);
    });
    assert_eq!(
        told(&before, &after),
        [
            "新增｜基本信息：发展阶段「入党积极分子」→「发展对象」",
            "增加｜学习与自测情况：学习天数 3 → 5 天",
            "增加｜学习与自测情况：已读课数 2 → 3",
            "增加｜学习与自测情况：最近学习 2026-11-25 → 2027-02-20",
            "增加｜学习与自测情况：模块「党员的义务和权利」已读课数 0 → 1，最近学习 2026-11-25 → 2027-02-20",
            "增加｜学习时间（自报）：学习时间 12 → 57 分钟",
            "增加｜学习时间（自报）：有学习的天数 3 → 5 天",
            "增加｜学习时间（自报）：学习时段 4 → 7 个",
            "新增｜培养实践记录：2027-01-20 志愿服务 春运志愿服务，240 分钟，火车站",
            "变化｜培养联系人：王建国，2026-09-01 起，2027-02-28 止（上次：王建国，2026-09-01 起）",
            "新增｜培养联系人：赵敏，2027-03-01 起",
            "新增｜与培养联系人谈话：2027-02-10 当面 王建国「寒假见闻」",
            "新增｜思想汇报：2026-12-31 2026 年第四季度思想汇报",
        ]
    );
}

#[test]
fn what_went_or_was_altered_is_told_first_and_loudly() {
    let before = full_record();
    let after = later(&before, 60, |body| {
        body.person.confirmed = Some(date("2026-01-15"));
        body.time.as_mut().unwrap().minutes = 3;
        body.exams.as_mut().unwrap()[0].half_points += 10;
        body.practice.as_mut().unwrap().remove(2);
        body.talks.as_mut().unwrap()[0].date = date("2026-04-20");
        body.reports = None;
        body.left_out = vec![Field::Reports];
        body.summary = None;
    });
    let found = changes(&before, &after);
    assert!(found.iter().all(|change| change.kind.is_loud()), "{found:#?}");
    assert_eq!(
        told(&before, &after),
        [
            "改动｜基本信息：确定为入党积极分子日期 2026-03-15 → 2026-01-15",
            "这次未导出｜思想汇报：上次有 3 篇，这次没有导出",
            "不见了｜个人小结：上次有 33 字，这次没有，也没有说明未导出",
            "减少｜学习时间（自报）：学习时间 12 → 3 分钟",
            "改动｜模拟考试：2026-11-23 高校党课结业，40 分钟，10.5 / 8 分（及格 4），及格，用时 20:34（限 40 分钟）（上次：2026-11-23 高校党课结业，40 分钟，5.5 / 8 分（及格 4），及格，用时 20:34（限 40 分钟））",
            "不见了｜培养实践记录：2026-07-15 社会实践 暑期“三下乡”调研，4320 分钟，某县石门乡",
            "改动｜与培养联系人谈话：2026-04-20 当面 欧阳䶮「入党动机」（上次：2026-04-10 当面 欧阳䶮「入党动机」）",
        ]
    );
}

/// Notes that are ticked in one record and not in the next make no line look altered.
#[test]
fn notes_that_are_left_out_are_told_once() {
    let selection = |ticked: bool| {
        let mut selection = Selection::default();
        for field in [Field::TalkNotes, Field::PracticeNotes, Field::ReportTexts] {
            selection.set(field, ticked);
        }
        selection
    };
    let record = |ticked, minute| {
        seal(Body::of(&full_course(), &full_study(), &selection(ticked), &env(minute)).unwrap())
    };
    let (with, without) = (record(true, 3_000), record(false, 3_001));
    assert_eq!(
        told(&with, &without),
        [
            "这次未导出｜培养实践备注：上次有 2 条，这次没有导出",
            "这次未导出｜谈话记录内容：上次有 2 条，这次没有导出",
            "这次未导出｜思想汇报正文：上次有 2 篇，这次没有导出",
        ]
    );
    assert_eq!(
        told(&without, &with),
        [
            "新增｜培养实践备注：上次没有，这次有 2 条",
            "新增｜谈话记录内容：上次没有，这次有 2 条",
            "新增｜思想汇报正文：上次没有，这次有 2 篇",
        ]
    );
    // A note that was added to one line is no alteration of it.
    let noted = later(&with, 1, |body| {
        body.talks.as_mut().unwrap()[1].notes = Some("补记".into());
    });
    let found = changes(&with, &noted);
    assert_eq!(found.len(), 1);
    assert!(!found[0].kind.is_loud(), "{found:?}");
}

#[test]
fn a_record_of_version_1_is_compared_too() {
    let before = open(include_bytes!("fixtures/record/v1.json")).unwrap();
    let after = full_record();
    let found = told(&before, &after);
    for part in ["学习时间（自报）", "模拟考试", "思想汇报"] {
        assert!(
            found
                .iter()
                .any(|line| line.starts_with(&format!("新增｜{part}：上次没有"))),
            "{part} {found:#?}"
        );
    }
}

#[test]
fn another_key_and_a_signature_that_is_missing_are_told_loudly() {
    let before = signed(&full_record(), 1);
    let after = later(&full_record(), 5, |_| ());
    let told = |credential: Option<&Credential>| -> Vec<String> {
        let all = changes_of(&before, &after, credential);
        assert!(all.iter().all(|change| change.kind.is_loud()));
        all.iter().map(Change::to_string).collect()
    };
    assert_eq!(told(None), ["不见了｜签名：上一份有本人的签名，这一份没有"]);
    let other = Credential {
        issuer: "did:key:b".into(),
        ..credential(&after, 1)
    };
    assert!(told(Some(&other))[0].starts_with("改动｜签名：两份是用不同的钥匙签的"));
    assert_eq!(told(Some(&credential(&after, 1))), [""; 0]);
    let plain = Arrived::from(full_record());
    let new = changes_of(&plain, &after, Some(&credential(&after, 1)));
    assert_eq!(new[0].to_string(), "新增｜签名：上一份没有签名，这一份有");
}

/// Paths of everything that stands at the end of a branch of the JSON.
fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(key, value)| leaves(value, &format!("{path}/{key}"), found)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, value)| leaves(value, &format!("{path}/{at}"), found)),
        _ => found.push(path.into()),
    }
}

/// The value changed into another of its kind.
fn changed(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_u64().unwrap() + 1),
        Value::Bool(flag) => json!(!flag),
        Value::String(text) if text.len() == 10 && text.as_bytes()[4] == b'-' => {
            json!(date(text).add_days(-1).to_string())
        }
        Value::String(text) if text == "activist" => json!("prospect"),
        Value::String(text) if text == "volunteering" => json!("duty"),
        Value::String(text) if PracticeKind::ALL.iter().any(|kind| kind.code() == text) => {
            json!("volunteering")
        }
        Value::String(text) if text == "phone" => json!("video"),
        Value::String(text) if TalkForm::ALL.iter().any(|form| form.code() == text) => json!("phone"),
        Value::String(text) => json!(format!("{text}改")),
        other => panic!("{other}"),
    }
}

/// Every single thing in a record, changed alone, is found; but for the moment of export.
#[test]
fn every_single_changed_field_is_found() {
    let before = full_record();
    let mut paths = Vec::new();
    leaves(&xuedang::domain::json::value_of(&before.body), "", &mut paths);
    assert!(paths.len() > 120, "{}", paths.len());
    for path in paths.iter().filter(|path| *path != "/made_at") {
        let mut value = xuedang::domain::json::value_of(&before.body);
        let place = value.pointer_mut(path).unwrap();
        *place = changed(place);
        let body: Body = serde_json::from_value(value).unwrap_or_else(|error| panic!("{path}: {error}"));
        let after = TrainingRecord {
            body,
            ..before.clone()
        };
        assert!(!changes(&before, &after).is_empty(), "{path}");
        assert!(!changes(&after, &before).is_empty(), "{path} back");
    }
}

/// Every part and every line that is taken out is found, and told loudly.
#[test]
fn everything_that_is_taken_out_is_told_loudly() {
    let before = full_record();
    let value = xuedang::domain::json::value_of(&before.body);
    let mut paths: Vec<String> = [
        "study", "time", "exams", "practice", "mentors", "talks", "reports", "summary",
    ]
    .map(|part| format!("/{part}"))
    .into();
    paths.extend(
        ["name", "branch", "stage", "number", "applied", "confirmed"].map(|part| format!("/person/{part}")),
    );
    for list in ["exams", "practice", "mentors", "talks", "reports"] {
        for at in 0..value[list].as_array().unwrap().len() {
            paths.push(format!("/{list}/{at}"));
        }
    }
    for path in paths {
        let (parent, key) = path.rsplit_once('/').unwrap();
        let mut value = value.clone();
        match value.pointer_mut(parent).unwrap() {
            Value::Object(fields) => drop(fields.remove(key).unwrap()),
            Value::Array(items) => drop(items.remove(key.parse().unwrap())),
            _ => unreachable!(),
        }
        let body: Body = serde_json::from_value(value).unwrap();
        let after = TrainingRecord {
            body,
            ..before.clone()
        };
        let found = changes(&before, &after);
        assert!(
            found.iter().any(|change| change.kind.is_loud()),
            "{path}: {found:?}"
        );
    }
}

proptest! {
    #[test]
    fn a_record_compared_with_itself_changes_nothing(minute in 3_000i64..900_000, fields in proptest::collection::vec(any::<bool>(), 17)) {
        let mut selection = Selection::default();
        for (field, ticked) in Field::ALL.into_iter().zip(fields) {
            selection.set(field, ticked);
        }
        let record = |minute| seal(Body::of(&full_course(), &full_study(), &selection, &env(minute)).unwrap());
        prop_assert_eq!(changes(&record(3_000), &record(3_000)), []);
        // The moment alone is no change.
        prop_assert_eq!(changes(&record(3_000), &record(minute)), []);
    }

    /// In whatever order records and deeds come in, the register is the same.
    #[test]
    fn the_order_of_merging_does_not_matter(order in Just((0..7usize).collect::<Vec<_>>()).prop_shuffle()) {
        let first = full_record();
        let second = later(&first, 10, |body| body.time.as_mut().unwrap().minutes += 1);
        let third = later(&first, 20, |body| body.time.as_mut().unwrap().minutes += 2);
        let with = |record: &TrainingRecord, proofs| Receipt::Received {
            file: "b.json".into(),
            record: Box::new(record.clone()),
            credential: Some(credential(record, proofs)),
        };
        let all = [
            received(&first),
            with(&second, 1),
            with(&third, 1),
            with(&third, 2),
            received(&second),
            jotted(&first, JottingKind::Note, "2026-11-01", "笔记"),
            done(&first, Deed::Signed(Signed {
                whole: third.digest.whole.clone(),
                name: "王建国".into(),
                credential: credential(&third, 3),
            })),
        ];
        let fold = |order: &[usize]| {
            let mut register = Register::default();
            for &at in order {
                register.apply(&event(at as u64 + 1, all[at].clone()));
            }
            register
        };
        let (one, other) = (fold(&[0, 1, 2, 3, 4, 5, 6]), fold(&order));
        let holder = &first.body.holder;
        let (a, b) = (&one.people[holder], &other.people[holder]);
        prop_assert_eq!(&a.record, &b.record);
        prop_assert_eq!(&a.before, &b.before);
        prop_assert_eq!(one.credential(holder), other.credential(holder));
        prop_assert_eq!(one.credential(holder).unwrap().proofs, 3);
        prop_assert_eq!(&a.before.as_ref().unwrap().record, &second);
        prop_assert_eq!(&one.mentoring[holder].jottings, &other.mentoring[holder].jottings);
        prop_assert_eq!(one.events_of(holder).len(), 7);
        prop_assert_eq!(other.events_of(holder).len(), 7);
    }
}

#[test]
fn signatures_that_come_later_are_taken_and_bad_ones_are_asked_about() {
    let record = full_record();
    let codes = |register: &Register, arrived: Vec<Arrived>| -> Vec<&'static str> {
        let files = arrived.into_iter().map(|one| ("a.json".to_owned(), Ok(one)));
        let plan = register.plan(files.collect());
        plan.rows.iter().map(|row| row.verdict.code()).collect()
    };
    let failing = Arrived {
        record: record.clone(),
        credential: Some(Credential {
            fails: true,
            ..credential(&record, 2)
        }),
    };
    let empty = Register::default();
    assert_eq!(
        codes(&empty, vec![record.clone().into(), signed(&record, 1)]),
        ["new", "signed"]
    );
    assert_eq!(codes(&empty, vec![failing.clone()]), ["unproven"]);
    let plain = register(vec![received(&record)]);
    assert_eq!(
        codes(
            &plain,
            vec![
                record.clone().into(),
                failing.clone(),
                signed(&record, 1),
                signed(&record, 1),
                signed(&record, 2)
            ]
        ),
        ["same", "same", "signed", "same", "signed"]
    );
    let plan = plain.plan(vec![("a.json".into(), Ok(signed(&record, 1)))]);
    assert!(plan.rows[0].take);
    let mut known = plain.clone();
    for receipt in plan.receipts() {
        known.apply(&event(9, receipt));
    }
    let holder = &record.body.holder;
    assert_eq!(known.credential(holder).unwrap().proofs, 1);
    assert_eq!(known.people[holder].history.len(), 2);
    assert!(
        known.people[holder].before.is_none(),
        "the same record is no earlier one"
    );
    assert_eq!(codes(&known, vec![signed(&record, 1)]), ["same"]);
    // Another key is asked about: for the same record, and for a newer one.
    let by_other = |record: &TrainingRecord, proofs| Arrived {
        record: record.clone(),
        credential: Some(Credential {
            issuer: "did:key:b".into(),
            ..credential(record, proofs)
        }),
    };
    let newer = later(&record, 5, |_| ());
    assert_eq!(
        codes(&known, vec![by_other(&record, 2), by_other(&newer, 1)]),
        ["other-key", "other-key"]
    );
    assert_eq!(codes(&known, vec![signed(&newer, 1)]), ["update"]);
    let plan = known.plan(vec![("a.json".into(), Ok(by_other(&newer, 1)))]);
    assert!(!plan.rows[0].take && plan.rows[0].verdict.is_open());
    // What does not hold is not taken unless somebody says so.
    let plan = empty.plan(vec![("a.json".into(), Ok(failing))]);
    assert!(!plan.rows[0].take && plan.rows[0].verdict.is_open());
    assert_eq!(plan.rows[0].verdict, Verdict::Unproven);
}

#[test]
fn what_does_not_hold_keeps_nothing_sound_out() {
    let record = full_record();
    let newer = later(&record, 5, |_| ());
    let forged = |record: &TrainingRecord| Arrived {
        record: record.clone(),
        credential: Some(Credential {
            fails: true,
            ..credential(record, 1)
        }),
    };
    for bad in [forged(&newer), forged(&record)] {
        let files = [bad, Arrived::from(record.clone())];
        let files = files.map(|arrived| ("a.json".to_owned(), Ok(arrived)));
        let plan = Register::default().plan(files.into());
        let codes = plan.rows.iter().map(|row| row.verdict.code());
        assert_eq!(codes.collect::<Vec<_>>(), ["unproven", "new"]);
    }
}

#[test]
fn what_earlier_builds_wrote_is_read_and_what_is_plain_is_written_as_before() {
    let record = sample_record("李明");
    let old = event(1, received(&record)).write();
    assert!(!old.contains("credential") && !old.contains("fails"), "{old}");
    let value: Value = serde_json::from_str(&old).unwrap();
    assert_eq!(value["what"]["received"].as_object().unwrap().len(), 2);
    for what in [
        received(&record),
        Receipt::Received {
            file: "a.json".into(),
            record: Box::new(record.clone()),
            credential: Some(credential(&record, 2)),
        },
        done(&record, Deed::Drafted("话".into())),
        jotted(&record, JottingKind::Review, "2026-09-15", ""),
        done(&record, Deed::Struck(EventId("x".into()))),
        done(
            &record,
            Deed::Signed(Signed {
                whole: record.digest.whole.clone(),
                name: "王建国".into(),
                credential: credential(&record, 2),
            }),
        ),
    ] {
        let event = event(1, what);
        assert_eq!(Event::<Receipt>::read(&event.write()).unwrap(), event);
    }
    let credential = Credential::of(r#"{"issuer":{"id":"did:key:b"},"proof":{}}"#, true);
    assert_eq!((credential.proofs, credential.issuer.as_str()), (1, "did:key:b"));
    assert_eq!(Credential::of("不是 JSON", false).proofs, 0);
}

/// Deleting one person deletes everything of that person, and nothing of another or of one's own study.
#[test]
fn one_person_is_deleted_alone() {
    let (vault, log) = (MemoryVault::default(), MemoryLog::default());
    let one = full_record();
    let mut body = one.body.clone();
    body.holder = EventId("01J00000000000000000000002".into());
    body.person.name = Some("李四".into());
    let other = seal(body);
    let mut journal: Journal<Register> = Journal::new(Book::Mentees);
    let mut minute = 6_000;
    let mut study: Journal<xuedang::domain::study::Study> = Journal::new(Book::Study);
    let env_now = || env(1);
    let own = study
        .draft(
            vec![xuedang::domain::study::Happening::SummaryWritten {
                text: "自己的".into(),
            }],
            &mut env_now.clone(),
        )
        .remove(0);
    study.receive(&own);
    block_on(vault.append(0, &[own])).unwrap();
    for what in [
        received(&one),
        received(&other),
        done(&one, Deed::Drafted("关于甲".into())),
        jotted(&one, JottingKind::Note, "2026-11-01", "关于甲"),
        jotted(&other, JottingKind::Note, "2026-11-02", "关于乙"),
        done(&one, Deed::Struck(EventId("x".into()))),
    ] {
        let entry = journal
            .draft(vec![what], &mut || {
                minute += 1;
                env(minute)
            })
            .remove(0);
        journal.receive(&entry);
        block_on(vault.append(0, &[entry])).unwrap();
    }
    let keys: Vec<String> = journal
        .state()
        .events_of(&one.body.holder)
        .iter()
        .map(|(seq, id)| format!("mentees/{seq:012}/{id}"))
        .collect();
    assert_eq!(keys.len(), 4);
    let epoch = block_on(vault.epoch()).unwrap();
    block_on(vault.delete(epoch, &keys)).unwrap();
    let (left, report) = block_on(Journal::<Register>::load(Book::Mentees, &vault, &log)).unwrap();
    assert!(report.damaged.is_empty());
    let left = left.state();
    assert_eq!(left.people.keys().collect::<Vec<_>>(), [&other.body.holder]);
    assert_eq!(left.mentoring.keys().collect::<Vec<_>>(), [&other.body.holder]);
    let text: String = block_on(vault.entries("", None))
        .unwrap()
        .into_iter()
        .map(|entry| entry.json)
        .collect();
    assert!(!text.contains("关于甲") && text.contains("关于乙") && text.contains("自己的"));
}

#[test]
fn reviews_are_counted_from_the_day_of_confirmation_by_month_ends() {
    let record = |confirmed: Option<&str>| {
        later(&full_record(), 1, |body| {
            body.person.applied = None;
            body.person.confirmed = confirmed.map(date);
        })
    };
    for (confirmed, today, wanted) in [
        ("2025-08-31", "2026-01-01", ["2026-02-28", "2026-08-31"]),
        ("2025-08-31", "2026-02-28", ["2026-02-28", "2026-08-31"]),
        ("2025-08-31", "2026-03-01", ["2026-08-31", "2027-02-28"]),
        ("2023-08-31", "2024-01-01", ["2024-02-29", "2024-08-31"]),
        ("2024-02-29", "2026-02-28", ["2026-08-29", "2027-02-28"]),
        ("2026-03-15", "2026-11-25", ["2027-03-15", "2027-09-15"]),
    ] {
        let record = record(Some(confirmed));
        let rhythm = mentoring::reviews(&record.body, None, date(today)).unwrap();
        let next: Vec<String> = mentoring::next_reviews(&rhythm)
            .iter()
            .map(ToString::to_string)
            .collect();
        // A due day that is today is the next; 2024-02-29 to 2026-02-28 is the fourth, due on the 28th.
        if confirmed == "2024-02-29" {
            assert_eq!(next, ["2026-02-28", "2026-08-29"]);
        } else {
            assert_eq!(next, wanted, "{confirmed} {today}");
        }
    }
    assert!(mentoring::reviews(&record(None).body, None, date("2026-11-25")).is_none());
    let prospect = later(&full_record(), 1, |body| {
        body.person.stage = Some(Stage::Prospect)
    });
    assert!(mentoring::reviews(&prospect.body, None, date("2026-11-25")).is_none());
}

#[test]
fn who_needs_attention_comes_first() {
    let today = date("2026-11-26");
    let person = |number: u32, change: &dyn Fn(&mut Body)| {
        let mut record = later(&full_record(), 0, |body| {
            body.holder = EventId(format!("01J{number:023}"));
            body.person.name = Some(format!("学员{number}"));
            change(body);
        });
        record.version = 2;
        record
    };
    // 1: review overdue since 2026-09-15; 2: the same, but noted; 3: quiet; 4: doubts.
    let (one, two) = (person(1, &|_| {}), person(2, &|_| {}));
    let three = person(3, &|body| {
        body.person.confirmed = Some(date("2026-08-01"));
        body.talks.as_mut().unwrap().truncate(2);
    });
    let four = person(4, &|body| body.person.confirmed = None);
    let four_later = later(&four, 5, |body| body.time.as_mut().unwrap().minutes = 1);
    let register = register(vec![
        received(&one),
        received(&two),
        received(&three),
        received(&four),
        received(&four_later),
        jotted(&two, JottingKind::Review, "2026-09-10", ""),
    ]);
    let listed = by_need(&register, today, |_| true);
    let names: Vec<&str> = listed
        .iter()
        .map(|(_, member, _)| member.record.body.person.name())
        .collect();
    assert_eq!(names, ["学员4", "学员1", "学员3", "学员2"]);
    let labels = |at: usize| -> Vec<String> { listed[at].2.iter().map(Reason::label).collect() };
    assert_eq!(
        labels(0),
        ["1 处要问清", "2026-11-26 收到新记录", "本人未签名", "缺确定日期"]
    );
    assert_eq!(
        labels(1),
        [
            "半年考察 2026-09-15 到期，没有记",
            "2026-11-26 收到新记录",
            "本人未签名"
        ]
    );
    assert_eq!(
        labels(2),
        ["2026-11-26 收到新记录", "159 天没有谈话", "本人未签名"]
    );
    assert_eq!(labels(3), ["本人未签名"]);
    // Signed by the person: the mentor's signature is awaited; once it is there, nothing is.
    let (mut register, record) = (Register::default(), person(5, &|_| {}));
    let with = Receipt::Received {
        file: "a.json".into(),
        record: Box::new(record.clone()),
        credential: Some(credential(&record, 1)),
    };
    register.apply(&event(1, with));
    register.apply(&event(2, jotted(&record, JottingKind::Review, "2026-09-15", "")));
    let codes = |register: &Register| -> Vec<&'static str> {
        let holder = &record.body.holder;
        reasons(register, holder, &register.people[holder], today)
            .iter()
            .map(Reason::code)
            .collect()
    };
    assert_eq!(codes(&register), ["countersign"]);
    register.apply(&event(
        3,
        done(
            &record,
            Deed::Signed(Signed {
                whole: record.digest.whole.clone(),
                name: "王建国".into(),
                credential: credential(&record, 2),
            }),
        ),
    ));
    assert_eq!(codes(&register), [""; 0]);
    register.apply(&event(
        4,
        jotted(&record, JottingKind::Reminder, "2026-11-26", "约谈"),
    ));
    register.apply(&event(
        5,
        jotted(&record, JottingKind::Reminder, "2026-12-26", "再约"),
    ));
    assert_eq!(codes(&register), ["reminder"]);
}

#[test]
fn the_four_tasks_show_facts_and_ask() {
    let record = full_record();
    let register = register(vec![
        received(&record),
        jotted(&record, JottingKind::Review, "2026-09-10", "支委会考察"),
        done(&record, Deed::Drafted("自己写的".into())),
    ]);
    let mentoring = register.mentoring.get(&record.body.holder);
    let found = tasks(&record, mentoring, date("2026-11-25"));
    assert_eq!(found.clone().map(|task| task.word), ["讲", "谈", "报", "提"]);
    assert_eq!(
        found[0].facts,
        [
            "已读 2 / 3 课，已答 3 / 4 题；最近一次学习 2026-11-25",
            "读完的模块：党的性质、宗旨和指导思想",
            "还没有读的模块：党员的义务和权利",
            "内容已更新、待重新确认：1 处",
            "模拟考试 3 场，及格 2 场",
        ]
    );
    assert_eq!(
        found[1].facts,
        [
            "记录里有 4 次谈话",
            "最近一次：2026-11-20（5 天前），书面，王建国，主题「学习体会」",
            "思想汇报 3 篇，最近一篇 2026-11-22「-3 月至今的体会」",
            "培养实践 5 次，最近一次 2026-10-20 谈心谈话「与支部书记谈心」",
        ]
    );
    assert_eq!(
        found[2].facts,
        [
            "这里记的最近一次党支部考察：2026-09-10（76 天前）",
            "下一次半年考察应在 2027-03-15 之前",
            "意见草稿保存于 2026-11-26",
            "现在这份记录，您还没有签名",
        ]
    );
    assert_eq!(
        found[3].facts,
        [
            "本人自报的发展阶段：入党积极分子",
            "确定为入党积极分子：2026-03-15（255 天前）",
            "从这一天算，满一年是 2027-03-15（未到）；列为发展对象要经过一年以上培养教育和考察（细则第十三条），是否列入由党组织决定",
        ]
    );
    // Each asks, and none of them says anything of the draft's words.
    for task in &found {
        assert!(task.question.ends_with('？'), "{}", task.question);
        assert!(!task.facts.concat().contains("自己写的"));
    }
    let mut selection = Selection::default();
    Field::ALL
        .into_iter()
        .for_each(|field| selection.set(field, false));
    let bare = seal(Body::of(&full_course(), &full_study(), &selection, &env(3_000)).unwrap());
    let found = tasks(&bare, None, date("2026-11-25"));
    let facts: Vec<&str> = found
        .iter()
        .flat_map(|task| &task.facts)
        .map(String::as_str)
        .collect();
    for fact in [
        "学习与自测情况：本人没有导出",
        "与培养联系人谈话：本人没有导出",
        "确定为入党积极分子的日期：本人没有导出",
        "这里还没有记过党支部的考察",
    ] {
        assert!(facts.contains(&fact), "{fact} {facts:#?}");
    }
}

#[test]
fn the_timeline_has_the_record_and_ones_own_doings() {
    let record = full_record();
    let register = register(vec![
        received(&record),
        jotted(&record, JottingKind::Review, "2026-09-10", ""),
        jotted(&record, JottingKind::Note, "2026-07-16", "电话问过实践情况"),
    ]);
    let holder = &record.body.holder;
    let all = timeline(&register.people[holder], register.mentoring.get(holder));
    assert!(all.windows(2).all(|pair| pair[0].date >= pair[1].date));
    let lines: Vec<String> = all
        .iter()
        .map(|one| {
            format!(
                "{} {}｜{}{}",
                one.date,
                one.what,
                one.text,
                if one.is_own { "＊" } else { "" }
            )
        })
        .collect();
    for line in [
        "2026-11-26 收到记录｜记录.json（2026-11-25 导出）＊",
        "2026-11-20 谈话｜书面 王建国「学习体会」",
        "2026-09-10 党支部考察｜党支部进行了考察＊",
        "2026-07-16 工作笔记｜电话问过实践情况＊",
        "2026-07-15 实践｜社会实践 暑期“三下乡”调研，4320 分钟，某县石门乡",
        "2026-06-30 思想汇报｜2026 年第二季度思想汇报",
        "2026-03-15 确定｜确定为入党积极分子",
        "2026-03-15 联系人｜欧阳䶮开始担任培养联系人",
        "2025-10-01 申请｜递交入党申请书",
    ] {
        assert!(lines.contains(&line.to_owned()), "{line} {lines:#?}");
    }
}

#[test]
fn what_is_jotted_down_is_checked() {
    let today = env(0).now.date();
    let refused = |kind, day, text: &str| mentoring::jot(None, kind, day, text, &env(0)).unwrap_err().field;
    assert_eq!(refused(JottingKind::Review, today.add_days(1), ""), "date");
    assert_eq!(refused(JottingKind::Reminder, today.add_days(-1), "约谈"), "date");
    assert_eq!(refused(JottingKind::Reminder, today, "  "), "text");
    assert_eq!(refused(JottingKind::Note, today, ""), "text");
    assert!(mentoring::jot(None, JottingKind::Review, today, "", &env(0)).is_ok());
    assert!(mentoring::draft(&"字".repeat(2_001)).is_err());
    assert_eq!(
        mentoring::draft("  我的意见\r\n第二行 ").unwrap(),
        Deed::Drafted("我的意见\n第二行".into())
    );
}

#[test]
fn the_calendar_has_the_reviews_and_reminders() {
    let record = full_record();
    let register = register(vec![
        received(&record),
        jotted(&record, JottingKind::Reminder, "2026-12-20", "约谈；带书"),
        jotted(&record, JottingKind::Note, "2026-11-01", "不出现"),
    ]);
    let made = env(3_000).now;
    let text = mentor_ics(&register, None, made).replace("\r\n ", "");
    for line in [
        "UID:review-2026-09-15-",
        "SUMMARY:周𠮷喆：半年考察 2026-09-15 到期，没有记",
        "DTSTART;VALUE=DATE:20261125",
        "SUMMARY:周𠮷喆：半年考察到期",
        "DTSTART;VALUE=DATE:20270315",
        "DTSTART;VALUE=DATE:20270915",
        "SUMMARY:周𠮷喆：约谈；带书",
        "DTSTART;VALUE=DATE:20261220",
        "X-WR-CALNAME:学档培养联系人提醒",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains("不出现"));
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 4);
    let nobody = EventId("x".into());
    assert!(!mentor_ics(&register, Some(&nobody), made).contains("VEVENT"));
    // What is written is a record still.
    assert_eq!(open(&write(&record)).unwrap(), record);
}
