//! Reads JSON that somebody sent, strictly: limits on size, depth and number of values, and no
//! member twice, so that no two programs can read different things in the same signed text.

use super::super::json_path;
use super::super::record::{self, RecordError};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};
use std::cell::Cell;
use std::fmt;

/// Largest file: 2 MiB, as for an unsigned record.
pub const MAX_BYTES: usize = record::MAX_BYTES as usize;
/// Deepest nesting. A signed record has nine levels.
pub(super) const MAX_DEPTH: usize = 32;
/// Most values in one file.
pub(super) const MAX_VALUES: usize = 100_000;

/// Why a file is not a credential of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Too large, empty, of another kind or not text.
    File(RecordError),
    /// Not JSON: line and column.
    NotJson(usize, usize),
    /// A member comes twice: its path.
    Twice(String),
    /// Nested too deeply, or too many values.
    TooMuch,
    /// Sound JSON, but no credential at all.
    NotCredential,
    /// A record that was never signed.
    Unsigned,
    /// A member is missing, unknown or wrong: path and what is wrong.
    Field(String, String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => error.fmt(f),
            Self::NotJson(line, column) => write!(
                f,
                "内容不完整或已损坏（第 {line} 行第 {column} 列读不下去），请对方重新发送"
            ),
            Self::Twice(path) => write!(f, "字段 {path}：重复出现，不同的软件会读出不同的内容，不能采信"),
            Self::TooMuch => f.write_str("内容的层数或项数太多，不是学档签名的培养记录"),
            Self::NotCredential => f.write_str("不是学档签名的培养记录（缺少 @context、type 等凭证标记）"),
            Self::Unsigned => f.write_str("这是没有签名的培养记录，无从核对是谁签发的；请对方签名后重新发送"),
            Self::Field(path, what) => write!(f, "字段 {path}：{what}"),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads a file.
///
/// # Errors
/// [`ReadError`], to be shown behind the file's name.
pub fn json(bytes: &[u8]) -> Result<Value, ReadError> {
    if bytes.len() > MAX_BYTES {
        return Err(ReadError::File(RecordError::TooLarge(bytes.len() as u64)));
    }
    let text = record::text_of(bytes).map_err(ReadError::File)?;
    let left = Cell::new(MAX_VALUES);
    let strict = Strict {
        depth: MAX_DEPTH,
        left: &left,
    };
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = strict
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let says = error.to_string();
        if says.starts_with(TWICE) {
            let place = json_path::place(text, line, column);
            ReadError::Twice(place.item)
        } else if says.starts_with(TOO_MUCH) || says.starts_with("recursion limit") {
            ReadError::TooMuch
        } else {
            ReadError::NotJson(line, column)
        }
    })
}

const TWICE: &str = "member twice";
const TOO_MUCH: &str = "too much";

/// A value, with how deep it may still go and how many more there may be.
#[derive(Clone, Copy)]
struct Strict<'a> {
    depth: usize,
    left: &'a Cell<usize>,
}

impl Strict<'_> {
    fn inner<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth = self.depth.checked_sub(1).ok_or_else(|| E::custom(TOO_MUCH))?;
        Ok(Self { depth, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let left = self.left.get().checked_sub(1);
        self.left.set(left.ok_or_else(|| D::Error::custom(TOO_MUCH))?);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("not finite"))?;
        Ok(Value::Number(number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let Entry::Vacant(place) = object.entry(key) else {
                return Err(A::Error::custom(TWICE));
            };
            place.insert(members.next_value_seed(inner)?);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn refuses_what_could_be_read_in_two_ways() {
        let twice = json(br#"{"a":{"b":1,"c":[{"d":1,"d":2}]}}"#);
        assert_eq!(twice, Err(ReadError::Twice("a.c[0].d".into())));
        // The same name, spelled differently.
        assert!(matches!(json(br#"{"a":1,"\u0061":2}"#), Err(ReadError::Twice(_))));
        assert!(matches!(
            json(br#"{"a":"\ud800"}"#),
            Err(ReadError::NotJson(1, _))
        ));
        assert!(matches!(json(br#"{"a":1e999}"#), Err(ReadError::NotJson(1, _))));
        assert!(matches!(json(b"{} {}"), Err(ReadError::NotJson(1, _))));
    }

    #[test]
    fn has_limits() {
        let deep = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
        assert_eq!(json(deep.as_bytes()), Err(ReadError::TooMuch));
        let wide = format!("[{}0]", "0,".repeat(MAX_VALUES));
        assert_eq!(json(wide.as_bytes()), Err(ReadError::TooMuch));
        let long = vec![b' '; MAX_BYTES + 1];
        assert!(matches!(
            json(&long),
            Err(ReadError::File(RecordError::TooLarge(_)))
        ));
        assert_eq!(json(b""), Err(ReadError::File(RecordError::Empty)));
        assert!(matches!(
            json(b"PK\x03\x04"),
            Err(ReadError::File(RecordError::OtherKind(_)))
        ));
    }

    proptest! {
        #[test]
        fn reads_what_the_library_reads(text in r#"[\[\]{}",:0-9a-e.\\ -]{0,40}"#) {
            if let Ok(value) = json(text.as_bytes()) {
                prop_assert_eq!(Some(value), serde_json::from_str(&text).ok());
            }
        }

        #[test]
        fn never_panics(bytes in any::<Vec<u8>>()) {
            let _ = json(&bytes);
        }
    }
}
