//! Our reading of `.xlsx` beside that of `calamine`, and workbooks that no program of today writes.

use super::files::{C, Sheet, large_from, t, xlsx};
use calamine::{Data, DataRef, Reader, Xlsx};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};
use xuedang::domain::branch::{Origin, People, Plan};
use xuedang::format::roster::table::{Table, Value};
use xuedang::format::roster::{Layout, Options, Read, Unreadable, lot, read};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// A cell, whoever has read it: a text, a number and whether it shows a date, a truth, an error.
#[derive(Clone, Debug, PartialEq)]
enum Seen {
    Text(String),
    Number(f64, bool),
    Truth(bool),
    Error,
}

type Cells = BTreeMap<(u32, u32), Seen>;

/// Without white space at its ends, which a table does not keep, and with one kind of line end.
fn tidied(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.trim_matches(|sign: char| sign.is_whitespace() || matches!(sign, '\u{200b}' | '\u{feff}' | '\0'))
        .to_owned()
}

fn ours(table: &Table) -> Cells {
    let mut cells = Cells::new();
    for row in 0..table.len() {
        for column in 0..table.width(row) {
            let seen = match table.value(row, column) {
                _ if table.is_merged(row, column) => continue,
                Value::Nothing => continue,
                Value::Text(text, _) => Seen::Text(text.to_owned()),
                Value::Number(value, shown) => Seen::Number(value, shown.is_some()),
                Value::Truth(value) => Seen::Truth(value),
                Value::Error => Seen::Error,
            };
            cells.insert((table.number(row), column as u32), seen);
        }
    }
    cells
}

/// The sheets that have cells, by `calamine`: name, cells, merged ranges by first and last cell.
fn theirs(bytes: &[u8]) -> Vec<(String, Cells, Vec<[u32; 4]>)> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let mut cells = Cells::new();
        let mut reader = book.worksheet_cells_reader(&name).unwrap();
        while let Some(cell) = reader.next_cell().unwrap() {
            let seen = match cell.get_value() {
                DataRef::Empty => continue,
                DataRef::Bool(value) => Seen::Truth(*value),
                DataRef::Error(_) => Seen::Error,
                DataRef::Int(value) => Seen::Number(*value as f64, false),
                DataRef::Float(value) => Seen::Number(*value, false),
                DataRef::DateTime(value) => Seen::Number(value.as_f64(), true),
                text => match Data::from(text.clone()) {
                    Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
                        Seen::Text(tidied(&text))
                    }
                    other => panic!("{other:?}"),
                },
            };
            if seen != Seen::Text(String::new()) {
                let (row, column) = cell.get_position();
                cells.insert((row + 1, column), seen);
            }
        }
        drop(reader);
        let merges = book.merge_cells_by_sheet_name(&name).unwrap();
        let merges = merges.iter().map(|range| {
            let ((top, left), (bottom, right)) = (range.start, range.end);
            [top + 1, left, bottom + 1, right]
        });
        if !cells.is_empty() {
            let merges = merges.collect();
            sheets.push((name, cells, merges));
        }
    }
    sheets
}

/// Both read the same cells and merged ranges.
fn agree(bytes: &[u8]) {
    let theirs = theirs(bytes);
    let tables = match read(bytes) {
        Ok(book) => book.tables,
        Err(Unreadable::Empty) => Vec::new(),
        Err(error) => panic!("{error}"),
    };
    assert_eq!(tables.len(), theirs.len());
    for (table, (name, cells, merges)) in tables.iter().zip(theirs) {
        assert_eq!(table.name, name);
        assert_eq!(ours(table), cells, "{name}");
        let known = table.merges().iter();
        let known: Vec<[u32; 4]> = known
            .map(|one| [one.top, one.left, one.bottom, one.right])
            .collect();
        assert_eq!(known, merges, "{name}");
    }
}

