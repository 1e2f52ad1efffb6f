//! What a person may do, what it adds up to, and that order of arrival does not matter.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod common;

use common::*;
use proptest::prelude::*;
use std::collections::BTreeMap;
use xuedang::domain::course::{Catalogue, QuestionRef};
use xuedang::domain::question::sitting::Standing;
use xuedang::domain::question::{Kind, Question, Unanswerable};
use xuedang::domain::study::mistakes::{standing, wrong};
use xuedang::domain::study::plan::PlanSettings;
use xuedang::domain::study::progress::{CourseProgress, StudyTime, percent};
use xuedang::domain::study::{
    Action, Event, EventId, Happening, Mark, MentorEntry, PracticeEntry, PracticeKind, Profile, Study,
    TalkEntry, TalkForm, report,
};

#[test]
fn each_kind_is_graded_by_its_rule() {
    let single = question("s", Kind::Single);
    assert_eq!(single.grade(&choice(&["b"])), Ok(true));
    assert_eq!(single.grade(&choice(&["a"])), Ok(false));
    assert_eq!(single.grade(&choice(&["a", "b"])), Err(Unanswerable::TooMany));
    let multiple = question("m", Kind::Multiple);
    assert_eq!(multiple.grade(&choice(&["a", "c"])), Ok(true));
    for wrong in [&["a"][..], &["a", "b", "c"], &["b", "d"]] {
        assert_eq!(multiple.grade(&choice(wrong)), Ok(false), "{wrong:?}");
    }
    let judge = question("j", Kind::Judge);
    assert_eq!(judge.grade(&choice(&["true"])), Ok(true));
    assert_eq!(judge.grade(&choice(&["false"])), Ok(false));
    assert_eq!(judge.grade(&choice(&["a"])), Err(Unanswerable::Unknown));
    assert_eq!(single.grade(&choice(&[])), Err(Unanswerable::Nothing));
    assert_eq!(single.grade(&choice(&["e"])), Err(Unanswerable::Unknown));
}

#[test]
fn every_kind_grades_by_its_own_rule() {
    let grade = |kind, given: &[&str]| question("q", kind).grade(&choice(given));
    assert_eq!(grade(Kind::Fill, &["5", "《开除党籍》"]), Ok(true));
    assert_eq!(grade(Kind::Fill, &["五种", "开除党籍"]), Ok(false));
    assert_eq!(grade(Kind::Fill, &["五", " "]), Err(Unanswerable::Incomplete));
    assert_eq!(grade(Kind::Order, &["c", "a", "d", "b"]), Ok(true));
    assert_eq!(grade(Kind::Order, &["a", "c", "d", "b"]), Ok(false));
    assert_eq!(grade(Kind::Order, &["c", "a"]), Err(Unanswerable::Incomplete));
    assert_eq!(
        grade(Kind::Order, &["c", "a", "d", "d"]),
        Err(Unanswerable::Twice)
    );
    assert_eq!(grade(Kind::Match, &["a", "b", "c", "d"]), Ok(true));
    assert_eq!(grade(Kind::Match, &["b", "a", "c", "d"]), Ok(false));
    assert_eq!(
        grade(Kind::Match, &["a", "a", "c", "d"]),
        Err(Unanswerable::Twice)
    );
    assert_eq!(
        grade(Kind::Match, &["", "b", "c", "d"]),
        Err(Unanswerable::Incomplete)
    );
    // Two thirds of four points are three.
    assert_eq!(grade(Kind::Short, &["我的回答", "a", "b", "c"]), Ok(true));
    assert_eq!(grade(Kind::Short, &["我的回答", "a", "b"]), Ok(false));
    assert_eq!(grade(Kind::Short, &["我的回答"]), Ok(false));
    assert_eq!(grade(Kind::Short, &["", "a"]), Err(Unanswerable::Nothing));
    assert_eq!(grade(Kind::Short, &["我的回答", "z"]), Err(Unanswerable::Unknown));
}

