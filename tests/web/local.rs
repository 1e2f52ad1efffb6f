//! localStorage: log, preferences, sentinel.

use crate::{Broken, js};
use gloo_storage::{LocalStorage, Storage};
use wasm_bindgen_test::wasm_bindgen_test;
use xuedang::domain::time::Date;
use xuedang::platform::local::{self, LocalLog, Prefs, Sentinel, Theme};
use xuedang::store::{Entry, Log, StoreError};

fn entry(key: &str, json: &str) -> Entry {
    Entry {
        key: key.into(),
        json: json.into(),
    }
}

fn clean() -> LocalLog {
    LocalStorage::clear();
    LocalLog
}

#[wasm_bindgen_test]
fn puts_removes_and_gives_in_order() {
    let log = clean();
    assert_eq!(log.all(), Ok(vec![]));
    let (one, two) = (
        entry("study/001/a", r#"{"n":1}"#),
        entry("study/002/b", "{\"字\":\"\u{1f680}\"}"),
    );
    log.put(&two).unwrap();
    log.put(&one).unwrap();
    assert_eq!(
        LocalStorage::raw().get_item("xuedang.wal.study/001/a"),
        Ok(Some(one.json.clone())),
        "the line as it is"
    );
    assert_eq!(log.all(), Ok(vec![one.clone(), two.clone()]));
    log.remove(&one.key).unwrap();
    log.remove("study/never").unwrap();
    assert_eq!(log.all(), Ok(vec![two]));
}

#[wasm_bindgen_test]
fn leaves_alone_what_is_foreign_or_broken() {
    let log = clean();
    let raw = LocalStorage::raw();
    let broken = [("a", "{"), ("b", ""), ("c", "\u{1}"), ("d", "{} x")];
    for (key, value) in broken {
        raw.set_item(&format!("xuedang.wal.{key}"), value).unwrap();
    }
    raw.set_item("other", "{}").unwrap();
    raw.set_item("xuedang.walnut", "{}").unwrap();
    js(
        "localStorage.setItem('xuedang.wal.e', '\"\\ud800\"'); localStorage.setItem('xuedang.wal.\\0', '\\0')",
    );
    log.put(&entry("k", "{}")).unwrap();
    let keys: Vec<_> = log.all().unwrap().into_iter().map(|entry| entry.key).collect();
    assert_eq!(keys, ["k"]);
    let unreadable: Vec<_> = log.unreadable().into_iter().map(|(key, _)| key).collect();
    assert_eq!(unreadable, ["\0", "a", "b", "c", "d", "e"]);
    log.remove("k").unwrap();
    assert_eq!(LocalStorage::length(), 8, "nothing of it has gone");
    for (key, value) in broken {
        assert_eq!(
            raw.get_item(&format!("xuedang.wal.{key}")),
            Ok(Some(value.into()))
        );
    }
}

#[wasm_bindgen_test]
fn knows_a_full_storage_by_its_three_names() {
    let log = clean();
    for thrown in [
        "new DOMException('full', 'QuotaExceededError')",
        "Object.assign(new Error('full'), {name: 'NS_ERROR_DOM_QUOTA_REACHED'})",
        "{code: 22}",
        "{code: 1014}",
    ] {
        let broken = Broken::new(
            "Storage.prototype",
            "setItem",
            &format!("() => {{ throw {thrown} }}"),
        );
        let (line, prefs) = (log.put(&entry("k", "{}")), Prefs::default().save());
        drop(broken);
        assert_eq!(line, Err(StoreError::Full), "{thrown}");
        assert_eq!(prefs, Err(StoreError::Full), "{thrown}");
    }
    log.put(&entry("k", "{}")).unwrap();
}

#[wasm_bindgen_test]
fn a_storage_that_is_really_full_is_full_and_then_freed() {
    let log = clean();
    let big = "x".repeat(1 << 20);
    let mut line = 0;
    let error = loop {
        match LocalStorage::raw().set_item(&format!("ballast{line}"), &big) {
            Ok(()) => line += 1,
            Err(_) => break log.put(&entry("k", &format!("\"{big}\""))),
        }
        assert!(line < 64, "this browser has no limit");
    };
    assert_eq!(error, Err(StoreError::Full));
    LocalStorage::delete("ballast0");
    log.put(&entry("k", "{}")).unwrap();
    LocalStorage::clear();
}

#[wasm_bindgen_test]
fn a_storage_that_is_absent_null_or_throws_is_said() {
    let log = clean();
    let throws = "Object.assign(() => { throw new DOMException('no', 'SecurityError') }, {getter: true})";
    for value in ["null", "undefined", throws] {
        let broken = Broken::new("window", "localStorage", value);
        let results = (
            log.put(&entry("k", "{}")),
            log.all(),
            log.remove("k"),
            log.unreadable(),
            Prefs::load(),
            local::sentinel(),
        );
        drop(broken);
        assert!(
            matches!(results.0, Err(StoreError::Unavailable(_))),
            "{value}: {:?}",
            results.0
        );
        assert!(
            matches!(results.1, Err(StoreError::Unavailable(_))),
            "{value}: {:?}",
            results.1
        );
        assert!(
            matches!(results.2, Err(StoreError::Unavailable(_))),
            "{value}: {:?}",
            results.2
        );
        assert_eq!(
            (results.3, results.4, results.5),
            (vec![], Prefs::default(), None)
        );
    }
    let broken = Broken::new("Storage.prototype", "getItem", "() => { throw new Error('no') }");
    let results = (log.all(), Prefs::load(), local::sentinel());
    drop(broken);
    assert_eq!(results, (Ok(vec![]), Prefs::default(), None));
}

#[wasm_bindgen_test]
fn preferences_survive_what_is_missing_or_broken() {
    clean();
    assert_eq!(Prefs::load(), Prefs::default());
    let prefs = Prefs {
        theme: Theme::Dark,
        text: 3,
        partial: true,
        keys: true,
    };
    prefs.save().unwrap();
    assert_eq!(Prefs::load(), prefs);
    for (stored, expected) in [
        (
            r#"{"text":2}"#,
            Prefs {
                text: 2,
                ..Prefs::default()
            },
        ),
        (
            r#"{"theme":"light","later":[1]}"#,
            Prefs {
                theme: Theme::Light,
                ..Prefs::default()
            },
        ),
        (r#"{"theme":"sepia"}"#, Prefs::default()),
        (r#"{"text":9999}"#, Prefs::default()),
        ("[", Prefs::default()),
    ] {
        LocalStorage::raw().set_item("xuedang.prefs", stored).unwrap();
        assert_eq!(Prefs::load(), expected, "{stored}");
    }
}

#[wasm_bindgen_test]
fn a_draft_stays_until_it_is_emptied_or_all_are_dropped() {
    clean();
    assert_eq!(local::draft("q1"), "");
    local::keep_draft("q1", "写到一半\n<b>");
    local::keep_draft("q2", "另一题");
    assert_eq!(local::draft("q1"), "写到一半\n<b>");
    local::keep_draft("q1", "");
    assert_eq!(
        (local::draft("q1"), local::draft("q2")),
        (String::new(), "另一题".into())
    );
    local::drop_drafts();
    assert_eq!(local::draft("q2"), "");
}

#[wasm_bindgen_test]
fn the_sentinel_stays_until_it_is_wiped() {
    clean();
    assert_eq!(local::sentinel(), None);
    let sentinel = Sentinel {
        entries: 42,
        day: Date::parse("2026-11-23").unwrap(),
    };
    local::keep_sentinel(&sentinel).unwrap();
    assert_eq!(local::sentinel(), Some(sentinel));
    LocalStorage::raw()
        .set_item("xuedang.sentinel", r#"{"entries":-1,"day":"2026-02-30"}"#)
        .unwrap();
    assert_eq!(local::sentinel(), None);
    local::drop_sentinel().unwrap();
}
