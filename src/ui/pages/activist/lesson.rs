//! lesson.rs

use leptos::prelude::*;

/// LessonPage.
#[component]
pub(in crate::ui) fn LessonPage(id: String, anchor: Option<String>) -> impl IntoView {
    view! { <h1>"LessonPage"</h1> }
}
