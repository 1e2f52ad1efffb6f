//! LibreOffice, which opens what we write as an office does; for one check only.

use super::apt::Apt;
use super::browsers::has_chinese_font;
use crate::error::{Context, Error, Result};
use crate::workshop::Workshop;

/// Installs what turns office files into pages and pages into pictures.
pub(super) fn provide(workshop: &Workshop, apt: &mut Apt) -> Result<()> {
    let mut packages = Vec::new();
    if workshop.which("soffice").is_none() {
        packages.extend(["libreoffice-writer", "libreoffice-calc"]);
    }
    if workshop.which("pdftoppm").is_none() || workshop.which("pdftotext").is_none() {
        packages.push("poppler-utils");
    }
    if workshop.which("apt-get").is_some() && !has_chinese_font(workshop) {
        packages.push("fonts-noto-cjk");
    }
    if packages.is_empty() {
        return Ok(());
    }
    apt.install(workshop, "LibreOffice (some minutes)", &packages)
        .with(|| "this check needs LibreOffice's soffice and poppler's pdftoppm".to_owned())?;
    if workshop.which("soffice").is_none() {
        return Err(Error::new(
            "the packages were installed, but soffice is still missing",
        ));
    }
    Ok(())
}
