//! Questions: one file per kind, each with its grading.
//!
//! A response is a list of texts, whose meaning is the kind's:
//!
//! | kind | response |
//! |---|---|
//! | single, judge | the chosen key |
//! | multiple | the chosen keys |
//! | fill | a text for each blank |
//! | order | all keys, first to last |
//! | match | for each left side, in the order of their keys, the key of the right side |
//! | short | the text, then the keys of the points that it names |

mod fill;
mod judge;
mod matching;
mod multiple;
mod order;
mod short;
mod single;
pub mod sitting;

use crate::domain::course::Citation;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

pub use fill::BLANK;

/// What a person answered; see the table above.
pub type Choice = Vec<String>;

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
    /// Blanks to be filled in.
    Fill,
    /// Things to be put in order.
    Order,
    /// Left sides to be joined to right sides.
    Match,
    /// Written freely, then compared with key points by the writer.
    Short,
}

impl Kind {
    /// All, in the order in which they are counted.
    pub const ALL: [Self; 7] = [
        Self::Single,
        Self::Multiple,
        Self::Judge,
        Self::Fill,
        Self::Order,
        Self::Match,
        Self::Short,
    ];

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Single => "单选题",
            Self::Multiple => "多选题",
            Self::Judge => "判断题",
            Self::Fill => "填空题",
            Self::Order => "排序题",
            Self::Match => "连线题",
            Self::Short => "简答题",
        }
    }

    /// How to answer it, said to the reader.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Single => single::HINT,
            Self::Multiple => multiple::HINT,
            Self::Judge => judge::HINT,
            Self::Fill => fill::HINT,
            Self::Order => order::HINT,
            Self::Match => matching::HINT,
            Self::Short => short::HINT,
        }
    }

    /// Its name in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Multiple => "multiple",
            Self::Judge => "judge",
            Self::Fill => "fill",
            Self::Order => "order",
            Self::Match => "match",
            Self::Short => "short",
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
    /// What is asked; of a [`Kind::Fill`] with a [`BLANK`] for each blank.
    pub stem: String,
    /// The options by stable key: what is chosen from, put in order or joined (left sides), or
    /// the key points; empty for [`Kind::Judge`] and [`Kind::Fill`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// The right sides of a [`Kind::Match`], each under the key of its left side.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub matches: BTreeMap<String, String>,
    /// For each blank of a [`Kind::Fill`] the spellings that count; the first is shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blanks: Vec<Vec<String>>,
    /// The right keys, in order for [`Kind::Order`]; empty for fill, match and short.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answer: Choice,
    /// Why it is right, and why the others are wrong.
    pub explain: String,
    /// Where it is written, as authors cite it. The bank carries it in words, see `cited`.
    #[serde(skip)]
    pub cite: Vec<Citation>,
    /// Where it is written, in words, each with the state of its source where that no longer
    /// speaks.
    pub cited: Vec<String>,
    /// `lesson-id#anchor` where it is taught.
    pub lesson: String,
    /// 1 easy – 3 hard.
    pub difficulty: u8,
    /// Knowledge points.
    pub points: Vec<String>,
    /// Id of the [`Case`] that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// The groups that it is for, see [`crate::domain::course::track`]; empty for everyone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tracks: Vec<String>,
    /// Day on which it was checked, where that is not the bank's, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<String>,
    /// What it was compared with, where that is not the bank's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
}

/// A scenario that several questions are about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Stable id.
    pub id: String,
    /// Title.
    pub title: String,
    /// What happens.
    pub text: String,
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
    /// A blank or a pair was left open.
    Incomplete,
    /// The same right side was taken twice.
    Twice,
    /// More text than can be kept.
    TooLong,
}

impl Unanswerable {
    /// What a reader sees.
    pub fn message(self) -> &'static str {
        match self {
            Self::Nothing => "请先作答",
            Self::TooMany => "这道题只能选一项",
            Self::Unknown => "题目已更新，请重新作答",
            Self::Incomplete => "还有没做完的地方，请补全再提交",
            Self::Twice => "有一项用了两次，请核对",
            Self::TooLong => "写得太长，请缩短一些",
        }
    }
}

