//! Active reading time of one opening of a lesson.
//!
//! Counted is only while the page is in view and something was done in it (scrolling, a key, a
//! pointer) within the last minute: a page left open counts a minute at most. There is no timer:
//! what has passed is reckoned whenever something happens. An opening counts at most three times
//! the lesson's own minutes, a day at most eight hours ([`DAY`], held by the study). The time is
//! self-declared: shown with this rule, and never part of the 24 hours of concentrated training.

/// How long something that was done counts for, in milliseconds.
const ALIVE: i64 = 60_000;
/// The shortest time that is written down, in seconds.
pub const LEAST: u32 = 5;
/// The longest time that a day takes, in seconds.
pub const DAY: u32 = 8 * 3600;
/// How often the lesson's own minutes an opening may count.
const TIMES: u32 = 3;

/// The longest time that one opening of a lesson of so many minutes counts, in seconds.
pub fn cap(minutes: u16) -> u32 {
    u32::from(minutes) * 60 * TIMES
}

/// Seconds in minutes as they are shown and recorded: one that was begun counts whole.
pub fn minutes(seconds: u32) -> u32 {
    seconds.div_ceil(60)
}

/// One opening of a lesson. All times are milliseconds of one clock; one that is put back or
/// forward adds nothing but what the last sign of life allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Most milliseconds to count.
    cap: i64,
    counted: i64,
    /// Whole seconds written down so far.
    taken: u32,
    /// Up to when time has been reckoned.
    reckoned: i64,
    /// How much longer the last sign of life counts for.
    alive: i64,
    visible: bool,
}

impl Reading {
    /// Opens a lesson of so many minutes, which is itself a sign of life.
    pub fn new(minutes: u16, now: i64, visible: bool) -> Self {
        Self {
            cap: i64::from(cap(minutes)) * 1_000,
            counted: 0,
            taken: 0,
            reckoned: now,
            alive: ALIVE,
            visible,
        }
    }

    /// Something was done in the page.
    pub fn active(&mut self, now: i64) {
        self.reckon(now);
        self.alive = ALIVE;
    }

    /// The page has come into view, which is a sign of life too, or has left it.
    pub fn show(&mut self, now: i64, visible: bool) {
        self.reckon(now);
        if visible && !self.visible {
            self.alive = ALIVE;
        }
        self.visible = visible;
    }

    /// The whole seconds that have not been written down yet; `None` while they are fewer than
    /// [`LEAST`]: then they stay for the next time.
    pub fn take(&mut self, now: i64) -> Option<u32> {
        self.reckon(now);
        let seconds = (self.counted / 1_000) as u32;
        let new = seconds.saturating_sub(self.taken);
        if new < LEAST {
            return None;
        }
        self.taken = seconds;
        Some(new)
    }

    fn reckon(&mut self, now: i64) {
        // A clock that was put back has not passed any time.
        let passed = now.saturating_sub(self.reckoned).clamp(0, self.alive);
        self.reckoned = now;
        self.alive -= passed;
        if self.visible {
            self.counted = self.counted.saturating_add(passed).min(self.cap);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const START: i64 = 1_795_000_000_000;

    #[test]
    fn reading_with_signs_of_life_counts_in_full() {
        let mut reading = Reading::new(5, START, true);
        for minute in 1..=4 {
            reading.active(START + minute * 50_000);
        }
        assert_eq!(reading.take(START + 210_000), Some(210));
        assert_eq!(reading.take(START + 210_000), None, "nothing twice");
    }

    #[test]
    fn a_page_left_open_counts_a_minute() {
        let mut reading = Reading::new(5, START, true);
        assert_eq!(reading.take(START + 3_600_000), Some(60));
        reading.active(START + 3_700_000);
        assert_eq!(reading.take(START + 3_710_000), Some(10));
    }

    #[test]
    fn a_hidden_page_counts_nothing() {
        let mut reading = Reading::new(5, START, true);
        reading.show(START + 10_000, false);
        reading.active(START + 20_000);
        reading.show(START + 500_000, true);
        assert_eq!(reading.take(START + 507_000), Some(17));
        assert_eq!(Reading::new(5, START, false).take(START + 50_000), None);
    }

    #[test]
    fn three_times_the_lesson_s_minutes_and_no_more() {
        let mut reading = Reading::new(2, START, true);
        let mut written = 0;
        for step in 1..=100 {
            let now = START + step * 30_000;
            reading.active(now);
            written += reading.take(now).unwrap_or_default();
        }
        assert_eq!(written, 360);
    }

    #[test]
    fn fewer_than_five_seconds_wait() {
        let mut reading = Reading::new(2, START, true);
        assert_eq!(reading.take(START + 4_900), None);
        reading.active(START + 4_900);
        assert_eq!(reading.take(START + 6_000), Some(6));
    }

    #[test]
    fn a_changed_clock_adds_nothing() {
        let mut reading = Reading::new(60, START, true);
        reading.active(START + 3_600_000);
        assert_eq!(
            reading.take(START + 3_600_000),
            Some(60),
            "an hour forward is a minute"
        );
        reading.active(START);
        assert_eq!(reading.take(START + 9_000), Some(9), "an hour back is nothing");
    }

    proptest! {
        /// Whatever happens in whatever order: no more than was in view, no more than the cap, no
        /// more than a minute after each sign of life; what is written is what is counted.
        #[test]
        fn never_more_than_there_was(
            minutes in 0u16..20,
            steps in proptest::collection::vec((0u8..4, -100_000i64..400_000), 0..60),
        ) {
            let mut reading = Reading::new(minutes, START, true);
            let (mut now, mut visible) = (START, true);
            let (mut in_view, mut signs, mut written) = (0i64, 1i64, 0i64);
            for (what, ms) in steps {
                now += ms;
                if visible {
                    in_view += ms.max(0);
                }
                match what {
                    0 => { reading.active(now); signs += 1; }
                    1 => { reading.show(now, true); signs += 1; visible = true; }
                    2 => { reading.show(now, false); visible = false; }
                    _ => {
                        let new = reading.take(now);
                        prop_assert!(new.is_none_or(|new| new >= LEAST));
                        written += i64::from(new.unwrap_or_default());
                    }
                }
            }
            prop_assert!(written * 1_000 <= in_view);
            prop_assert!(written <= i64::from(cap(minutes)));
            prop_assert!(written <= signs * 60);
        }
    }
}