/// Answers stored by earlier builds carry these hashes: they must never change by themselves.
#[test]
fn the_hashes_of_the_first_kinds_are_those_of_version_1() {
    let hash = |kind| question("q", kind).content_hash();
    assert_eq!(
        [hash(Kind::Single), hash(Kind::Multiple), hash(Kind::Judge)],
        ["e3a2cc1749e0", "ee2143693280", "8e8cc257f131"]
    );
}

#[test]
fn the_hash_follows_what_an_answer_spoke_of() {
    let base = question("q", Kind::Single);
    let mut explained = base.clone();
    explained.explain = "换个说法".into();
    explained.lesson = "l2#b".into();
    assert_eq!(base.content_hash(), explained.content_hash());
    let mut reworded = base.clone();
    reworded.stem.push('？');
    let mut rekeyed = base.clone();
    rekeyed.answer = choice(&["c"]);
    let mut optioned = base.clone();
    optioned.options.insert("a".into(), "己".into());
    for other in [reworded, rekeyed, optioned] {
        assert_ne!(base.content_hash(), other.content_hash());
    }
}

#[test]
fn figures_of_a_small_life() {
    let study = sample_study("张三");
    let progress = CourseProgress::of(&course(), &study);
    let total = progress.total;
    assert_eq!((total.lessons, total.lessons_read), (3, 1));
    assert_eq!(
        (total.questions, total.answered, total.correct, total.attempts),
        (4, 3, 2, 4)
    );
    assert_eq!(total.accuracy(), Some(66));
    assert_eq!(progress.module("m1").to_reconfirm, 0);
    assert_eq!(total.first.unwrap().to_string(), "2026-11-23");
    assert_eq!(study.days.values().sum::<u32>(), 4);
}

#[test]
fn a_changed_question_waits_for_reconfirmation_and_keeps_its_answer() {
    let study = sample_study("张三");
    let mut course = course();
    course.modules[0].lessons[0].questions[0].hash = "changed".into();
    course.modules[0].lessons[0].questions.reverse();
    course.modules[0].lessons[0].hash = "changed".into();
    let figures = CourseProgress::of(&course, &study).total;
    assert_eq!(
        (figures.lessons_read, figures.answered, figures.to_reconfirm),
        (0, 2, 2)
    );
    assert_eq!(study.items["q1"].attempts, 1);
    // A question that is taken out of the course takes nothing else with it.
    course.modules[0].lessons[0]
        .questions
        .retain(|question| question.id != "q1");
    course.modules[0].lessons[0].count -= 1;
    let figures = CourseProgress::of(&course, &study).total;
    assert_eq!((figures.questions, figures.answered, figures.attempts), (3, 2, 3));
}

#[test]
fn refusals_name_field_and_reason() {
    let study = sample_study("张三");
    let refused = |action| {
        let refusal = study.decide(action, &env(500)).unwrap_err();
        (refusal.field, refusal.message)
    };
    assert_eq!(
        refused(Action::SetProfile(Profile {
            name: " ".into(),
            ..profile("x")
        })),
        ("name", "请填写姓名".into())
    );
    let id_number = Profile {
        number: "11010519491231002X".into(),
        ..profile("x")
    };
    assert_eq!(refused(Action::SetProfile(id_number)).0, "number");
    let backwards = Profile {
        applied: Some(date("2026-05-01")),
        ..profile("x")
    };
    assert_eq!(refused(Action::SetProfile(backwards)).0, "confirmed");
    let mentor = study.mentors.keys().next().unwrap().clone();
    let talk = |day: &str| TalkEntry {
        mentor: mentor.clone(),
        date: date(day),
        form: TalkForm::Phone,
        topic: "学习".into(),
        notes: String::new(),
    };
    assert_eq!(
        refused(Action::SetTalk(None, talk("2026-12-01"))),
        ("date", "日期不能晚于今天".into())
    );
    assert_eq!(refused(Action::SetTalk(None, talk("2026-01-01"))).0, "date");
    assert_eq!(refused(Action::Remove(mentor.clone())).0, "name");
    let practice = PracticeEntry {
        kind: PracticeKind::Duty,
        date: date("2026-01-01"),
        title: "换\u{0}行".into(),
        minutes: 0,
        place: String::new(),
        notes: String::new(),
    };
    assert_eq!(refused(Action::SetPractice(None, practice)).0, "title");
}

