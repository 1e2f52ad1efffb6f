//! The course as its authors wrote it: not yet judged, each thing with where it stands.
//!
//! What an author left out is empty or 0 here; the rules say so.

use super::Place;
use crate::domain::course::glossary::Term;
use crate::domain::course::timeline::TimelineEvent;
use crate::domain::course::{Citation, Source};
use crate::domain::procedure::holiday::{Holiday, Notice};
use crate::domain::procedure::whom::WhomCase;
use crate::domain::procedure::{Difference, Procedure, Stage, Step};
use crate::domain::question::{Case, Question};
use std::collections::BTreeMap;

/// Where a thing and its fields stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Path below the content directory, with `/`.
    pub file: String,
    /// Its first line, from 1.
    pub line: u32,
    /// The line of each field; entries of a list as `cite.0`.
    pub fields: BTreeMap<String, u32>,
}

impl Origin {
    /// The place of a field, or of the whole thing when the field is not written.
    pub fn place(&self, field: &str, item: &str) -> Place {
        let line = self.fields.get(field).copied().unwrap_or(self.line);
        self.at(line, item)
    }

    /// A line of the same file.
    pub fn at(&self, line: u32, item: &str) -> Place {
        let item = (!item.is_empty()).then(|| item.to_owned());
        Place {
            file: self.file.clone(),
            line: Some(line),
            item,
        }
    }
}

/// The whole course.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CourseDraft {
    /// What may be cited.
    pub sources: Vec<SourceDraft>,
    /// The modules in the order of their folders.
    pub modules: Vec<ModuleDraft>,
    /// The timeline.
    pub timeline: Sheet<TimelineEvent>,
    /// The glossary.
    pub glossary: Sheet<Term>,
    /// To whom to apply.
    pub whom: Sheet<WhomCase>,
    /// The procedure by edition, newest first.
    pub procedures: Vec<ProcedureDraft>,
    /// What has changed between editions.
    pub differences: Sheet<Difference>,
    /// Holidays and make-up days.
    pub holidays: HolidaysDraft,
}

/// The notices about holidays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HolidaysDraft {
    /// The notices.
    pub notices: Vec<Draft<Notice>>,
    /// What they say.
    pub entries: Sheet<Holiday>,
}

/// A thing as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft<T> {
    /// Where.
    pub origin: Origin,
    /// What.
    pub what: T,
}

/// A file of like things; without a file its origin's line is 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet<T> {
    /// Where.
    pub origin: Origin,
    /// Day on which they were last checked.
    pub checked: String,
    /// What they were compared with, in words.
    pub against: String,
    /// The things in the author's order.
    pub entries: Vec<Draft<T>>,
}

impl<T> Default for Sheet<T> {
    fn default() -> Self {
        Self {
            origin: Origin::default(),
            checked: String::new(),
            against: String::new(),
            entries: Vec::new(),
        }
    }
}

impl<T: Clone> Sheet<T> {
    /// The things alone.
    pub fn things(&self) -> Vec<T> {
        self.entries.iter().map(|draft| draft.what.clone()).collect()
    }
}

/// A procedure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcedureDraft {
    /// Id of the edition's source.
    pub source: String,
    /// The stages in order.
    pub stages: Vec<Draft<Stage>>,
    /// The steps in order, with where and when they were checked.
    pub steps: Sheet<Step>,
}

impl ProcedureDraft {
    /// The procedure alone.
    pub fn procedure(&self) -> Procedure {
        Procedure {
            source: self.source.clone(),
            stages: self.stages.iter().map(|draft| draft.what.clone()).collect(),
            steps: self.steps.things(),
        }
    }
}

/// A source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceDraft {
    /// Where.
    pub origin: Origin,
    /// What.
    pub source: Source,
}

/// A module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModuleDraft {
    /// Where; the file may be missing.
    pub origin: Origin,
    /// Its folder, e.g. `05-dangzhang`.
    pub folder: String,
    /// Stable id.
    pub id: String,
    /// Title.
    pub title: String,
    /// One sentence about it.
    pub summary: String,
    /// The policy items that it serves.
    pub policy: Vec<Citation>,
    /// Its lessons in the order of their files.
    pub lessons: Vec<LessonDraft>,
    /// Its questions; `None` without a file.
    pub bank: Option<BankDraft>,
}

impl ModuleDraft {
    /// The number at the head of the folder's name, and the id after it.
    pub fn folder_parts(&self) -> Option<(u16, &str)> {
        let (number, id) = self.folder.split_once('-')?;
        Some((number.parse().ok()?, id))
    }
}

/// A lesson. Its rendered text is not needed for judging and is kept elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LessonDraft {
    /// Where; the fields are those of the front matter.
    pub origin: Origin,
    /// Stable id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Reading time in minutes.
    pub minutes: u16,
    /// Day on which it was compared with the official text.
    pub checked: String,
    /// What it was compared with, in words.
    pub against: String,
    /// The groups that it is for; empty for everyone.
    pub tracks: Vec<String>,
    /// What the reader will know.
    pub goals: Vec<String>,
    /// Common confusions.
    pub confusions: Vec<String>,
    /// Questions to think about.
    pub think: Vec<String>,
    /// What it rests on.
    pub sources: Vec<Citation>,
    /// What its text is made of.
    pub body: Body,
}

/// What a lesson's text is made of; lines are those of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// The line on which it begins.
    pub line: u32,
    /// Chinese characters.
    pub characters: u32,
    /// Its headings.
    pub headings: Vec<HeadingDraft>,
    /// Addresses that are linked to, with their lines.
    pub links: Vec<(u32, String)>,
    /// Links that will not work, with their lines.
    pub dead_links: Vec<(u32, String)>,
    /// Lines with raw HTML.
    pub raw_html: Vec<u32>,
    /// Lines with images.
    pub images: Vec<u32>,
}

/// A heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeadingDraft {
    /// The explicit anchor as it was written.
    pub anchor: Option<String>,
    /// Whether the anchor can be an id in the page.
    pub usable: bool,
    /// 1–6.
    pub level: u8,
    /// Plain text.
    pub text: String,
    /// Line.
    pub line: u32,
}

/// The questions of a module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BankDraft {
    /// Where.
    pub origin: Origin,
    /// Id of the module.
    pub module: String,
    /// Day on which they were last checked.
    pub checked: String,
    /// What they were compared with, in words.
    pub against: String,
    /// The scenarios that questions are about.
    pub cases: Vec<CaseDraft>,
    /// The questions in the author's order.
    pub questions: Vec<QuestionDraft>,
}

/// A case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseDraft {
    /// Where.
    pub origin: Origin,
    /// What.
    pub case: Case,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionDraft {
    /// Where.
    pub origin: Origin,
    /// What.
    pub question: Question,
}
