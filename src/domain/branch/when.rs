//! Dates as people write them in rosters: whole, or only a month or a year, and never made more
//! precise than they were written.
//!
//! What cannot be a date, or could be two, is doubtful with the reason and with what it could be;
//! nothing is guessed silently.

use super::field::widths;
use crate::domain::time::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A day, a month or a year. In numbers `YYYYMMDD`, with zeros for what was not written, so that
/// it sorts and packs into four bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct When(u32);

/// The years that a roster of living people can speak of.
const YEARS: std::ops::RangeInclusive<u16> = 1900..=2100;

impl When {
    /// A whole day, of the years 1900–2100.
    pub fn day(date: Date) -> Option<Self> {
        let (year, month, day) = parts(date);
        YEARS.contains(&year).then(|| Self::pack(year, month, day))
    }

    /// A month, of the years 1900–2100.
    pub fn month(year: u16, month: u8) -> Option<Self> {
        (YEARS.contains(&year) && (1..=12).contains(&month)).then(|| Self::pack(year, month, 0))
    }

    /// A year, 1900–2100.
    pub fn year(year: u16) -> Option<Self> {
        YEARS.contains(&year).then(|| Self::pack(year, 0, 0))
    }

    /// From [`Self::bits`]; `None` for what no calendar has.
    pub fn from_bits(bits: u32) -> Option<Self> {
        let year = u16::try_from(bits / 10_000).ok()?;
        let (month, day) = ((bits / 100 % 100) as u8, (bits % 100) as u8);
        match (month, day) {
            (0, 0) => Self::year(year),
            (_, 0) => Self::month(year, month),
            _ => Self::day(Date::new(year, month, day)?),
        }
    }

    /// `YYYYMMDD`, zeros for what was not written; never 0.
    pub fn bits(self) -> u32 {
        self.0
    }

    /// The day, when it is a whole one.
    pub fn whole(self) -> Option<Date> {
        let (year, month, day) = self.split();
        Date::new(year, month, day)
    }

    /// The first day that it can be.
    pub fn earliest(self) -> Option<Date> {
        let (year, month, day) = self.split();
        Date::new(year, month.max(1), day.max(1))
    }

    /// The last day that it can be.
    pub fn latest(self) -> Option<Date> {
        let (year, month, day) = self.split();
        let month = if month == 0 { 12 } else { month };
        if day != 0 {
            return Date::new(year, month, day);
        }
        (28..=31).rev().find_map(|day| Date::new(year, month, day))
    }

    /// Whether the other says the same more precisely, or just as precisely.
    pub fn covers(self, other: Self) -> bool {
        let (mine, theirs) = (self.split(), other.split());
        mine.0 == theirs.0 && (mine.1 == 0 || mine.1 == theirs.1) && (mine.2 == 0 || mine.2 == theirs.2)
    }

    /// Year, month or 0, day or 0.
    pub fn split(self) -> (u16, u8, u8) {
        (
            (self.0 / 10_000) as u16,
            (self.0 / 100 % 100) as u8,
            (self.0 % 100) as u8,
        )
    }

    /// The bits of what `Display` writes, 0 for anything else.
    pub(super) fn typed(text: &str) -> u32 {
        match Self::read(text, Habit::default()) {
            Reading::Is(when) => when.0,
            _ => 0,
        }
    }

    fn pack(year: u16, month: u8, day: u8) -> Self {
        Self(u32::from(year) * 10_000 + u32::from(month) * 100 + u32::from(day))
    }
}

fn parts(date: Date) -> (u16, u8, u8) {
    (date.year(), date.month(), date.day_of_month())
}

impl TryFrom<u32> for When {
    type Error = &'static str;
    fn try_from(bits: u32) -> Result<Self, Self::Error> {
        Self::from_bits(bits).ok_or("a date: want YYYYMMDD")
    }
}

impl From<When> for u32 {
    fn from(when: When) -> u32 {
        when.0
    }
}

/// `2025-03-01`, `2025-03` or `2025`.
impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.split() {
            (year, 0, _) => write!(f, "{year}"),
            (year, month, 0) => write!(f, "{year}-{month:02}"),
            (year, month, day) => write!(f, "{year}-{month:02}-{day:02}"),
        }
    }
}

