//! A sitting: which questions come in which order, where one is, and how it goes.
//!
//! Not yet answered questions first, then those last answered wrongly, then the rest; within each
//! of these what is for the reader's groups first; shuffled within that. The questions of a case
//! come together, in the author's order. A sitting lives as long as its screen: answers are events of their own.

use super::shuffle;
use crate::domain::sort_by;

/// How a question stood before the sitting, in the order in which they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Never answered in its present version.
    Fresh,
    /// Answered wrongly the last time.
    Wrong,
    /// Answered rightly the last time.
    Right,
}

/// A question to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Its id.
    pub id: String,
    /// How it stood before.
    pub standing: Standing,
    /// Whether it is for one of the reader's groups.
    pub own: bool,
    /// The case that it is about.
    pub case: Option<String>,
}

/// Draws so many of the questions: unanswered ones first, then those answered wrongly, or quite at
/// random, and then also asked at random, as if none had been answered. The same seed draws the
/// same.
pub fn draw(questions: &mut Vec<Asked>, seed: u64, limit: usize, unseen_first: bool) {
    shuffle(questions, seed);
    if unseen_first {
        sort_by(questions, |a, b| a.standing.cmp(&b.standing));
    }
    questions.truncate(limit);
    if !unseen_first {
        for question in questions {
            question.standing = Standing::Fresh;
            question.own = false;
        }
    }
}

/// Questions being answered one after another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sitting {
    seed: u64,
    /// Question ids, each with how it was answered in this sitting.
    order: Vec<(String, Option<bool>)>,
    at: usize,
}

impl Sitting {
    /// A sitting over these questions, given in the author's order; the same seed gives the same
    /// order.
    pub fn new(questions: &[Asked], seed: u64) -> Self {
        let mut order: Vec<&Asked> = questions.iter().collect();
        shuffle(&mut order, seed);
        sort_by(&mut order, |a, b| {
            a.standing.cmp(&b.standing).then(b.own.cmp(&a.own))
        });
        let mut asked: Vec<(String, Option<bool>)> = Vec::new();
        for question in order {
            // The first question of a case brings the others with it.
            let same = |other: &&Asked| match &question.case {
                Some(_) => other.case == question.case,
                None => other.id == question.id,
            };
            if asked.iter().all(|(id, _)| *id != question.id) {
                asked.extend(
                    questions
                        .iter()
                        .filter(same)
                        .map(|other| (other.id.clone(), None)),
                );
            }
        }
        Self {
            seed,
            order: asked,
            at: 0,
        }
    }

    /// The id of the question to answer; `None` when the sitting is over.
    pub fn current(&self) -> Option<&str> {
        self.order.get(self.at).map(|(id, _)| id.as_str())
    }

    /// The seed that shuffles the options of the present question.
    pub fn seed(&self) -> u64 {
        self.seed.wrapping_add(self.at as u64)
    }

    /// The place of the present question, from 1, and how many there are.
    pub fn position(&self) -> (usize, usize) {
        (self.order.len().min(self.at + 1), self.order.len())
    }

    /// Notes how the present question was answered; the first answer counts.
    pub fn note(&mut self, correct: bool) {
        if let Some((_, outcome)) = self.order.get_mut(self.at) {
            outcome.get_or_insert(correct);
        }
    }

    /// Goes on, once the present question has been answered.
    pub fn go_on(&mut self) {
        if self
            .order
            .get(self.at)
            .is_some_and(|(_, outcome)| outcome.is_some())
        {
            self.at += 1;
        }
    }

    /// Goes on without an answer: the present question is not to be asked.
    pub fn skip(&mut self) {
        self.at = self.order.len().min(self.at + 1);
    }

    /// Ends the sitting before its last question.
    pub fn end(&mut self) {
        self.at = self.order.len();
    }

    /// How many were right, and how many were answered.
    pub fn score(&self) -> (usize, usize) {
        let right = self
            .order
            .iter()
            .filter(|(_, outcome)| *outcome == Some(true))
            .count();
        (right, right + self.wrong().count())
    }

