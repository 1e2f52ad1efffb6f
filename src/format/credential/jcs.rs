//! Canonical JSON, complete: RFC 8785 with keys of any script and numbers as ECMAScript writes them.
//!
//! [`crate::domain::json::canonical`] writes the same for what this portal writes itself, without
//! the tables for floating point, which the study's program has no room for.

use crate::domain::hex;
use serde_json::{Map, Number, Value};
use std::cmp::Ordering;

/// Integers up to here are doubles, and written as such.
const WHOLE: u64 = 1 << 53;

/// How many bytes are kept ready for a document: most records fit.
const USUAL: usize = 6 << 10;

/// Canonical JSON of anything.
pub fn canonical(value: &Value) -> String {
    let mut out = String::new();
    put(value, &mut out);
    out
}

/// Canonical JSON of an object.
pub fn canonical_of(fields: &Map<String, Value>) -> String {
    let mut out = String::new();
    put_fields(fields, &mut out);
    out
}

/// Canonical JSON of an object without one of its members.
pub fn canonical_without(fields: &Map<String, Value>, left_out: &str) -> String {
    let (mut out, after) = halves(fields, left_out);
    if out.len() > 1 && after.len() > 1 {
        out.push(',');
    }
    out + &after
}

/// Canonical JSON of an object, taken apart where that member stands, or would: what comes before it
/// (`{"a":1`), and what comes after it (`"z":2}`). The commas beside it are missing.
pub fn halves(fields: &Map<String, Value>, member: &str) -> (String, String) {
    let fields = sorted(fields.iter().filter(|(key, _)| *key != member));
    let at = fields.partition_point(|(key, _)| by_utf16(key, member).is_lt());
    let (mut before, mut after) = (String::with_capacity(USUAL), String::new());
    before.push('{');
    put_members(fields[..at].iter().copied(), &mut before);
    put_members(fields[at..].iter().copied(), &mut after);
    after.push('}');
    (before, after)
}

fn put(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        // 3.2.2.3: every number is a double. serde_json reads none that is not finite.
        Value::Number(number) => put_number(number, out),
        Value::String(text) => put_text(text, out),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                put(item, out);
            }
            out.push(']');
        }
        Value::Object(fields) => put_fields(fields, out),
    }
}

fn put_number(number: &Number, out: &mut String) {
    // Nearly all are such, and there are many.
    if let Some(whole) = number.as_i64().filter(|whole| whole.unsigned_abs() <= WHOLE) {
        out.push_str(itoa::Buffer::new().format(whole));
        return;
    }
    match number.as_f64().filter(|number| number.is_finite()) {
        Some(double) => out.push_str(ryu_js::Buffer::new().format_finite(double)),
        None => out.push_str("null"),
    }
}

fn put_fields(fields: &Map<String, Value>, out: &mut String) {
    out.push('{');
    // They come sorted by bytes, so that mostly there is nothing to do.
    if fields.keys().all(|key| key.is_ascii()) {
        put_members(fields.iter(), out);
    } else {
        put_members(sorted(fields.iter()).into_iter(), out);
    }
    out.push('}');
}

fn put_members<'a>(fields: impl Iterator<Item = (&'a String, &'a Value)>, out: &mut String) {
    for (at, (key, value)) in fields.enumerate() {
        if at > 0 {
            out.push(',');
        }
        put_text(key, out);
        out.push(':');
        put(value, out);
    }
}

fn sorted<'a>(fields: impl Iterator<Item = (&'a String, &'a Value)>) -> Vec<(&'a String, &'a Value)> {
    let mut fields: Vec<_> = fields.collect();
    fields.sort_by(|(a, _), (b, _)| by_utf16(a, b));
    fields
}

