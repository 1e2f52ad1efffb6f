//! FSRS-6, the Free Spaced Repetition Scheduler, as pure functions: how long a thing is remembered
//! after it has been recalled or not.
//!
//! Source: “The Algorithm” of open-spaced-repetition. The arithmetic (order of operations, bounds,
//! rounding to eight decimals) is that of npm `ts-fsrs` 5.4.2, with which `cargo xtask check fsrs`
//! compares it over ten thousand histories.

/// How well the thing was recalled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// Not recalled.
    Again = 1,
    /// With difficulty.
    Hard = 2,
    /// Recalled.
    Good = 3,
    /// Without effort.
    Easy = 4,
}

/// What is remembered of one thing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State {
    /// Days after which it is recalled with a probability of 90 %; 0.001–36,500.
    pub stability: f64,
    /// How hard it is to keep, 1–10.
    pub difficulty: f64,
}

/// How many parameters there are.
pub const PARAMETERS: usize = 21;
/// The longest interval, in days.
pub const LONGEST: u32 = 36_500;

const STABILITY: (f64, f64) = (0.001, LONGEST as f64);
const DIFFICULTY: (f64, f64) = (1.0, 10.0);
/// The least stability after a first answer, in days.
const FIRST: f64 = 0.1;

/// The default parameters of FSRS-6; the last is the decay of the forgetting curve.
const DEFAULT: [f64; PARAMETERS] = [
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614,
    0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
];

/// The parameters' bounds.
const BOUNDS: [(f64, f64); PARAMETERS] = [
    (0.001, 100.0),
    (0.001, 100.0),
    (0.001, 100.0),
    (0.001, 100.0),
    (1.0, 10.0),
    (0.001, 4.0),
    (0.001, 4.0),
    (0.001, 0.75),
    (0.0, 4.5),
    (0.0, 0.8),
    (0.001, 3.5),
    (0.001, 5.0),
    (0.001, 0.25),
    (0.001, 0.9),
    (0.0, 4.0),
    (0.0, 1.0),
    (1.0, 6.0),
    (0.0, 2.0),
    (0.0, 2.0),
    (0.01, 0.8),
    (0.1, 0.8),
];

/// The parameters, and what follows from them alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    w: [f64; PARAMETERS],
    /// Of the forgetting curve: makes a retrievability of 90 % of one stability.
    factor: f64,
    /// The difficulty after a first [`Grade::Easy`], unbounded: what difficulty tends to.
    easy: f64,
}

impl Model {
    /// The default parameters of FSRS-6.
    pub const DEFAULT: Self = Self {
        w: DEFAULT,
        factor: 0.980_346_49,
        easy: -4.771_630_7,
    };

    /// With other parameters, held within their bounds; what is no number is held at the lower one.
    pub fn new(mut w: [f64; PARAMETERS]) -> Self {
        for (value, (low, high)) in w.iter_mut().zip(BOUNDS) {
            *value = value.max(low).min(high);
        }
        let factor = round((1.0 / -w[20] * 0.9f64.ln()).exp() - 1.0);
        let mut model = Self { w, factor, easy: 0.0 };
        model.easy = model.first_difficulty(Grade::Easy);
        model
    }

    /// The probability that it is recalled that many days after the last answer.
    pub fn retrievability(&self, days: f64, stability: f64) -> f64 {
        round((1.0 + self.factor * days / stability).powf(-self.w[20]))
    }

    /// Whole days until the probability of recall has fallen to `retention` (above 0, below 1).
    pub fn interval(&self, stability: f64, retention: f64) -> u32 {
        let modifier = round((retention.powf(-1.0 / self.w[20]) - 1.0) / self.factor);
        ((stability * modifier + 0.5).floor() as u32).clamp(1, LONGEST)
    }

    /// The state after the first answer.
    pub fn first(&self, grade: Grade) -> State {
        State {
            stability: self.w[grade as usize - 1].max(FIRST),
            difficulty: bounded(self.first_difficulty(grade), DIFFICULTY),
        }
    }

    /// The state after another answer, `days` whole days after the one before; within a day the
    /// formula of short-term memory applies.
    pub fn next(&self, state: State, days: u32, grade: Grade) -> State {
        let stability = match (days, grade) {
            (0, _) => self.same_day(state, grade),
            (_, Grade::Again) => self.forgotten(state, days),
            _ => self.recalled(state, days, grade),
        };
        State {
            stability,
            difficulty: self.next_difficulty(state.difficulty, grade),
        }
    }

    fn first_difficulty(&self, grade: Grade) -> f64 {
        round(self.w[4] - ((number(grade) - 1.0) * self.w[5]).exp() + 1.0)
    }

    fn next_difficulty(&self, difficulty: f64, grade: Grade) -> f64 {
        let change = -self.w[6] * (number(grade) - 3.0);
        let damped = difficulty + round(change * (10.0 - difficulty) / 9.0);
        let reverted = round(self.w[7] * self.easy + (1.0 - self.w[7]) * damped);
        bounded(reverted, DIFFICULTY)
    }

    fn same_day(&self, state: State, grade: Grade) -> f64 {
        let w = &self.w;
        let growth = state.stability.powf(-w[19]) * (w[17] * (number(grade) - 3.0 + w[18])).exp();
        // What was recalled is never remembered less for it.
        let growth = match grade {
            Grade::Again => growth,
            _ => growth.max(1.0),
        };
        round(bounded(state.stability * growth, STABILITY))
    }

