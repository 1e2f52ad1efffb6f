//! How well a knowledge point is mastered, how sure that is, and what to do next.
//!
//! For each question of a point, `r` is the probability that it is recalled today
//! ([`super::Memory::recall`]); 0 where it was not answered in its present version, or was answered
//! wrongly the last time. **Mastery** is the mean of `r` over all the point's questions: the mean
//! over those that are answered times the share of these.
//!
//! **Uncertainty** is the Wilson interval of that share at 90 %, for `n` = the sum, over the
//! questions, of the days on which each was answered:
//! `(m + z²/2n ± z·√(m(1−m)/n + z²/4n²)) / (1 + z²/n)` with `z` = 1.645. Many answers on one day
//! count once, so clicking does not make it look surer. It holds the mastery itself, and narrows as
//! `n` grows.

use super::progress::of_lesson;
use super::state::{ItemHistory, Study};
use crate::domain::course::{Catalogue, Lesson};
use crate::domain::question::Question;
use crate::domain::sort_by;
use crate::domain::time::Date;

/// Of the Wilson interval: nine times in ten the truth is within.
const Z: f64 = 1.645;
/// Below this recall a question is worth asking again.
const FADING: f64 = 0.9;
/// The most questions that are advised at once.
const AT_ONCE: u32 = 10;

/// Mastery in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing was answered.
    Unseen,
    /// The interval is wider than half of all.
    Unsure,
    /// Below 50 %.
    Weak,
    /// Below 75 %.
    Fair,
    /// From 75 %.
    Good,
    /// From 85 %, and hardly below 70 %.
    Firm,
}

impl Level {
    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Unseen => "还没练过",
            Self::Unsure => "依据还少",
            Self::Weak => "薄弱",
            Self::Fair => "一般",
            Self::Good => "较好",
            Self::Firm => "牢固",
        }
    }
}

/// How well something is mastered: a knowledge point, or a module.
#[derive(Clone, Debug, PartialEq)]
pub struct Mastery {
    /// The knowledge point, or the module's title.
    pub name: String,
    /// Questions there are.
    pub questions: u32,
    /// Of these, how many were answered in their present version.
    pub answered: u32,
    /// Days on which each was answered, in all: `n` above.
    pub evidence: u32,
    /// Sum of the recall of each.
    recalled: f64,
    /// Ids of the lessons that teach it, each with how many of its questions are worth asking.
    open: Vec<(String, u32)>,
}

impl Mastery {
    fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            questions: 0,
            answered: 0,
            evidence: 0,
            recalled: 0.0,
            open: Vec::new(),
        }
    }

    /// In whole per cent.
    pub fn percent(&self) -> u8 {
        (self.share() * 100.0) as u8
    }

    /// Between which per cent it is, nine times in ten; everything is possible while nothing was
    /// answered.
    pub fn interval(&self) -> (u8, u8) {
        let n = f64::from(self.evidence);
        if self.evidence == 0 {
            return (0, 100);
        }
        let share = self.share();
        let middle = share + Z * Z / (2.0 * n);
        let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        let whole = 1.0 + Z * Z / n;
        let low = ((middle - half) / whole * 100.0).floor() as u8;
        let high = ((middle + half) / whole * 100.0).ceil() as u8;
        (low.min(self.percent()), high.clamp(self.percent(), 100))
    }

    /// In a word.
    pub fn level(&self) -> Level {
        let (low, high) = self.interval();
        match self.percent() {
            _ if self.evidence == 0 => Level::Unseen,
            _ if high - low > 50 => Level::Unsure,
            0..50 => Level::Weak,
            50..75 => Level::Fair,
            85.. if low >= 70 => Level::Firm,
            _ => Level::Good,
        }
    }

    fn share(&self) -> f64 {
        if self.questions == 0 {
            return 0.0;
        }
        (self.recalled / f64::from(self.questions)).clamp(0.0, 1.0)
    }

    fn add(&mut self, lesson: &str, item: Option<&ItemHistory>, today: Date) {
        self.questions += 1;
        let mut recall = 0.0;
        if let Some((item, memory)) = item.and_then(|item| Some((item, item.memory?))) {
            self.answered += 1;
            self.evidence = self.evidence.saturating_add(memory.days());
            if item.last.correct {
                recall = memory.recall(today.days() - item.last.at.date().days());
            }
        }
        self.recalled += recall;
        let open = u32::from(recall < FADING);
        match self.open.iter_mut().find(|(id, _)| id == lesson) {
            Some((_, count)) => *count += open,
            None => self.open.push((lesson.into(), open)),
        }
    }
}

