//! Where something is written.

use crate::domain::course::{Catalogue, Citation, Source, SourceState};
use crate::ui::markup::{Markup, html};

/// The state of a source as a chip.
fn state_chip(out: &mut Markup, source: &Source) {
    let class = match source.state {
        SourceState::InForce => "chip chip-ok",
        SourceState::Basis => "chip",
        SourceState::Replaced => "chip chip-warn",
    };
    html!(
        out,
        " <span class=\"",
        class,
        "\">",
        source.state.label(),
        "</span>"
    );
}

/// Citations in words, each with the state of its source.
pub(in crate::ui) fn citations(out: &mut Markup, course: &Catalogue, citations: &[Citation]) {
    html!(out, "<ul class=\"citations\">");
    for citation in citations {
        html!(out, "<li>", course.cite(citation));
        if let Some(source) = course.source(&citation.source) {
            state_chip(out, source);
        }
        html!(out, "</li>");
    }
    html!(out, "</ul>");
}

/// The sources behind citations, each once, with their state.
pub(in crate::ui) fn sources(out: &mut Markup, course: &Catalogue, citations: &[Citation]) {
    html!(out, "<ul class=\"citations citations-inline\">");
    for (at, citation) in citations.iter().enumerate() {
        let seen = citations[..at]
            .iter()
            .any(|earlier| earlier.source == citation.source);
        if let (false, Some(source)) = (seen, course.source(&citation.source)) {
            html!(out, "<li>", source.short);
            state_chip(out, source);
            html!(out, "</li>");
        }
    }
    html!(out, "</ul>");
}
