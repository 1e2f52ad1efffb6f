//! The browser, one thin file per power. Nothing here knows what the portal is about.
//!
//! | file | power |
//! |---|---|
//! | [`local`] | localStorage: the write-ahead log, preferences, the sentinel |
//! | [`vault`] | IndexedDB: the durable store |
//! | [`rescue`] | everything stored, as it lies there, without the app |
//! | [`tabs`] | messages between tabs, locks across tabs |
//! | [`clock`] | time, chance, waiting |
//! | [`files`] | files in and out, the clipboard |
//! | [`picture`] | pictures as grey values |
//! | [`camera`] | the camera, looked through as long as it is held |
//! | [`fetch`] | this site's own files |
//! | [`page`] | address, title, look, focus, what the page lives through |
//! | [`print`] | paper |
//! | [`worker`] | programs beside the page |
//! | [`panic`] | the last words |
//!
//! All of it compiles natively too, so that the linter sees it; it only runs in a browser.

mod idb;
mod js;

pub mod camera;
pub mod clock;
pub mod fetch;
pub mod files;
pub mod folders;
pub mod local;
pub mod page;
pub mod panic;
pub mod picture;
pub mod print;
pub mod rescue;
pub mod tabs;
pub mod vault;
pub mod worker;

pub use js::Listener;
