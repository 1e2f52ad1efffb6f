//! Own banks: questions that a unit brings itself. They stand apart from the course: their source
//! is always 本单位, and what is answered in them counts in no figure and in no record.
//!
//! `file → format::{gift, aiken, bank_sheet} → [`Foreign`] → [`DryRun`] (judged, shown, ticked) →
//! [`PackEvent::PackAdded`] → [`Packs`]`; taking a bank back is [`PackEvent::PackRemoved`].

use super::QuestionBank;
use super::search::fold_text;
use super::similar::{SIMILAR, bigrams, similarity};
use crate::domain::question::{BLANK, Kind, Question};
use crate::domain::study::{Event, EventId};
use crate::domain::time::Moment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What the ids of own banks and of their questions begin with; no id of the course does.
pub const PREFIX: &str = "own-";
/// The source of every question of an own bank.
pub const SOURCE: &str = "本单位";
/// Questions that one bank may have.
pub const MOST: usize = 2_000;

/// Longest stem or explanation, in characters.
const LONG: usize = 4_000;
/// Longest option, blank or key point, in characters.
const LINE: usize = 1_000;
/// Longest name of a bank, in characters.
const NAME: usize = 60;

/// Whether a question, a bank or an answer belongs to an own bank.
pub fn is_own(id: &str) -> bool {
    id.starts_with(PREFIX)
}

/// What happens in the book of own banks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PackEvent {
    /// A bank was taken in, whole.
    PackAdded {
        /// `own-<ulid>`.
        id: String,
        /// What its owner calls it.
        name: String,
        /// The file that it came from.
        file: String,
        /// Its questions, each with an id that begins with the bank's.
        questions: Vec<Question>,
    },
    /// A bank was taken out again.
    PackRemoved {
        /// Which.
        id: String,
    },
}

/// An own bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnBank {
    /// `own-<ulid>`.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// The file that it came from.
    pub file: String,
    /// When it was taken in.
    pub added: Moment,
    /// Its questions in the file's order.
    pub questions: Vec<Question>,
}

impl OwnBank {
    /// As a bank that can be practised. Nobody has checked it for the course, so it has no day.
    pub fn into_bank(self) -> QuestionBank {
        QuestionBank {
            against: format!("{SOURCE}题库“{}”，不属于学档的课程", self.name),
            module: self.id,
            checked: String::new(),
            cases: Vec::new(),
            questions: self.questions,
        }
    }
}

/// The own banks: the fold of the events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packs {
    /// In the order in which they came.
    pub banks: Vec<OwnBank>,
    /// What was taken out; kept, so that a merge does not bring it back.
    removed: BTreeSet<String>,
}

impl Packs {
    /// Folds one event in. A question whose id is not of its own bank is not taken: a file made by
    /// somebody else could otherwise pass for a question of the course.
    pub fn apply(&mut self, event: &Event<PackEvent>) {
        match &event.what {
            PackEvent::PackAdded {
                id,
                name,
                file,
                questions,
            } => {
                let known = self.banks.iter().any(|bank| bank.id == *id);
                if known || self.removed.contains(id) || !is_own(id) {
                    return;
                }
                let of_it = |question: &&Question| question.id.starts_with(&format!("{id}-"));
                self.banks.push(OwnBank {
                    id: id.clone(),
                    name: name.clone(),
                    file: file.clone(),
                    added: event.at,
                    questions: questions.iter().filter(of_it).cloned().collect(),
                });
            }
            PackEvent::PackRemoved { id } => {
                self.banks.retain(|bank| bank.id != *id);
                self.removed.insert(id.clone());
            }
        }
    }

    /// The bank of that id.
    pub fn bank(&self, id: &str) -> Option<&OwnBank> {
        self.banks.iter().find(|bank| bank.id == id)
    }
}

/// Something about one field of a foreign file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Row or line of the file, from 1.
    pub row: u32,
    /// The field, as the person knows it.
    pub field: &'static str,
    /// What is the matter, in Chinese.
    pub message: String,
}

impl Remark {
    /// A remark.
    pub fn new(row: u32, field: &'static str, message: impl Into<String>) -> Self {
        Self {
            row,
            field,
            message: message.into(),
        }
    }
}