    /// The ids of those answered wrongly, in the order in which they came.
    pub fn wrong(&self) -> impl Iterator<Item = &str> {
        self.order
            .iter()
            .filter(|(_, outcome)| *outcome == Some(false))
            .map(|(id, _)| id.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Standing::{Fresh, Right, Wrong};
    use super::*;

    fn questions() -> Vec<Asked> {
        let standings = [
            Right, Fresh, Wrong, Right, Fresh, Wrong, Fresh, Right, Wrong, Fresh,
        ];
        (0..)
            .zip(standings)
            .map(|(at, standing)| Asked {
                id: format!("q{at}"),
                standing,
                own: at == 9,
                case: None,
            })
            .collect()
    }

    fn ids(sitting: &Sitting) -> Vec<&str> {
        sitting.order.iter().map(|(id, _)| id.as_str()).collect()
    }

    #[test]
    fn what_is_for_the_reader_s_groups_comes_first() {
        for seed in 0..50 {
            assert_eq!(
                ids(&Sitting::new(&questions(), seed))[0],
                "q9",
                "fresh, and his own"
            );
        }
    }

    #[test]
    fn a_case_stays_together_in_the_author_s_order() {
        let mut questions = questions();
        for at in [2, 4, 7] {
            questions[at].case = Some("c1".into());
        }
        for seed in 0..50 {
            let sitting = Sitting::new(&questions, seed);
            let ids = ids(&sitting);
            let first = ids.iter().position(|id| *id == "q2").unwrap();
            assert_eq!(ids[first..first + 3], ["q2", "q4", "q7"]);
            assert_eq!(ids.len(), 10);
        }
    }

    fn asked(seed: u64) -> Vec<String> {
        let mut sitting = Sitting::new(&questions(), seed);
        let mut asked = Vec::new();
        while let Some(id) = sitting.current().map(str::to_owned) {
            asked.push(id);
            sitting.note(true);
            sitting.go_on();
        }
        asked
    }

    #[test]
    fn unanswered_first_then_wrong_then_the_rest() {
        for seed in 0..50 {
            let questions = questions();
            let standing = |id: &String| {
                questions
                    .iter()
                    .find(|known| known.id == *id)
                    .map(|known| known.standing)
            };
            let asked = asked(seed);
            assert_eq!(asked.len(), questions.len());
            assert!(
                asked
                    .windows(2)
                    .all(|pair| standing(&pair[0]) <= standing(&pair[1])),
                "{asked:?}"
            );
        }
    }

    #[test]
    fn each_group_is_shuffled_by_the_seed() {
        assert_eq!(asked(7), asked(7));
        let orders: std::collections::BTreeSet<_> = (0..50).map(asked).collect();
        assert!(orders.len() > 20, "{}", orders.len());
    }

    #[test]
    fn nothing_is_skipped_and_the_first_answer_counts() {
        let mut sitting = Sitting::new(&questions(), 1);
        let first = sitting.current().map(str::to_owned);
        sitting.go_on();
        assert_eq!(sitting.current(), first.as_deref());
        sitting.note(false);
        sitting.note(true);
        assert_eq!(sitting.score(), (0, 1));
        assert_eq!(
            sitting.wrong().collect::<Vec<_>>(),
            first.as_deref().into_iter().collect::<Vec<_>>()
        );
        sitting.go_on();
        assert_eq!(sitting.position(), (2, 10));
    }

    #[test]
    fn a_draw_takes_so_many_unseen_first_or_at_random() {
        let standing = |questions: &[Asked]| questions.iter().map(|q| q.standing).collect::<Vec<_>>();
        let mut first = std::collections::BTreeSet::new();
        for seed in 0..50 {
            let mut unseen = questions();
            draw(&mut unseen, seed, 6, true);
            assert_eq!(standing(&unseen), [Fresh, Fresh, Fresh, Fresh, Wrong, Wrong]);
            let mut random = questions();
            draw(&mut random, seed, 3, false);
            assert_eq!(standing(&random), [Fresh; 3]);
            first.insert(Sitting::new(&random, seed).current().map(str::to_owned));
            let mut again = questions();
            draw(&mut again, seed, 3, false);
            assert_eq!(again, random);
        }
        assert_eq!(
            first.len(),
            10,
            "whatever its standing, each question can come first"
        );
        let mut all = questions();
        draw(&mut all, 1, usize::MAX, true);
        assert_eq!(all.len(), 10);
    }

    #[test]
    fn what_is_skipped_is_not_counted() {
        let mut sitting = Sitting::new(&questions(), 1);
        sitting.skip();
        sitting.note(true);
        sitting.go_on();
        assert_eq!((sitting.position(), sitting.score()), ((3, 10), (1, 1)));
        for _ in 0..20 {
            sitting.skip();
        }
        assert_eq!((sitting.current(), sitting.position()), (None, (10, 10)));
    }

    #[test]
    fn an_ended_sitting_keeps_its_score() {
        let mut sitting = Sitting::new(&questions(), 1);
        sitting.note(true);
        sitting.go_on();
        sitting.end();
        sitting.note(false);
        sitting.go_on();
        assert_eq!(
            (sitting.current(), sitting.score(), sitting.position()),
            (None, (1, 1), (10, 10))
        );
    }

    #[test]
    fn an_empty_sitting_is_over() {
        let mut sitting = Sitting::new(&[], 1);
        sitting.note(true);
        sitting.go_on();
        assert_eq!(
            (sitting.current(), sitting.score(), sitting.position()),
            (None, (0, 0), (0, 0))
        );
    }
}
