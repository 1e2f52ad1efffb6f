//! IndexedDB as futures: opening, requests, transactions. Thin, on web-sys: of the crates looked
//! at, none has strict durability, the close event and an opening that can be given up together.
//!
//! Handlers are attached when the value is made and taken off when it is dropped, so nothing leaks
//! and no event finds a dead closure.

use super::clock::within;
use super::js::{Signal, call, get, store_error};
use crate::store::StoreError;
use js_sys::{Array, JsString, Object, Reflect};
use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use wasm_bindgen::prelude::*;
use web_sys::{
    Event, IdbDatabase, IdbFactory, IdbKeyRange, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction,
};

/// A browser that has not opened the database after this long is not going to.
const PATIENCE_MS: u32 = 10_000;
/// How many values are asked for before the page gets a breath.
const READ_CHUNK: u32 = 4096;
/// How many values are written before the page gets a breath: signed records are large.
const WRITE_CHUNK: usize = 128;

/// Opens a database; with no version, as it is. `upgrade` makes what is missing; when it fails, or
/// nobody waits any longer, the upgrade is rolled back.
pub(super) async fn open(
    name: &str,
    version: Option<u32>,
    upgrade: fn(&IdbDatabase) -> Result<(), JsValue>,
) -> Result<IdbDatabase, StoreError> {
    let unavailable = |error: &JsValue| match store_error(error) {
        // Private windows of older browsers.
        StoreError::Failed(why) if super::js::error_name(error) == "InvalidStateError" => {
            StoreError::Unavailable(why)
        }
        other => other,
    };
    // By name: a worker has it too, and no window.
    let factory: IdbFactory = get(&js_sys::global(), "indexedDB")
        .dyn_into()
        .map_err(|_| StoreError::Unavailable("没有 IndexedDB".into()))?;
    let request = match version {
        Some(version) => factory.open_with_u32(name, version),
        None => factory.open(name),
    }
    .map_err(|error| unavailable(&error))?;

    let opening = Opening::new(request, upgrade);
    match within(PATIENCE_MS, opening.signal.clone()).await {
        Some(Ok(database)) => Ok(database),
        Some(Err(error)) => Err(unavailable(&error)),
        None if opening.blocked.get() => Err(StoreError::Unavailable(
            "数据库正被本站的另一个标签页占用，请关闭其他标签页后刷新本页".into(),
        )),
        None => Err(StoreError::Unavailable(
            "浏览器迟迟没有打开数据库，请刷新本页；仍不行时重启浏览器".into(),
        )),
    }
}

struct Opening {
    request: IdbOpenDbRequest,
    signal: Signal<Result<IdbDatabase, JsValue>>,
    blocked: Rc<Cell<bool>>,
    given_up: Rc<Cell<bool>>,
    answered: Rc<Cell<bool>>,
    closure: Option<Closure<dyn FnMut(Event)>>,
}

impl Opening {
    fn new(request: IdbOpenDbRequest, upgrade: fn(&IdbDatabase) -> Result<(), JsValue>) -> Self {
        let signal = Signal::new();
        let (blocked, given_up, answered) = (
            Rc::new(Cell::new(false)),
            Rc::new(Cell::new(false)),
            Rc::new(Cell::new(false)),
        );
        let closure = {
            let (request, signal) = (request.clone(), signal.clone());
            let (blocked, given_up, answered) = (blocked.clone(), given_up.clone(), answered.clone());
            Closure::<dyn FnMut(Event)>::new(move |event: Event| match event.type_().as_str() {
                "blocked" => blocked.set(true),
                "upgradeneeded" => {
                    let made = database(&request).and_then(|database| upgrade(&database));
                    if (given_up.get() || made.is_err())
                        && let Some(transaction) = request.transaction()
                    {
                        let _ = transaction.abort();
                    }
                }
                "success" => {
                    answered.set(true);
                    match database(&request) {
                        Ok(database) if given_up.get() => database.close(),
                        result => signal.set(result),
                    }
                }
                _ => {
                    answered.set(true);
                    event.prevent_default();
                    signal.set(Err(error_of(&request)));
                }
            })
        };
        let function = Some(closure.as_ref().unchecked_ref());
        request.set_onblocked(function);
        request.set_onupgradeneeded(function);
        request.set_onsuccess(function);
        request.set_onerror(function);
        Self {
            request,
            signal,
            blocked,
            given_up,
            answered,
            closure: Some(closure),
        }
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        self.given_up.set(true);
        if self.answered.get() {
            self.request.set_onblocked(None);
            self.request.set_onupgradeneeded(None);
            self.request.set_onsuccess(None);
            self.request.set_onerror(None);
        } else if let Some(closure) = self.closure.take() {
            // Given up: it may still answer, and must then find somebody who closes the database
            // or rolls the upgrade back. This is the one closure here that outlives its call.
            closure.forget();
        }
    }
}

