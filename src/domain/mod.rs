//! What the portal is about, each thing named once. No browser, no clock, no randomness.

pub mod course;
pub mod question;
pub mod record;
pub mod roster;
pub mod study;
pub mod time;

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
