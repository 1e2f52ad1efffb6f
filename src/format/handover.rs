//! A package for a change of unit as a file: canonical JSON, digests, and opening what came from
//! others. What it says is [`crate::domain::handover`]; `public/schema/handover-1.schema.json` is
//! its published form.
//!
//! 1. Limits, text, JSON, format and version; then every field.
//! 2. Digests, part by part, so that a change is named; then what contradicts itself.
//! 3. The file must be, byte for byte, what [`write`] makes of it: nobody else writes these, and so
//!    no byte of it can change unseen.
//! 4. The record in it is opened as any record is ([`record_of`]); whether the signatures on it hold
//!    is asked of the worker.

use super::credential::{envelope, read};
use super::record::{self, RecordError};
use crate::domain::handover::{Body, Carried, Digest, FORMAT, Package, VERSION};
use crate::domain::record::TrainingRecord;
use crate::domain::{hex, json};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// Largest package that is opened: 5 MiB. A record of the greatest size fits in, quoted.
pub const MAX_BYTES: u64 = 5 << 20;

/// Closes a body with its digests.
pub fn seal(body: Body) -> Package {
    let body = body.settle();
    let digest = digest_of(&body);
    Package {
        format: FORMAT.into(),
        version: VERSION,
        body,
        digest,
    }
}

/// The file's bytes: JSON in UTF-8, two spaces of indent.
pub fn write(package: &Package) -> Vec<u8> {
    json::pretty(&json::value_of(package)).into_bytes()
}

/// The file's name: `转接包-姓名-YYYYMMDD.json`, by the day of the move.
pub fn file_name(package: &Package) -> String {
    let body = &package.body;
    let name = record::safe_name(&body.person.name);
    format!("转接包-{name}-{}.json", body.change.day.compact())
}

/// A record as its file, to be carried: unsigned.
pub fn carry(record: &TrainingRecord) -> Carried {
    Carried {
        signed: false,
        text: json::pretty(&json::value_of(record)),
    }
}

fn digest_of(body: &Body) -> Digest {
    let body = json::value_of(body);
    let sha256 = |part: &Value| hex(&Sha256::digest(json::canonical(part)));
    let part = |name| sha256(body.get(name).unwrap_or(&Value::Null));
    Digest {
        person: part("person"),
        change: part("move"),
        periods: part("periods"),
        materials: part("materials"),
        note: part("note"),
        record: part("record"),
        whole: sha256(&body),
    }
}

/// Why a file is not a sound package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackageError {
    /// Larger than [`MAX_BYTES`].
    TooLarge(u64),
    /// Nothing in it.
    Empty,
    /// Another kind of file, by its first bytes.
    OtherKind(&'static str),
    /// Not UTF-8: the byte at which it stops being so.
    NotText(usize),
    /// Not JSON: line and column.
    NotJson(usize, usize),
    /// A training record, signed or not.
    IsRecord,
    /// JSON, but of another format.
    NotPackage,
    /// A package of another version.
    Version(String),
    /// A field is missing, unknown, doubled or of the wrong type: path and what is wrong.
    Field(String, String),
    /// Parts that are no longer as they were when the package was made.
    Changed(Vec<&'static str>),
    /// Parts that contradict each other: path and what is wrong.
    Contradiction(String, String),
    /// The same content, but not as it was written: the line where the difference begins.
    Rewritten(usize),
    /// The record in it is not sound, and why.
    Record(String),
}

impl fmt::Display for PackageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(bytes) => write!(
                f,
                "文件太大（{} MB）。转接包一般不超过 200 KB，最多 {} MB，请确认选对了文件",
                bytes.div_ceil(1 << 20),
                MAX_BYTES >> 20
            ),
            Self::Empty => f.write_str("文件是空的"),
            Self::OtherKind(kind) => write!(f, "这是{kind}，不是学档的转接包（.json）"),
            Self::NotText(at) => write!(
                f,
                "不是文本文件（第 {} 个字节无法识别），或已损坏，不是学档的转接包",
                at + 1
            ),
            Self::NotJson(line, column) => write!(
                f,
                "内容不完整或已损坏（第 {line} 行第 {column} 列读不下去），请原党组织重新发送"
            ),
            Self::IsRecord => {
                f.write_str("这是培养记录，不是转接包。培养记录请在党支部工作台导入；转接包请向原党组织索要")
            }
            Self::NotPackage => f.write_str("不是学档的转接包（缺少格式标记 format = xuedang-handover）"),
            Self::Version(found) => write!(
                f,
                "字段 version：转接包的格式版本是 {found}，本页只认识版本 {VERSION}。请刷新本页更新学档，或请原党组织用新版重新做"
            ),
            Self::Field(path, what) | Self::Contradiction(path, what) => write!(f, "字段 {path}：{what}"),
            Self::Changed(parts) => write!(
                f,
                "「{}」在做成之后被改动过，与校验值不符；请原党组织重新发送，不要用其他软件打开修改",
                parts.join("」「")
            ),
            Self::Rewritten(line) => write!(
                f,
                "文件从第 {line} 行起不是学档写成的样子（空白、换行或写法被改动过）；请原党组织重新发送，不要用其他软件打开保存"
            ),
            Self::Record(why) => write!(f, "转接包里的培养记录 body.record：{why}"),
        }
    }
}