impl Question {
    /// Grades a response: right or not. Everything is strict: all blanks, the whole order, all
    /// pairs; multiple choice with fewer, more or other is wrong. A short answer is right when its
    /// writer finds at least two thirds of the key points in it.
    ///
    /// # Errors
    /// When the response is empty, not whole, too much for the kind, or names an unknown option.
    pub fn grade(&self, chosen: &Choice) -> Result<bool, Unanswerable> {
        if chosen.iter().all(|text| text.trim().is_empty()) {
            return Err(Unanswerable::Nothing);
        }
        let keys = match self.kind {
            Kind::Fill => return fill::grade(&self.blanks, chosen),
            Kind::Match if chosen.iter().any(String::is_empty) => return Err(Unanswerable::Incomplete),
            Kind::Short => &chosen[1..],
            _ => chosen.as_slice(),
        };
        if !keys.iter().all(|key| self.has(key)) {
            return Err(Unanswerable::Unknown);
        }
        match self.kind {
            Kind::Single | Kind::Judge => single::grade(&self.answer, chosen),
            Kind::Order => order::grade(&self.answer, chosen),
            Kind::Match => matching::grade(&self.options, chosen),
            Kind::Short => short::grade(self.options.len(), chosen),
            Kind::Multiple | Kind::Fill => Ok(multiple::grade(&self.answer, chosen)),
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

    /// The choices as a person meets them: shuffled by `seed`; true-false, left sides and key
    /// points keep their order. What is to be put in order never comes in its right order.
    pub fn shuffled(&self, seed: u64) -> Vec<(String, String)> {
        let mut choices = self.choices();
        if matches!(self.kind, Kind::Single | Kind::Multiple | Kind::Order) {
            shuffle(&mut choices, seed);
        }
        if self.kind == Kind::Order && choices.iter().map(|(key, _)| key).eq(&self.answer) {
            choices.rotate_left(1);
        }
        choices
    }

    /// The right sides of a [`Kind::Match`], shuffled by `seed`.
    pub fn right_sides(&self, seed: u64) -> Vec<(String, String)> {
        let mut sides: Vec<_> = self.matches.clone().into_iter().collect();
        shuffle(&mut sides, seed);
        sides
    }

    /// The right answer in words, but for letters of options, which only the screen knows.
    pub fn answer_in_words(&self) -> Vec<String> {
        let text = |key: &String| {
            let mut choices = self.choices().into_iter();
            let found = choices.find(|(known, _)| known == key);
            found.map(|(_, text)| text).unwrap_or_default()
        };
        match self.kind {
            Kind::Fill => self
                .blanks
                .iter()
                .filter_map(|all| all.first().cloned())
                .collect(),
            Kind::Short => self.options.values().cloned().collect(),
            Kind::Match => {
                let pairs = self.options.iter();
                pairs
                    .filter_map(|(key, left)| Some(format!("{left} — {}", self.matches.get(key)?)))
                    .collect()
            }
            _ => self.answer.iter().map(text).collect(),
        }
    }

    /// The lesson and the anchor in it where this is taught.
    pub fn place(&self) -> (&str, Option<&str>) {
        match self.lesson.split_once('#') {
            Some((lesson, anchor)) => (lesson, Some(anchor)),
            None => (&self.lesson, None),
        }
    }

    /// Hash of what an answer spoke of: kind, stem, options, right sides, blanks and right keys.
    /// 12 hex digits of SHA-256. Explanation, citations and place may change without touching it.
    pub fn content_hash(&self) -> String {
        let mut hasher = Sha256::new();
        let mut feed = |text: &str| {
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text);
        };
        feed(self.kind.label());
        feed(&self.stem);
        for (key, text) in self.options.iter().chain(&self.matches) {
            feed(key);
            feed(text);
        }
        feed("answer");
        for key in self.answer.iter().chain(self.blanks.iter().flatten()) {
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
