//! To whom to apply (细则 Art. 6, policy item (八)), and where a member who moves belongs
//! (policy item (十六)): cases found by answering three questions.

use crate::domain::course::Citation;

/// What a person wants to know: name in files, and what a reader sees.
pub const ASKS: [(&str, &str); 2] = [("apply", "我要申请入党"), ("transfer", "我是党员，要转组织关系")];

/// A case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhomCase {
    /// Stable id.
    pub id: String,
    /// One of [`ASKS`].
    pub ask: String,
    /// The group that the person belongs to.
    pub who: String,
    /// In which situation.
    pub situation: String,
    /// The organisation to go to.
    pub answer: String,
    /// What else to know; empty for nothing.
    pub also: String,
    /// Where it is written.
    pub cite: Vec<Citation>,
}

/// The groups among which one chooses after the first question, in the order of the cases.
pub fn groups<'a>(cases: &'a [WhomCase], ask: &str) -> Vec<&'a str> {
    let mut groups: Vec<&str> = Vec::new();
    for case in cases.iter().filter(|case| case.ask == ask) {
        if !groups.contains(&case.who.as_str()) {
            groups.push(&case.who);
        }
    }
    groups
}

/// The situations among which one chooses last.
pub fn situations<'a>(cases: &'a [WhomCase], ask: &str, who: &str) -> Vec<&'a WhomCase> {
    let all = cases.iter();
    all.filter(|case| case.ask == ask && case.who == who).collect()
}
