//! A plan by days: unread lessons, unanswered questions and reviews over the days that the person
//! has, until the exam.
//!
//! 1. Reviews come first: what is due by [`super::review`], then, supposing that it is answered
//!    rightly, when it comes again.
//! 2. What is new comes in the course's order, each lesson before its questions: spread evenly over
//!    the days before the exam's final stretch, or, without an exam, as the day has room.
//! 3. No day is given more than its minutes, but a single lesson that is longer than a day.
//!
//! It is worked out anew from the state each time, so a day that was missed, or done twice, is in
//! it at once. Durations are estimates: the lesson's own minutes, [`NEW_SECONDS`] and
//! [`REVIEW_SECONDS`].

use super::fsrs::{Grade, Model, State};
use super::progress::of_lesson;
use super::review::{LONGEST, final_stretch, schedule, window};
use super::state::Study;
use crate::domain::course::Catalogue;
use crate::domain::course::track::concerns;
use crate::domain::time::Date;
use serde::{Deserialize, Serialize};

pub use super::review::SECONDS as REVIEW_SECONDS;

/// How long a new question takes with its explanation, in seconds.
pub const NEW_SECONDS: u32 = 45;
/// All seven days.
const EVERY_DAY: u8 = 0x7f;
/// The longest plan, in days.
pub const LONGEST_PLAN: u32 = 400;

/// Towards what and how a person studies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanSettings {
    /// Day of the exam or of the training class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exam: Option<Date>,
    /// Days of study, a bit for each: 1 is Monday, 64 is Sunday.
    pub weekdays: u8,
    /// Minutes on each of them, 5–480.
    pub minutes: u16,
    /// The share of questions to be recalled when they are asked again, in per cent, 70–97.
    pub retention: u8,
}

impl Default for PlanSettings {
    fn default() -> Self {
        Self {
            exam: None,
            weekdays: EVERY_DAY,
            minutes: 30,
            retention: 90,
        }
    }
}

impl PlanSettings {
    /// Which field is wrong, and how, for the person to read.
    pub(super) fn wrong(&self, today: Date) -> Option<(&'static str, &'static str)> {
        if self.exam.is_some_and(|exam| exam < today) {
            return Some(("exam", "考试日期不能早于今天"));
        }
        if self.exam.is_some_and(|exam| exam.days() - today.days() > 3 * 366) {
            return Some(("exam", "考试日期在三年以后，请核对"));
        }
        if self.weekdays == 0 || self.weekdays > EVERY_DAY {
            return Some(("weekdays", "请至少选择一个学习日"));
        }
        if !(5..=480).contains(&self.minutes) {
            return Some(("minutes", "每天的学习时间请填5至480分钟"));
        }
        if !(70..=97).contains(&self.retention) {
            return Some(("retention", "希望记住的比例请填70至97"));
        }
        None
    }

    /// Whether that day (since 1970) is a day of study.
    pub(super) fn studies_on(&self, day: i64) -> bool {
        // 1970-01-01 was a Thursday.
        self.weekdays >> (day + 3).rem_euclid(7) & 1 == 1
    }

    /// Days of study in a week.
    pub(super) fn days_a_week(&self) -> u32 {
        (self.weekdays & EVERY_DAY).count_ones()
    }

    /// The retention as a share; whatever the journal says, within its bounds.
    pub(super) fn share(&self) -> f64 {
        f64::from(self.retention.clamp(70, 97)) / 100.0
    }
}

/// A day of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanDay {
    /// The day.
    pub date: Date,
    /// Ids of the lessons to read.
    pub lessons: Vec<String>,
    /// How many new questions to answer.
    pub new_questions: u32,
    /// How many questions to review.
    pub reviews: u32,
    /// How long that takes, estimated, in minutes.
    pub minutes: u32,
}

/// Something new, in the course's order.
enum New<'a> {
    /// A lesson, and how many seconds it takes.
    Lesson(&'a str, u32),
    /// That many questions.
    Questions(u32),
}

