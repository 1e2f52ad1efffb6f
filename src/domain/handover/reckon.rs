//! Cultivation counted on across units: a sum of days, with its gaps and overlaps. Arithmetic only;
//! what it means is for the organisation to decide (细则, Art. 12 and 13).

use super::Period;
use crate::domain::sort_by;
use crate::domain::time::Date;

/// Periods added up. Days are whole calendar days; the first and the last of a period both count,
/// and a day at two units counts once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reckoning {
    /// Day of confirmation as activist: what is before it does not count.
    pub confirmed: Option<Date>,
    /// Until and with this day.
    pub until: Date,
    /// Days at some unit.
    pub counted: u32,
    /// Days between at none.
    pub in_gaps: u32,
    /// The gaps, in order of day.
    pub gaps: Vec<Gap>,
    /// Days at two units at a time, but for the single day on which one hands over to the next.
    pub overlaps: Vec<Overlap>,
    /// When a year is full, in two ways; `None` without a day of confirmation.
    pub year: Option<Year>,
}

/// Days at no unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The first.
    pub from: Date,
    /// The last.
    pub to: Date,
    /// How many.
    pub days: u32,
    /// The unit before; `None` when it is the time between confirmation and the first unit.
    pub after: Option<String>,
    /// The unit behind; `None` when nothing follows.
    pub before: Option<String>,
}

/// Days at two units at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// The first.
    pub from: Date,
    /// The last.
    pub to: Date,
    /// How many.
    pub days: u32,
    /// The two.
    pub units: [String; 2],
}

/// When a year of cultivation (Art. 13: 一年以上) is full, whichever way gaps are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Year {
    /// The days of that year: 365 or 366.
    pub needed: u32,
    /// The day of confirmation a year later, gaps and all.
    pub by_calendar: Date,
    /// The day after as many counted days; from [`Reckoning::until`] on without a further gap.
    pub by_days: Date,
}

impl Reckoning {
    /// Adds up; `periods` in any order.
    pub fn of(confirmed: Option<Date>, periods: &[Period], until: Date) -> Self {
        let mut spans: Vec<(i64, i64, &str)> = Vec::new();
        for period in periods {
            let from = confirmed.map_or(period.from, |day| day.max(period.from)).days();
            let to = period.to.min(until).days();
            if from <= to {
                spans.push((from, to, &period.unit));
            }
        }
        sort_by(&mut spans, |a, b| a.cmp(b));

        let mut found = Self {
            confirmed,
            until,
            counted: 0,
            in_gaps: 0,
            gaps: Vec::new(),
            overlaps: Vec::new(),
            year: None,
        };
        // Stretches without a gap: first and last day.
        let mut stretches: Vec<(i64, i64)> = Vec::new();
        // The last day reached, and at which unit.
        let mut reached: Option<(i64, Option<&str>)> = confirmed.map(|day| (day.days() - 1, None));
        for (at, &(from, to, unit)) in spans.iter().enumerate() {
            for &(other_from, other_to, other) in &spans[..at] {
                let (first, last) = (from.max(other_from), to.min(other_to));
                if first < last {
                    found.put_overlap(first, last, [other, unit]);
                }
            }
            if let Some((last, after)) = reached {
                found.put_gap(last + 1, from - 1, after, Some(unit));
            }
            match stretches.last_mut() {
                Some((_, last)) if from <= *last + 1 => *last = to.max(*last),
                _ => stretches.push((from, to)),
            }
            if reached.is_none_or(|(last, _)| to > last) {
                reached = Some((to, Some(unit)));
            }
        }
        if let Some((last, after)) = reached {
            found.put_gap(last + 1, until.days(), after, None);
        }
        let counted: i64 = stretches.iter().map(|(from, to)| to - from + 1).sum();
        found.counted = short(counted);
        found.in_gaps = found.gaps.iter().map(|gap| gap.days).sum();
        found.year = confirmed.and_then(|day| year(day, &stretches, counted, until));
        found
    }

    fn put_gap(&mut self, from: i64, to: i64, after: Option<&str>, before: Option<&str>) {
        if let (true, Some(first), Some(last)) = (from <= to, Date::from_days(from), Date::from_days(to)) {
            self.gaps.push(Gap {
                from: first,
                to: last,
                days: short(to - from + 1),
                after: after.map(str::to_owned),
                before: before.map(str::to_owned),
            });
        }
    }

    fn put_overlap(&mut self, from: i64, to: i64, units: [&str; 2]) {
        if let (Some(first), Some(last)) = (Date::from_days(from), Date::from_days(to)) {
            self.overlaps.push(Overlap {
                from: first,
                to: last,
                days: short(to - from + 1),
                units: units.map(str::to_owned),
            });
        }
    }

