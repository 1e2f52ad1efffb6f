//! JSON as this project writes it: canonical by RFC 8785 (sorted keys, no white space, shortest
//! escapes), or the same with line breaks for people.
//!
//! Restricted to what we write: keys are ASCII, so that sorting by bytes is sorting by UTF-16, and
//! numbers are integers below 2^53. There is no floating point in a journal, a record or a digest.

use serde::Serialize;
use serde_json::{Map, Value};

/// The value of something plain: structs of strings, integers, enums and maps with string keys.
/// Making it cannot fail; should it all the same, the value is null, which no reader takes.
pub fn value_of<T: Serialize>(thing: &T) -> Value {
    serde_json::to_value(thing).unwrap_or_default()
}

/// Canonical JSON.
pub fn canonical(value: &Value) -> String {
    let mut out = String::new();
    put(value, None, &mut out);
    out
}

/// The same, two spaces of indent for each level, and a line break at the end.
pub fn pretty(value: &Value) -> String {
    let mut out = String::new();
    put(value, Some(0), &mut out);
    out.push('\n');
    out
}

fn put(value: &Value, level: Option<usize>, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(whole), _) => out.push_str(&whole.to_string()),
            (None, Some(below_zero)) => out.push_str(&below_zero.to_string()),
            // Not ours; a reader wants an integer and refuses this.
            (None, None) => out.push_str("null"),
        },
        Value::String(text) => put_text(text, out),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                between(at == 0, level, out);
                put(item, level.map(|level| level + 1), out);
            }
            end(items.is_empty(), level, out);
            out.push(']');
        }
        Value::Object(fields) => put_fields(fields, level, out),
    }
}

fn put_fields(fields: &Map<String, Value>, level: Option<usize>, out: &mut String) {
    out.push('{');
    // `serde_json::Map` is sorted by key.
    for (at, (key, value)) in fields.iter().enumerate() {
        between(at == 0, level, out);
        put_text(key, out);
        out.push_str(if level.is_some() { ": " } else { ":" });
        put(value, level.map(|level| level + 1), out);
    }
    end(fields.is_empty(), level, out);
    out.push('}');
}

fn between(first: bool, level: Option<usize>, out: &mut String) {
    if !first {
        out.push(',');
    }
    if let Some(level) = level {
        break_line(level + 1, out);
    }
}

fn end(empty: bool, level: Option<usize>, out: &mut String) {
    if let Some(level) = level
        && !empty
    {
        break_line(level, out);
    }
}

fn break_line(level: usize, out: &mut String) {
    out.push('\n');
    for _ in 0..level {
        out.push_str("  ");
    }
}

/// RFC 8785, 3.2.2.2: only what must be escaped, the short forms where there are any.
fn put_text(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            control @ '\0'..='\u{1f}' => {
                out.push_str("\\u00");
                out.push_str(&super::hex(&[control as u8]));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn keys_are_sorted_and_escapes_are_the_short_ones() {
        let value = json!({"b": [1, -2, true, null], "a": "€$\u{f}\nA'B\"\\\\\"/𠮷", "": {}});
        // The string is of RFC 8785, 3.2.3.
        assert_eq!(
            canonical(&value),
            "{\"\":{},\"a\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/𠮷\",\"b\":[1,-2,true,null]}"
        );
        assert_eq!(
            pretty(&json!({"a": [1, {"b": []}]})),
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ]\n}\n"
        );
    }

    proptest! {
        #[test]
        fn agrees_with_the_library(texts in proptest::collection::btree_map("[a-z]{0,3}", ".*", 0..5), number in any::<i64>()) {
            let value = json!({"texts": texts, "number": number, "list": [[], {}, number]});
            prop_assert_eq!(canonical(&value), value.to_string());
            prop_assert_eq!(pretty(&value), serde_json::to_string_pretty(&value).unwrap() + "\n");
            prop_assert_eq!(serde_json::from_str::<Value>(&canonical(&value)).unwrap(), value);
        }
    }
}