/// The plan for the next `days` days, today first; days without anything are left out. It ends
/// before the exam. Lessons for groups that the person does not belong to are left out when he has
/// named his own.
pub fn day_plan(
    course: &Catalogue,
    study: &Study,
    settings: &PlanSettings,
    today: Date,
    days: u32,
) -> Vec<PlanDay> {
    let start = today.days();
    let mut new = whats_new(course, study);
    let mut end = start + i64::from(days.min(LONGEST_PLAN));
    let mut pace = u32::MAX;
    let mut stretch = None;
    if let Some(exam) = settings.exam.map(Date::days).filter(|exam| *exam > start) {
        let lessons = course.modules.iter().flat_map(|module| &module.lessons);
        stretch = final_stretch(lessons.map(|lesson| lesson.count).sum(), settings, today);
        end = end.min(exam);
        // All that is new comes before the final stretch, if that has not begun.
        let until = stretch.map_or(exam, |(first, _)| if first > start { first } else { exam });
        let studied = (start..until).filter(|day| settings.studies_on(*day)).count() as u32;
        pace = new.iter().map(New::seconds).sum::<u32>().div_ceil(studied.max(1));
    }
    let mut queue = Queue::new(start, end, settings, stretch);
    for due in schedule(course, study, settings, today) {
        if let Some(item) = study.items.get(&due.question.id)
            && let Some(memory) = item.memory
        {
            queue.put(due.day.days(), memory.state(), item.last.at.date().days());
        }
    }
    // What was done today is done: it leaves less for the rest of the day.
    let done_today = done_today(course, study, today);
    // So that the first day has something of what is new, however little a day needs.
    let mut credit = new.first().map_or(0, New::seconds) / 2;
    let mut waiting = Vec::new();
    let mut plan = Vec::new();
    for day in start..end {
        waiting.append(queue.on(day));
        let Some(date) = Date::from_days(day).filter(|_| settings.studies_on(day)) else {
            continue;
        };
        let whole = u32::from(settings.minutes) * 60;
        let (done_new, done) = if day == start { done_today } else { (0, 0) };
        let mut left = whole.saturating_sub(done);
        let mut seconds = 0;
        let reviews = waiting.len().min((left / REVIEW_SECONDS) as usize);
        for (state, last) in waiting.drain(..reviews) {
            let days = (day - last).max(0) as u32;
            queue.again(day, Model::DEFAULT.next(state, days, Grade::Good));
        }
        seconds += reviews as u32 * REVIEW_SECONDS;
        left -= seconds;
        credit = credit.saturating_add(pace).saturating_sub(done_new);
        let mut lessons = Vec::new();
        let mut questions = 0;
        while let Some(next) = new.first_mut() {
            match next {
                New::Lesson(id, cost) => {
                    let fits = *cost <= left || (*cost > whole && left == whole);
                    if !fits || credit < *cost / 2 {
                        break;
                    }
                    lessons.push((*id).to_owned());
                    seconds += *cost;
                    credit = credit.saturating_sub(*cost);
                    left = left.saturating_sub(*cost);
                }
                New::Questions(count) => {
                    let some = (*count).min(left / NEW_SECONDS).min(credit.div_ceil(NEW_SECONDS));
                    for _ in 0..some {
                        queue.again(day, Model::DEFAULT.first(Grade::Good));
                    }
                    questions += some;
                    seconds += some * NEW_SECONDS;
                    credit = credit.saturating_sub(some * NEW_SECONDS);
                    left -= some * NEW_SECONDS;
                    *count -= some;
                    if *count > 0 {
                        break;
                    }
                }
            }
            new.remove(0);
        }
        if seconds > 0 {
            plan.push(PlanDay {
                date,
                lessons,
                new_questions: questions,
                reviews: reviews as u32,
                minutes: seconds.div_ceil(60),
            });
        }
    }
    plan
}