/// 3.2.2.2: only what must be escaped, the short forms where there are any. What need not be is
/// copied in whole runs: most of a record is such text, and it is signed and checked often.
fn put_text(text: &str, out: &mut String) {
    out.push('"');
    if !must_escape(text.as_bytes()) {
        out.push_str(text);
        out.push('"');
        return;
    }
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        let short = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            0x8 => "\\b",
            b'\t' => "\\t",
            b'\n' => "\\n",
            0xc => "\\f",
            b'\r' => "\\r",
            0..0x20 => "\\u00",
            _ => continue,
        };
        // All of these are ASCII, so that both sides of them are whole characters.
        out.push_str(&text[done..at]);
        out.push_str(short);
        if short.len() > 2 {
            out.push_str(&hex(&[byte]));
        }
        done = at + 1;
    }
    out.push_str(&text[done..]);
    out.push('"');
}

/// Whether anything in a text must be escaped: eight bytes at a time, since hardly ever is there
/// anything.
fn must_escape(text: &[u8]) -> bool {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    // The highest bit of each byte that is below another, of which the highest bit is not set; a
    // borrow may set that of one above it too, never without cause.
    let below = |eight: u64, limit: u64| eight.wrapping_sub(ONES * limit) & !eight & HIGH;
    let (eights, rest) = text.as_chunks::<8>();
    let found = eights.iter().fold(0, |found, eight| {
        let eight = u64::from_le_bytes(*eight);
        let is = |byte: u8| below(eight ^ (ONES * u64::from(byte)), 1);
        found | below(eight, 0x20) | is(b'"') | is(b'\\')
    });
    found != 0
        || rest
            .iter()
            .any(|&byte| byte < 0x20 || byte == b'"' || byte == b'\\')
}

/// 3.2.3: keys are sorted by their UTF-16 code units. That is the order of bytes, except for
/// characters from U+E000 on.
fn by_utf16(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() {
        a.cmp(b)
    } else {
        a.encode_utf16().cmp(b.encode_utf16())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::json;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_member_can_be_left_out() {
        let value = json!({"b": 1, "proof": {}, "a": [null, true]});
        let fields = value.as_object().unwrap();
        assert_eq!(canonical_without(fields, "proof"), r#"{"a":[null,true],"b":1}"#);
        assert_eq!(canonical_without(fields, "a"), r#"{"b":1,"proof":{}}"#);
        assert_eq!(
            canonical_without(fields, "zz"),
            r#"{"a":[null,true],"b":1,"proof":{}}"#
        );
        assert_eq!(canonical_without(json!({"a": 1}).as_object().unwrap(), "a"), "{}");
        let parts = |member: &str| halves(fields, member);
        assert_eq!(
            parts("b"),
            (r#"{"a":[null,true]"#.into(), r#""proof":{}}"#.into())
        );
        assert_eq!(parts("a").0, "{");
        assert_eq!(parts("z").1, "}");
    }

    #[test]
    fn whole_numbers_are_written_as_such_as_far_as_doubles_are_exact() {
        for (number, text) in [
            (json!(9_007_199_254_740_992i64), "9007199254740992"),
            (json!(9_007_199_254_740_993i64), "9007199254740992"),
            (json!(-9_007_199_254_740_993i64), "-9007199254740992"),
            (json!(-0.0), "0"),
            (json!(1e21), "1e+21"),
            (json!(12.0), "12"),
        ] {
            assert_eq!(canonical(&number), text);
        }
    }

    proptest! {
        #[test]
        fn agrees_with_what_records_are_digested_by(
            texts in proptest::collection::btree_map("[a-z]{0,3}", ".*", 0..5),
            number in -9_007_199_254_740_991i64..=9_007_199_254_740_991,
        ) {
            let value = json!({"texts": texts, "number": number, "list": [[], {}, number]});
            prop_assert_eq!(canonical(&value), json::canonical(&value));
        }

        #[test]
        fn survives_being_read(keys in proptest::collection::btree_map(".*", any::<f64>(), 0..5)) {
            let value: Value = keys
                .into_iter()
                .filter_map(|(key, number)| Some((key, Value::Number(serde_json::Number::from_f64(number)?))))
                .collect();
            let text = canonical(&value);
            let again: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(canonical(&again), text);
        }
    }
}
