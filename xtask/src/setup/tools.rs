//! Trunk, wasm-bindgen, wasm-opt and geckodriver, each in exactly one version.
//!
//! One that is on `PATH` in that version is kept; else it goes into a folder of its own, named by
//! name and version, in the user's cache.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::WasmOpt;
use super::apt::Apt;
use super::wasm::write_program;
use crate::error::{Context, Error, Result};
use crate::workshop::{Workshop, long_step, output};

const TRUNK: &str = "0.21.14";
const GECKODRIVER: &str = "0.37.1";
/// Older versions build without complaint, but the page never mounts.
const WASM_OPT: &str = "132";
const BINARYEN: &str = "132.0.0";

pub(super) fn trunk(workshop: &mut Workshop) -> Result<()> {
    let tool = Tool {
        program: "trunk",
        package: "trunk",
        version: TRUNK,
        minutes: 8,
        locked: true,
    };
    tool.provide(workshop)
}

/// wasm-bindgen's command must be of the very version of the crate.
pub(super) fn wasm_bindgen(workshop: &mut Workshop) -> Result<()> {
    let version = wasm_bindgen_version(workshop.root())?;
    let tool = Tool {
        program: "wasm-bindgen",
        package: "wasm-bindgen-cli",
        version: &version,
        minutes: 4,
        // Its own lock file names a version that the registry lacks.
        locked: false,
    };
    tool.provide(workshop)
}

pub(super) fn geckodriver(workshop: &mut Workshop) -> Result<()> {
    let tool = Tool {
        program: "geckodriver",
        package: "geckodriver",
        version: GECKODRIVER,
        minutes: 2,
        locked: true,
    };
    tool.provide(workshop)
}

/// A program that cargo builds from the registry.
struct Tool<'a> {
    program: &'a str,
    package: &'a str,
    version: &'a str,
    /// How long two cores take.
    minutes: u32,
    locked: bool,
}

impl Tool<'_> {
    fn provide(&self, workshop: &mut Workshop) -> Result<()> {
        let folder = workshop.tool_folder(self.package, self.version);
        let cached = folder.join("bin");
        if self.is_right(workshop, &cached.join(self.program)) {
            workshop.add_tools(cached);
            return Ok(());
        }
        let on_path = workshop.which(self.program);
        if on_path.is_some_and(|found| self.is_right(workshop, &found)) {
            return Ok(());
        }
        self.install(workshop, &folder)?;
        if !self.is_right(workshop, &cached.join(self.program)) {
            return Err(Error::new(format!(
                "{} {} was installed but does not run",
                self.program, self.version
            )));
        }
        workshop.add_tools(cached);
        Ok(())
    }

    fn is_right(&self, workshop: &Workshop, program: &Path) -> bool {
        program.is_file()
            && output(workshop.command(program).arg("--version"))
                .is_some_and(|text| names_version(&text, self.version))
    }

    fn install(&self, workshop: &Workshop, folder: &Path) -> Result<()> {
        let build = workshop.cached("build").join(self.package);
        let mut command = workshop.command("cargo");
        command.args(["install", self.package, "--version", self.version]);
        if self.locked {
            command.arg("--locked");
        }
        command.arg("--root").arg(folder);
        command.arg("--target-dir").arg(&build);
        let log = workshop.cached("log").join(format!("{}.log", self.package));
        let what = format!(
            "building {} {} (once; about {} minutes on two cores)",
            self.package, self.version, self.minutes
        );
        long_step(&what, Duration::from_secs(3600), &log, &mut command)?;
        // Hundreds of megabytes that nobody needs again; leaving them is harmless.
        let _ = fs::remove_dir_all(build);
        Ok(())
    }
}

/// wasm-opt, from binaryen's npm package.
pub(super) fn wasm_opt(workshop: &mut Workshop, apt: &mut Apt, need: WasmOpt) -> Result<()> {
    let folder = workshop.tool_folder("binaryen", BINARYEN);
    let bin = folder.join("node_modules").join(".bin");
    // Asking the program itself takes a second, so its package is asked.
    if is_installed(&folder) && workshop.which("node").is_some() {
        workshop.add_tools(bin);
        return Ok(());
    }
    if let Some(found) = workshop.which("wasm-opt") {
        let version = output(workshop.command(found).arg("--version"));
        if version.is_some_and(|text| names_version(&text, WASM_OPT)) {
            return Ok(());
        }
    }
    let Err(error) = install_binaryen(workshop, apt, &folder) else {
        workshop.add_tools(bin);
        return Ok(());
    };
    if need == WasmOpt::Needed {
        return Err(error).with(|| {
            format!("wasm-opt {WASM_OPT} is missing; install Node.js with npm, then run this again")
        });
    }
    println!("warning: the portal is built without wasm-opt, so it is larger than it need be ({error})");
    stand_in(workshop)
}

