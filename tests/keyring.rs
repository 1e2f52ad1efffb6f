//! Keys: secrets are in no backup, a restored backup leaves them alone, and what earlier builds wrote
//! is read.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod common;

use common::*;
use pollster::block_on;
use proptest::prelude::*;
use xuedang::domain::keyring::{
    Contact, ContactEvent, Contacts, KeyEvent, KeyRing, OwnKey, Reason, Role, Secret,
};
use xuedang::domain::study::Event;
use xuedang::store::memory::{MemoryLog, MemoryVault};
use xuedang::store::{Backup, BackupError, Book, Entry, Fold, Journal, Vault};

fn own(seed: u8) -> OwnKey {
    OwnKey {
        key: format!("did:key:z6Mk{seed}"),
        fingerprint: format!("{seed:05} 00000 00000 00000 00000 00000"),
        secret: Secret::new(&[seed; 32]),
    }
}

/// The secret as it lies in the book.
fn stored(seed: u8) -> String {
    format!("{seed:02x}").repeat(32)
}

fn contact(key: &str) -> Contact {
    Contact {
        key: key.into(),
        fingerprint: "00001 00002 00003 00004 00005 00006".into(),
        name: "王喆𠮷".into(),
        role: Role::Mentor,
        on: date("2026-11-25"),
    }
}

fn entries<S: Fold>(journal: &mut Journal<S>, what: Vec<S::What>, minute: i64) -> Vec<Entry> {
    let mut minute = minute;
    let entries = journal.draft(what, &mut || {
        minute += 1;
        env(minute)
    });
    for entry in &entries {
        journal.receive(entry);
    }
    entries
}

/// A browser with a key that is in use, one that is not, and a contact.
fn browser() -> MemoryVault {
    let vault = MemoryVault::default();
    let mut keys = Journal::<KeyRing>::new(Book::Keys);
    let what = vec![
        KeyEvent::Made(own(0xa1)),
        KeyEvent::Retired {
            key: own(0xa1).key,
            reason: Reason::Exposed,
        },
        KeyEvent::Made(own(0xb2)),
    ];
    block_on(vault.append(0, &entries(&mut keys, what, 0))).unwrap();
    let mut contacts = Journal::<Contacts>::new(Book::Contacts);
    let what = vec![ContactEvent::Confirmed(contact("did:key:z6Mkother"))];
    block_on(vault.append(0, &entries(&mut contacts, what, 10))).unwrap();
    vault
}

fn keys(vault: &MemoryVault) -> KeyRing {
    let log = MemoryLog::default();
    let (journal, report) = block_on(Journal::<KeyRing>::load(Book::Keys, vault, &log)).unwrap();
    assert!(report.damaged.is_empty());
    journal.state().clone()
}

fn contacts(vault: &MemoryVault) -> Contacts {
    let log = MemoryLog::default();
    let (journal, _) = block_on(Journal::<Contacts>::load(Book::Contacts, vault, &log)).unwrap();
    journal.state().clone()
}

#[test]
fn every_book_is_in_a_backup_but_the_keys() {
    for book in Book::ALL {
        assert_eq!(book.is_backed_up(), Book::BACKED_UP.contains(&book), "{book:?}");
        assert_eq!(book.is_backed_up(), book != Book::Keys);
    }
    let vault = browser();
    // What waits to be saved goes into a backup as well; a key that does must not.
    let pending = block_on(vault.entries(Book::Keys.prefix(), None)).unwrap();
    assert_eq!(pending.len(), 3);
    for backup in [
        block_on(Backup::of(&vault, pending.clone(), env(99).now)).unwrap(),
        // The rescue file is made so.
        Backup::new(pending, env(99).now),
    ] {
        let text = String::from_utf8(backup.write()).unwrap();
        assert!(!text.contains(&stored(0xa1)) && !text.contains(&stored(0xb2)));
        assert!(!text.contains("keys/") && !text.contains("did:key:z6Mk161"));
        assert_eq!(Backup::read(text.as_bytes()).unwrap(), backup);
    }
}

