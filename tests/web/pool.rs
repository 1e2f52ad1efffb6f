//! Work spread over workers.

use crate::js;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use xuedang::platform::worker::{Pool, Worker, WorkerError};

/// A worker that answers one order after the other, each after a moment, with its text and how many
/// were there when it came.
fn script() -> String {
    js(r#"return URL.createObjectURL(new Blob([`
        let [open, last] = [0, Promise.resolve()];
        onmessage = ({ data: [number, what, text, bytes] }) => {
          open += 1;
          const waiting = open;
          last = last.then(() => new Promise(done => setTimeout(done, 5))).then(() => {
            open -= 1;
            if (text === what) postMessage([number, false, "no", null]);
            else postMessage([number, true, text + " " + waiting, bytes]);
          });
        };
        postMessage([0, true, "ready", null]);`], { type: "text/javascript" }))"#)
    .as_string()
    .unwrap()
}

/// Spreads so many pieces; what was heard.
async fn spread(
    pool: &Pool,
    count: usize,
    refused: &str,
) -> (Result<(), WorkerError>, Vec<(usize, String)>, usize) {
    let given = Cell::new(0);
    let heard = RefCell::new(Vec::new());
    let most = Cell::new(0);
    let next = async || {
        let number = given.get();
        (number < count).then(|| {
            given.set(number + 1);
            most.set(most.get().max(given.get() - heard.borrow().len()));
            (number.to_string(), vec![number as u8])
        })
    };
    let done = pool
        .spread(refused, next, |number, (text, bytes)| {
            assert_eq!(bytes, [number as u8]);
            heard.borrow_mut().push((number, text));
            true
        })
        .await;
    (done, heard.into_inner(), most.get())
}

#[wasm_bindgen_test]
async fn all_is_done_and_only_a_few_pieces_are_held() {
    for workers in [1, 2] {
        let pool = Pool::of(&script(), workers);
        let (done, mut heard, most) = spread(&pool, 50, "x").await;
        assert_eq!(done, Ok(()));
        heard.sort();
        assert_eq!(heard.len(), 50);
        for (place, (number, text)) in heard.iter().enumerate() {
            assert_eq!(
                (*number, text.split(' ').next()),
                (place, Some(&*place.to_string()))
            );
        }
        assert!(most <= workers * 2, "{most}");
        // Two wait at each worker, so that it is never idle.
        assert!(heard.iter().filter(|(_, text)| text.ends_with(" 2")).count() > 40);
        pool.cancel();
    }
}

#[wasm_bindgen_test]
async fn an_error_ends_it_and_so_does_stopping() {
    let pool = Pool::of(&script(), 2);
    let (done, heard, _) = spread(&pool, 50, "7").await;
    assert_eq!(done, Err(WorkerError::Refused("no".into())));
    assert!(heard.len() < 12);
    // What was stopped starts anew when it is asked again.
    let stopped = pool
        .spread(
            "x",
            async || Some((String::new(), Vec::new())),
            |number, _| number < 5,
        )
        .await;
    assert_eq!(stopped, Err(WorkerError::Cancelled));
    let count = Cell::new(0);
    let cancelled = pool
        .spread(
            "x",
            async || {
                count.set(count.get() + 1);
                if count.get() == 10 {
                    pool.cancel();
                }
                Some((String::new(), Vec::new()))
            },
            |_, _| true,
        )
        .await;
    assert_eq!(cancelled, Err(WorkerError::Cancelled));
    assert_eq!(
        pool.one().ask("x", "still here", None).await.unwrap().0,
        "still here 1"
    );
    pool.cancel();
}

#[wasm_bindgen_test]
async fn a_file_goes_to_the_worker_and_comes_back_and_progress_is_heard() {
    let script = js(r#"return URL.createObjectURL(new Blob([`
        onmessage = async ({ data: [number, what, text, file] }) => {
          postMessage([number, null, "begun", null]);
          const inside = await file.text();
          postMessage([number, null, "read", null]);
          postMessage([number, true, text + inside, new Blob([inside, inside])]);
        };
        postMessage([0, true, "ready", null]);`], { type: "text/javascript" }))"#);
    let worker = Worker::new(script.as_string().unwrap());
    let file: web_sys::Blob = js("return new File(['学档'], 'a.txt')").unchecked_into();
    let heard = Rc::new(RefCell::new(Vec::new()));
    let hear = Rc::clone(&heard);
    let answer = worker.ask_with("x", "text: ", Some(&file), move |step| {
        hear.borrow_mut().push(step.to_owned());
    });
    let (text, back) = answer.await.unwrap();
    assert_eq!(text, "text: 学档");
    assert_eq!(back.unwrap().size(), 12.0);
    assert_eq!(*heard.borrow(), ["begun", "read"]);
    worker.cancel();
}