impl fmt::Debug for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// In which order a date is written when its year does not stand first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// 3/1/25 is 1 March.
    MonthDayYear,
    /// 3/1/25 is 3 January.
    DayMonthYear,
    /// 3/1/25 is 25 January 2003.
    YearMonthDay,
}

impl Order {
    const ALL: [Self; 3] = [Self::MonthDayYear, Self::DayMonthYear, Self::YearMonthDay];

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::MonthDayYear => "月/日/年",
            Self::DayMonthYear => "日/月/年",
            Self::YearMonthDay => "年/月/日",
        }
    }
}

/// How a column writes its dates, found from all its texts before any of them is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habit {
    /// Orders that every date of the column could have (bits by place in `Order::ALL`), of dates
    /// with a year of two digits, and of dates that end in a year of four.
    short: u8,
    long: u8,
    /// Whether months below ten are written with a zero: then 2025.1 has lost one.
    zeros: bool,
    /// Whether the workbook counts days from 1904.
    pub from_1904: bool,
}

impl Default for Habit {
    fn default() -> Self {
        Self {
            short: 0b111,
            long: 0b011,
            zeros: false,
            from_1904: false,
        }
    }
}

impl Habit {
    /// Nothing known of the column, in a workbook that counts days from 1904 or not.
    pub fn new(from_1904: bool) -> Self {
        Self {
            from_1904,
            ..Self::default()
        }
    }

    /// Notes one text of the column.
    pub fn note(&mut self, text: &str) {
        let Some(numbers) = numbers(text) else { return };
        match numbers[..] {
            [a, b] if a.digits == 4 && b.digits == 2 && b.value < 10 => self.zeros = true,
            [a, b, c] if a.digits <= 2 && b.digits <= 2 && matches!(c.digits, 2 | 4) => {
                let mut fits = 0;
                for (at, order) in Order::ALL.into_iter().enumerate() {
                    if order_of([a, b, c], order).is_some() {
                        fits |= 1 << at;
                    }
                }
                if c.digits == 4 {
                    self.long &= fits;
                } else {
                    self.short &= fits;
                }
            }
            _ => {}
        }
    }

    /// The order that the column shows beyond doubt, for dates whose year has two digits or four.
    pub fn order(self, long: bool) -> Option<Order> {
        let bits = if long { self.long } else { self.short };
        (bits.count_ones() == 1).then(|| Order::ALL[bits.trailing_zeros() as usize])
    }
}

/// Why a text is no date that can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// Nothing that looks like a date.
    NoDate,
    /// The calendar has no such day.
    NoSuchDay,
    /// Year, month and day could stand in several orders.
    Order,
    /// The year has two digits.
    ShortYear,
    /// There is no year.
    NoYear,
    /// October or January: a number that ends in .1 may have lost its zero.
    LostZero,
    /// More than one date.
    Several,
    /// A year before 1900 or after 2100.
    FarYear,
    /// A number of the spreadsheet that is no day.
    Serial,
}

impl WhyNot {
    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::NoDate => "看不出是日期",
            Self::NoSuchDay => "日历上没有这一天",
            Self::Order => "年月日的顺序看不准",
            Self::ShortYear => "年份只有两位",
            Self::NoYear => "没有年份",
            Self::LostZero => "可能是 1 月，也可能是末尾少了 0 的 10 月",
            Self::Several => "不止一个日期",
            Self::FarYear => "年份不在 1900—2100 年之间",
            Self::Serial => "这个数字不是日期",
        }
    }
}

/// What a cell of a date column says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Nothing: empty, 无, —.
    Nothing,
    /// A date.
    Is(When),
    /// Something that somebody must look at, and what it could be.
    Doubt(WhyNot, Vec<When>),
}

/// Whether a text says that there is nothing.
pub fn is_nothing(text: &str) -> bool {
    matches!(
        text.trim_matches(|sign: char| sign.is_whitespace() || matches!(sign, '（' | '）' | '(' | ')' | '。')),
        "" | "无" | "無" | "空" | "暂无" | "没有" | "／" | "/" | "\\" | "＼" | "-" | "--" | "---" | "－" | "—"
            | "——" | "———" | "–" | "一一" | "―" | "N/A" | "n/a" | "NA" | "NULL" | "null" | "不详"
            | "未知" | "待定" | "暂缺" | "不适用" | "未填"
    )
}

