//! The register for others' tools: every form gives back what was written, the documented schema is
//! what is written, and the reference for `analysis/` counts rightly where one can count by hand.

#![cfg(all(not(target_arch = "wasm32"), feature = "upward"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

#[path = "upward/made.rs"]
mod made;
#[path = "upward/reference.rs"]
mod reference;

use calamine::{Data, Reader, Xlsx};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::io::Cursor;
use xuedang::domain::standing::{State, Transition};
use xuedang::domain::structure::AgeBands;
use xuedang::domain::structure::watch::Thresholds;
use xuedang::domain::time::Date;
use xuedang::format::upward::changes::{CHANGES, ChangeRow};
use xuedang::format::upward::form::{FIRST_ROW, Form, HEADINGS, NONE, Title};
use xuedang::format::upward::people::{PEOPLE, PersonRow, state};
use xuedang::format::upward::{Cell, Export, Format, Kind, Misfit, Row, TABLES, Table, csv, describe, write};

fn whole(format: Format, table: &'static Table, rows: &[Vec<Cell<'_>>]) -> Vec<u8> {
    let mut export = Export::begin(format, table).unwrap();
    let mut bytes = Vec::new();
    for (row, number) in rows.iter().zip(1u64..) {
        export.put(row).unwrap();
        assert_eq!(export.rows(), number);
        // However it is taken, the file is the same.
        if number % 3 == 0 {
            bytes.extend(export.take());
        }
    }
    bytes.extend(export.finish().unwrap());
    bytes
}

/// A reader of RFC 4180.
fn fields(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut chars = text.chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        let row = rows.last_mut().unwrap();
        match (quoted, c) {
            (true, '"') if chars.peek() == Some(&'"') => {
                chars.next();
                row.last_mut().unwrap().push('"');
            }
            (true, '"') => quoted = false,
            (true, _) => row.last_mut().unwrap().push(c),
            (false, '"') => quoted = true,
            (false, ',') => row.push(String::new()),
            (false, '\r') if chars.peek() == Some(&'\n') => {
                chars.next();
                rows.push(vec![String::new()]);
            }
            (false, _) => row.last_mut().unwrap().push(c),
        }
    }
    assert_eq!(rows.pop(), Some(vec![String::new()]), "ends with CRLF");
    rows
}

fn from_csv(table: &Table, bytes: &[u8]) -> Vec<Vec<Cell<'static>>> {
    let text = std::str::from_utf8(bytes)
        .unwrap()
        .strip_prefix('\u{feff}')
        .unwrap();
    let mut rows = fields(text).into_iter();
    let headings: Vec<&str> = table
        .columns
        .iter()
        .map(|column: &xuedang::format::upward::Column| column.heading)
        .collect();
    assert_eq!(rows.next().unwrap(), headings);
    rows.map(|row| {
        assert_eq!(row.len(), table.columns.len());
        let cells = row.into_iter().zip(table.columns);
        cells
            .map(|(field, column)| match column.kind {
                _ if field.is_empty() => Cell::Absent,
                Kind::Text => Cell::text(csv::unguarded(&field).to_owned()),
                Kind::Whole => Cell::Whole(field.parse().unwrap()),
                Kind::Day => Cell::Day(Date::parse(&field).unwrap()),
                Kind::YesNo => Cell::YesNo(field == "是"),
            })
            .collect()
    })
    .collect()
}

fn from_ndjson(table: &Table, bytes: &[u8]) -> Vec<Vec<Cell<'static>>> {
    let lines = std::str::from_utf8(bytes).unwrap().split_terminator('\n');
    lines
        .map(|line| {
            let object: Value = serde_json::from_str(line).unwrap();
            assert_eq!(object.as_object().unwrap().len(), table.columns.len());
            let cells = table.columns.iter().map(|column| match &object[column.name] {
                Value::Null => Cell::Absent,
                Value::Bool(yes) => Cell::YesNo(*yes),
                Value::Number(count) => Cell::Whole(count.as_i64().unwrap()),
                Value::String(day) if column.kind == Kind::Day => Cell::Day(Date::parse(day).unwrap()),
                Value::String(text) => Cell::text(text.clone()),
                other => panic!("{other}"),
            });
            cells.collect()
        })
        .collect()
}

