//! What the answers to a question say about memory: the state of [`super::fsrs`] in whole numbers,
//! since a journal's snapshot holds no fractions, and what was seen of the person.
//!
//! A question is **known** when, since it was last answered wrongly, it has been answered rightly
//! on two later days at least and its stability has reached a week: one right answer, or several
//! on the same day, never suffice. What was once wrong and is not known is in the mistakes book.

use super::fsrs::{Grade, Model, State, UNIT};
use serde::{Deserialize, Serialize};

/// Right answers on later days that it takes for a question to be known.
const STREAK: u32 = 2;
/// Stability that it takes, in days.
const STABLE: f64 = 7.0;

/// What is remembered of a question in one version: stability and difficulty in steps of 10⁻⁸;
/// days with an answer; wrong answers; right answers since the last wrong one, each on a later
/// day than the answer before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory(u64, u64, u32, u32, u32);

impl Memory {
    /// After an answer. `days` are whole days by the person's calendar since the answer before
    /// it; a clock that was set back gives none.
    pub fn after(before: Option<Self>, days: i64, correct: bool) -> Self {
        let model = Model::DEFAULT;
        let grade = if correct { Grade::Good } else { Grade::Again };
        let days = days.clamp(0, i64::from(u32::MAX)) as u32;
        let (state, seen, wrong, streak) = match before {
            None => (model.first(grade), 1, 0, 1),
            Some(before) => {
                let later = u32::from(days > 0);
                (
                    model.next(before.state(), days, grade),
                    before.2.saturating_add(later),
                    before.3,
                    before.4.saturating_add(later),
                )
            }
        };
        let whole = |value: f64| (value * UNIT + 0.5) as u64;
        Self(
            whole(state.stability),
            whole(state.difficulty),
            seen,
            wrong.saturating_add(u32::from(!correct)),
            if correct { streak } else { 0 },
        )
    }

    /// Stability and difficulty.
    pub fn state(self) -> State {
        State {
            stability: self.0 as f64 / UNIT,
            difficulty: self.1 as f64 / UNIT,
        }
    }

    /// Days on which it was answered.
    pub fn days(self) -> u32 {
        self.2
    }

    /// How often it was answered wrongly.
    pub fn wrong(self) -> u32 {
        self.3
    }

    /// Whether it is known, see above.
    pub fn is_known(self) -> bool {
        self.4 >= STREAK && self.state().stability >= STABLE
    }

    /// Whether it belongs into the mistakes book.
    pub fn is_mistake(self) -> bool {
        self.3 > 0 && !self.is_known()
    }

    /// The probability that it is recalled, `days` after the last answer.
    pub fn recall(self, days: i64) -> f64 {
        Model::DEFAULT.retrievability(days.max(0) as f64, self.state().stability)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The memory after answers, each with the days since the one before.
    pub(in crate::domain::study) fn after(answers: &[(i64, bool)]) -> Memory {
        let fold = |before, (days, correct): &(i64, bool)| Some(Memory::after(before, *days, *correct));
        answers.iter().fold(None, fold).unwrap()
    }

    #[test]
    fn a_wrong_answer_stays_in_the_book_until_the_question_is_known() {
        for (answers, mistake) in [
            (&[(0, true)][..], false),
            (&[(0, false)], true),
            // Right at once, as often as one likes: only read off.
            (&[(0, false), (0, true), (0, true), (0, true), (0, true)], true),
            (&[(0, false), (1, true)], true),
            (&[(0, false), (1, true), (0, true), (0, true)], true),
            (&[(0, false), (1, true), (3, true)], false),
            (&[(0, false), (1, true), (3, true), (90, false)], true),
            // Twice, but too soon to say much.
            (&[(0, false), (1, true), (1, true)], true),
        ] {
            assert_eq!(after(answers).is_mistake(), mistake, "{answers:?}");
        }
    }

    #[test]
    fn clicking_again_is_no_evidence() {
        let once = after(&[(0, true)]);
        let often = after(&[(0, true), (0, true), (-3, true), (0, true)]);
        assert_eq!((once.days(), often.days()), (1, 1));
        assert_eq!(after(&[(0, true), (2, false), (0, true), (1, true)]).days(), 3);
    }

    proptest! {
        #[test]
        fn one_right_answer_never_leaves_the_book(answers in proptest::collection::vec((0i64..900, any::<bool>()), 0..20), days in 0i64..2_000, later in 0i64..2_000) {
            let mut answers = answers;
            answers.extend([(days, false), (later, true)]);
            prop_assert!(after(&answers).is_mistake());
        }

        #[test]
        fn what_is_known_stays_known_while_it_is_right(answers in proptest::collection::vec((0i64..90, any::<bool>()), 1..20), more in proptest::collection::vec(0i64..900, 1..9)) {
            let mut memory = after(&answers);
            for days in more {
                let known = memory.is_known();
                memory = Memory::after(Some(memory), days, true);
                prop_assert!(!known || memory.is_known());
            }
        }

        #[test]
        fn whole_numbers_lose_nothing(answers in proptest::collection::vec((0i64..900, any::<bool>()), 1..30)) {
            let grade = |correct| if correct { Grade::Good } else { Grade::Again };
            let mut state = Model::DEFAULT.first(grade(answers[0].1));
            for (days, correct) in &answers[1..] {
                state = Model::DEFAULT.next(state, *days as u32, grade(*correct));
            }
            let memory = after(&answers);
            prop_assert_eq!(memory.state(), state);
            let json = serde_json::to_string(&memory).unwrap();
            prop_assert_eq!(serde_json::from_str::<Memory>(&json).unwrap(), memory);
        }
    }
}
