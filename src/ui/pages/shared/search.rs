//! search.rs

use leptos::prelude::*;

/// SearchPage.
#[component]
pub(in crate::ui) fn SearchPage() -> impl IntoView {
    view! { <h1>"SearchPage"</h1> }
}
