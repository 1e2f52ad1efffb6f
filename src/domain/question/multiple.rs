//! Multiple choice, strict: fewer, more or other than the right set is wrong.

pub(super) const HINT: &str = "选两项或以上，多选、少选、错选都不得分";

pub(super) fn grade(answer: &[String], chosen: &[String]) -> bool {
    let within = |these: &[String], those: &[String]| these.iter().all(|key| those.contains(key));
    within(answer, chosen) && within(chosen, answer)
}
