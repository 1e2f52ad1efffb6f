//! Files, the clipboard, this site's own files.

use crate::{Broken, js};
use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::File;
use xuedang::platform::fetch::{FetchError, get_text};
use xuedang::platform::files::{self, FileError};

fn file(name: &str, bytes: &[u8]) -> File {
    File::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)), name).unwrap()
}

#[wasm_bindgen_test]
async fn reads_a_file_up_to_its_limit() {
    let bytes: Vec<u8> = (0..=255).cycle().take(1000).collect();
    assert_eq!(files::read(&file("a", &bytes), 1000).await, Ok(bytes.clone()));
    assert_eq!(files::read(&file("空", &[]), 0).await, Ok(vec![]));
}

#[wasm_bindgen_test]
async fn a_larger_file_is_refused_before_it_is_read() {
    let file = file("名册.csv", &[0; 1001]);
    Reflect::set(
        &file,
        &"arrayBuffer".into(),
        &js("return () => { window.wasRead = true }"),
    )
    .unwrap();
    let error = files::read(&file, 1000).await.unwrap_err();
    assert_eq!(
        error,
        FileError::TooLarge {
            name: "名册.csv".into(),
            size: 1001,
            limit: 1000
        }
    );
    assert!(
        error.to_string().contains("名册.csv") && error.to_string().contains("1000 字节"),
        "{error}"
    );
    assert!(js("return window.wasRead").is_undefined());
}

#[wasm_bindgen_test]
async fn a_file_that_cannot_be_read_is_named() {
    for how in [
        "() => Promise.reject(new DOMException('gone', 'NotFoundError'))",
        "undefined",
    ] {
        let file = file("名册.csv", &[1]);
        Reflect::set(&file, &"arrayBuffer".into(), &js(&format!("return {how}"))).unwrap();
        let error = files::read(&file, 10).await.unwrap_err();
        assert!(
            matches!(&error, FileError::Unreadable { name, .. } if name == "名册.csv"),
            "{error:?}"
        );
    }
}

#[wasm_bindgen_test]
async fn saves_bytes_under_a_name() {
    js("window.clicked = null");
    let click = Broken::new(
        "HTMLElement.prototype",
        "click",
        "function () { clicked = {name: this.download, body: fetch(this.href).then(got => got.text()), type: this.isConnected} }",
    );
    files::save("学档-训练记录.json", "application/json", "{\"字\":1}".as_bytes()).unwrap();
    drop(click);
    assert_eq!(
        js("return clicked.name").as_string().as_deref(),
        Some("学档-训练记录.json")
    );
    let body = wasm_bindgen_futures::JsFuture::from(js_sys::Promise::from(js("return clicked.body")))
        .await
        .unwrap();
    assert_eq!(body.as_string().as_deref(), Some("{\"字\":1}"));
    assert!(
        js("return document.querySelector('a[download]')").is_null(),
        "nothing is left in the page"
    );

    let broken = Broken::new("URL", "createObjectURL", "() => { throw new Error('no') }");
    let refused = files::save("a.json", "application/json", b"{}");
    drop(broken);
    assert!(matches!(refused, Err(FileError::NotSaved { name, .. }) if name == "a.json"));
}

#[wasm_bindgen_test]
async fn copies_the_new_way_the_old_way_or_says_so() {
    js("window.copied = null");
    let new = Broken::new(
        "navigator",
        "clipboard",
        "({writeText: async text => { copied = text }})",
    );
    files::copy("一段文字").await.unwrap();
    drop(new);
    assert_eq!(js("return copied").as_string().as_deref(), Some("一段文字"));

    let absent = Broken::new("navigator", "clipboard", "undefined");
    let old = Broken::new(
        "document",
        "execCommand",
        "() => { copied = document.activeElement.value; return true }",
    );
    files::copy("另一段").await.unwrap();
    drop(old);
    assert_eq!(js("return copied").as_string().as_deref(), Some("另一段"));
    assert!(js("return document.querySelector('textarea')").is_null());

    for how in ["() => false", "undefined", "() => { throw new Error('no') }"] {
        let broken = Broken::new("document", "execCommand", how);
        assert!(files::copy("x").await.is_err(), "{how}");
        drop(broken);
    }
    drop(absent);
}

#[wasm_bindgen_test]
async fn fetches_within_the_site_only() {
    js("window.asked = []");
    let broken = Broken::new(
        "window",
        "fetch",
        "request => { asked.push(new URL(request.url).origin === origin);
            return request.url.endsWith('off') ? Promise.reject(new TypeError('offline'))
                : Promise.resolve(request.url.endsWith('good') ? new Response('内容') : new Response('', {status: 404})) }",
    );
    assert_eq!(get_text("a/good").await.as_deref(), Ok("内容"));
    assert_eq!(
        get_text("bad").await,
        Err(FetchError::Status {
            path: "bad".into(),
            status: 404
        })
    );
    assert!(matches!(get_text("off").await, Err(FetchError::Network { path, .. }) if path == "off"));
    for path in [
        "https://example.com/good",
        "//example.com/good",
        "/good",
        "\\\\example.com\\good",
        "../good",
    ] {
        assert_eq!(get_text(path).await, Err(FetchError::Outside(path.into())));
    }
    drop(broken);
    assert_eq!(
        js("return asked.join()").as_string().as_deref(),
        Some("true,true,true")
    );
}
