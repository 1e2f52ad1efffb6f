//! Canonical JSON, complete: RFC 8785 with keys of any script and numbers as ECMAScript writes them.
//!
//! [`crate::domain::json::canonical`] writes the same for what this portal writes itself, without
//! the tables for floating point, which the study's program has no room for.

use crate::domain::hex;
use serde_json::{Map, Number, Value};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

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

/// Canonical JSON of an object, taken apart where one of its members stands, or would. The commas
/// beside it are missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parted<'a> {
    /// What comes before it: `{"a":1`.
    pub before: Cow<'a, str>,
    /// The member, `"m":2`; empty when there is none.
    pub member: Cow<'a, str>,
    /// What comes after it: `"z":3}`.
    pub after: Cow<'a, str>,
}

impl Parted<'static> {
    /// Writes it.
    pub fn of(fields: &Map<String, Value>, member: &str) -> Self {
        let mut written = String::new();
        put_members(fields.get_key_value(member).into_iter(), &mut written);
        Self {
            member: written.into(),
            ..Self::around(fields, member)
        }
    }

    /// Writes it, but for the member.
    pub fn around(fields: &Map<String, Value>, member: &str) -> Self {
        let others = sorted(fields.iter().filter(|(key, _)| *key != member));
        let at = others.partition_point(|(key, _)| by_utf16(key, member).is_lt());
        let (mut before, mut after) = (String::with_capacity(USUAL), String::new());
        before.push('{');
        put_members(others[..at].iter().copied(), &mut before);
        put_members(others[at..].iter().copied(), &mut after);
        after.push('}');
        Self {
            before: before.into(),
            member: Cow::Borrowed(""),
            after: after.into(),
        }
    }
}

impl<'a> Parted<'a> {
    /// Of a text that is canonical, and where the member stands in it.
    pub fn at(text: &'a str, member: Range<usize>) -> Self {
        let (before, after) = (&text[..member.start], &text[member.end..]);
        Self {
            before: before.strip_suffix(',').unwrap_or(before).into(),
            member: text[member].into(),
            after: after.strip_prefix(',').unwrap_or(after).into(),
        }
    }

    /// All of it.
    pub fn whole(&self) -> [&str; 5] {
        let (is_first, is_last) = (self.before.len() == 1, self.after.len() == 1);
        let comma = |needed: bool| if needed { "," } else { "" };
        let has_member = !self.member.is_empty();
        [
            &self.before,
            comma(has_member && !is_first),
            &self.member,
            comma(!is_last && (has_member || !is_first)),
            &self.after,
        ]
    }

    /// The object without the member.
    pub fn without(&self) -> [&str; 3] {
        let comma = if self.before.len() > 1 && self.after.len() > 1 {
            ","
        } else {
            ""
        };
        [&self.before, comma, &self.after]
    }
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
    let mut rest = text;
    loop {
        // What must be escaped is ASCII, so that both sides of it are whole characters.
        let (run, after) = rest.split_at(plain(rest.as_bytes()));
        out.push_str(run);
        let Some(&byte) = after.as_bytes().first() else {
            break;
        };
        let short = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            0x8 => "\\b",
            b'\t' => "\\t",
            b'\n' => "\\n",
            0xc => "\\f",
            b'\r' => "\\r",
            _ => "\\u00",
        };
        out.push_str(short);
        if short.len() > 2 {
            out.push_str(&hex(&[byte]));
        }
        rest = &after[1..];
    }
    out.push('"');
}

/// How many bytes of a text come before the first that must be escaped: eight at a time, since hardly
/// ever is there one.
pub(super) fn plain(text: &[u8]) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    // The highest bit of each byte that is below another, of which the highest bit is not set; a
    // borrow may set that of one above it too, never of one below the first.
    let below = |eight: u64, limit: u64| eight.wrapping_sub(ONES * limit) & !eight & HIGH;
    let (eights, rest) = text.as_chunks::<8>();
    for (at, eight) in eights.iter().enumerate() {
        let eight = u64::from_le_bytes(*eight);
        let is = |byte: u8| below(eight ^ (ONES * u64::from(byte)), 1);
        let found = below(eight, 0x20) | is(b'"') | is(b'\\');
        if found != 0 {
            return at * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let must_be = |byte: &u8| *byte < 0x20 || *byte == b'"' || *byte == b'\\';
    text.len() - rest.len() + rest.iter().position(must_be).unwrap_or(rest.len())
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
        let parted = |member: &str| Parted::of(value.as_object().unwrap(), member);
        let without = |member: &str| parted(member).without().concat();
        assert_eq!(without("proof"), r#"{"a":[null,true],"b":1}"#);
        assert_eq!(without("a"), r#"{"b":1,"proof":{}}"#);
        assert_eq!(without("zz"), r#"{"a":[null,true],"b":1,"proof":{}}"#);
        let one = Parted::of(json!({"a": 1}).as_object().unwrap(), "a");
        assert_eq!(one.without().concat(), "{}");
        assert_eq!(parted("b").before, r#"{"a":[null,true]"#);
        assert_eq!(parted("b").member, r#""b":1"#);
        assert_eq!(parted("b").after, r#""proof":{}}"#);
        assert_eq!(parted("a").before, "{");
        assert_eq!((&*parted("z").member, &*parted("z").after), ("", "}"));
    }

    #[test]
    fn a_text_is_taken_apart_as_what_it_says_is_written() {
        let value = json!({"b": 1, "proof": {"b": 2}, "a": [null, true]});
        let fields = value.as_object().unwrap();
        let text = canonical(&value);
        for member in ["a", "b", "proof"] {
            let written = canonical(&json!({ member: value[member] }));
            let written = &written[1..written.len() - 1];
            let start = text.find(written).unwrap();
            let parted = Parted::at(&text, start..start + written.len());
            assert_eq!(parted, Parted::of(fields, member));
            assert_eq!(parted.whole().concat(), text);
        }
        for none in ["", "aa", "z"] {
            assert_eq!(Parted::of(fields, none).whole().concat(), text);
        }
        for (one, member) in [(json!({"a": 1}), "a"), (json!({"a": 1}), "b"), (json!({}), "a")] {
            let parted = Parted::of(one.as_object().unwrap(), member);
            assert_eq!(parted.whole().concat(), canonical(&one));
        }
    }

    #[test]
    fn every_byte_that_must_be_escaped_is_found_wherever_it_stands() {
        for byte in (0..=0x21).chain([b'"', b'\\', 0x7f, b'[', b']']) {
            let must_be = byte < 0x20 || byte == b'"' || byte == b'\\';
            for at in 0..20 {
                for other in ["好", "a", "\u{7f}", "\u{a2}\u{dc}"] {
                    let mut text = other.repeat(at);
                    let before = text.len();
                    text.push(char::from(byte));
                    text.push_str("é\"");
                    let expected = if must_be { before } else { before + 3 };
                    assert_eq!(plain(text.as_bytes()), expected, "{text:?}");
                }
            }
        }
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
