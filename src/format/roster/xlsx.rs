//! Workbooks of today (`.xlsx`): the values of cells with their number formats, and merged ranges.
//!
//! As in [`crate::format::xlsx`], what the container holds is looked into and counted before
//! anything is believed, and cells are read one by one.

use super::table::{Builder, Merge, Put, Table, built_in};
use super::{MAX_SHEETS, Unreadable};
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// A file unpacked, in bytes: a million rows of twenty columns.
const MAX_UNPACKED: u64 = 1 << 30;
/// A part that is kept in memory whole, unpacked.
const MAX_PART: u64 = 160 << 20;
/// Parts that a file may have.
const MAX_PARTS: usize = 2_000;

/// Reads every worksheet.
///
/// # Errors
/// [`Unreadable`]; nothing is read by halves.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Table>, Unreadable> {
    inspect(bytes)?;
    let damaged = |error: XlsxError| match error {
        XlsxError::Password => Unreadable::Password,
        error => Unreadable::Damaged(error.to_string()),
    };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let from_1904 = book.has_1904_epoch();
    let sheets = book.sheets_metadata().to_vec();
    if sheets.len() > MAX_SHEETS {
        return Err(Unreadable::TooMuch("工作表", MAX_SHEETS));
    }
    let mut tables = Vec::new();
    for sheet in sheets {
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        let mut builder = Builder::new(&sheet.name);
        builder.table().hidden = sheet.visible != SheetVisible::Visible;
        builder.table().from_1904 = from_1904;
        {
            let mut cells = match book.worksheet_cells_reader(&sheet.name) {
                Ok(cells) => cells,
                // A chart is a sheet too, and has no cells.
                Err(XlsxError::NotAWorksheet(_) | XlsxError::WorksheetNotFound(_)) => continue,
                Err(error) => return Err(damaged(error)),
            };
            let formats: Vec<u16> = cells
                .styles()
                .iter()
                .map(|style| {
                    let format = style.number_format.as_ref();
                    // A number without a code here is one of the built-in ones of the place.
                    let id = format.and_then(|format| format.format_id).unwrap_or_default();
                    let code = format.map_or("", |format| format.format_code.as_str());
                    let own = !matches!(code, "" | "General") && id >= 59;
                    builder.format(if own { code } else { built_in(id) })
                })
                .collect();
            let plain = builder.format("");
            let day = builder.format(built_in(14));
            while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(damaged)? {
                let (row, column) = cell.get_position();
                let row = row.saturating_add(1);
                let format = formats.get(style).copied().unwrap_or(plain);
                match cell.get_value() {
                    DataRef::Empty => {}
                    DataRef::SharedString(text) => put_text(&mut builder, row, column, text)?,
                    DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                        put_text(&mut builder, row, column, text)?;
                    }
                    DataRef::Int(value) => builder.put(row, column, Put::Number(*value as f64, format))?,
                    DataRef::Float(value) => builder.put(row, column, Put::Number(*value, format))?,
                    DataRef::DateTime(value) => {
                        let known = builder.table().shows_dates(format);
                        let format = if known { format } else { day };
                        builder.put(row, column, Put::Number(value.as_f64(), format))?;
                    }
                    DataRef::Bool(value) => builder.put(row, column, Put::Truth(*value))?,
                    DataRef::Error(_) => builder.put(row, column, Put::Error)?,
                }
            }
        }
        for range in book.merge_cells_by_sheet_name(&sheet.name).map_err(damaged)? {
            builder.merge(Merge {
                top: range.start.0.saturating_add(1),
                bottom: range.end.0.saturating_add(1),
                left: range.start.1,
                right: range.end.1,
            });
        }
        tables.push(builder.finish()?);
    }
    Ok(tables)
}

/// A carriage return may be written as `_x000D_`.
fn put_text(builder: &mut Builder, row: u32, column: u32, text: &str) -> Result<(), Unreadable> {
    if text.contains("_x000D_") {
        return builder.put(row, column, Put::Text(&text.replace("_x000D_", "")));
    }
    builder.put(row, column, Put::Text(text))
}

/// Counts what each part unpacks to.
fn inspect(bytes: &[u8]) -> Result<(), Unreadable> {
    let damaged = |error: zip::result::ZipError| Unreadable::Damaged(error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > MAX_PARTS {
        return Err(Unreadable::TooMuch("部件", MAX_PARTS));
    }
    if archive.index_for_name("xl/workbook.bin").is_some() {
        return Err(Unreadable::Other("二进制工作簿（.xlsb）"));
    }
    if archive.index_for_name("content.xml").is_some() && archive.index_for_name("mimetype").is_some() {
        return Err(Unreadable::Other("OpenDocument 文件（.ods）"));
    }
    if archive.index_for_name("[Content_Types].xml").is_none()
        && archive.index_for_name("xl/workbook.xml").is_none()
    {
        return Err(Unreadable::Other("压缩包或别的文件，不是表格"));
    }
    let mut left = MAX_UNPACKED;
    let mut portion = vec![0; 64 << 10];
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(damaged)?;
        // Sheets are read as they are unpacked.
        let mut whole = if part.name().is_ok_and(|name| name.starts_with("xl/worksheets/")) {
            MAX_UNPACKED
        } else {
            MAX_PART
        };
        loop {
            let count = part
                .read(&mut portion)
                .map_err(|error| Unreadable::Damaged(error.to_string()))? as u64;
            if count == 0 {
                break;
            }
            left = left.checked_sub(count).ok_or(Unreadable::Bomb)?;
            whole = whole.checked_sub(count).ok_or(Unreadable::Bomb)?;
        }
    }
    Ok(())
}
