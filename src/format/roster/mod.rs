//! Rosters: files of people as offices really keep them.
//!
//! 1. [`read()`]: bytes to neutral tables, whatever the name of the file says: `.xlsx`, `.xls`, HTML
//!    that calls itself `.xls`, separated text in UTF-8, GB18030 or UTF-16. Every cell keeps what it
//!    is and how the workbook shows it, every row its number as Excel shows it.
//! 2. [`layout`]: where the header is, and which column is what; somebody may correct that, and it is
//!    remembered by the signature of the headings.
//! 3. [`lot`]: the rows as values of the domain, with what is the matter with each.
//!
//! Then [`crate::domain::branch::Plan`] judges them.

mod html;
pub mod layout;
mod rows;
pub mod table;
mod text;
mod xls;
pub(in crate::format) mod xlsx;
mod xml;

pub use layout::{Ask, Confidence, Head, Layout, NotTaken};
pub use rows::{Options, Read, lot};
pub use table::{Table, Value};
pub use text::Encoding;

use serde::Serialize;
use std::fmt;

/// Largest file: 64 MiB.
pub const MAX_BYTES: usize = 64 << 20;
/// Rows with anything in them that a file may have.
pub const MAX_ROWS: usize = 1_000_000;
/// Columns that are read; what stands beyond is left out and said.
pub const MAX_COLUMNS: usize = 256;
/// Cells that a file may have, empty ones between others counted.
pub const MAX_CELLS: usize = 32_000_000;
/// Characters of a cell, as Excel itself allows.
pub const MAX_CELL: usize = 32_767;
/// Sheets of a file.
pub const MAX_SHEETS: usize = 100;

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A workbook of today.
    Xlsx,
    /// A binary workbook of Excel 97–2003.
    Xls,
    /// HTML with a table, as many systems export it under the name `.xls`.
    Html,
    /// Text, its columns separated by that.
    Text(char),
}

impl Kind {
    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Xlsx => "Excel 工作簿（.xlsx）",
            Self::Xls => "旧版 Excel 工作簿（.xls）",
            Self::Html => "网页表格",
            Self::Text('\t') => "文本，以制表符分列",
            Self::Text(';') => "文本，以分号分列",
            Self::Text(_) => "文本，以逗号分列",
        }
    }
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Book {
    /// What it is.
    pub kind: Kind,
    /// Its characters, where they had to be found out.
    pub encoding: Option<Encoding>,
    /// Its sheets in their order, those without any cell left out.
    pub tables: Vec<Table>,
}

