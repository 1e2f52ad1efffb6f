//! Writes made-up registers for `cargo xtask check analysis` by our own writers.
//!
//! `made-register FOLDER ROWS`: `people-N.parquet` and `changes-N.parquet`, a part for each
//! thread's share, and one line of figures. `made-register FOLDER ROWS --sample`: all forms in one part, what the
//! queries should answer as `expected.json`, and the columns' SQL types as `columns.json`.
//! `made-register FOLDER ROWS --workbench`: the same by the branch's workbench: its exports, and its figures as what the
//! queries should answer.
//! `made-register FOLDER ROWS --forms`: every form of the people one after another, to see what they cost.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // A tool for a check.

mod bench;
mod made;
mod reference;

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use xuedang::format::upward::changes::ChangeRow;
use xuedang::format::upward::form::{Form, Title};
use xuedang::format::upward::people::PersonRow;
use xuedang::format::upward::{Export, Format, Row, TABLES, describe};

/// People of a part.
const PART: u64 = 1_250_000;

/// A file that is written as its rows come.
struct Out {
    export: Export,
    file: File,
    rows: u64,
}

impl Out {
    fn begin<R: Row>(folder: &Path, part: u64, format: Format) -> Self {
        let table = R::TABLE;
        let name = format!("{}-{part}.{}", table.name, format.extension());
        Self {
            export: Export::begin(format, table).unwrap(),
            file: File::create(folder.join(name)).unwrap(),
            rows: 0,
        }
    }

    fn put(&mut self, row: &impl Row) {
        self.export.put(&row.cells()).unwrap();
        self.rows += 1;
        if self.rows.is_multiple_of(1 << 14) {
            self.file.write_all(&self.export.take()).unwrap();
        }
    }

    fn finish(mut self) -> u64 {
        self.file.write_all(&self.export.finish().unwrap()).unwrap();
        self.rows
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, rows) = (PathBuf::from(&arguments[0]), arguments[1].parse().unwrap());
    fs::create_dir_all(&folder).unwrap();
    match arguments.get(2).map(String::as_str) {
        None => parts(&folder, rows),
        Some("--sample") => sample(&folder, rows),
        Some("--workbench") => workbench(&folder, rows),
        Some("--forms") => forms(&folder, rows),
        Some(other) => panic!("{other}?"),
    }
}

/// Parquet in parts, as many threads as there are processors.
fn parts(folder: &Path, rows: u64) {
    let begun = Instant::now();
    let branches = made::branches(rows);
    let (next, changes) = (AtomicU64::new(0), AtomicU64::new(0));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let part = next.fetch_add(1, Ordering::Relaxed);
                    let numbers = part * PART..((part + 1) * PART).min(rows);
                    if numbers.is_empty() {
                        break;
                    }
                    changes.fetch_add(write_part(folder, part, numbers, branches), Ordering::Relaxed);
                }
            });
        }
    });
    let bytes: u64 = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap().len())
        .sum();
    println!(
        "{rows} people in {branches} branches and {} changes of state written as Parquet in {:.1} s: {} MB",
        changes.into_inner(),
        begun.elapsed().as_secs_f64(),
        bytes / 1_000_000
    );
}

fn write_part(folder: &Path, part: u64, numbers: std::ops::Range<u64>, branches: u64) -> u64 {
    let mut people = Out::begin::<PersonRow<'_>>(folder, part, Format::Parquet);
    let mut history = Out::begin::<ChangeRow<'_>>(folder, part, Format::Parquet);
    for number in numbers {
        let (person, changes) = made::person(number, branches);
        people.put(&person);
        changes.iter().for_each(|change| history.put(change));
    }
    people.finish();
    history.finish()
}

fn title() -> Title {
    Title {
        attachment: "附件6：".into(),
        title: "入党积极分子名册（截至2026年6月30日）".into(),
        unit: "二级党委（盖章）：示例学院党委".into(),
        filed: "填报日期：2026年6月30日".into(),
    }
}

