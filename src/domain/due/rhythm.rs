//! What comes again every so many months: the branch's review every half year (细则 Art. 11), and
//! by local custom thought reports and mentors' notes.
//!
//! The days are counted from one day, that of confirmation, and not from the last review, so that
//! they do not drift: the n-th is n × 6 months later. A review is counted by one rule, which
//! people can follow: in order of day, it makes up for the half-year that has just ended when that
//! one still lacks its review, and else belongs to the half-year in which it was held. What lies
//! further back and lacks one stays visible as missed; it cannot be made up for, and nothing is
//! concluded from it here.

use crate::domain::time::Date;

/// Months between two reviews of an activist (细则 Art. 11, in both editions).
pub const REVIEW_MONTHS: u8 = 6;

/// Periods that are counted at most; a century and a half of half-years.
const MOST: u32 = 300;

/// The periods from one day on, each with what was held for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// The first day of the first period is the one after this.
    pub from: Date,
    /// Months of a period.
    pub months: u8,
    /// In order: all that have ended by today, and the one that runs.
    pub periods: Vec<Period>,
    /// Held besides: more than one in a period, or before the first began.
    pub extra: Vec<Date>,
}

/// A period of so many months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its number, from 1.
    pub number: u32,
    /// The day after which it began.
    pub after: Date,
    /// Its last day, on which it is due.
    pub due: Date,
    /// What was held for it.
    pub held: Option<Date>,
    /// How it stands today.
    pub state: PeriodState,
}

/// How a period stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PeriodState {
    /// Held in time.
    InTime,
    /// Held in the next period instead.
    Late,
    /// Not held, and the next period has ended too.
    Missed,
    /// Not held, and the next period runs: it can still be made up for.
    Overdue,
    /// It runs, and nothing has been held for it.
    Open,
}

impl PeriodState {
    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::InTime => "已按时",
            Self::Late => "已补",
            Self::Missed => "缺",
            Self::Overdue => "已过期，待补",
            Self::Open => "未到期",
        }
    }
}

impl Period {
    /// Whether it still has to be held: it runs, or it can be made up for.
    pub fn is_open(&self) -> bool {
        matches!(self.state, PeriodState::Open | PeriodState::Overdue)
    }
}

/// Every day on which it is due, up to and with `until`: `months` after `from`, twice as many, and
/// so on. None for 0 months.
pub fn due_days(from: Date, months: u8, until: Date) -> Vec<Date> {
    if months == 0 {
        return Vec::new();
    }
    (1..=MOST)
        .map(|number| nth(from, months, number))
        .take_while(|due| *due <= until)
        .collect()
}

fn nth(from: Date, months: u8, number: u32) -> Date {
    // At most 300 × 255.
    from.add_months((number * u32::from(months)) as i32)
}

impl Rhythm {
    /// How it stands today: every `months` from the day `from`, and held on these days (in any
    /// order; days after today are left aside). Of 0 months nothing ever is due.
    pub fn of(from: Date, months: u8, held: &[Date], today: Date) -> Self {
        let mut periods: Vec<Period> = Vec::new();
        let mut extra = Vec::new();
        let ended = due_days(from, months, today.add_days(-1));
        let running = (months > 0 && ended.len() < MOST as usize && from <= today)
            .then(|| nth(from, months, ended.len() as u32 + 1));
        let mut after = from;
        for (due, number) in ended.into_iter().chain(running).zip(1..) {
            periods.push(Period {
                number,
                after,
                due,
                held: None,
                state: PeriodState::Open,
            });
            after = due;
        }
        let mut held: Vec<Date> = held.iter().copied().filter(|day| *day <= today).collect();
        held.sort_unstable();
        for day in held {
            let in_it = periods
                .iter()
                .position(|period| period.after < day && day <= period.due);
            let taken = in_it.and_then(|at| {
                let just_ended = at.checked_sub(1).filter(|before| periods[*before].held.is_none());
                just_ended.or(Some(at)).filter(|at| periods[*at].held.is_none())
            });
            match taken {
                Some(at) => periods[at].held = Some(day),
                None => extra.push(day),
            }
        }
        let count = periods.len();
        for (at, period) in periods.iter_mut().enumerate() {
            period.state = match period.held {
                Some(day) if day <= period.due => PeriodState::InTime,
                Some(_) => PeriodState::Late,
                None if today <= period.due => PeriodState::Open,
                None if at + 2 >= count => PeriodState::Overdue,
                None => PeriodState::Missed,
            };
        }
        Self {
            from,
            months,
            periods,
            extra,
        }
    }

    /// The next day on which it is due, from today on: that of the period that runs or, when it was
    /// held already, of the one after. `None` where nothing is counted.
    pub fn next(&self) -> Option<Date> {
        self.next_period().map(|(_, due)| due)
    }

    /// The period that ends on that day: the day after which it begins, and its last day.
    pub fn next_period(&self) -> Option<(Date, Date)> {
        let last = self.periods.last()?;
        if last.state == PeriodState::Open {
            return Some((last.after, last.due));
        }
        Some((last.due, nth(self.from, self.months, last.number + 1)))
    }

    /// The period that has ended and can still be made up for.
    pub fn overdue(&self) -> Option<&Period> {
        self.periods
            .iter()
            .find(|period| period.state == PeriodState::Overdue)
    }

