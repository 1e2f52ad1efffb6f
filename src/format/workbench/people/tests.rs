//! A window is what a naive filter and sort gives, whatever is asked in whatever order.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

use super::order::Collation;
use super::*;
use crate::domain::branch::{Field, Import, Kind, Lot, Place, RosterEvent, When};
use crate::domain::standing::{Act, Change, Decider, Organ, Transition};
use crate::domain::study::{Event, EventId};
use crate::domain::time::Moment;
use crate::domain::workbench::{Deed, Fact};
use proptest::prelude::*;
use std::cmp::Ordering;
use std::sync::LazyLock;

const TODAY: &str = "2026-06-30";

fn today() -> Date {
    Date::parse(TODAY).unwrap()
}

fn moment() -> Moment {
    Moment {
        ms: today().days() * 86_400_000,
        tz: 480,
    }
}

fn take(work: &mut Workbench, number: u32, what: Deed) {
    work.apply(&Event {
        v: 2,
        id: EventId(format!("E{number}")),
        seq: u64::from(number) + 1,
        at: moment(),
        what,
    });
}

const FIELDS: [Field; 9] = [
    Field::Name,
    Field::Number,
    Field::Branch,
    Field::Sex,
    Field::Birth,
    Field::Applied,
    Field::Confirmed,
    Field::Stage,
    Field::Note,
];

/// A person as texts, one for each field.
type Texts = [String; FIELDS.len()];

fn import(work: &mut Workbench, number: u32, people: &[Texts]) {
    let mut new = Lot::new(FIELDS.to_vec());
    new.sheets.push("名册".into());
    for (person, row) in people.iter().zip(2..) {
        let values: Vec<u32> = FIELDS
            .iter()
            .zip(person)
            .map(|(field, text)| match field.kind() {
                Kind::Day => text.parse().unwrap_or_default(),
                _ => new.texts.intern(text),
            })
            .collect();
        new.push(Place { sheet: 0, row }, &values);
    }
    let import = Import {
        file: "名册.csv".into(),
        new,
        ..Import::default()
    };
    take(
        work,
        number,
        Deed::Roster(RosterEvent::Imported(Box::new(import))),
    );
}

fn person() -> impl Strategy<Value = Texts> {
    let day = || {
        prop_oneof![
            3 => Just(String::new()),
            4 => (2023u32..2027, 1u32..13, 1u32..29).prop_map(|(y, m, d)| (y * 10_000 + m * 100 + d).to_string()),
            2 => (2023u32..2027, 1u32..13).prop_map(|(y, m)| (y * 10_000 + m * 100).to_string()),
            1 => (2023u32..2027).prop_map(|y| (y * 10_000).to_string()),
        ]
    };
    (
        "[张李王陈欧阳喆𠮷a-cA]{1,3}",
        "[0-3]{0,3}",
        "(第(一|二|十|2|10)党支部)?",
        "[男女]?",
        day(),
        day(),
        day(),
        "(入党积极分子|发展对象|预备党员)?",
        "[转张a返1]{0,3}",
    )
        .prop_map(|(a, b, c, d, e, f, g, h, i)| [a, b, c, d, e, f, g, h, i])
}

/// People of two imports, the second taken back, with decisions and facts about some.
fn workbench() -> impl Strategy<Value = Workbench> {
    let acts = proptest::collection::vec((0u32..30, 0u8..6, 1u8..28), 0..8);
    let lists = (
        proptest::collection::vec(person(), 0..30),
        proptest::collection::vec(person(), 0..5),
    );
    (lists, acts).prop_map(|((first, second), acts)| {
        let mut work = Workbench::default();
        import(&mut work, 0, &first);
        if !second.is_empty() {
            import(&mut work, 1, &second);
            let import = EventId("E1".into());
            take(&mut work, 2, Deed::Roster(RosterEvent::Undone { import }));
        }
        for ((n, what, day), number) in acts.into_iter().zip(3..) {
            let person = PersonId {
                import: EventId("E0".into()),
                n,
            };
            if work.people.find(&person).is_none() {
                continue;
            }
            let what = match what {
                0 => Transition::Paused,
                1 => Transition::Confirmed,
                2 => Transition::Resumed,
                3 => Transition::MovedOut { to: "外校".into() },
                _ => {
                    let fact = Fact::FrontLine(what == 4);
                    take(&mut work, number, Deed::Noted { person, fact });
                    continue;
                }
            };
            let change = Change {
                on: Date::new(2026, 6, day).unwrap(),
                what,
                by: Decider {
                    organ: Organ::BranchCommittee,
                    name: String::new(),
                },
                reason: String::new(),
            };
            let act = Act::Changed(change);
            take(&mut work, number, Deed::Stood { person, act });
        }
        work
    })
}

