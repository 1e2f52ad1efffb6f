//! Full-text search over lessons, questions, terms, events and steps, for Chinese without word
//! boundaries.
//!
//! Nothing but the texts travels: `content/search-<hash>.txt` has those that the app has nowhere
//! else, a line for each, and questions come out of the banks that practice needs anyway. The
//! index is built here, in one pass as texts come in.
//!
//! 1. Text is folded to letters: full width to half width, upper case to lower case, signs
//!    dropped; where a sign stood between two Latin letters or digits a [`BREAK`] stays.
//! 2. Every pair of neighbouring letters goes into a bucket by its hash; a bucket is a chain
//!    through the places of its pairs, newest first. That is the whole index.
//! 3. What is looked for is found by the chain of its rarest pair; each place is compared with the
//!    letters themselves, so that there are no false finds. Words and numbers are found by their
//!    beginnings, Chinese anywhere.
//! 4. What holds every part of the query literally comes first, and among it what has it in its
//!    heading; then what holds at least half of the query's pairs and words. Within each: rare
//!    before common, headings before text, and a weight for each kind.

use crate::domain::course::QuestionBank;
use std::ops::Range;

/// Between two Latin words or numbers.
const BREAK: u16 = 1;
/// Buckets for pairs of letters, a power of two.
const BUCKETS: usize = 1 << 16;
/// Characters of a query that are looked at.
const QUERY_CHARS: usize = 64;
/// Characters in a snippet, and how many of them stand before the first mark.
const SNIPPET_CHARS: usize = 80;
const SNIPPET_LEAD: usize = 16;
/// Places that are looked at for parts of a query. What is so common that it takes more is left
/// out: it would tell little.
const PARTLY_PLACES: usize = 1_000;
/// What stands for no lesson.
const NOWHERE: u16 = u16::MAX;

/// What a search finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A lesson's beginning, or a section of it.
    Text,
    /// A question.
    Question,
    /// A term of the glossary.
    Term,
    /// An event of the timeline.
    Event,
    /// A step of the procedure in force.
    Step,
}

impl Kind {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Text, Self::Question, Self::Term, Self::Event, Self::Step];

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Text => "课文",
            Self::Question => "题目",
            Self::Term => "词条",
            Self::Event => "大事",
            Self::Step => "流程",
        }
    }

    /// How much a find of this kind counts: what explains a thing before what asks about it.
    fn weight(self) -> u32 {
        match self {
            Self::Term => 6,
            Self::Text => 5,
            Self::Step => 4,
            Self::Event => 3,
            Self::Question => 2,
        }
    }
}

/// A lesson's name, shared by its units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonName {
    /// Id of the lesson.
    pub id: String,
    /// Its title.
    pub title: String,
}

/// What can be found: a section of a lesson, a question and so on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// What it is.
    pub kind: Kind,
    /// Index in the lessons; [`NOWHERE`] for what belongs to none.
    lesson: u16,
    /// The anchor in the lesson (empty for its beginning), or the id of term, event or step.
    id: String,
}

/// All texts and where their letters are.
#[derive(Clone, Debug)]
pub struct Index {
    lessons: Vec<LessonName>,
    units: Vec<Unit>,
    /// The modules whose questions are in.
    banks: Vec<String>,
    /// Every unit's heading and text, one after the other.
    texts: String,
    /// For each field where it begins in `texts`. Field 2n is the heading of unit n, 2n + 1 its text.
    bytes: Vec<u32>,
    /// The letters of all fields, each field followed by a 0.
    letters: Vec<u16>,
    /// For each field where it begins in `letters`.
    starts: Vec<u32>,
    /// For each bucket its newest place, plus one; 0 for an empty one.
    heads: Vec<u32>,
    /// For each bucket how many places it has, or more than can be counted.
    counts: Vec<u16>,
    /// For each letter the next place in its bucket, plus one; 0 at the end.
    next: Vec<u32>,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// How many units hold the whole query.
    pub whole: usize,
    /// How many hold parts of it; looked for only while there are few of the others.
    pub partly: usize,
    /// The best of them, best first.
    pub hits: Vec<Hit>,
}

