//! record.rs

use leptos::prelude::*;

/// RecordPage.
#[component]
pub(in crate::ui) fn RecordPage() -> impl IntoView {
    view! { <h1>"RecordPage"</h1> }
}
