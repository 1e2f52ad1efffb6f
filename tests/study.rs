//! What a person may do, what it adds up to, and that order of arrival does not matter.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod common;

use common::*;
use proptest::prelude::*;
use xuedang::domain::question::{Kind, Unanswerable};
use xuedang::domain::study::progress::{CourseProgress, percent};
use xuedang::domain::study::{
    Action, Event, EventId, Happening, MentorEntry, PracticeEntry, PracticeKind, Profile, Study, TalkEntry,
    TalkForm,
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
