//! The record as a workbook: a sheet for each section. What is counted is a number there, a day is a
//! day, and a text that begins a formula stays a text.

use super::{Annex, Cell, Part, Section, Table};
use crate::domain::time::Date;
use crate::format::xlsx::{MAX_CELL, begins_formula};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

/// The sheet of what the record is, when it was made and what it proves.
pub const ABOUT: &str = "说明";
/// Days from Excel's day 0 to 1970-01-01, and the first day from which Excel counts as everybody does.
const EPOCH: i64 = 25_569;
const FIRST: i64 = 61;
/// A4, as Excel numbers papers.
const A4: u8 = 9;
/// Width of a sheet that is only text, in characters.
const LINE: f64 = 90.0;

/// The file's bytes.
///
/// # Errors
/// What the writer says; there is no reason why it should.
pub fn write(annex: &Annex) -> Result<Vec<u8>, String> {
    put(annex).map_err(|error| error.to_string())
}

/// How cells look.
struct Formats {
    head: Format,
    text: Format,
    quoted: Format,
    day: Format,
    percent: Format,
    note: Format,
}

impl Formats {
    fn new() -> Self {
        let cell = || {
            Format::new()
                .set_align(FormatAlign::Top)
                .set_align(FormatAlign::Left)
        };
        let text = cell().set_text_wrap().set_num_format("@");
        Self {
            head: Format::new().set_bold().set_text_wrap(),
            quoted: text.clone().set_quote_prefix(),
            text,
            day: cell().set_num_format("yyyy-mm-dd"),
            percent: cell().set_num_format("0%"),
            note: Format::new(),
        }
    }

    fn number(unit: &str) -> Format {
        let format = Format::new()
            .set_align(FormatAlign::Top)
            .set_align(FormatAlign::Left);
        if unit.is_empty() {
            format.set_num_format("0")
        } else {
            format.set_num_format(format!("0\" {unit}\""))
        }
    }
}

fn put(annex: &Annex) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(
        &DocProperties::new()
            .set_title(annex.title)
            .set_author("学档")
            .set_creation_datetime(&ExcelDateTime::from_timestamp(annex.made_at.ms.div_euclid(1000))?),
    );
    let formats = Formats::new();
    for section in &annex.sections {
        // What is to be filled in by hand is filled in on paper.
        if section.parts.iter().all(|part| !matches!(part, Part::Blanks(_))) {
            let sheet = new_sheet(&mut book, section.name)?;
            section_of(sheet, &formats, section)?;
        }
    }
    let sheet = new_sheet(&mut book, ABOUT)?;
    sheet.set_column_width(0, LINE)?;
    let title = format!("{}{}", annex.title, annex.mark);
    let lines = annex.about.iter().chain(&annex.foot).map(String::as_str);
    for (line, row) in std::iter::once(title.as_str()).chain(lines).zip(0..) {
        text(sheet, &formats, row, 0, line)?;
    }
    book.save_to_buffer()
}

fn new_sheet<'a>(book: &'a mut Workbook, name: &str) -> Result<&'a mut Worksheet, XlsxError> {
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    sheet.set_paper_size(A4).set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_footer("&C&P / &N");
    Ok(sheet)
}

fn section_of(sheet: &mut Worksheet, formats: &Formats, section: &Section) -> Result<(), XlsxError> {
    let has_table = section.parts.iter().any(|part| matches!(part, Part::Table(_)));
    let has_facts = section.parts.iter().any(|part| matches!(part, Part::Facts(_)));
    if has_facts && !has_table {
        sheet.set_column_width(0, 24)?;
        sheet.set_column_width(1, 50)?;
    } else if !has_table {
        sheet.set_column_width(0, LINE)?;
    }
    let mut row = 0;
    for part in &section.parts {
        if row > 0 {
            row += 1;
        }
        match part {
            Part::Table(table) => row = table_of(sheet, formats, table, row)?,
            Part::Facts(facts) => {
                for fact in facts {
                    sheet.write_string_with_format(row, 0, fact.label, &formats.head)?;
                    cell(sheet, formats, row, 1, &fact.value)?;
                    row += 1;
                }
            }
            Part::Text(lines) => {
                for line in lines {
                    text(sheet, formats, row, 0, line)?;
                    row += 1;
                }
            }
            Part::Note(line) => {
                sheet.write_string_with_format(row, 0, clean(line), &formats.note)?;
                row += 1;
            }
            Part::Blanks(_) => {}
        }
    }
    Ok(())
}

