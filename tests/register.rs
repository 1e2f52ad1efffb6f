//! The register on screen and as CSV: one row, one set of numbers.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod common;

use common::*;
use xuedang::domain::record::{Body, Field, Selection, TrainingRecord};
use xuedang::domain::roster::{Cell, Member, Receipt, Register, RegisterRow};
use xuedang::domain::study::{Event, EventId};
use xuedang::format::csv::register_csv;
use xuedang::format::record::seal;

fn member(record: TrainingRecord) -> Member {
    let mut register = Register::default();
    let what = Receipt::Received {
        file: "a.json".into(),
        record: Box::new(record),
    };
    register.apply(&Event {
        v: 1,
        id: EventId::new(&env(300)),
        seq: 1,
        at: env(300).now,
        what,
    });
    register.people.into_values().next().unwrap()
}

fn cells(row: &RegisterRow) -> Vec<String> {
    row.cells.iter().map(Cell::to_string).collect()
}

#[test]
fn a_row_shows_the_records_own_figures() {
    let row = RegisterRow::of(&member(sample_record("李明")));
    let want = [
        "李明",
        "计算机系学生第一党支部",
        "入党积极分子",
        "XD-007",
        "1",
        "3",
        "3",
        "4",
        "2",
        "66",
        "4",
        "0",
        "1",
        "0",
        "1",
        "1",
        "1",
        "1",
        "180",
        "1",
        "1",
        "2026-11-23",
        "2026-11-23",
    ];
    assert_eq!(cells(&row), want);
    assert_eq!(row.cell("practice_minutes"), Some(&Cell::Number(180)));
    assert_eq!(row.cell("phone"), None);
}

#[test]
fn what_was_left_out_is_not_shown_as_nothing() {
    let mut selection = Selection::default();
    Field::ALL
        .into_iter()
        .for_each(|field| selection.set(field, false));
    let body = Body::of(&course(), &sample_study("李明"), &selection, &env(200)).unwrap();
    let row = RegisterRow::of(&member(seal(body)));
    for column in [
        "name",
        "branch",
        "stage",
        "number",
        "lessons_read",
        "answered",
        "accuracy",
        "answers_to_reconfirm",
        "days",
        "minutes",
        "sessions",
        "exams",
        "exams_passed",
        "reports",
        "practice",
        "practice_minutes",
        "talks",
        "last",
    ] {
        assert_eq!(row.cell(column), Some(&Cell::Absent("未导出")), "{column}");
    }
}

#[test]
fn the_file_holds_what_the_screen_shows() {
    let mut hostile = sample_record("李明").body;
    hostile.person.name = Some("=HYPERLINK(\"x\"),\"李\"".into());
    hostile.person.number = Some("007".into());
    let members = [member(sample_record("李明")), member(seal(hostile))];
    let text = String::from_utf8(register_csv(&members)).unwrap();
    let headings: Vec<_> = RegisterRow::COLUMNS.iter().map(|(_, heading)| *heading).collect();
    let first = cells(&RegisterRow::of(&members[0])).join(",");
    let branch = "计算机系学生第一党支部,入党积极分子";
    let want = format!(
        "\u{feff}{}\r\n{first}\r\n\"'=HYPERLINK(\"\"x\"\"),\"\"李\"\"\",{branch},\"\t007\",1,3,3,4,2,66,4,0,1,0,1,1,1,1,180,1,1,2026-11-23,2026-11-23\r\n",
        headings.join(",")
    );
    assert_eq!(text, want);
    assert_eq!(
        register_csv(&[]),
        format!("\u{feff}{}\r\n", headings.join(",")).into_bytes()
    );
}

#[test]
fn cells_sort_absent_first_and_numbers_by_value() {
    let mut cells = [
        Cell::Number(10),
        Cell::Text("甲".into()),
        Cell::Number(9),
        Cell::Absent("—"),
    ];
    cells.sort();
    assert_eq!(
        cells,
        [
            Cell::Absent("—"),
            Cell::Number(9),
            Cell::Number(10),
            Cell::Text("甲".into())
        ]
    );
}
