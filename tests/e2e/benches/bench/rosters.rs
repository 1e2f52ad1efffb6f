//! Reading rosters: our program in a worker beside SheetJS and ExcelJS, on the same files.
//!
//! Each engine gets a browser of its own. Memory is what the page's processes keep in main memory
//! (resident), the worker with its program and its heap among it: the most while the file is read for
//! the first time, over what it was when engine and file were loaded. Linux counts the most itself
//! (`VmHWM`, begun anew by `clear_refs`), so nothing falls between two looks. Where there is no such
//! thing, no memory is told.

use std::collections::HashSet;
use std::fs;
use std::time::Duration;

use serde_json::Value;
use xuedang_e2e::{Browser, Session};

/// Rounds after the first, of which the middle one counts.
const ROUNDS: usize = 3;
/// The file that all read, and its rows and columns.
const SHARED: (&str, f64, f64) = ("roster-100000.xlsx", 100_002.0, 20.0);
/// The files that only we read.
const GROWTH: [&str; 5] = [
    "roster-1000.xlsx",
    "roster-10000.xlsx",
    "roster-100000.xlsx",
    "roster-300000.xlsx",
    "roster-1000000.csv",
];

/// What reading a file took.
struct Measured {
    /// Rows per second.
    speed: f64,
    /// Milliseconds of the first round and of the middle one of the others.
    first: f64,
    middle: f64,
    rows: f64,
    columns: f64,
    /// Bytes of main memory, where that can be told.
    memory: Option<f64>,
    /// Bytes of the program's own memory, which it has ours of.
    own: Option<f64>,
}

/// Measures, and prints tables with each goal met or not.
pub(crate) async fn measure(page: &str) {
    let (file, rows, columns) = SHARED;
    println!(
        "\nReading a roster of 100,000 people, {columns} columns, from the file to values; each in a worker"
    );
    println!(
        "{:<52} {:>9} {:>9} {:>9} {:>11}",
        "", "rows/s", "ms", "first ms", "memory MB"
    );
    let mut all = Vec::new();
    for (engine, label) in [
        ("sheetjs", "SheetJS, dense, values alone"),
        ("exceljs", "ExcelJS, the rest of the sheet ignored"),
        ("ours", "ours"),
    ] {
        let found = read(page, engine, file).await;
        // Everybody has seen all of it.
        assert_eq!((found.rows, found.columns), (rows, columns), "{engine}");
        println!(
            "{label:<52} {:>9.0} {:>9.0} {:>9.0} {:>11}",
            found.speed,
            found.middle,
            found.first,
            megabytes(found.memory)
        );
        all.push(found);
    }
    let [sheetjs, exceljs, ours] = &all[..] else {
        return;
    };
    let peer = sheetjs.speed.max(exceljs.speed);
    crate::goal(
        "at least 3 times the rows per second of the faster peer",
        ours.speed >= peer * 3.0,
        &format!("{:.1} times", ours.speed / peer),
    );
    let faster = if sheetjs.speed >= exceljs.speed {
        sheetjs
    } else {
        exceljs
    };
    let least = [sheetjs.memory, exceljs.memory]
        .into_iter()
        .flatten()
        .fold(f64::MAX, f64::min);
    if let (Some(mine), Some(theirs)) = (ours.memory, faster.memory) {
        crate::goal(
            "no more than half the memory of the faster peer",
            mine * 2.0 <= theirs,
            &format!(
                "{:.2} of it, {:.2} of the leaner peer's",
                mine / theirs,
                mine / least
            ),
        );
    }

    println!("\nOurs as rosters grow");
    println!(
        "{:<22} {:>8} {:>9} {:>9} {:>9} {:>12} {:>11} {:>14}",
        "", "columns", "ms", "µs/row", "rows/s", "memory MB", "bytes/row", "its own MB"
    );
    for file in GROWTH {
        let found = read(page, "ours", file).await;
        let per_row = found
            .memory
            .map_or_else(dash, |bytes| format!("{:.0}", bytes / found.rows));
        println!(
            "{file:<22} {:>8} {:>9.1} {:>9.2} {:>9.0} {:>12} {per_row:>11} {:>14}",
            found.columns,
            found.middle,
            found.middle * 1e3 / found.rows,
            found.speed,
            megabytes(found.memory),
            megabytes(found.own),
        );
    }
}

fn dash() -> String {
    String::from("—")
}

