//! Working days by the State Council's yearly notices (`content/holidays.toml`).
//!
//! Monday to Friday are working days, but for the days of a holiday; weekend days on which people
//! make up for one are working days too. Where there is no notice the count goes by Monday to
//! Friday alone, and the result says that it is provisional, 暂算.

use crate::domain::time::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What is off and what is made up for, as the site carries it (`content/holidays-<hash>.json`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holidays {
    /// The years that have a notice, each with the notices' numbers.
    pub years: BTreeMap<u16, Vec<String>>,
    /// Holidays: what they are called, first and last day, weekends among them.
    pub off: Vec<(String, Date, Date)>,
    /// Weekend days that are working days.
    pub work: Vec<Date>,
}

/// A calendar of working days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkCalendar {
    years: BTreeMap<u16, Vec<String>>,
    off: BTreeMap<Date, String>,
    work: BTreeSet<Date>,
}

/// A day that was counted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The day.
    pub day: Date,
    /// 暂算: some of the days lie where no notice is known.
    pub provisional: bool,
}

/// The day of December from which on the next year's notice may have something to say: New Year's
/// holiday begins on the 30th at the earliest, and is made up for on the weekend before.
const NEXT_YEAR_FROM: u8 = 25;

/// The longest holiday that is read, in days: what is longer is a mistake.
const LONGEST: i64 = 31;

impl WorkCalendar {
    /// The calendar by these notices.
    pub fn new(holidays: &Holidays) -> Self {
        let mut off = BTreeMap::new();
        for (name, first, last) in &holidays.off {
            for count in 0..=(last.days() - first.days()).min(LONGEST) {
                off.insert(first.add_days(count), name.clone());
            }
        }
        Self {
            years: holidays.years.clone(),
            off,
            work: holidays.work.iter().copied().collect(),
        }
    }

    /// Whether people work on that day, as far as is known.
    pub fn is_working(&self, day: Date) -> bool {
        self.work.contains(&day) || (day.weekday() < 5 && !self.off.contains_key(&day))
    }

    /// The holiday that the day belongs to.
    pub fn holiday(&self, day: Date) -> Option<&str> {
        self.off.get(&day).map(String::as_str)
    }

    /// Whether notices speak of that day: that of its year and, at the year's end, the next one.
    pub fn knows(&self, day: Date) -> bool {
        let of_next = day.month() == 12 && day.day_of_month() >= NEXT_YEAR_FROM;
        self.years.contains_key(&day.year()) && (!of_next || self.years.contains_key(&(day.year() + 1)))
    }

    /// The years that are known, with the numbers of their notices.
    pub fn years(&self) -> &BTreeMap<u16, Vec<String>> {
        &self.years
    }

    /// The `count`-th working day after `from`; the day itself is not counted, and of 0 it is
    /// the answer.
    pub fn add_working_days(&self, from: Date, count: u16) -> Counted {
        let (mut day, mut left, mut provisional) = (from, count, false);
        while left > 0 {
            let next = day.add_days(1);
            if next == day {
                break; // The end of the calendar.
            }
            day = next;
            provisional |= !self.knows(day);
            left -= u16::from(self.is_working(day));
        }
        Counted { day, provisional }
    }

    /// The working days after `from` up to and with `until`.
    pub fn working_days_between(&self, from: Date, until: Date) -> (u32, bool) {
        let (mut count, mut provisional) = (0, false);
        let mut day = from;
        while day < until {
            day = day.add_days(1);
            provisional |= !self.knows(day);
            count += u32::from(self.is_working(day));
        }
        (count, provisional)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    /// A year with one holiday, made up for before and after.
    fn calendar() -> WorkCalendar {
        WorkCalendar::new(&Holidays {
            years: BTreeMap::from([(2026, vec!["示例〔2025〕1号".into()])]),
            off: vec![("国庆节".into(), day("2026-10-01"), day("2026-10-07"))],
            work: vec![day("2026-09-20"), day("2026-10-10")],
        })
    }

    #[test]
    fn holidays_are_left_out_and_make_up_days_counted() {
        let calendar = calendar();
        let count = |from: &str, days| calendar.add_working_days(day(from), days);
        // Friday; Monday to Friday of the next week.
        assert_eq!(count("2026-09-04", 5).day, day("2026-09-11"));
        // The Sunday of 20 September is worked on.
        assert_eq!(count("2026-09-18", 1).day, day("2026-09-20"));
        // 29 and 30 September, 8 and 9 October, and Saturday the 10th.
        assert_eq!(count("2026-09-28", 5).day, day("2026-10-10"));
        assert!(!count("2026-09-28", 5).provisional);
        assert_eq!(count("2026-10-03", 0).day, day("2026-10-03"));
        assert_eq!(calendar.holiday(day("2026-10-04")), Some("国庆节"));
        assert_eq!(
            calendar.working_days_between(day("2026-09-28"), day("2026-10-10")),
            (5, false)
        );
    }

    #[test]
    fn without_a_notice_it_is_provisional() {
        let calendar = calendar();
        let count = |from: &str, days| calendar.add_working_days(day(from), days);
        // National Day of a year without a notice is counted.
        let counted = count("2027-09-30", 1);
        assert_eq!((counted.day, counted.provisional), (day("2027-10-01"), true));
        // A notice for the next year may reach back into December.
        assert!(!count("2026-12-17", 5).provisional);
        assert!(count("2026-12-18", 5).provisional);
        assert!(!calendar.knows(day("2025-12-31")));
    }

    proptest! {
        #[test]
        fn counting_is_monotone_and_agrees_with_the_interval(from in 20_000i64..21_500, later in 0i64..90, count in 0u16..40) {
            let calendar = calendar();
            let (first, second) = (Date::from_days(from).unwrap(), Date::from_days(from + later).unwrap());
            let end = calendar.add_working_days(first, count).day;
            prop_assert!(calendar.add_working_days(second, count).day >= end);
            prop_assert!(calendar.add_working_days(first, count + 1).day > end);
            prop_assert!(count == 0 || calendar.is_working(end));
            prop_assert_eq!(calendar.working_days_between(first, end).0, u32::from(count));
        }
    }
}
