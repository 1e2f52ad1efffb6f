//! Where something is written.

use crate::domain::course::{Citation, Source, SourceState, cite};
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
pub(in crate::ui) fn citations(out: &mut Markup, sources: &[Source], citations: &[Citation]) {
    html!(out, "<ul class=\"citations\">");
    for citation in citations {
        html!(out, "<li>", cite(sources, citation));
        if let Some(source) = sources.iter().find(|source| source.id == citation.source) {
            state_chip(out, source);
        }
        html!(out, "</li>");
    }
    html!(out, "</ul>");
}
