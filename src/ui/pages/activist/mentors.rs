//! mentors.rs

use leptos::prelude::*;

/// MentorsPage.
#[component]
pub(in crate::ui) fn MentorsPage() -> impl IntoView {
    view! { <h1>"MentorsPage"</h1> }
}
