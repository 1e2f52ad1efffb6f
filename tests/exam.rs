//! Mock exams: the paper that is drawn, the events that it is made of, and what it is worth.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod common;

use common::*;
use proptest::prelude::*;
use std::collections::BTreeSet;
use xuedang::domain::course::QuestionRef;
use xuedang::domain::question::{Kind, Question};
use xuedang::domain::study::exam::blueprint::{Blueprint, Part, presets};
use xuedang::domain::study::exam::draw::{Candidate, draw};
use xuedang::domain::study::exam::{Exam, Step, decide, hand_in};
use xuedang::domain::study::{Action, CURRENT_VERSION, Event, EventId, Happening, Study};

const KINDS: [Kind; 7] = Kind::ALL;

/// A bank: in each of `modules` modules so many of each kind.
fn big_bank(modules: usize, each: usize) -> Vec<(String, Question)> {
    let mut bank = Vec::new();
    for module in 0..modules {
        for kind in KINDS {
            for number in 0..each {
                let mut question = question(&format!("m{module}-{}-{number}", kind.code()), kind);
                question.points = vec![format!("点{}", number % 5)];
                bank.push((format!("m{module}"), question));
            }
        }
    }
    bank
}

fn candidates<'a>(bank: &'a [(String, Question)], study: &Study) -> Vec<Candidate<'a>> {
    let seen = |question: &Question| study.items.get(&question.id).map_or(0, |item| item.attempts);
    bank.iter()
        .map(|(module, question)| Candidate {
            question,
            module,
            seen: seen(question),
        })
        .collect()
}

fn blueprint(parts: &[(Kind, u32, u32)]) -> Blueprint {
    Blueprint {
        name: "小考".into(),
        parts: parts
            .iter()
            .map(|&(kind, count, points)| Part { kind, count, points })
            .collect(),
        minutes: 10,
        pass: 1,
        weights: vec![],
        partial: false,
        pause: true,
    }
}

/// A journal in the making.
#[derive(Default)]
struct Life {
    study: Study,
    events: Vec<Event<Happening>>,
}

impl Life {
    fn happen(&mut self, what: Happening) {
        let minute = self.events.len() as i64;
        let env = env(minute);
        let event = Event {
            v: CURRENT_VERSION,
            id: EventId::new(&env),
            seq: minute as u64 + 1,
            at: env.now,
            what,
        };
        // As it is stored.
        let event = Event::read(&event.write()).unwrap();
        self.study.apply(&event);
        self.events.push(event);
    }

    fn step(&mut self, step: Step) {
        let what = decide(&self.study, step, &env(self.events.len() as i64));
        self.happen(what.unwrap());
    }

    fn refused(&self, step: Step) -> String {
        let refusal = decide(&self.study, step, &env(900)).unwrap_err();
        refusal.message
    }

    fn exam(&self) -> &Exam {
        self.study.exams.last().unwrap()
    }

    fn begin(&mut self, blueprint: &Blueprint, bank: &[(String, Question)], seed: u32) -> EventId {
        let items = draw(blueprint, &candidates(bank, &self.study), seed).unwrap();
        self.step(Step::Begin(blueprint.clone(), items, seed, false));
        self.exam().id().clone()
    }

    fn submit(&mut self, bank: &[(String, Question)], used_ms: u64) {
        for what in hand_in(self.exam(), &find(bank), used_ms) {
            self.happen(what);
        }
    }
}

fn find<'a>(bank: &'a [(String, Question)]) -> impl Fn(&str) -> Option<&'a Question> {
    move |id| {
        bank.iter()
            .map(|(_, question)| question)
            .find(|question| question.id == id)
    }
}

fn right(question: &Question) -> Vec<String> {
    match question.kind {
        Kind::Fill => question.answer_in_words(),
        Kind::Match => question.options.keys().cloned().collect(),
        Kind::Short => choice(&["写", "a", "b", "c"]),
        _ => question.answer.clone(),
    }
}

#[test]
fn a_preset_is_drawn_by_kind_without_cases_and_the_same_again() {
    let mut bank = big_bank(14, 6);
    for (_, question) in bank.iter_mut().step_by(3) {
        question.case = Some("c".into());
    }
    let (preset, _) = presets()[0].clone();
    let candidates = candidates(&bank, &Study::default());
    let paper = draw(&preset, &candidates, 7).unwrap();
    assert_eq!(paper, draw(&preset, &candidates, 7).unwrap());
    assert_ne!(paper, draw(&preset, &candidates, 8).unwrap());
    let questions: Vec<_> = paper.iter().map(|item| find(&bank)(&item.id).unwrap()).collect();
    assert!(questions.iter().all(|question| question.case.is_none()));
    for (at, question) in questions.iter().enumerate() {
        assert_eq!(question.kind, preset.part_of(at).unwrap().1.kind);
        assert_eq!(paper[at].hash, question.content_hash());
    }
}

