//! Whether JSON is a Verifiable Credential of the Data Model 2.0 (W3C, 2025): what that document
//! requires of sections 4 and 5, as far as it can be told without fetching anything.

use crate::domain::time::Date;
use serde_json::{Map, Value};

/// What is wrong: the member's path and a reason for people.
pub type Wrong = (String, String);

/// Terms that the base context protects (4.3, 5.2.1): a context after it may not redefine them.
const PROTECTED: [&str; 20] = [
    "id",
    "type",
    "description",
    "digestMultibase",
    "digestSRI",
    "mediaType",
    "name",
    "holder",
    "evidence",
    "proof",
    "issuer",
    "validFrom",
    "validUntil",
    "credentialSubject",
    "credentialStatus",
    "credentialSchema",
    "VerifiableCredential",
    "VerifiablePresentation",
    "EnvelopedVerifiableCredential",
    "DataIntegrityProof",
];

/// Checks a credential and the form of its proofs.
///
/// # Errors
/// The first thing that is [`Wrong`].
pub fn check(value: &Value) -> Result<(), Wrong> {
    let object = value.as_object().ok_or_else(|| wrong("", "不是 JSON 对象"))?;
    check_unsecured(object)?;
    let terms = contexts(object)?;
    for (path, proof) in things(object, "proof")? {
        optional_url(proof, "id", &format!("{path}.id"))?;
        types(proof.get("type"), &format!("{path}.type"), &terms)?;
    }
    Ok(())
}

/// Checks a credential, whatever its proofs are.
///
/// # Errors
/// The first thing that is [`Wrong`].
pub fn check_unsecured(object: &Map<String, Value>) -> Result<(), Wrong> {
    let terms = contexts(object)?;
    types(object.get("type"), "type", &terms)?;
    if !strings(object.get("type")).any(|name| name == "VerifiableCredential") {
        return Err(wrong("type", "缺少 VerifiableCredential"));
    }
    optional_url(object, "id", "id")?;
    texts(object, "")?;
    issuer(object.get("issuer"))?;
    subjects(object.get("credentialSubject"))?;
    period(object)?;
    for (member, needs_id) in [
        ("credentialStatus", false),
        ("credentialSchema", true),
        ("refreshService", false),
        ("termsOfUse", false),
        ("evidence", false),
    ] {
        for (path, thing) in things(object, member)? {
            optional_url(thing, "id", &format!("{path}.id"))?;
            if needs_id && !thing.contains_key("id") {
                return Err(wrong(&format!("{path}.id"), "缺失"));
            }
            types(thing.get("type"), &format!("{path}.type"), &terms)?;
        }
    }
    resources(object)
}

fn wrong(path: &str, what: &str) -> Wrong {
    (path.to_owned(), what.to_owned())
}

/// What the contexts say of types, as far as it can be seen without fetching them.
struct Terms<'a> {
    own: Vec<&'a Map<String, Value>>,
    /// A context of others, which may define anything.
    has_foreign: bool,
}

impl Terms<'_> {
    fn maps(&self, name: &str) -> bool {
        self.has_foreign
            || name == "DataIntegrityProof"
            || self.own.iter().any(|context| {
                let vocabulary = context.get("@vocab").is_some_and(Value::is_string);
                vocabulary || context.get(name).is_some_and(maps_to_url)
            })
    }
}

fn maps_to_url(definition: &Value) -> bool {
    let id = definition.get("@id").unwrap_or(definition);
    id.as_str().is_some_and(is_url)
}

/// 4.3: the base context first, then addresses and objects.
fn contexts(object: &Map<String, Value>) -> Result<Terms<'_>, Wrong> {
    let member = "@context";
    let contexts = object.get(member).ok_or_else(|| wrong(member, "缺失"))?;
    let contexts = contexts.as_array().ok_or_else(|| wrong(member, "不是数组"))?;
    if contexts.first().and_then(Value::as_str) != Some(super::CONTEXT[0]) {
        return Err(wrong(member, "第一项不是 https://www.w3.org/ns/credentials/v2"));
    }
    let mut terms = Terms {
        own: Vec::new(),
        has_foreign: false,
    };
    for context in &contexts[1..] {
        match context {
            Value::String(address) if is_url(address) => terms.has_foreign = true,
            Value::Object(own) => {
                for (term, definition) in own {
                    let protected = terms.own.iter().any(|before: &&Map<String, Value>| {
                        before.get("@protected") == Some(&Value::Bool(true))
                            && before.get(term).is_some_and(|first| first != definition)
                    });
                    if protected || PROTECTED.contains(&term.as_str()) {
                        return Err(wrong(member, &format!("重新定义了不能改的 {term}")));
                    }
                }
                terms.own.push(own);
            }
            _ => return Err(wrong(member, "有的项既不是网址，也不是对象")),
        }
    }
    Ok(terms)
}