/// A unit that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its number.
    pub unit: usize,
    /// Whether it contains every part of the query literally.
    pub whole: bool,
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

/// Writes one line of the file that [`Index::read`] reads: what it is, its id, heading and text.
/// `l` begins a lesson (id, title, what stands before the first heading), `s` is a section of that
/// lesson (anchor, heading, text), `t` a term, `e` an event, `p` a step of the procedure.
pub fn write_line(out: &mut String, what: char, id: &str, heading: &str, text: &str) {
    out.push(what);
    for field in [id, heading, text] {
        out.push('\t');
        let clean = |sign: char| if sign.is_control() { ' ' } else { sign };
        out.extend(field.chars().map(clean));
    }
    out.push('\n');
}

impl Default for Index {
    fn default() -> Self {
        Self {
            lessons: Vec::new(),
            units: Vec::new(),
            banks: Vec::new(),
            texts: String::new(),
            bytes: vec![0],
            letters: Vec::new(),
            starts: vec![0],
            heads: vec![0; BUCKETS],
            counts: vec![0; BUCKETS],
            next: Vec::new(),
        }
    }
}

impl Index {
    /// Reads the file; see [`write_line`]. A line that is none is passed over.
    pub fn read(file: &str) -> Self {
        let mut index = Self::default();
        for line in file.lines() {
            let mut fields = line.split('\t');
            let (Some(what), Some(id), Some(heading), Some(text)) =
                (fields.next(), fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            let lesson = index.lessons.len() as u16;
            match what {
                "l" => {
                    index.lessons.push(LessonName {
                        id: id.into(),
                        title: heading.into(),
                    });
                    index.add(Kind::Text, lesson, "", heading, &[text]);
                }
                "s" if lesson > 0 => index.add(Kind::Text, lesson - 1, id, heading, &[text]),
                "t" => index.add(Kind::Term, NOWHERE, id, heading, &[text]),
                "e" => index.add(Kind::Event, NOWHERE, id, heading, &[text]),
                "p" => index.add(Kind::Step, NOWHERE, id, heading, &[text]),
                _ => {}
            }
        }
        index
    }

    /// Adds the questions of a module, once. Those of lessons that are not here have no place to
    /// lead to and are left out.
    pub fn add_bank(&mut self, bank: &QuestionBank) {
        if self.has_bank(&bank.module) {
            return;
        }
        self.banks.push(bank.module.clone());
        for question in &bank.questions {
            let (id, anchor) = question.place();
            let Some(lesson) = self.lessons.iter().position(|lesson| lesson.id == id) else {
                continue;
            };
            let options = question.options.values().chain(question.matches.values());
            let blanks = question.blanks.iter().flatten();
            let mut texts: Vec<&str> = options.chain(blanks).map(String::as_str).collect();
            texts.push(&question.explain);
            let anchor = anchor.unwrap_or_default();
            self.add(Kind::Question, lesson as u16, anchor, &question.stem, &texts);
        }
    }

    /// Whether the questions of that module are in.
    pub fn has_bank(&self, module: &str) -> bool {
        self.banks.iter().any(|known| known == module)
    }

    fn add(&mut self, kind: Kind, lesson: u16, id: &str, heading: &str, texts: &[&str]) {
        self.units.push(Unit {
            kind,
            lesson,
            id: id.into(),
        });
        self.texts.push_str(heading);
        self.end_field();
        for (at, text) in texts.iter().enumerate() {
            if at > 0 {
                self.texts.push_str(" · ");
            }
            self.texts.push_str(text);
        }
        self.end_field();
    }

    /// Takes in the letters of the text that has been added.
    fn end_field(&mut self) {
        let from = self.bytes.last().map_or(0, |at| *at as usize);
        let (letters, next) = (&mut self.letters, &mut self.next);
        let mut before = 0;
        each_letter(&self.texts[from..], |_, letter| {
            if before != 0 {
                let bucket = bucket(before, letter);
                // The place of the first of the two.
                let place = letters.len() as u32;
                next.push(std::mem::replace(&mut self.heads[bucket], place));
                self.counts[bucket] = self.counts[bucket].saturating_add(1);
            }
            letters.push(letter);
            before = letter;
        });
        letters.push(0);
        next.resize(letters.len(), 0);
        self.starts.push(letters.len() as u32);
        self.bytes.push(self.texts.len() as u32);
    }

    /// The unit of that number.
    pub fn unit(&self, unit: usize) -> Option<&Unit> {
        self.units.get(unit)
    }

    /// How many units there are.
    pub fn len(&self) -> usize {
        self.units.len()
    }

    /// Whether there is nothing to be found.
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// The lesson that a unit belongs to.
    pub fn lesson(&self, unit: &Unit) -> Option<&LessonName> {
        self.lessons.get(usize::from(unit.lesson))
    }

    /// The address, after `#/`, to which a unit leads.
    pub fn address(&self, unit: &Unit) -> String {
        match unit.kind {
            Kind::Text | Kind::Question => {
                let lesson = self.lesson(unit).map_or("", |lesson| &lesson.id);
                let slash = if unit.id.is_empty() { "" } else { "/" };
                format!("lesson/{lesson}{slash}{}", unit.id)
            }
            Kind::Term => format!("glossary/{}", unit.id),
            Kind::Event => format!("timeline/{}", unit.id),
            Kind::Step => format!("procedure/step-{}", unit.id),
        }
    }

    fn field(&self, field: usize) -> &str {
        match self.bytes.get(field..field + 2) {
            Some(&[from, to]) => &self.texts[from as usize..to as usize],
            _ => "",
        }
    }

    /// The unit's heading (empty where a section has none), or the question's stem, marked.
    pub fn heading(&self, unit: usize, query: &Query) -> Snippet {
        let text = self.field(unit * 2);
        Snippet {
            text: text.into(),
            marks: marks(text, query).into_iter().map(|(range, _)| range).collect(),
        }
    }

    /// The place in the unit's text that fits best, marked.
    pub fn snippet(&self, unit: usize, query: &Query) -> Snippet {
        snippet(self.field(unit * 2 + 1), query)
    }

    /// The best units for a query, at most `limit` of them; of one kind, if one is named.
    pub fn search(&self, query: &Query, only: Option<Kind>, limit: usize) -> Found {
        let mut found = Found::default();
        let mut best = Best::new(limit);
        let parts: Vec<&[u16]> = query.parts.iter().map(Vec::as_slice).collect();
        let whole = self.tally(&parts);
        let wanted = query.parts.len() as u16;
        let each = || {
            let units = self.units.iter().enumerate();
            units.filter(move |(_, unit)| only.is_none_or(|only| unit.kind == only))
        };
        for (at, unit) in each() {
            let tally = whole[at];
            if tally.parts == wanted && wanted > 0 {
                found.whole += 1;
                let heading = tally.headings == wanted && unit.kind != Kind::Question;
                best.offer(if heading { 2 } else { 1 }, tally.score, at);
            }
        }
        // Those that hold parts of the query would come after all of these.
        if found.whole < limit && query.terms != query.parts {
            let terms = self.telling(&query.terms);
            let partly = self.tally(&terms);
            for (at, _) in each() {
                let tally = partly[at];
                if whole[at].parts < wanted && tally.parts > 0 && usize::from(tally.parts) * 2 >= terms.len()
                {
                    found.partly += 1;
                    best.offer(0, tally.score, at);
                }
            }
        }
        found.hits = best.hits();
        found
    }

    /// The terms that tell most, rarest first, until [`PARTLY_PLACES`] are to be looked at; the
    /// rarest in any case.
    fn telling<'a>(&self, terms: &'a [Vec<u16>]) -> Vec<&'a [u16]> {
        let mut counted: Vec<(usize, &[u16])> = Vec::new();
        for term in terms {
            let count = self
                .rarest(term)
                .map_or(PARTLY_PLACES, |(_, bucket)| usize::from(self.counts[bucket]));
            let place = counted.partition_point(|(known, _)| *known <= count);
            counted.insert(place, (count, term));
        }
        let mut places = 0;
        counted.retain(|(count, _)| {
            let wanted = *count == 0 || places == 0 || places + count <= PARTLY_PLACES;
            places += count;
            wanted
        });
        counted.into_iter().map(|(_, term)| term).collect()
    }

    /// Where in the needle its rarest pair is, and the pair's bucket; `None` for a single letter.
    fn rarest(&self, needle: &[u16]) -> Option<(usize, usize)> {
        let pairs = needle.windows(2).map(|pair| bucket(pair[0], pair[1]));
        pairs.enumerate().min_by_key(|(_, bucket)| self.counts[*bucket])
    }

    /// For every unit how many of the needles it has, and what they are worth there.
    fn tally(&self, needles: &[&[u16]]) -> Vec<Tally> {
        let mut tallies = vec![Tally::default(); self.units.len()];
        for needle in needles {
            let fields = self.fields_with(needle);
            // Fields come in descending order: those of one unit follow each other.
            let mut having = 0;
            let mut last = usize::MAX;
            for (field, _) in &fields {
                having += usize::from(field / 2 != last);
                last = field / 2;
            }
            let rarity = (self.units.len() / having.max(1)).max(1).ilog2() + 1;
            last = usize::MAX;
            for (field, times) in fields {
                let unit = field / 2;
                let tally = &mut tallies[unit];
                tally.parts += u16::from(unit != last);
                last = unit;
                let length = (self.starts[field + 1] - self.starts[field]).max(2) - 1;
                let points = if field % 2 == 0 {
                    tally.headings += 1;
                    // The more of the heading it is, the better.
                    12 + 24 * needle.len() as u32 / length
                } else {
                    4 + times.min(5) + u32::from(length < 120)
                };
                tally.score += rarity * points * self.units[unit].kind.weight();
            }
        }
        tallies
    }

    /// The fields that have the needle and how often, last field first.
    fn fields_with(&self, needle: &[u16]) -> Vec<(usize, u32)> {
        let mut found: Vec<(usize, u32)> = Vec::new();
        let mut field = self.starts.len() - 1;
        let mut check = |start: usize| {
            let Some(here) = self.letters.get(start..start + needle.len()) else {
                return;
            };
            // Letter by letter: for so few, comparing memory costs more than it saves.
            let fits = here.iter().zip(needle).all(|(a, b)| a == b)
                && !(is_latin(needle[0]) && start > 0 && is_latin(self.letters[start - 1]));
            if fits {
                while self.starts[field] as usize > start {
                    field -= 1;
                }
                match found.last_mut() {
                    Some((known, times)) if *known == field => *times += 1,
                    _ => found.push((field, 1)),
                }
            }
        };
        match self.rarest(needle) {
            Some((offset, bucket)) => {
                let mut place = self.heads[bucket] as usize;
                while place > 0 {
                    // Places count from one.
                    if let Some(start) = (place - 1).checked_sub(offset) {
                        check(start);
                    }
                    place = self.next[place - 1] as usize;
                }
            }
            // A single letter is in no pair of its own: the letters are read through.
            None => {
                if let Some(letter) = needle.first() {
                    for start in (0..self.letters.len()).rev() {
                        if self.letters[start] == *letter {
                            check(start);
                        }
                    }
                }
            }
        }
        found
    }
}

