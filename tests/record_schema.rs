//! `public/schema/record-N.schema.json` says of a record what serde writes and reads.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod common;

use common::*;
use serde_json::{Value, json};
use xuedang::domain::record::{Body, Field, Selection};
use xuedang::format::record::{open, seal, write};

const SCHEMAS: [&str; 2] = [
    include_str!("../public/schema/record-1.schema.json"),
    include_str!("../public/schema/record-2.schema.json"),
];

fn validator() -> jsonschema::Validator {
    validator_of(SCHEMAS[1])
}

fn validator_of(schema: &str) -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(schema).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

fn sample(ticked: &[Field]) -> Value {
    let mut selection = Selection::default();
    Field::ALL
        .into_iter()
        .for_each(|field| selection.set(field, ticked.contains(&field)));
    let record = seal(Body::of(&course(), &sample_study("李明"), &selection, &env(200)).unwrap());
    serde_json::from_slice(&write(&record)).unwrap()
}

#[test]
fn what_is_exported_is_valid() {
    let validator = validator();
    for ticked in [
        Field::ALL.as_slice(),
        &[],
        &[Field::Study],
        &[Field::Practice, Field::Talks, Field::TalkNotes],
    ] {
        let record = sample(ticked);
        let wrong: Vec<String> = validator
            .iter_errors(&record)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

#[test]
fn every_field_of_a_full_record_is_in_the_schema() {
    // `additionalProperties: false` everywhere makes the check above say so; this one keeps it there.
    fn closed(schema: &Value, at: &str) {
        match schema {
            Value::Object(map) => {
                if map.get("type") == Some(&json!("object")) {
                    assert_eq!(map.get("additionalProperties"), Some(&json!(false)), "{at}");
                }
                map.iter()
                    .for_each(|(key, value)| closed(value, &format!("{at}/{key}")));
            }
            Value::Array(items) => items
                .iter()
                .enumerate()
                .for_each(|(index, value)| closed(value, &format!("{at}/{index}"))),
            _ => {}
        }
    }
    for schema in SCHEMAS {
        closed(&serde_json::from_str(schema).unwrap(), "#");
    }
}

#[test]
fn each_version_is_valid_by_its_own_schema_alone() {
    let files = [
        include_str!("fixtures/record/v1.json"),
        include_str!("fixtures/record/full.json"),
    ];
    for (version, file) in files.into_iter().enumerate() {
        let file: Value = serde_json::from_str(file).unwrap();
        for (at, schema) in SCHEMAS.into_iter().enumerate() {
            assert_eq!(
                validator_of(schema).is_valid(&file),
                at == version,
                "{version} by {at}"
            );
        }
    }
}

#[test]
fn what_is_broken_is_invalid_and_refused() {
    let validator = validator();
    let broken: Vec<(&str, Value)> = vec![
        ("/format", json!("xuedang-backup")),
        ("/version", json!(3)),
        ("/version", json!(1)),
        ("/version", json!("1")),
        ("/extra", json!(1)),
        ("/body/holder", json!("x")),
        ("/body/made_at", json!("2026-11-23 15:20")),
        ("/body/made_at", json!("2026-11-23T15:20:00Z")),
        ("/body/person/name", json!("")),
        ("/body/person/name", json!("李\n明")),
        ("/body/person/name", json!("长".repeat(201))),
        ("/body/person/phone", json!("1")),
        ("/body/person/stage", json!("member")),
        ("/body/person/applied", json!("2025/10/01")),
        ("/body/person/applied", json!("2025-02-30")),
        ("/body/study/days", json!(-1)),
        ("/body/study/days", json!(1.5)),
        ("/body/study/progress/total/lessons", json!(4_294_967_296_u64)),
        ("/body/study/progress/modules/0/figures/minutes", json!(1)),
        ("/body/study/progress/modules/0/bank", json!("")),
        ("/body/study/progress/modules/0/bank", json!(7)),
        ("/body/time/minutes", json!(1.5)),
        ("/body/time/hours", json!(1)),
        ("/body/exams/0/half_points", json!("7")),
        ("/body/exams/0/passed", json!("yes")),
        ("/body/exams/0/title", json!("卷".repeat(201))),
        ("/body/reports/0/date", json!("2026-9-30")),
        ("/body/reports/0/title", json!("第\n三")),
        ("/body/reports/0/text", json!(["汇报"])),
        ("/body/practice/0/kind", json!("other")),
        ("/body/practice/0/minutes", json!("180")),
        ("/body/mentors/0", json!("王联系")),
        ("/body/talks/0/form", json!("wechat")),
        ("/body/left_out", json!(["holder"])),
        ("/digest/whole", json!("0")),
    ];
    for (path, value) in broken {
        let mut record = sample(&Field::ALL);
        let (parent, key) = path.rsplit_once('/').unwrap();
        match record.pointer_mut(parent).unwrap() {
            Value::Object(map) => drop(map.insert(key.into(), value.clone())),
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = value.clone(),
            _ => unreachable!(),
        }
        assert!(!validator.is_valid(&record), "{path} = {value}");
        assert!(
            open(&serde_json::to_vec(&record).unwrap()).is_err(),
            "{path} = {value}"
        );
    }
    for path in [
        "/format",
        "/version",
        "/body",
        "/digest",
        "/body/person",
        "/body/left_out",
        "/body/person/branch",
        "/digest/talks",
        "/digest/time",
        "/digest/exams",
        "/digest/reports",
        "/body/study/progress/modules/1/bank",
        "/body/study/progress/modules/1/figures/answers_to_reconfirm",
        "/body/time/sessions",
        "/body/exams/0/used_seconds",
        "/body/reports/0/title",
    ] {
        let mut record = sample(&Field::ALL);
        let (parent, key) = path.rsplit_once('/').unwrap();
        record
            .pointer_mut(parent)
            .unwrap()
            .as_object_mut()
            .unwrap()
            .remove(key);
        assert!(!validator.is_valid(&record), "without {path}");
        assert!(
            open(&serde_json::to_vec(&record).unwrap()).is_err(),
            "without {path}"
        );
    }
}
