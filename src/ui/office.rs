//! The office's books: a mentor's mentees, a branch's register, own banks, keys and the keys of
//! others. Only the office's page keeps them open; the study looks into the own banks when one is
//! practised. And what is done with keys: the signing program signs and checks, secrets go nowhere else.

use super::desk::{Desk, env};
use crate::domain::course::own::{PackEvent, Packs};
use crate::domain::due::workdays::Holidays;
use crate::domain::json::value_of;
use crate::domain::keyring::{ContactEvent, Contacts, KeyEvent, KeyRing, OwnKey, Reason, Secret};
use crate::domain::record::TrainingRecord;
use crate::domain::roster::{Receipt, Register};
use crate::domain::study::EventId;
use crate::format::credential::Statement;
use crate::format::credential::orders::{self, KeyInfo};
use crate::format::credential::report::{KeyChange, Report};
use crate::platform::worker::{Piece, Pool, Worker};
use crate::platform::{clock, fetch, page};
use crate::store::{Book, Journal, StoreError};
use leptos::prelude::*;
use web_sys::Blob;

/// What the office's screens share.
#[derive(Clone, Copy)]
pub(super) struct Office {
    /// The desk underneath.
    desk: Desk,
    /// A mentor's mentees.
    pub(super) mentees: RwSignal<Journal<Register>>,
    /// A branch's register.
    pub(super) register: RwSignal<Journal<Register>>,
    /// Own banks of questions.
    pub(super) packs: RwSignal<Journal<Packs>>,
    /// One's own signing keys.
    pub(super) keys: RwSignal<Journal<KeyRing>>,
    /// The keys of others that were compared in person.
    pub(super) contacts: RwSignal<Journal<Contacts>>,
    worker: StoredValue<Worker, LocalStorage>,
    signers: StoredValue<Pool, LocalStorage>,
    clerk: StoredValue<Worker, LocalStorage>,
    holidays: StoredValue<Option<Holidays>>,
    /// Goes up whenever the workbench has changed: whoever shows something of it asks again.
    pub(super) workbench: RwSignal<u32>,
}

/// The office of this page.
pub(super) fn use_office() -> Office {
    expect_context()
}

impl Office {
    /// Puts the office's books on the desk.
    pub(super) fn open(desk: Desk) {
        let mentees = RwSignal::new(Journal::new(Book::Mentees));
        let register = RwSignal::new(Journal::new(Book::Register));
        desk.keep(mentees);
        desk.keep(register);
        let packs = RwSignal::new(Journal::new(Book::Packs));
        desk.keep(packs);
        let keys = RwSignal::new(Journal::new(Book::Keys));
        desk.keep(keys);
        let contacts = RwSignal::new(Journal::new(Book::Contacts));
        desk.keep(contacts);
        provide_context(Self {
            desk,
            mentees,
            register,
            packs,
            keys,
            contacts,
            worker: StoredValue::new_local(Worker::new(page::meta("xuedang-worker"))),
            signers: StoredValue::new_local(Pool::new(&page::meta("xuedang-signer"))),
            clerk: StoredValue::new_local(Worker::new(page::meta("xuedang-branch"))),
            holidays: StoredValue::new(None),
            workbench: RwSignal::new(0),
        });
    }

    /// The program for spreadsheets, fetched when it is first asked.
    pub(super) fn worker(self) -> Worker {
        self.worker.get_value()
    }

    /// The State Council's holidays as the site carries them, fetched once. None when they cannot be
    /// had: then what is counted in working days is provisional, and says so.
    pub(super) async fn holidays(self) -> Holidays {
        if let Some(known) = self.holidays.get_value() {
            return known;
        }
        let fetched = fetch::get_text(&page::meta("xuedang-holidays")).await;
        let read = fetched
            .ok()
            .and_then(|text| serde_json::from_str::<Holidays>(&text).ok());
        if let Some(holidays) = &read {
            self.holidays.try_set_value(Some(holidays.clone()));
        }
        read.unwrap_or_default()
    }

    /// Asks the branch's program, which is fetched when it is first asked, for something to show; see
    /// [`crate::format::workbench`].
    ///
    /// # Errors
    /// What the person reads.
    pub(super) async fn look<A: serde::de::DeserializeOwned>(
        self,
        what: &str,
        order: &impl serde::Serialize,
    ) -> Result<A, String> {
        read(&self.clerk(what, &written(order), None, |_| {}).await?.0)
    }