fn install_binaryen(workshop: &Workshop, apt: &mut Apt, folder: &Path) -> Result<()> {
    // One by one: some Node.js packages bring npm along and refuse Debian's.
    for (program, package) in [("node", "nodejs"), ("npm", "npm")] {
        if workshop.which(program).is_none() {
            let what = format!("{program}, for wasm-opt (about a minute)");
            apt.install(workshop, &what, &[package])?;
        }
    }
    fs::create_dir_all(folder).with(|| format!("making {}", folder.display()))?;
    let manifest = format!(r#"{{"private":true,"dependencies":{{"binaryen":"{BINARYEN}"}}}}"#);
    let file = folder.join("package.json");
    fs::write(&file, manifest).with(|| format!("writing {}", file.display()))?;
    let mut npm = workshop.command("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--ignore-scripts"]);
    npm.arg("--loglevel=error").current_dir(folder);
    let log = workshop.cached("log").join("binaryen.log");
    let what = format!("fetching wasm-opt {WASM_OPT} (about 20 s)");
    long_step(&what, Duration::from_secs(600), &log, &mut npm)?;
    // Asked once, here: a wrong version builds without complaint and fails in the browser.
    let program = folder.join("node_modules").join(".bin").join("wasm-opt");
    match output(workshop.command(program).arg("--version")) {
        Some(text) if names_version(&text, WASM_OPT) => Ok(()),
        Some(text) => Err(Error::new(format!(
            "wasm-opt {WASM_OPT} was wanted, this is {}",
            text.trim()
        ))),
        None => Err(Error::new("wasm-opt was installed but does not run")),
    }
}

/// Whether the folder holds binaryen in our version.
fn is_installed(folder: &Path) -> bool {
    let modules = folder.join("node_modules");
    let manifest = fs::read_to_string(modules.join("binaryen").join("package.json"));
    modules.join(".bin").join("wasm-opt").exists()
        && manifest.is_ok_and(|text| {
            let spaceless: String = text.split_whitespace().collect();
            spaceless.contains(&format!(r#""version":"{BINARYEN}""#))
        })
}

/// A `wasm-opt` that copies: Trunk has no other way to be told to do without.
fn stand_in(workshop: &mut Workshop) -> Result<()> {
    let folder = workshop.cached("without-wasm-opt");
    fs::create_dir_all(&folder).with(|| format!("making {}", folder.display()))?;
    let script = format!(
        r#"#!/bin/sh
# Written by `cargo xtask` where wasm-opt cannot be had: copies its input to its output.
for word in "$@"; do
    case "$word" in
    --version) echo "wasm-opt version {WASM_OPT}"; exit 0 ;;
    --output=*) to="${{word#--output=}}" ;;
    -*) ;;
    *) from="$word" ;;
    esac
done
exec cp "$from" "$to"
"#
    );
    write_program(&folder.join("wasm-opt"), &script)?;
    workshop.add_tools(folder);
    Ok(())
}

/// Whether a program's `--version` names exactly this version.
fn names_version(text: &str, version: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    first.split_whitespace().any(|word| word == version)
}

/// The version of the wasm-bindgen crate: locked, else pinned in the manifest.
fn wasm_bindgen_version(root: &Path) -> Result<String> {
    let read = |name: &str| fs::read_to_string(root.join(name)).unwrap_or_default();
    locked_version(&read("Cargo.lock"), "wasm-bindgen")
        .or_else(|| pinned_version(&read("Cargo.toml"), "wasm-bindgen"))
        .with(|| "neither Cargo.lock nor Cargo.toml says which wasm-bindgen is used".to_owned())
}

fn locked_version(lock: &str, package: &str) -> Option<String> {
    let name = format!(r#"name = "{package}""#);
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    let version = lines.next()?.strip_prefix("version = \"")?;
    Some(version.strip_suffix('"')?.to_owned())
}

fn pinned_version(manifest: &str, package: &str) -> Option<String> {
    let entry = manifest.lines().find_map(|line| {
        let rest = line.strip_prefix(package)?.trim_start();
        rest.strip_prefix('=')
    })?;
    let (_, after) = entry.split_once("\"=")?;
    let (version, _) = after.split_once('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_tells_the_version() {
        let lock = "[[package]]\nname = \"wasm-bindgen-test\"\nversion = \"0.3.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        let version = locked_version(lock, "wasm-bindgen");
        assert_eq!(version.as_deref(), Some("0.2.130"));
        assert_eq!(locked_version("", "wasm-bindgen"), None);
    }

    #[test]
    fn without_a_lock_file_the_manifest_does() {
        let manifest = "wasm-bindgen-futures = { version = \"0.4\" }\n\
                        wasm-bindgen = { version = \"=0.2.130\", optional = true }\n";
        let version = pinned_version(manifest, "wasm-bindgen");
        assert_eq!(version.as_deref(), Some("0.2.130"));
    }

    #[test]
    fn a_version_is_matched_whole() {
        assert!(names_version("trunk 0.21.14\n", "0.21.14"));
        assert!(names_version("wasm-opt version 132 (version_132)", "132"));
        assert!(!names_version("trunk 0.21.1", "0.21.14"));
        assert!(!names_version("trunk 0.21.140", "0.21.14"));
    }
}
