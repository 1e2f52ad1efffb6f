//! Signed records against npm's `@digitalbazaar` libraries for Verifiable Credentials, both ways.

use std::fs;
use std::path::Path;

use crate::error::{Context, Result};
use crate::setup::npm::digitalbazaar as packages;
use crate::workshop::Workshop;

/// Our records hold there and changed ones do not; theirs hold here and changed ones do not; and the
/// proof chains of the W3C's vectors hold over the documents that we make of them.
pub(super) fn digitalbazaar(workshop: &Workshop) -> Result<()> {
    // Beside `node_modules`, so that it finds the packages by their names.
    let script = packages(workshop)?.join("credential.mjs");
    fs::write(&script, include_str!("credential.mjs")).with(|| format!("writing {}", script.display()))?;
    let scratch = workshop.scratch()?;
    let (ours, theirs) = (scratch.join("ours.json"), scratch.join("theirs.json"));
    rust(workshop, "writes_records_for_others", &ours)?;
    let mut node = workshop.command("node");
    workshop.run(node.arg(&script).arg(&ours).arg(&theirs))?;
    rust(workshop, "reads_records_of_others", &theirs)
}

/// Runs one of our tests that are for this alone.
fn rust(workshop: &Workshop, test: &str, file: &Path) -> Result<()> {
    let mut cargo = workshop.command("cargo");
    cargo.args(["test", "--quiet", "--no-default-features", "--features", "sign"]);
    cargo.args(["--test", "credential", "--", "--ignored", "--nocapture", test]);
    workshop.run(cargo.env("XUEDANG_CREDENTIALS", file))
}
