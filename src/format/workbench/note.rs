//! Writing something down.
//!
//! | word | text | comes to |
//! |---|---|---|
//! | `note/correct` | [`Correct`] | a value of a person |
//! | `note/deed` | a [`Deed`] that needs no judgement: an arrangement, a plan, a figure, a name, a view | that deed |

use super::{Answer, Order, write};
use crate::domain::branch::{Field, MAX_TYPED, PersonId};
use crate::domain::workbench::{Deed, Workbench};
use serde::{Deserialize, Serialize};

/// Somebody types a value.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Correct {
    /// Whose.
    pub person: PersonId,
    /// Of what.
    pub field: Field,
    /// What it is; empty for nothing.
    pub value: String,
}

/// Carries out an order of this module.
pub(super) fn carry_out(work: &Workbench, word: &str, order: &Order<'_>) -> Option<Answer> {
    Some(match word {
        "correct" => order
            .read()
            .and_then(|Correct { person, field, value }| work.corrected(&person, field, &value))
            .and_then(|deed| write(vec![deed])),
        "deed" => order.read().and_then(plain).and_then(|deed| write(vec![deed])),
        _ => return None,
    })
}

/// A deed that stands for itself.
fn plain(deed: Deed) -> Result<Deed, String> {
    let long = |text: &str| text.chars().count() > MAX_TYPED;
    match &deed {
        Deed::Arranged(_) | Deed::Counted { .. } | Deed::Watching(_) => Ok(deed),
        Deed::Planned { groups, .. } if groups.iter().any(|planned| long(&planned.group)) => {
            Err("群体的名称太长".into())
        }
        Deed::Planned { .. } => Ok(deed),
        Deed::Named(name) if long(name) => Err(format!("名称最多 {MAX_TYPED} 个字")),
        Deed::Named(_) => Ok(deed),
        Deed::View { name, .. } if name.trim().is_empty() => Err("请给这个视图起个名字".into()),
        Deed::View { name, .. } if long(name) => Err(format!("名称最多 {MAX_TYPED} 个字")),
        Deed::View { .. } => Ok(deed),
        _ => Err("这件事要经过核对才能记下，请刷新本页".into()),
    }
}
