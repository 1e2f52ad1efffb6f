//! `cargo xtask bench`: the site, the bench program and the peers, measured in one browser.
//!
//! 1. The site is built, and [`PROGRAM`] as the study's program is: optimised for size.
//! 2. The peers come from npm, once, into the user's cache.
//! 3. `tests/e2e/benches/bench.rs` drives Chromium through `bench/page.js` and the site, and prints.

use std::fs;
use std::path::Path;

use crate::drivers::{Driver, Kind};
use crate::error::{Context, Result};
use crate::setup::browsers::CHROMIUM;
use crate::setup::npm::{Package, TS_FSRS};
use crate::workshop::Workshop;
use crate::{server, setup, steps};

/// The part of the portal that the page calls.
const PROGRAM: &str = "bench";

/// What we are compared with: the package, its module, and that module's name here.
const PEERS: [(Package, &str, &str); 3] = [
    (
        Package {
            name: "minisearch",
            version: "7.2.0",
        },
        "dist/es/index.js",
        "minisearch.js",
    ),
    (
        Package {
            name: "flexsearch",
            version: "0.8.212",
        },
        "dist/flexsearch.bundle.module.min.mjs",
        "flexsearch.mjs",
    ),
    (TS_FSRS, "dist/index.mjs", "ts-fsrs.mjs"),
];

/// The page that the browser opens, and what it runs.
const PAGE: [(&str, &str); 2] = [
    ("index.html", include_str!("bench/page.html")),
    ("page.js", include_str!("bench/page.js")),
];

/// Measures, and prints tables with each goal met or not. `built` takes the site as it is in `dist`.
///
/// # Errors
/// When something cannot be built, fetched or started; a goal that is not met is no error.
pub(crate) fn run(workshop: &mut Workshop, built: bool) -> Result<()> {
    setup::for_building(workshop, setup::WasmOpt::Needed)?;
    setup::for_browsers(workshop)?;
    if !built {
        steps::build(workshop)?;
    }
    let scratch = workshop.scratch()?;
    let folder = scratch.join("bench");
    // A file of an earlier run would be served too; when there is none this fails, rightly.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("peers")).with(|| format!("making {}", folder.display()))?;
    program(workshop, &folder)?;
    for (name, text) in PAGE {
        let file = folder.join(name);
        fs::write(&file, text).with(|| format!("writing {}", file.display()))?;
    }
    for (package, module, here) in PEERS {
        let from = package.provide(workshop)?.join(module);
        fs::copy(&from, folder.join("peers").join(here)).with(|| format!("copying {}", from.display()))?;
    }

    let site = server::start(&workshop.dist(), server::bind(0)?)?;
    let page = server::start(&folder, server::bind(0)?)?;
    let chromium = Driver::start(workshop, Kind::Chromium, &scratch)?;
    let mut command = workshop.command("cargo");
    // Nothing native is measured: it need not be optimised.
    command.args(["bench", "--profile", "dev"]);
    command.args(["--package", "xuedang-e2e", "--bench", PROGRAM]);
    command
        .env("XUEDANG_URL", format!("http://127.0.0.1:{}/", site.port()))
        .env("XUEDANG_DIST", workshop.dist())
        .env("XUEDANG_BENCH", &folder)
        .env("XUEDANG_BENCH_URL", format!("http://127.0.0.1:{}/", page.port()))
        .env("XUEDANG_CHROMEDRIVER", chromium.url())
        .env("RUST_BACKTRACE", "0");
    if let Some(program) = CHROMIUM.iter().find_map(|name| workshop.which(name)) {
        command.env("XUEDANG_CHROMIUM", program);
    }
    workshop.run(&mut command)
}

/// Builds [`PROGRAM`] into `folder`.
fn program(workshop: &Workshop, folder: &Path) -> Result<()> {
    let mut cargo = workshop.wasm_command("cargo");
    cargo.args(["build", "--release", "--target", "wasm32-unknown-unknown"]);
    cargo.args(["--package", "xuedang", "--bin", PROGRAM, "--features", PROGRAM]);
    workshop.run(&mut cargo)?;
    let built = workshop
        .wasm_target()
        .join("wasm32-unknown-unknown")
        .join("release")
        .join(format!("{PROGRAM}.wasm"));
    let mut bindgen = workshop.command("wasm-bindgen");
    bindgen.args(["--target", "web", "--no-typescript", "--out-dir"]);
    workshop.run(bindgen.arg(folder).arg(&built))?;
    let wasm = folder.join(format!("{PROGRAM}_bg.wasm"));
    let mut optimise = workshop.command("wasm-opt");
    workshop.run(optimise.arg("-Oz").arg(&wasm).arg("-o").arg(&wasm))
}
