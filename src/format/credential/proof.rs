//! One Data Integrity proof of the suite `eddsa-jcs-2022` (Data Integrity EdDSA Cryptosuites 1.0,
//! 3.3), and chains of them (Data Integrity 1.0, 4.3 and 4.5).
//!
//! What is signed is the SHA-256 of the canonical proof without its value, then the SHA-256 of the
//! canonical document. For a proof with `previousProof` the document has in `proof` the list of
//! the proofs that it names; for any other it has no `proof`. (4.3 would set an empty list there.
//! To RDF that is the same; for canonical JSON only the document without it agrees with 4.2, with
//! the suite's own algorithms and with other programs.)

use super::envelope::Object;
use super::jcs::Parted;
use super::key::{PublicKey, SecretKey, from_multibase, to_multibase};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;

/// The proofs that one names as previous, in the order of the file.
///
/// # Errors
/// An id that none of them has; an empty one when `previousProof` is neither text nor a list of it.
pub fn previous<'a>(proof: &Object, all: &[&'a Object]) -> Result<Vec<&'a Object>, String> {
    let places = previous_places(proof, all)?;
    Ok(places.into_iter().map(|place| all[place]).collect())
}

/// Their places.
///
/// # Errors
/// As of [`previous`].
pub fn previous_places(proof: &Object, all: &[&Object]) -> Result<Vec<usize>, String> {
    let wanted = match proof.get("previousProof") {
        None => return Ok(Vec::new()),
        Some(Value::Array(ids)) => ids.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    let wanted: Option<Vec<&str>> = wanted.iter().map(Value::as_str).collect();
    let wanted = wanted.unwrap_or_default();
    if wanted.is_empty() {
        return Err(String::new());
    }
    let id_at = |place: usize| all[place].get("id").and_then(Value::as_str);
    if let Some(missing) = wanted
        .iter()
        .find(|id| !(0..all.len()).any(|place| id_at(place) == Some(id)))
    {
        return Err((*missing).to_owned());
    }
    let named = |place: &usize| id_at(*place).is_some_and(|id| wanted.contains(&id));
    Ok((0..all.len()).filter(named).collect())
}

/// The member that a document is taken apart at: its proofs.
pub const PROOFS: &str = "proof";
/// The member that a proof is taken apart at: its signature.
pub const VALUE: &str = "proofValue";

/// A document, hashed up to where its proofs stand, so that it is hashed once however many proofs are
/// over it: each adds only the proofs that it names.
#[derive(Clone, Debug)]
pub struct Hasher<'a> {
    before: Sha256,
    /// No member stands before the proofs.
    is_first: bool,
    after: Cow<'a, str>,
}

impl<'a> Hasher<'a> {
    /// Hashes a document that is taken apart at its [`PROOFS`].
    pub fn new(document: Parted<'a>) -> Self {
        Self {
            is_first: document.before.len() == 1,
            before: Sha256::new_with_prefix(&*document.before),
            after: document.after,
        }
    }

    /// As of [`hash_document`].
    pub fn hash(&self, previous: &[&Parted<'_>]) -> [u8; 32] {
        let mut hash = self.before.clone();
        let mut needs_comma = !self.is_first;
        for (at, proof) in previous.iter().enumerate() {
            hash.update(match at {
                0 if needs_comma => ",\"proof\":[",
                0 => "\"proof\":[",
                _ => ",",
            });
            proof.whole().iter().for_each(|piece| hash.update(piece));
        }
        if !previous.is_empty() {
            hash.update("]");
            needs_comma = true;
        }
        if needs_comma && self.after.len() > 1 {
            hash.update(",");
        }
        hash.update(&*self.after);
        hash.finalize().into()
    }
}

/// What a proof signs; `None` when its contexts are not the first of the document's (3.3.2, 4).
/// `previous` are the proofs that it names.
pub fn message(document: &Object, proof: &Object, previous: &[&Object]) -> Option<[u8; 64]> {
    let document_hash = match proof.get("@context") {
        Some(contexts) if document.get("@context") != Some(contexts) => {
            let all = as_list(document.get("@context")?);
            if !all.starts_with(as_list(contexts)) {
                return None;
            }
            let mut document = document.clone();
            document.insert("@context".into(), contexts.clone());
            hash_document(&document, previous)
        }
        _ => hash_document(document, previous),
    };
    Some(message_over(&document_hash, &Parted::of(proof, VALUE)))
}

/// The same, when the document's hash is known and the contexts are, for a proof that is taken apart
/// at its [`VALUE`].
pub fn message_over(document_hash: &[u8; 32], proof: &Parted<'_>) -> [u8; 64] {
    let mut hash = Sha256::new();
    proof.without().iter().for_each(|piece| hash.update(piece));
    let mut message = [0; 64];
    message[..32].copy_from_slice(&hash.finalize());
    message[32..].copy_from_slice(document_hash);
    message
}

fn as_list(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        one => std::slice::from_ref(one),
    }
}

