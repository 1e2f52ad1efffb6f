//! Screens for everybody.

mod help;
mod more;
mod search;
mod settings;

pub(in crate::ui) use help::HelpPage;
pub(in crate::ui) use more::MorePage;
pub(in crate::ui) use search::SearchPage;
pub(in crate::ui) use settings::SettingsPage;
