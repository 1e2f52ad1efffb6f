//! The steps of `cargo xtask test`, in order. A step that fails does not hide the later ones,
//! except those that need what it makes.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::drivers::{Driver, Kind};
use crate::error::{Context, Error, Result};
use crate::setup::browsers::{CHROMIUM, FIREFOX};
use crate::setup::npm::Package;
use crate::tally::Tally;
use crate::workshop::{Workshop, line};
use crate::{server, setup, size};

/// One step of `test`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The formatter has nothing to change.
    Fmt,
    /// No lint complains.
    Clippy,
    /// Tests that need no browser, examples in the documentation included.
    Native,
    /// The course cites what exists and questions have answers.
    Content,
    /// The site can be built for release.
    Build,
    /// The built site is within its budget.
    Size,
    /// Tests of single parts, inside a browser.
    Web,
    /// The whole built site in real browsers.
    E2e,
}

impl Step {
    const ALL: [Self; 8] = [
        Self::Fmt,
        Self::Clippy,
        Self::Native,
        Self::Content,
        Self::Build,
        Self::Size,
        Self::Web,
        Self::E2e,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Clippy => "clippy",
            Self::Native => "native",
            Self::Content => "content",
            Self::Build => "build",
            Self::Size => "size",
            Self::Web => "web",
            Self::E2e => "e2e",
        }
    }

    fn builds_for_the_web(self) -> bool {
        matches!(self, Self::Build | Self::Web)
    }

    fn opens_browsers(self) -> bool {
        matches!(self, Self::Web | Self::E2e)
    }

    /// Whether the step looks at the site that `build` makes.
    fn needs_the_build(self) -> bool {
        matches!(self, Self::Size | Self::E2e)
    }

    fn run(self, workshop: &Workshop) -> Result<Tally> {
        let one = |result: Result<()>| result.map(|()| Tally::of_one(true));
        match self {
            Self::Fmt => one(cargo(workshop, &["fmt", "--all", "--check"])),
            Self::Clippy => one(cargo(
                workshop,
                &[
                    "clippy",
                    "--workspace",
                    "--all-targets",
                    "--all-features",
                    "--",
                    "-D",
                    "warnings",
                ],
            )),
            Self::Native => native(workshop),
            Self::Content => one(workshop.run(pack(workshop, "lint").arg("--deny-warnings"))),
            Self::Build => one(build(workshop)),
            Self::Size => one(size::check(workshop)),
            Self::Web => web(workshop),
            Self::E2e => e2e(workshop),
        }
    }
}

/// The steps to run: all, or those of `only`, without those of `skip`. Each may be a list with commas.
///
/// # Errors
/// When a name is not a step's.
pub(crate) fn choose(only: &[String], skip: &[String]) -> Result<Vec<Step>> {
    let only = named(only)?;
    let skip = named(skip)?;
    let chosen = Step::ALL
        .into_iter()
        .filter(|step| only.is_empty() || only.contains(step))
        .filter(|step| !skip.contains(step));
    Ok(chosen.collect())
}

fn named(lists: &[String]) -> Result<Vec<Step>> {
    let names = lists.iter().flat_map(|list| list.split(','));
    names
        .map(|name| {
            let step = Step::ALL.into_iter().find(|step| step.name() == name);
            step.with(|| {
                let all = Step::ALL.map(Step::name).join(" ");
                format!("there is no step `{name}`; the steps are {all}")
            })
        })
        .collect()
}

/// Runs the steps and prints a summary; its last line sums what passed and failed.
///
/// # Errors
/// Only when no step could be run at all: the tools could not be set up.
pub(crate) fn run(workshop: &mut Workshop, steps: &[Step]) -> Result<bool> {
    if steps.iter().any(|step| step.builds_for_the_web()) {
        setup::for_building(workshop, setup::WasmOpt::Needed)?;
    }
    if steps.iter().any(|step| step.opens_browsers()) {
        setup::for_browsers(workshop)?;
    }
    let mut total = Tally::default();
    let mut summary = Vec::new();
    let mut build_failed = false;
    for step in steps {
        println!("\n=== {} ===", step.name());
        let started = Instant::now();
        let outcome = if build_failed && step.needs_the_build() {
            Err(Error::new("there is no build to look at"))
        } else {
            step.run(workshop)
        };
        let tally = match outcome {
            Ok(tally) => tally,
            Err(error) => {
                println!("{}: {error}", step.name());
                Tally::of_one(false)
            }
        };
        build_failed |= *step == Step::Build && tally.failed > 0;
        total += tally;
        let seconds = started.elapsed().as_secs_f64();
        let verdict = if tally.failed == 0 { "ok" } else { "FAILED" };
        let report = format!("{:<8} {verdict:<7} {seconds:>7.1} s   {tally}", step.name());
        println!("--- {report}");
        summary.push(report);
    }
    println!("\n{}", summary.join("\n"));
    println!("{total}");
    Ok(total.failed == 0)
}

/// The program that checks the course and packs it.
pub(crate) fn pack(workshop: &Workshop, command: &str) -> Command {
    let mut cargo = workshop.command("cargo");
    cargo.args(["run", "--quiet", "--no-default-features"]);
    cargo.args(["--features", "pack", "--bin", "pack", "--", command]);
    cargo
}

