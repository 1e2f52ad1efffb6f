//! Where to go on: the lesson or the questions that come next for this person.

use super::progress::of_lesson;
use super::state::{Place, Study};
use crate::domain::course::track::concerns;
use crate::domain::course::{Catalogue, Lesson};
use crate::domain::sort_by;

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep<'a> {
    /// Read this lesson.
    Read(&'a Lesson),
    /// Answer this lesson's questions.
    Practise(&'a Lesson),
    /// Everything is read and answered.
    Done,
}

/// Goes on where the person was: finishes the lesson, then its questions; then what is for the
/// person's groups; then the next lesson that is not done, and from the last lesson back to what was
/// left out.
pub fn next_step<'a>(course: &'a Catalogue, study: &Study) -> NextStep<'a> {
    let lessons: Vec<&Lesson> = course.modules.iter().flat_map(|module| &module.lessons).collect();
    let place = |lesson: &&Lesson| match &study.last {
        Some(Place::Lesson(id)) => lesson.id == *id,
        Some(Place::Question(id)) => lesson.questions.iter().any(|question| question.id == *id),
        None => false,
    };
    let here = lessons.iter().position(place);
    if let Some(here) = here.and_then(|here| lessons.get(here).copied()) {
        let answering = matches!(study.last, Some(Place::Question(_)));
        let steps = if answering {
            [practise(here, study), read(here, study)]
        } else {
            [read(here, study), practise(here, study)]
        };
        if let Some(step) = steps.into_iter().flatten().next() {
            return step;
        }
    }
    let (before, after) = lessons.split_at(here.map_or(0, |here| here + 1));
    let open = |lesson| read(lesson, study).or_else(|| practise(lesson, study));
    let mut rest: Vec<&Lesson> = after.iter().chain(before).copied().collect();
    sort_by(&mut rest, |a, b| {
        concerns(&b.tracks, &study.groups).cmp(&concerns(&a.tracks, &study.groups))
    });
    rest.into_iter().find_map(open).unwrap_or(NextStep::Done)
}

fn read<'a>(lesson: &'a Lesson, study: &Study) -> Option<NextStep<'a>> {
    (of_lesson(lesson, study).lessons_read == 0).then_some(NextStep::Read(lesson))
}

fn practise<'a>(lesson: &'a Lesson, study: &Study) -> Option<NextStep<'a>> {
    let figures = of_lesson(lesson, study);
    (figures.answered < figures.questions).then_some(NextStep::Practise(lesson))
}

#[cfg(test)]
mod tests {
    use super::NextStep::{Done, Practise, Read};
    use super::*;
    use crate::domain::course::{Module, QuestionRef};
    use crate::domain::question::Choice;
    use crate::domain::study::mistakes::wrong;
    use crate::domain::study::progress::CourseProgress;
    use crate::domain::study::{Event, EventId, Happening};
    use crate::domain::time::Moment;

    fn lesson(id: &str, questions: &[&str]) -> Lesson {
        let reference = |id: &&str| QuestionRef {
            id: (*id).into(),
            hash: format!("{id}-1"),
        };
        Lesson {
            id: id.into(),
            title: id.into(),
            minutes: 1,
            hash: format!("{id}-1"),
            body: String::new(),
            tracks: Vec::new(),
            count: questions.len() as u32,
            questions: questions.iter().map(reference).collect(),
        }
    }

    fn course() -> Catalogue {
        let module = |id: &str, lessons| Module {
            id: id.into(),
            number: 1,
            title: id.into(),
            summary: String::new(),
            policy: Vec::new(),
            lessons,
            bank: String::new(),
        };
        Catalogue {
            version: String::new(),
            modules: vec![
                module("m1", vec![lesson("a", &["a1", "a2"]), lesson("b", &[])]),
                module("m2", vec![lesson("c", &["c1"])]),
            ],
            pages: Vec::new(),
            search: String::new(),
            refs: String::new(),
        }
    }

    fn after(happenings: &[Happening]) -> Study {
        let mut study = Study::default();
        for (seq, what) in (1..).zip(happenings) {
            study.apply(&Event {
                v: 1,
                id: EventId(format!("{seq:032x}")),
                seq,
                at: Moment {
                    ms: 1_795_000_000_000,
                    tz: 480,
                },
                what: what.clone(),
            });
        }
        study
    }

    fn opened(id: &str) -> Happening {
        Happening::LessonOpened {
            lesson: id.into(),
            hash: format!("{id}-1"),
        }
    }

    fn finished(id: &str) -> Happening {
        Happening::LessonRead {
            lesson: id.into(),
            hash: format!("{id}-1"),
        }
    }

    fn answered(id: &str, correct: bool) -> Happening {
        Happening::ItemAnswered {
            question: id.into(),
            hash: format!("{id}-1"),
            chosen: Choice::new(),
            correct,
        }
    }

    #[test]
    fn what_is_for_one_s_groups_comes_first() {
        let mut course = course();
        course.modules[1].lessons[0].tracks = vec!["farmer".into()];
        let mut study = Study::default();
        assert_eq!(next_step(&course, &study), Read(&course.modules[0].lessons[0]));
        study.groups = vec!["farmer".into()];
        assert_eq!(next_step(&course, &study), Read(&course.modules[1].lessons[0]));
    }

    #[test]
    fn goes_on_where_the_person_was() {
        let course = course();
        let [a, b, c] = ["a", "b", "c"].map(|id| course.lesson(id).unwrap().1);
        for (happenings, expected) in [
            (vec![], Read(a)),
            (vec![opened("c")], Read(c)),
            (vec![finished("a")], Practise(a)),
            (vec![finished("a"), answered("a1", false)], Practise(a)),
            (
                vec![finished("a"), answered("a1", false), answered("a2", true)],
                Read(b),
            ),
            // Questions first, then the lesson that was skipped.
            (vec![answered("c1", true)], Read(c)),
            // From the last lesson back to what was left out.
            (vec![finished("c"), answered("c1", true)], Read(a)),
            // The place is no longer in the course.
            (vec![opened("gone")], Read(a)),
        ] {
            assert_eq!(
                next_step(&course, &after(&happenings)),
                expected,
                "{happenings:?}"
            );
        }
        let everything = ["a1", "a2", "c1"].map(|id| answered(id, true)).into_iter();
        let everything: Vec<_> = everything.chain(["a", "b", "c"].map(finished)).collect();
        assert_eq!(next_step(&course, &after(&everything)), Done);
    }

    #[test]
    fn what_has_changed_is_open_again() {
        let study = after(&[finished("a"), answered("a1", true), answered("a2", false)]);
        let mut course = course();
        course.modules[0].lessons[0].questions[1].hash = "a2-2".into();
        assert_eq!(wrong(&course, &study).count(), 0);
        assert_eq!(
            next_step(&course, &study),
            Practise(&course.modules[0].lessons[0])
        );
        course.modules[0].lessons[0].hash = "a-2".into();
        course.modules[0].lessons[0].questions.pop();
        assert_eq!(next_step(&course, &study), Read(&course.modules[0].lessons[0]));
    }

    #[test]
    fn the_wrong_ones_are_those_of_the_figures() {
        let course = course();
        let study = after(&[
            answered("a1", false),
            answered("a2", true),
            answered("c1", false),
            answered("gone", false),
        ]);
        let total = CourseProgress::of(&course, &study).total;
        let wrong: Vec<_> = wrong(&course, &study)
            .map(|(_, _, question)| question.id.as_str())
            .collect();
        assert_eq!(wrong, ["a1", "c1"]);
        assert_eq!(total.answered - total.correct, 2);
    }
}
