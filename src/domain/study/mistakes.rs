//! How questions stand, and those to be tried again.

use super::journal::Mark;
use super::state::Study;
use crate::domain::course::{Catalogue, Lesson, Module, QuestionRef};
use crate::domain::question::sitting::Standing;

/// How a question stands. An answer to an earlier version does not count.
pub fn standing(question: &QuestionRef, study: &Study) -> Standing {
    match study
        .items
        .get(&question.id)
        .filter(|item| item.last.hash == question.hash)
    {
        None => Standing::Fresh,
        Some(item) if item.last.correct => Standing::Right,
        Some(_) => Standing::Wrong,
    }
}

/// The questions last answered wrongly, in the course's order, but for those that are hidden: so
/// there are as many of them as `answered − correct` in the figures where nothing is hidden.
pub fn wrong<'a>(
    course: &'a Catalogue,
    study: &'a Study,
) -> impl Iterator<Item = (&'a Module, &'a Lesson, &'a QuestionRef)> {
    let lessons = course
        .modules
        .iter()
        .flat_map(|module| module.lessons.iter().map(move |lesson| (module, lesson)));
    lessons
        .flat_map(|(module, lesson)| {
            lesson
                .questions
                .iter()
                .map(move |question| (module, lesson, question))
        })
        .filter(move |(_, _, question)| {
            standing(question, study) == Standing::Wrong && !study.is_marked(&question.id, Mark::Hidden)
        })
}