    /// The periods that have no review and can have none any more.
    pub fn missed(&self) -> impl Iterator<Item = &Period> {
        self.periods
            .iter()
            .filter(|period| period.state == PeriodState::Missed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn days(texts: &[&str]) -> Vec<Date> {
        texts.iter().map(|text| day(text)).collect()
    }

    fn states(rhythm: &Rhythm) -> Vec<PeriodState> {
        rhythm.periods.iter().map(|period| period.state).collect()
    }

    #[test]
    fn half_years_are_counted_from_the_day_of_confirmation() {
        // Six months after 31 August is the end of February; the next does not drift to the 28th.
        assert_eq!(
            due_days(day("2025-08-31"), 6, day("2027-02-28")),
            days(&["2026-02-28", "2026-08-31", "2027-02-28"])
        );
        assert_eq!(due_days(day("2025-08-31"), 6, day("2026-02-27")), []);
        assert_eq!(due_days(day("2025-08-31"), 0, day("2027-02-28")), []);
    }

    #[test]
    fn nothing_held_is_open_then_overdue_then_missed() {
        let at = |today: &str| Rhythm::of(day("2025-03-15"), 6, &[], day(today));
        assert_eq!(states(&at("2025-09-15")), [PeriodState::Open]);
        let rhythm = at("2025-09-16");
        assert_eq!(states(&rhythm), [PeriodState::Overdue, PeriodState::Open]);
        assert_eq!(rhythm.overdue().unwrap().due, day("2025-09-15"));
        assert_eq!(rhythm.next(), Some(day("2026-03-15")));
        assert_eq!(
            states(&at("2026-03-16")),
            [PeriodState::Missed, PeriodState::Overdue, PeriodState::Open]
        );
        assert_eq!(at("2026-03-16").missed().count(), 1);
        // Before the day of confirmation there is nothing.
        assert_eq!(at("2025-03-14").next(), None);
    }

    #[test]
    fn a_late_review_makes_up_for_the_half_year_that_has_just_ended() {
        let held = days(&["2025-09-20", "2026-03-20"]);
        let rhythm = Rhythm::of(day("2025-03-15"), 6, &held, day("2026-04-01"));
        assert_eq!(
            states(&rhythm),
            [PeriodState::Late, PeriodState::Late, PeriodState::Open]
        );
        assert_eq!(rhythm.next(), Some(day("2026-09-15")));
        // One review after years makes up for the last half-year only.
        let rhythm = Rhythm::of(day("2024-01-01"), 6, &days(&["2026-01-10"]), day("2026-01-11"));
        assert_eq!(
            states(&rhythm),
            [
                PeriodState::Missed,
                PeriodState::Missed,
                PeriodState::Missed,
                PeriodState::Late,
                PeriodState::Open
            ]
        );
    }

    #[test]
    fn a_second_review_in_a_half_year_counts_for_no_other() {
        let held = days(&["2025-03-15", "2025-06-20", "2025-06-01"]);
        let rhythm = Rhythm::of(day("2025-03-15"), 6, &held, day("2025-07-01"));
        assert_eq!(states(&rhythm), [PeriodState::InTime]);
        assert_eq!(rhythm.periods[0].held, Some(day("2025-06-01")));
        assert_eq!(rhythm.extra, days(&["2025-03-15", "2025-06-20"]));
        assert_eq!(rhythm.next(), Some(day("2026-03-15")));
        // On the last day is in time; a day in the future is no review.
        let rhythm = Rhythm::of(
            day("2025-03-15"),
            6,
            &days(&["2025-09-15", "2027-01-01"]),
            day("2025-09-15"),
        );
        assert_eq!(states(&rhythm), [PeriodState::InTime]);
        assert_eq!(rhythm.extra, []);
    }

    proptest! {
        #[test]
        fn one_more_review_never_leaves_more_open(
            from in 10_000i64..20_000,
            months in 1u8..=12,
            held in proptest::collection::vec(0i64..3_000, 0..12),
            more in 0i64..3_000,
            today in 0i64..3_000,
        ) {
            let date = |days: i64| Date::from_days(from + days).unwrap();
            let mut all: Vec<Date> = held.iter().map(|days| date(*days)).collect();
            let lacking = |rhythm: &Rhythm| rhythm.periods.iter().filter(|period| period.held.is_none()).count();
            let before = Rhythm::of(date(0), months, &all, date(today));
            all.push(date(more));
            let after = Rhythm::of(date(0), months, &all, date(today));
            prop_assert!(lacking(&after) <= lacking(&before));
            // Every review has one place, and the periods join.
            let placed = after.periods.iter().filter(|period| period.held.is_some()).count();
            prop_assert_eq!(placed + after.extra.len(), all.iter().filter(|day| **day <= date(today)).count());
            prop_assert!(after.periods.windows(2).all(|pair| pair[0].due == pair[1].after));
            prop_assert!(after.next().is_some_and(|next| next >= date(today)));
            prop_assert!(after.periods.iter().all(|period| period.held.is_none_or(|day| day > period.after)));
        }

        #[test]
        fn it_never_panics(from in -719_162i64..2_932_896, months in any::<u8>(), today in -719_162i64..2_932_896, held in proptest::collection::vec(-719_162i64..2_932_896, 0..9)) {
            let date = |days: i64| Date::from_days(days).unwrap();
            let held: Vec<Date> = held.into_iter().map(date).collect();
            let rhythm = Rhythm::of(date(from), months, &held, date(today));
            let _ = rhythm.next();
            prop_assert!(rhythm.periods.len() <= 300);
        }
    }
}