/// SHA-256 of a document's canonical form, secured together with these proofs.
pub fn hash_document(document: &Object, previous: &[&Object]) -> [u8; 32] {
    let previous: Vec<_> = previous.iter().map(|proof| Parted::of(proof, VALUE)).collect();
    let previous: Vec<_> = previous.iter().collect();
    Hasher::new(Parted::around(document, PROOFS)).hash(&previous)
}

/// A proof's signature; `None` when its value is no base58btc of 64 bytes.
pub fn signature(proof: &Object) -> Option<[u8; 64]> {
    let value = proof.get(VALUE)?.as_str()?;
    from_multibase(value)?.try_into().ok()
}

/// Whether a proof holds over a document, by a key that the caller knows to be the one.
pub fn verify(document: &Object, proof: &Object, previous: &[&Object], key: &PublicKey) -> bool {
    let suite = proof.get("cryptosuite").and_then(Value::as_str) == Some(super::SUITE);
    let kind = proof.get("type").and_then(Value::as_str) == Some("DataIntegrityProof");
    match (message(document, proof, previous), signature(proof)) {
        (Some(message), Some(signature)) => suite && kind && key.holds(&message, &signature),
        _ => false,
    }
}

/// Adds a proof to a document behind those that it has (4.3). `options` are the proof's members but
/// `type`, `cryptosuite`, `verificationMethod`, `proofPurpose`, `@context` and `proofValue`.
///
/// # Errors
/// As of [`previous`].
pub fn add(document: &mut Object, options: Object, key: &SecretKey) -> Result<(), String> {
    let mut all: Vec<Value> = match document.get("proof") {
        None => Vec::new(),
        Some(proofs) => as_list(proofs).to_vec(),
    };
    let mut proof = options;
    for (member, value) in [
        ("type", "DataIntegrityProof"),
        ("cryptosuite", super::SUITE),
        ("proofPurpose", "assertionMethod"),
        ("verificationMethod", &key.public().method()),
    ] {
        proof.insert(member.into(), value.into());
    }
    if let Some(contexts) = document.get("@context") {
        proof.insert("@context".into(), contexts.clone());
    }
    let before: Vec<&Object> = all.iter().filter_map(Value::as_object).collect();
    let previous = previous(&proof, &before)?;
    if let Some(message) = message(document, &proof, &previous) {
        let signature = to_multibase(&key.sign(&message));
        proof.insert(VALUE.into(), signature.into());
    }
    all.push(Value::Object(proof));
    document.insert("proof".into(), Value::Array(all));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::jcs;
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    proptest! {
        #[test]
        fn a_document_is_hashed_as_it_would_be_written(
            members in proptest::collection::btree_map("[a-z@\u{e000}\u{1f600}]{0,6}", "[a-z]{0,3}", 0..6),
            proofs in proptest::collection::vec("[a-z]{0,3}", 0..3),
        ) {
            let mut document = json!(members).as_object().unwrap().clone();
            document.remove("proof");
            let previous: Vec<Value> = proofs.iter().map(|id| json!({"id": id, "z": 1, "a": [id]})).collect();
            let named: Vec<&Object> = previous.iter().filter_map(Value::as_object).collect();
            let hash = hash_document(&document, &named);
            if !previous.is_empty() {
                document.insert("proof".into(), json!(previous));
            }
            let text = jcs::canonical(&Value::Object(document));
            prop_assert_eq!(hash, <[u8; 32]>::from(Sha256::digest(text)));
        }
    }
}