#[test]
fn there_are_two_mentors_at_most_who_serve() {
    let mentor = |name: &str| MentorEntry {
        name: name.into(),
        since: None,
        until: None,
    };
    let (study, _) = live(vec![
        Action::SetMentor(None, mentor("甲")),
        Action::SetMentor(None, mentor("乙")),
    ]);
    let refusal = study
        .decide(Action::SetMentor(None, mentor("丙")), &env(9))
        .unwrap_err();
    assert!(refusal.message.contains("第九条"), "{}", refusal.message);
    // One who has stopped makes room, and an existing one can still be edited.
    let first = study.mentors.keys().next().unwrap().clone();
    assert!(
        study
            .decide(Action::SetMentor(Some(first.clone()), mentor("甲甲")), &env(9))
            .is_ok()
    );
    let ended = MentorEntry {
        until: Some(date("2026-11-01")),
        ..mentor("甲")
    };
    let what = study
        .decide(Action::SetMentor(Some(first), ended), &env(9))
        .unwrap();
    let mut study = study;
    study.apply(&Event {
        v: 1,
        id: EventId::new(&env(9)),
        seq: 9,
        at: env(9).now,
        what,
    });
    assert!(
        study
            .decide(Action::SetMentor(None, mentor("丙")), &env(10))
            .is_ok()
    );
}

#[test]
fn what_was_removed_stays_removed_when_an_older_edit_arrives_late() {
    let entry = PracticeEntry {
        kind: PracticeKind::Duty,
        date: date("2026-01-01"),
        title: "值班".into(),
        minutes: 60,
        place: String::new(),
        notes: String::new(),
    };
    let id = EventId::new(&env(0));
    let at = env(0).now;
    let event = |seq, chance: i64, what| Event {
        v: 1,
        id: EventId::new(&env(chance)),
        seq,
        at,
        what,
    };
    let mut study = Study::default();
    study.apply(&event(
        1,
        1,
        Happening::PracticeSet {
            id: id.clone(),
            entry: entry.clone(),
        },
    ));
    study.apply(&event(2, 2, Happening::EntryRemoved { id: id.clone() }));
    study.apply(&event(3, 3, Happening::PracticeSet { id, entry }));
    assert!(study.practice.is_empty());
}

#[test]
fn per_cent_is_rounded_down_so_that_only_all_is_100() {
    assert_eq!(
        (percent(199, 200), percent(200, 200), percent(0, 0), percent(1, 3)),
        (99, 100, 0, 33)
    );
}

proptest! {
    /// Grading never panics, and only the exact key is right.
    #[test]
    fn only_the_key_is_right(chosen in proptest::collection::btree_set("[a-e]|true|false", 0..5)) {
        let chosen: Vec<String> = chosen.into_iter().collect();
        for kind in [Kind::Single, Kind::Multiple, Kind::Judge] {
            let question = question("q", kind);
            let right = question.grade(&chosen) == Ok(true);
            prop_assert_eq!(right, chosen == question.answer);
        }
    }

    /// Whatever is given, nothing panics; an order and pairs are right in one way only.
    #[test]
    fn orders_and_pairs_are_right_in_one_way(given in proptest::collection::vec("[a-e]", 0..6)) {
        let order = question("q", Kind::Order);
        prop_assert_eq!(order.grade(&given) == Ok(true), given == ["c", "a", "d", "b"]);
        let pairs = question("q", Kind::Match);
        prop_assert_eq!(pairs.grade(&given) == Ok(true), given == ["a", "b", "c", "d"]);
        for kind in [Kind::Fill, Kind::Short] {
            let _ = question("q", kind).grade(&given);
        }
    }

    /// A shuffle never shows the right order, and the right sides are all there.
    #[test]
    fn what_is_shown_gives_nothing_away(seed: u64) {
        let order = question("q", Kind::Order);
        let shown: Vec<String> = order.shuffled(seed).into_iter().map(|(key, _)| key).collect();
        prop_assert_ne!(&shown, &order.answer);
        let mut sides = question("q", Kind::Match).right_sides(seed);
        sides.sort();
        let all: Vec<_> = question("q", Kind::Match).matches.into_iter().collect();
        prop_assert_eq!(sides, all);
    }
}

