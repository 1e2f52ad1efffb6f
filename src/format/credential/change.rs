//! A lost key: the declaration that a new one takes the place of an old one.
//!
//! Nothing can prove that a lost key's owner made the new one: whoever finds the declaration's form
//! can fill it in. So it is a slip of paper to be confirmed in person, and says so. It is signed by
//! the new key, which shows that the declarer has it and that nothing was altered; and by the old
//! one too when it is still at hand, which does link the two.

use super::envelope::{Object, only};
use super::key::{PublicKey, SecretKey};
use super::read::{self, ReadError};
pub use super::report::KeyChange;
use super::{MAX_NAME, jcs, proof};
use crate::domain::time::{Env, Moment};
use serde_json::{Value, json};

/// The name of the format.
pub const FORMAT: &str = "xuedang-key-change";
/// The version that this build writes and reads.
pub const VERSION: u16 = 1;

/// Declares it. `old` is the old key's `did:key`, or the key itself where it is still at hand.
///
/// # Errors
/// [`ReadError::Field`] when the name or the old key is not fit.
pub fn declare(
    name: &str,
    old: Result<&SecretKey, &str>,
    new: &SecretKey,
    env: &Env,
) -> Result<Value, ReadError> {
    let old_did = match old {
        Ok(key) => key.public().did(),
        Err(did) => did.to_owned(),
    };
    let new_did = new.public().did();
    let mut value = json!({
        "format": FORMAT,
        "version": VERSION,
        "name": name.trim(),
        "old": old_did,
        "new": new_did,
        "made_at": env.now.rfc3339(),
    });
    let id = format!("urn:xuedang:key-change:{:032x}", env.chance);
    if let Value::Object(document) = &mut value {
        let mut options = Object::new();
        options.insert("created".into(), env.now.rfc3339().into());
        let mut of_new = options.clone();
        of_new.insert("id".into(), id.clone().into());
        let _ = proof::add(document, of_new, new);
        if let Ok(old) = old {
            options.insert("previousProof".into(), id.into());
            let _ = proof::add(document, options, old);
        }
    }
    // What we write, we can read.
    open_value(&value)?;
    Ok(value)
}

/// The text that a declaration is kept and sent as.
pub fn write(change: &Value) -> String {
    jcs::canonical(change)
}

/// Reads a declaration and checks it.
///
/// # Errors
/// [`ReadError`] when it is none.
pub fn open(bytes: &[u8]) -> Result<KeyChange, ReadError> {
    let value = read::json(bytes).map_err(|error| match error {
        ReadError::File(_) => not_one(),
        other => other,
    })?;
    open_value(&value)
}

fn not_one() -> ReadError {
    ReadError::Field("format".into(), "不是更换钥匙的声明".into())
}

fn open_value(value: &Value) -> Result<KeyChange, ReadError> {
    let field = |path: &str, what: &str| ReadError::Field(path.into(), what.into());
    let document = value.as_object().ok_or_else(not_one)?;
    if document.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(not_one());
    }
    if document.get("version").and_then(Value::as_u64) != Some(u64::from(VERSION)) {
        return Err(field("version", "版本不对，请刷新本页更新学档"));
    }
    only(
        document,
        &["format", "version", "name", "old", "new", "made_at", "proof"],
        "",
    )?;
    let text = |member: &str| {
        let text = document.get(member).and_then(Value::as_str);
        text.ok_or_else(|| field(member, "缺失，或不是文字"))
    };
    let name = text("name")?;
    if name.trim().is_empty() || name.chars().any(char::is_control) || name.chars().nth(MAX_NAME).is_some() {
        return Err(field("name", "为空、过长，或含有不能显示的字符"));
    }
    let key = |member: &str| {
        let key = PublicKey::from_did(text(member)?);
        key.ok_or_else(|| field(member, "不是一把钥匙（did:key:z6Mk…）"))
    };
    let (old, new) = (key("old")?, key("new")?);
    if old == new {
        return Err(field("new", "与旧钥匙相同"));
    }
    let made_at = text("made_at")?;
    if Moment::parse_rfc3339(made_at).is_none() {
        return Err(field("made_at", "时间的写法不对"));
    }
    let proofs: Option<Vec<&Object>> = match document.get("proof") {
        Some(Value::Array(proofs)) if proofs.len() <= 2 => proofs.iter().map(Value::as_object).collect(),
        _ => None,
    };
    let proofs = proofs.ok_or_else(|| field("proof", "缺失，或不是一份或两份签名"))?;
    let holds = |key: &PublicKey, proof: &Object| {
        let method = proof.get("verificationMethod").and_then(Value::as_str);
        let previous = proof::previous(proof, &proofs);
        method == Some(&*key.method())
            && previous.is_ok_and(|previous| proof::verify(document, proof, &previous, key))
    };
    let of_new = proofs.first().is_some_and(|proof| holds(&new, proof));
    let of_old = proofs.get(1).map(|proof| holds(&old, proof));
    Ok(KeyChange {
        name: name.to_owned(),
        old: old.did(),
        old_fingerprint: old.fingerprint(),
        new: new.did(),
        new_fingerprint: new.fingerprint(),
        made_at: made_at.to_owned(),
        holds: of_new && of_old != Some(false),
        old_agrees: of_new && of_old == Some(true),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env() -> Env {
        Env {
            now: Moment {
                ms: 1_795_406_400_000,
                tz: 480,
            },
            chance: 5,
        }
    }

    #[test]
    fn a_declaration_says_what_it_can_and_no_more() {
        let (old, new) = (SecretKey::from_bytes(&[1; 32]), SecretKey::from_bytes(&[2; 32]));
        let lost = declare("王喆", Err(&old.public().did()), &new, &env()).unwrap();
        let read = open(write(&lost).as_bytes()).unwrap();
        assert!(read.holds && !read.old_agrees);
        assert!(read.says().concat().contains("不能证明声明人就是旧钥匙的主人"));
        assert!(read.says().concat().contains("当面"));
        let planned = declare("王喆", Ok(&old), &new, &env()).unwrap();
        let read = open(write(&planned).as_bytes()).unwrap();
        assert!(read.holds && read.old_agrees);
        assert_eq!(read.old_fingerprint, old.public().fingerprint());
    }

    #[test]
    fn every_single_byte_of_it_counts() {
        let (old, new) = (SecretKey::from_bytes(&[1; 32]), SecretKey::from_bytes(&[2; 32]));
        let text = write(&declare("王喆", Ok(&old), &new, &env()).unwrap());
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            let caught = open(&bytes).map_or(true, |read| !read.holds);
            assert!(caught, "{at}: {}", String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn nonsense_is_refused() {
        let new = SecretKey::from_bytes(&[2; 32]);
        let old = SecretKey::from_bytes(&[1; 32]).public().did();
        assert!(declare("", Err(&old), &new, &env()).is_err());
        assert!(declare("王喆", Err("did:key:z6Mk"), &new, &env()).is_err());
        assert!(declare("王喆", Ok(&new), &new, &env()).is_err());
    }
}
