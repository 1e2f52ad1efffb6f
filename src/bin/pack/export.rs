//! `pack export`: every module of the course as GIFT and, with `sheets`, as a spreadsheet: what
//! the office's screen offers for download, for checks by other programs.

use crate::gift::with_cases;
use crate::{Failure, Request, course, files, judge};
use std::io::Write;
use xuedang::format::gift;

/// Writes the files; prints how many questions each format could take.
pub(crate) fn write(request: &Request) -> Result<bool, Failure> {
    let out = request.out.as_ref().ok_or("export needs --out DIR")?;
    let (content, _) = judge(&request.directory)?;
    let mut log = std::io::stdout().lock();
    let (mut all, mut taken) = (0, 0);
    for module in &content.course.modules {
        let sources: Vec<_> = content
            .course
            .sources
            .iter()
            .map(|draft| draft.source.clone())
            .collect();
        let bank = course::pack_bank(module, &sources);
        let questions = with_cases(&bank);
        let (text, left) = gift::write(&module.title, questions.iter().copied());
        files::write(&out.join(format!("{}.gift", module.id)), text.as_bytes())?;
        all += questions.len();
        taken += questions.len() - left.len();
        #[cfg(feature = "sheets")]
        {
            let (sheets, _) = xuedang::format::bank_sheet::write(questions.iter().copied());
            sheet(out, &module.id, &sheets)?;
        }
    }
    #[cfg(feature = "sheets")]
    sheet(out, "template", &xuedang::format::bank_sheet::template())?;
    writeln!(log, "{taken} of {all} questions have a form in GIFT")?;
    Ok(true)
}

/// A workbook, and beside it what must be found in it.
#[cfg(feature = "sheets")]
fn sheet(out: &std::path::Path, name: &str, sheets: &[xuedang::format::sheet::Sheet]) -> Result<(), Failure> {
    let bytes = xuedang::format::xlsx::write(sheets)?;
    files::write(&out.join(format!("{name}.xlsx")), &bytes)?;
    files::write(
        &out.join(format!("{name}.sheet.json")),
        &serde_json::to_vec(sheets)?,
    )
}