/// Mastery of each knowledge point of these questions, in the order in which they come. A
/// question of several points counts for each.
pub fn by_point<'a>(
    course: &Catalogue,
    questions: impl IntoIterator<Item = &'a Question>,
    study: &Study,
    today: Date,
) -> Vec<Mastery> {
    let mut points: Vec<Mastery> = Vec::new();
    for question in questions {
        let (lesson, _) = question.place();
        let item = study.items.get(&question.id).filter(|item| {
            // The catalogue knows the hash; making it takes longer.
            let known = course.lesson(lesson).and_then(|(_, lesson)| {
                let mut known = lesson.questions.iter();
                known.find(|known| known.id == question.id)
            });
            match known {
                Some(known) => item.last.hash == known.hash,
                None => item.last.hash == question.content_hash(),
            }
        });
        for name in &question.points {
            let at = points.iter().position(|point| point.name == *name);
            let at = at.unwrap_or_else(|| {
                points.push(Mastery::new(name));
                points.len() - 1
            });
            points[at].add(lesson, item, today);
        }
    }
    points
}

/// Mastery of each module, in the course's order. The lessons must know their questions.
pub fn by_module(course: &Catalogue, study: &Study, today: Date) -> Vec<Mastery> {
    let of_module = |module: &crate::domain::course::Module| {
        let mut mastery = Mastery::new(&module.title);
        for lesson in &module.lessons {
            for question in &lesson.questions {
                let item = study.items.get(&question.id);
                let item = item.filter(|item| item.last.hash == question.hash);
                mastery.add(&lesson.id, item, today);
            }
        }
        mastery
    };
    course.modules.iter().map(of_module).collect()
}

/// What is weak, and what to do about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice<'a> {
    /// What is weak.
    pub mastery: &'a Mastery,
    /// The lesson to turn to.
    pub lesson: &'a Lesson,
    /// Whether it is still to be read.
    pub unread: bool,
    /// How many of its questions to answer.
    pub questions: u32,
    /// All that in one sentence.
    pub sentence: String,
}

/// The weakest, at most `count` of them: first what was begun, the least mastered first, then what
/// was never practised, in the order given. What is [`Level::Good`] is not weak.
pub fn weakest<'a>(
    course: &'a Catalogue,
    study: &Study,
    masteries: &'a [Mastery],
    count: usize,
) -> Vec<Advice<'a>> {
    let mut weak: Vec<&Mastery> = masteries
        .iter()
        .filter(|mastery| mastery.level() < Level::Good && mastery.percent() < 75)
        .collect();
    sort_by(&mut weak, |a, b| {
        let key = |one: &Mastery| (one.evidence == 0, one.percent());
        key(a).cmp(&key(b))
    });
    let advice = weak
        .into_iter()
        .filter_map(|mastery| advise(course, study, mastery));
    advice.take(count).collect()
}