/// 4.5: one or more terms or addresses; a term must be mapped by a context.
fn types(value: Option<&Value>, path: &str, terms: &Terms<'_>) -> Result<(), Wrong> {
    let value = value.ok_or_else(|| wrong(path, "缺失"))?;
    let all_text = match value {
        Value::String(_) => true,
        Value::Array(names) => !names.is_empty() && names.iter().all(Value::is_string),
        _ => false,
    };
    if !all_text {
        return Err(wrong(path, "不是文字或文字的数组"));
    }
    let unknown = strings(Some(value)).find(|name| {
        let base = PROTECTED.contains(name);
        !(base || is_url(name) || terms.maps(name))
    });
    match unknown {
        Some(name) => Err(wrong(path, &format!("{name} 没有定义"))),
        None => Ok(()),
    }
}

/// The strings of a string or an array.
fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let items = match value {
        Some(Value::Array(items)) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    items.iter().filter_map(Value::as_str)
}

/// A path, and the object there.
type Thing<'a> = (String, &'a Map<String, Value>);

/// The objects of an object or an array, with their paths.
fn things<'a>(object: &'a Map<String, Value>, member: &str) -> Result<Vec<Thing<'a>>, Wrong> {
    let (items, is_list) = match object.get(member) {
        None => return Ok(Vec::new()),
        Some(Value::Array(items)) => (items.as_slice(), true),
        Some(one) => (std::slice::from_ref(one), false),
    };
    let mut found = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let path = if is_list {
            format!("{member}[{at}]")
        } else {
            member.to_owned()
        };
        match item {
            Value::Object(thing) => found.push((path, thing)),
            _ => return Err(wrong(&path, "不是对象")),
        }
    }
    Ok(found)
}

/// 4.4: an identifier is one address.
fn optional_url(object: &Map<String, Value>, member: &str, path: &str) -> Result<(), Wrong> {
    match object.get(member) {
        None => Ok(()),
        Some(Value::String(text)) if is_url(text) => Ok(()),
        Some(_) => Err(wrong(path, "不是单个网址或 DID")),
    }
}

/// An absolute address: a scheme, a colon, and no white space.
pub(super) fn is_url(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c))
            && !rest.is_empty()
            && !rest.contains(|c: char| c.is_whitespace() || c.is_control())
    })
}

