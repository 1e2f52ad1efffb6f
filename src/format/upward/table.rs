//! What a table is: columns of four kinds, and rows of cells that may be absent.

use crate::domain::time::Date;
use std::borrow::Cow;
use std::fmt;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Unicode text, never empty: an empty one is absent.
    Text,
    /// A count, signed, 64 bits.
    Whole,
    /// A Gregorian calendar day without a time of day.
    Day,
    /// True or false.
    YesNo,
}

/// A column, as the documented schema tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in NDJSON and Parquet.
    pub name: &'static str,
    /// Its heading in CSV.
    pub heading: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// The unit of a count; nothing for the other kinds.
    pub unit: &'static str,
    /// Where the thing comes from: document and article, or the form.
    pub source: &'static str,
    /// What it means, in English.
    pub meaning: &'static str,
}

/// A table of the export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What people call it.
    pub heading: &'static str,
    /// Raised when a column changes its meaning or goes; a new column at the end raises nothing.
    pub version: u32,
    /// What a row is, in English.
    pub about: &'static str,
    /// Its columns in their order.
    pub columns: &'static [Column],
}

/// Something that is a row of a table.
pub trait Row {
    /// The table.
    const TABLE: &'static Table;
    /// One cell for each column, in their order.
    fn cells(&self) -> Vec<Cell<'_>>;
}

/// What stands in a row under a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing is known.
    #[default]
    Absent,
    /// Text, not empty.
    Text(Cow<'a, str>),
    /// A count.
    Whole(i64),
    /// A day.
    Day(Date),
    /// Yes or no.
    YesNo(bool),
}

impl<'a> Cell<'a> {
    /// A text; an empty one is absent.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Self::Absent
        } else {
            Self::Text(text)
        }
    }

    fn fits(&self, kind: Kind) -> bool {
        match self {
            Self::Absent => true,
            Self::Text(_) => kind == Kind::Text,
            Self::Whole(_) => kind == Kind::Whole,
            Self::Day(_) => kind == Kind::Day,
            Self::YesNo(_) => kind == Kind::YesNo,
        }
    }
}

impl<'a> From<&'a Cow<'_, str>> for Cell<'a> {
    fn from(text: &'a Cow<'_, str>) -> Self {
        Self::text(text.as_ref())
    }
}

impl From<&i64> for Cell<'_> {
    fn from(count: &i64) -> Self {
        Self::Whole(*count)
    }
}

impl From<&Date> for Cell<'_> {
    fn from(day: &Date) -> Self {
        Self::Day(*day)
    }
}

impl From<&bool> for Cell<'_> {
    fn from(yes: &bool) -> Self {
        Self::YesNo(*yes)
    }
}

/// A row that is not of its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Number of the row, from 1.
    pub row: u64,
    /// Heading of the first column that does not fit; `None` when their number does not.
    pub column: Option<&'static str>,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = self.row;
        match self.column {
            Some(column) => write!(f, "第 {row} 行的“{column}”不是应有的类型，没有导出"),
            None => write!(f, "第 {row} 行的列数不对，没有导出"),
        }
    }
}

impl std::error::Error for Misfit {}

impl Table {
    /// Whether these are cells of this table; `row` is the row's number, for the message.
    ///
    /// # Errors
    /// The first cell that is not.
    pub fn check(&self, cells: &[Cell<'_>], row: u64) -> Result<(), Misfit> {
        if cells.len() != self.columns.len() {
            return Err(Misfit { row, column: None });
        }
        match cells
            .iter()
            .zip(self.columns)
            .find(|(cell, column)| !cell.fits(column.kind))
        {
            None => Ok(()),
            Some((_, column)) => Err(Misfit {
                row,
                column: Some(column.heading),
            }),
        }
    }
}

/// A row's type and its table from one list of columns:
/// `name: Kind, "heading", "unit", "source", "meaning";`.
macro_rules! table {
    (
        $(#[$of_row:meta])* $row:ident
        $(#[$of_table:meta])* $table:ident $name:literal $heading:literal $version:literal $about:literal
        $($column:ident: $kind:ident, $title:literal, $unit:literal, $source:literal, $meaning:literal;)*
    ) => {
        $(#[$of_row])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct $row<'a> {
            $(#[doc = $meaning] pub $column: Option<$crate::format::upward::table::field!($kind)>,)*
        }

        $(#[$of_table])*
        pub static $table: $crate::format::upward::Table = $crate::format::upward::Table {
            name: $name,
            heading: $heading,
            version: $version,
            about: $about,
            columns: &[$($crate::format::upward::Column {
                name: stringify!($column),
                heading: $title,
                kind: $crate::format::upward::Kind::$kind,
                unit: $unit,
                source: $source,
                meaning: $meaning,
            },)*],
        };

        impl $crate::format::upward::Row for $row<'_> {
            const TABLE: &'static $crate::format::upward::Table = &$table;

            fn cells(&self) -> Vec<$crate::format::upward::Cell<'_>> {
                vec![$(self.$column.as_ref().map_or($crate::format::upward::Cell::Absent, Into::into),)*]
            }
        }
    };
}

/// What a field of a row holds, by the kind of its column.
macro_rules! field {
    (Text) => { std::borrow::Cow<'a, str> };
    (Whole) => { i64 };
    (Day) => { $crate::domain::time::Date };
    (YesNo) => { bool };
}

pub(super) use {field, table};
