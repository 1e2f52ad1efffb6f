//! Importing records: planned first, nothing by halves, never older over newer.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod common;

use common::*;
use proptest::prelude::*;
use std::sync::LazyLock;
use xuedang::domain::record::{Body, Selection, TrainingRecord};
use xuedang::domain::roster::{Arrived, Credential, Receipt, Register, Verdict};
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

/// What the register makes of a file, told by going through everything: what [`Register::plan`] did
/// before it looked things up.
fn verdict_by_searching(
    register: &Register,
    arrived: &Arrived,
    before: &[(Arrived, &'static str)],
) -> &'static str {
    let (body, whole) = (&arrived.record.body, &arrived.record.digest.whole);
    let newer = |a: &TrainingRecord, b: &TrainingRecord| {
        (a.body.made_at.ms, &a.digest.whole) > (b.body.made_at.ms, &b.digest.whole)
    };
    let known = register.people.get(&body.holder);
    let before: Vec<&Arrived> = before
        .iter()
        .filter(|(_, code)| *code != "unproven")
        .map(|(arrived, _)| arrived)
        .collect();
    let here: Vec<&&Arrived> = before
        .iter()
        .filter(|other| other.record.digest.whole == *whole)
        .collect();
    let was_received = known.is_some_and(|member| member.history.iter().any(|seen| seen.whole == *whole));
    let is_newest = known.is_some_and(|member| member.record.digest.whole == *whole);
    let best = here
        .iter()
        .filter_map(|other| other.credential.as_ref())
        .chain(register.credential(&body.holder).filter(|_| is_newest))
        .reduce(|a, b| if b.says_more_than(Some(a)) { b } else { a });
    let credential = arrived.credential.as_ref();
    let is_of_other = |old: &Credential| credential.is_some_and(|new| new.issuer != old.issuer);
    if was_received || !here.is_empty() {
        let is_current = is_newest || !was_received;
        let says_more = credential.is_some_and(|new| !new.fails && new.says_more_than(best));
        return match best {
            _ if !(says_more && is_current) => "same",
            Some(best) if is_of_other(best) => "other-key",
            _ => "signed",
        };
    }
    if credential.is_some_and(|credential| credential.fails) {
        return "unproven";
    }
    let newest = before
        .iter()
        .map(|other| &other.record)
        .filter(|other| other.body.holder == body.holder)
        .chain(known.map(|member| &member.record))
        .reduce(|a, b| if newer(b, a) { b } else { a });
    if let Some(newest) = newest {
        if !newer(&arrived.record, newest) {
            return "older";
        }
        let earlier = known.and_then(|member| member.before.as_ref()?.credential.as_ref());
        let signed = register.credential(&body.holder).or(earlier);
        return match known {
            Some(_) if signed.is_some_and(is_of_other) => "other-key",
            Some(_) => "update",
            None => "new",
        };
    }
    let namesake = |other: &TrainingRecord| {
        body.person.name.is_some()
            && other.body.person.name == body.person.name
            && other.body.person.branch == body.person.branch
            && other.body.holder != body.holder
    };
    let others = register.people.values().map(|member| &member.record);
    match others
        .chain(before.iter().map(|other| &other.record))
        .any(namesake)
    {
        true => "doubtful",
        false => "new",
    }
}

/// A record as it may come: of few people with few names, made at few times, signed or not.
fn any_arrived() -> impl Strategy<Value = Arrived> {
    let credential = proptest::option::of((1u32..4, 0u8..2, proptest::bool::weighted(0.3)));
    (0i64..4, 0usize..3, 0i64..3, credential).prop_map(|(holder, name, minute, credential)| {
        let pool = &*POOL;
        Arrived {
            record: pool[(holder as usize * 3 + name) * 3 + minute as usize].clone(),
            credential: credential.map(|(proofs, issuer, fails)| Credential {
                text: format!("{proofs} {issuer}"),
                proofs,
                issuer: issuer.to_string(),
                fails,
            }),
        }
    })
}

static POOL: LazyLock<Vec<TrainingRecord>> = LazyLock::new(|| {
    let mut pool = Vec::new();
    for holder in 0..4 {
        for name in ["甲", "乙", ""] {
            for minute in [200, 300, 400] {
                let mut one = record("丙", holder, minute);
                one.body.person.name = Some(name.to_owned()).filter(|name| !name.is_empty());
                pool.push(seal(one.body));
            }
        }
    }
    pool
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn looking_up_finds_what_searching_finds(
        known in proptest::collection::vec(any_arrived(), 0..8),
        coming in proptest::collection::vec(any_arrived(), 0..14),
    ) {
        let mut register = Register::default();
        let receipts = known.into_iter().map(|arrived| Receipt::Received {
            file: String::new(),
            record: Box::new(arrived.record),
            credential: arrived.credential,
        });
        import(&mut register, receipts.collect());
        let files = coming.iter().map(|arrived| (String::new(), Ok(arrived.clone())));
        let plan = register.plan(files.collect());
        let mut before: Vec<(Arrived, &'static str)> = Vec::new();
        for (arrived, row) in coming.into_iter().zip(&plan.rows) {
            let verdict = verdict_by_searching(&register, &arrived, &before);
            prop_assert_eq!(row.verdict.code(), verdict);
            before.push((arrived, verdict));
        }
    }
}