    /// The sum in words.
    pub fn sum_text(&self) -> String {
        let since = self.confirmed.map_or_else(
            || "没有写明确定为入党积极分子的日期，按填写的各段".to_owned(),
            |day| format!("自 {day}（确定为入党积极分子之日）起"),
        );
        let Self {
            until,
            counted,
            in_gaps,
            ..
        } = self;
        format!(
            "{since}，算到 {until}：在各单位培养共 {counted} 天，间断共 {in_gaps} 天。起止当天都算；同一天在两个单位的只算一次。"
        )
    }

    /// When a year is full, in words: both ways of looking at gaps; and that it concludes nothing.
    pub fn year_text(&self) -> Vec<String> {
        let Some((year, confirmed)) = self.year.zip(self.confirmed) else {
            return vec!["没有写明确定为入党积极分子的日期，算不出满一年的日期。".into()];
        };
        let ahead = |day: Date| {
            if day > self.until {
                format!("（按 {} 以后不再间断推算）", self.until)
            } else {
                String::new()
            }
        };
        vec![
            format!(
                "不扣间断：{confirmed} 往后一年，是 {}。",
                year.by_calendar
            ),
            format!(
                "扣除间断：从 {confirmed} 起数满 {} 个有单位培养的日子，是 {}{}。",
                year.needed,
                year.by_days,
                ahead(year.by_days)
            ),
            "这只是日期的算法，不是结论：间断是否计入、能否连续计算，由现党组织审查决定；满一年也不等于可以列为发展对象（细则第十二、十三条）。".into(),
        ]
    }
}

impl Gap {
    /// In words.
    pub fn text(&self) -> String {
        let place = match (&self.after, &self.before) {
            (None, Some(unit)) => format!("确定为入党积极分子之后、到「{unit}」之前"),
            (Some(unit), Some(next)) if unit == next => format!("在「{unit}」的两段之间"),
            (Some(unit), Some(next)) => format!("「{unit}」与「{next}」之间"),
            (Some(unit), None) => format!("「{unit}」之后"),
            (None, None) => "确定为入党积极分子之后".to_owned(),
        };
        let days = self.days;
        if days == 1 {
            format!("{place}间断 1 天：{}", self.from)
        } else {
            format!("{place}间断 {days} 天：{} 至 {}", self.from, self.to)
        }
    }
}

impl Overlap {
    /// In words.
    pub fn text(&self) -> String {
        let [one, other] = &self.units;
        format!(
            "「{one}」与「{other}」重叠 {} 天：{} 至 {}，只算一次，请核对日期",
            self.days, self.from, self.to
        )
    }
}

/// A year from that day, and when as many days have been counted.
fn year(confirmed: Date, stretches: &[(i64, i64)], counted: i64, until: Date) -> Option<Year> {
    let by_calendar = confirmed.add_months(12);
    let needed = by_calendar.days() - confirmed.days();
    let mut left = needed;
    let mut full = None;
    for (from, to) in stretches {
        let days = to - from + 1;
        if days >= left {
            full = Some(from + left);
            break;
        }
        left -= days;
    }
    let by_days = full.unwrap_or(until.days() + 1 + needed - counted);
    Some(Year {
        needed: short(needed),
        by_calendar,
        by_days: Date::from_days(by_days)?,
    })
}

