//! Many signed records at once: one file is cut into pieces as it is read, and each piece is one
//! order to the signing program ([`super::orders::VERIFY_MANY`]), so that neither side ever holds
//! the whole, what was found comes as it goes, and stopping is asking for no more.
//!
//! A file of many has one record on each line (NDJSON), or is one JSON array of records. A line or an
//! item that is broken spoils nothing but itself, as far as that can be told: a text that never ends
//! swallows what comes after it in its line or array.

use super::read::MAX_BYTES;
use super::report::Report;
use serde::{Deserialize, Serialize};

/// A piece is full with so many records…
pub const PIECE_RECORDS: usize = 256;
/// …or so many bytes: about as many as a screen can pass on without a hitch.
pub const PIECE_BYTES: usize = 1 << 20;

/// Part of a file of many records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// How many records of the file came before it.
    pub first: usize,
    /// Its records, end to end.
    pub bytes: Vec<u8>,
    /// Where in the bytes each ends.
    pub ends: Vec<usize>,
    /// Of each the number of its line, or of its place in the array, from 1.
    pub numbers: Vec<usize>,
}

impl Piece {
    /// Its records.
    pub fn records(&self) -> impl Iterator<Item = &[u8]> {
        records(&self.bytes, &self.ends).into_iter().flatten()
    }
}

/// The records that stand end to end in these bytes; `None` when the ends are none.
pub fn records<'a>(bytes: &'a [u8], ends: &[usize]) -> Option<Vec<&'a [u8]>> {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let found: Option<Vec<_>> = starts
        .zip(ends)
        .map(|(start, &end)| bytes.get(start..end))
        .collect();
    found.filter(|_| ends.last().copied().unwrap_or(0) == bytes.len())
}

/// Who checks signatures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// The browser, where it can and answers as we do; else the program.
    #[default]
    Quickest,
    /// The browser's WebCrypto.
    Browser,
    /// This program.
    Program,
}

/// Of [`super::orders::VERIFY_MANY`]; the bytes are the records, end to end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Many {
    /// Where in the bytes each record ends.
    pub ends: Vec<usize>,
    /// Whether the reports shall be brief: without the records, which make them as large as the file,
    /// and without what their activists signed of each part.
    pub brief: bool,
    /// Who shall check: for tests and measurements; [`By::Browser`] is refused where it cannot.
    #[serde(default)]
    pub by: By,
}

/// What was found of many.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Who checked: never [`By::Quickest`].
    pub by: By,
    /// Of each record in turn: the report, or a sentence for people why it is none.
    pub reports: Vec<Result<Report, String>>,
}

/// Cuts a file into pieces, whatever portions it is read in.
#[derive(Debug, Default)]
pub struct Splitter {
    form: Form,
    /// Objects and lists that are open, of an array's item.
    depth: u32,
    in_text: bool,
    after_backslash: bool,
    /// How many bytes of the record that is being read are there; more than the limit are not kept.
    length: usize,
    /// A byte order mark or white space may still come.
    seen: usize,
    /// How many lines, or items of the array, have ended.
    over: usize,
    piece: Piece,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Form {
    #[default]
    Unknown,
    Lines,
    Array,
    /// Behind the array's end.
    Over,
}

impl Splitter {
    /// Nothing read yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes of the file; what became full.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Piece> {
        let mut full = Vec::new();
        let mut rest = bytes;
        while let Some((&byte, after)) = rest.split_first() {
            match self.form {
                Form::Unknown => {
                    // The mark of UTF-8 is no part of a line.
                    let is_mark = self.seen < 3 && [0xef, 0xbb, 0xbf].get(self.seen) == Some(&byte);
                    self.seen += 1;
                    self.over += usize::from(byte == b'\n');
                    match byte {
                        b'[' => (self.form, self.over) = (Form::Array, 0),
                        _ if is_mark || byte.is_ascii_whitespace() => {}
                        _ => {
                            self.form = Form::Lines;
                            continue;
                        }
                    }
                    rest = after;
                }
                Form::Lines => {
                    let end = rest.iter().position(|&byte| byte == b'\n');
                    let (line, after) = rest.split_at(end.unwrap_or(rest.len()));
                    self.keep(line);
                    rest = after.get(1..).unwrap_or_default();
                    if end.is_some() {
                        self.end(&mut full);
                    }
                }
                Form::Array => {
                    let run = rest.iter().position(|&byte| self.ends_item(byte));
                    let (item, after) = rest.split_at(run.unwrap_or(rest.len()));
                    self.keep(item);
                    rest = after.get(1..).unwrap_or_default();
                    match after.first() {
                        None => {}
                        Some(b']') => {
                            self.end(&mut full);
                            self.form = Form::Over;
                        }
                        Some(_) => self.end(&mut full),
                    }
                }
                // Whatever stands behind an array is no array: one more record, which is none.
                Form::Over => {
                    self.keep(rest);
                    rest = &[];
                }
            }
        }
        full
    }

    /// Whether the file turned out to be one array.
    pub fn is_array(&self) -> bool {
        matches!(self.form, Form::Array | Form::Over)
    }

    /// The last piece; empty when all was handed out.
    pub fn finish(mut self) -> Piece {
        self.end(&mut Vec::new());
        self.piece
    }

