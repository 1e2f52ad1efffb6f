//! The journal: append, fold, snapshot, migrate, merge, over connectors that are given to it.
//!
//! A thing that happened is an [`Entry`]: an immutable line of JSON under a key that is unique
//! across devices. The write path is
//!
//! 1. [`Log::put`]: the write-ahead log, synchronous (localStorage);
//! 2. [`Vault::append`]: one strict-durability transaction (IndexedDB);
//! 3. [`Log::remove`], and only then does the screen say 已保存.
//!
//! The read path is [`Journal::load`]: snapshot, then the entries after it, then whatever the log
//! still holds from a tab that died between 1 and 2.

pub mod backup;
mod journal;
pub mod memory;
mod writer;

pub use backup::{Backup, BackupError, Preview};
pub use journal::{Fold, Journal, LoadReport, Received};
pub use writer::{SaveState, Writer};

/// The books that a browser keeps, each apart from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Book {
    /// One's own study.
    Study,
    /// A mentor's mentees.
    Mentees,
    /// A branch's register.
    Register,
    /// Own banks of questions.
    Packs,
    /// One's own signing keys, with their secrets: never in a backup of the books.
    Keys,
    /// The keys of others that were compared in person.
    Contacts,
    /// A branch's rosters and what it does about its people.
    Roster,
}

impl Book {
    /// All.
    pub const ALL: [Self; 7] = [
        Self::Study,
        Self::Mentees,
        Self::Register,
        Self::Packs,
        Self::Keys,
        Self::Contacts,
        Self::Roster,
    ];

    /// Those that a backup holds and that restoring one may replace: all but the secret keys, which
    /// leave this browser only under a passphrase.
    pub const BACKED_UP: [Self; 6] = [
        Self::Study,
        Self::Mentees,
        Self::Register,
        Self::Packs,
        Self::Contacts,
        Self::Roster,
    ];

    /// What its keys begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Study => "study/",
            Self::Mentees => "mentees/",
            Self::Register => "register/",
            Self::Packs => "packs/",
            Self::Keys => "keys/",
            Self::Contacts => "contacts/",
            Self::Roster => "roster/",
        }
    }

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Study => "我的学习",
            Self::Mentees => "联系对象（培养联系人）",
            Self::Register => "支部名册",
            Self::Packs => "自有题库",
            Self::Keys => "签名钥匙",
            Self::Contacts => "核对过的钥匙",
            Self::Roster => "名册与发展工作",
        }
    }

    /// The book that a key belongs to.
    pub fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|book| key.starts_with(book.prefix()))
    }

    /// Whether a backup holds it.
    pub fn is_backed_up(self) -> bool {
        self != Self::Keys
    }
}

use serde::{Deserialize, Serialize};
use std::fmt;

/// A line of a book: `key` is `<book>/<seq, 12 digits>/<event id>`, so that the order of keys is
/// the order of the fold; `json` is an [`crate::domain::study::Event`] of that book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Unique and sortable.
    pub key: String,
    /// The event.
    pub json: String,
}

/// A fold kept so that the next start is quick. It can always be thrown away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Which shape of state this is; another tag is not read.
    pub tag: String,
    /// Key of the last entry folded.
    pub covers: String,
    /// How many entries of the book were folded. When the vault counts another number up to
    /// `covers`, an entry has come in between, and the snapshot is not used.
    pub count: u32,
    /// The state.
    pub json: String,
}

/// What a store could not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// There is no such store, or the browser forbids it.
    Unavailable(String),
    /// No room left.
    Full,
    /// Somebody has replaced or deleted the data since this tab read it, or a newer version of
    /// the app has opened it: this tab must not write any more.
    Stale(String),
    /// Anything else, as the browser put it.
    Failed(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(why) => write!(f, "浏览器不允许本页保存数据（{why}）"),
            Self::Full => f.write_str("浏览器的存储空间已满"),
            Self::Stale(why) => f.write_str(why),
            Self::Failed(why) => write!(f, "写入失败（{why}）"),
        }
    }
}

impl std::error::Error for StoreError {}

/// The durable store. Every call is one transaction: all of it or nothing.
/// `epoch` is the number that [`Vault::epoch`] gave when this tab read; it changes when the data
/// are replaced or deleted, and a write with another number is refused as [`StoreError::Stale`].
#[allow(async_fn_in_trait)] // One thread, static dispatch.
pub trait Vault {
    /// The epoch now.
    async fn epoch(&self) -> Result<u64, StoreError>;
    /// Entries whose key starts with `prefix` and is greater than `after`, in order of key.
    async fn entries(&self, prefix: &str, after: Option<&str>) -> Result<Vec<Entry>, StoreError>;
    /// How many entries have a key that starts with `prefix` and is at most `to`.
    async fn count(&self, prefix: &str, to: &str) -> Result<u32, StoreError>;
    /// Adds entries with strict durability. Adding one that is there already changes nothing.
    async fn append(&self, epoch: u64, entries: &[Entry]) -> Result<(), StoreError>;
    /// Puts `entries` in the place of everything whose key starts with one of `prefixes`; what
    /// was there goes aside. Drops the snapshots. Returns the new epoch.
    async fn replace(&self, epoch: u64, prefixes: &[&str], entries: &[Entry]) -> Result<u64, StoreError>;
    /// Deletes the entries under these keys for good, those put aside too, and the snapshots.
    /// Returns the new epoch.
    async fn delete(&self, epoch: u64, keys: &[String]) -> Result<u64, StoreError>;
    /// Moves damaged entries aside, as they are.
    async fn set_aside(&self, epoch: u64, entries: &[Entry]) -> Result<(), StoreError>;
    /// All that was set aside.
    async fn aside(&self) -> Result<Vec<Entry>, StoreError>;
    /// The snapshot of a book (`prefix`).
    async fn snapshot(&self, prefix: &str) -> Result<Option<Snapshot>, StoreError>;
    /// Keeps a snapshot; relaxed durability is enough.
    async fn keep_snapshot(&self, epoch: u64, prefix: &str, snapshot: &Snapshot) -> Result<(), StoreError>;
    /// Deletes everything, aside and snapshots too. Returns the new epoch.
    async fn erase(&self) -> Result<u64, StoreError>;
}

/// The write-ahead log: small, synchronous, shared by all tabs.
pub trait Log {
    /// Writes a line.
    fn put(&self, entry: &Entry) -> Result<(), StoreError>;
    /// Takes a line out; one that is not there is no error.
    fn remove(&self, key: &str) -> Result<(), StoreError>;
    /// All lines, in order of key.
    fn all(&self) -> Result<Vec<Entry>, StoreError>;
}
