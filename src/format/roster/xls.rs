//! Binary workbooks of Excel 97–2003 (BIFF8, [MS-XLS]): the values of cells, their number formats and
//! merged ranges; no formula, no object, no macro is looked at.
//!
//! The container is read by `cfb`. The records are read here and not by `calamine`, as `.xlsx` is:
//! it lays every sheet out as a full rectangle, whatever two far cells make of that, takes lengths
//! from the file on trust, and keeps of a number format only whether it is one of dates, so that
//! 2025.03 would become 1 March.

use super::table::{Builder, Merge, Put, Table, built_in};
use super::{MAX_SHEETS, Unreadable};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// Strings that a workbook may share.
const MAX_STRINGS: usize = 8_000_000;

/// Reads every worksheet.
///
/// # Errors
/// [`Unreadable`]; nothing is read by halves.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Table>, Unreadable> {
    let damaged = |error: std::io::Error| Unreadable::Damaged(error.to_string());
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
    if file.is_stream("/EncryptedPackage") {
        return Err(Unreadable::Password);
    }
    if !file.is_stream("/Workbook") {
        return Err(if file.is_stream("/Book") {
            Unreadable::Ancient
        } else if file.is_stream("/WordDocument") {
            Unreadable::Other("Word 文档，不是表格")
        } else {
            Unreadable::Other("别的 Office 文件，不是表格")
        });
    }
    let mut stream = Vec::new();
    let workbook = file.open_stream("/Workbook").map_err(damaged)?;
    // What a directory says of the length of a stream need not be true.
    workbook
        .take(bytes.len() as u64)
        .read_to_end(&mut stream)
        .map_err(damaged)?;
    let book = globals(&stream)?;
    let mut tables = Vec::new();
    for sheet in &book.sheets {
        tables.push(read_sheet(&stream, &book, sheet)?);
    }
    Ok(tables)
}

/// What the first part of a workbook says.
#[derive(Default)]
struct Globals {
    from_1904: bool,
    /// By XF record its number format.
    formats: Vec<u16>,
    codes: BTreeMap<u16, String>,
    strings: Vec<String>,
    sheets: Vec<SheetAt>,
}

struct SheetAt {
    at: usize,
    hidden: bool,
    name: String,
}

/// Records: a kind, and bytes. One that is cut off ends the stream.
struct Records<'a> {
    stream: &'a [u8],
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);
    fn next(&mut self) -> Option<Self::Item> {
        let (head, rest) = self.stream.split_at_checked(4)?;
        let length = usize::from(u16_at(head, 2)?);
        let (body, rest) = rest.split_at_checked(length)?;
        self.stream = rest;
        Some((u16_at(head, 0)?, body))
    }
}

impl<'a> Records<'a> {
    /// The CONTINUE records that follow.
    fn continued(&mut self) -> Vec<&'a [u8]> {
        let mut parts = Vec::new();
        while u16_at(self.stream, 0) == Some(0x3c) {
            match self.next() {
                Some((_, body)) => parts.push(body),
                None => break,
            }
        }
        parts
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

fn globals(stream: &[u8]) -> Result<Globals, Unreadable> {
    let cut = || Unreadable::Damaged("工作簿的开头不完整".into());
    let mut records = Records { stream };
    let mut book = Globals::default();
    match records.next() {
        Some((0x0809, body)) if u16_at(body, 0) == Some(0x0600) => {}
        Some((0x0009 | 0x0209 | 0x0409 | 0x0809, _)) => return Err(Unreadable::Ancient),
        _ => return Err(cut()),
    }
    while let Some((kind, body)) = records.next() {
        match kind {
            0x000a => return Ok(book),
            0x002f => return Err(Unreadable::Password),
            0x0022 => book.from_1904 = u16_at(body, 0) == Some(1),
            0x041e => {
                let id = u16_at(body, 0).ok_or_else(cut)?;
                let mut parts = Parts::new(body.get(2..).ok_or_else(cut)?, Vec::new());
                book.codes.insert(id, parts.string(true).ok_or_else(cut)?);
            }
            0x00e0 => book.formats.push(u16_at(body, 2).ok_or_else(cut)?),
            0x0085 => {
                let at = u32_at(body, 0).ok_or_else(cut)? as usize;
                let (state, sort) = (body.get(4).copied(), body.get(5).copied());
                let mut parts = Parts::new(body.get(6..).ok_or_else(cut)?, Vec::new());
                let name = parts.string(false).ok_or_else(cut)?;
                // Macro sheets and charts have no people.
                if sort == Some(0) {
                    if book.sheets.len() >= MAX_SHEETS {
                        return Err(Unreadable::TooMuch("工作表", MAX_SHEETS));
                    }
                    book.sheets.push(SheetAt {
                        at,
                        hidden: state.is_some_and(|state| state & 3 != 0),
                        name,
                    });
                }
            }
            0x00fc => {
                let count = u32_at(body, 4).ok_or_else(cut)? as usize;
                if count > MAX_STRINGS {
                    return Err(Unreadable::TooMuch("不同的文字", MAX_STRINGS));
                }
                let mut parts = Parts::new(body.get(8..).ok_or_else(cut)?, records.continued());
                for _ in 0..count {
                    // Some writers count more strings than they write.
                    let Some(text) = parts.string(true) else { break };
                    book.strings.push(text);
                }
            }
            _ => {}
        }
    }
    Err(cut())
}

/// The bytes of a record and of those that continue it.
struct Parts<'a> {
    now: &'a [u8],
    rest: std::vec::IntoIter<&'a [u8]>,
}

