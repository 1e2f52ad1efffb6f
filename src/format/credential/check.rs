//! Checks a signed record, in two steps, so that the signatures themselves may be checked by
//! whatever is quickest (WebCrypto, where a browser has Ed25519; else [`verify`] does it all):
//! [`prepare`] reads the file and says what is to be checked, [`Prepared::finish`] makes the report.
//!
//! Of many the reports are brief, and one that holds needs no more than its [`Outline`]. That only
//! ever accepts: any other is judged all over again, by the whole of it.

use super::bulk::{By, Found};
use super::envelope::{self, Envelope, Object};
use super::issue::{parts_of, sum_of};
use super::jcs::Parted;
use super::key::PublicKey;
use super::model::{date_time_stamp, is_url};
use super::outline::Outline;
use super::proof::Hasher;
use super::read::{self, ReadError};
use super::report::{ChainFault, Fault, ProofReport, Report};
use super::{ALL_PARTS, MAX_MENTORS, Role, SUITE, Statement, proof};
use crate::domain::{hex, json};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The members that a proof of ours has.
const MEMBERS: [&str; 11] = [
    "@context",
    "id",
    "type",
    "cryptosuite",
    "created",
    "verificationMethod",
    "proofPurpose",
    "previousProof",
    "documentDigest",
    "statement",
    "proofValue",
];

/// A signature that is to be checked: Ed25519, pure.
#[derive(Clone, Debug)]
pub struct Check {
    /// Whose.
    pub key: PublicKey,
    /// Over what.
    pub message: [u8; 64],
    /// The signature.
    pub signature: [u8; 64],
}

impl Check {
    /// Whether it is right.
    pub fn holds(&self) -> bool {
        self.key.holds(&self.message, &self.signature)
    }
}

/// A signed record that was read, before its signatures were checked.
#[derive(Debug)]
pub struct Prepared {
    report: Report,
    /// Without the record, and without what its activist says of each part.
    is_brief: bool,
    /// The whole credential, or its outline.
    value: Value,
    /// Of it without its proofs.
    digest: String,
    /// For each proof: what is to be checked, when everything for it is there.
    checks: Vec<Option<Check>>,
    /// For each proof: the places of those that it is about.
    previous: Vec<Vec<usize>>,
    /// For each proof: the digest of the record that it was made for.
    about: Vec<Option<String>>,
}

/// Reads a file and says which signatures are to be checked.
///
/// # Errors
/// [`ReadError`] when it is no signed record.
pub fn prepare(bytes: &[u8]) -> Result<Prepared, ReadError> {
    prepare_value(read::json(bytes)?, PublicKey::from_method, false)
}

/// A signed record that was read for who only accepts: before anybody has worked out whether its keys
/// are keys, which signatures that hold show; and by its outline, where it has one and the report is
/// brief.
#[derive(Debug)]
pub struct Unproven(Prepared);

/// The same as [`prepare`], for who asks another first whether signatures hold.
///
/// # Errors
/// [`ReadError`] when it is no signed record.
pub fn prepare_unproven(bytes: &[u8], is_brief: bool) -> Result<Unproven, ReadError> {
    match is_brief.then(|| prepare_outline(bytes)).flatten() {
        Some(outlined) => Ok(outlined),
        None => prepare_value(read::json(bytes)?, PublicKey::from_method_unproven, is_brief).map(Unproven),
    }
}

impl Unproven {
    /// As of [`Prepared::checks`].
    pub fn checks(&self) -> impl Iterator<Item = Option<&Check>> {
        self.0.checks()
    }

    /// The report, when every signature is right and nothing else is wrong. `None` says nothing:
    /// then [`verify_as`] is to judge.
    pub fn accept(self, held: &[bool]) -> Option<Report> {
        let Self(prepared) = self;
        let all_hold = held.len() == prepared.checks.len()
            && prepared.checks().all(|check| check.is_some())
            && held.iter().all(|held| *held);
        let report = all_hold.then(|| prepared.finish(held));
        report.filter(|report| report.holds)
    }
}

/// Reads a file and checks it.
///
/// # Errors
/// [`ReadError`] when it is no signed record.
pub fn verify(bytes: &[u8]) -> Result<Report, ReadError> {
    verify_value(read::json(bytes)?)
}

/// Checks what was read.
///
/// # Errors
/// [`ReadError`] when it is no signed record.
pub fn verify_value(value: Value) -> Result<Report, ReadError> {
    let prepared = prepare_value(value, PublicKey::from_method, false)?;
    let held = prepared.held();
    Ok(prepared.finish(&held))
}

