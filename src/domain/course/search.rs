//! Full-text search over lessons and questions, for Chinese without word boundaries.
//!
//! 1. Text is folded: full width to half width, upper case to lower case, signs dropped.
//! 2. Runs of Han characters become bigrams, and the last character of a run also stands alone;
//!    so everything that begins with a character is exactly where that character occurs, and
//!    one-character queries need no terms of their own. Latin words and numbers stay whole.
//! 3. A term's postings are `(distance to the unit before, frequency)`, five bits to a printable
//!    character, so that the index is plain JSON. Headings and titles count several times.
//! 4. A query ranks by BM25; units that contain it literally come first.
//!
//! Built natively when the course is packed, read in the browser.

use crate::domain::sort_by;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// How often an occurrence in a heading or a question's stem counts.
const HEADING_WEIGHT: u32 = 4;
/// How often an occurrence in the lesson's title counts, for each of its sections.
const TITLE_WEIGHT: u32 = 2;
/// BM25: how soon repetition stops to matter.
const K1: f32 = 1.2;
/// BM25: how much long units are held back.
const B: f32 = 0.5;
/// Characters of a query that are looked at.
const QUERY_CHARS: usize = 64;
/// Characters in a snippet, and how many of them stand before the first mark.
const SNIPPET_CHARS: usize = 80;
const SNIPPET_LEAD: usize = 16;

/// A lesson's name, shared by its units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonName {
    /// Id of the lesson.
    pub id: String,
    /// Its title.
    pub title: String,
}

/// What a search finds: a section of a lesson, or a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Id of the question; `None` for a section of a lesson.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Index of the lesson in [`Index::lessons`].
    pub lesson: u16,
    /// Where in the lesson to open it; `None` for its beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<String>,
    /// The heading of the section (empty before the first one), or the question's stem.
    pub heading: String,
    /// The section's text, or the question's options and explanation.
    pub text: String,
}

/// The index: `content/search-<hash>.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// The lessons that units belong to.
    pub lessons: Vec<LessonName>,
    /// Everything that can be found.
    pub units: Vec<Unit>,
    /// Term to coded postings.
    terms: BTreeMap<String, String>,
}

/// A unit that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Index in [`Index::units`].
    pub unit: usize,
    /// Whether the unit contains every part of the query literally.
    pub exact: bool,
    /// BM25 score; compares only within one query.
    pub score: f32,
    /// The place in the unit's text that fits best.
    pub snippet: Snippet,
}

/// A piece of text with the query's words marked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snippet {
    /// The text, with … where it was cut.
    pub text: String,
    /// Byte ranges of `text` to mark: ascending, disjoint, on character boundaries.
    pub marks: Vec<Range<usize>>,
}

impl Snippet {
    /// The text in pieces, each with whether it is marked; what a page renders.
    pub fn pieces(&self) -> Vec<(&str, bool)> {
        let mut pieces = Vec::new();
        let mut at = 0;
        for mark in &self.marks {
            pieces.push((self.text.get(at..mark.start).unwrap_or_default(), false));
            pieces.push((self.text.get(mark.clone()).unwrap_or_default(), true));
            at = mark.end;
        }
        pieces.push((self.text.get(at..).unwrap_or_default(), false));
        pieces.retain(|(text, _)| !text.is_empty());
        pieces
    }
}

impl Index {
    /// Builds the index. [`Unit::lesson`] indexes `lessons`.
    pub fn build(lessons: Vec<LessonName>, units: Vec<Unit>) -> Self {
        let mut counts: BTreeMap<String, BTreeMap<usize, u32>> = BTreeMap::new();
        for (number, unit) in units.iter().enumerate() {
            let mut count = |text: &str, weight: u32| {
                each_term(text, |term| {
                    *counts
                        .entry(term.to_owned())
                        .or_default()
                        .entry(number)
                        .or_default() += weight;
                });
            };
            count(&unit.text, 1);
            count(&unit.heading, HEADING_WEIGHT);
            if let (None, Some(lesson)) = (&unit.question, lessons.get(usize::from(unit.lesson))) {
                count(&lesson.title, TITLE_WEIGHT);
            }
        }
        let terms = counts
            .into_iter()
            .map(|(term, counts)| (term, encode(&counts)))
            .collect();
        Self {
            lessons,
            units,
            terms,
        }
    }

