//! Holidays: every day once, make-up days on weekends, every festival of a year there, notices
//! that are named.

use super::draft::{CourseDraft, Draft};
use super::{Diagnostic, Place, check_date, check_text};
use crate::domain::procedure::holiday::{Holiday, Notice};
use crate::domain::time::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What every year has (全国年节及纪念日放假办法).
const FESTIVALS: [&str; 7] = ["元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"];

/// The years of which there may be notices.
const YEARS: std::ops::RangeInclusive<u16> = 2000..=2100;

/// Days that a holiday lasts at most, and that a make-up day may be away from it.
const LONGEST: i64 = 10;
const FARTHEST: i64 = 20;

pub(super) fn check(course: &CourseDraft, found: &mut Vec<Diagnostic>) {
    let draft = &course.holidays;
    if draft.entries.origin.line == 0 {
        return; // There is no such file.
    }
    let origin = &draft.entries.origin;
    check_date(&draft.entries.checked, origin.place("checked", ""), found);
    check_text(
        &draft.entries.against,
        "核对所依据的文本（against）",
        origin.place("against", ""),
        found,
    );
    let notices = notices(&draft.notices, found);
    let mut days: BTreeMap<Date, &str> = BTreeMap::new();
    let mut festivals: BTreeMap<u16, BTreeSet<&str>> = BTreeMap::new();
    for Draft { origin, what } in &draft.entries.entries {
        let place = |field: &str| origin.place(field, &what.name);
        check_text(&what.name, "节日名称（name）", place("name"), found);
        let Some(year) = notices.get(what.notice.as_str()).copied() else {
            found.push(Diagnostic::error(
                place("notice"),
                "unknown",
                format!("没有登记通知“{}”", what.notice),
                "先用 [[notice]] 登记这份通知",
            ));
            continue;
        };
        let names = festivals.entry(year).or_default();
        names.extend(FESTIVALS.iter().filter(|name| what.name.contains(**name)));
        holiday(what, year, &place, &mut days, found);
    }
    for (number, year) in &notices {
        let known = festivals.get(year);
        let lacks = FESTIVALS
            .iter()
            .filter(|name| known.is_none_or(|known| !known.contains(*name)));
        let lacks: Vec<&str> = lacks.copied().collect();
        let first = notices.iter().find(|(_, other)| *other == year);
        if !lacks.is_empty() && first.is_some_and(|(first, _)| first == number) {
            found.push(Diagnostic::error(
                origin.place("", ""),
                "missing",
                format!("{year}年缺少{}", lacks.join("、")),
                "按通知补全；查不全的年份整年不写",
            ));
        }
    }
}

/// The years by the notices' numbers.
fn notices<'a>(drafts: &'a [Draft<Notice>], found: &mut Vec<Diagnostic>) -> BTreeMap<&'a str, u16> {
    let mut known = BTreeMap::new();
    for Draft { origin, what } in drafts {
        let place = |field: &str| origin.place(field, &what.number);
        check_text(&what.number, "通知文号（number）", place("number"), found);
        check_text(&what.title, "通知标题（title）", place("title"), found);
        check_date(&what.issued, place("issued"), found);
        if !YEARS.contains(&what.year) {
            found.push(Diagnostic::error(
                place("year"),
                "date",
                format!("年份“{}”写法不对", what.year),
                "写四位数字的年份",
            ));
        }
        if known.insert(what.number.as_str(), what.year).is_some() {
            found.push(Diagnostic::error(
                place("number"),
                "duplicate-id",
                format!("通知“{}”登记了两次", what.number),
                "删掉一处",
            ));
        }
    }
    known
}

fn holiday<'a>(
    what: &'a Holiday,
    year: u16,
    place: &dyn Fn(&str) -> Place,
    days: &mut BTreeMap<Date, &'a str>,
    found: &mut Vec<Diagnostic>,
) {
    check_date(&what.first, place("first"), found);
    check_date(&what.last, place("last"), found);
    for day in &what.work {
        check_date(day, place("work"), found);
    }
    let (Some(first), Some(last)) = (Date::parse(&what.first), Date::parse(&what.last)) else {
        return;
    };
    let length = last.days() - first.days() + 1;
    if !(1..=LONGEST).contains(&length) {
        found.push(Diagnostic::error(
            place("last"),
            "order",
            format!("{}从{}到{}，共{length}天", what.name, what.first, what.last),
            "最后一天不早于第一天，一个假期不超过十天",
        ));
        return;
    }
    // New Year's holiday may begin in the year before.
    let at_home = |day: Date| {
        let before = day.year() + 1 == year && day.month() == 12;
        day.year() == year || before || !YEARS.contains(&year)
    };
    let work: Vec<Date> = what.work.iter().filter_map(|day| Date::parse(day)).collect();
    if !work.iter().chain([&first, &last]).all(|day| at_home(*day)) {
        found.push(Diagnostic::error(
            place("first"),
            "date",
            format!("{}的日子不在{year}年", what.name),
            "核对年份；跨年的元旦记在后一年的通知下",
        ));
    }
    for day in &work {
        let away = (first.days() - day.days()).max(day.days() - last.days());
        if day.weekday() < 5 || !(1..=FARTHEST).contains(&away) {
            found.push(Diagnostic::error(
                place("work"),
                "work-day",
                format!("{day}不是{}前后的周末", what.name),
                "调休上班的日子是假期前后的星期六或者星期日",
            ));
        }
    }
    let off = (0..length).map(|count| (first.add_days(count), "first"));
    for (day, field) in off.chain(work.iter().map(|day| (*day, "work"))) {
        if let Some(other) = days.insert(day, &what.name) {
            found.push(Diagnostic::error(
                place(field),
                "duplicate-day",
                format!("{day}写了两次：{other}和{}", what.name),
                "同一天只能写一次；后来的通知改了的，只留后来的",
            ));
        }
    }
}
