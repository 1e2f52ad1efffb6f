//! The figures: computed here and nowhere else. Home, module, record, mentor's and branch's view,
//! CSV and print all show [`CourseProgress`].

use super::reading;
use super::state::Study;
use crate::domain::course::{Catalogue, Lesson, Module};
use crate::domain::time::Date;
use serde::{Deserialize, Serialize};

/// How far a module has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModuleProgress {
    /// Module id.
    pub id: String,
    /// Its title then.
    pub title: String,
    /// The version of its question bank, for a record, see [`CourseProgress::with_banks`]; empty on
    /// one's own screens, and in records of version 1, which do not say it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub bank: String,
    /// The counts.
    pub figures: Figures,
}

/// Counts over a module, or over the course.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// Lessons there are.
    pub lessons: u32,
    /// Lessons read to the end, in their present version.
    pub lessons_read: u32,
    /// Questions there are.
    pub questions: u32,
    /// Questions answered at least once, in their present version.
    pub answered: u32,
    /// Of these, how many were right the last time.
    pub correct: u32,
    /// Lessons and questions whose text has changed since they were read or answered:
    /// 待重新确认. They count neither as read nor as answered.
    pub to_reconfirm: u32,
    /// How many of these are questions; `None` in records of version 1, which do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers_to_reconfirm: Option<u32>,
    /// Answers given in all, to questions that are still in the course.
    pub attempts: u32,
    /// First day of study.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Date>,
    /// Last day of study.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Date>,
}

impl Figures {
    /// Share of answered questions that were right the last time, in whole per cent, rounded down;
    /// `None` when nothing was answered.
    pub fn accuracy(&self) -> Option<u32> {
        (self.answered > 0).then(|| percent(self.correct, self.answered))
    }

    /// Of the questions that were ever answered, the share whose answer is to their present version
    /// (the others wait as 待重新确认), in whole per cent, rounded down; `None` when nothing was
    /// answered, or in records of version 1.
    pub fn confirmed(&self) -> Option<u32> {
        let all = self.answered.saturating_add(self.answers_to_reconfirm?);
        (all > 0).then(|| percent(self.answered, all))
    }

    /// Share of the work done, lessons and questions weighing the same by group, in whole per cent.
    pub fn done(&self) -> u32 {
        let lessons = percent(self.lessons_read, self.lessons);
        let questions = percent(self.answered, self.questions);
        match (self.lessons, self.questions) {
            (0, _) => questions,
            (_, 0) => lessons,
            _ => (lessons + questions) / 2,
        }
    }

    fn add(&mut self, other: &Self) {
        self.lessons = self.lessons.saturating_add(other.lessons);
        self.lessons_read = self.lessons_read.saturating_add(other.lessons_read);
        self.questions = self.questions.saturating_add(other.questions);
        self.answered = self.answered.saturating_add(other.answered);
        self.correct = self.correct.saturating_add(other.correct);
        self.to_reconfirm = self.to_reconfirm.saturating_add(other.to_reconfirm);
        if let Some(answers) = other.answers_to_reconfirm {
            let so_far = self.answers_to_reconfirm.unwrap_or_default();
            self.answers_to_reconfirm = Some(so_far.saturating_add(answers));
        }
        self.attempts = self.attempts.saturating_add(other.attempts);
        self.first = [self.first, other.first].into_iter().flatten().min();
        self.last = self.last.max(other.last);
    }

    fn note_day(&mut self, day: Date) {
        self.first = Some(self.first.map_or(day, |first| first.min(day)));
        self.last = self.last.max(Some(day));
    }
}

/// `part` of `whole` in whole per cent, rounded down; 0 of nothing is 0.
pub fn percent(part: u32, whole: u32) -> u32 {
    if whole == 0 {
        0
    } else {
        (u64::from(part) * 100 / u64::from(whole)) as u32
    }
}

/// How far the course has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CourseProgress {
    /// Each module in the course's order.
    pub modules: Vec<ModuleProgress>,
    /// All together.
    pub total: Figures,
}

