//! A report as it is read: on the screen, on paper, and in files (`write`). All are made of the same
//! words and figures.

use super::{Figure, Observed};
use crate::domain::due::article::Edition;
use crate::domain::structure::report::{Cell, Report, Section};
use crate::domain::time::Date;
use serde::{Deserialize, Serialize};

const NUMERALS: [&str; 12] = [
    "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二",
];

/// A report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Title.
    pub title: String,
    /// Name of the unit; may be empty.
    pub unit: String,
    /// The days that it speaks of.
    pub period: String,
    /// The day on which it was made.
    pub made: Date,
    /// The sections.
    pub parts: Vec<Part>,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Title, numbered.
    pub title: String,
    /// Where it is asked for; empty for nowhere.
    pub basis: String,
    /// The tables.
    pub tables: Vec<Grid>,
    /// What was observed.
    pub observations: Vec<Observed>,
    /// What the figures mean.
    pub notes: Vec<String>,
    /// Whether a person writes here.
    pub blank: bool,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// Title.
    pub title: String,
    /// Headings.
    pub columns: Vec<String>,
    /// Label and figures of each line.
    pub lines: Vec<(String, Vec<Number>)>,
}

/// A figure of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Number {
    /// The figure; none where there is none.
    pub is: Option<i64>,
    /// Whether it counts people who can be shown.
    pub people: bool,
}

impl Number {
    /// What a reader sees.
    pub fn text(self) -> String {
        self.is.map(|is| is.to_string()).unwrap_or_default()
    }
}

/// Where something is written, as a reader knows it.
pub(super) fn cited(source: &str, clause: &str) -> String {
    let editions = [Edition::Xize2014, Edition::Xize2026];
    let edition = editions.into_iter().find(|edition| edition.source() == source);
    let name = edition.map_or("中办发〔2013〕4号", Edition::label);
    format!("{name}{clause}")
}

impl Paper {
    /// A report as it is read.
    pub(super) fn of(report: &Report, made: Date) -> Self {
        let runs = if report.runs {
            "（还没有结束，数到这一天）"
        } else {
            ""
        };
        Self {
            title: report.title.clone(),
            unit: report.unit.clone(),
            period: format!("{}到{}{runs}", report.from.chinese(), report.until.chinese()),
            made,
            parts: report
                .sections
                .iter()
                .zip(0..)
                .map(|(section, at)| Part::of(section, at))
                .collect(),
        }
    }

    /// The lines under the title.
    pub fn about(&self) -> Vec<String> {
        let unit = (!self.unit.is_empty()).then(|| format!("单位：{}", self.unit));
        let mut about: Vec<String> = unit.into_iter().collect();
        about.push(format!("期间：{}", self.period));
        about.push(format!(
            "数字由学档按名册和登记的发展工作统计，{}制表；请核对后再报送",
            self.made.chinese()
        ));
        about
    }
}

impl Part {
    fn of(section: &Section, at: usize) -> Self {
        let numeral = NUMERALS.get(at).map(|numeral| format!("{numeral}、"));
        let basis = section
            .basis
            .iter()
            .map(|basis| cited(basis.source, basis.clause));
        Self {
            title: format!("{}{}", numeral.unwrap_or_default(), section.title),
            basis: basis.collect::<Vec<_>>().join("；"),
            tables: section
                .tables
                .iter()
                .map(|grid| Grid {
                    title: grid.title.clone(),
                    columns: grid.columns.clone(),
                    lines: grid
                        .lines
                        .iter()
                        .map(|(label, cells)| {
                            let numbers = cells.iter().map(|cell| Number {
                                is: cell.number(),
                                people: matches!(cell, Cell::Count(rows) if !rows.is_empty()),
                            });
                            (label.clone(), numbers.collect())
                        })
                        .collect(),
                })
                .collect(),
            observations: section.observations.iter().map(Observed::of).collect(),
            notes: section.notes.clone(),
            blank: section.blank,
        }
    }
}

impl Observed {
    /// What was observed as a sentence of a paper, with those figures that it does not name.
    pub fn sentence(&self) -> String {
        let group = self.group.as_deref().map(|group| format!("（{group}）"));
        let figures = self.figures.iter().map(Figure::text);
        let others: Vec<String> = figures
            .zip(&self.figures)
            .filter(|(_, figure)| !self.text.contains(&format!("{}名", figure.count)))
            .map(|(text, _)| text)
            .collect();
        let others = match others.is_empty() {
            true => String::new(),
            false => format!("（{}）", others.join("，")),
        };
        format!(
            "{}{}：{}{others}。",
            self.what,
            group.unwrap_or_default(),
            self.text
        )
    }
}

impl Figure {
    /// What a reader sees.
    pub fn text(&self) -> String {
        format!("{}{}名", self.label, self.count)
    }
}