/// Builds the site into `dist`.
///
/// # Errors
/// When Trunk fails; it has said why.
pub(crate) fn build(workshop: &Workshop) -> Result<()> {
    workshop.run(workshop.trunk().args(["build", "--release"]))
}

fn cargo(workshop: &Workshop, arguments: &[&str]) -> Result<()> {
    workshop.run(workshop.command("cargo").args(arguments))
}

/// `cargo test` runs the examples in the documentation too, as long as no target is named.
fn native(workshop: &Workshop) -> Result<Tally> {
    let mut command = workshop.command("cargo");
    command.args(["test", "--workspace", "--exclude", "xuedang-e2e"]);
    command.args(["--all-features", "--no-fail-fast"]);
    count(&mut command)
}

/// What Chromium is told: no window, no sandbox (root has none), no traffic of its own.
const CHROMIUM_SETTINGS: &str = r#"{
  "goog:chromeOptions": {
    "binary": "{binary}",
    "args": [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run"
    ]
  }
}
"#;

fn web(workshop: &Workshop) -> Result<Tally> {
    let find = |program: &str| {
        workshop
            .which(program)
            .with(|| format!("{program} is not on PATH"))
    };
    let chromium = CHROMIUM.iter().find_map(|name| workshop.which(name));
    let chromium = chromium.with(|| "there is no Chromium".to_owned())?;
    let settings = workshop.scratch()?.join("webdriver.json");
    let json = CHROMIUM_SETTINGS.replace("{binary}", &chromium.to_string_lossy());
    fs::write(&settings, json).with(|| format!("writing {}", settings.display()))?;
    let mut command = workshop.wasm_command("cargo");
    command.args(["test", "--target", "wasm32-unknown-unknown"]);
    command.args(["--package", "xuedang", "--test", "web", "--features", "signer"]);
    command
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            find("wasm-bindgen-test-runner")?,
        )
        .env("CHROMEDRIVER", find("chromedriver")?)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", settings)
        .env("WASM_BINDGEN_TEST_ONLY_WEB", "1")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60");
    count(&mut command)
}

/// What looks for barriers in every screen.
const AXE: Package = Package {
    name: "axe-core",
    version: "4.14.1",
};

fn e2e(workshop: &Workshop) -> Result<Tally> {
    let scratch = workshop.scratch()?;
    let site = server::start(&workshop.dist(), server::bind(0)?)?;
    let axe = AXE.provide(workshop)?.join("axe.min.js");
    let chromium = Driver::start(workshop, Kind::Chromium, &scratch)?;
    let firefox = Driver::start(workshop, Kind::Firefox, &scratch)?;
    let mut command = workshop.command("cargo");
    command.args(["test", "--package", "xuedang-e2e", "--no-fail-fast"]);
    if let Ok(only) = std::env::var("XUEDANG_E2E") {
        // One story, while it is being written.
        command.args(["--test", &only]);
    }
    command
        .env("XUEDANG_URL", format!("http://127.0.0.1:{}/", site.port()))
        .env("XUEDANG_CHROMEDRIVER", chromium.url())
        .env("XUEDANG_GECKODRIVER", firefox.url())
        .env("XUEDANG_GECKODRIVER_LOG", firefox.log())
        .env("XUEDANG_AXE", axe)
        // The harness says what failed and where; a runtime's frames say nothing more.
        .env("RUST_BACKTRACE", "0");
    for (name, programs) in [("XUEDANG_CHROMIUM", CHROMIUM), ("XUEDANG_FIREFOX", FIREFOX)] {
        if let Some(program) = programs.iter().find_map(|program| workshop.which(program)) {
            command.env(name, program);
        }
    }
    count(&mut command)
}

/// Runs test programs, passing their output on and counting what they report.
fn count(command: &mut Command) -> Result<Tally> {
    let name = line(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with(|| format!("starting {name}"))?;
    let mut tally = Tally::default();
    if let Some(output) = child.stdout.take() {
        // Lines of bytes, because a test may print what is not UTF-8.
        for text in BufReader::new(output).split(b'\n') {
            let text = text.with(|| format!("reading what {name} prints"))?;
            let text = String::from_utf8_lossy(&text);
            println!("{text}");
            tally.read(&text);
        }
    }
    let status = child.wait().with(|| format!("waiting for {name}"))?;
    if !status.success() && tally.failed == 0 {
        // It did not compile, or a test program ended without a report.
        println!("{name} failed ({status})");
        tally.failed = 1;
    }
    Ok(tally)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(only: &str, skip: &str) -> Option<Vec<&'static str>> {
        let list = |text: &str| -> Vec<String> {
            let words = text.split_whitespace();
            words.map(str::to_owned).collect()
        };
        let steps = choose(&list(only), &list(skip)).ok()?;
        Some(steps.into_iter().map(Step::name).collect())
    }

    #[test]
    fn steps_run_in_their_own_order() {
        assert_eq!(chosen("size fmt", ""), Some(vec!["fmt", "size"]));
        assert_eq!(chosen("e2e,build", ""), Some(vec!["build", "e2e"]));
        assert_eq!(chosen("web e2e", "e2e"), Some(vec!["web"]));
        assert_eq!(chosen("", "").map(|all| all.len()), Some(8));
        assert_eq!(chosen("e2", ""), None);
    }

    #[test]
    fn the_browser_settings_have_one_place_for_the_program() {
        assert_eq!(CHROMIUM_SETTINGS.matches("{binary}").count(), 1);
    }
}
