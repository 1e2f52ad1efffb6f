//! A report in files: the paper as `.docx`, its tables as `.xlsx`.

use super::paper::Paper;
use super::{Desk, Observed};
use crate::domain::time::Moment;
use crate::format::docx::{self, Column, Lies, Stands, Style};
use crate::format::workbench::{Answer, Order, Outcome};
use crate::format::xlsx::{begins_formula, empty};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

/// What a `.docx` is.
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/// What an `.xlsx` is.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Carries out the orders that make files.
pub(super) fn carry_out(desk: &mut Desk<'_, '_>, word: &str, order: &Order<'_>) -> Option<Answer> {
    let is_docx = match word {
        "report-docx" => true,
        "report-xlsx" => false,
        _ => return None,
    };
    Some(
        order
            .read()
            .and_then(|asked| desk.paper(&asked))
            .and_then(|paper| {
                if is_docx {
                    file(&paper, paper.docx(order.now)?, DOCX, "docx")
                } else {
                    file(&paper, paper.xlsx()?, XLSX, "xlsx")
                }
            }),
    )
}

/// A report as a file, and what to call it.
fn file(paper: &Paper, bytes: Vec<u8>, mime: &'static str, extension: &str) -> Answer {
    let name = format!("{}.{extension}", paper.title);
    Ok(Outcome {
        text: serde_json::to_string(&name).map_err(|error| error.to_string())?,
        file: Some((bytes, mime)),
        ..Outcome::default()
    })
}

impl Paper {
    /// The paper as `.docx`.
    ///
    /// # Errors
    /// What the writer says; there is no reason why it should.
    pub fn docx(&self, now: Moment) -> Result<Vec<u8>, String> {
        let mut paper = docx::Paper::new(&self.title, Lies::Upright, now);
        paper.paragraph(Style::Title, &self.title, Stands::WithNext);
        for line in self.about() {
            paper.paragraph(Style::About, &line, Stands::Free);
        }
        for part in &self.parts {
            paper.paragraph(Style::Heading, &part.title, Stands::WithNext);
            if !part.basis.is_empty() {
                paper.paragraph(Style::Note, &format!("依据：{}", part.basis), Stands::WithNext);
            }
            for grid in &part.tables {
                paper.paragraph(Style::CellHead, &grid.title, Stands::WithNext);
                let columns: Vec<Column<'_>> = grid
                    .columns
                    .iter()
                    .zip(0..)
                    .map(|(heading, at)| Column {
                        heading,
                        width: if at == 0 { 3 } else { 2 },
                        left: at == 0,
                    })
                    .collect();
                let rows = grid.lines.iter().map(|(label, numbers)| {
                    let mut row = vec![label.clone()];
                    row.extend(numbers.iter().map(|number| match number.is {
                        Some(is) => is.to_string(),
                        None => "—".into(),
                    }));
                    row
                });
                let rows: Vec<Vec<String>> = rows.collect();
                if rows.is_empty() {
                    paper.paragraph(Style::Note, "没有登记", Stands::Free);
                } else {
                    paper.table(&columns, &rows);
                    paper.paragraph(Style::Gap, "", Stands::Free);
                }
            }
            for observed in &part.observations {
                paper.paragraph(Style::Body, &observed.sentence(), Stands::WithNext);
                paper.paragraph(
                    Style::Note,
                    &format!("{}：{}", observed.cited, observed.threshold),
                    Stands::Free,
                );
            }
            if part.observations.is_empty() && part.tables.is_empty() && !part.blank {
                paper.paragraph(Style::Body, "按现在的条件，没有需要提示的。", Stands::Free);
            }
            for note in &part.notes {
                paper.paragraph(Style::Note, note, Stands::Free);
            }
            if part.blank {
                for _ in 0..3 {
                    paper.paragraph(Style::Body, "", Stands::Free);
                }
            }
        }
        paper.paragraph(Style::Sign, "填报人（签名）：", Stands::WithNext);
        paper.paragraph(Style::Sign, "党组织负责人（签名）：", Stands::WithNext);
        paper.paragraph(Style::SignDay, "年　　月　　日", Stands::Free);
        paper.finish()
    }

    /// Its tables as `.xlsx`: a sheet for each, figures as numbers.
    ///
    /// # Errors
    /// What the writer says; there is no reason why it should.
    pub fn xlsx(&self) -> Result<Vec<u8>, String> {
        self.sheets().map_err(|error| format!("文件没有写成（{error}）"))
    }

