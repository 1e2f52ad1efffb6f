//! The office's page: the study's page with another program.
//!
//! Trunk builds the office's program beside the study's, without a hash in its name and without a
//! page. Here it gets both, so that a deploy never mixes an old page with a new program.

use crate::course::Asset;
use crate::program::Program;
use crate::{Failure, shell};
use std::path::Path;

/// What its files are called before they get a hash.
pub(crate) const STEM: &str = "office";

/// The office's page and program, ready to be written.
pub(crate) struct Office {
    page: String,
    program: Program,
}

impl Office {
    /// Reads what Trunk has staged; `None` when the office was not built. `index` is the study's page
    /// as Trunk wrote it, `named` what else it must find and the addresses: the workers, the holidays.
    pub(crate) fn read(
        staging: &Path,
        index: &str,
        catalogue: &str,
        named: &[(&str, String)],
        debug: bool,
    ) -> Result<Option<Self>, Failure> {
        let Some(program) = Program::read(staging, STEM)? else {
            return Ok(None);
        };
        let study = shell::program(index).ok_or("index.html preloads no program")?;
        let mut page = shell::rewrite(&index.replace(&study, &program.name), catalogue, debug)?;
        let known = "<meta name=\"xuedang-catalogue\"";
        for (stem, address) in named {
            let both = format!("<meta name=\"xuedang-{stem}\" content=\"{address}\">{known}");
            page = page.replacen(known, &both, 1);
        }
        Ok(Some(Self { page, program }))
    }

    /// What is to be written, the page last.
    pub(crate) fn assets(self) -> [Asset; 3] {
        let [wasm, script] = self.program.assets();
        let page = Asset {
            path: "office.html".into(),
            bytes: self.page.into_bytes(),
        };
        [wasm, script, page]
    }
}