#[test]
fn too_few_are_refused_in_plain_words() {
    let mut bank = big_bank(2, 3);
    bank[0].1.case = Some("c".into());
    let refused = draw(
        &blueprint(&[(Kind::Single, 6, 1)]),
        &candidates(&bank, &Study::default()),
        1,
    );
    assert_eq!(
        refused.unwrap_err(),
        "选定的模块里单选题只有 5 道，这份蓝图要 6 道。请减少题数，或者多选几个模块。"
    );
}

#[test]
fn unseen_questions_and_new_points_come_first() {
    let bank = big_bank(1, 10);
    let mut seen = candidates(&bank, &Study::default());
    let singles: Vec<usize> = (0..seen.len())
        .filter(|at| seen[*at].question.kind == Kind::Single)
        .collect();
    for at in &singles[5..] {
        seen[*at].seen = 1;
    }
    for seed in 0..20 {
        let paper = draw(&blueprint(&[(Kind::Single, 5, 1)]), &seen, seed).unwrap();
        let unseen: BTreeSet<&String> = paper.iter().map(|item| &item.id).collect();
        assert!(
            singles[..5]
                .iter()
                .all(|at| unseen.contains(&seen[*at].question.id))
        );
        // Five points, each once.
        let all = draw(
            &blueprint(&[(Kind::Judge, 5, 1)]),
            &candidates(&bank, &Study::default()),
            seed,
        );
        let points: BTreeSet<_> = all
            .unwrap()
            .iter()
            .map(|item| find(&bank)(&item.id).unwrap().points.clone())
            .collect();
        assert_eq!(points.len(), 5);
    }
}

proptest! {
    /// Whatever the weights: exact counts, nothing twice, modules within one item of their share.
    #[test]
    fn weights_are_kept(weights in proptest::collection::vec(0u32..5, 3), single in 1u32..12, judge in 0u32..12, seed in any::<u32>()) {
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let bank = big_bank(3, 30);
        let mut wanted = blueprint(&[(Kind::Single, single, 2), (Kind::Judge, judge, 1)]);
        wanted.weights = weights.iter().enumerate().map(|(at, weight)| (format!("m{at}"), *weight)).collect();
        let paper = draw(&wanted, &candidates(&bank, &Study::default()), seed).unwrap();
        prop_assert_eq!(paper.len() as u32, single + judge);
        let ids: BTreeSet<_> = paper.iter().map(|item| &item.id).collect();
        prop_assert_eq!(ids.len(), paper.len());
        let sum: u32 = weights.iter().sum();
        for (at, weight) in weights.iter().enumerate() {
            let share = f64::from(single + judge) * f64::from(*weight) / f64::from(sum);
            let taken = ids.iter().filter(|id| id.starts_with(&format!("m{at}-"))).count();
            prop_assert!((taken as f64 - share).abs() <= 1.0, "{} of {}", taken, share);
        }
    }

    /// Marks lie between nothing and everything, all right is everything, and partial never gives less.
    #[test]
    fn marks_are_within_bounds(answers in proptest::collection::vec(proptest::collection::vec("[abcd]|true|false|五|开除党籍|", 0..5), 14), seed in any::<u32>()) {
        let bank = big_bank(2, 2);
        let strict = blueprint(&KINDS.map(|kind| (kind, 2, 3)));
        let partial = Blueprint { partial: true, ..strict.clone() };
        let marks = |blueprint: &Blueprint, answers: &dyn Fn(usize, &Question) -> Vec<String>| {
            let mut life = Life::default();
            let id = life.begin(blueprint, &bank, seed);
            for (at, QuestionRef { id: question, .. }) in life.exam().begun.items.clone().iter().enumerate() {
                life.step(Step::Answer(id.clone(), question.clone(), answers(at, find(&bank)(question).unwrap())));
            }
            life.submit(&bank, 1);
            life.exam().score()
        };
        let given = |at: usize, _: &Question| answers[at].clone();
        let (low, high) = (marks(&strict, &given), marks(&partial, &given));
        prop_assert!(low.halves <= high.halves && high.halves <= 2 * 42);
        prop_assert_eq!(marks(&strict, &|_, question| right(question)).halves, 2 * 42);
        prop_assert_eq!(marks(&partial, &|_, _| vec![]).halves, 0);
    }
}

