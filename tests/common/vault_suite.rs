//! What every vault must do, whatever it is made of. Included by path: natively over the vault in
//! memory (`tests/vault_memory.rs`), in a browser over IndexedDB (`tests/web`).
//!
//! Each function wants a vault that is empty.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

use xuedang::store::{Entry, Snapshot, StoreError, Vault};

/// Calls `$make!(name)` for every function of the suite, so that no place forgets one.
macro_rules! for_each_vault_test {
    ($make:ident) => {
        $make!(reads_in_order_what_was_appended);
        $make!(reads_by_prefix_and_after_a_key);
        $make!(counts_up_to_a_key);
        $make!(appending_again_changes_nothing);
        $make!(keeps_any_text_as_it_is);
        $make!(refuses_writes_of_another_epoch);
        $make!(replaces_a_book_and_puts_it_aside);
        $make!(keeps_every_version_that_was_put_aside);
        $make!(replaces_with_a_prefix_that_is_everything);
        $make!(deletes_by_key);
        $make!(deletes_what_was_put_aside_too);
        $make!(moves_damaged_entries_aside);
        $make!(keeps_a_snapshot_per_book);
        $make!(erases_everything);
        $make!(holds_many_entries);
    };
}
pub(crate) use for_each_vault_test;

pub(crate) fn entry(key: &str, json: &str) -> Entry {
    Entry {
        key: key.into(),
        json: json.into(),
    }
}

fn keys(entries: &[Entry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.key.as_str()).collect()
}

fn is_stale<T: std::fmt::Debug>(result: Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Stale(_)))
}

