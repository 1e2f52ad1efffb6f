//! A backup: every entry of the books, as one file, and back again. Secret keys are in no backup,
//! and none of a backup's entries is taken for one.

use super::{Book, Entry, StoreError, Vault};
use crate::domain::study::{Unreadable, event_key};
use crate::domain::time::{Moment, rfc3339};
use crate::domain::{hex, sort_by};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt;

/// The name of the format.
const FORMAT: &str = "xuedang-backup";
const VERSION: u16 = 1;
/// Largest backup that is opened: 200 MiB.
pub const MAX_BYTES: u64 = 200 << 20;

/// A backup, version 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    format: String,
    version: u16,
    /// When it was made.
    #[serde(with = "rfc3339")]
    pub made_at: Moment,
    /// Every entry, as it is stored, in order of key.
    pub entries: Vec<Entry>,
    /// SHA-256 over the keys and lines.
    digest: String,
}

/// Why a file is not a sound backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackupError {
    /// Larger than [`MAX_BYTES`].
    TooLarge,
    /// Not JSON: line and column.
    NotJson(usize, usize),
    /// JSON of another kind.
    NotBackup,
    /// A backup of another version.
    Version,
    /// Not as it was when it was made.
    Changed,
    /// That entry (from 1) is damaged.
    Entry(usize),
    /// That entry (from 1) was written by a newer version of the app.
    Newer(usize),
}

impl fmt::Display for BackupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "文件太大，备份最多 {} MB", MAX_BYTES >> 20),
            Self::NotJson(line, column) => {
                write!(
                    f,
                    "内容不完整或不是备份文件（第 {line} 行第 {column} 列读不下去）"
                )
            }
            Self::NotBackup => f.write_str("不是学档的备份文件（缺少格式标记 format = xuedang-backup）"),
            Self::Version => f.write_str("字段 version：备份由别的版本生成，请刷新本页更新学档后再试"),
            Self::Changed => f.write_str("字段 digest：备份在导出之后被改动过，与校验值不符"),
            Self::Entry(at) => write!(f, "字段 entries 第 {at} 条：已损坏"),
            Self::Newer(at) => write!(
                f,
                "字段 entries 第 {at} 条：由更新的版本写成，请刷新本页更新学档后再试"
            ),
        }
    }
}

impl std::error::Error for BackupError {}

/// What an import would do, by book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// For each book: entries in the file, of these how many are new here, and entries here that
    /// the file lacks (a replacement would set these aside).
    pub books: Vec<(Book, usize, usize, usize)>,
}

impl Backup {
    /// A backup of those of `entries` that may be in one.
    pub fn new(mut entries: Vec<Entry>, made_at: Moment) -> Self {
        entries.retain(|entry| Book::of(&entry.key).is_none_or(Book::is_backed_up));
        sort_by(&mut entries, |a, b| a.key.cmp(&b.key));
        entries.dedup_by(|a, b| a.key == b.key);
        let digest = digest_of(&entries);
        Self {
            format: FORMAT.into(),
            version: VERSION,
            made_at: made_at.to_second(),
            entries,
            digest,
        }
    }

    /// Everything in the vault, and `pending` that is not yet in it.
    ///
    /// # Errors
    /// The vault's.
    pub async fn of(vault: &impl Vault, pending: Vec<Entry>, made_at: Moment) -> Result<Self, StoreError> {
        let mut entries = pending;
        for book in Book::BACKED_UP {
            entries.extend(vault.entries(book.prefix(), None).await?);
        }
        Ok(Self::new(entries, made_at))
    }

    /// The file's bytes.
    pub fn write(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads a backup; all of it is sound, or none of it is taken.
    ///
    /// # Errors
    /// [`BackupError`].
    pub fn read(bytes: &[u8]) -> Result<Self, BackupError> {
        if bytes.len() as u64 > MAX_BYTES {
            return Err(BackupError::TooLarge);
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        #[derive(Deserialize)]
        struct Head {
            format: Option<String>,
            version: Option<u64>,
        }
        let not_json = |error: serde_json::Error| {
            if error.is_data() {
                BackupError::NotBackup
            } else {
                BackupError::NotJson(error.line(), error.column())
            }
        };
        let head: Head = serde_json::from_slice(bytes).map_err(not_json)?;
        if head.format.as_deref() != Some(FORMAT) {
            return Err(BackupError::NotBackup);
        }
        if head.version != Some(u64::from(VERSION)) {
            return Err(BackupError::Version);
        }
        let backup: Self = serde_json::from_slice(bytes).map_err(not_json)?;
        if digest_of(&backup.entries) != backup.digest {
            return Err(BackupError::Changed);
        }
        for (at, entry) in backup.entries.iter().enumerate() {
            match check(entry) {
                Ok(()) => {}
                Err(Unreadable::Newer) => return Err(BackupError::Newer(at + 1)),
                Err(Unreadable::Damaged) => return Err(BackupError::Entry(at + 1)),
            }
        }
        Ok(backup)
    }

    /// What merging or replacing would do here.
    ///
    /// # Errors
    /// The vault's.
    pub async fn preview(&self, vault: &impl Vault) -> Result<Preview, StoreError> {
        let mut preview = Preview::default();
        for book in Book::BACKED_UP {
            let here: BTreeSet<String> = vault
                .entries(book.prefix(), None)
                .await?
                .into_iter()
                .map(|entry| entry.key)
                .collect();
            let there: Vec<_> = self
                .entries
                .iter()
                .filter(|entry| Book::of(&entry.key) == Some(book))
                .collect();
            let new = there.iter().filter(|entry| !here.contains(&entry.key)).count();
            preview
                .books
                .push((book, there.len(), new, here.len() + new - there.len()));
        }
        Ok(preview)
    }

    /// Adds what is new here: the union by id.
    ///
    /// # Errors
    /// The vault's; then nothing was added.
    pub async fn merge(&self, vault: &impl Vault, epoch: u64) -> Result<(), StoreError> {
        vault.append(epoch, &self.entries).await
    }

    /// Puts the backup in the place of everything here, which goes aside. Returns the new epoch.
    ///
    /// # Errors
    /// The vault's; then nothing was replaced.
    pub async fn replace(&self, vault: &impl Vault, epoch: u64) -> Result<u64, StoreError> {
        vault
            .replace(epoch, &Book::BACKED_UP.map(Book::prefix), &self.entries)
            .await
    }
}

/// Whether the envelope is sound. What an event says is checked when its book is read: a line that
/// no book takes is set aside there, as any damaged line is.
fn check(entry: &Entry) -> Result<(), Unreadable> {
    let book = Book::of(&entry.key)
        .filter(|book| book.is_backed_up())
        .ok_or(Unreadable::Damaged)?;
    match event_key(&entry.json, book.prefix())? {
        key if key == entry.key => Ok(()),
        _ => Err(Unreadable::Damaged),
    }
}

fn digest_of(entries: &[Entry]) -> String {
    let mut hasher = Sha256::new();
    for entry in entries {
        for text in [&entry.key, &entry.json] {
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text);
        }
    }
    hex(&hasher.finalize())
}
