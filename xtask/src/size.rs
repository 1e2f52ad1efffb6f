//! How large the built site is, as it travels: compressed by brotli at its best.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::{Context, Error, Result};

/// What the main WebAssembly file may weigh in transit, in bytes.
const BUDGET: usize = 260_000;

/// Prints raw and compressed sizes by kind of file, and holds the main WebAssembly to its budget.
///
/// # Errors
/// When the site is not built, or over its budget.
pub(crate) fn check(dist: &Path) -> Result<()> {
    let mut classes: BTreeMap<&'static str, Class> = BTreeMap::new();
    for path in files(dist)? {
        let relative = path.strip_prefix(dist).unwrap_or(&path);
        let bytes = fs::read(&path).with(|| format!("reading {}", path.display()))?;
        let class = classes.entry(class_of(relative)).or_default();
        class.files += 1;
        class.raw += bytes.len();
        class.compressed += brotli_size(&bytes)?;
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
    Ok(())
}

#[derive(Default)]
struct Class {
    files: usize,
    raw: usize,
    compressed: usize,
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

/// The size in bytes after brotli at quality 11, which static hosts serve.
fn brotli_size(bytes: &[u8]) -> Result<usize> {
    let mut counter = Counter(0);
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &*bytes, &mut counter, &parameters).with(|| "compressing".to_owned())?;
    Ok(counter.0)
}

struct Counter(usize);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
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
    fn brotli_makes_repetition_small() {
        let size = brotli_size(&b"learn and learn again ".repeat(500));
        assert!(size.is_ok_and(|size| size < 100));
    }
}
