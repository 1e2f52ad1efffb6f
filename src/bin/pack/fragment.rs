//! A lesson as an HTML fragment: what it rests on, goals, text, the events it speaks of,
//! confusions, questions to think about, sources.

use crate::beside::event_span;
use xuedang::domain::course::lint::draft::LessonDraft;
use xuedang::domain::course::timeline::TimelineEvent;
use xuedang::domain::course::{Citation, Source, SourceState};
use xuedang::domain::time::Date;
use xuedang::format::markdown::escape;

/// `body` is the rendered text, `events` are those of the timeline that name the lesson.
pub(crate) fn fragment(
    lesson: &LessonDraft,
    body: &str,
    sources: &[Source],
    events: &[&TimelineEvent],
) -> String {
    let mut html = rests_on(lesson, sources);
    html += &section("goals", "学习目标", &list("ul", &lesson.goals));
    html += &format!("<div class=\"lesson-body\">\n{body}</div>\n");
    if !events.is_empty() {
        let entries: String = events
            .iter()
            .map(|event| {
                format!(
                    "<li>{} <a href=\"#/timeline/{}\">{}</a></li>\n",
                    event_span(event),
                    event.id,
                    escape(&event.title)
                )
            })
            .collect();
        html += &section("lesson-events", "本课大事", &format!("<ul>\n{entries}</ul>\n"));
    }
    html += &section("confusions", "易混易错", &list("ul", &lesson.confusions));
    html += &section("think", "思考题", &list("ol", &lesson.think));
    html += &section(
        "sources",
        "依据",
        &(citations(&lesson.sources, sources) + &checked(&lesson.checked, &lesson.against)),
    );
    html
}

/// When and against what something was checked.
pub(crate) fn checked(date: &str, against: &str) -> String {
    format!(
        "<p class=\"checked\">核对日期：{}；对照：{}</p>\n",
        day(date),
        escape(against)
    )
}

/// What a lesson rests on and as of when, in one line; the clauses are at its end.
fn rests_on(lesson: &LessonDraft, sources: &[Source]) -> String {
    let mut known: Vec<&Source> = Vec::new();
    for citation in &lesson.sources {
        let source = sources.iter().find(|source| source.id == citation.source);
        known.extend(source.filter(|source| known.iter().all(|other| other.id != source.id)));
    }
    let names: Vec<String> = known
        .iter()
        .map(|source| match source.state {
            SourceState::Replaced => format!(
                "{}<strong class=\"mark\">（已被替代）</strong>",
                escape(&source.short)
            ),
            _ => escape(&source.short).into_owned(),
        })
        .collect();
    format!(
        "<p class=\"rests-on\">依据：{}。{}核对。</p>\n",
        names.join("、"),
        day(&lesson.checked)
    )
}

fn section(class: &str, title: &str, inner: &str) -> String {
    format!("<section class=\"{class}\" aria-label=\"{title}\">\n<h2>{title}</h2>\n{inner}</section>\n")
}

fn list(tag: &str, entries: &[String]) -> String {
    let entries: String = entries
        .iter()
        .map(|entry| format!("<li>{}</li>\n", escape(entry)))
        .collect();
    format!("<{tag}>\n{entries}</{tag}>\n")
}

/// A day for people and for machines.
pub(crate) fn day(iso: &str) -> String {
    let shown = Date::parse(iso).map_or_else(|| iso.to_owned(), Date::chinese);
    format!("<time datetime=\"{}\">{}</time>", escape(iso), escape(&shown))
}

/// One entry for each source, its clauses together, in the order in which they are cited.
pub(crate) fn citations(citations: &[Citation], sources: &[Source]) -> String {
    let mut cited: Vec<(&Source, Vec<String>)> = Vec::new();
    for citation in citations {
        let Some(source) = sources.iter().find(|source| source.id == citation.source) else {
            continue;
        };
        let mark = citation
            .mark
            .as_ref()
            .map(|mark| format!("<strong class=\"mark\">（{}）</strong>", escape(mark)));
        let clause = format!(
            "<span class=\"clause\">{}</span>{}",
            escape(&citation.clause),
            mark.unwrap_or_default()
        );
        match cited.iter_mut().find(|(known, _)| known.id == source.id) {
            Some((_, clauses)) => clauses.push(clause),
            None => cited.push((source, vec![clause])),
        }
    }
    let entries: String = cited.iter().map(|(source, clauses)| {
        format!(
            "<li><cite>{}</cite> {}<span class=\"edition\">{}</span><span class=\"state {}\">{}</span></li>\n",
            escape(&source.title),
            clauses.join("、"),
            escape(&source.edition),
            state_class(source.state),
            source.state.label(),
        )
    }).collect();
    format!("<ul>\n{entries}</ul>\n")
}

pub(crate) fn state_class(state: SourceState) -> &'static str {
    match state {
        SourceState::InForce => "in-force",
        SourceState::Basis => "basis",
        SourceState::Replaced => "replaced",
    }
}
