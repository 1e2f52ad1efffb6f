//! The register of a million people: how long it takes, and that memory grows with the people. By
//! hand, since it wants a fast build and some hundred megabytes:
//!
//! `cargo test --profile swift --no-default-features --features upward --test workbench_people -- --ignored --nocapture`

#![cfg(all(not(target_arch = "wasm32"), feature = "upward"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

#[path = "upward/made.rs"]
mod made;

use std::time::{Duration, Instant};
use xuedang::domain::branch::{Field, Import, Lot, Place, RosterEvent, When};
use xuedang::domain::study::{Event, EventId};
use xuedang::domain::time::{Date, Moment};
use xuedang::domain::workbench::{Deed, Workbench};
use xuedang::format::workbench::people::{Column, Filter, Look, Offer, Query, Rows, Sort, Values, Want};
use xuedang::format::workbench::{Bench, Order};

fn moment() -> Moment {
    Moment {
        ms: made::as_of().days() * 86_400_000,
        tz: 480,
    }
}

fn workbench(count: u64) -> Workbench {
    let fields = vec![
        Field::Branch,
        Field::Name,
        Field::Number,
        Field::Sex,
        Field::Ethnicity,
        Field::Origin,
        Field::Birth,
        Field::Applied,
        Field::Confirmed,
        Field::Mentor1,
        Field::Mentor2,
        Field::Prospect,
        Field::Admitted,
        Field::Stage,
        Field::Education,
        Field::Note,
    ];
    let mut new = Lot::new(fields);
    new.sheets.push("名册".into());
    let branches = made::branches(count);
    for number in 0..count {
        let (person, _) = made::person(number, branches);
        let day = |day: Option<Date>| day.and_then(When::day).map_or(0, When::bits);
        let note = (number % 3 == 0).then(|| format!("第{}批转入，档案已核对", number / 30));
        let mut word = |text: Option<&str>| new.texts.intern(text.unwrap_or_default());
        let stage = person.state.as_deref().filter(|state| {
            matches!(
                *state,
                "入党申请人" | "入党积极分子" | "发展对象" | "预备党员" | "正式党员"
            )
        });
        let values = [
            word(person.branch.as_deref()),
            word(person.name.as_deref()),
            word(person.issued_number.as_deref()),
            word(person.sex.as_deref()),
            word(person.ethnicity.as_deref()),
            word(person.native_place.as_deref()),
            day(person.born),
            day(person.applied),
            day(person.confirmed),
            word(person.mentor_1.as_deref()),
            word(person.mentor_2.as_deref()),
            day(person.listed),
            day(person.accepted),
            word(stage),
            word(person.education.as_deref()),
            word(note.as_deref()),
        ];
        new.push(
            Place {
                sheet: 0,
                row: number as u32 + 2,
            },
            &values,
        );
    }
    let mut work = Workbench::default();
    work.apply(&Event {
        v: 2,
        id: EventId("E0".into()),
        seq: 1,
        at: moment(),
        what: Deed::Roster(RosterEvent::Imported(Box::new(Import {
            new,
            ..Import::default()
        }))),
    });
    work
}

fn ask<A: serde::de::DeserializeOwned>(
    bench: &mut Bench,
    work: &Workbench,
    what: &str,
    text: &impl serde::Serialize,
) -> (A, Duration) {
    let text = serde_json::to_string(text).unwrap();
    let order = Order {
        what,
        text: &text,
        bytes: &[],
        now: moment(),
    };
    let begun = Instant::now();
    let answer = bench.carry_out(work, &order, &mut |_, _, _| {}).unwrap().unwrap();
    let took = begun.elapsed();
    (serde_json::from_str(&answer.text).unwrap(), took)
}

/// Megabytes that the program has now; only Linux tells.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or_default() / 1_000
}

fn query(find: &str, filters: &[(Column, Want)], sort: &[(Column, bool)]) -> Query {
    Query {
        find: find.into(),
        filters: filters
            .iter()
            .map(|(by, want)| Filter {
                by: *by,
                want: want.clone(),
            })
            .collect(),
        sort: sort
            .iter()
            .map(|(by, down)| Sort { by: *by, down: *down })
            .collect(),
        columns: Column::FIRST.to_vec(),
        only: None,
    }
}

#[test]
#[ignore = "a measurement"]
#[allow(clippy::print_stdout, reason = "a measurement")]
fn a_million_people_are_found_and_ordered_at_once() {
    let of = Column::Field;
    for count in [1_000, 10_000, 100_000, 1_000_000] {
        let before = memory();
        let work = workbench(count);
        let held = memory();
        let mut bench = Bench::default();
        let is = |text: &str| Want::Is(vec![text.into()]);
        let asked = [
            ("everybody", query("", &[], &[])),
            ("search of a name", query("欧阳", &[], &[])),
            ("search of two words", query("王 第00012党支部", &[], &[])),
            ("search of a number", query("0000123", &[], &[])),
            ("search of letters", query("abc", &[], &[])),
            ("filter by sex", query("", &[(of(Field::Sex), is("女"))], &[])),
            (
                "filter by three",
                query(
                    "",
                    &[
                        (of(Field::Sex), is("女")),
                        (of(Field::Ethnicity), is("壮族")),
                        (of(Field::Applied), Want::Days(Date::new(2024, 1, 1), None)),
                    ],
                    &[],
                ),
            ),
            (
                "filter by state, first",
                query("", &[(Column::State, is("activist"))], &[]),
            ),
            (
                "filter by state, again",
                query("", &[(Column::State, is("prospect"))], &[]),
            ),
            ("sort by name", query("", &[], &[(of(Field::Name), false)])),
            ("sort by name, down", query("", &[], &[(of(Field::Name), true)])),
            ("sort by number", query("", &[], &[(of(Field::Number), false)])),
            ("sort by note", query("", &[], &[(of(Field::Note), false)])),
            ("sort by day", query("", &[], &[(of(Field::Applied), true)])),
            (
                "sort by branch, name",
                query("", &[], &[(of(Field::Branch), false), (of(Field::Name), false)]),
            ),
        ];
        println!("{count} people, {} MB", held - before.min(held));
        for (what, query) in asked {
            let look = Look {
                query: query.clone(),
                offset: 0,
                count: 100,
            };
            let (rows, first): (Rows, _) = ask(&mut bench, &work, "people/rows", &look);
            let middle = Look {
                offset: rows.found / 2,
                ..look
            };
            let (_, window): (Rows, _) = ask(&mut bench, &work, "people/rows", &middle);
            println!(
                "  {what}: {:.1} ms, {} found; another window {:.2} ms",
                first.as_secs_f64() * 1e3,
                rows.found,
                window.as_secs_f64() * 1e3
            );
        }
        for by in [of(Field::Branch), of(Field::Name), Column::State] {
            let offer = Offer {
                query: Query::default(),
                by,
                find: String::new(),
            };
            let (values, took): (Values, _) = ask(&mut bench, &work, "people/values", &offer);
            println!(
                "  values of {}: {:.1} ms, {} and {}",
                by.code(),
                took.as_secs_f64() * 1e3,
                values.values.len(),
                values.more
            );
        }
        println!("  {} MB more for what is kept", memory() - held.min(memory()));
    }
}
