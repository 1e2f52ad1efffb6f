//! `cargo xtask check`: comparisons with other people's programs and texts, too slow or too far away
//! for every run of `test`, one function for each.

mod analysis;
mod banks;
mod credential;
mod exports;

use std::fs;
use std::path::Path;

use crate::error::{Context, Error, Result};
use crate::setup::npm::{Package, TS_FSRS};
use crate::workshop::Workshop;

const HISTORIES: &str = "10000";
const SEED: &str = "6";

/// A check and its name.
type Check = (&'static str, fn(&Workshop) -> Result<()>);

/// The checks by name.
const CHECKS: [Check; 8] = [
    ("analysis", |workshop| {
        analysis::analysis(workshop, analysis::ROWS)
    }),
    ("commonmark", commonmark),
    ("credential", credential::digitalbazaar),
    ("fsrs", fsrs),
    ("gift", banks::gift),
    ("office", exports::office),
    ("xapi", exports::xapi),
    ("xlsx", banks::xlsx),
];

/// Runs the checks of these names, all of them when there are none. With `pairs`, the folder
/// `tests/questions` of a checkout of gift-pegjs, the check `gift` compares with that instead; with
/// `rows`, the check `analysis` makes so many people.
///
/// # Errors
/// When a name is not a check's, or a check fails.
pub(crate) fn run(
    workshop: &Workshop,
    names: &[String],
    pairs: Option<&Path>,
    rows: Option<u64>,
) -> Result<()> {
    if let Some(rows) = rows {
        if names != ["analysis"] {
            return Err(Error::new("--rows belongs to the check `analysis`"));
        }
        return analysis::analysis(workshop, rows);
    }
    if let Some(pairs) = pairs {
        if names != ["gift"] {
            return Err(Error::new("--pairs belongs to the check `gift`"));
        }
        return banks::pairs(workshop, pairs);
    }
    for name in names {
        if CHECKS.iter().all(|(known, _)| known != name) {
            let all = CHECKS.map(|(known, _)| known).join(" ");
            return Err(Error::new(format!(
                "there is no check `{name}`; the checks are {all}"
            )));
        }
    }
    for (name, check) in CHECKS {
        if names.is_empty() || names.iter().any(|chosen| chosen == name) {
            check(workshop)?;
        }
    }
    Ok(())
}

/// Markdown as we render it, against the 652 examples of the specification.
fn commonmark(workshop: &Workshop) -> Result<()> {
    const SPEC: Package = Package {
        name: "commonmark-spec",
        version: "0.31.2",
    };
    let spec = SPEC.provide(workshop)?.join("spec.txt");
    let mut cargo = workshop.command("cargo");
    cargo.args(["test", "--quiet", "--no-default-features", "--features", "pack"]);
    cargo.args(["--test", "commonmark", "--", "--nocapture"]);
    workshop.run(cargo.env("XUEDANG_COMMONMARK", spec))
}

/// Our memory model against npm `ts-fsrs` over ten thousand random histories, and the speed of both.
fn fsrs(workshop: &Workshop) -> Result<()> {
    // Beside `node_modules`, so that it finds the package by its name.
    let script = TS_FSRS.provide(workshop)?.join("../../fsrs.mjs");
    fs::write(&script, include_str!("checks/fsrs.mjs")).with(|| format!("writing {}", script.display()))?;
    let out = workshop.scratch()?.join("fsrs.json");
    let mut node = workshop.command("node");
    node.arg(&script).args([HISTORIES, SEED]).arg(&out);
    workshop.run(&mut node)?;
    let mut cargo = workshop.command("cargo");
    cargo.args(["test", "--quiet", "--package", "xuedang", "--no-default-features"]);
    // Our own crate fast; what it is built on as the other tests have it.
    cargo.args(["--config", "profile.dev.package.xuedang.opt-level=3"]);
    cargo.args([
        "--test",
        "fsrs",
        "--",
        "--ignored",
        "--nocapture",
        "--test-threads=1",
    ]);
    workshop.run(cargo.env("XUEDANG_FSRS", out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_no_check_has_are_refused() {
        let refused =
            |name: &str| Workshop::find().and_then(|workshop| run(&workshop, &[name.to_owned()], None, None));
        assert!(refused("fsr").is_err_and(|error| {
            error
                .to_string()
                .contains("the checks are analysis commonmark credential fsrs")
        }));
    }
}
