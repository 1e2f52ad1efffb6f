//! Where something is written.

use crate::domain::course::{Catalogue, Citation, SourceState};
use leptos::prelude::*;

/// A state as a chip.
pub(in crate::ui) fn state_chip(state: SourceState) -> AnyView {
    let class = match state {
        SourceState::InForce => "chip chip-ok",
        SourceState::Basis => "chip",
        SourceState::Replaced => "chip chip-warn",
    };
    view! { <span class=class>{state.label()}</span> }.into_any()
}

/// Citations in words, each with the state of its source.
pub(in crate::ui) fn citations(course: &Catalogue, citations: &[Citation]) -> AnyView {
    let entries: Vec<_> = citations
        .iter()
        .map(|citation| {
            let chip = course
                .source(&citation.source)
                .map(|source| state_chip(source.state));
            view! { <li>{course.cite(citation)}" "{chip}</li> }.into_any()
        })
        .collect();
    view! { <ul class="citations">{entries}</ul> }.into_any()
}

/// The sources behind citations, each once, with their state.
pub(in crate::ui) fn sources(course: &Catalogue, citations: &[Citation]) -> AnyView {
    let mut seen: Vec<&str> = Vec::new();
    let mut entries = Vec::new();
    for source in citations
        .iter()
        .filter_map(|citation| course.source(&citation.source))
    {
        if !seen.contains(&source.id.as_str()) {
            seen.push(&source.id);
            entries.push(view! { <li>{source.short.clone()}" "{state_chip(source.state)}</li> }.into_any());
        }
    }
    view! { <ul class="citations citations-inline">{entries}</ul> }.into_any()
}
