//! Left sides to be joined to right sides, one to one: all pairs or nothing.

use super::Unanswerable;
use std::collections::BTreeMap;

pub(super) const HINT: &str = "给左边每一项选出对应的一项，全对才得分";

pub(super) fn grade(left: &BTreeMap<String, String>, given: &[String]) -> Result<bool, Unanswerable> {
    if given.len() < left.len() {
        return Err(Unanswerable::Incomplete);
    }
    if given.len() > left.len() {
        return Err(Unanswerable::TooMany);
    }
    if !left.keys().all(|key| given.contains(key)) {
        return Err(Unanswerable::Twice);
    }
    Ok(left.keys().eq(given))
}
