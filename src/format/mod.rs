//! Bytes to and from the domain and neutral tables.

#[cfg(feature = "pack")]
pub mod content;
pub mod csv;
pub mod ics;
mod json_path;
#[cfg(feature = "pack")]
pub mod markdown;
pub mod record;