fn advise<'a>(course: &'a Catalogue, study: &Study, mastery: &'a Mastery) -> Option<Advice<'a>> {
    let mut most: Option<&(String, u32)> = None;
    for place in &mastery.open {
        if place.1 > most.map_or(0, |most| most.1) {
            most = Some(place);
        }
    }
    let (id, open) = most?;
    let (_, lesson) = course.lesson(id)?;
    let unread = of_lesson(lesson, study).lessons_read == 0;
    let questions = (*open).min(AT_ONCE);
    let level = mastery.level();
    let title = &lesson.title;
    let todo = match level {
        _ if unread => format!("先读《{title}》，再做其中{questions}道题"),
        Level::Weak => format!("先重读《{title}》，再做其中{questions}道题"),
        _ => format!("做《{title}》的{questions}道题"),
    };
    Some(Advice {
        mastery,
        lesson,
        unread,
        questions,
        sentence: format!("“{}”{}：{todo}。", mastery.name, level.label()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::question::Kind;
    use crate::domain::study::review::tests::{answered, course, day, read, study};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn question(id: &str, lesson: &str, points: &[&str]) -> Question {
        Question {
            id: id.into(),
            kind: Kind::Judge,
            stem: String::new(),
            options: BTreeMap::new(),
            matches: BTreeMap::new(),
            blanks: Vec::new(),
            answer: vec!["true".into()],
            explain: String::new(),
            cite: Vec::new(),
            cited: Vec::new(),
            lesson: format!("{lesson}#a"),
            difficulty: 1,
            points: points.iter().map(|point| (*point).into()).collect(),
            case: None,
            tracks: Vec::new(),
            checked: None,
            against: None,
        }
    }

    fn study_of_one() -> Study {
        study(&[read("l1", 20_000), answered("q1-0", 20_000, true)])
    }

    fn with(questions: u32, evidence: u32, recalled: f64) -> Mastery {
        Mastery {
            questions,
            answered: evidence.min(questions),
            evidence,
            recalled,
            ..Mastery::new("点")
        }
    }

    #[test]
    fn levels_need_evidence() {
        for (mastery, interval, level) in [
            (with(4, 0, 0.0), (0, 100), Level::Unseen),
            (with(4, 1, 1.0), (1, 85), Level::Unsure),
            (with(4, 4, 1.0), (5, 65), Level::Unsure),
            (with(4, 8, 1.0), (8, 54), Level::Weak),
            (with(4, 8, 2.5), (34, 84), Level::Fair),
            (with(4, 4, 4.0), (59, 100), Level::Good),
            (with(4, 8, 4.0), (74, 100), Level::Firm),
            (with(10, 40, 8.0), (67, 89), Level::Good),
        ] {
            assert_eq!(
                (mastery.interval(), mastery.level()),
                (interval, level),
                "{mastery:?}"
            );
        }
    }

    #[test]
    fn a_point_is_measured_over_all_its_questions() {
        let course = course(2, 3);
        let bank = [
            question("q0-0", "l0", &["甲"]),
            question("q0-1", "l0", &["甲", "乙"]),
            question("q0-2", "l0", &["甲"]),
            question("q1-0", "l1", &["乙"]),
        ];
        let study = study(&[
            answered("q0-0", 20_000, true),
            answered("q0-0", 20_000, true),
            answered("q0-1", 20_000, false),
        ]);
        let points = by_point(&course, &bank, &study, day(20_000));
        let figures: Vec<_> = points
            .iter()
            .map(|point| {
                (
                    point.name.as_str(),
                    point.questions,
                    point.answered,
                    point.evidence,
                    point.percent(),
                )
            })
            .collect();
        assert_eq!(figures, [("甲", 3, 2, 2, 33), ("乙", 2, 1, 1, 0)]);
        // It fades.
        let later = by_point(&course, &bank, &study, day(20_100));
        assert!(later[0].percent() < 33);
        let modules = by_module(&course, &study, day(20_000));
        assert_eq!(
            (modules[0].questions, modules[0].answered, modules[0].percent()),
            (6, 2, 16)
        );
    }

    #[test]
    fn a_question_of_an_earlier_version_is_not_answered() {
        let mut course = course(1, 1);
        let bank = [question("q0-0", "l0", &["甲"]), question("own", "none", &["甲"])];
        let (on, mut what) = answered("own", 20_000, true);
        if let crate::domain::study::Happening::ItemAnswered { hash, .. } = &mut what {
            *hash = bank[1].content_hash();
        }
        let study = study(&[answered("q0-0", 20_000, true), (on, what)]);
        let answered = |course: &Catalogue| by_point(course, &bank, &study, day(20_000))[0].answered;
        assert_eq!(answered(&course), 2);
        course.modules[0].lessons[0].questions[0].hash = "new".into();
        assert_eq!(answered(&course), 1);
    }

    #[test]
    fn one_sentence_says_what_to_do_next() {
        let course = course(3, 20);
        let mut bank = Vec::new();
        for (lesson, point) in [("0", "甲"), ("1", "乙"), ("2", "丙")] {
            for number in 0..12 {
                bank.push(question(
                    &format!("q{lesson}-{number}"),
                    &format!("l{lesson}"),
                    &[point],
                ));
            }
        }
        let mut happened = vec![read("l1", 20_000)];
        for number in 0..12 {
            happened.push(answered(&format!("q0-{number}"), 20_000, true));
            happened.push(answered(&format!("q1-{number}"), 20_000, number < 4));
        }
        let study = study(&happened);
        let points = by_point(&course, &bank, &study, day(20_000));
        let advice = weakest(&course, &study, &points, 5);
        let sentences: Vec<_> = advice.iter().map(|advice| advice.sentence.as_str()).collect();
        assert_eq!(
            sentences,
            [
                "“乙”薄弱：先重读《第1课》，再做其中8道题。",
                "“丙”还没练过：先读《第2课》，再做其中10道题。"
            ]
        );
        assert_eq!(weakest(&course, &study, &points, 1).len(), 1);
        // One that was read, and of which little is known.
        let one = study_of_one();
        let points = by_point(&course, &bank, &one, day(20_000));
        let advice = weakest(&course, &one, &points, 1);
        assert_eq!(advice[0].sentence, "“乙”依据还少：做《第1课》的10道题。");
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_mastery_and_narrows(questions in 1u32..40, evidence in 1u32..200, more in 1u32..200, share in 0.0f64..=1.0) {
            let recalled = share * f64::from(questions);
            let (low, high) = with(questions, evidence, recalled).interval();
            let mastery = with(questions, evidence + more, recalled);
            let (narrow_low, narrow_high) = mastery.interval();
            prop_assert!(low <= mastery.percent() && mastery.percent() <= high && high <= 100);
            // Rounding outwards may cost a point on each side.
            prop_assert!(narrow_high - narrow_low <= high - low + 2);
            prop_assert!(with(questions, evidence * 100, recalled).interval().1 - with(questions, evidence * 100, recalled).interval().0 <= 18);
        }
    }
}
