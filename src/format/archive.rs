//! An archive (`.zip`) of records, unpacked in portions. It is hostile until it is unpacked: what it
//! says of its own sizes is believed only where it is refused for it, what comes out is counted, and
//! nothing in it is opened as an archive again. Paths in it are names to show and nothing else.

use super::delivery::{HEAD, MAX_ARCHIVE, NESTED, Part, Portion, ROSTER, Shape, shape_of, too_large};
use super::record::{MAX_BYTES, RecordError};
use crate::domain::is_unseen;
use std::fmt;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// Files that one may hold.
pub const MAX_FILES: usize = 50_000;
/// Bytes that may come out of one, all together.
pub const MAX_UNPACKED: u64 = 1 << 30;
/// Bytes that a file of many records may have in one.
pub const MAX_MANY: u64 = 256 << 20;
/// So many times its packed size a file may have when it is larger than [`MAX_BYTES`]. Records of a
/// whole branch in one file pack thirty times; deflate reaches a thousand only with nothing in it.
pub const MAX_RATIO: u64 = 200;
/// A portion ends after so many bytes…
const PORTION_BYTES: usize = 4 << 20;
/// …or so many files.
const PORTION_FILES: usize = 256;
/// Longest name that is shown, in characters: its end.
const MAX_NAME: usize = 120;

/// Why an archive is not read, or not any further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArchiveError {
    /// Larger than [`MAX_ARCHIVE`].
    TooLarge,
    /// No archive, or broken: as the reader put it.
    Damaged(String),
    /// A workbook, which is an archive too.
    Roster,
    /// Another document of an office program.
    Document,
    /// More than [`MAX_FILES`] files.
    TooMany(usize),
    /// More than [`MAX_UNPACKED`] comes out of it.
    Bomb,
}

impl fmt::Display for ArchiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => f.write_str(&too_large()),
            Self::Damaged(why) => write!(f, "压缩包不完整或已损坏，请对方重新发送（{why}）"),
            Self::Roster => f.write_str(ROSTER),
            Self::Document => f.write_str("这是 Office 文件（.docx 之类），不是学档导出的培养记录（.json）"),
            Self::TooMany(count) => {
                write!(
                    f,
                    "压缩包里有 {count} 个文件，最多 {MAX_FILES} 个，请分成几个压缩包"
                )
            }
            Self::Bomb => write!(
                f,
                "压缩包解开后超过 {} MB，没有再读下去，请分成几个压缩包",
                MAX_UNPACKED >> 20
            ),
        }
    }
}

impl std::error::Error for ArchiveError {}

/// An archive that was opened.
pub struct Archive {
    zip: ZipArchive<Cursor<Vec<u8>>>,
    /// Bytes that may still come out.
    left: u64,
}

impl fmt::Debug for Archive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Archive")
            .field("count", &self.zip.len())
            .field("left", &self.left)
            .finish()
    }
}

