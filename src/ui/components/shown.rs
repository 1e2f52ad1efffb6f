//! Pieces of markup that several screens show, and their places on the page.

use crate::ui::markup::{Markup, html};
use leptos::prelude::*;

/// Opens a table that scrolls within itself: its name for screen readers, and its columns.
pub(in crate::ui) fn table(out: &mut Markup, label: &str, headings: &[&str]) {
    html!(
        out,
        "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"",
        label,
        "\"><table>"
    );
    head(out, headings);
}

/// Ends what [`table`] has opened.
pub(in crate::ui) fn table_end(out: &mut Markup) {
    html!(out, "</tbody></table></div>");
}

/// The columns of a table, and the beginning of its body.
pub(in crate::ui) fn head(out: &mut Markup, headings: &[&str]) {
    html!(out, "<thead><tr>");
    for heading in headings {
        html!(out, "<th scope=\"col\">", *heading, "</th>");
    }
    html!(out, "</tr></thead><tbody>");
}

/// A figure, by its name: exactly the number.
pub(in crate::ui) fn number(out: &mut Markup, name: &str, value: &str) {
    html!(out, "<span data-figure=\"", name, "\">", value, "</span>");
}

/// A part and its whole.
pub(in crate::ui) fn pair(
    out: &mut Markup,
    part_name: &str,
    part: u32,
    between: &str,
    whole_name: &str,
    whole: u32,
) {
    number(out, part_name, &part.to_string());
    html!(out, between);
    number(out, whole_name, &whole.to_string());
}

/// A time in minutes and seconds, `12:05`.
pub(in crate::ui) fn clock(ms: u64) -> String {
    format!("{}:{:02}", ms / 60_000, ms / 1_000 % 60)
}

/// Markup of something that went wrong; none for no text.
pub(in crate::ui) fn alert(text: &str) -> String {
    let mut out = Markup::default();
    if !text.is_empty() {
        html!(
            out,
            "<p class=\"notice notice-danger\" role=\"alert\">",
            text,
            "</p>"
        );
    }
    out.done()
}

/// Markup that stays as it is.
pub(in crate::ui) fn still(out: Markup) -> AnyView {
    view! { <div class="shown" inner_html=out.done()></div> }.into_any()
}

/// Markup that screen readers are told of whenever it changes.
pub(in crate::ui) fn live(of: RwSignal<String>) -> AnyView {
    view! { <div role="status" inner_html=move || of.get()></div> }.into_any()
}
