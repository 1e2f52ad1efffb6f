//! Rosters as files: one model written as everything that offices keep them in.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::io::{Cursor, Write};
use xuedang::domain::time::Date;

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum C {
    No,
    T(String),
    /// A number with its format.
    N(f64, &'static str),
    /// A day with its format.
    D(Date, &'static str),
}

pub fn t(text: &str) -> C {
    if text.is_empty() { C::No } else { C::T(text.into()) }
}

pub fn d(text: &str) -> C {
    C::D(Date::parse(text).unwrap(), "yyyy/m/d")
}

#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub rows: Vec<Vec<C>>,
    /// Rows and columns from 0, ends included.
    pub merges: Vec<[u32; 4]>,
}

impl Sheet {
    pub fn of(rows: &[&[&str]]) -> Self {
        Self {
            rows: rows
                .iter()
                .map(|row| row.iter().map(|text| t(text)).collect())
                .collect(),
            merges: Vec::new(),
        }
    }
}

const DAY: &str = "yyyy/m/d";

/// What a spreadsheet shows in a cell.
fn shown(cell: &C) -> String {
    match cell {
        C::No => String::new(),
        C::T(text) => text.clone(),
        C::N(value, _) => format!("{value}"),
        C::D(date, format) => {
            let text = date.to_string();
            let part = |range: std::ops::Range<usize>| text[range].parse::<u32>().unwrap();
            let (year, month, day) = (part(0..4), part(5..7), part(8..10));
            match *format {
                "yyyy.mm" => format!("{year}.{month:02}"),
                "m/d/yy" => format!("{month}/{day}/{:02}", year % 100),
                "yyyy\"年\"m\"月\"" => format!("{year}年{month}月"),
                _ => format!("{year}/{month}/{day}"),
            }
        }
    }
}

pub fn csv(sheet: &Sheet, separator: char) -> String {
    let mut text = String::new();
    for row in &sheet.rows {
        let cells = row.iter().map(|cell| {
            let cell = shown(cell);
            if cell.contains([separator, '"', '\n']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell
            }
        });
        text += &cells.collect::<Vec<_>>().join(&separator.to_string());
        text += "\r\n";
    }
    text
}

/// As a system of records exports it: no `html`, cells of every width, a number's format in a style.
pub fn html(sheet: &Sheet) -> String {
    let mut text = String::from(
        "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><head><meta charset=\"utf-8\">\n\
         <style>td{mso-number-format:\"\\@\"}</style></head><body><table border=\"1\">",
    );
    for (row, cells) in (0u32..).zip(&sheet.rows) {
        text += "<tr>";
        for (column, cell) in (0u32..).zip(cells) {
            let merge = sheet.merges.iter().find(|[top, left, bottom, right]| {
                (*top..=*bottom).contains(&row) && (*left..=*right).contains(&column)
            });
            let span = match merge {
                Some([top, left, bottom, right]) if (*top, *left) == (row, column) => {
                    format!(" rowspan={} colspan=\"{}\"", bottom - top + 1, right - left + 1)
                }
                Some(_) => continue,
                None => String::new(),
            };
            let shown = shown(cell)
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('\n', "<br>");
            text += &format!("<td{span}>{shown}</td>\n");
        }
        text += "</tr>";
    }
    text + "</table></body></html>"
}

pub fn xlsx(sheets: &[(&str, &Sheet)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, sheet) in sheets {
        let page = book.add_worksheet();
        page.set_name(*name).unwrap();
        for [top, left, bottom, right] in &sheet.merges {
            page.merge_range(*top, *left as u16, *bottom, *right as u16, "", &Format::new())
                .unwrap();
        }
        for (row, cells) in (0u32..).zip(&sheet.rows) {
            for (column, cell) in (0u16..).zip(cells) {
                match cell {
                    C::No => {}
                    C::T(text) => drop(page.write_string(row, column, text).unwrap()),
                    C::N(value, format) => {
                        let format = Format::new().set_num_format(*format);
                        page.write_number_with_format(row, column, *value, &format)
                            .unwrap();
                    }
                    C::D(date, format) => {
                        let text = date.to_string();
                        let part = |range: std::ops::Range<usize>| text[range].parse::<u16>().unwrap();
                        let day =
                            ExcelDateTime::from_ymd(part(0..4), part(5..7) as u8, part(8..10) as u8).unwrap();
                        let format = Format::new().set_num_format(*format);
                        page.write_datetime_with_format(row, column, &day, &format)
                            .unwrap();
                    }
                }
            }
        }
    }
    book.save_to_buffer().unwrap()
}

fn record(out: &mut Vec<u8>, kind: u16, body: &[u8]) {
    out.extend(kind.to_le_bytes());
    out.extend(u16::try_from(body.len()).unwrap().to_le_bytes());
    out.extend(body);
}

/// A BIFF8 string with its length in two bytes, in bytes where it can be.
fn string(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut out = (units.len() as u16).to_le_bytes().to_vec();
    if units.iter().all(|unit| *unit < 256) {
        out.push(0);
        out.extend(units.iter().map(|unit| *unit as u8));
    } else {
        out.push(1);
        out.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    }
    out
}

/// An SST whose records are short, so that strings break off in the middle and go on.
fn strings(out: &mut Vec<u8>, texts: &[String]) {
    const MOST: usize = 300;
    let mut body = [
        (texts.len() as u32).to_le_bytes(),
        (texts.len() as u32).to_le_bytes(),
    ]
    .concat();
    let mut kind = 0xfc;
    for text in texts {
        let string = string(text);
        let (head, units) = string.split_at(3);
        let size = if head[2] == 1 { 2 } else { 1 };
        if body.len() + 3 > MOST {
            record(out, kind, &std::mem::take(&mut body));
            kind = 0x3c;
        }
        body.extend(head);
        for unit in units.chunks(size) {
            if body.len() + size > MOST {
                record(out, kind, &std::mem::take(&mut body));
                kind = 0x3c;
                body.push(head[2]);
            }
            body.extend(unit);
        }
    }
    record(out, kind, &body);
}

/// A binary workbook of one sheet.
pub fn xls(sheet: &Sheet, from_1904: bool) -> Vec<u8> {
    let mut texts: Vec<String> = Vec::new();
    let mut formats: Vec<&str> = vec!["General", DAY];
    let mut page = Vec::new();
    record(
        &mut page,
        0x0809,
        &[0, 6, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    );
    for (row, cells) in (0u16..).zip(&sheet.rows) {
        for (column, cell) in (0u16..).zip(cells) {
            let mut body = [row.to_le_bytes(), column.to_le_bytes()].concat();
            let mut xf = |format: &'static str| {
                let at = formats
                    .iter()
                    .position(|other| *other == format)
                    .unwrap_or_else(|| {
                        formats.push(format);
                        formats.len() - 1
                    });
                (at as u16).to_le_bytes()
            };
            match cell {
                C::No => {}
                C::T(text) => {
                    let at = texts.iter().position(|other| other == text).unwrap_or_else(|| {
                        texts.push(text.clone());
                        texts.len() - 1
                    });
                    body.extend(xf("General"));
                    body.extend((at as u32).to_le_bytes());
                    record(&mut page, 0xfd, &body);
                }
                C::N(value, format) => {
                    body.extend(xf(format));
                    body.extend(value.to_le_bytes());
                    record(&mut page, 0x0203, &body);
                }
                C::D(date, format) => {
                    body.extend(xf(format));
                    let from = if from_1904 { 24_107 } else { 25_569 };
                    // As an integer of thirty bits, as Excel writes days.
                    let bits = ((date.days() + from) as u32) << 2 | 2;
                    body.extend(bits.to_le_bytes());
                    record(&mut page, 0x027e, &body);
                }
            }
        }
    }
    let mut merged = (sheet.merges.len() as u16).to_le_bytes().to_vec();
    for [top, left, bottom, right] in &sheet.merges {
        merged.extend(
            [*top as u16, *bottom as u16, *left as u16, *right as u16]
                .iter()
                .flat_map(|at| at.to_le_bytes()),
        );
    }
    record(&mut page, 0xe5, &merged);
    record(&mut page, 0x0a, &[]);

    let mut head = Vec::new();
    record(
        &mut head,
        0x0809,
        &[0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    );
    record(&mut head, 0x22, &[u8::from(from_1904), 0]);
    for (id, code) in (200u16..).zip(&formats) {
        record(
            &mut head,
            0x041e,
            &[id.to_le_bytes().to_vec(), string(code)].concat(),
        );
    }
    for id in (200u16..).take(formats.len()) {
        record(&mut head, 0xe0, &[[0, 0], id.to_le_bytes()].concat());
    }
    let name = string("名册");
    let mut bound = vec![0u8; 6];
    bound.push(name[0]);
    bound.extend(&name[2..]);
    let at = head.len() + 4;
    record(&mut head, 0x85, &bound);
    strings(&mut head, &texts);
    record(&mut head, 0x0a, &[]);
    let start = (head.len() as u32).to_le_bytes();
    head[at..at + 4].copy_from_slice(&start);
    head.extend(page);
    container("/Workbook", &head)
}

pub fn container(name: &str, stream: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream(name).unwrap().write_all(stream).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// In GBK, in UTF-16 with a mark.
pub fn gbk(text: &str) -> Vec<u8> {
    let (bytes, _, lost) = encoding_rs::GB18030.encode(text);
    assert!(!lost);
    bytes.into_owned()
}

pub fn utf16(text: &str, big: bool) -> Vec<u8> {
    let mut out: Vec<u8> = if big { vec![0xfe, 0xff] } else { vec![0xff, 0xfe] };
    out.extend(text.encode_utf16().flat_map(|unit| {
        if big {
            unit.to_be_bytes()
        } else {
            unit.to_le_bytes()
        }
    }));
    out
}

/// People in the shape of the real form: twenty columns.
pub fn large_from(count: usize, from: usize) -> Sheet {
    let mut sheet = Sheet::of(&[
        &["入党积极分子名册"],
        &[
            "序号",
            "所在党支部",
            "姓名",
            "学号/\n职工号",
            "性别",
            "民族",
            "籍贯",
            "出生日期",
            "递交入党申请书时间",
            "团组织推优时间",
            "确定为入党积极分子时间",
            "培养联系人1",
            "培养联系人2",
            "已取得学历",
            "学生类别/人员类别",
            "年级",
            "学制",
            "担任职务",
            "党支部书记姓名",
            "二级党委备案情况",
        ],
    ]);
    let letters: Vec<char> =
        "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗喆明华芳伟秀英敏静丽强磊军洋勇艳杰娟涛超"
            .chars()
            .collect();
    let name = |seed: usize| -> String {
        let at = |n: usize| letters[n % letters.len()];
        [at(seed), at(seed / 41 + 7), at(seed / 1_681 + seed % 13)]
            .iter()
            .collect()
    };
    let day = |seed: usize, year: i64| {
        C::D(
            Date::from_days((year - 1970) * 365 + (seed % 340) as i64 + 10).unwrap(),
            "yyyy/m/d",
        )
    };
    for at in from..from + count {
        let seed = at * 2_654_435_761 % 1_000_000_007;
        sheet.rows.push(vec![
            C::N((at + 1) as f64, "General"),
            t(&format!("第{}党支部", at / 120 + 1)),
            t(&name(seed)),
            t(&format!("{}", 2_000_000_000 + at)),
            t(if seed % 2 == 0 { "男" } else { "女" }),
            t(["汉族", "回族", "满族", "壮族"][seed % 4]),
            t(["山东济南", "四川成都", "广西南宁", "河北保定"][seed % 4]),
            day(seed, 2004),
            day(seed / 3, 2023),
            day(seed / 7, 2024),
            day(seed / 11, 2025),
            t(&name(at / 60)),
            t(&name(at / 60 + 1)),
            t(["本科", "高中", "硕士研究生"][seed % 3]),
            t(["本科生", "硕士生", "博士生"][seed % 3]),
            t(["2023级", "2024级", "2025级"][seed % 3]),
            t(["4年", "3年"][seed % 2]),
            t(["无", "班长", "团支书"][seed % 3]),
            t(&name(at / 120)),
            t(["已备案", "待备案"][seed % 2]),
        ]);
    }
    sheet
}
