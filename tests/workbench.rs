//! The workbench: what rosters say and what people write down stay apart, and add up.

#![cfg(feature = "upward")]
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

use proptest::prelude::*;
use xuedang::domain::branch::{Field, Import, Lot, PersonId, Place, RosterEvent, When};
use xuedang::domain::standing::{Act, Change, Decider, Organ, State, Transition};
use xuedang::domain::study::{Event, EventId};
use xuedang::domain::time::{Date, Moment};
use xuedang::domain::workbench::{Class, ClassDeed, Deed, Fact, PupilLine, Workbench};

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn event(seq: u64, what: Deed) -> Event<Deed> {
    Event {
        v: 3,
        id: EventId(format!("01J{seq:023}")),
        seq,
        at: Moment {
            ms: day("2026-11-25").days() * 86_400_000,
            tz: 0,
        },
        what,
    }
}

/// An import of people: name and values as words or dates.
fn import(people: &[&[(Field, &str)]]) -> Deed {
    let mut fields: Vec<Field> = people
        .iter()
        .flat_map(|row| row.iter().map(|(field, _)| *field))
        .collect();
    fields.sort_unstable();
    fields.dedup();
    let mut lot = Lot::new(fields.clone());
    lot.sheets.push("名册".into());
    for (person, row) in people.iter().zip(2..) {
        let values: Vec<u32> = fields
            .iter()
            .map(|field| {
                let text = person
                    .iter()
                    .find(|(known, _)| known == field)
                    .map(|(_, text)| *text);
                match text {
                    None => 0,
                    Some(text) => match Date::parse(text) {
                        Some(date) => When::day(date).unwrap().bits(),
                        None if text.len() == 7 && text.as_bytes()[4] == b'-' => {
                            When::month(text[..4].parse().unwrap(), text[5..].parse().unwrap())
                                .unwrap()
                                .bits()
                        }
                        None => lot.texts.intern(text),
                    },
                }
            })
            .collect();
        lot.push(Place { sheet: 0, row }, &values);
    }
    Deed::Roster(RosterEvent::Imported(Box::new(Import {
        file: "名册.csv".into(),
        new: lot,
        ..Import::default()
    })))
}

fn fold(deeds: &[Deed]) -> Workbench {
    let mut work = Workbench::default();
    for (deed, seq) in deeds.iter().zip(1..) {
        work.apply(&event(seq, deed.clone()));
    }
    work
}

fn person(n: u32) -> PersonId {
    PersonId {
        import: event(1, Deed::Named(String::new())).id,
        n,
    }
}

fn change(on: &str, what: Transition) -> Deed {
    Deed::Stood {
        person: person(0),
        act: Act::Changed(Change {
            on: day(on),
            what,
            by: Decider {
                organ: Organ::BranchCommittee,
                name: String::new(),
            },
            reason: "会议决定".into(),
        }),
    }
}

#[test]
fn rosters_say_where_somebody_stands() {
    let today = day("2026-11-25");
    let rows: [(&[(Field, &str)], State); 7] = [
        (&[(Field::Name, "甲")], State::Unknown),
        (
            &[(Field::Name, "甲"), (Field::Applied, "2026-01-05")],
            State::Applicant,
        ),
        (
            &[
                (Field::Name, "甲"),
                (Field::Applied, "2025-01-05"),
                (Field::Confirmed, "2025-06-01"),
            ],
            State::Activist,
        ),
        (
            &[(Field::Name, "甲"), (Field::Stage, "发展对象")],
            State::Prospect,
        ),
        (
            &[
                (Field::Name, "甲"),
                (Field::Confirmed, "2025-06-01"),
                (Field::Stage, "发展对象"),
            ],
            State::Prospect,
        ),
        (
            &[
                (Field::Name, "甲"),
                (Field::Confirmed, "2024-06-01"),
                (Field::Admitted, "2025-12-01"),
            ],
            State::Probationer,
        ),
        (
            &[
                (Field::Name, "甲"),
                (Field::Admitted, "2024-12-01"),
                (Field::Full, "2025-12-02"),
            ],
            State::Member,
        ),
    ];
    for (row, state) in rows {
        let work = fold(&[import(&[row])]);
        assert_eq!(work.state(0, today), state, "{row:?}");
        let ledger = work.ledger(0);
        assert!(
            ledger
                .entries
                .iter()
                .all(|entry| entry.change.by.organ == Organ::NotKnown)
        );
        assert_eq!(ledger.contradictions(), [], "{row:?}");
    }
}

#[test]
fn of_a_month_its_last_day_is_meant() {
    let work = fold(&[import(&[&[(Field::Name, "甲"), (Field::Confirmed, "2025-02")]])]);
    let stones = work.ledger(0).milestones(day("2026-11-25"));
    assert_eq!(stones.confirmed, Some(day("2025-02-28")));
}

#[test]
fn what_is_written_takes_the_place_of_what_a_roster_says() {
    let today = day("2026-11-25");
    let roster = import(&[&[
        (Field::Name, "甲"),
        (Field::Confirmed, "2025-06-01"),
        (Field::Stage, "积极分子"),
    ]]);
    let work = fold(&[roster.clone(), change("2025-06-15", Transition::Confirmed)]);
    let ledger = work.ledger(0);
    assert_eq!(ledger.milestones(today).confirmed, Some(day("2025-06-15")));
    assert_eq!(ledger.entries.len(), 1, "{ledger:?}");

    let work = fold(&[roster, change("2026-01-10", Transition::Paused)]);
    assert_eq!(work.state(0, today), State::Paused);
    assert_eq!(work.state(0, day("2025-12-31")), State::Activist);
    assert_eq!(work.ledger(0).contradictions(), []);
}

