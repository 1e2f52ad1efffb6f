//! The credential around a record, in exactly our form: nothing in it that a reader would not see.

use super::read::ReadError;
use super::{CONTEXT, MAX_PROOFS, TYPES, model};
use crate::domain::record::FORMAT;
use serde_json::{Map, Value};

/// A JSON object.
pub type Object = Map<String, Value>;

/// A credential of ours, by its parts. Whether its proofs hold is another matter.
#[derive(Clone, Debug)]
pub struct Envelope<'a> {
    /// The whole, proofs included.
    pub document: &'a Object,
    /// The `did:key` of who signed it first.
    pub issuer: &'a str,
    /// When it was issued, by the issuer's device; RFC 3339.
    pub valid_from: &'a str,
    /// The record.
    pub record: &'a Object,
    /// Its proofs, in the order of the file; at least one.
    pub proofs: Vec<&'a Object>,
}

const MEMBERS: [&str; 6] = [
    "@context",
    "type",
    "issuer",
    "validFrom",
    "credentialSubject",
    "proof",
];

/// Opens what was read.
///
/// # Errors
/// [`ReadError`].
pub fn open(value: &Value) -> Result<Envelope<'_>, ReadError> {
    let document = value.as_object().ok_or(ReadError::NotCredential)?;
    if document.get("format").and_then(Value::as_str) == Some(FORMAT) {
        return Err(ReadError::Unsigned);
    }
    if !document.contains_key("@context") && !document.contains_key("credentialSubject") {
        return Err(ReadError::NotCredential);
    }
    model::check_unsecured(document).map_err(|(path, what)| ReadError::Field(path, what))?;
    // Data Integrity 1.0, 2: who does not process JSON-LD holds contexts to what is expected.
    listed(document, "@context", &CONTEXT)?;
    listed(document, "type", &TYPES)?;
    only(document, &MEMBERS, "")?;
    let Some(issuer) = document.get("issuer").and_then(Value::as_str) else {
        return Err(field("issuer", "不是一把钥匙（did:key:z6Mk…）"));
    };
    let Some(valid_from) = document.get("validFrom").and_then(Value::as_str) else {
        return Err(field("validFrom", "缺失"));
    };
    let subject = document.get("credentialSubject").and_then(Value::as_object);
    let subject = subject.ok_or_else(|| field("credentialSubject", "不是单个对象"))?;
    only(subject, &["id", "record"], "credentialSubject.")?;
    if subject.get("id").and_then(Value::as_str) != Some(issuer) {
        return Err(field("credentialSubject.id", "与签发人 issuer 不一致"));
    }
    let record = subject.get("record").and_then(Value::as_object);
    let record = record.ok_or_else(|| field("credentialSubject.record", "缺失，或不是培养记录"))?;
    if record.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(field("credentialSubject.record.format", "不是 xuedang-record"));
    }
    for member in ["body", "digest"] {
        if !record.get(member).is_some_and(Value::is_object) {
            return Err(field(
                &format!("credentialSubject.record.{member}"),
                "缺失，或不是对象",
            ));
        }
    }
    let proofs = match document.get("proof") {
        None => return Err(ReadError::Unsigned),
        Some(Value::Array(proofs)) => proofs.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    if proofs.is_empty() {
        return Err(ReadError::Unsigned);
    }
    if proofs.len() > MAX_PROOFS {
        return Err(field("proof", &format!("超过 {MAX_PROOFS} 份签名")));
    }
    let proofs: Option<Vec<_>> = proofs.iter().map(Value::as_object).collect();
    Ok(Envelope {
        document,
        issuer,
        valid_from,
        record,
        proofs: proofs.ok_or_else(|| field("proof", "有的签名不是对象"))?,
    })
}

fn field(path: &str, what: &str) -> ReadError {
    ReadError::Field(path.to_owned(), what.to_owned())
}

/// A member that is exactly this list.
fn listed(document: &Object, member: &str, list: &[&str]) -> Result<(), ReadError> {
    let same = document
        .get(member)
        .and_then(Value::as_array)
        .is_some_and(|items| {
            let items = items.iter().map(Value::as_str);
            items.eq(list.iter().map(|&item| Some(item)))
        });
    if same {
        Ok(())
    } else {
        Err(field(member, "不是学档签名的培养记录所用的"))
    }
}

/// No members but these.
pub(super) fn only(object: &Object, known: &[&str], before: &str) -> Result<(), ReadError> {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => {
            let key: String = key.chars().filter(|c| !c.is_control()).take(40).collect();
            Err(field(&format!("{before}{key}"), "不属于学档签名的培养记录"))
        }
        None => Ok(()),
    }
}
