//! A key kept in a file under a passphrase, so that it survives this browser.
//!
//! The passphrase is stretched by Argon2id (RFC 9106) and the key sealed by XChaCha20-Poly1305; the
//! algorithms and their cost are named in the file, and are under the seal with everything else in
//! it. A checksum over the whole tells a damaged file from a wrong passphrase: it guards against
//! accidents only, since who changes a file on purpose can compute it anew and is then told that the
//! passphrase is wrong.

use super::key::{SecretKey, from_multibase, to_multibase};
use super::read::{self, ReadError};
use crate::domain::hex;
use crate::domain::json::{canonical, value_of};
use crate::domain::time::{Moment, rfc3339};
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// The name of the format.
pub const FORMAT: &str = "xuedang-key";
/// The version that this build writes and reads.
pub const VERSION: u16 = 1;
pub use crate::domain::keyring::MIN_PASSPHRASE;
/// Most characters of a passphrase.
pub const MAX_PASSPHRASE: usize = 200;
/// Random bytes that a backup uses up: salt and nonce.
pub const RANDOM_BYTES: usize = SALT + NONCE;

const SALT: usize = 16;
const NONCE: usize = 24;
/// RFC 9106, 4, second choice: 64 MiB in three passes; in one lane, since a page has one thread.
const COST: Cost = Cost {
    name: Stretching::Argon2id,
    memory_kib: 65_536,
    passes: 3,
    lanes: 1,
};
/// Dearest that is computed for a file of others.
const DEAREST: Cost = Cost {
    name: Stretching::Argon2id,
    memory_kib: 262_144,
    passes: 10,
    lanes: 4,
};

/// A backup, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Backup {
    /// Always [`FORMAT`].
    format: String,
    /// Always [`VERSION`].
    version: u16,
    /// The `did:key` of the key, so that one can tell which it is.
    key: String,
    #[serde(with = "rfc3339")]
    made_at: Moment,
    stretching: Cost,
    /// Base58btc in multibase, as all bytes here.
    salt: String,
    sealing: Sealing,
    nonce: String,
    sealed: String,
    /// SHA-256 of the canonical JSON of the rest, lower-case hexadecimal.
    checksum: String,
}

/// What stretching costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cost {
    name: Stretching,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Stretching {
    #[serde(rename = "argon2id")]
    Argon2id,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Sealing {
    #[serde(rename = "xchacha20-poly1305")]
    XChaCha20Poly1305,
}

/// Why a key was not kept or not brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackupError {
    /// The passphrase is too short or too long.
    Passphrase,
    /// No backup of a key, or no longer to be recognised as one.
    NotBackup,
    /// Of another version.
    Version(u64),
    /// Not as it was written.
    Damaged,
    /// It asks for more memory or time than is reasonable.
    TooDear,
    /// The passphrase does not open it.
    WrongPassphrase,
}

impl fmt::Display for BackupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passphrase => write!(f, "口令要有 {MIN_PASSPHRASE} 到 {MAX_PASSPHRASE} 个字"),
            Self::NotBackup => f.write_str("不是学档的钥匙备份文件，或者已经损坏得认不出来"),
            Self::Version(found) => write!(
                f,
                "钥匙备份的格式版本是 {found}，本页只认识版本 {VERSION}，请刷新本页更新学档"
            ),
            Self::Damaged => f.write_str("钥匙备份文件已损坏，与备份时不同；请换一份完好的备份文件"),
            Self::TooDear => f.write_str("钥匙备份文件要求的内存或时间超出合理范围，没有打开"),
            Self::WrongPassphrase => {
                f.write_str("口令不对，打不开这份钥匙备份；请核对大小写、全角半角和空格")
            }
        }
    }
}

impl std::error::Error for BackupError {}

