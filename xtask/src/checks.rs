//! `cargo xtask check`: comparisons with what others have published, one function for each.

use crate::error::{Error, Result};
use crate::setup::npm::Package;
use crate::workshop::Workshop;

type Check = fn(&Workshop) -> Result<()>;

/// The checks by name.
const CHECKS: [(&str, Check); 1] = [("commonmark", commonmark)];

/// Runs the checks of these names, all of them when there are none.
///
/// # Errors
/// When a name is not a check's, or a check fails.
pub(crate) fn run(workshop: &Workshop, names: &[String]) -> Result<()> {
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
