//! `cargo xtask bench`: the site, the bench program and the peers, measured in one browser.
//!
//! 1. The site is built, and [`PROGRAM`] as the study's program is: optimised for size.
//! 2. The peers come from npm, once, into the user's cache; one is bundled for the browser by esbuild.
//! 3. [`YARDSTICK`] makes signed records and checks them natively; [`ROSTERS`] writes rosters.
//! 4. `tests/e2e/benches/bench.rs` drives Chromium through `bench/page.js`, `bench/rosters.js`,
//!    `bench/credentials.js` and the site, and prints.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::drivers::{Driver, Kind};
use crate::error::{Context, Result};
use crate::setup::browsers::CHROMIUM;
use crate::setup::npm::{Package, TS_FSRS, digitalbazaar};
use crate::workshop::{Workshop, long_step};
use crate::{server, setup, steps};

/// The part of the portal that the page calls.
const PROGRAM: &str = "bench";

/// What measures signed records natively, and the profile that it shares with the signing program.
const YARDSTICK: &str = "measure";
const PROFILE: &str = "quick";
/// How many signed records are checked.
const RECORDS: &str = "2000";

/// What writes rosters, and its profile.
const ROSTERS: &str = "made-roster";
const SWIFT: &str = "swift";

/// What the program that drives the browser is told to measure nothing else.
const ROSTERS_ALONE: &str = "rosters";

/// How long building that may take.
const LIMIT: Duration = Duration::from_secs(1_800);

/// What makes one module for the browser of a package of many.
const BUNDLER: Package = Package {
    name: "esbuild",
    version: "0.28.2",
};

/// What we are compared with: the package, its module, and that module's name here.
const PEERS: [(Package, &str, &str); 5] = [
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
    (
        Package {
            name: "xlsx",
            version: "0.18.5",
        },
        "dist/xlsx.full.min.js",
        "sheetjs.js",
    ),
    (
        Package {
            name: "exceljs",
            version: "4.4.0",
        },
        "dist/exceljs.min.js",
        "exceljs.js",
    ),
];

/// The page that the browser opens, and what it runs.
const PAGE: [(&str, &str); 7] = [
    ("index.html", include_str!("bench/page.html")),
    ("page.js", include_str!("bench/page.js")),
    ("rosters.html", include_str!("bench/rosters.html")),
    ("rosters.js", include_str!("bench/rosters.js")),
    ("rosters-peer.js", include_str!("bench/rosters-peer.js")),
    ("credentials.html", include_str!("bench/credentials.html")),
    ("credentials.js", include_str!("bench/credentials.js")),
];

/// Measures, and prints tables with each goal met or not. `built` takes the site as it is in `dist`,
/// `only_rosters` leaves out everything but the reading of rosters.
///
/// # Errors
/// When something cannot be built, fetched or started; a goal that is not met is no error.
pub(crate) fn run(workshop: &mut Workshop, built: bool, only_rosters: bool) -> Result<()> {
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
    for (name, text) in PAGE {
        let file = folder.join(name);
        fs::write(&file, text).with(|| format!("writing {}", file.display()))?;
    }
    for (package, module, here) in PEERS {
        let from = package.provide(workshop)?.join(module);
        fs::copy(&from, folder.join("peers").join(here)).with(|| format!("copying {}", from.display()))?;
    }
    shipped(workshop, "worker", &folder)?;
    rosters(workshop, &folder)?;
    if !only_rosters {
        program(workshop, &folder)?;
        bundle(workshop, &folder)?;
        shipped(workshop, "signer", &folder)?;
        yardstick(workshop, &folder)?;
    }

    let site = server::start(&workshop.dist(), server::bind(0)?)?;
    let page = server::start(&folder, server::bind(0)?)?;
    let chromium = Driver::start(workshop, Kind::Chromium, &scratch)?;
    let mut command = workshop.command("cargo");
    // It drives the browser: it need not be optimised.
    command.args(["bench", "--profile", "dev"]);
    command.args(["--package", "xuedang-e2e", "--bench", PROGRAM]);
    if only_rosters {
        command.args(["--", ROSTERS_ALONE]);
    }
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

/// Puts the peer that checks signed records into `folder`, as one module.
fn bundle(workshop: &Workshop, folder: &Path) -> Result<()> {
    let esbuild = BUNDLER.provide(workshop)?.join("bin/esbuild");
    // Beside `node_modules`, so that it finds the packages by their names.
    let entry = digitalbazaar(workshop)?.join("bench.mjs");
    fs::write(&entry, include_str!("bench/peer.mjs")).with(|| format!("writing {}", entry.display()))?;
    let mut node = workshop.command("node");
    node.arg(esbuild).arg(entry);
    node.args([
        "--bundle",
        "--format=esm",
        "--platform=browser",
        "--minify",
        "--log-level=warning",
    ]);
    let module = folder.join("peers").join("digitalbazaar.js");
    workshop.run(node.arg(format!("--outfile={}", module.display())))
}

/// Puts a worker's program into `folder` as the site has it: the script under a name without a hash.
fn shipped(workshop: &Workshop, program: &str, folder: &Path) -> Result<()> {
    let dist = workshop.dist();
    let mut found = 0;
    for entry in fs::read_dir(&dist).with(|| format!("reading {}", dist.display()))? {
        let path = entry.with(|| format!("reading {}", dist.display()))?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.starts_with(&format!("{program}-")) {
            let script = format!("{program}.js");
            let here = if name.ends_with(".js") { &script } else { &name };
            fs::copy(&path, folder.join(here)).with(|| format!("copying {}", path.display()))?;
            found += 1;
        }
    }
    (found == 2)
        .then_some(())
        .with(|| format!("{} has no program {program}", dist.display()))
}

/// Writes rosters into `folder`.
fn rosters(workshop: &Workshop, folder: &Path) -> Result<()> {
    let mut cargo = workshop.command("cargo");
    cargo.args(["run", "--quiet", "--profile", SWIFT, "--no-default-features"]);
    cargo.args([
        "--features",
        ROSTERS,
        "--package",
        "xuedang",
        "--bin",
        ROSTERS,
        "--",
    ]);
    let log = workshop.cached("log").join("made-roster.log");
    long_step(
        "building the writer of rosters, and rosters of up to 300,000 people",
        LIMIT,
        &log,
        cargo.arg(folder.join("rosters")),
    )
}

/// Makes the signed records in `folder`, and `native.json` of how fast they are checked natively.
fn yardstick(workshop: &Workshop, folder: &Path) -> Result<()> {
    let mut cargo = workshop.command("cargo");
    cargo.args([
        "run",
        "--quiet",
        "--profile",
        PROFILE,
        "--no-default-features",
        "--features",
        "sign",
    ]);
    cargo.args(["--package", "xuedang", "--bin", YARDSTICK, "--"]);
    workshop.run(cargo.arg(folder).arg(RECORDS))
}
