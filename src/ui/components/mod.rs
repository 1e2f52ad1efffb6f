//! Pieces that several screens use.

pub(in crate::ui) mod bar;
pub(in crate::ui) mod contact;
pub(in crate::ui) mod countersign;
pub(in crate::ui) mod deliveries;
pub(in crate::ui) mod dialog;
pub(in crate::ui) mod field;
pub(in crate::ui) mod figures;
pub(in crate::ui) mod file_picker;
pub(in crate::ui) mod intake;
pub(in crate::ui) mod link_card;
pub(in crate::ui) mod messages;
pub(in crate::ui) mod proofs;
pub(in crate::ui) mod question;
pub(in crate::ui) mod received;
pub(in crate::ui) mod record_view;
pub(in crate::ui) mod roll;
pub(in crate::ui) mod sheet;
pub(in crate::ui) mod shown;