/// Writes a backup. `random` is fresh and used for nothing else.
///
/// # Errors
/// [`BackupError::Passphrase`]; [`BackupError::TooDear`] when the device has not enough memory.
pub fn write(
    key: &SecretKey,
    passphrase: &str,
    made_at: Moment,
    random: &[u8; RANDOM_BYTES],
) -> Result<String, BackupError> {
    let length = passphrase.chars().count();
    if !(MIN_PASSPHRASE..=MAX_PASSPHRASE).contains(&length) {
        return Err(BackupError::Passphrase);
    }
    let (salt, nonce) = random.split_at(SALT);
    let mut backup = Backup {
        format: FORMAT.into(),
        version: VERSION,
        key: key.public().did(),
        made_at: made_at.to_second(),
        stretching: COST,
        salt: to_multibase(salt),
        sealing: Sealing::XChaCha20Poly1305,
        nonce: to_multibase(nonce),
        sealed: String::new(),
        checksum: String::new(),
    };
    let cipher = cipher(passphrase, salt, COST)?;
    let header = backup.header();
    let payload = Payload {
        msg: &key.bytes(),
        aad: header.as_bytes(),
    };
    let nonce = XNonce::try_from(nonce).map_err(|_| BackupError::Damaged)?;
    let sealed = cipher
        .encrypt(&nonce, payload)
        .map_err(|_| BackupError::Damaged)?;
    backup.sealed = to_multibase(&sealed);
    backup.checksum = backup.checksum();
    Ok(crate::domain::json::pretty(&value_of(&backup)))
}

/// Opens a backup.
///
/// # Errors
/// [`BackupError`].
pub fn open(bytes: &[u8], passphrase: &str) -> Result<SecretKey, BackupError> {
    let value = json(bytes)?;
    if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(BackupError::NotBackup);
    }
    match value.get("version").and_then(Value::as_u64) {
        Some(found) if found != u64::from(VERSION) => return Err(BackupError::Version(found)),
        _ => {}
    }
    let backup: Backup = serde_json::from_value(value).map_err(|_| BackupError::Damaged)?;
    if backup.checksum != backup.checksum() {
        return Err(BackupError::Damaged);
    }
    let cost = backup.stretching;
    let dear =
        cost.memory_kib > DEAREST.memory_kib || cost.passes > DEAREST.passes || cost.lanes > DEAREST.lanes;
    if dear {
        return Err(BackupError::TooDear);
    }
    let bytes_of = |text: &str| from_multibase(text).ok_or(BackupError::Damaged);
    let (salt, nonce, sealed) = (
        bytes_of(&backup.salt)?,
        bytes_of(&backup.nonce)?,
        bytes_of(&backup.sealed)?,
    );
    let nonce = XNonce::try_from(nonce.as_slice()).map_err(|_| BackupError::Damaged)?;
    let header = backup.header();
    let payload = Payload {
        msg: &sealed,
        aad: header.as_bytes(),
    };
    let seed = cipher(passphrase, &salt, cost)?
        .decrypt(&nonce, payload)
        .map_err(|_| BackupError::WrongPassphrase)?;
    let seed: [u8; 32] = seed.try_into().map_err(|_| BackupError::Damaged)?;
    let key = SecretKey::from_bytes(&seed);
    if key.public().did() == backup.key {
        Ok(key)
    } else {
        Err(BackupError::Damaged)
    }
}

/// The key that a backup is said to be of, without its passphrase: nothing vouches for it.
///
/// # Errors
/// [`BackupError`] when it is no backup.
pub fn whose(bytes: &[u8]) -> Result<String, BackupError> {
    let value = json(bytes)?;
    let backup: Backup = serde_json::from_value(value).map_err(|_| BackupError::NotBackup)?;
    Ok(backup.key)
}

fn json(bytes: &[u8]) -> Result<Value, BackupError> {
    read::json(bytes).map_err(|error| match error {
        ReadError::Twice(_) | ReadError::TooMuch => BackupError::Damaged,
        _ => BackupError::NotBackup,
    })
}

impl Backup {
    /// What is under the seal besides the key.
    fn header(&self) -> String {
        canonical(&value_of(&Self {
            sealed: String::new(),
            checksum: String::new(),
            ..self.clone()
        }))
    }

    fn checksum(&self) -> String {
        hex(&Sha256::digest(canonical(&value_of(&Self {
            checksum: String::new(),
            ..self.clone()
        }))))
    }
}