fn from_parquet(table: &Table, bytes: Vec<u8>) -> Vec<Vec<Cell<'static>>> {
    let file = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
    let rows = file.get_row_iter(None).unwrap();
    rows.map(|row| {
        let row = row.unwrap();
        let cells = row.get_column_iter().zip(table.columns);
        cells
            .map(|((name, field), column)| {
                assert_eq!(name, column.name);
                match field {
                    Field::Null => Cell::Absent,
                    Field::Str(text) => Cell::text(text.clone()),
                    Field::Long(count) => Cell::Whole(*count),
                    Field::Date(days) => Cell::Day(Date::from_days(i64::from(*days)).unwrap()),
                    Field::Bool(yes) => Cell::YesNo(*yes),
                    other => panic!("{other}"),
                }
            })
            .collect()
    })
    .collect()
}

fn read(format: Format, table: &Table, bytes: Vec<u8>) -> Vec<Vec<Cell<'static>>> {
    match format {
        Format::Csv => from_csv(table, &bytes),
        Format::Ndjson => from_ndjson(table, &bytes),
        Format::Parquet => from_parquet(table, bytes),
    }
}

/// Anything that a column may hold, absent often.
fn cell(kind: Kind) -> BoxedStrategy<Cell<'static>> {
    let absent = Just(Cell::Absent);
    match kind {
        Kind::Text => prop_oneof![
            absent,
            "[-=+@＝'\t\r\n ]{0,2}[张喆𠮷a\",;0-9\\\\]{0,5}".prop_map(Cell::text),
            "[0-9]{1,16}".prop_map(Cell::text),
            "\\PC{0,8}|[\\x00-\\x1f\\x7f\u{feff}\u{2028}]{1,3}".prop_map(Cell::text),
        ]
        .boxed(),
        Kind::Whole => prop_oneof![absent, any::<i64>().prop_map(Cell::Whole)].boxed(),
        Kind::Day => prop_oneof![
            absent,
            (-719_162i64..2_932_896).prop_map(|days| Cell::Day(Date::from_days(days).unwrap()))
        ]
        .boxed(),
        Kind::YesNo => prop_oneof![absent, any::<bool>().prop_map(Cell::YesNo)].boxed(),
    }
}

