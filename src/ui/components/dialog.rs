//! Own dialogues: WeChat blocks `confirm` and `prompt` without a word.

use super::field::{attribute, value};
use crate::platform::page;
use crate::ui::markup::{Markup, html};
use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;

/// Asks before something that cannot be undone. The browser keeps the focus inside, closes it with
/// Esc and gives the focus back.
#[component]
pub(in crate::ui) fn Confirm(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The question.
    title: &'static str,
    /// What will happen; read when it opens.
    #[prop(into)]
    text: Signal<String>,
    /// The label of the button that does it.
    action: &'static str,
    /// Does it.
    #[prop(into)]
    done: Callback<()>,
    /// The button's name for tests.
    #[prop(default = "confirm")]
    testid: &'static str,
    /// A word that must be typed first; empty when none.
    #[prop(default = "")]
    word: &'static str,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let (open, Some(dialog)) = (open.get(), node.get()) else {
            return;
        };
        if open && !dialog.open() {
            dialog.set_inner_html(&asking(title, &text.get_untracked(), action, testid, word));
            // A browser without modal dialogues shows it in the page: still usable.
            if dialog.show_modal().is_err() {
                let _ = dialog.set_attribute("open", "");
            }
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
    let ready = move || word.is_empty() || value(&word_id(testid)).trim() == word;
    let click = move |event: MouseEvent| match page::data_of(&event, "data-answer").as_deref() {
        Some("no") => open.set(false),
        Some(_) if ready() => {
            open.set(false);
            done.run(());
        }
        _ => {}
    };
    view! {
        <dialog
            class="dialog" node_ref=node aria-label=title
            on:close=move |_| open.set(false)
            on:input=move |_| attribute(testid, "disabled", (!ready()).then_some(""))
            on:click=click
        ></dialog>
    }
}

fn word_id(testid: &str) -> String {
    format!("{testid}-word")
}

fn asking(title: &str, text: &str, action: &str, testid: &str, word: &str) -> String {
    let mut out = Markup::default();
    html!(out, "<div class=\"stack\"><h2>", title, "</h2><p>", text, "</p>");
    if !word.is_empty() {
        let id = word_id(testid);
        html!(
            out,
            "<div class=\"field\"><label for=\"",
            id,
            "\">确定的话，请输入“",
            word,
            "”两个字</label>"
        );
        html!(
            out,
            "<input type=\"text\" autocomplete=\"off\" id=\"",
            id,
            "\" data-testid=\"",
            id,
            "\"></div>"
        );
    }
    html!(
        out,
        "<div class=\"row\"><button type=\"button\" class=\"button\" data-answer=\"no\">取消</button>\
         <button type=\"button\" class=\"button button-danger\" data-answer=\"yes\" id=\"",
        testid,
        "\" data-testid=\"",
        testid,
        "\""
    );
    if !word.is_empty() {
        html!(out, " disabled");
    }
    html!(out, ">", action, "</button></div></div>");
    out.done()
}
