//! home.rs

use leptos::prelude::*;

/// HomePage.
#[component]
pub(in crate::ui) fn HomePage() -> impl IntoView {
    view! { <h1>"HomePage"</h1> }
}
