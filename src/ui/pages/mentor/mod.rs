//! mod.rs

use leptos::prelude::*;

/// MentorPage.
#[component]
pub(in crate::ui) fn MentorPage() -> impl IntoView {
    view! { <h1>"MentorPage"</h1> }
}

/// MenteePage.
#[component]
pub(in crate::ui) fn MenteePage(id: String) -> impl IntoView {
    view! { <h1>"MenteePage"</h1> }
}
