//! The register as a table: found, sorted, and shown a window at a time. The page never holds more
//! than it shows; what was found and its order stay here until the question or the workbench changes.
//!
//! | word | text | comes to |
//! |---|---|---|
//! | `people/about` | — | [`About`] |
//! | `people/rows` | [`Look`] | [`Rows`] |
//! | `people/values` | [`Offer`] | [`Values`] |
//!
//! A view is kept by `note/deed` with [`crate::domain::workbench::Deed::View`], its text
//! [`Query::json`]. Other modules that need who was found, in order, ask [`found`].

mod order;
mod query;
mod table;
#[cfg(all(test, feature = "sheets"))]
mod tests;

pub use query::{Column, Filter, MAX_PEOPLE, MAX_SORTS, Only, Query, Sort, Want};
pub(super) use table::Table;

use super::{Answer, Bench, Order, Step, say};
use crate::domain::branch::PersonId;
use crate::domain::standing::State;
use crate::domain::time::Date;
use crate::domain::workbench::Workbench;
use serde::{Deserialize, Serialize};

/// The most rows of one window.
pub const MAX_ROWS: u32 = 200;

/// What the page needs before it asks for rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// How many people there are.
    pub all: u32,
    /// Columns of which anybody has a value.
    pub columns: Vec<Column>,
    /// Saved views: name, and [`Query::json`].
    pub views: Vec<(String, String)>,
}

/// Asks for a window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// Who, in which order; its columns are the cells of a row.
    pub query: Query,
    /// The first row, from 0.
    pub offset: u32,
    /// How many rows, at most [`MAX_ROWS`].
    pub count: u32,
}

/// A window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// How many people there are.
    pub all: u32,
    /// How many were found.
    pub found: u32,
    /// The first row's place among them, from 0.
    pub offset: u32,
    /// The rows.
    pub rows: Vec<Row>,
}

/// Somebody in a window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Who: [`PersonId`] as addresses carry it.
    pub id: String,
    /// How the person stands today.
    pub state: State,
    /// The columns' values as a reader sees them; empty for nothing.
    pub cells: Vec<String>,
}

/// Asks which values a column has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Among whom: the condition on this column itself does not count.
    pub query: Query,
    /// The column.
    pub by: Column,
    /// Only values that contain this.
    #[serde(default)]
    pub find: String,
}

/// Values of a column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values {
    /// The most frequent ones; states in the order of the way.
    pub values: Vec<Value>,
    /// How many there are beside them.
    pub more: u32,
}

/// A value of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Value {
    /// What [`Want::Is`] calls it; empty for nothing.
    pub name: String,
    /// As a reader sees it.
    pub shown: String,
    /// How many people have it.
    pub count: u32,
}

/// Carries out an order of this module.
pub(super) fn carry_out(
    bench: &mut Bench,
    work: &Workbench,
    word: &str,
    order: &Order<'_>,
    step: Step<'_>,
) -> Option<Answer> {
    Some(match word {
        "about" => say(&About {
            all: bench.table.all(work),
            columns: bench.table.filled(work),
            views: work
                .views
                .iter()
                .map(|(name, view)| (name.clone(), view.clone()))
                .collect(),
        }),
        "rows" => order
            .read()
            .and_then(|look: Look| rows(bench, work, &look, order.today(), step))
            .and_then(|rows| say(&rows)),
        "values" => order
            .read()
            .and_then(|offer: Offer| values(bench, work, &offer, order.today(), step))
            .and_then(|values| say(&values)),
        _ => return None,
    })
}

/// Whom a query finds, in its order: numbers in [`crate::domain::branch::People`].
///
/// # Errors
/// What the person reads: the query is not of this build.
pub fn found<'a>(
    bench: &'a mut Bench,
    work: &Workbench,
    query: &Query,
    today: Date,
    step: Step<'_>,
) -> Result<&'a [u32], String> {
    let only = only(bench, work, query, today)?;
    Ok(bench.table.found(work, query, only.as_deref(), today, step))
}

/// The people whom a query's [`Only`] means.
fn only(bench: &mut Bench, work: &Workbench, query: &Query, today: Date) -> Result<Option<Vec<u32>>, String> {
    if !query.is_bounded() {
        return Err("筛选条件太多或太长，请减少一些".into());
    }
    match &query.only {
        None => Ok(None),
        Some(only) if only.cause.is_empty() => Ok(Some(only.people.clone())),
        Some(only) => match bench.caused(work, &only.cause, today) {
            Some(people) => Ok(Some(people)),
            None => Err(format!(
                "「{}」的人现在找不出来，请从原来的表里重新点进来",
                only.label
            )),
        },
    }
}

fn rows(
    bench: &mut Bench,
    work: &Workbench,
    look: &Look,
    today: Date,
    step: Step<'_>,
) -> Result<Rows, String> {
    let list = found(bench, work, &look.query, today, step)?;
    let from = (look.offset as usize).min(list.len());
    let until = (from + look.count.min(MAX_ROWS) as usize).min(list.len());
    let (count, window) = (list.len() as u32, list[from..until].to_vec());
    let mut rows = Vec::with_capacity(window.len());
    for person in window {
        let (state, since) = bench.table.standing_of(work, person, today);
        let cell = |column: &Column| match column {
            Column::State => state.label().to_owned(),
            Column::Since => since.map(|day| day.to_string()).unwrap_or_default(),
            Column::FrontLine => match work.front_line(person) {
                Some(true) => "是".into(),
                Some(false) => "否".into(),
                None => String::new(),
            },
            Column::Field(field) => work.people.shown(person, *field),
        };
        rows.push(Row {
            id: work
                .people
                .id(person)
                .as_ref()
                .map(PersonId::to_string)
                .unwrap_or_default(),
            state,
            cells: look.query.columns.iter().map(cell).collect(),
        });
    }
    Ok(Rows {
        all: bench.table.all(work),
        found: count,
        offset: from as u32,
        rows,
    })
}

fn values(
    bench: &mut Bench,
    work: &Workbench,
    offer: &Offer,
    today: Date,
    step: Step<'_>,
) -> Result<Values, String> {
    let only = only(bench, work, &offer.query, today)?;
    let asked = (offer.by, offer.find.trim());
    let (values, more) = bench
        .table
        .values(work, &offer.query, only.as_deref(), asked, today, step);
    let values = values.into_iter().map(|(value, count)| Value {
        name: table::name_of(work, offer.by, value),
        shown: table::says(work, offer.by, value),
        count,
    });
    Ok(Values {
        values: values.collect(),
        more: more as u32,
    })
}
