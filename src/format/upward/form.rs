//! The roster as `.xlsx` in the shape of the form that universities really use: three title rows, a
//! header of two rows with 培养联系人 over 1 and 2, data from row 6.
//!
//! 1. A workbook with everything but the people, its looks included, is made as every other is.
//! 2. Its parts are copied into a new container.
//! 3. Its sheet is written anew up to the first person, then a row for each as they come, then its
//!    end. So nothing is held but what was not yet taken, however many people there are.

use super::people::PersonRow;
use crate::domain::time::Date;
use crate::format::xlsx::{self, EPOCH, FIRST_DAY, MAX_CELL, begins_formula};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet, XlsxError};
use std::cell::RefCell;
use std::fmt::Write as _;
use std::io::{self, Cursor, Read, Write};
use std::rc::Rc;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{ZipArchive, ZipWriter};

/// The headings, by column: above, below (only the mentors have one), and width in characters.
pub const HEADINGS: [(&str, &str, u16); 20] = [
    ("序号", "", 6),
    ("所在党支部", "", 20),
    ("姓名", "", 10),
    ("学号/\n职工号", "", 14),
    ("性别", "", 6),
    ("民族", "", 10),
    ("籍贯", "", 12),
    ("出生日期", "", 12),
    ("递交入党申请书时间", "", 12),
    ("团组织推优时间", "", 12),
    ("确定为入党积极分子时间", "", 12),
    ("培养联系人", "1", 10),
    ("", "2", 10),
    ("已取得学历", "", 12),
    ("学生类别/人员类别", "", 12),
    ("年级", "", 8),
    ("学制", "", 6),
    ("担任职务", "", 12),
    ("党支部书记姓名", "", 12),
    ("二级党委备案情况", "", 12),
];
/// The name of its sheet.
pub const SHEET: &str = "名册";
/// What stands where there is nothing: the form leaves no blank.
pub const NONE: &str = "无";
/// The row of the first person, as Excel counts.
pub const FIRST_ROW: u32 = 6;
/// Most people: what is left of Excel's rows.
pub const MOST: u32 = 1_048_576 - FIRST_ROW + 1;

/// Columns, from 0.
const MENTORS: u16 = 11;
const LAST: u16 = HEADINGS.len() as u16 - 1;
/// Where the real form puts the day.
const FILED: u16 = 14;
/// A4, as Excel numbers papers.
const A4: u8 = 9;
const FONT: &str = "宋体";
/// Where the sheet is in the container.
const PART: &str = "xl/worksheets/sheet1.xml";

/// The three title rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// Row 1, as `附件6：`.
    pub attachment: String,
    /// Row 2, as `入党积极分子名册（截至2026年6月30日）`.
    pub title: String,
    /// Row 3 on the left, as `二级党委（盖章）：`.
    pub unit: String,
    /// Row 3 on the right, as `填报日期：2026年6月30日`.
    pub filed: String,
}

/// A roster that is being written.
pub struct Form {
    zip: ZipWriter<StreamWriter<Sink>>,
    sink: Sink,
    styles: Styles,
    /// What follows the last row.
    tail: String,
    people: u32,
    line: String,
}

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Form")
            .field("people", &self.people)
            .finish_non_exhaustive()
    }
}

