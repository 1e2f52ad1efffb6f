//! The register as CSV for Excel and WPS: UTF-8 with a byte order mark, CRLF, quotes by RFC 4180.
//!
//! Cells hold what strangers have written, and a spreadsheet runs a cell that begins like a
//! formula. So text that begins with `= + - @` (full-width forms too, white space before them
//! aside), or with a tab or a line end, gets an apostrophe in front. Text of digits alone that a
//! spreadsheet would mangle (twelve digits and more, or a leading zero) gets a tab in front: it
//! keeps the digits as text, and unlike an apostrophe it is not seen in the cell.

use crate::domain::roster::{Cell, Member, RegisterRow};

/// The file's bytes: headings, then a line for each member in the order given.
pub fn register_csv<'a>(members: impl IntoIterator<Item = &'a Member>) -> Vec<u8> {
    let headings = RegisterRow::COLUMNS.map(|(_, heading)| field(heading));
    let mut text = String::from('\u{feff}');
    line(&mut text, &headings);
    for member in members {
        let row = RegisterRow::of(member);
        line(&mut text, &row.cells.each_ref().map(cell));
    }
    text.into_bytes()
}

fn line(text: &mut String, fields: &[String]) {
    text.push_str(&fields.join(","));
    text.push_str("\r\n");
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Number(_) => cell.to_string(),
        Cell::Absent(_) | Cell::Text(_) => field(&guarded(&cell.to_string())),
    }
}

/// Text that no spreadsheet runs or mangles.
pub(super) fn guarded(text: &str) -> String {
    if text.starts_with(['\t', '\r', '\n'])
        || text
            .trim_start()
            .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
    {
        return format!("'{text}");
    }
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits && (text.len() >= 12 || (text.len() > 1 && text.starts_with('0'))) {
        return format!("\t{text}");
    }
    text.to_owned()
}

/// A field in quotes where it needs them.
pub(super) fn field(text: &str) -> String {
    if text.contains([',', '"', '\r', '\n', '\t']) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A reader of RFC 4180, as strict as the RFC: rows of cells.
    fn parse(text: &str) -> Vec<Vec<String>> {
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

    #[test]
    fn text_that_a_spreadsheet_would_run_or_mangle() {
        for (text, want) in [
            ("=1+1", "'=1+1"),
            ("  @SUM(A1)", "'  @SUM(A1)"),
            ("＝cmd", "'＝cmd"),
            ("-3", "'-3"),
            ("\t=1", "'\t=1"),
            ("\r\n=1", "'\r\n=1"),
            ("2026112300012345", "\t2026112300012345"),
            ("007", "\t007"),
            ("0", "0"),
            ("20261123", "20261123"),
            ("2026-11-23", "2026-11-23"),
            ("张三", "张三"),
        ] {
            assert_eq!(guarded(text), want, "{text:?}");
        }
    }

    #[test]
    fn quotes_by_the_book() {
        assert_eq!(field("a,b"), "\"a,b\"");
        assert_eq!(field("他说\"好\""), "\"他说\"\"好\"\"\"");
        assert_eq!(field("一\n二"), "\"一\n二\"");
        assert_eq!(field("计算机系"), "计算机系");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(rows in proptest::collection::vec(proptest::collection::vec("[ -~\t\r\n=+@0-9，甲𠮷\"]{0,12}", 3), 0..8)) {
            let mut text = String::new();
            for row in &rows {
                line(&mut text, &row.iter().map(|cell| field(&guarded(cell))).collect::<Vec<_>>());
            }
            let want: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| guarded(cell)).collect()).collect();
            prop_assert_eq!(parse(&text), want);
        }

        #[test]
        fn no_cell_begins_a_formula(text in "[\t\r\n ]{0,2}[-=+@＝＋－＠]?\\PC{0,6}|.*|[0-9]{1,20}") {
            let safe = guarded(&text);
            prop_assert!(!safe.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']), "{:?}", safe);
            prop_assert!(!safe.starts_with(['\r', '\n']), "{:?}", safe);
            // A tab stands only before digits alone, which nothing can run.
            if let Some(rest) = safe.strip_prefix('\t') {
                prop_assert!(!rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()), "{:?}", safe);
            }
            prop_assert!(safe == text || safe[1..] == text, "nothing of it is lost");
        }
    }
}