#[test]
fn multiple_choice_is_strict_or_half() {
    let bank = vec![("m".to_owned(), question("m", Kind::Multiple))];
    // Right is a and c.
    let cases: [(&[&str], u32, u32); 6] = [
        (&["c", "a"], 6, 6),
        (&["a"], 0, 3),
        (&["c"], 0, 3),
        (&["a", "b"], 0, 0),
        (&["a", "b", "c"], 0, 0),
        (&[], 0, 0),
    ];
    for (chosen, strict, partial) in cases {
        for (is_partial, halves) in [(false, strict), (true, partial)] {
            let mut life = Life::default();
            let mut wanted = blueprint(&[(Kind::Multiple, 1, 3)]);
            wanted.partial = is_partial;
            let id = life.begin(&wanted, &bank, 1);
            life.step(Step::Answer(id, "m".into(), choice(chosen)));
            life.submit(&bank, 1);
            assert_eq!(life.exam().score().halves, halves, "{chosen:?} {is_partial}");
        }
    }
    assert_eq!(xuedang::domain::study::exam::marks::in_points(3), "1.5");
}

#[test]
fn the_last_answer_stands_and_nothing_counts_before_submission() {
    let bank = big_bank(2, 3);
    let mut life = Life::default();
    let id = life.begin(&blueprint(&[(Kind::Single, 2, 2), (Kind::Fill, 1, 2)]), &bank, 3);
    let items: Vec<String> = life
        .exam()
        .begun
        .items
        .iter()
        .map(|item| item.id.clone())
        .collect();
    life.step(Step::Answer(id.clone(), items[0].clone(), choice(&["a"])));
    life.step(Step::Answer(id.clone(), items[0].clone(), choice(&["b"])));
    life.step(Step::Answer(id.clone(), items[1].clone(), choice(&["c"])));
    // One of two blanks is no answer.
    life.step(Step::Answer(id.clone(), items[2].clone(), choice(&["五", ""])));
    life.step(Step::Flag(id.clone(), items[1].clone(), true));
    assert!(life.study.items.is_empty() && life.study.days.is_empty());
    assert!(life.exam().given[1].flagged);
    life.submit(&bank, 61_000);
    assert_eq!(life.exam().clock.marks, [4, 0, 0]);
    assert_eq!(
        (life.exam().clock.used_ms, life.exam().is_passed()),
        (61_000, true)
    );
    assert_eq!(life.study.items.len(), 2);
    assert!(life.study.items[&items[0]].last.correct && !life.study.items[&items[1]].last.correct);
    assert_eq!(
        life.refused(Step::Answer(id, items[0].clone(), choice(&["a"]))),
        "已经交卷，不能再改"
    );
}

#[test]
fn two_submissions_count_once() {
    let bank = big_bank(1, 3);
    let mut life = Life::default();
    let id = life.begin(&blueprint(&[(Kind::Single, 3, 1)]), &bank, 3);
    for QuestionRef { id: question, .. } in life.exam().begun.items.clone() {
        life.step(Step::Answer(id.clone(), question, choice(&["b"])));
    }
    // Both tabs find the time used up before they hear of each other.
    let twice = [
        hand_in(life.exam(), &find(&bank), 600_000),
        hand_in(life.exam(), &find(&bank), 600_000),
    ];
    for what in twice.into_iter().flatten() {
        life.happen(what);
    }
    assert!(life.study.items.values().all(|item| item.attempts == 1));
    assert_eq!(life.study.days.values().sum::<u32>(), 3);
    // Outside exams a second answer is one more.
    life.happen(
        life.study
            .decide(Action::Answer(&bank[0].1, choice(&["b"])), &env(99))
            .unwrap(),
    );
    assert!(life.study.items.values().any(|item| item.attempts == 2));
    assert_eq!(hand_in(life.exam(), &find(&bank), 1), vec![]);
}

#[test]
fn a_question_changed_meanwhile_costs_nobody_anything_and_old_results_stay() {
    let mut bank = big_bank(1, 2);
    let mut life = Life::default();
    let id = life.begin(&blueprint(&[(Kind::Single, 2, 5)]), &bank, 3);
    let first = life.exam().begun.items[0].id.clone();
    let second = life.exam().begun.items[1].id.clone();
    life.step(Step::Answer(id.clone(), first.clone(), choice(&["a"])));
    life.step(Step::Answer(id, second.clone(), choice(&["b"])));
    let changed = bank
        .iter_mut()
        .map(|(_, question)| question)
        .find(|question| question.id == first);
    changed.unwrap().stem.push('？');
    life.submit(&bank, 1);
    assert_eq!(life.exam().clock.marks, [10, 10]);
    assert!(!life.study.items.contains_key(&first) && life.study.items.contains_key(&second));
    // A key corrected after the submission leaves the result as it was.
    bank.clear();
    assert_eq!(life.exam().score().won(), "10");
}

