//! The queries of `analysis/` in real DuckDB and real Spark, over registers that our own writers
//! wrote: both must answer the same, and on a sample what a computation without SQL says.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::checks::banks::pip;
use crate::error::{Context, Result};
use crate::setup;
use crate::workshop::{Workshop, long_step};

const DUCKDB: &str = "2.0.1";
const PYSPARK: &str = "4.3.0";
/// People of the large register when no other number is asked for.
pub(super) const ROWS: u64 = 10_000_000;
/// The most people that are written in every form.
const FORMS: u64 = 1_000_000;
/// People of the sample, which is also computed without SQL.
const SAMPLE: u64 = 10_000;
const LIMIT: Duration = Duration::from_secs(3600);

/// Runs the check; the made-up registers, gigabytes, are deleted in any case.
pub(super) fn analysis(workshop: &Workshop, rows: u64) -> Result<()> {
    setup::for_spark(workshop)?;
    let duckdb = pip(workshop, "duckdb", DUCKDB, "duckdb")?;
    let pyspark = pip(workshop, "pyspark", PYSPARK, "pyspark")?;
    let folder = workshop.scratch()?.join("analysis");
    // Not there before the first run.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).with(|| format!("making {}", folder.display()))?;
    let script = folder.join("analysis.py");
    fs::write(&script, include_str!("analysis.py")).with(|| format!("writing {}", script.display()))?;
    let check = Check {
        workshop,
        folder: &folder,
        python_path: std::env::join_paths([duckdb, pyspark]).with(|| "joining paths".to_owned())?,
    };
    let done = check.sample("sample").and_then(|()| check.sample("workbench"));
    let done = done.and_then(|()| check.forms(rows));
    let done = done.and_then(|()| check.large(rows));
    let removed = fs::remove_dir_all(&folder).with(|| format!("deleting {}", folder.display()));
    done.and(removed)
}

struct Check<'a> {
    workshop: &'a Workshop,
    folder: &'a Path,
    python_path: std::ffi::OsString,
}

impl Check<'_> {
    /// Ten thousand people: both engines over Parquet and NDJSON, and the computation without SQL; as
    /// `workbench`, what left the branch's workbench and the figures on its screens.
    fn sample(&self, what: &str) -> Result<()> {
        let data = self.folder.join(what);
        let log = self.workshop.cached("log").join("made-register.log");
        let mut make = self.make(&data, SAMPLE);
        long_step(
            "building the writer of registers, and a sample",
            LIMIT,
            &log,
            make.arg(format!("--{what}")),
        )?;
        for (engine, kind) in [
            ("duckdb", "parquet"),
            ("duckdb", "ndjson"),
            ("spark", "parquet"),
            ("spark", "ndjson"),
        ] {
            let answers = self.ask(engine, kind, &data)?;
            self.python("compare", [answers.as_path(), &data.join("expected.json")])?;
        }
        Ok(())
    }

    /// A million people in every form, whose rows are let go of as they are written.
    fn forms(&self, rows: u64) -> Result<()> {
        let rows = rows.min(FORMS);
        self.workshop
            .run(self.make(&self.folder.join("forms"), rows).arg("--forms"))
    }

    /// Many people, over Parquet.
    fn large(&self, rows: u64) -> Result<()> {
        let data = self.folder.join("large");
        self.workshop.run(&mut self.make(&data, rows))?;
        let begun = Instant::now();
        let ours = self.ask("duckdb", "parquet", &data)?;
        let theirs = self.ask("spark", "parquet", &data)?;
        self.python("compare", [ours.as_path(), &theirs])?;
        println!(
            "{rows} people: both engines in {:.0} s",
            begun.elapsed().as_secs_f64()
        );
        Ok(())
    }

    /// The native program that writes registers.
    fn make(&self, data: &Path, rows: u64) -> Command {
        let mut cargo = self.workshop.command("cargo");
        cargo.args(["run", "--quiet", "--profile", "swift", "--no-default-features"]);
        cargo.args(["--features", "made", "--bin", "made-register", "--"]);
        cargo.arg(data).arg(rows.to_string());
        cargo
    }

    /// What an engine answers, in a file of that name.
    fn ask(&self, engine: &str, kind: &str, data: &Path) -> Result<std::path::PathBuf> {
        let answers = data.join(format!("{engine}-{kind}.json"));
        let analysis = self.workshop.root().join("analysis");
        let paths = [data, &analysis, &answers];
        self.python(
            "run",
            [Path::new(engine), Path::new(kind)].into_iter().chain(paths),
        )?;
        Ok(answers)
    }

    fn python<'b>(&self, what: &str, arguments: impl IntoIterator<Item = &'b Path>) -> Result<()> {
        let mut python = self.workshop.command("python3");
        python
            .arg(self.folder.join("analysis.py"))
            .arg(what)
            .args(arguments);
        python.env("PYTHONPATH", &self.python_path);
        // Its workers must be the same Python, whatever else is on the path.
        python.env("PYSPARK_PYTHON", "python3");
        // Spark looks for its own name on the network otherwise.
        self.workshop.run(python.env("SPARK_LOCAL_IP", "127.0.0.1"))
    }
}
