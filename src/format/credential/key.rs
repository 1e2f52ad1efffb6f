//! Keys: Ed25519 (RFC 8032) as `did:key` (did-key 0.9), in multibase (CID 1.0, 2.4).

use super::{fingerprint_of, strict};
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use std::fmt;

/// Multicodec of an Ed25519 public key: 0xed as a varint.
const PUBLIC: [u8; 2] = [0xed, 0x01];

/// A public key that is fit for use.
#[derive(Clone, Debug)]
pub struct PublicKey {
    bytes: [u8; 32],
    /// Worked out already; else when it is first needed.
    point: Option<VerifyingKey>,
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for PublicKey {}

impl PublicKey {
    /// The key of 32 bytes; `None` when they are no point of the curve, not the one way to write
    /// it, or one of the few weak ones, with which a signature can be made that fits many texts.
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        let fit = strict::is_fit_point(bytes);
        let point = fit.then(|| VerifyingKey::from_bytes(bytes).ok())??;
        Some(Self {
            bytes: *bytes,
            point: Some(point),
        })
    }

    /// The key in multibase, `z6Mk…`.
    pub fn from_multibase(text: &str) -> Option<Self> {
        Self::from_bytes(&bytes_of(text)?)
    }

    /// The key that a `did:key:z6Mk…` names.
    pub fn from_did(did: &str) -> Option<Self> {
        Self::from_multibase(did.strip_prefix("did:key:")?)
    }

    /// The key that a verification method `did:key:z6Mk…#z6Mk…` names; both halves must be one.
    pub fn from_method(method: &str) -> Option<Self> {
        Self::from_multibase(multibase_of(method)?)
    }

    /// The same, before anybody has worked out whether it is a point of the curve: for who asks
    /// another first whether its signature holds, which shows that it is one.
    pub fn from_method_unproven(method: &str) -> Option<Self> {
        let bytes = bytes_of(multibase_of(method)?)?;
        strict::is_fit_point(&bytes).then_some(Self { bytes, point: None })
    }

    /// The 32 bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// In multibase.
    pub fn multibase(&self) -> String {
        let mut bytes = PUBLIC.to_vec();
        bytes.extend(self.bytes());
        to_multibase(&bytes)
    }

    /// As `did:key:…`.
    pub fn did(&self) -> String {
        format!("did:key:{}", self.multibase())
    }

    /// As a verification method.
    pub fn method(&self) -> String {
        let multibase = self.multibase();
        format!("did:key:{multibase}#{multibase}")
    }

    /// To compare in person; see [`fingerprint_of`].
    pub fn fingerprint(&self) -> String {
        fingerprint_of(self.bytes())
    }

    /// Whether a signature is of this key over that message: strictly (see [`strict`]), so that
    /// nobody can change a signature into another that holds as well.
    pub fn holds(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let point = self.point.or_else(|| VerifyingKey::from_bytes(&self.bytes).ok());
        let holds = |point: VerifyingKey| point.verify(message, &Signature::from_bytes(signature)).is_ok();
        // What `verify_strict` asks beyond `verify`, without taking R for a point of the curve.
        strict::is_fit(signature) && point.is_some_and(holds)
    }
}

/// A secret key. It is wiped from memory when it is dropped, and never shown.
pub struct SecretKey(SigningKey);

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({})", self.public().did())
    }
}

impl SecretKey {
    /// The key of 32 bytes, which are random and nobody else's.
    pub fn from_bytes(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The 32 bytes.
    pub fn bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// What others may know.
    pub fn public(&self) -> PublicKey {
        let point = self.0.verifying_key();
        PublicKey {
            bytes: point.to_bytes(),
            point: Some(point),
        }
    }

    /// Signs.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

/// The multibase that a verification method has in both halves.
fn multibase_of(method: &str) -> Option<&str> {
    let (did, fragment) = method.split_once('#')?;
    (did.strip_prefix("did:key:") == Some(fragment)).then_some(fragment)
}

/// The 32 bytes of a key in multibase.
fn bytes_of(multibase: &str) -> Option<[u8; 32]> {
    from_multibase(multibase)?.strip_prefix(&PUBLIC)?.try_into().ok()
}

/// Bytes in base58btc, with the letter that says so.
pub(super) fn to_multibase(bytes: &[u8]) -> String {
    format!("z{}", bs58::encode(bytes).into_string())
}

/// Reads what [`to_multibase`] writes; nothing longer than a signature or a backup needs.
pub(super) fn from_multibase(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix('z').filter(|digits| digits.len() <= 200)?;
    bs58::decode(digits).into_vec().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_fingerprint_is_six_groups_of_five_digits() {
        let fingerprint = SecretKey::from_bytes(&[7; 32]).public().fingerprint();
        let groups: Vec<&str> = fingerprint.split(' ').collect();
        assert_eq!(groups.len(), 6);
        assert!(
            groups
                .iter()
                .all(|group| group.len() == 5 && group.bytes().all(|byte| byte.is_ascii_digit()))
        );
    }

    #[test]
    fn a_weak_key_and_another_kind_of_key_are_refused() {
        // The neutral element, of order 1.
        let mut neutral = [0; 32];
        neutral[0] = 1;
        assert_eq!(PublicKey::from_bytes(&neutral), None);
        // X25519, of the did:key specification.
        assert_eq!(
            PublicKey::from_did("did:key:z6LSeu9HkTHSfLLeUs2nnzUSNedgDUevfNQgQjQC23ZCit6F"),
            None
        );
        let method = SecretKey::from_bytes(&[7; 32]).public().method();
        let other = SecretKey::from_bytes(&[8; 32]).public().multibase();
        let (did, _) = method.split_once('#').unwrap();
        assert_eq!(PublicKey::from_method(&format!("{did}#{other}")), None);
        assert_eq!(PublicKey::from_method(did), None);
    }

    proptest! {
        #[test]
        fn keys_survive_being_written(seed in any::<[u8; 32]>(), message in any::<Vec<u8>>()) {
            let secret = SecretKey::from_bytes(&seed);
            let public = secret.public();
            prop_assert_eq!(PublicKey::from_method(&public.method()), Some(public.clone()));
            prop_assert_eq!(PublicKey::from_did(&public.did()), Some(public.clone()));
            prop_assert!(public.did().starts_with("did:key:z6Mk"));
            prop_assert!(public.holds(&message, &secret.sign(&message)));
            prop_assert_eq!(secret.bytes(), seed);
        }

        #[test]
        fn any_text_is_a_key_or_is_not(text in ".*") {
            let _ = PublicKey::from_did(&text);
            let _ = PublicKey::from_method(&format!("did:key:z{text}#z{text}"));
        }
    }
}
