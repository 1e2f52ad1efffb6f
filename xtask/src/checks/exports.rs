//! What a record leaves as: the annex in python-docx and LibreOffice, the workbook in openpyxl and
//! LibreOffice, both by the schemas of Office, the statements in npm `xapi-validation`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::checks::banks::{OPENPYXL, pip};
use crate::error::{Context, Error, Result};
use crate::setup;
use crate::setup::npm::Package;
use crate::workshop::{Workshop, long_step};

const PYTHON_DOCX: &str = "1.2.0";
const OPENXML_AUDIT: &str = "0.8.0";
const XAPI_VALIDATION: Package = Package {
    name: "xapi-validation",
    version: "2.1.4",
};

/// The files of two records, and a word that must stand on their pages.
const FILES: [(&str, &str); 4] = [
    ("short.docx", "附件（草稿）"),
    ("long.docx", "附件（草稿）"),
    ("short.xlsx", "合计"),
    ("long.xlsx", "合计"),
];

/// The figures as python-docx and openpyxl read them, and the files as `openxml-audit` judges them by
/// the schemas of Office; then the pages as LibreOffice lays them out, for
/// somebody to look at.
pub(super) fn office(workshop: &Workshop) -> Result<()> {
    let samples = samples(workshop, "office")?;
    let libraries = [
        pip(workshop, "python-docx", PYTHON_DOCX, "docx")?,
        pip(workshop, "openpyxl", OPENPYXL, "openpyxl")?,
    ];
    let libraries = std::env::join_paths(libraries).with(|| "joining paths".to_owned())?;
    let script = samples.join("office.py");
    fs::write(&script, include_str!("office.py")).with(|| format!("writing {}", script.display()))?;
    let mut python = workshop.command("python3");
    python.arg(&script).arg(&samples).env("PYTHONPATH", libraries);
    workshop.run(&mut python)?;

    let library = pip(workshop, "openxml-audit", OPENXML_AUDIT, "openxml_audit")?;
    for file in FILES.map(|(file, _)| file) {
        let mut audit = workshop.command("python3");
        audit.args(["-m", "openxml_audit"]).arg(samples.join(file));
        workshop.run(audit.env("PYTHONPATH", &library))?;
    }

    setup::for_office(workshop)?;
    let log = workshop.cached("log").join("soffice.log");
    for (file, says) in FILES {
        let pages = samples.join("pages").join(file);
        let profile = format!(
            "-env:UserInstallation=file://{}",
            samples.join("profile").display()
        );
        let mut soffice = workshop.command("soffice");
        soffice.args([profile.as_str(), "--headless", "--convert-to", "pdf", "--outdir"]);
        soffice.arg(&pages).arg(samples.join(file));
        let what = format!("LibreOffice lays out {file}");
        long_step(&what, Duration::from_secs(300), &log, &mut soffice)?;
        let pdf = pages.join(file).with_extension("pdf");
        let text = crate::workshop::output(workshop.command("pdftotext").arg(&pdf).arg("-"))
            .with(|| format!("{file}: no pages came of it"))?;
        for word in [says, "𠮷田喆"] {
            if !text.contains(word) {
                return Err(Error::new(format!("{file}: `{word}` is not on its pages")));
            }
        }
        let mut pictures = workshop.command("pdftoppm");
        pictures
            .args(["-r", "60", "-png"])
            .arg(&pdf)
            .arg(pages.join("page"));
        workshop.run(&mut pictures)?;
    }
    println!("the pages are pictures in {}", samples.join("pages").display());
    Ok(())
}

/// Every statement as npm `xapi-validation` judges it.
pub(super) fn xapi(workshop: &Workshop) -> Result<()> {
    let samples = samples(workshop, "xapi")?;
    let library = XAPI_VALIDATION.provide(workshop)?;
    let script = samples.join("xapi.cjs");
    fs::write(&script, include_str!("xapi.cjs")).with(|| format!("writing {}", script.display()))?;
    let mut node = workshop.command("node");
    node.arg(&script).arg(&library).arg(&samples);
    workshop.run(&mut node)
}

/// A fresh folder with the exports of two records.
fn samples(workshop: &Workshop, check: &str) -> Result<PathBuf> {
    let folder = workshop.scratch()?.join(check);
    // Not there before the first run.
    let _ = fs::remove_dir_all(&folder);
    write(workshop, &folder)?;
    Ok(folder)
}

fn write(workshop: &Workshop, folder: &Path) -> Result<()> {
    let mut cargo = workshop.command("cargo");
    cargo.args(["test", "--quiet", "--package", "xuedang", "--no-default-features"]);
    cargo.args(["--features", "pack,exports", "--test", "exports"]);
    cargo.args(["write_samples", "--", "--ignored"]);
    workshop.run(cargo.env("XUEDANG_EXPORTS", folder))
}
