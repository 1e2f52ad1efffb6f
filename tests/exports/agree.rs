//! Holds what was read back of a record against its annex, field by field.

#![allow(unreachable_pub)]

use super::reading::Block;
use std::collections::BTreeMap;
use xuedang::format::annex::{Annex, Cell, Part, Section, Table, numeral};

/// A section as somebody reads it: labels with their texts, tables of texts with their headings, and
/// paragraphs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    pub facts: Vec<(String, String)>,
    pub tables: Vec<Vec<Vec<String>>>,
    pub lines: Vec<String>,
}

/// A section as the annex has it.
pub fn wanted(section: &Section) -> Read {
    let mut read = Read::default();
    for part in &section.parts {
        match part {
            Part::Facts(facts) => {
                let facts = facts.iter().map(|fact| (fact.label.into(), fact.value.text()));
                read.facts.extend(facts);
            }
            Part::Table(table) => {
                let mut rows = vec![(0..table.columns.len()).map(|at| table.heading(at)).collect()];
                let lines = table.rows.iter().chain(&table.sum);
                rows.extend(lines.map(|row| row.iter().map(Cell::text).collect::<Vec<_>>()));
                read.tables.push(rows);
            }
            Part::Text(lines) => read.lines.extend(lines.clone()),
            Part::Titled(title, lines) => {
                read.lines.push(title.clone());
                read.lines.extend(lines.clone());
            }
            Part::Note(note) => read.lines.push(note.clone()),
            Part::Blanks(_) => {}
        }
    }
    read
}

/// The sections of an annex that are shown everywhere: all but the boxes to be filled in by hand.
pub fn sections(annex: &Annex) -> impl Iterator<Item = (usize, &Section)> {
    (1..)
        .zip(&annex.sections)
        .filter(|(_, section)| !section.is_blank())
}

/// Every field of the annex stands in a `.docx`, in its section, and nothing else does.
pub fn with_docx(annex: &Annex, blocks: &[Block]) {
    let heading = |block: &Block| match block {
        Block::Paragraph(style, text) if style == "Heading1" => Some(text.clone()),
        _ => None,
    };
    let headings: Vec<String> = blocks.iter().filter_map(heading).collect();
    let names = (1..).zip(&annex.sections);
    let names: Vec<String> = names
        .map(|(number, section)| format!("{}、{}", numeral(number), section.name))
        .collect();
    assert_eq!(headings, names, "the sections of the .docx");
    for (number, section) in sections(annex) {
        let wanted = wanted(section);
        let name = &names[number - 1];
        let from = blocks
            .iter()
            .position(|block| heading(block).as_ref() == Some(name))
            .unwrap();
        let of_section = blocks[from + 1..]
            .iter()
            .take_while(|block| heading(block).is_none());
        let mut read = Read::default();
        for block in of_section {
            match block {
                // A line above the boxes ends the section before them.
                Block::Paragraph(style, _) if style == "Rule" => break,
                Block::Paragraph(style, _) if style == "Gap" => {}
                Block::Paragraph(_, text) => {
                    let title = text.strip_prefix('【').and_then(|text| text.strip_suffix('】'));
                    read.lines.push(title.unwrap_or(text).into());
                }
                Block::Table(rows)
                    if wanted
                        .tables
                        .get(read.tables.len())
                        .is_some_and(|table| table[0] == rows[0]) =>
                {
                    read.tables.push(rows.clone());
                }
                Block::Table(rows) => {
                    let cells: Vec<&String> = rows.iter().flatten().collect();
                    let pairs = cells.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone()));
                    read.facts.extend(pairs);
                }
            }
        }
        assert_eq!(read, wanted, "{} in the .docx", section.name);
    }
    let closing = blocks
        .iter()
        .filter(|block| matches!(block, Block::Paragraph(_, text) if annex.closing.contains(text)));
    assert_eq!(closing.count(), annex.closing.len(), "the end of the .docx");
}

/// A row of a workbook: a pair has two cells, and so has a note where there is any.
fn row_in_book(table: &Table, row: &[Cell]) -> Vec<String> {
    let is_noted = |at: usize| {
        let mut rows = table.rows.iter().chain(&table.sum);
        rows.any(|row| matches!(row[at], Cell::Noted(_, Some(_))))
    };
    let mut cells = Vec::new();
    for (cell, at) in row.iter().zip(0..) {
        match cell {
            Cell::Pair(part, whole) => cells.extend([part.to_string(), whole.to_string()]),
            Cell::Noted(text, note) => {
                cells.push(text.clone());
                if is_noted(at) {
                    cells.push(note.clone().unwrap_or_default());
                }
            }
            Cell::Number(number, _) => cells.push(number.to_string()),
            other => cells.push(other.text()),
        }
    }
    cells
}

/// Every field of the annex stands in a workbook, on the sheet of its section.
pub fn with_xlsx(annex: &Annex, book: &BTreeMap<String, Vec<Vec<String>>>) {
    for (_, section) in sections(annex) {
        let sheet = &book[section.name];
        let rows: Vec<Vec<String>> = sheet
            .iter()
            .map(|row| {
                let end = row
                    .iter()
                    .rposition(|cell| !cell.is_empty())
                    .map_or(0, |at| at + 1);
                row[..end].to_vec()
            })
            .collect();
        let expect = |mut row: Vec<String>| {
            while row.last().is_some_and(String::is_empty) {
                row.pop();
            }
            assert!(
                rows.contains(&row),
                "{row:?} in the workbook, {}: {rows:?}",
                section.name
            );
        };
        for part in &section.parts {
            match part {
                Part::Facts(facts) => {
                    for fact in facts {
                        let value = match &fact.value {
                            Cell::Number(number, _) => number.to_string(),
                            // A whole is not read as a share there.
                            Cell::Percent(0) => "0".into(),
                            Cell::Percent(100) => "1".into(),
                            other => other.text(),
                        };
                        expect(vec![fact.label.into(), value]);
                    }
                }
                Part::Table(table) => {
                    let lines = table.rows.iter().chain(&table.sum);
                    for row in lines {
                        let mut row = row_in_book(table, row);
                        for cell in &mut row {
                            if cell == "100%" {
                                *cell = "1".into();
                            }
                        }
                        expect(row);
                    }
                }
                Part::Text(lines) => lines.iter().for_each(|line| expect(vec![line.clone()])),
                Part::Titled(title, lines) => {
                    expect(vec![format!("【{title}】")]);
                    lines.iter().for_each(|line| expect(vec![line.clone()]));
                }
                Part::Note(note) => expect(vec![note.clone()]),
                Part::Blanks(_) => {}
            }
        }
    }
}
