//! The schema as it is documented: a table for `docs/register-export.md`, a JSON Schema for each line
//! of NDJSON, and the columns as SQL declares them. All are made of the columns; the tests fail when
//! a file says otherwise.

use super::table::{Kind, Table};
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// The columns as a Markdown table.
pub fn markdown(table: &Table) -> String {
    let mut text =
        String::from("| column | heading | type | unit | source | meaning |\n|---|---|---|---|---|---|\n");
    for column in table.columns {
        let dash = |word: &'static str| if word.is_empty() { "-" } else { word };
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} | {} |",
            column.name,
            column.heading,
            word(column.kind),
            dash(column.unit),
            column.source,
            column.meaning
        );
    }
    text
}

/// The columns as a person reads them: heading, name, what it holds, where it comes from.
pub fn short(table: &Table) -> Vec<[String; 4]> {
    let columns = table.columns.iter().map(|column| {
        let holds = match column.kind {
            Kind::Text => "文字",
            Kind::Whole => "整数",
            Kind::Day => "日期",
            Kind::YesNo => "是或否",
        };
        let parts = column.source.split("; ").filter(|part| *part != "-");
        let parts = parts.map(|part| match part.strip_prefix("细则 2026 Art. ") {
            Some(articles) => format!("细则（2026年）第{}条", articles.replace(", ", "、")),
            None => part.replace('-', "至").replace(", ", "、"),
        });
        let source = parts.collect::<Vec<_>>().join("；");
        [column.heading, column.name, holds, &source].map(str::to_owned)
    });
    columns.collect()
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Whole => "whole number",
        Kind::Day => "day",
        Kind::YesNo => "yes or no",
    }
}

/// The type of a column in SQL, by the one word that DuckDB and Spark both know.
pub fn sql_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "STRING",
        Kind::Whole => "BIGINT",
        Kind::Day => "DATE",
        Kind::YesNo => "BOOLEAN",
    }
}

/// The JSON Schema of a line.
pub fn json_schema(table: &Table) -> Value {
    let mut properties = Map::new();
    for column in table.columns {
        let mut property = match column.kind {
            Kind::Text => json!({"type": ["string", "null"], "minLength": 1}),
            Kind::Whole => json!({"type": ["integer", "null"]}),
            Kind::Day => json!({"type": ["string", "null"], "format": "date"}),
            Kind::YesNo => json!({"type": ["boolean", "null"]}),
        };
        let mut meaning = column.meaning.to_owned();
        if !column.unit.is_empty() {
            let _ = write!(meaning, " Unit: {}.", column.unit);
        }
        if column.source != "-" {
            let _ = write!(meaning, " Source: {}.", column.source);
        }
        property["title"] = column.heading.into();
        property["description"] = meaning.into();
        properties.insert(column.name.to_owned(), property);
    }
    let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("urn:xuedang:register:{}:{}", table.name, table.version),
        "title": format!("{} ({}, version {})", table.name, table.heading, table.version),
        "description": table.about,
        "type": "object",
        "additionalProperties": false,
        "required": names,
        "properties": properties,
    })
}
