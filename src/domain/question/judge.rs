//! True or false; graded as a single choice.

pub(super) const HINT: &str = "判断对错";
pub(super) const KEYS: [(&str, &str); 2] = [("true", "正确"), ("false", "错误")];
