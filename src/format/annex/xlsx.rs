//! The record as a workbook: a sheet for each section. What is counted is a number there, a day is a
//! day, and a text that begins a formula stays a text.

use super::{Annex, Cell, Part, Section, Table};
use crate::domain::time::Date;
use crate::format::docx::is_xml;
use crate::format::xlsx::{EPOCH, FIRST_DAY, MAX_CELL, begins_formula};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

/// The sheet of what the record is, when it was made and what it proves.
pub const ABOUT: &str = "说明";
/// A4, as Excel numbers papers.
const A4: u8 = 9;
/// Width of a sheet that is only text, in characters.
const LINE: f64 = 90.0;
/// Of this, what labels take.
const LABEL: f64 = 26.0;

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
    /// Text that runs on over the empty cells beside it.
    free: Format,
}

impl Formats {
    fn new() -> Self {
        let text = Self::cell().set_text_wrap().set_num_format("@");
        Self {
            head: Self::cell().set_bold().set_text_wrap(),
            quoted: text.clone().set_quote_prefix(),
            text,
            free: Format::new(),
        }
    }

    fn cell() -> Format {
        Format::new()
            .set_align(FormatAlign::Top)
            .set_align(FormatAlign::Left)
            .set_border(FormatBorder::Thin)
    }

    fn number(unit: &str) -> Format {
        Self::cell().set_num_format(match unit {
            "" => "0".to_owned(),
            unit => format!("0\" {unit}\""),
        })
    }
}

fn put(annex: &Annex) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // A clock may be wrong by centuries; Excel knows none before its own.
    let made = ExcelDateTime::from_timestamp(annex.made_at.ms.div_euclid(1000))
        .or_else(|_| ExcelDateTime::from_ymd(2026, 1, 1))?;
    book.set_properties(
        &DocProperties::new()
            .set_title(annex.title)
            .set_author("学档")
            .set_creation_datetime(&made),
    );
    let formats = Formats::new();
    for section in &annex.sections {
        // What is to be filled in by hand is filled in on paper.
        if !section.is_blank() {
            let sheet = new_sheet(&mut book, section.name)?;
            section_of(sheet, &formats, section)?;
        }
    }
    let sheet = new_sheet(&mut book, ABOUT)?;
    sheet.set_column_width(0, LINE)?;
    let title = format!("{}{}", annex.title, annex.mark);
    let lines = annex.about.iter().chain(&annex.closing).map(String::as_str);
    for (line, row) in std::iter::once(title.as_str()).chain(lines).zip(0..) {
        text(sheet, &formats, row, 0, line)?;
        height(sheet, row, self::lines(line, LINE))?;
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
    let is_text = |part: &Part| matches!(part, Part::Text(_) | Part::Titled(..));
    let has_text = section.parts.iter().any(is_text);
    // The last column of the table, over whose width text stands below it.
    let mut last = None;
    let has_facts = section.parts.iter().any(|part| matches!(part, Part::Facts(_)));
    if !has_table {
        sheet.set_column_width(0, if has_facts { LABEL } else { LINE })?;
        sheet.set_column_width(1, LINE - LABEL)?;
    }
    let mut row = 0;
    for part in &section.parts {
        if row > 0 {
            row += 1;
        }
        match part {
            Part::Table(table) => {
                let laid = lay_out(table, has_text);
                last = u16::try_from(laid.len())
                    .ok()
                    .and_then(|count| count.checked_sub(1));
                row = table_of(sheet, formats, &laid, row)?;
            }
            Part::Facts(facts) => {
                for fact in facts {
                    sheet.write_string_with_format(row, 0, fact.label, &formats.head)?;
                    match &fact.value {
                        // In a narrow column it runs on.
                        Cell::Text(long) if has_table => free(sheet, formats, row, 1, long)?,
                        value => cell(sheet, formats, row, 1, value)?,
                    }
                    let width = if has_table { f64::INFINITY } else { LINE - LABEL };
                    height(sheet, row, lines(&fact.value.text(), width))?;
                    row += 1;
                }
            }
            Part::Text(paragraphs) => {
                row = paragraphs_of(sheet, formats, paragraphs, row, last)?;
            }
            Part::Titled(title, paragraphs) => {
                let title = format!("【{title}】");
                row = paragraphs_of(sheet, formats, std::slice::from_ref(&title), row, last)?;
                row = paragraphs_of(sheet, formats, paragraphs, row, last)?;
            }
            Part::Note(line) => {
                free(sheet, formats, row, 0, line)?;
                row += 1;
            }
            Part::Blanks(_) => {}
        }
    }
    Ok(())
}

