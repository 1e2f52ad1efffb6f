//! A training record on screen: the same for the person, the mentor and the branch. What it says is
//! an [`Annex`], as on paper and in the files that are made of it.

use super::shown::{number, pair, table, table_end};
use crate::domain::record::TrainingRecord;
use crate::format::annex::{Annex, Cell, NOT_EXPORTED, Part, Section, Table};
use crate::ui::markup::{Markup, html};

/// Characters of a text that stays on one line in its cell.
const SHORT: usize = 8;

/// A whole record.
pub(in crate::ui) fn record_view(out: &mut Markup, record: &TrainingRecord) {
    annex_view(out, &Annex::of(record, &[]));
}

/// A whole record with what is known of its proofs. The boxes to be filled in by hand are for paper.
pub(in crate::ui) fn annex_view(out: &mut Markup, annex: &Annex) {
    html!(
        out,
        "<article class=\"record stack\" data-testid=\"record\" data-scope=\"total\">"
    );
    for (section, at) in annex.sections.iter().zip(0..) {
        if section.is_blank() {
            continue;
        }
        html!(
            out,
            "<section class=\"stack\" data-section=\"",
            section.name,
            "\""
        );
        if section.name == NOT_EXPORTED {
            html!(out, " data-testid=\"left-out\"");
        }
        html!(out, ">");
        // Whose it is needs no heading.
        if at > 0 {
            html!(out, "<h3>", section.name, "</h3>");
        }
        parts(out, section);
        html!(out, "</section>");
        if at == 0 {
            figures(out, annex);
        }
    }
    html!(out, "<div class=\"muted\" data-testid=\"closing\">");
    for line in &annex.closing {
        html!(out, "<p>", line, "</p>");
    }
    html!(out, "</div></article>");
}

/// The figures over the whole record.
fn figures(out: &mut Markup, annex: &Annex) {
    html!(out, "<dl class=\"figures\">");
    for figure in annex.figures() {
        html!(out, "<div class=\"figure\"><dt>", figure.label, "</dt><dd>");
        value(out, figure.value, figure.names);
        html!(out, "</dd></div>");
    }
    html!(out, "</dl>");
}

/// What stands in a cell, as on paper; what has a name is a figure and found by it.
pub(in crate::ui) fn value(out: &mut Markup, cell: &Cell, [name, second]: [&str; 2]) {
    match cell {
        _ if name.is_empty() => {
            html!(out, cell.text());
        }
        Cell::Pair(part, whole) => pair(out, name, *part, "/", second, *whole),
        Cell::Number(count, unit) => {
            number(out, name, &count.to_string());
            if !unit.is_empty() {
                html!(out, " ", *unit);
            }
        }
        Cell::Percent(share) => {
            number(out, name, &share.to_string());
            html!(out, "%");
        }
        other => number(out, name, &other.text()),
    }
}

fn parts(out: &mut Markup, section: &Section) {
    for part in &section.parts {
        match part {
            Part::Facts(facts) => {
                html!(out, "<dl class=\"facts\">");
                for fact in facts {
                    html!(out, "<div");
                    if fact.wide {
                        html!(out, " class=\"wide\"");
                    }
                    html!(out, "><dt>", fact.label, "</dt><dd>");
                    value(out, &fact.value, [fact.name, ""]);
                    html!(out, "</dd></div>");
                }
                html!(out, "</dl>");
            }
            Part::Table(of) => table_of(out, section.name, of),
            Part::Text(lines) => paragraphs(out, lines),
            Part::Titled(title, lines) => {
                html!(out, "<h4>", title, "</h4>");
                paragraphs(out, lines);
            }
            Part::Note(note) => {
                html!(out, "<p class=\"muted\">", note, "</p>");
            }
            Part::Blanks(_) => {}
        }
    }
}

fn paragraphs(out: &mut Markup, lines: &[String]) {
    html!(out, "<div class=\"prewrap\">");
    for line in lines {
        html!(out, "<p>", line, "</p>");
    }
    html!(out, "</div>");
}

fn table_of(out: &mut Markup, name: &str, of: &Table) {
    let headings: Vec<String> = (0..of.columns.len()).map(|at| of.heading(at)).collect();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    table(out, name, &headings);
    for row in &of.rows {
        html!(out, "<tr>");
        cells(out, of, row, false);
    }
    if let Some(sum) = &of.sum {
        html!(out, "<tr class=\"sum\">");
        cells(out, of, sum, true);
    }
    table_end(out);
}

/// The cells of a row, and its end.
fn cells(out: &mut Markup, of: &Table, row: &[Cell], is_sum: bool) {
    for ((cell, column), at) in row.iter().zip(&of.columns).zip(0..) {
        // What a row is about stands at its beginning, when that is a text.
        let is_head = at == 0 && column.left;
        let names = if is_sum { column.names } else { ["", ""] };
        match (cell, is_head) {
            (_, true) => {
                html!(out, "<th scope=\"row\">");
            }
            (Cell::Day(_), _) => {
                html!(out, "<td class=\"nowrap\">");
            }
            (Cell::Text(_) | Cell::Noted(..), _) if column.left => {
                html!(out, "<td class=\"prewrap wide\">");
            }
            (Cell::Text(text), _) if text.chars().nth(SHORT).is_none() => {
                html!(out, "<td class=\"nowrap\">");
            }
            _ => {
                html!(out, "<td>");
            }
        }
        match cell {
            Cell::Noted(text, Some(note)) => {
                html!(out, text, "<p class=\"muted prewrap\">", note, "</p>");
            }
            cell => value(out, cell, names),
        }
        out.raw(if is_head { "</th>" } else { "</td>" });
    }
    html!(out, "</tr>");
}
