//! How far something has come, as a bar. Decoration to those who see it; the numbers stand beside it.

use crate::domain::study::progress::Figures;
use crate::ui::markup::{Markup, html};

/// The share of the work done.
pub(in crate::ui) fn bar(out: &mut Markup, name: &str, figures: &Figures) {
    let done = figures.done();
    html!(
        out,
        "<progress class=\"bar\" max=\"100\" value=\"",
        done,
        "\" aria-label=\"",
        name,
        "：完成 ",
        done
    );
    html!(out, "%\"></progress>");
}

/// A module's number, of two digits.
pub(in crate::ui) fn module_number(out: &mut Markup, number: u16) {
    if number < 10 {
        html!(out, "0");
    }
    html!(out, u32::from(number));
}