/// What the build before this one wrote reads as it was, and its answers stay attached: the
/// hashes of the questions are the same.
#[test]
fn events_of_version_1_are_read_and_folded() {
    let mut study = xuedang::domain::study::Study::default();
    for line in include_str!("fixtures/journal/v1.jsonl").lines() {
        study.apply(&Event::<Happening>::read(line).unwrap());
    }
    let figures = CourseProgress::of(&course(), &study).total;
    assert_eq!(
        (figures.lessons_read, figures.answered, figures.correct),
        (1, 3, 3)
    );
    assert_eq!((figures.attempts, figures.to_reconfirm), (5, 0));
    assert_eq!(
        (study.profile.name.as_str(), study.summary.as_str()),
        ("张三", "小结")
    );
    assert_eq!(study.unsaved_events, 1);
}

/// What builds of version 2 have written so far, an event of each kind a line: read, folded, and
/// written the same again.
#[test]
fn events_of_version_2_are_read_and_folded() {
    let mut study = Study::default();
    for line in include_str!("fixtures/journal/v2.jsonl").lines() {
        let event = Event::<Happening>::read(line).unwrap();
        assert_eq!(event.write(), line);
        study.apply(&event);
    }
    assert_eq!((study.step.as_str(), study.groups.len()), ("talk", 1));
    assert_eq!(study.mentors.len() + study.talks.len() + study.practice.len(), 3);
    assert_eq!(study.blueprints, []);
    assert_eq!((study.exams.len(), study.exams[0].score().halves), (1, 7));
    let titles: Vec<_> = study.reports.iter().map(|report| report.title.as_str()).collect();
    assert_eq!(titles, ["第三季度思想汇报"], "changed once; another was removed");
    assert_eq!(study.reports[0].text, "改过的正文");
    let time = StudyTime {
        minutes: 3,
        days: 1,
        sessions: 2,
        answers: 1,
    };
    assert_eq!(StudyTime::of(&study), time);
}

#[test]
fn a_report_is_checked_written_changed_and_removed() {
    let write = |id, day: &str, title: &str, text: &str| {
        report::decide(id, date(day), title, text, &env(9))
            .map_err(|refusal| (refusal.field, refusal.message))
    };
    let late = write(None, "2026-11-24", "标题", "");
    assert_eq!(late, Err(("date", "日期不能晚于今天".into())));
    assert_eq!(
        write(None, "2026-11-23", " ", ""),
        Err(("title", "请填写标题".into()))
    );
    assert_eq!(write(None, "2026-11-23", "标\u{7}题", "").unwrap_err().0, "title");
    let long = "字".repeat(report::MOST + 1);
    assert_eq!(
        write(None, "2026-11-23", "标题", &long),
        Err(("text", "正文太长，最多10000个字".into()))
    );
    let mut study = Study::default();
    let what = write(None, "2026-11-20", " 思想汇报 ", " 第一段\r\n第二段\u{0} ").unwrap();
    study.apply(&event(9, what));
    assert!(!study.is_empty());
    let report = study.reports[0].clone();
    assert_eq!(
        (report.title.as_str(), report.text.as_str()),
        ("思想汇报", "第一段\n第二段")
    );
    let change = write(Some(report.id.clone()), "2026-11-21", "思想汇报", "").unwrap();
    study.apply(&event(10, change.clone()));
    assert_eq!((study.reports.len(), study.reports[0].text.as_str()), (1, ""));
    let remove = study.decide(Action::Remove(report.id), &env(11)).unwrap();
    study.apply(&event(11, remove));
    assert_eq!(study.reports, []);
    // Another device changed it before it had heard of that.
    study.apply(&event(12, change));
    assert_eq!(study.reports, [], "what was removed stays removed");
    assert!(study.is_empty());
}

