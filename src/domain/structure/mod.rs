//! Figures over the people of a branch on a day: by age, sex, ethnicity, education, group, front-line
//! post and state; what happened beside the plan; what policy items (十一) and (十三) ask to be watched;
//! the half-year report and the yearly analysis as data.
//!
//! Every figure carries the rows that it counts, so that a click leads back to them. Nothing is judged:
//! what is observed is said with its figures and with the threshold that was set for it.
//!
//! - [`plan`]: the yearly plan by group beside what happened;
//! - [`watch`]: rush, standstill, ups and downs, growth;
//! - [`report`]: both reports.

pub mod plan;
pub mod report;
pub mod watch;

use crate::domain::standing::State;
use crate::domain::time::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The number of a row in the list of people that was given.
pub type RowId = u32;

/// A day of birth as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Birth {
    /// Year.
    pub year: u16,
    /// Month, 1–12.
    pub month: Option<u8>,
    /// Day.
    pub day: Option<u8>,
}

impl Birth {
    /// A whole day.
    pub fn on(day: Date) -> Self {
        Self {
            year: day.year(),
            month: Some(day.month()),
            day: Some(day.day_of_month()),
        }
    }

    /// Whole years on that day, and whether they are certain. Of a month alone its end is meant, of a
    /// year alone the end of December, so that nobody is taken for older than he may be. Who was born
    /// on 29 February is a year older on 1 March of a year without that day. `None` before birth.
    pub fn age_on(self, day: Date) -> Option<(u16, bool)> {
        let now = (day.month(), day.day_of_month());
        let (earliest, latest) = match (self.month, self.day) {
            (Some(month), Some(own)) => ((month, own), (month, own)),
            (Some(month), None) => ((month, 1), (month, 31)),
            (None, _) => ((1, 1), (12, 31)),
        };
        // A month's end is reached when the next day is of another month.
        let month_ends = day.add_days(1).month() != day.month();
        let reached = |at: (u8, u8)| now >= at || (self.day.is_none() && month_ends && now.0 == at.0);
        let years = i32::from(day.year()) - i32::from(self.year);
        let sure = reached(earliest) == reached(latest);
        let age = years - i32::from(!reached(latest));
        u16::try_from(age).ok().map(|age| (age, sure))
    }
}

/// A person as the figures see him. Texts are as the register has them; empty for what is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Row<'a> {
    /// Birth.
    pub born: Option<Birth>,
    /// Sex.
    pub sex: &'a str,
    /// Ethnicity in full.
    pub ethnicity: &'a str,
    /// Education.
    pub education: &'a str,
    /// Group, kind of person: what plans are made by.
    pub group: &'a str,
    /// Whether on a front-line post (生产、工作一线), as people have typed.
    pub front_line: Option<bool>,
    /// How the person stands on the day.
    pub state: State,
}

/// What people are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dimension {
    /// Age band.
    Age,
    /// Sex.
    Sex,
    /// Ethnicity.
    Ethnicity,
    /// Education.
    Education,
    /// Group.
    Group,
    /// Front-line post.
    FrontLine,
    /// State.
    State,
}

impl Dimension {
    /// All.
    pub const ALL: [Self; 7] = [
        Self::Age,
        Self::Sex,
        Self::Ethnicity,
        Self::Education,
        Self::Group,
        Self::FrontLine,
        Self::State,
    ];

    /// Its name in files and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::Sex => "sex",
            Self::Ethnicity => "ethnicity",
            Self::Education => "education",
            Self::Group => "group",
            Self::FrontLine => "front-line",
            Self::State => "state",
        }
    }

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Age => "年龄",
            Self::Sex => "性别",
            Self::Ethnicity => "民族",
            Self::Education => "学历",
            Self::Group => "类别",
            Self::FrontLine => "生产、工作一线",
            Self::State => "发展阶段",
        }
    }
}

/// What a reader sees where nothing is known.
pub const NOT_KNOWN: &str = "未填";

/// The bands of age, by the youngest age of each but the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<u8>", into = "Vec<u8>")]
pub struct AgeBands(Vec<u8>);

impl Default for AgeBands {
    /// Below 18, when nobody can apply (细则 Art. 5), and five-year steps up to sixty.
    fn default() -> Self {
        Self(vec![18, 21, 26, 31, 36, 41, 46, 51, 56, 61])
    }
}

impl TryFrom<Vec<u8>> for AgeBands {
    type Error = String;

