//! Puts what is missing in place, once per machine; costs well under a second when nothing is.
//!
//! 1. [`wasm`]: Rust's standard library for WebAssembly, from rustup or built from source.
//! 2. [`tools`]: Trunk, wasm-bindgen, wasm-opt and geckodriver, each in exactly one version.
//! 3. [`browsers`]: for tests only.
//! 4. [`npm`]: packages that tests compare with.
//! 5. [`office`]: LibreOffice, for one check.
//! 6. [`spark`]: Java, for one check.
//! 7. [`apt`]: system packages, on Debian and Ubuntu, where we may install them.

mod apt;
pub(crate) mod browsers;
pub(crate) mod npm;
mod office;
mod spark;
mod tools;
mod wasm;

use apt::Apt;

use crate::error::Result;
use crate::workshop::Workshop;

/// How much wasm-opt matters to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WasmOpt {
    /// Tests measure the optimised build: without wasm-opt they make no sense.
    Needed,
    /// Serving works without it too, only larger.
    Wanted,
}

/// Everything that `trunk build` needs.
///
/// # Errors
/// Names the one thing that could not be put in place, and what to install.
pub(crate) fn for_building(workshop: &mut Workshop, wasm_opt: WasmOpt) -> Result<()> {
    let mut apt = Apt::default();
    wasm::provide(workshop, &mut apt)?;
    tools::trunk(workshop)?;
    tools::wasm_bindgen(workshop)?;
    tools::wasm_opt(workshop, &mut apt, wasm_opt)
}

/// LibreOffice, for one check.
///
/// # Errors
/// Names what is missing and what to install.
pub(crate) fn for_office(workshop: &Workshop) -> Result<()> {
    office::provide(workshop, &mut Apt::default())
}

/// Java for Spark, for one check.
///
/// # Errors
/// Names what is missing and what to install.
pub(crate) fn for_spark(workshop: &Workshop) -> Result<()> {
    spark::provide(workshop, &mut Apt::default())
}

/// The browsers, their drivers, and the fonts and programs that tests look at pages with.
///
/// # Errors
/// Names what is missing and what to install.
pub(crate) fn for_browsers(workshop: &mut Workshop) -> Result<()> {
    browsers::provide(workshop, &mut Apt::default())?;
    tools::geckodriver(workshop)
}
