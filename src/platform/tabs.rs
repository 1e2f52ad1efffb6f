//! Messages between tabs, and locks across them.

use super::clock;
use super::js::{Listener, Signal, call, get, listen};
use super::local;
use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{BroadcastChannel, MessageEvent, StorageEvent};

const CHANNEL: &str = "xuedang";
/// Where there is no BroadcastChannel, a change of this key in localStorage is the message.
const KEY: &str = "xuedang.tabs";

/// The line to the other tabs; open until dropped. Messages are text (JSON), in order, to everyone
/// but the sender; nobody is told whether anyone listens.
pub struct Tabs {
    channel: Option<BroadcastChannel>,
    _listener: Option<Listener>,
}

impl Tabs {
    /// Listens to the other tabs.
    pub fn new(on_message: impl FnMut(String) + 'static) -> Self {
        let present = !get(&js_sys::global(), "BroadcastChannel").is_undefined();
        let channel = present.then(|| BroadcastChannel::new(CHANNEL).ok()).flatten();
        Self::over(channel, on_message)
    }

    /// As [`Self::new`], over localStorage even where there is a BroadcastChannel: for tests.
    pub fn over_storage(on_message: impl FnMut(String) + 'static) -> Self {
        Self::over(None, on_message)
    }

    fn over(channel: Option<BroadcastChannel>, mut on_message: impl FnMut(String) + 'static) -> Self {
        let listener = match &channel {
            Some(channel) => Some(listen(channel.clone(), "message", move |event| {
                let event: MessageEvent = event.unchecked_into();
                if let Some(text) = event.data().as_string() {
                    on_message(text);
                }
            })),
            None => web_sys::window().map(|window| {
                listen(window, "storage", move |event| {
                    let event: StorageEvent = event.unchecked_into();
                    if event.key().as_deref() == Some(KEY)
                        && let Some(value) = event.new_value()
                        && let Some((_, text)) = value.split_once(' ')
                    {
                        on_message(text.to_owned());
                    }
                })
            }),
        };
        Self {
            channel,
            _listener: listener,
        }
    }

    /// Tells the other tabs. That it cannot be told is no error: they read it when they next load.
    pub fn post(&self, json: &str) {
        match &self.channel {
            Some(channel) => drop(channel.post_message(&json.into())),
            // Two equal messages in a row must differ, or no event comes.
            None => drop(local::write(KEY, &format!("{:x} {json}", clock::env().chance))),
        }
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.close();
        }
    }
}

impl fmt::Debug for Tabs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tabs")
            .field("channel", &self.channel.is_some())
            .finish_non_exhaustive()
    }
}

/// Does the work while no other tab holds the lock of that name. Where the browser has no Web
/// Locks the work is simply done: what is written is safe to write twice.
pub async fn with_lock<T>(name: &str, work: impl Future<Output = T>) -> T {
    let _lock = acquire(name).await;
    work.await
}

/// Asks for a lock for as long as the returned value lives. `on_granted` is called once it is
/// held: at once, or when the tab that holds it lets go, closes or dies. Where there are no Web
/// Locks it is granted at once to everyone.
pub fn hold(name: &str, on_granted: impl FnOnce() + 'static) -> Hold {
    let state = Rc::new(RefCell::new(Held::Waiting));
    let (shared, name) = (Rc::clone(&state), name.to_owned());
    spawn_local(async move {
        let lock = acquire(&name).await;
        if matches!(*shared.borrow(), Held::Released) {
            return;
        }
        *shared.borrow_mut() = Held::Granted { _lock: lock };
        on_granted();
    });
    Hold(state)
}

/// A lock, held or waited for; let go when dropped.
pub struct Hold(Rc<RefCell<Held>>);

enum Held {
    Waiting,
    Granted { _lock: Option<Lock> },
    Released,
}

impl Hold {
    /// Whether this tab has the lock now.
    pub fn is_granted(&self) -> bool {
        matches!(*self.0.borrow(), Held::Granted { .. })
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        *self.0.borrow_mut() = Held::Released;
    }
}

impl fmt::Debug for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hold")
            .field("granted", &self.is_granted())
            .finish()
    }
}

/// A lock that is held; the browser keeps it until this promise is fulfilled.
struct Lock {
    release: js_sys::Function,
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.release.call0(&JsValue::NULL);
    }
}

async fn acquire(name: &str) -> Option<Lock> {
    // web-sys has Web Locks only as an unstable API.
    let navigator = web_sys::window()?.navigator();
    let locks = get(&navigator, "locks");
    if !locks.is_object() {
        return None;
    }
    let mut release = None;
    let held = js_sys::Promise::new(&mut |resolve, _| release = Some(resolve));
    let lock = Lock { release: release? };

    let granted = Signal::new();
    // The browser calls it once, and it frees itself then. When nobody waits for the lock any
    // more, `held` has been fulfilled already, and the lock goes on to the next.
    let grant = Closure::once_into_js({
        let granted = granted.clone();
        move || -> JsValue {
            granted.set(true);
            held.into()
        }
    });
    let request = call(&locks, "request", &[&name.into(), &grant]).ok()?;
    // It ends when the lock is released, or at once when the page may have no locks.
    spawn_local({
        let granted = granted.clone();
        async move {
            if JsFuture::from(js_sys::Promise::from(request)).await.is_err() {
                granted.set(false);
            }
        }
    });
    granted.await.then_some(lock)
}