/// 4.6 and 11.1: name and description are text, or values with their language.
fn texts(object: &Map<String, Value>, path: &str) -> Result<(), Wrong> {
    for member in ["name", "description"] {
        let Some(value) = object.get(member) else { continue };
        let items = match value {
            Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        let fit = |item: &Value| match item {
            Value::String(_) => true,
            Value::Object(value) => {
                value.get("@value").is_some_and(Value::is_string)
                    && value.iter().all(|(key, value)| {
                        ["@value", "@language", "@direction"].contains(&key.as_str()) && value.is_string()
                    })
            }
            _ => false,
        };
        if !items.iter().all(fit) {
            return Err(wrong(&format!("{path}{member}"), "不是文字，也不是带语言的文字"));
        }
    }
    Ok(())
}

/// 4.7: an address, or an object whose `id` is one.
fn issuer(value: Option<&Value>) -> Result<(), Wrong> {
    match value {
        None => Err(wrong("issuer", "缺失")),
        Some(Value::String(text)) if is_url(text) => Ok(()),
        Some(Value::Object(object)) => {
            if !object.contains_key("id") {
                return Err(wrong("issuer.id", "缺失"));
            }
            optional_url(object, "id", "issuer.id")?;
            texts(object, "issuer.")
        }
        Some(_) => Err(wrong("issuer", "不是网址或 DID")),
    }
}

/// 4.8: one or more objects that say something.
fn subjects(value: Option<&Value>) -> Result<(), Wrong> {
    let path = "credentialSubject";
    let items = match value {
        None => return Err(wrong(path, "缺失")),
        Some(Value::Array(items)) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    if items.is_empty() {
        return Err(wrong(path, "是空的"));
    }
    for item in items {
        match item.as_object() {
            Some(subject) if !subject.is_empty() => optional_url(subject, "id", "credentialSubject.id")?,
            _ => return Err(wrong(path, "是空的，或不是对象")),
        }
    }
    Ok(())
}

/// 4.9: moments, the first not after the last.
fn period(object: &Map<String, Value>) -> Result<(), Wrong> {
    let moment = |member: &str| match object.get(member) {
        None => Ok(None),
        Some(value) => match value.as_str().and_then(date_time_stamp) {
            Some(ms) => Ok(Some(ms)),
            None => Err(wrong(member, "不是带时区的时间")),
        },
    };
    match (moment("validFrom")?, moment("validUntil")?) {
        (Some(from), Some(until)) if from > until => Err(wrong("validUntil", "早于 validFrom")),
        _ => Ok(()),
    }
}

/// 5.3: each with an identifier of its own, and a digest.
fn resources(object: &Map<String, Value>) -> Result<(), Wrong> {
    let mut seen = Vec::new();
    for (path, resource) in things(object, "relatedResource")? {
        let Some(id) = resource.get("id").and_then(Value::as_str) else {
            return Err(wrong(&format!("{path}.id"), "缺失"));
        };
        optional_url(resource, "id", &format!("{path}.id"))?;
        if seen.contains(&id) {
            return Err(wrong(&format!("{path}.id"), "重复"));
        }
        seen.push(id);
        let has = |member: &str| resource.get(member).is_some_and(Value::is_string);
        if !has("digestMultibase") && !has("digestSRI") {
            return Err(wrong(&path, "缺少校验值"));
        }
    }
    Ok(())
}

/// Milliseconds since 1970-01-01T00:00:00Z of an XML Schema `dateTimeStamp` in the years 1–9999:
/// a fraction of a second is allowed, an offset is required. 24:00:00 is not taken.
pub fn date_time_stamp(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T')?;
    let date = Date::parse(date)?;
    let (time, minutes) = match time.strip_suffix('Z') {
        Some(time) => (time, 0),
        None => {
            let (time, offset) = time.split_at_checked(time.len().checked_sub(6)?)?;
            let sign = match offset.as_bytes()[0] {
                b'+' => 1,
                b'-' => -1,
                _ => return None,
            };
            let (hours, minutes) = offset[1..].split_once(':')?;
            let minutes = two_digits(hours, 15)? * 60 + two_digits(minutes, 60)?;
            (
                time,
                if minutes <= 14 * 60 {
                    sign * minutes
                } else {
                    return None;
                },
            )
        }
    };
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let milliseconds: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let mut parts = time.split(':');
    let hours = two_digits(parts.next()?, 24)?;
    let seconds = hours * 3600 + two_digits(parts.next()?, 60)? * 60 + two_digits(parts.next()?, 60)?;
    if parts.next().is_some() {
        return None;
    }
    Some((date.days() * 86_400 + seconds - minutes * 60) * 1000 + milliseconds)
}

fn two_digits(text: &str, below: i64) -> Option<i64> {
    let sound = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let value: i64 = text.parse().ok().filter(|_| sound)?;
    (value < below).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Moment;
    use proptest::prelude::*;

    #[test]
    fn moments_of_all_forms() {
        for (text, ms) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("1970-01-01T08:00:00.25+08:00", Some(250)),
            ("1969-12-31T18:00:00-06:00", Some(0)),
            ("1970-01-01T00:00:00", None),
            ("1970-01-01T24:00:00Z", None),
            ("1970-01-01T00:00:00+15:00", None),
            ("1970-01-01T00:00Z", None),
            ("1970-01-01T00:00:00.Z", None),
            ("１９７０-01-01T00:00:00Z", None),
        ] {
            assert_eq!(date_time_stamp(text), ms, "{text}");
        }
    }

    proptest! {
        #[test]
        fn our_own_moments_are_read(seconds in 0i64..250_000_000_000, tz in -720i16..=840) {
            let moment = Moment { ms: seconds * 1000, tz };
            prop_assert_eq!(date_time_stamp(&moment.rfc3339()), Some(moment.ms));
        }

        #[test]
        fn never_panics(text in ".*") {
            let _ = date_time_stamp(&text);
            let _ = date_time_stamp(&format!("2026-11-25T{text}"));
        }
    }
}
