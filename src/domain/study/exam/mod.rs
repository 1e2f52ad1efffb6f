//! Mock exams: a blueprint, a paper drawn from it, answers, marks, and the time they took.
//!
//! An exam is events of the journal ([`Begun`], [`ItemNote`], [`Stand`] in their variants of
//! [`Happening`]), so that it survives a reload, a closed tab and a second one: of two answers to
//! one item the last of the journal's order stands, and what comes after the submission is too late.
//!
//! Answers become ordinary [`Happening::ItemAnswered`] at submission, all in one batch with it, and
//! not before ([`hand_in`]): while an exam runs, nothing outside it shows what was right. They carry
//! the exam's id; two tabs that submit at the same moment count each item once.
//!
//! Marks are given once, at submission, by [`marks::marks`], and kept: a question that is
//! reworded later changes no old result.

pub mod blueprint;
pub mod draw;
pub mod marks;
pub mod stopwatch;

use super::action::{NOTE, Refusal, refuse};
use super::event::EventId;
use super::journal::Happening;
use super::state::Study;
use crate::domain::course::QuestionRef;
use crate::domain::question::{Choice, Kind, Question};
use crate::domain::sort_by;
use crate::domain::time::{Env, Moment};
use blueprint::Blueprint;
use serde::{Deserialize, Serialize};

/// The beginning of an exam: everything that makes its paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// Which exam.
    pub id: EventId,
    /// By which blueprint, as it was then.
    pub blueprint: Blueprint,
    /// The questions in the paper's order. Those of each part follow each other, see
    /// [`Blueprint::part_of`].
    pub items: Vec<QuestionRef>,
    /// Shuffles the options; what drew the paper.
    pub seed: u32,
    /// Whether it is only for printing: no clock runs and nobody answers it here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paper: bool,
}

impl Begun {
    /// The seed that shuffles the options of an item, on screen and on paper alike.
    pub fn seed_of(&self, at: usize) -> u64 {
        u64::from(self.seed).wrapping_add(at as u64)
    }
}

/// A blueprint of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnBlueprint {
    /// Which.
    pub id: EventId,
    /// As it now stands.
    pub entry: Blueprint,
}

/// Something about one item of an exam: what was answered, or whether it is flagged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemNote {
    /// Which exam.
    pub exam: EventId,
    /// Which question.
    pub question: String,
    /// What was answered; empty when that was taken back, and in a flag.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chosen: Choice,
    /// Whether it is flagged; not in an answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flagged: bool,
}

/// How an exam's clock stood when it was paused, taken up again or handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand {
    /// Which exam.
    pub exam: EventId,
    /// Time used until then, in milliseconds.
    pub used_ms: u64,
    /// At submission, for each item its mark in half points; see [`marks`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<u32>,
}

/// An exam so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exam {
    /// Its paper.
    pub begun: Begun,
    /// When it began.
    pub at: Moment,
    /// What was answered and flagged, for each item.
    pub given: Vec<ItemNote>,
    /// Time used when the clock last started or stopped, and the marks once it is handed in.
    pub clock: Stand,
    /// When that was.
    pub clock_at: Moment,
    /// Whether the clock stands still.
    pub paused: bool,
    /// Whether it is handed in.
    pub over: bool,
    /// The questions that have been counted as ordinary answers.
    pub counted: Vec<String>,
}

impl Exam {
    /// An exam that has just begun.
    pub fn new(begun: &Begun, at: Moment) -> Self {
        let item = |item: &QuestionRef| ItemNote {
            exam: begun.id.clone(),
            question: item.id.clone(),
            chosen: Choice::new(),
            flagged: false,
        };
        Self {
            begun: begun.clone(),
            at,
            given: begun.items.iter().map(item).collect(),
            clock: Stand {
                exam: begun.id.clone(),
                used_ms: 0,
                marks: Vec::new(),
            },
            clock_at: at,
            paused: false,
            over: false,
            counted: Vec::new(),
        }
    }

    /// Its id.
    pub fn id(&self) -> &EventId {
        &self.begun.id
    }

    /// Whether it takes answers: begun, not handed in, not on paper.
    pub fn is_open(&self) -> bool {
        !self.over && !self.begun.paper
    }

    /// The time allowed, in milliseconds.
    pub fn limit_ms(&self) -> u64 {
        u64::from(self.begun.blueprint.minutes) * 60_000
    }

    /// The place of a question in the paper.
    pub fn place(&self, question: &str) -> Option<usize> {
        self.given.iter().position(|item| item.question == question)
    }

    /// The present question of an item, if it is still the one that was drawn.
    pub fn same<'a>(&self, at: usize, question: Option<&'a Question>) -> Option<&'a Question> {
        let item = self.begun.items.get(at)?;
        question.filter(|question| question.content_hash() == item.hash)
    }

    /// Whether an item is answered whole: some kinds can be left half done.
    pub fn is_answered(&self, at: usize, question: &Question) -> bool {
        let given = self.given.get(at);
        given.is_some_and(|given| question.grade(&given.chosen).is_ok())
    }
}

/// Something that a person wants to do about exams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Keep a blueprint (`None`: a new one) or change one.
    SetBlueprint(Option<EventId>, Blueprint),
    /// Begin an exam over a paper that [`draw::draw`] has made with that seed; `true`: on paper.
    Begin(Blueprint, Vec<QuestionRef>, u32, bool),
    /// Answer a question; no answer takes it back.
    Answer(EventId, String, Choice),
    /// Flag a question, or take the flag away.
    Flag(EventId, String, bool),
    /// Stop the clock at that many milliseconds.
    Pause(EventId, u64),
    /// Let it run on from there.
    Resume(EventId, u64),
}