    /// Asks the branch's program with a file, which it reads itself, or for one; `progress` hears how
    /// far it has come.
    ///
    /// # Errors
    /// What the person reads.
    pub(super) async fn clerk(
        self,
        what: &str,
        text: &str,
        file: Option<&Blob>,
        progress: impl Fn(Progress) + 'static,
    ) -> Result<(String, Option<Blob>), String> {
        let hear = move |text: &str| {
            if let Some(step) = Progress::read(text) {
                progress(step);
            }
        };
        let answer = self.clerk.get_value().ask_with(what, text, file, hear).await;
        answer.map_err(|error| error.to_string())
    }

    /// Has the branch's program write something down; whoever shows something of the workbench asks
    /// again.
    ///
    /// # Errors
    /// What the person reads; then nothing has changed.
    pub(super) async fn have_written(
        self,
        what: &str,
        order: &impl serde::Serialize,
    ) -> Result<String, String> {
        let (text, _) = self.clerk(what, &written(order), None, |_| {}).await?;
        self.workbench.try_update(|count| *count += 1);
        Ok(text)
    }

    /// Whether there is any roster: without one the branch's program need not be fetched.
    pub(super) async fn has_roster(self) -> bool {
        !self.desk.is_empty(Book::Roster).await
    }

    /// Stops the branch's program: what was not answered has changed nothing.
    pub(super) fn stop_clerk(self) {
        self.clerk.get_value().cancel();
    }

    /// The program for keys and signatures, fetched when it is first asked: one of it for a single
    /// order, all for many.
    fn signers(self) -> Pool {
        self.signers.get_value()
    }

    /// Writes into the book of own banks: a bank comes whole, or not at all.
    ///
    /// # Errors
    /// The vault's; then the book is as it was.
    pub(super) async fn change_packs(self, what: PackEvent) -> Result<(), StoreError> {
        let entries = self
            .packs
            .with_untracked(|packs| packs.draft(vec![what], &mut env));
        self.desk.write_all(entries).await
    }

    /// Takes received records into a book: all of them, or none.
    ///
    /// # Errors
    /// The vault's; then the book is as it was.
    pub(super) async fn receive(
        self,
        book: RwSignal<Journal<Register>>,
        receipts: Vec<Receipt>,
    ) -> Result<(), StoreError> {
        let entries = book.with_untracked(|book| book.draft(receipts, &mut env));
        self.desk.write_all(entries).await
    }

    /// As [`Self::receive`], for many thousands of records: `receipt` gives one after the other, and the
    /// page breathes. `progress` hears how many have been written down.
    ///
    /// # Errors
    /// The vault's; then the book is as it was.
    pub(super) async fn receive_many(
        self,
        book: RwSignal<Journal<Register>>,
        mut receipt: impl FnMut() -> Option<Receipt>,
        progress: impl Fn(usize),
    ) -> Result<usize, StoreError> {
        let mut breath = clock::Breath::default();
        let mut entries = Vec::new();
        while let Some(receipt) = receipt() {
            let drafted =
                book.try_with_untracked(|book| book.draft_after(entries.len(), vec![receipt], &mut env));
            entries.extend(drafted.unwrap_or_default());
            breath.take().await;
        }
        let count = entries.len();
        self.desk.write_many(book, entries, progress).await?;
        Ok(count)
    }

    /// Opens many records, signed or not, in the signing programs: `next` gives piece after piece
    /// ([`orders::OPEN_MANY`]), `hear` gets each answer with its piece's number and says whether to go on.
    ///
    /// # Errors
    /// What the person reads.
    pub(super) async fn open_many(
        self,
        next: impl AsyncFnMut() -> Option<Piece>,
        mut hear: impl FnMut(usize, String) -> bool,
    ) -> Result<(), String> {
        let pool = self.signers();
        let spread = pool.spread(orders::OPEN_MANY, next, |number, (text, _)| hear(number, text));
        spread.await.map_err(|error| error.to_string())
    }

    /// Stops the signing programs in the middle of many records.
    pub(super) fn stop_signers(self) {
        self.signers().cancel();
    }

