//! When what was answered is asked again.
//!
//! 1. A question falls due when the probability of recalling it has come down to the desired
//!    retention ([`super::fsrs`]), after a year at the latest.
//! 2. Around that day there is room of 5 % of the interval, for the day with the least to do, a
//!    day of study if there is one; equal days are told apart by the question's id.
//! 3. Before an exam, everything that would fall due after it is asked once more in the *final
//!    stretch*: the last days before the exam, seven to twenty-one, by how much there is to repeat.
//!
//! All of it follows from the state and the day, and is worked out anew each time.

use super::fsrs::Model;
use super::plan::PlanSettings;
use super::state::Study;
use crate::domain::course::{Catalogue, Lesson, Module, QuestionRef};
use crate::domain::sort_by;
use crate::domain::time::Date;

/// The longest interval, in days: what is known, too, is asked once a year.
pub const LONGEST: u32 = 365;
/// How long a review takes, in seconds: an estimate, for planning only.
pub const SECONDS: u32 = 30;

/// A question that was answered in its present version, and when it is asked again.
#[derive(Clone, Copy, Debug)]
pub struct Due<'a> {
    /// Its module.
    pub module: &'a Module,
    /// Its lesson.
    pub lesson: &'a Lesson,
    /// The question.
    pub question: &'a QuestionRef,
    /// The day; today for what is overdue.
    pub day: Date,
    /// The probability that it is recalled today, in whole per cent.
    pub recall: u8,
}

/// An entry of the mistakes book.
#[derive(Clone, Copy, Debug)]
pub struct Mistake<'a> {
    /// Its module.
    pub module: &'a Module,
    /// Its lesson.
    pub lesson: &'a Lesson,
    /// The question.
    pub question: &'a QuestionRef,
    /// How often it was answered wrongly, in its present version.
    pub wrong: u32,
    /// Whether the last answer was right: on its way out, but not known yet.
    pub right_since: bool,
}

/// The mistakes book, in the course's order: what was answered wrongly and is not yet known, see
/// [`super::Memory::is_known`]. An answer to an earlier version does not count.
pub fn mistakes_book<'a>(course: &'a Catalogue, study: &Study) -> Vec<Mistake<'a>> {
    let mut mistakes = Vec::new();
    for (module, lesson, question) in questions(course) {
        if let Some(item) = study.items.get(&question.id)
            && item.last.hash == question.hash
            && let Some(memory) = item.memory
            && memory.is_mistake()
        {
            mistakes.push(Mistake {
                module,
                lesson,
                question,
                wrong: memory.wrong(),
                right_since: item.last.correct,
            });
        }
    }
    mistakes
}

/// What is due today, the most forgotten first.
pub fn due<'a>(course: &'a Catalogue, study: &Study, settings: &PlanSettings, today: Date) -> Vec<Due<'a>> {
    let mut due = schedule(course, study, settings, today);
    due.retain(|due| due.day <= today);
    sort_by(&mut due, |a, b| a.recall.cmp(&b.recall));
    due
}

/// How many reviews fall on each of the next `days` days; what is overdue falls on today, the first.
pub fn forecast(
    course: &Catalogue,
    study: &Study,
    settings: &PlanSettings,
    today: Date,
    days: usize,
) -> Vec<u32> {
    let mut counts = vec![0; days];
    for due in schedule(course, study, settings, today) {
        let offset = due.day.days() - today.days();
        if let Some(count) = usize::try_from(offset).ok().and_then(|at| counts.get_mut(at)) {
            *count += 1;
        }
    }
    counts
}