#[test]
fn the_large_roster_is_read_as_calamine_reads_it() {
    let mut sheet = large_from(3_000, 0);
    sheet.merges = vec![[0, 0, 0, 19], [5, 1, 9, 1], [20, 19, 22, 21]];
    let other = Sheet::of(&[&["姓名"], &[" 张 三\n "], &["=1+1"], &["&<>\"'"]]);
    agree(&xlsx(&[
        ("名册", &sheet),
        ("另一页", &other),
        ("空", &Sheet::default()),
    ]));
}

/// What a program may write into a cell.
#[derive(Clone, Debug)]
enum Written {
    Plain(C),
    Number(f64),
    Truth(bool),
    Formula(String, bool),
    Rich(String, String),
    Day(u16, u8, usize),
}

const CODES: [&str; 10] = [
    "yyyy/m/d",
    "yyyy\"年\"m\"月\";@",
    "[$-804]yyyy\"年\"m\"月\"d\"日\";@",
    "h:mm AM/PM",
    "[h]:mm",
    "mm:ss",
    "0.00_ ",
    "#,##0",
    "[>100]0;\"d\"0",
    "@",
];

fn written() -> impl Strategy<Value = Written> {
    let text = "[ a-z甲乙𠮷&<>\"'\n\t_xX0-9D]{0,12}";
    prop_oneof![
        4 => text.prop_map(|text| Written::Plain(t(&text))),
        1 => Just(Written::Plain(t("_x000D_\n_x4e00__xD842__xDFB7__x12_"))),
        2 => any::<i32>().prop_map(|value| Written::Number(f64::from(value))),
        2 => any::<f64>().prop_filter("no spreadsheet has it", |value| value.is_finite()).prop_map(Written::Number),
        1 => any::<bool>().prop_map(Written::Truth),
        1 => (text, any::<bool>()).prop_map(|(text, number)| Written::Formula(text, number)),
        1 => (text, text).prop_map(|(one, other)| Written::Rich(one, other)),
        2 => (1900u16..2101, 1u8..29, 0..CODES.len()).prop_map(|(year, day, code)| Written::Day(year, day, code)),
    ]
}

fn book_of(cells: &[(u32, u16, Written)], merges: &[(u32, u16, u32, u16)]) -> Vec<u8> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let formats: Vec<Format> = CODES
        .iter()
        .map(|code| Format::new().set_num_format(*code))
        .collect();
    let page = book.add_worksheet();
    for (row, column, down, across) in merges {
        // Ranges that meet are nobody's honest work.
        let _ = page.merge_range(*row, *column, row + down, column + across, "", &Format::new());
    }
    for (row, column, cell) in cells {
        let (row, column) = (*row, *column);
        match cell {
            Written::Plain(C::T(text)) => drop(page.write_string(row, column, text).unwrap()),
            Written::Plain(_) => {}
            Written::Number(value) => drop(page.write_number(row, column, *value).unwrap()),
            Written::Truth(value) => drop(page.write_boolean(row, column, *value).unwrap()),
            Written::Formula(text, number) => {
                let result = if *number { "4.5" } else { text.trim() };
                let formula = Formula::new("=A1&\"<b>\"").set_result(result);
                page.write_formula(row, column, formula).unwrap();
            }
            Written::Rich(one, other) if !one.is_empty() && !other.is_empty() => {
                let plain = Format::default();
                let parts = [(&bold, one.as_str()), (&plain, other.as_str())];
                page.write_rich_string(row, column, &parts).unwrap();
            }
            Written::Rich(..) => {}
            Written::Day(year, day, code) => {
                let date = ExcelDateTime::from_ymd(*year, 3, *day).unwrap();
                page.write_datetime_with_format(row, column, &date, &formats[*code])
                    .unwrap();
            }
        }
    }
    let hidden = book.add_worksheet();
    hidden.set_hidden(true).write_string(2, 3, "藏起来的").unwrap();
    book.save_to_buffer().unwrap()
}

// Workbooks by hand

