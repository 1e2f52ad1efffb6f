//! IndexedDB as a vault.

use crate::suite::{self, entry};
use crate::{Broken, js};
use std::cell::Cell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use xuedang::domain::time::Date;
use xuedang::platform::clock::{sleep, within};
use xuedang::platform::local::Sentinel;
use xuedang::platform::vault::Idb;
use xuedang::store::{StoreError, Vault};

thread_local!(static NEXT: Cell<u32> = const { Cell::new(0) });

/// A name that no other test has, even when the browser profile lives on.
fn name() -> String {
    let number = NEXT.replace(NEXT.get() + 1);
    format!("test-{}-{number}", js_sys::Date::now())
}

async fn fresh() -> Idb {
    Idb::open_named(&name()).await.unwrap()
}

/// Runs JavaScript that gives a promise, `name` in scope.
async fn run(name: &str, source: &str) -> Result<JsValue, JsValue> {
    let function = js_sys::Function::new_with_args(
        "name",
        &format!(
            "const ask = request => new Promise((yes, no) => {{
            request.onsuccess = () => yes(request.result); request.onerror = () => no(request.error);
         }});
         return (async () => {{ {source} }})()"
        ),
    );
    JsFuture::from(js_sys::Promise::from(
        function.call1(&JsValue::NULL, &name.into())?,
    ))
    .await
}

macro_rules! make {
    ($name:ident) => {
        #[wasm_bindgen_test]
        async fn $name() {
            suite::$name(fresh().await).await;
        }
    };
}
suite::for_each_vault_test!(make);

#[wasm_bindgen_test]
async fn is_there_after_closing() {
    let name = name();
    let first = Idb::open_named(&name).await.unwrap();
    let epoch = first.epoch().await.unwrap();
    first.append(epoch, &[entry("a", "1")]).await.unwrap();
    drop(first);
    let second = Idb::open_named(&name).await.unwrap();
    assert_eq!(second.epoch().await, Ok(epoch));
    assert_eq!(second.entries("", None).await, Ok(vec![entry("a", "1")]));
}

#[wasm_bindgen_test]
async fn writes_with_strict_durability() {
    let vault = fresh().await;
    let epoch = vault.epoch().await.unwrap();
    js("window.seen = []");
    let broken = Broken::new(
        "IDBDatabase.prototype",
        "transaction",
        "function (...given) { const tx = before.apply(this, given); seen.push(tx.mode + ' ' + tx.durability); return tx }",
    );
    vault.append(epoch, &[entry("a", "1")]).await.unwrap();
    drop(broken);
    assert_eq!(
        js("return seen.join()").as_string().as_deref(),
        Some("readwrite strict")
    );
}

#[wasm_bindgen_test]
async fn an_error_within_a_transaction_leaves_nothing() {
    let lines = [entry("a", "1"), entry("b", "2"), entry("c", "3")];
    for (fault, full) in [
        // Thrown at the second line.
        ("throw new DOMException('full', 'QuotaExceededError')", true),
        (
            "throw Object.assign(new Error('full'), {name: 'NS_ERROR_DOM_QUOTA_REACHED'})",
            true,
        ),
        ("throw {code: 22}", true),
        ("throw {code: 1014}", true),
        ("throw new DOMException('no', 'DataError')", false),
        // Or the browser aborts after it was taken.
        (
            "const request = before.apply(this, given); this.transaction.abort(); return request",
            false,
        ),
    ] {
        let vault = fresh().await;
        let epoch = vault.epoch().await.unwrap();
        vault.append(epoch, &[entry("z", "0")]).await.unwrap();
        let value = format!(
            "(() => {{ let count = 0; return function (...given) {{ if (++count === 2) {{ {fault} }} return before.apply(this, given) }} }})()"
        );
        let broken = Broken::new("IDBObjectStore.prototype", "add", &value);
        let appended = vault.append(epoch, &lines).await;
        drop(broken);
        let broken = Broken::new("IDBObjectStore.prototype", "add", &value);
        let replaced = vault.replace(epoch, &[""], &lines).await;
        drop(broken);
        for result in [appended, replaced.map(drop)] {
            match result {
                Err(StoreError::Full) => assert!(full, "{fault}"),
                Err(StoreError::Failed(_)) => assert!(!full, "{fault}"),
                other => panic!("{fault}: {other:?}"),
            }
        }
        assert_eq!(
            vault.entries("", None).await,
            Ok(vec![entry("z", "0")]),
            "{fault}"
        );
        assert_eq!(vault.aside().await, Ok(vec![]), "{fault}");
        assert_eq!(vault.epoch().await, Ok(epoch), "{fault}");
        // Freed again: it goes on without a reload.
        vault.append(epoch, &lines).await.unwrap();
        assert_eq!(vault.entries("", None).await.unwrap().len(), 4);
    }
}

