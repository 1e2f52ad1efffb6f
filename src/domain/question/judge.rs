//! True or false.

use super::{Choice, Unanswerable};

pub(super) const HINT: &str = "判断对错";
pub(super) const KEYS: [(&str, &str); 2] = [("true", "正确"), ("false", "错误")];

pub(super) fn grade(answer: &Choice, chosen: &Choice) -> Result<bool, Unanswerable> {
    super::single::grade(answer, chosen)
}
