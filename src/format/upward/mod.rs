//! The register for others' tools: what a branch reports upward, and what a unit of many branches
//! analyses, as flat tables that any spreadsheet, database or cluster reads as they are.
//!
//! 1. [`table`]: what a table, a column and a cell are: text, whole number, day, yes or no, all of
//!    which may be absent.
//! 2. [`people`]: one row for each person; [`changes`]: one row for each change of state.
//! 3. [`csv`], [`ndjson`] and [`parquet`] write rows as they come and let go of them;
//!    [`Export`] is any of these by name.
//! 4. [`form`]: the roster in the shape of the real form, as `.xlsx`.
//! 5. [`describe`]: the documented schema (`docs/register-export.md`, `public/schema/`), made of the
//!    columns.
//!
//! Nothing here concludes anything: what an organisation has not said is absent.

pub mod changes;
pub mod csv;
pub mod describe;
pub mod form;
pub mod ndjson;
pub mod parquet;
pub mod people;
pub mod table;

pub use table::{Cell, Column, Kind, Misfit, Row, Table};

use std::fmt;

/// Both tables.
pub const TABLES: [&Table; 2] = [&people::PEOPLE, &changes::CHANGES];

/// A form that a table leaves in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For spreadsheets: Chinese headings, UTF-8 with a byte order mark.
    Csv,
    /// A JSON object in each line.
    Ndjson,
    /// Columns, for databases and clusters.
    Parquet,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Ndjson, Self::Parquet];

    /// What its files' names end in.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Parquet => "parquet",
        }
    }
}

/// Why a table is not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failed {
    /// A row that is not of the table.
    Misfit(Misfit),
    /// What the writer of Parquet says; there is no reason why it should.
    Writer(String),
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Misfit(misfit) => misfit.fmt(f),
            Self::Writer(why) => write!(f, "文件没有写成（{why}）"),
        }
    }
}

impl std::error::Error for Failed {}

impl From<Misfit> for Failed {
    fn from(misfit: Misfit) -> Self {
        Self::Misfit(misfit)
    }
}

/// A file that is being written: rows in, bytes out, and nothing kept that has been taken.
#[derive(Debug)]
pub struct Export {
    table: &'static Table,
    inner: Inner,
    rows: u64,
}

#[derive(Debug)]
enum Inner {
    Text { format: Format, bytes: Vec<u8> },
    Parquet(Box<parquet::Writer>),
}

impl Export {
    /// Begins a file of that table.
    ///
    /// # Errors
    /// [`Failed::Writer`].
    pub fn begin(format: Format, table: &'static Table) -> Result<Self, Failed> {
        let inner = match format {
            Format::Parquet => Inner::Parquet(Box::new(parquet::Writer::begin(table)?)),
            Format::Csv => Inner::Text {
                format,
                bytes: csv::head(table),
            },
            Format::Ndjson => Inner::Text {
                format,
                bytes: Vec::new(),
            },
        };
        Ok(Self {
            table,
            inner,
            rows: 0,
        })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// [`Failed::Misfit`] when the cells are not the table's; the row is left out whole then.
    pub fn put(&mut self, cells: &[Cell<'_>]) -> Result<(), Failed> {
        self.table.check(cells, self.rows + 1)?;
        match &mut self.inner {
            Inner::Text { format, bytes } => match format {
                Format::Ndjson => ndjson::row(bytes, self.table, cells),
                Format::Csv | Format::Parquet => csv::row(bytes, cells),
            },
            Inner::Parquet(writer) => writer.put(cells)?,
        }
        self.rows += 1;
        Ok(())
    }

    /// Rows so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The bytes that are ready. Whoever takes them puts them behind those taken before.
    pub fn take(&mut self) -> Vec<u8> {
        match &mut self.inner {
            Inner::Text { bytes, .. } => std::mem::take(bytes),
            Inner::Parquet(writer) => writer.take(),
        }
    }

    /// Ends the file: its last bytes.
    ///
    /// # Errors
    /// [`Failed::Writer`].
    pub fn finish(self) -> Result<Vec<u8>, Failed> {
        match self.inner {
            Inner::Text { bytes, .. } => Ok(bytes),
            Inner::Parquet(writer) => writer.finish(),
        }
    }
}

/// A whole file at once, for tables that are small.
///
/// # Errors
/// [`Failed`]; nothing is written by halves.
pub fn write<R: Row>(format: Format, rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>, Failed> {
    let mut export = Export::begin(format, R::TABLE)?;
    for row in rows {
        export.put(&row.cells())?;
    }
    export.finish()
}