fn short(days: i64) -> u32 {
    u32::try_from(days).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::Source;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn period(unit: &str, from: &str, to: &str) -> Period {
        Period {
            from: day(from),
            to: day(to),
            unit: unit.into(),
            source: Source::Typed,
        }
    }

    #[test]
    fn time_is_counted_on_across_units() {
        let periods = [
            period("乙", "2026-01-11", "2026-03-10"),
            period("甲", "2025-03-01", "2025-12-31"),
        ];
        let found = Reckoning::of(Some(day("2025-03-01")), &periods, day("2026-03-10"));
        assert_eq!((found.counted, found.in_gaps), (306 + 59, 10));
        assert_eq!(found.gaps.len(), 1);
        assert_eq!(
            found.gaps[0].text(),
            "「甲」与「乙」之间间断 10 天：2026-01-01 至 2026-01-10"
        );
        assert!(found.overlaps.is_empty());
        let year = found.year.unwrap();
        assert_eq!(year.by_calendar, day("2026-03-01"));
        assert_eq!((year.needed, year.by_days), (365, day("2026-03-11")));
        assert!(found.year_text().iter().any(|line| line.contains("不是结论")));
    }

    #[test]
    fn the_day_of_the_handing_over_is_no_overlap_and_counts_once() {
        let periods = [
            period("甲", "2026-01-01", "2026-01-31"),
            period("乙", "2026-01-31", "2026-02-10"),
        ];
        let found = Reckoning::of(None, &periods, day("2026-02-10"));
        assert_eq!((found.counted, found.in_gaps), (41, 0));
        assert!(found.overlaps.is_empty() && found.gaps.is_empty() && found.year.is_none());
        let periods = [periods[0].clone(), period("乙", "2026-01-30", "2026-02-10")];
        let found = Reckoning::of(None, &periods, day("2026-02-10"));
        assert_eq!(found.counted, 41);
        assert_eq!(
            found.overlaps[0].text(),
            "「甲」与「乙」重叠 2 天：2026-01-30 至 2026-01-31，只算一次，请核对日期"
        );
    }

    #[test]
    fn gaps_before_the_first_and_after_the_last_are_shown() {
        let periods = [period("甲", "2026-01-03", "2026-01-05")];
        let found = Reckoning::of(Some(day("2026-01-01")), &periods, day("2026-01-06"));
        let texts: Vec<String> = found.gaps.iter().map(Gap::text).collect();
        assert_eq!(
            texts,
            [
                "确定为入党积极分子之后、到「甲」之前间断 2 天：2026-01-01 至 2026-01-02",
                "「甲」之后间断 1 天：2026-01-06",
            ]
        );
        // What is before the confirmation does not count.
        let found = Reckoning::of(Some(day("2026-01-05")), &periods, day("2026-01-05"));
        assert_eq!((found.counted, found.gaps.len()), (1, 0));
    }

    #[test]
    fn leap_days_are_days() {
        let year = |confirmed: &str| {
            let whole = [period("甲", confirmed, "2030-01-01")];
            Reckoning::of(Some(day(confirmed)), &whole, day("2030-01-01"))
                .year
                .unwrap()
        };
        assert_eq!(year("2023-03-01").needed, 366);
        assert_eq!(year("2024-02-29").by_calendar, day("2025-02-28"));
        assert_eq!(year("2024-02-29").needed, 365);
        assert_eq!(year("2025-03-01").by_days, day("2026-03-01"));
    }

    fn some_periods() -> impl Strategy<Value = Vec<Period>> {
        let one = (0i64..1_500, 0i64..400, 0u8..4).prop_map(|(from, length, unit)| Period {
            from: Date::from_days(19_000 + from).unwrap(),
            to: Date::from_days(19_000 + from + length).unwrap(),
            unit: format!("单位{unit}"),
            source: Source::Typed,
        });
        proptest::collection::vec(one, 0..8)
    }

    proptest! {
        #[test]
        fn the_order_of_typing_does_not_matter(periods in some_periods(), confirmed in 0i64..1_500, until in 0i64..2_000, turn in 0usize..8) {
            let (confirmed, until) = (Date::from_days(19_000 + confirmed), Date::from_days(19_000 + until).unwrap());
            let mut other = periods.clone();
            other.reverse();
            let by = turn.min(other.len());
            other.rotate_left(by);
            prop_assert_eq!(Reckoning::of(confirmed, &periods, until), Reckoning::of(confirmed, &other, until));
        }

        #[test]
        fn every_day_counts_once_or_is_in_a_gap(periods in some_periods(), confirmed in 0i64..1_500, after in 0i64..2_000) {
            let (first, last) = (19_000 + confirmed, 19_000 + confirmed + after);
            let found = Reckoning::of(Date::from_days(first), &periods, Date::from_days(last).unwrap());
            let days: BTreeSet<i64> = (first..=last)
                .filter(|day| periods.iter().any(|period| (period.from.days()..=period.to.days()).contains(day)))
                .collect();
            prop_assert_eq!(found.counted as usize, days.len());
            prop_assert_eq!(i64::from(found.counted + found.in_gaps), last - first + 1);
            for gap in &found.gaps {
                prop_assert!((gap.from.days()..=gap.to.days()).all(|day| !days.contains(&day)));
            }
            // The year that is counted by days: that many of them lie before it.
            let year = found.year.unwrap();
            let before = days.iter().filter(|&&day| day < year.by_days.days()).count() as i64;
            let ahead = (year.by_days.days() - 1 - last).max(0);
            prop_assert_eq!(before + ahead, i64::from(year.needed));
            prop_assert!(year.by_days >= year.by_calendar);
            if found.gaps.is_empty() {
                prop_assert_eq!(year.by_days, year.by_calendar);
            }
        }

        #[test]
        fn overlaps_are_days_at_both(periods in some_periods(), until in 0i64..2_000) {
            let until = Date::from_days(19_000 + until).unwrap();
            let found = Reckoning::of(None, &periods, until);
            for overlap in &found.overlaps {
                for unit in &overlap.units {
                    let there = periods.iter().any(|period| &period.unit == unit && period.from <= overlap.from && overlap.to <= period.to);
                    prop_assert!(there && overlap.days > 1 && overlap.to <= until);
                }
            }
        }
    }
}
