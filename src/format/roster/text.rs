//! Separated text, and which characters it is written in.

use super::table::{Builder, Put, Table};
use super::{MAX_COLUMNS, Unreadable};
use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// The characters of a text file. Always said to the reader: it is found out, not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with its mark or without.
    Utf8,
    /// UTF-16, the lower byte first.
    Utf16Le,
    /// UTF-16, the higher byte first.
    Utf16Be,
    /// GB 18030, GBK and GB 2312 with it.
    Gb18030,
}

impl Encoding {
    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Gb18030 => "GBK/GB18030",
        }
    }
}

/// The text of a file: by its mark; by its zero bytes; as UTF-8 where all of it is; then as GB 18030.
///
/// # Errors
/// [`Unreadable::Characters`] where none of them fits all of it.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), Unreadable> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return match std::str::from_utf8(rest) {
            Ok(text) => Ok((without_controls(text.into())?, Encoding::Utf8)),
            Err(error) => Err(Unreadable::Characters(lines(&rest[..error.valid_up_to()]))),
        };
    }
    let sixteen = match bytes {
        [0xff, 0xfe, ..] => Some(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => Some(Encoding::Utf16Be),
        // Nobody's text of bytes has zeros; in UTF-16 every separator and line end has one.
        _ if bytes.contains(&0) => {
            let zeros = |from: usize| {
                bytes
                    .iter()
                    .skip(from)
                    .step_by(2)
                    .filter(|byte| **byte == 0)
                    .count()
            };
            Some(if zeros(1) >= zeros(0) {
                Encoding::Utf16Le
            } else {
                Encoding::Utf16Be
            })
        }
        _ => None,
    };
    if let Some(encoding) = sixteen {
        let decoder = if encoding == Encoding::Utf16Le {
            UTF_16LE
        } else {
            UTF_16BE
        };
        let (text, wrong) = decoder.decode_with_bom_removal(bytes);
        return if wrong {
            Err(Unreadable::Characters(row_of_fault(&text)))
        } else {
            Ok((without_controls(text)?, encoding))
        };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((without_controls(text.into())?, Encoding::Utf8));
    }
    let (text, wrong) = GB18030.decode_without_bom_handling(bytes);
    if wrong {
        return Err(Unreadable::Characters(row_of_fault(&text)));
    }
    Ok((without_controls(text)?, Encoding::Gb18030))
}

fn row_of_fault(text: &str) -> u32 {
    let before = text.find('\u{fffd}').map_or(text, |at| &text[..at]);
    lines(before.as_bytes())
}

fn lines(before: &[u8]) -> u32 {
    before.iter().filter(|byte| **byte == b'\n').count() as u32 + 1
}

