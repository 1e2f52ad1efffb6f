//! Time, chance, waiting.

use super::js::{Signal, call, get};
use crate::domain::time::{Env, Moment};
use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use wasm_bindgen::prelude::*;

/// One reading of the clock and one draw of chance. Take a new one for every action.
pub fn env() -> Env {
    Env {
        now: now(),
        chance: chance(),
    }
}

/// Now, as this device sees it.
pub fn now() -> Moment {
    let date = js_sys::Date::new_0();
    // JavaScript counts minutes west of UTC.
    Moment {
        ms: date.get_time() as i64,
        tz: -(date.get_timezone_offset() as i16),
    }
}

/// Milliseconds since some moment, by a clock that nobody can set. It may stand still while the
/// device sleeps, and begins anew with every page. Without one, 0: time then stands still.
pub fn steady_ms() -> u64 {
    let now = web_sys::window().and_then(|window| call(&get(&window, "performance"), "now", &[]).ok());
    now.and_then(|now| now.as_f64()).map_or(0, |now| now as u64)
}

fn chance() -> u128 {
    let mut bytes = [0u8; 16];
    let drawn = web_sys::window()
        .filter(|window| get(window, "crypto").is_object())
        .and_then(|window| window.crypto().ok())
        .is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
    if drawn {
        return u128::from_le_bytes(bytes);
    }
    // Only ids and shuffles hang on it here, nothing secret.
    (0..4).fold(0, |bits, _| {
        bits << 32 | (js_sys::Math::random() * 4_294_967_296.0) as u128
    })
}

/// Waits; in a worker too.
pub async fn sleep(ms: u32) {
    struct Timer {
        id: JsValue,
        _closure: Closure<dyn FnMut()>,
    }
    impl Drop for Timer {
        fn drop(&mut self) {
            let _ = call(&js_sys::global(), "clearTimeout", &[&self.id]);
        }
    }
    let signal = Signal::new();
    let ring = signal.clone();
    let closure = Closure::<dyn FnMut()>::new(move || ring.set(()));
    let arguments = [closure.as_ref(), &ms.into()];
    let Ok(id) = call(&js_sys::global(), "setTimeout", &arguments) else {
        return;
    };
    let _timer = Timer {
        id,
        _closure: closure,
    };
    signal.await;
}

/// So long, in milliseconds, long work may hold a page that somebody looks at…
const TURN: u64 = 8;
/// …and one that nobody looks at, where every wait is a second.
const TURN_UNSEEN: u64 = 400;

/// Lets the page breathe in the middle of long work, so that it never stands still.
#[derive(Debug)]
pub struct Breath(u64);

impl Default for Breath {
    fn default() -> Self {
        Self(steady_ms())
    }
}

impl Breath {
    /// Waits a moment if it is time to. Call it after every small step.
    pub async fn take(&mut self) {
        let turn = if super::page::is_visible() {
            TURN
        } else {
            TURN_UNSEEN
        };
        if steady_ms().saturating_sub(self.0) >= turn {
            sleep(0).await;
            self.0 = steady_ms();
        }
    }
}

/// The future's value, or `None` when it takes longer.
pub async fn within<T>(ms: u32, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut limit = pin!(sleep(ms));
    std::future::poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => limit.as_mut().poll(context).map(|()| None),
    })
    .await
}
