//! The course: sources and their editions, modules, lessons, and what stands beside them.
//!
//! `content/` is parsed by [`crate::format::content`], linted by [`lint`], packed into a
//! [`Catalogue`] (what there is), the [`QuestionRefs`] of its lessons, one [`QuestionBank`] for each
//! module, an HTML fragment for each lesson and each page beside them, and the texts that are
//! searched ([`search`]).

pub mod clause;
#[cfg(feature = "pack")]
pub mod glossary;
#[cfg(feature = "pack")]
pub mod lint;
pub mod own;
pub mod search;
mod similar;
#[cfg(feature = "pack")]
pub mod timeline;
pub mod track;

use crate::domain::question::{Case, Question};
use serde::{Deserialize, Serialize};

/// Whether a source still speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceState {
    /// In force.
    InForce,
    /// The policy basis: later rules stand where they say more.
    Basis,
    /// Replaced by a later edition.
    Replaced,
}

impl SourceState {
    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::InForce => "现行有效",
            Self::Basis => "政策依据",
            Self::Replaced => "已被替代",
        }
    }
}

/// A document in one edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Stable id, e.g. `dangzhang-2022`.
    pub id: String,
    /// Full title in book-title marks.
    pub title: String,
    /// What people call it.
    pub short: String,
    /// The edition in words.
    pub edition: String,
    /// Day of issue, ISO 8601.
    pub issued: String,
    /// Whether it still speaks.
    pub state: SourceState,
    /// Id of the edition that replaced it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<String>,
    /// How many articles (第N条) it has; 0 when it has none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub articles: u16,
    /// How many items （N） it has; 0 when it has none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub items: u16,
    /// How many numbered parts (第N部分) it has; 0 when it has none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub parts: u16,
    /// How many chapters (第N章) it has, where they are cited; 0 when they are not.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub chapters: u16,
    /// Whether it is a chronicle, cited by day, month or year.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dated: bool,
    /// The name of its preamble, e.g. 总纲.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preamble: Option<String>,
}

fn is_zero(number: &u16) -> bool {
    *number == 0
}

/// Where something is written: a source and a clause of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// Id of the [`Source`].
    pub source: String,
    /// The clause, e.g. `第三条第（二）项`; see [`clause`].
    pub clause: String,
    /// `依据已更新` where the source has been replaced and this has not been re-checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
}

/// All that the app needs to know before it loads a lesson: `content/catalogue-<hash>.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    /// Version of the course: the hash of everything packed, 12 hex digits.
    pub version: String,
    /// The modules in their order.
    pub modules: Vec<Module>,
    /// What stands beside the lessons.
    pub pages: Vec<PageRef>,
    /// Path of the texts that are searched, relative to the page; see [`search`].
    pub search: String,
    /// Path of the [`QuestionRefs`], relative to the page.
    pub refs: String,
}

/// A page beside the lessons: timeline, glossary, procedure and so on, made when the site is built.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRef {
    /// Its name in addresses.
    pub id: String,
    /// Title.
    pub title: String,
    /// Path of its HTML fragment, relative to the page.
    pub body: String,
}

/// A module: lessons and questions about one subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    /// Stable id.
    pub id: String,
    /// Its place in the course (01–14).
    pub number: u16,
    /// Title.
    pub title: String,
    /// One sentence about it.
    pub summary: String,
    /// The policy items that it serves, in words.
    pub policy: Vec<String>,
    /// Its lessons in order.
    pub lessons: Vec<Lesson>,
    /// Path of its [`QuestionBank`], relative to the page.
    pub bank: String,
}

/// A lesson as the catalogue knows it; its text is at `body`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// Stable id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Reading time in minutes.
    pub minutes: u16,
    /// Hash of its content, 12 hex digits.
    pub hash: String,
    /// Path of its HTML fragment, relative to the page.
    pub body: String,
    /// The groups that it is for, see [`track`]; empty for everyone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tracks: Vec<String>,
    /// How many questions it has.
    pub count: u32,
    /// Its questions in the bank's order. Not in the catalogue: see [`QuestionRefs`].
    #[serde(skip)]
    pub questions: Vec<QuestionRef>,
}

