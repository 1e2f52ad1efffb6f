//! settings.rs

use leptos::prelude::*;

/// SettingsPage.
#[component]
pub(in crate::ui) fn SettingsPage() -> impl IntoView {
    view! { <h1>"SettingsPage"</h1> }
}
