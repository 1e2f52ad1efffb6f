//! Makes a signed record, and countersigns one.

use super::envelope::{self, Object};
use super::key::SecretKey;
use super::read::ReadError;
use super::report::Report;
use super::{ALL_PARTS, CONTEXT, MAX_MENTORS, Role, Statement, TYPES, check, jcs, proof};
use crate::domain::hex;
use crate::domain::json::value_of;
use crate::domain::time::Env;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt;

/// Why a record was not signed.
#[derive(Clone, Debug, PartialEq)]
pub enum IssueError {
    /// What was to be signed is no record, or no signed record.
    Read(ReadError),
    /// It does not hold as it is: nobody should put a name to it.
    Broken(Box<Report>),
    /// What was typed is not fit: why.
    Statement(String),
    /// This key has signed it before.
    SameKey,
    /// There is nothing to sign as that: the branch has signed, or two mentors have.
    Full(Role),
}

impl fmt::Display for IssueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => error.fmt(f),
            Self::Broken(report) => write!(f, "没有签名：{}", report.headline()),
            Self::Statement(why) => write!(f, "没有签名：{why}"),
            Self::SameKey => f.write_str(
                "没有签名：这份记录已经用这把钥匙签过名。每个人用自己的钥匙，不能替别人签，也不能签两次",
            ),
            Self::Full(Role::Activist) => f.write_str("没有签名：本人已经签过名"),
            Self::Full(Role::Mentor) => {
                f.write_str("没有签名：两位培养联系人都已签名，或党支部已经签名，不能再加培养联系人的意见")
            }
            Self::Full(Role::Branch) => f.write_str("没有签名：党支部已经签过名"),
        }
    }
}

impl std::error::Error for IssueError {}

/// Signs a record as its activist. `record` is a whole record as it is exported, of any version.
///
/// # Errors
/// [`IssueError::Read`] when it is none.
pub fn sign(record: &Value, key: &SecretKey, env: &Env) -> Result<Value, IssueError> {
    let did = key.public().did();
    let mut document = json!({
        "@context": CONTEXT,
        "type": TYPES,
        "issuer": did,
        "validFrom": env.now.rfc3339(),
        "credentialSubject": {"id": did, "record": record},
    });
    if let Value::Object(document) = &mut document {
        let parts = parts_of(document);
        put(document, Statement::Activist { parts }, None, key, env);
    }
    // What we write, we can read.
    envelope::open(&document).map_err(IssueError::Read)?;
    Ok(document)
}

/// Signs as a mentor or for the branch what others have signed.
///
/// # Errors
/// [`IssueError`]; nothing is signed then.
pub fn countersign(
    credential: &Value,
    statement: Statement,
    key: &SecretKey,
    env: &Env,
) -> Result<Value, IssueError> {
    if let Some(why) = statement.unfit() {
        return Err(IssueError::Statement(why));
    }
    let report = check::verify_value(credential.clone()).map_err(IssueError::Read)?;
    if !report.holds {
        return Err(IssueError::Broken(Box::new(report)));
    }
    let signed_as = |role| {
        report
            .proofs
            .iter()
            .filter(|proof| proof.role == Some(role))
            .count()
    };
    let full = match statement.role() {
        Role::Activist => true,
        Role::Mentor => signed_as(Role::Mentor) >= MAX_MENTORS || signed_as(Role::Branch) > 0,
        Role::Branch => signed_as(Role::Branch) > 0,
    };
    if full {
        return Err(IssueError::Full(statement.role()));
    }
    let did = key.public().did();
    if report.proofs.iter().any(|proof| proof.key == did) {
        return Err(IssueError::SameKey);
    }
    let mut credential = credential.clone();
    let last = match credential.get("proof") {
        Some(Value::Array(proofs)) => proofs.last(),
        one => one,
    };
    let last = last.and_then(|proof| proof.get("id")).cloned();
    if let Value::Object(document) = &mut credential {
        put(document, statement, last, key, env);
    }
    Ok(credential)
}

/// The text that a signed record is kept and sent as: canonical JSON, in one line.
pub fn write(credential: &Value) -> String {
    jcs::canonical(credential)
}

fn put(document: &mut Object, statement: Statement, previous: Option<Value>, key: &SecretKey, env: &Env) {
    let mut options = Object::new();
    options.insert("id".into(), uuid(env.chance).into());
    options.insert("created".into(), env.now.rfc3339().into());
    options.insert("documentDigest".into(), digest_of(document).into());
    options.insert("statement".into(), value_of(&statement));
    if let Some(previous) = previous {
        options.insert("previousProof".into(), previous);
    }
    // The proof that it names is the last of the document's.
    let _ = proof::add(document, options, key);
}

/// A version 4 UUID (RFC 9562, 5.4) of 128 random bits, as a URN.
fn uuid(chance: u128) -> String {
    let bits = chance & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let digits = format!("{bits:032x}");
    format!(
        "urn:uuid:{}-{}-{}-{}-{}",
        &digits[..8],
        &digits[8..12],
        &digits[12..16],
        &digits[16..20],
        &digits[20..]
    )
}

/// SHA-256 of a document without its proofs, lower-case hexadecimal: a proof's `documentDigest`.
fn digest_of(document: &Object) -> String {
    hex(&proof::hash_document(document, &[]))
}

/// The digests of a document's parts; see [`Statement::Activist`].
pub(super) fn parts_of(document: &Object) -> BTreeMap<String, String> {
    let mut parts = BTreeMap::new();
    let mut take = |path: String, value: &Value| {
        parts.insert(path, short_digest(&jcs::canonical(value)));
    };
    for (member, value) in document.iter().filter(|(member, _)| *member != "proof") {
        match value {
            Value::Object(subject) if member == "credentialSubject" => {
                for (member, value) in subject {
                    match value {
                        Value::Object(record) if member == "record" => {
                            for (member, value) in record {
                                match value {
                                    Value::Object(body) if member == "body" => {
                                        body.iter().for_each(|(member, value)| {
                                            take(format!("record.body.{member}"), value)
                                        })
                                    }
                                    _ => take(format!("record.{member}"), value),
                                }
                            }
                        }
                        _ => take(format!("credentialSubject.{member}"), value),
                    }
                }
            }
            _ => take(member.clone(), value),
        }
    }
    let all = sum_of(&parts);
    parts.insert(ALL_PARTS.into(), all);
    parts
}

/// What stands under [`ALL_PARTS`].
pub(super) fn sum_of(parts: &BTreeMap<String, String>) -> String {
    let others: BTreeMap<_, _> = parts.iter().filter(|(path, _)| *path != ALL_PARTS).collect();
    short_digest(&jcs::canonical(&value_of(&others)))
}

fn short_digest(text: &str) -> String {
    hex(&Sha256::digest(text)[..8])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ids_are_uuids_of_version_four(chance in any::<u128>()) {
            let id = uuid(chance);
            let shape: String = id.chars().skip(9).map(|c| if c == '-' { '-' } else { 'x' }).collect();
            prop_assert_eq!(shape, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
            prop_assert_eq!(id.as_bytes()[23], b'4');
            prop_assert!(b"89ab".contains(&id.as_bytes()[28]));
        }
    }
}
