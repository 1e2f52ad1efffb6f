//! The record as a credential that can be signed and checked: a Verifiable Credential (W3C, Data
//! Model 2.0) secured by Data Integrity proofs of the suite `eddsa-jcs-2022`.
//!
//! ```text
//! {"@context": CONTEXT, "type": ["VerifiableCredential", "TrainingRecord"],
//!  "issuer": "did:key:…", "validFrom": "…", "credentialSubject": {"id": "did:key:…", "record": {…}},
//!  "proof": [{of the activist}, {of a mentor}, {of the branch}]}
//! ```
//!
//! 1. [`read`] takes a file that somebody sent: limits, no member twice. [`model`] holds it to the
//!    Data Model; [`envelope`] to the form above.
//! 2. [`issue`] makes and countersigns records; [`proof`] is one proof, [`key`] the keys, [`jcs`]
//!    the canonical form that is signed.
//! 3. [`check`] verifies and tells, in a [`report::Report`], which proof holds, whose, what was
//!    changed, and what all of it proves.
//! 4. [`backup`] keeps a key under a passphrase; [`change`] declares that one key takes the place of
//!    another.
//! 5. [`orders`] are what the signing program is asked to do; [`bulk`] cuts a file of many records
//!    into what one such order takes; [`outline`] is the short way through those that hold.
//! 6. [`strict`] is what a signature must be like before any implementation is asked whether it holds.
//!
//! The record itself is opaque here, whatever its version; only its `digest` is looked at, to name
//! what was changed. All randomness is given, as is the time.
//!
//! # Members of a proof that are this portal's
//!
//! Beside the standard ones each proof has `statement` (what its signer says, [`Statement`]) and
//! `documentDigest` (which record it is about). Data Integrity 1.0, 2.1, lists the properties that a
//! proof is expressed by and neither closes the list nor forbids others; everything in
//! a proof but `proofValue` is under its signature (`eddsa-jcs-2022`, 3.3.5: the proof configuration
//! is hashed whole). Their meaning is given by the second context, whose vocabulary takes any term.
//! So others' verifiers check them without knowing them.
//!
//! # Contexts
//!
//! Two addresses, in this order. Nothing is ever fetched from them. An object with `@vocab` in place
//! of the second would say the same, but `@digitalbazaar/eddsa-jcs-2022-cryptosuite` compares the
//! contexts of document and proof by identity and so refuses any that is not text. The record is
//! plain JSON all the same: this suite signs it as such, and it is not meant to be read as RDF.

#[cfg(feature = "sign")]
pub mod backup;
pub mod bulk;
#[cfg(feature = "sign")]
pub mod change;
#[cfg(feature = "sign")]
pub mod check;
pub mod envelope;
#[cfg(feature = "sign")]
pub mod issue;
#[cfg(feature = "sign")]
pub mod jcs;
#[cfg(feature = "sign")]
pub mod key;
pub mod model;
pub mod orders;
#[cfg(feature = "sign")]
pub mod outline;
#[cfg(feature = "sign")]
pub mod proof;
pub mod read;
pub mod report;
#[cfg(feature = "sign")]
pub mod strict;

use crate::domain::is_unseen;
pub use crate::domain::keyring::Role;
use crate::domain::time::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// The contexts of every credential of ours.
pub const CONTEXT: [&str; 2] = [
    "https://www.w3.org/ns/credentials/v2",
    "https://www.w3.org/ns/credentials/undefined-terms/v2",
];
/// Its types.
pub const TYPES: [&str; 2] = ["VerifiableCredential", "TrainingRecord"];
/// The suite of every proof.
pub const SUITE: &str = "eddsa-jcs-2022";
/// Most proofs on one record: the activist, two mentors, the branch, and as many again.
pub const MAX_PROOFS: usize = 8;
/// Most mentors who can countersign one record (细则, Art. 9: one or two).
pub const MAX_MENTORS: usize = 2;
/// Most characters of a name.
pub const MAX_NAME: usize = 100;
/// Most characters of an opinion or a confirmation.
pub const MAX_WORDS: usize = 2_000;

/// What a signer says with a proof: its member `statement`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Statement {
    /// The activist: this is my record.
    Activist {
        /// The first sixteen hexadecimal digits of the SHA-256 of each part's canonical form, by its
        /// path; and under [`ALL_PARTS`], of all of these. They say what was changed when the
        /// signature no longer holds; whether it does, only the signature says.
        parts: BTreeMap<String, String>,
    },
    /// A mentor, who has read the record.
    Mentor {
        /// Name, as the mentor writes it.
        name: String,
        /// Day of the opinion, as the mentor writes it.
        date: Date,
        /// The mentor's opinion, typed by the mentor.
        opinion: String,
    },
    /// The branch, which has seen record and opinion.
    Branch {
        /// Name of the branch.
        name: String,
        /// Day.
        date: Date,
        /// What the branch confirms, typed for the branch.
        confirmation: String,
    },
}

/// The key of [`Statement::Activist`]'s parts under which all the others are summed up.
pub const ALL_PARTS: &str = "*";

