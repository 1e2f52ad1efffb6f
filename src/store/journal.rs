//! A book in memory: the fold of its entries.

use super::{Book, Entry, Log, Snapshot, StoreError, Vault};
use crate::domain::course::own::{PackEvent, Packs};
use crate::domain::json;
use crate::domain::keyring::{ContactEvent, Contacts, KeyEvent, KeyRing};
use crate::domain::roster::{Receipt, Register};
use crate::domain::study::{CURRENT_VERSION, Event, EventId, Happening, Study, Unreadable, is_newer};
use crate::domain::time::Env;
use crate::domain::workbench::{Deed, Workbench};
use serde::{Serialize, de::DeserializeOwned};

/// How many entries are folded at a start before a new snapshot is worth writing.
const SNAPSHOT_AFTER: u32 = 200;

/// A state that events fold into.
pub trait Fold: Default + Serialize + DeserializeOwned {
    /// What happens in this book.
    type What: Serialize + DeserializeOwned;
    /// Names the shape of the state; change it whenever the shape or the fold changes, and old
    /// snapshots are thrown away.
    const SHAPE: &'static str;
    /// Folds one event in.
    fn fold(&mut self, event: &Event<Self::What>);
    /// Whether a snapshot of it is read more quickly than its entries.
    fn is_worth_a_snapshot(&self) -> bool {
        true
    }
}

impl Fold for Study {
    type What = Happening;
    const SHAPE: &'static str = "study-3";
    fn fold(&mut self, event: &Event<Happening>) {
        self.apply(event);
    }
}

impl Fold for Register {
    type What = Receipt;
    const SHAPE: &'static str = "register-3";
    fn fold(&mut self, event: &Event<Receipt>) {
        self.apply(event);
    }
    /// The state is as large as its entries, and writing thousands of records as one text would hold
    /// the page up for seconds.
    fn is_worth_a_snapshot(&self) -> bool {
        self.people.len() < 2_000
    }
}

impl Fold for Packs {
    type What = PackEvent;
    const SHAPE: &'static str = "packs-1";
    fn fold(&mut self, event: &Event<PackEvent>) {
        self.apply(event);
    }
}

impl Fold for KeyRing {
    type What = KeyEvent;
    const SHAPE: &'static str = "keys-1";
    fn fold(&mut self, event: &Event<KeyEvent>) {
        self.apply(event);
    }
}

impl Fold for Contacts {
    type What = ContactEvent;
    const SHAPE: &'static str = "contacts-1";
    fn fold(&mut self, event: &Event<ContactEvent>) {
        self.apply(event);
    }
}

impl Fold for Workbench {
    type What = Deed;
    const SHAPE: &'static str = "workbench-1";
    fn fold(&mut self, event: &Event<Deed>) {
        self.apply(event);
    }
}

/// A book and the state that it adds up to.
#[derive(Clone, Debug)]
pub struct Journal<S: Fold> {
    book: Book,
    state: S,
    /// Key of the last entry folded; empty before the first.
    last: String,
    seq: u64,
    count: u32,
}

/// What a load met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadReport {
    /// The epoch that was read; writes carry it.
    pub epoch: u64,
    /// Entries that no build can read; they have been set aside.
    pub damaged: Vec<Entry>,
    /// A newer build has written here: show, but write nothing.
    pub newer: bool,
    /// Entries that a dead tab had left in the log, now in the vault.
    pub recovered: u32,
    /// Entries folded from the vault, over the snapshot.
    pub folded: u32,
}

/// What became of an entry that another tab wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// Folded in.
    Folded,
    /// Of another book, or had already.
    Ignored,
    /// It belongs before what has been folded: load again.
    Reload,
    /// Not of this version: write nothing any more.
    Newer,
}

impl<S: Fold> Journal<S> {
    /// An empty book.
    pub fn new(book: Book) -> Self {
        Self {
            book,
            state: S::default(),
            last: String::new(),
            seq: 0,
            count: 0,
        }
    }

    /// The state.
    pub fn state(&self) -> &S {
        &self.state
    }

    /// How many events have been folded.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The book.
    pub fn book(&self) -> Book {
        self.book
    }

    /// Reads a book: the snapshot where it still holds, the entries after it, and what a dead tab
    /// left in the log. Damaged entries are set aside, never dropped.
    ///
    /// # Errors
    /// [`StoreError`] when the vault cannot be read at all.
    pub async fn load(
        book: Book,
        vault: &impl Vault,
        log: &impl Log,
    ) -> Result<(Self, LoadReport), StoreError> {
        let mut reading = read(book, S::SHAPE, vault, log).await?;
        let start = match reading.snapshot.take() {
            None => Self::new(book),
            Some(snapshot) => match Self::from_snapshot(book, &snapshot) {
                Some(start) => start,
                None => {
                    reading = read(book, "", vault, log).await?;
                    Self::new(book)
                }
            },
        };
        let (journal, report) = start.fold(reading);
        if !report.damaged.is_empty() && !report.newer {
            vault.set_aside(report.epoch, &report.damaged).await?;
        }
        if report.folded > SNAPSHOT_AFTER && journal.state.is_worth_a_snapshot() {
            // A cache: without it the next start is slower, nothing more.
            let _ = vault
                .keep_snapshot(report.epoch, book.prefix(), &journal.snapshot())
                .await;
        }
        Ok((journal, report))
    }

