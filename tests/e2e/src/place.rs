//! A folder that lasts as long as its session.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A new, empty folder, removed when this is dropped.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let unique = format!("xuedang-e2e-{name}-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(unique);
        if let Err(error) = fs::create_dir_all(&path) {
            panic!("{} cannot be made: {error}", path.display());
        }
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The complete files whose names end in `suffix`, the oldest first.
    pub(crate) fn finished(&self, suffix: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        let names: Vec<String> = entries
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        // Firefox puts an empty file in place at once and fills another beside it.
        let unfinished = |name: &String| name.ends_with(".part") || name.ends_with(".crdownload");
        if names.iter().any(unfinished) {
            return Vec::new();
        }
        let mut files: Vec<_> = names
            .iter()
            .filter(|name| name.ends_with(suffix))
            .filter_map(|name| {
                let path = self.0.join(name);
                let about = fs::metadata(&path).ok()?;
                (about.len() > 0).then_some((about.modified().ok()?, path))
            })
            .collect();
        files.sort();
        files.into_iter().map(|(_, path)| path).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // It is in the system's folder for such things: what stays is cleared by the system.
        let _ = fs::remove_dir_all(&self.0);
    }
}
