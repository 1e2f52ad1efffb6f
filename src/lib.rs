//! 学档 Xuedang: a study dossier for party-membership activists, wholly in the browser.
//!
//! Rooms from the ground up; a room imports only from rooms below it
//! (`tests/architecture.rs` fails when one does not):
//!
//! 1. [`domain`]: what the portal is about. Pure: no browser, no clock, no randomness.
//! 2. [`format`]: bytes to and from the domain. Pure.
//! 3. [`store`]: the journal, over connectors that are given to it. Pure.
//! 4. `platform`: the browser, one thin file per power.
//! 5. `ui`: what people see.
//!
//! `worker` is the other side of `platform::worker`: what the programs of workers share.

pub mod domain;
pub mod format;
#[cfg(feature = "app")]
pub mod platform;
pub mod store;
#[cfg(feature = "app")]
pub mod ui;
#[cfg(feature = "serving")]
pub mod worker;
