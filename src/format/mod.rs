//! Bytes to and from the domain and neutral tables.

pub mod aiken;
pub mod bank_sheet;
#[cfg(feature = "pack")]
pub mod content;
pub mod credential;
pub mod csv;
pub mod gift;
pub mod ics;
mod json_path;
#[cfg(feature = "pack")]
pub mod markdown;
pub mod record;
pub mod sheet;
#[cfg(feature = "sheets")]
pub mod xlsx;
