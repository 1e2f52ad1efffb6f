//! mod.rs

use leptos::prelude::*;

/// BranchPage.
#[component]
pub(in crate::ui) fn BranchPage() -> impl IntoView {
    view! { <h1>"BranchPage"</h1> }
}

/// MemberPage.
#[component]
pub(in crate::ui) fn MemberPage(id: String) -> impl IntoView {
    view! { <h1>"MemberPage"</h1> }
}
