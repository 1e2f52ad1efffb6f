//! CSV for spreadsheets: Chinese headings, UTF-8 with a byte order mark, CRLF, quotes by RFC 4180.
//! Text that a spreadsheet would run or mangle is guarded as in [`crate::format::csv`]; here a text
//! that begins with an apostrophe gets one more, so that [`unguarded`] gives back every text. Days
//! are `2026-11-23`, yes and no are 是 and 否, and what is absent is empty.

use super::table::{Cell, Table};
use crate::format::csv::{field, guarded};

/// Byte order mark and headings.
pub(super) fn head(table: &Table) -> Vec<u8> {
    let mut text = String::from('\u{feff}');
    let headings = table.columns.iter().map(|column| field(column.heading));
    text.push_str(&headings.collect::<Vec<_>>().join(","));
    text.push_str("\r\n");
    text.into_bytes()
}

/// A row's line.
pub(super) fn row(bytes: &mut Vec<u8>, cells: &[Cell<'_>]) {
    for (cell, at) in cells.iter().zip(0..) {
        if at > 0 {
            bytes.push(b',');
        }
        match cell {
            Cell::Absent => {}
            Cell::Text(text) if text.starts_with('\'') => {
                bytes.extend_from_slice(field(&format!("'{text}")).as_bytes());
            }
            Cell::Text(text) => bytes.extend_from_slice(field(&guarded(text)).as_bytes()),
            Cell::Whole(count) => bytes.extend_from_slice(count.to_string().as_bytes()),
            Cell::Day(day) => bytes.extend_from_slice(day.to_string().as_bytes()),
            Cell::YesNo(yes) => bytes.extend_from_slice(if *yes { "是" } else { "否" }.as_bytes()),
        }
    }
    bytes.extend_from_slice(b"\r\n");
}

/// The text of a field as it was before it was guarded.
pub fn unguarded(field: &str) -> &str {
    field.strip_prefix(['\'', '\t']).unwrap_or(field)
}