    /// The lesson that a unit belongs to.
    pub fn lesson(&self, unit: &Unit) -> Option<&LessonName> {
        self.lessons.get(usize::from(unit.lesson))
    }

    /// The best units for a query, at most `limit` of them. A unit must contain at least half of
    /// the query's terms; those that contain it literally come first.
    pub fn search(&self, query: &str, limit: usize) -> Vec<Hit> {
        let query = Query::read(query);
        let (scores, matched) = self.score(&query.terms);
        let mut found: Vec<(bool, f32, usize)> = (0..self.units.len())
            .filter(|unit| matched[*unit] > 0 && matched[*unit] * 2 >= query.terms.len())
            .map(|unit| (self.holds(&self.units[unit], &query.parts), scores[unit], unit))
            .collect();
        sort_by(&mut found, |a, b| {
            b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2))
        });
        found.truncate(limit);
        found
            .into_iter()
            .map(|(exact, score, unit)| Hit {
                unit,
                exact,
                score,
                snippet: snippet(&self.units[unit].text, &query),
            })
            .collect()
    }

    /// For every unit its score and how many of the terms it has.
    fn score(&self, terms: &[String]) -> (Vec<f32>, Vec<usize>) {
        let total = self.units.len();
        // Bytes stand for length: they are at hand, and only their proportion matters.
        let length = |unit: &Unit| (unit.text.len() + unit.heading.len()) as f32;
        let mean = self.units.iter().map(length).sum::<f32>() / total.max(1) as f32;
        let (mut scores, mut matched) = (vec![0.0; total], vec![0; total]);
        for term in terms {
            let frequencies = self.frequencies(term);
            let having = frequencies.len() as f32;
            let rarity = (1.0 + (total as f32 - having + 0.5) / (having + 0.5)).ln();
            for (unit, frequency) in frequencies {
                let held_back = 1.0 - B + B * length(&self.units[unit]) / mean.max(1.0);
                let frequency = frequency as f32;
                scores[unit] += rarity * frequency * (K1 + 1.0) / (frequency + K1 * held_back);
                matched[unit] += 1;
            }
        }
        (scores, matched)
    }

    /// Units that have the term and how often. A pair of Han characters is meant exactly; a single
    /// one or a word also finds what begins with it.
    fn frequencies(&self, term: &str) -> BTreeMap<usize, u32> {
        let pair = term.chars().count() == 2 && term.chars().all(is_han);
        let mut sums = BTreeMap::new();
        let following = self
            .terms
            .range::<str, _>((std::ops::Bound::Included(term), std::ops::Bound::Unbounded));
        for (_, postings) in following.take_while(|(known, _)| {
            if pair {
                *known == term
            } else {
                known.starts_with(term)
            }
        }) {
            for (unit, frequency) in decode(postings) {
                // An index is read from a file: it may name units that are not there.
                if unit < self.units.len() {
                    let sum: &mut u32 = sums.entry(unit).or_default();
                    *sum = sum.saturating_add(frequency);
                }
            }
        }
        sums
    }

    fn holds(&self, unit: &Unit, parts: &[String]) -> bool {
        let title = match (&unit.question, self.lesson(unit)) {
            (None, Some(lesson)) => fold_text(&lesson.title),
            _ => String::new(),
        };
        let (heading, text) = (fold_text(&unit.heading), fold_text(&unit.text));
        parts.iter().all(|part| {
            [&heading, &text, &title]
                .iter()
                .any(|whole| whole.contains(part.as_str()))
        })
    }
}

/// A query taken apart.
struct Query {
    /// What spaces separate, folded: each should occur literally.
    parts: Vec<String>,
    /// The terms of all parts, each once.
    terms: Vec<String>,
}

