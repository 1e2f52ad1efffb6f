//! log.rs

use leptos::prelude::*;

/// LogPage.
#[component]
pub(in crate::ui) fn LogPage() -> impl IntoView {
    view! { <h1>"LogPage"</h1> }
}
