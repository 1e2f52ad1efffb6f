//! The training record as a file: canonical JSON, digests, and opening what came from others.

use super::json_path::{self, Place};
use crate::domain::record::{Body, Digest, FORMAT, OLDEST_VERSION, TrainingRecord, VERSION};
use crate::domain::{handover, hex, json};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// Largest record file that is opened: 2 MiB. A full one has a few dozen kilobytes.
pub const MAX_BYTES: u64 = 2 << 20;

/// Closes a body with its digests.
pub fn seal(body: Body) -> TrainingRecord {
    let digest = digest_of(&body, VERSION);
    TrainingRecord {
        format: FORMAT.into(),
        version: VERSION,
        body,
        digest,
    }
}

/// The file's bytes: JSON in UTF-8, two spaces of indent, readable by people.
pub fn write(record: &TrainingRecord) -> Vec<u8> {
    json::pretty(&json::value_of(record)).into_bytes()
}

/// The file's name: `培养记录-姓名-YYYYMMDD.json`, with `_` for what some system forbids in names.
pub fn file_name(record: &TrainingRecord) -> String {
    file_name_of_kind(record, "json")
}

/// The same name with another ending: of the annex, the workbook, the statements.
pub fn file_name_of_kind(record: &TrainingRecord, ending: &str) -> String {
    let name = safe_name(record.body.person.name.as_deref().unwrap_or("未署名"));
    format!(
        "培养记录-{name}-{}.{ending}",
        record.body.made_at.date().compact()
    )
}

/// A name as part of a file's name: thirty characters, `_` for what some system forbids.
pub(super) fn safe_name(name: &str) -> String {
    let safe = |c: char| {
        if c.is_control() || c.is_whitespace() || r#"\/:*?"<>|.%#"#.contains(c) {
            '_'
        } else {
            c
        }
    };
    name.chars().take(30).map(safe).collect()
}

/// The digest of the whole, short enough to compare by eye: sixteen digits in groups of four.
pub fn short_digest(record: &TrainingRecord) -> String {
    let digits: Vec<char> = record.digest.whole.chars().take(16).collect();
    digits
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

fn sha256(part: Option<&Value>) -> String {
    hex(&Sha256::digest(json::canonical(part.unwrap_or(&Value::Null))))
}

fn digest_of(body: &Body, version: u16) -> Digest {
    let body = json::value_of(body);
    let part = |name| sha256(body.get(name));
    let later = |name| (version > 1).then(|| part(name));
    Digest {
        person: part("person"),
        study: part("study"),
        time: later("time"),
        exams: later("exams"),
        practice: part("practice"),
        mentors: part("mentors"),
        talks: part("talks"),
        reports: later("reports"),
        summary: part("summary"),
        whole: sha256(Some(&body)),
    }
}

/// Why a file is not a sound record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordError {
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
    /// JSON, but of another format.
    NotRecord,
    /// A record of another version.
    Version(String),
    /// A field is missing, unknown, doubled or of the wrong type: path and what is wrong.
    Field(String, String),
    /// Parts that are no longer as they were when the record was made.
    Changed(Vec<&'static str>),
    /// Parts that contradict each other: field and what is wrong.
    Contradiction(&'static str, String),
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(bytes) => write!(
                f,
                "文件太大（{} MB）。培养记录一般不超过 100 KB，最多 {} MB，请确认选对了文件",
                bytes.div_ceil(1 << 20),
                MAX_BYTES >> 20
            ),
            Self::Empty => f.write_str("文件是空的"),
            Self::OtherKind(kind) => write!(f, "这是{kind}，不是学档导出的培养记录（.json）"),
            Self::NotText(at) => write!(
                f,
                "不是文本文件（第 {} 个字节无法识别），不是学档导出的培养记录",
                at + 1
            ),
            Self::NotJson(line, column) => {
                write!(
                    f,
                    "内容不完整或已损坏（第 {line} 行第 {column} 列读不下去），请对方重新导出、重新发送"
                )
            }
            Self::NotRecord => f.write_str("不是学档导出的培养记录（缺少格式标记 format = xuedang-record）"),
            Self::Version(found) => write!(
                f,
                "字段 version：记录的格式版本是 {found}，本页只认识版本 {OLDEST_VERSION} 到 {VERSION}。请刷新本页更新学档，或请对方用新版重新导出"
            ),
            Self::Field(path, what) => write!(f, "字段 {path}：{what}"),
            Self::Changed(parts) => write!(
                f,
                "「{}」在导出之后被改动过，与校验值不符；请对方重新导出，不要用其他软件打开修改",
                parts.join("」「")
            ),
            Self::Contradiction(field, what) => write!(f, "字段 {field}：{what}"),
        }
    }
}

impl std::error::Error for RecordError {}