    fn fold(mut self, reading: Reading) -> (Self, LoadReport) {
        let mut report = LoadReport {
            epoch: reading.epoch,
            newer: reading.newer,
            recovered: reading.recovered,
            folded: reading.entries.len() as u32,
            damaged: Vec::new(),
        };
        for entry in reading.entries {
            match Event::read(&entry.json) {
                Ok(event) if event.key(self.book.prefix()) == entry.key => self.take(&event, entry.key),
                Err(Unreadable::Newer) => report.newer = true,
                _ => report.damaged.push(entry),
            }
        }
        (self, report)
    }

    /// The book as the log alone has it: for a browser whose vault cannot be opened.
    pub fn from_log(book: Book, log: &impl Log) -> Self {
        let mut journal = Self::new(book);
        for entry in log.all().unwrap_or_default() {
            journal.receive(&entry);
        }
        journal
    }

    /// Makes the entries of things that happen now, one after the other, without folding them in:
    /// what is folded is what was written, by [`Self::receive`].
    pub fn draft(&self, happenings: Vec<S::What>, env: &mut dyn FnMut() -> Env) -> Vec<Entry> {
        self.draft_after(0, happenings, env)
    }

    /// As [`Self::draft`], behind so many that were drafted before and are not folded in yet.
    pub fn draft_after(
        &self,
        ahead: usize,
        happenings: Vec<S::What>,
        env: &mut dyn FnMut() -> Env,
    ) -> Vec<Entry> {
        let numbered = (self.seq + ahead as u64 + 1..).zip(happenings);
        numbered
            .map(|(seq, what)| {
                let env = env();
                let event = Event {
                    v: CURRENT_VERSION,
                    id: EventId::new(&env),
                    seq,
                    at: env.now,
                    what,
                };
                Entry {
                    key: event.key(self.book.prefix()),
                    json: event.write(),
                }
            })
            .collect()
    }

    /// Folds in an entry that this tab or another has made.
    pub fn receive(&mut self, entry: &Entry) -> Received {
        if Book::of(&entry.key) != Some(self.book) || entry.key == self.last {
            return Received::Ignored;
        }
        if entry.key < self.last {
            return Received::Reload;
        }
        match Event::read(&entry.json) {
            Ok(event) => {
                self.take(&event, entry.key.clone());
                Received::Folded
            }
            Err(Unreadable::Newer) => Received::Newer,
            Err(Unreadable::Damaged) => Received::Ignored,
        }
    }

    /// The snapshot of this moment.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            tag: S::SHAPE.into(),
            covers: self.last.clone(),
            count: self.count,
            json: json::canonical(&json::value_of(&(self.seq, &self.state))),
        }
    }

    fn from_snapshot(book: Book, snapshot: &Snapshot) -> Option<Self> {
        let (seq, state) = serde_json::from_str(&snapshot.json).ok()?;
        Some(Self {
            book,
            state,
            last: snapshot.covers.clone(),
            seq,
            count: snapshot.count,
        })
    }

    fn take(&mut self, event: &Event<S::What>, key: String) {
        self.state.fold(event);
        self.seq = self.seq.max(event.seq);
        self.last = key;
        self.count += 1;
    }
}

/// What the stores hold of a book, before it is folded.
struct Reading {
    epoch: u64,
    /// A snapshot of that shape that still holds.
    snapshot: Option<Snapshot>,
    /// What comes after it.
    entries: Vec<Entry>,
    newer: bool,
    recovered: u32,
}

/// The part of a load that is the same for every book, so that the program has it once.
async fn read(book: Book, shape: &str, vault: &impl Vault, log: &impl Log) -> Result<Reading, StoreError> {
    let prefix = book.prefix();
    let epoch = vault.epoch().await?;

    let mut left: Vec<Entry> = log.all().unwrap_or_default();
    left.retain(|entry| entry.key.starts_with(prefix));
    let newer = left.iter().any(|entry| is_newer(&entry.json));
    let mut recovered = 0;
    if !newer && !left.is_empty() {
        vault.append(epoch, &left).await?;
        for entry in &left {
            log.remove(&entry.key)?;
        }
        recovered = left.len() as u32;
    }

    let mut snapshot = vault
        .snapshot(prefix)
        .await?
        .filter(|snapshot| snapshot.tag == shape);
    if let Some(kept) = &snapshot
        && vault.count(prefix, &kept.covers).await? != kept.count
    {
        snapshot = None;
    }
    let after = snapshot.as_ref().map(|snapshot| snapshot.covers.as_str());
    let entries = vault.entries(prefix, after).await?;
    Ok(Reading {
        epoch,
        snapshot,
        entries,
        newer,
        recovered,
    })
}
