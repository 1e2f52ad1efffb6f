//! Own dialogues: WeChat blocks `confirm` and `prompt` without a word.

use leptos::html;
use leptos::prelude::*;

/// A dialogue over the page. The browser keeps the focus inside, closes it with Esc and gives the
/// focus back.
#[component]
pub(in crate::ui) fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// What is in it, its buttons too.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let (open, Some(dialog)) = (open.get(), node.get()) else {
            return;
        };
        if open && !dialog.open() {
            // A browser without modal dialogues shows it in the page: still usable.
            if dialog.show_modal().is_err() {
                let _ = dialog.set_attribute("open", "");
            }
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog class="dialog" node_ref=node aria-label=move || title.get() on:close=move |_| open.set(false)>
            <div class="stack">
                <h2>{move || title.get()}</h2>
                {children()}
            </div>
        </dialog>
    }
}

/// Asks before something that cannot be undone.
#[component]
pub(in crate::ui) fn Confirm(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// What will happen.
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
    let typed = RwSignal::new(String::new());
    let node = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if !open.get() {
            typed.set(String::new());
            if let Some(input) = node.get() {
                input.set_value("");
            }
        }
    });
    let ready = move || word.is_empty() || typed.with(|typed| typed.trim() == word);
    let word_id = format!("{testid}-word");
    view! {
        <Dialog open title>
            <p>{move || text.get()}</p>
            {(!word.is_empty()).then(|| view! {
                <div class="field">
                    <label for=word_id.clone()>{format!("确定的话，请输入“{word}”两个字")}</label>
                    <input
                        id=word_id.clone()
                        data-testid=word_id
                        type="text"
                        autocomplete="off"
                        node_ref=node
                        on:input=move |event| typed.set(event_target_value(&event))
                    />
                </div>
            })}
            <div class="row">
                <button type="button" class="button" on:click=move |_| open.set(false)>"取消"</button>
                <button
                    type="button"
                    class="button button-danger"
                    data-testid=testid
                    disabled=move || !ready()
                    on:click=move |_| {
                        open.set(false);
                        done.run(());
                    }
                >{action}</button>
            </div>
        </Dialog>
    }
}
