//! help.rs

use leptos::prelude::*;

/// HelpPage.
#[component]
pub(in crate::ui) fn HelpPage() -> impl IntoView {
    view! { <h1>"HelpPage"</h1> }
}
