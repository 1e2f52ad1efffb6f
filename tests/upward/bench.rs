//! The made-up people in a workbench, some known from a roster alone, some with decisions that were
//! written down; and what its figures answer where `analysis/` asks the same.

use super::{made, reference};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use xuedang::domain::branch::{Field, Import, Lot, PersonId, Place, RosterEvent, When};
use xuedang::domain::standing::{Act, Change, Decider, Organ, State, Transition};
use xuedang::domain::structure::plan::{Moved, Planned};
use xuedang::domain::structure::{Dimension, NOT_KNOWN};
use xuedang::domain::study::{Event, EventId};
use xuedang::domain::time::{Date, Moment};
use xuedang::domain::workbench::{Deed, Fact, Workbench};
use xuedang::format::upward::changes::ChangeRow;
use xuedang::format::upward::people::{PersonRow, state};
use xuedang::format::workbench::figures::{Counted, Counts, Of, Paper, Planning, Watching, Whom};
use xuedang::format::workbench::leave;
use xuedang::format::workbench::{Bench, Order, Outcome};

/// Rows by the name of their query.
pub(crate) type Answers = Vec<(&'static str, Vec<Vec<Value>>)>;

/// Noon of the day of which the tables speak.
pub(crate) fn now() -> Moment {
    Moment {
        ms: made::as_of().days() * 86_400_000 + 4 * 3_600_000,
        tz: 480,
    }
}

/// An order that is carried out.
pub(crate) fn order(work: &Workbench, what: &str, text: &Value) -> Result<Outcome, String> {
    order_at(&mut Bench::default(), work, what, text)
}

fn order_at(bench: &mut Bench, work: &Workbench, what: &str, text: &Value) -> Result<Outcome, String> {
    let text = text.to_string();
    let order = Order {
        what,
        text: &text,
        bytes: &[],
        now: now(),
    };
    bench.carry_out(work, &order, &mut |_, _, _| {}).unwrap()
}

fn ask<T: DeserializeOwned>(bench: &mut Bench, work: &Workbench, what: &str, text: &Value) -> T {
    serde_json::from_str(&order_at(bench, work, what, text).unwrap().text).unwrap()
}

const FIELDS: [Field; 23] = [
    Field::Branch,
    Field::Name,
    Field::Number,
    Field::Sex,
    Field::Ethnicity,
    Field::Origin,
    Field::Birth,
    Field::Applied,
    Field::League,
    Field::Confirmed,
    Field::Mentor1,
    Field::Mentor2,
    Field::Prospect,
    Field::Admitted,
    Field::Full,
    Field::Stage,
    Field::Education,
    Field::Category,
    Field::Grade,
    Field::Years,
    Field::Post,
    Field::Secretary,
    Field::Filing,
];

/// A workbench with so many people in so many branches.
pub(crate) fn workbench(rows: u64, branches: u64) -> Workbench {
    let import = EventId("00000000000000000000000001".into());
    let mut lot = Lot::new(FIELDS.to_vec());
    lot.sheets = vec!["名册".into()];
    let mut deeds = Vec::new();
    for number in 0..rows {
        let (person, changes) = made::person(number, branches);
        let values = values(number, &person, &mut lot);
        let place = Place {
            sheet: 0,
            row: number as u32 + 6,
        };
        lot.push(place, &values);
        let id = PersonId {
            import: import.clone(),
            n: number as u32,
        };
        written(number, &id, &person, &changes, &mut deeds);
    }
    let import = Import {
        file: "名册.xlsx".into(),
        digest: "0".repeat(64),
        new: lot,
        ..Import::default()
    };
    deeds.insert(0, Deed::Roster(RosterEvent::Imported(Box::new(import))));
    deeds.push(Deed::Named("示例学院党委".into()));
    for year in [2024, 2025, 2026] {
        let planned = |group: &str, count| Planned {
            year,
            group: group.into(),
            count,
        };
        let groups = vec![planned("农民", 30), planned("高校学生", 120)];
        deeds.push(Deed::Planned { year, groups });
    }
    for (year, members) in [(2023, 900), (2024, 950), (2025, 961)] {
        let members = Some(members);
        deeds.push(Deed::Counted { year, members });
    }
    let mut work = Workbench::default();
    for (what, seq) in deeds.into_iter().zip(1..) {
        work.apply(&Event {
            v: 1,
            id: EventId(format!("{seq:026}")),
            seq,
            at: now(),
            what,
        });
    }
    work
}

/// Of whom no decision was written down.
fn is_of_roster(number: u64) -> bool {
    number.is_multiple_of(3)
}

fn values(number: u64, person: &PersonRow<'_>, lot: &mut Lot) -> Vec<u32> {
    let days = is_of_roster(number);
    let is_rough = number.is_multiple_of(12);
    let day = |day: Option<Date>, rough: bool| {
        let day = day.filter(|_| days || !rough);
        let when = day.and_then(|day| match rough && is_rough {
            true if day.month() == 2 => When::year(day.year()),
            true => When::month(day.year(), day.month()),
            false => When::day(day),
        });
        when.map_or(0, When::bits)
    };
    let born = match person.born {
        Some(_) => day(person.born, false),
        None => {
            let inexact = person.inexact_days.as_deref().unwrap();
            let (year, month) = (inexact[5..9].parse().unwrap(), inexact[10..12].parse().unwrap());
            When::month(year, month).unwrap().bits()
        }
    };
    let stages = [
        state::APPLICANT,
        state::ACTIVIST,
        state::PROSPECT,
        state::PROBATIONER,
        state::MEMBER,
    ];
    let stage = person
        .state
        .as_deref()
        .filter(|stage| days && stages.contains(stage));
    let mut text = |text: Option<&str>| lot.texts.intern(text.unwrap_or_default());
    FIELDS
        .iter()
        .map(|field| match field {
            Field::Branch => text(person.branch.as_deref()),
            Field::Name => text(person.name.as_deref()),
            Field::Number => text(person.issued_number.as_deref()),
            Field::Sex => text(person.sex.as_deref()),
            Field::Ethnicity => text(person.ethnicity.as_deref()),
            Field::Origin => text(person.native_place.as_deref()),
            Field::Birth => born,
            Field::Applied => day(person.applied, false),
            Field::League => day(person.recommended, false),
            Field::Confirmed => day(person.confirmed, true),
            Field::Mentor1 => text(person.mentor_1.as_deref()),
            Field::Mentor2 => text(person.mentor_2.as_deref()),
            Field::Prospect => day(person.listed, true),
            Field::Admitted => day(person.accepted, true),
            Field::Full => day(person.became_full, true),
            Field::Stage => text(stage),
            Field::Education => text(person.education.as_deref()),
            Field::Category => text(person.social_group.as_deref()),
            Field::Grade => text(person.grade.as_deref()),
            Field::Years => text(person.study_length.as_deref()),
            Field::Post => text(person.post.as_deref()),
            Field::Secretary => text(person.secretary.as_deref()),
            Field::Filing => text(person.filing.as_deref()),
            other => panic!("{other:?}"),
        })
        .collect()
}

/// What somebody has written down of a person.
fn written(
    number: u64,
    id: &PersonId,
    person: &PersonRow<'_>,
    changes: &[ChangeRow<'_>],
    deeds: &mut Vec<Deed>,
) {
    let mut note = |fact: Fact| {
        deeds.push(Deed::Noted {
            person: id.clone(),
            fact,
        });
    };
    if let Some(is) = person.front_line {
        note(Fact::FrontLine(is));
    }
    for time in 1..=person.reviews_held.unwrap_or_default() {
        let on = person.confirmed.unwrap().add_days(time * 183);
        if on <= made::as_of() {
            let words = String::new();
            note(Fact::Reviewed { on, words });
        }
    }
    let mut stood = |on: Date, what: Transition| {
        let change = Change {
            on,
            what,
            by: Decider {
                organ: Organ::BranchCommittee,
                name: String::new(),
            },
            reason: "有原因".into(),
        };
        deeds.push(Deed::Stood {
            person: id.clone(),
            act: Act::Changed(change),
        });
    };
    if is_of_roster(number) {
        return;
    }
    if number.is_multiple_of(19) {
        // Came from elsewhere, whatever the made-up path was.
        let on = person.applied.unwrap().add_days(200);
        if on <= made::as_of() {
            let from = "别的党支部".into();
            let (state, confirmed) = (State::Activist, Some(on.add_days(-150)));
            stood(
                on,
                Transition::MovedIn {
                    from,
                    state,
                    confirmed,
                    admitted: None,
                },
            );
        }
        return;
    }
    for change in &changes[1..] {
        let on = change.happened.unwrap();
        let what = match change.to_state.as_deref().unwrap() {
            state::ACTIVIST => Transition::Confirmed,
            state::PAUSED => Transition::Paused,
            state::REMOVED => Transition::Removed,
            state::PROSPECT => Transition::Listed,
            state::ADMITTED => Transition::Admitted,
            state::PROBATIONER => Transition::Approved,
            state::EXTENDED => Transition::Extended {
                until: on.add_months(6),
            },
            state::MEMBER => Transition::Full { since: None },
            state::CANCELLED => Transition::Cancelled,
            state::MOVED_OUT => Transition::MovedOut {
                to: "别的党支部".into(),
            },
            other => panic!("{other}"),
        };
        let is_refused = matches!(what, Transition::Admitted) && number.is_multiple_of(17);
        stood(on, what);
        if is_refused {
            stood(on, Transition::NotAdmitted);
            return;
        }
    }
}

/// The rows that leave.
pub(crate) fn rows(work: &Workbench) -> (Vec<PersonRow<'_>>, Vec<ChangeRow<'_>>) {
    let (mut people, mut changes) = (Vec::new(), Vec::new());
    for person in work.people.standing() {
        let ledger = work.ledger(person);
        people.push(leave::person(work, person, &ledger, made::as_of()));
        changes.extend(leave::changes(work, person, &ledger, made::as_of()));
    }
    (people, changes)
}

/// What the workbench's figures answer to the queries; columns that no screen shows are taken from
/// `other`, the computation over the rows that leave.
pub(crate) fn answers(work: &Workbench, other: &[(&'static str, Vec<Vec<Value>>)]) -> Answers {
    let bench = &mut Bench::default();
    let of = |name: &str| &other.iter().find(|(known, _)| *known == name).unwrap().1;
    let branches: BTreeSet<&str> = work
        .people
        .standing()
        .map(|person| work.people.words(person, Field::Branch))
        .collect();
    let mut watched: BTreeMap<&str, Vec<Vec<Value>>> = BTreeMap::new();
    for branch in branches {
        let found: Watching = ask(bench, work, "figures/watch", &json!({"whom": {"branch": branch}}));
        for one in found.observations {
            let count = |at: usize| json!(one.figures[at].count);
            let year = || json!(one.text[..4].parse::<i64>().unwrap());
            let (query, row) = match one.what.as_str() {
                "突击发展" => ("04-rush", vec![json!(branch), year(), count(1), count(0)]),
                "长期不发展" => {
                    let last = day_within(&one.text);
                    let ready = of("05-standstill")
                        .iter()
                        .find(|row| row[0] == branch)
                        .map_or(Value::Null, |row| row[3].clone());
                    ("05-standstill", vec![json!(branch), json!(last), count(0), ready])
                }
                "发展数量大起大落" => (
                    "06-ups-and-downs",
                    vec![json!(branch), year(), count(0), count(1)],
                ),
                other => panic!("{other}"),
            };
            watched.entry(query).or_default().push(row);
        }
    }
    let mut all = vec![
        ("01-structure", structure(bench, work)),
        ("02-growth", growth(bench, work)),
        ("03-growth-rate", rate(bench, work, of("03-growth-rate"))),
    ];
    all.extend(watched);
    all.push(("08-cultivation", cultivation(bench, work, of("08-cultivation"))));
    all
}

/// The day in 从2023年3月5日以后; none where the records begin with it.
fn day_within(text: &str) -> Option<String> {
    let text = text.strip_prefix('从')?.split_once("以后到")?.0;
    let mut numbers = text.split(['年', '月', '日']).map(|part| part.parse::<u32>());
    let mut next = || numbers.next()?.ok();
    let (year, month, day) = (next()?, next()?, next()?);
    Some(format!("{year}-{month:02}-{day:02}"))
}

fn structure(bench: &mut Bench, work: &Workbench) -> Vec<Vec<Value>> {
    let mut cells: BTreeMap<(&str, String, &str), usize> = BTreeMap::new();
    for state in State::ALL {
        let asked = Counts {
            on: Some(made::as_of()),
            whom: Whom {
                of: Of::Only(state),
                ..Whom::default()
            },
        };
        let found: Counted = ask(
            bench,
            work,
            "figures/counts",
            &serde_json::to_value(asked).unwrap(),
        );
        let word = if state == State::Unknown {
            NOT_KNOWN
        } else {
            state.label()
        };
        for table in found.tables {
            assert_eq!(
                table.lines.iter().map(|(_, count)| count).sum::<usize>(),
                found.total
            );
            if table.by != Dimension::State {
                for (label, count) in table.lines {
                    cells.insert((table.by.label(), label, word), count);
                }
            }
        }
    }
    let cells = cells.into_iter();
    cells
        .map(|((by, label, state), count)| vec![json!(by), json!(label), json!(state), json!(count)])
        .collect()
}

fn growth(bench: &mut Bench, work: &Workbench) -> Vec<Vec<Value>> {
    let mut rows = Vec::new();
    for year in 2010..=made::as_of().year() {
        let found: Planning = ask(bench, work, "figures/plan", &json!({"year": year}));
        let admitted: usize = found.rows.iter().map(|row| row.admitted).sum();
        let place = Moved::ALL
            .iter()
            .position(|what| *what == Moved::Admitted)
            .unwrap();
        assert_eq!(
            found.moves.iter().map(|(_, counts)| counts[place]).sum::<usize>(),
            admitted
        );
        for (group, counts) in found.moves {
            let mut row = vec![json!(year), json!(group)];
            row.extend(counts.into_iter().map(|count| json!(count)));
            rows.push(row);
        }
    }
    rows
}

/// Members at the beginning of each year and the net of it, by counts on two days; who came and who
/// went is on no screen.
fn rate(bench: &mut Bench, work: &Workbench, other: &[Vec<Value>]) -> Vec<Vec<Value>> {
    let mut members = |year: i64| -> i64 {
        let end = Date::new(year as u16, 12, 31).unwrap().min(made::as_of());
        let asked = Counts {
            on: Some(end),
            whom: Whom::everybody(),
        };
        let found: Counted = ask(
            bench,
            work,
            "figures/counts",
            &serde_json::to_value(asked).unwrap(),
        );
        let states = found
            .tables
            .into_iter()
            .find(|table| table.by == Dimension::State)
            .unwrap();
        let are = [
            State::Probationer,
            State::Extended,
            State::FullPending,
            State::Member,
        ];
        let lines = states.lines.iter();
        let of = lines.filter(|(label, _)| are.iter().any(|state| state.label() == label));
        of.map(|(_, count)| *count as i64).sum()
    };
    other
        .iter()
        .map(|row| {
            let year = row[0].as_i64().unwrap();
            let (before, after) = (members(year - 1), members(year));
            let net = after - before;
            let rate = (before > 0).then(|| (1000 * net).div_euclid(before));
            vec![
                row[0].clone(),
                json!(before),
                row[2].clone(),
                row[3].clone(),
                json!(net),
                json!(rate),
            ]
        })
        .collect()
}

fn cultivation(bench: &mut Bench, work: &Workbench, other: &[Vec<Value>]) -> Vec<Vec<Value>> {
    let groups: BTreeSet<&str> = work
        .people
        .standing()
        .map(|person| work.people.words(person, Field::Category))
        .collect();
    let mut rows = Vec::new();
    for group in groups {
        let asked = json!({"what": "yearly", "year": made::as_of().year(), "whom": {"group": group}});
        let paper: Paper = ask(bench, work, "figures/report", &asked);
        let grids = paper.parts.iter().flat_map(|part| &part.tables);
        let grid = grids
            .into_iter()
            .find(|grid| grid.title == "培养教育的时间")
            .unwrap();
        let counts: Vec<i64> = grid.lines.iter().map(|(_, cells)| cells[0].is.unwrap()).collect();
        let sum: i64 = counts.iter().sum();
        if sum == 0 {
            continue;
        }
        let label = if group.is_empty() { NOT_KNOWN } else { group };
        let elsewhere = other.iter().find(|row| row[0] == label).unwrap()[7].clone();
        let mut row = vec![json!(label), json!(sum)];
        row.extend(counts.into_iter().map(|count| json!(count)));
        row.push(elsewhere);
        rows.push(row);
    }
    rows.sort_by_key(|row| row[0].as_str().unwrap().to_owned());
    rows
}

/// What the queries should answer over the rows that leave: the workbench's figures where it shows
/// them, the computation without SQL where it does not. And the names of the former.
pub(crate) fn expected(work: &Workbench) -> (Answers, Vec<&'static str>) {
    let (people, changes) = rows(work);
    let mut all = reference::all(&people, &changes);
    let shown = answers(work, &all);
    let names = shown.iter().map(|(name, _)| *name).collect();
    for (name, rows) in shown {
        let place = all.iter_mut().find(|(known, _)| *known == name).unwrap();
        place.1 = rows;
    }
    (all, names)
}
