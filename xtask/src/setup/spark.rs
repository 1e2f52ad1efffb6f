//! Java, on which Spark runs; for one check only.

use super::apt::Apt;
use crate::error::{Context, Error, Result};
use crate::workshop::Workshop;

/// Installs a Java without windows.
pub(super) fn provide(workshop: &Workshop, apt: &mut Apt) -> Result<()> {
    if workshop.which("java").is_some() {
        return Ok(());
    }
    apt.install(
        workshop,
        "Java for Spark (about a minute)",
        &["default-jre-headless"],
    )
    .with(|| "this check needs Java 17 or later".to_owned())?;
    if workshop.which("java").is_none() {
        return Err(Error::new("the package was installed, but java is still missing"));
    }
    Ok(())
}
