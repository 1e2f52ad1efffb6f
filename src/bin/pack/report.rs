//! What was found, printed for authors.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use xuedang::domain::course::lint::coverage::coverage;
use xuedang::domain::course::lint::draft::CourseDraft;
use xuedang::domain::course::lint::{Diagnostic, Severity};
use xuedang::domain::question::Kind;

/// All problems, in the order of files and lines.
pub(crate) struct Verdict {
    directory: PathBuf,
    found: Vec<Diagnostic>,
}

impl Verdict {
    pub(crate) fn new(directory: &Path, mut found: Vec<Diagnostic>) -> Self {
        found.sort_by(|a, b| a.place.cmp(&b.place).then(a.severity.cmp(&b.severity)));
        Self {
            directory: directory.into(),
            found,
        }
    }

    pub(crate) fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    pub(crate) fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    fn count(&self, severity: Severity) -> usize {
        self.found
            .iter()
            .filter(|diagnostic| diagnostic.severity == severity)
            .count()
    }

    /// Prints problems that are at least so bad, with paths that an editor can open.
    pub(crate) fn print(&self, out: &mut dyn Write, least: Severity) -> io::Result<()> {
        for diagnostic in self
            .found
            .iter()
            .filter(|diagnostic| diagnostic.severity <= least)
        {
            writeln!(out, "{}", self.directory.join(diagnostic.to_string()).display())?;
        }
        Ok(())
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "错误 {} 处，警告 {} 处", self.errors(), self.warnings())
    }
}

/// How much there is.
pub(crate) struct Counts {
    modules: usize,
    lessons: usize,
    characters: u32,
    questions: Vec<(Kind, usize)>,
    cases: usize,
    events: usize,
    terms: usize,
    steps: usize,
    whom: usize,
    years: usize,
}

/// Prints which lessons and questions cite each clause that must be covered.
pub(crate) fn print_coverage(course: &CourseDraft, out: &mut dyn Write) -> io::Result<()> {
    for covered in coverage(course) {
        let first: Vec<&str> = covered.questions.iter().take(6).map(String::as_str).collect();
        let more = if covered.questions.len() > first.len() {
            " …"
        } else {
            ""
        };
        writeln!(
            out,
            "{} {}：课 {}（{}），题 {}（{}{more}）{}",
            covered.source,
            covered.clause,
            covered.lessons.len(),
            covered.lessons.join(" "),
            covered.questions.len(),
            first.join(" "),
            if covered.is_enough() { "" } else { " ← 不足" },
        )?;
    }
    Ok(())
}

impl Counts {
    pub(crate) fn of(course: &CourseDraft) -> Self {
        let lessons = || course.modules.iter().flat_map(|module| &module.lessons);
        let banks = || course.modules.iter().filter_map(|module| module.bank.as_ref());
        let questions = |kind| {
            let all = banks().flat_map(|bank| &bank.questions);
            (kind, all.filter(|draft| draft.question.kind == kind).count())
        };
        Self {
            modules: course.modules.len(),
            lessons: lessons().count(),
            characters: lessons().map(|lesson| lesson.body.characters).sum(),
            questions: Kind::ALL.map(questions).to_vec(),
            cases: banks().map(|bank| bank.cases.len()).sum(),
            events: course.timeline.entries.len(),
            terms: course.glossary.entries.len(),
            steps: course
                .procedures
                .iter()
                .map(|draft| draft.steps.entries.len())
                .sum(),
            whom: course.whom.entries.len(),
            years: {
                let notices = course.holidays.notices.iter().map(|draft| draft.what.year);
                notices.collect::<BTreeSet<u16>>().len()
            },
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "模块 {} 个，课 {} 节，正文汉字 {} 个，题目",
            self.modules, self.lessons, self.characters
        )?;
        for (kind, count) in &self.questions {
            write!(f, " {} {count} 道", kind.label())?;
        }
        let total: usize = self.questions.iter().map(|(_, count)| count).sum();
        write!(
            f,
            "，共 {total} 道（其中案例 {} 个），大事 {} 件，词条 {} 个，流程 {} 步，申请去向 {} 种情形，放假安排 {} 年",
            self.cases, self.events, self.terms, self.steps, self.whom, self.years
        )
    }
}