fn column() -> impl Strategy<Value = Column> {
    let fields = FIELDS.map(Column::Field).to_vec();
    let mut all = vec![Column::State, Column::Since, Column::FrontLine];
    all.extend(fields);
    proptest::sample::select(all)
}

fn want(by: Column) -> BoxedStrategy<Want> {
    let names: &[&str] = match by {
        Column::State => &[
            "activist",
            "applicant",
            "paused",
            "moved-out",
            "unknown",
            "nonsense",
        ],
        Column::FrontLine => &["yes", "no", ""],
        Column::Field(Field::Sex) => &["男", "女", "", "猫"],
        Column::Field(Field::Branch) => &["第二党支部", "第10党支部", ""],
        _ if by.is_day() => &["2025", "2025-03", "2026-06-03", ""],
        _ => &["张", "李", "a", "1", ""],
    };
    let some = proptest::sample::subsequence(names.to_vec(), 1..=2);
    let is = some.prop_map(|names| Want::Is(names.into_iter().map(str::to_owned).collect()));
    let mut all = vec![is.boxed(), Just(Want::Empty).boxed(), Just(Want::Filled).boxed()];
    if by.is_day() {
        let day =
            || proptest::option::of((2024u16..2027, 1u8..13).prop_map(|(y, m)| Date::new(y, m, 15).unwrap()));
        all.push(
            (day(), day())
                .prop_map(|(from, until)| Want::Days(from, until))
                .boxed(),
        );
    } else if matches!(by, Column::Field(_)) {
        all.push("[张李aA1二]".prop_map(Want::Has).boxed());
    }
    proptest::strategy::Union::new(all).boxed()
}

fn query() -> impl Strategy<Value = Query> {
    let filter = column().prop_flat_map(|by| want(by).prop_map(move |want| Filter { by, want }));
    let sort = (column(), any::<bool>()).prop_map(|(by, down)| Sort { by, down });
    let only = proptest::collection::vec(0u32..40, 0..20).prop_map(|people| Only {
        label: "甲".into(),
        people,
        ..Only::default()
    });
    (
        "([张李aB1]|张 [1A]|第二)?",
        proptest::collection::vec(filter, 0..3),
        proptest::option::weighted(0.2, only),
        proptest::collection::vec(sort, 0..=2),
    )
        .prop_map(|(find, filters, only, sort)| Query {
            find,
            filters,
            only,
            sort,
            columns: Column::all().collect(),
        })
}

/// A value as text, straight from the workbench.
fn text(work: &Workbench, person: u32, by: Column) -> String {
    let standing = work.ledger(person).on(today());
    match by {
        Column::State if standing.state == State::Unknown => String::new(),
        Column::State => standing.state.code().into(),
        Column::Since => standing.since.map(|day| day.to_string()).unwrap_or_default(),
        Column::FrontLine => match work.front_line(person) {
            Some(true) => "yes".into(),
            Some(false) => "no".into(),
            None => String::new(),
        },
        Column::Field(field) => work.people.shown(person, field),
    }
}

fn when(text: &str) -> Option<When> {
    let parts: Vec<u32> = text.split('-').map(|part| part.parse().unwrap()).collect();
    let part = |at: usize| parts.get(at).copied().unwrap_or_default();
    When::from_bits(part(0) * 10_000 + part(1) * 100 + part(2))
}

fn fits(work: &Workbench, person: u32, query: &Query) -> bool {
    let words = query.find.to_lowercase();
    let found = words.split_whitespace().all(|word| {
        [Field::Name, Field::Number, Field::Branch, Field::Note]
            .iter()
            .any(|field| work.people.shown(person, *field).to_lowercase().contains(word))
    });
    let only = query
        .only
        .as_ref()
        .is_none_or(|only| only.people.contains(&person));
    found
        && only
        && query.filters.iter().all(|Filter { by, want }| {
            let text = text(work, person, *by);
            match want {
                Want::Empty => text.is_empty(),
                Want::Filled => !text.is_empty(),
                Want::Is(names) => names.iter().any(|name| match name.as_str() {
                    "unknown" if *by == Column::State => text.is_empty(),
                    name => text == name,
                }),
                Want::Has(part) => text.to_lowercase().contains(&part.to_lowercase()),
                Want::Days(from, until) => {
                    (!text.is_empty())
                        .then(|| when(&text))
                        .flatten()
                        .is_some_and(|when| {
                            let day = when.latest().unwrap();
                            from.is_none_or(|from| day >= from) && until.is_none_or(|until| day <= until)
                        })
                }
            }
        })
}

