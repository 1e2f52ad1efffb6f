//! Markup for what is only shown: text put together once, escaped where it is not our own.
//!
//! A view of Leptos costs code for every element. What nobody types into — tables, sheets, lists,
//! figures — is markup instead: [`html!`] writes it, [`Shown`] puts it on the page. Links work by
//! themselves (hash routes); forms, dialogs and buttons stay views.
//!
//! ```ignore
//! let mut out = Markup::default();
//! html!(out, "<tr data-holder=\"", id, "\"><td>", name, "</td></tr>");
//! ```

use leptos::prelude::*;
use web_sys::Node;

/// Markup in the making. String literals in [`html!`] go in as they are; values are escaped, in
/// text and between double quotes alike.
#[derive(Debug, Default)]
pub(super) struct Markup(String);

impl Markup {
    /// Adds our own markup. Only for literals, and for what [`Markup`] has made.
    pub(super) fn raw(&mut self, markup: &str) {
        self.0.push_str(markup);
    }

    /// Adds a value, escaped.
    pub(super) fn value(&mut self, value: &dyn Value) {
        value.put(&mut self.0);
    }

    /// The markup.
    pub(super) fn done(self) -> String {
        self.0
    }
}

/// What can stand in markup.
pub(super) trait Value {
    /// Adds itself, escaped.
    fn put(&self, out: &mut String);
}

impl Value for &str {
    fn put(&self, out: &mut String) {
        for character in self.chars() {
            match character {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                other => out.push(other),
            }
        }
    }
}

impl Value for String {
    fn put(&self, out: &mut String) {
        self.as_str().put(out);
    }
}

impl Value for &String {
    fn put(&self, out: &mut String) {
        self.as_str().put(out);
    }
}

impl Value for u32 {
    fn put(&self, out: &mut String) {
        out.push_str(&self.to_string());
    }
}

impl Value for usize {
    fn put(&self, out: &mut String) {
        out.push_str(&self.to_string());
    }
}

/// Writes literals as markup and everything else as escaped values.
macro_rules! html {
    ($out:expr $(,)?) => {};
    ($out:expr, $literal:literal $(, $($rest:tt)*)?) => {
        $out.raw($literal);
        $crate::ui::markup::html!($out, $($($rest)*)?);
    };
    ($out:expr, $value:expr $(, $($rest:tt)*)?) => {
        $out.value(&$value);
        $crate::ui::markup::html!($out, $($($rest)*)?);
    };
}
pub(super) use html;

/// Markup on the page, made again whenever a signal that it reads has changed.
#[component]
pub(super) fn Shown(
    /// Makes the markup; see [`html!`].
    #[prop(into)]
    of: Signal<String>,
) -> impl IntoView {
    view! { <div class="shown" inner_html=move || of.get()></div> }
}

/// Puts markup in the element of that id, where little changes at a time: what is as it was stays on
/// the page, and so need not be laid out again.
pub(super) fn settle(id: &str, markup: &str) {
    let document = document();
    if let (Some(place), Ok(new)) = (document.get_element_by_id(id), document.create_element("div")) {
        new.set_inner_html(markup);
        liken(&place, &new);
    }
}

/// Makes the children of `old` those of `new`.
fn liken(old: &Node, new: &Node) {
    let (mut at, mut next) = (old.first_child(), new.first_child());
    while let Some(wanted) = next {
        next = wanted.next_sibling();
        let Some(present) = at else {
            let _ = old.append_child(&wanted);
            continue;
        };
        at = present.next_sibling();
        if present.is_equal_node(Some(&wanted)) {
            continue;
        }
        let alone = |node: &Node| node.clone_node().ok();
        let is_alike = alone(&present).is_some_and(|present| present.is_equal_node(alone(&wanted).as_ref()));
        if is_alike {
            liken(&present, &wanted);
        } else {
            let _ = old.replace_child(&wanted, &present);
        }
    }
    while let Some(rest) = at {
        at = rest.next_sibling();
        let _ = old.remove_child(&rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_and_literals_are_not() {
        let mut out = Markup::default();
        let name = String::from("<img src=x onerror=\"alert('1')\">&𠮷");
        let three = 3u32;
        html!(out, "<b title=\"", name, "\">", three, "</b>");
        assert_eq!(
            out.done(),
            "<b title=\"&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;𠮷\">3</b>"
        );
    }
}
