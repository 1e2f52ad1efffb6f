//! What is asked of the register: who, in which order, with which columns. Also an address
//! (`#/branch/people/…`), so that every figure can link to exactly the rows that it counts, and what
//! a saved view keeps.

use crate::domain::branch::{Field, Kind};
use crate::domain::time::Date;
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// A column of the register. As text its [`Column::code`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Column {
    /// How the person stands today; its values are codes of [`crate::domain::standing::State`].
    State,
    /// Since which day.
    Since,
    /// Whether on a front-line post, as people have typed; its values are `yes` and `no`.
    FrontLine,
    /// What rosters say.
    Field(Field),
}

impl Column {
    /// All, in the order of the form, with the name first and how the person stands after it.
    pub fn all() -> impl Iterator<Item = Self> {
        let first = [
            Self::Field(Field::Name),
            Self::State,
            Self::Since,
            Self::FrontLine,
        ];
        let rest = Field::ALL.iter().filter(|field| **field != Field::Name);
        first.into_iter().chain(rest.map(|field| Self::Field(*field)))
    }

    /// What is shown where nothing was chosen, as far as anybody has a value of it.
    pub const FIRST: [Self; 8] = [
        Self::Field(Field::Name),
        Self::State,
        Self::Field(Field::Branch),
        Self::Field(Field::Number),
        Self::Field(Field::Applied),
        Self::Field(Field::Confirmed),
        Self::Field(Field::Mentor1),
        Self::Field(Field::Mentor2),
    ];

    /// Its name in addresses and views.
    pub fn code(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Since => "since",
            Self::FrontLine => "front-line",
            Self::Field(field) => field.code(),
        }
    }

    /// The column of that code.
    pub fn of(code: &str) -> Option<Self> {
        match code {
            "state" => Some(Self::State),
            "since" => Some(Self::Since),
            "front-line" => Some(Self::FrontLine),
            code => Field::of(code).map(Self::Field),
        }
    }

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::State => "现状态",
            Self::Since => "现状态起始日期",
            Self::FrontLine => "生产、工作一线",
            Self::Field(field) => field.label(),
        }
    }

    /// Whether its values are days.
    pub fn is_day(self) -> bool {
        match self {
            Self::Since => true,
            Self::Field(field) => field.kind() == Kind::Day,
            Self::State | Self::FrontLine => false,
        }
    }
}

impl TryFrom<String> for Column {
    type Error = String;
    fn try_from(code: String) -> Result<Self, String> {
        Self::of(&code).ok_or_else(|| format!("no column {code}"))
    }
}

impl From<Column> for String {
    fn from(column: Column) -> Self {
        column.code().into()
    }
}

/// A condition on a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// The column.
    pub by: Column,
    /// What its value must be.
    pub want: Want,
}

/// What a value must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Want {
    /// One of these: words as the register shows them, codes of states, `yes` and `no`, days as
    /// `2025-03`; the empty text for nothing.
    Is(Vec<String>),
    /// Contains this, in whatever case.
    Has(String),
    /// A day from this one on, up to and including that one. Of a month or a year its last day is
    /// meant, as in [`crate::domain::workbench::Workbench::ledger`].
    Days(Option<Date>, Option<Date>),
    /// Nothing.
    Empty,
    /// Something.
    Filled,
}

/// An order by a column. What is empty comes last either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sort {
    /// The column.
    pub by: Column,
    /// From the greatest down.
    #[serde(default, skip_serializing_if = "is_false")]
    pub down: bool,
}

/// Certain people and no others: those whom a figure counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Only {
    /// What they have in common, as the reader sees it: `年龄：21—25岁`.
    pub label: String,
    /// Who says who they are: `figures/…` and the like, see
    /// [`super::super::Bench::caused`]. However many they are, the address stays short.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cause: String,
    /// Or their numbers in [`crate::domain::branch::People`], where `cause` is empty; at most
    /// [`MAX_PEOPLE`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<u32>,
}

/// A question to the register. All conditions must hold. Its JSON is what a view keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Query {
    /// Words, each of which must be in the name, the number, the branch or the note.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub find: String,
    /// Conditions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
    /// Nobody but these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<Only>,
    /// The order, at most [`MAX_SORTS`] columns; then, or without any, that of the register.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sort: Vec<Sort>,
    /// Columns that are shown; none for [`Column::FIRST`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column>,
}

/// The most columns to sort by.
pub const MAX_SORTS: usize = 2;
/// The most people that a query names by their numbers.
pub const MAX_PEOPLE: usize = 2_000;
/// The most conditions of a query, and values of a condition: addresses come from strangers.
const MAX_FILTERS: usize = 30;
const MAX_VALUES: usize = 1_000;
const MAX_FIND: usize = 200;
/// The longest address, in bytes.
const MAX_ADDRESS: usize = 60_000;