/// Checks many, in this program. Brief reports come without the records and what their activists
/// signed of each part.
pub fn verify_many(records: &[&[u8]], brief: bool) -> Found {
    let verify = |bytes: &&[u8]| {
        let outlined = brief.then(|| prepare_outline(bytes)).flatten();
        let accepted = outlined.and_then(|outlined| {
            let held = outlined.0.held();
            outlined.accept(&held)
        });
        accepted.map_or_else(|| verify_as(bytes, brief), Ok)
    };
    Found {
        by: By::Program,
        reports: records.iter().map(verify).collect(),
    }
}

/// One of many, by the whole of it.
///
/// # Errors
/// A sentence for people.
pub fn verify_as(bytes: &[u8], brief: bool) -> Result<Report, String> {
    let read = read::json(bytes);
    let prepared = read.and_then(|value| prepare_value(value, PublicKey::from_method, brief));
    let prepared = prepared.map_err(|error| error.to_string())?;
    let held = prepared.held();
    Ok(prepared.finish(&held))
}

/// What is hashed: the texts of a document and of its proofs.
struct Written<'a> {
    document: Hasher<'a>,
    /// Of the document without any proof.
    hash: [u8; 32],
    proofs: Vec<Parted<'a>>,
}

impl<'a> Written<'a> {
    fn new(document: Parted<'a>, proofs: Vec<Parted<'a>>) -> Self {
        let document = Hasher::new(document);
        Self {
            hash: document.hash(&[]),
            document,
            proofs,
        }
    }

    /// Of the document with the proofs at these places.
    fn hash_with(&self, places: &[usize]) -> [u8; 32] {
        if places.is_empty() {
            return self.hash;
        }
        let named: Vec<_> = places.iter().map(|&place| &self.proofs[place]).collect();
        self.document.hash(&named)
    }
}

/// How a key is read from a verification method.
type ReadKey = fn(&str) -> Option<PublicKey>;

fn prepare_value(value: Value, read_key: ReadKey, is_brief: bool) -> Result<Prepared, ReadError> {
    let envelope = envelope::open(&value)?;
    let document = Parted::around(envelope.document, proof::PROOFS);
    let proofs = envelope.proofs.iter();
    let proofs = proofs.map(|one| Parted::of(one, proof::VALUE)).collect();
    let prepared = Prepared::new(&envelope, &Written::new(document, proofs), read_key);
    Ok(Prepared {
        is_brief,
        value,
        ..prepared
    })
}

/// By its outline; `None` when it has none, or that is no signed record.
fn prepare_outline(bytes: &[u8]) -> Option<Unproven> {
    let Outline {
        text,
        document,
        proofs,
    } = Outline::of(bytes)?;
    let value = read::json(text.as_bytes()).ok()?;
    let envelope = envelope::open(&value).ok()?;
    let written = Written::new(document, proofs);
    let prepared = Prepared::new(&envelope, &written, PublicKey::from_method_unproven);
    Some(Unproven(Prepared {
        is_brief: true,
        value,
        ..prepared
    }))
}

impl Prepared {
    fn new(envelope: &Envelope<'_>, written: &Written<'_>, read_key: ReadKey) -> Self {
        let mut prepared = Self {
            report: Report {
                holds: false,
                issuer: envelope.issuer.to_owned(),
                valid_from: envelope.valid_from.to_owned(),
                proofs: Vec::new(),
                faults: Vec::new(),
                changed: Vec::new(),
                undigested: Vec::new(),
                record: Value::Null,
            },
            is_brief: false,
            value: Value::Null,
            digest: hex(&written.hash),
            checks: Vec::new(),
            previous: Vec::new(),
            about: Vec::new(),
        };
        for (given, own) in envelope.proofs.iter().zip(&written.proofs) {
            prepared.take(envelope, written, given, own, read_key);
        }
        prepared.report.faults = chain_faults(envelope, &prepared.report.proofs);
        prepared
    }

    /// Which signatures are right, by this program.
    pub fn held(&self) -> Vec<bool> {
        let holds = |check: Option<&Check>| check.is_some_and(Check::holds);
        self.checks().map(holds).collect()
    }

    /// The signatures to be checked, one for each proof; `None` where that cannot be done.
    pub fn checks(&self) -> impl Iterator<Item = Option<&Check>> {
        self.checks.iter().map(Option::as_ref)
    }

