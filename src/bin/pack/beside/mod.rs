//! Pages beside the lessons as HTML fragments: everything on them is made here, so that they cost
//! the browser's program nothing and read without it too.

mod glossary;
mod procedure;
mod sources;
mod timeline;
mod whom;

pub(crate) use glossary::mark;
pub(crate) use procedure::present;
pub(crate) use timeline::span as event_span;

use crate::fragment;
use xuedang::domain::course::lint::draft::{CourseDraft, Sheet};
use xuedang::domain::course::{Citation, Source, cite};
use xuedang::format::markdown::escape;

/// A page to be written.
pub(crate) struct Page {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) html: String,
}

/// All pages for which the course has material.
pub(crate) fn pages(course: &CourseDraft, sources: &[Source]) -> Vec<Page> {
    let all = [
        ("timeline", "大事年表", timeline::page(course, sources)),
        ("glossary", "词汇表", glossary::page(course, sources)),
        ("procedure", "发展党员流程", procedure::page(course, sources)),
        ("whom", "向哪里提出申请", whom::page(course, sources)),
        ("sources", "依据的文件", sources::page(course, sources)),
    ];
    let known = all.into_iter().filter(|(.., html)| !html.is_empty());
    known.map(|(id, title, html)| Page { id, title, html }).collect()
}

/// When and against what a sheet was checked.
fn checked<T>(sheet: &Sheet<T>) -> String {
    fragment::checked(&sheet.checked, &sheet.against)
}

/// Citations in one line.
fn cited(citations: &[Citation], sources: &[Source]) -> String {
    escape(&cite(sources, citations).join("；")).into_owned()
}

/// A link to a lesson by its title; nothing when there is no such lesson.
fn lesson_link(course: &CourseDraft, id: &str) -> Option<String> {
    let mut lessons = course.modules.iter().flat_map(|module| &module.lessons);
    let lesson = lessons.find(|lesson| lesson.id == id)?;
    Some(format!(
        "<a href=\"#/lesson/{}\">{}</a>",
        lesson.id,
        escape(&lesson.title)
    ))
}
