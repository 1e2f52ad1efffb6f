//! How much time an exam has used. The wall clock alone is never believed.
//!
//! - While the page lives, the monotonic clock counts.
//! - A page that is loaded again goes on from the [`Noted`] that the last one left, a few seconds
//!   old at most, plus what the wall clock says has passed since; never less than nothing. A clock
//!   set back gives no time beyond those seconds.
//! - Sleep stops the monotonic clock in most browsers. Where the wall clock runs ahead of it by more
//!   than [`GAP_MS`] at once, that time is counted too; but whatever a wall clock says while the
//!   page lives, [`LAST_MS`] are left to look up and hand in: a clock set forward never ends an exam
//!   by itself. Time during which the page was closed counts to the end.
//! - Used time never exceeds the time allowed.

/// How far the wall clock may run ahead in one reading before that is taken for sleep, in
/// milliseconds: less is jitter, or a clock being corrected.
pub const GAP_MS: u64 = 2_000;

/// What a gap leaves, in milliseconds.
pub const LAST_MS: u64 = 60_000;

/// Time used, and the wall clock then: what a page leaves to the next one, and one tab to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noted {
    /// Time used, in milliseconds.
    pub used_ms: u64,
    /// The wall clock, in milliseconds since 1970.
    pub wall_ms: i64,
}

impl Noted {
    /// As it is kept: two numbers.
    pub fn write(&self) -> String {
        format!("{} {}", self.used_ms, self.wall_ms)
    }

    /// Reads what [`Self::write`] has written.
    pub fn read(text: &str) -> Option<Self> {
        let (used, wall) = text.split_once(' ')?;
        Some(Self {
            used_ms: used.parse().ok()?,
            wall_ms: wall.parse().ok()?,
        })
    }

    fn since(&self, wall_ms: i64) -> u64 {
        let gap = wall_ms.saturating_sub(self.wall_ms);
        self.used_ms.saturating_add(u64::try_from(gap).unwrap_or(0))
    }
}

/// A running clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopwatch {
    limit_ms: u64,
    used_ms: u64,
    steady_ms: u64,
    wall_ms: i64,
}

impl Stopwatch {
    /// Goes on with an exam of that length. `started`: what the journal knows, of the last time that
    /// the clock was started. `noted`: what a page left since then; `None` where that is lost, and
    /// the journal's word stands alone. `steady_ms` is any monotonic clock.
    pub fn new(limit_ms: u64, started: Noted, noted: Option<Noted>, wall_ms: i64, steady_ms: u64) -> Self {
        let used = match noted {
            Some(noted) => noted.since(wall_ms).max(started.used_ms),
            None => started.since(wall_ms),
        };
        Self {
            limit_ms,
            used_ms: used.min(limit_ms),
            steady_ms,
            wall_ms,
        }
    }

    /// Reads the clocks.
    pub fn tick(&mut self, wall_ms: i64, steady_ms: u64) {
        let steady = steady_ms.saturating_sub(self.steady_ms);
        let wall = u64::try_from(wall_ms.saturating_sub(self.wall_ms)).unwrap_or(0);
        self.steady_ms = self.steady_ms.max(steady_ms);
        self.wall_ms = wall_ms;
        self.used_ms = self.used_ms.saturating_add(steady).min(self.limit_ms);
        let gap = wall.saturating_sub(steady);
        if gap > GAP_MS {
            let most = self.limit_ms.saturating_sub(LAST_MS);
            self.used_ms = self.used_ms.max(self.used_ms.saturating_add(gap).min(most));
        }
    }

    /// Takes over from another tab that has counted more.
    pub fn hear(&mut self, other: Noted) {
        self.used_ms = self.used_ms.max(other.used_ms.min(self.limit_ms));
    }

    /// Time used, in milliseconds.
    pub fn used_ms(&self) -> u64 {
        self.used_ms
    }

    /// Time left, in milliseconds.
    pub fn left_ms(&self) -> u64 {
        self.limit_ms - self.used_ms
    }

