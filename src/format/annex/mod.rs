//! The record as a document: sections of facts, tables and paragraphs, of which the screen, the
//! printed sheet and every export for people are made, so that all of them say the same. The figures
//! come from the record alone.
//!
//! [`docx`] makes the annex for the dossier of it, [`xlsx`] the workbook; both belong to the worker's
//! program. It never looks like the official form (细则 Art. 42), and no opinion stands in it that
//! nobody wrote (Art. 41).

#[cfg(feature = "exports")]
pub mod docx;
mod sections;
#[cfg(feature = "exports")]
pub mod xlsx;

use super::credential::Statement;
use super::credential::report::Report;
use crate::domain::record::TrainingRecord;
use crate::domain::study::exam::marks::in_points;
use crate::domain::time::{Date, Moment};
use serde::{Deserialize, Serialize};

/// What stands for a part that was not exported.
pub const LEFT_OUT: &str = "本人未导出";

/// What a record proves and what it does not.
pub const PROVES: &str = "校验值只能发现改动，不能证明是谁填写；学习时间和实践时长为自报；自学不计入集中培训学时；这不是官方文件。";

/// The heading of the section that names what was left out.
pub const NOT_EXPORTED: &str = "未导出的内容";

/// A record as a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annex {
    /// What kind of paper it is, above the title.
    pub mark: &'static str,
    /// The title.
    pub title: &'static str,
    /// What it is and what it is not, under the title.
    pub about: Vec<String>,
    /// The sections in their order; they are numbered by [`numeral`].
    pub sections: Vec<Section>,
    /// When it was made, the digest, and what they prove: after all that it says and before the boxes.
    pub closing: Vec<String>,
    /// When the record was made.
    pub made_at: Moment,
    /// Whose it is.
    pub name: String,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its heading, without a number; also the name of its sheet, so at most 31 characters.
    pub name: &'static str,
    /// What stands in it.
    pub parts: Vec<Part>,
}

/// A part of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Labels and what stands behind them.
    Facts(Vec<Fact>),
    /// A table.
    Table(Table),
    /// Paragraphs in the size of the body.
    Text(Vec<String>),
    /// Paragraphs under a title of their own.
    Titled(String, Vec<String>),
    /// A small remark.
    Note(String),
    /// Boxes that are left blank, to be filled in by hand.
    Blanks(Vec<Blank>),
}

/// A label and what stands behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The label.
    pub label: &'static str,
    /// What stands behind it.
    pub value: Cell,
    /// Whether it wants a line of its own.
    pub wide: bool,
    /// Its name among the figures of the whole record ([`Annex::figures`]); empty when it is none.
    pub name: &'static str,
}

impl Fact {
    /// A fact that shares its line with another.
    pub fn new(label: &'static str, value: Cell) -> Self {
        let (wide, name) = (false, "");
        Self {
            label,
            value,
            wide,
            name,
        }
    }

    /// A figure of the whole record.
    pub fn named(name: &'static str, label: &'static str, value: Cell) -> Self {
        Self {
            name,
            ..Self::new(label, value)
        }
    }

    /// A fact on a line of its own.
    pub fn wide(label: &'static str, value: Cell) -> Self {
        let wide = true;
        Self {
            wide,
            ..Self::new(label, value)
        }
    }
}

/// Facts as they stand on paper: two in a line, or one that is wide or the last.
pub fn lines_of_facts(facts: &[Fact]) -> Vec<&[Fact]> {
    let mut lines = Vec::new();
    let mut rest = facts;
    while let [first, after @ ..] = rest {
        let beside = after.first().is_some_and(|second| !first.wide && !second.wide);
        let (line, others) = rest.split_at(if beside { 2 } else { 1 });
        lines.push(line);
        rest = others;
    }
    lines
}

/// A table with one row of headings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each as long as there are columns.
    pub rows: Vec<Vec<Cell>>,
    /// The row of sums.
    pub sum: Option<Vec<Cell>>,
}