/// A question as a foreign file has it: without an id, not yet judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Row or line of the file, from 1.
    pub row: u32,
    /// The question; without its id.
    pub question: Question,
    /// What could not be taken over as it was.
    pub doubts: Vec<Remark>,
}

/// What a reader of foreign files found: everything, or the reason why not. Nothing is thrown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Foreign {
    /// The questions.
    pub drafts: Vec<Draft>,
    /// What should have been a question and cannot be one; `String` is its beginning.
    pub refused: Vec<(String, Remark)>,
    /// What is no question, such as a heading.
    pub skipped: Vec<(String, Remark)>,
}

/// An empty question of a kind, as an own bank has it.
pub fn blank_question(kind: Kind) -> Question {
    Question {
        id: String::new(),
        kind,
        stem: String::new(),
        options: Default::default(),
        matches: Default::default(),
        blanks: Vec::new(),
        answer: Vec::new(),
        explain: String::new(),
        cite: Vec::new(),
        cited: Vec::new(),
        lesson: String::new(),
        difficulty: 2,
        points: Vec::new(),
        case: None,
        tracks: Vec::new(),
        checked: None,
        against: None,
    }
}

/// The stable key of the option in that place, from 0: `a`, `b` …
pub fn key_at(at: usize) -> String {
    let letter = |at: usize| char::from(b'a' + (at % 26) as u8);
    match at {
        0..26 => letter(at).to_string(),
        // Sorts behind `z`.
        _ => format!("z{}{}", letter(at / 26 - 1), letter(at)),
    }
}

/// What is to become of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Cannot be taken.
    Refused,
    /// Can be taken, if a person ticks it.
    Doubtful,
    /// Will be taken.
    New,
    /// No question.
    Skipped,
}

impl Verdict {
    /// All, in the order in which they are counted.
    pub const ALL: [Self; 4] = [Self::New, Self::Doubtful, Self::Refused, Self::Skipped];

    /// Its name in markup.
    pub fn code(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Doubtful => "doubtful",
            Self::New => "new",
            Self::Skipped => "skipped",
        }
    }

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Refused => "不能导入",
            Self::Doubtful => "请确认",
            Self::New => "可导入",
            Self::Skipped => "略过",
        }
    }
}

/// A row of the dry run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Row or line of the file, from 1.
    pub row: u32,
    /// What is to become of it.
    pub verdict: Verdict,
    /// Its beginning, for the person to find it.
    pub text: String,
    /// What is the matter with it; empty for [`Verdict::New`].
    pub remarks: Vec<Remark>,
    /// The question; none where there is none to take.
    pub question: Option<Question>,
    /// Whether it is to be taken.
    pub take: bool,
}

/// What importing a file would do. Nothing has been done yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DryRun {
    /// In the file's order.
    pub lines: Vec<Line>,
}

impl DryRun {
    /// Judges what a reader found.
    pub fn of(foreign: Foreign) -> Self {
        let mut lines = Vec::new();
        let mut earlier: Vec<Known> = Vec::new();
        for (at, draft) in foreign.drafts.into_iter().enumerate() {
            let mut faults = faults(draft.row, &draft.question);
            let mut doubts = draft.doubts;
            if at >= MOST {
                faults.push(Remark::new(
                    draft.row,
                    "整个文件",
                    format!("一个题库最多 {MOST} 题，请分成几个文件"),
                ));
            }
            if faults.is_empty() {
                let known = Known::of(draft.row, &draft.question);
                match earlier.iter().find_map(|other| known.like(other)) {
                    Some((row, true)) => {
                        faults.push(Remark::new(
                            draft.row,
                            "题干",
                            format!("与第 {row} 行的题完全一样"),
                        ));
                    }
                    Some((row, false)) => {
                        doubts.push(Remark::new(
                            draft.row,
                            "题干",
                            format!("与第 {row} 行的题几乎一样，确是两道题才勾选"),
                        ));
                    }
                    None => {}
                }
                earlier.push(known);
            }
            let verdict = match (faults.is_empty(), doubts.is_empty()) {
                (false, _) => Verdict::Refused,
                (true, false) => Verdict::Doubtful,
                (true, true) => Verdict::New,
            };
            faults.append(&mut doubts);
            lines.push(Line {
                row: draft.row,
                verdict,
                text: beginning(&draft.question.stem),
                remarks: faults,
                take: verdict == Verdict::New,
                question: (verdict != Verdict::Refused).then_some(draft.question),
            });
        }
        let others = [
            (Verdict::Refused, foreign.refused),
            (Verdict::Skipped, foreign.skipped),
        ];
        for (verdict, list) in others {
            for (text, remark) in list {
                lines.push(Line {
                    row: remark.row,
                    verdict,
                    text: beginning(&text),
                    remarks: vec![remark],
                    question: None,
                    take: false,
                });
            }
        }
        crate::domain::sort_by(&mut lines, |a, b| a.row.cmp(&b.row));
        Self { lines }
    }

