//! Rows of the register as markup: a line of a table, or a card where the screen is narrow.

use crate::domain::standing::State;
use crate::format::workbench::people::{Column, Query, Row, Sort};
use crate::ui::markup::{Markup, html};

/// How wide a column is at least, in the table's own letters: its head is to be read whole.
fn width(column: Column) -> u32 {
    use crate::domain::branch::Field;
    let head = column.label().chars().count() as u32 + 3;
    let least = match column {
        Column::State => 10,
        Column::Since => 9,
        Column::FrontLine => 9,
        Column::Field(field) => match field {
            Field::Name => 8,
            Field::Sex => 5,
            Field::Ethnicity | Field::Years | Field::Grade => 6,
            Field::Branch => 15,
            Field::Note => 20,
            Field::Mentor1 | Field::Mentor2 | Field::Secretary => 8,
            _ => 9,
        },
    };
    least.max(head)
}

/// The widths of all columns as a style, and the least width of a row in letters.
pub(super) fn widths(columns: &[Column]) -> (String, u32) {
    let mut style = String::new();
    for column in columns {
        let width = width(*column);
        style.push_str(&format!("minmax({width}em,{width}fr) "));
    }
    (style, columns.iter().map(|column| width(*column)).sum())
}

/// What an address of a person is.
pub(super) fn address(id: &str) -> String {
    format!("#/branch/person/{id}")
}

/// The head: a button for each column, which sorts by it.
pub(super) fn head(columns: &[Column], sort: &[Sort]) -> String {
    let mut out = Markup::default();
    html!(out, "<div role=\"row\" class=\"people-row\" aria-rowindex=\"1\">");
    for (column, at) in columns.iter().zip(1usize..) {
        let place = sort.iter().position(|sort| sort.by == *column);
        let down = place.is_some_and(|place| sort[place].down);
        html!(out, "<div role=\"columnheader\" aria-colindex=\"", at, "\"");
        // Only the first column may say so.
        if place == Some(0) {
            html!(
                out,
                " aria-sort=\"",
                if down { "descending" } else { "ascending" },
                "\""
            );
        }
        html!(
            out,
            "><button type=\"button\" class=\"sort\" data-sort=\"",
            column.code(),
            "\" id=\"sort-",
            column.code(),
            "\">",
            column.label()
        );
        html!(out, "<span aria-hidden=\"true\">");
        match (place, down) {
            (Some(_), false) => {
                html!(out, " ▲");
            }
            (Some(_), true) => {
                html!(out, " ▼");
            }
            (None, _) => {}
        }
        html!(out, "</span></button></div>");
    }
    html!(out, "</div>");
    out.done()
}

/// A row that is not there yet.
pub(super) fn waiting(out: &mut Markup, at: u32, as_card: bool) {
    html!(
        out,
        "<div role=\"row\" class=\"people-row people-wait",
        if as_card { " people-card" } else { "" },
        "\" aria-rowindex=\"",
        at + 2,
        "\"><div role=\"gridcell\">……</div></div>"
    );
}

fn open_row(out: &mut Markup, at: u32, kind: &str, odd: bool) {
    html!(out, "<div role=\"row\" id=\"person-", at, "\" class=\"", kind);
    if odd {
        html!(out, " people-odd");
    }
    html!(out, "\" aria-rowindex=\"", at + 2, "\" data-row=\"", at, "\"");
    html!(out, ">");
}

fn name_cell(out: &mut Markup, row: &Row, name: &str) {
    html!(
        out,
        "<a href=\"",
        address(&row.id),
        "\" tabindex=\"-1\" data-person>",
        if name.is_empty() {
            "（没有姓名）"
        } else {
            name
        },
        "</a>"
    );
}

/// How a state looks.
fn chip(out: &mut Markup, state: State) {
    let kind = match state {
        State::Activist | State::Proposed | State::Prospect => "chip chip-accent",
        State::Admitted | State::Probationer | State::Extended | State::FullPending | State::Member => {
            "chip chip-ok"
        }
        State::Paused => "chip chip-warn",
        _ => "chip",
    };
    html!(out, "<span class=\"", kind, "\">", state.label(), "</span>");
}

/// A line of the table.
pub(super) fn line(out: &mut Markup, at: u32, row: &Row, columns: &[Column]) {
    use crate::domain::branch::Field;
    open_row(out, at, "people-row", at % 2 == 1);
    for ((column, cell), place) in columns.iter().zip(&row.cells).zip(1usize..) {
        html!(out, "<div role=\"gridcell\" aria-colindex=\"", place, "\">");
        match column {
            Column::Field(Field::Name) => name_cell(out, row, cell),
            Column::State => chip(out, row.state),
            _ => {
                html!(out, cell);
            }
        }
        html!(out, "</div>");
    }
    html!(out, "</div>");
}

/// The columns of a card: what is always on it, and what the list is ordered by.
pub(super) fn card_columns(query: &Query) -> Vec<Column> {
    use crate::domain::branch::Field;
    let mut columns = vec![
        Column::Field(Field::Name),
        Column::State,
        Column::Field(Field::Branch),
        Column::Field(Field::Number),
        Column::Since,
    ];
    let by = query.sort.first().map(|sort| sort.by);
    columns.extend(by.filter(|by| !columns.contains(by)));
    columns
}

/// A card: name and state, branch and number, since when; and what the list is ordered by.
pub(super) fn card(out: &mut Markup, at: u32, row: &Row, columns: &[Column]) {
    let cell = |at: usize| row.cells.get(at).map_or("", String::as_str);
    open_row(out, at, "people-row people-card", false);
    html!(out, "<div role=\"gridcell\" class=\"people-card-head\">");
    name_cell(out, row, cell(0));
    chip(out, row.state);
    html!(out, "</div><div role=\"gridcell\" class=\"muted\">", cell(2));
    if !cell(2).is_empty() && !cell(3).is_empty() {
        html!(out, " · ");
    }
    html!(out, cell(3), "</div><div role=\"gridcell\" class=\"muted\">");
    if !cell(4).is_empty() {
        html!(out, cell(4), " 起");
    }
    if let Some(column) = columns.get(5) {
        if !cell(4).is_empty() {
            html!(out, " · ");
        }
        html!(
            out,
            column.label(),
            "：",
            if cell(5).is_empty() { "未填" } else { cell(5) }
        );
    }
    html!(out, "</div></div>");
}
