//! What `cargo xtask bench` measures and prints. Each goal is compared with its peer in the same
//! run of the same browser, so that the machine does not matter; only those that are times by
//! themselves depend on it.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement prints what it found, and stops at the first surprise"
)]

#[path = "bench/rosters.rs"]
mod rosters;
#[path = "../tests/steps/mod.rs"]
mod steps;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use fantoccini::wd::TimeoutConfiguration;
use serde_json::{Value, json};
use xuedang::domain::course::QuestionBank;
use xuedang::domain::course::search::fold;
use xuedang::domain::study::{Action, Study};
use xuedang::domain::time::{Env, Moment};
use xuedang::store::{Backup, Book, Journal};
use xuedang_e2e::{Browser, Session};

/// The corpus: so many texts of so many characters, and so many queries.
const TEXTS: usize = 300;
const CHARACTERS: usize = 1_000;
const QUERIES: usize = 1_000;
/// Events in the journal.
const EVENTS: usize = 50_000;
/// Answers that are timed.
const ANSWERS: usize = 60;
/// How much slower the processor is made for them.
const SLOWER: u32 = 4;

fn main() {
    let Ok(page) = std::env::var("XUEDANG_BENCH_URL") else {
        println!("run `cargo xtask bench`");
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let alone = std::env::args().any(|argument| argument == "rosters");
    runtime.block_on(async {
        if !alone {
            run(&page).await;
        }
        rosters::measure(&page).await;
    });
}

async fn run(page: &str) {
    let folder = folder("XUEDANG_BENCH");
    let course = Course::read(&folder_of_site());
    let (texts, queries) = course.corpus();
    let corpus = json!({ "texts": texts, "queries": queries });
    fs::write(folder.join("corpus.json"), corpus.to_string()).unwrap();
    let backup = course.answered(EVENTS);
    let lines: Vec<&str> = backup.entries.iter().map(|entry| entry.json.as_str()).collect();
    fs::write(folder.join("journal.jsonl"), lines.join("\n")).unwrap();
    let file = folder.join("backup.json");
    fs::write(&file, backup.write()).unwrap();

    let session = Session::open(Browser::Chromium).await;
    // One engine at a time takes seconds, on a loaded machine many.
    let patience = TimeoutConfiguration::new(Some(Duration::from_secs(300)), None, None);
    session.client().update_timeouts(patience).await.unwrap();
    session.client().goto(page).await.unwrap();
    session.wait_eval("return window.bench?.ready === true").await;
    search(&session, &folder).await;
    folding(&session).await;
    remembering(&session).await;
    println!("\nTap to paint, processor {SLOWER} times slower, {ANSWERS} taps");
    let alone = answering(&session, "no events").await;
    restore(&session, &file).await;
    let among = answering(&session, &format!("{EVENTS} events")).await;
    goal(
        &format!("answering among {EVENTS} events paints within 50 ms (p95)"),
        among.p95 <= 50.0,
        &format!(
            "{:.1} ms; {:.2} times that among none, {:.2} times a tap that does nothing",
            among.p95,
            among.p95 / alone.p95,
            among.p95 / among.idle
        ),
    );
    // Last, for its thousands of records stay in the browser's memory.
    session
        .client()
        .goto(&format!("{page}credentials.html"))
        .await
        .unwrap();
    session
        .wait_eval("return window.credentials?.ready === true")
        .await;
    checking(&session, &folder).await;
}

/// Said of every goal.
pub(crate) fn goal(what: &str, met: bool, found: &str) {
    println!("goal: {what}: {} ({found})", if met { "met" } else { "NOT met" });
}

async fn search(session: &Session, folder: &Path) {
    let texts = session.eval("return bench.texts()").await;
    let texts = brotli(folder, "texts", texts.as_str().unwrap());
    println!("\nSearch: {TEXTS} texts of {CHARACTERS} characters, {QUERIES} queries of 2 to 6");
    println!("The texts are {texts} bytes (brotli) for each; the index is what must come on top.");
    println!(
        "{:<34} {:>9} {:>9} {:>9} {:>9} {:>13} {:>12}",
        "", "build ms", "p50 ms", "p95 ms", "of mini", "index bytes", "first right"
    );
    let mut rows = Vec::new();
    for (name, label) in [
        ("minisearch-or", "minisearch, any pair (its default)"),
        ("minisearch-and", "minisearch, every pair"),
        ("flexsearch", "flexsearch, every pair"),
        ("scan", "plain scan of the texts"),
        ("ours", "ours"),
        ("ours-shown", "ours, with 30 marked snippets"),
    ] {
        let found = session.eval(&format!("return bench.engine('{name}')")).await;
        let number = |key: &str| found[key].as_f64().unwrap();
        let mut index = 0;
        if name.starts_with("mini") || name == "flexsearch" {
            session.wait_eval("return bench.saved() !== undefined").await;
            let saved = session.eval("return bench.saved()").await;
            index = brotli(folder, name, saved.as_str().unwrap());
        }
        rows.push((name, number("p95"), index));
        let mini = rows[0].1.min(rows.get(1).map_or(f64::MAX, |row| row.1));
        let right = match number("present") {
            0.0 => String::from("—"),
            present => format!("{:.1} %", number("right") * 100.0 / present),
        };
        println!(
            "{label:<34} {:>9.1} {:>9.4} {:>9.4} {:>8.2}× {index:>13} {right:>12}",
            number("build"),
            number("p50"),
            number("p95"),
            number("p95") / mini,
        );
    }
    let row = |wanted: &str| *rows.iter().find(|(name, ..)| *name == wanted).unwrap();
    let (ours, and, or) = (row("ours"), row("minisearch-and"), row("minisearch-or"));
    let mini = and.1.min(or.1);
    goal(
        "p95 no slower than minisearch at its faster",
        ours.1 <= mini,
        &format!("{:.2} times its time", ours.1 / mini),
    );
    goal(
        "index at most a quarter of minisearch's",
        ours.2 * 4 <= or.2,
        &format!("{} of {} bytes", ours.2, or.2),
    );
}

async fn folding(session: &Session) {
    session
        .eval("bench.journal().then(() => { bench.read = true })")
        .await;
    session.wait_eval("return bench.read === true").await;
    let found = session.eval("return bench.fold()").await;
    assert_eq!(found["count"], EVENTS);
    let (read, fold) = (found["read"].as_f64().unwrap(), found["fold"].as_f64().unwrap());
    println!("\nFolding {EVENTS} events");
    println!("reading their lines {read:.1} ms, folding them {fold:.1} ms");
    goal("folding at most 100 ms", fold <= 100.0, &format!("{fold:.1} ms"));
}

async fn remembering(session: &Session) {
    let found = session.eval("return bench.reviews()").await;
    let number = |key: &str| found[key].as_f64().unwrap();
    assert!(number("off") < 1e-6, "other memories than ts-fsrs: {found}");
    let (ours, cards, formulas) = (number("ours"), number("cards"), number("formulas"));
    println!("\nFSRS reviews per second");
    println!("ours {ours:.0}; ts-fsrs {cards:.0} by its `next`, {formulas:.0} by its formulas alone");
    goal(
        "at least 5 times the reviews of ts-fsrs by its `next`",
        ours >= cards * 5.0,
        &format!(
            "{:.1} times, and {:.1} times its formulas alone",
            ours / cards,
            ours / formulas
        ),
    );
}

/// Signed records per second, from text to verdict.
async fn checking(session: &Session, folder: &Path) {
    let native = fs::read_to_string(folder.join("native.json")).unwrap();
    let native: Value = serde_json::from_str(&native).unwrap();
    let number = |value: &Value| value.as_f64().unwrap();
    println!("\nSigned records per second, one proof each, no two by one key");
    for kind in ["minimal", "typical"] {
        session.eval(&format!("credentials.measure('{kind}')")).await;
        // Minutes on a loaded machine.
        for _ in 0..300 {
            if session.eval("return credentials.found !== undefined").await == true {
                break;
            }
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        session.wait_eval("return credentials.found !== undefined").await;
        let found = session.eval("return credentials.found").await;
        assert!(found.get("error").is_none(), "{found}");
        let yard = &native[kind];
        println!("{kind}, {:.0} bytes:", number(&yard["bytes"]));
        let peers: Vec<(&String, f64)> = found
            .as_object()
            .unwrap()
            .iter()
            .filter(|(name, _)| name.starts_with("whole") || name.starts_with("proof"))
            .map(|(name, speed)| (name, number(speed)))
            .collect();
        for (name, speed) in &peers {
            println!("  {:<52} {speed:>8.0}", format!("@digitalbazaar, {name}"));
        }
        let peer = peers.iter().map(|(_, speed)| *speed).fold(0.0, f64::max);
        let ours = |name: &str| number(&found[name]);
        for (name, label) in [
            ("browser 1", "ours by WebCrypto, one worker"),
            ("browser 2", "ours by WebCrypto, two workers"),
            ("program 1", "ours by the program alone, one worker"),
            ("program 2", "ours by the program alone, two workers"),
        ] {
            println!(
                "  {label:<52} {:>8.0}  {:.2}× the peer",
                ours(name),
                ours(name) / peer
            );
        }
        let (whole, strict) = (number(&yard["whole"]), number(&yard["strict"]));
        println!(
            "  {:<52} {whole:>8.0}",
            format!("native, {}", native["backend"].as_str().unwrap())
        );
        println!("  {:<52} {strict:>8.0}", "native, verify_strict alone");
        println!(
            "  {:<52} {:>8.0}",
            "native, reading and hashing alone",
            number(&yard["reading"])
        );
        goal(
            &format!("{kind}: by WebCrypto on one thread at least 4 times the peer"),
            ours("browser 1") >= peer * 4.0,
            &format!("{:.2} times", ours("browser 1") / peer),
        );
        goal(
            &format!("{kind}: by the program alone at least a third of native"),
            ours("program 1") * 3.0 >= whole,
            &format!(
                "{:.2} of native, {:.2} of verify_strict alone, {:.2} times the peer",
                ours("program 1") / whole,
                ours("program 1") / strict,
                ours("program 1") / peer
            ),
        );
        for by in ["browser", "program"] {
            let (one, two) = (ours(&format!("{by} 1")), ours(&format!("{by} 2")));
            goal(
                &format!("{kind}, by {by}: two workers at least 1.7 times one"),
                two >= one * 1.7,
                &format!("{:.2} times", two / one),
            );
        }
    }
}

async fn restore(session: &Session, backup: &Path) {
    session.goto_hash("/settings").await;
    session.wait("main h1").await;
    session.upload("[data-testid=restore-file]", &[backup]).await;
    session.click("[data-testid=begin-restore]").await;
    session.click("[data-testid=confirm-restore]").await;
    session.wait("[data-testid=restored]").await;
}

/// Milliseconds from tap to paint at the 95th percentile.
struct Taps {
    /// Of an answer.
    p95: f64,
    /// Of a tap to which nothing answers: what this browser on this machine takes anyway.
    idle: f64,
}

async fn answering(session: &Session, journal: &str) -> Taps {
    session.goto_hash("/").await;
    session.wait("[data-scope=total]").await;
    let questions = steps::bank(session, "chengxu").await;
    session.goto_hash("/practice/module/chengxu").await;
    session.wait("[data-testid=submit-answer]").await;
    session
        .eval(
            "window.taps = { answer: [], idle: [] };
             document.addEventListener('click', event => {
               const answer = event.target.closest('[data-testid=submit-answer]');
               if (!answer && !event.target.closest('legend')) return;
               requestAnimationFrame(() => {
                 const channel = new MessageChannel();
                 channel.port1.onmessage = () => {
                   const taken = performance.now() - event.timeStamp;
                   const shown = document.querySelector('[data-testid=result]') !== null;
                   if (answer) taps.answer.push(shown ? taken : Infinity);
                   else taps.idle.push(taken);
                 };
                 channel.port2.postMessage(0);
               });
             }, true);",
        )
        .await;
    session.slow_down(SLOWER).await;
    for number in 0..ANSWERS {
        session.click("legend").await;
        steps::answer(session, &questions, number % 2 == 0).await;
        session.click("[data-testid=next-question]").await;
    }
    session.slow_down(1).await;
    let mut taps = Taps { p95: 0.0, idle: 0.0 };
    for (kind, label, p95) in [
        ("idle", "a tap that does nothing", &mut taps.idle),
        ("answer", "an answer", &mut taps.p95),
    ] {
        let times = session.eval(&format!("return taps.{kind}")).await;
        let number = |time: &Value| {
            time.as_f64()
                .unwrap_or_else(|| panic!("painted without the result"))
        };
        let mut times: Vec<f64> = times.as_array().unwrap().iter().map(number).collect();
        assert_eq!(times.len(), ANSWERS, "{kind}");
        times.sort_by(f64::total_cmp);
        *p95 = times[ANSWERS * 95 / 100 - 1];
        println!(
            "{journal} in the journal, {label}: p50 {:.1} ms, p95 {p95:.1} ms, worst {:.1} ms",
            times[ANSWERS / 2],
            times[ANSWERS - 1]
        );
    }
    taps
}

fn folder(variable: &str) -> PathBuf {
    let folder = std::env::var_os(variable);
    folder.unwrap_or_else(|| panic!("{variable} is not set")).into()
}

fn folder_of_site() -> PathBuf {
    folder("XUEDANG_DIST").join("content")
}

/// What the site serves of the course.
struct Course {
    texts: String,
    banks: Vec<QuestionBank>,
}

impl Course {
    fn read(folder: &Path) -> Self {
        let mut paths: Vec<PathBuf> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        let read = |prefix: &str| -> Vec<String> {
            let named = |path: &&PathBuf| path.file_name().unwrap().to_string_lossy().starts_with(prefix);
            paths
                .iter()
                .filter(named)
                .map(|path| fs::read_to_string(path).unwrap())
                .collect()
        };
        Self {
            texts: read("search-").concat(),
            banks: read("questions-")
                .iter()
                .map(|json| serde_json::from_str(json).unwrap())
                .collect(),
        }
    }

    /// Texts of the course cut to length, and queries: nine in ten as they stand in a text, the
    /// rest put together from two.
    fn corpus(&self) -> (Vec<String>, Vec<String>) {
        let mut all: Vec<char> = self.texts.replace(['\t', '\n'], " ").chars().collect();
        for question in self.banks.iter().flat_map(|bank| &bank.questions) {
            all.extend(question.stem.chars());
            question
                .options
                .values()
                .for_each(|text| all.extend(text.chars()));
            all.extend(question.explain.chars());
        }
        let texts: Vec<String> = all
            .chunks_exact(CHARACTERS)
            .cycle()
            .take(TEXTS)
            .map(|text| text.iter().collect())
            .collect();
        let mut chance = Chance(42);
        let mut piece = |length: usize| loop {
            let text: Vec<char> = texts[chance.below(TEXTS)].chars().collect();
            let from = chance.below(CHARACTERS - length);
            let piece: String = text[from..from + length].iter().collect();
            // What a person types has no signs.
            if piece.chars().all(|sign| fold(sign) == Some(sign)) {
                return piece;
            }
        };
        let mut queries: Vec<String> = Vec::new();
        for number in 0..QUERIES {
            let length = 2 + number % 5;
            queries.push(match number % 10 {
                9 => piece(length / 2) + &piece(length - length / 2),
                _ => piece(length),
            });
        }
        (texts, queries)
    }

    /// A journal of answers to the course's questions, over and over, a quarter of them wrong.
    fn answered(&self, count: usize) -> Backup {
        let questions = self.banks.iter().flat_map(|bank| &bank.questions);
        let mut journal: Journal<Study> = Journal::new(Book::Study);
        let mut entries = Vec::new();
        let mut chance = Chance(7);
        let mut env = Env {
            now: Moment {
                ms: 1_767_225_600_000,
                tz: 480,
            },
            chance: 0,
        };
        for question in questions.cycle().take(count) {
            env.now.ms += 60_000 + chance.below(600_000) as i64;
            env.chance += 1;
            let choice = steps::response(question, chance.below(4) > 0);
            let what = journal.state().decide(Action::Answer(question, choice), &env);
            for entry in journal.draft(vec![what.unwrap()], &mut || env) {
                journal.receive(&entry);
                entries.push(entry);
            }
        }
        Backup::new(entries, env.now)
    }
}

/// The same numbers in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// Prints the size of a file after brotli at quality 11.
const COMPRESS: &str = "
    const { brotliCompressSync, constants } = require('node:zlib');
    const bytes = require('node:fs').readFileSync(process.argv[1]);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    console.log(brotliCompressSync(bytes, { params }).length);";

/// How many bytes a text travels in.
fn brotli(folder: &Path, name: &str, text: &str) -> usize {
    let path = folder.join(format!("{name}.sized"));
    let mut file = fs::File::create(&path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let output = Command::new("node")
        .args(["-e", COMPRESS])
        .arg(&path)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let size = String::from_utf8_lossy(&output.stdout);
    size.trim()
        .parse()
        .unwrap_or_else(|_| panic!("no size: {}", String::from_utf8_lossy(&output.stderr)))
}
