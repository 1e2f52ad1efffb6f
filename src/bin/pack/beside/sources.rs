//! Every document: edition, state, and what cites it.

use super::lesson_link;
use crate::fragment::{day, state_class};
use xuedang::domain::course::lint::draft::{CourseDraft, Sheet};
use xuedang::domain::course::{Citation, Source};
use xuedang::format::markdown::escape;

pub(super) fn page(course: &CourseDraft, sources: &[Source]) -> String {
    let mut html = format!(
        "<p>课文和题目依据下列 {} 份文件编写，不是文件原文。文件更新后，引用旧版的地方标出“依据已更新”，您读过、答过的变为“待重新确认”。</p>\n<ul class=\"source-list\">\n",
        sources.len()
    );
    for source in sources {
        let cites = |citations: &[Citation]| citations.iter().any(|citation| citation.source == source.id);
        let lessons: Vec<String> = course
            .modules
            .iter()
            .flat_map(|module| &module.lessons)
            .filter(|lesson| cites(&lesson.sources))
            .filter_map(|lesson| lesson_link(course, &lesson.id))
            .collect();
        let questions = course
            .modules
            .iter()
            .filter_map(|module| module.bank.as_ref())
            .flat_map(|bank| &bank.questions)
            .filter(|draft| cites(&draft.question.cite))
            .count();
        let replaced = source
            .replaced_by
            .as_ref()
            .and_then(|id| sources.iter().find(|source| source.id == *id))
            .map(|new| format!("<p>已由{}替代。</p>", escape(&new.short)))
            .unwrap_or_default();
        let mut counts = format!("引用它的：课文 {} 节、题目 {questions} 道", lessons.len());
        let steps = course.procedures.iter().map(|draft| &draft.steps);
        for (name, unit, count) in [
            ("大事", "件", count(&course.timeline, |event| cites(&event.cite))),
            ("词条", "个", count(&course.glossary, |term| cites(&term.cite))),
            (
                "流程",
                "步",
                steps.map(|sheet| count(sheet, |step| cites(&step.cite))).sum(),
            ),
            (
                "版本变化",
                "处",
                count(&course.differences, |difference| cites(&difference.cite)),
            ),
            ("申请去向", "种", count(&course.whom, |case| cites(&case.cite))),
        ] {
            if count > 0 {
                counts += &format!("、{name} {count} {unit}");
            }
        }
        let list = match lessons.is_empty() {
            true => format!("<p class=\"event-more\">{counts}</p>"),
            false => format!(
                "<details><summary>{counts}</summary><p>{}</p></details>",
                lessons.join("、")
            ),
        };
        html += &format!(
            "<li id=\"{}\" tabindex=\"-1\"><h2>{} <span class=\"state {}\">{}</span></h2><p>{}（{}）</p>{replaced}{list}</li>\n",
            source.id,
            escape(&source.title),
            state_class(source.state),
            source.state.label(),
            escape(&source.edition),
            day(&source.issued),
        );
    }
    html + "</ul>\n"
}

/// How many entries of a sheet cite the document.
fn count<T>(sheet: &Sheet<T>, cites: impl Fn(&T) -> bool) -> usize {
    sheet.entries.iter().filter(|draft| cites(&draft.what)).count()
}
