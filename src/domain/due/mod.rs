//! What is due, by the rules of the edition in force.
//!
//! - [`rhythm`]: what comes again every so many months: half-year reviews (细则 Art. 11).
//! - [`workdays`]: working days, with holidays and make-up days.

pub mod rhythm;
pub mod workdays;
