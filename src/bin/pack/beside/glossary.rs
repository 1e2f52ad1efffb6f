//! The glossary, and its terms where they occur in lessons.

use super::{checked, cited, lesson_link};
use std::collections::BTreeMap;
use xuedang::domain::course::Source;
use xuedang::domain::course::glossary::{Term, first_places};
use xuedang::domain::course::lint::draft::CourseDraft;
use xuedang::format::markdown::escape;

pub(super) fn page(course: &CourseDraft, sources: &[Source]) -> String {
    let terms = course.glossary.things();
    if terms.is_empty() {
        return String::new();
    }
    // Ids are in pinyin, so that their first letter is the reader's.
    let mut letters: BTreeMap<char, Vec<&Term>> = BTreeMap::new();
    for term in &terms {
        let letter = term.id.chars().next().unwrap_or('?').to_ascii_uppercase();
        letters.entry(letter).or_default().push(term);
    }
    let mut html = format!(
        "<p>共 {} 个词条，按拼音排列。课文里第一次出现的词下面有虚线，点一下就能看到释义。</p>\n<nav class=\"letters\" aria-label=\"按拼音首字母\">",
        terms.len()
    );
    for letter in letters.keys() {
        html +=
            &format!("<a href=\"#/glossary/letter-{letter}\" data-anchor=\"letter-{letter}\">{letter}</a>");
    }
    html += "</nav>\n";
    for (letter, mut terms) in letters {
        terms.sort_by(|a, b| a.id.cmp(&b.id));
        html += &format!(
            "<section aria-labelledby=\"letter-{letter}\"><h2 id=\"letter-{letter}\" tabindex=\"-1\">{letter}</h2>\n<dl class=\"terms\">\n"
        );
        for term in terms {
            let also = match term.also.is_empty() {
                true => String::new(),
                false => format!("<small>也作：{}</small>", escape(&term.also.join("、"))),
            };
            let lesson = lesson_link(course, &term.lesson)
                .map(|link| format!("<span>课文：{link}</span>"))
                .unwrap_or_default();
            html += &format!(
                "<div id=\"{}\" tabindex=\"-1\"><dt>{}{also}</dt><dd>{}<p class=\"event-more\">{lesson}<span>依据：{}</span></p></dd></div>\n",
                term.id,
                escape(&term.term),
                escape(&term.text),
                cited(&term.cite, sources),
            );
        }
        html += "</dl></section>\n";
    }
    html + &checked(&course.glossary)
}

/// Terms where they first occur in a lesson's text, and for each a note that the style sheet
/// shows while the pointer or the focus is on it. Headings, tables and links are left alone.
pub(crate) fn mark(html: &str, terms: &[Term], lesson: &str) -> String {
    let stretches = paragraphs(html);
    let text: String = stretches
        .iter()
        .map(|(start, end)| format!("{}\n", &html[*start..*end]))
        .collect();
    let mut out = String::with_capacity(html.len() * 2);
    let mut at = 0;
    for (start, end, term) in first_places(&text, terms) {
        // Where the stretch stands in the whole.
        let mut offset = 0;
        let Some((from, passed)) = stretches.iter().find_map(|(from, to)| {
            let here = offset;
            offset += to - from + 1;
            (start < offset).then_some((*from, here))
        }) else {
            continue;
        };
        let (start, end) = (from + start - passed, from + end - passed);
        let term = &terms[term];
        // The lesson that teaches a term needs no note on it.
        if term.lesson == lesson {
            continue;
        }
        out += &html[at..start];
        out += &format!(
            "<span class=\"term\"><dfn tabindex=\"0\" aria-describedby=\"term-{}\">{}</dfn><span class=\"term-note\" role=\"note\" id=\"term-{}\">{}</span></span>",
            term.id,
            &html[start..end],
            term.id,
            escape(&term.text),
        );
        at = end;
    }
    out + &html[at..]
}

/// The stretches of plain text within `<p>` and `<li>`, outside every other element.
fn paragraphs(html: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let (mut open, mut at): (Vec<&str>, usize) = (Vec::new(), 0);
    while let Some(start) = html[at..].find('<').map(|start| at + start) {
        if start > at
            && matches!(open.last(), Some(&("p" | "li")))
            && !open.iter().any(|tag| matches!(*tag, "table" | "a"))
        {
            found.push((at, start));
        }
        let Some(end) = html[start..].find('>').map(|end| start + end) else {
            break;
        };
        let tag = &html[start + 1..end];
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or("");
        if tag.starts_with('/') {
            if let Some(place) = open.iter().rposition(|known| *known == name) {
                open.truncate(place);
            }
        } else if !tag.ends_with('/') && !matches!(name, "br" | "hr" | "img" | "input") {
            open.push(name);
        }
        at = end + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(id: &str, term: &str) -> Term {
        Term {
            id: id.into(),
            term: term.into(),
            also: Vec::new(),
            text: format!("{term}的意思"),
            cite: Vec::new(),
            lesson: "elsewhere".into(),
        }
    }

    #[test]
    fn terms_are_marked_once_and_only_in_plain_text() {
        let terms = [term("b", "党支部"), term("m", "培养联系人")];
        let html = "<h2 id=\"a\">党支部</h2><p>见<a href=\"#/x\">党支部</a>，<strong>党支部</strong>。党支部和党支部。</p><table><tr><td>培养联系人</td></tr></table><ul><li>培养联系人</li></ul>";
        let marked = mark(html, &terms, "here");
        assert_eq!(marked.matches("class=\"term\"").count(), 2);
        assert!(
            marked.contains(
                "。<span class=\"term\"><dfn tabindex=\"0\" aria-describedby=\"term-b\">党支部</dfn>"
            )
        );
        assert!(marked.contains(
            "<li><span class=\"term\"><dfn tabindex=\"0\" aria-describedby=\"term-m\">培养联系人</dfn>"
        ));
        assert!(marked.contains("<td>培养联系人</td>") && marked.contains("<h2 id=\"a\">党支部</h2>"));
        assert_eq!(mark(html, &[], "here"), html);
        assert_eq!(mark(html, &terms, "elsewhere"), html, "taught there");
    }
}