    /// Follows an array's bytes; whether this one ends an item.
    fn ends_item(&mut self, byte: u8) -> bool {
        if self.in_text {
            match byte {
                _ if self.after_backslash => self.after_backslash = false,
                b'\\' => self.after_backslash = true,
                b'"' => self.in_text = false,
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.in_text = true,
            b'{' | b'[' => self.depth += 1,
            b']' if self.depth == 0 => return true,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            b',' => return self.depth == 0,
            _ => {}
        }
        false
    }

    /// Keeps bytes of the present record, one more than may be, so that it is refused.
    fn keep(&mut self, bytes: &[u8]) {
        let bytes = match self.length {
            0 => bytes.trim_ascii_start(),
            _ => bytes,
        };
        let room = (MAX_BYTES + 1).saturating_sub(self.length);
        let kept = &bytes[..bytes.len().min(room)];
        self.length += kept.len();
        self.piece.bytes.extend_from_slice(kept);
    }

    /// Ends the present record. Blank lines are none.
    fn end(&mut self, full: &mut Vec<Piece>) {
        (self.depth, self.in_text, self.after_backslash) = (0, false, false);
        self.over += 1;
        if std::mem::take(&mut self.length) == 0 {
            return;
        }
        let piece = &mut self.piece;
        piece.ends.push(piece.bytes.len());
        piece.numbers.push(self.over);
        if piece.ends.len() >= PIECE_RECORDS || piece.bytes.len() >= PIECE_BYTES {
            let first = piece.first + piece.ends.len();
            full.push(std::mem::replace(
                piece,
                Piece {
                    first,
                    ..Piece::default()
                },
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// All records, read in portions of so many bytes.
    fn split(bytes: &[u8], portion: usize) -> Vec<Vec<u8>> {
        let mut splitter = Splitter::new();
        let mut pieces: Vec<Piece> = bytes
            .chunks(portion)
            .flat_map(|part| splitter.push(part))
            .collect();
        pieces.push(splitter.finish());
        let mut found = Vec::new();
        for piece in pieces {
            assert_eq!(piece.first, found.len());
            assert!(piece.ends.len() <= PIECE_RECORDS);
            found.extend(piece.records().map(<[u8]>::to_vec));
        }
        found
    }

    fn texts(bytes: &[u8]) -> Vec<String> {
        let whole = split(bytes, bytes.len().max(1));
        assert_eq!(whole, split(bytes, 1));
        whole
            .into_iter()
            .map(|one| String::from_utf8(one).unwrap())
            .collect()
    }

    #[test]
    fn lines_and_arrays_are_taken_apart() {
        assert_eq!(
            texts(b"{\"a\":1}\r\n\n  {\"b\":2}\n"),
            ["{\"a\":1}\r", "{\"b\":2}"]
        );
        assert_eq!(texts("\u{feff}{}\n{}".as_bytes()), ["{}", "{}"]);
        assert_eq!(
            texts("\u{feff} [\n{\"a\":\"],\\\"[\"},\n {\"b\":[{},[1,2]]} ]\n".as_bytes()),
            ["{\"a\":\"],\\\"[\"}", "{\"b\":[{},[1,2]]} "]
        );
        assert_eq!(texts(b""), [""; 0]);
        assert_eq!(texts(b" \n[]\n"), [""; 0]);
    }

    #[test]
    fn lines_and_items_are_numbered_as_people_count_them() {
        let numbers = |file: &[u8]| {
            let mut splitter = Splitter::new();
            assert!(splitter.push(file).is_empty());
            (splitter.is_array(), splitter.finish().numbers)
        };
        assert_eq!(numbers(b"\n{}\n\n{}\r\n{}"), (false, vec![2, 4, 5]));
        assert_eq!(numbers(b"\n[{},\n{}, ,{}]"), (true, vec![1, 2, 4]));
    }

    #[test]
    fn a_broken_one_spoils_only_itself() {
        assert_eq!(texts(b"{\"a\n{}\n"), ["{\"a", "{}"]);
        assert_eq!(texts(b"[}},{},x,{}"), ["}}", "{}", "x", "{}"]);
        assert_eq!(texts(b"[{}] {}"), ["{}", "{}"]);
    }

    #[test]
    fn one_that_is_too_large_is_cut_so_that_it_is_refused() {
        let mut file = vec![b'x'; MAX_BYTES * 2];
        file.extend(b"\n{}\n");
        let found = split(&file, 1 << 16);
        assert_eq!((found[0].len(), found[1].as_slice()), (MAX_BYTES + 1, &b"{}"[..]));
    }

    #[test]
    fn ends_that_are_none_are_refused() {
        assert_eq!(records(b"abc", &[1, 3]), Some(vec![&b"a"[..], b"bc"]));
        assert_eq!(records(b"", &[]), Some(vec![]));
        for wrong in [&[1][..], &[4], &[2, 1], &[2, 1, 3], &[]] {
            assert_eq!(records(b"abc", wrong), None, "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn every_record_comes_back(
            texts in proptest::collection::vec("[a-z\"\\\\,\\[\\]{}€ ]{0,12}", 0..600),
            portion in 1usize..4000,
            as_array in any::<bool>(),
        ) {
            let items: Vec<String> = texts.iter().map(|text| serde_json::json!({"a": text}).to_string()).collect();
            let file = if as_array {
                format!("[{}]", items.join(",\n"))
            } else {
                items.iter().map(|item| format!("{item}\n")).collect()
            };
            let found = split(file.as_bytes(), portion);
            let expected: Vec<Vec<u8>> = items.into_iter().map(String::into_bytes).collect();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), portion in 1usize..50) {
            split(&bytes, portion);
        }
    }
}