/// The order of two people by a column, naively.
fn order(work: &Workbench, collation: &Collation, a: u32, b: u32, sort: Sort) -> Ordering {
    let (x, y) = (text(work, a, sort.by), text(work, b, sort.by));
    if x.is_empty() || y.is_empty() {
        return x.is_empty().cmp(&y.is_empty());
    }
    let counted = sort.by == Column::Field(Field::Branch);
    let key = |text: &str| {
        let mut out = Vec::new();
        collation.key(text, counted, &mut out);
        (out, text.to_owned())
    };
    let place = |code: &str| State::ALL.iter().position(|state| state.code() == code);
    let found = match sort.by {
        Column::State => place(&x).cmp(&place(&y)),
        // Yes before no.
        Column::FrontLine => y.cmp(&x),
        _ if sort.by.is_day() => when(&x).cmp(&when(&y)),
        _ => key(&x).cmp(&key(&y)),
    };
    if sort.down { found.reverse() } else { found }
}

fn naive(work: &Workbench, query: &Query) -> Vec<u32> {
    static COLLATION: LazyLock<Collation> = LazyLock::new(Collation::default);
    let mut all: Vec<u32> = work
        .people
        .standing()
        .filter(|person| fits(work, *person, query))
        .collect();
    all.sort_by(|a, b| {
        let by = query
            .sort
            .iter()
            .map(|sort| order(work, &COLLATION, *a, *b, *sort));
        by.fold(Ordering::Equal, Ordering::then)
    });
    all
}