    fn sheets(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = empty()?;
        let looks = Looks::new();
        let sheet = book.add_worksheet();
        sheet.set_name("说明")?;
        sheet.set_column_width(0, 80)?;
        sheet.write_string_with_format(0, 0, &self.title, &looks.title)?;
        let mut row = 1;
        for line in self.about() {
            looks.text(sheet, row, 0, &line)?;
            row += 1;
        }
        for part in &self.parts {
            row += 1;
            sheet.write_string_with_format(row, 0, &part.title, &looks.bold)?;
            let basis = (!part.basis.is_empty()).then(|| format!("依据：{}", part.basis));
            for line in basis.iter().chain(&part.notes) {
                row += 1;
                looks.text(sheet, row, 0, line)?;
            }
        }
        for grid in self.parts.iter().flat_map(|part| &part.tables) {
            let sheet = book.add_worksheet();
            sheet.set_name(sheet_name(&grid.title))?;
            sheet.set_freeze_panes(1, 1)?;
            for (heading, at) in grid.columns.iter().zip(0u16..) {
                sheet.set_column_width(at, if at == 0 { 28 } else { 18 })?;
                sheet.write_string_with_format(0, at, heading, &looks.head)?;
            }
            for ((label, numbers), row) in grid.lines.iter().zip(1u32..) {
                looks.cell(sheet, row, 0, label)?;
                for (number, at) in numbers.iter().zip(1u16..) {
                    match number.is {
                        // No count of people is beyond what a float holds exactly.
                        Some(is) => sheet.write_number_with_format(row, at, is as f64, &looks.number)?,
                        None => sheet.write_blank(row, at, &looks.number)?,
                    };
                }
            }
        }
        let observed: Vec<&Observed> = self.parts.iter().flat_map(|part| &part.observations).collect();
        if !observed.is_empty() {
            let sheet = book.add_worksheet();
            sheet.set_name("需要留意的数字")?;
            for ((heading, width), at) in [
                ("提示", 20),
                ("类别", 16),
                ("内容", 50),
                ("条件", 50),
                ("依据", 28),
            ]
            .into_iter()
            .zip(0u16..)
            {
                sheet.set_column_width(at, width)?;
                sheet.write_string_with_format(0, at, heading, &looks.head)?;
            }
            for (one, row) in observed.into_iter().zip(1u32..) {
                let group = one.group.as_deref().unwrap_or("全部");
                for (text, at) in [&*one.what, group, &one.text, &one.threshold, &one.cited]
                    .into_iter()
                    .zip(0u16..)
                {
                    looks.cell(sheet, row, at, text)?;
                }
            }
        }
        book.save_to_buffer()
    }
}

/// How cells look.
struct Looks {
    title: Format,
    bold: Format,
    plain: Format,
    head: Format,
    boxed: Format,
    number: Format,
}

impl Looks {
    fn new() -> Self {
        let plain = Format::new().set_text_wrap();
        let boxed = plain.clone().set_border(FormatBorder::Thin);
        Self {
            title: Format::new().set_bold().set_font_size(16),
            bold: Format::new().set_bold(),
            head: boxed.clone().set_bold().set_align(FormatAlign::Center),
            number: boxed.clone().set_num_format("0"),
            plain,
            boxed,
        }
    }

    fn text(&self, sheet: &mut Worksheet, row: u32, at: u16, text: &str) -> Result<(), XlsxError> {
        put(sheet, row, at, text, &self.plain)
    }

    fn cell(&self, sheet: &mut Worksheet, row: u32, at: u16, text: &str) -> Result<(), XlsxError> {
        put(sheet, row, at, text, &self.boxed)
    }
}

/// A text; one that begins a formula says that it is none.
fn put(sheet: &mut Worksheet, row: u32, at: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
    if begins_formula(text) {
        sheet.write_string_with_format(row, at, text, &format.clone().set_quote_prefix())?;
    } else {
        sheet.write_string_with_format(row, at, text, format)?;
    }
    Ok(())
}

/// A name that a sheet may have.
fn sheet_name(title: &str) -> String {
    let allowed = |sign: &char| !matches!(sign, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'');
    title.chars().filter(allowed).take(31).collect()
}