/// A container of these parts.
fn package(parts: &[(String, Vec<u8>)], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let options = SimpleFileOptions::default().compression_method(method);
        zip.start_file(name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const WORKBOOK: &str = r#"<?xml version="1.0"?><!-- a --><x:workbook xmlns:x="m" xmlns:r="r"><x:workbookPr date1904="1"/>
    <x:sheets><x:sheet name="名&amp;册" sheetId="1" r:id="rId1"/><x:sheet name="图" sheetId="2" r:id="rId9"/></x:sheets></x:workbook>"#;

const STRINGS: &str = r#"<sst><si><t xml:space="preserve"> 姓名 </t></si><si><r><rPr><b/></rPr><t xml:space="preserve">张 </t></r><r><t> 三
    </t></r><rPh sb="0" eb="1"><t>zhang</t></rPh><phoneticPr fontId="1"/></si><si/><si><t/></si>
    <si><t><![CDATA[<李&四>]]>&#x20BB7;</t></si><si><t>换_x000D_
行</t></si></sst>"#;

const STYLES: &str = r#"<styleSheet><numFmts count="2"><numFmt numFmtId="164" formatCode="[&gt;1]yyyy&quot;年&quot;m&quot;月&quot;"/><numFmt
    numFmtId='14' formatCode='0.00'/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>
    <cellXfs><xf numFmtId="0"/><xf numFmtId="164"><alignment/></xf><xf numFmtId="14"/></cellXfs></styleSheet>"#;

/// Prefixes, comments, CDATA, no places, formulas, errors, an extension inside, a self-closed row.
const SHEET: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
    <x:worksheet xmlns:x="m"><x:dimension ref="A1:XFD1048576"/><x:sheetData>
    <x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t = 's' ><x:v><!-- which -->1</x:v></x:c><x:c/><x:c t="s"><x:v>4</x:v></x:c></x:row>
    <x:row r="3" spans="1:4"><x:c r="B3" s="1"><x:v>36500</x:v></x:c><x:c s="2"><x:f>B3+0&gt;1</x:f><x:v>36500.5</x:v></x:c>
      <x:c r="E3" t="str"><x:f t="shared" si="0"/><x:v>_x4E00_&amp;二</x:v></x:c><x:c t="b"><x:v>1</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c></x:row>
    <x:row r="4"/><x:row><x:c t="inlineStr"><x:is><x:t>内</x:t></x:is></x:c><x:c t="inlineStr"><x:is><x:r><x:t>联</x:t></x:r><x:rPh><x:t>lian</x:t></x:rPh></x:is></x:c>
      <x:c t="n"><x:v>-1.5E3</x:v></x:c><x:c><x:v>字</x:v></x:c><x:c t="s"><x:v>2</x:v></x:c><x:c t="s"><x:v>5</x:v></x:c><x:c t="n"><x:v></x:v></x:c><x:c t="d"><x:v>2025-03-01</x:v></x:c></x:row>
    </x:sheetData><x:mergeCells count="2"><x:mergeCell ref="A3:A5"/><x:mergeCell ref="B1:C1"></x:mergeCell></x:mergeCells></x:worksheet>"#;

fn parts() -> Vec<(String, Vec<u8>)> {
    let relations = |list: &[(&str, &str, &str)]| {
        let all = list.iter().map(|(id, kind, target)| {
            format!(
                r#"<Relationship Id="{id}" Type="http://schemas/relationships/{kind}" Target="{target}"/>"#
            )
        });
        format!("<Relationships>{}</Relationships>", all.collect::<String>())
    };
    let list = [
        ("[Content_Types].xml", "<Types/>".into()),
        (
            "_rels/.rels",
            relations(&[("r", "officeDocument", "/xl/workbook.xml")]),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            relations(&[
                ("rId1", "worksheet", "worksheets/sheet1.xml"),
                ("rId9", "chartsheet", "chartsheets/sheet1.xml"),
                ("rId2", "styles", "styles.xml"),
                ("rId3", "sharedStrings", "sharedStrings.xml"),
            ]),
        ),
        ("xl/workbook.xml", WORKBOOK.to_owned()),
        ("xl/sharedStrings.xml", STRINGS.to_owned()),
        ("xl/styles.xml", STYLES.to_owned()),
        ("xl/worksheets/sheet1.xml", SHEET.to_owned()),
        ("xl/chartsheets/sheet1.xml", "<chartsheet/>".to_owned()),
    ];
    let list = list
        .into_iter()
        .map(|(name, text): (_, String)| (name.to_owned(), text.into_bytes()));
    list.collect()
}

/// The parts, one of them with something else in place of a text.
fn with(part: &str, from: &str, to: &str) -> Vec<u8> {
    let mut parts = parts();
    let (_, bytes) = parts.iter_mut().find(|(name, _)| name.ends_with(part)).unwrap();
    let text = String::from_utf8(std::mem::take(bytes)).unwrap();
    assert!(text.contains(from), "{from}");
    *bytes = text.replacen(from, to, 1).into_bytes();
    package(&parts, CompressionMethod::Stored)
}

#[test]
fn every_way_to_write_a_cell() {
    let bytes = package(&parts(), CompressionMethod::Deflated);
    let book = read(&bytes).unwrap();
    assert_eq!(book.tables.len(), 1);
    let table = &book.tables[0];
    assert_eq!((table.name.as_str(), table.from_1904), ("名&册", true));
    let text = |text: &str| Seen::Text(text.into());
    let want = [
        ((1, 0), text("姓名")),
        ((1, 1), text("张 三")),
        ((1, 3), text("<李&四>𠮷")),
        ((3, 1), Seen::Number(36_500.0, true)),
        ((3, 2), Seen::Number(36_500.5, true)),
        ((3, 4), text("一&二")),
        ((3, 5), Seen::Truth(true)),
        ((3, 6), Seen::Error),
        ((5, 0), text("内")),
        ((5, 1), text("联")),
        ((5, 2), Seen::Number(-1_500.0, false)),
        ((5, 3), text("字")),
        ((5, 5), text("换\n行")),
        ((5, 7), text("2025-03-01")),
    ];
    assert_eq!(ours(table), want.into());
    // A built-in number is what it is in every workbook.
    assert_eq!(table.format(1, 2), "yyyy/m/d");
    assert!(table.is_merged(0, 2));
    assert_eq!(table.merges().len(), 2);
    // Parts are found whatever the letters and strokes of their names.
    let shouted: Vec<(String, Vec<u8>)> = parts()
        .into_iter()
        .map(|(name, bytes)| (name.replace("xl/", "XL\\").replace("sheet1", "Sheet1"), bytes))
        .collect();
    let shouted = read(&package(&shouted, CompressionMethod::Stored)).unwrap();
    assert_eq!(ours(&shouted.tables[0]), ours(table));
}

#[test]
fn what_a_workbook_cannot_be() {
    for (part, from, to, why) in [
        ("sheet1.xml", "<x:v>0<", "<x:v>6<", "找不到单元格的文字"),
        ("sheet1.xml", "<x:v>0<", "<x:v>-1<", "找不到单元格的文字"),
        ("sheet1.xml", "r=\"B3\"", "r=\"3\"", "单元格的位置不对"),
        ("sheet1.xml", "r=\"B3\"", "r=\"B0\"", "单元格的位置不对"),
        ("sheet1.xml", "r=\"B3\"", "r=\"B99999999999\"", "单元格的位置不对"),
        ("sheet1.xml", "r=\"B3\"", "r=B3", "XML 不完整"),
        ("sheet1.xml", "r=\"3\"", "r=\"0\"", "行号不对"),
        ("sheet1.xml", "t=\"b\"", "t=\"q\"", "单元格的类型不对"),
        ("sheet1.xml", "<x:v>1<", "<x:v>2<", "单元格的真假值不对"),
        ("sheet1.xml", "-1.5E3", "一", "单元格的数字不对"),
        ("sheet1.xml", "&amp;", "&nbsp;", "XML 不完整"),
        ("sheet1.xml", "</x:sheetData>", "", "XML 不完整"),
        (
            "sheet1.xml",
            "ref=\"A3:A5\"",
            "ref=\"A:A\"",
            "合并单元格的位置不对",
        ),
        (
            "sheet1.xml",
            "<?xml",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><?xml",
            "XML 带有文档类型声明",
        ),
        ("workbook.xml", "rId1", "rId7", "找不到工作表"),
    ] {
        let want = Unreadable::Damaged(why.into());
        assert_eq!(read(&with(part, from, to)).err(), Some(want), "{to}");
    }
    let long = format!("<x:t>{}<", "长".repeat(40_000));
    assert_eq!(
        read(&with("sheet1.xml", "<x:t>内<", &long)),
        Err(Unreadable::LongCell(5))
    );
    let word = [
        ("[Content_Types].xml".to_owned(), Vec::new()),
        ("word/document.xml".to_owned(), Vec::new()),
    ];
    assert!(matches!(
        read(&package(&word, CompressionMethod::Stored)),
        Err(Unreadable::Other(_))
    ));
}

/// Cells far to the right of many rows: room for the empty ones before them is limited over all
/// sheets, which here are one part three times.
#[test]
fn sheets_of_empty_cells_have_an_end() {
    let rows: String = (1..=42_000)
        .map(|row| format!("<row r=\"{row}\"><c r=\"IV{row}\"><v>1</v></c></row>"))
        .collect();
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    let mut all = parts();
    all.iter_mut()
        .find(|(name, _)| name.ends_with("worksheets/sheet1.xml"))
        .unwrap()
        .1 = sheet.into_bytes();
    let (again, twice) = (
        "xl/workbook.xml",
        r#"<x:sheet name="b" r:id="rId1"/><x:sheet name="c" r:id="rId1"/></x:sheets>"#,
    );
    let book = &mut all.iter_mut().find(|(name, _)| name == again).unwrap().1;
    *book = String::from_utf8(book.clone())
        .unwrap()
        .replace("</x:sheets>", twice)
        .into_bytes();
    let bytes = package(&all, CompressionMethod::Deflated);
    assert!(matches!(read(&bytes), Err(Unreadable::TooMuch("单元格", _))));
}

/// The parts of a workbook.
fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut part = zip.by_index(at).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            (part.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

/// What is put in somewhere, to confuse.
const ODD: [&str; 24] = [
    "<",
    ">",
    "\"",
    "'",
    "/",
    "&",
    ";",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<c>",
    "</c>",
    "<c r=\"ZZZZZZZZ9\">",
    "<v>",
    "</v>",
    "<row r=\"4294967295\">",
    "</row>",
    "<is>",
    "<t>",
    "&#x110000;",
    "<mergeCell ref=\"A1:XFD1048576\"/>",
    "_xD800_",
    "\u{feff}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn every_cell_is_read_as_calamine_reads_it(
        cells in proptest::collection::vec((0..40u32, 0..30u16, written()), 0..80),
        merges in proptest::collection::vec((0..40u32, 0..30u16, 0..4u32, 0..4u16), 0..4),
    ) {
        agree(&book_of(&cells, &merges));
    }

    #[test]
    fn no_changed_workbook_panics(
        by_hand in any::<bool>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..4usize, prop::sample::select(ODD.to_vec())), 1..6),
    ) {
        let mut parts = if by_hand { parts() } else { unpacked(&xlsx(&[("名册", &large_from(3, 0))])) };
        for (part, at, gone, odd) in changes {
            let at_part = part.index(parts.len());
            let bytes = &mut parts[at_part].1;
            let at = at.index(bytes.len() + 1);
            let end = (at + gone).min(bytes.len());
            bytes.splice(at..end, odd.bytes());
        }
        if let Ok(book) = read(&package(&parts, CompressionMethod::Stored)) {
            for table in &book.tables {
                if let Ok(layout) = Layout::find(table, &|_| None) {
                    let Read { lot, issues, .. } = lot(&[(table, &layout)], &Options::default(), &mut |_| true).unwrap();
                    let today = xuedang::domain::time::Date::parse("2026-11-25").unwrap();
                    let _ = Plan::of(&People::default(), Origin::default(), lot, issues, today);
                }
            }
        }
    }
}
