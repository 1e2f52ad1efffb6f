//! Questions: one file per kind, each with its grading.

mod judge;
mod multiple;
mod single;
pub mod sitting;

use crate::domain::course::Citation;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// What a person chose: option keys, or `true` / `false` for a true-false question.
pub type Choice = BTreeSet<String>;

/// The kinds of question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// One right option.
    Single,
    /// Two or more right options, all of them wanted.
    Multiple,
    /// True or false.
    Judge,
}

impl Kind {
    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Single => "单选题",
            Self::Multiple => "多选题",
            Self::Judge => "判断题",
        }
    }

    /// How to answer it, said to the reader.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Single => single::HINT,
            Self::Multiple => multiple::HINT,
            Self::Judge => judge::HINT,
        }
    }
}

/// A question as authors write it and the bank carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Stable id, never reused.
    pub id: String,
    /// Its kind.
    pub kind: Kind,
    /// What is asked.
    pub stem: String,
    /// The options by stable key; empty for [`Kind::Judge`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// The right keys.
    pub answer: Choice,
    /// Why it is right, and why the others are wrong.
    pub explain: String,
    /// Where it is written.
    pub cite: Vec<Citation>,
    /// `lesson-id#anchor` where it is taught.
    pub lesson: String,
    /// 1 easy – 3 hard.
    pub difficulty: u8,
    /// Knowledge points.
    pub points: Vec<String>,
}

/// Why an answer cannot be graded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswerable {
    /// Nothing was chosen.
    Nothing,
    /// More was chosen than the kind allows.
    TooMany,
    /// An option that the question does not have.
    Unknown,
}

impl Unanswerable {
    /// What a reader sees.
    pub fn message(self) -> &'static str {
        match self {
            Self::Nothing => "请先选择答案",
            Self::TooMany => "这道题只能选一项",
            Self::Unknown => "题目已更新，请重新选择",
        }
    }
}

impl Question {
    /// Grades a choice: right or not. Multiple choice is strict: fewer, more or other is wrong.
    ///
    /// # Errors
    /// When the choice is empty, too many for the kind, or names an unknown option.
    pub fn grade(&self, chosen: &Choice) -> Result<bool, Unanswerable> {
        if chosen.is_empty() {
            return Err(Unanswerable::Nothing);
        }
        if !chosen.iter().all(|key| self.has(key)) {
            return Err(Unanswerable::Unknown);
        }
        match self.kind {
            Kind::Single => single::grade(&self.answer, chosen),
            Kind::Multiple => Ok(multiple::grade(&self.answer, chosen)),
            Kind::Judge => judge::grade(&self.answer, chosen),
        }
    }

    /// Whether `key` can be chosen.
    pub fn has(&self, key: &str) -> bool {
        match self.kind {
            Kind::Judge => judge::KEYS.iter().any(|(known, _)| *known == key),
            _ => self.options.contains_key(key),
        }
    }

    /// The options in the author's order: key and text.
    pub fn choices(&self) -> Vec<(String, String)> {
        match self.kind {
            Kind::Judge => judge::KEYS.map(|(key, text)| (key.into(), text.into())).to_vec(),
            _ => self.options.clone().into_iter().collect(),
        }
    }

    /// The choices as a person meets them: shuffled by `seed`, true-false kept in order.
    pub fn shuffled(&self, seed: u64) -> Vec<(String, String)> {
        let mut choices = self.choices();
        if self.kind != Kind::Judge {
            shuffle(&mut choices, seed);
        }
        choices
    }

    /// The lesson and the anchor in it where this is taught.
    pub fn place(&self) -> (&str, Option<&str>) {
        match self.lesson.split_once('#') {
            Some((lesson, anchor)) => (lesson, Some(anchor)),
            None => (&self.lesson, None),
        }
    }

    /// Hash of what an answer spoke of: kind, stem, options and right keys. 12 hex digits of
    /// SHA-256. Explanation, citations and place may change without touching it.
    pub fn content_hash(&self) -> String {
        let mut hasher = Sha256::new();
        let mut feed = |text: &str| {
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text);
        };
        feed(self.kind.label());
        feed(&self.stem);
        for (key, text) in &self.options {
            feed(key);
            feed(text);
        }
        feed("answer");
        for key in &self.answer {
            feed(key);
        }
        crate::domain::hex(&hasher.finalize()[..6])
    }
}

/// Shuffles in place (Fisher–Yates over SplitMix64); the same seed gives the same order.
pub fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut state = seed;
    for end in (1..items.len()).rev() {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = state;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^= word >> 31;
        items.swap(end, (word % (end as u64 + 1)) as usize);
    }
}