/// Sessions: runs of clock hours on each day, whatever the order in which devices are merged.
#[test]
fn study_time_has_its_support() {
    const HOUR: i64 = 60;
    let opened = |minute: i64| {
        event(
            minute,
            Happening::LessonOpened {
                lesson: "l1".into(),
                hash: "hash-l1".into(),
            },
        )
    };
    // 12:00, 12:50 and 13:10; 15:00; 23:59 and, the next day, 00:01.
    let minutes = [0, 50, 70, 3 * HOUR, 12 * HOUR - 1, 12 * HOUR + 1];
    let fold = |minutes: &[i64]| {
        let mut study = Study::default();
        minutes.iter().for_each(|minute| study.apply(&opened(*minute)));
        StudyTime::of(&study)
    };
    let time = fold(&minutes);
    assert_eq!(
        (time.days, time.sessions, time.minutes, time.answers),
        (2, 4, 0, 0)
    );
    let backwards: Vec<i64> = minutes.into_iter().rev().collect();
    assert_eq!(fold(&backwards), time);
    assert_eq!(StudyTime::of(&sample_study("张三")).answers, 4);
    // Talks and practice are no study.
    let (study, _) = live(vec![Action::SetProfile(profile("张三"))]);
    assert_eq!(StudyTime::of(&study), StudyTime::default());
}

#[test]
fn answers_that_wait_are_counted_apart_and_a_module_names_its_bank() {
    let study = sample_study("张三");
    let mut course = course();
    let confirmed = |course: &Catalogue| {
        let figures = CourseProgress::of(course, &study).total;
        (
            figures.to_reconfirm,
            figures.answers_to_reconfirm,
            figures.confirmed(),
        )
    };
    assert_eq!(confirmed(&course), (0, Some(0), Some(100)));
    course.modules[0].lessons[0].hash = "changed".into();
    assert_eq!(
        confirmed(&course),
        (1, Some(0), Some(100)),
        "a lesson is no answer"
    );
    course.modules[0].lessons[0].questions[0].hash = "changed".into();
    assert_eq!(confirmed(&course), (2, Some(1), Some(66)));
    course.modules[0].bank = "content/questions-dang-yuan-12ab34cd56ef.json".into();
    let progress = CourseProgress::of(&course, &study).with_banks(&course);
    let banks: Vec<_> = progress
        .modules
        .iter()
        .map(|module| module.bank.as_str())
        .collect();
    assert_eq!(banks, ["12ab34cd56ef", "0123456789ab"]);
    let nothing = CourseProgress::of(&course, &Study::default()).total;
    assert_eq!(
        (nothing.answers_to_reconfirm, nothing.confirmed()),
        (Some(0), None)
    );
}

#[test]
fn one_s_step_and_groups_are_kept_and_never_leave_in_a_record() {
    let groups = vec!["farmer".to_owned(), "woman".into()];
    let (study, events) = live(vec![
        Action::SetProfile(profile("张三")),
        Action::TakeStep("talk".into()),
        Action::ChooseGroups(groups.clone()),
        Action::TakeStep("mentor".into()),
    ]);
    assert_eq!((study.step.as_str(), &study.groups), ("mentor", &groups));
    for event in &events {
        assert_eq!(Event::<Happening>::read(&event.write()).as_ref(), Ok(event));
    }
    let refusal = study
        .decide(Action::ChooseGroups(vec!["nobody".into()]), &env(9))
        .unwrap_err();
    assert_eq!(refusal.field, "groups");
    let record = xuedang::domain::record::Body::of(&course(), &study, &Default::default(), &env(10)).unwrap();
    let bytes = xuedang::format::record::write(&xuedang::format::record::seal(record));
    let text = String::from_utf8(bytes).unwrap();
    for private in ["farmer", "groups", "\"step"] {
        assert!(!text.contains(private), "{private} in {text}");
    }
}

