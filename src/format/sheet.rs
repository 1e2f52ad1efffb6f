//! Neutral tables, between spreadsheets and whatever they mean.

use serde::{Deserialize, Serialize};

/// A row as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its number as the spreadsheet shows it, from 1.
    pub number: u32,
    /// Its cells as text, from the first column.
    pub cells: Vec<String>,
}

/// A sheet as it was read: the rows that have anything in them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// In their order.
    pub rows: Vec<Row>,
}

/// A column to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// What stands above it.
    pub heading: String,
    /// How many characters wide it is.
    pub width: u16,
    /// What can be chosen in its cells; empty for anything.
    #[serde(default)]
    pub choices: Vec<String>,
}

impl Column {
    /// A column.
    pub fn new(heading: &str, width: u16, choices: &[&str]) -> Self {
        Self {
            heading: heading.into(),
            width,
            choices: choices.iter().map(|choice| (*choice).into()).collect(),
        }
    }
}

/// A sheet to be written. Every cell is text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Its name, at most 31 characters without `[]:*?/\`.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}