#[wasm_bindgen_test]
async fn a_quota_error_at_the_commit_is_full() {
    let vault = fresh().await;
    let epoch = vault.epoch().await.unwrap();
    let broken = Broken::new(
        "IDBTransaction.prototype",
        "error",
        "new DOMException('full', 'QuotaExceededError')",
    );
    let abort = Broken::new(
        "IDBObjectStore.prototype",
        "add",
        "function (...given) { const request = before.apply(this, given); this.transaction.abort(); return request }",
    );
    let result = vault.append(epoch, &[entry("a", "1")]).await;
    drop((broken, abort));
    assert_eq!(result, Err(StoreError::Full));
}

#[wasm_bindgen_test]
async fn a_caller_that_no_longer_waits_leaves_nothing() {
    let vault = fresh().await;
    let epoch = vault.epoch().await.unwrap();
    let lines: Vec<_> = (0..3000).map(|at| entry(&format!("{at:06}"), "{}")).collect();
    assert_eq!(within(1, vault.append(epoch, &lines)).await, None);
    assert_eq!(vault.entries("", None).await, Ok(vec![]));
}

#[wasm_bindgen_test]
async fn two_handles_write_at_once() {
    let name = name();
    let (one, two) = (
        Idb::open_named(&name).await.unwrap(),
        Idb::open_named(&name).await.unwrap(),
    );
    let epoch = one.epoch().await.unwrap();
    let lines = |tab: char| {
        (0..700)
            .map(|at| entry(&format!("{at:06}/{tab}"), "{}"))
            .collect::<Vec<_>>()
    };
    let (done, wait) = (std::rc::Rc::new(Cell::new(false)), two.clone());
    wasm_bindgen_futures::spawn_local({
        let (done, lines) = (done.clone(), lines('b'));
        async move {
            wait.append(epoch, &lines).await.unwrap();
            done.set(true);
        }
    });
    one.append(epoch, &lines('a')).await.unwrap();
    while !done.get() {
        sleep(5).await;
    }
    assert_eq!(one.entries("", None).await.unwrap().len(), 1400);
    // One replaces: the other is stale until it reads again.
    let next = one.replace(epoch, &[""], &[]).await.unwrap();
    assert!(matches!(two.append(epoch, &[]).await, Err(StoreError::Stale(_))));
    assert_eq!(two.epoch().await, Ok(next));
}

