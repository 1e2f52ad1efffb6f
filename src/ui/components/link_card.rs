//! A big link to another screen.

use crate::ui::route::Route;
use leptos::prelude::*;

/// An item of a list of links: its name and one line about it.
pub(in crate::ui) fn link_card(to: Route, label: &'static str, about: &'static str) -> AnyView {
    view! {
        <li><a class="link-card" href=to.to_string()><strong>{label}</strong><span class="muted">{about}</span></a></li>
    }
    .into_any()
}