#[test]
fn results_are_told_by_module_and_point() {
    let bank = big_bank(2, 2);
    let mut life = Life::default();
    let id = life.begin(&blueprint(&[(Kind::Single, 4, 2)]), &bank, 3);
    for QuestionRef { id: question, .. } in life.exam().begun.items.clone() {
        let answer = if question.starts_with("m0") { "b" } else { "a" };
        life.step(Step::Answer(id.clone(), question, choice(&[answer])));
    }
    life.submit(&bank, 1);
    let exam = life.exam();
    let mut by_module = exam.score_by(&mut |at| vec![exam.begun.items[at].id[..2].to_owned()]);
    by_module.sort_by(|a, b| a.0.cmp(&b.0));
    let shares: Vec<_> = by_module
        .iter()
        .map(|(module, score)| {
            (
                module.as_str(),
                score.won(),
                score.points,
                score.full,
                score.percent(),
            )
        })
        .collect();
    assert_eq!(
        shares,
        [("m0", "4".to_owned(), 4, 2, 100), ("m1", "0".to_owned(), 4, 0, 0)]
    );
}

#[test]
fn the_clock_stops_only_where_that_is_allowed() {
    let bank = big_bank(1, 2);
    let mut life = Life::default();
    let id = life.begin(&blueprint(&[(Kind::Single, 2, 5)]), &bank, 3);
    life.step(Step::Pause(id.clone(), 90_000));
    assert!(life.exam().paused && life.exam().clock.used_ms == 90_000);
    life.step(Step::Resume(id, 90_000));
    assert!(!life.exam().paused);
    let mut strict = blueprint(&[(Kind::Single, 2, 5)]);
    strict.pause = false;
    let id = life.begin(&strict, &bank, 3);
    assert_eq!(life.refused(Step::Pause(id, 1)), "这场考试不能暂停");
}

#[test]
fn blueprints_are_kept_changed_and_taken_out() {
    let mut life = Life::default();
    let (preset, _) = presets()[0].clone();
    life.step(Step::SetBlueprint(None, preset.clone()));
    let id = life.study.blueprints[0].id.clone();
    let mut longer = preset.clone();
    longer.minutes = 90;
    life.step(Step::SetBlueprint(Some(id.clone()), longer.clone()));
    assert_eq!(life.study.blueprints[0].entry, longer);
    life.happen(Happening::EntryRemoved { id: id.clone() });
    assert!(life.study.blueprints.is_empty());
    // A change that another device made before it knew brings nothing back.
    life.step(Step::SetBlueprint(Some(id), preset));
    assert!(life.study.blueprints.is_empty());
}

#[test]
fn the_state_survives_a_snapshot() {
    let bank = big_bank(1, 2);
    let mut life = Life::default();
    life.begin(&blueprint(&[(Kind::Single, 2, 5)]), &bank, 3);
    life.submit(&bank, 7);
    let json = serde_json::to_string(&life.study).unwrap();
    assert_eq!(serde_json::from_str::<Study>(&json).unwrap(), life.study);
}

proptest! {
    /// Two tabs or devices: whatever the order of arrival, the fold over (seq, id) is one state.
    #[test]
    fn merging_is_the_union(picks in proptest::collection::vec((0usize..3, "[abcd]", any::<bool>()), 1..20)) {
        let bank = big_bank(1, 3);
        let mut life = Life::default();
        let id = life.begin(&blueprint(&[(Kind::Single, 3, 1)]), &bank, 3);
        let items = life.exam().begun.items.clone();
        for (at, key, flag) in picks {
            let question = items[at].id.clone();
            life.step(if flag { Step::Flag(id.clone(), question, key == "a") } else { Step::Answer(id.clone(), question, vec![key]) });
        }
        life.submit(&bank, 5);
        let mut shuffled = life.events.clone();
        shuffled.reverse();
        shuffled.extend(life.events.clone());
        shuffled.sort_by(|a, b| (a.seq, &a.id).cmp(&(b.seq, &b.id)));
        shuffled.dedup();
        let mut study = Study::default();
        shuffled.iter().for_each(|event| study.apply(event));
        prop_assert_eq!(study, life.study);
    }
}
