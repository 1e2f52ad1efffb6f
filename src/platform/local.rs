//! localStorage: the write-ahead log, preferences, the sentinel. Through gloo-storage, whose typed
//! calls panic where a browser has no storage or forbids it; so the storage is tried first.

use super::js::{call, error_text, get, store_error};
use super::panic;
use crate::domain::sort_by;
use crate::domain::time::Date;
use crate::store::{Entry, Log, StoreError};
use gloo_storage::{LocalStorage, Storage};
use js_sys::{Array, JsString};
use serde::{Deserialize, Serialize, de::DeserializeOwned, de::IgnoredAny};
use wasm_bindgen::prelude::*;

const LOG: &str = "xuedang.wal.";
const PREFS: &str = "xuedang.prefs";
const DRAFT: &str = "xuedang.draft.";
const SENTINEL: &str = "xuedang.sentinel";
const NOTE: &str = "xuedang.note.";

/// The storage, when there is one and it answers.
pub(super) fn storage() -> Result<web_sys::Storage, StoreError> {
    let absent = || StoreError::Unavailable("没有 localStorage".into());
    web_sys::window()
        .ok_or_else(absent)?
        .local_storage()
        .map_err(|error| StoreError::Unavailable(error_text(&error)))?
        .ok_or_else(absent)?;
    Ok(LocalStorage::raw())
}

/// Every key and value under a prefix, as they are: as JavaScript's strings, which can hold what
/// Rust's cannot (half a surrogate pair, as a torn write may leave).
pub(super) fn lines(prefix: &str) -> Result<Vec<(String, JsString)>, StoreError> {
    let storage = storage()?;
    let pairs = call(&get(&js_sys::global(), "Object"), "entries", &[&storage])
        .map_err(|error| store_error(&error))?;
    let line = |pair: JsValue| {
        let pair = pair.dyn_into::<Array>().ok()?;
        let key = pair.get(0).as_string().filter(|key| key.starts_with(prefix))?;
        Some((key, pair.get(1).dyn_into::<JsString>().ok()?))
    };
    let mut lines: Vec<_> = Array::from(&pairs).iter().filter_map(line).collect();
    sort_by(&mut lines, |one, other| one.0.cmp(&other.0));
    Ok(lines)
}

/// The text of a line, or, where it is not JSON, about what it reads like.
fn parse(value: &JsString) -> Result<String, String> {
    let text = String::from(value);
    let torn = text.contains('\u{fffd}') && !value.is_valid_utf16();
    if !torn && serde_json::from_str::<IgnoredAny>(&text).is_ok() {
        Ok(text)
    } else {
        Err(text)
    }
}

/// The write-ahead log: one key `xuedang.wal.<entry key>` per line, so that tabs never write over
/// each other's lines.
#[derive(Clone, Copy, Debug, Default)]
pub struct LocalLog;

impl LocalLog {
    /// Lines that are not JSON, as key and value. They stay where they are until somebody removes
    /// them by key.
    pub fn unreadable(&self) -> Vec<(String, String)> {
        let lines = lines(LOG).unwrap_or_default();
        lines
            .into_iter()
            .filter_map(|(key, value)| Some((key[LOG.len()..].to_owned(), parse(&value).err()?)))
            .collect()
    }

    /// Removes every line, readable or not: the reader has deleted everything.
    pub fn clear(&self) {
        for (key, _) in lines(LOG).unwrap_or_default() {
            // What cannot be removed is found again at the next start.
            let _ = self.remove(&key[LOG.len()..]);
        }
    }
}

impl Log for LocalLog {
    fn put(&self, entry: &Entry) -> Result<(), StoreError> {
        write(&format!("{LOG}{}", entry.key), &entry.json)
    }

    fn remove(&self, key: &str) -> Result<(), StoreError> {
        panic::may_write()?;
        storage()?
            .remove_item(&format!("{LOG}{key}"))
            .map_err(|error| store_error(&error))
    }

