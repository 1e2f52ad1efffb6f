//! Workbooks of today (`.xlsx`): the values of cells with their number formats, and merged ranges.
//!
//! 1. The container: what it is, its relations, which sheets there are ([`Container`]).
//! 2. The number formats of its styles, and its shared strings in one buffer.
//! 3. Each sheet in one pass over its XML as it is unpacked ([`Scanner`]), straight into a [`Table`]:
//!    neither the XML nor its cells stand anywhere else. A shared string is looked up among the
//!    table's words once.
//!
//! `calamine` reads the same cells, which tests compare, but it wants what is unpacked to have been
//! counted before, goes over a sheet again for its merged ranges, and keeps every shared string on
//! its own.

use super::table::{Builder, Merge, Put, Table, built_in};
use super::xml::{Scanner, Tag, Token, broken};
use super::{MAX_CELLS, MAX_SHEETS, Unreadable};
use crate::format::container::{Container, Refusal, Source};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A file unpacked, in bytes: a million rows of twenty columns.
const MAX_UNPACKED: u64 = 1 << 30;
/// A part that is no sheet, unpacked.
const MAX_PART: u64 = 160 << 20;
/// Parts that a file may have.
const MAX_PARTS: usize = 2_000;
/// Strings that a workbook may share.
const MAX_STRINGS: usize = 8_000_000;
/// Bytes of XML that a cell takes at least: `<c r="A1"><v>1</v></c>`.
const BYTES_OF_CELL: u64 = 23;

impl From<Refusal> for Unreadable {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Parts => Self::TooMuch("部件", MAX_PARTS),
            Refusal::Bomb => Self::Bomb,
            Refusal::Damaged(why) => Self::Damaged(why),
        }
    }
}

fn damaged(why: &str) -> Unreadable {
    Unreadable::Damaged(why.into())
}

/// What a workbook may have.
#[derive(Clone, Copy, Debug)]
pub(in crate::format) struct Limits {
    /// Parts of the container.
    pub(in crate::format) parts: usize,
    /// Bytes when it is unpacked, as far as it is read.
    pub(in crate::format) unpacked: u64,
    /// Sheets with cells.
    pub(in crate::format) sheets: usize,
    /// Cells, empty ones before others counted.
    pub(in crate::format) cells: usize,
}

impl Limits {
    /// Those of a roster.
    pub(super) const ROSTER: Self = Self {
        parts: MAX_PARTS,
        unpacked: MAX_UNPACKED,
        sheets: MAX_SHEETS,
        cells: MAX_CELLS,
    };
}

/// Reads every worksheet.
///
/// # Errors
/// [`Unreadable`]; nothing is read by halves.
pub(in crate::format) fn read(bytes: &[u8], limits: Limits) -> Result<Vec<Table>, Unreadable> {
    let mut container = Container::open(bytes, limits.parts, limits.unpacked)?;
    if container.has("xl/workbook.bin") {
        return Err(Unreadable::Other("二进制工作簿（.xlsb）"));
    }
    if container.has("content.xml") && container.has("mimetype") {
        return Err(Unreadable::Other("OpenDocument 文件（.ods）"));
    }
    if container.has("word/document.xml") {
        return Err(Unreadable::Other("Word 文档，不是表格"));
    }
    if !container.has("[Content_Types].xml") && !container.has("xl/workbook.xml") {
        return Err(Unreadable::Other("压缩包或别的文件，不是表格"));
    }
    let book = Workbook::read(&mut container)?;
    if book.sheets.len() > limits.sheets {
        return Err(Unreadable::TooMuch("工作表", limits.sheets));
    }
    let mut tables = Vec::new();
    let mut room = limits.cells;
    for sheet in &book.sheets {
        // What is named but not there has no cells.
        let Some(at) = container.find(&sheet.part) else {
            continue;
        };
        let part = container.part(at, limits.unpacked)?;
        // As many as the sheet can have, by what it says of its length, and as the file has bytes.
        let cells = (part.said() / BYTES_OF_CELL).min(bytes.len() as u64);
        let mut builder = Builder::within(&sheet.name, room);
        builder.table().hidden = sheet.hidden;
        builder.table().from_1904 = book.from_1904;
        let formats = book.formats.iter().map(|code| builder.format(code)).collect();
        let plain = builder.format("");
        let mut reader = Sheet {
            book: &book,
            builder,
            formats,
            plain,
            known: vec![UNKNOWN; book.strings.ends.len()],
            room: cells,
            row: 0,
            column: 0,
            text: Vec::new(),
            part: Vec::new(),
        };
        if reader.read(&mut Scanner::new(part))? {
            let table = reader.builder.finish()?;
            room -= table.cells().min(room);
            tables.push(table);
        }
    }
    Ok(tables)
}

