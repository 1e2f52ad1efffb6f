//! What stands beside the lessons: timeline, glossary, procedure, and to whom to apply.

use super::draft::{CourseDraft, Draft, Origin, Sheet};
use super::ids::check_kind;
use super::{Diagnostic, Place, check_date, check_text};
use crate::domain::course::timeline::{SORTS, rough_date};
use crate::domain::procedure::whom::ASKS;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(course: &CourseDraft, found: &mut Vec<Diagnostic>) {
    timeline(course, found);
    glossary(course, found);
    whom(course, found);
    procedures(course, found);
}

/// What every sheet has: when and against what it was checked, and entries with ids.
fn check_sheet<'a, T>(
    sheet: &'a Sheet<T>,
    kind: &str,
    id: impl Fn(&'a T) -> &'a str,
    found: &mut Vec<Diagnostic>,
) {
    if sheet.origin.line == 0 {
        return; // There is no such file.
    }
    check_date(&sheet.checked, sheet.origin.place("checked", ""), found);
    check_text(
        &sheet.against,
        "核对所依据的文本（against）",
        sheet.origin.place("against", ""),
        found,
    );
    let ids = sheet
        .entries
        .iter()
        .map(|draft| (id(&draft.what), draft.origin.place("id", id(&draft.what))));
    check_kind(kind, ids, found);
}

/// Reports blank texts: field, what the author knows it as, the text.
fn check_texts(origin: &Origin, id: &str, texts: &[(&str, &str, &str)], found: &mut Vec<Diagnostic>) {
    for (field, name, text) in texts {
        check_text(text, name, origin.place(field, id), found);
    }
}

/// Characters that a note on a term may have: it shows over the text of a lesson.
const NOTE: std::ops::RangeInclusive<usize> = 8..=160;

/// Warns of a text that is too short or too long.
pub(super) fn check_length(
    text: &str,
    range: std::ops::RangeInclusive<usize>,
    name: &str,
    place: Place,
    found: &mut Vec<Diagnostic>,
) {
    let count = text.trim().chars().count();
    if count > 0 && !range.contains(&count) {
        found.push(Diagnostic::warning(
            place,
            "length",
            format!(
                "{name}有 {count} 个字，应在 {} 到 {} 之间",
                range.start(),
                range.end()
            ),
            "太短就写清楚，太长就精简",
        ));
    }
}

fn unknown(place: Place, what: &str, id: &str, hint: String) -> Diagnostic {
    Diagnostic::error(place, "unknown", format!("没有{what}“{id}”"), hint)
}

fn check_lesson(course: &CourseDraft, id: &str, place: Place, found: &mut Vec<Diagnostic>) {
    let mut lessons = course.modules.iter().flat_map(|module| &module.lessons);
    if lessons.all(|lesson| lesson.id != id) {
        found.push(unknown(place, "课", id, "写课的编号，如 dangzhang-nature".into()));
    }
}

fn timeline(course: &CourseDraft, found: &mut Vec<Diagnostic>) {
    check_sheet(&course.timeline, "大事", |event| &event.id, found);
    let mut before = "";
    for Draft { origin, what: event } in &course.timeline.entries {
        let place = |field| origin.place(field, &event.id);
        let texts = [
            ("title", "标题（title）", event.title.as_str()),
            ("text", "内容（text）", &event.text),
        ];
        check_texts(origin, &event.id, &texts, found);
        for (field, date) in [("date", &event.date), ("until", &event.until)] {
            if rough_date(date).is_none() && !(field == "until" && date.is_empty()) {
                found.push(Diagnostic::error(
                    place(field),
                    "date",
                    format!("日期“{date}”不存在或写法不对"),
                    "写成 1935、1935-01 或 1935-01-15",
                ));
            }
        }
        if event.date.as_str() < before || (!event.until.is_empty() && event.until < event.date) {
            found.push(Diagnostic::error(
                place("date"),
                "order",
                "大事没有按先后排列，或结束早于开始",
                "按日期先后排列",
            ));
        }
        before = &event.date;
        if SORTS.iter().all(|(sort, _)| *sort != event.sort) {
            let sorts = SORTS.map(|(sort, _)| sort).join("、");
            found.push(unknown(
                place("sort"),
                "类别",
                &event.sort,
                format!("可写：{sorts}"),
            ));
        }
        if !(1..=3).contains(&event.level) {
            found.push(Diagnostic::error(
                place("level"),
                "level",
                format!("级别是 {}，应为 1、2 或 3", event.level),
                "1 转折，2 重要，3 其他",
            ));
        }
        for lesson in &event.lessons {
            check_lesson(course, lesson, place("lessons"), found);
        }
    }
}