/// Everything that was answered in its present version, each with its day; in no order that means
/// anything, but always the same.
pub fn schedule<'a>(
    course: &'a Catalogue,
    study: &Study,
    settings: &PlanSettings,
    today: Date,
) -> Vec<Due<'a>> {
    let model = Model::DEFAULT;
    let start = today.days();
    let mut waiting = Vec::new();
    for (module, lesson, question) in questions(course) {
        if let Some(item) = study.items.get(&question.id)
            && item.last.hash == question.hash
            && let Some(memory) = item.memory
        {
            // A day that has not come is a clock's mistake.
            let last = item.last.at.date().days().min(start);
            let interval = model.interval(memory.state().stability, settings.share());
            let interval = i64::from(interval.min(LONGEST));
            let due = Due {
                module,
                lesson,
                question,
                day: today,
                recall: (memory.recall(start - last) * 100.0) as u8,
            };
            waiting.push((due, last, interval, mark(&question.id)));
        }
    }
    let stretch = final_stretch(waiting.len() as u32, settings, today);
    let mut placed: Vec<_> = waiting
        .into_iter()
        .map(|(due, last, interval, mark)| {
            let (from, to) = window(last, interval, stretch);
            (due, from.max(start), to.max(start), mark)
        })
        .collect();
    // Those without a choice first; then by day, and equal ones by their mark.
    sort_by(&mut placed, |a, b| {
        let room = |one: &(Due<'_>, i64, i64, u32)| (one.2 - one.1, one.1, one.3);
        room(a).cmp(&room(b))
    });
    let answered = study.days.get(&today).copied().unwrap_or_default();
    let mut load = vec![answered];
    let mut out = Vec::with_capacity(placed.len());
    for (mut due, from, to, mark) in placed {
        let width = to - from + 1;
        let mut best = (true, u32::MAX, from);
        for step in 0..width {
            let day = from + (i64::from(mark) + step) % width;
            let there = load.get((day - start) as usize).copied().unwrap_or_default();
            let found = (!settings.studies_on(day), there, day);
            if (found.0, found.1) < (best.0, best.1) {
                best = found;
            }
        }
        let at = (best.2 - start) as usize;
        if load.len() <= at {
            load.resize(at + 1, 0);
        }
        load[at] += 1;
        due.day = Date::from_days(best.2).unwrap_or(today);
        out.push(due);
    }
    out
}

/// The first and the last day (since 1970) of the final stretch before an exam, for that many
/// questions; `None` without an exam, or when it has come.
pub(super) fn final_stretch(questions: u32, settings: &PlanSettings, today: Date) -> Option<(i64, i64)> {
    let exam = settings.exam.filter(|exam| *exam > today)?.days();
    let in_a_week = u64::from(settings.minutes) * 60 * u64::from(settings.days_a_week());
    let days = u64::from(questions) * u64::from(SECONDS) * 7 / in_a_week.max(1) + 1;
    Some((exam - (days.clamp(7, 21) as i64), exam - 1))
}

/// The days on which something may be asked that was last asked on `last` and has an interval of
/// that many days.
pub(super) fn window(last: i64, interval: i64, stretch: Option<(i64, i64)>) -> (i64, i64) {
    let room = interval / 20;
    let (from, to) = (last + interval - room, last + interval + room);
    match stretch {
        // Seen within the stretch: that was shortly before the exam.
        Some((first, before)) if last < first => {
            if last + interval > before {
                (first, before)
            } else {
                (from, to.min(before))
            }
        }
        _ => (from, to),
    }
}

fn questions(course: &Catalogue) -> impl Iterator<Item = (&Module, &Lesson, &QuestionRef)> {
    course.modules.iter().flat_map(|module| {
        module.lessons.iter().flat_map(move |lesson| {
            lesson
                .questions
                .iter()
                .map(move |question| (module, lesson, question))
        })
    })
}

