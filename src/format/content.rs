//! The files of `content/` to drafts of the course.
//!
//! 1. Each file is sorted by its path; what has no place in the course is reported.
//! 2. TOML is parsed with spans, and past syntax errors as far as it goes.
//! 3. Fields are read one by one: what is missing stays empty (the rules say so), what has the
//!    wrong type or an unknown name is reported here.
//! 4. A lesson's Markdown is rendered; what the rules must know of it goes into the draft.
//!
//! Nothing is thrown: every problem is a [`Diagnostic`] with file and line.

mod beside;
mod fields;

use super::markdown::{self, OddityKind, Rendered};
use crate::domain::course::lint::Diagnostic;
use crate::domain::course::lint::draft::{
    BankDraft, Body, CaseDraft, CourseDraft, HeadingDraft, LessonDraft, ModuleDraft, Origin, QuestionDraft,
    SourceDraft,
};
use crate::domain::course::{Source, SourceState};
use crate::domain::question::{Case, Kind, Question};
use fields::{Fields, Text};
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::DeTable;

/// A file as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentFile {
    /// Path below the content directory, with `/`.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The course, not yet judged.
    pub course: CourseDraft,
    /// The rendered text of each lesson by its file.
    pub texts: BTreeMap<String, Rendered>,
    /// What could not be read. The rules of [`crate::domain::course::lint`] come on top.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a course from the files of its content directory.
pub fn read(files: &[ContentFile]) -> Content {
    let mut content = Content::default();
    let mut modules: BTreeMap<String, ModuleDraft> = BTreeMap::new();
    let mut banks: BTreeMap<String, BankDraft> = BTreeMap::new();
    let mut files: Vec<&ContentFile> = files.iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    for file in files {
        let parts: Vec<&str> = file.path.split('/').collect();
        let Some(text) = decode(file, &mut content.diagnostics) else {
            continue;
        };
        let mut reader = Reader {
            file: &file.path,
            diagnostics: &mut content.diagnostics,
        };
        match parts[..] {
            ["sources.toml"] => content.course.sources = reader.sources(text),
            ["modules", folder, "module.toml"] => reader.module(text, module(&mut modules, folder)),
            ["modules", folder, name] if name.ends_with(".md") => {
                let (lesson, text) = reader.lesson(text);
                content.texts.insert(file.path.clone(), text);
                module(&mut modules, folder).lessons.push(lesson);
            }
            ["questions", name] if name.ends_with(".toml") => {
                banks.insert(name.trim_end_matches(".toml").into(), reader.bank(text));
            }
            ["timeline.toml"] => content.course.timeline = reader.timeline(text),
            ["glossary.toml"] => content.course.glossary = reader.glossary(text),
            ["apply.toml"] => content.course.whom = reader.whom(text),
            ["holidays.toml"] => content.course.holidays = reader.holidays(text),
            ["procedure", "differences.toml"] => content.course.differences = reader.differences(text),
            ["procedure", _] => content.course.procedures.insert(0, reader.procedure(text)),
            ["modules" | "questions", ..] => reader.warning(
                1,
                "stray",
                "课程里不认识这个文件",
                "删掉它，或按 content/README.md 放到该放的地方",
            ),
            _ => {}
        }
    }
    for (folder, bank) in banks {
        match modules.get_mut(&folder) {
            Some(module) => module.bank = Some(bank),
            None => content.diagnostics.push(Diagnostic::error(
                bank.origin.place("module", ""),
                "folder",
                format!("题库“{folder}”没有对应的模块文件夹"),
                format!("文件名要同模块文件夹一样；应有 modules/{folder}/module.toml"),
            )),
        }
    }
    content.course.modules = modules.into_values().collect();
    for module in content
        .course
        .modules
        .iter()
        .filter(|module| module.origin.line == 0)
    {
        content.diagnostics.push(Diagnostic::error(
            module.origin.at(1, ""),
            "missing-file",
            "模块文件夹里没有 module.toml",
            "写上 id、title、summary、policy",
        ));
    }
    if content.course.sources.is_empty() {
        let origin = Origin {
            file: "sources.toml".into(),
            ..Origin::default()
        };
        content.diagnostics.push(Diagnostic::error(
            origin.at(1, ""),
            "missing-file",
            "没有登记任何依据文件",
            "在 sources.toml 里登记",
        ));
    }
    content
}

