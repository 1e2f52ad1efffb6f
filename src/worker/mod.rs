//! The side of a worker that serves: the programs `bin/worker.rs` and `bin/signer.rs` are what
//! `platform/worker.rs` talks to.
//!
//! Messages are lists. In: `[number, what, text, bytes]`; out: `[number, went well, text, bytes]`,
//! the bytes handed over without a copy. `[0, true, "ready", null]` comes first. A file may stand in
//! the place of bytes, either way; `[number, null, text, null]` says how far it has come.

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
    /// Its file, which nothing has been read of.
    file: Option<JsValue>,
}

impl Order {
    /// Answers.
    pub fn answer(self, answer: Answer) {
        let (well, text, bytes) = match answer {
            Ok((text, bytes)) => (true, text, bytes),
            Err(why) => (false, why, None),
        };
        let bytes = bytes.map(|bytes| Uint8Array::from(bytes.as_slice()));
        let transfer: Array = bytes.iter().map(|bytes| JsValue::from(bytes.buffer())).collect();
        let bytes = bytes.map_or(JsValue::NULL, JsValue::from);
        post(&self.number, &well.into(), &text, &bytes, &transfer);
    }

    /// Answers with a file, which the page hands on without looking into it.
    pub fn answer_with_file(self, text: &str, bytes: &[u8], mime: &str) {
        let parts = Array::of1(&Uint8Array::from(bytes));
        let options = js_sys::Object::new();
        let _ = Reflect::set(&options, &"type".into(), &mime.into());
        let class = Reflect::get(&js_sys::global(), &"Blob".into()).and_then(JsCast::dyn_into::<Function>);
        match class.and_then(|class| Reflect::construct(&class, &Array::of2(&parts, &options))) {
            Ok(file) => post(&self.number, &true.into(), text, &file, &Array::new()),
            Err(_) => self.answer(Err("浏览器没有做成文件，内存可能不够".into())),
        }
    }

    /// Says how far it has come. A `progress` may be called in the middle of long work.
    pub fn progress(&self) -> impl Fn(&str) + use<> {
        let number = self.number.clone();
        move |text| post(&number, &JsValue::NULL, text, &JsValue::NULL, &Array::new())
    }

    /// Its bytes, or those of its file, read now.
    ///
    /// # Errors
    /// What the person reads.
    pub fn take_bytes(&mut self) -> Result<Vec<u8>, String> {
        let Some(file) = self.file.take() else {
            return Ok(std::mem::take(&mut self.bytes));
        };
        let read = || -> Result<JsValue, JsValue> {
            let class: Function = Reflect::get(&js_sys::global(), &"FileReaderSync".into())?.dyn_into()?;
            let reader = Reflect::construct(&class, &Array::new())?;
            let method: Function = Reflect::get(&reader, &"readAsArrayBuffer".into())?.dyn_into()?;
            method.call1(&reader, &file)
        };
        let buffer =
            read().map_err(|_| "文件读不出来：可能已被移动、改名，或者正被别的程序占用".to_owned())?;
        Ok(Uint8Array::new(&buffer).to_vec())
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
        let load = parts.get(3);
        let bytes = load.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec);
        let file = (load.is_object() && bytes.is_none()).then_some(load);
        carry_out(Order {
            number: parts.get(0),
            what: parts.get(1).as_string().unwrap_or_default(),
            text: parts.get(2).as_string().unwrap_or_default(),
            bytes: bytes.unwrap_or_default(),
            file,
        });
    });
    let _ = Reflect::set(&js_sys::global(), &"onmessage".into(), listener.as_ref());
    listener.forget();
    post(&0.into(), &true.into(), "ready", &JsValue::NULL, &Array::new());
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

fn post(number: &JsValue, well: &JsValue, text: &str, load: &JsValue, transfer: &Array) {
    let message = Array::of4(number, well, &text.into(), load);
    let post = Reflect::get(&js_sys::global(), &"postMessage".into());
    if let Ok(post) = post.and_then(|post| post.dyn_into::<Function>()) {
        let _ = post.call2(&JsValue::UNDEFINED, &message, transfer);
    }
}
