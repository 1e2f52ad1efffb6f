//! The journal: what is said to be saved is saved, nothing is lost, order does not matter.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod common;

use common::*;
use pollster::block_on;
use proptest::prelude::*;
use xuedang::domain::study::report::Report;
use xuedang::domain::study::{Action, Happening, Study};
use xuedang::domain::time::Env;
use xuedang::store::memory::{MemoryLog, MemoryVault};
use xuedang::store::{
    Backup, BackupError, Book, Entry, Journal, Log, Received, SaveState, StoreError, Vault, Writer,
};

type Study_ = Journal<Study>;

fn load(vault: &MemoryVault, log: &MemoryLog) -> (Study_, xuedang::store::LoadReport) {
    block_on(Journal::load(Book::Study, vault, log)).unwrap()
}

/// Makes an entry and folds it in, as the app does.
fn record(journal: &mut Study_, what: Happening, env: Env) -> Entry {
    let entry = journal.draft(vec![what], &mut || env).remove(0);
    assert_eq!(journal.receive(&entry), Received::Folded);
    entry
}

/// Answers q1 `times` times in this journal; gives the entries.
fn answers(journal: &mut Study_, times: i64, from: i64) -> Vec<Entry> {
    let question = &bank()[0];
    (0..times)
        .map(|minute| {
            let env = env(from + minute);
            let what = journal
                .state()
                .decide(Action::Answer(question, choice(&["b"])), &env)
                .unwrap();
            record(journal, what, env)
        })
        .collect()
}

#[test]
fn saved_is_said_only_when_the_vault_has_it() {
    let (vault, log) = (MemoryVault::default(), MemoryLog::default());
    let writer = Writer::new(vault.clone(), log.clone(), 0);
    let mut journal = Journal::new(Book::Study);
    for entry in answers(&mut journal, 1, 0) {
        writer.write_ahead(entry);
    }
    assert_eq!(writer.state(), SaveState::Saving);
    assert_eq!(log.all().unwrap().len(), 1, "the log has it before the vault");
    vault.fail_with(Some(StoreError::Full));
    assert_eq!(
        block_on(writer.commit()),
        SaveState::Failed {
            logged: true,
            error: StoreError::Full
        }
    );
    assert_eq!(log.all().unwrap().len(), 1, "a failed write leaves the log alone");
    // Room is made: the next attempt saves it, without a reload.
    vault.fail_with(None);
    assert_eq!(block_on(writer.commit()), SaveState::Saved);
    assert!(log.all().unwrap().is_empty());
    assert_eq!(load(&vault, &log).0.state(), journal.state());
}

#[test]
fn a_full_log_and_a_full_vault_are_said_and_nothing_is_forgotten() {
    let (vault, log) = (MemoryVault::default(), MemoryLog::default());
    vault.fail_with(Some(StoreError::Full));
    log.fail_with(Some(StoreError::Full));
    let writer = Writer::new(vault.clone(), log.clone(), 0);
    let mut journal = Journal::new(Book::Study);
    for entry in answers(&mut journal, 3, 0) {
        writer.write_ahead(entry);
    }
    assert_eq!(
        block_on(writer.commit()),
        SaveState::Failed {
            logged: false,
            error: StoreError::Full
        }
    );
    assert_eq!(writer.pending().len(), 3, "the rescue file has all of it");
    vault.fail_with(None);
    log.fail_with(None);
    assert_eq!(block_on(writer.commit()), SaveState::Saved);
    assert_eq!(load(&vault, &log).0.count(), 3);
}

#[test]
fn a_tab_that_died_between_log_and_vault_loses_nothing() {
    let (vault, log) = (MemoryVault::default(), MemoryLog::default());
    let mut journal = Journal::new(Book::Study);
    for entry in answers(&mut journal, 2, 0) {
        log.put(&entry).unwrap();
    }
    let (again, report) = load(&vault, &log);
    assert_eq!((again.count(), report.recovered), (2, 2));
    assert!(log.all().unwrap().is_empty());
    assert_eq!(again.state(), journal.state());
}

#[test]
fn a_stale_tab_stops_writing_and_says_why() {
    let (vault, log) = (MemoryVault::default(), MemoryLog::default());
    let writer = Writer::new(vault.clone(), log.clone(), 0);
    let mut journal = Journal::new(Book::Study);
    block_on(vault.replace(0, &["study/"], &[])).unwrap();
    for entry in answers(&mut journal, 1, 0) {
        writer.write_ahead(entry);
    }
    assert!(matches!(
        block_on(writer.commit()),
        SaveState::Failed {
            error: StoreError::Stale(_),
            ..
        }
    ));
    assert!(
        block_on(vault.entries("study/", None)).unwrap().is_empty(),
        "nothing of the stale tab came in"
    );
}

