//! Everything stored, as it lies there: for when the app cannot run, or cannot read its own data.

use super::files::{self, FileError};
use super::{clock, js, local, vault};
use js_sys::{Array, JSON, JsString, Object, Reflect};
use wasm_bindgen::prelude::*;

/// All that this browser keeps of the portal, as JSON: `{what, version, at, message, database:
/// {version, stores: {name: [[key, value], …]}}, local: [[key, value], …]}`. Lines are copied as they
/// are, none is interpreted, and those of secret keys are left out; a store that cannot be read leaves
/// `{error}` in its place.
pub async fn collect(message: Option<&str>) -> String {
    let database = vault::dump()
        .await
        .unwrap_or_else(|error| refusal(&error.to_string()));
    let lines = match local::lines("xuedang.") {
        Ok(lines) => {
            let pair = |(key, value): (String, JsString)| Array::of2(&JsValue::from(key), &value);
            JsValue::from(lines.into_iter().map(pair).collect::<Array>())
        }
        Err(error) => refusal(&error.to_string()),
    };
    let rescue = Object::new();
    for (name, value) in [
        ("what", "xuedang-rescue".into()),
        ("version", 1.into()),
        ("at", clock::now().rfc3339().into()),
        ("message", message.map_or(JsValue::NULL, JsValue::from)),
        ("database", database),
        ("local", lines),
    ] {
        let _ = Reflect::set(&rescue, &name.into(), &value);
    }
    match JSON::stringify(&rescue) {
        Ok(json) => json.into(),
        Err(error) => js::error_text(&error),
    }
}

/// Saves what [`collect`] gives as a file.
///
/// # Errors
/// [`FileError`] when the browser lets nothing be downloaded.
pub async fn download(message: Option<&str>) -> Result<(), FileError> {
    let json = collect(message).await;
    let name = format!("学档-应急数据-{}.json", clock::now().date());
    files::save(&name, "application/json", json.as_bytes())
}

fn refusal(why: &str) -> JsValue {
    let refusal = Object::new();
    let _ = Reflect::set(&refusal, &"error".into(), &why.into());
    refusal.into()
}
