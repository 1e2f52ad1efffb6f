//! Messages and locks between tabs. Another tab is played by another channel, or by a frame.

use crate::{Broken, js};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::wasm_bindgen_test;
use xuedang::platform::clock::{sleep, within};
use xuedang::platform::tabs::{Tabs, hold, with_lock};

fn heard() -> (Rc<RefCell<Vec<String>>>, impl FnMut(String) + 'static) {
    let heard = Rc::new(RefCell::new(Vec::new()));
    (heard.clone(), move |text| heard.borrow_mut().push(text))
}

async fn until(condition: impl Fn() -> bool) -> bool {
    within(3000, async {
        while !condition() {
            sleep(5).await;
        }
    })
    .await
    .is_some()
}

#[wasm_bindgen_test]
async fn a_message_reaches_the_other_tab_and_not_its_sender() {
    let ((first, on_first), (second, on_second)) = (heard(), heard());
    let (one, two) = (Tabs::new(on_first), Tabs::new(on_second));
    one.post(r#"{"n":1}"#);
    one.post(r#"{"n":1}"#);
    two.post("\"答\"");
    assert!(until(|| second.borrow().len() == 2 && first.borrow().len() == 1).await);
    assert_eq!(*second.borrow(), [r#"{"n":1}"#, r#"{"n":1}"#]);
    assert_eq!(*first.borrow(), ["\"答\""]);
    // Messages that are not ours are no text, and a dropped end hears nothing.
    js("const other = new BroadcastChannel('xuedang'); other.postMessage({a: 1}); other.close()");
    drop(two);
    one.post("late");
    sleep(100).await;
    assert_eq!((first.borrow().len(), second.borrow().len()), (1, 2));
}

#[wasm_bindgen_test]
async fn without_a_channel_local_storage_carries_it() {
    let (first, on_first) = heard();
    let tab = {
        let _absent = Broken::new("window", "BroadcastChannel", "undefined");
        Tabs::new(on_first)
    };
    // A frame is another window of the same origin, so it gets the event of what we write, and we
    // get that of what it writes.
    js("window.frame = document.createElement('iframe'); document.body.append(frame);
        window.got = []; frame.contentWindow.addEventListener('storage', event => got.push(event.key + ' ' + event.newValue))");
    tab.post("{\"a b\":1}");
    tab.post("{\"a b\":1}");
    assert!(until(|| js("return got.length") == 2).await);
    let got = js("return got.map(line => line.replace(/^(\\S+) \\S+ /, '$1 ')).join('|')");
    assert_eq!(
        got.as_string().as_deref(),
        Some("xuedang.tabs {\"a b\":1}|xuedang.tabs {\"a b\":1}")
    );
    js(
        "frame.contentWindow.localStorage.setItem('xuedang.tabs', '1f {\"from\":\"frame\"}');
        frame.contentWindow.localStorage.setItem('xuedang.other', '1f x');
        frame.contentWindow.localStorage.removeItem('xuedang.tabs')",
    );
    assert!(until(|| !first.borrow().is_empty()).await);
    sleep(50).await;
    assert_eq!(*first.borrow(), ["{\"from\":\"frame\"}"]);
    js("frame.remove()");
}

#[wasm_bindgen_test]
async fn work_under_a_lock_goes_one_after_the_other() {
    let log = Rc::new(RefCell::new(Vec::new()));
    for tab in 0..3 {
        let log = log.clone();
        spawn_local(async move {
            with_lock("test-work", async {
                log.borrow_mut().push((tab, "in"));
                sleep(20).await;
                log.borrow_mut().push((tab, "out"));
            })
            .await;
        });
    }
    assert!(until(|| log.borrow().len() == 6).await);
    for pair in log.borrow().chunks(2) {
        assert_eq!((pair[0].0, pair[0].1, pair[1].1), (pair[1].0, "in", "out"));
    }
    assert_eq!(with_lock("test-work", async { 7 }).await, 7);
}

#[wasm_bindgen_test]
async fn the_lock_is_taken_over_when_its_holder_lets_go_or_dies() {
    let granted = Rc::new(Cell::new(0));
    let count = || {
        let granted = granted.clone();
        move || granted.set(granted.get() + 1)
    };
    // A frame holds it first, and dies.
    js("window.frame = document.createElement('iframe'); document.body.append(frame); window.held = false;
        frame.contentWindow.navigator.locks.request('test-writer', () => { held = true; return new Promise(() => {}) })");
    assert!(until(|| js("return held").is_truthy()).await);
    let one = hold("test-writer", count());
    sleep(100).await;
    assert!(!one.is_granted() && granted.get() == 0);
    js("frame.remove()");
    let start = js_sys::Date::now();
    assert!(until(|| granted.get() == 1).await);
    assert!(one.is_granted() && js_sys::Date::now() - start < 2000.0);
    // One that stops waiting is passed over.
    let (two, three) = (hold("test-writer", count()), hold("test-writer", count()));
    sleep(50).await;
    drop(two);
    drop(one);
    assert!(until(|| three.is_granted()).await);
    assert_eq!(granted.get(), 2);
}

#[wasm_bindgen_test]
async fn without_locks_the_work_is_done_and_everyone_writes() {
    for locks in [
        "undefined",
        "({request: () => Promise.reject(new DOMException('no', 'SecurityError'))})",
        "({request: () => { throw new Error('no') }})",
    ] {
        let broken = Broken::new("navigator", "locks", locks);
        let worked = with_lock("test-none", async { true }).await;
        let granted = Rc::new(Cell::new(false));
        let tell = granted.clone();
        let held = hold("test-none", move || tell.set(true));
        assert!(until(|| granted.get()).await, "{locks}");
        drop(broken);
        assert!(worked && held.is_granted(), "{locks}");
    }
}
