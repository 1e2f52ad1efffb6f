//! Dates and moments. The clock itself is in [`Env`], given by whoever calls.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::fmt;

/// A Gregorian calendar day, 0001–9999; written `2026-11-23`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// That day, or `None` when the calendar has no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let known = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day);
        known.then_some(Self { year, month, day })
    }

    /// Reads exactly `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        let number = |part: &[u8]| {
            part.iter().try_fold(0u16, |sum, byte| {
                byte.is_ascii_digit().then(|| sum * 10 + u16::from(byte - b'0'))
            })
        };
        let (month, day) = (number(&bytes[5..7])?, number(&bytes[8..])?);
        Self::new(number(&bytes[..4])?, month as u8, day as u8)
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i64 {
        // Days from civil, H. Hinnant: years begin in March, eras last 400 years.
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// The day that many days after 1970-01-01; `None` outside the years 1–9999.
    pub fn from_days(days: i64) -> Option<Self> {
        let shifted = days.checked_add(719_468)?;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self::new(u16::try_from(year).ok()?, month as u8, day as u8)
    }

    /// The year, 1–9999.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, 1–12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1–31.
    pub fn day_of_month(self) -> u8 {
        self.day
    }

    /// The day of the week: 0 for Monday, 6 for Sunday.
    pub fn weekday(self) -> u8 {
        // 1970-01-01 was a Thursday.
        (self.days() + 3).rem_euclid(7) as u8
    }

    /// So many days later, earlier when negative; held at the ends of the calendar.
    pub fn add_days(self, count: i64) -> Self {
        let held = self.days().saturating_add(count).clamp(FIRST.days(), LAST.days());
        Self::from_days(held).unwrap_or(self)
    }

    /// So many months later, earlier when negative: the same day of that month, else its last
    /// (31 January and a month is 28 or 29 February). Held at the ends of the calendar.
    pub fn add_months(self, count: i32) -> Self {
        let months = i64::from(self.year) * 12 + i64::from(self.month) - 1 + i64::from(count);
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) as u8 + 1);
        match u16::try_from(year) {
            Ok(year @ 1..=9999) => Self {
                year,
                month,
                day: self.day.min(days_in_month(year, month)),
            },
            _ if count < 0 => FIRST,
            _ => LAST,
        }
    }

    /// Without dashes, `20261123`: in names of files and in calendars.
    pub fn compact(self) -> String {
        self.to_string().replace('-', "")
    }

    /// In Chinese, `2026年11月23日`.
    pub fn chinese(self) -> String {
        format!("{}年{}月{}日", self.year, self.month, self.day)
    }
}

/// The ends of the calendar.
const FIRST: Date = Date {
    year: 1,
    month: 1,
    day: 1,
};
const LAST: Date = Date {
    year: 9999,
    month: 12,
    day: 31,
};

fn days_in_month(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("date: want YYYY-MM-DD"))
    }
}

/// A moment as a device saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub ms: i64,
    /// Minutes east of UTC on that device (China: 480).
    pub tz: i16,
}

impl Moment {
    /// The day on that device's calendar. Moments outside the years 1–9999 are held at the epoch:
    /// only a broken clock gives them.
    pub fn date(self) -> Date {
        Date::from_days(self.local_ms().div_euclid(86_400_000)).unwrap_or(Date {
            year: 1970,
            month: 1,
            day: 1,
        })
    }

    /// The hour on that device's clock, 0–23.
    pub fn hour(self) -> u32 {
        (self.local_ms().rem_euclid(86_400_000) / 3_600_000) as u32
    }

    /// RFC 3339 to the second, with the device's offset.
    pub fn rfc3339(self) -> String {
        let seconds = self.local_ms().rem_euclid(86_400_000) / 1000;
        let (sign, tz) = if self.tz < 0 {
            ('-', -self.tz)
        } else {
            ('+', self.tz)
        };
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        format!(
            "{}T{hour:02}:{minute:02}:{second:02}{sign}{:02}:{:02}",
            self.date(),
            tz / 60,
            tz % 60
        )
    }

    /// Reads what [`Self::rfc3339`] writes: seconds, a numeric offset, nothing else.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let (date, time) = text.split_once('T')?;
        let date = Date::parse(date)?;
        let bytes = time.as_bytes();
        if bytes.len() != 14 || [2, 5, 11].iter().any(|&at| bytes[at] != b':') {
            return None;
        }
        let pair = |at: usize, below: i64| {
            let digits = bytes.get(at..at + 2)?;
            let both = digits.iter().all(u8::is_ascii_digit);
            let value =
                i64::from(digits[0].wrapping_sub(b'0')) * 10 + i64::from(digits[1].wrapping_sub(b'0'));
            (both && value < below).then_some(value)
        };
        let seconds = pair(0, 24)? * 3600 + pair(3, 60)? * 60 + pair(6, 60)?;
        let sign = match bytes[8] {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let tz = sign * (pair(9, 24)? * 60 + pair(12, 60)?);
        let ms = (date.days() * 86_400 + seconds - tz * 60) * 1000;
        Some(Self { ms, tz: tz as i16 })
    }

    /// The same moment to the second, as files carry it.
    pub fn to_second(self) -> Self {
        Self {
            ms: self.ms.div_euclid(1000) * 1000,
            ..self
        }
    }