impl Table {
    /// What stands above a column.
    pub fn heading(&self, at: usize) -> String {
        let Some(column) = self.columns.get(at) else {
            return String::new();
        };
        let is_pair = |row: &Vec<Cell>| matches!(row.get(at), Some(Cell::Pair(..)));
        if self.rows.iter().chain(&self.sum).any(is_pair) {
            format!("{}/{}", column.heading, column.second)
        } else {
            column.heading.into()
        }
    }
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub heading: &'static str,
    /// The heading of the second half of a [`Cell::Pair`] or [`Cell::Noted`], where a cell holds one
    /// value only.
    pub second: &'static str,
    /// Its width, as a share of all columns' widths.
    pub width: u16,
    /// Whether its text begins at the left; otherwise it stands in the middle.
    pub left: bool,
    /// The names of its sum among the figures of the whole record, one for each half of a
    /// [`Cell::Pair`]; empty when it is none.
    pub names: [&'static str; 2],
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A text; it may have lines.
    Text(String),
    /// A day.
    Day(Date),
    /// A number and its unit, which may be empty.
    Number(u64, &'static str),
    /// Whole per cent.
    Percent(u32),
    /// Points, in half points: 151 is 75.5.
    Halves(u32),
    /// So many of so many.
    Pair(u32, u32),
    /// A text and, if there is one, a note below it.
    Noted(String, Option<String>),
    /// Nothing, and what stands for it.
    None(&'static str),
}

impl Cell {
    /// As it is read on paper.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) | Self::Noted(text, None) => text.clone(),
            Self::Day(day) => day.to_string(),
            Self::Number(number, "") => number.to_string(),
            Self::Number(number, unit) => format!("{number} {unit}"),
            Self::Percent(share) => format!("{share}%"),
            Self::Halves(halves) => in_points(*halves),
            Self::Pair(part, whole) => format!("{part}/{whole}"),
            Self::Noted(text, Some(note)) => format!("{text}\n{note}"),
            Self::None(why) => (*why).into(),
        }
    }
}

/// A box to be filled in by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blank {
    /// Whose words go there.
    pub label: &'static str,
    /// What stands before the signature.
    pub sign: &'static str,
}

/// A figure of the whole record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure<'a> {
    /// Its name, and that of the second half of a [`Cell::Pair`].
    pub names: [&'static str; 2],
    /// What people read beside it.
    pub label: String,
    /// The figure.
    pub value: &'a Cell,
}

/// A proof on a record, as people read it: whose, and whether it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// In what role, in Chinese.
    pub role: String,
    /// The name that the signer gave.
    pub name: String,
    /// The day on which it was signed, by the signer's device.
    #[serde(default)]
    pub date: Option<Date>,
    /// What the signer wrote.
    #[serde(default)]
    pub opinion: Option<String>,
    /// The key's fingerprint, to be compared in person.
    pub fingerprint: String,
    /// Whether the signature fits what it signed.
    pub holds: bool,
}

impl Proof {
    /// The proofs on a record, as checking it has found them.
    pub fn of(report: &Report, record: &TrainingRecord) -> Vec<Self> {
        let proofs = report.proofs.iter().map(|proof| {
            // The day on the signer's own clock: how a moment begins, in whatever zone.
            let signed = proof.created.get(..10).and_then(Date::parse);
            let (name, date, opinion) = match &proof.statement {
                Some(Statement::Activist { .. }) => (record.body.person.name().to_owned(), signed, None),
                Some(Statement::Mentor { name, date, opinion }) => {
                    (name.clone(), Some(*date), Some(opinion.clone()))
                }
                Some(Statement::Branch {
                    name,
                    date,
                    confirmation,
                }) => (name.clone(), Some(*date), Some(confirmation.clone())),
                None => ("未写明".into(), signed, None),
            };
            Self {
                role: proof.role.map_or("未写明", |role| role.label()).into(),
                name,
                date,
                opinion,
                fingerprint: proof.fingerprint.clone(),
                holds: proof.holds,
            }
        });
        proofs.collect()
    }
}

impl Section {
    /// Whether it is there to be filled in by hand: on paper only.
    pub fn is_blank(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Blanks(_)))
    }
}

