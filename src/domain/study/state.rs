//! The state of a person's study: the fold of the events.

use super::event::{Event, EventId};
use super::exam::{Exam, OwnBlueprint};
use super::journal::{Happening, Mark, MentorEntry, PracticeEntry, Profile, TalkEntry};
use super::memory::Memory;
use super::plan::PlanSettings;
use super::reading::DAY;
use super::report::Report;
use crate::domain::course::own::is_own;
use crate::domain::question::Choice;
use crate::domain::time::{Date, Moment};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A person's study so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Study {
    /// Names the person in records for good: the id of the first profile event.
    pub holder: Option<EventId>,
    /// Who this is.
    pub profile: Profile,
    /// Lessons by id.
    pub lessons: BTreeMap<String, LessonHistory>,
    /// Answers by question id.
    pub items: BTreeMap<String, ItemHistory>,
    /// Mentors by id.
    pub mentors: BTreeMap<EventId, MentorEntry>,
    /// Talks by id.
    pub talks: BTreeMap<EventId, TalkEntry>,
    /// Practice by id.
    pub practice: BTreeMap<EventId, PracticeEntry>,
    /// What was taken out; kept, so that a merge does not bring it back.
    removed: BTreeSet<EventId>,
    /// The personal summary.
    pub summary: String,
    /// Days with any study, each with how many answers.
    pub days: BTreeMap<Date, u32>,
    /// Where the person was last.
    pub last: Option<Place>,
    /// The step of the procedure on which the person put himself; empty for none.
    #[serde(default)]
    pub step: String,
    /// The groups that the person belongs to.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Questions marked as [`Mark::Favourite`], in the order of their ids. A mark stays with the id,
    /// whatever becomes of the text. (Plain lists: a type of its own would cost the program more.)
    #[serde(default)]
    favourite: Vec<String>,
    /// Questions marked as [`Mark::Hidden`].
    #[serde(default)]
    hidden: Vec<String>,
    /// Questions marked as [`Mark::Doubtful`].
    #[serde(default)]
    doubtful: Vec<String>,
    /// The note on each doubtful question, in the same order.
    #[serde(default)]
    notes: Vec<String>,
    /// Self-declared study time in seconds, by day; at most [`DAY`] each.
    #[serde(default)]
    pub reading: BTreeMap<Date, u32>,
    /// What the person plans towards.
    #[serde(default)]
    pub plan: PlanSettings,
    /// The exams, in the order in which they began.
    #[serde(default)]
    pub exams: Vec<Exam>,
    /// One's own blueprints of exams.
    #[serde(default)]
    pub blueprints: Vec<OwnBlueprint>,
    /// Thought reports, in the order in which they were last written.
    #[serde(default)]
    pub reports: Vec<Report>,
    /// In which hours of a day something was studied, bit 0 for the first: what [`StudyTime`] makes
    /// sessions of. Whatever the order in which devices are merged, it is the same.
    ///
    /// [`StudyTime`]: super::progress::StudyTime
    #[serde(default)]
    pub hours: BTreeMap<Date, u32>,
    /// When a backup was last saved, and how many events have followed.
    pub backed_up: Option<Moment>,
    /// Events since the last backup.
    pub unsaved_events: u32,
}

/// What is known of a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonHistory {
    /// First opened.
    pub opened: Moment,
    /// Last marked as read, and the content hash then.
    pub read: Option<(Moment, String)>,
    /// Self-declared study time in seconds.
    #[serde(default)]
    pub seconds: u32,
}

/// What is known of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemHistory {
    /// How often it was answered.
    pub attempts: u32,
    /// How often rightly.
    pub correct: u32,
    /// First answered.
    pub first: Moment,
    /// The last answer.
    pub last: Answer,
    /// What is remembered of it, from the answers to the version of the last answer.
    #[serde(default)]
    pub memory: Option<Memory>,
}

/// An answer as it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// When.
    pub at: Moment,
    /// Content hash of the question that was on screen.
    pub hash: String,
    /// What was chosen.
    pub chosen: Choice,
    /// Whether it was right by that version.
    pub correct: bool,
}

/// A place in the course.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// Reading that lesson.
    Lesson(String),
    /// Answering that question.
    Question(String),
}

