//! What the policy document asks to be watched: 突击发展、长期不发展、发展数量大起大落 (item (十三))
//! and the growth rate (item (十一)).
//!
//! The document gives no numbers for the three; the thresholds are settings, and every observation
//! says with which it was made. The 1.5 per cent of item (十一) are of the whole country and of the
//! ten years after 2013: a measure to look at, never one for a branch.

use super::plan::{Moved, Movement};
use super::{AgeBands, RowId};
use crate::domain::time::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// From when on something is said. Not from the document: every unit sets its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// Days of the window in which a rush is looked for.
    pub rush_days: u16,
    /// Per cent of a year's admissions that fall into one window.
    pub rush_share: u16,
    /// How many these must be at least.
    pub rush_least: u16,
    /// Months without an admission.
    pub standstill_months: u16,
    /// Per cent of the larger of two years by which they differ.
    pub swing_share: u16,
    /// By how many they must differ at least.
    pub swing_least: u16,
    /// The yearly net growth to compare with, in hundredths of a per cent.
    pub growth: u16,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            rush_days: 30,
            rush_share: 60,
            rush_least: 5,
            standstill_months: 24,
            swing_share: 50,
            swing_least: 3,
            growth: 150,
        }
    }
}

/// How a unit wants things to be watched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Watching {
    /// The thresholds.
    pub thresholds: Thresholds,
    /// The day from which on all admissions are written down; where nobody has said, that of the first
    /// admission that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_since: Option<Date>,
    /// The bands of age.
    pub bands: AgeBands,
}

/// What is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Watched {
    /// 突击发展.
    Rush,
    /// 长期不发展.
    Standstill,
    /// 发展数量大起大落.
    Swing,
    /// 党员数量净增.
    Growth,
}

impl Watched {
    /// What a reader sees: the document's own words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Rush => "突击发展",
            Self::Standstill => "长期不发展",
            Self::Swing => "发展数量大起大落",
            Self::Growth => "党员数量净增",
        }
    }

    /// Where it is written: source and item.
    pub fn cite(self) -> (&'static str, &'static str) {
        match self {
            Self::Growth => ("yijian-2013", "（十一）"),
            _ => ("yijian-2013", "（十三）"),
        }
    }
}

/// A figure of an observation, with the rows that it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What it counts.
    pub label: String,
    /// How many.
    pub count: u32,
    /// The rows; empty for figures that were typed.
    pub rows: Vec<RowId>,
}

/// Something to look at, with its figures. It says nothing of why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// What.
    pub what: Watched,
    /// The group that it is of; `None` for everybody.
    pub group: Option<String>,
    /// What a reader sees.
    pub text: String,
    /// The threshold, in words.
    pub threshold: String,
    /// The figures.
    pub figures: Vec<Figure>,
}

/// What can be observed on a day.
#[derive(Clone, Copy, Debug)]
pub struct Watch<'a> {
    /// Everything that happened.
    pub movements: &'a [Movement],
    /// The day from which on all admissions are written down: nothing is said of what was before.
    pub known_since: Date,
    /// The day.
    pub on: Date,
    /// The thresholds.
    pub thresholds: &'a Thresholds,
}

impl Watch<'_> {
    /// What is to be said of everybody, and of each of these groups.
    pub fn observe(&self, groups: &[&str]) -> Vec<Observation> {
        let mut found = Vec::new();
        for group in std::iter::once(None).chain(groups.iter().map(|group| Some(*group))) {
            let mut admitted: Vec<(Date, RowId)> = self
                .movements
                .iter()
                .filter(|movement| movement.what == Moved::Admitted)
                .filter(|movement| (self.known_since..=self.on).contains(&movement.on))
                .filter(|movement| group.is_none_or(|group| movement.group == group))
                .map(|movement| (movement.on, movement.row))
                .collect();
            admitted.sort_unstable();
            self.rush(group, &admitted, &mut found);
            self.standstill(group, &admitted, &mut found);
            self.swing(group, &admitted, &mut found);
        }
        found
    }

    fn rush(&self, group: Option<&str>, admitted: &[(Date, RowId)], found: &mut Vec<Observation>) {
        let set = self.thresholds;
        for (year, days) in by_year(admitted) {
            let (mut best, mut first) = (0..0, 0);
            for (last, (day, _)) in days.iter().enumerate() {
                while day.days() - days[first].0.days() >= i64::from(set.rush_days) {
                    first += 1;
                }
                if last + 1 - first > best.len() {
                    best = first..last + 1;
                }
            }
            let (most, all) = (best.len(), days.len());
            let is_rush =
                most >= usize::from(set.rush_least.max(1)) && most * 100 >= all * usize::from(set.rush_share);
            if !is_rush {
                continue;
            }
            let within = &days[best];
            let (from, until) = (within[0].0, within[most - 1].0);
            let when = if from == until {
                format!("在{}这一天", from.chinese())
            } else {
                format!("在{}到{}之间", from.chinese(), until.chinese())
            };
            found.push(Observation {
                what: Watched::Rush,
                group: group.map(Into::into),
                text: format!("{year}年接收预备党员{all}名，其中{most}名{when}"),
                threshold: format!(
                    "{}天以内接收的不少于{}名，并且占全年的{}%以上时提示；数由本单位定，文件没有写",
                    set.rush_days, set.rush_least, set.rush_share
                ),
                figures: vec![figure("这段时间接收", within), figure("全年接收", days)],
            });
        }
    }

    fn standstill(&self, group: Option<&str>, admitted: &[(Date, RowId)], found: &mut Vec<Observation>) {
        let months = self.thresholds.standstill_months;
        let begins = self.on.add_months(-i32::from(months));
        if months == 0 || self.known_since > begins || admitted.last().is_some_and(|(day, _)| *day > begins) {
            return;
        }
        let text = match admitted.last() {
            Some((last, _)) => format!("从{}以后到{}没有接收预备党员", last.chinese(), self.on.chinese()),
            None => format!(
                "从{}有完整记录以来到{}没有接收预备党员",
                self.known_since.chinese(),
                self.on.chinese()
            ),
        };
        let latest: Vec<(Date, RowId)> = match admitted.last() {
            Some((last, _)) => admitted.iter().filter(|(day, _)| day == last).copied().collect(),
            None => Vec::new(),
        };
        found.push(Observation {
            what: Watched::Standstill,
            group: group.map(Into::into),
            text,
            threshold: format!("{months}个月没有接收时提示；数由本单位定，文件没有写"),
            figures: vec![figure("最近一次接收", &latest)],
        });
    }

    fn swing(&self, group: Option<&str>, admitted: &[(Date, RowId)], found: &mut Vec<Observation>) {
        let set = self.thresholds;
        let years: BTreeMap<u16, &[(Date, RowId)]> = by_year(admitted).into_iter().collect();
        // Only whole years that are known whole.
        let first = self.known_since.year()
            + u16::from((self.known_since.month(), self.known_since.day_of_month()) > (1, 1));
        let is_over = (self.on.month(), self.on.day_of_month()) == (12, 31);
        let last = self.on.year() - u16::from(!is_over);
        for year in first..last {
            let of = |year: u16| years.get(&year).copied().unwrap_or_default();
            let (before, after) = (of(year), of(year + 1));
            let difference = before.len().abs_diff(after.len());
            let larger = before.len().max(after.len());
            let is_swing = difference >= usize::from(set.swing_least.max(1))
                && difference * 100 >= larger * usize::from(set.swing_share);
            if !is_swing {
                continue;
            }
            let word = if after.len() > before.len() { "多" } else { "少" };
            found.push(Observation {
                what: Watched::Swing,
                group: group.map(Into::into),
                text: format!(
                    "{year}年接收{}名，{}年接收{}名，{word}了{difference}名",
                    before.len(),
                    year + 1,
                    after.len()
                ),
                threshold: format!(
                    "相邻两年相差不少于{}名，并且占较多一年的{}%以上时提示；数由本单位定，文件没有写",
                    set.swing_least, set.swing_share
                ),
                figures: vec![
                    figure(&format!("{year}年接收"), before),
                    figure(&format!("{}年接收", year + 1), after),
                ],
            });
        }
    }
}