/// Two books, given out of order.
async fn filled<V: Vault>(vault: &V) -> u64 {
    let epoch = vault.epoch().await.unwrap();
    let lines = [
        "study/003/c",
        "study/001/a",
        "branch/001/x",
        "study/002/b",
        "studz/001/z",
    ];
    let entries: Vec<_> = lines
        .iter()
        .map(|key| entry(key, &format!(r#"{{"of":"{key}"}}"#)))
        .collect();
    vault.append(epoch, &entries).await.unwrap();
    epoch
}

pub(crate) async fn reads_in_order_what_was_appended<V: Vault>(vault: V) {
    assert_eq!(vault.entries("", None).await, Ok(vec![]));
    filled(&vault).await;
    let all = vault.entries("", None).await.unwrap();
    assert_eq!(
        keys(&all),
        [
            "branch/001/x",
            "study/001/a",
            "study/002/b",
            "study/003/c",
            "studz/001/z"
        ]
    );
    assert_eq!(all[1].json, r#"{"of":"study/001/a"}"#);
}

pub(crate) async fn reads_by_prefix_and_after_a_key<V: Vault>(vault: V) {
    filled(&vault).await;
    let of = async |prefix: &str, after: Option<&str>| {
        vault
            .entries(prefix, after)
            .await
            .unwrap()
            .into_iter()
            .map(|entry| entry.key)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of("study/", None).await,
        ["study/001/a", "study/002/b", "study/003/c"]
    );
    assert_eq!(
        of("study/", Some("study/001/a")).await,
        ["study/002/b", "study/003/c"]
    );
    assert_eq!(
        of("study/", Some("study/001/aa")).await,
        ["study/002/b", "study/003/c"]
    );
    assert_eq!(of("study/", Some("study/003/c")).await, [""; 0]);
    assert_eq!(of("study/", Some("a")).await.len(), 3);
    assert_eq!(of("study/", Some("z")).await, [""; 0]);
    assert_eq!(of("study", None).await.len(), 3);
    assert_eq!(of("nothing/", None).await, [""; 0]);
    assert_eq!(of("", Some("study/002/b")).await, ["study/003/c", "studz/001/z"]);
}

pub(crate) async fn counts_up_to_a_key<V: Vault>(vault: V) {
    filled(&vault).await;
    for (prefix, to, count) in [
        ("study/", "study/002/b", 2),
        ("study/", "study/002/a", 1),
        ("study/", "study/999", 3),
        ("study/", "zzz", 3),
        ("study/", "study/", 0),
        ("study/", "a", 0),
        ("study/", "", 0),
        ("", "study/001/a", 2),
        ("none/", "none/1", 0),
    ] {
        assert_eq!(vault.count(prefix, to).await, Ok(count), "{prefix} to {to}");
    }
}

pub(crate) async fn appending_again_changes_nothing<V: Vault>(vault: V) {
    let epoch = filled(&vault).await;
    let again = [entry("study/001/a", r#"{"other":1}"#), entry("study/004/d", "{}")];
    vault.append(epoch, &again).await.unwrap();
    vault.append(epoch, &again).await.unwrap();
    vault.append(epoch, &[]).await.unwrap();
    let all = vault.entries("study/", None).await.unwrap();
    assert_eq!(
        keys(&all),
        ["study/001/a", "study/002/b", "study/003/c", "study/004/d"]
    );
    assert_eq!(all[0].json, r#"{"of":"study/001/a"}"#);
    assert_eq!(vault.epoch().await, Ok(epoch));
}

pub(crate) async fn keeps_any_text_as_it_is<V: Vault>(vault: V) {
    let epoch = vault.epoch().await.unwrap();
    let texts = [
        "",
        "{",
        "\0",
        "中文\u{1f680}\u{ffff}\u{fffd}",
        "__proto__",
        "{\"a\":9007199254740993}",
        "\"\\ud800\"",
        "\r\n",
    ];
    let entries: Vec<_> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| entry(&format!("k/{at:03}"), text))
        .collect();
    vault.append(epoch, &entries).await.unwrap();
    let proto = entry("__proto__", "{}");
    vault.append(epoch, std::slice::from_ref(&proto)).await.unwrap();
    assert_eq!(vault.entries("k/", None).await, Ok(entries));
    assert_eq!(vault.entries("__", None).await, Ok(vec![proto]));
}

pub(crate) async fn refuses_writes_of_another_epoch<V: Vault>(vault: V) {
    let epoch = filled(&vault).await;
    let before = vault.entries("", None).await.unwrap();
    let other = epoch + 1;
    let line = [entry("study/009/i", "{}")];
    let snapshot = Snapshot {
        tag: "t".into(),
        covers: "c".into(),
        count: 1,
        json: "{}".into(),
    };
    assert!(is_stale(vault.append(other, &line).await));
    assert!(is_stale(vault.append(other, &[]).await));
    assert!(is_stale(vault.replace(other, &["study/"], &line).await));
    assert!(is_stale(vault.delete(other, &["study/001/a".into()]).await));
    assert!(is_stale(vault.set_aside(other, &before).await));
    assert!(is_stale(vault.keep_snapshot(other, "study/", &snapshot).await));
    assert_eq!(vault.entries("", None).await, Ok(before));
    assert_eq!(vault.aside().await, Ok(vec![]));
    assert_eq!(vault.snapshot("study/").await, Ok(None));
    assert_eq!(vault.epoch().await, Ok(epoch));
    vault.append(epoch, &line).await.unwrap();
}

pub(crate) async fn replaces_a_book_and_puts_it_aside<V: Vault>(vault: V) {
    let epoch = filled(&vault).await;
    let snapshot = Snapshot {
        tag: "t".into(),
        covers: "c".into(),
        count: 1,
        json: "{}".into(),
    };
    vault.keep_snapshot(epoch, "study/", &snapshot).await.unwrap();
    let new = [entry("study/001/n", "1"), entry("study/002/b", "2")];
    let next = vault.replace(epoch, &["study/", "none/"], &new).await.unwrap();
    assert_ne!(next, epoch);
    assert_eq!(vault.epoch().await, Ok(next));
    assert_eq!(vault.entries("study/", None).await.unwrap(), new);
    assert_eq!(
        keys(&vault.entries("", None).await.unwrap()),
        ["branch/001/x", "study/001/n", "study/002/b", "studz/001/z"]
    );
    let aside = vault.aside().await.unwrap();
    assert_eq!(keys(&aside), ["study/001/a", "study/002/b", "study/003/c"]);
    assert_eq!(aside[1].json, r#"{"of":"study/002/b"}"#);
    assert_eq!(vault.snapshot("study/").await, Ok(None));
    assert!(
        is_stale(vault.append(epoch, &new).await),
        "a tab that read before"
    );
}

pub(crate) async fn keeps_every_version_that_was_put_aside<V: Vault>(vault: V) {
    let mut epoch = vault.epoch().await.unwrap();
    for json in ["1", "2", "2", "3"] {
        epoch = vault
            .replace(epoch, &["study/"], &[entry("study/001/a", json)])
            .await
            .unwrap();
    }
    let aside: Vec<_> = vault
        .aside()
        .await
        .unwrap()
        .into_iter()
        .map(|entry| entry.json)
        .collect();
    assert_eq!(
        aside,
        ["1", "2"],
        "each once, and none lost to another of the same key"
    );
}

pub(crate) async fn replaces_with_a_prefix_that_is_everything<V: Vault>(vault: V) {
    let epoch = filled(&vault).await;
    vault.replace(epoch, &[""], &[]).await.unwrap();
    assert_eq!(vault.entries("", None).await, Ok(vec![]));
    assert_eq!(vault.aside().await.unwrap().len(), 5);
}

pub(crate) async fn deletes_by_key<V: Vault>(vault: V) {
    let epoch = filled(&vault).await;
    let snapshot = Snapshot {
        tag: "t".into(),
        covers: "c".into(),
        count: 1,
        json: "{}".into(),
    };
    vault.keep_snapshot(epoch, "study/", &snapshot).await.unwrap();
    let next = vault
        .delete(epoch, &["study/002/b".into(), "not/there".into()])
        .await
        .unwrap();
    assert_ne!(next, epoch);
    assert_eq!(
        keys(&vault.entries("study/", None).await.unwrap()),
        ["study/001/a", "study/003/c"]
    );
    assert_eq!(vault.aside().await, Ok(vec![]));
    assert_eq!(vault.snapshot("study/").await, Ok(None));
    assert!(is_stale(vault.append(epoch, &[]).await));
}

pub(crate) async fn deletes_what_was_put_aside_too<V: Vault>(vault: V) {
    let epoch = filled(&vault).await;
    let all = vault.entries("study/", None).await.unwrap();
    vault.set_aside(epoch, &all[..2]).await.unwrap();
    vault.delete(epoch, &[all[0].key.clone()]).await.unwrap();
    assert_eq!(vault.aside().await, Ok(vec![all[1].clone()]));
}

pub(crate) async fn moves_damaged_entries_aside<V: Vault>(vault: V) {
    let epoch = filled(&vault).await;
    let damaged = vault.entries("study/002", None).await.unwrap();
    vault.set_aside(epoch, &damaged).await.unwrap();
    // Again, as by a second tab; and one that only the log had.
    vault.set_aside(epoch, &damaged).await.unwrap();
    vault
        .set_aside(epoch, &[entry("study/009/only-logged", "{")])
        .await
        .unwrap();
    assert_eq!(
        keys(&vault.entries("study/", None).await.unwrap()),
        ["study/001/a", "study/003/c"]
    );
    let aside = vault.aside().await.unwrap();
    assert_eq!(aside, [damaged[0].clone(), entry("study/009/only-logged", "{")]);
    assert_eq!(vault.epoch().await, Ok(epoch), "what others read still holds");
}

pub(crate) async fn keeps_a_snapshot_per_book<V: Vault>(vault: V) {
    let epoch = vault.epoch().await.unwrap();
    let of = |json: &str| Snapshot {
        tag: "study-1".into(),
        covers: "study/003/c".into(),
        count: 3,
        json: json.into(),
    };
    assert_eq!(vault.snapshot("study/").await, Ok(None));
    vault.keep_snapshot(epoch, "study/", &of("1")).await.unwrap();
    vault.keep_snapshot(epoch, "branch/", &of("\0中")).await.unwrap();
    vault.keep_snapshot(epoch, "study/", &of("2")).await.unwrap();
    assert_eq!(vault.snapshot("study/").await, Ok(Some(of("2"))));
    assert_eq!(vault.snapshot("branch/").await, Ok(Some(of("\0中"))));
}

pub(crate) async fn erases_everything<V: Vault>(vault: V) {
    let epoch = filled(&vault).await;
    let damaged = vault.entries("study/001", None).await.unwrap();
    vault.set_aside(epoch, &damaged).await.unwrap();
    let snapshot = Snapshot {
        tag: "t".into(),
        covers: "c".into(),
        count: 1,
        json: "{}".into(),
    };
    vault.keep_snapshot(epoch, "study/", &snapshot).await.unwrap();
    let next = vault.erase().await.unwrap();
    assert_ne!(next, epoch);
    assert_eq!(vault.epoch().await, Ok(next));
    assert_eq!(vault.entries("", None).await, Ok(vec![]));
    assert_eq!(vault.aside().await, Ok(vec![]));
    assert_eq!(vault.snapshot("study/").await, Ok(None));
    assert!(is_stale(vault.append(epoch, &damaged).await));
    vault.append(next, &damaged).await.unwrap();
}

pub(crate) async fn holds_many_entries<V: Vault>(vault: V) {
    // More than twice what is read in one go, and a number that fills the last portion exactly.
    let epoch = vault.epoch().await.unwrap();
    let entries: Vec<_> = (0..8192)
        .map(|at| entry(&format!("many/{at:06}"), &format!(r#"{{"at":{at}}}"#)))
        .collect();
    vault.append(epoch, &entries).await.unwrap();
    assert_eq!(vault.entries("many/", None).await.unwrap(), entries);
    assert_eq!(
        vault.entries("many/", Some("many/004095")).await.unwrap(),
        entries[4096..]
    );
    assert_eq!(vault.entries("", None).await.unwrap().len(), 8192);
    assert_eq!(vault.count("many/", "many/008190").await, Ok(8191));
    let next = vault.replace(epoch, &["many/"], &entries[..5000]).await.unwrap();
    assert_eq!(vault.count("many/", "many/~").await, Ok(5000));
    assert_eq!(vault.aside().await.unwrap().len(), 8192);
    vault.append(next, &entries).await.unwrap();
    assert_eq!(vault.entries("many/", None).await.unwrap(), entries);
}