fn module<'a>(modules: &'a mut BTreeMap<String, ModuleDraft>, folder: &str) -> &'a mut ModuleDraft {
    modules.entry(folder.into()).or_insert_with(|| ModuleDraft {
        folder: folder.into(),
        origin: Origin {
            file: format!("modules/{folder}/module.toml"),
            ..Origin::default()
        },
        ..ModuleDraft::default()
    })
}

fn decode<'a>(file: &'a ContentFile, diagnostics: &mut Vec<Diagnostic>) -> Option<&'a str> {
    match std::str::from_utf8(&file.bytes) {
        Ok(text) => Some(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let line = line_of(&file.bytes, error.valid_up_to());
            let origin = Origin {
                file: file.path.clone(),
                ..Origin::default()
            };
            diagnostics.push(Diagnostic::error(
                origin.at(line, ""),
                "syntax",
                "文件不是 UTF-8 编码",
                "用编辑器另存为 UTF-8",
            ));
            None
        }
    }
}

fn line_of(bytes: &[u8], at: usize) -> u32 {
    1 + bytes.iter().take(at).filter(|byte| **byte == b'\n').count() as u32
}

/// Reads one file.
struct Reader<'a> {
    file: &'a str,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn error(&mut self, line: u32, rule: &'static str, message: impl Into<String>, hint: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(
            self.origin(line).at(line, ""),
            rule,
            message,
            hint,
        ));
    }

    fn warning(
        &mut self,
        line: u32,
        rule: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.diagnostics.push(Diagnostic::warning(
            self.origin(line).at(line, ""),
            rule,
            message,
            hint,
        ));
    }

    fn origin(&self, line: u32) -> Origin {
        Origin {
            file: self.file.into(),
            line,
            fields: BTreeMap::new(),
        }
    }

    /// Parses TOML that begins on `first` of the file, past errors as far as it goes.
    fn parse<'i>(&mut self, text: &'i str, first: u32) -> (Text, Spanned<DeTable<'i>>) {
        let (table, errors) = DeTable::parse_recoverable(text);
        let text = Text::new(text, first);
        for error in errors {
            let line = text.line(error.span().map_or(0, |span| span.start));
            let message = format!("TOML 写法错误：{}", error.message());
            self.error(line, "syntax", message, "检查这一行及上一行的引号、逗号和括号");
        }
        (text, table)
    }

    fn sources(&mut self, text: &str) -> Vec<SourceDraft> {
        let (text, table) = self.parse(text, 1);
        let mut file = Fields::of(self, &text, table.get_ref(), 1);
        let tables = file.tables("source");
        file.finish();
        tables
            .into_iter()
            .map(|(line, table)| self.source(&text, table, line))
            .collect()
    }

    fn source(&mut self, text: &Text, table: &DeTable<'_>, line: u32) -> SourceDraft {
        let mut fields = Fields::of(self, text, table, line);
        let state = fields.one_of(
            "state",
            &[
                ("in-force", SourceState::InForce),
                ("basis", SourceState::Basis),
                ("replaced", SourceState::Replaced),
            ],
        );
        let source = Source {
            id: fields.text("id"),
            title: fields.text("title"),
            short: fields.text("short"),
            edition: fields.text("edition"),
            issued: fields.text("issued"),
            state: state.unwrap_or(SourceState::InForce),
            replaced_by: fields.optional("replaced_by"),
            articles: fields.number("articles"),
            items: fields.number("items"),
            parts: fields.number("parts"),
            chapters: fields.number("chapters"),
            dated: fields.flag("dated"),
            preamble: fields.optional("preamble"),
        };
        SourceDraft {
            origin: fields.finish(),
            source,
        }
    }

    fn module(&mut self, text: &str, module: &mut ModuleDraft) {
        let (text, table) = self.parse(text, 1);
        let mut fields = Fields::of(self, &text, table.get_ref(), 1);
        module.id = fields.text("id");
        module.title = fields.text("title");
        module.summary = fields.text("summary");
        module.policy = fields.citations("policy");
        module.origin = fields.finish();
    }

    fn lesson(&mut self, text: &str) -> (LessonDraft, Rendered) {
        let (front, body, body_line) = match split_front_matter(text) {
            Some(parts) => parts,
            None => {
                self.error(
                    1,
                    "syntax",
                    "课文开头没有两行 +++ 之间的说明",
                    "第一行写 +++，说明写完再写一行 +++",
                );
                ("", text, 1)
            }
        };
        let (front, table) = self.parse(front, 2);
        let mut fields = Fields::of(self, &front, table.get_ref(), 1);
        let mut lesson = LessonDraft {
            id: fields.text("id"),
            title: fields.text("title"),
            minutes: fields.number("minutes"),
            checked: fields.text("checked"),
            against: fields.text("against"),
            tracks: fields.texts("tracks"),
            goals: fields.texts("goals"),
            confusions: fields.texts("confusions"),
            think: fields.texts("think"),
            sources: fields.citations("sources"),
            ..LessonDraft::default()
        };
        lesson.origin = fields.finish();
        let rendered = markdown::render(body);
        lesson.body = facts(&rendered, body_line);
        (lesson, rendered)
    }

    fn bank(&mut self, text: &str) -> BankDraft {
        let (text, table) = self.parse(text, 1);
        let mut fields = Fields::of(self, &text, table.get_ref(), 1);
        let mut bank = BankDraft {
            module: fields.text("module"),
            checked: fields.text("checked"),
            against: fields.text("against"),
            ..BankDraft::default()
        };
        let tables = fields.tables("question");
        let cases = fields.tables("case");
        bank.origin = fields.finish();
        bank.cases = cases
            .into_iter()
            .map(|(line, table)| self.case(&text, table, line))
            .collect();
        bank.questions = tables
            .into_iter()
            .filter_map(|(line, table)| self.question(&text, table, line))
            .collect();
        bank
    }

    fn case(&mut self, text: &Text, table: &DeTable<'_>, line: u32) -> CaseDraft {
        let mut fields = Fields::of(self, text, table, line);
        let case = Case {
            id: fields.text("id"),
            title: fields.text("title"),
            text: fields.text("text"),
        };
        CaseDraft {
            origin: fields.finish(),
            case,
        }
    }

    fn question(&mut self, text: &Text, table: &DeTable<'_>, line: u32) -> Option<QuestionDraft> {
        let mut fields = Fields::of(self, text, table, line);
        let kind = fields.one_of("kind", &Kind::ALL.map(|kind| (kind.code(), kind)));
        let mut question = Question {
            id: fields.text("id"),
            // Without a kind nothing else of it can be judged.
            kind: kind.unwrap_or(Kind::Single),
            stem: fields.text("stem"),
            options: fields.options("options"),
            matches: fields.options("matches"),
            blanks: fields.lists("blanks"),
            answer: fields.texts("answer"),
            explain: fields.text("explain"),
            cite: fields.citations("cite"),
            cited: Vec::new(),
            lesson: fields.text("lesson"),
            difficulty: fields.number("difficulty").try_into().unwrap_or(u8::MAX),
            points: fields.texts("points"),
            case: fields.optional("case"),
            tracks: fields.texts("tracks"),
            checked: fields.optional("checked"),
            against: fields.optional("against"),
        };
        if question.kind == Kind::Multiple {
            // A set: its order says nothing.
            question.answer.sort();
            question.answer.dedup();
        }
        let origin = fields.finish();
        kind.map(|_| QuestionDraft { origin, question })
    }
}

