//! Spreadsheets as bytes: there and back, and nothing of a hostile file gets through.

use std::io::{Cursor, Write};
use xuedang::domain::course::own::DryRun;
use xuedang::format::sheet::{Column, Sheet};
use xuedang::format::{bank_sheet, xlsx};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn sheet(rows: Vec<Vec<String>>) -> Sheet {
    Sheet {
        name: "题库".into(),
        columns: vec![
            Column::new("题干", 20, &[]),
            Column::new("答案", 8, &["对", "错"]),
        ],
        rows,
    }
}

/// The parts of a workbook, changed.
fn rewrite(bytes: &[u8], change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut content).unwrap();
        out.start_file(&name, SimpleFileOptions::default()).unwrap();
        out.write_all(&change(&name, content)).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn cells_come_back_as_text_whatever_they_begin_with() {
    let rows: Vec<Vec<String>> = [
        "=1+1",
        "+cmd",
        "-3",
        "@SUM(A1)",
        "＝1",
        "007",
        "2026-11-25",
        "<b>&\"'",
        "一\n二",
    ]
    .iter()
    .map(|text| vec![(*text).to_owned(), "对".into()])
    .collect();
    let bytes = xlsx::write(&[sheet(rows.clone())]).unwrap();
    let tables = xlsx::read(&bytes).unwrap();
    let read: Vec<Vec<String>> = tables[0].rows[1..].iter().map(|row| row.cells.clone()).collect();
    assert_eq!(read, rows);
    rewrite(&bytes, |name, content| {
        if name.starts_with("xl/worksheets/") {
            let text = String::from_utf8(content.clone()).unwrap();
            assert!(!text.contains("<f>"), "no cell is a formula");
        }
        content
    });
    assert_eq!(
        xlsx::write(&[sheet(rows.clone())]).unwrap(),
        bytes,
        "the same is the same"
    );
}

#[test]
fn the_template_reads_as_an_empty_bank() {
    let bytes = xlsx::write(&bank_sheet::template()).unwrap();
    let run = DryRun::of(bank_sheet::read(&xlsx::read(&bytes).unwrap()));
    assert_eq!(run.lines, []);
}

#[test]
fn hostile_files_are_refused_by_name() {
    let good = xlsx::write(&[sheet(vec![vec!["题".into(), "对".into()]])]).unwrap();
    assert_eq!(xlsx::read(b"\xd0\xcf\x11\xe0rest"), Err(xlsx::Unreadable::Old));
    assert_eq!(xlsx::read(b"text"), Err(xlsx::Unreadable::NotXlsx));
    assert!(matches!(
        xlsx::read(&good[..good.len() / 2]),
        Err(xlsx::Unreadable::Damaged(_))
    ));
    assert_eq!(xlsx::read(&vec![0; 9 << 20]), Err(xlsx::Unreadable::TooLarge));
    let bomb = rewrite(&good, |name, content| match name {
        "xl/sharedStrings.xml" => vec![b' '; 33 << 20],
        _ => content,
    });
    assert!(bomb.len() < 1 << 20);
    assert_eq!(xlsx::read(&bomb), Err(xlsx::Unreadable::Bomb));
    // Two cells at the two ends of the largest sheet there can be: no table of billions is made.
    let far = rewrite(&good, |name, content| match name {
        "xl/worksheets/sheet1.xml" => {
            let text = String::from_utf8(content).unwrap();
            let far = "<row r=\"1048576\"><c r=\"A1048576\" t=\"inlineStr\"><is><t>远</t></is></c>\
                       <c r=\"XFD1048576\" t=\"inlineStr\"><is><t>更远</t></is></c></row></sheetData>";
            text.replace("</sheetData>", far).into_bytes()
        }
        _ => content,
    });
    let tables = xlsx::read(&far).unwrap();
    let last = tables[0].rows.last().unwrap();
    assert_eq!((last.number, last.cells.len()), (1_048_576, 1));
    let many = vec![vec!["x".to_owned()]; 10_001];
    let many = xlsx::write(&[sheet(many)]).unwrap();
    assert_eq!(xlsx::read(&many), Err(xlsx::Unreadable::TooMuch("行")));
    let empty = ZipWriter::new(Cursor::new(Vec::new()))
        .finish()
        .unwrap()
        .into_inner();
    assert!(xlsx::read(&empty).is_err());
    let other = {
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        out.start_file("a.txt", SimpleFileOptions::default()).unwrap();
        out.finish().unwrap().into_inner()
    };
    assert_eq!(xlsx::read(&other), Err(xlsx::Unreadable::NotXlsx));
}
