//! What the signing program is asked to do with keys and signed records: the words, what goes in
//! and what comes out. Text is JSON of the types named here; bytes are a secret key or a file.
//!
//! | word | text in | bytes in | text out | bytes out |
//! |---|---|---|---|---|
//! | [`MAKE_KEY`] | | | [`KeyInfo`] | the secret key, 32 bytes |
//! | [`KEY_INFO`] | | secret key | [`KeyInfo`] | |
//! | [`PUBLIC_KEY`] | `did:key:…` | | [`KeyInfo`] | |
//! | [`SIGN`] | [`Sign`] | secret key | the signed record | |
//! | [`COUNTERSIGN`] | [`Countersign`] | secret key | the signed record | |
//! | [`VERIFY`] | | the file | [`Report`](super::report::Report) | |
//! | [`VERIFY_MANY`] | [`Many`](super::bulk::Many) | the records, end to end | [`Found`](super::bulk::Found) | |
//! | [`OPEN_MANY`] | [`Many`](super::bulk::Many) | records, signed or not, end to end | [`Opened`] | |
//! | [`BACK_UP`] | [`BackUp`] | secret key | the backup's text | |
//! | [`RESTORE`] | the passphrase, as it is | the backup | [`KeyInfo`] | the secret key |
//! | [`CHANGE_KEY`] | [`ChangeKey`] | new secret key, then the old one where it is at hand | the declaration | |
//! | [`READ_CHANGE`] | | the declaration | `KeyChange` | |
//!
//! What goes wrong comes back as a sentence for people.

use super::Statement;
use crate::domain::time::Moment;
use crate::format::delivery::Unsealed;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Makes a key.
pub const MAKE_KEY: &str = "make-key";
/// Says what a key is called.
pub const KEY_INFO: &str = "key-info";
/// Says what somebody's key is called.
pub const PUBLIC_KEY: &str = "public-key";
/// Signs a record as its activist.
pub const SIGN: &str = "sign-record";
/// Signs a signed record as a mentor or for the branch.
pub const COUNTERSIGN: &str = "countersign-record";
/// Checks a signed record.
pub const VERIFY: &str = "verify-record";
/// Checks many signed records.
pub const VERIFY_MANY: &str = "verify-records";
/// Opens many records, signed or not, for an import.
pub const OPEN_MANY: &str = "open-records";
/// Keeps a key under a passphrase.
pub const BACK_UP: &str = "back-up-key";
/// Brings a key back.
pub const RESTORE: &str = "restore-key";
/// Declares that a key takes the place of another.
pub const CHANGE_KEY: &str = "change-key";
/// Reads such a declaration.
pub const READ_CHANGE: &str = "read-key-change";

/// Of [`OPEN_MANY`]: of each record in turn what was opened, or what the person reads.
pub type Opened = Vec<Result<Unsealed, String>>;

/// What a key is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyInfo {
    /// `did:key:…`.
    pub key: String,
    /// To compare in person.
    pub fingerprint: String,
}

/// Of [`SIGN`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sign {
    /// The record as it is exported.
    pub record: Value,
    /// Now.
    pub now: Moment,
}

/// Of [`COUNTERSIGN`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Countersign {
    /// The text of the signed record, as it came.
    pub credential: String,
    /// What the signer says.
    pub statement: Statement,
    /// Now.
    pub now: Moment,
}

/// Of [`BACK_UP`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackUp {
    /// The passphrase.
    pub passphrase: String,
    /// Now.
    pub now: Moment,
}

/// Of [`CHANGE_KEY`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeKey {
    /// Who declares it.
    pub name: String,
    /// The old key, `did:key:…`; passed over when the old secret key is given.
    pub old: String,
    /// Now.
    pub now: Moment,
}

/// Text and bytes, or a sentence for people.
pub type Answer = Result<(String, Option<Vec<u8>>), String>;

#[cfg(feature = "sign")]
pub use carrying_out::{NOT_BY_BROWSER, carry_out, read_many, write_found, write_opened, write_report};

#[cfg(feature = "sign")]
mod carrying_out {
    use super::super::bulk::{By, Found, Many, records};
    use super::super::key::{PublicKey, SecretKey};
    use super::super::report::Report;
    use super::super::{backup, change, check, issue, read};
    use super::*;
    use crate::domain::time::Env;
    use crate::format::delivery;

    /// Fills bytes with randomness that is fit for keys; false when there is none.
    type Random<'a> = &'a mut dyn FnMut(&mut [u8]) -> bool;

