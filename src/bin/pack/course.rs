//! Drafts without errors to the files that the browser loads; names carry the hash of the bytes.

use crate::{Failure, beside, fragment};
use serde::Serialize;
use sha2::{Digest, Sha256};
use xuedang::domain::course::glossary::Term;
use xuedang::domain::course::lint::draft::{LessonDraft, ModuleDraft};
use xuedang::domain::course::search::{Index, LessonName, Unit};
use xuedang::domain::course::timeline::TimelineEvent;
use xuedang::domain::course::{
    Catalogue, Lesson, Module, PageRef, QuestionBank, QuestionRef, QuestionRefs, Source, cite,
};
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
    let search = Asset::json("search", &index(content))?;
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
        pages,
        assets,
    })
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

fn pack_bank(draft: &ModuleDraft, sources: &[Source]) -> QuestionBank {
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

fn index(content: &Content) -> Index {
    let (mut lessons, mut units) = (Vec::new(), Vec::new());
    for module in &content.course.modules {
        let first = lessons.len();
        for lesson in &module.lessons {
            let number = lessons.len() as u16;
            lessons.push(LessonName {
                id: lesson.id.clone(),
                title: lesson.title.clone(),
            });
            let Some(body) = content.texts.get(&lesson.origin.file) else {
                continue;
            };
            units.extend(body.sections.iter().map(|section| {
                let heading = section.heading.and_then(|heading| body.headings.get(heading));
                Unit {
                    question: None,
                    lesson: number,
                    anchor: heading
                        .and_then(|heading| heading.id.clone())
                        .filter(|id| is_anchor(id)),
                    heading: heading.map(|heading| heading.text.clone()).unwrap_or_default(),
                    text: section.text.clone(),
                }
            }));
        }
        let questions = module.bank.iter().flat_map(|bank| &bank.questions);
        units.extend(questions.filter_map(|draft| {
            let question = &draft.question;
            let (id, anchor) = question.place();
            let place = lessons[first..].iter().position(|lesson| lesson.id == id)?;
            let options = question.options.values().chain(question.matches.values());
            let words: Vec<&str> = options
                .map(String::as_str)
                .chain([question.explain.as_str()])
                .collect();
            Some(Unit {
                question: Some(question.id.clone()),
                lesson: (first + place) as u16,
                anchor: anchor.map(str::to_owned),
                heading: question.stem.clone(),
                text: words.join(" · "),
            })
        }));
    }
    Index::build(lessons, units)
}
