//! The workers: WebAssemblies for spreadsheets, for the register and for signatures, fetched when somebody first needs
//! them.
//!
//! Trunk builds them for a plain script. Here script and program get a hash in their names, and the
//! script the line that starts it.

use crate::Failure;
use crate::program::Program;
use std::path::Path;

/// What their files are called before they get a hash; the page knows each as `xuedang-` and this.
pub(crate) const STEMS: [&str; 3] = ["worker", "branch", "signer"];

/// Reads what Trunk has staged, ready to be written; `None` when that worker was not built.
pub(crate) fn read(staging: &Path, stem: &str) -> Result<Option<Program>, Failure> {
    let Some(mut worker) = Program::read(staging, stem)? else {
        return Ok(None);
    };
    let program = worker.wasm_file();
    // What cannot be fetched is told to the page, which waits for the first message.
    worker.script.extend_from_slice(
        format!(
            "\n;wasm_bindgen({{ module_or_path: new URL(\"{program}\", self.location.href) }})\
             .catch(error => self.postMessage([-1, false, String(error), null]));\n"
        )
        .as_bytes(),
    );
    Ok(Some(worker))
}
