//! `cargo xtask`: everything a developer does with the portal, from a machine that has Rust and a shell.
//!
//! 1. [`workshop`] knows where things are and starts programs there.
//! 2. [`setup`] puts what is missing in place, once per machine.
//! 3. [`server`] serves the built site; [`drivers`] start the browsers' drivers.
//! 4. [`steps`] are the steps of `test`, with [`size`] and [`tally`] beside them.
//! 5. [`checks`] compare with other people's programs and texts.
//! 6. [`bench`] measures speed and size against others'.
#![allow(
    clippy::print_stdout,
    reason = "a command-line tool speaks on its standard output"
)]

mod bench;
mod checks;
mod drivers;
mod error;
mod server;
mod setup;
mod size;
mod steps;
mod tally;
mod workshop;

use std::net::TcpListener;
use std::path::Path;
use std::process::ExitCode;

use error::{Context, Error, Result};
use workshop::Workshop;

const HELP: &str = "\
cargo xtask <command>

  serve [--port N] [--dev]   build the portal and serve it on 127.0.0.1 (port 8080)
                             --dev rebuilds and reloads the page when a file changes
  test  [--only STEP]...     run every check, in this order:
        [--skip STEP]...     fmt clippy native content build size web e2e
  bench [--built]            measure speed and size against others' in a browser;
        [--rosters]          --built takes the site as it was last built,
                             --rosters measures the reading of rosters alone
  lint                       check the course in content/
  check [NAME]...            compare with other people's programs:
                             analysis commonmark credential fsrs gift office
                             xapi xlsx
        analysis --rows N    with N made-up people instead of 10,000,000
        gift --pairs FOLDER  with FOLDER/*.gift and *.json, as gift-pegjs's
                             repository has them in tests/questions
  build                      build the portal into dist/
  setup [--browsers]         only fetch what is missing
  help                       this text

What is missing is fetched when it is first needed, into the user's cache
(XUEDANG_CACHE, or xuedang in XDG_CACHE_HOME or ~/.cache); XUEDANG_WASM=rebuild
builds Rust's standard library for WebAssembly from source instead of using rustup's.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs one command; `Ok(false)` is a failure that has already been told.
fn run(arguments: &[String]) -> Result<bool> {
    let Some((command, rest)) = arguments.split_first() else {
        print!("{HELP}");
        return Ok(true);
    };
    match command.as_str() {
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(true)
        }
        "serve" => {
            let options = Options::parse(rest, &["--dev"], &["--port"])?;
            serve(&Workshop::find()?, options.port()?, options.has("--dev"))
        }
        "test" => {
            let options = Options::parse(rest, &[], &["--only", "--skip"])?;
            let chosen = steps::choose(&options.all("--only"), &options.all("--skip"))?;
            steps::run(&mut Workshop::find()?, &chosen)
        }
        "bench" => {
            let options = Options::parse(rest, &["--built", "--rosters"], &[])?;
            let (built, rosters) = (options.has("--built"), options.has("--rosters"));
            bench::run(&mut Workshop::find()?, built, rosters)?;
            Ok(true)
        }
        "lint" => {
            Options::parse(rest, &[], &[])?;
            let workshop = Workshop::find()?;
            workshop.run(&mut steps::pack(&workshop, "lint"))?;
            Ok(true)
        }
        "check" => {
            let at = rest.iter().position(|argument| argument.starts_with("--"));
            let (names, rest) = rest.split_at(at.unwrap_or(rest.len()));
            let options = Options::parse(rest, &[], &["--pairs", "--rows"])?;
            let pairs = options.all("--pairs").pop();
            let rows = options.all("--rows").pop();
            let rows = rows.map(|rows| rows.parse().with(|| format!("`{rows}` is not a number of rows")));
            let pairs = pairs.as_deref().map(Path::new);
            checks::run(&Workshop::find()?, names, pairs, rows.transpose()?)?;
            Ok(true)
        }
        "build" => {
            Options::parse(rest, &[], &[])?;
            let mut workshop = Workshop::find()?;
            setup::for_building(&mut workshop, setup::WasmOpt::Wanted)?;
            steps::build(&workshop)?;
            Ok(true)
        }
        "setup" => {
            let options = Options::parse(rest, &["--browsers"], &[])?;
            let mut workshop = Workshop::find()?;
            setup::for_building(&mut workshop, setup::WasmOpt::Wanted)?;
            if options.has("--browsers") {
                setup::for_browsers(&mut workshop)?;
            }
            println!("everything is in place");
            Ok(true)
        }
        other => Err(Error::new(format!(
            "there is no command `{other}`; `cargo xtask help` lists them"
        ))),
    }
}

/// Serves the portal until it is stopped.
fn serve(workshop: &Workshop, port: u16, dev: bool) -> Result<bool> {
    // Before minutes of building: is the port free at all?
    drop(server::bind(port)?);
    let mut workshop = workshop.clone();
    setup::for_building(&mut workshop, setup::WasmOpt::Wanted)?;
    if dev {
        println!("building; then the portal is at http://127.0.0.1:{port}/ and reloads itself");
        let mut trunk = workshop.trunk();
        trunk.args(["serve", "--address", "127.0.0.1", "--port"]);
        trunk.arg(port.to_string());
        return workshop.become_program(&mut trunk).map(|()| true);
    }
    steps::build(&workshop)?;
    let listener: TcpListener = server::bind(port)?;
    let site = server::start(&workshop.dist(), listener)?;
    println!();
    println!(
        "The portal is at http://127.0.0.1:{}/  (Ctrl-C stops it)",
        site.port()
    );
    site.wait();
    Ok(true)
}

/// The options of one command, checked against those that it has.
struct Options {
    given: Vec<(String, String)>,
}

impl Options {
    /// Reads `--flag`, `--option value` and `--option=value`.
    fn parse(arguments: &[String], flags: &[&str], options: &[&str]) -> Result<Self> {
        let mut given = Vec::new();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let (name, inline) = match argument.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (argument.as_str(), None),
            };
            let value = if flags.contains(&name) && inline.is_none() {
                String::new()
            } else if options.contains(&name) {
                inline
                    .or_else(|| rest.next().cloned())
                    .with(|| format!("{name} needs a value"))?
            } else {
                return Err(Error::new(format!("`{argument}` is not known here")));
            };
            given.push((name.to_owned(), value));
        }
        Ok(Self { given })
    }

    fn has(&self, name: &str) -> bool {
        self.given.iter().any(|(given, _)| given == name)
    }

    fn all(&self, name: &str) -> Vec<String> {
        let of_name = self.given.iter().filter(|(given, _)| given == name);
        of_name.map(|(_, value)| value.clone()).collect()
    }

    fn port(&self) -> Result<u16> {
        match self.all("--port").pop() {
            None => Ok(8080),
            Some(text) => text
                .parse()
                .with(|| format!("`{text}` is not a port (0 to 65535)")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(line: &str) -> Result<Options> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Options::parse(&arguments, &["--dev"], &["--port", "--only"])
    }

    #[test]
    fn options_take_values_after_a_space_or_an_equals_sign() {
        let read = options("--port 9000 --only fmt --only=web --dev").ok();
        let read = read.as_ref();
        assert_eq!(read.and_then(|read| read.port().ok()), Some(9000));
        assert_eq!(
            read.map(|read| read.all("--only")),
            Some(vec!["fmt".to_owned(), "web".to_owned()])
        );
        assert_eq!(read.map(|read| read.has("--dev")), Some(true));
    }

    #[test]
    fn unknown_and_unfinished_options_are_refused() {
        assert!(options("--prot 9000").is_err());
        assert!(options("--port").is_err());
        assert!(options("--dev=yes").is_err());
        assert!(options("--port many").is_ok_and(|read| read.port().is_err()));
    }
}
