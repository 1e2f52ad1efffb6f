//! Sources and citations.

use super::draft::{CourseDraft, Draft, Origin};
use super::{Diagnostic, check_date, check_text};
use crate::domain::course::{Citation, Source, SourceState, clause};

/// The mark that a citation of a replaced source must carry.
pub(super) const MARK: &str = "依据已更新";

pub(super) fn check(course: &CourseDraft, found: &mut Vec<Diagnostic>) {
    let known: Vec<&Source> = course.sources.iter().map(|draft| &draft.source).collect();
    for draft in &course.sources {
        check_source(&draft.source, &draft.origin, &known, found);
    }
    for module in &course.modules {
        check_all(
            &module.policy,
            &module.origin,
            "policy",
            &module.id,
            &known,
            found,
        );
        for lesson in &module.lessons {
            check_all(
                &lesson.sources,
                &lesson.origin,
                "sources",
                &lesson.id,
                &known,
                found,
            );
        }
        for draft in module.bank.iter().flat_map(|bank| &bank.questions) {
            let question = &draft.question;
            check_all(&question.cite, &draft.origin, "cite", &question.id, &known, found);
        }
    }
    for (origin, id, cite) in beside(course) {
        check_all(cite, origin, "cite", id, &known, found);
    }
}

/// The citations of what stands beside the lessons.
fn beside(course: &CourseDraft) -> Vec<(&Origin, &str, &[Citation])> {
    let mut all: Vec<(&Origin, &str, &[Citation])> = Vec::new();
    for Draft { origin, what } in &course.timeline.entries {
        all.push((origin, &what.id, &what.cite));
    }
    for Draft { origin, what } in &course.glossary.entries {
        all.push((origin, &what.id, &what.cite));
    }
    for Draft { origin, what } in &course.whom.entries {
        all.push((origin, &what.id, &what.cite));
    }
    for Draft { origin, what } in course.procedures.iter().flat_map(|draft| &draft.steps.entries) {
        all.push((origin, &what.id, &what.cite));
    }
    for Draft { origin, what } in &course.differences.entries {
        all.push((origin, &what.id, &what.cite));
    }
    all
}

fn check_source(source: &Source, origin: &Origin, known: &[&Source], found: &mut Vec<Diagnostic>) {
    let place = |field| origin.place(field, &source.id);
    for (text, field, name) in [
        (&source.title, "title", "文件全称"),
        (&source.short, "short", "文件简称"),
        (&source.edition, "edition", "版本说明"),
    ] {
        check_text(text, name, place(field), found);
    }
    check_date(&source.issued, place("issued"), found);
    match (&source.replaced_by, source.state) {
        (Some(new), _) if known.iter().all(|source| source.id != *new) => found.push(Diagnostic::error(
            place("replaced_by"),
            "source",
            format!("替代它的文件“{new}”没有登记"),
            "在 sources.toml 里登记新文件，或改正编号",
        )),
        (None, SourceState::Replaced) => found.push(Diagnostic::error(
            place("state"),
            "source",
            "已被替代的文件没有写明由哪个文件替代",
            "补上 replaced_by = \"新文件的编号\"",
        )),
        (Some(_), state) if state != SourceState::Replaced => found.push(Diagnostic::error(
            place("state"),
            "source",
            "写了 replaced_by，状态却不是 replaced",
            "改正 state，或去掉 replaced_by",
        )),
        _ => {}
    }
}

fn check_all(
    citations: &[Citation],
    origin: &Origin,
    field: &str,
    item: &str,
    known: &[&Source],
    found: &mut Vec<Diagnostic>,
) {
    if citations.is_empty() {
        found.push(Diagnostic::error(
            origin.place(field, item),
            "empty",
            format!("没有写依据（{field}）"),
            "至少写一处：{ source = \"文件编号\", clause = \"条款\" }",
        ));
    }
    for (number, citation) in citations.iter().enumerate() {
        let place = origin.place(&format!("{field}.{number}"), item);
        let Some(source) = known.iter().find(|source| source.id == citation.source) else {
            let ids: Vec<&str> = known.iter().map(|source| source.id.as_str()).collect();
            found.push(Diagnostic::error(
                place,
                "source",
                format!("依据的文件“{}”没有登记", citation.source),
                format!("可用的编号：{}", ids.join("、")),
            ));
            continue;
        };
        if let Err(error) = clause::parse(&citation.clause, source) {
            found.push(Diagnostic::error(
                place.clone(),
                "clause",
                format!(
                    "“{}”不是{}的条款：{}",
                    citation.clause,
                    source.title,
                    error.message()
                ),
                "对照原文核实条款后改正",
            ));
        }
        check_mark(citation, source, place, found);
    }
}

fn check_mark(citation: &Citation, source: &Source, place: super::Place, found: &mut Vec<Diagnostic>) {
    let replaced = source.state == SourceState::Replaced;
    let (message, hint) = match citation.mark.as_deref() {
        None if replaced => (
            format!("{}已被替代，引用它必须标明", source.short),
            format!(
                "改引 {}，或加上 mark = \"{MARK}\"",
                source.replaced_by.as_deref().unwrap_or("新文件")
            ),
        ),
        Some(MARK) if !replaced => (
            format!("{}没有被替代，不该标“{MARK}”", source.short),
            "去掉 mark".into(),
        ),
        Some(mark) if mark != MARK => (format!("不认识标记“{mark}”"), format!("标记只有一种：“{MARK}”")),
        _ => return,
    };
    found.push(Diagnostic::error(place, "mark", message, hint));
}