    /// Bands of these youngest ages.
    ///
    /// # Errors
    /// When they do not rise, or there are none or more than twenty.
    fn try_from(starts: Vec<u8>) -> Result<Self, String> {
        if !(1..=20).contains(&starts.len()) {
            return Err("年龄段要有1到20个分界".into());
        }
        if starts[0] < 15 || starts.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err("年龄段的分界要从小到大，最小15岁".into());
        }
        Ok(Self(starts))
    }
}

impl From<AgeBands> for Vec<u8> {
    fn from(bands: AgeBands) -> Self {
        bands.0
    }
}

impl AgeBands {
    /// The band of that age, from 0.
    pub fn band(&self, age: u16) -> usize {
        self.0.partition_point(|start| u16::from(*start) <= age)
    }

    /// What a reader sees of each band.
    pub fn labels(&self) -> Vec<String> {
        let mut labels = vec![format!("{}岁及以下", self.0[0] - 1)];
        labels.extend(self.0.windows(2).map(|pair| match pair[1] - 1 {
            last if last == pair[0] => format!("{last}岁"),
            last => format!("{}—{last}岁", pair[0]),
        }));
        labels.extend(self.0.last().map(|last| format!("{last}岁及以上")));
        labels
    }
}

/// A line: how many, and who.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What a reader sees.
    pub label: String,
    /// The rows.
    pub rows: Vec<RowId>,
}

/// People counted by one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// By what.
    pub dimension: Dimension,
    /// Bands and states in their order, the rest by size and then by name; 未填 last. Together the
    /// lines have every row once.
    pub lines: Vec<Line>,
    /// The rows whose age is not certain, since only month or year of birth is known.
    pub uncertain: Vec<RowId>,
}

impl Table {
    /// How many there are.
    pub fn total(&self) -> usize {
        self.lines.iter().map(|line| line.rows.len()).sum()
    }
}

/// Counts people by one thing, on a day. `people` gives the rows that are counted, with their
/// numbers. Linear in their number.
pub fn count<'a>(
    people: impl IntoIterator<Item = (RowId, Row<'a>)>,
    dimension: Dimension,
    on: Date,
    bands: &AgeBands,
) -> Table {
    let mut ordered: BTreeMap<usize, Vec<RowId>> = BTreeMap::new();
    let mut named: BTreeMap<&str, Vec<RowId>> = BTreeMap::new();
    let mut unknown = Vec::new();
    let mut uncertain = Vec::new();
    for (id, row) in people {
        let place = match dimension {
            Dimension::Age => match row.born.and_then(|born| born.age_on(on)) {
                Some((age, sure)) => {
                    if !sure {
                        uncertain.push(id);
                    }
                    Ok(bands.band(age))
                }
                None => Err(""),
            },
            Dimension::FrontLine => row.front_line.map(|is| usize::from(!is)).ok_or(""),
            Dimension::State if row.state != State::Unknown => {
                let place = State::ALL.iter().position(|state| *state == row.state);
                place.ok_or("")
            }
            Dimension::State => Err(""),
            Dimension::Sex => Err(row.sex),
            Dimension::Ethnicity => Err(row.ethnicity),
            Dimension::Education => Err(row.education),
            Dimension::Group => Err(row.group),
        };
        match place {
            Ok(place) => ordered.entry(place).or_default().push(id),
            Err("") => unknown.push(id),
            Err(name) => named.entry(name).or_default().push(id),
        }
    }
    let label = |place: usize| match dimension {
        Dimension::Age => bands.labels().swap_remove(place),
        Dimension::FrontLine => if place == 0 { "是" } else { "否" }.into(),
        _ => State::ALL[place].label().into(),
    };
    let mut lines: Vec<Line> = ordered
        .into_iter()
        .map(|(place, rows)| Line {
            label: label(place),
            rows,
        })
        .collect();
    let mut by_size: Vec<(&str, Vec<RowId>)> = named.into_iter().collect();
    by_size.sort_by_key(|(name, rows)| (std::cmp::Reverse(rows.len()), *name));
    lines.extend(by_size.into_iter().map(|(name, rows)| Line {
        label: name.into(),
        rows,
    }));
    if !unknown.is_empty() {
        lines.push(Line {
            label: NOT_KNOWN.into(),
            rows: unknown,
        });
    }
    Table {
        dimension,
        lines,
        uncertain,
    }
}
