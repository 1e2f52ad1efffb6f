//! Multiple choice, strict: fewer, more or other than the right set is wrong.

use super::Choice;

pub(super) const HINT: &str = "选两项或以上，多选、少选、错选都不得分";

pub(super) fn grade(answer: &Choice, chosen: &Choice) -> bool {
    answer == chosen
}