fn rows(table: &'static Table) -> impl Strategy<Value = Vec<Vec<Cell<'static>>>> {
    let row: Vec<_> = table.columns.iter().map(|column| cell(column.kind)).collect();
    proptest::collection::vec(row, 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_form_gives_back_what_was_written(people in rows(&PEOPLE), changes in rows(&CHANGES)) {
        for format in Format::ALL {
            for (table, rows) in [(&PEOPLE, &people), (&CHANGES, &changes)] {
                prop_assert_eq!(&read(format, table, whole(format, table, rows)), rows, "{:?}", format);
            }
        }
    }

    #[test]
    fn no_cell_of_the_csv_begins_a_formula(text in "[\t\r\n ']{0,2}[-=+@＝＋－＠]?\\PC{0,6}") {
        let person = PersonRow { name: Some(text.into()), ..PersonRow::default() };
        let bytes = write(Format::Csv, [person]).unwrap();
        let rows = fields(std::str::from_utf8(&bytes).unwrap());
        prop_assert!(!rows[1][3].trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']));
    }

    #[test]
    fn the_real_form_gives_back_what_was_written(
        names in proptest::collection::vec("[-=+@]?[张喆𠮷_x0-9A-F<&\"'\n]{1,12}", 0..6),
        days in proptest::collection::vec(proptest::option::of(-25_000i64..60_000), 6),
    ) {
        let people: Vec<PersonRow<'_>> = names.iter().zip(&days).map(|(name, days)| PersonRow {
            name: Some(name.into()),
            secretary: Some(name.into()),
            born: days.and_then(Date::from_days),
            ..PersonRow::default()
        }).collect();
        let sheet = roster(&people);
        for ((person, name), number) in people.iter().zip(&names).zip(0..) {
            let row = FIRST_ROW + number;
            let said = |column| said(&sheet, row, column);
            prop_assert_eq!(said(0), (number + 1).to_string());
            prop_assert_eq!(said(2), name.as_str());
            prop_assert_eq!(said(18), name.as_str());
            prop_assert_eq!(said(7), person.born.map_or(NONE.to_owned(), |day| day.to_string()));
            prop_assert_eq!(said(11), NONE);
        }
        prop_assert_eq!(sheet.end().unwrap().0, FIRST_ROW - 2 + people.len() as u32);
    }
}

fn roster(people: &[PersonRow<'_>]) -> calamine::Range<Data> {
    let title = Title {
        attachment: "附件6：".into(),
        title: "入党积极分子名册（截至2026年6月30日）".into(),
        unit: "二级党委（盖章）：示例学院党委".into(),
        filed: "填报日期：2026年6月30日".into(),
    };
    let mut form = Form::begin(&title).unwrap();
    let mut bytes = form.take();
    for person in people {
        form.put(person).unwrap();
        bytes.extend(form.take());
    }
    bytes.extend(form.finish().unwrap());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    book.worksheet_range("名册").unwrap()
}

/// What a cell says; the row as Excel counts, the column from 0.
fn said(sheet: &calamine::Range<Data>, row: u32, column: u32) -> String {
    match sheet.get_value((row - 1, column)).unwrap_or(&Data::Empty) {
        Data::DateTime(day) => Date::from_days(day.as_f64() as i64 - 25_569).unwrap().to_string(),
        // An escape that Excel would read; this reader leaves it as it stands.
        other => other.to_string().replace("_x005F_", "_"),
    }
}

#[test]
fn the_real_form_is_laid_out_as_the_fixture_is() {
    let person = PersonRow {
        branch: Some("硕士生党支部".into()),
        name: Some("朱𠮷".into()),
        issued_number: Some("0550236113".into()),
        mentor_1: Some("蒋军喆".into()),
        applied: Date::new(2025, 7, 21),
        inexact_days: Some("confirmed 2026-04".into()),
        ..PersonRow::default()
    };
    let sheet = roster(&[person]);
    let row = |row| {
        (0..20)
            .map(|column| said(&sheet, row, column))
            .collect::<Vec<_>>()
    };
    assert_eq!(row(1)[0], "附件6：");
    assert_eq!(row(2)[0], "入党积极分子名册（截至2026年6月30日）");
    assert_eq!(row(3)[0], "二级党委（盖章）：示例学院党委");
    assert_eq!(row(3)[14], "填报日期：2026年6月30日");
    assert_eq!(row(4), HEADINGS.map(|(above, ..)| above));
    assert_eq!(row(4)[3], "学号/\n职工号");
    assert_eq!(row(5), HEADINGS.map(|(_, below, _)| below));
    assert_eq!(row(5)[11..13], ["1", "2"]);
    let mut want = [NONE; 20];
    for (at, text) in [
        (0, "1"),
        (1, "硕士生党支部"),
        (2, "朱𠮷"),
        (3, "0550236113"),
        (8, "2025-07-21"),
        (10, "2026.04"),
        (11, "蒋军喆"),
    ] {
        want[at] = text;
    }
    assert_eq!(row(6), want);
}

#[test]
fn rows_that_are_not_of_the_table_are_refused_by_name() {
    let mut export = Export::begin(Format::Ndjson, &CHANGES).unwrap();
    let nothing = ChangeRow::default();
    let mut cells = nothing.cells();
    export.put(&cells).unwrap();
    cells[1] = Cell::text("去年");
    let misfit = Misfit {
        row: 2,
        column: Some("变动日期"),
    };
    assert_eq!(export.put(&cells), Err(misfit.into()));
    assert!(
        export
            .put(&cells[..3])
            .is_err_and(|error| error.to_string().contains("第 2 行的列数"))
    );
    let bytes = export.finish().unwrap();
    assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), 1);

    let long = PersonRow {
        post: Some("长".repeat(32_768).into()),
        ..PersonRow::default()
    };
    let title = Title {
        attachment: String::new(),
        title: String::new(),
        unit: String::new(),
        filed: String::new(),
    };
    let refused = Form::begin(&title).unwrap().put(&long);
    assert_eq!(refused, Err("第 1 人的“担任职务”太长，表格放不下".into()));
}