#[test]
fn an_approval_goes_on_from_what_a_roster_says() {
    let roster = import(&[&[
        (Field::Name, "甲"),
        (Field::Prospect, "2025-06-01"),
        (Field::Admitted, "2026-03-01"),
    ]]);
    let work = fold(&[roster, change("2026-04-01", Transition::Approved)]);
    let ledger = work.ledger(0);
    assert_eq!(ledger.contradictions(), [], "{ledger:?}");
    assert_eq!(ledger.on(day("2026-03-15")).state, State::Admitted);
    assert_eq!(ledger.on(day("2026-04-01")).state, State::Probationer);
}

#[test]
fn an_import_is_not_taken_back_from_under_what_was_written() {
    let roster = import(&[&[(Field::Name, "甲")], &[(Field::Name, "乙")]]);
    let mut work = fold(std::slice::from_ref(&roster));
    let undo = Deed::Roster(work.undo_last(false).unwrap());
    work.apply(&event(2, undo));
    assert_eq!(work.people.standing().count(), 0);

    let work = fold(&[
        roster,
        Deed::Noted {
            person: person(1),
            fact: Fact::Talked(day("2026-11-01")),
        },
    ]);
    let why = work.undo_last(true).unwrap_err();
    assert!(why.contains("1 人"), "{why}");
}

#[test]
fn only_class_hours_count_as_training() {
    let roster = import(&[
        &[(Field::Name, "甲"), (Field::Prospect, "2026-06-01")],
        &[(Field::Name, "乙")],
    ]);
    let class = Class {
        name: "第一期".into(),
        organiser: "校党委党校".into(),
        from: day("2026-09-01"),
        until: day("2026-09-03"),
        place: String::new(),
        hours: 24,
        pupils: Vec::new(),
    };
    let opened = event(2, Deed::Opened(class.clone())).id;
    let of = |deed: ClassDeed| Deed::Class {
        class: opened.clone(),
        deed,
    };
    let line = |completed: Option<bool>| PupilLine {
        days: Some(3),
        hours: Some(24),
        completed,
        ..PupilLine::default()
    };
    let deeds = [
        roster,
        Deed::Opened(class),
        of(ClassDeed::Enrolled(vec![person(0), person(1), person(0)])),
        of(ClassDeed::Marked {
            person: person(0),
            line: line(Some(true)),
        }),
        of(ClassDeed::Marked {
            person: person(1),
            line: line(None),
        }),
    ];
    let work = fold(&deeds);
    assert_eq!(work.classes[0].1.pupils.len(), 2);
    let facts = work.facts(0, day("2026-11-25"));
    assert_eq!((facts.training.len(), facts.training[0].hours), (1, 24));
    assert_eq!(
        work.facts(1, day("2026-11-25")).training,
        [],
        "nobody has said that it was completed"
    );
}

#[test]
fn facts_are_struck_out_and_stay() {
    let note = |seq: u64| event(seq, Deed::Named(String::new())).id;
    let deeds = [
        import(&[&[(Field::Name, "甲"), (Field::Mentor1, "王")]]),
        Deed::Noted {
            person: person(0),
            fact: Fact::Talked(day("2026-10-01")),
        },
        Deed::Unnoted {
            person: person(0),
            note: note(2),
        },
    ];
    let work = fold(&deeds);
    let facts = work.facts(0, day("2026-11-25"));
    assert_eq!(facts.talked, None);
    assert_eq!(facts.mentors[0].name, "王", "as the roster says");
    assert_eq!(work.file(&person(0)).unwrap().notes.len(), 1);
}

#[test]
fn what_is_typed_is_tidied_or_refused() {
    let work = fold(&[import(&[&[(Field::Name, "甲")]])]);
    let typed = |field, value| work.corrected(&person(0), field, value);
    let value = |deed| match deed {
        Deed::Roster(RosterEvent::Corrected { value, .. }) => value,
        other => panic!("{other:?}"),
    };
    assert_eq!(value(typed(Field::Birth, "2004/3/1").unwrap()), "2004-03-01");
    assert_eq!(value(typed(Field::Number, " ２０２３ ０１ ").unwrap()), "202301");
    assert_eq!(value(typed(Field::Post, "无").unwrap()), "");
    assert!(typed(Field::Sex, "中").is_err());
    assert!(typed(Field::Name, " ").is_err());
    assert!(typed(Field::Stage, "共青团员").is_err());
    assert!(work.corrected(&person(7), Field::Post, "班长").is_err());
}

proptest! {
    /// A state read back from a snapshot is the state.
    #[test]
    fn a_workbench_survives_its_snapshot(names in proptest::collection::vec("[甲乙丙𠮷]{1,3}", 1..6), paused in any::<bool>()) {
        let rows: Vec<Vec<(Field, &str)>> = names.iter().map(|name| vec![(Field::Name, name.as_str()), (Field::Confirmed, "2025-06-01")]).collect();
        let rows: Vec<&[(Field, &str)]> = rows.iter().map(Vec::as_slice).collect();
        let mut deeds = vec![import(&rows), Deed::Counted { year: 2025, members: Some(12) }, Deed::View { name: "全部".into(), view: Some("{}".into()) }];
        if paused {
            deeds.push(change("2026-01-01", Transition::Paused));
        }
        let work = fold(&deeds);
        let json = serde_json::to_string(&work).unwrap();
        prop_assert_eq!(serde_json::from_str::<Workbench>(&json).unwrap(), work);
    }
}
