//! What people send at once: files of every kind, folders, archives, one file of many records. Here
//! is told what each is, by its name and its first bytes, and many records are opened at once. Names
//! are only a hint: chat applications append `(1)` to them, and people rename what they please.

use super::credential::report::Report;
use super::record::{self, MAX_BYTES};
use crate::domain::record::TrainingRecord;
use crate::domain::roster::{Arrived, Credential};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

/// What some bytes are, by what they say of themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A record, or what passes for one.
    Record,
    /// A signed record.
    Signed,
    /// A declaration that a key takes the place of another.
    KeyChange,
    /// Somebody's key backup, which is for its owner only.
    KeyBackup,
    /// A backup of all books.
    Backup,
    /// The name of a key.
    Key,
    /// A record's summary.
    Summary,
}

impl Kind {
    /// What the person reads where only records are taken.
    pub fn refusal(self) -> Option<&'static str> {
        Some(match self {
            Self::Record | Self::Signed => return None,
            Self::KeyChange => "这是更换钥匙的声明，不是培养记录；请到「核验记录」打开",
            Self::KeyBackup => "这是签名钥匙的备份文件，不是培养记录。备份只给钥匙的主人自己用，不要发给别人",
            Self::Backup => "这是学档的备份文件，不是培养记录；要恢复备份，请到「设置与备份」",
            Self::Key => "这是一把签名钥匙的二维码，不是培养记录；请到「核验记录」打开",
            Self::Summary => "这是培养记录的摘要，不是整份记录，只能用来核对；请到「核验记录」打开",
        })
    }
}

/// Says what some bytes are. Whether they are sound is another matter.
pub fn kind_of(bytes: &[u8]) -> Kind {
    #[derive(Deserialize)]
    struct Head {
        format: Option<serde_json::Value>,
        #[serde(rename = "@context")]
        context: Option<IgnoredAny>,
        #[serde(rename = "credentialSubject")]
        subject: Option<IgnoredAny>,
    }
    let bytes = unmarked(bytes);
    if let Ok(head) = serde_json::from_slice::<Head>(bytes) {
        return match head.format.as_ref().and_then(serde_json::Value::as_str) {
            Some("xuedang-key-change") => Kind::KeyChange,
            Some("xuedang-key") => Kind::KeyBackup,
            Some("xuedang-backup") => Kind::Backup,
            None if head.context.is_some() || head.subject.is_some() => Kind::Signed,
            _ => Kind::Record,
        };
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if text.trim_start().starts_with("did:key:") => Kind::Key,
        Ok(text) if super::qr::is_summary(text) => Kind::Summary,
        _ => Kind::Record,
    }
}

/// Without the mark of UTF-8 that some editors put at the beginning.
pub fn unmarked(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// How a file is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One record, or whatever else: reading it tells.
    One,
    /// Many records: one on each line, or one JSON array.
    Many,
    /// A `.zip`.
    Archive,
    /// A spreadsheet, which is a roster at best.
    Roster,
    /// What systems leave lying about in folders: passed over.
    Junk,
}

/// What a file is read for the first bytes of, so that [`shape_of`] can tell.
pub const HEAD: u64 = MAX_BYTES + 1;

/// Said of a spreadsheet among records.
pub const ROSTER: &str = "这是名册一类的表格（Office、WPS 文件），不是培养记录；请到「导入名册」导入";

/// Largest archive that is opened, in bytes.
pub const MAX_ARCHIVE: u64 = 512 << 20;

/// Said of an archive that is larger than [`MAX_ARCHIVE`].
pub fn too_large() -> String {
    format!("压缩包太大，最多 {} MB，请分成几个", MAX_ARCHIVE >> 20)
}

/// Said of an archive in an archive.
pub const NESTED: &str = "压缩包里的压缩包不打开：请先把它解压，再导入里面的文件";

/// Lines looked at before a file is taken for one record.
const LINES: usize = 64;

/// Says how a file is to be read, by its name and its first bytes; `is_whole`: they are all.
pub fn shape_of(name: &str, head: &[u8], is_whole: bool) -> Shape {
    let path = name.replace('\\', "/");
    let (folder, base) = path.rsplit_once('/').unwrap_or(("", &path));
    let base = base.to_lowercase();
    if base.starts_with('.')
        || base.starts_with("~$")
        || ["thumbs.db", "desktop.ini"].contains(&base.as_str())
        || folder.split('/').any(|part| part == "__MACOSX")
    {
        return Shape::Junk;
    }
    let ending = base.rsplit_once('.').map_or("", |(_, ending)| ending);
    if ["xls", "xlsx", "xlsm", "et", "csv"].contains(&ending) {
        return Shape::Roster;
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Shape::Archive;
    }
    if is_many(ending, unmarked(head).trim_ascii_start(), is_whole) {
        Shape::Many
    } else {
        Shape::One
    }
}

fn is_many(ending: &str, text: &[u8], is_whole: bool) -> bool {
    if text.starts_with(b"[") || ["ndjson", "jsonl"].contains(&ending) {
        return true;
    }
    let is_value = |text: &[u8]| serde_json::from_slice::<IgnoredAny>(text).is_ok();
    // A record that is written over many lines is one all the same.
    if is_whole && is_value(text) {
        return false;
    }
    let mut lines = text.split(|byte| *byte == b'\n');
    if !is_whole {
        // Cut off somewhere.
        lines.next_back();
    }
    lines
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty())
        .take(LINES)
        .any(|line| line.len() > 2 && line.starts_with(b"{") && line.ends_with(b"}") && is_value(line))
}

