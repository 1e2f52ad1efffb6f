//! Lints `content/` and packs it into what the browser loads.
//!
//! ```text
//! pack lint  [content-dir] [--deny-warnings]
//! pack build [content-dir] [--out DIR]
//! pack gift FILE...                     what our reader of GIFT finds, as JSON
//! pack gift-again DIR FILE...            what we take over of these, as GIFT again
//! pack export [content-dir] --out DIR   every module as GIFT, and as xlsx with `sheets`
//! ```
//!
//! `build` is Trunk's post-build hook: without `--out` it writes into `TRUNK_STAGING_DIR`.
//!
//! 1. [`files`]: the content directory into memory;
//! 2. [`xuedang::format::content`] reads it, [`xuedang::domain::course::lint`] judges it;
//!    [`report`] prints what they found, and errors end the run;
//! 3. [`course`]: catalogue, question banks, lesson fragments ([`fragment`]) and the texts that are searched;
//!    and the pages beside the lessons ([`beside`]);
//! 4. [`pages`]: every lesson as a page that reads without scripts;
//! 5. [`shell`]: the staged `index.html` learns the catalogue's path and its content policy, and
//!    [`office`] makes the office's page from it, which learns where the [`worker`]s are;
//! 6. all of it is written, `index.html` last.

mod beside;
mod course;
mod export;
mod files;
mod fragment;
mod gift;
mod office;
mod pages;
mod program;
mod report;
mod shell;
mod template;
mod worker;

use office::Office;
use program::Program;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use xuedang::domain::course::lint::{Severity, lint};
use xuedang::format::content::{self, Content};

/// Anything that ends the run.
type Failure = Box<dyn std::error::Error>;

const USAGE: &str = "usage: pack lint [content-dir] [--deny-warnings]\n       pack build [content-dir] [--out DIR]\n       pack gift FILE...\n       pack gift-again DIR FILE...\n       pack export [content-dir] --out DIR";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // Nobody is left to tell when standard error is closed.
            let _ = writeln!(std::io::stderr(), "pack: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What was asked for.
struct Request {
    directory: PathBuf,
    out: Option<PathBuf>,
    deny_warnings: bool,
}

impl Request {
    fn read(arguments: &[String]) -> Result<Self, Failure> {
        let mut request = Self {
            directory: "content".into(),
            out: None,
            deny_warnings: false,
        };
        let mut directory = None;
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--out" => request.out = Some(arguments.next().ok_or(USAGE)?.into()),
                "--deny-warnings" => request.deny_warnings = true,
                name if !name.starts_with('-') && directory.is_none() => {
                    directory = Some(PathBuf::from(name))
                }
                _ => return Err(USAGE.into()),
            }
        }
        request.directory = directory.unwrap_or(request.directory);
        Ok(request)
    }
}

/// Whether all went well; problems of the content have been printed by then.
fn run(arguments: &[String]) -> Result<bool, Failure> {
    let (command, rest) = arguments.split_first().ok_or(USAGE)?;
    if command == "gift" {
        writeln!(std::io::stdout().lock(), "{}", gift::read(rest)?)?;
        return Ok(true);
    }
    if command == "gift-again" {
        return gift::again(rest).map(|()| true);
    }
    let request = Request::read(rest)?;
    match command.as_str() {
        "export" => export::write(&request),
        "lint" => {
            let (content, verdict) = judge(&request.directory)?;
            let mut out = std::io::stdout().lock();
            verdict.print(&mut out, Severity::Warning)?;
            report::print_coverage(&content.course, &mut out)?;
            writeln!(out, "{}\n{verdict}", report::Counts::of(&content.course))?;
            Ok(verdict.errors() == 0 && !(request.deny_warnings && verdict.warnings() > 0))
        }
        "build" => build(&request),
        _ => Err(USAGE.into()),
    }
}

fn judge(directory: &Path) -> Result<(Content, report::Verdict), Failure> {
    let mut content = content::read(&files::read(directory)?);
    let mut found = std::mem::take(&mut content.diagnostics);
    found.extend(lint(&content.course));
    Ok((content, report::Verdict::new(directory, found)))
}

fn build(request: &Request) -> Result<bool, Failure> {
    let mut log = std::io::stderr().lock();
    let staging = match &request.out {
        Some(out) => out.clone(),
        None => std::env::var_os("TRUNK_STAGING_DIR")
            .ok_or("neither --out nor TRUNK_STAGING_DIR is given")?
            .into(),
    };
    let (content, verdict) = judge(&request.directory)?;
    verdict.print(&mut log, Severity::Error)?;
    writeln!(
        log,
        "pack: {} errors, {} warnings in {}",
        verdict.errors(),
        verdict.warnings(),
        request.directory.display()
    )?;
    if verdict.errors() > 0 {
        return Ok(false);
    }
    let mut packed = course::pack(&content)?;
    let index = staging.join("index.html");
    let shell = if index.is_file() {
        Some(std::fs::read_to_string(&index)?)
    } else {
        None
    };
    let styles = shell
        .as_deref()
        .map(|html| shell::stylesheets(&shell::without_office(html)))
        .unwrap_or_default();
    let pages = pages::pages(&packed, &styles);
    packed.assets.extend(pages);
    // What has files without a hash in their names.
    let mut staged = Vec::new();
    // Everything is in memory before the first byte is written.
    let shell = match shell {
        Some(html) => {
            let debug = std::env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "debug");
            let mut named: Vec<_> = packed
                .holidays
                .clone()
                .map(|address| ("holidays", address))
                .into_iter()
                .collect();
            for stem in worker::STEMS {
                if let Some(worker) = worker::read(&staging, stem)? {
                    named.push((stem, worker.script_file()));
                    packed.assets.extend(worker.assets());
                    staged.push(stem);
                }
            }
            let office = Office::read(&staging, &html, &packed.path, &named, debug)?;
            staged.extend(office.is_some().then_some(office::STEM));
            packed
                .assets
                .extend(office.map(Office::assets).into_iter().flatten());
            Some(shell::rewrite(
                &shell::without_office(&html),
                &packed.path,
                debug,
            )?)
        }
        None => {
            writeln!(log, "pack: no index.html in {}, content only", staging.display())?;
            None
        }
    };
    for asset in &packed.assets {
        files::write(&staging.join(&asset.path), &asset.bytes)?;
    }
    for stem in staged {
        Program::remove_unhashed(&staging, stem)?;
    }
    if let Some(html) = shell {
        files::write(&index, html.as_bytes())?;
    }
    let bytes: usize = packed.assets.iter().map(|asset| asset.bytes.len()).sum();
    writeln!(
        log,
        "pack: course {} with {} lessons: {} files, {bytes} bytes",
        packed.catalogue.version,
        packed.lessons.len(),
        packed.assets.len()
    )?;
    Ok(true)
}