/// Why a file is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Nothing in it.
    Empty,
    /// Larger than [`MAX_BYTES`].
    TooLarge,
    /// Unpacks to more than is allowed.
    Bomb,
    /// More of something than is allowed: what, and how many may be.
    TooMuch(&'static str, usize),
    /// A cell with more characters than Excel allows: row.
    LongCell(u32),
    /// Protected by a password.
    Password,
    /// A binary workbook from before Excel 97.
    Ancient,
    /// Something else that Excel opens: what.
    Other(&'static str),
    /// HTML without a table.
    NoTable,
    /// A quotation mark is not closed: row.
    Quote(u32),
    /// No text in UTF-8, GB18030 or UTF-16: the row where that shows.
    Characters(u32),
    /// Damaged, as the reader put it.
    Damaged(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SAVE_AS: &str = "请在 Excel 或 WPS 里打开，另存为 .xlsx 再导入";
        match self {
            Self::Empty => f.write_str("文件是空的"),
            Self::TooLarge => write!(f, "文件太大，名册最多 {} MB", MAX_BYTES >> 20),
            Self::Bomb => f.write_str("文件解开以后太大，没有读取"),
            Self::TooMuch(what, most) => write!(f, "{what}太多，最多 {most}，没有读取"),
            Self::LongCell(row) => write!(f, "第 {row} 行有一格的字太多，没有读取"),
            Self::Password => write!(f, "文件有密码；请先去掉密码，{SAVE_AS}"),
            Self::Ancient => write!(f, "这是 Excel 97 以前的格式；{SAVE_AS}"),
            Self::Other(what) => write!(f, "这是{what}；{SAVE_AS}"),
            Self::NoTable => write!(f, "这是网页，里面没有能读的表格；{SAVE_AS}"),
            Self::Quote(row) => write!(f, "第 {row} 行的双引号没有合上，没有读取；{SAVE_AS}"),
            Self::Characters(row) => write!(
                f,
                "第 {row} 行的文字编码认不出来（不是 UTF-8、GBK/GB18030 或 UTF-16）；{SAVE_AS}"
            ),
            Self::Damaged(why) => write!(f, "文件已损坏，读不出来（{why}）；{SAVE_AS}"),
        }
    }
}

impl std::error::Error for Unreadable {}

/// Reads a file, by what is in it.
///
/// # Errors
/// [`Unreadable`]; nothing is read by halves.
pub fn read(bytes: &[u8]) -> Result<Book, Unreadable> {
    if bytes.is_empty() {
        return Err(Unreadable::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(Unreadable::TooLarge);
    }
    let mut book = if bytes.starts_with(b"PK") {
        Book {
            kind: Kind::Xlsx,
            encoding: None,
            tables: xlsx::read(bytes, xlsx::Limits::ROSTER)?,
        }
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        Book {
            kind: Kind::Xls,
            encoding: None,
            tables: xls::read(bytes)?,
        }
    } else {
        text_or_html(bytes)?
    };
    book.tables.retain(|table| !table.is_empty());
    if book.tables.is_empty() {
        return Err(Unreadable::Empty);
    }
    Ok(book)
}

/// A sheet of a file, counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// Its name.
    pub name: String,
    /// Rows with anything in them.
    pub rows: usize,
    /// Columns of the widest row.
    pub columns: usize,
    /// The row where its header begins, as the spreadsheet shows it; none where none was found.
    pub header: Option<u32>,
    /// Columns that are understood.
    pub understood: usize,
}

/// Reads a file and lays its sheets out, without anything being remembered.
///
/// # Errors
/// [`Unreadable`], as of [`read()`].
pub fn count(bytes: &[u8]) -> Result<Vec<Counted>, Unreadable> {
    let book = read(bytes)?;
    let counted = book.tables.iter().map(|table| {
        let layout = Layout::find(table, &|_| None).ok();
        let heads = layout.iter().flat_map(|layout| &layout.heads);
        Counted {
            name: table.name.clone(),
            rows: table.len(),
            columns: table.columns(),
            header: layout.as_ref().map(|layout| table.number(layout.first)),
            understood: heads.filter(|head| head.field.is_some()).count(),
        }
    });
    Ok(counted.collect())
}

fn text_or_html(bytes: &[u8]) -> Result<Book, Unreadable> {
    // What a BIFF of before Excel 97 begins with, without a container around it.
    if matches!(bytes, [0x09, 0 | 2 | 4 | 8, 4 | 6 | 8, 0, ..]) {
        return Err(Unreadable::Ancient);
    }
    if bytes.starts_with(b"%PDF") {
        return Err(Unreadable::Other("PDF 文件，不是表格"));
    }
    let (content, encoding) = text::decode(bytes)?;
    let start = content.trim_start();
    let head: String = start.chars().take(4_096).collect::<String>().to_ascii_lowercase();
    if head.starts_with("mime-version:") || head.contains("content-type: multipart/related") {
        return Err(Unreadable::Other("单个文件网页（.mht）"));
    }
    if head.starts_with("<?xml")
        && head.contains("urn:schemas-microsoft-com:office:spreadsheet")
        && !head.contains("<html")
    {
        return Err(Unreadable::Other("XML 表格（2003）"));
    }
    if head.starts_with('<')
        && ["<html", "<table", "<!doctype", "<meta", "<head", "<style"]
            .iter()
            .any(|tag| head.contains(tag))
    {
        return Ok(Book {
            kind: Kind::Html,
            encoding: Some(encoding),
            tables: html::read(&content)?,
        });
    }
    let (separator, table) = text::table(&content)?;
    Ok(Book {
        kind: Kind::Text(separator),
        encoding: Some(encoding),
        tables: vec![table],
    })
}
