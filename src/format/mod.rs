//! Bytes to and from the domain and neutral tables.

pub mod aiken;
pub mod annex;
#[cfg(feature = "sheets")]
pub mod archive;
pub mod bank_markdown;
pub mod bank_sheet;
pub mod code;
#[cfg(feature = "sheets")]
mod container;
#[cfg(feature = "pack")]
pub mod content;
pub mod credential;
pub mod csv;
pub mod delivery;
#[cfg(feature = "exports")]
pub mod docx;
#[cfg(feature = "exports")]
pub mod exports;
pub mod gift;
pub mod handover;
pub mod ics;
mod json_path;
#[cfg(feature = "pack")]
pub mod markdown;
pub mod markdown_blocks;
pub mod qr;
pub mod record;
#[cfg(feature = "sheets")]
pub mod roster;
pub mod sheet;
#[cfg(feature = "upward")]
pub mod upward;
pub mod workbench;
#[cfg(feature = "exports")]
pub mod xapi;
#[cfg(feature = "sheets")]
pub mod xlsx;
