//! The office's page: the study's page with another program.
//!
//! Trunk builds the office's program beside the study's, without a hash in its name and without a
//! page. Here it gets both, so that a deploy never mixes an old page with a new program.

use crate::{Failure, course, shell};
use sha2::{Digest, Sha256};
use std::path::Path;
use xuedang::domain::hex;

const SCRIPT: &str = "office.js";
const PROGRAM: &str = "office_bg.wasm";

/// The office's page and program, ready to be written.
pub(crate) struct Office {
    page: String,
    script: Vec<u8>,
    program: Vec<u8>,
    name: String,
}

impl Office {
    /// Reads what Trunk has staged; `None` when the office was not built. `index` is the study's page
    /// as Trunk wrote it, `worker` the address of the worker.
    pub(crate) fn read(
        staging: &Path,
        index: &str,
        catalogue: &str,
        worker: Option<&str>,
        debug: bool,
    ) -> Result<Option<Self>, Failure> {
        if !staging.join(PROGRAM).is_file() {
            return Ok(None);
        }
        let script = std::fs::read(staging.join(SCRIPT))?;
        let program = std::fs::read(staging.join(PROGRAM))?;
        let mut hasher = Sha256::new();
        hasher.update(&script);
        hasher.update(&program);
        let name = format!("office-{}", hex(&hasher.finalize()[..6]));
        let study = shell::program(index).ok_or("index.html preloads no program")?;
        let mut page = shell::rewrite(&index.replace(&study, &name), catalogue, debug)?;
        if let Some(worker) = worker {
            let known = "<meta name=\"xuedang-catalogue\"";
            let both = format!("<meta name=\"xuedang-worker\" content=\"{worker}\">{known}");
            page = page.replacen(known, &both, 1);
        }
        Ok(Some(Self {
            page,
            script,
            program,
            name,
        }))
    }

    /// What is to be written, the page last.
    pub(crate) fn assets(self) -> [course::Asset; 3] {
        let asset = |path: String, bytes| course::Asset { path, bytes };
        [
            asset(format!("{}_bg.wasm", self.name), self.program),
            asset(format!("{}.js", self.name), self.script),
            asset("office.html".into(), self.page.into_bytes()),
        ]
    }

    /// Takes away the names without a hash.
    pub(crate) fn remove_unhashed(staging: &Path) -> Result<(), Failure> {
        for name in [SCRIPT, PROGRAM] {
            std::fs::remove_file(staging.join(name))?;
        }
        Ok(())
    }
}
