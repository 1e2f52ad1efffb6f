//! Screens for everybody.

mod banks;
mod beside;
mod help;
mod keys;
mod more;
mod search;
mod settings;
mod verify;

pub(in crate::ui) use banks::{BanksPage, save_questions};
pub(in crate::ui) use beside::BesidePage;
pub(in crate::ui) use help::HelpPage;
pub(in crate::ui) use keys::KeysPage;
pub(in crate::ui) use more::MorePage;
pub(in crate::ui) use search::SearchPage;
pub(in crate::ui) use settings::SettingsPage;
pub(in crate::ui) use verify::VerifyPage;