#[test]
fn damaged_lines_are_set_aside_as_they_are() {
    let (vault, log) = (MemoryVault::default(), MemoryLog::default());
    let mut journal = Journal::new(Book::Study);
    let mut entries = answers(&mut journal, 3, 0);
    entries[1].json.truncate(20);
    let broken = entries[1].clone();
    block_on(vault.append(0, &entries)).unwrap();
    let (read, report) = load(&vault, &log);
    assert_eq!((read.count(), report.damaged.len()), (2, 1));
    assert_eq!(block_on(vault.aside()).unwrap(), vec![broken]);
    assert!(load(&vault, &log).1.damaged.is_empty(), "and only once");
}

#[test]
fn a_newer_store_is_read_only_and_untouched() {
    let (vault, log) = (MemoryVault::default(), MemoryLog::default());
    let mut journal = Journal::new(Book::Study);
    let mut entries = answers(&mut journal, 1, 0);
    entries.push(Entry {
        key: "study/000000000002/01ARZ3NDEKTSV4RRFFQ69G5FAV".into(),
        json: r#"{"v":4,"new":"shape"}"#.into(),
    });
    entries.push(Entry {
        key: "study/000000000003/01ARZ3NDEKTSV4RRFFQ69G5FAW".into(),
        json: "broken".into(),
    });
    block_on(vault.append(0, &entries)).unwrap();
    let (_, report) = load(&vault, &log);
    assert!(report.newer);
    assert_eq!(block_on(vault.entries("study/", None)).unwrap(), entries);
}

#[test]
fn a_snapshot_is_only_a_cache() {
    let (vault, log) = (MemoryVault::default(), MemoryLog::default());
    let mut journal = Journal::new(Book::Study);
    let entries = answers(&mut journal, 5, 0);
    block_on(vault.append(0, &entries)).unwrap();
    block_on(vault.keep_snapshot(0, "study/", &journal.snapshot())).unwrap();
    let (quick, report) = load(&vault, &log);
    assert_eq!((quick.state(), report.folded), (journal.state(), 0));
    // Another device's entry comes in before what the snapshot covers: it is not used.
    let mut other = Journal::new(Book::Study);
    let foreign = answers(&mut other, 1, 900);
    block_on(vault.append(0, &foreign)).unwrap();
    let (full, report) = load(&vault, &log);
    assert_eq!((full.count(), report.folded), (6, 6));
    // A snapshot of another shape or a broken one is not used either.
    let mut odd = journal.snapshot();
    odd.tag = "study-0".into();
    block_on(vault.keep_snapshot(0, "study/", &odd)).unwrap();
    assert_eq!(load(&vault, &log).0.count(), 6);
}

#[test]
fn a_long_start_leaves_a_snapshot_for_the_next() {
    let (vault, log) = (MemoryVault::default(), MemoryLog::default());
    let mut journal = Journal::new(Book::Study);
    block_on(vault.append(0, &answers(&mut journal, 201, 0))).unwrap();
    assert_eq!(load(&vault, &log).1.folded, 201);
    let (again, report) = load(&vault, &log);
    assert_eq!((again.state(), report.folded), (journal.state(), 0));
}

#[test]
fn tabs_hear_each_other() {
    let mut one = Journal::<Study>::new(Book::Study);
    let mut two = Journal::<Study>::new(Book::Study);
    let first = answers(&mut one, 2, 0);
    for entry in &first {
        assert_eq!(two.receive(entry), Received::Folded);
    }
    assert_eq!(two.receive(&first[1]), Received::Ignored);
    assert_eq!(one.state(), two.state());
    assert_eq!(two.receive(&first[0]), Received::Reload);
    let other_book = Entry {
        key: "register/000000000009/x".into(),
        ..first[0].clone()
    };
    assert_eq!(two.receive(&other_book), Received::Ignored);
}

#[test]
fn a_backup_survives_export_wipe_import() {
    let (vault, log) = (MemoryVault::default(), MemoryLog::default());
    let mut journal = Journal::new(Book::Study);
    block_on(vault.append(0, &answers(&mut journal, 20, 0))).unwrap();
    let backup = block_on(Backup::of(&vault, Vec::new(), env(99).now)).unwrap();
    let bytes = backup.write();
    let epoch = block_on(vault.erase()).unwrap();
    let read = Backup::read(&bytes).unwrap();
    let preview = block_on(read.preview(&vault)).unwrap();
    assert_eq!(preview.books[0], (Book::Study, 20, 20, 0));
    block_on(read.merge(&vault, epoch)).unwrap();
    block_on(read.merge(&vault, epoch)).unwrap();
    assert_eq!(load(&vault, &log).0.state(), journal.state());
    // Replacing puts what was there aside.
    let mut later = load(&vault, &log).0;
    let extra = answers(&mut later, 1, 500);
    block_on(vault.append(epoch, &extra)).unwrap();
    assert_eq!(
        block_on(read.preview(&vault)).unwrap().books[0],
        (Book::Study, 20, 0, 1)
    );
    block_on(read.replace(&vault, epoch)).unwrap();
    assert_eq!(load(&vault, &log).0.state(), journal.state());
    assert!(block_on(vault.aside()).unwrap().contains(&extra[0]));
}

