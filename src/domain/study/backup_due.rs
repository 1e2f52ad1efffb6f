//! When a backup is asked for.

use super::state::Study;
use crate::domain::time::{Date, Moment};

/// Events after which a backup is asked for at once.
const EVENTS: u32 = 50;
/// Days after which a backup is asked for, when there is anything new.
const DAYS: i64 = 14;

/// Whether it is time for a backup: after many events, or when something new has waited two weeks
/// since the last backup (without one, since the first day of study).
pub fn backup_due(study: &Study, today: Date) -> bool {
    if study.unsaved_events >= EVENTS {
        return true;
    }
    let since = match study.backed_up {
        Some(at) => Some(Moment::date(at)),
        None => study.days.keys().next().copied(),
    };
    study.unsaved_events > 0 && since.is_some_and(|since| today.days() - since.days() >= DAYS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: i64) -> Date {
        Date::from_days(number).unwrap_or_else(|| unreachable!("a day of our time"))
    }

    fn study(unsaved_events: u32, first: Option<i64>, backed_up: Option<i64>) -> Study {
        let mut study = Study::default();
        study.unsaved_events = unsaved_events;
        study.days = first.into_iter().map(|first| (day(first), 0)).collect();
        study.backed_up = backed_up.map(|at| Moment {
            ms: at * 86_400_000,
            tz: 0,
        });
        study
    }

    #[test]
    fn after_many_events_or_after_two_weeks_with_any() {
        let due = |study: Study| backup_due(&study, day(20_000));
        assert!(!due(Study::default()));
        assert!(due(study(50, None, None)));
        assert!(!due(study(49, Some(19_987), None)));
        assert!(due(study(1, Some(19_986), None)));
        // A later backup counts, not the first day; without anything new there is nothing to save.
        assert!(!due(study(49, Some(19_000), Some(19_987))));
        assert!(due(study(1, Some(19_000), Some(19_986))));
        assert!(!due(study(0, Some(19_000), Some(19_000))));
        // A clock that was set back.
        assert!(!due(study(1, Some(20_100), None)));
    }
}