#[test]
fn the_plan_is_checked_kept_and_never_leaves_in_a_record() {
    let settings = PlanSettings {
        exam: Some(date("2027-01-10")),
        weekdays: 0b110_0000,
        minutes: 45,
        retention: 95,
    };
    let (study, events) = live(vec![
        Action::SetProfile(profile("张三")),
        Action::SetPlan(settings),
    ]);
    assert_eq!(study.plan, settings);
    let line = events[1].write();
    assert!(
        line.contains(r#""plan-set":{"exam":"2027-01-10","minutes":45,"retention":95,"weekdays":96}"#),
        "{line}"
    );
    assert_eq!(Event::<Happening>::read(&line).as_ref(), Ok(&events[1]));
    let passed = PlanSettings {
        exam: Some(date("2026-11-22")),
        ..settings
    };
    let refusal = study.decide(Action::SetPlan(passed), &env(9)).unwrap_err();
    assert_eq!(refusal.field, "exam");
    let record = xuedang::domain::record::Body::of(&course(), &study, &Default::default(), &env(10)).unwrap();
    let bytes = xuedang::format::record::write(&xuedang::format::record::seal(record));
    let text = String::from_utf8(bytes).unwrap();
    assert!(
        !text.contains("2027-01-10") && !text.contains("retention"),
        "{text}"
    );
}

/// A multiple choice is a set: in which order it was ticked says nothing.
#[test]
fn what_is_ticked_is_stored_in_one_order() {
    let question = question("m", Kind::Multiple);
    let study = xuedang::domain::study::Study::default();
    let what = |keys: &[&str]| {
        study
            .decide(Action::Answer(&question, choice(keys)), &env(1))
            .unwrap()
    };
    assert_eq!(what(&["c", "a"]), what(&["a", "c"]));
}

fn event(minute: i64, what: Happening) -> Event<Happening> {
    Event {
        v: xuedang::domain::study::CURRENT_VERSION,
        id: EventId::new(&env(minute)),
        seq: minute as u64 + 1,
        at: env(minute).now,
        what,
    }
}

#[test]
fn marks_stay_with_their_question_and_do_not_undo_each_other() {
    let mark = |mark, on, note: &str| Action::Mark("q1".into(), mark, on, note.into());
    let (study, events) = live(vec![
        mark(Mark::Doubtful, true, " 选项乙也对\u{0} "),
        mark(Mark::Favourite, true, "只有存疑才有说明"),
        mark(Mark::Hidden, true, ""),
        mark(Mark::Favourite, false, ""),
    ]);
    assert_eq!(
        (
            Mark::ALL.map(|mark| study.is_marked("q1", mark)),
            study.doubt("q1")
        ),
        ([false, true, true], "选项乙也对")
    );
    assert!(study.is_marked("q1", Mark::Hidden) && !study.is_marked("q2", Mark::Hidden));
    for event in &events {
        assert_eq!(Event::<Happening>::read(&event.write()).as_ref(), Ok(event));
    }
    // A mark is no answer, and what has none is not kept.
    assert!(study.items.is_empty() && study.days.is_empty());
    let mut study = study;
    for mark in Mark::ALL {
        let what = study
            .decide(Action::Mark("q1".into(), mark, false, String::new()), &env(9))
            .unwrap();
        study.apply(&event(9, what));
    }
    assert!(!study.has_marks() && study.doubt("q1").is_empty());
    let refusal = study
        .decide(mark(Mark::Doubtful, true, &"长".repeat(4_001)), &env(10))
        .unwrap_err();
    assert_eq!(refusal.field, "note");
}

#[test]
fn study_time_has_its_limits_and_is_no_practice_time() {
    let course = course();
    let lesson = &course.modules[0].lessons[0];
    let (mut study, events) = live(vec![
        Action::OpenLesson(lesson),
        Action::SpendTime(lesson, 200),
        // Five minutes' lesson: fifteen at most.
        Action::SpendTime(lesson, 20_000),
    ]);
    assert_eq!(study.lessons["l1"].seconds, 200 + 900);
    assert_eq!(study.time_spent(), 1_100);
    for event in &events {
        assert_eq!(Event::<Happening>::read(&event.write()).as_ref(), Ok(event));
    }
    assert_eq!(
        study
            .decide(Action::SpendTime(lesson, 4), &env(9))
            .unwrap_err()
            .field,
        "seconds"
    );
    // Two devices that have each filled the day are one full day, whatever a file claims.
    for minute in 10..13 {
        let what = Happening::TimeSpent {
            lesson: "l2".into(),
            seconds: u32::MAX - 7,
        };
        study.apply(&event(minute, what));
    }
    assert_eq!(study.time_spent(), 8 * 3600);
    let sum: u32 = study.lessons.values().map(|lesson| lesson.seconds).sum();
    assert_eq!(sum, 8 * 3600);
    assert!(study.decide(Action::SpendTime(lesson, 60), &env(20)).is_err());
    // The next day has room again.
    assert!(study.decide(Action::SpendTime(lesson, 60), &env(24 * 60)).is_ok());
    assert_eq!(study.practice.len(), 0);
    let progress = CourseProgress::of(&course, &study).total;
    assert_eq!((progress.lessons_read, progress.answered), (0, 0));
}

/// A question as an editor leaves it between two visits of a reader.
#[derive(Clone, Debug)]
enum Edit {
    Reword(usize),
    Explain(usize),
    Move(usize, usize),
    Remove(usize),
    Add,
    ReorderOptions(usize),
}

/// What a reader does, or an editor between two visits.
#[derive(Clone, Debug)]
enum Step {
    Answer(usize, bool),
    Mark(usize, u8, bool),
    Edit(Edit),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let at = 0usize..12;
    let edit = prop_oneof![
        at.clone().prop_map(Edit::Reword),
        at.clone().prop_map(Edit::Explain),
        (at.clone(), at.clone()).prop_map(|(from, to)| Edit::Move(from, to)),
        at.clone().prop_map(Edit::Remove),
        Just(Edit::Add),
        at.clone().prop_map(Edit::ReorderOptions),
    ];
    let step = prop_oneof![
        (at.clone(), any::<bool>()).prop_map(|(at, rightly)| Step::Answer(at, rightly)),
        (at, 0u8..3, any::<bool>()).prop_map(|(at, mark, on)| Step::Mark(at, mark, on)),
        edit.prop_map(Step::Edit),
    ];
    proptest::collection::vec(step, 0..60)
}

/// The course with this bank, shared out over its two lessons of questions.
fn course_of(bank: &[Question]) -> Catalogue {
    let mut course = course();
    let reference = |question: &Question| QuestionRef {
        id: question.id.clone(),
        hash: question.content_hash(),
        points: question.points.clone(),
    };
    let (first, second) = bank.split_at(bank.len() / 2);
    for (lesson, questions) in course.modules[0].lessons.iter_mut().zip([first, second]) {
        lesson.questions = questions.iter().map(reference).collect();
        lesson.count = questions.len() as u32;
    }
    course
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever an editor does to the bank between visits — rewording, reordering, moving to
    /// another lesson, removing, adding — every earlier answer and mark stays with its question:
    /// unchanged questions keep their standing, changed ones wait, removed ones take nothing along
    /// and their ids are never taken by others.
    #[test]
    fn edits_never_misattach_an_answer(steps in steps()) {
        let mut bank = bank();
        let mut study = Study::default();
        // What the reader did, kept apart: per id the hash, whether it was right, how often, marks.
        let mut answers: BTreeMap<String, (String, bool, u32)> = BTreeMap::new();
        let mut marks: BTreeMap<String, [bool; 3]> = BTreeMap::new();
        let mut added = 0;
        for (minute, step) in steps.into_iter().enumerate() {
            let minute = minute as i64;
            let count = bank.len();
            match step {
                Step::Answer(at, rightly) if count > 0 => {
                    let question = &bank[at % count];
                    let given = match (question.kind, rightly) {
                        (_, true) => question.answer.clone(),
                        (Kind::Judge, false) => choice(&["false"]),
                        (_, false) => choice(&["d"]),
                    };
                    let what = study.decide(Action::Answer(question, given), &env(minute)).unwrap();
                    study.apply(&event(minute, what));
                    let known = answers.entry(question.id.clone()).or_default();
                    *known = (question.content_hash(), rightly, known.2 + 1);
                }
                Step::Mark(at, mark, on) if count > 0 => {
                    let id = &bank[at % count].id;
                    let kind = Mark::ALL[usize::from(mark)];
                    let what = study
                        .decide(Action::Mark(id.clone(), kind, on, "说明".into()), &env(minute))
                        .unwrap();
                    study.apply(&event(minute, what));
                    marks.entry(id.clone()).or_default()[usize::from(mark)] = on;
                }
                Step::Edit(Edit::Add) => {
                    added += 1;
                    bank.insert(0, question(&format!("n{added}"), Kind::Single));
                }
                Step::Edit(edit) if count > 0 => match edit {
                    Edit::Reword(at) => bank[at % count].stem.push('改'),
                    Edit::Explain(at) => bank[at % count].explain.push('改'),
                    Edit::Move(from, to) => {
                        let question = bank.remove(from % count);
                        bank.insert(to % count, question);
                    }
                    Edit::Remove(at) => {
                        bank.remove(at % count);
                    }
                    Edit::ReorderOptions(at) => {
                        // Keys are stable: the order in a file is not part of a question.
                        let question = &mut bank[at % count];
                        let options: Vec<_> = question.options.clone().into_iter().rev().collect();
                        question.options = options.into_iter().collect();
                    }
                    Edit::Add => {}
                },
                _ => {}
            }
            let course = course_of(&bank);
            let refs = course.modules.iter().flat_map(|module| &module.lessons);
            for reference in refs.flat_map(|lesson| &lesson.questions) {
                let expected = match answers.get(&reference.id) {
                    Some((hash, true, _)) if *hash == reference.hash => Standing::Right,
                    Some((hash, false, _)) if *hash == reference.hash => Standing::Wrong,
                    _ => Standing::Fresh,
                };
                prop_assert_eq!(standing(reference, &study), expected, "{}", &reference.id);
            }
            let there = |id: &String| bank.iter().find(|question| question.id == *id);
            let (mut answered, mut right, mut waiting, mut attempts) = (0, 0, 0, 0);
            for (id, (hash, correct, times)) in &answers {
                let item = &study.items[id];
                prop_assert_eq!((&item.last.hash, item.last.correct, item.attempts), (hash, *correct, *times));
                if let Some(question) = there(id) {
                    attempts += times;
                    if question.content_hash() == *hash {
                        answered += 1;
                        right += u32::from(*correct);
                    } else {
                        waiting += 1;
                    }
                }
            }
            prop_assert_eq!(study.items.len(), answers.len());
            let total = CourseProgress::of(&course, &study).total;
            prop_assert_eq!(
                (total.questions, total.answered, total.correct, total.to_reconfirm, total.attempts),
                (bank.len() as u32, answered, right, waiting, attempts)
            );
            for (id, marks) in &marks {
                for (mark, on) in Mark::ALL.into_iter().zip(marks) {
                    prop_assert_eq!(study.is_marked(id, mark), *on, "{} {:?}", id, mark);
                }
            }
            let hidden = |id: &String| marks.get(id).is_some_and(|marks| marks[1]);
            let open_mistakes = answers.iter().filter(|(id, (hash, correct, _))| {
                !correct && !hidden(id) && there(id).is_some_and(|question| question.content_hash() == *hash)
            });
            prop_assert_eq!(wrong(&course, &study).count(), open_mistakes.count());
        }
    }
}