/// Bytes that somebody takes while others are still being written.
#[derive(Clone, Debug, Default)]
struct Sink(Rc<RefCell<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Numbers of the looks of cells, as the workbook counts them.
struct Styles {
    number: u32,
    text: u32,
    quoted: u32,
    day: u32,
}

/// What stands in a cell of the form.
enum Value<'a> {
    Text(&'a str),
    Day(Date),
}

impl Form {
    /// Begins a roster.
    ///
    /// # Errors
    /// What the writer says; there is no reason why it should.
    pub fn begin(title: &Title) -> Result<Self, String> {
        let template = template(title).map_err(in_words)?;
        let mut parts = ZipArchive::new(Cursor::new(template.as_slice())).map_err(in_words)?;
        let mut sheet = String::new();
        let mut part = parts.by_name(PART).map_err(in_words)?;
        part.read_to_string(&mut sheet).map_err(in_words)?;
        drop(part);
        let cut = cut(&sheet).ok_or_else(|| "模板不是应有的样子".to_owned())?;

        let sink = Sink::default();
        let mut zip = ZipWriter::new_stream(sink.clone());
        for at in 0..parts.len() {
            let part = parts.by_index_raw(at).map_err(in_words)?;
            if part.name().map_err(in_words)? != PART {
                zip.raw_copy_file(part).map_err(in_words)?;
            }
        }
        // The same content is the same bytes: the options' own time is fixed.
        zip.start_file(PART, SimpleFileOptions::DEFAULT)
            .map_err(in_words)?;
        zip.write_all(cut.before.as_bytes()).map_err(in_words)?;
        Ok(Self {
            zip,
            sink,
            styles: cut.styles,
            tail: cut.after,
            people: 0,
            line: String::new(),
        })
    }

    /// Adds a person's row, numbered in the order in which they come.
    ///
    /// # Errors
    /// A text that is longer than a cell may be, or more people than a sheet has rows.
    pub fn put(&mut self, person: &PersonRow<'_>) -> Result<(), String> {
        if self.people >= MOST {
            return Err(format!("一张表最多 {MOST} 人；请分支部导出，或用 CSV、Parquet"));
        }
        let row = FIRST_ROW + self.people;
        let number = self.people + 1;
        let inexact = person.inexact_days.as_deref().unwrap_or_default();
        let written: Vec<(usize, String)> = DAYS
            .iter()
            .filter_map(|(column, name)| Some((*column, inexact_day(inexact, name)?)))
            .collect();
        let line = &mut self.line;
        line.clear();
        let _ = write!(
            line,
            r#"<row r="{row}"><c r="A{row}" s="{}"><v>{number}</v></c>"#,
            self.styles.number
        );
        for (value, column) in values(person).into_iter().zip(1..) {
            let value = value.or_else(|| {
                let known = written.iter().find(|(at, _)| *at == column)?;
                Some(Value::Text(&known.1))
            });
            let letter = char::from(b'A' + column as u8);
            match value.unwrap_or(Value::Text(NONE)) {
                Value::Day(day) if day.days() + EPOCH >= FIRST_DAY => {
                    let serial = day.days() + EPOCH;
                    let style = self.styles.day;
                    let _ = write!(line, r#"<c r="{letter}{row}" s="{style}"><v>{serial}</v></c>"#);
                }
                Value::Day(day) => text(line, letter, row, self.styles.text, &day.to_string()),
                Value::Text(value) => {
                    if value.chars().count() > MAX_CELL {
                        let heading = HEADINGS[column].0.replace('\n', "");
                        return Err(format!("第 {number} 人的“{heading}”太长，表格放不下"));
                    }
                    let style = if begins_formula(value) {
                        self.styles.quoted
                    } else {
                        self.styles.text
                    };
                    text(line, letter, row, style, value);
                }
            }
        }
        line.push_str("</row>");
        self.zip.write_all(line.as_bytes()).map_err(in_words)?;
        self.people += 1;
        Ok(())
    }

    /// The bytes that are ready. Whoever takes them puts them behind those taken before.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.sink.0.borrow_mut())
    }

    /// Ends the file: its last bytes.
    ///
    /// # Errors
    /// What the writer says; there is no reason why it should.
    pub fn finish(mut self) -> Result<Vec<u8>, String> {
        self.zip.write_all(self.tail.as_bytes()).map_err(in_words)?;
        self.zip.finish().map_err(in_words)?;
        Ok(std::mem::take(&mut self.sink.0.borrow_mut()))
    }
}

fn in_words(error: impl std::fmt::Display) -> String {
    format!("文件没有写成（{error}）")
}

/// The columns of days, and their names in `inexact_days`.
const DAYS: [(usize, &str); 4] = [(7, "born"), (8, "applied"), (9, "recommended"), (10, "confirmed")];

/// A person's cells from the second column on; `None` where nothing is known.
fn values<'a>(person: &'a PersonRow<'_>) -> [Option<Value<'a>>; HEADINGS.len() - 1] {
    let text = |text: &'a Option<std::borrow::Cow<'_, str>>| {
        text.as_deref().filter(|text| !text.is_empty()).map(Value::Text)
    };
    let day = |day: Option<Date>| day.map(Value::Day);
    [
        text(&person.branch),
        text(&person.name),
        text(&person.issued_number),
        text(&person.sex),
        text(&person.ethnicity),
        text(&person.native_place),
        day(person.born),
        day(person.applied),
        day(person.recommended),
        day(person.confirmed),
        text(&person.mentor_1),
        text(&person.mentor_2),
        text(&person.education),
        text(&person.category),
        text(&person.grade),
        text(&person.study_length),
        text(&person.post),
        text(&person.secretary),
        text(&person.filing),
    ]
}

/// What is known of a day that is not known to the day, as people write it: `2026.04`.
fn inexact_day(all: &str, name: &str) -> Option<String> {
    let parts = all.split(';').map(str::trim);
    let day = parts
        .filter_map(|part| part.split_once(' '))
        .find(|(of, _)| *of == name)?
        .1;
    Some(day.replace('-', "."))
}