impl Archive {
    /// Looks into its list of contents.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub fn open(bytes: Vec<u8>) -> Result<Self, ArchiveError> {
        Self::open_within(bytes, MAX_UNPACKED)
    }

    /// As [`Self::open`], with another limit than [`MAX_UNPACKED`].
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub fn open_within(bytes: Vec<u8>, limit: u64) -> Result<Self, ArchiveError> {
        if bytes.len() as u64 > MAX_ARCHIVE {
            return Err(ArchiveError::TooLarge);
        }
        let damaged = |error: ZipError| ArchiveError::Damaged(error.to_string());
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
        if zip.len() > MAX_FILES {
            return Err(ArchiveError::TooMany(zip.len()));
        }
        let has = |name: &str| zip.index_for_name(name).is_some();
        if has("xl/workbook.xml") || has("xl/workbook.bin") {
            return Err(ArchiveError::Roster);
        }
        if has("[Content_Types].xml") || has("mimetype") {
            return Err(ArchiveError::Document);
        }
        Ok(Self { zip, left: limit })
    }

    /// How many entries it has, folders and what systems leave in them included.
    pub fn count(&self) -> usize {
        self.zip.len()
    }

    /// Unpacks the next files, from an entry on; and their bytes, end to end.
    ///
    /// # Errors
    /// [`ArchiveError::Bomb`]: nothing more is to be read of it.
    pub fn portion(&mut self, from: usize) -> Result<(Portion, Vec<u8>), ArchiveError> {
        let (mut parts, mut bytes) = (Vec::new(), Vec::new());
        let mut at = from;
        while at < self.zip.len() && bytes.len() < PORTION_BYTES && parts.len() < PORTION_FILES {
            if let Some(name) = self.name(at) {
                let begin = bytes.len();
                let size = match self.unpack(at, &name, &mut bytes) {
                    Ok(size) => size,
                    Err(Fault::Bomb) => return Err(ArchiveError::Bomb),
                    Err(Fault::Part(why)) => {
                        bytes.truncate(begin);
                        Err(why)
                    }
                };
                if size.is_err() {
                    bytes.truncate(begin);
                }
                parts.push(Part { name, size });
            }
            at += 1;
        }
        let next = (at < self.zip.len()).then_some(at);
        Ok((Portion { parts, next }, bytes))
    }

    /// The name of an entry; none of a folder, and of what is passed over.
    fn name(&mut self, at: usize) -> Option<String> {
        let part = match self.zip.by_index_raw(at) {
            Ok(part) => part,
            Err(_) => return Some(format!("第 {} 个文件", at + 1)),
        };
        let name = name_of(part.name_raw());
        let is_folder = part.is_dir() || name.ends_with('/');
        (!is_folder && shape_of(&name, &[], false) != Shape::Junk).then_some(name)
    }

    /// Unpacks an entry behind what is there.
    fn unpack(&mut self, at: usize, name: &str, bytes: &mut Vec<u8>) -> Result<Result<usize, String>, Fault> {
        let begin = bytes.len();
        let damaged = |_: std::io::Error| Fault::broken();
        let mut part = self.zip.by_index(at).map_err(|error| match error {
            ZipError::UnsupportedArchive(why) if why == ZipError::PASSWORD_REQUIRED => {
                Fault::Part("加了密码，打不开：请先解压，再导入里面的文件".into())
            }
            ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
                Fault::Part("压缩方式不认识：请先解压，再导入里面的文件".into())
            }
            _ => Fault::broken(),
        })?;
        let packed = part.compressed_size().max(1);
        if shape_of(name, &[], false) == Shape::Roster {
            return Ok(Err(ROSTER.into()));
        }
        let claimed = part.size();
        let mut read = |bytes: &mut Vec<u8>, limit: u64| {
            let count = part.by_ref().take(limit).read_to_end(bytes).map_err(damaged)? as u64;
            self.left = self.left.checked_sub(count).ok_or(Fault::Bomb)?;
            let size = (bytes.len() - begin) as u64;
            if size > MAX_BYTES && size / packed > MAX_RATIO {
                return Err(Fault::Part(format!(
                    "解开后是原来的 {MAX_RATIO} 倍以上，大得不正常，没有读下去"
                )));
            }
            Ok(count)
        };
        let is_whole = read(bytes, HEAD)? < HEAD;
        match shape_of(name, &bytes[begin..], is_whole) {
            Shape::Archive => return Ok(Err(NESTED.into())),
            _ if is_whole => {}
            Shape::Many => {
                // By steps, so that what is there for nothing but its size is found early.
                while read(bytes, HEAD)? == HEAD {
                    if (bytes.len() - begin) as u64 > MAX_MANY {
                        return Ok(Err(format!(
                            "解开后太大，最多 {} MB，请分成几个文件",
                            MAX_MANY >> 20
                        )));
                    }
                }
            }
            _ => return Ok(Err(RecordError::TooLarge(claimed.max(HEAD)).to_string())),
        }
        Ok(Ok(bytes.len() - begin))
    }
}

/// Why a file does not come out.
enum Fault {
    /// What the person reads of this one.
    Part(String),
    /// The archive is not to be read on.
    Bomb,
}

impl Fault {
    fn broken() -> Self {
        Self::Part("在压缩包里已损坏，解不开，请对方重新发送".into())
    }
}

/// A name as it is shown. Chinese editions of Windows write names in GBK without saying so, and Macs
/// write UTF-8 without saying so.
fn name_of(raw: &[u8]) -> String {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::GB18030
            .decode_without_bom_handling(raw)
            .0
            .into_owned(),
    };
    let name: String = name
        .replace('\\', "/")
        .chars()
        .filter(|c| !is_unseen(*c))
        .collect();
    match name.chars().count() {
        count if count > MAX_NAME => {
            let end: String = name.chars().skip(count - MAX_NAME).collect();
            format!("…{end}")
        }
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_what_they_were_written_in() {
        assert_eq!(name_of("一支部/张三(1).json".as_bytes()), "一支部/张三(1).json");
        let gbk = encoding_rs::GBK.encode("一支部\\张三.json").0.into_owned();
        assert_eq!(name_of(&gbk), "一支部/张三.json");
        let lone = encoding_rs::GB18030.encode("𠮷.json").0.into_owned();
        assert_eq!(name_of(&lone), "𠮷.json");
        assert_eq!(name_of("a\u{202e}nosj.exe".as_bytes()), "anosj.exe");
        assert_eq!(name_of("长".repeat(300).as_bytes()).chars().count(), MAX_NAME + 1);
    }
}
