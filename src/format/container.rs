//! Zip containers from elsewhere (`.xlsx`): looked into, and counted as they are unpacked.
//!
//! A container is hostile: what it says of its lengths need not be true, and a few kilobytes can
//! unpack to gigabytes. So its parts are unpacked portion by portion, and every byte that comes out
//! is taken off what this file may unpack to.

use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

/// Why a container is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::format) enum Refusal {
    /// More parts than are allowed.
    Parts,
    /// Unpacks to more than is allowed.
    Bomb,
    /// Damaged, as the reader put it.
    Damaged(String),
}

/// A container, its table of contents read.
pub(in crate::format) struct Container<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Bytes that may still be unpacked of it.
    left: u64,
}

impl<'a> Container<'a> {
    /// Opens a container that may have so many parts and unpack to so many bytes.
    ///
    /// # Errors
    /// [`Refusal`], but for a bomb: nothing is unpacked yet.
    pub(in crate::format) fn open(bytes: &'a [u8], parts: usize, unpacked: u64) -> Result<Self, Refusal> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
        if archive.len() > parts {
            return Err(Refusal::Parts);
        }
        Ok(Self {
            archive,
            left: unpacked,
        })
    }

    /// The place of the part of that name; small and capital letters, `\` and `/` are told apart
    /// only where there is a part of just that name.
    pub(in crate::format) fn find(&self, name: &str) -> Option<usize> {
        let plain = |name: &str| name.replace('\\', "/").to_ascii_lowercase();
        self.archive.index_for_name(name).or_else(|| {
            let wanted = plain(name);
            let mut names = self.archive.file_names();
            names.position(|name| name.is_ok_and(|name| plain(&name) == wanted))
        })
    }

    /// Whether there is a part of that name.
    pub(in crate::format) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// A part, of which at most so many bytes are unpacked.
    ///
    /// # Errors
    /// [`Refusal::Damaged`], also when it is encrypted.
    pub(in crate::format) fn part(&mut self, at: usize, most: u64) -> Result<Part<'_, 'a>, Refusal> {
        let file = self.archive.by_index(at).map_err(damaged)?;
        Ok(Part {
            file,
            left: &mut self.left,
            most,
        })
    }
}

fn damaged(error: ZipError) -> Refusal {
    Refusal::Damaged(error.to_string())
}

/// A part that is unpacked as it is read.
pub(in crate::format) struct Part<'a, 'b> {
    file: ZipFile<'a, Cursor<&'b [u8]>>,
    left: &'a mut u64,
    most: u64,
}

impl Part<'_, '_> {
    /// How many bytes it says that it unpacks to.
    pub(in crate::format) fn said(&self) -> u64 {
        self.file.size()
    }
}

/// Bytes that come portion by portion.
pub(in crate::format) trait Source {
    /// Puts the next bytes into the front of `portion`; how many, 0 at the end.
    ///
    /// # Errors
    /// [`Refusal`].
    fn fill(&mut self, portion: &mut [u8]) -> Result<usize, Refusal>;
}

impl Source for Part<'_, '_> {
    fn fill(&mut self, portion: &mut [u8]) -> Result<usize, Refusal> {
        let read = self.file.read(portion);
        let count = read.map_err(|error| Refusal::Damaged(error.to_string()))?;
        *self.left = self.left.checked_sub(count as u64).ok_or(Refusal::Bomb)?;
        self.most = self.most.checked_sub(count as u64).ok_or(Refusal::Bomb)?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    #[test]
    fn what_unpacks_without_end_is_not_unpacked_to_its_end() {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for name in ["a/One.xml", "two.xml"] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(&[b' '; 5_000]).unwrap();
        }
        let bytes = zip.finish().unwrap().into_inner();
        assert!(bytes.len() < 500);
        let open = |parts, unpacked| Container::open(&bytes, parts, unpacked);
        assert!(matches!(open(1, 0), Err(Refusal::Parts)));
        assert!(matches!(open(2, 0).map(|zip| zip.has("A\\ONE.xml")), Ok(true)));
        let mut zip = open(2, 9_999).unwrap();
        let mut portion = [0; 3_000];
        let mut drained = |at, most, zip: &mut Container<'_>| {
            let mut part = zip.part(at, most)?;
            while part.fill(&mut portion)? > 0 {}
            Ok(())
        };
        assert_eq!(
            drained(0, 4_999, &mut open(2, 10_000).unwrap()),
            Err(Refusal::Bomb),
            "the part alone"
        );
        assert_eq!(drained(0, 5_000, &mut zip), Ok(()));
        assert_eq!(
            drained(1, 5_000, &mut zip),
            Err(Refusal::Bomb),
            "with what was unpacked before"
        );
        assert!(Container::open(&bytes[..200], 9, 9).is_err());
    }
}
