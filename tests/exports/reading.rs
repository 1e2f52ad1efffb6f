//! Reads what was written by programs that know nothing of ours.

#![allow(dead_code, unreachable_pub)] // Each test uses some of it.

use calamine::{Data, Reader as _, Xlsx};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use xuedang::domain::time::Date;
use xuedang::format::qr::Matrix;
use zip::ZipArchive;

/// A paragraph with its style, or a table of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Paragraph(String, String),
    Table(Vec<Vec<String>>),
}

pub fn names(bytes: &[u8]) -> Vec<String> {
    let archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    archive
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect()
}

pub fn part(bytes: &[u8], name: &str) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = Vec::new();
    archive.by_name(name).unwrap().read_to_end(&mut out).unwrap();
    out
}

pub fn well_formed(xml: &str) {
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => panic!("{error} in {xml}"),
        }
    }
}

/// The body of a `.docx`.
pub fn blocks(bytes: &[u8]) -> Vec<Block> {
    let xml = String::from_utf8(part(bytes, "word/document.xml")).unwrap();
    let mut reader = Reader::from_str(&xml);
    let mut blocks = Vec::new();
    let (mut style, mut text, mut in_text, mut in_table) = (String::new(), String::new(), false, false);
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut cell: Vec<String> = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => break,
            Event::Start(tag) => match tag.name().as_ref() {
                "w:tbl" => in_table = true,
                "w:tr" => rows.push(Vec::new()),
                "w:t" => in_text = true,
                _ => {}
            },
            Event::Empty(tag) if tag.name().as_ref() == "w:pStyle" => {
                let value = tag.try_get_attribute("w:val").unwrap().unwrap();
                style = value.value.into_owned();
            }
            Event::Text(part) if in_text => text.push_str(&part),
            Event::GeneralRef(entity) if in_text => text.push_str(match &*entity {
                "amp" => "&",
                "lt" => "<",
                "gt" => ">",
                "quot" => "\"",
                other => panic!("{other}"),
            }),
            Event::End(tag) => match tag.name().as_ref() {
                "w:t" => in_text = false,
                "w:p" if in_table => cell.push(std::mem::take(&mut text)),
                "w:p" => blocks.push(Block::Paragraph(style.clone(), std::mem::take(&mut text))),
                "w:tc" => rows
                    .last_mut()
                    .unwrap()
                    .push(std::mem::take(&mut cell).join("\n")),
                "w:tbl" => {
                    in_table = false;
                    blocks.push(Block::Table(std::mem::take(&mut rows)));
                }
                _ => {}
            },
            _ => {}
        }
    }
    blocks
}

/// The sheets of a workbook by name, each row as texts; numbers must be numbers and days days.
pub fn sheets(bytes: &[u8]) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let mut all = BTreeMap::new();
    for name in book.sheet_names() {
        assert!(
            book.worksheet_formula(&name).unwrap().is_empty(),
            "a formula in {name}"
        );
        let range = book.worksheet_range(&name).unwrap();
        let text = |cell: &Data| match cell {
            Data::Empty => String::new(),
            Data::String(text) => text.clone(),
            // A share is a share of one there.
            Data::Float(number) if *number > 0.0 && *number < 1.0 => {
                format!("{}%", (number * 100.0).round() as u32)
            }
            Data::Float(number) => number.to_string(),
            Data::DateTime(day) => Date::from_days(day.as_f64() as i64 - 25_569).unwrap().to_string(),
            other => panic!("{other:?} in {name}"),
        };
        let rows = range.rows().map(|row| row.iter().map(text).collect()).collect();
        all.insert(name, rows);
    }
    all
}

/// Reads a code as a camera would see it.
pub fn scan(matrix: &Matrix) -> String {
    const SCALE: usize = 4;
    let side = (matrix.size + 8) * SCALE;
    let dark = |x: usize, y: usize| {
        let place = |at: usize| (at / SCALE).checked_sub(4).filter(|at| *at < matrix.size);
        matches!((place(x), place(y)), (Some(x), Some(y)) if matrix.dark[y * matrix.size + x])
    };
    scan_picture(side, side, |x, y| if dark(x, y) { 0 } else { 255 })
}

/// Reads the one code in a picture; `grey` is 0 for black.
pub fn scan_picture(width: usize, height: usize, grey: impl FnMut(usize, usize) -> u8) -> String {
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
    let grids = picture.detect_grids();
    assert_eq!(grids.len(), 1);
    grids[0].decode().unwrap().1
}