impl When {
    /// Reads a text of a date column.
    pub fn read(text: &str, habit: Habit) -> Reading {
        if is_nothing(text) || matches!(text.trim(), "未推优" | "非团员") {
            return Reading::Nothing;
        }
        let Some(numbers) = numbers(text) else {
            return Reading::Doubt(WhyNot::NoDate, Vec::new());
        };
        read_numbers(&numbers, habit)
    }

    /// Reads a number of a date column: a day's number, or digits such as 20250301 or 2025.03.
    /// `shown` are the parts that the cell's number format shows, `None` where it is no format of
    /// dates.
    pub fn read_number(value: f64, shown: Option<Shown>, habit: Habit) -> Reading {
        let serial = |shown: Shown| match serial(value, habit.from_1904) {
            None => Reading::Doubt(WhyNot::Serial, Vec::new()),
            Some(date) => {
                let (year, month, _) = parts(date);
                let when = match shown {
                    Shown { day: true, .. } => Self::day(date),
                    Shown { month: true, .. } => Self::month(year, month),
                    Shown { year: true, .. } => Self::year(year),
                    _ => return Reading::Doubt(WhyNot::Serial, Vec::new()),
                };
                when.map_or(Reading::Doubt(WhyNot::FarYear, Vec::new()), Reading::Is)
            }
        };
        if let Some(shown) = shown {
            return serial(shown);
        }
        if !value.is_finite() || value < 0.0 {
            return Reading::Doubt(WhyNot::Serial, Vec::new());
        }
        let whole = value.fract() == 0.0;
        if (10_000.0..80_000.0).contains(&value) {
            return serial(Shown::ALL);
        }
        if whole && value < 100_000_000.0 {
            return Self::read(&format!("{value:.0}"), habit);
        }
        if (1900.0..2101.0).contains(&value) {
            let text = format!("{value}");
            // A number cannot say whether it ends in a zero.
            return match Self::read(&text, habit) {
                Reading::Is(when) if text.ends_with(".1") => {
                    let (year, ..) = when.split();
                    lost_zero(year)
                }
                other => other,
            };
        }
        Reading::Doubt(WhyNot::Serial, Vec::new())
    }
}

/// The parts of a date that a number format shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The year.
    pub year: bool,
    /// The month.
    pub month: bool,
    /// The day.
    pub day: bool,
}

impl Shown {
    /// A whole date.
    pub const ALL: Self = Self {
        year: true,
        month: true,
        day: true,
    };
}

/// The day of a spreadsheet's number; days are counted from 1899-12-30 (but for the 29 February
/// 1900 that there never was) or from 1904-01-01. The time of day is left out.
fn serial(value: f64, from_1904: bool) -> Option<Date> {
    if !value.is_finite() || !(0.0..3_000_000.0).contains(&value) {
        return None;
    }
    let days = value.floor() as i64;
    // 1899-12-30 and 1904-01-01, counted from 1970-01-01.
    let from = match (from_1904, days) {
        (true, _) => -24_107,
        (false, 0 | 60) => return None,
        (false, 1..60) => -25_568,
        (false, _) => -25_569,
    };
    Date::from_days(from + days)
}

fn lost_zero(year: u16) -> Reading {
    let months = [When::month(year, 10), When::month(year, 1)];
    Reading::Doubt(WhyNot::LostZero, months.into_iter().flatten().collect())
}

/// A number in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Number {
    value: u32,
    /// How many digits it had; a month in letters has 0.
    digits: u8,
    /// 年, 月 or 日 behind it, or `M` for a month in letters.
    unit: char,
}

