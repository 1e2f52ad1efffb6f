//! The signing program, as it is shipped: whether the browser checks signatures or the program does,
//! what is found is the same.
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

use serde_json::Value;
use xuedang_e2e::{Browser, Session};

const RECORD: &str = include_str!("../../fixtures/record/full.json");

#[tokio::test]
async fn the_browser_and_the_program_find_the_same_in_chromium() {
    finds_the_same(Browser::Chromium).await;
}

#[tokio::test]
async fn the_browser_and_the_program_find_the_same_in_firefox() {
    finds_the_same(Browser::Firefox).await;
}

/// Signs and countersigns a record, changes single bytes all over it, and has all of it checked in
/// both ways. (Every seventh byte: the native tests change every one.) The outcome is left in an attribute, which every later script can see.
const SCRIPT: &str = r#"
const record = JSON.parse(arguments[0]);
const root = document.documentElement;
const worker = new Worker(document.querySelector('meta[name=xuedang-signer]').content);
const waiting = {};
let last = 0;
const ask = (what, text, bytes) => new Promise((answer, refuse) => {
  last += 1;
  waiting[last] = [answer, refuse];
  worker.postMessage([last, what, text, bytes]);
});
worker.onerror = error => { root.dataset.signing = JSON.stringify({ error: String(error.message) }); };
worker.onmessage = event => {
  const [number, well, text, bytes] = [event.data[0], event.data[1], event.data[2], event.data[3]];
  if (number === 0) return void work().catch(error => {
    root.dataset.signing = JSON.stringify({ error: String(error) });
  });
  if (number < 0) return void (root.dataset.signing = JSON.stringify({ error: text }));
  const [answer, refuse] = waiting[number];
  if (well) answer({ text, bytes }); else refuse(new Error(text));
};
async function work() {
  const now = { ms: 1795406400000, tz: 480 };
  const [mine, theirs] = [await ask('make-key', '', null), await ask('make-key', '', null)];
  const signed = await ask('sign-record', JSON.stringify({ record, now }), mine.bytes);
  const statement = { role: 'mentor', name: '王喆𠮷', date: '2026-11-24', opinion: '学习认真。' };
  const both = await ask('countersign-record', JSON.stringify({ credential: signed.text, statement, now }), theirs.bytes);
  const text = new TextEncoder().encode(both.text);
  const parts = [text];
  for (let at = 0; at < text.length; at += 7) {
    const changed = text.slice();
    // Another letter or digit mostly, so that it stays JSON and a signature is what catches it.
    changed[at] ^= 1;
    parts.push(changed);
  }
  const ends = [];
  let end = 0;
  for (const part of parts) ends.push(end += part.length);
  const bytes = new Uint8Array(end);
  parts.forEach((part, at) => bytes.set(part, ends[at] - part.length));
  const found = {};
  for (const by of ['browser', 'program', 'quickest']) {
    const answer = await ask('verify-records', JSON.stringify({ ends, brief: false, by }), bytes);
    found[by] = JSON.parse(answer.text);
  }
  const one = JSON.parse((await ask('verify-record', '', text)).text);
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const reports = found.browser.reports;
  root.dataset.signing = JSON.stringify({
    by: Object.values(found).map(found => found.by),
    same: same(reports, found.program.reports) && same(reports, found.quickest.reports),
    whole: reports[0].Ok?.holds === true && one.holds === true && same(one, reports[0].Ok),
    others: reports.slice(1).filter(report => report.Ok?.holds).length,
    judged: reports.slice(1).filter(report => report.Ok).length,
    count: reports.length,
  });
}
"#;

async fn finds_the_same(browser: Browser) {
    let session = Session::open(browser).await;
    session.goto_hash("/settings").await;
    session.wait("main h1").await;
    // Nobody has signed: the program has not been fetched.
    let fetched =
        "return performance.getEntriesByType('resource').filter(entry => /signer-/.test(entry.name)).length";
    assert_eq!(session.eval(fetched).await, 0);
    let record: Value = serde_json::from_str(RECORD).unwrap();
    session
        .client()
        .execute(SCRIPT, vec![record.to_string().into()])
        .await
        .unwrap();
    session
        .wait_eval("return document.documentElement.dataset.signing !== undefined")
        .await;
    let found = session
        .eval("return document.documentElement.dataset.signing")
        .await;
    let found: Value = serde_json::from_str(found.as_str().unwrap()).unwrap();
    assert_eq!(
        found["by"],
        serde_json::json!(["browser", "program", "browser"]),
        "{found}"
    );
    assert_eq!(found["same"], true, "{found}");
    assert_eq!(found["whole"], true, "{found}");
    assert_eq!(found["others"], 0, "{found}");
    let number = |key: &str| found[key].as_u64().unwrap();
    assert!(
        number("judged") * 2 > number("count") && number("count") > 800,
        "{found}"
    );
}
