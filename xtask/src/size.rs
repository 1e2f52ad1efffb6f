//! How large the built site is, as it travels: compressed by brotli at its best.
//!
//! Node.js, which wasm-opt needs anyway, has brotli built in and takes seconds for the whole site. A
//! brotli crate takes half a minute unoptimised, or as long to compile optimised, before any command.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::error::{Context, Error, Result};
use crate::workshop::Workshop;

/// What the main WebAssembly file may weigh in transit, in bytes.
const BUDGET: u64 = 260_000;

/// What everything up to the first lesson may weigh in transit: what it weighed when the course had
/// eleven lessons. More lessons must not make it dearer.
const FIRST_LESSON: u64 = 266_700;

/// What everything up to the first answered question may weigh in transit.
const FIRST_ANSWER: u64 = 350_000;

/// Prints raw and compressed sizes by kind of file, and holds the main WebAssembly, the way to the
/// first lesson and the way to the first answer to their budgets.
///
/// # Errors
/// When the site is not built, or over a budget.
pub(crate) fn check(workshop: &Workshop) -> Result<()> {
    let dist = workshop.dist();
    let paths = files(&dist)?;
    let mut classes: BTreeMap<&'static str, Class> = BTreeMap::new();
    let mut sizes: BTreeMap<String, u64> = BTreeMap::new();
    for (path, compressed) in paths.iter().zip(brotli_sizes(workshop, &paths)?) {
        let relative = path.strip_prefix(&dist).unwrap_or(path);
        let about = fs::metadata(path).with(|| format!("reading {}", path.display()))?;
        let class = classes.entry(class_of(relative)).or_default();
        class.files += 1;
        class.raw += about.len();
        class.compressed += compressed;
        sizes.insert(relative.to_string_lossy().into_owned(), compressed);
    }
    println!("{:<14} {:>6} {:>12} {:>12}", "kind", "files", "raw", "brotli");
    for (name, class) in &classes {
        let Class {
            files,
            raw,
            compressed,
        } = class;
        println!("{name:<14} {files:>6} {raw:>12} {compressed:>12}");
    }
    let main = classes
        .get(MAIN)
        .with(|| format!("{} holds no main WebAssembly file", dist.display()))?;
    let percent = main.compressed * 100 / BUDGET;
    let used = format!(
        "the main WebAssembly is {} bytes of {BUDGET} compressed ({percent} %)",
        main.compressed
    );
    if main.compressed > BUDGET {
        return Err(Error::new(format!("{used}: over budget")));
    }
    println!("{used}");
    let page = fs::read_to_string(dist.join("index.html")).with(|| "reading index.html".to_owned())?;
    let catalogue =
        quoted_after(&page, "name=\"xuedang-catalogue\" content=").with(|| "no catalogue".to_owned())?;
    let course = fs::read_to_string(dist.join(catalogue)).with(|| format!("reading {catalogue}"))?;
    let named = |name: &str| {
        let of = |key: &str| quoted_after(&course, &format!("\"{key}\":"));
        of(name).with(|| format!("{catalogue} names no {name}"))
    };
    let mut lesson: Vec<&str> = sizes
        .keys()
        .map(String::as_str)
        .filter(|path| page.contains(path))
        .collect();
    let program = lesson.iter().find_map(|path| path.strip_suffix(".js"));
    let program = format!(
        "{}_bg.wasm",
        program.with(|| "index.html starts no program".to_owned())?
    );
    lesson.extend(["index.html", &program, named("body")?]);
    let mut answer = lesson.clone();
    answer.extend([named("bank")?, named("refs")?]);
    for (what, paths, budget) in [
        ("the way to the first lesson", lesson, FIRST_LESSON),
        ("the way to the first answer", answer, FIRST_ANSWER),
    ] {
        let mut paths: Vec<&str> = paths;
        paths.sort_unstable();
        paths.dedup();
        let mut weight = 0;
        for path in &paths {
            weight += sizes
                .get(*path)
                .with(|| format!("{path} is not in the built site"))?;
        }
        let used = format!(
            "{what} is {} files, {weight} bytes of {budget} compressed ({} %)",
            paths.len(),
            weight * 100 / budget
        );
        if weight > budget {
            return Err(Error::new(format!("{used}: over budget")));
        }
        println!("{used}");
    }
    Ok(())
}

