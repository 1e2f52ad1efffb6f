//! The last words. After a panic the state of the app is not to be trusted: nothing is written any
//! more, and a plain overlay, made without the app, offers the stored data and a reload.

use super::js::{Listener, get, listen};
use super::{files, page, rescue};
use crate::store::StoreError;
use std::sync::OnceLock;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Document, Element, HtmlElement};

/// The first message; later ones follow from it and say less.
static FIRST: OnceLock<String> = OnceLock::new();

/// Whether something has panicked: then write nothing any more.
pub fn has_panicked() -> bool {
    FIRST.get().is_some()
}

/// What every store here asks before it writes, so that the overlay speaks the truth.
pub(super) fn may_write() -> Result<(), StoreError> {
    if has_panicked() {
        return Err(StoreError::Stale(
            "本页出过错，已停止保存；请重新载入本页后继续".into(),
        ));
    }
    Ok(())
}

/// The first message.
pub fn message() -> Option<&'static str> {
    FIRST.get().map(String::as_str)
}

/// Puts the hook in place. Traps that come without a message (such as a lock left held) are caught
/// as they reach the window. After a stack overflow nothing of this can run: that is left to the
/// page's own script.
pub fn install() {
    std::panic::set_hook(Box::new(|info| fell(&info.to_string())));
    if let Some(window) = web_sys::window() {
        listen(window.clone(), "error", |event| trapped(&get(&event, "error"))).forever();
        listen(window, "unhandledrejection", |event| {
            trapped(&get(&event, "reason"))
        })
        .forever();
    }
}

fn trapped(error: &JsValue) {
    if super::js::error_name(error) == "RuntimeError" {
        fell(&super::js::error_text(error));
    }
}

fn fell(message: &str) {
    web_sys::console::error_1(&message.into());
    if FIRST.set(message.to_owned()).is_ok()
        && let Some(document) = web_sys::window().and_then(|window| window.document())
    {
        // Nothing is left to be done when even this fails.
        let _ = overlay(&document, message);
    }
}

fn overlay(document: &Document, message: &str) -> Result<(), JsValue> {
    let make = |name: &str, text: &str| -> Result<Element, JsValue> {
        let element = document.create_element(name)?;
        element.set_text_content(Some(text));
        Ok(element)
    };
    let layer: HtmlElement = make("div", "")?.unchecked_into();
    layer.set_id("panic");
    layer.set_attribute("role", "alertdialog")?;
    layer.set_attribute("aria-modal", "true")?;
    layer.set_attribute("aria-labelledby", "panic-title")?;
    // Set one by one: the site's CSP forbids style attributes, and the style sheet may be what failed.
    let style = layer.style();
    for (property, value) in [
        ("position", "fixed"),
        ("inset", "0"),
        ("z-index", "2147483647"),
        ("overflow", "auto"),
        ("padding", "2rem 1rem"),
        ("background", "#fff"),
        ("color", "#1a1a1a"),
        ("font-size", "1.125rem"),
        ("line-height", "1.6"),
    ] {
        style.set_property(property, value)?;
    }
    let title = make("h1", "学档出错了，已停止保存")?;
    title.set_id("panic-title");
    title.set_attribute("tabindex", "-1")?;
    layer.append_child(&title)?;
    let advice = "为免写坏数据，本页不再写入任何内容。已经保存的学习记录还在这个浏览器里；请先取走一份数据，再重新载入。";
    let advice = make("p", advice)?;
    layer.append_child(&advice)?;

    let status = make("p", "")?;
    status.set_attribute("role", "status")?;
    let take = make(
        "button",
        if page::is_wechat() {
            "复制数据"
        } else {
            "下载数据"
        },
    )?;
    let again = make("button", "重新载入")?;
    for button in [&take, &again] {
        button.set_attribute("type", "button")?;
        let style = button.unchecked_ref::<HtmlElement>().style();
        for (property, value) in [
            ("font", "inherit"),
            ("min-height", "44px"),
            ("padding", "0 1rem"),
            ("margin", "0 1rem 1rem 0"),
        ] {
            style.set_property(property, value)?;
        }
        layer.append_child(button)?;
    }
    layer.append_child(&status)?;
    let details = make("details", "")?;
    let summary = make("summary", "出错信息")?;
    details.append_child(&summary)?;
    let text = make("pre", message)?;
    text.unchecked_ref::<HtmlElement>()
        .style()
        .set_property("white-space", "pre-wrap")?;
    details.append_child(&text)?;
    layer.append_child(&details)?;

    on_click(&take, move || {
        let status = status.clone();
        spawn_local(async move { status.set_text_content(Some(&take_away().await)) });
    });
    on_click(&again, page::reload);
    document.body().ok_or(JsValue::NULL)?.append_child(&layer)?;
    title.unchecked_ref::<HtmlElement>().focus()
}

fn on_click(button: &Element, mut react: impl FnMut() + 'static) {
    Listener::forever(listen(button.clone(), "click", move |_| react()));
}

async fn take_away() -> String {
    if page::is_wechat() {
        let json = rescue::collect(message()).await;
        return match files::copy(&json).await {
            Ok(()) => "已复制。请粘贴到文件传输助手或备忘录里保存。".into(),
            Err(error) => error.to_string(),
        };
    }
    match rescue::download(message()).await {
        Ok(()) => "已交给浏览器下载，请在下载目录中确认。".into(),
        Err(error) => error.to_string(),
    }
}
