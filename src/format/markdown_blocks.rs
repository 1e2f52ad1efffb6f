//! Markdown as plain blocks with their lines: what [`super::bank_markdown`] reads.
//!
//! CommonMark with tables and task lists. Only text stays: emphasis, links and pictures lose their
//! marks, HTML is text like any other, and underscores are never emphasis, because they are blanks.

#[cfg(feature = "markdown")]
mod reader;

#[cfg(feature = "markdown")]
pub use reader::read;
use serde::{Deserialize, Serialize};

/// Largest text: 2 MiB.
pub const LARGEST: usize = 2 << 20;
/// A text taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Markdown {
    /// Its blocks in order.
    pub blocks: Vec<Block>,
    /// The lines that have a picture, from 1.
    pub pictures: Vec<u32>,
}

/// A block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// A heading that begins with `#`: its level, 1–6, and its text.
    Heading(u8, Line),
    /// A paragraph, code or HTML.
    Text(Vec<Line>),
    /// A list: whether it has numbers, and its items. What is nested belongs to the outer item.
    Items(bool, Vec<Item>),
    /// A table: each row with its line, the heading first.
    Table(Vec<(u32, Vec<String>)>),
}

/// A line of text, without the marks of Markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Line of the file, from 1.
    pub row: u32,
    /// The text.
    pub text: String,
}

/// An item of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Line of the file, from 1.
    pub row: u32,
    /// Whether its box is ticked; none where it has no box.
    pub ticked: Option<bool>,
    /// Its text.
    pub lines: Vec<Line>,
}