fn ask<A: serde::de::DeserializeOwned>(
    bench: &mut Bench,
    work: &Workbench,
    what: &str,
    text: &impl Serialize,
) -> Result<A, String> {
    let text = serde_json::to_string(text).unwrap();
    let order = Order {
        what,
        text: &text,
        bytes: &[],
        now: moment(),
    };
    let answer = bench.carry_out(work, &order, &mut |_, _, _| {}).unwrap();
    answer.map(|outcome| serde_json::from_str(&outcome.text).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_window_is_what_filtering_and_sorting_naively_gives(
        work in workbench(),
        queries in proptest::collection::vec(query(), 1..4),
        offset in 0u32..12,
        count in 0u32..20,
    ) {
        let mut bench = Bench::default();
        // One after another: what is kept of one must not spoil the next.
        for query in queries {
            let wanted = naive(&work, &query);
            let look = Look { query: query.clone(), offset, count };
            let rows: Rows = ask(&mut bench, &work, "people/rows", &look).unwrap();
            prop_assert_eq!(rows.all as usize, work.people.standing().count());
            prop_assert_eq!(rows.found as usize, wanted.len());
            let window: Vec<u32> = wanted.iter().copied().skip(offset as usize).take(count as usize).collect();
            let shown: Vec<u32> = rows.rows.iter().map(|row| work.people.find(&PersonId::parse(&row.id).unwrap()).unwrap()).collect();
            prop_assert_eq!(&shown, &window, "{:?}", query);
            for (row, person) in rows.rows.iter().zip(window) {
                prop_assert_eq!(row.state, work.state(person, today()));
                for (cell, column) in row.cells.iter().zip(&query.columns) {
                    match column {
                        Column::State => prop_assert_eq!(cell, row.state.label()),
                        Column::FrontLine => {}
                        _ => prop_assert_eq!(cell, &text(&work, person, *column)),
                    }
                }
            }
        }
    }

    #[test]
    fn values_are_counted_as_they_are(work in workbench(), query in query(), by in column()) {
        let mut bench = Bench::default();
        let offer = Offer { query: query.clone(), by, find: String::new() };
        let values: Values = ask(&mut bench, &work, "people/values", &offer).unwrap();
        prop_assert_eq!(values.more, 0);
        let mut others = query.clone();
        others.set_filter(by, None);
        // Choosing a value finds as many as it says.
        let mut sum = 0;
        for value in values.values {
            let mut chosen = others.clone();
            chosen.set_filter(by, Some(Want::Is(vec![value.name.clone()])));
            prop_assert_eq!(naive(&work, &chosen).len() as u32, value.count, "{:?}", value);
            sum += value.count;
        }
        prop_assert_eq!(sum as usize, naive(&work, &others).len());
    }

    #[test]
    fn everybody_stands_as_the_ledger_says(work in workbench(), day in 1u8..28) {
        let day = Date::new(2026, 6, day).unwrap();
        for ((state, since), person) in work.standings(day, |_| {}).into_iter().zip(0..) {
            let standing = work.ledger(person).on(day);
            prop_assert_eq!((state, since), (standing.state, standing.since));
        }
    }
}

fn small() -> Workbench {
    let mut work = Workbench::default();
    let person = |name: &str, number: &str, branch: &str, note: &str| -> Texts {
        let texts = [name, number, branch, "男", "20040200", "20250301", "", "", note];
        texts.map(str::to_owned)
    };
    let people = [
        person("张三", "007", "第十党支部", "自2024年转入"),
        person("Anna·李", "X12", "第二党支部", ""),
        person("王五", "0123", "第二党支部", "曾在张家口"),
    ];
    import(&mut work, 0, &people);
    work
}

fn names(bench: &mut Bench, work: &Workbench, query: &Query) -> Vec<String> {
    let look = Look {
        query: Query {
            columns: vec![Column::Field(Field::Name)],
            ..query.clone()
        },
        offset: 0,
        count: 9,
    };
    let rows: Rows = ask(bench, work, "people/rows", &look).unwrap();
    rows.rows.into_iter().flat_map(|row| row.cells).collect()
}

#[test]
fn what_people_type_is_found() {
    let (mut bench, work) = (Bench::default(), small());
    let mut find = |find: &str| {
        let query = Query {
            find: find.into(),
            ..Query::default()
        };
        names(&mut bench, &work, &query)
    };
    assert_eq!(find("张"), ["张三", "王五"], "the note counts");
    assert_eq!(find("张 第二"), ["王五"]);
    assert_eq!(find("ＡＮＮＡ"), ["Anna·李"], "full width, capitals");
    assert_eq!(find("x12"), ["Anna·李"]);
    assert_eq!(find("Anna•李"), ["Anna·李"], "another dot");
    assert_eq!(find("12"), ["Anna·李", "王五"]);
    assert_eq!(find("男"), Vec::<String>::new(), "not searched");
    assert_eq!(find(" "), ["张三", "Anna·李", "王五"]);
}

#[test]
fn a_change_is_seen_after_what_was_kept() {
    let (mut bench, mut work) = (Bench::default(), small());
    let query = Query {
        filters: vec![Filter {
            by: Column::State,
            want: Want::Is(vec!["applicant".into()]),
        }],
        sort: vec![Sort {
            by: Column::Field(Field::Branch),
            down: false,
        }],
        ..Query::default()
    };
    assert_eq!(names(&mut bench, &work, &query), ["Anna·李", "王五", "张三"]);
    let person = work.people.id(1).unwrap();
    let deed = work.corrected(&person, Field::Branch, "第三十党支部").unwrap();
    take(&mut work, 1, deed);
    bench.forget();
    assert_eq!(names(&mut bench, &work, &query), ["王五", "张三", "Anna·李"]);
}

#[test]
fn a_cause_that_nobody_knows_and_a_query_without_limits_are_refused() {
    let (mut bench, work) = (Bench::default(), small());
    let mut look = Look {
        query: Query {
            only: Some(Only {
                label: "年龄".into(),
                cause: "nobody/knows".into(),
                ..Only::default()
            }),
            ..Query::default()
        },
        offset: 0,
        count: 10,
    };
    assert!(ask::<Rows>(&mut bench, &work, "people/rows", &look).is_err());
    look.query = Query {
        find: "长".repeat(2_000),
        ..Query::default()
    };
    assert!(ask::<Rows>(&mut bench, &work, "people/rows", &look).is_err());
    look.query = Query::default();
    (look.offset, look.count) = (7, u32::MAX);
    let rows: Rows = ask(&mut bench, &work, "people/rows", &look).unwrap();
    assert_eq!((rows.found, rows.offset, rows.rows.len()), (3, 3, 0));
}

#[test]
fn the_page_learns_what_there_is() {
    let (mut bench, mut work) = (Bench::default(), small());
    let deed = Deed::View {
        name: "第二支部".into(),
        view: Some(r#"{"find":"第二"}"#.into()),
    };
    take(&mut work, 1, deed);
    let about: About = ask(&mut bench, &work, "people/about", &()).unwrap();
    assert_eq!(about.all, 3);
    assert_eq!(about.views, [("第二支部".into(), r#"{"find":"第二"}"#.into())]);
    assert!(about.columns.contains(&Column::Field(Field::Note)));
    assert!(!about.columns.contains(&Column::Field(Field::Mentor1)));
    assert!(!about.columns.contains(&Column::FrontLine));
}