/// The numbers of a date's text; `None` when there is anything else in it.
fn numbers(text: &str) -> Option<Vec<Number>> {
    // Nobody writes a date in more.
    if text.len() > 120 {
        return None;
    }
    let text = widths(text);
    let text = without_time(text.trim().trim_end_matches(['。', '.', ',', ';', '、', '号']));
    let mut found: Vec<Number> = Vec::new();
    let mut signs = text.chars().peekable();
    while let Some(&sign) = signs.peek() {
        if sign.is_ascii_digit() {
            let mut number = Number {
                value: 0,
                digits: 0,
                unit: ' ',
            };
            while let Some(digit) = signs.peek().and_then(|sign| sign.to_digit(10)) {
                number.value = number.value.checked_mul(10)?.checked_add(digit)?;
                number.digits = number.digits.checked_add(1)?;
                signs.next();
            }
            found.push(number);
        } else if let Some(first) = chinese_digit(sign) {
            let mut word = vec![first];
            signs.next();
            while let Some(next) = signs.peek().and_then(|sign| chinese_digit(*sign)) {
                word.push(next);
                signs.next();
            }
            found.push(chinese_number(&word)?);
        } else if sign.is_ascii_alphabetic() {
            let mut word = String::new();
            while let Some(letter) = signs.peek().filter(|sign| sign.is_ascii_alphabetic()) {
                word.push(letter.to_ascii_lowercase());
                signs.next();
            }
            found.push(Number {
                value: month_name(&word)?,
                digits: 0,
                unit: 'M',
            });
        } else {
            signs.next();
            match sign {
                '年' | '月' | '日' | '号' => {
                    let last = found.last_mut().filter(|last| last.unit == ' ')?;
                    last.unit = if sign == '号' { '日' } else { sign };
                }
                '.' | '-' | '/' | '\\' | ' ' | ',' | '·' | '、' | '。' | '—' | '–' | '−' | '~' | '\'' =>
                    {}
                _ => return None,
            }
        }
        if found.len() > 6 {
            return None;
        }
    }
    (!found.is_empty()).then_some(found)
}

/// What stands before a time of day.
fn without_time(text: &str) -> &str {
    let Some(colon) = text.find(':') else { return text };
    let before = text[..colon].trim_end_matches(|sign: char| sign.is_ascii_digit());
    before.trim_end_matches([' ', 'T', '日']).trim_end()
}

/// 0–9, 10 for 十, 20 for 廿, 30 for 卅.
fn chinese_digit(sign: char) -> Option<u8> {
    Some(match sign {
        '〇' | '零' | '○' | 'Ｏ' | '◯' => 0,
        '一' | '元' | '壹' => 1,
        '二' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        '十' | '拾' => 10,
        '廿' => 20,
        '卅' => 30,
        _ => return None,
    })
}

/// 二〇二五 by its digits, 二十三 by its tens.
fn chinese_number(word: &[u8]) -> Option<Number> {
    let tens = word.iter().position(|digit| *digit >= 10);
    let value = match (tens, word) {
        (None, _) if word.len() <= 8 => word.iter().fold(0, |sum, digit| sum * 10 + u32::from(*digit)),
        (Some(0), [ten]) => u32::from(*ten),
        (Some(0), [ten, one @ 0..=9]) => u32::from(*ten) + u32::from(*one),
        (Some(1), [count @ 1..=9, 10]) => u32::from(*count) * 10,
        (Some(1), [count @ 1..=9, 10, one @ 0..=9]) => u32::from(*count) * 10 + u32::from(*one),
        _ => return None,
    };
    let digits = if tens.is_some() { 2 } else { word.len() as u8 };
    Some(Number {
        value,
        digits,
        unit: ' ',
    })
}

fn month_name(word: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    if word.len() < 3 {
        return None;
    }
    let at = NAMES
        .iter()
        .position(|name| name.starts_with(word) || (word == "sept" && *name == "september"))?;
    Some(at as u32 + 1)
}

/// Two digits of a year as spreadsheets take them: 00–29 are of this century.
fn century(value: u32) -> u32 {
    match value {
        0..30 => 2000 + value,
        30..100 => 1900 + value,
        _ => value,
    }
}

fn day_of(year: u32, month: u32, day: u32) -> Option<When> {
    let (year, month, day) = (
        u16::try_from(year).ok()?,
        u8::try_from(month).ok()?,
        u8::try_from(day).ok()?,
    );
    When::day(Date::new(year, month, day)?)
}

fn month_of(year: u32, month: u32) -> Option<When> {
    When::month(u16::try_from(year).ok()?, u8::try_from(month).ok()?)
}

fn order_of([a, b, c]: [Number; 3], order: Order) -> Option<When> {
    match order {
        Order::MonthDayYear => day_of(century(c.value), a.value, b.value),
        Order::DayMonthYear => day_of(century(c.value), b.value, a.value),
        Order::YearMonthDay if c.digits <= 2 => day_of(century(a.value), b.value, c.value),
        Order::YearMonthDay => None,
    }
}

