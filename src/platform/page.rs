//! The page: its address, title and look, what has the focus, and what it lives through.

use super::clock::within;
use super::js::{Listener, call, get, listen};
use super::local::Prefs;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, HtmlElement, Window};

fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<Document> {
    window()?.document()
}

/// The address after `#`, as it stands there (percent-encoded); empty when there is none.
pub fn hash() -> String {
    let hash = window()
        .and_then(|window| window.location().hash().ok())
        .unwrap_or_default();
    hash.strip_prefix('#').unwrap_or(&hash).to_owned()
}

/// Goes to another address after `#`: a step that 返回 undoes.
pub fn set_hash(hash: &str) {
    if let Some(window) = window() {
        let _ = window.location().set_hash(hash);
    }
}

/// Changes the address after `#` in place, without a step in the history and without an event.
pub fn replace_hash(hash: &str) {
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("#{hash}")));
    }
}

/// Goes back to where the reader came from.
pub fn back() {
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        let _ = history.back();
    }
}

/// Loads the page anew.
pub fn reload() {
    if let Some(window) = window() {
        let _ = window.location().reload();
    }
}

/// Whenever the address after `#` has changed; gives the new one.
pub fn on_hash(mut react: impl FnMut(String) + 'static) -> Option<Listener> {
    Some(listen(window()?, "hashchange", move |_| react(hash())))
}

/// Whenever the page comes into view (`true`) or leaves it. The last moment on a phone at which
/// one can be sure to be called.
pub fn on_visibility(mut react: impl FnMut(bool) + 'static) -> Option<Listener> {
    Some(listen(document()?, "visibilitychange", move |_| {
        react(is_visible())
    }))
}

/// Whether the page is in view.
pub fn is_visible() -> bool {
    document().is_some_and(|document| !document.hidden())
}

/// When the page is left, for good or into the back-forward cache.
pub fn on_pagehide(mut react: impl FnMut() + 'static) -> Option<Listener> {
    Some(listen(window()?, "pagehide", move |_| react()))
}

/// Whenever something is done in the page: scrolling, a key, a pointer. Dropping it ends all.
pub fn on_activity(react: impl Fn() + Clone + 'static) -> Option<[Listener; 4]> {
    let window = window()?;
    Some(["scroll", "keydown", "pointerdown", "pointermove"].map(|event| {
        let react = react.clone();
        listen(window.clone(), event, move |_| react())
    }))
}

/// Whenever a single key is pressed (no modifier) where it means nothing by itself: not in a field
/// to write in or a list, and Enter not on what it presses or sends. Gives the key's name; `true`
/// in return keeps the browser from doing anything else with it.
pub fn on_key(mut react: impl FnMut(&str) -> bool + 'static) -> Option<Listener> {
    Some(listen(window()?, "keydown", move |event| {
        let key = get(&event, "key").as_string().unwrap_or_default();
        let modified = ["ctrlKey", "altKey", "metaKey", "isComposing"];
        let own = match &*key {
            "Enter" => "a, button, input, select, textarea, summary",
            _ => "input[type=text], input[type=search], select, textarea",
        };
        let within = |selector: &str| {
            let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
            target.is_some_and(|target| target.closest(selector).is_ok_and(|found| found.is_some()))
        };
        if !modified.iter().any(|name| get(&event, name).is_truthy()) && !within(own) && react(&key) {
            event.prevent_default();
        }
    }))
}

/// Presses what a selector finds at that place, from 0, as a click would; `false` when it is not
/// there.
pub fn press(selector: &str, at: u32) -> bool {
    let found = document().and_then(|document| document.query_selector_all(selector).ok());
    let element = found.and_then(|found| found.get(at)?.dyn_into::<HtmlElement>().ok());
    element.inspect(HtmlElement::click).is_some()
}

/// When the page comes back out of the back-forward cache, as it was: another tab may have written
/// since.
pub fn on_return(mut react: impl FnMut() + 'static) -> Option<Listener> {
    Some(listen(window()?, "pageshow", move |event| {
        if get(&event, "persisted").is_truthy() {
            react();
        }
    }))
}

/// Whenever the network comes (`true`) or goes. Dropping it ends both.
pub fn on_online(react: impl FnMut(bool) + Clone + 'static) -> Option<[Listener; 2]> {
    let (mut comes, mut goes) = (react.clone(), react);
    Some([
        listen(window()?, "online", move |_| comes(true)),
        listen(window()?, "offline", move |_| goes(false)),
    ])
}

