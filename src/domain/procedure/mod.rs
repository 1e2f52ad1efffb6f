//! The way from an application to full membership: its steps by edition of the rules, what has
//! changed from one edition to the next, to whom to apply, and the notices about holidays.

pub mod holiday;
pub mod whom;

use crate::domain::course::Citation;

/// The way in one edition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Procedure {
    /// Id of the edition's source.
    pub source: String,
    /// The stages in order.
    pub stages: Vec<Stage>,
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// A stage: several steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// `applicant`, `activist`, `prospect`, `probationer` or `member`.
    pub id: String,
    /// Title.
    pub title: String,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Stable id, the same in each edition that has the step.
    pub id: String,
    /// Id of its stage.
    pub stage: String,
    /// Title.
    pub title: String,
    /// Who acts.
    pub who: String,
    /// What happens.
    pub what: String,
    /// The papers and decisions that come of it.
    pub makes: Vec<String>,
    /// Until when, or for how long, in words; empty for none.
    pub deadline: String,
    /// Where it is written.
    pub cite: Vec<Citation>,
    /// What people get wrong; empty for nothing.
    pub note: String,
}

/// What has changed between two editions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Stable id.
    pub id: String,
    /// About what.
    pub title: String,
    /// As it was.
    pub old: String,
    /// As it is.
    pub new: String,
    /// Id of the step that it concerns; empty for none.
    pub step: String,
    /// Both places.
    pub cite: Vec<Citation>,
}