/// The people in every form, each deleted again: seconds, megabytes, and the most memory that the
/// program ever had, which must not be as much as the people are.
fn forms(folder: &Path, rows: u64) {
    let branches = made::branches(rows);
    for format in Format::ALL {
        let begun = Instant::now();
        let mut out = Out::begin::<PersonRow<'_>>(folder, 0, format);
        (0..rows).for_each(|number| out.put(&made::person(number, branches).0));
        out.finish();
        let file = folder.join(format!("people-0.{}", format.extension()));
        tell(&file, rows, begun);
    }
    let begun = Instant::now();
    let path = folder.join("roster.xlsx");
    let mut file = File::create(&path).unwrap();
    let mut form = Form::begin(&title()).unwrap();
    for number in 0..rows {
        form.put(&made::person(number, branches).0).unwrap();
        if number.is_multiple_of(1 << 14) {
            file.write_all(&form.take()).unwrap();
        }
    }
    file.write_all(&form.finish().unwrap()).unwrap();
    tell(&path, rows, begun);
    // Only Linux tells.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    if let Some(kilobytes) = peak {
        println!("at most {} MB of memory", kilobytes / 1_000);
        assert!(kilobytes < 256_000, "memory grows with the rows");
    }
}

fn tell(file: &Path, rows: u64, begun: Instant) {
    println!(
        "{}: {rows} people in {:.1} s, {} MB",
        file.file_name().unwrap().display(),
        begun.elapsed().as_secs_f64(),
        file.metadata().unwrap().len() / 1_000_000
    );
    fs::remove_file(file).unwrap();
}

/// Every form, and what the queries should answer.
fn sample(folder: &Path, rows: u64) {
    let branches = made::branches(rows);
    let (people, changes): (Vec<_>, Vec<_>) = (0..rows).map(|number| made::person(number, branches)).unzip();
    let changes: Vec<_> = changes.into_iter().flatten().collect();
    for format in Format::ALL {
        write_all(folder, format, &people);
        write_all(folder, format, &changes);
    }
    let mut form = Form::begin(&title()).unwrap();
    people.iter().for_each(|person| form.put(person).unwrap());
    fs::write(folder.join("roster.xlsx"), form.finish().unwrap()).unwrap();

    expect(folder, reference::all(&people, &changes));
}

/// The people in a workbench, as it lets them leave, and what its figures are.
fn workbench(folder: &Path, rows: u64) {
    let work = bench::workbench(rows, made::branches(rows));
    for format in [Format::Parquet, Format::Ndjson] {
        for table in TABLES {
            let is_changes = table.name == "changes";
            let asked = serde_json::json!({"changes": is_changes, "whom": {"of": "all"}});
            let what = format!("leave/{}", format.extension());
            let (bytes, _) = bench::order(&work, &what, &asked).unwrap().file.unwrap();
            let name = format!("{}-0.{}", table.name, format.extension());
            fs::write(folder.join(name), bytes).unwrap();
        }
    }
    let (expected, shown) = bench::expected(&work);
    let cells = |name: &str| -> usize {
        let (_, rows) = expected.iter().find(|(known, _)| *known == name).unwrap();
        rows.iter().map(Vec::len).sum()
    };
    let shown: Vec<String> = shown
        .iter()
        .map(|name| format!("{name} ({} values)", cells(name)))
        .collect();
    println!(
        "{rows} people in a workbench; its figures are what is expected of {}",
        shown.join(", ")
    );
    expect(folder, expected);
}

/// Writes what the queries should answer, and the columns' types.
fn expect(folder: &Path, answers: Vec<(&'static str, Vec<Vec<serde_json::Value>>)>) {
    let expected: serde_json::Map<_, _> = answers
        .into_iter()
        .map(|(name, rows)| (name.to_owned(), rows.into()))
        .collect();
    fs::write(
        folder.join("expected.json"),
        serde_json::to_vec(&expected).unwrap(),
    )
    .unwrap();
    let columns: serde_json::Map<_, _> = TABLES
        .iter()
        .map(|table| {
            let columns = table.columns.iter();
            let columns = columns.map(|column| vec![column.name, describe::sql_type(column.kind)]);
            (table.name.to_owned(), columns.collect::<Vec<_>>().into())
        })
        .collect();
    fs::write(folder.join("columns.json"), serde_json::to_vec(&columns).unwrap()).unwrap();
}

fn write_all<R: Row>(folder: &Path, format: Format, rows: &[R]) {
    let mut out = Out::begin::<R>(folder, 0, format);
    rows.iter().for_each(|row| out.put(row));
    out.finish();
}
