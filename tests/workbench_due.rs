//! What is due over a whole branch, and classes of concentrated training, by the orders that the screens
//! give: lists, months, calendars, arrangements, rows that are typed, papers.

#![cfg(all(feature = "upward", feature = "exports"))]
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

#[path = "exports/reading.rs"]
mod reading;
mod workbench_due {
    pub(crate) mod class;
    pub(crate) mod desk;
    pub(crate) mod due;
}