/// A picture or a program is no text, whatever its bytes can be read as.
fn without_controls(text: Cow<'_, str>) -> Result<Cow<'_, str>, Unreadable> {
    let is_odd = |sign: char| {
        sign.is_control() && !matches!(sign, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{1a}')
    };
    // Nearly no file has one, nor anything that begins like one.
    let may_be = |byte: &u8| matches!(byte, 0..=8 | 0xe..=0x1f | 0x7f | 0xc2);
    if !text.as_bytes().iter().any(may_be) {
        return Ok(text);
    }
    match text.find(is_odd) {
        Some(at) => Err(Unreadable::Characters(lines(&text.as_bytes()[..at]))),
        None => Ok(text),
    }
}

/// Reads separated text: by RFC 4180, with the separator that the first lines show. Rows are
/// numbered as Excel numbers them, empty ones too.
pub(super) fn table(text: &str) -> Result<(char, Table), Unreadable> {
    let (separator, text) = match text.strip_prefix("sep=") {
        // What Excel itself writes and reads in front.
        Some(rest) if rest.chars().nth(1).is_none_or(|sign| matches!(sign, '\r' | '\n')) => {
            let separator = rest.chars().next().unwrap_or(',');
            (separator, rest.split_once('\n').map_or("", |(_, rest)| rest))
        }
        _ => (separator(text), text),
    };
    let mut builder = Builder::new("");
    builder.table().only_text = true;
    let (mut row, mut column) = (1u32, 0u32);
    let mut rest = text;
    let mut wide = 0usize;
    loop {
        let cell = Cell::read(rest, separator).ok_or(Unreadable::Quote(row))?;
        builder.put(row, column, Put::Text(unguarded(&cell.text)))?;
        rest = cell.rest;
        match cell.end {
            None => break,
            Some('\n') => {
                row = row.saturating_add(1);
                column = 0;
            }
            Some(_) => column = column.saturating_add(1),
        }
        wide = wide.max(column as usize);
        if wide > MAX_COLUMNS * 8 {
            return Err(Unreadable::TooMuch("列", MAX_COLUMNS));
        }
    }
    Ok((separator, builder.finish()?))
}

/// A cell of separated text.
struct Cell<'a> {
    text: Cow<'a, str>,
    /// What ended it: the separator, a line feed for the end of a line, nothing for that of the file.
    end: Option<char>,
    rest: &'a str,
}

impl<'a> Cell<'a> {
    /// Reads the cell at the front; `None` where a quotation mark is not closed.
    #[inline]
    fn read(text: &'a str, separator: char) -> Option<Self> {
        let Some(inner) = text.strip_prefix('"') else {
            let (text, end, rest) = plain(text, separator);
            return Some(Self {
                text: text.into(),
                end,
                rest,
            });
        };
        let mut cell = String::new();
        let mut rest = inner;
        loop {
            let (before, after) = rest.split_once('"')?;
            cell.push_str(before);
            rest = after;
            match rest.strip_prefix('"') {
                Some(after) => {
                    cell.push('"');
                    rest = after;
                }
                None => break,
            }
        }
        // A line that ends within a cell ends in one sign.
        if cell.contains("\r\n") {
            cell = cell.replace("\r\n", "\n");
        }
        let (behind, end, rest) = plain(rest, separator);
        cell.push_str(behind);
        Some(Self {
            text: cell.into(),
            end,
            rest,
        })
    }
}

/// Text up to the next separator or end of a line, which of them, and what is behind it.
#[inline]
fn plain(text: &str, separator: char) -> (&str, Option<char>, &str) {
    // Most separators are one byte.
    let long = separator.len_utf8();
    let first = separator.encode_utf8(&mut [0; 4]).as_bytes()[0];
    let mut from = 0;
    loop {
        let ends = |byte: &u8| *byte == first || matches!(byte, b'\r' | b'\n');
        let Some(at) = text.as_bytes()[from..].iter().position(ends) else {
            return (text, None, "");
        };
        let at = from + at;
        match text.as_bytes()[at] {
            b'\n' => return (&text[..at], Some('\n'), &text[at + 1..]),
            b'\r' => {
                let rest = &text[at + 1..];
                return (&text[..at], Some('\n'), rest.strip_prefix('\n').unwrap_or(rest));
            }
            _ if text[at..].starts_with(separator) => {
                return (&text[..at], Some(separator), &text[at + long..]);
            }
            _ => from = at + 1,
        }
    }
}

/// `="007"` is how people keep Excel from taking 007 for a number.
fn unguarded(cell: &str) -> &str {
    let inner = cell
        .trim()
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'));
    inner.filter(|inner| !inner.contains('"')).unwrap_or(cell)
}

/// The separator that stands in most of the first lines, and equally often in most of them.
fn separator(text: &str) -> char {
    let mut best = (0usize, ',');
    for sign in [',', '\t', ';'] {
        let mut counts: Vec<usize> = Vec::new();
        let mut quoted = false;
        let mut count = 0;
        for c in text.chars().take(200_000) {
            match c {
                '"' => quoted = !quoted,
                '\n' if !quoted => {
                    counts.push(count);
                    count = 0;
                    if counts.len() >= 100 {
                        break;
                    }
                }
                c if c == sign && !quoted => count += 1,
                _ => {}
            }
        }
        counts.push(count);
        counts.retain(|count| *count > 0);
        counts.sort_unstable();
        let common = counts.get(counts.len() / 2).copied().unwrap_or(0);
        let same = counts.iter().filter(|count| **count == common).count();
        if same * common.min(4) > best.0 {
            best = (same * common.min(4), sign);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cells(text: &str) -> (char, Vec<String>) {
        let (separator, table) = table(text).unwrap();
        let rows = (0..table.len()).map(|row| {
            let cells: Vec<String> = (0..table.width(row))
                .map(|column| table.shown(row, column))
                .collect();
            format!("{} {}", table.number(row), cells.join("|"))
        });
        (separator, rows.collect())
    }

    #[test]
    fn separated_text_as_excel_numbers_it() {
        let (separator, rows) = cells(
            "名册\n\n姓名,学号\r\n\"张,\"\"三\"\"\",\"=\"\"007\"\"\"\r\n\"李\n四\",=\"08\"\n,,\n王五,9",
        );
        assert_eq!(separator, ',');
        assert_eq!(
            rows,
            [
                "1 名册",
                "3 姓名|学号",
                "4 张,\"三\"|007",
                "5 李\n四|08",
                "7 王五|9"
            ]
        );
        assert_eq!(cells("姓名\t学号\n张三，李四\t1\n").0, '\t');
        assert_eq!(cells("姓名;学号\n张三;1,5\n").0, ';');
        assert_eq!(cells("sep=;\n姓名;a,b\n").1, ["1 姓名|a,b"]);
        assert_eq!(table("姓名\n\"张三\n李四\n"), Err(Unreadable::Quote(2)));
    }

    #[test]
    fn characters_are_found_out() {
        let text = "姓名,学号\r\n朱𠮷,1\r\n";
        let (gb, _, _) = GB18030.encode(text);
        let sixteen = |big: bool| -> Vec<u8> {
            let unit = |unit: u16| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            };
            text.encode_utf16().flat_map(unit).collect()
        };
        let marked = |mark: &[u8], rest: &[u8]| [mark, rest].concat();
        for (bytes, want) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            (marked(b"\xef\xbb\xbf", text.as_bytes()), Encoding::Utf8),
            (gb.to_vec(), Encoding::Gb18030),
            (sixteen(false), Encoding::Utf16Le),
            (sixteen(true), Encoding::Utf16Be),
            (marked(b"\xff\xfe", &sixteen(false)), Encoding::Utf16Le),
            (marked(b"\xfe\xff", &sixteen(true)), Encoding::Utf16Be),
        ] {
            assert_eq!(decode(&bytes), Ok((text.into(), want)));
        }
        assert_eq!(decode(b"a\nb\n\xff\xff,1"), Err(Unreadable::Characters(3)));
        assert_eq!(
            decode(b"\x89PNG\r\n\x1a\n\x01\x02"),
            Err(Unreadable::Characters(3))
        );
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok((text, _)) = decode(&bytes) {
                let _ = table(&text);
            }
        }
    }
}