/// What a plan leaves over: unread lessons and unanswered questions that found no day.
pub fn left_over(course: &Catalogue, study: &Study, plan: &[PlanDay]) -> (u32, u32) {
    let (mut lessons, mut questions) = (0, 0);
    for new in whats_new(course, study) {
        match new {
            New::Lesson(..) => lessons += 1,
            New::Questions(count) => questions += count,
        }
    }
    for day in plan {
        lessons = u32::saturating_sub(lessons, day.lessons.len() as u32);
        questions = u32::saturating_sub(questions, day.new_questions);
    }
    (lessons, questions)
}

impl New<'_> {
    fn seconds(&self) -> u32 {
        match self {
            Self::Lesson(_, seconds) => *seconds,
            Self::Questions(count) => count * NEW_SECONDS,
        }
    }
}

fn whats_new<'a>(course: &'a Catalogue, study: &Study) -> Vec<New<'a>> {
    let mut new = Vec::new();
    for lesson in course.modules.iter().flat_map(|module| &module.lessons) {
        let for_others = !lesson.tracks.is_empty() && !concerns(&lesson.tracks, &study.groups);
        if for_others && !study.groups.is_empty() {
            continue;
        }
        let figures = of_lesson(lesson, study);
        if figures.lessons_read == 0 {
            new.push(New::Lesson(&lesson.id, u32::from(lesson.minutes) * 60));
        }
        let open = figures.questions.saturating_sub(figures.answered);
        if open > 0 {
            new.push(New::Questions(open));
        }
    }
    new
}

/// How long what was done today has taken, estimated, in seconds: what was new, and all of it.
fn done_today(course: &Catalogue, study: &Study, today: Date) -> (u32, u32) {
    let lessons = course.modules.iter().flat_map(|module| &module.lessons);
    let read = lessons.filter(|lesson| {
        let history = study.lessons.get(&lesson.id);
        let read = history.and_then(|history| history.read.as_ref());
        read.is_some_and(|(at, _)| at.date() == today)
    });
    let minutes: u32 = read.map(|lesson| u32::from(lesson.minutes)).sum();
    let met = study.items.values().filter(|item| item.first.date() == today);
    let met = met.count() as u32;
    let answers = study.days.get(&today).copied().unwrap_or_default();
    let new = minutes * 60 + met * NEW_SECONDS;
    (
        new,
        new.saturating_add(answers.saturating_sub(met).saturating_mul(REVIEW_SECONDS)),
    )
}

/// Reviews by day, each with its state and the day before on which it was asked.
struct Queue<'a> {
    start: i64,
    days: Vec<Vec<(State, i64)>>,
    settings: &'a PlanSettings,
    stretch: Option<(i64, i64)>,
    /// Tells apart what has the same window.
    count: i64,
}

impl<'a> Queue<'a> {
    fn new(start: i64, end: i64, settings: &'a PlanSettings, stretch: Option<(i64, i64)>) -> Self {
        Self {
            start,
            days: (start..end).map(|_| Vec::new()).collect(),
            settings,
            stretch,
            count: 0,
        }
    }

    fn slot(&mut self, day: i64) -> Option<&mut Vec<(State, i64)>> {
        let at = usize::try_from(day - self.start).ok()?;
        self.days.get_mut(at)
    }

    fn on(&mut self, day: i64) -> &mut Vec<(State, i64)> {
        let at = (day - self.start) as usize;
        &mut self.days[at]
    }

    fn put(&mut self, day: i64, state: State, last: i64) {
        if let Some(slot) = self.slot(day) {
            slot.push((state, last));
        }
    }