/// The stretches of each year.
fn by_year(admitted: &[(Date, RowId)]) -> Vec<(u16, &[(Date, RowId)])> {
    admitted
        .chunk_by(|one, other| one.0.year() == other.0.year())
        .map(|days| (days[0].0.year(), days))
        .collect()
}

fn figure(label: &str, days: &[(Date, RowId)]) -> Figure {
    Figure {
        label: label.into(),
        count: days.len() as u32,
        rows: days.iter().map(|(_, row)| *row).collect(),
    }
}

/// The net growth of the members by the numbers at the ends of years, as people have typed them: one
/// line for each two years that follow each other.
pub fn growth(members: &BTreeMap<u16, u32>, thresholds: &Thresholds) -> Vec<Observation> {
    let mut found = Vec::new();
    for (year, now) in members {
        let Some(before) = members
            .get(&(year.saturating_sub(1)))
            .filter(|before| **before > 0)
        else {
            continue;
        };
        let (before, now) = (i64::from(*before), i64::from(*now));
        let rate = hundredths(now - before, before);
        let word = match rate.cmp(&i64::from(thresholds.growth)) {
            std::cmp::Ordering::Less => "低于",
            std::cmp::Ordering::Equal => "等于",
            std::cmp::Ordering::Greater => "高于",
        };
        let what = if now >= before { "净增" } else { "净减" };
        found.push(Observation {
            what: Watched::Growth,
            group: None,
            text: format!(
                "{year}年党员由{before}名到{now}名，{what}{}名，净增率{}%，{word}{}%",
                (now - before).abs(),
                decimal(rate),
                decimal(i64::from(thresholds.growth))
            ),
            threshold: "文件写的是2013年起十年全国党员数量年均净增1.5%左右，不是一个党组织的指标，只供对照"
                .into(),
            figures: vec![
                typed(&format!("{}年末党员", year - 1), before),
                typed(&format!("{year}年末党员"), now),
            ],
        });
    }
    found
}

fn typed(label: &str, count: i64) -> Figure {
    Figure {
        label: label.into(),
        count: count as u32,
        rows: Vec::new(),
    }
}

/// `part / whole` in hundredths of a per cent, rounded half away from zero.
fn hundredths(part: i64, whole: i64) -> i64 {
    let twice = part * 20_000 / whole;
    (twice + twice.signum()) / 2
}

/// Hundredths as people write them: `6`, `1.5`, `-0.25`.
fn decimal(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, part) = (hundredths.abs() / 100, hundredths.abs() % 100);
    match (part, part % 10) {
        (0, _) => format!("{sign}{whole}"),
        (_, 0) => format!("{sign}{whole}.{}", part / 10),
        _ => format!("{sign}{whole}.{part:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_rounded_half_away_from_zero() {
        for (part, whole, want) in [
            (3, 50, "6"),
            (3, 200, "1.5"),
            (1, 3, "33.33"),
            (2, 3, "66.67"),
            (-1, 400, "-0.25"),
            (1, 80_000, "0"),
        ] {
            assert_eq!(decimal(hundredths(part, whole)), want, "{part}/{whole}");
        }
        // 0.005 % is half of a hundredth.
        assert_eq!(hundredths(1, 20_000), 1);
        assert_eq!(hundredths(-1, 20_000), -1);
    }
}