    fn all(&self) -> Result<Vec<Entry>, StoreError> {
        let readable = lines(LOG)?.into_iter().filter_map(|(key, value)| {
            Some(Entry {
                key: key[LOG.len()..].to_owned(),
                json: parse(&value).ok()?,
            })
        });
        Ok(readable.collect())
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system has it.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The value of `data-theme`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// How this browser shows the portal. No part of the dossier, so it is in no export.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Prefs {
    /// Light or dark.
    pub theme: Theme,
    /// Steps of text size over the ordinary one.
    pub text: u8,
    /// Whether a multiple choice shows what it earns in part. Right and wrong in the journal stay
    /// strict.
    pub partial: bool,
    /// Whether single keys answer questions. Off unless asked for (WCAG 2.1.4).
    pub keys: bool,
}

impl Prefs {
    /// What was kept, or the defaults.
    pub fn load() -> Self {
        read(PREFS).unwrap_or_default()
    }

    /// Keeps them.
    ///
    /// # Errors
    /// [`StoreError`] as the browser gives it.
    pub fn save(&self) -> Result<(), StoreError> {
        write_json(PREFS, self)
    }
}

/// What is being written in answer to a question, so that it outlives the page; nothing when empty.
/// It goes once the question is answered.
pub fn keep_draft(question: &str, text: &str) {
    let key = format!("{DRAFT}{question}");
    let _ = if text.is_empty() {
        remove(&key)
    } else {
        // Where it cannot be kept, it is only in the page, as before.
        write(&key, text)
    };
}

/// What was being written in answer to a question; empty when nothing was.
pub fn draft(question: &str) -> String {
    let found = storage()
        .ok()
        .and_then(|storage| storage.get_item(&format!("{DRAFT}{question}")).ok());
    found.flatten().unwrap_or_default()
}

/// Drops every draft, when the reader himself has deleted everything.
pub fn drop_drafts() {
    for (key, _) in lines(DRAFT).unwrap_or_default() {
        let _ = remove(&key);
    }
}

fn remove(key: &str) -> Result<(), StoreError> {
    storage()?.remove_item(key).map_err(|error| store_error(&error))
}

/// What one store remembers of the other: when the numbers no longer agree, storage has vanished.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentinel {
    /// How many entries were known to be saved.
    pub entries: u32,
    /// On which day.
    pub day: Date,
}

/// The sentinel in localStorage; `None` when it was never set, was wiped, or cannot be read.
pub fn sentinel() -> Option<Sentinel> {
    read(SENTINEL)
}

/// Keeps the sentinel.
///
/// # Errors
/// [`StoreError`] as the browser gives it.
pub fn keep_sentinel(sentinel: &Sentinel) -> Result<(), StoreError> {
    write_json(SENTINEL, sentinel)
}

/// Drops the sentinel, when the reader himself has deleted everything.
///
/// # Errors
/// [`StoreError`] as the browser gives it.
pub fn drop_sentinel() -> Result<(), StoreError> {
    remove(SENTINEL)
}

/// A short note that pages leave for each other; `None` when there is none or it cannot be read.
pub fn note(name: &str) -> Option<String> {
    storage().ok()?.get_item(&format!("{NOTE}{name}")).ok()?
}

/// Leaves a note, or takes it away when it is empty.
///
/// # Errors
/// [`StoreError`] as the browser gives it.
pub fn keep_note(name: &str, text: &str) -> Result<(), StoreError> {
    let key = format!("{NOTE}{name}");
    if text.is_empty() {
        return storage()?.remove_item(&key).map_err(|error| store_error(&error));
    }
    write(&key, text)
}

/// Takes all notes away: the reader has deleted everything.
pub fn drop_notes() {
    for (key, _) in lines(NOTE).unwrap_or_default() {
        // Nothing but a name and two numbers would stay.
        let _ = keep_note(&key[NOTE.len()..], "");
    }
}

fn read<T: DeserializeOwned>(key: &str) -> Option<T> {
    // Tried first: gloo's `get` panics where `getItem` throws.
    storage().ok()?.get_item(key).ok()??;
    LocalStorage::get(key).ok()
}

fn write_json(key: &str, value: &impl Serialize) -> Result<(), StoreError> {
    let json = serde_json::to_string(value).map_err(|error| StoreError::Failed(error.to_string()))?;
    write(key, &json)
}

/// Not gloo's `set`: that one loses the code of the quota error, and panics on what is no `Error`.
pub(super) fn write(key: &str, value: &str) -> Result<(), StoreError> {
    panic::may_write()?;
    storage()?
        .set_item(key, value)
        .map_err(|error| store_error(&error))
}
