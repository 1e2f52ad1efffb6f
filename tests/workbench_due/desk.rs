//! A workbench with people in it, asked as the page asks.

use serde::Serialize;
use serde::de::DeserializeOwned;
use xuedang::domain::branch::{Field, Import, Kind, Lot, PersonId, Place, RosterEvent, When};
use xuedang::domain::study::{Event, EventId};
use xuedang::domain::time::{Date, Moment};
use xuedang::domain::workbench::{Deed, Fact, Workbench};
use xuedang::format::workbench::{Bench, Order, Outcome};

pub(crate) fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// A workbench and what is kept between orders.
#[derive(Default)]
pub(crate) struct Desk {
    pub(crate) work: Workbench,
    pub(crate) bench: Bench,
    pub(crate) seq: u64,
    pub(crate) steps: usize,
}

/// 25 November 2026, nine in the morning in Beijing.
pub(crate) fn now() -> Moment {
    Moment {
        ms: day("2026-11-25").days() * 86_400_000 + 3_600_000,
        tz: 480,
    }
}

impl Desk {
    pub(crate) fn of(people: &[&[(Field, &str)]]) -> Self {
        let mut desk = Self::default();
        desk.write(import(people));
        desk
    }

    pub(crate) fn write(&mut self, what: Deed) {
        self.seq += 1;
        self.work.apply(&Event {
            v: 3,
            id: EventId(format!("01J{:023}", self.seq)),
            seq: self.seq,
            at: now(),
            what,
        });
        self.bench.forget();
    }

    pub(crate) fn note(&mut self, n: u32, fact: Fact) {
        self.write(Deed::Noted {
            person: person(n),
            fact,
        });
    }

    /// Carries out an order and writes what it comes to, as the branch's program does.
    pub(crate) fn ask(&mut self, what: &str, order: &impl Serialize) -> Result<Outcome, String> {
        let text = serde_json::to_string(order).unwrap();
        let order = Order {
            what,
            text: &text,
            bytes: &[],
            now: now(),
        };
        let mut steps = 0;
        let outcome = self
            .bench
            .carry_out(&self.work, &order, &mut |_, _, _| steps += 1)
            .unwrap()?;
        self.steps += steps;
        for deed in &outcome.deeds {
            self.write(deed.clone());
        }
        Ok(outcome)
    }

    pub(crate) fn answer<A: DeserializeOwned>(&mut self, what: &str, order: &impl Serialize) -> A {
        serde_json::from_str(&self.ask(what, order).unwrap().text).unwrap()
    }
}

pub(crate) fn person(n: u32) -> PersonId {
    PersonId {
        import: EventId(format!("01J{:023}", 1)),
        n,
    }
}

/// An import of people: a name and values as words or days.
pub(crate) fn import(people: &[&[(Field, &str)]]) -> Deed {
    let mut fields: Vec<Field> = people
        .iter()
        .flat_map(|row| row.iter().map(|cell| cell.0))
        .collect();
    fields.sort_unstable();
    fields.dedup();
    let mut lot = Lot::new(fields.clone());
    lot.sheets.push("名册".into());
    for (row, at) in people.iter().zip(2..) {
        let values: Vec<u32> = fields
            .iter()
            .map(|field| {
                let text = row.iter().find(|cell| cell.0 == *field).map(|cell| cell.1);
                match (text, field.kind()) {
                    (None, _) => 0,
                    (Some(text), Kind::Day) => When::day(day(text)).unwrap().bits(),
                    (Some(text), _) => lot.texts.intern(text),
                }
            })
            .collect();
        lot.push(Place { sheet: 0, row: at }, &values);
    }
    Deed::Roster(RosterEvent::Imported(Box::new(Import {
        file: "名册.csv".into(),
        new: lot,
        ..Import::default()
    })))
}