impl CourseProgress {
    /// The figures of `study` over `course`.
    pub fn of(course: &Catalogue, study: &Study) -> Self {
        let modules: Vec<_> = course
            .modules
            .iter()
            .map(|module| of_module(module, study))
            .collect();
        Self {
            total: Self::sum(&modules),
            modules,
        }
    }

    /// The same, each module with the version of its bank ([`Module::bank_version`]). Apart, so that
    /// only the program that makes records carries it.
    pub fn with_banks(mut self, course: &Catalogue) -> Self {
        for (progress, module) in self.modules.iter_mut().zip(&course.modules) {
            progress.bank = module.bank_version().into();
        }
        self
    }

    /// The total over modules: the only place where it is computed, so that whoever opens a record
    /// can check it.
    pub fn sum(modules: &[ModuleProgress]) -> Figures {
        let mut total = Figures::default();
        for module in modules {
            total.add(&module.figures);
        }
        total
    }

    /// The figures of one module.
    pub fn module(&self, id: &str) -> Figures {
        self.modules
            .iter()
            .find(|module| module.id == id)
            .map(|module| module.figures)
            .unwrap_or_default()
    }
}

fn of_module(module: &Module, study: &Study) -> ModuleProgress {
    let mut figures = Figures {
        answers_to_reconfirm: Some(0),
        ..Figures::default()
    };
    for lesson in &module.lessons {
        figures.add(&of_lesson(lesson, study));
    }
    ModuleProgress {
        id: module.id.clone(),
        title: module.title.clone(),
        bank: String::new(),
        figures,
    }
}

/// The figures of one lesson and its questions.
pub fn of_lesson(lesson: &Lesson, study: &Study) -> Figures {
    let mut figures = Figures {
        lessons: 1,
        questions: lesson.count,
        ..Figures::default()
    };
    if let Some(history) = study.lessons.get(&lesson.id) {
        figures.note_day(history.opened.date());
        if let Some((at, hash)) = &history.read {
            figures.note_day(at.date());
            if *hash == lesson.hash {
                figures.lessons_read = 1;
            } else {
                figures.to_reconfirm += 1;
            }
        }
    }
    let mut waiting = 0;
    for question in &lesson.questions {
        let Some(item) = study.items.get(&question.id) else {
            continue;
        };
        figures.note_day(item.first.date());
        figures.note_day(item.last.at.date());
        figures.attempts = figures.attempts.saturating_add(item.attempts);
        if item.last.hash == question.hash {
            figures.answered += 1;
            figures.correct += u32::from(item.last.correct);
        } else {
            waiting += 1;
        }
    }
    figures.to_reconfirm += waiting;
    figures.answers_to_reconfirm = Some(waiting);
    figures
}

/// Study time by the person's own word, and what supports it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyTime {
    /// Minutes in all, a started one as a whole; counted as [`reading`] says. Never part of the 24
    /// hours of concentrated training (细则 Art. 17).
    pub minutes: u32,
    /// Days on which something was studied.
    pub days: u32,
    /// Sessions: on each day, runs of clock hours in which something was studied. Two visits within
    /// one hour are one; one that goes over midnight is two.
    pub sessions: u32,
    /// Answers given, to questions that have left the course too.
    pub answers: u32,
}

impl StudyTime {
    /// The study time of `study`.
    pub fn of(study: &Study) -> Self {
        let runs = |hours: &u32| (hours & !(hours << 1)).count_ones();
        Self {
            minutes: reading::minutes(study.time_spent()),
            days: study.days.len() as u32,
            sessions: study.hours.values().map(runs).sum(),
            answers: study.days.values().fold(0, |sum, day| sum.saturating_add(*day)),
        }
    }

    /// What cannot be, if anything: no day has more than [`reading::DAY`] or twelve runs of hours.
    pub fn contradiction(&self) -> Option<&'static str> {
        let days = u64::from(self.days);
        if u64::from(self.minutes) > days * u64::from(reading::minutes(reading::DAY)) {
            return Some("学习时间多于每天的上限");
        }
        let sessions = u64::from(self.sessions);
        (sessions < days || sessions > days * 12).then_some("学习时段与学习天数对不上")
    }
}
