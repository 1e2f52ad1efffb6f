//! The browsers of the tests, their drivers, a font for Chinese and a reader of PDF text.

use super::apt::Apt;
use crate::error::{Context, Error, Result};
use crate::workshop::{Workshop, output};

/// What Chromium is called on one machine or another.
pub(crate) const CHROMIUM: &[&str] = &["chromium", "chromium-browser", "google-chrome", "chrome"];

/// What Firefox is called on one machine or another.
pub(crate) const FIREFOX: &[&str] = &["firefox", "firefox-esr"];

pub(super) fn provide(workshop: &Workshop, apt: &mut Apt) -> Result<()> {
    let lacks = |names: &[&str]| !names.iter().any(|name| workshop.which(name).is_some());
    let mut packages = Vec::new();
    let mut missing = Vec::new();
    if lacks(CHROMIUM) || lacks(&["chromedriver"]) {
        packages.extend(["chromium", "chromium-driver"]);
        missing.push("Chromium with chromedriver");
    }
    if lacks(FIREFOX) {
        packages.push("firefox-esr");
        missing.push("Firefox");
    }
    if lacks(&["pdftotext"]) {
        packages.push("poppler-utils");
        missing.push("poppler's pdftotext");
    }
    // Without one, pages and PDF files show boxes; macOS and Windows have their own.
    let lists_fonts = workshop.which("apt-get").is_some();
    if lists_fonts && !has_chinese_font(workshop) {
        packages.push("fonts-noto-cjk");
        missing.push("a font for Chinese");
    }
    if packages.is_empty() {
        return Ok(());
    }
    let what = "what the browser tests need (about a minute)";
    apt.install(workshop, what, &packages)
        .with(|| format!("the browser tests need {}", missing.join(", ")))?;
    if lacks(CHROMIUM) || lacks(&["chromedriver"]) || lacks(FIREFOX) {
        return Err(Error::new(
            "the packages were installed, but Chromium, chromedriver or Firefox is still missing",
        ));
    }
    Ok(())
}

pub(super) fn has_chinese_font(workshop: &Workshop) -> bool {
    std::path::Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists()
        || output(workshop.command("fc-list").arg(":lang=zh-cn"))
            .is_some_and(|fonts| !fonts.trim().is_empty())
}
