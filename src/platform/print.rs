//! Paper.

use super::js::call;

/// Opens the browser's print dialogue; `false` where there is none, as in some chat apps.
pub fn print() -> bool {
    // By name: on Android's embedded browsers the method is missing.
    web_sys::window().is_some_and(|window| call(&window, "print", &[]).is_ok())
}