impl Query {
    fn read(query: &str) -> Self {
        let query: String = query.chars().take(QUERY_CHARS).collect();
        let parts: Vec<String> = query
            .split_whitespace()
            .map(fold_text)
            .filter(|part| !part.is_empty())
            .collect();
        let mut terms: Vec<String> = query.split_whitespace().flat_map(wanted).collect();
        sort_by(&mut terms, String::cmp);
        terms.dedup();
        Self { parts, terms }
    }
}

/// The terms to look for: a Han character alone only where it stands alone.
fn wanted(part: &str) -> Vec<String> {
    let (mut terms, mut run) = (Vec::new(), 0);
    each_term(part, |term| {
        let pair = term.chars().count() == 2 && term.chars().all(is_han);
        let tail = term.chars().count() == 1 && term.chars().all(is_han) && run > 0;
        run = if pair { run + 1 } else { 0 };
        if !tail {
            terms.push(term.to_owned());
        }
    });
    terms
}

/// Whether it is a Chinese character (of any plane, with 〇 and 々).
pub fn is_han(sign: char) -> bool {
    matches!(sign, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' | '〇' | '々')
}

/// The character as the index knows it: half width, lower case; `None` for signs and spaces.
pub fn fold(sign: char) -> Option<char> {
    let half = match sign {
        '！'..='～' => char::from_u32(sign as u32 - 0xfee0)?,
        _ => sign,
    };
    // Latin means ASCII here: the tables of every other script's letters would cost more than they find.
    let lower = half.to_ascii_lowercase();
    (is_han(lower) || lower.is_ascii_alphanumeric()).then_some(lower)
}

/// [`fold`] over a text: what two texts have in common when only signs, width and case differ.
pub fn fold_text(text: &str) -> String {
    text.chars().filter_map(fold).collect()
}

/// Calls `found` with every term of a text, in order, repetitions included.
fn each_term(text: &str, mut found: impl FnMut(&str)) {
    let (mut word, mut last_han) = (String::new(), None::<char>);
    let mut term = String::new();
    // The added space closes whatever is open at the end.
    for sign in text.chars().chain([' ']) {
        let sign = fold(sign);
        let han = sign.filter(|sign| is_han(*sign));
        if let Some(before) = last_han {
            term.clear();
            term.push(before);
            term.extend(han);
            found(&term);
        }
        last_han = han;
        match sign {
            Some(letter) if han.is_none() => word.push(letter),
            _ => {
                if !word.is_empty() {
                    found(&word);
                    word.clear();
                }
            }
        }
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn encode(counts: &BTreeMap<usize, u32>) -> String {
    let (mut text, mut before) = (String::new(), 0);
    let mut put = |mut value: usize| loop {
        let rest = value >> 5;
        let digit = (value & 31) | if rest > 0 { 32 } else { 0 };
        text.push(char::from(DIGITS[digit]));
        if rest == 0 {
            break;
        }
        value = rest;
    };
    for (unit, count) in counts {
        // Most terms occur once in a unit: one bit says so.
        put((unit - before) << 1 | usize::from(*count > 1));
        if *count > 1 {
            put(*count as usize);
        }
        before = *unit;
    }
    text
}

fn decode(postings: &str) -> impl Iterator<Item = (usize, u32)> + '_ {
    let mut bytes = postings.bytes();
    let mut take = move || {
        let (mut value, mut shift) = (0u32, 0);
        loop {
            let digit = digit(bytes.next()?)?;
            value |= (digit & 31).checked_shl(shift)?;
            if digit & 32 == 0 {
                return Some(value);
            }
            shift += 5;
        }
    };
    let mut unit = 0usize;
    std::iter::from_fn(move || {
        let head = take()?;
        unit = unit.checked_add(head as usize >> 1)?;
        let frequency = if head & 1 == 1 { take()? } else { 1 };
        Some((unit, frequency))
    })
}

fn digit(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

/// The best place in `text`: around the longest stretch of marked letters.
fn snippet(text: &str, query: &Query) -> Snippet {
    let letters: Vec<(Range<usize>, char)> = text
        .char_indices()
        .filter_map(|(at, sign)| Some((at..at + sign.len_utf8(), fold(sign)?)))
        .collect();
    let mut marked = vec![false; letters.len()];
    let mut mark = |needle: &str| {
        let needle: Vec<char> = needle.chars().collect();
        let mut found = false;
        for at in 0..(letters.len() + 1).saturating_sub(needle.len()) {
            if needle
                .iter()
                .zip(&letters[at..])
                .all(|(want, (_, letter))| want == letter)
            {
                marked[at..at + needle.len()].fill(true);
                found = true;
            }
        }
        found
    };
    for part in &query.parts {
        if !mark(part) {
            wanted(part).iter().for_each(|term| {
                mark(term);
            });
        }
    }
    // Ranges of the text; two marked letters with only signs between them are one range.
    let mut ranges: Vec<(Range<usize>, usize)> = Vec::new();
    for (at, (place, _)) in letters.iter().enumerate().filter(|(at, _)| marked[*at]) {
        match ranges.last_mut() {
            Some((range, letters)) if at > 0 && marked[at - 1] => {
                range.end = place.end;
                *letters += 1;
            }
            _ => ranges.push((place.clone(), 1)),
        }
    }
    // The first of the longest.
    let best = ranges
        .iter()
        .rev()
        .max_by_key(|(_, letters)| *letters)
        .map_or(0, |(range, _)| range.start);
    let start = text[..best]
        .char_indices()
        .rev()
        .take(SNIPPET_LEAD)
        .last()
        .map_or(best, |(at, _)| at);
    let end = text[start..]
        .char_indices()
        .nth(SNIPPET_CHARS)
        .map_or(text.len(), |(at, _)| start + at);
    let lead = if start > 0 { "…" } else { "" };
    let marks = ranges
        .into_iter()
        .map(|(range, _)| range.start.max(start)..range.end.min(end))
        .filter(|range| range.start < range.end)
        .map(|range| range.start - start + lead.len()..range.end - start + lead.len())
        .collect();
    let tail = if end < text.len() { "…" } else { "" };
    Snippet {
        text: format!("{lead}{}{tail}", &text[start..end]),
        marks,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn section(heading: &str, text: &str) -> Unit {
        Unit {
            question: None,
            lesson: 0,
            anchor: Some("a".into()),
            heading: heading.into(),
            text: text.into(),
        }
    }

    fn index(units: Vec<Unit>) -> Index {
        Index::build(
            vec![LessonName {
                id: "l".into(),
                title: "党的性质".into(),
            }],
            units,
        )
    }

    fn found(index: &Index, query: &str) -> Vec<usize> {
        index.search(query, 10).iter().map(|hit| hit.unit).collect()
    }

    #[test]
    fn terms_are_bigrams_last_characters_and_words() {
        let mut terms = Vec::new();
        each_term("党的ＸＭＬ章程，第3条 GB/T", |term| {
            terms.push(term.to_owned())
        });
        assert_eq!(
            terms,
            ["党的", "的", "xml", "章程", "程", "第", "3", "条", "gb", "t"]
        );
        assert_eq!(wanted("党的章程"), ["党的", "的章", "章程"]);
        assert_eq!(wanted("党x章程"), ["党", "x", "章程"]);
    }

    #[test]
    fn a_single_character_finds_every_place_of_it() {
        let index = index(vec![
            section("", "先进性"),
            section("", "保持先"),
            section("", "后来"),
        ]);
        assert_eq!(found(&index, "先").len(), 2);
        assert_eq!(found(&index, "进"), [0]);
        assert_eq!(found(&index, "后"), [2]);
    }

    #[test]
    fn width_case_and_signs_do_not_matter() {
        let index = index(vec![section("", "执行GB／T 4762的规定"), section("", "别的")]);
        for query in ["ｇｂ", "gb", "4762", "47", "规定。", "“规定”"] {
            assert_eq!(found(&index, query), [0], "{query}");
        }
        assert!(found(&index, "").is_empty() && found(&index, "，。").is_empty());
    }

    #[test]
    fn headings_outrank_text_and_the_literal_phrase_comes_first() {
        let index = index(vec![
            section("民主", "这里说集中和民主，说集中，说民主，也说中制，主集"),
            section(
                "别的",
                "讲纪律时提到一次民主集中制，仅此而已，其余文字都在说其他事情",
            ),
            section("民主集中制", "党的根本组织原则"),
        ]);
        assert_eq!(found(&index, "民主集中制")[..2], [2, 1]);
        assert!(!index.search("民主集中制", 9)[2].exact);
        assert_eq!(found(&index, "纪律 提到")[0], 1);
    }

    #[test]
    fn a_title_finds_the_lessons_sections() {
        let index = index(vec![
            section("甲", "第一段"),
            Unit {
                question: Some("q".into()),
                ..section("题干", "选项")
            },
        ]);
        assert_eq!(found(&index, "性质"), [0]);
    }

    #[test]
    fn snippets_mark_the_words_and_are_cut_around_them() {
        let long = format!(
            "{}党章规定，党员必须履行义务。{}",
            "前".repeat(100),
            "后".repeat(100)
        );
        let index = index(vec![section("", &long)]);
        let snippet = &index.search("规定党员", 1)[0].snippet;
        assert_eq!(snippet.text.chars().count(), SNIPPET_CHARS + 2);
        let marked: Vec<&str> = snippet
            .pieces()
            .into_iter()
            .filter(|(_, marked)| *marked)
            .map(|(text, _)| text)
            .collect();
        assert_eq!(marked, ["规定，党员"]);
        assert_eq!(
            snippet.pieces().iter().map(|(text, _)| *text).collect::<String>(),
            snippet.text
        );
    }

    #[test]
    fn a_damaged_index_finds_less_and_never_panics() {
        let mut index = index(vec![section("", "党章"), section("", "党员")]);
        for postings in ["", "!", "gggggggggggg", "______", "EEEE", "A"] {
            index.terms.insert("党章".into(), postings.into());
            let _ = index.search("党章", 5);
        }
        index.lessons.clear();
        assert_eq!(index.search("党员", 5).len(), 1);
    }

    proptest! {
        #[test]
        fn postings_go_there_and_back(counts in prop::collection::btree_map(0usize..100_000, 1u32..5_000, 0..50)) {
            prop_assert_eq!(decode(&encode(&counts)).collect::<BTreeMap<_, _>>(), counts);
        }

        #[test]
        fn every_bigram_is_found_and_the_phrase_ranks_its_own_unit(
            texts in prop::collection::vec("[一二三四五六七八九十百千abc ，。]{1,40}", 1..8),
        ) {
            let index = index(texts.iter().map(|text| section("", text)).collect());
            let read: Index = serde_json::from_str(&serde_json::to_string(&index).unwrap()).unwrap();
            prop_assert_eq!(&read, &index);
            for (number, text) in texts.iter().enumerate() {
                let mut terms = Vec::new();
                each_term(text, |term| terms.push(term.to_owned()));
                for term in &terms {
                    let hits = index.search(term, texts.len());
                    prop_assert!(hits.iter().any(|hit| hit.unit == number), "{} in {}", term, text);
                }
                let phrase: String = text.chars().take(QUERY_CHARS).collect();
                if !fold_text(&phrase).is_empty() {
                    let hits = index.search(&phrase, texts.len());
                    let own = hits.iter().position(|hit| hit.unit == number);
                    // Only units that hold the whole phrase too may stand above it.
                    prop_assert!(own.is_some_and(|own| hits[..=own].iter().all(|hit| hit.exact)));
                }
            }
        }

        #[test]
        fn snippets_are_sound_for_any_text(text in ".{0,200}", query in ".{0,12}") {
            let index = index(vec![section("", &text)]);
            for hit in index.search(&query, 1) {
                let rejoined: String = hit.snippet.pieces().iter().map(|(text, _)| *text).collect();
                prop_assert_eq!(&rejoined, &hit.snippet.text);
                prop_assert!(hit.snippet.marks.iter().all(|mark| hit.snippet.text.get(mark.clone()).is_some()));
            }
        }
    }
}
