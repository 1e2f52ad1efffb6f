//! Multiple choice, strict: fewer, more or other than the right set is wrong. Where it is marked in
//! part, a response without a wrong option earns its share of the right ones; the journal's right
//! and wrong stay strict all the same.

pub(super) const HINT: &str = "选两项或以上，多选、少选、错选都不得分";

pub(super) fn grade(answer: &[String], chosen: &[String]) -> bool {
    let within = |these: &[String], those: &[String]| these.iter().all(|key| those.contains(key));
    within(answer, chosen) && within(chosen, answer)
}

/// How many of the right options were chosen; none counts when one is wrong.
pub(super) fn share(answer: &[String], chosen: &[String]) -> usize {
    if !chosen.iter().all(|key| answer.contains(key)) {
        return 0;
    }
    answer.iter().filter(|key| chosen.contains(key)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_lost_by_one_wrong_option() {
        let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
        let answer = keys(&["a", "c", "d"]);
        for (chosen, right) in [
            (&["a", "c", "d"][..], 3),
            (&["d", "a"], 2),
            (&["c", "c"], 1),
            (&["a", "b"], 0),
            (&["a", "b", "c", "d"], 0),
            (&[], 0),
        ] {
            assert_eq!(share(&answer, &keys(chosen)), right, "{chosen:?}");
        }
    }
}
