//! How far something has come, as a bar. Decoration to those who see it; the numbers stand beside it.

use crate::domain::study::progress::Figures;
use leptos::prelude::*;

/// The share of the work done.
pub(in crate::ui) fn bar(name: &str, figures: &Figures) -> AnyView {
    let done = figures.done();
    view! {
        <progress class="bar" max="100" value=done.to_string() aria-label=format!("{name}：完成 {done}%")></progress>
    }
    .into_any()
}
