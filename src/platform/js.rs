//! What the other files need of JavaScript and web-sys lacks: reaching for what may not be there,
//! errors by name, listeners that go when they are dropped, and one-shot signals.

use crate::store::StoreError;
use js_sys::{Array, Function, Reflect};
use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget};

/// The property, or `undefined` when it is absent or forbidden.
pub(super) fn get(target: &JsValue, name: &str) -> JsValue {
    Reflect::get(target, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Calls a method by name. For what web-sys does not have, or has only behind a flag, and for what
/// a browser may lack (a missing method is an error here, not a trap).
pub(super) fn call(target: &JsValue, name: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(target, &name.into())?
        .dyn_into()
        .map_err(|_| js_sys::TypeError::new(&format!("{name} is missing")))?;
    let list = Array::new();
    for argument in arguments {
        list.push(argument);
    }
    function.apply(target, &list)
}

/// The name of an exception, such as `AbortError`; empty when it has none.
pub(super) fn error_name(error: &JsValue) -> String {
    get_text(error, "name")
}

/// An exception in one line.
pub(super) fn error_text(error: &JsValue) -> String {
    match (error_name(error), get_text(error, "message")) {
        (name, message) if name.is_empty() && message.is_empty() => {
            error.as_string().unwrap_or_else(|| "未知错误".into())
        }
        (name, message) if name.is_empty() => message,
        (name, message) if message.is_empty() => name,
        (name, message) => format!("{name}: {message}"),
    }
}

fn get_text(target: &JsValue, name: &str) -> String {
    if !target.is_object() {
        return String::new();
    }
    get(target, name).as_string().unwrap_or_default()
}

/// What a store error means. The quota error has three names: the standard's, Firefox's old one,
/// and the old codes (22; 1014 in Firefox) where the name is missing or local.
pub(super) fn store_error(error: &JsValue) -> StoreError {
    let name = error_name(error);
    let code = if error.is_object() {
        get(error, "code").as_f64().unwrap_or(0.0)
    } else {
        0.0
    };
    match name.as_str() {
        "QuotaExceededError" | "NS_ERROR_DOM_QUOTA_REACHED" => StoreError::Full,
        _ if code == 22.0 || code == 1014.0 => StoreError::Full,
        "VersionError" => StoreError::Stale(
            "这里的数据由更新版本的学档写入，本页是旧版本，不能读写。数据没有改动；请刷新本页以换用新版本。"
                .into(),
        ),
        "SecurityError" | "NotAllowedError" => StoreError::Unavailable(error_text(error)),
        "AbortError" => StoreError::Failed(format!("浏览器中止了写入，{}", error_text(error))),
        "InvalidStateError" | "TransactionInactiveError" => {
            StoreError::Failed(format!("数据库连接已断开，{}", error_text(error)))
        }
        _ if error.is_null() || error.is_undefined() => StoreError::Failed("写入被中止".into()),
        _ => StoreError::Failed(error_text(error)),
    }
}

/// Listens until it is dropped.
pub struct Listener {
    target: EventTarget,
    event: &'static str,
    closure: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Listens as long as the page lives.
    pub fn forever(self) {
        std::mem::forget(self);
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener")
            .field("event", &self.event)
            .finish_non_exhaustive()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self
            .target
            .remove_event_listener_with_callback(self.event, self.closure.as_ref().unchecked_ref());
    }
}

/// Listens for an event.
pub(super) fn listen(
    target: impl Into<EventTarget>,
    event: &'static str,
    react: impl FnMut(Event) + 'static,
) -> Listener {
    let listener = Listener {
        target: target.into(),
        event,
        closure: Closure::new(react),
    };
    let _ = listener
        .target
        .add_event_listener_with_callback(event, listener.closure.as_ref().unchecked_ref());
    listener
}

/// A value that comes once, from a callback to a future.
pub(super) struct Signal<T>(Rc<RefCell<(Option<T>, Option<Waker>)>>);

impl<T> Signal<T> {
    pub(super) fn new() -> Self {
        Self(Rc::new(RefCell::new((None, None))))
    }

    /// Gives the value; the first one counts until it is taken.
    pub(super) fn set(&self, value: T) {
        let waker = {
            let mut state = self.0.borrow_mut();
            state.0.get_or_insert(value);
            state.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> Clone for Signal<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> Future for Signal<T> {
    type Output = T;
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut state = self.0.borrow_mut();
        match state.0.take() {
            Some(value) => Poll::Ready(value),
            None => {
                state.1 = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}
