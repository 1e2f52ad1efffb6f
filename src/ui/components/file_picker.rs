//! Choosing files: a button, and a place to drop them on.

use js_sys::Reflect;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

/// Files that were chosen or dropped, in their order. Read by name, because not every browser has
/// every part of it.
fn files_of(list: &JsValue) -> Vec<File> {
    let get = |target: &JsValue, name: &str| Reflect::get(target, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let count = get(list, "length").as_f64().unwrap_or(0.0) as u32;
    (0..count)
        .filter_map(|index| Reflect::get_u32(list, index).ok()?.dyn_into().ok())
        .collect()
}

fn property(target: &JsValue, path: &[&str]) -> JsValue {
    path.iter().fold(target.clone(), |target, name| {
        Reflect::get(&target, &(*name).into()).unwrap_or(JsValue::UNDEFINED)
    })
}

/// Chooses files: by button (one label over the browser's own), or by dropping them.
///
/// No list of types: Android greys out `.json` files that came through chat apps; what is wrong is
/// refused by name when it is read.
#[component]
pub(in crate::ui) fn FilePicker(
    /// What the button says.
    label: &'static str,
    /// The input's element id and its name for tests.
    testid: &'static str,
    /// Takes what was chosen; never called with nothing.
    #[prop(into)]
    chosen: Callback<Vec<File>>,
    /// Whether several may be chosen.
    #[prop(default = true)]
    multiple: bool,
    /// Whether a whole folder can be chosen by a second button, where the browser can.
    #[prop(default = false)]
    folder: bool,
    /// Whether it is the page's main action.
    #[prop(default = true)]
    primary: bool,
    /// Whether it must not be used now.
    #[prop(into, default = Signal::stored(false))]
    busy: Signal<bool>,
) -> impl IntoView {
    let over = RwSignal::new(false);
    let take = move |files: Vec<File>| {
        if !files.is_empty() && !busy.get_untracked() {
            chosen.run(files);
        }
    };
    let change = move |event: ev::Event| {
        let input = event.target().map(JsValue::from).unwrap_or_default();
        take(files_of(&property(&input, &["files"])));
        // So that choosing the same file again is a change again.
        let _ = Reflect::set(&input, &"value".into(), &"".into());
    };
    let drop = move |event: ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        take(files_of(&property(&event, &["dataTransfer", "files"])));
    };
    let folder_id = format!("{testid}-folder");
    view! {
        <div
            class="drop stack"
            class:over=move || over.get()
            on:dragover=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=drop
        >
            <div class="row">
                <label class="button pick" class:button-primary=primary for=testid aria-disabled=move || busy.get().then_some("true")>{label}</label>
                <input
                    class="visually-hidden" type="file" id=testid data-testid=testid multiple=multiple
                    disabled=move || busy.get() on:change=change
                />
                {folder.then(|| view! {
                    <label class="button pick" for=folder_id.clone()>"选择整个文件夹"</label>
                    <input
                        class="visually-hidden" type="file" id=folder_id.clone() data-testid=folder_id multiple=true
                        prop:webkitdirectory=true disabled=move || busy.get() on:change=change
                    />
                })}
            </div>
            <p class="muted drop-hint">"在电脑上也可以把文件拖到这里。"</p>
        </div>
    }
}