impl std::error::Error for PackageError {}

/// Opens a package that came from somebody: hostile until it has passed every check here. Gives the
/// record in it too; whether the signatures on that hold is still to be asked.
///
/// # Errors
/// [`PackageError`], to be shown behind the file's name.
pub fn open(bytes: &[u8]) -> Result<(Package, TrainingRecord), PackageError> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(PackageError::TooLarge(bytes.len() as u64));
    }
    let text = record::text_of(bytes).map_err(|error| match error {
        RecordError::Empty => PackageError::Empty,
        RecordError::OtherKind(kind) => PackageError::OtherKind(kind),
        RecordError::NotText(at) => PackageError::NotText(at),
        other => PackageError::Record(other.to_string()),
    })?;
    let value: Value =
        serde_json::from_str(text).map_err(|error| PackageError::NotJson(error.line(), error.column()))?;
    let format = value.get("format").and_then(Value::as_str);
    if format == Some(crate::domain::record::FORMAT) || value.get("credentialSubject").is_some() {
        return Err(PackageError::IsRecord);
    }
    if format != Some(FORMAT) {
        return Err(PackageError::NotPackage);
    }
    if value.get("version").and_then(Value::as_u64) != Some(u64::from(VERSION)) {
        let found = match value.get("version") {
            None => "（缺失）".into(),
            Some(Value::Number(number)) if number.is_f64() => "（不是整数）".into(),
            Some(found) => json::canonical(found),
        };
        return Err(PackageError::Version(found.chars().take(20).collect()));
    }
    // From the text again, not from `value`: a map would have dropped doubled fields unseen.
    let package: Package = serde_json::from_str(text).map_err(|error| field_error(text, &error))?;
    let changed = changed_parts(&package);
    if !changed.is_empty() {
        return Err(PackageError::Changed(changed));
    }
    if let Some((path, what)) = package.body.contradiction() {
        return Err(PackageError::Contradiction(path, what));
    }
    let written = write(&package);
    let same = written.iter().zip(bytes).take_while(|(a, b)| a == b).count();
    if same < written.len().max(bytes.len()) {
        let line = bytes[..same].iter().filter(|&&byte| byte == b'\n').count() + 1;
        return Err(PackageError::Rewritten(line));
    }
    let record = record_of(&package)?;
    Ok((package, record))
}

fn field_error(text: &str, error: &serde_json::Error) -> PackageError {
    match record::field_error(text, error) {
        RecordError::Field(path, what) => PackageError::Field(path, what.replace("培养记录", "转接包")),
        other => PackageError::Record(other.to_string()),
    }
}

/// Opens a record that is carried: its own digests hold, and it is of the person of the package.
///
/// # Errors
/// [`PackageError::Record`].
pub fn record_of(package: &Package) -> Result<TrainingRecord, PackageError> {
    let (carried, person) = (&package.body.record, &package.body.person);
    let record = carried_record(carried).map_err(PackageError::Record)?;
    let differs = |what: &str| Err(PackageError::Record(format!("{what}与转接包上的不一致")));
    if record.body.holder != person.holder {
        return differs("记录编号");
    }
    if record
        .body
        .person
        .name
        .as_deref()
        .is_some_and(|name| name != person.name)
    {
        return differs("姓名");
    }
    Ok(record)
}

/// Opens the text of a record, signed or not as it says.
///
/// # Errors
/// A sentence for people.
pub fn carried_record(carried: &Carried) -> Result<TrainingRecord, String> {
    let bytes = carried.text.as_bytes();
    if !carried.signed {
        return record::open(bytes).map_err(|error| error.to_string());
    }
    let value = read::json(bytes).map_err(|error| error.to_string())?;
    let credential = envelope::open(&value).map_err(|error| error.to_string())?;
    let inner = json::canonical(&Value::Object(credential.record.clone()));
    record::open(inner.as_bytes()).map_err(|error| error.to_string())
}

fn changed_parts(package: &Package) -> Vec<&'static str> {
    let (now, then) = (digest_of(&package.body), &package.digest);
    let parts = [
        ("人员 body.person", now.person == then.person),
        ("变动 body.move", now.change == then.change),
        ("培养时间 body.periods", now.periods == then.periods),
        ("材料 body.materials", now.materials == then.materials),
        ("说明 body.note", now.note == then.note),
        ("培养记录 body.record", now.record == then.record),
    ];
    let changed = parts.into_iter().filter(|(_, same)| !same);
    let mut changed: Vec<_> = changed.map(|(name, _)| name).collect();
    if changed.is_empty() && now.whole != then.whole {
        changed.push("编号、制作时间或校验值 body、digest.whole");
    }
    changed
}
