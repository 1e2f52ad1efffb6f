//! Rows of people as a file gives them: read and tidied, not yet judged.

use super::field::{Field, Kind};
use super::texts::Texts;
use super::when::{When, WhyNot};
use serde::{Deserialize, Serialize};

/// Rows of people, compact: each value is four bytes, and a word is kept once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// Names of the sheets that the rows come from.
    pub sheets: Vec<String>,
    /// What each row has values of, in this order.
    pub fields: Vec<Field>,
    /// The words.
    pub texts: Texts,
    /// For each row its sheet, by place in `sheets`.
    #[serde(with = "super::numbers")]
    sheet: Vec<u16>,
    /// For each row its number as the spreadsheet shows it, from 1.
    #[serde(with = "super::numbers")]
    row: Vec<u32>,
    /// Row by row: a number in `texts`, or [`When::bits`]; 0 for nothing.
    #[serde(with = "super::numbers")]
    values: Vec<u32>,
}

/// Where a row stands in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The sheet, by its place among the sheets that were read.
    pub sheet: u16,
    /// The row as the spreadsheet shows it, from 1.
    pub row: u32,
}

impl Lot {
    /// No rows yet, of these fields.
    pub fn new(fields: Vec<Field>) -> Self {
        Self {
            fields,
            ..Self::default()
        }
    }

    /// Makes room for so many rows more.
    pub fn reserve(&mut self, rows: usize) {
        self.sheet.reserve_exact(rows);
        self.row.reserve_exact(rows);
        self.values.reserve_exact(rows * self.fields.len());
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.row.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.row.is_empty()
    }

    /// Where a row stands.
    pub fn place(&self, at: usize) -> Place {
        Place {
            sheet: self.sheet.get(at).copied().unwrap_or_default(),
            row: self.row.get(at).copied().unwrap_or_default(),
        }
    }

    /// A row's values in the order of the fields; empty when there is no such row.
    pub fn values(&self, at: usize) -> &[u32] {
        let wide = self.fields.len();
        self.values.get(at * wide..(at + 1) * wide).unwrap_or_default()
    }

    /// A row's value of a field, 0 for none.
    pub fn value(&self, at: usize, field: Field) -> u32 {
        let column = self.fields.iter().position(|other| *other == field);
        column
            .and_then(|column| self.values(at).get(column).copied())
            .unwrap_or_default()
    }

    /// A row's value as a reader sees it; empty for none.
    pub fn shown(&self, at: usize, field: Field) -> String {
        show(&self.texts, field, self.value(at, field))
    }

    /// Adds a row; values that are missing are none.
    pub fn push(&mut self, place: Place, values: &[u32]) {
        self.sheet.push(place.sheet);
        self.row.push(place.row);
        let given = values.iter().copied().chain(std::iter::repeat(0));
        self.values.extend(given.take(self.fields.len()));
    }

    /// Puts a value in the place of a row's.
    pub fn set(&mut self, at: usize, field: Field, value: u32) {
        let wide = self.fields.len();
        let column = self.fields.iter().position(|other| *other == field);
        if let Some(slot) = column.and_then(|column| self.values.get_mut(at * wide + column)) {
            *slot = value;
        }
    }

    /// Whether the parts fit each other, as in what this build has written.
    pub fn is_sound(&self) -> bool {
        let texts = self.texts.len() as u32;
        let once = |at: usize| !self.fields[..at].contains(&self.fields[at]);
        (0..self.fields.len()).all(once)
            && self.sheet.len() == self.row.len()
            && self.values.len() == self.row.len() * self.fields.len()
            && self.values.chunks(self.fields.len().max(1)).all(|row| {
                row.iter()
                    .zip(&self.fields)
                    .all(|(value, field)| match field.kind() {
                        Kind::Day => *value == 0 || When::from_bits(*value).is_some(),
                        _ => *value <= texts,
                    })
            })
    }
}

/// A value as a reader sees it.
pub(super) fn show(texts: &Texts, field: Field, value: u32) -> String {
    match field.kind() {
        Kind::Day => When::from_bits(value)
            .map(|when| when.to_string())
            .unwrap_or_default(),
        _ => texts.get(value).to_owned(),
    }
}

/// Something about a value that keeps it from being taken as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The row's place among the rows of its lot.
    pub at: u32,
    /// The field.
    pub field: Field,
    /// What stands in the cell.
    pub text: String,
    /// What is the matter.
    pub trouble: Trouble,
}

/// What is the matter with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No date that can be taken; what it could be.
    Date(WhyNot, Vec<When>),
    /// Neither 男 nor 女.
    Sex,
    /// No ethnic group of that name.
    Ethnicity,
    /// No stage of that name.
    Stage,
    /// A number of more than 15 digits that is kept as a number: its end is lost.
    Digits,
    /// The spreadsheet shows an error.
    Error,
    /// Too long: characters that it may have.
    Long(usize),
    /// More than two mentors (Art. 9: one or two).
    Mentors,
    /// No name in the row, which cannot be taken at all.
    NoName,
    /// What stands there cannot be a name; the row cannot be taken when it is the person's.
    NotAName,
}

impl Issue {
    /// Whether the whole row is refused: it is nobody's without a name.
    pub fn refuses(&self) -> bool {
        self.field == Field::Name && matches!(self.trouble, Trouble::NoName | Trouble::NotAName)
    }
}

impl Trouble {
    /// What a reader sees.
    pub fn message(&self) -> String {
        match self {
            Self::Date(why, could) if could.is_empty() => why.label().into(),
            Self::Date(why, could) => {
                let could: Vec<String> = could.iter().map(When::to_string).collect();
                format!("{}，可能是 {}", why.label(), could.join(" 或 "))
            }
            Self::Sex => "性别要写“男”或“女”".into(),
            Self::Ethnicity => "没有这个民族名称".into(),
            Self::Stage => "不是发展阶段的名称（政治面貌不算发展阶段）".into(),
            Self::Digits => "超过 15 位的号码存成了数字，末尾几位已经丢失，请核对原件".into(),
            Self::Error => "表格里这一格显示的是错误值".into(),
            Self::Long(most) => format!("字数太多，最多 {most} 个字"),
            Self::Mentors => "培养联系人多于两人，《细则》第九条规定一至两名".into(),
            Self::NoName => "没有姓名".into(),
            Self::NotAName => "这里不像是姓名".into(),
        }
    }
}

/// A row that is nobody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub what: Skip,
    /// Its first words.
    pub text: String,
}

/// What a row is that is nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// Nothing, or only a number in a row of its own.
    Empty,
    /// A total.
    Total,
    /// The headings again, as on each printed page.
    Heading,
    /// A title, a signature, a note.
    Remark,
}

impl Skip {
    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Empty => "空行",
            Self::Total => "合计行",
            Self::Heading => "重复的表头",
            Self::Remark => "说明文字",
        }
    }
}
