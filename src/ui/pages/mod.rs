//! The screens, a folder for each role.

pub(super) mod activist;
pub(super) mod branch;
pub(super) mod mentor;
pub(super) mod shared;
