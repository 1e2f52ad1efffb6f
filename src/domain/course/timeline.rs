//! Dated events of the party's history.

use super::Citation;
use crate::domain::time::Date;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineEvent {
    /// Stable id.
    pub id: String,
    /// When it happened or began, as exactly as it is known: `1935`, `1935-01` or `1935-01-15`.
    pub date: String,
    /// When it ended, written alike; empty for what took no time.
    pub until: String,
    /// What, in a few words.
    pub title: String,
    /// One or two sentences.
    pub text: String,
    /// What sort of event; see [`SORTS`].
    pub sort: String,
    /// 1 turning points, 2 important, 3 everything else: how near one must look to see it.
    pub level: u16,
    /// Where it is written.
    pub cite: Vec<Citation>,
    /// Ids of the lessons that speak of it.
    pub lessons: Vec<String>,
}

/// The sorts of event: name in files, and what a reader sees.
pub const SORTS: [(&str, &str); 5] = [
    ("meeting", "会议与文献"),
    ("struggle", "革命与斗争"),
    ("building", "建设与成就"),
    ("reform", "改革开放"),
    ("party", "党的建设"),
];

/// The four periods of the resolution of 2021: first year, anchor, title.
pub const PERIODS: [(u16, &str, &str); 4] = [
    (1921, "revolution", "新民主主义革命时期"),
    (1949, "construction", "社会主义革命和建设时期"),
    (1978, "reform", "改革开放和社会主义现代化建设新时期"),
    (2012, "newera", "中国特色社会主义新时代"),
];

/// A date that may be no more exact than a month or a year: year, month, day; `None` when it has
/// another form or the calendar has no such day.
pub fn rough_date(text: &str) -> Option<(u16, Option<u8>, Option<u8>)> {
    let full = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    Date::parse(&full)?;
    let mut parts = full.split('-').map(|part| part.parse::<u16>().unwrap_or(0));
    let (year, month, day) = (parts.next()?, parts.next()? as u8, parts.next()? as u8);
    Some((
        year,
        (text.len() > 4).then_some(month),
        (text.len() > 7).then_some(day),
    ))
}

/// The period in which a date lies: the last one that had begun. 1949 belongs to the new state
/// from October on, 1978 and 2012 to the new periods from the meetings that opened them.
pub fn period_of(text: &str) -> usize {
    let begun = ["1921", "1949-10", "1978-12", "2012-11"];
    begun.iter().rposition(|start| text >= *start).unwrap_or(0)
}

/// A rough date in Chinese: `1935年1月15日`.
pub fn chinese(text: &str) -> String {
    match rough_date(text) {
        Some((year, Some(month), Some(day))) => format!("{year}年{month}月{day}日"),
        Some((year, Some(month), None)) => format!("{year}年{month}月"),
        Some((year, ..)) => format!("{year}年"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_as_exact_as_they_are_known() {
        assert_eq!(rough_date("1935"), Some((1935, None, None)));
        assert_eq!(rough_date("1935-01"), Some((1935, Some(1), None)));
        assert_eq!(rough_date("1935-01-15"), Some((1935, Some(1), Some(15))));
        for wrong in [
            "",
            "35",
            "1935-1",
            "1935-13",
            "1935-02-30",
            "1935-01-15 ",
            "1935年",
        ] {
            assert_eq!(rough_date(wrong), None, "{wrong}");
        }
        assert_eq!(chinese("1935-01"), "1935年1月");
    }

    #[test]
    fn periods_begin_where_the_resolution_puts_them() {
        for (date, period) in [
            ("1921-07-23", 0),
            ("1949-03", 0),
            ("1949", 0),
            ("1949-09-21", 0),
            ("1949-10-01", 1),
            ("1978-11", 1),
            ("1978-12-18", 2),
            ("2012-01", 2),
            ("2012-11-08", 3),
            ("2025-10", 3),
            ("1919-05-04", 0),
        ] {
            assert_eq!(period_of(date), period, "{date}");
        }
    }
}
