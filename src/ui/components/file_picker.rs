//! Choosing files: a button, and a place to drop them on.

use crate::ui::markup::{Markup, html};
use js_sys::Reflect;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, File};

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
    /// Takes a drop itself, folders and all; without it only files are taken.
    #[prop(default = None)]
    dropped: Option<Callback<ev::DragEvent>>,
    /// Whether it is the page's main action.
    #[prop(default = true)]
    primary: bool,
    /// Whether it must not be used now.
    #[prop(into, default = Signal::stored(false))]
    busy: Signal<bool>,
) -> impl IntoView {
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
        over(&event, false);
        if let Some(dropped) = dropped {
            if !busy.get_untracked() {
                dropped.run(event);
            }
            return;
        }
        take(files_of(&property(&event, &["dataTransfer", "files"])));
    };
    let mut out = Markup::default();
    html!(out, "<div class=\"row\" id=\"", testid, "-row\">");
    input(&mut out, testid, "", label, primary, multiple);
    if folder {
        input(&mut out, testid, "-folder", "选择整个文件夹", false, true);
    }
    html!(
        out,
        "</div><p class=\"muted drop-hint\">在电脑上也可以把",
        if dropped.is_some() {
            "文件、文件夹或压缩包"
        } else {
            "文件"
        },
        "拖到这里。</p>"
    );
    Effect::new(move |_| lock(&format!("{testid}-row"), busy.get()));
    view! {
        <div
            class="drop stack"
            inner_html=out.done()
            on:dragover=move |event| over(&event, true)
            on:dragleave=move |event| over(&event, false)
            on:drop=drop
            on:change=change
        ></div>
    }
}

/// A button (a label) and the browser's own input under it.
fn input(out: &mut Markup, testid: &str, folder: &str, label: &str, primary: bool, multiple: bool) {
    html!(out, "<label class=\"button pick");
    if primary {
        html!(out, " button-primary");
    }
    html!(out, "\" for=\"", testid, folder, "\">", label);
    html!(
        out,
        "</label><input class=\"visually-hidden\" type=\"file\" id=\"",
        testid,
        folder
    );
    html!(out, "\" data-testid=\"", testid, folder, "\"");
    if multiple {
        html!(out, " multiple");
    }
    if !folder.is_empty() {
        html!(out, " webkitdirectory");
    }
    html!(out, ">");
}

/// Shows whether what is dragged would be taken here.
fn over(event: &ev::DragEvent, over: bool) {
    event.prevent_default();
    if let Some(place) = event
        .current_target()
        .and_then(|target| target.dyn_into::<Element>().ok())
    {
        place.set_class_name(if over { "drop stack over" } else { "drop stack" });
    }
}

/// Makes the buttons and inputs of a row unusable, or usable again.
fn lock(row: &str, busy: bool) {
    let row = document().get_element_by_id(row);
    let mut next = row.and_then(|row| row.first_element_child());
    while let Some(element) = next {
        if busy {
            let _ = element.set_attribute("aria-disabled", "true");
            let _ = element.set_attribute("disabled", "");
        } else {
            let _ = element.remove_attribute("aria-disabled");
            let _ = element.remove_attribute("disabled");
        }
        next = element.next_element_sibling();
    }
}