fn database(request: &IdbRequest) -> Result<IdbDatabase, JsValue> {
    request.result()?.dyn_into()
}

fn error_of(request: &IdbRequest) -> JsValue {
    request
        .error()
        .ok()
        .flatten()
        .map_or(JsValue::NULL, JsValue::from)
}

/// The answer to a request.
pub(super) struct Answer {
    request: IdbRequest,
    signal: Signal<()>,
    _closure: Closure<dyn FnMut()>,
}

impl Answer {
    pub(super) fn of(request: IdbRequest) -> Self {
        let signal = Signal::new();
        let ring = signal.clone();
        let closure = Closure::<dyn FnMut()>::new(move || ring.set(()));
        request.set_onsuccess(Some(closure.as_ref().unchecked_ref()));
        request.set_onerror(Some(closure.as_ref().unchecked_ref()));
        Self {
            request,
            signal,
            _closure: closure,
        }
    }
}

impl Future for Answer {
    type Output = Result<JsValue, JsValue>;
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.signal)
            .poll(context)
            .map(|()| match error_of(&self.request) {
                error if error.is_null() => self.request.result(),
                error => Err(error),
            })
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.request.set_onsuccess(None);
        self.request.set_onerror(None);
    }
}

/// A transaction. Unless [`Transaction::finish`] has seen it complete, dropping it rolls it back:
/// so an early return, or a caller that no longer waits, leaves nothing half written.
pub(super) struct Transaction {
    raw: IdbTransaction,
    signal: Signal<bool>,
    finished: bool,
    _closure: Closure<dyn FnMut(Event)>,
}

impl Transaction {
    /// Begins one. `durability` is a hint that older browsers do not know and ignore.
    pub(super) fn begin(
        database: &IdbDatabase,
        stores: &[&str],
        mode: &str,
        durability: &str,
    ) -> Result<Self, JsValue> {
        let names: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &durability.into())?;
        // web-sys has the options only as an unstable API.
        let raw: IdbTransaction =
            call(database, "transaction", &[&names, &mode.into(), &options])?.unchecked_into();
        let signal = Signal::new();
        let ring = signal.clone();
        let closure = Closure::<dyn FnMut(Event)>::new(move |event: Event| match event.type_().as_str() {
            "complete" => ring.set(true),
            "abort" => ring.set(false),
            // `add` of what is there already: see `add`. Anything else aborts, as is the default.
            _ => {
                let request = event
                    .target()
                    .and_then(|target| target.dyn_into::<IdbRequest>().ok());
                if request
                    .is_some_and(|request| super::js::error_name(&error_of(&request)) == "ConstraintError")
                {
                    event.prevent_default();
                }
            }
        });
        let function = Some(closure.as_ref().unchecked_ref());
        raw.set_oncomplete(function);
        raw.set_onabort(function);
        raw.set_onerror(function);
        Ok(Self {
            raw,
            signal,
            finished: false,
            _closure: closure,
        })
    }

    pub(super) fn store(&self, name: &str) -> Result<IdbObjectStore, JsValue> {
        self.raw.object_store(name)
    }

    /// Adds values under keys that are not there yet; those that are there stay as they are.
    pub(super) async fn add<'a>(
        &self,
        store: &IdbObjectStore,
        mut items: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<(), JsValue> {
        loop {
            let mut last = None;
            for (key, value) in items.by_ref().take(WRITE_CHUNK) {
                last = Some(store.add_with_key(&value.into(), &key.into())?);
            }
            match last {
                // Its own error is not asked for: either it was there already, or `finish` tells.
                Some(request) => drop(Answer::of(request).await),
                None => return Ok(()),
            }
        }
    }

    /// Resolves when everything is written and complete.
    pub(super) async fn finish(mut self) -> Result<(), JsValue> {
        let complete = self.signal.clone().await;
        self.finished = true;
        if complete {
            Ok(())
        } else {
            Err(self.reason(JsValue::NULL))
        }
    }

    /// Why it was aborted, when it was; otherwise `error`.
    pub(super) fn reason(&self, error: JsValue) -> JsValue {
        self.raw.error().map_or(error, JsValue::from)
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        self.raw.set_oncomplete(None);
        self.raw.set_onabort(None);
        self.raw.set_onerror(None);
        if !self.finished {
            let _ = self.raw.abort();
        }
    }
}

