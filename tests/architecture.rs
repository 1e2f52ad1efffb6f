//! Rooms import downward only, and the pure rooms name nothing of the browser.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the ground up.
const ROOMS: [&str; 5] = ["domain", "format", "store", "platform", "ui"];
/// The room of the workers' programs, which knows the pure ones only.
const WORKER: &str = "worker";
/// Rooms that must run anywhere.
const PURE: [&str; 3] = ["domain", "format", "store"];
/// What the pure rooms may not name: the browser, the clock, chance.
const FOREIGN: [&str; 10] = [
    "leptos",
    "web_sys",
    "js_sys",
    "wasm_bindgen",
    "gloo_storage",
    "gloo_",
    "SystemTime",
    "Instant::now",
    "rand::",
    "getrandom",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Code lines of a room with their places: comments are not imports.
fn lines_of(room: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let folder = root.join(room);
    if folder.is_dir() {
        sources(&folder, &mut files);
    }
    let file = root.join(format!("{room}.rs"));
    if file.is_file() {
        files.push(file);
    }
    assert!(!files.is_empty(), "room {room} is empty");
    let mut lines = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or("").to_owned();
            lines.push((format!("{}:{}", file.display(), number + 1), code));
        }
    }
    lines
}

fn names_room(code: &str, room: &str) -> bool {
    ["crate::", "xuedang::"].iter().any(|root| {
        code.match_indices(root).any(|(at, _)| {
            let rest = &code[at + root.len()..];
            rest.strip_prefix(room)
                .is_some_and(|after| !after.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        })
    })
}

#[test]
fn rooms_import_downward_only() {
    let mut wrong = Vec::new();
    for (floor, room) in ROOMS.iter().enumerate() {
        for (place, code) in lines_of(room) {
            for above in &ROOMS[floor + 1..] {
                if names_room(&code, above) {
                    wrong.push(format!("{place}: {room} names {above}: {}", code.trim()));
                }
            }
            if names_room(&code, WORKER) {
                wrong.push(format!("{place}: {room} names {WORKER}: {}", code.trim()));
            }
            if code.contains("use crate::{") || code.contains("use crate::*") {
                wrong.push(format!("{place}: name one room per import: {}", code.trim()));
            }
        }
    }
    for (place, code) in lines_of(WORKER) {
        for other in ["platform", "ui"] {
            if names_room(&code, other) {
                wrong.push(format!("{place}: {WORKER} names {other}: {}", code.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pure_rooms_name_nothing_of_the_browser() {
    let mut wrong = Vec::new();
    for room in PURE {
        for (place, code) in lines_of(room) {
            for foreign in FOREIGN {
                if code.contains(foreign) {
                    wrong.push(format!("{place}: {room} names {foreign}: {}", code.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_rule_sees_what_it_forbids() {
    assert!(names_room("use crate::ui::app;", "ui"));
    assert!(names_room("let x = crate::platform::now();", "platform"));
    assert!(!names_room("use crate::domain::study;", "ui"));
    assert!(!names_room("use crate::uint;", "ui"));
}