/// Checks a step and says what happens. Apart from [`Study::decide`], so that only the program that
/// has the exam's screens carries it.
///
/// # Errors
/// [`Refusal`] with the field and the reason, for the person to read.
pub fn decide(study: &Study, step: Step, env: &Env) -> Result<Happening, Refusal> {
    let open = |id: &EventId| match study.exam(id) {
        Some(exam) if exam.is_open() => Ok(exam),
        Some(_) => refuse("exam", "已经交卷，不能再改"),
        None => refuse("exam", "没有这场考试"),
    };
    let item = |id: EventId, question: String, chosen: Choice, flagged: bool| {
        if open(&id)?.place(&question).is_none() {
            return refuse("exam", "这场考试里没有这道题");
        }
        if chosen.len() > 60 || chosen.iter().any(|text| text.chars().count() > NOTE) {
            return refuse("answer", "写得太长，请缩短一些");
        }
        Ok(ItemNote {
            exam: id,
            question,
            chosen,
            flagged,
        })
    };
    let stand = |exam: &Exam, used_ms: u64| Stand {
        exam: exam.id().clone(),
        used_ms: used_ms.min(exam.limit_ms()),
        marks: Vec::new(),
    };
    Ok(match step {
        Step::SetBlueprint(id, blueprint) => Happening::BlueprintSet(OwnBlueprint {
            id: id.unwrap_or_else(|| EventId::new(env)),
            entry: blueprint.checked()?,
        }),
        Step::Begin(blueprint, items, seed, paper) => {
            let blueprint = blueprint.checked()?;
            if items.len() != blueprint.items() as usize {
                return refuse("exam", "试卷与蓝图对不上，请重新出卷");
            }
            Happening::ExamBegun(Begun {
                id: EventId::new(env),
                blueprint,
                items,
                seed,
                paper,
            })
        }
        Step::Answer(id, question, mut chosen) => {
            if chosen.iter().all(|text| text.trim().is_empty()) {
                chosen.clear();
            }
            Happening::ExamAnswered(item(id, question, chosen, false)?)
        }
        Step::Flag(id, question, flagged) => Happening::ExamFlagged(item(id, question, vec![], flagged)?),
        Step::Pause(id, used_ms) => {
            let exam = open(&id)?;
            if !exam.begun.blueprint.pause {
                return refuse("exam", "这场考试不能暂停");
            }
            Happening::ExamPaused(stand(exam, used_ms))
        }
        Step::Resume(id, used_ms) => Happening::ExamResumed(stand(open(&id)?, used_ms)),
    })
}

/// Hands an exam in: the submission with its marks, and each item that was answered whole as an
/// ordinary answer. `find` knows the questions as they are now. Nothing when it is not open.
pub fn hand_in<'a>(exam: &Exam, find: &dyn Fn(&str) -> Option<&'a Question>, used_ms: u64) -> Vec<Happening> {
    if !exam.is_open() {
        return Vec::new();
    }
    let mut all = vec![Happening::ExamSubmitted(Stand {
        exam: exam.id().clone(),
        used_ms: used_ms.min(exam.limit_ms()),
        marks: marks::marks(exam, find),
    })];
    for (at, (item, given)) in exam.begun.items.iter().zip(&exam.given).enumerate() {
        let Some(question) = exam.same(at, find(&item.id)) else {
            continue;
        };
        let Ok(correct) = question.grade(&given.chosen) else {
            continue;
        };
        let mut chosen = given.chosen.clone();
        if question.kind == Kind::Multiple {
            sort_by(&mut chosen, String::cmp);
        }
        all.push(Happening::ItemAnswered {
            question: item.id.clone(),
            hash: item.hash.clone(),
            chosen,
            correct,
            exam: Some(exam.id().clone()),
        });
    }
    all
}

impl Study {
    /// The exam of that id.
    pub fn exam(&self, id: &EventId) -> Option<&Exam> {
        // The last is the one that is mostly asked for.
        self.exams.iter().rev().find(|exam| exam.id() == id)
    }

    fn open_exam(&mut self, id: &EventId) -> Option<&mut Exam> {
        let mut exams = self.exams.iter_mut().rev();
        exams.find(|exam| exam.id() == id && exam.is_open())
    }

    pub(super) fn begin_exam(&mut self, begun: &Begun, at: Moment) {
        if self.exam(&begun.id).is_none() {
            self.exams.push(Exam::new(begun, at));
        }
    }

    pub(super) fn note_item(&mut self, note: &ItemNote, is_flag: bool) {
        if let Some(exam) = self.open_exam(&note.exam)
            && let Some(at) = exam.place(&note.question)
            && let Some(given) = exam.given.get_mut(at)
        {
            if is_flag {
                given.flagged = note.flagged;
            } else {
                given.chosen.clone_from(&note.chosen);
            }
        }
    }

    pub(super) fn set_clock(&mut self, stand: &Stand, at: Moment, paused: bool, submitted: bool) {
        if let Some(exam) = self.open_exam(&stand.exam) {
            exam.clock = stand.clone();
            exam.clock_at = at;
            exam.paused = paused;
            exam.over = submitted;
        }
    }

    /// Whether an answer of an exam counts: the first one for each item does, so that two
    /// submissions of one exam count once.
    pub(super) fn counts(&mut self, exam: &EventId, question: &str) -> bool {
        let mut exams = self.exams.iter_mut().rev();
        let Some(exam) = exams.find(|known| known.id() == exam) else {
            return true;
        };
        let new = exam.counted.iter().all(|known| known != question);
        if new {
            exam.counted.push(question.into());
        }
        new
    }
}