#[wasm_bindgen_test]
async fn an_upgrade_elsewhere_makes_this_tab_stale() {
    let name = name();
    let vault = Idb::open_named(&name).await.unwrap();
    let epoch = vault.epoch().await.unwrap();
    vault.append(epoch, &[entry("a", "1")]).await.unwrap();
    // The newer version is not held up by this tab.
    let upgrade = run(&name, "(await ask(indexedDB.open(name, 2))).close()");
    within(5000, upgrade).await.expect("not blocked").unwrap();
    let stale = Err(StoreError::Stale(
        "学档已在另一个标签页更新，请刷新本页后继续".into(),
    ));
    assert_eq!(vault.append(epoch, &[entry("b", "2")]).await, stale);
    assert_eq!(vault.erase().await, stale.clone().map(|()| 0));
    // And an older version that comes later leaves it alone.
    let later = Idb::open_named(&name).await.map(drop);
    assert!(
        matches!(&later, Err(StoreError::Stale(why)) if why.contains("更新版本")),
        "{later:?}"
    );
    let kept = run(
        &name,
        "const db = await ask(indexedDB.open(name)); const kept = await ask(db.transaction('entries').objectStore('entries').getAll()); db.close(); return [db.version, ...kept].join()",
    );
    assert_eq!(kept.await.unwrap().as_string().as_deref(), Some("2,1"));
}

#[wasm_bindgen_test]
async fn a_deletion_elsewhere_makes_this_tab_stale() {
    let name = name();
    let vault = Idb::open_named(&name).await.unwrap();
    within(5000, run(&name, "await ask(indexedDB.deleteDatabase(name))"))
        .await
        .expect("not blocked")
        .unwrap();
    assert!(matches!(vault.append(0, &[]).await, Err(StoreError::Stale(why)) if why.contains("删除")));
    let again = Idb::open_named(&name).await.unwrap();
    assert_eq!(again.entries("", None).await, Ok(vec![]));
}

#[wasm_bindgen_test]
async fn a_database_made_anew_has_another_epoch() {
    let name = name();
    let vault = Idb::open_named(&name).await.unwrap();
    let epoch = vault.epoch().await.unwrap();
    drop(vault);
    run(&name, "await ask(indexedDB.deleteDatabase(name))")
        .await
        .unwrap();
    sleep(2).await;
    let again = Idb::open_named(&name).await.unwrap();
    assert!(matches!(
        again.append(epoch, &[]).await,
        Err(StoreError::Stale(_))
    ));
}

#[wasm_bindgen_test]
async fn a_connection_that_broke_is_opened_again() {
    let vault = fresh().await;
    let epoch = vault.epoch().await.unwrap();
    // As when the browser closes it: with the event, and without.
    for how in [
        "this.close(); this.dispatchEvent(new Event('close'))",
        "this.close()",
    ] {
        let broken = Broken::new(
            "IDBDatabase.prototype",
            "transaction",
            &format!(
                "(() => {{ let first = true; return function (...given) {{ if (first) {{ first = false; {how} }} return before.apply(this, given) }} }})()"
            ),
        );
        vault.append(epoch, &[entry(how, "1")]).await.unwrap();
        drop(broken);
    }
    assert_eq!(vault.entries("", None).await.unwrap().len(), 2);
}

#[wasm_bindgen_test]
async fn a_foreign_database_is_left_alone() {
    let name = name();
    run(&name, "const request = indexedDB.open(name, 1); request.onupgradeneeded = () => request.result.createObjectStore('theirs'); (await ask(request)).close()").await.unwrap();
    let error = Idb::open_named(&name).await.map(drop).unwrap_err();
    assert!(
        matches!(&error, StoreError::Failed(why) if why.contains("entries")),
        "{error:?}"
    );
    let names = run(
        &name,
        "const db = await ask(indexedDB.open(name)); db.close(); return [...db.objectStoreNames].join()",
    );
    assert_eq!(names.await.unwrap().as_string().as_deref(), Some("theirs"));
}

