//! The side of a worker that serves: the programs `bin/worker.rs` and `bin/signer.rs` are what
//! `platform/worker.rs` talks to.
//!
//! Messages are lists. In: `[number, what, text, bytes]`; out: `[number, went well, text, bytes]`,
//! the bytes handed over without a copy. `[0, true, "ready", null]` comes first.

#[cfg(feature = "signer")]
pub mod checking;
#[cfg(feature = "signer")]
pub mod subtle;

use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

/// Text and bytes, or a sentence for people.
pub type Answer = Result<(String, Option<Vec<u8>>), String>;

/// What is asked.
#[derive(Debug)]
pub struct Order {
    number: JsValue,
    /// The word.
    pub what: String,
    /// Its text.
    pub text: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Order {
    /// Answers.
    pub fn answer(self, answer: Answer) {
        post(&self.number, answer);
    }

    /// The answer to a word that is not known.
    ///
    /// # Errors
    /// Always: the page is of another build.
    pub fn unknown(&self) -> Answer {
        Err(format!("本页与后台程序的版本不同（{}），请刷新本页", self.what))
    }
}

/// Listens as long as the worker lives, and says that it is ready.
pub fn serve(mut carry_out: impl FnMut(Order) + 'static) {
    let listener = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
        let message = Reflect::get(&event, &"data".into()).unwrap_or_default();
        let Ok(parts) = message.dyn_into::<Array>() else {
            return;
        };
        let bytes = parts.get(3).dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec());
        carry_out(Order {
            number: parts.get(0),
            what: parts.get(1).as_string().unwrap_or_default(),
            text: parts.get(2).as_string().unwrap_or_default(),
            bytes: bytes.unwrap_or_default(),
        });
    });
    let _ = Reflect::set(&js_sys::global(), &"onmessage".into(), listener.as_ref());
    listener.forget();
    post(&0.into(), Ok(("ready".into(), None)));
}

/// Fills bytes by `crypto.getRandomValues`; false when there is no such thing.
pub fn random(bytes: &mut [u8]) -> bool {
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

fn post(number: &JsValue, answer: Answer) {
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