/// Writes a table and gives the first row below it. A pair has two columns here, and a note one of
/// its own where there is any.
fn table_of(
    sheet: &mut Worksheet,
    formats: &Formats,
    table: &Table,
    top: u32,
) -> Result<u32, XlsxError> {
    let mut at: u16 = 0;
    for (column, place) in table.columns.iter().zip(0..) {
        let cells: Vec<&Cell> = table
            .rows
            .iter()
            .chain(&table.sum)
            .filter_map(|row| row.get(place))
            .collect();
        let is_split = cells
            .iter()
            .any(|cell| matches!(cell, Cell::Pair(..) | Cell::Noted(_, Some(_))));
        sheet.write_string_with_format(top, at, column.heading, &formats.head)?;
        sheet.set_column_width(at, f64::from(column.width.max(10)) * 1.2)?;
        for (value, row) in cells.iter().zip(top + 1..) {
            match value {
                Cell::Pair(part, _) => cell(sheet, formats, row, at, &Cell::Number((*part).into(), ""))?,
                Cell::Noted(title, _) => text(sheet, formats, row, at, title)?,
                other => cell(sheet, formats, row, at, other)?,
            }
        }
        at += 1;
        if is_split {
            sheet.write_string_with_format(top, at, column.second, &formats.head)?;
            sheet.set_column_width(at, f64::from(column.width.max(10)) * 1.2)?;
            for (value, row) in cells.iter().zip(top + 1..) {
                match value {
                    Cell::Pair(_, whole) => {
                        cell(sheet, formats, row, at, &Cell::Number((*whole).into(), ""))?;
                    }
                    Cell::Noted(_, Some(note)) => text(sheet, formats, row, at, note)?,
                    _ => {}
                }
            }
            at += 1;
        }
    }
    if top == 0 {
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_repeat_rows(0, 0)?;
    }
    Ok(top + 1 + (table.rows.len() + usize::from(table.sum.is_some())) as u32)
}

fn cell(
    sheet: &mut Worksheet,
    formats: &Formats,
    row: u32,
    column: u16,
    value: &Cell,
) -> Result<(), XlsxError> {
    match value {
        Cell::Day(day) => match serial(*day) {
            Some(serial) => sheet.write_number_with_format(row, column, serial, &formats.day).map(drop),
            None => text(sheet, formats, row, column, &day.to_string()),
        },
        Cell::Number(number, unit) => sheet
            .write_number_with_format(row, column, *number as f64, &Formats::number(unit))
            .map(drop),
        Cell::Percent(share) => sheet
            .write_number_with_format(row, column, f64::from(*share) / 100.0, &formats.percent)
            .map(drop),
        other => text(sheet, formats, row, column, &other.text()),
    }
}

fn text(
    sheet: &mut Worksheet,
    formats: &Formats,
    row: u32,
    column: u16,
    text: &str,
) -> Result<(), XlsxError> {
    let text = clean(text);
    let format = if begins_formula(&text) {
        &formats.quoted
    } else {
        &formats.text
    };
    sheet.write_string_with_format(row, column, text, format).map(drop)
}

fn clean(text: &str) -> String {
    text.chars().filter(|sign| super::is_xml(*sign)).take(MAX_CELL).collect()
}

/// The day as Excel counts it; `None` for one before March 1900, where Excel counts wrong.
fn serial(day: Date) -> Option<f64> {
    let serial = day.days() + EPOCH;
    (serial >= FIRST).then_some(serial as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_excel_counts() {
        let serial = |text: &str| serial(Date::parse(text).unwrap());
        assert_eq!(serial("2026-11-23"), Some(46_349.0));
        assert_eq!(serial("1900-03-01"), Some(61.0));
        assert_eq!(serial("1900-02-28"), None);
    }
}