    /// How many rows have that verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.lines.iter().filter(|line| line.verdict == verdict).count()
    }

    /// How many rows would be taken.
    pub fn taken(&self) -> usize {
        self.lines
            .iter()
            .filter(|line| line.take && line.question.is_some())
            .count()
    }

    /// The event that takes the ticked rows in, all of them in one.
    ///
    /// # Errors
    /// What the person reads: nothing is ticked, or the name will not do.
    pub fn accept(&self, id: &EventId, name: &str, file: &str) -> Result<PackEvent, String> {
        let name = name.trim();
        if name.is_empty() {
            return Err("请给题库起个名字".into());
        }
        if name.chars().count() > NAME || name.chars().any(char::is_control) {
            return Err(format!("名字太长或有不能显示的字符，最多{NAME}个字"));
        }
        let id = format!("{PREFIX}{id}");
        let taken = self.lines.iter().filter(|line| line.take);
        let questions: Vec<Question> = taken
            .filter_map(|line| line.question.clone())
            .zip(1..)
            .map(|(question, number)| {
                let basis = question.cited.iter().filter(|basis| !basis.trim().is_empty());
                let cited: Vec<String> = basis.map(|basis| format!("{SOURCE}：{basis}")).collect();
                Question {
                    id: format!("{id}-{number:04}"),
                    cited: if cited.is_empty() {
                        vec![SOURCE.into()]
                    } else {
                        cited
                    },
                    ..question
                }
            })
            .collect();
        if questions.is_empty() {
            return Err("没有可以导入的题".into());
        }
        Ok(PackEvent::PackAdded {
            id,
            name: name.into(),
            file: beginning(file),
            questions,
        })
    }
}

/// The first characters of a text, in one line.
fn beginning(text: &str) -> String {
    let mut line: String = text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .filter(|sign| !sign.is_control())
        .take(81)
        .collect();
    if line.chars().count() > 80 {
        line.pop();
        line.push('…');
    }
    line
}

/// A question that has been seen, ready to be compared.
struct Known {
    row: u32,
    hash: String,
    pairs: Vec<(char, char)>,
}

impl Known {
    fn of(row: u32, question: &Question) -> Self {
        // Stems such as 下列说法正确的是 say nothing without their options.
        let mut text = fold_text(&question.stem);
        for part in question.options.values().chain(question.matches.values()) {
            text += &fold_text(part);
        }
        Self {
            row,
            hash: question.content_hash(),
            pairs: bigrams(&text),
        }
    }

    /// The row of `other` where it is the same question (`true`) or nearly.
    fn like(&self, other: &Self) -> Option<(u32, bool)> {
        let same = self.hash == other.hash;
        (same || similarity(&self.pairs, &other.pairs) > SIMILAR).then_some((other.row, same))
    }
}

