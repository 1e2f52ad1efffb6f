//! A big link to another screen.

use crate::ui::markup::{Markup, html};

/// An item of a list of links: where to, its name and one line about it.
pub(in crate::ui) fn link_card(out: &mut Markup, to: &str, label: &str, about: &str) {
    html!(
        out,
        "<li><a class=\"link-card\" href=\"",
        to,
        "\"><strong>",
        label,
        "</strong><span class=\"muted\">"
    );
    html!(out, about, "</span></a></li>");
}
