//! Judges the course as it was written: all problems at once, each with place, severity, message
//! and hint. Pure; [`crate::format::content`] reads the files.
//!
//! | file | rules |
//! |---|---|
//! | `cite.rs` | sources and citations |
//! | `ids.rs` | ids and folders: form, uniqueness |
//! | `lesson.rs` | a lesson's parts, text, headings and links |
//! | `question.rs` | one question |
//! | `coverage.rs` | what of the policy document and the rules is cited |
//! | `beside.rs` | timeline, glossary, procedure, to whom to apply |
//! | `holiday.rs` | holidays and make-up days |
//! | `bank.rs` | all questions together: similarity, guessable answers, numbers |

mod bank;
mod beside;
mod cite;
pub mod coverage;
pub mod draft;
mod holiday;
mod ids;
mod lesson;
mod question;

use draft::CourseDraft;
use std::fmt;

/// Where a problem is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Path below the content directory, with `/`.
    pub file: String,
    /// Line, from 1.
    pub line: Option<u32>,
    /// Id of the lesson, question or source.
    pub item: Option<String>,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The course cannot be packed.
    Error,
    /// The course can be packed; an author should look.
    Warning,
}

/// A problem and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where.
    pub place: Place,
    /// How bad.
    pub severity: Severity,
    /// Stable name of the rule, e.g. `clause`.
    pub rule: &'static str,
    /// What is wrong, in Chinese.
    pub message: String,
    /// What to do, in Chinese.
    pub hint: String,
}

impl Diagnostic {
    /// A problem that stops packing.
    pub fn error(
        place: Place,
        rule: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            place,
            severity: Severity::Error,
            rule,
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// A problem that an author should look at.
    pub fn warning(
        place: Place,
        rule: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(place, rule, message, hint)
        }
    }
}

impl fmt::Display for Diagnostic {
    /// `file:line: error[rule]: message` and, on a second line, the hint.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place.file)?;
        if let Some(line) = self.place.line {
            write!(f, ":{line}")?;
        }
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, ": {severity}[{}]: ", self.rule)?;
        if let Some(item) = &self.place.item {
            write!(f, "{item}：")?;
        }
        write!(f, "{}\n  提示：{}", self.message, self.hint)
    }
}

/// Every problem of the course, in the order of files and lines.
pub fn lint(course: &CourseDraft) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    cite::check(course, &mut found);
    ids::check(course, &mut found);
    lesson::check(course, &mut found);
    question::check(course, &mut found);
    bank::check(course, &mut found);
    beside::check(course, &mut found);
    holiday::check(course, &mut found);
    coverage::check(course, &mut found);
    found.sort_by(|a, b| a.place.cmp(&b.place).then(a.severity.cmp(&b.severity)));
    found
}

/// Reports a day that the calendar does not have.
fn check_date(text: &str, place: Place, found: &mut Vec<Diagnostic>) {
    if crate::domain::time::Date::parse(text).is_none() {
        found.push(Diagnostic::error(
            place,
            "date",
            format!("日期“{text}”不存在或写法不对"),
            "写成“2026-11-23”的形式，并核对当月天数",
        ));
    }
}

/// Reports a text that is missing or blank. `name` is what the author knows it as.
fn check_text(text: &str, name: &str, place: Place, found: &mut Vec<Diagnostic>) {
    if text.trim().is_empty() {
        found.push(Diagnostic::error(
            place,
            "empty",
            format!("{name}缺失或为空"),
            format!("请填写{name}"),
        ));
    }
}

/// Reports a list that is missing, empty or has a blank entry.
fn check_list(list: &[String], name: &str, place: Place, found: &mut Vec<Diagnostic>) {
    if list.is_empty() || list.iter().any(|text| text.trim().is_empty()) {
        found.push(Diagnostic::error(
            place,
            "empty",
            format!("{name}缺失，或其中有空白的一条"),
            format!("请填写{name}，每条都要有文字"),
        ));
    }
}
