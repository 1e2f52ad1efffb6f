//! Bytes to and from the domain and neutral tables.

#[cfg(feature = "pack")]
pub mod content;
pub mod csv;
#[cfg(feature = "pack")]
pub mod markdown;
mod json_path;
pub mod record;
