//! Things to be put in order: the whole order or nothing.

use super::Unanswerable;

pub(super) const HINT: &str = "用“上移”“下移”排好先后，全对才得分";

pub(super) fn grade(answer: &[String], given: &[String]) -> Result<bool, Unanswerable> {
    if given.len() < answer.len() {
        return Err(Unanswerable::Incomplete);
    }
    if given.len() > answer.len() {
        return Err(Unanswerable::TooMany);
    }
    if !answer.iter().all(|key| given.contains(key)) {
        return Err(Unanswerable::Twice);
    }
    Ok(answer == given)
}
