//! Importing records: planned first, nothing by halves, never older over newer.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod common;

use common::*;
use xuedang::domain::record::{Body, Selection, TrainingRecord};
use xuedang::domain::roster::{Receipt, Register, Verdict};
use xuedang::domain::study::{Event, EventId};
use xuedang::format::record::seal;

fn record(name: &str, holder: i64, minute: i64) -> TrainingRecord {
    let mut body = Body::of(
        &course(),
        &sample_study(name),
        &Selection::default(),
        &env(minute),
    )
    .unwrap();
    body.holder = EventId::new(&env(10_000 + holder));
    seal(body)
}

fn import(register: &mut Register, receipts: Vec<Receipt>) {
    for receipt in receipts {
        let seq = register
            .people
            .values()
            .map(|member| member.history.len() as u64)
            .sum::<u64>()
            + 1;
        let env = env(50_000 + seq as i64);
        register.apply(&Event {
            v: 1,
            id: EventId::new(&env),
            seq,
            at: env.now,
            what: receipt,
        });
    }
}

fn plan(register: &Register, records: Vec<TrainingRecord>) -> xuedang::domain::roster::Plan {
    register.plan(
        records
            .into_iter()
            .enumerate()
            .map(|(at, record)| (format!("{at}.json"), Ok(record)))
            .collect(),
    )
}

fn codes(plan: &xuedang::domain::roster::Plan) -> Vec<&'static str> {
    plan.rows.iter().map(|row| row.verdict.code()).collect()
}

#[test]
fn importing_twice_changes_nothing() {
    let mut register = Register::default();
    let batch = || vec![record("甲", 1, 200), record("乙", 2, 200)];
    let first = plan(&register, batch());
    assert_eq!(codes(&first), ["new", "new"]);
    import(&mut register, first.receipts());
    let before = register.clone();
    let second = plan(&register, batch());
    assert_eq!(codes(&second), ["same", "same"]);
    assert!(second.receipts().is_empty());
    import(&mut register, second.receipts());
    assert_eq!(register, before);
}

#[test]
fn a_newer_record_updates_and_an_older_one_does_not() {
    let mut register = Register::default();
    let all = plan(&register, vec![record("甲", 1, 300)]).receipts();
    import(&mut register, all);
    let older = plan(&register, vec![record("甲", 1, 200)]);
    assert_eq!(codes(&older), ["older"]);
    assert!(older.receipts().is_empty());
    let newer = plan(&register, vec![record("甲", 1, 400)]);
    assert_eq!(codes(&newer), ["update"]);
    import(&mut register, newer.receipts());
    let member = register.people.values().next().unwrap();
    assert_eq!(member.record.body.made_at, env(400).now);
    assert_eq!(member.history.len(), 2);
}

#[test]
fn within_a_batch_the_newest_of_a_person_stands() {
    let register = Register::default();
    let batch = plan(
        &register,
        vec![
            record("甲", 1, 200),
            record("甲", 1, 400),
            record("甲", 1, 300),
            record("甲", 1, 200),
        ],
    );
    assert_eq!(codes(&batch), ["new", "new", "older", "same"]);
    let mut register = register;
    import(&mut register, batch.receipts());
    assert_eq!(register.people.len(), 1);
    assert_eq!(
        register.people.values().next().unwrap().record.body.made_at,
        env(400).now
    );
}

#[test]
fn namesakes_are_asked_about_and_never_merged() {
    let mut register = Register::default();
    let all = plan(&register, vec![record("甲", 1, 200)]).receipts();
    import(&mut register, all);
    let mut doubt = plan(&register, vec![record("甲", 2, 300)]);
    assert_eq!(doubt.rows[0].verdict, Verdict::Doubtful);
    assert!(doubt.receipts().is_empty(), "nothing by guess");
    doubt.rows[0].take = true;
    import(&mut register, doubt.receipts());
    assert_eq!(register.people.len(), 2);
}

#[test]
fn a_refused_file_leaves_the_others_and_is_named() {
    let register = Register::default();
    let mut plan = register.plan(vec![
        ("坏.json".into(), Err("文件是空的".into())),
        ("好.json".into(), Ok(record("甲", 1, 200))),
    ]);
    assert_eq!(codes(&plan), ["refused", "new"]);
    plan.rows[0].take = true;
    assert_eq!(plan.receipts().len(), 1, "a refused file cannot be taken");
}

#[test]
fn order_of_arrival_does_not_matter() {
    let receipts: Vec<Receipt> = [300, 100, 200]
        .map(|minute| Receipt::Received {
            file: format!("{minute}.json"),
            record: Box::new(record("甲", 1, minute)),
            credential: None,
        })
        .into();
    let mut forward = Register::default();
    import(&mut forward, receipts.clone());
    let mut backward = Register::default();
    import(&mut backward, receipts.into_iter().rev().collect());
    let newest = |register: &Register| register.people.values().next().unwrap().record.clone();
    assert_eq!(newest(&forward), newest(&backward));
    assert_eq!(newest(&forward).body.made_at, env(300).now);
}
