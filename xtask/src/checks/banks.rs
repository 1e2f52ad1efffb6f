//! Own banks: GIFT against npm `gift-pegjs`, spreadsheets against Python's `openpyxl`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::error::{Context, Error, Result};
use crate::workshop::{Workshop, long_step, output};

const GIFT_PEGJS: &str = "1.0.2";
pub(super) const OPENPYXL: &str = "3.1.5";

/// Every example, and the whole course as we export it, is read by gift-pegjs as by our reader.
pub(super) fn gift(workshop: &Workshop) -> Result<()> {
    let library = npm(workshop, "gift-pegjs", GIFT_PEGJS)?
        .join("node_modules")
        .join("gift-pegjs");
    let scratch = workshop.scratch()?;
    let script = scratch.join("gift.js");
    fs::write(&script, include_str!("gift.js")).with(|| format!("writing {}", script.display()))?;
    let exported = scratch.join("exported");
    export(workshop, &exported, "pack")?;
    let examples = workshop.root().join("tests/fixtures/gift");
    for (folder, least) in [(examples, 51), (exported, 1)] {
        let files = gift_files(&folder)?;
        if files.len() < least {
            return Err(Error::new(format!("{} holds too few examples", folder.display())));
        }
        compare(workshop, &script, &library, &folder, files, &[])?;
    }
    Ok(())
}

/// Every `.gift` of a folder is read by us as the `.json` beside it says, which gift-pegjs's own
/// tests expect of it, or as gift-pegjs reads it where there is none; and what we export of it is read by gift-pegjs as by our reader.
pub(super) fn pairs(workshop: &Workshop, folder: &Path) -> Result<()> {
    let library = npm(workshop, "gift-pegjs", GIFT_PEGJS)?
        .join("node_modules")
        .join("gift-pegjs");
    let scratch = workshop.scratch()?;
    let script = scratch.join("gift.js");
    fs::write(&script, include_str!("gift.js")).with(|| format!("writing {}", script.display()))?;
    let files = gift_files(folder)?;
    if files.is_empty() {
        return Err(Error::new(format!("{} holds no examples", folder.display())));
    }
    compare(workshop, &script, &library, folder, files.clone(), &["--pairs"])?;
    let again = scratch.join("pairs");
    // Not there before the first run.
    let _ = fs::remove_dir_all(&again);
    fs::create_dir_all(&again).with(|| format!("making {}", again.display()))?;
    let mut pack = pack(workshop, "gift-again");
    pack.arg(&again).args(files);
    workshop.run(&mut pack)?;
    let files = gift_files(&again)?;
    compare(workshop, &script, &library, &again, files, &[])
}

/// `pack` with the command of that name.
fn pack(workshop: &Workshop, command: &str) -> Command {
    let mut pack = workshop.command("cargo");
    pack.args(["run", "--quiet", "--no-default-features", "--features", "pack"]);
    pack.args(["--bin", "pack", "--", command]);
    pack
}

/// What our reader finds in these files of a folder, against gift-pegjs.
fn compare(
    workshop: &Workshop,
    script: &Path,
    library: &Path,
    folder: &Path,
    files: Vec<PathBuf>,
    flags: &[&str],
) -> Result<()> {
    let ours = workshop.scratch()?.join("gift.json");
    let mut pack = pack(workshop, "gift");
    let found = output(pack.args(files)).with(|| "our reader of GIFT failed".to_owned())?;
    fs::write(&ours, found).with(|| format!("writing {}", ours.display()))?;
    let mut node = workshop.command("node");
    node.arg(script).arg(library).arg(&ours).arg(folder).args(flags);
    workshop.run(&mut node)
}

/// The template and every module as a spreadsheet hold in openpyxl what was written, and no formula.
pub(super) fn xlsx(workshop: &Workshop) -> Result<()> {
    let scratch = workshop.scratch()?;
    let exported = scratch.join("exported");
    export(workshop, &exported, "pack,sheets")?;
    let library = openpyxl(workshop)?;
    let script = scratch.join("xlsx.py");
    fs::write(&script, include_str!("xlsx.py")).with(|| format!("writing {}", script.display()))?;
    let mut python = workshop.command("python3");
    python.arg(&script).arg(&exported).env("PYTHONPATH", library);
    workshop.run(&mut python)
}

/// Writes what can be exported of the course into a fresh folder.
fn export(workshop: &Workshop, folder: &Path, features: &str) -> Result<()> {
    // Not there before the first run.
    let _ = fs::remove_dir_all(folder);
    let mut cargo = workshop.command("cargo");
    cargo.args(["run", "--quiet", "--no-default-features", "--features", features]);
    cargo.args(["--bin", "pack", "--", "export", "--out"]).arg(folder);
    workshop.run(&mut cargo)
}

fn gift_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with(|| format!("reading {}", folder.display()))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "gift"))
        .collect();
    paths.sort();
    Ok(paths)
}

/// The folder in the user's cache that has that npm package in its `node_modules`.
pub(super) fn npm(workshop: &Workshop, package: &str, version: &str) -> Result<PathBuf> {
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

/// The folder in the user's cache that has Python's openpyxl.
fn openpyxl(workshop: &Workshop) -> Result<PathBuf> {
    pip(workshop, "openpyxl", OPENPYXL, "openpyxl")
}

/// The folder in the user's cache that has that package of Python, which is imported by that module.
pub(super) fn pip(workshop: &Workshop, package: &str, version: &str, module: &str) -> Result<PathBuf> {
    let folder = workshop.tool_folder(package, version);
    if folder.join(module).is_dir() {
        return Ok(folder);
    }
    if workshop.which("python3").is_none() {
        return Err(Error::new(
            "python3 is missing; install Python with pip, then run this again",
        ));
    }
    let mut pip = workshop.command("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    pip.arg(format!("{package}=={version}"))
        .arg("--target")
        .arg(&folder);
    let log = workshop.cached("log").join(format!("{package}.log"));
    let what = format!("fetching {package} {version}");
    long_step(&what, Duration::from_secs(600), &log, &mut pip)?;
    Ok(folder)
}
