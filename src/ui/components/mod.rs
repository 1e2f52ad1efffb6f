//! Pieces that several screens use.

pub(in crate::ui) mod dialog;
pub(in crate::ui) mod field;
pub(in crate::ui) mod file_picker;
pub(in crate::ui) mod received;
pub(in crate::ui) mod record_view;
