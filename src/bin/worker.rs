//! The worker's program: spreadsheets, Markdown, exports, keys and signatures, away from the page,
//! which stays quick.
//!
//! Messages are lists. In: `[number, what, text, bytes]`; out: `[number, went well, text, bytes]`,
//! the bytes handed over without a copy. `[0, true, "ready", null]` comes first.
//!
//! | what | in | out |
//! |---|---|---|
//! | `read-xlsx` | bytes of a file | text: JSON of [`Table`](xuedang::format::sheet::Table)s |
//! | `read-markdown` | text of a file | text: JSON of [`Markdown`](xuedang::format::markdown_blocks::Markdown) |
//! | `write-xlsx` | text: JSON of [`Sheet`](xuedang::format::sheet::Sheet)s | bytes of a file |
//!
//! and what [`xuedang::format::exports`] and [`xuedang::format::credential::orders`] list. It learns
//! the time from the page and draws randomness itself.

use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use xuedang::format::credential::orders;
use xuedang::format::{exports, markdown_blocks, xlsx};

fn main() {
    let listener = Closure::<dyn FnMut(JsValue)>::new(|event: JsValue| {
        let message = Reflect::get(&event, &"data".into()).unwrap_or_default();
        let Ok(parts) = message.dyn_into::<Array>() else {
            return;
        };
        let what = parts.get(1).as_string().unwrap_or_default();
        let text = parts.get(2).as_string().unwrap_or_default();
        let bytes = parts.get(3).dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec());
        let answer = answer(&what, &text, &bytes.unwrap_or_default());
        post(&parts.get(0), answer);
    });
    let _ = Reflect::set(&js_sys::global(), &"onmessage".into(), listener.as_ref());
    // It listens as long as the worker lives.
    listener.forget();
    post(&0.into(), Ok(("ready".into(), None)));
}

/// Does what is asked.
fn answer(what: &str, text: &str, bytes: &[u8]) -> Result<(String, Option<Vec<u8>>), String> {
    match what {
        "read-xlsx" => {
            let tables = xlsx::read(bytes).map_err(|error| error.to_string())?;
            let json = serde_json::to_string(&tables).map_err(|error| error.to_string())?;
            Ok((json, None))
        }
        "read-markdown" => {
            let markdown = markdown_blocks::read(text)?;
            let json = serde_json::to_string(&markdown).map_err(|error| error.to_string())?;
            Ok((json, None))
        }
        "write-xlsx" => {
            let sheets: Vec<_> = serde_json::from_str(text).map_err(|error| error.to_string())?;
            Ok((String::new(), Some(xlsx::write(&sheets)?)))
        }
        other => exports::carry_out(other, text, bytes)
            .or_else(|| orders::carry_out(other, text, bytes, &mut random))
            .unwrap_or_else(|| Err(format!("本页与后台程序的版本不同（{other}），请刷新本页"))),
    }
}

/// Fills bytes by `crypto.getRandomValues`; false when there is no such thing.
fn random(bytes: &mut [u8]) -> bool {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).unwrap_or_default();
    let draw = Reflect::get(&crypto, &"getRandomValues".into());
    let Ok(Ok(draw)) = draw.map(JsCast::dyn_into::<Function>) else {
        return false;
    };
    let drawn = Uint8Array::new_with_length(bytes.len() as u32);
    let done = draw.call1(&crypto, &drawn).is_ok();
    drawn.copy_to(bytes);
    done
}

fn post(number: &JsValue, answer: Result<(String, Option<Vec<u8>>), String>) {
    let (well, text, bytes) = match answer {
        Ok((text, bytes)) => (true, text, bytes),
        Err(why) => (false, why, None),
    };
    let bytes = bytes.map(|bytes| Uint8Array::from(bytes.as_slice()));
    let transfer: Array = bytes.iter().map(|bytes| JsValue::from(bytes.buffer())).collect();
    let message = Array::of4(
        number,
        &well.into(),
        &text.into(),
        &bytes.map_or(JsValue::NULL, JsValue::from),
    );
    let post = Reflect::get(&js_sys::global(), &"postMessage".into());
    if let Ok(post) = post.and_then(|post| post.dyn_into::<Function>()) {
        let _ = post.call2(&JsValue::UNDEFINED, &message, &transfer);
    }
}
