//! The browser's powers, in a browser.
#![cfg(target_arch = "wasm32")]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod files;
mod local;
mod page;
mod pool;
mod rescue;
#[cfg(feature = "signer")]
mod subtle;
mod tabs;
mod vault;

#[path = "../common/vault_suite.rs"]
mod suite;

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::*;

/// Runs a line of JavaScript: only to break the browser on purpose.
fn js(source: &str) -> JsValue {
    Function::new_no_args(source).call0(&JsValue::NULL).unwrap()
}

/// Puts something broken in the place of a property until it is dropped.
struct Broken {
    target: JsValue,
    name: &'static str,
    before: JsValue,
}

impl Broken {
    /// `target` and `value` are JavaScript expressions; `value` may use `before`.
    fn new(target: &str, name: &'static str, value: &str) -> Self {
        let target = js(&format!("return {target}"));
        let before = Object::get_own_property_descriptor(target.unchecked_ref::<Object>(), &name.into());
        let define = Function::new_with_args("target, name", &format!(
            "const before = Object.getOwnPropertyDescriptor(target, name)?.value; const value = {value};
             Object.defineProperty(target, name, {{configurable: true, get: typeof value === 'function' && value.getter ? value : () => value}})"
        ));
        define.call2(&JsValue::NULL, &target, &name.into()).unwrap();
        Self { target, name, before }
    }
}

impl Drop for Broken {
    fn drop(&mut self) {
        let target = self.target.unchecked_ref::<Object>();
        if self.before.is_undefined() {
            Reflect::delete_property(target, &self.name.into()).unwrap();
        } else {
            Object::define_property(target, &self.name.into(), self.before.unchecked_ref());
        }
    }
}
