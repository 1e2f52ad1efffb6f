//! Signed records: others' vectors, and what is promised of our own.

#![cfg(all(feature = "sign", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, clippy::expect_used)] // Helpers of tests, too, stop at the first surprise.

#[path = "credential/chain.rs"]
mod chain;
mod common;
#[path = "credential/desk.rs"]
mod desk;
#[path = "credential/model.rs"]
mod model;
#[path = "credential/others.rs"]
mod others;
#[path = "credential/outline.rs"]
mod outline;
#[path = "credential/tampering.rs"]
mod tampering;
#[path = "credential/vectors.rs"]
mod vectors;

use common::*;
use serde_json::Value;
use xuedang::domain::json::value_of;
use xuedang::domain::record::{Body, Field, Selection};
use xuedang::domain::time::Env;
use xuedang::format::credential::issue::{countersign, sign, write};
use xuedang::format::credential::key::SecretKey;
use xuedang::format::credential::{Statement, check, report::Report};
use xuedang::format::record::seal;

/// A record of somebody with everything in it.
fn record(name: &str, minute: i64) -> Value {
    let mut selection = Selection::default();
    Field::ALL
        .into_iter()
        .for_each(|field| selection.set(field, true));
    value_of(&seal(
        Body::of(&course(), &sample_study(name), &selection, &env(minute)).unwrap(),
    ))
}

fn key(seed: u8) -> SecretKey {
    SecretKey::from_bytes(&[seed; 32])
}

fn mentor(name: &str) -> Statement {
    Statement::Mentor {
        name: name.into(),
        date: date("2026-11-24"),
        opinion: "学习认真，谈话时能联系实际。\n建议继续培养。".into(),
    }
}

fn branch() -> Statement {
    Statement::Branch {
        name: "第一党支部".into(),
        date: date("2026-11-25"),
        confirmation: "情况属实。".into(),
    }
}

fn at(minute: i64) -> Env {
    env(minute)
}

/// Signed by the activist (key 1), a mentor (key 2) and the branch (key 3).
fn full_chain(name: &str, minute: i64) -> Value {
    let signed = sign(&record(name, minute), &key(1), &at(minute)).unwrap();
    let signed = countersign(&signed, mentor("王喆"), &key(2), &at(minute + 1)).unwrap();
    countersign(&signed, branch(), &key(3), &at(minute + 2)).unwrap()
}

fn checked(credential: &Value) -> Report {
    check::verify(write(credential).as_bytes()).unwrap()
}
