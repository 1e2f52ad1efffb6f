//! The course as data: every rule of the lint, and the packing of a course.
//!
//! `fixtures/content/good` is a small course without a single problem. Each case breaks one thing
//! in it and names the problems that must be found, no more and no fewer.
#![cfg(all(feature = "pack", not(target_arch = "wasm32")))]
// The helpers outside `#[test]` functions are tests too.
#![allow(clippy::unwrap_used)]

#[path = "content/beside.rs"]
mod beside;
#[path = "content/lint.rs"]
mod lint;
#[path = "content/markdown.rs"]
mod markdown;
#[path = "content/pack.rs"]
mod pack;

use std::path::{Path, PathBuf};
use xuedang::format::content::ContentFile;

const SOURCES: &str = "sources.toml";
const MODULE: &str = "modules/01-shili/module.toml";
const LESSON: &str = "modules/01-shili/01-one.md";
const OTHER_LESSON: &str = "modules/01-shili/02-two.md";
const QUESTIONS: &str = "questions/01-shili.toml";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/content/good")
}

/// The files of the good course.
fn good() -> Vec<ContentFile> {
    let read = |path: &str| ContentFile {
        path: path.into(),
        bytes: std::fs::read(root().join(path)).unwrap(),
    };
    [SOURCES, MODULE, LESSON, OTHER_LESSON, QUESTIONS]
        .map(read)
        .to_vec()
}

/// Rewrites one file.
fn edit(files: &mut [ContentFile], path: &str, change: impl Fn(&str) -> String) {
    let file = files.iter_mut().find(|file| file.path == path).unwrap();
    let before = String::from_utf8(file.bytes.clone()).unwrap();
    let after = change(&before);
    assert_ne!(before, after, "the change did not take in {path}");
    file.bytes = after.into_bytes();
}

/// Replaces the first occurrence in one file.
fn replace(files: &mut [ContentFile], path: &str, from: &str, to: &str) {
    edit(files, path, |text| text.replacen(from, to, 1));
}