/// The questions of every lesson, in the order of the catalogue: `content/refs-<hash>.json`. They
/// are needed once something has been answered, not for reading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionRefs(pub Vec<Vec<QuestionRef>>);

/// A question as the catalogue knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionRef {
    /// Stable id.
    pub id: String,
    /// Hash of its content, 12 hex digits; see [`Question::content_hash`].
    pub hash: String,
    /// Its knowledge points.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<String>,
}

/// The questions of a module: `content/questions-<module>-<hash>.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionBank {
    /// Id of the module.
    pub module: String,
    /// Day on which the questions were last checked, ISO 8601.
    pub checked: String,
    /// What they were compared with, in words.
    pub against: String,
    /// The scenarios that some of them are about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<Case>,
    /// The questions in the author's order.
    pub questions: Vec<Question>,
}

impl Module {
    /// The version of its bank: the hash in the name of its file, so that questions that were added,
    /// reworded or taken out make another one.
    pub fn bank_version(&self) -> &str {
        let name = self.bank.rsplit('-').next().unwrap_or_default();
        name.strip_suffix(".json").unwrap_or(name)
    }
}

impl QuestionBank {
    /// The question of that id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// The scenario that a question is about.
    pub fn case(&self, question: &Question) -> Option<&Case> {
        let id = question.case.as_ref()?;
        self.cases.iter().find(|case| case.id == *id)
    }
}

/// Citations in words, one text for each source in the order in which they are cited: short title,
/// clauses, and whether the source no longer speaks.
#[cfg(feature = "pack")]
pub fn cite(sources: &[Source], citations: &[Citation]) -> Vec<String> {
    let mut cited: Vec<(&str, Vec<&str>)> = Vec::new();
    for citation in citations {
        match cited.iter_mut().find(|(id, _)| *id == citation.source) {
            Some((_, clauses)) => clauses.push(&citation.clause),
            None => cited.push((&citation.source, vec![&citation.clause])),
        }
    }
    let words = |(id, clauses): &(&str, Vec<&str>)| {
        let source = sources.iter().find(|source| source.id == *id);
        let short = source.map_or(*id, |source| source.short.as_str());
        let clauses = clauses.join("、");
        match source.map(|source| source.state) {
            Some(state @ SourceState::Replaced) => format!("{short} {clauses}（{}）", state.label()),
            _ => format!("{short} {clauses}"),
        }
    };
    cited.iter().map(words).collect()
}

impl Catalogue {
    /// The module of that id.
    pub fn module(&self, id: &str) -> Option<&Module> {
        self.modules.iter().find(|module| module.id == id)
    }

    /// The lesson of that id and the module it belongs to.
    pub fn lesson(&self, id: &str) -> Option<(&Module, &Lesson)> {
        self.modules.iter().find_map(|module| {
            module
                .lessons
                .iter()
                .find(|lesson| lesson.id == id)
                .map(|lesson| (module, lesson))
        })
    }

    /// The lesson after that one, over the module's end into the next.
    pub fn next_lesson(&self, id: &str) -> Option<&Lesson> {
        let mut lessons = self.modules.iter().flat_map(|module| &module.lessons);
        lessons.find(|lesson| lesson.id == id)?;
        lessons.next()
    }

    /// The page of that name.
    pub fn page(&self, id: &str) -> Option<&PageRef> {
        self.pages.iter().find(|page| page.id == id)
    }

    /// Whether the lessons know their questions, see [`QuestionRefs`].
    pub fn has_refs(&self) -> bool {
        let mut lessons = self.modules.iter().flat_map(|module| &module.lessons);
        lessons.all(|lesson| lesson.questions.len() == lesson.count as usize)
    }

    /// Tells the lessons their questions. Refs of another version of the course are refused:
    /// their numbers differ.
    pub fn with_refs(mut self, refs: QuestionRefs) -> Option<Self> {
        let mut refs = refs.0.into_iter();
        for lesson in self.modules.iter_mut().flat_map(|module| &mut module.lessons) {
            lesson.questions = refs.next()?;
        }
        self.has_refs().then_some(self)
    }
}