    fn take(
        &mut self,
        envelope: &Envelope<'_>,
        written: &Written<'_>,
        given: &Object,
        own: &Parted<'_>,
        read_key: ReadKey,
    ) {
        let mut faults = Vec::new();
        let same_context = given.get("@context") == envelope.document.get("@context");
        let text = |member: &str| given.get(member).and_then(Value::as_str);
        let mut wants = |member: &str, fit: bool| {
            if !fit {
                faults.push(Fault::Form(member.into()));
            }
        };
        wants("type", text("type") == Some("DataIntegrityProof"));
        wants("cryptosuite", text("cryptosuite") == Some(SUITE));
        wants("proofPurpose", text("proofPurpose") == Some("assertionMethod"));
        wants("id", text("id").is_some_and(is_url));
        wants("@context", same_context);
        let created = text("created").filter(|text| date_time_stamp(text).is_some());
        wants("created", created.is_some());
        let signature = proof::signature(given);
        wants("proofValue", signature.is_some());
        let about = text("documentDigest").map(str::to_owned);
        wants("documentDigest", about.is_some());
        let statement: Option<Statement> = given
            .get("statement")
            .and_then(|said| Statement::deserialize(said).ok())
            .filter(|said| said.unfit().is_none());
        wants("statement", statement.is_some());
        if let Some(more) = given.keys().find(|key| !MEMBERS.contains(&key.as_str())) {
            let more: String = more.chars().filter(|c| !c.is_control()).take(40).collect();
            wants(&more, false);
        }
        let method = text("verificationMethod").unwrap_or_default();
        let key = read_key(method);
        if key.is_none() {
            faults.push(Fault::Key);
        }
        let role = statement.as_ref().map(Statement::role);
        let did = match (&key, method.split_once('#')) {
            (Some(_), Some((did, _))) => did,
            _ => "",
        };
        if role == Some(Role::Activist) && did != envelope.issuer {
            faults.push(Fault::NotIssuer);
        }
        let previous = match proof::previous_places(given, &envelope.proofs) {
            Ok(places) => places,
            Err(id) => {
                faults.push(if id.is_empty() {
                    Fault::Form("previousProof".into())
                } else {
                    Fault::Missing(id.chars().filter(|c| !c.is_control()).take(80).collect())
                });
                Vec::new()
            }
        };
        let message = if same_context || !given.contains_key("@context") {
            Some(proof::message_over(&written.hash_with(&previous), own))
        } else {
            // Its contexts are another list: the document is written anew. That is a fault already, so
            // that it does not matter here whether this is all of the document.
            let named: Vec<&Object> = previous.iter().map(|&place| envelope.proofs[place]).collect();
            proof::message(envelope.document, given, &named)
        };
        self.checks.push(match (key.clone(), message, signature) {
            (Some(key), Some(message), Some(signature)) => Some(Check {
                key,
                message,
                signature,
            }),
            _ => None,
        });
        self.report.proofs.push(ProofReport {
            holds: false,
            role,
            statement,
            fingerprint: key.as_ref().map(PublicKey::fingerprint).unwrap_or_default(),
            key: did.to_owned(),
            created: created.unwrap_or_default().to_owned(),
            faults,
        });
        self.previous.push(previous);
        self.about.push(about);
    }

    /// The report. `held` says for each proof whether its signature is right.
    pub fn finish(self, held: &[bool]) -> Report {
        let Self {
            mut report,
            is_brief,
            mut value,
            digest,
            previous,
            about,
            ..
        } = self;
        let signed = |place: usize| held.get(place).copied().unwrap_or(false);
        let count = report.proofs.len();
        let sound: Vec<bool> = (0..count)
            .map(|place| signed(place) && report.proofs[place].faults.is_empty())
            .collect();
        // One holds only if all that it is about do (2.1, `previousProof`). As many rounds as there
        // are proofs follow the longest chain; a ring never holds.
        let mut holds: Vec<bool> = (0..count)
            .map(|place| sound[place] && previous[place].is_empty())
            .collect();
        for _ in 0..count {
            for place in 0..count {
                holds[place] = sound[place]
                    && previous[place]
                        .iter()
                        .all(|&before| before != place && holds[before]);
            }
        }
        let is_about_this = |place: usize| about[place].as_deref() == Some(&*digest);
        let record_is_unchanged = (0..count).any(|place| holds[place] && is_about_this(place));
        let (changed, undigested, replaced) = if record_is_unchanged {
            (Vec::new(), Vec::new(), false)
        } else {
            changes(&value, &report)
        };
        for place in 0..count {
            let waits = previous[place].iter().any(|&before| !holds[before]);
            let faults = &mut report.proofs[place].faults;
            if !signed(place) {
                if !is_about_this(place) && (record_is_unchanged || replaced) {
                    faults.push(Fault::OtherRecord);
                } else if !is_about_this(place) || !changed.is_empty() {
                    faults.push(Fault::RecordChanged);
                } else if !waits && !faults.iter().any(|fault| matches!(fault, Fault::Missing(_))) {
                    faults.push(Fault::ProofChanged);
                }
            } else if !is_about_this(place) && about[place].is_some() {
                // Signed so: whoever did it signed something that says it is about another record.
                faults.push(Fault::OtherRecord);
            }
            if waits {
                faults.push(Fault::PreviousFails);
            }
            report.proofs[place].holds = holds[place] && report.proofs[place].faults.is_empty();
        }
        report.holds = report.faults.is_empty() && report.proofs.iter().all(|proof| proof.holds);
        report.changed = changed;
        report.undigested = undigested;
        if is_brief {
            for proof in &mut report.proofs {
                if let Some(Statement::Activist { parts }) = &mut proof.statement {
                    parts.clear();
                }
            }
        } else {
            report.record = value["credentialSubject"]["record"].take();
        }
        report
    }
}