fn read_numbers(numbers: &[Number], habit: Habit) -> Reading {
    let doubt = |why, could: &[Option<When>]| {
        let mut list: Vec<When> = Vec::new();
        for when in could.iter().flatten() {
            if !list.contains(when) {
                list.push(*when);
            }
        }
        Reading::Doubt(why, list)
    };
    let far = |year: u32| !u16::try_from(year).is_ok_and(|year| YEARS.contains(&year));
    let sure = |when: Option<When>, year: u32| match when {
        Some(when) => Reading::Is(when),
        None if far(year) => doubt(WhyNot::FarYear, &[]),
        None => doubt(WhyNot::NoSuchDay, &[]),
    };
    match *numbers {
        [one] => read_one(one, habit, &doubt, &sure),
        // A month in letters.
        [a, b] if a.unit == 'M' || b.unit == 'M' => {
            let (month, other) = if a.unit == 'M' { (a, b) } else { (b, a) };
            match other.digits {
                4 => sure(month_of(other.value, month.value), other.value),
                _ => doubt(WhyNot::Order, &[month_of(century(other.value), month.value)]),
            }
        }
        [a, b, c] if [a, b, c].iter().any(|number| number.unit == 'M') => {
            let (month, day, year) = if a.unit == 'M' { (a, b, c) } else { (b, a, c) };
            match year.digits {
                4 => sure(day_of(year.value, month.value, day.value), year.value),
                _ => doubt(
                    WhyNot::ShortYear,
                    &[day_of(century(year.value), month.value, day.value)],
                ),
            }
        }
        [a, b] if a.unit == '月' || b.unit == '日' => doubt(WhyNot::NoYear, &[]),
        [a, b] if a.digits == 4 => {
            let lost = habit.zeros && b.digits == 1 && b.value == 1 && a.unit == ' ';
            if lost {
                return lost_zero(a.value as u16);
            }
            sure(month_of(a.value, b.value).filter(|_| b.digits <= 2), a.value)
        }
        [a, b] if b.digits == 4 && a.digits <= 2 => sure(month_of(b.value, a.value), b.value),
        [a, b] if a.unit == '年' => doubt(WhyNot::ShortYear, &[month_of(century(a.value), b.value)]),
        [a, b] => doubt(
            WhyNot::NoYear,
            &[month_of(century(a.value), b.value).filter(|_| a.digits == 2 && a.value > 12)],
        ),
        [a, b, c] if a.digits == 4 => sure(day_of(a.value, b.value, c.value), a.value),
        [a, b, c] if a.digits <= 2 && b.digits <= 2 && matches!(c.digits, 1 | 2 | 4) => {
            let long = c.digits == 4;
            if a.unit == '年' {
                return doubt(WhyNot::ShortYear, &[order_of([a, b, c], Order::YearMonthDay)]);
            }
            let could = Order::ALL.map(|order| order_of([a, b, c], order));
            let sole = could.iter().flatten().count() == 1;
            match habit.order(long).and_then(|order| order_of([a, b, c], order)) {
                Some(when) => Reading::Is(when),
                // 25/12/2025 can be read one way only, whatever the others are.
                None if long && sole => sure(could.into_iter().flatten().next(), c.value),
                None if could.iter().flatten().next().is_none() => {
                    sure(None, if long { c.value } else { 2000 })
                }
                None if long && could[0] == could[1] => sure(could[0], c.value),
                None => doubt(WhyNot::Order, &could),
            }
        }
        [a, _, c, ..] if numbers.len() >= 4 && (a.digits == 4 || c.digits == 4) => {
            doubt(WhyNot::Several, &[])
        }
        _ => doubt(WhyNot::NoDate, &[]),
    }
}

