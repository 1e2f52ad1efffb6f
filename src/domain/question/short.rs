//! A short answer, graded by its writer: which of the key points does it name?

use super::Unanswerable;

pub(super) const HINT: &str = "先写下自己的回答，再对照要点自己评判，说到三分之二以上的要点就算答对";

/// Characters that an answer may have.
const LONGEST: usize = 4_000;

/// `given` begins with the text.
pub(super) fn grade(points: usize, given: &[String]) -> Result<bool, Unanswerable> {
    if given.iter().skip(1).count() > points {
        return Err(Unanswerable::TooMany);
    }
    match given.first() {
        Some(text) if text.trim().is_empty() => Err(Unanswerable::Nothing),
        Some(text) if text.chars().count() > LONGEST => Err(Unanswerable::TooLong),
        Some(_) => Ok((given.len() - 1) * 3 >= points * 2),
        None => Err(Unanswerable::Nothing),
    }
}