/// Writes paragraphs and gives the row below them.
fn paragraphs_of(
    sheet: &mut Worksheet,
    formats: &Formats,
    paragraphs: &[String],
    top: u32,
    last: Option<u16>,
) -> Result<u32, XlsxError> {
    let mut row = top;
    for line in paragraphs {
        match last {
            Some(last) => across(sheet, formats, row, last, line)?,
            None => text(sheet, formats, row, 0, line)?,
        }
        height(sheet, row, lines(line, LINE))?;
        row += 1;
    }
    Ok(row)
}

/// A column as it is here: a pair has two, and a note one of its own where there is any.
struct Laid {
    heading: &'static str,
    width: f64,
    cells: Vec<Cell>,
}

impl Laid {
    /// As wide as what stands in it, within reason.
    fn new(heading: &'static str, cells: Vec<Cell>) -> Self {
        let widest = |text: &str| text.lines().map(wide).max().unwrap_or_default();
        let texts = cells.iter().map(|cell| widest(&cell.text()));
        let most = texts.chain([wide(heading)]).max().unwrap_or_default();
        Self {
            heading,
            width: f64::from(most.clamp(8, 46) + 3),
            cells,
        }
    }
}

/// The columns of a table; with text below it, as wide as a sheet of text.
fn lay_out(table: &Table, has_text: bool) -> Vec<Laid> {
    let mut laid = Vec::new();
    for (column, place) in table.columns.iter().zip(0..) {
        let rows = table.rows.iter().chain(&table.sum);
        let cells: Vec<&Cell> = rows.filter_map(|row| row.get(place)).collect();
        let mut put = |heading, cells| laid.push(Laid::new(heading, cells));
        let first = |cell: &&Cell| match *cell {
            Cell::Pair(part, _) => Cell::Number((*part).into(), ""),
            Cell::Noted(title, _) => Cell::Text(title.clone()),
            other => other.clone(),
        };
        put(column.heading, cells.iter().map(first).collect());
        let second = |cell: &&Cell| match *cell {
            Cell::Pair(_, whole) => Some(Cell::Number((*whole).into(), "")),
            Cell::Noted(_, note) => note.clone().map(Cell::Text),
            _ => None,
        };
        if cells.iter().any(|cell| second(cell).is_some()) {
            let cells = cells.iter().map(|cell| second(cell).unwrap_or(Cell::None("")));
            put(column.second, cells.collect());
        }
    }
    let rest = LINE - laid.iter().map(|column| column.width).sum::<f64>();
    if let Some(last) = laid.last_mut().filter(|_| has_text && rest > 0.0) {
        last.width += rest;
    }
    laid
}

/// Writes a table and gives the first row below it.
fn table_of(sheet: &mut Worksheet, formats: &Formats, laid: &[Laid], top: u32) -> Result<u32, XlsxError> {
    let count = laid.first().map_or(0, |column| column.cells.len());
    let mut tallest = vec![1; count];
    for (column, at) in laid.iter().zip(0..) {
        sheet.write_string_with_format(top, at, column.heading, &formats.head)?;
        sheet.set_column_width(at, column.width)?;
        for ((value, row), most) in column.cells.iter().zip(top + 1..).zip(&mut tallest) {
            cell(sheet, formats, row, at, value)?;
            *most = lines(&value.text(), column.width).max(*most);
        }
    }
    for (most, row) in tallest.iter().zip(top + 1..) {
        height(sheet, row, *most)?;
    }
    if top == 0 {
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_repeat_rows(0, 0)?;
    }
    Ok(top + 1 + count as u32)
}

/// How wide a line is, in digits.
fn wide(line: &str) -> u32 {
    line.chars().map(|sign| if sign.is_ascii() { 1 } else { 2 }).sum()
}

