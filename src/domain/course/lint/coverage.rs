//! Which clauses of a document lessons and questions cite: how much of it the course covers.

use super::Diagnostic;
use super::draft::CourseDraft;
use crate::domain::course::clause::{Clause, numeral, parse};
use crate::domain::course::{Citation, Source};

/// What must be covered of a document.
struct Wanted {
    /// Id of the source.
    source: &'static str,
    /// What stands before and after a clause's numeral.
    label: (&'static str, &'static str),
    /// First and last clause of each stretch.
    clauses: &'static [(u16, u16)],
}

/// The policy document's items, and the articles of the 2026 rules from the application to full
/// membership, with those on responsibility and forms.
const WANTED: [Wanted; 2] = [
    Wanted {
        source: "yijian-2013",
        label: ("（", "）"),
        clauses: &[(1, 20)],
    },
    Wanted {
        source: "xize-2026",
        label: ("第", "条"),
        clauses: &[(5, 36), (41, 42)],
    },
];

/// Lessons and questions that a clause must have.
const LEAST: (usize, usize) = (1, 2);

/// Who cites a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// Id of the source.
    pub source: String,
    /// The clause as readers write it.
    pub clause: String,
    /// Ids of the lessons that cite it, or a part of it.
    pub lessons: Vec<String>,
    /// Ids of the questions.
    pub questions: Vec<String>,
}

impl Covered {
    /// Whether that is enough.
    pub fn is_enough(&self) -> bool {
        self.lessons.len() >= LEAST.0 && self.questions.len() >= LEAST.1
    }
}

/// Every clause that must be covered, with who cites it. A source that is not registered asks for
/// nothing.
pub fn coverage(course: &CourseDraft) -> Vec<Covered> {
    let mut all = Vec::new();
    for wanted in WANTED {
        let mut sources = course.sources.iter().map(|draft| &draft.source);
        let Some(source) = sources.find(|source| source.id == wanted.source) else {
            continue;
        };
        let clauses = wanted.clauses.iter().flat_map(|(first, last)| *first..=*last);
        for number in clauses {
            let cites = |citations: &[Citation]| {
                citations.iter().any(|citation| {
                    citation.source == source.id && number_of(&citation.clause, source) == Some(number)
                })
            };
            let lessons = course.modules.iter().flat_map(|module| &module.lessons);
            let banks = course.modules.iter().filter_map(|module| module.bank.as_ref());
            all.push(Covered {
                source: source.id.clone(),
                clause: format!("{}{}{}", wanted.label.0, numeral(number), wanted.label.1),
                lessons: lessons
                    .filter(|lesson| cites(&lesson.sources))
                    .map(|lesson| lesson.id.clone())
                    .collect(),
                questions: banks
                    .flat_map(|bank| &bank.questions)
                    .filter(|draft| cites(&draft.question.cite))
                    .map(|draft| draft.question.id.clone())
                    .collect(),
            });
        }
    }
    all
}

pub(super) fn check(course: &CourseDraft, found: &mut Vec<Diagnostic>) {
    for covered in coverage(course)
        .into_iter()
        .filter(|covered| !covered.is_enough())
    {
        let mut drafts = course.sources.iter();
        let Some(draft) = drafts.find(|draft| draft.source.id == covered.source) else {
            continue;
        };
        found.push(Diagnostic::warning(
            draft.origin.place("id", &covered.source),
            "coverage",
            format!(
                "{} 有 {} 节课、{} 道题引用，应至少 {} 节课、{} 道题",
                covered.clause,
                covered.lessons.len(),
                covered.questions.len(),
                LEAST.0,
                LEAST.1
            ),
            "补上引用这一条的课文或题目",
        ));
    }
}

/// The number of the article or item that a label speaks of.
fn number_of(label: &str, source: &Source) -> Option<u16> {
    match parse(label, source).ok()? {
        Clause::Article { number, .. } | Clause::Item(number) => Some(number),
        _ => None,
    }
}