    /// Does what is asked; `None` when the word is not one of these.
    pub fn carry_out(what: &str, text: &str, bytes: &[u8], random: Random<'_>) -> Option<Answer> {
        Some(match what {
            MAKE_KEY => make_key(random),
            KEY_INFO => secret(bytes).map(|key| (info(&key.public()), None)),
            PUBLIC_KEY => PublicKey::from_did(text.trim())
                .map(|key| (info(&key), None))
                .ok_or_else(|| "这不是一把签名钥匙（应当以 did:key:z6Mk 开头）".to_owned()),
            SIGN => sign(text, bytes, random),
            COUNTERSIGN => countersign(text, bytes, random),
            VERIFY => check::verify(bytes)
                .map(|report| write_report(&report))
                .map_err(|error| error.to_string()),
            VERIFY_MANY => read_many(text, bytes).and_then(|(order, records)| {
                if order.by == By::Browser {
                    return Err(NOT_BY_BROWSER.into());
                }
                Ok(write_found(&check::verify_many(&records, order.brief)))
            }),
            OPEN_MANY => read_many(text, bytes).map(|(_, records)| {
                let found = check::verify_many(&delivery::signed(&records), false);
                write_opened(&delivery::open_each(&records, found.reports))
            }),
            BACK_UP => back_up(text, bytes, random),
            RESTORE => backup::open(bytes, text)
                .map(|key| (info(&key.public()), Some(key.bytes().to_vec())))
                .map_err(|error| error.to_string()),
            CHANGE_KEY => change_key(text, bytes, random),
            READ_CHANGE => change::open(bytes)
                .map(|change| (json(&change), None))
                .map_err(|error| error.to_string()),
            _ => return None,
        })
    }

    /// Said when the browser is to check and cannot.
    pub const NOT_BY_BROWSER: &str = "这个浏览器不会核对这种签名";

    /// What [`VERIFY_MANY`] is asked.
    ///
    /// # Errors
    /// A sentence for people.
    pub fn read_many<'a>(text: &str, bytes: &'a [u8]) -> Result<(Many, Vec<&'a [u8]>), String> {
        let order: Many = asked(text)?;
        let records = records(bytes, &order.ends).ok_or("本页与签名程序的版本不同，请刷新本页（ends）")?;
        Ok((order, records))
    }

    /// What [`VERIFY_MANY`] answers.
    pub fn write_found(found: &Found) -> (String, Option<Vec<u8>>) {
        (json(found), None)
    }

    /// What [`OPEN_MANY`] answers.
    pub fn write_opened(opened: &Opened) -> (String, Option<Vec<u8>>) {
        (json(opened), None)
    }

    /// What [`VERIFY`] answers.
    pub fn write_report(report: &Report) -> (String, Option<Vec<u8>>) {
        (json(report), None)
    }

    /// Writing these cannot fail; should it all the same, the text is empty, which no reader takes.
    fn json<T: Serialize>(thing: &T) -> String {
        serde_json::to_string(thing).unwrap_or_default()
    }

    fn info(key: &PublicKey) -> String {
        json(&KeyInfo {
            key: key.did(),
            fingerprint: key.fingerprint(),
        })
    }

    fn make_key(random: Random<'_>) -> Answer {
        let key = SecretKey::from_bytes(&draw(random)?);
        Ok((info(&key.public()), Some(key.bytes().to_vec())))
    }

    fn sign(text: &str, bytes: &[u8], random: Random<'_>) -> Answer {
        let Sign { record, now } = asked(text)?;
        let env = env(now, random)?;
        let signed = issue::sign(&record, &secret(bytes)?, &env).map_err(|error| error.to_string())?;
        Ok((issue::write(&signed), None))
    }

    fn countersign(text: &str, bytes: &[u8], random: Random<'_>) -> Answer {
        let order: Countersign = asked(text)?;
        let env = env(order.now, random)?;
        let credential = read::json(order.credential.as_bytes()).map_err(|error| error.to_string())?;
        let signed = issue::countersign(&credential, order.statement, &secret(bytes)?, &env);
        Ok((issue::write(&signed.map_err(|error| error.to_string())?), None))
    }

    fn back_up(text: &str, bytes: &[u8], random: Random<'_>) -> Answer {
        let BackUp { passphrase, now } = asked(text)?;
        let file = backup::write(&secret(bytes)?, &passphrase, now, &draw(random)?);
        Ok((file.map_err(|error| error.to_string())?, None))
    }

    fn change_key(text: &str, bytes: &[u8], random: Random<'_>) -> Answer {
        let ChangeKey { name, old, now } = asked(text)?;
        let env = env(now, random)?;
        let (new, rest) = bytes.split_at_checked(32).ok_or(NOT_A_KEY)?;
        let old_key = if rest.is_empty() {
            None
        } else {
            Some(secret(rest)?)
        };
        let old = old_key.as_ref().ok_or(old.as_str());
        let change = change::declare(&name, old, &secret(new)?, &env).map_err(|error| error.to_string())?;
        Ok((change::write(&change), None))
    }

    const NOT_A_KEY: &str = "保存的钥匙已损坏，请从备份恢复";

    fn secret(bytes: &[u8]) -> Result<SecretKey, String> {
        let seed: [u8; 32] = bytes.try_into().map_err(|_| NOT_A_KEY)?;
        Ok(SecretKey::from_bytes(&seed))
    }

    fn asked<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
        serde_json::from_str(text).map_err(|error| format!("本页与签名程序的版本不同，请刷新本页（{error}）"))
    }

    fn draw<const N: usize>(random: Random<'_>) -> Result<[u8; N], String> {
        let mut bytes = [0; N];
        if random(&mut bytes) {
            Ok(bytes)
        } else {
            Err("这个浏览器没有可靠的随机数，不能生成钥匙或签名，请换一个浏览器".into())
        }
    }

    fn env(now: Moment, random: Random<'_>) -> Result<Env, String> {
        Ok(Env {
            now,
            chance: u128::from_le_bytes(draw(random)?),
        })
    }
}
