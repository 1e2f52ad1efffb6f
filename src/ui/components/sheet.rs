//! A record as a sheet of A4 for the cultivation dossier: an annex and draft, as [`Annex`] describes
//! it, with the boxes to be signed. It never looks like the official form (细则 Art. 42), and no
//! opinion stands on it that nobody wrote (Art. 41).

use super::record_view::value;
use super::shown::head;
use crate::format::annex::{Annex, Cell, Part, Section, Table, lines_of_facts, numeral};
use crate::ui::markup::{Markup, html};

/// Columns from which on a table is set in small type.
const MANY: usize = 6;

/// The sheet.
pub(in crate::ui) fn sheet(out: &mut Markup, annex: &Annex) {
    html!(
        out,
        "<article class=\"sheet\" data-testid=\"sheet\" data-scope=\"total\"><header><p class=\"kind\">",
        annex.mark,
        "</p><h1>",
        annex.title,
        "</h1>"
    );
    for line in &annex.about {
        html!(out, "<p class=\"small\">", line, "</p>");
    }
    html!(out, "</header>");
    for (section, number) in annex.sections.iter().zip(1..) {
        if section.is_blank() {
            html!(out, "<div class=\"closing small\" data-testid=\"closing\">");
            for line in &annex.closing {
                html!(out, "<p>", line, "</p>");
            }
            html!(out, "</div>");
        }
        html!(out, "<section data-section=\"", section.name);
        if section.is_blank() {
            html!(out, "\" class=\"signing");
        }
        html!(out, "\"><h2>", numeral(number), "、", section.name, "</h2>");
        parts(out, section);
        html!(out, "</section>");
    }
    html!(out, "</article>");
}

fn parts(out: &mut Markup, section: &Section) {
    for part in &section.parts {
        match part {
            Part::Facts(facts) => {
                html!(out, "<table class=\"facts\"><tbody>");
                for line in lines_of_facts(facts) {
                    html!(out, "<tr>");
                    for fact in line {
                        html!(out, "<th scope=\"row\">", fact.label, "</th><td class=\"left\"");
                        if line.len() == 1 {
                            html!(out, " colspan=\"3\"");
                        }
                        html!(out, ">");
                        value(out, &fact.value, [fact.name, ""]);
                        html!(out, "</td>");
                    }
                    html!(out, "</tr>");
                }
                html!(out, "</tbody></table>");
            }
            Part::Table(of) => table_of(out, of),
            Part::Text(lines) => paragraphs(out, lines),
            Part::Titled(title, lines) => {
                html!(out, "<h3>", title, "</h3>");
                paragraphs(out, lines);
            }
            Part::Note(note) => {
                html!(out, "<p class=\"small\">", note, "</p>");
            }
            Part::Blanks(boxes) => {
                html!(out, "<table class=\"boxes\"><tbody>");
                for blank in boxes {
                    html!(out, "<tr><th scope=\"row\">", blank.label);
                    html!(out, "</th><td class=\"blank\"><p>", blank.sign);
                    html!(out, "＿＿＿＿＿＿＿＿</p><p>＿＿＿＿年＿＿月＿＿日</p></td></tr>");
                }
                html!(out, "</tbody></table>");
            }
        }
    }
}

fn paragraphs(out: &mut Markup, lines: &[String]) {
    for line in lines {
        html!(out, "<p class=\"text\">", line, "</p>");
    }
}

fn table_of(out: &mut Markup, of: &Table) {
    html!(out, "<table");
    if of.columns.len() >= MANY {
        html!(out, " class=\"many\"");
    }
    html!(out, ">");
    let headings: Vec<String> = (0..of.columns.len()).map(|at| of.heading(at)).collect();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    head(out, &headings);
    for row in &of.rows {
        html!(out, "<tr>");
        cells(out, of, row, false);
    }
    if let Some(sum) = &of.sum {
        html!(out, "<tr class=\"sum\">");
        cells(out, of, sum, true);
    }
    html!(out, "</tbody></table>");
}

/// The cells of a row, and its end.
fn cells(out: &mut Markup, of: &Table, row: &[Cell], is_sum: bool) {
    for (cell, column) in row.iter().zip(&of.columns) {
        let names = if is_sum { column.names } else { ["", ""] };
        match cell {
            Cell::Text(_) | Cell::Noted(..) if column.left => {
                html!(out, "<td class=\"left\">");
            }
            Cell::Day(_) | Cell::Pair(..) => {
                html!(out, "<td class=\"tight\">");
            }
            _ => {
                html!(out, "<td>");
            }
        }
        // Lines of their own: the style sheet keeps the breaks.
        value(out, cell, names);
        html!(out, "</td>");
    }
    html!(out, "</tr>");
}
