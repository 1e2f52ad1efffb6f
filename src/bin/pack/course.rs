//! Drafts without errors to the files that the browser loads; names carry the hash of the bytes.

use crate::{Failure, beside, fragment};
use serde::Serialize;
use sha2::{Digest, Sha256};
use xuedang::domain::course::glossary::Term;
use xuedang::domain::course::lint::draft::{LessonDraft, ModuleDraft};
use xuedang::domain::course::search::write_line;
use xuedang::domain::course::timeline::{TimelineEvent, chinese};
use xuedang::domain::course::{
    Catalogue, Lesson, Module, PageRef, QuestionBank, QuestionRef, QuestionRefs, Source, cite,
};
use xuedang::domain::procedure::holiday::{Notice, holidays};
use xuedang::domain::question::{Case, Question};
use xuedang::format::content::Content;
use xuedang::format::markdown::{Rendered, is_anchor};

/// A file to write, its path relative to the page.
pub(crate) struct Asset {
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
}

impl Asset {
    /// `content/<name>-<hash>.<extension>`.
    fn hashed(name: &str, extension: &str, bytes: Vec<u8>) -> Self {
        Self {
            path: format!("content/{name}-{}.{extension}", hash(&bytes)),
            bytes,
        }
    }

    fn json(name: &str, value: &impl Serialize) -> Result<Self, Failure> {
        Ok(Self::hashed(name, "json", serde_json::to_vec(value)?))
    }
}

/// A lesson as its static page needs it, beside its entry in the catalogue.
pub(crate) struct PackedLesson {
    pub(crate) id: String,
    /// Chinese characters in the text.
    pub(crate) characters: u32,
    /// Its HTML fragment.
    pub(crate) html: String,
    /// Its questions in the bank's order.
    pub(crate) questions: Vec<Question>,
    /// The cases that some of them are about.
    pub(crate) cases: Vec<Case>,
}

/// The whole course.
pub(crate) struct Packed {
    pub(crate) catalogue: Catalogue,
    /// Path of the catalogue.
    pub(crate) path: String,
    /// In the order of the catalogue.
    pub(crate) lessons: Vec<PackedLesson>,
    /// Every source that may be cited.
    pub(crate) sources: Vec<Source>,
    /// Path of the holidays, for the office's page; without the file there is none.
    pub(crate) holidays: Option<String>,
    /// The pages beside the lessons.
    pub(crate) pages: Vec<beside::Page>,
    pub(crate) assets: Vec<Asset>,
}

/// 12 hex digits of SHA-256.
fn hash(bytes: &[u8]) -> String {
    xuedang::domain::hex(&Sha256::digest(bytes)[..6])
}

pub(crate) fn pack(content: &Content) -> Result<Packed, Failure> {
    let sources: Vec<Source> = content
        .course
        .sources
        .iter()
        .map(|draft| draft.source.clone())
        .collect();
    let around = Around {
        terms: content.course.glossary.things(),
        events: content.course.timeline.things(),
        sources,
    };
    let mut assets = Vec::new();
    let mut lessons = Vec::new();
    let mut modules = Vec::new();
    for draft in &content.course.modules {
        modules.push(pack_module(draft, content, &around, &mut lessons, &mut assets)?);
    }
    let refs: Vec<Vec<QuestionRef>> = modules
        .iter_mut()
        .flat_map(|module| &mut module.lessons)
        .map(|lesson| std::mem::take(&mut lesson.questions))
        .collect();
    let search = Asset::hashed("search", "txt", searched(content, &around).into_bytes());
    let refs = Asset::json("refs", &QuestionRefs(refs))?;
    let pages = beside::pages(&content.course, &around.sources);
    let mut catalogue = Catalogue {
        version: String::new(),
        modules,
        pages: Vec::new(),
        search: search.path.clone(),
        refs: refs.path.clone(),
    };
    for page in &pages {
        let asset = Asset::hashed(page.id, "html", page.html.clone().into_bytes());
        catalogue.pages.push(PageRef {
            id: page.id.into(),
            title: page.title.into(),
            body: asset.path.clone(),
        });
        assets.push(asset);
    }
    assets.extend([search, refs]);
    let holidays = pack_holidays(content)?;
    let holidays_path = holidays.as_ref().map(|asset| asset.path.clone());
    assets.extend(holidays);
    // The catalogue names every other file by its hash, so that its own hash speaks for all.
    catalogue.version = hash(&serde_json::to_vec(&catalogue)?);
    let asset = Asset::json("catalogue", &catalogue)?;
    let path = asset.path.clone();
    assets.push(asset);
    Ok(Packed {
        catalogue,
        path,
        lessons,
        sources: around.sources,
        holidays: holidays_path,
        pages,
        assets,
    })
}

/// Holidays are known to the office only, so the catalogue does not name them.
fn pack_holidays(content: &Content) -> Result<Option<Asset>, Failure> {
    let draft = &content.course.holidays;
    let notices: Vec<Notice> = draft.notices.iter().map(|draft| draft.what.clone()).collect();
    if notices.is_empty() {
        return Ok(None);
    }
    Asset::json("holidays", &holidays(&notices, &draft.entries.things())).map(Some)
}

/// What every lesson may speak of.
struct Around {
    sources: Vec<Source>,
    terms: Vec<Term>,
    events: Vec<TimelineEvent>,
}

