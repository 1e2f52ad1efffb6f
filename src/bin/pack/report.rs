//! What was found, printed for authors.

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
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
            questions: [Kind::Single, Kind::Multiple, Kind::Judge]
                .map(questions)
                .to_vec(),
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
        Ok(())
    }
}
