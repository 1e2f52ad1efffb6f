//! Drafts without errors to the files that the browser loads; names carry the hash of the bytes.

use crate::{Failure, fragment};
use serde::Serialize;
use sha2::{Digest, Sha256};
use xuedang::domain::course::lint::draft::{LessonDraft, ModuleDraft};
use xuedang::domain::course::search::{Index, LessonName, Unit};
use xuedang::domain::course::{Catalogue, Lesson, Module, QuestionBank, QuestionRef, Source};
use xuedang::domain::question::Question;
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
    /// Its HTML fragment.
    pub(crate) html: String,
    /// Its questions in the bank's order.
    pub(crate) questions: Vec<Question>,
}

/// The whole course.
pub(crate) struct Packed {
    pub(crate) catalogue: Catalogue,
    /// Path of the catalogue.
    pub(crate) path: String,
    /// In the order of the catalogue.
    pub(crate) lessons: Vec<PackedLesson>,
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
    let mut assets = Vec::new();
    let mut lessons = Vec::new();
    let mut modules = Vec::new();
    for draft in &content.course.modules {
        modules.push(pack_module(draft, content, &sources, &mut lessons, &mut assets)?);
    }
    let search = Asset::json("search", &index(content))?;
    let mut catalogue = Catalogue {
        version: String::new(),
        sources,
        modules,
        search: search.path.clone(),
    };
    assets.push(search);
    // The catalogue names every other file by its hash, so that its own hash speaks for all.
    catalogue.version = hash(&serde_json::to_vec(&catalogue)?);
    let asset = Asset::json("catalogue", &catalogue)?;
    let path = asset.path.clone();
    assets.push(asset);
    Ok(Packed {
        catalogue,
        path,
        lessons,
        assets,
    })
}

fn pack_module(
    draft: &ModuleDraft,
    content: &Content,
    sources: &[Source],
    lessons: &mut Vec<PackedLesson>,
    assets: &mut Vec<Asset>,
) -> Result<Module, Failure> {
    let questions = draft
        .bank
        .iter()
        .flat_map(|bank| &bank.questions)
        .map(|draft| draft.question.clone())
        .collect();
    let bank = QuestionBank {
        module: draft.id.clone(),
        questions,
    };
    let bank_asset = Asset::json(&format!("questions-{}", draft.id), &bank)?;
    let mut module = Module {
        id: draft.id.clone(),
        number: draft.folder_parts().map_or(0, |(number, _)| number),
        title: draft.title.clone(),
        summary: draft.summary.clone(),
        policy: draft.policy.clone(),
        lessons: Vec::new(),
        bank: bank_asset.path.clone(),
        checked: draft
            .bank
            .as_ref()
            .map(|bank| bank.checked.clone())
            .unwrap_or_default(),
    };
    assets.push(bank_asset);
    for lesson in &draft.lessons {
        let body = text(content, lesson)?;
        let html = fragment::fragment(lesson, &body.html, sources);
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
            characters: lesson.body.characters,
            checked: lesson.checked.clone(),
            sources: lesson.sources.clone(),
            hash: content_hash(lesson, body)?,
            body: asset.path.clone(),
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
            html,
            questions,
        });
    }
    Ok(module)
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
            let options = question.options.values().map(String::as_str);
            let words: Vec<&str> = options.chain([question.explain.as_str()]).collect();
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