/// What the rules must know of a lesson's text.
fn facts(rendered: &Rendered, first: u32) -> Body {
    let line = |line: u32| first + line - 1;
    let mut body = Body {
        line: first,
        characters: rendered.characters,
        ..Body::default()
    };
    for heading in &rendered.headings {
        body.headings.push(HeadingDraft {
            anchor: heading.id.clone(),
            usable: heading.id.as_deref().is_some_and(markdown::is_anchor),
            level: heading.level,
            text: heading.text.clone(),
            line: line(heading.line),
        });
    }
    body.links = rendered
        .links
        .iter()
        .map(|link| (line(link.line), link.target.clone()))
        .collect();
    for oddity in &rendered.oddities {
        match &oddity.kind {
            OddityKind::RawHtml => body.raw_html.push(line(oddity.line)),
            OddityKind::Image => body.images.push(line(oddity.line)),
            OddityKind::Link(target) => body.dead_links.push((line(oddity.line), target.clone())),
        }
    }
    body
}

/// The front matter, the body and the body's first line.
fn split_front_matter(text: &str) -> Option<(&str, &str, u32)> {
    let mut at = 0;
    let mut start = None;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        at += line.len();
        match start {
            None if line.trim_end() == "+++" => start = Some(at),
            None => return None,
            Some(start) if line.trim_end() == "+++" => {
                return Some((&text[start..at - line.len()], &text[at..], number as u32 + 2));
            }
            Some(_) => {}
        }
    }
    None
}
