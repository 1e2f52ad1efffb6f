//! All questions together: too similar, guessable without knowledge, too few.

use super::Diagnostic;
use super::draft::{BankDraft, CourseDraft, ModuleDraft, QuestionDraft};
use crate::domain::course::search::fold_text;
use crate::domain::course::similar::{SIMILAR, bigrams, similarity};
use crate::domain::question::Kind;
use std::collections::BTreeMap;

/// Single-choice questions from which on habits of the author are counted.
const ENOUGH: usize = 12;
/// The share that one key may have of all right answers.
const KEY_SHARE: f64 = 0.35;
/// The share of questions whose right option may be the longest.
const LONGEST_SHARE: f64 = 0.40;
/// Questions that a lesson should have.
const PER_LESSON: usize = 12;

pub(super) fn check(course: &CourseDraft, found: &mut Vec<Diagnostic>) {
    check_similar(course, found);
    for module in &course.modules {
        check_numbers(module, found);
        if let Some(bank) = &module.bank {
            check_habits(bank, found);
        }
    }
}

/// A stem ready to be compared.
struct Stem<'a> {
    draft: &'a QuestionDraft,
    folded: String,
    pairs: Vec<(char, char)>,
}

fn check_similar(course: &CourseDraft, found: &mut Vec<Diagnostic>) {
    let banks = course.modules.iter().filter_map(|module| module.bank.as_ref());
    let questions = banks.flat_map(|bank| &bank.questions);
    let stems: Vec<Stem<'_>> = questions
        .map(|draft| {
            let folded = fold_text(&draft.question.stem);
            let pairs = bigrams(&folded);
            Stem { draft, folded, pairs }
        })
        .collect();
    for (number, stem) in stems.iter().enumerate() {
        for earlier in &stems[..number] {
            let same = !stem.folded.is_empty() && stem.folded == earlier.folded;
            if !same && similarity(&stem.pairs, &earlier.pairs) <= SIMILAR {
                continue;
            }
            let place = stem.draft.origin.place("stem", &stem.draft.question.id);
            let other = &earlier.draft.question.id;
            let origin = &earlier.draft.origin;
            let line = origin.place("stem", other).line.unwrap_or(1);
            let hint = format!("它在 {}:{line}；换一个问法，或合并成一道题", origin.file);
            found.push(if same {
                Diagnostic::error(place, "near-duplicate", format!("题干同 {other} 一样"), hint)
            } else {
                Diagnostic::warning(place, "near-duplicate", format!("题干同 {other} 几乎一样"), hint)
            });
        }
    }
}

/// What a reader could guess from: a favourite key, the longest option.
fn check_habits(bank: &BankDraft, found: &mut Vec<Diagnostic>) {
    let singles: Vec<&QuestionDraft> = bank
        .questions
        .iter()
        .filter(|draft| draft.question.kind == Kind::Single)
        .collect();
    if singles.len() < ENOUGH {
        return;
    }
    let share = |count: usize| count as f64 / singles.len() as f64;
    let percent = |count: usize| (share(count) * 100.0).round();
    let place = || bank.origin.place("module", "");
    let mut keys: BTreeMap<&str, usize> = BTreeMap::new();
    for key in singles.iter().flat_map(|draft| &draft.question.answer) {
        *keys.entry(key).or_default() += 1;
    }
    for (key, count) in keys.into_iter().filter(|(_, count)| share(*count) > KEY_SHARE) {
        found.push(Diagnostic::warning(
            place(),
            "key-habit",
            format!(
                "{} 道单选题里有 {count} 道（{}%）的答案是 {key}",
                singles.len(),
                percent(count)
            ),
            "把一些题的正确选项换到别的键上，各键大致均匀",
        ));
    }
    let longest = singles.iter().filter(|draft| answer_is_longest(draft)).count();
    if share(longest) > LONGEST_SHARE {
        found.push(Diagnostic::warning(
            place(),
            "length-habit",
            format!(
                "{} 道单选题里有 {longest} 道（{}%）的正确选项最长",
                singles.len(),
                percent(longest)
            ),
            "把正确选项写短些，或把干扰项写得同样具体",
        ));
    }
}

fn answer_is_longest(draft: &QuestionDraft) -> bool {
    let length = |text: &String| text.chars().count();
    let (right, wrong): (Vec<_>, Vec<_>) = draft
        .question
        .options
        .iter()
        .partition(|(key, _)| draft.question.answer.contains(*key));
    let right = right.iter().map(|(_, text)| length(text)).max();
    right > wrong.iter().map(|(_, text)| length(text)).max()
}

fn check_numbers(module: &ModuleDraft, found: &mut Vec<Diagnostic>) {
    let questions = || module.bank.iter().flat_map(|bank| &bank.questions);
    for lesson in &module.lessons {
        let count = questions()
            .filter(|draft| draft.question.place().0 == lesson.id)
            .count();
        if count < PER_LESSON {
            found.push(Diagnostic::warning(
                lesson.origin.place("id", &lesson.id),
                "few-questions",
                format!("这节课有 {count} 道题，不足 {PER_LESSON} 道"),
                format!("在 questions/{}.toml 里补题", module.folder),
            ));
        }
    }
}
