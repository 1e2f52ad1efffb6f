//! Spreadsheets (`.xlsx`): bytes to neutral tables and back. Heavy, so only the worker's program
//! has it.
//!
//! A file from elsewhere is hostile: how large it is, how large it becomes when it is unpacked, how
//! many sheets, rows, columns and characters it has are all limited, whatever it says of itself.
//! They are read as those of rosters are.

use super::roster;
use super::roster::table::Value;
use super::roster::xlsx::Limits;
use super::sheet::{Row, Sheet, Table};
use rust_xlsxwriter::{DataValidation, DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use std::fmt;

/// Largest file: 8 MiB.
pub const MAX_BYTES: u64 = 8 << 20;
/// Largest file when unpacked, in bytes.
const MAX_UNPACKED: u64 = 32 << 20;
/// Parts that a file may have.
const MAX_PARTS: usize = 500;
/// Sheets that are read.
const MAX_SHEETS: usize = 30;
/// Rows with anything in them that a sheet may have.
const MAX_ROWS: usize = 10_000;
/// Columns that are read.
const MAX_COLUMNS: usize = 64;
/// Cells that a file may have, empty ones before others counted.
const MAX_CELLS: usize = 3_000_000;
/// Characters of a cell, as Excel itself allows.
pub(super) const MAX_CELL: usize = 32_767;
/// Days from Excel's day 0 to 1970-01-01.
pub(super) const EPOCH: i64 = 25_569;
/// The first of Excel's days from which it counts as everybody does: 1 March 1900.
pub(super) const FIRST_DAY: i64 = 61;

/// Why a file is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Larger than [`MAX_BYTES`].
    TooLarge,
    /// The old binary format, or protected by a password.
    Old,
    /// No spreadsheet.
    NotXlsx,
    /// Unpacks to more than is allowed.
    Bomb,
    /// More sheets, rows or parts than are allowed.
    TooMuch(&'static str),
    /// A cell with more characters than Excel allows: row.
    LongCell(u32),
    /// Damaged, as the reader put it.
    Damaged(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "文件太大，表格最多 {} MB", MAX_BYTES >> 20),
            Self::Old => {
                f.write_str("这是旧版 .xls 或有密码的文件；请在 Excel 或 WPS 里另存为没有密码的 .xlsx")
            }
            Self::NotXlsx => f.write_str("不是 .xlsx 表格"),
            Self::Bomb => f.write_str("文件解开以后太大，没有读取"),
            Self::TooMuch(what) => write!(f, "{what}太多，没有读取；请只留题库那一张表"),
            Self::LongCell(row) => write!(f, "第 {row} 行有一格的字太多，没有读取"),
            Self::Damaged(why) => write!(f, "表格已损坏，读不出来（{why}）"),
        }
    }
}

impl std::error::Error for Unreadable {}

impl From<roster::Unreadable> for Unreadable {
    fn from(why: roster::Unreadable) -> Self {
        use roster::Unreadable as Roster;
        match why {
            Roster::Password => Self::Old,
            Roster::Bomb => Self::Bomb,
            Roster::TooMuch(what, _) => Self::TooMuch(what),
            Roster::LongCell(row) => Self::LongCell(row),
            Roster::Damaged(why) => Self::Damaged(why),
            _ => Self::NotXlsx,
        }
    }
}

/// Reads every sheet.
///
/// # Errors
/// [`Unreadable`]; nothing is read by halves.
pub fn read(bytes: &[u8]) -> Result<Vec<Table>, Unreadable> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Unreadable::TooLarge);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(Unreadable::Old);
    }
    if !bytes.starts_with(b"PK") {
        return Err(Unreadable::NotXlsx);
    }
    let limits = Limits {
        parts: MAX_PARTS,
        unpacked: MAX_UNPACKED,
        sheets: MAX_SHEETS,
        cells: MAX_CELLS,
    };
    let sheets = roster::xlsx::read(bytes, limits)?;
    sheets.iter().map(table_of).collect()
}

/// A sheet's cells as texts, without those that only repeat the first cell of a merged range.
fn table_of(sheet: &roster::Table) -> Result<Table, Unreadable> {
    let mut table = Table {
        name: sheet.name.clone(),
        rows: Vec::new(),
    };
    for row in 0..sheet.len() {
        let own = (0..sheet.width(row).min(MAX_COLUMNS)).map(|column| {
            let is_own = !sheet.is_merged(row, column) && sheet.value(row, column) != Value::Error;
            let shown = is_own.then(|| clean(&sheet.shown(row, column)));
            shown.unwrap_or_default()
        });
        let mut cells: Vec<String> = own.collect();
        let last = cells.iter().rposition(|cell| !cell.is_empty());
        cells.truncate(last.map_or(0, |last| last + 1));
        if cells.is_empty() {
            continue;
        }
        if table.rows.len() >= MAX_ROWS {
            return Err(Unreadable::TooMuch("行"));
        }
        let number = sheet.number(row);
        table.rows.push(Row { number, cells });
    }
    Ok(table)
}

/// A tabulator or a bell has no place in a question; a line break has.
fn clean(text: &str) -> String {
    let spaced = text.chars().map(|sign| if sign == '\t' { ' ' } else { sign });
    let clean: String = spaced
        .filter(|sign| !sign.is_control() || *sign == '\n')
        .collect();
    clean.trim().to_owned()
}

/// Whether a spreadsheet might take that text for a formula.
pub(super) fn begins_formula(text: &str) -> bool {
    text.trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// Writes a workbook. Every cell is text: one that begins a formula stays a text, and says so.
///
/// # Errors
/// What the writer says: a name that no sheet may have, or too many rows.
pub fn write(sheets: &[Sheet]) -> Result<Vec<u8>, String> {
    put(sheets).map_err(|error| error.to_string())
}

/// An empty workbook that says when it was made the same whenever that is: the same content is the
/// same bytes.
pub(in crate::format) fn empty() -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let date = ExcelDateTime::from_ymd(2026, 1, 1)?;
    book.set_properties(
        &DocProperties::new()
            .set_author("学档")
            .set_creation_datetime(&date),
    );
    Ok(book)
}

fn put(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut book = empty()?;
    let head = Format::new().set_bold().set_text_wrap();
    let plain = Format::new().set_text_wrap().set_num_format("@");
    let quoted = Format::new()
        .set_text_wrap()
        .set_num_format("@")
        .set_quote_prefix();
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(&sheet.name)?;
        page.set_freeze_panes(1, 0)?;
        for (column, at) in sheet.columns.iter().zip(0u16..) {
            page.set_column_width(at, f64::from(column.width))?;
            page.set_column_format(at, &plain)?;
            page.write_string_with_format(0, at, &column.heading, &head)?;
            if !column.choices.is_empty() {
                let rule = DataValidation::new().allow_list_strings(&column.choices)?;
                page.add_data_validation(1, at, 5_000, at, &rule)?;
            }
        }
        for (row, number) in sheet.rows.iter().zip(1u32..) {
            for (cell, at) in row.iter().zip(0u16..) {
                if cell.is_empty() {
                    continue;
                }
                let cell: String = cell.chars().take(MAX_CELL).collect();
                let format = if begins_formula(&cell) { &quoted } else { &plain };
                page.write_string_with_format(number, at, &cell, format)?;
            }
        }
    }
    book.save_to_buffer()
}