/// Why a question cannot be asked.
fn faults(row: u32, question: &Question) -> Vec<Remark> {
    let mut found = Vec::new();
    let mut fault = |field: &'static str, message: String| found.push(Remark::new(row, field, message));
    let Question {
        kind,
        stem,
        options,
        matches,
        blanks,
        answer,
        ..
    } = question;
    if stem.trim().is_empty() {
        fault("题干", "题干是空的".into());
    }
    if stem.chars().count() > LONG || question.explain.chars().count() > LONG {
        fault("题干", format!("题干或解析太长，最多 {LONG} 个字"));
    }
    let lines = options
        .values()
        .chain(matches.values())
        .chain(blanks.iter().flatten());
    if lines.clone().any(|text| text.chars().count() > LINE) {
        fault("选项", format!("选项或答案太长，最多 {LINE} 个字"));
    }
    let count = options.len();
    let unknown: Vec<&str> = answer
        .iter()
        .filter(|key| !question.has(key))
        .map(String::as_str)
        .collect();
    let wanted = match kind {
        Kind::Judge => matches!(answer.as_slice(), [key] if question.has(key))
            .then_some(())
            .ok_or("没有答案；判断题的答案写“对”或“错”".to_owned()),
        Kind::Single | Kind::Multiple | Kind::Order if count < 2 => {
            Err(format!("{}至少要两个选项", kind.label()))
        }
        _ if !unknown.is_empty() => Err(format!(
            "答案“{}”没有对应的选项",
            unknown.join("、").to_uppercase()
        )),
        Kind::Single if answer.is_empty() => Err("没有答案".into()),
        Kind::Single if answer.len() > 1 => Err("单选题有不止一个答案；是多选题就把题型写成“多选”".into()),
        Kind::Multiple if answer.is_empty() => Err("没有答案".into()),
        Kind::Multiple if answer.len() < 2 => Err("多选题只有一个答案；是单选题就把题型写成“单选”".into()),
        Kind::Order if answer.len() != count => Err("排序题的答案要把每一项恰好写一次".into()),
        Kind::Fill if blanks.is_empty() || blanks.iter().any(|all| all.is_empty()) => Err("没有答案".into()),
        Kind::Fill if blanks.iter().flatten().any(|text| text.trim().is_empty()) => {
            Err("有一个空的答案是空的".into())
        }
        Kind::Fill if blanks.iter().flatten().any(|text| text.chars().count() > 60) => {
            Err("填空题的答案太长，最多 60 个字".into())
        }
        Kind::Fill if stem.matches(BLANK).count() != blanks.len() => Err(format!(
            "题干里有 {} 个空，答案有 {} 个",
            stem.matches(BLANK).count(),
            blanks.len()
        )),
        Kind::Match if count < 2 || !options.keys().eq(matches.keys()) => Err("连线题至少要两对".into()),
        Kind::Short if options.is_empty() => Err("没有要点；简答题的答案写要点，一行一条".into()),
        _ => Ok(()),
    };
    if let Err(message) = wanted {
        let field = match kind {
            Kind::Single | Kind::Multiple | Kind::Order | Kind::Match if count < 2 => "选项",
            _ => "答案",
        };
        fault(field, message);
    }
    for texts in [options, matches] {
        let mut seen: Vec<(String, &String)> = Vec::new();
        for (key, text) in texts {
            let folded = fold_text(text);
            // Where only signs differ (< and >) the signs are the text.
            let same = if folded.is_empty() {
                text.trim().to_owned()
            } else {
                folded
            };
            let key_shown = key.to_uppercase();
            if text.trim().is_empty() {
                fault("选项", format!("选项 {key_shown} 是空的"));
            } else if let Some((_, other)) = seen.iter().find(|(known, _)| *known == same) {
                fault(
                    "选项",
                    format!("选项 {} 与 {key_shown} 一样", other.to_uppercase()),
                );
            }
            seen.push((same, key));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn single(stem: &str, options: &[&str], answer: &[&str]) -> Question {
        Question {
            stem: stem.into(),
            options: options
                .iter()
                .enumerate()
                .map(|(at, text)| (key_at(at), (*text).into()))
                .collect(),
            answer: answer.iter().map(|key| (*key).into()).collect(),
            ..blank_question(Kind::Single)
        }
    }

    fn run(questions: Vec<Question>) -> DryRun {
        DryRun::of(Foreign {
            drafts: questions
                .into_iter()
                .zip(2..)
                .map(|(question, row)| Draft {
                    row,
                    question,
                    doubts: Vec::new(),
                })
                .collect(),
            ..Foreign::default()
        })
    }

    fn id() -> EventId {
        EventId("01ARZ3NDEKTSV4RRFFQ69G5FAV".into())
    }

    fn event(what: PackEvent) -> Event<PackEvent> {
        Event {
            v: 2,
            id: id(),
            seq: 1,
            at: Moment { ms: 0, tz: 480 },
            what,
        }
    }

    #[test]
    fn every_fault_names_row_and_field() {
        let run = run(vec![
            single("党员大会由谁召集？", &["支部委员会", "党员本人"], &["a"]),
            single(" ", &["甲", "乙"], &["a"]),
            single("没有答案的题", &["甲", "乙"], &[]),
            single("答案不在选项里", &["甲", "乙"], &["d"]),
            single("选项重复", &["应当报告", "应当报告。"], &["a"]),
            single("选项太少", &["甲"], &["a"]),
            single("党员大会由谁召集？", &["支部委员会", "党员本人"], &["a"]),
            single("党员大会是由谁召集？", &["支部委员会", "党员本人"], &["a"]),
        ]);
        let found: Vec<_> = run
            .lines
            .iter()
            .map(|line| {
                let field = line.remarks.first().map_or("", |remark| remark.field);
                (line.row, line.verdict, field)
            })
            .collect();
        assert_eq!(
            found,
            [
                (2, Verdict::New, ""),
                (3, Verdict::Refused, "题干"),
                (4, Verdict::Refused, "答案"),
                (5, Verdict::Refused, "答案"),
                (6, Verdict::Refused, "选项"),
                (7, Verdict::Refused, "选项"),
                (8, Verdict::Refused, "题干"),
                (9, Verdict::Doubtful, "题干"),
            ]
        );
        assert_eq!(run.taken(), 1);
    }

    #[test]
    fn options_that_are_signs_differ_by_signs() {
        let run = run(vec![single("比较 1 和 2", &["<", ">", "="], &["a"])]);
        assert_eq!(run.count(Verdict::New), 1, "{run:?}");
    }

    #[test]
    fn a_bank_is_added_whole_and_taken_back() {
        let mut run = run(vec![
            single("第一题问的是什么", &["甲", "乙"], &["a"]),
            single("另外一道完全不同的题目", &["丙", "丁"], &["b"]),
        ]);
        assert!(run.accept(&id(), " ", "a.xlsx").is_err());
        let added = run.accept(&id(), "支部题库", "a.xlsx").unwrap();
        let mut packs = Packs::default();
        packs.apply(&event(added.clone()));
        let bank = packs.bank("own-01ARZ3NDEKTSV4RRFFQ69G5FAV").unwrap().clone();
        assert_eq!(bank.questions.len(), 2);
        assert!(bank.questions.iter().all(|question| is_own(&question.id)));
        assert_eq!(bank.questions[0].cited, ["本单位"]);
        let removed = PackEvent::PackRemoved { id: bank.id.clone() };
        packs.apply(&event(removed));
        packs.apply(&event(added));
        assert_eq!(packs.banks, [], "what was removed stays removed");
        for line in &mut run.lines {
            line.take = false;
        }
        assert!(run.accept(&id(), "空", "a.xlsx").is_err());
    }

    #[test]
    fn a_question_that_passes_for_another_s_is_not_taken() {
        let mut stranger = single("题", &["甲", "乙"], &["a"]);
        stranger.id = "lishi-001".into();
        let mut packs = Packs::default();
        packs.apply(&event(PackEvent::PackAdded {
            id: "own-x".into(),
            name: "x".into(),
            file: "x".into(),
            questions: vec![stranger.clone()],
        }));
        assert_eq!(packs.banks[0].questions, []);
        packs.apply(&event(PackEvent::PackAdded {
            id: "lishi".into(),
            name: "x".into(),
            file: "x".into(),
            questions: vec![stranger],
        }));
        assert_eq!(packs.banks.len(), 1);
    }

    #[test]
    fn keys_sort_as_they_come() {
        let keys: Vec<String> = (0..60).map(key_at).collect();
        let mut sorted = keys.clone();
        sorted.sort();
        assert_eq!(keys, sorted);
    }
}