    /// What to leave for the next page.
    pub fn noted(&self) -> Noted {
        Noted {
            used_ms: self.used_ms,
            wall_ms: self.wall_ms,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: i64 = 3_600_000;
    const LIMIT: u64 = 40 * 60_000;

    fn fresh() -> Stopwatch {
        let started = Noted {
            used_ms: 0,
            wall_ms: HOUR,
        };
        Stopwatch::new(LIMIT, started, None, HOUR, 500)
    }

    #[test]
    fn it_counts_by_the_steady_clock() {
        let mut watch = fresh();
        watch.tick(HOUR + 60_100, 60_500);
        assert_eq!((watch.used_ms(), watch.left_ms()), (60_000, LIMIT - 60_000));
    }

    #[test]
    fn a_clock_set_back_changes_nothing_on_the_page() {
        let mut watch = fresh();
        watch.tick(HOUR + 60_000, 60_500);
        watch.tick(61_000, 61_500);
        watch.tick(62_000, 62_500);
        assert_eq!(watch.used_ms(), 62_000);
    }

    #[test]
    fn a_clock_set_back_between_two_pages_gives_nothing_beyond_the_note() {
        let mut watch = fresh();
        watch.tick(HOUR + 600_000, 600_500);
        let started = Noted {
            used_ms: 0,
            wall_ms: HOUR,
        };
        let again = Stopwatch::new(LIMIT, started, Some(watch.noted()), 610_000, 0);
        assert_eq!(again.used_ms(), 600_000);
    }

    #[test]
    fn closing_counts_to_the_end() {
        let mut watch = fresh();
        watch.tick(HOUR + 60_000, 60_500);
        let noted = watch.noted();
        let later = |ms| Stopwatch::new(LIMIT, noted, Some(noted), HOUR + 60_000 + ms, 0);
        assert_eq!(later(30_000).used_ms(), 90_000);
        assert_eq!(later(5 * HOUR).left_ms(), 0);
    }

    #[test]
    fn sleep_counts_and_leaves_the_last_minute() {
        let mut watch = fresh();
        watch.tick(HOUR + 600_000, 1_500);
        assert_eq!(watch.used_ms(), 600_000);
        watch.tick(9 * HOUR, 2_500);
        assert_eq!(watch.left_ms(), LAST_MS);
        watch.tick(9 * HOUR + 59_000, 61_500);
        assert_eq!(watch.left_ms(), 1_000);
        // Nor does another such jump give anything back, or end it.
        watch.tick(99 * HOUR, 61_600);
        assert_eq!(watch.left_ms(), 900);
        watch.tick(99 * HOUR + 900, 62_500);
        assert_eq!(watch.left_ms(), 0);
    }

    #[test]
    fn a_lost_note_is_replaced_by_the_journal() {
        let started = Noted {
            used_ms: 5_000,
            wall_ms: HOUR,
        };
        let watch = Stopwatch::new(LIMIT, started, None, HOUR + 10_000, 0);
        assert_eq!(watch.used_ms(), 15_000);
        // A note from before the last pause does not undercut it.
        let old = Noted {
            used_ms: 1_000,
            wall_ms: HOUR + 10_000,
        };
        let watch = Stopwatch::new(LIMIT, started, Some(old), HOUR + 10_000, 0);
        assert_eq!(watch.used_ms(), 5_000);
    }

    #[test]
    fn two_tabs_agree() {
        let (mut one, mut other) = (fresh(), fresh());
        one.tick(HOUR + 10_000, 10_500);
        other.tick(HOUR + 10_000, 8_000);
        other.hear(one.noted());
        assert_eq!(other.used_ms(), one.used_ms());
        assert_eq!(Noted::read(&one.noted().write()), Some(one.noted()));
        assert_eq!(Noted::read("x"), None);
    }

    proptest! {
        /// Whatever the wall clock does, time never runs backwards, never beyond the limit, and
        /// never slower than the steady clock.
        #[test]
        fn time_never_runs_backwards(ticks in proptest::collection::vec((-2 * HOUR..2 * HOUR, 0u64..5_000), 1..60)) {
            let mut watch = fresh();
            let (mut wall, mut steady) = (HOUR, 500);
            for (jump, step) in ticks {
                let before = watch.used_ms();
                wall += jump;
                steady += step;
                watch.tick(wall, steady);
                prop_assert!(watch.used_ms() >= (before + step).min(LIMIT));
                prop_assert!(watch.used_ms() <= LIMIT);
                let again = Stopwatch::new(LIMIT, watch.noted(), Some(watch.noted()), wall + jump, 0);
                prop_assert!(again.used_ms() >= watch.used_ms());
            }
        }
    }
}
