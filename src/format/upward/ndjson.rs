//! NDJSON: in each line an object with every column, in their order; what is absent is `null`, days
//! are `"2026-11-23"`, lines end in a line feed.

use super::table::{Cell, Table};

/// A row's line.
pub(super) fn row(bytes: &mut Vec<u8>, table: &Table, cells: &[Cell<'_>]) {
    let mut before = b'{';
    for (column, cell) in table.columns.iter().zip(cells) {
        bytes.push(before);
        before = b',';
        bytes.push(b'"');
        bytes.extend_from_slice(column.name.as_bytes());
        bytes.extend_from_slice(b"\":");
        match cell {
            Cell::Absent => bytes.extend_from_slice(b"null"),
            Cell::Text(text) => string(bytes, text),
            Cell::Whole(count) => bytes.extend_from_slice(count.to_string().as_bytes()),
            Cell::Day(day) => bytes.extend_from_slice(format!("\"{day}\"").as_bytes()),
            Cell::YesNo(yes) => bytes.extend_from_slice(if *yes { b"true" } else { b"false" }),
        }
    }
    bytes.extend_from_slice(b"}\n");
}

/// A JSON string.
fn string(bytes: &mut Vec<u8>, text: &str) {
    bytes.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => bytes.extend_from_slice(&[b'\\', byte]),
            b'\n' => bytes.extend_from_slice(b"\\n"),
            // No other control character is shorter.
            0..0x20 => bytes.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => bytes.push(byte),
        }
    }
    bytes.push(b'"');
}