fn megabytes(bytes: Option<f64>) -> String {
    bytes.map_or_else(dash, |bytes| format!("{:.1}", bytes / 1e6))
}

/// Has an engine read a file in a browser of its own.
async fn read(page: &str, engine: &str, file: &str) -> Measured {
    let others: HashSet<u32> = renderers().into_iter().collect();
    let session = Session::open(Browser::Chromium).await;
    let address = format!("{page}rosters.html");
    session.client().goto(&address).await.unwrap();
    session.wait_eval("return window.rosters?.ready === true").await;
    done(&session, &format!("rosters.start('{engine}')")).await;
    let mut times = Vec::new();
    let (mut last, mut memory) = (Value::Null, None);
    for round in 0..=ROUNDS {
        done(&session, &format!("rosters.load('{file}')")).await;
        let mut watched = None;
        if round == 0 {
            // What was fetched and parsed before is put away.
            tokio::time::sleep(Duration::from_secs(1)).await;
            let mine = renderers()
                .into_iter()
                .filter(|process| !others.contains(process));
            watched = Watched::begin(mine.collect());
        }
        last = done(&session, "rosters.read()").await;
        memory = memory.or(watched.and_then(|watched| watched.most()));
        times.push(last["ms"].as_f64().unwrap());
    }
    let first = times.remove(0);
    times.sort_by(f64::total_cmp);
    let middle = times[times.len() / 2];
    let number = |key: &str| last[key].as_f64();
    let (rows, columns) = (number("rows").unwrap(), number("columns").unwrap());
    let own = number("memory");
    Measured {
        speed: rows * 1e3 / middle,
        first,
        middle,
        rows,
        columns,
        memory,
        own,
    }
}

/// Runs something in the page and waits for what it finds: minutes on a loaded machine.
async fn done(session: &Session, what: &str) -> Value {
    session.eval(what).await;
    for _ in 0..6_000 {
        let found = session.eval("return rosters.found ?? null").await;
        if !found.is_null() {
            assert!(found.get("error").is_none(), "{what}: {found}");
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what}: no answer");
}

/// Processes whose memory is watched, and what they had.
struct Watched {
    processes: Vec<u32>,
    before: f64,
}

impl Watched {
    /// Begins anew to count the most that they have; `None` where that is not to be had.
    fn begin(processes: Vec<u32>) -> Option<Self> {
        for process in &processes {
            fs::write(format!("/proc/{process}/clear_refs"), "5").ok()?;
        }
        let before = total(&processes, "VmRSS:").filter(|bytes| *bytes > 0.0)?;
        Some(Self { processes, before })
    }

    /// The most that they had since, over what they had, in bytes.
    fn most(&self) -> Option<f64> {
        Some(total(&self.processes, "VmHWM:")? - self.before)
    }
}

fn total(processes: &[u32], what: &str) -> Option<f64> {
    processes.iter().map(|process| status(*process, what)).sum()
}

/// A number of kilobytes of a process's status, in bytes.
fn status(process: u32, what: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(what))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024.0)
}

/// The processes of pages among those that the driver has started.
fn renderers() -> Vec<u32> {
    let driver = std::env::var("XUEDANG_CHROMEDRIVER").unwrap_or_default();
    let port = driver
        .rsplit(':')
        .next()
        .unwrap_or_default()
        .trim_end_matches('/');
    let port = format!("--port={port}");
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let all: Vec<(u32, u32, String)> = entries
        .filter_map(|entry| {
            let process = entry.file_name().to_str()?.parse().ok()?;
            let command = fs::read_to_string(entry.path().join("cmdline")).ok()?;
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            // The name in brackets may have spaces.
            let parent = stat.rsplit(')').next()?.split_whitespace().nth(1)?.parse().ok()?;
            Some((process, parent, command))
        })
        .collect();
    let mut family: Vec<u32> = all
        .iter()
        .filter(|(.., command)| command.split('\0').any(|argument| argument == port))
        .map(|(process, ..)| *process)
        .collect();
    let mut at = 0;
    while let Some(parent) = family.get(at).copied() {
        family.extend(
            all.iter()
                .filter(|(_, of, _)| *of == parent)
                .map(|(process, ..)| *process),
        );
        at += 1;
    }
    let is_page = |process: &u32| {
        let command = all.iter().find(|(other, ..)| other == process);
        command.is_some_and(|(.., command)| command.contains("--type=renderer"))
    };
    family.retain(is_page);
    family
}