impl<'a> Parts<'a> {
    fn new(first: &'a [u8], rest: Vec<&'a [u8]>) -> Self {
        Self {
            now: first,
            rest: rest.into_iter(),
        }
    }

    fn byte(&mut self) -> Option<u8> {
        while self.now.is_empty() {
            self.now = self.rest.next()?;
        }
        let (byte, rest) = self.now.split_first()?;
        self.now = rest;
        Some(*byte)
    }

    fn short(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        loop {
            let here = count.min(self.now.len());
            self.now = self.now.get(here..)?;
            count -= here;
            if count == 0 {
                return Some(());
            }
            self.now = self.rest.next()?;
        }
    }

    /// An XLUnicodeRichExtendedString (2.5.293) or one of its plainer kin; `long` has its length in
    /// two bytes. Where it is continued, the next record begins with its own width.
    fn string(&mut self, long: bool) -> Option<String> {
        let count = if long {
            self.short()?
        } else {
            u16::from(self.byte()?)
        };
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 { self.short()? } else { 0 };
        let extra = if flags & 4 != 0 {
            u32::from(self.short()?) | u32::from(self.short()?) << 16
        } else {
            0
        };
        let mut units: Vec<u16> = Vec::with_capacity(usize::from(count));
        let mut wide = flags & 1 != 0;
        while units.len() < usize::from(count) {
            if self.now.is_empty() {
                self.now = self.rest.next()?;
                wide = self.byte()? & 1 != 0;
                continue;
            }
            let unit = if wide {
                self.short()?
            } else {
                u16::from(self.byte()?)
            };
            units.push(unit);
        }
        self.skip(usize::from(runs) * 4)?;
        self.skip(usize::try_from(extra).ok()?)?;
        Some(String::from_utf16_lossy(&units))
    }
}

