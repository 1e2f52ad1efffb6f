//! The worker: a second WebAssembly for spreadsheets, fetched when somebody first needs it.
//!
//! Trunk builds it for a plain script and without a hash in its name. Here script and program get
//! one, and the script the line that starts it.

use crate::{Failure, course};
use sha2::{Digest, Sha256};
use std::path::Path;
use xuedang::domain::hex;

const SCRIPT: &str = "worker.js";
const PROGRAM: &str = "worker_bg.wasm";

/// The worker's files, ready to be written.
pub(crate) struct Worker {
    script: Vec<u8>,
    program: Vec<u8>,
    name: String,
}

impl Worker {
    /// Reads what Trunk has staged; `None` when the worker was not built.
    pub(crate) fn read(staging: &Path) -> Result<Option<Self>, Failure> {
        if !staging.join(PROGRAM).is_file() {
            return Ok(None);
        }
        let script = std::fs::read(staging.join(SCRIPT))?;
        let program = std::fs::read(staging.join(PROGRAM))?;
        let mut hasher = Sha256::new();
        hasher.update(&script);
        hasher.update(&program);
        Ok(Some(Self {
            script,
            program,
            name: format!("worker-{}", hex(&hasher.finalize()[..6])),
        }))
    }

    /// Where its script will be, relative to the page.
    pub(crate) fn address(&self) -> String {
        format!("{}.js", self.name)
    }

    /// What is to be written.
    pub(crate) fn assets(self) -> [course::Asset; 2] {
        let program = format!("{}_bg.wasm", self.name);
        let mut script = self.script;
        // What cannot be fetched is told to the page, which waits for the first message.
        script.extend_from_slice(
            format!(
                "\n;wasm_bindgen({{ module_or_path: new URL(\"{program}\", self.location.href) }})\
                 .catch(error => self.postMessage([-1, false, String(error), null]));\n"
            )
            .as_bytes(),
        );
        [
            course::Asset {
                path: format!("{}.js", self.name),
                bytes: script,
            },
            course::Asset {
                path: program,
                bytes: self.program,
            },
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
