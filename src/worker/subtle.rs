//! Ed25519 by the browser's own WebCrypto (Secure Curves in the Web Cryptography API), where it
//! answers as our own program does.

use crate::format::credential::check::Check;
use crate::format::credential::key::PublicKey;
use crate::format::credential::strict::{self, PROBES};
use js_sys::{Array, Promise, Reflect};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// So many imported keys are kept: mentors and branches sign many records.
const MOST_KEYS: usize = 1_024;

#[wasm_bindgen]
extern "C" {
    /// `crypto.subtle`.
    #[derive(Clone, Debug)]
    type Subtle;

    #[wasm_bindgen(method, catch, js_name = importKey)]
    fn import_key(
        this: &Subtle,
        format: &JsValue,
        key: &[u8],
        algorithm: &JsValue,
        extractable: bool,
        usages: &JsValue,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn verify(
        this: &Subtle,
        algorithm: &JsValue,
        key: &JsValue,
        signature: &[u8],
        data: &[u8],
    ) -> Result<Promise, JsValue>;
}

/// The browser's Ed25519.
#[derive(Debug)]
pub struct WebCrypto {
    subtle: Subtle,
    raw: JsValue,
    algorithm: JsValue,
    usages: JsValue,
    keys: RefCell<HashMap<[u8; 32], JsValue>>,
}

impl WebCrypto {
    /// Finds it; `None` where there is none, or where it does not answer as [`PROBES`] say.
    pub async fn find() -> Option<Self> {
        let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).ok()?;
        let subtle = Reflect::get(&crypto, &"subtle".into()).ok()?;
        if !subtle.is_object() {
            return None;
        }
        let found = Self {
            subtle: subtle.unchecked_into(),
            raw: "raw".into(),
            algorithm: "Ed25519".into(),
            usages: Array::of1(&"verify".into()).into(),
            keys: RefCell::default(),
        };
        let checks = PROBES.map(|probe| {
            PublicKey::from_bytes(&probe.key).map(|key| Check {
                key,
                message: probe.message,
                signature: probe.signature,
            })
        });
        let checks: Vec<&Check> = checks.iter().flatten().collect();
        let held = found.begin(&checks).ok()?.ask(&checks).await.ok()?.held().await;
        let expected = PROBES.map(|probe| probe.holds);
        (held.ok()? == expected).then_some(found)
    }

    /// Begins to look at signatures: their keys are being imported when this returns, those that
    /// are not known yet.
    ///
    /// # Errors
    /// What the browser throws, here and in what follows; then nothing is known.
    pub fn begin(&self, checks: &[&Check]) -> Result<Importing<'_>, JsValue> {
        // Now, as nobody is between looking a key up and using it.
        if self.keys.borrow().len() > MOST_KEYS {
            self.keys.borrow_mut().clear();
        }
        let mut names: Vec<[u8; 32]> = Vec::new();
        let promises = Array::new();
        let keys = self.keys.borrow();
        let mut seen = HashSet::new();
        for check in checks.iter().filter(|check| strict::is_fit(&check.signature)) {
            let bytes = check.key.bytes();
            if keys.contains_key(bytes) || seen.contains(bytes) {
                continue;
            }
            let (raw, algorithm, usages) = (&self.raw, &self.algorithm, &self.usages);
            let key = self.subtle.import_key(raw, bytes, algorithm, true, usages)?;
            promises.push(key.as_ref());
            seen.insert(*bytes);
            names.push(*bytes);
        }
        let promise = (!names.is_empty()).then(|| Promise::all(&promises));
        Ok(Importing {
            crypto: self,
            names,
            promise,
        })
    }

    fn learn(&self, names: Vec<[u8; 32]>, imported: &Array) {
        self.keys
            .borrow_mut()
            .extend(names.into_iter().zip(imported.iter()));
    }
}

/// Keys that are being imported.
#[derive(Debug)]
pub struct Importing<'a> {
    crypto: &'a WebCrypto,
    names: Vec<[u8; 32]>,
    promise: Option<Promise>,
}

impl Importing<'_> {
    /// Asks for all of these, the same as at the beginning, as soon as the keys are there.
    ///
    /// # Errors
    /// As of [`WebCrypto::begin`].
    pub async fn ask(self, checks: &[&Check]) -> Result<Asked, JsValue> {
        if let Some(promise) = self.promise {
            let imported: Array = JsFuture::from(promise).await?.dyn_into()?;
            self.crypto.learn(self.names, &imported);
        }
        let (subtle, keys) = (&self.crypto.subtle, self.crypto.keys.borrow());
        let (mut asked, promises) = (Vec::new(), Array::new());
        for check in checks {
            // What does not pass here is not asked at all: the answer would hang on the browser.
            let is_fit = strict::is_fit(&check.signature);
            asked.push(is_fit);
            if is_fit {
                let key = keys.get(check.key.bytes()).ok_or(JsValue::UNDEFINED)?;
                let algorithm = &self.crypto.algorithm;
                let answer = subtle.verify(algorithm, key, &check.signature, &check.message)?;
                promises.push(answer.as_ref());
            }
        }
        let promise = Promise::all(&promises);
        Ok(Asked { asked, promise })
    }
}

/// Signatures that are being checked.
#[derive(Debug)]
pub struct Asked {
    asked: Vec<bool>,
    promise: Promise,
}

impl Asked {
    /// Which hold: the same that [`Check::holds`] says.
    ///
    /// # Errors
    /// As of [`WebCrypto::begin`].
    pub async fn held(self) -> Result<Vec<bool>, JsValue> {
        let answers: Array = JsFuture::from(self.promise).await?.dyn_into()?;
        let mut answers = answers.iter();
        let held = self.asked.into_iter().map(|asked| match asked {
            false => Ok(false),
            true => {
                let answer = answers.next().and_then(|answer| answer.as_bool());
                answer.ok_or(JsValue::UNDEFINED)
            }
        });
        held.collect()
    }
}