    /// Puts what was asked on `day` where it comes again.
    fn again(&mut self, day: i64, state: State) {
        let interval = Model::DEFAULT.interval(state.stability, self.settings.share());
        let (from, to) = window(day, i64::from(interval.min(LONGEST)), self.stretch);
        let from = from.max(day + 1);
        self.count += 1;
        let next = from + self.count % (to - from + 1).max(1);
        self.put(next, state, day);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::study::review::tests::{answered, course, day, read, study};
    use proptest::prelude::*;

    fn settings(exam: Option<i64>, weekdays: u8, minutes: u16) -> PlanSettings {
        PlanSettings {
            exam: exam.map(day),
            weekdays,
            minutes,
            retention: 90,
        }
    }

    #[test]
    fn settings_are_checked_field_by_field() {
        let good = PlanSettings::default();
        let today = day(20_000);
        assert_eq!(good.wrong(today), None);
        for (field, bad) in [
            (
                "exam",
                PlanSettings {
                    exam: Some(day(19_999)),
                    ..good
                },
            ),
            (
                "exam",
                PlanSettings {
                    exam: Some(day(22_000)),
                    ..good
                },
            ),
            ("weekdays", PlanSettings { weekdays: 0, ..good }),
            (
                "weekdays",
                PlanSettings {
                    weekdays: 128,
                    ..good
                },
            ),
            ("minutes", PlanSettings { minutes: 4, ..good }),
            ("minutes", PlanSettings { minutes: 481, ..good }),
            (
                "retention",
                PlanSettings {
                    retention: 69,
                    ..good
                },
            ),
            (
                "retention",
                PlanSettings {
                    retention: 98,
                    ..good
                },
            ),
        ] {
            assert_eq!(bad.wrong(today).map(|(field, _)| field), Some(field), "{bad:?}");
        }
    }

    #[test]
    fn weeks_begin_on_monday() {
        let weekend = settings(None, 0b110_0000, 30);
        // 2026-11-28 and 29 are a Saturday and a Sunday.
        let days: Vec<_> = (0..7)
            .map(|n| Date::parse("2026-11-23").unwrap().days() + n)
            .filter(|day| weekend.studies_on(*day))
            .map(|day| Date::from_days(day).unwrap().to_string())
            .collect();
        assert_eq!(days, ["2026-11-28", "2026-11-29"]);
    }

    #[test]
    fn what_is_new_is_spread_over_the_days_before_the_final_stretch() {
        let (course, study) = (course(10, 4), study(&[]));
        // Forty days and a final stretch of seven: thirty-three for ten lessons of ten minutes.
        let plan = day_plan(
            &course,
            &study,
            &settings(Some(20_040), 0x7f, 60),
            day(20_000),
            400,
        );
        let lessons: Vec<i64> = plan
            .iter()
            .flat_map(|planned| planned.lessons.iter().map(|_| planned.date.days() - 20_000))
            .collect();
        assert_eq!(lessons.len(), 10);
        assert_eq!(lessons[0], 0);
        assert!(
            lessons.windows(2).all(|two| (2..=5).contains(&(two[1] - two[0]))),
            "{lessons:?}"
        );
        assert!(*lessons.last().unwrap() < 33, "{lessons:?}");
        assert_eq!(left_over(&course, &study, &plan), (0, 0));
        assert!(plan.iter().all(|planned| planned.date.days() < 20_040));
        // Each question is seen once more in the final stretch.
        let stretch = plan.iter().filter(|planned| planned.date.days() >= 20_033);
        assert!(stretch.map(|planned| planned.reviews).sum::<u32>() >= 40);
    }

    #[test]
    fn without_an_exam_each_day_is_filled() {
        let (course, study) = (course(10, 4), study(&[]));
        let plan = day_plan(&course, &study, &settings(None, 0x7f, 30), day(20_000), 30);
        // Two lessons of ten minutes with four questions of 45 seconds each: 26 minutes.
        assert_eq!(plan[0].lessons, ["l0", "l1"]);
        assert_eq!(
            (plan[0].new_questions, plan[0].reviews, plan[0].minutes),
            (8, 0, 26)
        );
        assert!(plan[1..].iter().any(|day| day.reviews > 0));
    }

    #[test]
    fn what_was_done_today_leaves_less_and_a_missed_day_leaves_more() {
        let course = course(10, 4);
        let settings = settings(Some(20_040), 0x7f, 60);
        let fresh = day_plan(&course, &study(&[]), &settings, day(20_000), 1);
        assert_eq!(fresh[0].lessons, ["l0"]);
        let done = study(&[read("l0", 20_000), answered("q0-0", 20_000, true)]);
        assert_eq!(day_plan(&course, &done, &settings, day(20_000), 1), []);
        // Reviews leave less time, but what is new still has its turn.
        let reviewed = study(&[
            answered("q9-0", 19_990, true),
            answered("q9-0", 20_000, true),
            answered("q9-0", 20_000, true),
        ]);
        assert_eq!(
            day_plan(&course, &reviewed, &settings, day(20_000), 1)[0].lessons,
            ["l0"]
        );
        let total = |today, days| {
            let plan = day_plan(&course, &study(&[]), &settings, day(today), days);
            plan.iter().map(|day| day.lessons.len()).sum::<usize>()
        };
        assert!(total(20_025, 5) > total(20_000, 5));
    }

    #[test]
    fn a_lesson_longer_than_a_day_has_a_day_for_itself() {
        let (course, study) = (course(2, 0), study(&[]));
        let plan = day_plan(&course, &study, &settings(None, 0x7f, 5), day(20_000), 9);
        let lessons: Vec<_> = plan.iter().map(|day| day.lessons.join(" ")).collect();
        assert_eq!(lessons, ["l0", "l1"]);
    }

    #[test]
    fn lessons_for_other_groups_are_left_out_once_one_has_named_ones_own() {
        let mut course = course(2, 0);
        course.modules[0].lessons[1].tracks = vec!["farmer".into()];
        let mut study = study(&[]);
        let lessons = |study: &Study| {
            let plan = day_plan(&course, study, &settings(None, 0x7f, 60), day(20_000), 9);
            plan.iter().map(|day| day.lessons.len()).sum::<usize>()
        };
        assert_eq!(lessons(&study), 2);
        study.groups = vec!["teacher".into()];
        assert_eq!(lessons(&study), 1);
        study.groups.push("farmer".into());
        assert_eq!(lessons(&study), 2);
    }

    proptest! {
        #[test]
        fn no_day_is_given_more_than_it_has_and_nothing_twice(
            lessons in 0usize..12, questions in 0usize..9, exam in proptest::option::of(1i64..90),
            weekdays in 1u8..128, minutes in 10u16..90,
            answers in proptest::collection::vec((0usize..12, 0usize..9, 19_900i64..20_001, any::<bool>()), 0..60),
        ) {
            let course = course(lessons, questions);
            let happened: Vec<_> = answers
                .into_iter()
                .map(|(lesson, question, at, correct)| answered(&format!("q{lesson}-{question}"), at, correct))
                .collect();
            let study = study(&happened);
            let settings = settings(exam.map(|exam| 20_000 + exam), weekdays, minutes);
            let plan = day_plan(&course, &study, &settings, day(20_000), 400);
            for planned in &plan {
                prop_assert!(planned.minutes > 0 && planned.minutes <= u32::from(minutes));
                prop_assert!(settings.studies_on(planned.date.days()));
                prop_assert!(settings.exam.is_none_or(|exam| planned.date < exam));
            }
            prop_assert!(plan.windows(2).all(|two| two[0].date < two[1].date));
            let lessons: Vec<_> = plan.iter().flat_map(|day| &day.lessons).collect();
            prop_assert!((1..lessons.len()).all(|at| !lessons[..at].contains(&lessons[at])));
            let (unread, unanswered) = left_over(&course, &study, &plan);
            if exam.is_none() {
                prop_assert_eq!((unread, unanswered), (0, 0));
            }
        }
    }
}