/// What a unit has of a query.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    parts: u16,
    headings: u16,
    score: u32,
}

/// The best units so far, best first: `tier, score, number` in one number each, so that one
/// comparison ranks them and the first of equals wins.
struct Best {
    ranks: Vec<u64>,
    limit: usize,
}

impl Best {
    fn new(limit: usize) -> Self {
        Self {
            ranks: Vec::with_capacity(limit + 1),
            limit,
        }
    }

    fn offer(&mut self, tier: u64, score: u32, unit: usize) {
        let rank = tier << 60 | u64::from(score) << 24 | (0xff_ffff - unit as u64);
        let full = self.ranks.len() == self.limit;
        if full && self.ranks.last().is_none_or(|last| *last > rank) {
            return;
        }
        let place = self.ranks.partition_point(|known| *known > rank);
        self.ranks.insert(place, rank);
        self.ranks.truncate(self.limit);
    }

    fn hits(self) -> Vec<Hit> {
        let hit = |rank: u64| Hit {
            unit: 0xff_ffff - (rank & 0xff_ffff) as usize,
            whole: rank >> 60 > 0,
        };
        self.ranks.into_iter().map(hit).collect()
    }
}

/// A query taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// What spaces separate, as letters: each should occur literally.
    parts: Vec<Vec<u16>>,
    /// The pairs and words of all parts, each once.
    terms: Vec<Vec<u16>>,
}