/// A cell of text, its characters as XML 1.0 allows them.
fn text(line: &mut String, letter: char, row: u32, style: u32, value: &str) {
    let _ = write!(
        line,
        r#"<c r="{letter}{row}" s="{style}" t="inlineStr"><is><t xml:space="preserve">"#
    );
    // A spreadsheet reads `_x0041_` as `A`: such an underscore is written in that very way.
    for (at, sign) in value.char_indices() {
        match sign {
            '&' => line.push_str("&amp;"),
            '<' => line.push_str("&lt;"),
            '>' => line.push_str("&gt;"),
            '_' if is_escape(&value[at..]) => line.push_str("_x005F_"),
            '\n' => line.push(sign),
            '\t' => line.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if sign.is_control() => {}
            _ => line.push(sign),
        }
    }
    line.push_str("</t></is></c>");
}

fn is_escape(rest: &str) -> bool {
    let bytes = rest.as_bytes();
    bytes.len() >= 7 && bytes[1] == b'x' && bytes[2..6].iter().all(u8::is_ascii_hexdigit) && bytes[6] == b'_'
}

/// The sheet around its people.
struct Cut {
    before: String,
    after: String,
    styles: Styles,
}

/// Cuts the sheet of the template where its one sample row is.
fn cut(sheet: &str) -> Option<Cut> {
    let start = sheet.find(&format!(r#"<row r="{FIRST_ROW}""#))?;
    let end = sheet.find("</sheetData>")?;
    let sample = sheet.get(start..end)?;
    let style = |column: &str| {
        let cell = sample.split_once(&format!(r#"r="{column}{FIRST_ROW}" s=""#))?.1;
        cell.split('"').next()?.parse().ok()
    };
    // How far the sheet goes is not known yet, and nobody needs to be told.
    let mut before = sheet.get(..start)?.to_owned();
    let dimension = before.find("<dimension ")?;
    let length = before.get(dimension..)?.find("/>")? + 2;
    before.replace_range(dimension..dimension + length, "");
    Some(Cut {
        before,
        after: sheet.get(end..)?.to_owned(),
        styles: Styles {
            number: style("A")?,
            text: style("B")?,
            quoted: style("C")?,
            day: style("H")?,
        },
    })
}

/// The form with one empty row that shows how cells look.
fn template(title: &Title) -> Result<Vec<u8>, XlsxError> {
    let mut book = xlsx::empty()?;
    let sheet = book.add_worksheet();
    sheet.set_name(SHEET)?;
    sheet.set_paper_size(A4).set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(3, 4)?;
    sheet.set_footer("&C第 &P 页，共 &N 页");
    sheet.set_freeze_panes(FIRST_ROW - 1, 3)?;

    let plain = Format::new().set_font_name(FONT).set_font_size(11);
    let large = plain
        .clone()
        .set_font_size(16)
        .set_bold()
        .set_align(FormatAlign::Center);
    sheet.write_string_with_format(0, 0, &title.attachment, &plain)?;
    sheet.merge_range(
        1,
        0,
        1,
        LAST,
        &title.title,
        &large.set_align(FormatAlign::VerticalCenter),
    )?;
    sheet.set_row_height(1, 30)?;
    sheet.write_string_with_format(2, 0, &title.unit, &plain)?;
    sheet.write_string_with_format(2, FILED, &title.filed, &plain)?;

    let boxed = plain
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::VerticalCenter)
        .set_align(FormatAlign::Center)
        .set_text_wrap();
    header(sheet, &boxed.clone().set_bold())?;

    let text = boxed.clone().set_num_format("@");
    let quoted = text.clone().set_quote_prefix();
    let day = boxed.clone().set_num_format("yyyy-mm-dd");
    for (at, format) in [(0, &boxed), (1, &text), (2, &quoted), (7, &day)] {
        sheet.write_blank(FIRST_ROW - 1, at, format)?;
    }
    book.save_to_buffer()
}

fn header(sheet: &mut Worksheet, bold: &Format) -> Result<(), XlsxError> {
    sheet.set_row_height(3, 32)?;
    for ((above, below, width), at) in HEADINGS.iter().zip(0..) {
        sheet.set_column_width(at, f64::from(*width))?;
        if below.is_empty() {
            sheet.merge_range(3, at, 4, at, above, bold)?;
        } else {
            sheet.write_string_with_format(4, at, *below, bold)?;
        }
    }
    sheet.merge_range(3, MENTORS, 3, MENTORS + 1, HEADINGS[usize::from(MENTORS)].0, bold)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_known_to_the_month() {
        let all = "born 2003; confirmed 2026-04";
        assert_eq!(inexact_day(all, "confirmed").as_deref(), Some("2026.04"));
        assert_eq!(inexact_day(all, "born").as_deref(), Some("2003"));
        assert_eq!(inexact_day(all, "applied"), None);
        assert_eq!(inexact_day("", "born"), None);
    }

    #[test]
    fn what_excel_would_read_as_an_escape_is_escaped() {
        let mut line = String::new();
        text(&mut line, 'B', 6, 1, "_x0041_<&>\u{1}\t\u{20bb7}喆");
        assert!(
            line.contains(">_x005F_x0041_&lt;&amp;&gt; \u{20bb7}喆<"),
            "{line}"
        );
    }
}