#[wasm_bindgen_test]
async fn values_of_other_kinds_are_shown_and_go_aside_as_they_are() {
    let name = name();
    let vault = Idb::open_named(&name).await.unwrap();
    let epoch = vault.epoch().await.unwrap();
    run(&name, "const db = await ask(indexedDB.open(name)); const store = db.transaction('entries', 'readwrite').objectStore('entries'); store.put({x: 1}, 'a'); store.put(new Date(0), 'b'); await ask(store.put('n', 7)); db.close()").await.unwrap();
    let all = vault.entries("", None).await.unwrap();
    assert_eq!(
        all,
        [
            entry("a", r#"{"x":1}"#),
            entry("b", r#""1970-01-01T00:00:00.000Z""#)
        ]
    );
    vault.set_aside(epoch, &all).await.unwrap();
    assert_eq!(vault.aside().await, Ok(all));
    let kind = run(
        &name,
        "const db = await ask(indexedDB.open(name)); const kept = await ask(db.transaction('aside').objectStore('aside').getAll()); db.close(); return kept[1][1] instanceof Date",
    );
    assert_eq!(kind.await.unwrap().as_bool(), Some(true));
}

#[wasm_bindgen_test]
async fn a_broken_snapshot_is_none() {
    let name = name();
    let vault = Idb::open_named(&name).await.unwrap();
    for broken in ["'x'", "['t', 'c']", "['t', 'c', 'three', '{}']", "null"] {
        run(&name, &format!("const db = await ask(indexedDB.open(name)); await ask(db.transaction('snapshots', 'readwrite').objectStore('snapshots').put({broken}, 'study/')); db.close()")).await.unwrap();
        assert_eq!(vault.snapshot("study/").await, Ok(None), "{broken}");
    }
}

#[wasm_bindgen_test]
async fn keeps_a_sentinel() {
    let vault = fresh().await;
    let epoch = vault.epoch().await.unwrap();
    assert_eq!(vault.sentinel().await, Ok(None));
    let sentinel = Sentinel {
        entries: 7,
        day: Date::parse("2026-11-23").unwrap(),
    };
    vault.keep_sentinel(epoch, &sentinel).await.unwrap();
    assert_eq!(vault.sentinel().await, Ok(Some(sentinel)));
    vault.erase().await.unwrap();
    assert_eq!(vault.sentinel().await, Ok(None));
}

#[wasm_bindgen_test]
async fn storage_that_is_absent_null_or_forbidden_is_said() {
    for value in [
        "undefined",
        "null",
        "Object.assign(() => { throw new DOMException('no', 'SecurityError') }, {getter: true})",
    ] {
        let broken = Broken::new("window", "indexedDB", value);
        let result = Idb::open_named("nowhere").await.map(drop);
        drop(broken);
        assert!(
            matches!(result, Err(StoreError::Unavailable(_))),
            "{value}: {result:?}"
        );
    }
    for (thrown, full) in [
        ("InvalidStateError", false),
        ("SecurityError", false),
        ("QuotaExceededError", true),
    ] {
        let broken = Broken::new(
            "IDBFactory.prototype",
            "open",
            &format!("() => {{ throw new DOMException('no', '{thrown}') }}"),
        );
        let result = Idb::open_named("nowhere").await.map(drop);
        drop(broken);
        match result {
            Err(StoreError::Full) => assert!(full),
            Err(StoreError::Unavailable(_)) => assert!(!full),
            other => panic!("{thrown}: {other:?}"),
        }
    }
}

#[wasm_bindgen_test]
async fn an_opening_that_is_not_answered_is_given_up_and_makes_nothing() {
    let name = name();
    // An upgrade elsewhere that does not end for a while holds every other opening up.
    let held = run(
        &name,
        "const db = await ask(indexedDB.open(name, 1)); window.keep = db; return 0",
    );
    held.await.unwrap();
    let late = within(12_000, async {
        let deletion = run(&name, "indexedDB.deleteDatabase(name); return 0");
        deletion.await.unwrap();
        Idb::open_named(&name).await.map(drop)
    });
    let result = late.await.expect("gives up by itself");
    assert!(matches!(result, Err(StoreError::Unavailable(_))), "{result:?}");
    js("keep.close()");
    sleep(200).await;
    let made = run(
        &name,
        "return (await indexedDB.databases()).some(db => db.name === name)",
    );
    assert_eq!(
        made.await.unwrap().as_bool(),
        Some(false),
        "the upgrade was rolled back"
    );
}