/// On how many lines a text stands in a column of that width: not every program counts them itself.
fn lines(text: &str, width: f64) -> u32 {
    // A line breaks before it is full.
    let of_line = |line: &str| {
        wide(line)
            .div_ceil((width as u32).saturating_sub(2).max(1))
            .max(1)
    };
    text.lines().map(of_line).sum::<u32>().clamp(1, 24)
}

/// Makes a row as high as so many lines; Excel allows 409 points.
fn height(sheet: &mut Worksheet, row: u32, lines: u32) -> Result<(), XlsxError> {
    sheet.set_row_height(row, f64::from(lines) * 17.0).map(drop)
}

fn cell(
    sheet: &mut Worksheet,
    formats: &Formats,
    row: u32,
    column: u16,
    value: &Cell,
) -> Result<(), XlsxError> {
    let (number, format) = match value {
        Cell::Day(day) => match serial(*day) {
            Some(serial) => (serial, Formats::cell().set_num_format("yyyy-mm-dd")),
            None => return text(sheet, formats, row, column, &day.to_string()),
        },
        Cell::Number(number, unit) => (*number as f64, Formats::number(unit)),
        Cell::Percent(share) => (f64::from(*share) / 100.0, Formats::cell().set_num_format("0%")),
        Cell::Halves(halves) => (f64::from(*halves) / 2.0, Formats::cell().set_num_format("0.#")),
        other => return text(sheet, formats, row, column, &other.text()),
    };
    sheet
        .write_number_with_format(row, column, number, &format)
        .map(drop)
}

fn text(
    sheet: &mut Worksheet,
    formats: &Formats,
    row: u32,
    column: u16,
    text: &str,
) -> Result<(), XlsxError> {
    let text = clean(text);
    if text.is_empty() {
        return sheet.write_blank(row, column, &formats.text).map(drop);
    }
    marked(sheet, formats, row, column, text, &formats.text)
}

/// A text over the whole width of the table above it.
fn across(
    sheet: &mut Worksheet,
    formats: &Formats,
    row: u32,
    last: u16,
    line: &str,
) -> Result<(), XlsxError> {
    if last == 0 {
        return text(sheet, formats, row, 0, line);
    }
    sheet.merge_range(row, 0, row, last, "", &formats.text)?;
    text(sheet, formats, row, 0, line)
}

/// A text that stands in no table.
fn free(
    sheet: &mut Worksheet,
    formats: &Formats,
    row: u32,
    column: u16,
    text: &str,
) -> Result<(), XlsxError> {
    marked(sheet, formats, row, column, clean(text), &formats.free)
}

/// A text of ours, which begins no formula, or one of the person's, which is marked as text.
fn marked(
    sheet: &mut Worksheet,
    formats: &Formats,
    row: u32,
    column: u16,
    text: String,
    plain: &Format,
) -> Result<(), XlsxError> {
    let format = if begins_formula(&text) {
        &formats.quoted
    } else {
        plain
    };
    sheet
        .write_string_with_format(row, column, text, format)
        .map(drop)
}

/// Text as a cell may hold it; Excel counts in UTF-16.
fn clean(text: &str) -> String {
    let mut room = MAX_CELL;
    let fits = |sign: &char| {
        let left = room.checked_sub(sign.len_utf16());
        room = left.unwrap_or_default();
        left.is_some()
    };
    text.chars()
        .filter(|sign| is_xml(*sign))
        .take_while(fits)
        .collect()
}

/// The day as Excel counts it; `None` for one before March 1900, where Excel counts wrong.
fn serial(day: Date) -> Option<f64> {
    let serial = day.days() + EPOCH;
    (serial >= FIRST_DAY).then_some(serial as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_holds_as_much_as_excel_allows() {
        assert_eq!(clean(&"字".repeat(40_000)).chars().count(), 32_767);
        assert_eq!(clean(&"𠮷".repeat(40_000)).chars().count(), 16_383);
        assert_eq!(clean("甲\u{1}乙"), "甲乙");
    }

    #[test]
    fn days_are_counted_as_excel_counts() {
        let serial = |text: &str| serial(Date::parse(text).unwrap());
        assert_eq!(serial("2026-11-23"), Some(46_349.0));
        assert_eq!(serial("1900-03-01"), Some(61.0));
        assert_eq!(serial("1900-02-28"), None);
    }
}
