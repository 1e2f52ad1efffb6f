//! Marks: a pure function of blueprint, questions and answers.
//!
//! Every item is right or earns nothing, by its kind's own rule ([`Question::grade`]); what is left
//! open or half done earns nothing. With [`Blueprint::partial`](super::blueprint::Blueprint), a
//! multiple choice that takes some of the right options and no other earns half its points.
//!
//! An item whose question was changed or withdrawn while the exam ran earns its points for
//! everyone: nobody can be held to a question that was replaced.
//!
//! Marks are counted in half points, so that they are whole numbers.

use super::Exam;
use crate::domain::question::{Choice, Kind, Question};

/// The mark of each item, in half points. `find` knows the questions as they are now.
pub fn marks<'a>(exam: &Exam, find: &dyn Fn(&str) -> Option<&'a Question>) -> Vec<u32> {
    let blueprint = &exam.begun.blueprint;
    let mut marks = Vec::new();
    for (at, (item, given)) in exam.begun.items.iter().zip(&exam.given).enumerate() {
        let points = blueprint.part_of(at).map_or(0, |(_, part)| part.points);
        marks.push(match exam.same(at, find(&item.id)) {
            Some(question) => mark(question, &given.chosen, points, blueprint.partial),
            None => points * 2,
        });
    }
    marks
}

/// The mark of one item, in half points.
fn mark(question: &Question, chosen: &Choice, points: u32, partial: bool) -> u32 {
    match question.grade(chosen) {
        Ok(true) => points * 2,
        Ok(false) if partial && is_part(question, chosen) => points,
        _ => 0,
    }
}

/// Whether a multiple choice has some of the right options and no other.
fn is_part(question: &Question, chosen: &Choice) -> bool {
    question.kind == Kind::Multiple && chosen.iter().all(|key| question.answer.contains(key))
}

/// Points won and points there were, with how many items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Half points won.
    pub halves: u32,
    /// Points that could be won.
    pub points: u32,
    /// Items.
    pub items: u32,
    /// Items that won all their points.
    pub full: u32,
}

impl Score {
    /// Points won, in words: `7` or `7.5`.
    pub fn won(&self) -> String {
        in_points(self.halves)
    }

    /// The share won, in whole per cent, rounded down.
    pub fn percent(&self) -> u32 {
        super::super::progress::percent(self.halves, self.points * 2)
    }

    fn add(&mut self, mark: u32, points: u32) {
        self.halves += mark;
        self.points += points;
        self.items += 1;
        self.full += u32::from(mark == points * 2);
    }
}

/// Half points in words: `7` or `7.5`.
pub fn in_points(halves: u32) -> String {
    let half = if halves % 2 == 1 { ".5" } else { "" };
    format!("{}{half}", halves / 2)
}

impl Exam {
    /// The result over all items; nothing won before it is handed in.
    pub fn score(&self) -> Score {
        let all = self.score_by(&mut |_| vec![String::new()]);
        all.into_iter().next().map(|(_, score)| score).unwrap_or_default()
    }

    /// Whether it is passed.
    pub fn is_passed(&self) -> bool {
        self.score().halves >= self.begun.blueprint.pass * 2
    }

    /// The mark and the points of an item.
    pub fn mark_of(&self, at: usize) -> (u32, u32) {
        let mark = self.clock.marks.get(at);
        let part = self.begun.blueprint.part_of(at);
        (
            mark.copied().unwrap_or_default(),
            part.map_or(0, |(_, part)| part.points),
        )
    }

    /// The result by what `names` gives for an item: its module, its knowledge points. In the order
    /// in which the names first come; an item with two names counts under both.
    pub fn score_by(&self, names: &mut dyn FnMut(usize) -> Vec<String>) -> Vec<(String, Score)> {
        let mut all: Vec<(String, Score)> = Vec::new();
        for at in 0..self.begun.items.len() {
            let (mark, points) = self.mark_of(at);
            for name in names(at) {
                let known = all.iter().position(|(known, _)| *known == name);
                let known = known.unwrap_or_else(|| {
                    all.push((name, Score::default()));
                    all.len() - 1
                });
                if let Some((_, score)) = all.get_mut(known) {
                    score.add(mark, points);
                }
            }
        }
        all
    }
}
