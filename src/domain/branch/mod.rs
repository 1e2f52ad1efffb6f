//! The branch's people as rosters know them.
//!
//! `file → format::roster (tables, header, columns) → [`Lot`] (rows read, nothing judged) →
//! [`Plan`] (judged against [`People`], shown, decided by a person) → one
//! [`RosterEvent::Imported`] → [`People`]`; taking the last import back is
//! [`RosterEvent::Undone`].
//!
//! A row of a roster names a person but has no holder id, as a training record has; which person
//! is the holder of which records is either certain (same number, name and branch) or said by
//! somebody: [`RosterEvent::Linked`].

mod field;
mod links;
mod lot;
mod numbers;
mod people;
mod plan;
mod texts;
mod when;

pub use field::{
    Field, Kind, MAX_TYPED, Stage, ethnicity, name_key, place_key, tidy, tidy_code, tidy_name, widths,
};
pub use lot::{Issue, Lot, Place, Skip, Skipped, Trouble};
pub use people::{
    Change, Import, ImportRef, Imported, Known, LinkProposal, Past, People, Person, PersonId, RosterEvent,
    Source, UndoRefused,
};
pub use plan::{Candidate, Decision, Difference, Doubt, Judged, Line, Origin, Plan, Verdict};
pub use texts::Texts;
pub use when::{Habit, Order, Reading, Shown, When, WhyNot, is_nothing};
