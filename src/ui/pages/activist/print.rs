//! print.rs

use leptos::prelude::*;

/// RecordPrintPage.
#[component]
pub(in crate::ui) fn RecordPrintPage() -> impl IntoView {
    view! { <h1>"RecordPrintPage"</h1> }
}