/// What a workbook says apart from its sheets.
#[derive(Default)]
struct Workbook {
    from_1904: bool,
    sheets: Vec<SheetAt>,
    /// By style the code of its number format.
    formats: Vec<String>,
    strings: Strings,
}

struct SheetAt {
    name: String,
    hidden: bool,
    part: String,
}

/// A relation: its kind, and the part that it names.
struct Relation {
    kind: String,
    part: String,
}

impl Workbook {
    fn read(container: &mut Container<'_>) -> Result<Self, Unreadable> {
        let mut roots = relations(container, "", "_rels/.rels")?.into_values();
        let path = roots
            .find(|root| root.kind == "officeDocument")
            .map_or_else(|| "xl/workbook.xml".into(), |root| root.part);
        let (folder, name) = path
            .rfind('/')
            .map_or(("", path.as_str()), |slash| path.split_at(slash + 1));
        let related = relations(container, folder, &format!("{folder}_rels/{name}.rels"))?;
        let part = |kind: &str, usual: &str| {
            let found = related.values().find(|relation| relation.kind == kind);
            found.map_or_else(|| format!("{folder}{usual}"), |relation| relation.part.clone())
        };
        let mut book = Self::default();
        book.read_sheets(container, &path, &related)?;
        book.read_formats(container, &part("styles", "styles.xml"))?;
        book.strings
            .read(container, &part("sharedStrings", "sharedStrings.xml"))?;
        Ok(book)
    }

    fn read_sheets(
        &mut self,
        container: &mut Container<'_>,
        path: &str,
        related: &BTreeMap<String, Relation>,
    ) -> Result<(), Unreadable> {
        let at = container.find(path).ok_or_else(|| damaged("没有工作簿"))?;
        let mut scanner = Scanner::new(container.part(at, MAX_PART)?);
        loop {
            match scanner.next()? {
                Token::Start(tag) if tag.name == b"sheet" => {
                    let name = tag.text(b"name")?.unwrap_or_default();
                    let hidden = tag.text(b"state")?.is_some_and(|state| state != "visible");
                    let id = tag.text(b"id")?.unwrap_or_default();
                    let relation = related.get(&id).ok_or_else(|| damaged("找不到工作表"))?;
                    // A chart is a sheet too, and has no cells.
                    if relation.kind == "worksheet" {
                        self.sheets.push(SheetAt {
                            name,
                            hidden,
                            part: relation.part.clone(),
                        });
                    }
                }
                Token::Start(tag) if tag.name == b"workbookPr" => {
                    // One of an extension has the same name and says nothing of it.
                    if let Some(value) = tag.get(b"date1904")? {
                        self.from_1904 = matches!(value, b"1" | b"true");
                    }
                }
                Token::Over => return Ok(()),
                _ => {}
            }
        }
    }

