//! `cargo xtask check`: comparisons with other people's programs, too slow or too far away for
//! every run of `test`.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use crate::error::{Context, Error, Result};
use crate::workshop::{Workshop, long_step};

const TS_FSRS: &str = "5.4.2";
const HISTORIES: &str = "10000";
const SEED: &str = "6";

type Check = fn(&Workshop) -> Result<()>;

/// The checks by name.
const CHECKS: [(&str, Check); 1] = [("fsrs", fsrs)];

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

/// Our memory model against npm `ts-fsrs` over ten thousand random histories, and the speed of both.
fn fsrs(workshop: &Workshop) -> Result<()> {
    let folder = npm(workshop, "ts-fsrs", TS_FSRS)?;
    let script = folder.join("fsrs.mjs");
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

/// The folder in the user's cache that has that npm package in its `node_modules`.
fn npm(workshop: &Workshop, package: &str, version: &str) -> Result<PathBuf> {
    let folder = workshop.tool_folder(package, version);
    let installed = folder.join("node_modules").join(package).join("package.json");
    if installed.is_file() {
        return Ok(folder);
    }
    if workshop.which("npm").is_none() {
        return Err(Error::new(
            "npm is missing; install Node.js with npm, then run this again",
        ));
    }
    fs::create_dir_all(&folder).with(|| format!("making {}", folder.display()))?;
    let manifest = format!(r#"{{"private":true,"dependencies":{{"{package}":"{version}"}}}}"#);
    let file = folder.join("package.json");
    fs::write(&file, manifest).with(|| format!("writing {}", file.display()))?;
    let mut npm = workshop.command("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--ignore-scripts"]);
    npm.arg("--loglevel=error").current_dir(&folder);
    let log = workshop.cached("log").join(format!("{package}.log"));
    let what = format!("fetching {package} {version}");
    long_step(&what, Duration::from_secs(600), &log, &mut npm)?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_no_check_has_are_refused() {
        let refused = |name: &str| Workshop::find().and_then(|workshop| run(&workshop, &[name.to_owned()]));
        assert!(refused("fsr").is_err_and(|error| error.to_string().contains("the checks are fsrs")));
    }
}
