//! What was dropped on the page, folders and all. Browsers have it only by the old names.

use super::clock::Breath;
use super::files::path_of;
use super::js::{call, get};
use js_sys::{Array, Function, Promise};
use std::collections::VecDeque;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// Files that are taken of one drop.
const MOST: usize = 50_000;
/// Folders within folders that are gone into.
const DEEPEST: usize = 16;

/// What was dropped, to be gone through.
#[derive(Debug)]
pub struct Dropped {
    entries: VecDeque<(JsValue, usize)>,
    files: Vec<(String, File)>,
}

impl Dropped {
    /// Takes hold of what was dropped, which is there only as long as the event is.
    pub fn of(event: &JsValue) -> Self {
        let transfer = get(event, "dataTransfer");
        let list = |name: &str| {
            let list = get(&transfer, name);
            let count = get(&list, "length").as_f64().unwrap_or(0.0) as u32;
            (0..count).map(move |at| get(&list, &at.to_string()))
        };
        let entries: VecDeque<(JsValue, usize)> = list("items")
            .filter_map(|item| call(&item, "webkitGetAsEntry", &[]).ok())
            .filter(JsValue::is_object)
            .map(|entry| (entry, 0))
            .collect();
        let files = if entries.is_empty() {
            let files = list("files").filter_map(|file| file.dyn_into::<File>().ok());
            files.map(|file| (path_of(&file), file)).collect()
        } else {
            Vec::new()
        };
        Self { entries, files }
    }

    /// All files in it with their paths, folder by folder; at most fifty thousand.
    pub async fn files(mut self) -> Vec<(String, File)> {
        let mut breath = Breath::default();
        while let Some((entry, depth)) = self.entries.pop_front() {
            if self.files.len() >= MOST {
                break;
            }
            if get(&entry, "isDirectory").is_truthy() {
                if depth < DEEPEST {
                    let inner = inside(&entry).await;
                    let inner = inner.into_iter().map(|entry| (entry, depth + 1));
                    // Before what comes after the folder.
                    inner.rev().for_each(|entry| self.entries.push_front(entry));
                }
            } else if let Some(Ok(file)) = asked(&entry, "file").await.map(JsCast::dyn_into::<File>) {
                let path = get(&entry, "fullPath").as_string().unwrap_or_default();
                let path = path.trim_start_matches('/').to_owned();
                let name = if path.is_empty() { file.name() } else { path };
                self.files.push((name, file));
            }
            breath.take().await;
        }
        self.files
    }
}

/// What is in a folder; browsers give a hundred at a time.
async fn inside(folder: &JsValue) -> Vec<JsValue> {
    let mut all = Vec::new();
    let Ok(reader) = call(folder, "createReader", &[]) else {
        return all;
    };
    while let Some(some) = asked(&reader, "readEntries").await {
        let some = Array::from(&some);
        if some.length() == 0 || all.len() >= MOST {
            break;
        }
        all.extend(some.iter());
    }
    all
}

/// Asks in the way of old: one function for what is found, one for what goes wrong.
async fn asked(target: &JsValue, method: &str) -> Option<JsValue> {
    let promise = Promise::new(&mut |found: Function, failed: Function| {
        if call(target, method, &[found.as_ref(), failed.as_ref()]).is_err() {
            let _ = failed.call0(&JsValue::NULL);
        }
    });
    JsFuture::from(promise).await.ok()
}