#[test]
fn groups_of_rows_follow_one_another_and_nothing_is_held() {
    let mut export = Export::begin(Format::Parquet, &CHANGES).unwrap();
    let mut bytes = Vec::new();
    let count = (1 << 17) + 5;
    for number in 0..count {
        let change = ChangeRow {
            person_id: Some(format!("{number:x}").into()),
            to_state: Some(Cow::Borrowed(state::ALL[number % state::ALL.len()])),
            ..ChangeRow::default()
        };
        export.put(&change.cells()).unwrap();
        let ready = export.take();
        assert!(ready.len() < 1 << 20, "{} bytes at once", ready.len());
        bytes.extend(ready);
    }
    bytes.extend(export.finish().unwrap());
    let file = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
    let groups: Vec<i64> = file
        .metadata()
        .row_groups()
        .iter()
        .map(|group| group.num_rows())
        .collect();
    assert_eq!(groups, [1 << 16, 1 << 16, 5]);
}

#[test]
fn names_and_headings_are_each_there_once() {
    for table in TABLES {
        for of in [
            |column: &xuedang::format::upward::Column| column.name,
            |column: &xuedang::format::upward::Column| column.heading,
        ] {
            let mut names: Vec<_> = table.columns.iter().map(of).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), table.columns.len(), "{}", table.name);
        }
    }
}

/// Compares with a file, or writes it when `XUEDANG_BLESS` is set.
fn golden(path: &str, text: &str) {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("XUEDANG_BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        known == text,
        "{path} is not what the columns say; run again with XUEDANG_BLESS=1"
    );
}

#[test]
fn the_published_schema_is_what_the_columns_say() {
    for table in TABLES {
        let schema = serde_json::to_string_pretty(&describe::json_schema(table)).unwrap() + "\n";
        let path = format!(
            "public/schema/register-{}-{}.schema.json",
            table.name, table.version
        );
        golden(&path, &schema);
    }
}

/// What `decision` can say.
fn decisions() -> Vec<&'static str> {
    let document = include_str!("../docs/register-export.md");
    let from = document.split_once("### Decisions").unwrap().1;
    let to = from.split_once("\n## ").map_or(from, |(one, _)| one);
    let words: Vec<&str> = to.split('`').skip(1).step_by(2).collect();
    let known = [
        Transition::Registered {
            state: State::Unknown,
        },
        Transition::Applied,
        Transition::Withdrew,
        Transition::Confirmed,
        Transition::Paused,
        Transition::Resumed,
        Transition::Removed,
        Transition::Proposed,
        Transition::Listed,
        Transition::Returned,
        Transition::Admitted,
        Transition::NotAdmitted,
        Transition::Approved,
        Transition::Extended {
            until: Date::new(2026, 1, 1).unwrap(),
        },
        Transition::PassedFull,
        Transition::Full { since: None },
        Transition::Cancelled,
        Transition::MovedOut { to: String::new() },
        Transition::MovedIn {
            from: String::new(),
            state: State::Unknown,
            confirmed: None,
            admitted: None,
        },
    ]
    .map(|what| what.label());
    for word in &known {
        assert!(
            words.contains(word),
            "docs/register-export.md does not tell of {word}"
        );
    }
    known.to_vec()
}

#[test]
fn the_document_tells_every_column() {
    let path = "docs/register-export.md";
    let mut text = std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    for table in TABLES {
        let (begin, end) = (
            format!("<!-- {} -->\n", table.name),
            format!("<!-- /{} -->", table.name),
        );
        let start = text.find(&begin).unwrap() + begin.len();
        let stop = text.find(&end).unwrap();
        text.replace_range(start..stop, &describe::markdown(table));
    }
    golden(path, &text);
    for word in state::ALL.into_iter().chain(decisions()) {
        assert!(
            text.contains(&format!("`{word}`")),
            "{path} does not tell of {word}"
        );
    }
}

