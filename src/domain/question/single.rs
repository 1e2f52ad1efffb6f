//! Single choice: one right option.

use super::{Choice, Unanswerable};

pub(super) const HINT: &str = "选一项";

pub(super) fn grade(answer: &Choice, chosen: &Choice) -> Result<bool, Unanswerable> {
    if chosen.len() > 1 {
        return Err(Unanswerable::TooMany);
    }
    Ok(answer == chosen)
}
