//! The examples of GIFT as npm gift-pegjs reads them, and the course's own questions there and back.

use std::path::{Path, PathBuf};
use std::process::Command;
use xuedang::domain::question::{Kind, Question};
use xuedang::format::content::{self, ContentFile};
use xuedang::format::{bank_sheet, gift, sheet};

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// `cargo xtask check gift` makes the JSON files anew with gift-pegjs itself.
#[test]
fn every_example_is_read_as_gift_pegjs_reads_it() {
    let folder = root("tests/fixtures/gift");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "gift"))
        .collect();
    paths.sort();
    assert!(paths.len() >= 51);
    let output = Command::new(env!("CARGO_BIN_EXE_pack"))
        .arg("gift")
        .args(&paths)
        .output()
        .unwrap();
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy();
        let golden = std::fs::read_to_string(path.with_extension("json")).unwrap();
        let golden: serde_json::Value = serde_json::from_str(&golden).unwrap();
        assert_eq!(found[&*name], golden, "{name}");
    }
}

fn files(folder: &Path, prefix: &str, found: &mut Vec<ContentFile>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            files(&entry.path(), &format!("{path}/"), found);
        } else {
            let bytes = std::fs::read(entry.path()).unwrap();
            found.push(ContentFile { path, bytes });
        }
    }
}

/// All questions of the course.
pub(crate) fn questions() -> Vec<Question> {
    let mut all = Vec::new();
    files(&root("content"), "", &mut all);
    let content = content::read(&all);
    let banks = content
        .course
        .modules
        .into_iter()
        .filter_map(|module| module.bank);
    let drafts = banks.flat_map(|bank| bank.questions);
    drafts
        .map(|draft| Question {
            cite: Vec::new(),
            ..draft.question
        })
        .collect()
}

/// What a question says, without where it stands in the course. Keys are those of the format.
fn said(question: &Question) -> impl PartialEq + std::fmt::Debug + use<> {
    let tight = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let all = |texts: &[String]| texts.iter().map(tight).collect::<Vec<String>>();
    let options: Vec<String> = question.options.values().cloned().collect();
    (
        question.kind,
        tight(&question.stem),
        all(&options),
        all(&question.answer_in_words()),
        question.blanks.clone(),
        tight(&question.explain),
        question.difficulty,
    )
}

#[test]
fn the_course_goes_through_gift_and_back() {
    let questions = questions();
    let (text, left) = gift::write("全部", questions.iter().map(|question| (question, None)));
    let is_left = |question: &&Question| left.iter().any(|one| one.id == question.id);
    for question in questions.iter().filter(is_left) {
        let blanks = question.blanks.len();
        assert!(question.kind == Kind::Order || blanks > 1, "{}", question.id);
    }
    let foreign = gift::foreign(&gift::read(&text));
    assert_eq!(foreign.refused, []);
    let kept: Vec<&Question> = questions.iter().filter(|question| !is_left(question)).collect();
    assert_eq!(foreign.drafts.len(), kept.len());
    assert!(kept.len() > 900, "{}", kept.len());
    for (draft, question) in foreign.drafts.iter().zip(kept) {
        assert_eq!(said(&draft.question), said(question), "{}", question.id);
    }
}

#[test]
fn the_course_goes_through_a_sheet_and_back() {
    let questions = questions();
    let (sheets, left) = bank_sheet::write(questions.iter().map(|question| (question, None)));
    assert_eq!(left, []);
    let head = sheet::Row {
        number: 1,
        cells: sheets[0]
            .columns
            .iter()
            .map(|column| column.heading.clone())
            .collect(),
    };
    let rows = sheets[0].rows.iter().zip(2..);
    let rows = rows.map(|(cells, number)| sheet::Row {
        number,
        cells: cells.clone(),
    });
    let table = sheet::Table {
        name: "题库".into(),
        rows: [head].into_iter().chain(rows).collect(),
    };
    let foreign = bank_sheet::read(&[table]);
    assert_eq!(foreign.refused, []);
    for (draft, question) in foreign.drafts.iter().zip(&questions) {
        assert_eq!(draft.doubts, [], "{}", question.id);
        assert_eq!(said(&draft.question), said(question), "{}", question.id);
    }
}
