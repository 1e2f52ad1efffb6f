//! A WebAssembly that Trunk has built beside the study's, and staged without a hash in its name.

use crate::{Failure, course::Asset};
use sha2::{Digest, Sha256};
use std::path::Path;
use xuedang::domain::hex;

/// Script and program, and the name with a hash that both will have.
pub(crate) struct Program {
    pub(crate) script: Vec<u8>,
    pub(crate) wasm: Vec<u8>,
    pub(crate) name: String,
}

impl Program {
    /// Reads what Trunk has staged under a name; `None` when it was not built.
    pub(crate) fn read(staging: &Path, stem: &str) -> Result<Option<Self>, Failure> {
        let [script, wasm] = staged(stem).map(|file| staging.join(file));
        if !wasm.is_file() {
            return Ok(None);
        }
        let (script, wasm) = (std::fs::read(script)?, std::fs::read(wasm)?);
        let mut hasher = Sha256::new();
        hasher.update(&script);
        hasher.update(&wasm);
        let name = format!("{stem}-{}", hex(&hasher.finalize()[..6]));
        Ok(Some(Self { script, wasm, name }))
    }

    /// The script's file.
    pub(crate) fn script_file(&self) -> String {
        format!("{}.js", self.name)
    }

    /// The program's file.
    pub(crate) fn wasm_file(&self) -> String {
        format!("{}_bg.wasm", self.name)
    }

    /// What is to be written, the program first.
    pub(crate) fn assets(self) -> [Asset; 2] {
        let (wasm, script) = (self.wasm_file(), self.script_file());
        [
            Asset {
                path: wasm,
                bytes: self.wasm,
            },
            Asset {
                path: script,
                bytes: self.script,
            },
        ]
    }

    /// Takes away the names without a hash.
    pub(crate) fn remove_unhashed(staging: &Path, stem: &str) -> Result<(), Failure> {
        for file in staged(stem) {
            std::fs::remove_file(staging.join(file))?;
        }
        Ok(())
    }
}

fn staged(stem: &str) -> [String; 2] {
    [format!("{stem}.js"), format!("{stem}_bg.wasm")]
}
