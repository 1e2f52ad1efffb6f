//! The annex as `.docx`, for the dossier; see [`crate::format::docx`].

use super::{Annex, Part, Section, Table, lines_of_facts, numeral};
use crate::format::docx::{Blank, Column, Lies, Paper, Stands, Style};

/// The file's bytes.
///
/// # Errors
/// What the writer of the container says; there is no reason why it should.
pub fn write(annex: &Annex) -> Result<Vec<u8>, String> {
    let about = format!("{}{}", annex.title, annex.mark);
    let mut paper = Paper::new(&about, Lies::Upright, annex.made_at);
    paper.paragraph(Style::Mark, annex.mark, Stands::WithNext);
    paper.paragraph(Style::Title, annex.title, Stands::WithNext);
    for line in &annex.about {
        paper.paragraph(Style::About, line, Stands::Free);
    }
    for (section, number) in annex.sections.iter().zip(1..) {
        if section.is_blank() {
            paper.paragraph(Style::Rule, "", Stands::WithNext);
            for line in &annex.closing {
                paper.paragraph(Style::Note, line, Stands::Free);
            }
        }
        section_of(&mut paper, section, number);
    }
    paper.finish()
}

fn section_of(paper: &mut Paper, section: &Section, number: usize) {
    let heading = format!("{}、{}", numeral(number), section.name);
    paper.paragraph(Style::Heading, &heading, Stands::WithNext);
    let mut after_table = false;
    for (part, at) in section.parts.iter().zip(1..) {
        let is_table = matches!(part, Part::Table(_) | Part::Facts(_) | Part::Blanks(_));
        if after_table && is_table {
            // Two tables without a paragraph between them would become one.
            paper.paragraph(Style::Gap, "", Stands::Free);
        }
        match part {
            Part::Facts(facts) => {
                let lines = lines_of_facts(facts).into_iter().map(|line| {
                    let facts = line.iter();
                    facts.map(|fact| (fact.label, fact.value.text())).collect()
                });
                paper.facts(&lines.collect::<Vec<_>>());
            }
            Part::Table(table) => table_of(paper, table),
            Part::Text(texts) => texts
                .iter()
                .for_each(|text| paper.paragraph(Style::Body, text, Stands::Free)),
            Part::Titled(title, texts) => {
                paper.paragraph(Style::Body, &format!("【{title}】"), Stands::WithNext);
                texts
                    .iter()
                    .for_each(|text| paper.paragraph(Style::Body, text, Stands::Free));
            }
            Part::Note(note) => {
                let leads = section.parts.get(at).is_some();
                let stands = if leads { Stands::WithNext } else { Stands::Free };
                paper.paragraph(Style::Note, note, stands);
            }
            Part::Blanks(boxes) => {
                let boxes = boxes.iter().map(|blank| Blank {
                    label: blank.label,
                    sign: blank.sign,
                });
                paper.blanks(&boxes.collect::<Vec<_>>());
            }
        }
        after_table = is_table;
    }
}

fn table_of(paper: &mut Paper, table: &Table) {
    let headings: Vec<String> = (0..table.columns.len()).map(|at| table.heading(at)).collect();
    let columns = table
        .columns
        .iter()
        .zip(&headings)
        .map(|(column, heading)| Column {
            heading,
            width: column.width,
            left: column.left,
        });
    let rows = table.rows.iter().chain(&table.sum);
    let rows = rows.map(|row| row.iter().map(super::Cell::text).collect());
    paper.table(&columns.collect::<Vec<_>>(), &rows.collect::<Vec<Vec<String>>>());
}
