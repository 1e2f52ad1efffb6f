//! more.rs

use leptos::prelude::*;

/// MorePage.
#[component]
pub(in crate::ui) fn MorePage() -> impl IntoView {
    view! { <h1>"MorePage"</h1> }
}