    fn read_formats(&mut self, container: &mut Container<'_>, path: &str) -> Result<(), Unreadable> {
        let Some(at) = container.find(path) else {
            return Ok(());
        };
        let mut scanner = Scanner::new(container.part(at, MAX_PART)?);
        let mut own: BTreeMap<u32, String> = BTreeMap::new();
        let mut ids = Vec::new();
        // Other lists of styles have elements of the same name.
        let mut is_list = false;
        loop {
            match scanner.next()? {
                Token::Start(tag) if tag.name == b"numFmt" => {
                    let id = tag.get(b"numFmtId")?.and_then(whole);
                    if let (Some(id), Some(code)) = (id, tag.text(b"formatCode")?) {
                        own.insert(id, code);
                    }
                }
                Token::Start(tag) if tag.name == b"cellXfs" => is_list = !tag.empty,
                Token::End(b"cellXfs") => is_list = false,
                // A style is a number of two bytes.
                Token::Start(tag) if is_list && tag.name == b"xf" && ids.len() <= usize::from(u16::MAX) => {
                    ids.push(tag.get(b"numFmtId")?.and_then(whole).unwrap_or_default());
                }
                Token::Over => break,
                _ => {}
            }
        }
        let code = |id: u32| match own.get(&id).map(String::as_str) {
            // A number without a code here is one of the built-in ones of the place.
            Some(code) if !matches!(code, "" | "General") && id >= 59 => code.to_owned(),
            _ => built_in(id).to_owned(),
        };
        self.formats = ids.into_iter().map(code).collect();
        Ok(())
    }
}

/// The relations that a part has, by their ids.
fn relations(
    container: &mut Container<'_>,
    folder: &str,
    path: &str,
) -> Result<BTreeMap<String, Relation>, Unreadable> {
    let mut found = BTreeMap::new();
    let Some(at) = container.find(path) else {
        return Ok(found);
    };
    let mut scanner = Scanner::new(container.part(at, MAX_PART)?);
    loop {
        match scanner.next()? {
            Token::Start(tag) if tag.name == b"Relationship" => {
                let id = tag.text(b"Id")?.unwrap_or_default();
                let kind = tag.text(b"Type")?.unwrap_or_default();
                let target = tag.text(b"Target")?.unwrap_or_default();
                let relation = Relation {
                    kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                    part: resolved(folder, &target),
                };
                found.insert(id, relation);
            }
            Token::Over => return Ok(found),
            _ => {}
        }
    }
}

