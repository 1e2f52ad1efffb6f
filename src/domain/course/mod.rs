//! The course as the app loads it: sources and their editions, modules, lessons.
//!
//! `content/` is parsed by [`crate::format::content`], linted by [`lint`], packed into a
//! [`Catalogue`] (what there is), one file per module of questions ([`QuestionBank`]), one HTML
//! fragment per lesson, and a search index ([`search`]).

pub mod clause;
#[cfg(feature = "pack")]
pub mod lint;
pub mod search;

use crate::domain::question::Question;
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
    #[serde(default)]
    pub articles: u16,
    /// How many items （N） it has; 0 when it has none.
    #[serde(default)]
    pub items: u16,
    /// The name of its preamble, e.g. 总纲.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preamble: Option<String>,
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
    /// Every source that may be cited.
    pub sources: Vec<Source>,
    /// The modules in their order.
    pub modules: Vec<Module>,
    /// Path of the search index, relative to the page.
    pub search: String,
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
    /// The policy items that it serves.
    pub policy: Vec<Citation>,
    /// Its lessons in order.
    pub lessons: Vec<Lesson>,
    /// Path of its [`QuestionBank`], relative to the page.
    pub bank: String,
    /// Day on which the questions were last checked, ISO 8601.
    pub checked: String,
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
    /// Chinese characters in the text.
    pub characters: u32,
    /// Day on which it was compared with the official text, ISO 8601.
    pub checked: String,
    /// What it rests on.
    pub sources: Vec<Citation>,
    /// Hash of its content, 12 hex digits.
    pub hash: String,
    /// Path of its HTML fragment, relative to the page.
    pub body: String,
    /// Its questions: id and content hash, in the bank's order.
    pub questions: Vec<QuestionRef>,
}

/// A question as the catalogue knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionRef {
    /// Stable id.
    pub id: String,
    /// Hash of its content, 12 hex digits; see [`Question::content_hash`].
    pub hash: String,
}

/// The questions of a module: `content/questions-<module>-<hash>.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionBank {
    /// Id of the module.
    pub module: String,
    /// The questions in the author's order.
    pub questions: Vec<Question>,
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

    /// The source of that id.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == id)
    }

    /// A citation in words: short title and clause.
    pub fn cite(&self, citation: &Citation) -> String {
        let short = self
            .source(&citation.source)
            .map_or(citation.source.as_str(), |source| source.short.as_str());
        match &citation.mark {
            Some(mark) => format!("{short} {}（{mark}）", citation.clause),
            None => format!("{short} {}", citation.clause),
        }
    }
}