impl Study {
    /// Folds one event in. Events come in the order of `(seq, id)`; an entry that comes later
    /// stands, and what was removed stays removed.
    pub fn apply(&mut self, event: &Event<Happening>) {
        let at = event.at;
        self.unsaved_events = self.unsaved_events.saturating_add(1);
        match &event.what {
            Happening::ProfileSet(profile) => {
                self.holder.get_or_insert_with(|| event.id.clone());
                self.profile = profile.clone();
            }
            Happening::LessonOpened { lesson, .. } => {
                self.lesson(lesson, at);
                self.last = Some(Place::Lesson(lesson.clone()));
                self.note_hour(at);
            }
            Happening::LessonRead { lesson, hash } => {
                self.lesson(lesson, at).read = Some((at, hash.clone()));
                self.last = Some(Place::Lesson(lesson.clone()));
                self.note_hour(at);
            }
            Happening::ItemAnswered {
                question,
                hash,
                chosen,
                correct,
                exam,
            } => {
                if exam.as_ref().is_some_and(|exam| !self.counts(exam, question)) {
                    return;
                }
                let last = Answer {
                    at,
                    hash: hash.clone(),
                    chosen: chosen.clone(),
                    correct: *correct,
                };
                let item = self.items.entry(question.clone()).or_insert_with(|| ItemHistory {
                    attempts: 0,
                    correct: 0,
                    first: at,
                    last: last.clone(),
                    memory: None,
                });
                // Another version of the question is another thing to remember.
                let before = item.memory.filter(|_| item.last.hash == *hash);
                let days = at.date().days() - item.last.at.date().days();
                item.memory = Some(Memory::after(before, days, *correct));
                item.attempts = item.attempts.saturating_add(1);
                item.correct = item.correct.saturating_add(u32::from(*correct));
                item.last = last;
                // What a unit has brought itself counts in no figure and no record.
                if is_own(question) {
                    return;
                }
                self.last = Some(Place::Question(question.clone()));
                let answers = self.note_hour(at);
                *answers = answers.saturating_add(1);
            }
            Happening::MentorSet { id, entry } => put(&mut self.mentors, &self.removed, id, entry),
            Happening::TalkSet { id, entry } => put(&mut self.talks, &self.removed, id, entry),
            Happening::PracticeSet { id, entry } => put(&mut self.practice, &self.removed, id, entry),
            Happening::EntryRemoved { id } => {
                self.mentors.remove(id);
                self.talks.remove(id);
                self.practice.remove(id);
                self.blueprints.retain(|known| known.id != *id);
                self.drop_report(id);
                self.removed.insert(id.clone());
            }
            Happening::SummaryWritten { text } => self.summary.clone_from(text),
            Happening::StepTaken { step } => self.step.clone_from(step),
            Happening::GroupsChosen { groups } => self.groups.clone_from(groups),
            Happening::QuestionMarked {
                question,
                mark,
                on,
                note,
            } => self.mark(question, *mark, *on, note),
            Happening::TimeSpent { lesson, seconds } => {
                let day = at.date();
                // Two devices may each have stayed within the day's limit.
                let seconds = self.time_left(day).min(*seconds);
                let history = self.lesson(lesson, at);
                history.seconds = history.seconds.saturating_add(seconds);
                *self.reading.entry(day).or_default() += seconds;
                self.note_hour(at);
            }
            Happening::PlanSet(settings) => self.plan = *settings,
            Happening::BlueprintSet(own) => {
                if !self.removed.contains(&own.id) {
                    match self.blueprints.iter_mut().find(|known| known.id == own.id) {
                        Some(known) => known.clone_from(own),
                        None => self.blueprints.push(own.clone()),
                    }
                }
            }
            Happening::ExamBegun(begun) => self.begin_exam(begun, at),
            Happening::ExamAnswered(note) => self.note_item(note, false),
            Happening::ExamFlagged(note) => self.note_item(note, true),
            Happening::ExamPaused(stand) => self.set_clock(stand, at, true, false),
            Happening::ExamResumed(stand) => self.set_clock(stand, at, false, false),
            Happening::ExamSubmitted(stand) => self.set_clock(stand, at, false, true),
            Happening::ReportSet(report) => {
                if !self.removed.contains(&report.id) {
                    self.drop_report(&report.id);
                    self.reports.push(report.clone());
                }
            }
            Happening::BackedUp => {
                self.backed_up = Some(at);
                self.unsaved_events = 0;
            }
        }
    }

