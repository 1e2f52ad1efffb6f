//! Bytes to and from the domain and neutral tables.

#[cfg(feature = "pack")]
pub mod content;
pub mod csv;
#[cfg(feature = "pack")]
pub mod markdown;
pub mod record;
