//! A lesson as an HTML fragment: goals, text, confusions, questions to think about, sources.

use xuedang::domain::course::lint::draft::LessonDraft;
use xuedang::domain::course::{Citation, Source, SourceState};
use xuedang::domain::time::Date;
use xuedang::format::markdown::escape;

/// `body` is the rendered text.
pub(crate) fn fragment(lesson: &LessonDraft, body: &str, sources: &[Source]) -> String {
    let mut html = section("goals", "学习目标", &list("ul", &lesson.goals));
    html += &format!("<div class=\"lesson-body\">\n{body}</div>\n");
    html += &section("confusions", "易混易错", &list("ul", &lesson.confusions));
    html += &section("think", "思考题", &list("ol", &lesson.think));
    let checked = format!("<p class=\"checked\">核对日期：{}</p>\n", day(&lesson.checked));
    html += &section(
        "sources",
        "依据",
        &(citations(&lesson.sources, sources) + &checked),
    );
    html
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

fn state_class(state: SourceState) -> &'static str {
    match state {
        SourceState::InForce => "in-force",
        SourceState::Basis => "basis",
        SourceState::Replaced => "replaced",
    }
}
