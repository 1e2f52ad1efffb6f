//! practice.rs

use leptos::prelude::*;

/// PracticeHomePage.
#[component]
pub(in crate::ui) fn PracticeHomePage() -> impl IntoView {
    view! { <h1>"PracticeHomePage"</h1> }
}

/// PracticePage.
#[component]
pub(in crate::ui) fn PracticePage(scope: crate::ui::route::Scope) -> impl IntoView {
    view! { <h1>"PracticePage"</h1> }
}