fn cipher(passphrase: &str, salt: &[u8], cost: Cost) -> Result<XChaCha20Poly1305, BackupError> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32));
    let params = params.map_err(|_| BackupError::Damaged)?;
    let mut key = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut key)
        .map_err(|_| BackupError::TooDear)?;
    Ok(XChaCha20Poly1305::new(&key.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANDOM: [u8; RANDOM_BYTES] = [9; RANDOM_BYTES];

    fn moment() -> Moment {
        Moment {
            ms: 1_795_406_400_000,
            tz: 480,
        }
    }

    #[test]
    fn a_key_comes_back_only_with_its_passphrase() {
        let key = SecretKey::from_bytes(&[7; 32]);
        let file = write(&key, "喆𠮷 correct horse", moment(), &RANDOM).unwrap();
        let again = open(file.as_bytes(), "喆𠮷 correct horse").unwrap();
        assert_eq!(again.bytes(), key.bytes());
        assert_eq!(whose(file.as_bytes()), Ok(key.public().did()));
        assert_eq!(
            open(file.as_bytes(), "喆𠮷 Correct horse").unwrap_err(),
            BackupError::WrongPassphrase
        );
        // The secret is in no form in the file.
        assert!(!file.contains(&to_multibase(&key.bytes())[1..]) && !file.contains(&hex(&key.bytes())));
    }

    #[test]
    fn short_passphrases_are_refused_before_anything_is_done() {
        let key = SecretKey::from_bytes(&[7; 32]);
        for passphrase in ["", "七个字的口令嘛", &"长".repeat(MAX_PASSPHRASE + 1)] {
            assert_eq!(
                write(&key, passphrase, moment(), &RANDOM),
                Err(BackupError::Passphrase)
            );
        }
    }

    #[test]
    fn damage_is_told_from_a_wrong_passphrase() {
        let file = write(
            &SecretKey::from_bytes(&[7; 32]),
            "八个字的一个口令",
            moment(),
            &RANDOM,
        )
        .unwrap();
        let mut told = Vec::new();
        for at in 0..file.len() {
            let mut bytes = file.clone().into_bytes();
            bytes[at] = if bytes[at] == b'7' { b'8' } else { b'7' };
            // The checksum stands before the stretching: no passphrase is ever tried.
            match open(&bytes, "八个字的一个口令") {
                Ok(_) => panic!("{at}"),
                Err(BackupError::WrongPassphrase) => panic!("{at}: not told as damage"),
                Err(error) => told.push(error),
            }
        }
        assert!(told.contains(&BackupError::Damaged) && told.contains(&BackupError::NotBackup));
    }

    #[test]
    fn a_forged_file_neither_opens_nor_costs_too_much() {
        let file = write(
            &SecretKey::from_bytes(&[7; 32]),
            "八个字的一个口令",
            moment(),
            &RANDOM,
        )
        .unwrap();
        let backup: Backup = serde_json::from_str(&file).unwrap();
        let open_forged = |change: &dyn Fn(&mut Backup)| {
            let mut forged = backup.clone();
            change(&mut forged);
            forged.checksum = forged.checksum();
            let text = canonical(&value_of(&forged));
            open(text.as_bytes(), "八个字的一个口令").unwrap_err()
        };
        let other = SecretKey::from_bytes(&[8; 32]).public().did();
        // Everything in the file is under the seal.
        assert_eq!(
            open_forged(&|file| file.key = other.clone()),
            BackupError::WrongPassphrase
        );
        assert_eq!(
            open_forged(&|file| file.stretching.passes = 2),
            BackupError::WrongPassphrase
        );
        assert_eq!(
            open_forged(&|file| file.stretching.memory_kib = u32::MAX),
            BackupError::TooDear
        );
        assert_eq!(
            open_forged(&|file| file.nonce = "z1".into()),
            BackupError::Damaged
        );
        assert_eq!(
            open(b"{\"format\":\"xuedang-key\",\"version\":2}", "").unwrap_err(),
            BackupError::Version(2)
        );
        for other in [&b"{}"[..], b"", b"PK\x03\x04", b"not JSON", b"[]"] {
            assert_eq!(open(other, "").unwrap_err(), BackupError::NotBackup);
        }
    }
}