/// A number that an id always gives (FNV-1a).
fn mark(id: &str) -> u32 {
    id.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::question::Choice;
    use crate::domain::study::{Event, EventId, Happening};
    use crate::domain::time::Moment;
    use proptest::prelude::*;

    pub(in crate::domain::study) fn day(days: i64) -> Date {
        Date::from_days(days).unwrap()
    }

    /// One module of lessons `l0` … of ten minutes, with questions `q0-0` … each.
    pub(in crate::domain::study) fn course(lessons: usize, questions: usize) -> Catalogue {
        let lesson = |number: usize| Lesson {
            id: format!("l{number}"),
            title: format!("第{number}课"),
            minutes: 10,
            hash: format!("l{number}-1"),
            body: String::new(),
            tracks: Vec::new(),
            count: questions as u32,
            questions: (0..questions)
                .map(|question| QuestionRef {
                    id: format!("q{number}-{question}"),
                    hash: format!("q{number}-{question}-1"),
                    points: Vec::new(),
                })
                .collect(),
        };
        let module = Module {
            id: "m".into(),
            number: 1,
            title: "模块".into(),
            summary: String::new(),
            policy: Vec::new(),
            lessons: (0..lessons).map(lesson).collect(),
            bank: String::new(),
        };
        Catalogue {
            version: String::new(),
            modules: vec![module],
            pages: Vec::new(),
            search: String::new(),
            refs: String::new(),
        }
    }

    /// What happens, and on which day.
    pub(in crate::domain::study) type Happened = (i64, Happening);

    pub(in crate::domain::study) fn read(lesson: &str, on: i64) -> Happened {
        let what = Happening::LessonRead {
            lesson: lesson.into(),
            hash: format!("{lesson}-1"),
        };
        (on, what)
    }

    pub(in crate::domain::study) fn answered(question: &str, on: i64, correct: bool) -> Happened {
        let what = Happening::ItemAnswered {
            question: question.into(),
            hash: format!("{question}-1"),
            chosen: Choice::new(),
            correct,
            exam: None,
        };
        (on, what)
    }

    /// All of it, in the order of the days, late in the evening of China.
    pub(in crate::domain::study) fn study(happened: &[Happened]) -> Study {
        let mut happened = happened.to_vec();
        happened.sort_by_key(|(on, _)| *on);
        let mut study = Study::default();
        for (seq, (on, what)) in (1..).zip(happened) {
            study.apply(&Event {
                v: 2,
                id: EventId(format!("{seq:026}")),
                seq,
                at: Moment {
                    ms: on * 86_400_000 + 55_800_000,
                    tz: 480,
                },
                what,
            });
        }
        study
    }

    fn exam(on: i64) -> PlanSettings {
        PlanSettings {
            exam: Some(day(on)),
            ..PlanSettings::default()
        }
    }

    #[test]
    fn what_was_answered_comes_again_and_what_was_not_does_not() {
        let course = course(2, 2);
        let study = study(&[
            answered("q0-0", 20_000, true),
            answered("q0-1", 20_000, false),
            answered("gone", 20_000, false),
        ]);
        let on = |today| {
            let due = due(&course, &study, &PlanSettings::default(), day(today));
            due.iter().map(|due| due.question.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(on(20_000), [""; 0]);
        assert_eq!(on(20_001), ["q0-1"]);
        // The most forgotten first.
        assert_eq!(on(20_002), ["q0-1", "q0-0"]);
        assert_eq!(
            forecast(&course, &study, &PlanSettings::default(), day(20_000), 4),
            [0, 1, 1, 0]
        );
        assert_eq!(
            forecast(&course, &study, &PlanSettings::default(), day(20_002), 2),
            [2, 0]
        );
    }

    #[test]
    fn another_version_of_a_question_is_remembered_anew() {
        let mut course = course(1, 1);
        let mut happened = vec![answered("q0-0", 20_000, false)];
        let settings = PlanSettings::default();
        assert_eq!(mistakes_book(&course, &study(&happened)).len(), 1);
        course.modules[0].lessons[0].questions[0].hash = "new".into();
        assert!(mistakes_book(&course, &study(&happened)).is_empty());
        assert!(schedule(&course, &study(&happened), &settings, day(20_100)).is_empty());
        let (on, mut what) = answered("q0-0", 20_050, true);
        if let Happening::ItemAnswered { hash, .. } = &mut what {
            *hash = "new".into();
        }
        happened.push((on, what));
        let study = study(&happened);
        let memory = study.items["q0-0"].memory.unwrap();
        assert_eq!((memory.days(), memory.wrong()), (1, 0));
        assert_eq!(memory, crate::domain::study::Memory::after(None, 0, true));
        assert!(mistakes_book(&course, &study).is_empty());
        assert_eq!(schedule(&course, &study, &settings, day(20_050)).len(), 1);
    }

    #[test]
    fn days_are_those_of_the_person_and_not_of_utc() {
        // 23:30 and 00:30 in China: one calendar day apart, within one day of UTC.
        let mut study = Study::default();
        for (seq, ms) in [(1, 55_800_000), (2, 59_400_000)] {
            let (_, what) = answered("q0-0", 0, true);
            study.apply(&Event {
                v: 2,
                id: EventId(format!("{seq:026}")),
                seq,
                at: Moment { ms, tz: 480 },
                what,
            });
        }
        assert_eq!(study.items["q0-0"].memory.unwrap().days(), 2);
    }

    #[test]
    fn the_mistakes_book_says_what_is_on_its_way_out() {
        let course = course(1, 3);
        let study = study(&[
            answered("q0-0", 20_000, false),
            answered("q0-1", 20_000, false),
            answered("q0-1", 20_001, true),
            answered("q0-2", 20_000, false),
            answered("q0-2", 20_001, true),
            answered("q0-2", 20_004, true),
        ]);
        let book = mistakes_book(&course, &study);
        let book: Vec<_> = book
            .iter()
            .map(|mistake| (mistake.question.id.as_str(), mistake.wrong, mistake.right_since))
            .collect();
        assert_eq!(book, [("q0-0", 1, false), ("q0-1", 1, true)]);
    }

    #[test]
    fn everything_is_seen_once_more_shortly_before_the_exam() {
        let course = course(10, 10);
        let mut happened = Vec::new();
        for lesson in 0..10 {
            for question in 0..10 {
                for on in [19_900, 19_910, 19_950] {
                    happened.push(answered(&format!("q{lesson}-{question}"), on, true));
                }
            }
        }
        let study = study(&happened);
        // Left alone, they come again long after.
        let alone = forecast(&course, &study, &PlanSettings::default(), day(20_000), 30);
        assert_eq!(alone.iter().sum::<u32>(), 0);
        let counts = forecast(&course, &study, &exam(20_020), day(20_000), 30);
        assert_eq!(counts[..13].iter().sum::<u32>(), 0);
        // A hundred over seven days: fourteen or fifteen on each.
        assert!(
            counts[13..20].iter().all(|count| (14..=15).contains(count)),
            "{counts:?}"
        );
        assert_eq!(counts[20..].iter().sum::<u32>(), 0);
        // Once the exam has come it is as if there were none.
        let after = forecast(&course, &study, &exam(20_020), day(20_020), 30);
        assert_eq!(
            after,
            forecast(&course, &study, &PlanSettings::default(), day(20_020), 30)
        );
    }

    #[test]
    fn a_stretch_is_longer_where_there_is_more_to_repeat() {
        let days = |questions| {
            let (first, last) = final_stretch(questions, &exam(20_100), day(20_000)).unwrap();
            assert_eq!(last, 20_099);
            last - first + 1
        };
        // Sixty reviews a day.
        assert_eq!((days(0), days(400), days(600), days(9_999)), (7, 7, 11, 21));
    }

    #[test]
    fn reviews_keep_to_the_days_of_study_where_they_have_the_room() {
        let course = course(10, 10);
        let mut happened = Vec::new();
        for lesson in 0..10 {
            for question in 0..10 {
                for on in [19_900, 19_910, 19_950] {
                    happened.push(answered(&format!("q{lesson}-{question}"), on, true));
                }
            }
        }
        let weekend = PlanSettings {
            weekdays: 0b110_0000,
            ..exam(20_020)
        };
        for due in schedule(&course, &study(&happened), &weekend, day(20_000)) {
            assert!(weekend.studies_on(due.day.days()), "{}", due.day);
        }
    }

    /// Answers to the questions of `course(4, 10)` over half a year before day 20,000.
    fn answers() -> impl Strategy<Value = Vec<Happened>> {
        let answer = (
            0usize..4,
            0usize..10,
            19_820i64..20_001,
            proptest::bool::weighted(0.8),
        );
        let answer = answer.prop_map(|(lesson, question, on, correct)| {
            answered(&format!("q{lesson}-{question}"), on, correct)
        });
        proptest::collection::vec(answer, 0..150)
    }

    proptest! {
        #[test]
        fn each_is_placed_within_its_room_and_the_same_way_each_time(happened in answers(), ahead in proptest::option::of(1i64..120), retention in 70u8..=97) {
            let course = course(4, 10);
            let study = study(&happened);
            let settings = PlanSettings { exam: ahead.map(|ahead| day(20_000 + ahead)), retention, ..PlanSettings::default() };
            let all = schedule(&course, &study, &settings, day(20_000));
            prop_assert_eq!(all.len(), study.items.len());
            let stretch = final_stretch(all.len() as u32, &settings, day(20_000));
            for due in &all {
                let item = &study.items[&due.question.id];
                let last = item.last.at.date().days();
                let interval = Model::DEFAULT.interval(item.memory.unwrap().state().stability, settings.share());
                let interval = i64::from(interval.min(LONGEST));
                let on = due.day.days();
                prop_assert!(on >= 20_000);
                match stretch {
                    Some((first, before)) if last < first => prop_assert!(on <= before),
                    _ => prop_assert!(on == 20_000 || (on - last - interval).abs() * 20 <= interval),
                }
            }
            let days = |all: &[Due<'_>]| all.iter().map(|due| (due.question.id.clone(), due.day)).collect::<Vec<_>>();
            prop_assert_eq!(days(&all), days(&schedule(&course, &study, &settings, day(20_000))));
            let counts = forecast(&course, &study, &settings, day(20_000), 400);
            prop_assert_eq!(counts.iter().sum::<u32>() as usize, all.len());
            let today = super::due(&course, &study, &settings, day(20_000));
            prop_assert_eq!(today.len() as u32, counts[0]);
        }

        /// What has the same room is spread over it evenly.
        #[test]
        fn the_load_is_level(count in 1usize..300, gap in 20i64..60) {
            let course = course(1, count);
            let mut happened = Vec::new();
            for question in 0..count {
                for on in [19_900 - gap, 19_900, 19_990] {
                    happened.push(answered(&format!("q0-{question}"), on, true));
                }
            }
            let study = study(&happened);
            let stability = study.items["q0-0"].memory.unwrap().state().stability;
            let interval = Model::DEFAULT.interval(stability, 0.9).min(LONGEST);
            let counts = forecast(&course, &study, &PlanSettings::default(), day(20_000), 400);
            let days = interval / 20 * 2 + 1;
            prop_assert!(days > 1);
            prop_assert!(counts.iter().all(|there| *there <= (count as u32).div_ceil(days)));
        }
    }
}