    fn local_ms(self) -> i64 {
        self.ms.saturating_add(i64::from(self.tz) * 60_000)
    }
}

/// Serde of a [`Moment`] as RFC 3339 text.
pub mod rfc3339 {
    use super::Moment;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes [`Moment::rfc3339`].
    ///
    /// # Errors
    /// The serializer's.
    pub fn serialize<S: Serializer>(moment: &Moment, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&moment.rfc3339())
    }

    /// Reads [`Moment::parse_rfc3339`].
    ///
    /// # Errors
    /// When the text is of another form.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
        let text = String::deserialize(deserializer)?;
        Moment::parse_rfc3339(&text).ok_or_else(|| D::Error::custom("moment: want RFC 3339 to the second"))
    }
}

/// The outside world as the domain may know it: one reading of the clock, one draw of chance.
#[derive(Clone, Copy, Debug)]
pub struct Env {
    /// Now.
    pub now: Moment,
    /// Random bits, fresh for each use of an `Env`.
    pub chance: u128,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn refuses_days_that_the_calendar_lacks() {
        for text in [
            "2023-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-01",
            "2026-04-31",
            "0000-01-01",
            "2026-1-01",
            "２０２６-01-01",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        assert!(Date::parse("2024-02-29").is_some() && Date::parse("2000-02-29").is_some());
    }

    #[test]
    fn a_moment_has_the_day_of_its_own_place() {
        let evening = Moment {
            ms: 1_795_449_600_000,
            tz: 480,
        };
        assert_eq!(evening.rfc3339(), "2026-11-24T00:00:00+08:00");
        assert_eq!(Moment { tz: 0, ..evening }.rfc3339(), "2026-11-23T16:00:00+00:00");
        assert_eq!(
            Moment {
                ms: i64::MAX,
                tz: 480
            }
            .date()
            .to_string(),
            "1970-01-01"
        );
    }

    #[test]
    fn a_month_later_keeps_the_day_else_takes_the_month_s_end() {
        let day = |text: &str| Date::parse(text).unwrap();
        for (from, months, want) in [
            ("2026-01-31", 1, "2026-02-28"),
            ("2024-01-31", 1, "2024-02-29"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2024-02-29", 48, "2028-02-29"),
            ("2026-08-31", 6, "2027-02-28"),
            ("2026-03-31", -1, "2026-02-28"),
            ("2026-12-31", 2, "2027-02-28"),
            ("0001-01-31", -1, "0001-01-01"),
            ("9999-12-01", 1, "9999-12-31"),
        ] {
            assert_eq!(day(from).add_months(months), day(want), "{from} {months}");
        }
        assert_eq!(day("9999-12-31").add_days(i64::MAX), day("9999-12-31"));
        assert_eq!(day("0001-01-01").add_days(-1), day("0001-01-01"));
    }

    proptest! {
        #[test]
        fn agrees_with_the_time_crate(days in -719_162i64..=2_932_896) {
            let ours = Date::from_days(days).ok_or_else(|| TestCaseError::fail("no day"))?;
            let theirs = time::Date::from_julian_day(2_440_588 + i32::try_from(days).unwrap()).unwrap();
            prop_assert_eq!(ours.to_string(), format!("{:04}-{:02}-{:02}", theirs.year(), u8::from(theirs.month()), theirs.day()));
            prop_assert_eq!(ours.days(), days);
            prop_assert_eq!(Date::parse(&ours.to_string()), Some(ours));
        }

        #[test]
        fn months_keep_the_day_or_take_the_last(days in -719_162i64..=2_932_896, count in -2_000i32..2_000) {
            let day = Date::from_days(days).unwrap();
            let later = day.add_months(count);
            let months = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
            prop_assume!((12 * 2..12 * 9_999).contains(&(months(day) + i64::from(count))));
            prop_assert_eq!(months(later) - months(day), i64::from(count));
            prop_assert!(later.day_of_month() <= day.day_of_month());
            let is_last = later.add_days(1).day_of_month() == 1;
            prop_assert!(later.day_of_month() == day.day_of_month() || is_last);
            // Later days stay later, or fall together at a month's end.
            prop_assert!(day.add_days(1).add_months(count) >= later);
        }

        #[test]
        fn weekdays_agree_with_the_time_crate(days in -719_162i64..=2_932_896) {
            let theirs = time::Date::from_julian_day(2_440_588 + i32::try_from(days).unwrap()).unwrap();
            let ours = Date::from_days(days).unwrap();
            prop_assert_eq!(ours.weekday(), theirs.weekday().number_days_from_monday());
        }

        #[test]
        fn parsing_never_panics(text in ".*") {
            let _ = Date::parse(&text);
            let _ = Moment::parse_rfc3339(&text);
            let _ = Moment::parse_rfc3339(&format!("2026-11-23T{text}"));
        }

        #[test]
        fn moments_survive_a_file(seconds in 0i64..250_000_000_000, tz in -720i16..=840) {
            let moment = Moment { ms: seconds * 1000, tz };
            prop_assert_eq!(Moment::parse_rfc3339(&moment.rfc3339()), Some(moment));
        }
    }
}