/// The part that a relation of a part in that folder names.
fn resolved(folder: &str, target: &str) -> String {
    let whole = match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{folder}{target}"),
    };
    let mut steps: Vec<&str> = Vec::new();
    for step in whole.split('/') {
        match step {
            "." | "" => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// The strings that cells share, one after another.
#[derive(Default)]
struct Strings {
    bytes: String,
    ends: Vec<u32>,
}

impl Strings {
    fn read(&mut self, container: &mut Container<'_>, path: &str) -> Result<(), Unreadable> {
        let Some(at) = container.find(path) else {
            return Ok(());
        };
        let mut scanner = Scanner::new(container.part(at, MAX_PART)?);
        let (mut text, mut part) = (Vec::new(), Vec::new());
        loop {
            match scanner.next()? {
                Token::Start(tag) if tag.name == b"si" => {
                    text.clear();
                    if !tag.empty {
                        string(&mut scanner, &mut text, &mut part)?;
                    }
                    if self.ends.len() >= MAX_STRINGS {
                        return Err(Unreadable::TooMuch("文字", MAX_STRINGS));
                    }
                    self.bytes.push_str(utf8(&text)?);
                    // A part is far smaller than 4 GiB.
                    self.ends.push(self.bytes.len() as u32);
                }
                Token::Over => return Ok(()),
                _ => {}
            }
        }
    }

    fn get(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)? as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.bytes.get(start..end)
    }
}

/// Reads a string (18.4.8, `si` or `is`), whose first tag was the last token: its text or the texts
/// of its runs, without what says how it is pronounced. `part` is room for a run.
fn string<S: Source>(
    scanner: &mut Scanner<S>,
    text: &mut Vec<u8>,
    part: &mut Vec<u8>,
) -> Result<(), Unreadable> {
    let mut depth = 1usize;
    loop {
        match scanner.next()? {
            Token::Start(tag) => match tag.name {
                b"t" if tag.empty => {}
                b"t" => {
                    let keeps = tag.get(b"xml:space")? == Some(b"preserve");
                    part.clear();
                    scanner.text(part)?;
                    let run = if keeps { &part[..] } else { part.trim_ascii() };
                    text.extend_from_slice(&unescaped(run));
                }
                b"rPh" => {
                    let empty = tag.empty;
                    scanner.skip(empty)?;
                }
                _ => depth += usize::from(!tag.empty),
            },
            Token::End(_) => {
                depth -= 1;
                if depth == 0 {
                    return Ok(());
                }
            }
            Token::Over => return Err(broken()),
            Token::Text(_) | Token::Plain(_) => {}
        }
    }
}

/// `_x4E00_` is how a string writes a UTF-16 unit (22.9.2.19). A carriage return is one end of a
/// line with the line feed behind it.
fn unescaped(text: &[u8]) -> Cow<'_, [u8]> {
    let unit = |at: usize| match text.get(at..at + 7)? {
        [b'_', b'x', digits @ .., b'_'] if digits.iter().all(u8::is_ascii_hexdigit) => {
            u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
        }
        _ => None,
    };
    let mut found = (0..text.len()).filter(|at| text[*at] == b'_' && unit(*at).is_some());
    let Some(first) = found.next() else {
        return Cow::Borrowed(text);
    };
    let mut out = text[..first].to_vec();
    let mut at = first;
    while let Some(byte) = text.get(at) {
        let mut units = Vec::new();
        while let Some(unit) = unit(at) {
            units.push(unit);
            at += 7;
        }
        if units.is_empty() {
            out.push(*byte);
            at += 1;
            continue;
        }
        let signs = String::from_utf16_lossy(&units).replace("\r\n", "\n");
        let signs = match signs.strip_suffix('\r') {
            Some(before) if text.get(at) == Some(&b'\n') => before,
            _ => &signs,
        };
        out.extend_from_slice(signs.replace('\r', "\n").as_bytes());
    }
    Cow::Owned(out)
}

fn utf8(bytes: &[u8]) -> Result<&str, Unreadable> {
    std::str::from_utf8(bytes).map_err(|_| damaged("文字不是 UTF-8"))
}

/// Digits as a number.
#[inline]
fn whole(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0u32, |sum, digit| {
        let digit = digit.wrapping_sub(b'0');
        (digit < 10).then_some(())?;
        sum.checked_mul(10)?.checked_add(u32::from(digit))
    })
}

/// `B12`: row 12, column 1.
#[inline]
fn place(reference: &[u8]) -> Option<(u32, u32)> {
    let letters = reference
        .iter()
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    let (letters, digits) = reference.split_at(letters);
    let mut column = 0u32;
    for letter in letters {
        let letter = u32::from(letter.to_ascii_uppercase() - b'A' + 1);
        column = column.checked_mul(26)?.checked_add(letter)?;
    }
    let row = whole(digits).filter(|row| *row > 0)?;
    Some((row, column.checked_sub(1)?))
}

/// `A1:B12`, or one cell.
fn range(reference: &[u8]) -> Option<Merge> {
    let colon = reference.iter().position(|byte| *byte == b':');
    let (from, to) = match colon {
        Some(colon) => (place(&reference[..colon])?, place(&reference[colon + 1..])?),
        None => (place(reference)?, place(reference)?),
    };
    Some(Merge {
        top: from.0,
        bottom: to.0,
        left: from.1,
        right: to.1,
    })
}

