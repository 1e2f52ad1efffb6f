//! Our FSRS-6 agrees with npm `ts-fsrs`: over forty histories always, over ten thousand with
//! `cargo xtask check fsrs`, which also says how fast each is. And many events fold quickly.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::print_stdout)] // Helpers of tests, too, stop at the first surprise.

use serde_json::Value;
use std::hint::black_box;
use std::time::Instant;
use xuedang::domain::study::fsrs::{Grade, Model, PARAMETERS, State};
use xuedang::domain::study::{Event, EventId, Happening, Study};
use xuedang::domain::time::Moment;

/// The greatest difference in stability or difficulty that counts as agreement.
const TOLERANCE: f64 = 1e-6;

struct History {
    /// `None` for the default parameters.
    model: Option<Model>,
    retention: f64,
    reviews: Vec<Review>,
}

struct Review {
    days: u32,
    grade: Grade,
    /// As ts-fsrs has it.
    expected: State,
    interval: u32,
}

fn histories(file: &Value) -> Vec<History> {
    let history = |history: &Value| History {
        model: history.get("w").map(|w| {
            let w: Vec<f64> = w.as_array().unwrap().iter().map(number).collect();
            Model::new(<[f64; PARAMETERS]>::try_from(w).unwrap())
        }),
        retention: number(&history["retention"]),
        reviews: history["reviews"]
            .as_array()
            .unwrap()
            .iter()
            .map(review)
            .collect(),
    };
    let all = file["histories"].as_array().unwrap();
    all.iter().map(history).collect()
}

fn review(review: &Value) -> Review {
    Review {
        days: number(&review[0]) as u32,
        grade: match number(&review[1]) as u32 {
            1 => Grade::Again,
            2 => Grade::Hard,
            3 => Grade::Good,
            _ => Grade::Easy,
        },
        expected: State {
            stability: number(&review[2]),
            difficulty: number(&review[3]),
        },
        interval: number(&review[4]) as u32,
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// The states after each review.
fn states<'a>(model: &'a Model, reviews: &'a [Review]) -> impl Iterator<Item = State> + 'a {
    reviews.iter().scan(None, |state, review| {
        let next = match *state {
            None => model.first(review.grade),
            Some(state) => model.next(state, review.days, review.grade),
        };
        *state = Some(next);
        *state
    })
}

/// How many reviews there are, and the greatest difference of any.
fn compare(histories: &[History]) -> (usize, f64) {
    let mut count = 0;
    let mut greatest: f64 = 0.0;
    for history in histories {
        let model = history.model.as_ref().unwrap_or(&Model::DEFAULT);
        for (state, review) in states(model, &history.reviews).zip(&history.reviews) {
            let expected = review.expected;
            let difference = (state.stability - expected.stability).abs();
            let difference = difference.max((state.difficulty - expected.difficulty).abs());
            assert!(difference <= TOLERANCE, "{state:?} instead of {expected:?}");
            assert_eq!(
                model.interval(expected.stability, history.retention),
                review.interval,
                "of {expected:?} at {}",
                history.retention
            );
            greatest = greatest.max(difference);
            count += 1;
        }
    }
    (count, greatest)
}

#[test]
fn agrees_with_ts_fsrs_over_forty_histories() {
    let file = serde_json::from_str(include_str!("fixtures/fsrs.json")).unwrap();
    let histories = histories(&file);
    assert_eq!(histories.len(), 40);
    assert!(histories.iter().any(|history| history.model.is_some()));
    let (count, _) = compare(&histories);
    assert!(count > 300, "{count}");
}

#[test]
#[ignore = "`cargo xtask check fsrs` makes what it compares with"]
fn agrees_with_ts_fsrs_over_ten_thousand_histories() {
    let path = std::env::var("XUEDANG_FSRS").unwrap();
    let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let histories = histories(&file);
    assert_eq!(histories.len(), 10_000);
    let (count, greatest) = compare(&histories);
    println!(
        "{} histories, {count} reviews: greatest difference {greatest:e} (allowed {TOLERANCE:e}), all intervals equal",
        histories.len()
    );
    let started = Instant::now();
    let mut reviews = 0;
    while started.elapsed().as_secs_f64() < 1.0 {
        for history in &histories {
            black_box(states(&Model::DEFAULT, &history.reviews).last());
        }
        reviews += count;
    }
    let ours = reviews as f64 / started.elapsed().as_secs_f64();
    println!("ours, natively: {ours:.0} reviews per second");
    for (name, what) in [("formulas", "its formulas alone"), ("cards", "whole cards")] {
        let theirs = number(&file["speed"][name]);
        println!(
            "ts-fsrs in Node, {what}: {theirs:.0} reviews per second; ours is {:.1} times as fast",
            ours / theirs
        );
    }
}

/// Fifty thousand answers to twelve hundred questions, over three hundred days.
#[test]
#[ignore = "a measurement: run it optimised, alone"]
fn fifty_thousand_events_fold_in_a_tenth_of_a_second() {
    let answer = |seq: u64| Event {
        v: 2,
        id: EventId(format!("{seq:026}")),
        seq,
        at: Moment {
            ms: 1_795_000_000_000 + seq as i64 * 518_400,
            tz: 480,
        },
        what: Happening::ItemAnswered {
            question: format!("question-{}", seq * 7_919 % 1_200),
            hash: "0123456789ab".into(),
            chosen: vec!["a".into()],
            correct: !seq.is_multiple_of(4),
            exam: None,
        },
    };
    let events: Vec<_> = (1..=50_000).map(answer).collect();
    let mut best = f64::INFINITY;
    for _ in 0..20 {
        let started = Instant::now();
        let mut study = Study::default();
        for event in &events {
            study.apply(event);
        }
        best = best.min(started.elapsed().as_secs_f64());
        assert_eq!(black_box(&study).items.len(), 1_200);
    }
    println!("50,000 events fold in {:.1} ms", best * 1e3);
    assert!(best <= 0.1, "{best} s");
}
