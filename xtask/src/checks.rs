//! Checks against what others have published: `cargo xtask check NAME…`, one function for each.

use crate::error::{Context, Error, Result};
use crate::setup::npm::Package;
use crate::steps::count;
use crate::tally::Tally;
use crate::workshop::Workshop;

/// A check and its name.
type Check = (&'static str, fn(&Workshop) -> Result<Tally>);

/// All of them.
const ALL: &[Check] = &[("commonmark", commonmark)];

/// Runs the checks of these names, or all.
///
/// # Errors
/// When there is no check of that name, or one could not be run.
pub(crate) fn run(workshop: &Workshop, names: &[String]) -> Result<bool> {
    let known = |name: &String| ALL.iter().find(|(known, _)| known == name);
    let mut chosen: Vec<&Check> = Vec::new();
    for name in names {
        let all: Vec<&str> = ALL.iter().map(|(name, _)| *name).collect();
        chosen.push(
            known(name).with(|| format!("there is no check `{name}`; the checks are {}", all.join(" ")))?,
        );
    }
    if names.is_empty() {
        chosen.extend(ALL);
    }
    let mut total = Tally::default();
    for (name, check) in chosen {
        println!("=== {name} ===");
        total += check(workshop)?;
    }
    println!("{total}");
    Ok(total.failed == 0)
}

/// Markdown as we render it, against the 652 examples of the specification.
fn commonmark(workshop: &Workshop) -> Result<Tally> {
    const SPEC: Package = Package {
        name: "commonmark-spec",
        version: "0.31.2",
    };
    let spec = SPEC.provide(workshop)?.join("spec.txt");
    let mut cargo = workshop.command("cargo");
    cargo.args(["test", "--no-default-features", "--features", "pack"]);
    cargo.args(["--test", "commonmark", "--", "--nocapture"]);
    cargo.env("XUEDANG_COMMONMARK", spec);
    let tally = count(&mut cargo)?;
    if tally.passed + tally.failed == 0 {
        return Err(Error::new("no test has been run"));
    }
    Ok(tally)
}