fn read_sheet(stream: &[u8], book: &Globals, sheet: &SheetAt) -> Result<Table, Unreadable> {
    let cut = || Unreadable::Damaged(format!("工作表“{}”不完整", sheet.name));
    let mut records = Records {
        stream: stream.get(sheet.at..).ok_or_else(cut)?,
    };
    match records.next() {
        Some((0x0809, _)) => {}
        _ => return Err(cut()),
    }
    let mut builder = Builder::new(&sheet.name);
    builder.table().hidden = sheet.hidden;
    builder.table().from_1904 = book.from_1904;
    let formats: Vec<u16> = book
        .formats
        .iter()
        .map(|id| {
            builder.format(
                book.codes
                    .get(id)
                    .map_or_else(|| built_in(u32::from(*id)), String::as_str),
            )
        })
        .collect();
    let plain = builder.format("");
    let format = |xf: u16| formats.get(usize::from(xf)).copied().unwrap_or(plain);
    // Where a formula stands whose text comes in the next record.
    let mut waiting = None;
    let mut depth = 0usize;
    while let Some((kind, body)) = records.next() {
        match kind {
            // A chart inside has records like those of cells.
            0x0809 => depth += 1,
            0x000a if depth == 0 => return builder.finish(),
            0x000a => depth -= 1,
            _ if depth > 0 => {}
            0x0203 | 0x0204 | 0x0205 | 0x0006 | 0x00fd | 0x00d6 | 0x027e => {
                let row = u32::from(u16_at(body, 0).ok_or_else(cut)?) + 1;
                let column = u32::from(u16_at(body, 2).ok_or_else(cut)?);
                let xf = u16_at(body, 4).ok_or_else(cut)?;
                match kind {
                    0x00fd => {
                        let at = u32_at(body, 6).ok_or_else(cut)? as usize;
                        let text = book.strings.get(at).ok_or_else(cut)?;
                        builder.put(row, column, Put::Text(text))?;
                    }
                    0x0204 | 0x00d6 => {
                        let mut parts = Parts::new(body.get(6..).ok_or_else(cut)?, records.continued());
                        let text = parts.string(true).ok_or_else(cut)?;
                        builder.put(row, column, Put::Text(&text))?;
                    }
                    0x0203 => {
                        let value = f64_at(body, 6).ok_or_else(cut)?;
                        builder.put(row, column, Put::Number(value, format(xf)))?;
                    }
                    0x027e => {
                        let value = compressed(u32_at(body, 6).ok_or_else(cut)?);
                        builder.put(row, column, Put::Number(value, format(xf)))?;
                    }
                    0x0205 => match body.get(6..8) {
                        Some([value, 0]) => builder.put(row, column, Put::Truth(*value != 0))?,
                        Some(_) => builder.put(row, column, Put::Error)?,
                        None => return Err(cut()),
                    },
                    _ => match body.get(6..14) {
                        Some([0, .., 0xff, 0xff]) => waiting = Some((row, column)),
                        Some([1, _, value, .., 0xff, 0xff]) => {
                            builder.put(row, column, Put::Truth(*value != 0))?
                        }
                        Some([2, .., 0xff, 0xff]) => builder.put(row, column, Put::Error)?,
                        Some([_, .., 0xff, 0xff]) => {}
                        _ => {
                            let value = f64_at(body, 6).ok_or_else(cut)?;
                            builder.put(row, column, Put::Number(value, format(xf)))?;
                        }
                    },
                }
            }
            0x0207 => {
                if let Some((row, column)) = waiting.take() {
                    let mut parts = Parts::new(body, records.continued());
                    let text = parts.string(true).ok_or_else(cut)?;
                    builder.put(row, column, Put::Text(&text))?;
                }
            }
            0x00bd => {
                let row = u32::from(u16_at(body, 0).ok_or_else(cut)?) + 1;
                let first = u32::from(u16_at(body, 2).ok_or_else(cut)?);
                let cells = body.get(4..body.len().saturating_sub(2)).unwrap_or_default();
                for (column, cell) in (first..).zip(cells.chunks_exact(6)) {
                    let (Some(xf), Some(value)) = (u16_at(cell, 0), u32_at(cell, 2)) else {
                        return Err(cut());
                    };
                    builder.put(row, column, Put::Number(compressed(value), format(xf)))?;
                }
            }
            0x00e5 => {
                for range in body.get(2..).unwrap_or_default().chunks_exact(8) {
                    let at = |at: usize| u16_at(range, at).map_or(0, u32::from);
                    builder.merge(Merge {
                        top: at(0) + 1,
                        bottom: at(2) + 1,
                        left: at(4),
                        right: at(6),
                    });
                }
            }
            _ => {}
        }
    }
    Err(cut())
}

/// An RkNumber (2.5.217): thirty bits of a double or of an integer, perhaps a hundredth of it.
fn compressed(bits: u32) -> f64 {
    let value = if bits & 2 != 0 {
        f64::from(bits as i32 >> 2)
    } else {
        f64::from_bits(u64::from(bits & !3) << 32)
    };
    if bits & 1 != 0 { value / 100.0 } else { value }
}