impl Query {
    /// Reads what a person typed.
    pub fn read(query: &str) -> Self {
        let query: String = query.chars().take(QUERY_CHARS).collect();
        let mut read = Self::default();
        for part in query.split_whitespace() {
            let mut letters = Vec::new();
            each_letter(part, |_, letter| letters.push(letter));
            if letters.is_empty() {
                continue;
            }
            for run in letters.chunk_by(|a, b| is_latin(*a) == is_latin(*b)) {
                match run.len() {
                    _ if run[0] == BREAK => {}
                    2.. if !is_latin(run[0]) => {
                        run.windows(2).for_each(|pair| take(&mut read.terms, pair));
                    }
                    _ => take(&mut read.terms, run),
                }
            }
            take(&mut read.parts, &letters);
        }
        read
    }
}

/// Adds what is not there yet.
fn take(list: &mut Vec<Vec<u16>>, letters: &[u16]) {
    if !list.iter().any(|known| known == letters) {
        list.push(letters.to_vec());
    }
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

/// A folded character in 16 bits. Rare characters beyond them share the numbers of surrogates,
/// which no text has.
fn letter(sign: char) -> u16 {
    match u16::try_from(sign as u32) {
        Ok(letter) => letter,
        Err(_) => 0xd800 | (sign as u32 & 0x7ff) as u16,
    }
}

/// Whether it is a Latin letter or a digit.
fn is_latin(letter: u16) -> bool {
    (2..128).contains(&letter)
}

fn bucket(first: u16, second: u16) -> usize {
    let pair = u32::from(first) << 16 | u32::from(second);
    (pair.wrapping_mul(0x9e37_79b1) >> 16) as usize
}

/// Calls `found` with every letter of a text and where it stands in it; with a [`BREAK`] between
/// words.
fn each_letter(text: &str, mut found: impl FnMut(Range<usize>, u16)) {
    let (mut latin, mut apart) = (false, false);
    for (at, sign) in text.char_indices() {
        let Some(folded) = fold(sign) else {
            apart = true;
            continue;
        };
        let letter = letter(folded);
        if apart && latin && is_latin(letter) {
            found(at..at, BREAK);
        }
        found(at..at + sign.len_utf8(), letter);
        (latin, apart) = (is_latin(letter), false);
    }
}

/// What of `text` the query means, in byte ranges, each with its number of letters: its parts
/// where they stand literally, else their pairs and words.
fn marks(text: &str, query: &Query) -> Vec<(Range<usize>, usize)> {
    let (mut places, mut letters) = (Vec::new(), Vec::new());
    each_letter(text, |place, letter| {
        places.push(place);
        letters.push(letter);
    });
    let mut marked = vec![false; letters.len()];
    let mut mark = |needle: &[u16]| {
        let mut found = false;
        for at in 0..(letters.len() + 1).saturating_sub(needle.len()) {
            let inside = is_latin(needle[0]) && at > 0 && is_latin(letters[at - 1]);
            if !inside && letters[at..].starts_with(needle) {
                marked[at..at + needle.len()].fill(true);
                found = true;
            }
        }
        found
    };
    let mut missing = false;
    for part in &query.parts {
        missing |= !mark(part);
    }
    if missing {
        for term in &query.terms {
            mark(term);
        }
    }
    // Two marked letters with only signs between them are one range.
    let mut ranges: Vec<(Range<usize>, usize)> = Vec::new();
    for (at, place) in places.into_iter().enumerate().filter(|(at, _)| marked[*at]) {
        match ranges.last_mut() {
            Some((range, letters)) if at > 0 && marked[at - 1] => {
                range.end = place.end;
                *letters += 1;
            }
            _ => ranges.push((place, 1)),
        }
    }
    ranges
}

/// The best place in `text`: around the first of the longest marks.
fn snippet(text: &str, query: &Query) -> Snippet {
    let ranges = marks(text, query);
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

    /// A lesson of these sections.
    fn index(sections: &[(&str, &str)]) -> Index {
        let mut file = String::new();
        write_line(&mut file, 'l', "l", "党的性质", "");
        for (heading, text) in sections {
            write_line(&mut file, 's', "a", heading, text);
        }
        Index::read(&file)
    }

    /// The numbers of the sections found, from 0.
    fn found(index: &Index, query: &str) -> Vec<usize> {
        let found = index.search(&Query::read(query), None, 10);
        found.hits.iter().map(|hit| hit.unit - 1).collect()
    }

    fn letters(text: &str) -> Vec<u16> {
        let mut letters = Vec::new();
        each_letter(text, |_, letter| letters.push(letter));
        letters
    }

    fn marked(snippet: &Snippet) -> Vec<&str> {
        let pieces = snippet.pieces().into_iter();
        pieces
            .filter(|(_, marked)| *marked)
            .map(|(text, _)| text)
            .collect()
    }

    #[test]
    fn signs_go_and_words_stay_apart() {
        assert_eq!(letters("党的，章程"), letters("党的章程"));
        assert_eq!(letters("ＧＢ／T 47"), letters("gb t-47"));
        assert_ne!(letters("gb t"), letters("gbt"));
        let query = Query::read("党的章程 xml第3条 党的");
        let terms: Vec<Vec<u16>> = ["党的", "的章", "章程", "xml", "第", "3", "条"]
            .map(letters)
            .into();
        assert_eq!(query.terms, terms);
        assert_eq!(query.parts, ["党的章程", "xml第3条", "党的"].map(letters));
    }

    #[test]
    fn a_single_character_finds_every_place_of_it() {
        let index = index(&[("", "先进性"), ("", "保持先"), ("", "后来")]);
        assert_eq!(found(&index, "先"), [0, 1]);
        assert_eq!(found(&index, "进"), [0]);
        assert_eq!(found(&index, "后"), [2]);
    }

    #[test]
    fn width_case_and_signs_do_not_matter() {
        let index = index(&[("", "执行GB／T 4762的规定"), ("", "别的")]);
        for query in ["ｇｂ", "gb", "gb/t", "4762", "47", "规定。", "“规定”"] {
            assert_eq!(found(&index, query), [0], "{query}");
        }
        // Words and numbers are found by their beginnings.
        for query in ["", "，。", "762", "b", "gbt"] {
            assert!(found(&index, query).is_empty(), "{query}");
        }
    }

    #[test]
    fn headings_outrank_text_and_the_literal_phrase_comes_first() {
        let index = index(&[
            ("民主", "这里说集中和民主，说集中，说民主，也说中制，主集"),
            (
                "别的",
                "讲纪律时提到一次民主集中制，仅此而已，其余文字都在说其他事情",
            ),
            ("坚持民主集中制的要求", "党的根本组织原则"),
            ("民主集中制", "党的根本组织原则"),
        ]);
        assert_eq!(found(&index, "民主集中制"), [3, 2, 1, 0]);
        let hits = index.search(&Query::read("民主集中制"), None, 9);
        assert_eq!((hits.whole, hits.partly), (3, 1));
        assert!(hits.hits[2].whole && !hits.hits[3].whole);
        assert_eq!(found(&index, "纪律 提到")[0], 1);
        // Enough of the whole: parts are not looked for.
        assert_eq!(index.search(&Query::read("民主集中制"), None, 2).partly, 0);
    }

    #[test]
    fn results_say_what_they_are_and_lead_there() {
        let mut file = String::new();
        write_line(&mut file, 'l', "one", "入党誓词", "开头讲誓词。");
        write_line(&mut file, 's', "text", "誓词全文", "八十个字\t的誓词");
        write_line(&mut file, 't', "shici", "入党誓词", "入党时的誓词。");
        write_line(
            &mut file,
            'e',
            "e-1982",
            "誓词写进党章",
            "1982年9月6日。写进第六条。",
        );
        write_line(&mut file, 'p', "oath", "入党宣誓", "宣读誓词。");
        let mut index = Index::read(&file);
        let bank: QuestionBank = serde_json::from_str(
            r#"{"module":"m","checked":"","against":"","questions":[
            {"id":"q1","kind":"fill","stem":"誓词有____个字","blanks":[["80","八十"]],"explain":"数一数","cited":[],
             "lesson":"one#text","difficulty":1,"points":[]},
            {"id":"q2","kind":"judge","stem":"誓词","answer":["true"],"explain":"","cited":[],
             "lesson":"gone","difficulty":1,"points":[]}]}"#,
        )
        .unwrap();
        index.add_bank(&bank);
        index.add_bank(&bank);
        assert!(index.has_bank("m") && !index.has_bank("n"));
        let query = Query::read("誓词");
        let lead = |only| {
            let hits = index.search(&query, only, 10).hits;
            let units = hits.iter().map(|hit| index.unit(hit.unit).unwrap());
            units
                .map(|unit| (unit.kind, index.address(unit)))
                .collect::<Vec<_>>()
        };
        let mut all = lead(None);
        all.sort_by(|a, b| a.1.cmp(&b.1));
        let own = |kind, address: &str| (kind, address.to_owned());
        assert_eq!(
            all,
            [
                own(Kind::Term, "glossary/shici"),
                own(Kind::Text, "lesson/one"),
                own(Kind::Text, "lesson/one/text"),
                own(Kind::Question, "lesson/one/text"),
                own(Kind::Step, "procedure/step-oath"),
                own(Kind::Event, "timeline/e-1982"),
            ]
        );
        // What has it in its heading first, and a question's stem is no heading.
        assert_eq!(lead(None)[0].0, Kind::Term);
        assert_eq!(
            lead(Some(Kind::Question)),
            [own(Kind::Question, "lesson/one/text")]
        );
        let first = |query: &str| {
            let hit = index.search(&Query::read(query), None, 1).hits[0];
            index.unit(hit.unit).unwrap().kind
        };
        assert_eq!(
            (first("1982"), first("80"), first("八十")),
            (Kind::Event, Kind::Question, Kind::Text)
        );
    }

    #[test]
    fn snippets_mark_the_words_and_are_cut_around_them() {
        let long = format!(
            "{}党章规定，党员必须履行义务。{}",
            "前".repeat(100),
            "后".repeat(100)
        );
        let index = index(&[("规定", &long)]);
        let query = Query::read("规定党员");
        let hit = index.search(&query, None, 1).hits[0];
        let snippet = index.snippet(hit.unit, &query);
        assert_eq!(snippet.text.chars().count(), SNIPPET_CHARS + 2);
        assert_eq!(marked(&snippet), ["规定，党员"]);
        let all: String = snippet.pieces().iter().map(|(text, _)| *text).collect();
        assert_eq!(all, snippet.text);
        assert_eq!(marked(&index.heading(hit.unit, &query)), ["规定"]);
    }

    #[test]
    fn a_damaged_file_finds_less_and_never_panics() {
        let index = Index::read("s\ta\tb\t党章\nt\tx\n\u{1}\n\t\t\t\nl\tl\t党员\t党章\ns\ta\tb\t党章\tz\nt");
        let found = index.search(&Query::read("党章"), None, 5);
        assert_eq!((index.len(), found.whole), (2, 2));
        assert_eq!(index.heading(99, &Query::read("党章")), Snippet::default());
        assert!(index.unit(99).is_none() && Index::default().is_empty());
    }

    proptest! {
        /// Against a plain search through the folded texts.
        #[test]
        fn exactly_what_holds_the_phrase_is_found_whole(
            texts in prop::collection::vec("[一二三四五六𠀀𠀁ab12 ，。]{0,40}", 1..8),
            phrase in "[一二三四五六𠀀𠀁ab12，]{1,3}",
        ) {
            let sections: Vec<(&str, &str)> = texts.iter().map(|text| ("", text.as_str())).collect();
            let index = index(&sections);
            let needle = letters(&phrase);
            let begins = |hay: &[u16], at: usize| {
                hay[at..].starts_with(&needle)
                    && !(is_latin(needle[0]) && at > 0 && is_latin(hay[at - 1]))
            };
            let holds = |text: &String| {
                let hay = letters(text);
                !needle.is_empty() && (0..hay.len()).any(|at| begins(&hay, at))
            };
            let expected: Vec<usize> = (0..texts.len()).filter(|at| holds(&texts[*at])).collect();
            let found = index.search(&Query::read(&phrase), None, 99);
            let mut whole: Vec<usize> = found.hits.iter().filter(|hit| hit.whole).map(|hit| hit.unit - 1).collect();
            whole.sort_unstable();
            prop_assert_eq!(whole, expected);
            prop_assert!(found.hits.is_sorted_by(|a, b| a.whole >= b.whole), "whole ones first");
            prop_assert_eq!(found.hits.len(), found.whole + found.partly);
        }

        #[test]
        fn snippets_are_sound_for_any_text(text in ".{0,200}", query in ".{0,12}") {
            let index = index(&[("", &text)]);
            let query = Query::read(&query);
            let snippet = index.snippet(1, &query);
            let rejoined: String = snippet.pieces().iter().map(|(text, _)| *text).collect();
            prop_assert_eq!(&rejoined, &snippet.text);
            prop_assert!(snippet.marks.iter().all(|mark| snippet.text.get(mark.clone()).is_some()));
        }

        #[test]
        fn the_best_are_kept_in_order(offers in prop::collection::vec((0u64..3, 0u32..9), 0..60), limit in 0usize..9) {
            let mut best = Best::new(limit);
            let mut all: Vec<(u64, u32, usize)> = Vec::new();
            for (at, (tier, score)) in offers.into_iter().enumerate() {
                best.offer(tier, score, at);
                all.push((tier, score, at));
            }
            all.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2)));
            all.truncate(limit);
            let kept: Vec<usize> = best.hits().iter().map(|hit| hit.unit).collect();
            prop_assert_eq!(kept, all.iter().map(|(.., at)| *at).collect::<Vec<_>>());
        }
    }
}