/// What the browser believes of the network.
pub fn is_online() -> bool {
    window().is_none_or(|window| window.navigator().on_line())
}

/// The title of the document.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// The attribute `name` of the element that an event came from, or of the nearest one around it
/// that has it: one listener on a list serves every button in it.
pub fn data_of(event: &web_sys::Event, name: &str) -> Option<String> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest(&format!("[{name}]")).ok()??.get_attribute(name)
}

/// Goes to another page of this site; the present one does not stay in the history.
pub fn leave(address: &str) {
    if let Some(window) = window() {
        // A page of our own, by a relative address: nothing forbids it.
        let _ = window.location().replace(address);
    }
}

/// What `<meta name=…>` says in the page; empty when there is none.
pub fn meta(name: &str) -> String {
    let found = document().and_then(|document| document.query_selector(&format!("meta[name='{name}']")).ok());
    found
        .flatten()
        .and_then(|element| element.get_attribute("content"))
        .unwrap_or_default()
}

/// Takes an element out of the page.
pub fn remove(id: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        element.remove();
    }
}

/// Sets `data-theme` and `data-text` on `<html>`.
pub fn apply(prefs: &Prefs) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        let _ = root.set_attribute("data-theme", prefs.theme.name());
        let _ = root.set_attribute("data-text", &prefs.text.to_string());
    }
}

/// Moves the focus to an element, so that a keyboard and a screen reader go on from there; one that
/// cannot have it is made to (a heading, after a change of page). `false` when there is none.
pub fn focus(id: &str) -> bool {
    let element = document().and_then(|document| document.get_element_by_id(id));
    let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) else {
        return false;
    };
    if element.tab_index() < 0 && !element.has_attribute("tabindex") {
        let _ = element.set_attribute("tabindex", "-1");
    }
    element.focus().is_ok()
}

/// Puts an attribute on an element, for the style sheet.
pub fn mark(id: &str, name: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        let _ = element.set_attribute(name, "");
    }
}

/// Scrolls an element to the top of the view; `false` when there is none.
pub fn scroll_to(id: &str) -> bool {
    let element = document().and_then(|document| document.get_element_by_id(id));
    element.inspect(web_sys::Element::scroll_into_view).is_some()
}

/// Scrolls to the top of the page.
pub fn scroll_to_top() {
    if let Some(window) = window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Whether this is WeChat's or WeCom's browser, which downloads nothing and shows no dialogues.
pub fn is_wechat() -> bool {
    let agent = window().and_then(|window| window.navigator().user_agent().ok());
    agent.is_some_and(|agent| names_wechat(&agent))
}

fn names_wechat(agent: &str) -> bool {
    let agent = agent.to_ascii_lowercase();
    agent.contains("micromessenger") || agent.contains("wxwork")
}

/// Asks the browser not to clear what this site keeps. `None` when it has no such promise to give,
/// or does not answer (Firefox asks the reader, who may not).
pub async fn persist() -> Option<bool> {
    storage_manager("persist").await?.as_bool()
}

/// Whether the browser has promised already.
pub async fn is_persisted() -> Option<bool> {
    storage_manager("persisted").await?.as_bool()
}

/// How full the storage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Bytes in use, about.
    pub usage: u64,
    /// Bytes there may be, about.
    pub quota: u64,
}

/// How full the storage is, where the browser says.
pub async fn estimate() -> Option<Estimate> {
    let estimate = storage_manager("estimate").await?;
    let bytes = |name| get(&estimate, name).as_f64().map(|bytes| bytes as u64);
    Some(Estimate {
        usage: bytes("usage")?,
        quota: bytes("quota")?,
    })
}

async fn storage_manager(method: &str) -> Option<JsValue> {
    let manager = get(&window()?.navigator(), "storage");
    if !manager.is_object() {
        return None;
    }
    let promise = js_sys::Promise::from(call(&manager, method, &[]).ok()?);
    within(10_000, JsFuture::from(promise)).await?.ok()
}

#[cfg(test)]
mod tests {
    use super::names_wechat;

    #[test]
    fn knows_wechat_and_wecom() {
        assert!(names_wechat(
            "Mozilla/5.0 (Linux; Android 14) Chrome/116 MicroMessenger/8.0.49 Language/zh_CN"
        ));
        assert!(names_wechat(
            "Mozilla/5.0 (iPhone) wxwork/4.1.20 MicroMessenger/7.0.1"
        ));
        assert!(!names_wechat(
            "Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537.36"
        ));
    }
}