/// A file that came out of an archive, or did not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its path in the archive, as a name.
    pub name: String,
    /// How many bytes it has, end to end with the others; or what the person reads.
    pub size: Result<usize, String>,
}

/// Files of an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Portion {
    /// In their order.
    pub parts: Vec<Part>,
    /// Where the next begins; none when this was the last.
    pub next: Option<usize>,
}

/// A record that was opened among many: what [`Arrived`] holds, but for the text, which whoever asked
/// has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unsealed {
    /// The record. Its parts agree with its digests and with each other.
    pub record: TrainingRecord,
    /// Of its signatures, when it came with some.
    pub seal: Option<Seal>,
}

/// What is found of a signed record's signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// As [`Credential::proofs`].
    pub proofs: u32,
    /// As [`Credential::issuer`].
    pub issuer: String,
    /// As [`Credential::fails`].
    pub fails: bool,
}

impl Unsealed {
    /// As it is received, with the text that it came as.
    pub fn arrived(self, text: &str) -> Arrived {
        Arrived {
            record: self.record,
            credential: self.seal.map(|seal| Credential {
                text: text.trim_start_matches('\u{feff}').to_owned(),
                proofs: seal.proofs,
                issuer: seal.issuer,
                fails: seal.fails,
            }),
        }
    }
}

/// Those of them that are signed, to be checked before [`open_each`].
pub fn signed<'a>(records: &[&'a [u8]]) -> Vec<&'a [u8]> {
    let all = records.iter().copied();
    all.filter(|bytes| kind_of(bytes) == Kind::Signed).collect()
}

/// Opens records, signed or not: the same as one by one. `reports` are those of the [`signed`] ones, in
/// their order. A record that does not hold against its own digests is refused and the part named; one
/// whose signatures fail is opened all the same.
///
/// Of each what the person reads, when it is none.
pub fn open_each(
    records: &[&[u8]],
    reports: impl IntoIterator<Item = Result<Report, String>>,
) -> Vec<Result<Unsealed, String>> {
    let mut reports = reports.into_iter();
    let sound = |bytes: &[u8]| record::open(bytes).map_err(|error| error.to_string());
    let open = |bytes: &&[u8]| {
        let kind = kind_of(bytes);
        if let Some(why) = kind.refusal() {
            return Err(why.to_owned());
        }
        if kind == Kind::Record {
            return Ok(Unsealed {
                record: sound(bytes)?,
                seal: None,
            });
        }
        let report = reports.next().ok_or("没有核对签名")??;
        let inner = serde_json::to_vec(&report.record).map_err(|error| error.to_string())?;
        let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
        let credential = Credential::of(text.trim_start_matches('\u{feff}'), !report.holds);
        Ok(Unsealed {
            record: sound(&inner)?,
            seal: Some(Seal {
                proofs: credential.proofs,
                issuer: credential.issuer,
                fails: credential.fails,
            }),
        })
    };
    records.iter().map(open).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &[u8] = include_bytes!("../../tests/fixtures/record/full.json");

    fn lines(of: &[&[u8]]) -> Vec<u8> {
        of.join(&b'\n')
    }

    #[test]
    fn shapes_are_told_by_name_and_content() {
        let shape = |name: &str, bytes: &[u8]| shape_of(name, bytes, true);
        assert_eq!(shape("培养记录-张三(1).json", RECORD), Shape::One);
        let one_line = serde_json::from_slice::<serde_json::Value>(RECORD)
            .unwrap()
            .to_string();
        assert_eq!(shape("a.json", one_line.as_bytes()), Shape::One);
        assert_eq!(shape("a.txt", &lines(&[b"{\"a\":1}", b"{\"b\":2}"])), Shape::Many);
        // The first line is broken, and all the same it is a file of lines.
        assert_eq!(
            shape("a.txt", &lines(&[b"{\"a\":", b"", b"{\"b\":2}"])),
            Shape::Many
        );
        assert_eq!(shape("a.json", b"\xef\xbb\xbf [\n{}\n]"), Shape::Many);
        assert_eq!(shape("a.NDJSON", b"{}"), Shape::Many);
        // Cut off in the middle of a record that is written over many lines.
        assert_eq!(shape_of("a.json", &RECORD[..RECORD.len() / 2], false), Shape::One);
        assert_eq!(shape_of("a.json", &RECORD[..RECORD.len() / 2], true), Shape::One);
        let half = lines(&[one_line.as_bytes(), &one_line.as_bytes()[..99]]);
        assert_eq!(shape_of("a.json", &half, false), Shape::Many);
        assert_eq!(shape("记录.zip", b"PK\x03\x04..."), Shape::Archive);
        assert_eq!(shape("发来的文件", b"PK\x03\x04..."), Shape::Archive);
        assert_eq!(shape("名册(2).XLSX", b"PK\x03\x04..."), Shape::Roster);
        assert_eq!(shape("名册.xls", b"<html>"), Shape::Roster);
        assert_eq!(shape("名册.csv", b"a,b"), Shape::Roster);
        for junk in [
            ".DS_Store",
            "a/.b.json",
            "__MACOSX/a/._b.json",
            "a\\Thumbs.db",
            "~$名册.docx",
        ] {
            assert_eq!(shape(junk, RECORD), Shape::Junk, "{junk}");
        }
        assert_eq!(shape("图.png", b"\x89PNG"), Shape::One);
        assert_eq!(shape("empty", b""), Shape::One);
    }
}
