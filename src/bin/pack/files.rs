//! The file system, as little of it as is needed.

use crate::Failure;
use std::path::Path;
use xuedang::format::content::ContentFile;

/// Every file below a directory. Hidden files (editors, systems) are passed over.
pub(crate) fn read(directory: &Path) -> Result<Vec<ContentFile>, Failure> {
    let mut found = Vec::new();
    walk(directory, "", &mut found)?;
    Ok(found)
}

fn walk(directory: &Path, prefix: &str, found: &mut Vec<ContentFile>) -> Result<(), Failure> {
    let explain = |error| format!("cannot read {}: {error}", directory.display());
    for entry in std::fs::read_dir(directory).map_err(explain)? {
        let entry = entry.map_err(explain)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.path().is_dir() {
            walk(&entry.path(), &format!("{path}/"), found)?;
        } else {
            let bytes = std::fs::read(entry.path()).map_err(explain)?;
            found.push(ContentFile { path, bytes });
        }
    }
    Ok(())
}

/// Writes a file and the directories above it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let explain = |error| format!("cannot write {}: {error}", path.display());
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(explain)?;
    }
    std::fs::write(path, bytes).map_err(explain)?;
    Ok(())
}