impl Annex {
    /// The document of a record with what is known of its proofs.
    pub fn of(record: &TrainingRecord, proofs: &[Proof]) -> Self {
        sections::annex(record, proofs)
    }

    /// The figures of the whole record, each once, in the order of the sections.
    pub fn figures(&self) -> Vec<Figure<'_>> {
        let mut figures: Vec<Figure<'_>> = Vec::new();
        let mut put = |names: [&'static str; 2], label, value| {
            if !names[0].is_empty() && figures.iter().all(|known| known.names != names) {
                figures.push(Figure { names, label, value });
            }
        };
        for part in self.sections.iter().flat_map(|section| &section.parts) {
            match part {
                Part::Table(table) => {
                    let sum = table.sum.iter().flatten();
                    for ((value, column), at) in sum.zip(&table.columns).zip(0..) {
                        put(column.names, table.heading(at), value);
                    }
                }
                Part::Facts(facts) => facts
                    .iter()
                    .for_each(|fact| put([fact.name, ""], fact.label.into(), &fact.value)),
                _ => {}
            }
        }
        figures
    }

    /// The section of that name.
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }
}

/// A whole number from 1 to 99 in Chinese, as headings are numbered.
pub fn numeral(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = (number / 10 % 10, number % 10);
    match tens {
        0 => DIGITS[ones].into(),
        1 => format!("十{}", DIGITS[ones]),
        _ => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::credential::Role;
    use crate::format::credential::report::ProofReport;

    #[test]
    fn proofs_say_who_signed_what_and_when() {
        let record = crate::format::record::open(include_bytes!("../../../tests/fixtures/record/full.json"));
        let record = record.unwrap();
        let proof = |role: Option<Role>, statement: Option<Statement>| ProofReport {
            holds: true,
            role,
            statement,
            key: String::new(),
            fingerprint: "12345 67890".into(),
            created: "2026-11-25T01:00:00+08:00".into(),
            faults: vec![],
        };
        let date = Date::parse("2026-12-01").unwrap();
        let report = Report {
            holds: true,
            issuer: String::new(),
            valid_from: String::new(),
            proofs: vec![
                proof(
                    Some(Role::Activist),
                    Some(Statement::Activist {
                        parts: Default::default(),
                    }),
                ),
                proof(
                    Some(Role::Mentor),
                    Some(Statement::Mentor {
                        name: "王建国".into(),
                        date,
                        opinion: "同意。".into(),
                    }),
                ),
                proof(None, None),
            ],
            faults: vec![],
            changed: vec![],
            undigested: vec![],
            record: serde_json::Value::Null,
        };
        let said: Vec<_> = Proof::of(&report, &record)
            .into_iter()
            .map(|proof| (proof.role, proof.name, proof.date, proof.opinion))
            .collect();
        let text = |text: &str| text.to_owned();
        assert_eq!(
            said,
            [
                (text("本人"), text("周𠮷喆"), Date::parse("2026-11-25"), None),
                (
                    text("培养联系人"),
                    text("王建国"),
                    Some(date),
                    Some(text("同意。"))
                ),
                (text("未写明"), text("未写明"), Date::parse("2026-11-25"), None),
            ]
        );
    }

    #[test]
    fn headings_are_numbered_in_chinese() {
        let all: Vec<_> = [1, 9, 10, 11, 20, 21, 99].map(numeral).into();
        assert_eq!(all, ["一", "九", "十", "十一", "二十", "二十一", "九十九"]);
    }

    #[test]
    fn cells_read_as_on_paper() {
        let cells = [
            Cell::Number(3, "次"),
            Cell::Number(3, ""),
            Cell::Percent(66),
            Cell::Halves(151),
            Cell::Pair(1, 3),
            Cell::Noted("题".into(), Some("注".into())),
            Cell::None("无"),
        ];
        let texts = cells.map(|cell| cell.text());
        assert_eq!(texts, ["3 次", "3", "66%", "75.5", "1/3", "题\n注", "无"]);
    }
}