impl Query {
    /// The address after `#/branch/`: `people`, and what is asked.
    pub fn address(&self) -> String {
        let mut out = "people".to_owned();
        if *self == Self::default() {
            return out;
        }
        out.push('/');
        for byte in self.json().bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    out.push(char::from(byte))
                }
                // Writing to a string cannot fail.
                _ => drop(write!(out, "%{byte:02X}")),
            }
        }
        out
    }

    /// What an address asks, from what stands after `people/`.
    ///
    /// # Errors
    /// What the reader is told.
    pub fn of_address(part: &str) -> Result<Self, String> {
        if part.is_empty() {
            return Ok(Self::default());
        }
        let text = (part.len() <= MAX_ADDRESS).then(|| decoded(part)).flatten();
        Self::of_json(&text.unwrap_or_default())
    }

    /// As a view keeps it.
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what a view has kept.
    ///
    /// # Errors
    /// What the reader is told.
    pub fn of_json(text: &str) -> Result<Self, String> {
        let read: Option<Self> = serde_json::from_str(text).ok();
        read.filter(Self::is_bounded)
            .ok_or_else(|| "这个链接或视图里的条件看不懂，可能不完整，或由更新版本的学档写成".to_owned())
    }

    /// Whether it keeps the limits.
    pub fn is_bounded(&self) -> bool {
        let values = self.filters.iter().all(|filter| match &filter.want {
            Want::Is(values) => {
                values.len() <= MAX_VALUES && values.iter().all(|value| value.len() <= 4 * 500)
            }
            Want::Has(text) => text.len() <= 4 * MAX_FIND,
            Want::Days(..) | Want::Empty | Want::Filled => true,
        });
        let only = self.only.as_ref().is_none_or(|only| {
            only.people.len() <= MAX_PEOPLE && only.label.len() <= 1_000 && only.cause.len() <= 2_000
        });
        values
            && only
            && self.filters.len() <= MAX_FILTERS
            && self.find.len() <= 4 * MAX_FIND
            && self.sort.len() <= MAX_SORTS
            && self.columns.len() <= Column::all().count()
    }

    /// Whether it asks for everybody.
    pub fn is_all(&self) -> bool {
        self.find.trim().is_empty() && self.filters.is_empty() && self.only.is_none()
    }

    /// The condition on a column.
    pub fn filter(&self, by: Column) -> Option<&Want> {
        let found = self.filters.iter().find(|filter| filter.by == by);
        found.map(|filter| &filter.want)
    }

    /// Puts a condition in the place of the one on that column; none takes it away.
    pub fn set_filter(&mut self, by: Column, want: Option<Want>) {
        let at = self.filters.iter().position(|filter| filter.by == by);
        match (at, want) {
            (Some(at), Some(want)) => self.filters[at].want = want,
            (Some(at), None) => drop(self.filters.remove(at)),
            (None, Some(want)) => self.filters.push(Filter { by, want }),
            (None, None) => {}
        }
    }
}

/// Bytes for `%E5…`; `None` where that is no text.
fn decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let hex = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(hex, 16).ok()?);
            rest = after.get(2..)?;
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks")]
fn is_false(value: &bool) -> bool {
    !value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_back_and_is_safe_in_a_link() {
        let query = Query {
            find: "张 \"三\"/%<b>".into(),
            filters: vec![
                Filter {
                    by: Column::Field(Field::Branch),
                    want: Want::Is(vec!["甲/支部".into(), String::new()]),
                },
                Filter {
                    by: Column::Field(Field::Applied),
                    want: Want::Days(Date::new(2025, 3, 1), None),
                },
                Filter {
                    by: Column::State,
                    want: Want::Empty,
                },
            ],
            only: Some(Only {
                label: "年龄：21—25岁".into(),
                cause: "figures/age/1".into(),
                people: Vec::new(),
            }),
            sort: vec![Sort {
                by: Column::Since,
                down: true,
            }],
            columns: vec![Column::Field(Field::Name), Column::FrontLine],
        };
        let address = query.address();
        let part = address.strip_prefix("people/").unwrap();
        assert!(
            part.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"%-_.~".contains(&byte)),
            "{part}"
        );
        assert_eq!(Query::of_address(part), Ok(query.clone()));
        assert_eq!(Query::of_json(&query.json()), Ok(query));
        assert_eq!(Query::default().address(), "people");
        assert_eq!(Query::of_address(""), Ok(Query::default()));
    }

    #[test]
    fn a_strange_address_is_refused() {
        for part in ["%", "%zz", "{}x", "%7B%22evil%22:1%7D", "%ff", "null", "[1]"] {
            assert!(Query::of_address(part).is_err(), "{part}");
        }
        let long = Query {
            find: "长".repeat(1_000),
            ..Query::default()
        };
        assert!(Query::of_json(&long.json()).is_err());
        let sorts = r#"{"sort":[{"by":"name"},{"by":"name"},{"by":"name"}]}"#;
        assert!(Query::of_json(sorts).is_err());
    }

    #[test]
    fn what_views_have_kept_is_read_by_later_builds() {
        let kept = r#"{"find":"王","filters":[{"by":"branch","want":{"is":["甲支部"]}},{"by":"birth","want":{"days":["2000-01-01",null]}},{"by":"note","want":{"has":"转"}},{"by":"mentor1","want":"empty"},{"by":"state","want":"filled"}],"only":{"label":"甲","people":[1,2]},"sort":[{"by":"name","down":true}],"columns":["name","state","since","front-line"]}"#;
        let read = Query::of_json(kept).unwrap();
        assert_eq!(read.json(), kept);
        assert_eq!(read.filters.len(), 5);
    }

    #[test]
    fn columns_are_named_once() {
        let all: Vec<Column> = Column::all().collect();
        assert_eq!(all.len(), Field::ALL.len() + 3);
        for column in all {
            assert_eq!(Column::of(column.code()), Some(column));
        }
    }
}