/// What a cell's `t` says of its value (18.18.11).
#[derive(Clone, Copy, PartialEq)]
enum Sort {
    /// Nothing is said: a number.
    Unsaid,
    Number,
    Shared,
    Text,
    Inline,
    Truth,
    Error,
    Day,
}

impl Sort {
    #[inline]
    fn of(word: &[u8]) -> Option<Self> {
        Some(match word {
            b"s" => Self::Shared,
            b"n" => Self::Number,
            b"str" => Self::Text,
            b"inlineStr" | b"is" => Self::Inline,
            b"b" => Self::Truth,
            b"e" => Self::Error,
            b"d" => Self::Day,
            _ => return None,
        })
    }
}

/// Where a cell stands, from 1 and from 0, and what it says of its value.
#[derive(Clone, Copy)]
struct Cell {
    row: u32,
    column: u32,
    style: u32,
    sort: Sort,
}

/// Of a shared string that was not met before.
const UNKNOWN: u32 = u32::MAX;

/// A sheet that is being read.
struct Sheet<'a> {
    book: &'a Workbook,
    builder: Builder,
    /// By style the format of the table.
    formats: Vec<u16>,
    /// The format of a style that there is not.
    plain: u16,
    /// By shared string its number in the table.
    known: Vec<u32>,
    /// Cells for which room may be made before they are read, because the sheet says that it has them.
    room: u64,
    /// Where the last row and cell stood: a row from 1, the column behind the cell.
    row: u32,
    column: u32,
    /// A value as it is read.
    text: Vec<u8>,
    part: Vec<u8>,
}