/// Opens a record that came from somebody: hostile until it has passed every check here.
///
/// # Errors
/// [`RecordError`], to be shown behind the file's name.
pub fn open(bytes: &[u8]) -> Result<TrainingRecord, RecordError> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(RecordError::TooLarge(bytes.len() as u64));
    }
    let text = text_of(bytes)?;
    let value: Value = parse(text)?;
    let format = value.get("format").and_then(Value::as_str);
    if format == Some(handover::FORMAT) {
        return Err(RecordError::OtherKind(
            "转接包（请在党支部工作台点“接收转接包”打开）",
        ));
    }
    if format != Some(FORMAT) {
        return Err(RecordError::NotRecord);
    }
    let version = value.get("version").and_then(Value::as_u64);
    if version.is_none_or(|version| !(u64::from(OLDEST_VERSION)..=u64::from(VERSION)).contains(&version)) {
        let found = match value.get("version") {
            None => "（缺失）".into(),
            Some(Value::Number(number)) if number.is_f64() => "（不是整数）".into(),
            Some(found) => json::canonical(found),
        };
        return Err(RecordError::Version(found.chars().take(20).collect()));
    }
    // From the text again, not from `value`: a map would have dropped doubled fields unseen.
    let record: TrainingRecord = serde_json::from_str(text).map_err(|error| field_error(text, &error))?;
    if let Some((field, what)) = record.misplaced() {
        return Err(RecordError::Field(field, what.into()));
    }
    let changed = changed_parts(&record);
    if !changed.is_empty() {
        return Err(RecordError::Changed(changed));
    }
    match record.body.contradiction() {
        Some((field, what)) => Err(RecordError::Contradiction(field, what)),
        None => Ok(record),
    }
}

/// The text of a file that somebody sent, or what else it is.
pub(super) fn text_of(bytes: &[u8]) -> Result<&str, RecordError> {
    const KINDS: [(&[u8], &str); 8] = [
        (b"PK\x03\x04", "压缩包或 Office 文件（.zip、.docx、.xlsx）"),
        (b"%PDF", "PDF 文件"),
        (b"\xd0\xcf\x11\xe0", "旧版 Office 文件（.doc、.xls）"),
        (b"\x89PNG", "图片"),
        (b"\xff\xd8\xff", "图片"),
        (b"GIF8", "图片"),
        (b"Rar!", "压缩包（.rar）"),
        (b"7z\xbc\xaf", "压缩包（.7z）"),
    ];
    if let Some((_, kind)) = KINDS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(RecordError::OtherKind(kind));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| RecordError::NotText(error.valid_up_to()))?;
    if text.trim().is_empty() {
        return Err(RecordError::Empty);
    }
    if text.trim_start().get(..1) == Some("<") {
        return Err(RecordError::OtherKind("网页文件（.html）"));
    }
    Ok(text)
}

fn parse(text: &str) -> Result<Value, RecordError> {
    serde_json::from_str(text).map_err(|error| RecordError::NotJson(error.line(), error.column()))
}

/// Turns serde's English into a field and a reason.
pub(super) fn field_error(text: &str, error: &serde_json::Error) -> RecordError {
    let Place { container, item } = json_path::place(text, error.line(), error.column());
    let says = error.to_string();
    for (marker, what) in [("missing field `", "缺失"), ("duplicate field `", "重复出现")] {
        if let Some((_, rest)) = says.split_once(marker)
            && let Some((name, _)) = rest.split_once('`')
        {
            let dot = if container.is_empty() { "" } else { "." };
            return RecordError::Field(format!("{container}{dot}{name}"), what.into());
        }
    }
    let what = if says.contains("unknown field `") {
        "不属于培养记录"
    } else {
        "内容或类型不对"
    };
    RecordError::Field(item, what.into())
}

fn changed_parts(record: &TrainingRecord) -> Vec<&'static str> {
    let now = digest_of(&record.body, record.version);
    let then = &record.digest;
    let parts = [
        ("基本信息 body.person", now.person == then.person),
        ("学习与自测 body.study", now.study == then.study),
        ("学习时间 body.time", now.time == then.time),
        ("模拟考试 body.exams", now.exams == then.exams),
        ("培养实践 body.practice", now.practice == then.practice),
        ("培养联系人 body.mentors", now.mentors == then.mentors),
        ("谈话 body.talks", now.talks == then.talks),
        ("思想汇报 body.reports", now.reports == then.reports),
        ("个人小结 body.summary", now.summary == then.summary),
    ];
    let mut changed: Vec<_> = parts
        .into_iter()
        .filter(|(_, same)| !same)
        .map(|(name, _)| name)
        .collect();
    if changed.is_empty() && now.whole != then.whole {
        changed.push("导出时间、编号或校验值 body、digest.whole");
    }
    changed
}