    /// Deletes a person from a book for good, with all that was done about them there.
    ///
    /// # Errors
    /// The vault's.
    pub(super) async fn forget(
        self,
        book: RwSignal<Journal<Register>>,
        holder: &EventId,
    ) -> Result<(), StoreError> {
        let prefix = book.with_untracked(Journal::book).prefix();
        let keys: Vec<String> = book.with_untracked(|journal| {
            let events = journal.state().events_of(holder);
            let keys = events.iter();
            keys.map(|(seq, event)| format!("{prefix}{seq:012}/{event}"))
                .collect()
        });
        self.desk.delete(&keys).await
    }

    /// Notes what happened to one's own keys.
    ///
    /// # Errors
    /// What the person reads; then the key ring is as it was.
    pub(super) async fn change_keys(self, what: Vec<KeyEvent>) -> Result<(), String> {
        let entries = self.keys.with_untracked(|keys| keys.draft(what, &mut env));
        let written = self.desk.write_all(entries).await;
        written.map_err(|error| format!("没有保存：{error}"))
    }

    /// Notes what was found of somebody's key.
    ///
    /// # Errors
    /// What the person reads; then the contacts are as they were.
    pub(super) async fn change_contacts(self, what: ContactEvent) -> Result<(), String> {
        let entries = self
            .contacts
            .with_untracked(|contacts| contacts.draft(vec![what], &mut env));
        let written = self.desk.write_all(entries).await;
        written.map_err(|error| format!("没有保存：{error}"))
    }

    /// The key in use, if there is one; changes are seen.
    pub(super) fn my_key(self) -> Option<KeyInfo> {
        self.keys.with(|keys| {
            keys.state().in_use().map(|held| KeyInfo {
                key: held.own.key.clone(),
                fingerprint: held.own.fingerprint.clone(),
            })
        })
    }

    /// The secret of a key that is held: of `key`, or of the one in use.
    fn secret(self, key: Option<&str>) -> Result<[u8; 32], String> {
        self.keys.with_untracked(|keys| {
            let keys = keys.state();
            let held = key.map_or_else(|| keys.in_use(), |key| keys.find(key));
            let held = held.ok_or("还没有签名钥匙，请先到「我的签名钥匙」生成一把")?;
            let damaged = "本机保存的签名钥匙已损坏，请到「我的签名钥匙」从备份恢复";
            Ok(held.own.secret.bytes().ok_or(damaged)?)
        })
    }

    async fn ask(self, what: &str, text: &str, bytes: Option<&[u8]>) -> Result<(String, Vec<u8>), String> {
        let answer = self.signers().one().ask(what, text, bytes).await;
        answer.map_err(|error| error.to_string())
    }

    /// Makes a key and keeps it as the one in use; the one that was is retired.
    ///
    /// # Errors
    /// What the person reads; then nothing has changed.
    pub(super) async fn make_key(self) -> Result<KeyInfo, String> {
        let (info, secret) = self.ask(orders::MAKE_KEY, "", None).await?;
        let info: KeyInfo = read(&info)?;
        let before = self.my_key_now();
        let retired = before.map(|key| KeyEvent::Retired {
            key,
            reason: Reason::Replaced,
        });
        let mut what: Vec<KeyEvent> = retired.into_iter().collect();
        what.push(KeyEvent::Made(own_key(&info, &secret)?));
        self.change_keys(what).await?;
        Ok(info)
    }

    /// The `did:key` of the key in use at this moment.
    pub(super) fn my_key_now(self) -> Option<String> {
        self.keys
            .with_untracked(|keys| keys.state().in_use().map(|held| held.own.key.clone()))
    }

    /// The key in use under a passphrase, as the text of a file.
    ///
    /// # Errors
    /// What the person reads.
    pub(super) async fn back_up_key(self, passphrase: &str) -> Result<String, String> {
        let order = orders::BackUp {
            passphrase: passphrase.to_owned(),
            now: env().now,
        };
        let secret = self.secret(None)?;
        Ok(self
            .ask(orders::BACK_UP, &written(&order), Some(&secret))
            .await?
            .0)
    }