/// A range of text keys.
#[derive(Clone)]
pub(super) struct Range {
    lower: JsValue,
    lower_open: bool,
    upper: Option<JsValue>,
    upper_open: bool,
}

impl Range {
    /// Keys that start with `prefix`, greater than `after`, at most `to`; `None` when there can be
    /// none. Keys are in order of their UTF-16 units, as IndexedDB has it.
    pub(super) fn new(prefix: &str, after: Option<&str>, to: Option<&str>) -> Option<Self> {
        let beyond = |text: &str| text.encode_utf16().gt(prefix.encode_utf16());
        let (lower, lower_open) = match after {
            Some(after) if after.starts_with(prefix) => (after, true),
            Some(after) if beyond(after) => return None,
            _ => (prefix, false),
        };
        let (upper, upper_open) = match to {
            Some(to) if to.starts_with(prefix) => (Some(to.into()), false),
            Some(to) if !beyond(to) => return None,
            _ => (
                after_prefix(prefix).map(|units| JsString::from_char_code(&units).into()),
                true,
            ),
        };
        Some(Self {
            lower: lower.into(),
            lower_open,
            upper,
            upper_open,
        })
    }

    pub(super) fn key_range(&self) -> Result<JsValue, JsValue> {
        let Self {
            lower,
            lower_open,
            upper,
            upper_open,
        } = self;
        let range = match upper {
            Some(upper) => {
                IdbKeyRange::bound_with_lower_open_and_upper_open(lower, upper, *lower_open, *upper_open)?
            }
            None => IdbKeyRange::lower_bound_with_open(lower, *lower_open)?,
        };
        Ok(range.into())
    }
}

/// The first string, in UTF-16 units, that is greater than everything with this prefix.
fn after_prefix(prefix: &str) -> Option<Vec<u16>> {
    let mut units: Vec<u16> = prefix.encode_utf16().collect();
    while let Some(last) = units.pop() {
        if last < u16::MAX {
            units.push(last + 1);
            return Some(units);
        }
    }
    None
}

/// Keys and values of a range, in order, in portions, so that a long read lets the page breathe.
pub(super) async fn read(store: &IdbObjectStore, range: &Range) -> Result<Vec<(String, JsValue)>, JsValue> {
    let mut range = range.clone();
    let mut found = Vec::new();
    loop {
        let key_range = range.key_range()?;
        let keys = Answer::of(store.get_all_keys_with_key_and_limit(&key_range, READ_CHUNK)?);
        let values = Answer::of(store.get_all_with_key_and_limit(&key_range, READ_CHUNK)?);
        let (keys, values) = (Array::from(&keys.await?), Array::from(&values.await?));
        let count = keys.length();
        found.extend(
            // Only text keys are ours; a range without an end has other kinds after them.
            keys.iter()
                .zip(values.iter())
                .filter_map(|(key, value)| Some((key.as_string()?, value))),
        );
        if count < READ_CHUNK {
            return Ok(found);
        }
        range.lower = keys.get(count - 1);
        range.lower_open = true;
    }
}

#[cfg(test)]
mod tests {
    use super::after_prefix;

    #[test]
    fn the_end_of_a_prefix() {
        assert_eq!(after_prefix("s/"), Some("s0".encode_utf16().collect()));
        assert_eq!(after_prefix("a\u{ffff}"), Some(vec![u16::from(b'b')]));
        assert_eq!(after_prefix("\u{ffff}"), None);
        assert_eq!(after_prefix(""), None);
    }
}