    fn recalled(&self, state: State, days: u32, grade: Grade) -> f64 {
        let w = &self.w;
        let bonus = match grade {
            Grade::Hard => w[15],
            Grade::Easy => w[16],
            _ => 1.0,
        };
        let recall = self.retrievability(f64::from(days), state.stability);
        let growth = w[8].exp()
            * (11.0 - state.difficulty)
            * state.stability.powf(-w[9])
            * (((1.0 - recall) * w[10]).exp() - 1.0)
            * bonus;
        round(bounded(state.stability * (1.0 + growth), STABILITY))
    }

    fn forgotten(&self, state: State, days: u32) -> f64 {
        let w = &self.w;
        let recall = self.retrievability(f64::from(days), state.stability);
        let after = w[11]
            * state.difficulty.powf(-w[12])
            * ((state.stability + 1.0).powf(w[13]) - 1.0)
            * ((1.0 - recall) * w[14]).exp();
        let after = round(bounded(after, STABILITY));
        // Never more than after an answer of the same day.
        let most = round(state.stability / (w[17] * w[18]).exp());
        most.max(STABILITY.0).min(after)
    }
}

fn number(grade: Grade) -> f64 {
    f64::from(grade as u8)
}

fn bounded(value: f64, (low, high): (f64, f64)) -> f64 {
    value.max(low).min(high)
}

/// To eight decimals, half up.
fn round(value: f64) -> f64 {
    (value * UNIT + 0.5).floor() / UNIT
}

/// Steps in one: states are multiples of its inverse, so that they can be kept as whole numbers.
pub(super) const UNIT: f64 = 1e8;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MODEL: Model = Model::DEFAULT;

    fn grade() -> impl Strategy<Value = Grade> {
        prop_oneof![
            Just(Grade::Again),
            Just(Grade::Hard),
            Just(Grade::Good),
            Just(Grade::Easy)
        ]
    }

    prop_compose! {
        fn state()(stability in 0.001f64..36_500.0, difficulty in 1.0f64..10.0) -> State {
            State { stability: round(stability), difficulty: round(difficulty) }
        }
    }

    #[test]
    fn the_defaults_are_what_follows_from_their_parameters() {
        assert_eq!(Model::new(DEFAULT), MODEL);
    }

    #[test]
    fn parameters_are_held_within_their_bounds() {
        let low = Model::new([f64::NAN; PARAMETERS]);
        let high = Model::new([f64::INFINITY; PARAMETERS]);
        for ((low, high), bounds) in low.w.into_iter().zip(high.w).zip(BOUNDS) {
            assert_eq!((low, high), bounds);
        }
    }

    #[test]
    fn stability_is_the_interval_of_nine_tenths() {
        for stability in [1.0, 7.0, 100.0] {
            let recall = MODEL.retrievability(stability, stability);
            assert!((recall - 0.9).abs() < 1e-6, "{recall}");
            assert_eq!(f64::from(MODEL.interval(stability, 0.9)), stability);
        }
        assert_eq!(MODEL.interval(0.001, 0.9), 1);
        assert_eq!(MODEL.interval(36_500.0, 0.7), LONGEST);
    }

    proptest! {
        #[test]
        fn retrievability_falls_with_time(state in state(), days in 0u32..4_000, more in 1u32..4_000) {
            let recall = |days| MODEL.retrievability(f64::from(days), state.stability);
            prop_assert!(recall(days) <= 1.0 && recall(days + more) > 0.0);
            // To eight decimals; a day of a century is less.
            prop_assert!(recall(days + more) <= recall(days));
            prop_assert!(state.stability > 3_000.0 || recall(days + more) < recall(days));
        }

        #[test]
        fn recalling_never_shortens_memory_and_a_later_day_lengthens_it(state in state(), days in 0u32..4_000) {
            let next = MODEL.next(state, days, Grade::Good);
            prop_assert!(next.stability >= state.stability);
            if days > 0 && state.stability < 3_000.0 && state.difficulty < 9.9 {
                prop_assert!(next.stability > state.stability);
            }
            prop_assert!(MODEL.next(state, days, Grade::Easy).stability >= next.stability);
            prop_assert!(MODEL.next(state, days, Grade::Hard).stability <= next.stability);
        }

        #[test]
        fn forgetting_never_lengthens_memory(state in state(), days in 0u32..4_000) {
            let next = MODEL.next(state, days, Grade::Again);
            // Of a memory of minutes a slip within the day says little: 0.05 is its fixed point.
            prop_assert!(next.stability <= state.stability.max(0.05));
            prop_assert!(next.difficulty >= round(state.difficulty - 0.02));
        }

        #[test]
        fn states_stay_within_bounds(answers in proptest::collection::vec((0u32..2_000, grade()), 1..40), w in proptest::array::uniform21(-1.0f64..110.0)) {
            let model = Model::new(w);
            let mut state = model.first(answers[0].1);
            for (days, grade) in answers {
                state = model.next(state, days, grade);
                prop_assert!((STABILITY.0..=STABILITY.1).contains(&state.stability), "{state:?}");
                prop_assert!((1.0..=10.0).contains(&state.difficulty), "{state:?}");
            }
        }

        #[test]
        fn who_wants_to_keep_more_is_asked_sooner(stability in 0.001f64..36_500.0, retention in 0.70f64..0.97, more in 0.0f64..0.1) {
            let more = (retention + more).min(0.97);
            prop_assert!(MODEL.interval(stability, more) <= MODEL.interval(stability, retention));
        }
    }
}