/// What is wrong with the proofs as a whole: they are one line, activist, mentors, branch.
fn chain_faults(envelope: &Envelope<'_>, proofs: &[ProofReport]) -> Vec<ChainFault> {
    let mut found = Vec::new();
    let mut add = |fault| {
        if !found.contains(&fault) {
            found.push(fault);
        }
    };
    let ids: Vec<_> = envelope.proofs.iter().map(|proof| proof.get("id")).collect();
    if has_twins(&ids) {
        add(ChainFault::SameId);
    }
    for (at, proof) in envelope.proofs.iter().enumerate() {
        match proof::previous_places(proof, &envelope.proofs) {
            Ok(places) if places.is_empty() && at == 0 => {}
            Ok(places) if places.is_empty() => add(if proofs[at].role == Some(Role::Activist) {
                ChainFault::Order
            } else {
                ChainFault::Loose
            }),
            Ok(places) if at > 0 && places == [at - 1] => {}
            Ok(_) => add(ChainFault::Order),
            // Said of the proof itself.
            Err(_) => {}
        }
    }
    let roles: Vec<_> = proofs.iter().map(|proof| proof.role).collect();
    let count = |role| roles.iter().filter(|&&one| one == Some(role)).count();
    if count(Role::Activist) == 0 || roles.first() != Some(&Some(Role::Activist)) {
        add(ChainFault::NoActivist);
    }
    let known: Vec<Role> = roles.iter().copied().flatten().collect();
    let too_many = count(Role::Activist) > 1 || count(Role::Mentor) > MAX_MENTORS || count(Role::Branch) > 1;
    if too_many || !known.is_sorted() {
        add(ChainFault::Roles);
    }
    let keys: Vec<_> = proofs
        .iter()
        .map(|proof| &proof.key)
        .filter(|key| !key.is_empty())
        .collect();
    if has_twins(&keys) {
        add(ChainFault::SameKey);
    }
    found
}

fn has_twins<T: PartialEq>(items: &[T]) -> bool {
    (1..items.len()).any(|at| items[..at].contains(&items[at]))
}

/// Which parts are not as the activist signed them, which contradict the record's own digests, and
/// whether the whole record is another one.
///
/// The signature has failed already, so all of this is evidence of where, and no proof.
fn changes(value: &Value, report: &Report) -> (Vec<String>, Vec<String>, bool) {
    let undigested = undigested(&value["credentialSubject"]["record"]);
    let claimed = report.proofs.iter().find_map(|proof| match &proof.statement {
        Some(Statement::Activist { parts }) => Some(parts),
        _ => None,
    });
    let Some(claimed) = claimed else {
        return (undigested.clone(), undigested, false);
    };
    if claimed.get(ALL_PARTS) != Some(&sum_of(claimed)) {
        // The list was changed: only the record's own digests are left to go by.
        return (undigested.clone(), undigested, false);
    }
    let now = value.as_object().map(parts_of).unwrap_or_default();
    let paths: BTreeSet<&String> = claimed.keys().chain(now.keys()).collect();
    let changed: Vec<String> = paths
        .into_iter()
        .filter(|path| *path != ALL_PARTS && claimed.get(*path) != now.get(*path))
        .cloned()
        .collect();
    let has = |path: &str| changed.iter().any(|changed| changed == path);
    let replaced = has("record.digest") && has("record.body.made_at");
    (changed, undigested, replaced)
}

/// Paths of the parts of a record whose digest is not the one that stands beside them.
fn undigested(record: &Value) -> Vec<String> {
    let (body, digests) = (&record["body"], record["digest"].as_object());
    let digests: BTreeMap<&str, &Value> = digests
        .into_iter()
        .flatten()
        .map(|(name, claimed)| (name.as_str(), claimed))
        .collect();
    let differs = |part: &Value, claimed: &Value| {
        claimed.as_str() != Some(&hex(&Sha256::digest(json::canonical(part))))
    };
    let mut found: Vec<String> = digests
        .iter()
        .filter(|(name, _)| **name != "whole")
        .filter(|(name, claimed)| differs(body.get(name).unwrap_or(&Value::Null), claimed))
        .map(|(name, _)| format!("record.body.{name}"))
        .collect();
    let whole = digests.get("whole");
    if found.is_empty() && whole.is_some_and(|claimed| differs(body, claimed)) {
        found.push("record.digest".into());
    }
    found
}
