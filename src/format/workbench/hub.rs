//! What the workbench's first screen says.
//!
//! | word | text | answer |
//! |---|---|---|
//! | `hub/summary` | | [`Summary`] |

use super::{Answer, Order, say};
use crate::domain::workbench::Workbench;
use serde::{Deserialize, Serialize};

/// The register in a few figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// How many people it has.
    pub people: usize,
    /// How many of them are linked to training records.
    pub linked: usize,
    /// Classes of concentrated training.
    pub classes: usize,
    /// The last import that stands: file, and day.
    pub last: Option<(String, String)>,
    /// What the unit is called.
    pub unit: String,
}

/// Carries out an order of this module.
pub(super) fn carry_out(work: &Workbench, word: &str, _: &Order<'_>) -> Option<Answer> {
    match word {
        "summary" => Some(say(&summary(work))),
        _ => None,
    }
}

fn summary(work: &Workbench) -> Summary {
    let people = &work.people;
    let mut stand = people.imports().iter().rev();
    let last = stand.find(|import| import.undone.is_none());
    Summary {
        people: people.standing().count(),
        linked: people
            .standing()
            .filter(|person| people.holder(*person).is_some())
            .count(),
        classes: work.classes.len(),
        last: last.map(|import| (import.file.clone(), import.at.date().chinese())),
        unit: work.unit.clone(),
    }
}