/// The text in quotation marks that follows `before`, at its first place.
fn quoted_after<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.strip_prefix('"')?.split('"').next()
}

#[derive(Default)]
struct Class {
    files: usize,
    raw: u64,
    compressed: u64,
}

const MAIN: &str = "main wasm";

/// The kind of a file, by its path in the site.
fn class_of(relative: &Path) -> &'static str {
    let top = relative.components().count() == 1;
    // Lessons as the app fetches them, and the catalogue that names them.
    if relative.starts_with("content") {
        return "course data";
    }
    let name = relative.file_name().unwrap_or_default().to_string_lossy();
    let extension = relative.extension().unwrap_or_default().to_string_lossy();
    match &*extension {
        "wasm" if is_main(&name) => MAIN,
        "wasm" => "other wasm",
        "js" | "mjs" => "script",
        "css" => "style",
        "html" if top => "page",
        "html" => "lesson pages",
        "svg" | "png" | "ico" | "webmanifest" => "icons",
        _ => "other",
    }
}

/// Trunk names the main file by its content: `xuedang-<hexadecimal>_bg.wasm`.
fn is_main(name: &str) -> bool {
    name.strip_prefix("xuedang-")
        .and_then(|rest| rest.strip_suffix("_bg.wasm"))
        .is_some_and(|hash| hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Compresses each file whose path it is told, and prints the size in bytes.
const COMPRESS: &str = "
    const { brotliCompressSync, constants } = require('node:zlib');
    const { readFileSync } = require('node:fs');
    for (const path of readFileSync(0, 'utf8').split('\\0').filter(Boolean)) {
        const bytes = readFileSync(path);
        const params = {
            [constants.BROTLI_PARAM_QUALITY]: 11,
            [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        };
        console.log(brotliCompressSync(bytes, { params }).length);
    }";

/// The sizes in bytes after brotli at quality 11, which static hosts serve, in the files' order.
fn brotli_sizes(workshop: &Workshop, paths: &[PathBuf]) -> Result<Vec<u64>> {
    let node = workshop
        .which("node")
        .with(|| "sizes are measured by Node.js, which is not on PATH".to_owned())?;
    let mut child = workshop
        .command(node)
        .args(["-e", COMPRESS])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with(|| "starting node".to_owned())?;
    if let Some(mut input) = child.stdin.take() {
        for path in paths {
            write!(input, "{}\0", path.display()).with(|| "telling node the files".to_owned())?;
        }
    }
    let output = child.wait_with_output().with(|| "waiting for node".to_owned())?;
    let sizes: Vec<u64> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| line.parse().ok())
        .collect();
    if output.status.success() && sizes.len() == paths.len() {
        Ok(sizes)
    } else {
        Err(Error::new("the sizes could not be measured"))
    }
}

/// Every file below a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        let entries = fs::read_dir(&folder).with(|| format!("reading {}", folder.display()))?;
        for entry in entries {
            let entry = entry.with(|| format!("reading {}", folder.display()))?;
            let kind = entry
                .file_type()
                .with(|| format!("reading {}", entry.path().display()))?;
            if kind.is_dir() {
                waiting.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart() {
        assert_eq!(class_of(Path::new("xuedang-12ab_bg.wasm")), MAIN);
        assert_eq!(class_of(Path::new("worker_bg.wasm")), "other wasm");
        assert_eq!(class_of(Path::new("xuedang-worker_bg.wasm")), "other wasm");
        assert_eq!(class_of(Path::new("index.html")), "page");
        assert_eq!(class_of(Path::new("lessons/index.html")), "lesson pages");
        assert_eq!(class_of(Path::new("content/a-12.html")), "course data");
        assert_eq!(class_of(Path::new("LICENSE")), "other");
    }

    #[test]
    fn quoted_texts_are_found() {
        let json = "{\"id\":\"a\",\"body\":\"content/a.html\",\"body\":\"b\"}";
        assert_eq!(quoted_after(json, "\"body\":"), Some("content/a.html"));
        assert_eq!(quoted_after(json, "\"bank\":"), None);
    }
}