    /// Opens the backup of a key; it is not kept yet, see [`Self::change_keys`].
    ///
    /// # Errors
    /// What the person reads.
    pub(super) async fn open_key(self, backup: &[u8], passphrase: &str) -> Result<OwnKey, String> {
        let (info, secret) = self.ask(orders::RESTORE, passphrase, Some(backup)).await?;
        own_key(&read(&info)?, &secret)
    }

    /// Declares that the key in use takes the place of `old`, which signs too where it is held here.
    /// Gives the declaration's text.
    ///
    /// # Errors
    /// What the person reads.
    pub(super) async fn declare_change(self, name: &str, old: &str) -> Result<String, String> {
        let mut secrets = self.secret(None)?.to_vec();
        if let Ok(secret) = self.secret(Some(old)) {
            secrets.extend(secret);
        }
        let order = orders::ChangeKey {
            name: name.to_owned(),
            old: old.to_owned(),
            now: env().now,
        };
        let order = written(&order);
        Ok(self.ask(orders::CHANGE_KEY, &order, Some(&secrets)).await?.0)
    }

    /// What a declaration says: which key takes the place of which.
    ///
    /// # Errors
    /// What the person reads.
    pub(super) async fn read_change(self, declaration: &[u8]) -> Result<KeyChange, String> {
        read(&self.ask(orders::READ_CHANGE, "", Some(declaration)).await?.0)
    }

    /// What a `did:key` is called.
    ///
    /// # Errors
    /// What the person reads: it is no key.
    pub(super) async fn key_of(self, did: &str) -> Result<KeyInfo, String> {
        read(&self.ask(orders::PUBLIC_KEY, did, None).await?.0)
    }

    /// Signs a record as its activist, with the key in use. Gives the credential's text.
    ///
    /// # Errors
    /// What the person reads.
    pub(super) async fn sign(self, record: &TrainingRecord) -> Result<String, String> {
        let order = orders::Sign {
            record: value_of(record),
            now: env().now,
        };
        let secret = self.secret(None)?;
        Ok(self.ask(orders::SIGN, &written(&order), Some(&secret)).await?.0)
    }

    /// Signs a signed record as a mentor or for the branch, with the key in use. Gives the new
    /// credential's text.
    ///
    /// # Errors
    /// What the person reads.
    pub(super) async fn countersign(self, credential: &str, statement: Statement) -> Result<String, String> {
        let order = orders::Countersign {
            credential: credential.to_owned(),
            statement,
            now: env().now,
        };
        let secret = self.secret(None)?;
        let order = written(&order);
        Ok(self.ask(orders::COUNTERSIGN, &order, Some(&secret)).await?.0)
    }

    /// Checks a signed record.
    ///
    /// # Errors
    /// What the person reads: it is no signed record at all. One whose signatures fail is a report.
    pub(super) async fn verify(self, bytes: &[u8]) -> Result<Report, String> {
        read(&self.ask(orders::VERIFY, "", Some(bytes)).await?.0)
    }
}

/// How far the branch's program has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Progress {
    /// What is being done.
    pub(super) what: String,
    /// How much of it is done.
    pub(super) done: usize,
    /// Of how much; 0 when that is not known.
    pub(super) of: usize,
}

impl Progress {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('\t');
        Some(Self {
            what: parts.next()?.to_owned(),
            done: parts.next()?.parse().ok()?,
            of: parts.next()?.parse().ok()?,
        })
    }

    /// What a reader sees: `正在核对 1200/5000`.
    pub(super) fn label(&self) -> String {
        match self.of {
            0 => format!("{}……", self.what),
            of => format!("{} {}/{of}", self.what, self.done),
        }
    }
}

fn own_key(info: &KeyInfo, secret: &[u8]) -> Result<OwnKey, String> {
    let secret = secret
        .try_into()
        .map_err(|_| "后台程序给的钥匙不完整，请再试一次")?;
    Ok(OwnKey {
        key: info.key.clone(),
        fingerprint: info.fingerprint.clone(),
        secret: Secret::new(secret),
    })
}

/// Reads an answer of the worker.
pub(super) fn read<T: serde::de::DeserializeOwned>(answer: &str) -> Result<T, String> {
    serde_json::from_str(answer).map_err(|_| "本页与后台程序的版本不同，请刷新本页".to_owned())
}

fn written<T: serde::Serialize>(order: &T) -> String {
    serde_json::to_string(order).unwrap_or_default()
}
