//! module.rs

use leptos::prelude::*;

/// ModulePage.
#[component]
pub(in crate::ui) fn ModulePage(id: String) -> impl IntoView {
    view! { <h1>"ModulePage"</h1> }
}