#[test]
fn a_damaged_backup_is_refused_whole() {
    let mut journal = Journal::new(Book::Study);
    let entries = answers(&mut journal, 2, 0);
    let good = Backup::new(entries.clone(), env(9).now).write();
    let text = String::from_utf8(good.clone()).unwrap();
    assert_eq!(Backup::read(b"{}"), Err(BackupError::NotBackup));
    assert!(matches!(
        Backup::read(&good[..good.len() / 2]),
        Err(BackupError::NotJson(1, _))
    ));
    assert_eq!(
        Backup::read(text.replace("\"version\":1", "\"version\":9").as_bytes()),
        Err(BackupError::Version)
    );
    assert_eq!(
        Backup::read(text.replacen("q1", "q2", 1).as_bytes()),
        Err(BackupError::Changed)
    );
    let mut bad = entries.clone();
    bad[1].json = "{}".into();
    assert_eq!(
        Backup::read(&Backup::new(bad, env(9).now).write()),
        Err(BackupError::Entry(2))
    );
    let mut newer = entries;
    newer[0].json = r#"{"v":7}"#.into();
    assert_eq!(
        Backup::read(&Backup::new(newer, env(9).now).write()),
        Err(BackupError::Newer(1))
    );
}

fn happening() -> impl Strategy<Value = Happening> {
    let id = || (0i64..6).prop_map(|n| xuedang::domain::study::EventId::new(&env(n)));
    let practice = |title: String| xuedang::domain::study::PracticeEntry {
        kind: xuedang::domain::study::PracticeKind::Duty,
        date: date("2026-01-01"),
        title,
        minutes: 1,
        place: String::new(),
        notes: String::new(),
    };
    prop_oneof![
        ("q[1-4]", any::<bool>()).prop_map(|(question, correct)| Happening::ItemAnswered {
            question,
            hash: "h".into(),
            chosen: choice(&["a"]),
            correct,
            exam: None,
        }),
        "l[1-3]".prop_map(|lesson| Happening::LessonOpened {
            lesson,
            hash: "h".into()
        }),
        "l[1-3]".prop_map(|lesson| Happening::LessonRead {
            lesson,
            hash: "h".into()
        }),
        "[甲乙丙]".prop_map(|name| Happening::ProfileSet(profile(&name))),
        (id(), "[a-z]{1,3}").prop_map(move |(id, title)| Happening::PracticeSet {
            id,
            entry: practice(title)
        }),
        id().prop_map(|id| Happening::EntryRemoved { id }),
        (id(), "[a-z]{1,3}").prop_map(|(id, title)| Happening::ReportSet(Report {
            id,
            date: date("2026-01-01"),
            title,
            text: String::new(),
        })),
        ".{0,9}".prop_map(|text| Happening::SummaryWritten { text }),
        Just(Happening::BackedUp),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Two devices write apart, then exchange backups in either order: both have the same state,
    /// and it is the union.
    #[test]
    fn merging_is_union_and_order_does_not_matter(
        ones in proptest::collection::vec(happening(), 0..25),
        twos in proptest::collection::vec(happening(), 0..25),
    ) {
        let device = |happenings: &[Happening], from: i64| {
            let mut journal = Journal::<Study>::new(Book::Study);
            happenings.iter().enumerate().map(|(at, what)| record(&mut journal, what.clone(), env(from + at as i64))).collect::<Vec<_>>()
        };
        let (one, two) = (device(&ones, 1_000), device(&twos, 5_000));
        let merged = |first: &[Entry], second: &[Entry]| {
            let vault = MemoryVault::default();
            block_on(vault.append(0, first)).unwrap();
            block_on(Backup::new(second.to_vec(), env(0).now).merge(&vault, 0)).unwrap();
            load(&vault, &MemoryLog::default()).0
        };
        let (a, b) = (merged(&one, &two), merged(&two, &one));
        prop_assert_eq!(a.state(), b.state());
        prop_assert_eq!(a.count() as usize, one.len() + two.len());
    }

    /// Whatever stands in the stores, loading does not panic and loses no line.
    #[test]
    fn loading_rubbish_loses_no_line(lines in proptest::collection::vec((0u32..99, ".{0,30}"), 0..10)) {
        let vault = MemoryVault::default();
        let entries: Vec<Entry> = lines.iter().map(|(n, json)| Entry { key: format!("study/{n:012}/x"), json: json.clone() }).collect();
        block_on(vault.append(0, &entries)).unwrap();
        let before: std::collections::BTreeSet<_> = block_on(vault.entries("", None)).unwrap().into_iter().map(|e| (e.key, e.json)).collect();
        load(&vault, &MemoryLog::default());
        let mut after: std::collections::BTreeSet<_> = block_on(vault.entries("", None)).unwrap().into_iter().map(|e| (e.key, e.json)).collect();
        after.extend(block_on(vault.aside()).unwrap().into_iter().map(|e| (e.key, e.json)));
        prop_assert_eq!(before, after);
    }
}