    /// Whether anything has been studied or written.
    pub fn is_empty(&self) -> bool {
        self.holder.is_none()
            && self.lessons.is_empty()
            && self.items.is_empty()
            && self.mentors.is_empty()
            && self.practice.is_empty()
            && self.step.is_empty()
            && self.groups.is_empty()
            && !self.has_marks()
            && self.plan == PlanSettings::default()
            && self.exams.is_empty()
            && self.blueprints.is_empty()
            && self.reports.is_empty()
    }

    /// The questions that have that mark, in the order of their ids.
    pub fn marked(&self, mark: Mark) -> &[String] {
        match mark {
            Mark::Favourite => &self.favourite,
            Mark::Hidden => &self.hidden,
            Mark::Doubtful => &self.doubtful,
        }
    }

    /// Whether a question has that mark.
    pub fn is_marked(&self, question: &str, mark: Mark) -> bool {
        place(self.marked(mark), question).is_ok()
    }

    /// Whether any question has a mark.
    pub fn has_marks(&self) -> bool {
        Mark::ALL.into_iter().any(|mark| !self.marked(mark).is_empty())
    }

    /// The note on a doubtful question; empty when there is none.
    pub fn doubt(&self, question: &str) -> &str {
        let note = place(&self.doubtful, question)
            .ok()
            .and_then(|at| self.notes.get(at));
        note.map_or("", String::as_str)
    }

    /// How much study time that day may still take, in seconds.
    pub fn time_left(&self, day: Date) -> u32 {
        DAY.saturating_sub(self.reading.get(&day).copied().unwrap_or_default())
    }

    /// Self-declared study time in all, in seconds.
    pub fn time_spent(&self) -> u32 {
        self.reading.values().fold(0, |sum, day| sum.saturating_add(*day))
    }

    /// Notes that something was studied then; gives the day's count of answers.
    fn note_hour(&mut self, at: Moment) -> &mut u32 {
        let day = at.date();
        *self.hours.entry(day).or_default() |= 1 << at.hour();
        self.days.entry(day).or_default()
    }

    fn drop_report(&mut self, id: &EventId) {
        self.reports.retain(|known| known.id != *id);
    }

    fn mark(&mut self, question: &str, mark: Mark, on: bool, note: &str) {
        let list = match mark {
            Mark::Favourite => &mut self.favourite,
            Mark::Hidden => &mut self.hidden,
            Mark::Doubtful => &mut self.doubtful,
        };
        let known = place(list, question);
        match known {
            Ok(at) if !on => {
                list.remove(at);
            }
            Err(at) if on => list.insert(at, question.into()),
            _ => {}
        }
        if mark == Mark::Doubtful {
            let (Ok(at) | Err(at)) = known;
            if known.is_ok() && at < self.notes.len() {
                self.notes.remove(at);
            }
            if on {
                self.notes.insert(at.min(self.notes.len()), note.into());
            }
        }
    }

    /// The mentors who serve now.
    pub fn serving_mentors(&self) -> impl Iterator<Item = (&EventId, &MentorEntry)> {
        self.mentors.iter().filter(|(_, mentor)| mentor.until.is_none())
    }

    fn lesson(&mut self, id: &str, at: Moment) -> &mut LessonHistory {
        self.lessons.entry(id.into()).or_insert(LessonHistory {
            opened: at,
            read: None,
            seconds: 0,
        })
    }
}

/// Where a question is in a list of ids, or where it belongs.
fn place(list: &[String], question: &str) -> Result<usize, usize> {
    list.binary_search_by(|known| known.as_str().cmp(question))
}

fn put<T: Clone>(map: &mut BTreeMap<EventId, T>, removed: &BTreeSet<EventId>, id: &EventId, entry: &T) {
    if !removed.contains(id) {
        map.insert(id.clone(), entry.clone());
    }
}