fn read_one(
    one: Number,
    habit: Habit,
    doubt: &dyn Fn(WhyNot, &[Option<When>]) -> Reading,
    sure: &dyn Fn(Option<When>, u32) -> Reading,
) -> Reading {
    let value = one.value;
    match (one.digits, one.unit) {
        (_, '月' | '日' | 'M') => doubt(WhyNot::NoYear, &[]),
        (8, ' ') => sure(
            day_of(value / 10_000, value / 100 % 100, value % 100),
            value / 10_000,
        ),
        (6, ' ') => {
            let month = month_of(value / 100, value % 100);
            let short = day_of(century(value / 10_000), value / 100 % 100, value % 100);
            match (month, short) {
                // 200105 is May 2001: nobody writes 5 January 2020 like that.
                (Some(month), _) => Reading::Is(month),
                (None, None) => doubt(WhyNot::NoSuchDay, &[]),
                (None, _) => doubt(WhyNot::ShortYear, &[short]),
            }
        }
        (5, ' ') => match serial(f64::from(value), habit.from_1904).and_then(When::day) {
            Some(when) => Reading::Is(when),
            None => doubt(WhyNot::Serial, &[]),
        },
        (4, ' ' | '年') => sure(u16::try_from(value).ok().and_then(When::year), value),
        (2, '年') => doubt(
            WhyNot::ShortYear,
            &[u16::try_from(century(value)).ok().and_then(When::year)],
        ),
        _ => doubt(WhyNot::NoDate, &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is(text: &str) -> String {
        match When::read(text, Habit::default()) {
            Reading::Nothing => "无".into(),
            Reading::Is(when) => when.to_string(),
            Reading::Doubt(why, could) => format!("{why:?} {could:?}"),
        }
    }

    #[test]
    fn dates_that_people_write() {
        for (text, want) in [
            ("2025/3/1", "2025-03-01"),
            ("2025-03-01", "2025-03-01"),
            ("2025.3.1", "2025-03-01"),
            ("2025.03.01.", "2025-03-01"),
            ("2025年3月1日", "2025-03-01"),
            ("2025 年 3 月 1 日", "2025-03-01"),
            ("2025年3月1号", "2025-03-01"),
            ("20250301", "2025-03-01"),
            ("２０２５年３月１日", "2025-03-01"),
            ("２０２５．０３", "2025-03"),
            ("二〇二五年三月一日", "2025-03-01"),
            ("二○二五年十二月三十一日", "2025-12-31"),
            ("二零二五年三月", "2025-03"),
            ("二〇二五年十月廿三日", "2025-10-23"),
            ("2025.03", "2025-03"),
            ("2025-3", "2025-03"),
            ("2025/03", "2025-03"),
            ("2025年3月", "2025-03"),
            ("202503", "2025-03"),
            ("2025.1", "2025-01"),
            ("2025", "2025"),
            ("2025年", "2025"),
            ("45717", "2025-03-01"),
            ("2025-03-01 00:00:00", "2025-03-01"),
            ("2025-03-01T08:30:00", "2025-03-01"),
            ("2025/3/1 8:30", "2025-03-01"),
            ("3/2025", "2025-03"),
            ("25/12/2024", "2024-12-25"),
            ("12/25/2024", "2024-12-25"),
            ("3/3/2025", "2025-03-03"),
            ("1-Mar-2025", "2025-03-01"),
            ("Mar 1, 2025", "2025-03-01"),
            ("Sept 2025", "2025-09"),
            ("2024年2月29日", "2024-02-29"),
            ("无", "无"),
            ("—", "无"),
            ("——", "无"),
            ("/", "无"),
            ("（空）", "无"),
            ("　", "无"),
            ("3/1/25", "Order [2025-03-01, 2025-01-03, 2003-01-25]"),
            ("3/4/2025", "Order [2025-03-04, 2025-04-03]"),
            ("25年3月", "ShortYear [2025-03]"),
            ("98年5月1日", "ShortYear [1998-05-01]"),
            ("Mar-25", "Order [2025-03]"),
            ("3月1日", "NoYear []"),
            ("三月", "NoYear []"),
            ("2025-02-29", "NoSuchDay []"),
            ("2025年13月1日", "NoSuchDay []"),
            ("2025.13", "NoSuchDay []"),
            ("20250230", "NoSuchDay []"),
            ("32/13/2025", "NoSuchDay []"),
            ("1025-03-01", "FarYear []"),
            ("2025.3-2025.6", "Several []"),
            ("大二上学期", "NoDate []"),
            ("待核实2025", "NoDate []"),
            ("990501", "ShortYear [1999-05-01]"),
            ("7", "NoDate []"),
        ] {
            assert_eq!(is(text), want, "{text:?}");
        }
    }

    #[test]
    fn a_column_says_itself_in_which_order_it_is_written() {
        let mut habit = Habit::default();
        ["3/1/25", "12/25/24", "无", "7/8/25"]
            .iter()
            .for_each(|text| habit.note(text));
        assert_eq!(habit.order(false), Some(Order::MonthDayYear));
        assert_eq!(When::read("3/1/25", habit), Reading::Is(When(20_250_301)));
        let mut british = Habit::default();
        ["3/1/2025", "25/12/2024"]
            .iter()
            .for_each(|text| british.note(text));
        assert_eq!(When::read("3/1/2025", british), Reading::Is(When(20_250_103)));
        let mut unclear = Habit::default();
        ["3/1/25", "25/12/24", "12/25/24"]
            .iter()
            .for_each(|text| unclear.note(text));
        assert!(matches!(
            When::read("3/1/25", unclear),
            Reading::Doubt(WhyNot::Order, _)
        ));
        let mut zeros = Habit::default();
        zeros.note("2025.03");
        assert!(matches!(
            When::read("2025.1", zeros),
            Reading::Doubt(WhyNot::LostZero, _)
        ));
        assert_eq!(When::read("2025年1月", zeros), Reading::Is(When(20_250_100)));
    }

    #[test]
    fn numbers_of_spreadsheets() {
        let number = |value: f64| When::read_number(value, None, Habit::default());
        assert_eq!(number(45_717.0), Reading::Is(When(20_250_301)));
        assert_eq!(number(45_717.75), Reading::Is(When(20_250_301)));
        assert_eq!(number(20_250_301.0), Reading::Is(When(20_250_301)));
        assert_eq!(number(202_503.0), Reading::Is(When(20_250_300)));
        assert_eq!(number(2025.03), Reading::Is(When(20_250_300)));
        assert_eq!(number(2025.0), Reading::Is(When(20_250_000)));
        assert!(matches!(number(2025.1), Reading::Doubt(WhyNot::LostZero, _)));
        assert!(matches!(number(-3.0), Reading::Doubt(WhyNot::Serial, _)));
        assert!(matches!(number(f64::NAN), Reading::Doubt(WhyNot::Serial, _)));
        let mac = Habit {
            from_1904: true,
            ..Habit::default()
        };
        assert_eq!(
            When::read_number(44_255.0, None, mac),
            Reading::Is(When(20_250_301))
        );
        let month = Shown {
            year: true,
            month: true,
            day: false,
        };
        assert_eq!(
            When::read_number(45_717.0, Some(month), Habit::default()),
            Reading::Is(When(20_250_300))
        );
        let time = Shown::default();
        assert!(matches!(
            When::read_number(0.5, Some(time), Habit::default()),
            Reading::Doubt(..)
        ));
        assert_eq!(serial(59.0, false).unwrap().to_string(), "1900-02-28");
        assert_eq!(serial(60.0, false), None, "29 February 1900 never was");
        assert_eq!(serial(61.0, false).unwrap().to_string(), "1900-03-01");
    }

    proptest! {
        #[test]
        fn dates_round_trip(days in -25_567i64..47_800) {
            let date = Date::from_days(days).unwrap();
            let when = When::day(date).unwrap();
            prop_assert_eq!(When::from_bits(when.bits()), Some(when));
            prop_assert_eq!(when.whole(), Some(date));
            let (year, month, day) = when.split();
            for text in [
                when.to_string(), date.chinese(), format!("{year}/{month}/{day}"), format!("{year}.{month}.{day}"),
                format!("{year}{month:02}{day:02}"), format!("{year}-{month:02}-{day:02} 00:00:00"),
            ] {
                prop_assert_eq!(When::read(&text, Habit::default()), Reading::Is(when), "{}", text);
            }
            for text in [format!("{year}年{month}月"), format!("{year}.{month:02}"), format!("{year}-{month}")] {
                prop_assert_eq!(When::read(&text, Habit::default()), Reading::Is(When::month(year, month).unwrap()), "{}", text);
            }
            if days > -25_508 {
                let number = (days + 25_569) as f64;
                prop_assert_eq!(When::read_number(number, Some(Shown::ALL), Habit::default()), Reading::Is(when));
            }
            prop_assert!(When::month(year, month).unwrap().covers(when) && when.earliest() == when.latest());
        }

        #[test]
        fn nothing_panics(text in "\\PC{0,12}|[0-9年月日./-]{0,14}|[〇一二三十廿年月日]{0,9}", value in any::<f64>()) {
            let mut habit = Habit::default();
            habit.note(&text);
            let _ = When::read(&text, habit);
            let _ = When::read_number(value, None, habit);
            let _ = When::read_number(value, Some(Shown::ALL), habit);
        }
    }
}
