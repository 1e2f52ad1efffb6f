//! Single choice and true-false: one right option.

use super::Unanswerable;

pub(super) const HINT: &str = "选一项";

pub(super) fn grade(answer: &[String], chosen: &[String]) -> Result<bool, Unanswerable> {
    if chosen.len() > 1 {
        return Err(Unanswerable::TooMany);
    }
    Ok(answer == chosen)
}
