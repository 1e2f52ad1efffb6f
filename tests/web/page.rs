//! The page, time and chance.

use crate::{Broken, js};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;
use xuedang::platform::local::{Prefs, Theme};
use xuedang::platform::{clock, page};

#[wasm_bindgen_test]
async fn the_address_after_the_hash() {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let listener = page::on_hash({
        let seen = seen.clone();
        move |hash| seen.borrow_mut().push(hash)
    });
    page::set_hash("/study/05");
    clock::sleep(50).await;
    page::replace_hash("/quiet");
    clock::sleep(50).await;
    assert_eq!((*seen.borrow()).as_slice(), ["/study/05"]);
    assert_eq!(page::hash(), "/quiet");
    drop(listener);
    page::set_hash("");
    clock::sleep(50).await;
    assert_eq!((seen.borrow().len(), page::hash().as_str()), (1, ""));
}

#[wasm_bindgen_test]
fn title_look_and_focus() {
    page::set_title("学档");
    page::apply(&Prefs {
        theme: Theme::Dark,
        text: 2,
        ..Prefs::default()
    });
    assert_eq!(js("return document.title + document.documentElement.dataset.theme + document.documentElement.dataset.text").as_string().as_deref(), Some("学档dark2"));
    js("document.body.insertAdjacentHTML('beforeend', '<h1 id=head>x</h1><button id=press>y</button>')");
    assert!(page::focus("head") && js("return document.activeElement.id") == "head");
    assert!(page::focus("press") && js("return document.activeElement.hasAttribute('tabindex')") == false);
    assert!(page::scroll_to("head") && !page::scroll_to("none") && !page::focus("none"));
    js("head.remove(); press.remove()");
}

#[wasm_bindgen_test]
async fn promises_of_storage_that_never_come() {
    for (storage, expected) in [
        ("undefined", None),
        ("({})", None),
        ("({persist: async () => false})", Some(false)),
        ("({persist: async () => true})", Some(true)),
        ("({persist: () => { throw new Error('no') }})", None),
        ("({persist: () => Promise.reject(new Error('no'))})", None),
    ] {
        let broken = Broken::new("navigator", "storage", storage);
        let answer = page::persist().await;
        drop(broken);
        assert_eq!(answer, expected, "{storage}");
    }
    let broken = Broken::new(
        "navigator",
        "storage",
        "({estimate: async () => ({usage: 5, quota: 10})})",
    );
    let estimate = page::estimate().await;
    drop(broken);
    assert_eq!(estimate, Some(page::Estimate { usage: 5, quota: 10 }));
}

#[wasm_bindgen_test]
fn the_browser_of_wechat() {
    assert!(!page::is_wechat());
    let broken = Broken::new("navigator", "userAgent", "'Mozilla/5.0 MicroMessenger/8.0'");
    let wechat = page::is_wechat();
    drop(broken);
    assert!(wechat);
}

#[wasm_bindgen_test]
fn chance_differs_and_the_clock_is_now() {
    let (one, two) = (clock::env(), clock::env());
    assert_ne!(one.chance, two.chance);
    assert!((js_sys::Date::now() - one.now.ms as f64).abs() < 5000.0);
    let zone = Broken::new("Date.prototype", "getTimezoneOffset", "() => -480");
    let tz = clock::now().tz;
    drop(zone);
    assert_eq!(tz, 480);
    for crypto in [
        "undefined",
        "({getRandomValues: () => { throw new Error('no') }})",
    ] {
        let broken = Broken::new("window", "crypto", crypto);
        let chances = (clock::env().chance, clock::env().chance);
        drop(broken);
        assert_ne!(chances.0, chances.1);
        assert!(chances.0 >> 96 != 0 || chances.1 >> 96 != 0, "all bits are drawn");
    }
}