#[test]
fn lines_are_valid_by_the_schema() {
    for (number, table) in [(0u64, &PEOPLE), (1, &CHANGES)] {
        let schema = describe::json_schema(table);
        jsonschema::meta::validate(&schema).unwrap();
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&schema)
            .unwrap();
        for at in 0..60 {
            let (person, changes) = made::person(at, 3);
            let line = match number {
                0 => write(Format::Ndjson, [person]),
                _ => write(Format::Ndjson, changes.into_iter().take(1)),
            };
            let line: Value = serde_json::from_slice(&line.unwrap()).unwrap();
            let wrong: Vec<String> = validator
                .iter_errors(&line)
                .map(|error| error.to_string())
                .collect();
            assert!(wrong.is_empty(), "{wrong:?}");
        }
    }
}

#[test]
fn self_study_and_class_hours_stand_apart() {
    let column = |name: &str| PEOPLE.columns.iter().find(|column| column.name == name).unwrap();
    assert_eq!(column("self_study_minutes").unit, "minute");
    assert_eq!(column("class_hours").unit, "study hour");
    let queries = std::fs::read_dir(format!("{}/analysis", env!("CARGO_MANIFEST_DIR"))).unwrap();
    for query in queries
        .map(|query| query.unwrap().path())
        .filter(|path| path.extension().is_some_and(|of| of == "sql"))
    {
        let text = std::fs::read_to_string(&query).unwrap();
        for line in text.lines().filter(|line| !line.starts_with("--")) {
            let both = line.contains("self_study_minutes") && line.contains("class_hours");
            assert!(!both, "{}: {line}", query.display());
        }
        for head in ["-- What: ", "-- Source: ", "-- Does not conclude: "] {
            assert!(text.contains(head), "{} has no `{head}`", query.display());
        }
    }
}

/// A change of state on a day, in branch 甲 and group 农民.
fn change(day: &str, from: Option<&'static str>, to: &'static str) -> ChangeRow<'static> {
    ChangeRow {
        happened: Date::parse(day),
        from_state: from.map(Cow::Borrowed),
        to_state: Some(to.into()),
        branch: Some("甲".into()),
        social_group: Some("农民".into()),
        ..ChangeRow::default()
    }
}

fn answer(people: &[PersonRow<'_>], changes: &[ChangeRow<'_>], query: &str) -> Value {
    let all = reference::all(people, changes);
    json!(all.into_iter().find(|(name, _)| *name == query).unwrap().1)
}

fn anybody() -> PersonRow<'static> {
    PersonRow {
        as_of: Date::new(2026, 6, 30),
        branch: Some("甲".into()),
        state: Some(state::ACTIVIST.into()),
        ..PersonRow::default()
    }
}

#[test]
fn the_reference_counts_ages_on_the_day() {
    let born = |day: &str| PersonRow {
        born: Date::parse(day),
        ..anybody()
    };
    let people = [
        born("2008-06-30"), // 18 that day
        born("2008-07-01"), // 17 for one more day
        born("1990-06-30"), // 36
        born("1990-07-01"), // 35
        PersonRow {
            inexact_days: Some("born 1990-06; confirmed 2026".into()), // 36 at the month's end
            ..anybody()
        },
        anybody(),
    ];
    let rows = answer(&people, &[], "01-structure");
    let ages: Vec<&Value> = rows
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row[0] == "年龄")
        .collect();
    let want = [
        ("17岁及以下", 1),
        ("18—20岁", 1),
        ("31—35岁", 1),
        ("36—40岁", 2),
        ("未填", 1),
    ];
    assert_eq!(
        ages,
        want.map(|(band, count)| json!(["年龄", band, state::ACTIVIST, count]))
            .iter()
            .collect::<Vec<_>>()
    );
}

/// A decision about a person on a day, in branch 甲 and group 农民.
fn decision(
    person: &'static str,
    sequence: i64,
    day: &str,
    what: &Transition,
    to: &'static str,
) -> ChangeRow<'static> {
    ChangeRow {
        person_id: Some(person.into()),
        decision: Some(what.label().into()),
        sequence: Some(sequence),
        ..change(day, None, to)
    }
}