fn pack_module(
    draft: &ModuleDraft,
    content: &Content,
    around: &Around,
    lessons: &mut Vec<PackedLesson>,
    assets: &mut Vec<Asset>,
) -> Result<Module, Failure> {
    let bank = pack_bank(draft, &around.sources);
    let bank_asset = Asset::json(&format!("questions-{}", draft.id), &bank)?;
    let mut module = Module {
        id: draft.id.clone(),
        number: draft.folder_parts().map_or(0, |(number, _)| number),
        title: draft.title.clone(),
        summary: draft.summary.clone(),
        policy: cite(&around.sources, &draft.policy),
        lessons: Vec::new(),
        bank: bank_asset.path.clone(),
    };
    assets.push(bank_asset);
    for lesson in &draft.lessons {
        let body = text(content, lesson)?;
        let events: Vec<&TimelineEvent> = around
            .events
            .iter()
            .filter(|event| event.lessons.contains(&lesson.id))
            .collect();
        let marked = beside::mark(&body.html, &around.terms, &lesson.id);
        let html = fragment::fragment(lesson, &marked, &around.sources, &events);
        let asset = Asset::hashed(
            &format!("lesson-{}", lesson.id),
            "html",
            html.clone().into_bytes(),
        );
        let questions: Vec<Question> = bank
            .questions
            .iter()
            .filter(|question| question.place().0 == lesson.id)
            .cloned()
            .collect();
        module.lessons.push(Lesson {
            id: lesson.id.clone(),
            title: lesson.title.clone(),
            minutes: lesson.minutes,
            hash: content_hash(lesson, body)?,
            body: asset.path.clone(),
            tracks: lesson.tracks.clone(),
            count: questions.len() as u32,
            questions: questions
                .iter()
                .map(|question| QuestionRef {
                    id: question.id.clone(),
                    hash: question.content_hash(),
                    points: question.points.clone(),
                })
                .collect(),
        });
        assets.push(asset);
        lessons.push(PackedLesson {
            id: lesson.id.clone(),
            characters: lesson.body.characters,
            html,
            cases: bank
                .cases
                .iter()
                .filter(|case| {
                    questions
                        .iter()
                        .any(|question| question.case.as_ref() == Some(&case.id))
                })
                .cloned()
                .collect(),
            questions,
        });
    }
    Ok(module)
}

pub(crate) fn pack_bank(draft: &ModuleDraft, sources: &[Source]) -> QuestionBank {
    let Some(bank) = &draft.bank else {
        return QuestionBank {
            module: draft.id.clone(),
            checked: String::new(),
            against: String::new(),
            cases: Vec::new(),
            questions: Vec::new(),
        };
    };
    let in_words = |question: &Question| Question {
        cited: cite(sources, &question.cite),
        ..question.clone()
    };
    QuestionBank {
        module: draft.id.clone(),
        checked: bank.checked.clone(),
        against: bank.against.clone(),
        cases: bank.cases.iter().map(|draft| draft.case.clone()).collect(),
        questions: bank
            .questions
            .iter()
            .map(|draft| in_words(&draft.question))
            .collect(),
    }
}

/// What a reader learnt from: a new check of the same words does not make it another lesson.
fn content_hash(lesson: &LessonDraft, body: &Rendered) -> Result<String, Failure> {
    let words = (
        &lesson.title,
        &lesson.goals,
        &body.html,
        &lesson.confusions,
        &lesson.think,
    );
    Ok(hash(&serde_json::to_vec(&words)?))
}

fn text<'a>(content: &'a Content, lesson: &LessonDraft) -> Result<&'a Rendered, Failure> {
    let file = &lesson.origin.file;
    content
        .texts
        .get(file)
        .ok_or_else(|| format!("no text for {file}").into())
}

/// The texts that are searched and travel in no other form that fits: questions are in their banks.
fn searched(content: &Content, around: &Around) -> String {
    let mut out = String::new();
    for lesson in content.course.modules.iter().flat_map(|module| &module.lessons) {
        let Some(body) = content.texts.get(&lesson.origin.file) else {
            continue;
        };
        let (opening, sections) = match body.sections.split_first() {
            Some((first, rest)) if first.heading.is_none() => (first.text.as_str(), rest),
            _ => ("", body.sections.as_slice()),
        };
        write_line(&mut out, 'l', &lesson.id, &lesson.title, opening);
        for section in sections {
            let heading = section.heading.and_then(|heading| body.headings.get(heading));
            let id = heading.and_then(|heading| heading.id.as_deref());
            let anchor = id.filter(|id| is_anchor(id)).unwrap_or_default();
            let heading = heading.map_or("", |heading| &heading.text);
            write_line(&mut out, 's', anchor, heading, &section.text);
        }
    }
    for term in &around.terms {
        let mut text = term.also.join("、");
        if !text.is_empty() {
            text.push('。');
        }
        write_line(&mut out, 't', &term.id, &term.term, &(text + &term.text));
    }
    for event in &around.events {
        let mut date = chinese(&event.date);
        if !event.until.is_empty() {
            date = format!("{date}—{}", chinese(&event.until));
        }
        write_line(
            &mut out,
            'e',
            &event.id,
            &event.title,
            &format!("{date}。{}", event.text),
        );
    }
    if let Some(present) = beside::present(&content.course, &around.sources) {
        for step in present.procedure().steps {
            let mut text = step.what;
            for (name, more) in [
                ("谁来办", step.who),
                ("期限", step.deadline),
                ("形成", step.makes.join("、")),
                ("注意", step.note),
            ] {
                if !more.is_empty() {
                    text += &format!(" · {name}：{more}");
                }
            }
            write_line(&mut out, 'p', &step.id, &step.title, &text);
        }
    }
    out
}