#[test]
fn restoring_a_backup_leaves_keys_alone_and_brings_contacts() {
    let other = browser();
    let backup = block_on(Backup::of(&other, Vec::new(), env(99).now)).unwrap();
    for replace in [false, true] {
        let vault = MemoryVault::default();
        let mut mine = Journal::<KeyRing>::new(Book::Keys);
        let made = entries(&mut mine, vec![KeyEvent::Made(own(0xc3))], 0);
        block_on(vault.append(0, &made)).unwrap();
        if replace {
            block_on(backup.replace(&vault, 0)).unwrap();
        } else {
            block_on(backup.merge(&vault, 0)).unwrap();
        }
        assert_eq!(keys(&vault), *mine.state());
        assert_eq!(contacts(&vault), contacts(&other));
        assert!(block_on(vault.aside()).unwrap().is_empty());
    }
}

#[test]
fn a_key_in_a_backup_is_refused() {
    // Somebody who writes a key of his own into a backup must not get it into use.
    let mut ring = Journal::<KeyRing>::new(Book::Keys);
    let planted = entries(&mut ring, vec![KeyEvent::Made(own(0xee))], 0).remove(0);
    let mut packs = Journal::<Contacts>::new(Book::Contacts);
    let fair = entries(
        &mut packs,
        vec![ContactEvent::Confirmed(contact("did:key:z6Mkx"))],
        0,
    )
    .remove(0);
    let text = String::from_utf8(Backup::new(vec![fair.clone()], env(9).now).write()).unwrap();
    let swap = |text: &str, from: &Entry, to: &Entry| {
        let json = |text: &str| serde_json::to_string(text).unwrap();
        text.replace(&json(&from.key), &json(&to.key))
            .replace(&json(&from.json), &json(&to.json))
    };
    let text = swap(&text, &fair, &planted);
    let digest = {
        use sha2::{Digest, Sha256};
        let mut hasher = Sha256::new();
        for text in [&planted.key, &planted.json] {
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text);
        }
        xuedang::domain::hex(&hasher.finalize())
    };
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    value["digest"] = digest.into();
    assert_eq!(
        Backup::read(value.to_string().as_bytes()),
        Err(BackupError::Entry(1))
    );
}

#[test]
fn everything_deleted_leaves_no_key() {
    let vault = browser();
    block_on(vault.erase()).unwrap();
    assert_eq!(keys(&vault), KeyRing::default());
    assert!(block_on(vault.entries("", None)).unwrap().is_empty());
}

/// An event of each kind, as this version's first build wrote them.
#[test]
fn what_earlier_builds_wrote_is_read() {
    let mut ring = KeyRing::default();
    for line in include_str!("fixtures/journal/keys-v2.jsonl").lines() {
        let event = Event::<KeyEvent>::read(line).unwrap();
        assert_eq!(event.write(), line);
        ring.apply(&event);
    }
    let held = ring.in_use().unwrap();
    assert_eq!((held.own.clone(), held.restored), (own(2), true));
    assert!(held.backed_up.is_some());
    assert_eq!(ring.others().count(), 1);
    let mut contacts = Contacts::default();
    for line in include_str!("fixtures/journal/contacts-v2.jsonl").lines() {
        let event = Event::<ContactEvent>::read(line).unwrap();
        assert_eq!(event.write(), line);
        contacts.apply(&event);
    }
    let standing: Vec<_> = contacts.sorted().iter().map(|known| known.is_current()).collect();
    assert_eq!(standing, [true, false, false]);
}

proptest! {
    /// Whatever is written into whichever books, no backup holds anything of the keys'.
    #[test]
    fn no_backup_holds_a_secret(seeds in proptest::collection::vec(16u8..=255, 1..6)) {
        let mut ring = Journal::<KeyRing>::new(Book::Keys);
        let what = seeds.iter().map(|seed| KeyEvent::Made(own(*seed))).collect();
        let mut all = entries(&mut ring, what, 0);
        let mut contacts = Journal::<Contacts>::new(Book::Contacts);
        all.extend(entries(&mut contacts, vec![ContactEvent::Confirmed(contact("did:key:z6Mko"))], 0));
        let text = String::from_utf8(Backup::new(all, env(1).now).write()).unwrap();
        for seed in seeds {
            prop_assert!(!text.contains(&stored(seed)));
        }
        prop_assert!(text.contains("did:key:z6Mko"));
    }
}