fn glossary(course: &CourseDraft, found: &mut Vec<Diagnostic>) {
    check_sheet(&course.glossary, "词条", |term| &term.id, found);
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for Draft { origin, what: term } in &course.glossary.entries {
        let texts = [
            ("term", "词（term）", term.term.as_str()),
            ("text", "释义（text）", &term.text),
        ];
        check_texts(origin, &term.id, &texts, found);
        check_lesson(course, &term.lesson, origin.place("lesson", &term.id), found);
        check_length(&term.text, NOTE, "释义", origin.place("text", &term.id), found);
        for spelling in term.spellings() {
            if let Some(other) = seen.insert(spelling, &term.id) {
                found.push(Diagnostic::error(
                    origin.place("term", &term.id),
                    "duplicate-term",
                    format!("“{spelling}”已经是词条 {other} 的写法"),
                    "一个写法只能属于一个词条",
                ));
            }
        }
    }
}

fn whom(course: &CourseDraft, found: &mut Vec<Diagnostic>) {
    check_sheet(&course.whom, "情形", |case| &case.id, found);
    let mut seen = BTreeSet::new();
    for Draft { origin, what: case } in &course.whom.entries {
        let texts = [
            ("who", "群体（who）", case.who.as_str()),
            ("situation", "情形（situation）", &case.situation),
            ("answer", "答案（answer）", &case.answer),
        ];
        check_texts(origin, &case.id, &texts, found);
        if ASKS.iter().all(|(ask, _)| *ask != case.ask) {
            let asks = ASKS.map(|(ask, _)| ask).join("、");
            found.push(unknown(
                origin.place("ask", &case.id),
                "问题",
                &case.ask,
                format!("可写：{asks}"),
            ));
        }
        if !seen.insert((&case.ask, &case.who, &case.situation)) {
            found.push(Diagnostic::error(
                origin.place("situation", &case.id),
                "duplicate-case",
                "同一群体的同一情形已经有了",
                "合并两处，或写清两种情形的区别",
            ));
        }
    }
}

fn procedures(course: &CourseDraft, found: &mut Vec<Diagnostic>) {
    let mut steps = BTreeSet::new();
    for draft in &course.procedures {
        let origin = &draft.steps.origin;
        if course.sources.iter().all(|known| known.source.id != draft.source) {
            found.push(unknown(
                origin.place("source", ""),
                "文件",
                &draft.source,
                "先在 sources.toml 里登记".into(),
            ));
        }
        check_sheet(&draft.steps, "步骤", |step| &step.id, found);
        let stages = draft
            .stages
            .iter()
            .map(|stage| (stage.what.id.as_str(), stage.origin.place("id", &stage.what.id)));
        check_kind("阶段", stages, found);
        for Draft { origin, what: stage } in &draft.stages {
            check_texts(
                origin,
                &stage.id,
                &[("title", "阶段名（title）", stage.title.as_str())],
                found,
            );
        }
        for Draft { origin, what: step } in &draft.steps.entries {
            steps.insert(step.id.as_str());
            let texts = [
                ("title", "步骤名（title）", step.title.as_str()),
                ("who", "办理者（who）", &step.who),
                ("what", "内容（what）", &step.what),
            ];
            check_texts(origin, &step.id, &texts, found);
            if draft.stages.iter().all(|stage| stage.what.id != step.stage) {
                found.push(unknown(
                    origin.place("stage", &step.id),
                    "阶段",
                    &step.stage,
                    "在同一个文件里写 [[stage]]".into(),
                ));
            }
        }
    }
    check_sheet(&course.differences, "变化", |difference| &difference.id, found);
    for Draft { origin, what } in &course.differences.entries {
        let texts = [
            ("title", "标题（title）", what.title.as_str()),
            ("old", "原来（old）", &what.old),
            ("new", "现在（new）", &what.new),
        ];
        check_texts(origin, &what.id, &texts, found);
        if !what.step.is_empty() && !steps.contains(what.step.as_str()) {
            found.push(unknown(
                origin.place("step", &what.id),
                "步骤",
                &what.step,
                "写步骤的编号，或留空".into(),
            ));
        }
    }
}
