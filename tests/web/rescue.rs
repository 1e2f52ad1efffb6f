//! The rescue file: what lies there, as it lies there. The hook itself is tried in the whole app,
//! for a panic ends the tests.

use crate::{Broken, js};
use wasm_bindgen_test::wasm_bindgen_test;
use xuedang::platform::vault::Idb;
use xuedang::platform::{panic, rescue};
use xuedang::store::{Entry, Vault};

#[wasm_bindgen_test]
async fn takes_everything_along() {
    let vault = Idb::open().await.unwrap();
    let epoch = vault.erase().await.unwrap();
    vault
        .append(
            epoch,
            &[
                Entry {
                    key: "study/1".into(),
                    json: "{broken \0".into(),
                },
                // Never in a file in plain.
                Entry {
                    key: "keys/1".into(),
                    json: "a secret".into(),
                },
            ],
        )
        .await
        .unwrap();
    js(
        "localStorage.clear(); localStorage.setItem('xuedang.wal.x', '\\ud800'); localStorage.setItem('theirs', '1')",
    );
    let secret = Entry {
        key: "keys/2".into(),
        json: "another secret".into(),
    };
    vault.set_aside(epoch, &[secret]).await.unwrap();
    let rescue: serde_json::Value =
        serde_json::from_str(&rescue::collect(Some("词")).await.replace("\\ud800", "LONE")).unwrap();
    assert_eq!(rescue["what"], "xuedang-rescue");
    assert_eq!(rescue["message"], "词");
    assert_eq!(rescue["database"]["version"], 1);
    assert_eq!(
        rescue["database"]["stores"]["entries"],
        serde_json::json!([["study/1", "{broken \0"]])
    );
    assert!(!rescue.to_string().contains("secret"));
    assert_eq!(rescue["local"], serde_json::json!([["xuedang.wal.x", "LONE"]]));
    vault.append(epoch, &[]).await.unwrap();
    js("localStorage.clear()");
}

#[wasm_bindgen_test]
async fn takes_the_rest_where_one_store_is_gone() {
    js("localStorage.setItem('xuedang.wal.x', '{}')");
    let broken = Broken::new("window", "indexedDB", "null");
    let json = rescue::collect(None).await;
    drop(broken);
    let rescue: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(rescue["database"]["error"].is_string());
    assert_eq!(rescue["local"][0][0], "xuedang.wal.x");
    js("localStorage.clear()");
    assert!(!panic::has_panicked() && panic::message().is_none());
}
