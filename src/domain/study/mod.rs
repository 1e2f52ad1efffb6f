//! What a person does, as events, and what follows from them.
//!
//! `action → decide (validates) → event → fold → state`; every figure on screen, in the record,
//! in CSV and in print comes from [`progress`].

mod action;
mod backup_due;
mod event;
pub mod exam;
pub mod fsrs;
mod journal;
pub mod mastery;
mod memory;
pub mod mistakes;
pub mod next_step;
pub mod plan;
pub mod progress;
pub mod reading;
pub mod report;
pub mod review;
mod state;

pub use action::{Action, Refusal};
pub(in crate::domain) use action::{line, note, past, refuse};
pub use backup_due::backup_due;
pub use event::{CURRENT_VERSION, Event, EventId, Unreadable, event_key, is_newer};
pub use journal::{Happening, Mark, MentorEntry, PracticeEntry, Profile, Stage, TalkEntry};
pub use journal::{PracticeKind, TalkForm};
pub use memory::Memory;
pub use state::{Answer, ItemHistory, LessonHistory, Place, Study};
