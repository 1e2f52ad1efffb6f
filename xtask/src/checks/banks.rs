//! Own banks: GIFT against npm `gift-pegjs`, spreadsheets against Python's `openpyxl`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::error::{Context, Error, Result};
use crate::setup::npm::Package;
use crate::workshop::{Workshop, long_step, output};

const GIFT_PEGJS: Package = Package {
    name: "gift-pegjs",
    version: "1.0.2",
};
pub(super) const OPENPYXL: &str = "3.1.5";

/// Every example, and the whole course as we export it, is read by gift-pegjs as by our reader.
pub(super) fn gift(workshop: &Workshop) -> Result<()> {
    let gift_pegjs = GiftPegjs::provide(workshop)?;
    let scratch = workshop.scratch()?;
    let exported = scratch.join("exported");
    export(workshop, &exported, "pack")?;
    let examples = workshop.root().join("tests/fixtures/gift");
    for (folder, least) in [(examples, 51), (exported, 1)] {
        let files = gift_files(&folder)?;
        if files.len() < least {
            return Err(Error::new(format!("{} holds too few examples", folder.display())));
        }
        gift_pegjs.compare(workshop, &folder, files, &[])?;
    }
    Ok(())
}

/// Every `.gift` of a folder is read by us as the `.json` beside it says, which gift-pegjs's own
/// tests expect of it, or as gift-pegjs reads it where there is none; and what we export of it is read
/// by gift-pegjs as by our reader.
pub(super) fn pairs(workshop: &Workshop, folder: &Path) -> Result<()> {
    let gift_pegjs = GiftPegjs::provide(workshop)?;
    let scratch = workshop.scratch()?;
    let files = gift_files(folder)?;
    if files.is_empty() {
        return Err(Error::new(format!("{} holds no examples", folder.display())));
    }
    gift_pegjs.compare(workshop, folder, files.clone(), &["--pairs"])?;
    let again = scratch.join("pairs");
    // Not there before the first run.
    let _ = fs::remove_dir_all(&again);
    fs::create_dir_all(&again).with(|| format!("making {}", again.display()))?;
    let mut pack = pack(workshop, "pack", "gift-again");
    pack.arg(&again).args(files);
    workshop.run(&mut pack)?;
    let files = gift_files(&again)?;
    gift_pegjs.compare(workshop, &again, files, &[])
}

/// `pack`, built with these features, with the command of that name.
fn pack(workshop: &Workshop, features: &str, command: &str) -> Command {
    let mut pack = workshop.command("cargo");
    pack.args(["run", "--quiet", "--no-default-features", "--features", features]);
    pack.args(["--bin", "pack", "--", command]);
    pack
}

/// The package, and what has it read.
struct GiftPegjs {
    library: PathBuf,
    script: PathBuf,
}

impl GiftPegjs {
    fn provide(workshop: &Workshop) -> Result<Self> {
        let library = GIFT_PEGJS.provide(workshop)?;
        let script = workshop.scratch()?.join("gift.js");
        fs::write(&script, include_str!("gift.js")).with(|| format!("writing {}", script.display()))?;
        Ok(Self { library, script })
    }

    /// What our reader finds in these files of a folder, against gift-pegjs.
    fn compare(&self, workshop: &Workshop, folder: &Path, files: Vec<PathBuf>, flags: &[&str]) -> Result<()> {
        let ours = workshop.scratch()?.join("gift.json");
        let mut pack = pack(workshop, "pack", "gift");
        let found = output(pack.args(files)).with(|| "our reader of GIFT failed".to_owned())?;
        fs::write(&ours, found).with(|| format!("writing {}", ours.display()))?;
        let mut node = workshop.command("node");
        node.arg(&self.script).arg(&self.library).arg(&ours);
        workshop.run(node.arg(folder).args(flags))
    }
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
    workshop.run(pack(workshop, features, "export").arg("--out").arg(folder))
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