#[test]
fn the_reference_tells_admissions_from_moves_and_refusals() {
    let admitted = || Transition::Admitted;
    let path = [
        decision("a", 1, "2023-05-01", &admitted(), state::ADMITTED),
        decision("a", 2, "2023-05-02", &Transition::NotAdmitted, state::PROSPECT),
        decision("a", 3, "2023-06-01", &admitted(), state::ADMITTED),
        decision("a", 4, "2023-07-01", &Transition::Approved, state::PROBATIONER),
        decision(
            "b",
            1,
            "2024-06-01",
            &Transition::Registered {
                state: State::Probationer,
            },
            state::PROBATIONER,
        ),
        decision("c", 1, "2025-06-01", &Transition::Cancelled, state::CANCELLED),
    ];
    let want = json!([
        [2023, "农民", 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
        [2025, "农民", 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0],
    ]);
    assert_eq!(answer(&[anybody()], &path, "02-growth"), want);

    let path = [
        change("2023-05-01", Some(state::ADMITTED), state::PROBATIONER),
        change("2024-05-01", Some(state::FULL_PENDING), state::MEMBER),
        change("2024-06-01", None, state::PROBATIONER), // moved in
        change("2025-06-01", Some(state::PROBATIONER), state::CANCELLED),
    ];
    let want = json!([
        [2023, 0, 1, 0, 1, null],
        [2024, 1, 1, 0, 1, 1000],
        [2025, 2, 0, 1, -1, -500],
    ]);
    assert_eq!(answer(&[anybody()], &path, "03-growth-rate"), want);
}

#[test]
fn the_reference_sees_the_three_faults() {
    let admitted = |day: &str| decision("a", 1, day, &Transition::Admitted, state::ADMITTED);
    let mut changes: Vec<_> = (0..6).map(|_| admitted("2022-12-05")).collect();
    changes.push(admitted("2022-01-01"));
    changes.push(admitted("2023-03-05"));
    let ready = PersonRow {
        cultivated_days: Some(365),
        ..anybody()
    };
    let young = PersonRow {
        cultivated_days: Some(364),
        ..anybody()
    };
    let people = [ready, young];
    assert_eq!(answer(&people, &changes, "04-rush"), json!([["甲", 2022, 7, 6]]));
    assert_eq!(
        answer(&people, &changes, "05-standstill"),
        json!([["甲", "2023-03-05", 1, 1]])
    );
    assert_eq!(
        answer(&people, &changes, "06-ups-and-downs"),
        json!([["甲", 2022, 7, 1]])
    );
    assert_eq!(answer(&people, &[], "05-standstill"), json!([]));
}

/// The queries' settings and bands are those that the workbench begins with.
#[test]
fn the_queries_are_set_as_the_workbench_is() {
    let query = |name: &str| {
        let path = format!("{}/analysis/{name}.sql", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    };
    let set = Thresholds::default();
    let rush = query("04-rush");
    for text in [
        format!(
            "SELECT {} AS rush_days, {} AS rush_share, {} AS rush_least\n",
            set.rush_days, set.rush_share, set.rush_least
        ),
        format!("RANGE BETWEEN {} PRECEDING AND CURRENT ROW", set.rush_days - 1),
    ] {
        assert!(rush.contains(&text), "{text}");
    }
    let text = format!("SELECT {} AS standstill_months, ", set.standstill_months);
    assert!(query("05-standstill").contains(&text), "{text}");
    let text = format!(
        "SELECT {} AS swing_share, {} AS swing_least\n",
        set.swing_share, set.swing_least
    );
    assert!(query("06-ups-and-downs").contains(&text), "{text}");
    let starts: Vec<u8> = AgeBands::default().into();
    let mut labels = AgeBands::default().labels();
    let last = labels.pop().unwrap();
    let mut bands = String::new();
    for (start, label) in starts.iter().zip(&labels) {
        bands += &format!("            WHEN age < {start} THEN '{label}'\n");
    }
    bands += &format!("            ELSE '{last}'\n");
    assert!(query("01-structure").contains(&bands), "{bands}");
}

#[test]
fn the_reference_counts_no_review_twice() {
    let reviewed = |due, held| PersonRow {
        reviews_due: due,
        reviews_held: held,
        ..anybody()
    };
    let people = [
        reviewed(Some(2), Some(3)),
        reviewed(Some(4), None),
        reviewed(Some(0), Some(1)),
        reviewed(None, None),
    ];
    assert_eq!(
        answer(&people, &[], "07-reviews"),
        json!([["甲", 2, 6, 2, 1, 1, 333]])
    );
}