impl Statement {
    /// As what.
    pub fn role(&self) -> Role {
        match self {
            Self::Activist { .. } => Role::Activist,
            Self::Mentor { .. } => Role::Mentor,
            Self::Branch { .. } => Role::Branch,
        }
    }

    /// What is wrong with what was typed, if anything.
    pub fn unfit(&self) -> Option<String> {
        let (name, words, what) = match self {
            Self::Activist { .. } => return None,
            Self::Mentor { name, opinion, .. } => (name, opinion, "意见"),
            Self::Branch {
                name, confirmation, ..
            } => (name, confirmation, "确认内容"),
        };
        let line = |text: &str| text.chars().any(is_unseen);
        let text = |text: &str| text.chars().any(|c| is_unseen(c) && c != '\n');
        if name.trim().is_empty() {
            Some("请填写名称".into())
        } else if line(name) || name.chars().nth(MAX_NAME).is_some() {
            Some(format!(
                "名称不能超过 {MAX_NAME} 个字，也不能换行或含有不能显示的字符"
            ))
        } else if words.trim().is_empty() {
            Some(format!("请填写{what}"))
        } else if text(words) || words.chars().nth(MAX_WORDS).is_some() {
            Some(format!(
                "{what}不能超过 {MAX_WORDS} 个字，也不能含有不能显示的字符"
            ))
        } else {
            None
        }
    }
}

/// A key's fingerprint, to be compared in person or read out over the telephone: six groups of five
/// decimal digits from the SHA-256 of its 32 bytes, each of five bytes modulo 100,000 (about 99.6
/// bits in all). Digits, because everybody reads them out in the same way.
pub fn fingerprint_of(key: &[u8; 32]) -> String {
    let hash = Sha256::digest(key);
    let group = |bytes: &[u8]| bytes.iter().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte)) % 100_000;
    let groups: Vec<String> = hash
        .chunks_exact(5)
        .map(|bytes| format!("{:05}", group(bytes)))
        .collect();
    groups.join(" ")
}

/// Whether two fingerprints are the same, however they were typed: full-width digits, other gaps.
pub fn same_fingerprint(a: &str, b: &str) -> bool {
    let digits = |text: &str| -> String {
        text.chars()
            .filter_map(|c| match c {
                '0'..='9' => Some(c),
                '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32),
                _ => None,
            })
            .collect()
    };
    let (a, b) = (digits(a), digits(b));
    a.len() == 30 && a == b
}

/// What a reader sees of a part's path.
pub fn part_label(path: &str) -> String {
    let name = match path {
        "@context" | "type" | "id" => "文件格式",
        "issuer" => "签发人",
        "validFrom" => "签发时间",
        "credentialSubject.id" => "记录所属的人",
        "record.format" | "record.version" => "记录格式",
        "record.digest" => "校验值",
        "record.body.holder" => "记录编号",
        "record.body.made_at" => "导出时间",
        "record.body.person" => "基本信息",
        "record.body.study" => "学习与自测",
        "record.body.time" => "学习时间",
        "record.body.exams" => "模拟考试",
        "record.body.practice" => "培养实践",
        "record.body.mentors" => "培养联系人",
        "record.body.talks" => "谈话",
        "record.body.reports" => "思想汇报",
        "record.body.summary" => "个人小结",
        "record.body.left_out" => "未写入的项目",
        _ => "其他内容",
    };
    format!("{name} {path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_compared_as_people_type_them() {
        let one = fingerprint_of(&[1; 32]);
        let typed: String = one
            .replace(' ', "")
            .chars()
            .map(|c| char::from_u32(c as u32 + 0xfee0).unwrap())
            .collect();
        assert!(same_fingerprint(&one, &typed));
        assert!(!same_fingerprint(&one, &fingerprint_of(&[2; 32])));
        assert!(!same_fingerprint("", ""));
    }

    #[test]
    fn what_is_typed_is_checked() {
        let mentor = |name: &str, opinion: &str| Statement::Mentor {
            name: name.into(),
            date: Date::parse("2026-11-25").unwrap(),
            opinion: opinion.into(),
        };
        assert_eq!(mentor("王喆𠮷", "学习认真。\n请继续。").unfit(), None);
        for (name, opinion) in [
            ("", "好"),
            ("王\n芳", "好"),
            ("王芳", " "),
            ("王芳", "好\u{7}"),
            ("王\u{202e}芳", "好"),
        ] {
            assert!(mentor(name, opinion).unfit().is_some(), "{name} {opinion}");
        }
        assert!(mentor("王芳", &"好".repeat(MAX_WORDS + 1)).unfit().is_some());
    }

    #[test]
    fn a_statement_with_anything_unknown_is_refused() {
        let known = r#"{"role":"mentor","name":"王芳","date":"2026-11-25","opinion":"好"}"#;
        assert!(serde_json::from_str::<Statement>(known).is_ok());
        let more = known.replace("\"name\"", "\"stage\":\"x\",\"name\"");
        assert!(serde_json::from_str::<Statement>(&more).is_err());
    }
}