impl Sheet<'_> {
    /// Reads all of it; whether it is one that has cells.
    fn read<S: Source>(&mut self, scanner: &mut Scanner<S>) -> Result<bool, Unreadable> {
        let (mut is_first, mut was_there, mut inside) = (true, false, false);
        loop {
            match scanner.next()? {
                Token::Start(tag) => {
                    // A macro sheet or a dialog.
                    if std::mem::take(&mut is_first) && tag.name != b"worksheet" {
                        return Ok(false);
                    }
                    match tag.name {
                        b"c" if inside => {
                            let cell = self.begin(tag)?;
                            if !tag.empty {
                                self.cell(cell, scanner)?;
                            }
                        }
                        b"row" if inside => {
                            let row = match tag.get(b"r")? {
                                Some(row) => whole(row).filter(|row| *row > 0),
                                None => self.row.checked_add(1),
                            };
                            self.row = row.ok_or_else(|| damaged("行号不对"))?;
                            self.column = 0;
                        }
                        b"sheetData" => {
                            was_there = true;
                            inside = !tag.empty;
                        }
                        b"mergeCell" if !inside => {
                            let merge = tag.get(b"ref")?.map(range);
                            if let Some(merge) = merge {
                                self.builder
                                    .merge(merge.ok_or_else(|| damaged("合并单元格的位置不对"))?);
                            }
                        }
                        b"dimension" if !was_there => {
                            // Nothing depends on it: it need not be true.
                            if let Some(all) = tag.get(b"ref")?.and_then(range) {
                                self.make_room(all);
                            }
                        }
                        _ => {}
                    }
                }
                Token::End(b"sheetData") => inside = false,
                Token::Over if was_there && !inside => return Ok(true),
                Token::Over => return Err(broken()),
                _ => {}
            }
        }
    }

    fn make_room(&mut self, all: Merge) {
        let rows = u64::from(all.bottom.saturating_sub(all.top)) + 1;
        let columns = u64::from(all.right.min(super::MAX_COLUMNS as u32)) + 1;
        let cells = rows.saturating_mul(columns).min(self.room);
        self.builder.reserve((cells / columns) as usize, cells as usize);
    }

    /// What a cell's tag says. Without a place it stands behind the cell before it.
    #[inline]
    fn begin(&mut self, tag: Tag<'_>) -> Result<Cell, Unreadable> {
        let mut cell = Cell {
            row: self.row.max(1),
            column: self.column,
            style: 0,
            sort: Sort::Unsaid,
        };
        let mut all = tag.attributes();
        while let Some((key, value)) = all.next()? {
            match key {
                b"r" => (cell.row, cell.column) = place(value).ok_or_else(|| damaged("单元格的位置不对"))?,
                b"s" => cell.style = whole(value).unwrap_or_default(),
                b"t" => cell.sort = Sort::of(value).ok_or_else(|| damaged("单元格的类型不对"))?,
                _ => {}
            }
        }
        self.column = cell.column.saturating_add(1);
        Ok(cell)
    }

    /// Reads what is in a cell, whose first tag was the last token.
    #[inline]
    fn cell<S: Source>(&mut self, mut cell: Cell, scanner: &mut Scanner<S>) -> Result<(), Unreadable> {
        self.text.clear();
        loop {
            match scanner.next()? {
                Token::Start(tag) => match (tag.name, tag.empty) {
                    (_, true) => {}
                    (b"v", _) if cell.sort != Sort::Inline => {
                        self.text.clear();
                        scanner.text(&mut self.text)?;
                    }
                    (b"is", _) => {
                        cell.sort = Sort::Inline;
                        self.text.clear();
                        string(scanner, &mut self.text, &mut self.part)?;
                    }
                    _ => scanner.skip(false)?,
                },
                Token::End(_) => break,
                Token::Over => return Err(broken()),
                Token::Text(_) | Token::Plain(_) => {}
            }
        }
        self.put(cell)
    }

    /// Puts what was read into the table.
    #[inline]
    fn put(&mut self, cell: Cell) -> Result<(), Unreadable> {
        let Cell {
            row,
            column,
            style,
            sort,
        } = cell;
        let value = match sort {
            Sort::Text | Sort::Day | Sort::Inline | Sort::Error => self.text.as_slice(),
            _ => self.text.trim_ascii(),
        };
        if value.is_empty() && sort != Sort::Error {
            return Ok(());
        }
        let value = match sort {
            Sort::Shared => {
                let at = whole(value).map(|at| at as usize);
                let missing = || damaged("找不到单元格的文字");
                let at = at.filter(|at| *at < self.known.len()).ok_or_else(missing)?;
                if self.known[at] == UNKNOWN {
                    let text = self.book.strings.get(at).ok_or_else(missing)?;
                    self.known[at] = self.builder.text(row, text)?;
                }
                Put::Known(self.known[at])
            }
            Sort::Unsaid | Sort::Number => {
                let format = self.formats.get(style as usize).copied().unwrap_or(self.plain);
                match number(value) {
                    Some(value) if value.is_finite() => Put::Number(value, format),
                    Some(_) => Put::Error,
                    None if sort == Sort::Unsaid => Put::Text(utf8(value)?),
                    None => return Err(damaged("单元格的数字不对")),
                }
            }
            Sort::Text => {
                let text = unescaped(value);
                return self.builder.put(row, column, Put::Text(utf8(&text)?));
            }
            Sort::Inline | Sort::Day => Put::Text(utf8(value)?),
            Sort::Truth if value == b"0" || value.eq_ignore_ascii_case(b"false") => Put::Truth(false),
            Sort::Truth if value == b"1" || value.eq_ignore_ascii_case(b"true") => Put::Truth(true),
            Sort::Truth => return Err(damaged("单元格的真假值不对")),
            Sort::Error => Put::Error,
        };
        self.builder.put(row, column, value)
    }
}

/// A number as XML writes it.
#[inline]
fn number(text: &[u8]) -> Option<f64> {
    // Fifteen digits are a number just as they stand.
    if text.len() <= 15 && text.iter().all(u8::is_ascii_digit) {
        let digits = text
            .iter()
            .fold(0u64, |sum, digit| sum * 10 + u64::from(digit - b'0'));
        return Some(digits as f64);
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}
