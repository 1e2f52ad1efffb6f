//! The training record as a file: what is written is read, and nothing else is.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod common;

use common::*;
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use xuedang::domain::hex;
use xuedang::domain::record::{Body, Field, Selection, TrainingRecord};
use xuedang::domain::roster::{Receipt, Register, RegisterRow};
use xuedang::domain::study::progress::StudyTime;
use xuedang::domain::study::{Action, Event, Study, report};
use xuedang::format::record::{MAX_BYTES, RecordError, file_name, open, seal, short_digest, write};

fn sample() -> TrainingRecord {
    sample_record("李明")
}

/// A sound record with everything ticked.
fn full() -> TrainingRecord {
    let mut selection = Selection::default();
    Field::ALL
        .into_iter()
        .for_each(|field| selection.set(field, true));
    seal(Body::of(&course(), &sample_study("李明"), &selection, &env(200)).unwrap())
}

fn text() -> String {
    String::from_utf8(write(&full())).unwrap()
}

/// The sample with one thing replaced in its text.
fn with(from: &str, to: &str) -> Vec<u8> {
    let text = text();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

/// The parts of a body that have a digest.
const PARTS: [&str; 9] = [
    "person", "study", "time", "exams", "practice", "mentors", "talks", "reports", "summary",
];

/// The file's JSON changed by hand and sealed again by somebody who knows how.
fn forged(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut value: Value = serde_json::from_str(&text()).unwrap();
    change(&mut value);
    let body = value["body"].clone();
    for part in PARTS {
        value["digest"][part] = sha(&body[part]).into();
    }
    value["digest"]["whole"] = sha(&body).into();
    serde_json::to_vec(&value).unwrap()
}

fn sha(value: &Value) -> String {
    hex(&Sha256::digest(serde_json::to_vec(value).unwrap()))
}

fn message(bytes: &[u8]) -> String {
    open(bytes).unwrap_err().to_string()
}

#[test]
fn what_is_written_is_opened() {
    for record in [sample(), full()] {
        assert_eq!(open(&write(&record)), Ok(record));
    }
    let with_bom = [b"\xef\xbb\xbf".as_slice(), &write(&sample())].concat();
    assert_eq!(open(&with_bom), Ok(sample()));
    assert_eq!(
        open(&forged(|_| ())),
        Ok(full()),
        "the test's own seal is the portal's"
    );
}

#[test]
fn notes_stay_at_home_unless_ticked() {
    let written = String::from_utf8(write(&sample())).unwrap();
    let home = ["只给自己看", "谈话细节", "汇报正文"];
    assert!(home.iter().all(|text| !written.contains(text)));
    assert_eq!(
        sample().body.left_out,
        [Field::PracticeNotes, Field::TalkNotes, Field::ReportTexts]
    );
    assert!(home.iter().all(|home| text().contains(home)));
}

#[test]
fn every_field_that_is_unticked_is_gone_and_named() {
    let study = sample_study("李明");
    for field in Field::ALL {
        let mut selection = Selection::default();
        selection.set(field, false);
        let body = Body::of(&course(), &study, &selection, &env(200)).unwrap();
        assert!(body.left_out.contains(&field), "{field:?}");
        let gone = match field {
            Field::Name => body.person.name.is_none(),
            Field::Branch => body.person.branch.is_none(),
            Field::Number => body.person.number.is_none(),
            Field::Stage => body.person.stage.is_none(),
            Field::Applied => body.person.applied.is_none(),
            Field::Confirmed => body.person.confirmed.is_none(),
            Field::Study => body.study.is_none(),
            Field::Time => body.time.is_none(),
            Field::Exams => body.exams.is_none(),
            Field::Practice => body.practice.is_none() && body.left_out.contains(&Field::PracticeNotes),
            Field::PracticeNotes => body.practice.iter().flatten().all(|line| line.notes.is_none()),
            Field::Mentors => body.mentors.is_none(),
            Field::Talks => body.talks.is_none() && body.left_out.contains(&Field::TalkNotes),
            Field::TalkNotes => body.talks.iter().flatten().all(|line| line.notes.is_none()),
            Field::Reports => body.reports.is_none() && body.left_out.contains(&Field::ReportTexts),
            Field::ReportTexts => body.reports.iter().flatten().all(|line| line.text.is_none()),
            Field::Summary => body.summary.is_none(),
        };
        assert!(!body.says(field));
        assert_eq!(Field::of(field.code()), Some(field));
        assert!(gone, "{field:?}");
        assert_eq!(open(&write(&seal(body.clone()))).unwrap().body, body);
    }
}

#[test]
fn other_kinds_of_file_are_named() {
    for (bytes, says) in [
        (b"PK\x03\x04rest".as_slice(), "压缩包或 Office 文件"),
        (b"%PDF-1.7", "PDF 文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Office 文件"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"\xff\xd8\xff\xe0", "图片"),
        (b"GIF89a", "图片"),
        (b"Rar!\x1a\x07", "压缩包（.rar）"),
        (b"7z\xbc\xaf\x27\x1c", "压缩包（.7z）"),
        (b" \r\n<!doctype html><html>", "网页文件（.html）"),
        (b"<?xml version=\"1.0\"?>", "网页文件（.html）"),
    ] {
        assert!(matches!(open(bytes), Err(RecordError::OtherKind(_))), "{bytes:?}");
        let says = format!("这是{says}");
        assert!(message(bytes).starts_with(&says), "{} / {says}", message(bytes));
        assert!(message(bytes).ends_with("不是学档导出的培养记录（.json）"));
    }
}

#[test]
fn what_is_no_text_is_refused() {
    for empty in [b"".as_slice(), b" \r\n\t", b"\xef\xbb\xbf", b"\xef\xbb\xbf  "] {
        assert_eq!(open(empty), Err(RecordError::Empty));
    }
    assert_eq!(message(b""), "文件是空的");
    // 姓名 in GBK, and UTF-16 with its mark.
    assert_eq!(open(b"{\"\xd0\xd5\xc3\xfb\":1}"), Err(RecordError::NotText(2)));
    assert_eq!(
        message(b"{\"\xd0\xd5\xc3\xfb\":1}"),
        "不是文本文件（第 3 个字节无法识别），不是学档导出的培养记录"
    );
    assert_eq!(open(b"\xff\xfe{\0\"\0"), Err(RecordError::NotText(0)));
}

#[test]
fn fifty_megabytes_are_refused_by_size_alone() {
    let big = vec![b' '; 50 << 20];
    assert_eq!(open(&big), Err(RecordError::TooLarge(50 << 20)));
    assert_eq!(
        message(&big),
        "文件太大（50 MB）。培养记录一般不超过 100 KB，最多 2 MB，请确认选对了文件"
    );
    // Just within the limit, padded with white space: still the record.
    let mut padded = write(&sample());
    padded.resize(MAX_BYTES as usize, b' ');
    assert_eq!(open(&padded), Ok(sample()));
}

#[test]
fn what_is_no_json_is_placed_by_line_and_column() {
    let text = text();
    let half = &text[..text.len() / 2
        - (0..4)
            .find(|back| text.is_char_boundary(text.len() / 2 - back))
            .unwrap()];
    assert!(matches!(open(half.as_bytes()), Err(RecordError::NotJson(..))));
    assert_eq!(
        message(b"{\n \"format\": \"xuedang-record\",,"),
        "内容不完整或已损坏（第 2 行第 29 列读不下去），请对方重新导出、重新发送"
    );
    assert!(
        matches!(
            open(format!("{text}{text}").as_bytes()),
            Err(RecordError::NotJson(..))
        ),
        "two in one file"
    );
    assert!(
        matches!(
            open("[".repeat(100_000).as_bytes()),
            Err(RecordError::NotJson(..))
        ),
        "depth"
    );
    assert!(
        matches!(
            open(with("李明", "\\ud800").as_slice()),
            Err(RecordError::NotJson(..))
        ),
        "lone surrogate"
    );
    assert!(
        matches!(
            open(with("李明", "李\0明").as_slice()),
            Err(RecordError::NotJson(..))
        ),
        "NUL"
    );
}

#[test]
fn json_of_another_format_or_version() {
    for other in [
        "null",
        "[]",
        "{}",
        "1",
        "\"xuedang-record\"",
        "{\"format\":\"xuedang-backup\",\"version\":1}",
        "{\"format\":1}",
    ] {
        assert_eq!(open(other.as_bytes()), Err(RecordError::NotRecord), "{other}");
    }
    assert_eq!(
        message(b"{}"),
        "不是学档导出的培养记录（缺少格式标记 format = xuedang-record）"
    );
    for (version, found) in [
        ("3", "3"),
        ("0", "0"),
        ("-1", "-1"),
        ("\"1\"", "\"1\""),
        ("1.0", "（不是整数）"),
        ("null", "null"),
    ] {
        let says = message(&with("\"version\": 2", &format!("\"version\": {version}")));
        assert!(
            says.starts_with(&format!("字段 version：记录的格式版本是 {found}，")),
            "{says}"
        );
    }
    assert!(
        message(&with(
            "\"format\": \"xuedang-record\",\n  \"version\": 2",
            "\"format\": \"xuedang-record\""
        ))
        .starts_with("字段 version：记录的格式版本是 （缺失）")
    );
}

#[test]
fn fields_are_named_with_their_path() {
    for (from, to, says) in [
        ("\"name\": \"李明\",", "", "字段 body.person.name：缺失"),
        (
            "\"name\": \"李明\",",
            "\"name\": \"李明\", \"name\": \"李明\",",
            "字段 body.person.name：重复出现",
        ),
        (
            "\"name\": \"李明\",",
            "\"name\": \"李明\", \"phone\": \"1\",",
            "字段 body.person.phone：不属于培养记录",
        ),
        (
            "\"name\": \"李明\",",
            "\"name\": 5,",
            "字段 body.person.name：内容或类型不对",
        ),
        (
            "\"name\": \"李明\",",
            "\"name\": null,",
            "字段 body.person.name：缺失",
        ),
        (
            "\"stage\": \"activist\"",
            "\"stage\": \"member\"",
            "字段 body.person.stage：内容或类型不对",
        ),
        (
            "\"2025-10-01\"",
            "\"2025-10-32\"",
            "字段 body.person.applied：内容或类型不对",
        ),
        (
            "\"minutes\": 180",
            "\"minutes\": -1",
            "字段 body.practice[0].minutes：内容或类型不对",
        ),
        (
            "\"minutes\": 180",
            "\"minutes\": 18e1",
            "字段 body.practice[0].minutes：内容或类型不对",
        ),
        (
            "\"minutes\": 180",
            "\"minutes\": 4294967296",
            "字段 body.practice[0].minutes：内容或类型不对",
        ),
        (
            "\"minutes\": 180",
            "\"minutes\": 180, \"__proto__\": {}",
            "字段 body.practice[0].__proto__：不属于培养记录",
        ),
        (
            "\"lessons\": 2,",
            "",
            "字段 body.study.progress.modules[0].figures.lessons：缺失",
        ),
        ("+08:00\"", "Z\"", "字段 body.made_at：内容或类型不对"),
        (
            "\"left_out\": []",
            "\"left_out\": [\"holder\"]",
            "字段 body.left_out[0]：内容或类型不对",
        ),
        (
            "\"digest\": {",
            "\"digest\": 1, \"digest\": {",
            "字段 digest：内容或类型不对",
        ),
        (
            "\"version\": 2",
            "\"version\": 2, \"version\": 2",
            "字段 version：重复出现",
        ),
        (
            "\"version\": 2",
            "\"version\": 2, \"extra\": 1",
            "字段 extra：不属于培养记录",
        ),
        (
            "\"sessions\": 1",
            "\"sessions\": 1.0",
            "字段 body.time.sessions：内容或类型不对",
        ),
        (
            "\"passed\": true",
            "\"passed\": 1",
            "字段 body.exams[0].passed：内容或类型不对",
        ),
        (
            "\"half_points\": 7,",
            "\"half_points\": 7.5,",
            "字段 body.exams[0].half_points：内容或类型不对",
        ),
        (
            "\"title\": \"第三季度思想汇报\"",
            "\"titel\": \"第三季度思想汇报\"",
            "字段 body.reports[0].titel：不属于培养记录",
        ),
        (
            "\"bank\": \"0123456789ab\",",
            "",
            "字段 body.study.progress.modules[0].bank：缺失",
        ),
        (
            "\"answers_to_reconfirm\": 0,",
            "",
            "字段 body.study.progress.modules[0].figures.answers_to_reconfirm：缺失",
        ),
    ] {
        assert_eq!(message(&with(from, to)), says, "{from} → {to}");
    }
    let mut value: Value = serde_json::from_str(&text()).unwrap();
    value.as_object_mut().unwrap().remove("digest");
    assert_eq!(message(&serde_json::to_vec(&value).unwrap()), "字段 digest：缺失");
}

#[test]
fn a_change_in_any_part_is_named() {
    let zero = "0".repeat(64);
    for (from, to, part) in [
        ("李明", "李朋", "基本信息 body.person"),
        (
            "\"lessons_read\": 1",
            "\"lessons_read\": 2",
            "学习与自测 body.study",
        ),
        ("\"minutes\": 180", "\"minutes\": 1800", "培养实践 body.practice"),
        ("只给自己看", "给大家看", "培养实践 body.practice"),
        (
            "\"since\": \"2026-03-15\"",
            "\"since\": \"2026-02-15\"",
            "培养联系人 body.mentors",
        ),
        ("入党动机", "入党动机。", "谈话 body.talks"),
        ("\"sessions\": 1", "\"sessions\": 3", "学习时间 body.time"),
        ("\"half_points\": 7", "\"half_points\": 8", "模拟考试 body.exams"),
        ("第三季度", "第四季度", "思想汇报 body.reports"),
        ("汇报正文", "汇报全文", "思想汇报 body.reports"),
        (
            "\"bank\": \"0123456789ab\"",
            "\"bank\": \"0123456789ac\"",
            "学习与自测 body.study",
        ),
        ("一学期的收获。", "两学期的收获。", "个人小结 body.summary"),
        (
            "2026-11-23T15:20:00",
            "2026-11-23T15:20:01",
            "导出时间、编号或校验值 body、digest.whole",
        ),
        (
            "\"left_out\": []",
            "\"left_out\": [\"number\"]",
            "导出时间、编号或校验值 body、digest.whole",
        ),
        (
            full().digest.whole.as_str(),
            zero.as_str(),
            "导出时间、编号或校验值 body、digest.whole",
        ),
        (full().digest.talks.as_str(), zero.as_str(), "谈话 body.talks"),
    ] {
        let says = message(&with(from, to));
        assert_eq!(
            says,
            format!("「{part}」在导出之后被改动过，与校验值不符；请对方重新导出，不要用其他软件打开修改"),
            "{from} → {to}"
        );
    }
    let both = String::from_utf8(with("李明", "李朋"))
        .unwrap()
        .replacen("入党动机", "动机", 1);
    assert!(message(both.as_bytes()).starts_with("「基本信息 body.person」「谈话 body.talks」"));
    let upper = full().digest.whole.to_uppercase();
    assert!(
        matches!(
            open(&with(&full().digest.whole, &upper)),
            Err(RecordError::Changed(_))
        ),
        "one spelling only"
    );
}

#[test]
fn a_part_that_is_taken_out_or_moved_is_noticed() {
    for part in &PARTS[1..] {
        let mut value: Value = serde_json::from_str(&text()).unwrap();
        value["body"].as_object_mut().unwrap().remove(*part);
        let says = message(&serde_json::to_vec(&value).unwrap());
        assert!(says.contains(&format!("body.{part}」")), "{part}: {says}");
    }
}

/// No byte can be changed, left out or doubled without the change being seen or being white space.
#[test]
fn every_single_byte_change_is_the_same_record_or_refused() {
    let (bytes, record) = (write(&full()), full());
    let same_or_refused = |changed: &[u8], what: &str, at: usize| {
        if let Ok(opened) = open(changed) {
            assert_eq!(opened, record, "{what} at {at}");
        }
    };
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        for put in [
            bytes[at] ^ 1,
            bytes[at] ^ 0x20,
            bytes[at].wrapping_add(1),
            b' ',
            b'0',
            b'"',
            0,
            0xff,
        ] {
            changed[at] = put;
            same_or_refused(&changed, "put", at);
        }
        let mut shorter = bytes.clone();
        shorter.remove(at);
        same_or_refused(&shorter, "left out", at);
        let mut longer = bytes.clone();
        longer.insert(at, bytes[at]);
        same_or_refused(&longer, "doubled", at);
        if !bytes[at..].iter().all(u8::is_ascii_whitespace) {
            assert!(open(&bytes[..at]).is_err(), "cut at {at}");
        }
    }
}

#[test]
fn whoever_can_seal_still_cannot_contradict() {
    let modules = |value: &mut Value, field: &str, count: u32| {
        value["body"]["study"]["progress"]["modules"][0]["figures"][field] = count.into()
    };
    type Change = Box<dyn FnOnce(&mut Value)>;
    let cases: Vec<(Change, &str)> = vec![
        (
            Box::new(|v| v["body"]["person"]["name"] = "  ".into()),
            "字段 body.person.name：姓名为空",
        ),
        (
            Box::new(|v| v["body"]["person"]["branch"] = "".into()),
            "字段 body.person.branch：所在党支部为空",
        ),
        (
            Box::new(|v| v["body"]["holder"] = "../branch/x".into()),
            "字段 body.holder：编号不是 26 位字母和数字",
        ),
        (
            Box::new(|v| v["body"]["person"]["name"] = "李\n明".into()),
            "字段 body.person.name：「李明……」过长，或含有不能显示的字符",
        ),
        (
            Box::new(|v| v["body"]["talks"][0]["topic"] = "长".repeat(201).into()),
            "字段 body.talks：「长长长长长长长长长长长长……」过长，或含有不能显示的字符",
        ),
        (
            Box::new(move |v| modules(v, "lessons_read", 3)),
            "字段 body.study.progress.modules：「模块m1」已读课数多于课数",
        ),
        (
            Box::new(move |v| modules(v, "correct", 5)),
            "字段 body.study.progress.modules：「模块m1」答题数自相矛盾",
        ),
        (
            Box::new(move |v| modules(v, "attempts", 2)),
            "字段 body.study.progress.modules：「模块m1」答题数自相矛盾",
        ),
        (
            Box::new(|v| v["body"]["study"]["progress"]["total"]["lessons"] = 4.into()),
            "字段 body.study.progress.total：合计与各模块之和不符",
        ),
        (
            Box::new(|v| {
                for at in [0, 1] {
                    v["body"]["study"]["progress"]["modules"][at]["figures"]["attempts"] = u32::MAX.into();
                }
            }),
            "字段 body.study.progress.total：合计与各模块之和不符",
        ),
        (
            Box::new(move |v| modules(v, "answers_to_reconfirm", 2)),
            "字段 body.study.progress.modules：「模块m1」答题数自相矛盾",
        ),
        (
            Box::new(move |v| modules(v, "to_reconfirm", 2)),
            "字段 body.study.progress.modules：「模块m1」待重新确认的课和题自相矛盾",
        ),
        (
            Box::new(|v| {
                v["body"]["study"]["progress"]["modules"][0]["figures"]["first"] = "2026-11-24".into();
            }),
            "字段 body.study.progress.modules：「模块m1」首次学习晚于最近学习",
        ),
        (
            Box::new(|v| v["body"]["person"]["confirmed"] = "2025-09-30".into()),
            "字段 body.person.confirmed：早于递交入党申请书的日期",
        ),
        (
            Box::new(|v| v["body"]["mentors"][0]["until"] = "2026-03-14".into()),
            "字段 body.mentors：「王联系」结束日期早于开始日期",
        ),
        (
            Box::new(|v| v["body"]["time"]["minutes"] = 481.into()),
            "字段 body.time：学习时间多于每天的上限",
        ),
        (
            Box::new(|v| v["body"]["time"]["sessions"] = 0.into()),
            "字段 body.time：学习时段与学习天数对不上",
        ),
        (
            Box::new(|v| v["body"]["time"]["sessions"] = 13.into()),
            "字段 body.time：学习时段与学习天数对不上",
        ),
        (
            Box::new(|v| v["body"]["study"]["days"] = 2.into()),
            "字段 body.time.days：学习天数与学习情况里的不符",
        ),
        (
            Box::new(|v| v["body"]["time"]["answers"] = 3.into()),
            "字段 body.time.answers：作答次数少于学习情况里的",
        ),
        (
            Box::new(|v| v["body"]["exams"][0]["half_points"] = 13.into()),
            "字段 body.exams：「小考」得分或及格分多于满分",
        ),
        (
            Box::new(|v| v["body"]["exams"][0]["pass"] = 7.into()),
            "字段 body.exams：「小考」得分或及格分多于满分",
        ),
        (
            Box::new(|v| v["body"]["exams"][0]["pass"] = 4.into()),
            "字段 body.exams：「小考」是否及格与得分不符",
        ),
        (
            Box::new(|v| v["body"]["exams"][0]["passed"] = false.into()),
            "字段 body.exams：「小考」是否及格与得分不符",
        ),
        (
            Box::new(|v| v["body"]["exams"][0]["used_seconds"] = 2_401.into()),
            "字段 body.exams：「小考」用时多于限时",
        ),
        (
            Box::new(|v| v["body"]["reports"][0]["title"] = "第\n三".into()),
            "字段 body.reports：「第三……」过长，或含有不能显示的字符",
        ),
        (
            Box::new(|v| v["body"]["left_out"] = json!(["report-texts"])),
            "字段 body.left_out：「思想汇报正文」列为未导出，却在记录里",
        ),
        (
            Box::new(|v| {
                v["body"].as_object_mut().unwrap().remove("exams");
                v["body"]["left_out"] = json!(["exams", "exams"]);
            }),
            "字段 body.left_out：「模拟考试」列了两次",
        ),
    ];
    for (change, says) in cases {
        assert_eq!(message(&forged(change)), says);
    }
}

/// RFC 8785: sorted keys, no white space, the shortest escapes; everything else as it is.
#[test]
fn canonical_is_rfc_8785() {
    let mut study = sample_study("𠮷田");
    study.summary = "\u{1}\u{8}\t\n\u{c}\r\u{1f}\"\\/\u{7f}\u{80}€\u{2028}中𠮷😀".into();
    let body = Body::of(&course(), &study, &Selection::default(), &env(200)).unwrap();
    let digest = seal(body).digest;
    let summary = r#""\u0001\b\t\n\f\r\u001f\"\\/"#.to_owned() + "\u{7f}\u{80}€\u{2028}中𠮷😀\"";
    assert_eq!(digest.summary, hex(&Sha256::digest(summary)));
    let person = r#"{"applied":"2025-10-01","branch":"计算机系学生第一党支部","confirmed":"2026-03-15","name":"𠮷田","number":"XD-007","stage":"activist"}"#;
    assert_eq!(digest.person, hex(&Sha256::digest(person)));
    let mentors = r#"[{"name":"王联系","since":"2026-03-15"}]"#;
    assert_eq!(digest.mentors, hex(&Sha256::digest(mentors)));
}

#[test]
fn a_part_that_is_not_there_is_digested_as_null() {
    let mut selection = Selection::default();
    selection.set(Field::Talks, false);
    let body = Body::of(&course(), &sample_study("李明"), &selection, &env(200)).unwrap();
    assert_eq!(seal(body).digest.talks, sha(&json!(null)));
}

#[test]
fn file_names_are_safe_on_every_system() {
    assert_eq!(file_name(&sample()), "培养记录-李明-20261123.json");
    let named = |name: &str| file_name(&sample_record(name));
    assert_eq!(
        named("a/b\\c:d*e?f\"g<h>i|j"),
        "培养记录-a_b_c_d_e_f_g_h_i_j-20261123.json"
    );
    assert_eq!(named("阿卜杜拉·买买提"), "培养记录-阿卜杜拉·买买提-20261123.json");
    assert_eq!(named("..  %2e#"), "培养记录-_____2e_-20261123.json");
}

#[test]
fn the_short_digest_is_four_groups_of_four() {
    let short = short_digest(&sample());
    assert_eq!(short.len(), 19);
    assert!(sample().digest.whole.starts_with(&short.replace(' ', "")));
}

/// Every export is tested with this record, so nothing about it may change unnoticed.
#[test]
fn the_full_record_is_as_it_was() {
    let written = String::from_utf8(write(&full_record())).unwrap();
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("full.json");
    std::fs::write(&path, &written).unwrap();
    let fixture = include_str!("fixtures/record/full.json");
    assert!(written == fixture, "other than the fixture: {}", path.display());
    let opened = open(fixture.as_bytes()).unwrap();
    assert_eq!(opened, full_record());
    for field in Field::ALL {
        assert!(opened.body.says(field), "{field:?}");
    }
}

/// Every figure of the full record, counted by hand from what the person did.
#[test]
fn the_full_record_says_what_was_done() {
    let body = full_record().body;
    let study = body.study.unwrap();
    let figures = study.progress.modules[0].figures;
    assert_eq!(study.progress.modules[0].bank, "5f0c8a91d2e7");
    assert_eq!((figures.lessons_read, figures.lessons), (2, 2));
    // Four questions were answered, one of them twice; one has been reworded since.
    assert_eq!((figures.answered, figures.correct, figures.attempts), (3, 2, 5));
    assert_eq!(
        (figures.answers_to_reconfirm, figures.confirmed()),
        (Some(1), Some(75))
    );
    assert_eq!(study.days, 3);
    let time = StudyTime {
        minutes: 12,
        days: 3,
        // Noon and five o'clock on the first day, noon on the others.
        sessions: 4,
        answers: 5,
    };
    assert_eq!(body.time, Some(time));
    let exams: Vec<_> = body
        .exams
        .iter()
        .flatten()
        .map(|exam| (exam.date.to_string(), exam.won(), exam.points, exam.passed))
        .collect();
    let exam = |day: &str, won: &str, points, passed| (day.to_owned(), won.to_owned(), points, passed);
    assert_eq!(
        exams,
        [
            exam("2026-11-23", "5.5", 8, true),
            exam("2026-11-24", "2.5", 6, false),
            exam("2026-11-25", "6", 6, true),
        ]
    );
    let kinds: Vec<_> = body.practice.iter().flatten().map(|line| line.kind).collect();
    assert_eq!(kinds, xuedang::domain::study::PracticeKind::ALL);
    let texts: Vec<_> = body
        .reports
        .iter()
        .flatten()
        .map(|line| line.text.is_some())
        .collect();
    assert_eq!(texts, [true, false, true]);
}

/// A record of version 1, as the build that wrote it left it.
const V1: &str = include_str!("fixtures/record/v1.json");

#[test]
fn a_record_of_version_1_opens_as_what_it_is() {
    let record = open(V1.as_bytes()).unwrap();
    assert_eq!(record.version, 1);
    assert_eq!(
        String::from_utf8(write(&record)).unwrap(),
        V1,
        "and is written as it was"
    );
    let body = &record.body;
    assert_eq!(body.person.name.as_deref(), Some("周𠮷喆"));
    assert_eq!(body.study.as_ref().unwrap().progress.total.answered, 3);
    assert_eq!(body.study.as_ref().unwrap().progress.total.confirmed(), None);
    assert!(body.time.is_none() && body.exams.is_none() && body.reports.is_none());
    assert_eq!(body.left_out, [Field::PracticeNotes, Field::TalkNotes]);
    // Its digests hold it as they did.
    let changed = V1.replacen("社区志愿服务", "社区服务", 1);
    assert!(message(changed.as_bytes()).starts_with("「培养实践 body.practice」在导出之后被改动过"));
}

#[test]
fn a_version_has_what_it_has_and_nothing_else() {
    let refused = |from: &str, to: &str| {
        assert!(V1.contains(from), "{from}");
        message(V1.replacen(from, to, 1).as_bytes())
    };
    for (from, to, field) in [
        (
            "\"talks\": [",
            "\"time\": {\"minutes\": 1, \"days\": 1, \"sessions\": 1, \"answers\": 1}, \"talks\": [",
            "body.time",
        ),
        ("\"talks\": [", "\"exams\": [], \"talks\": [", "body.exams"),
        ("\"talks\": [", "\"reports\": [], \"talks\": [", "body.reports"),
        ("\"digest\": {", "\"digest\": {\"time\": \"\",", "digest.time"),
        ("\"talk-notes\"", "\"talk-notes\", \"exams\"", "body.left_out"),
        (
            "\"id\": \"m1\"",
            "\"bank\": \"x\", \"id\": \"m1\"",
            "body.study.progress.modules[0].bank",
        ),
        (
            "\"lessons_read\": 1",
            "\"answers_to_reconfirm\": 0, \"lessons_read\": 1",
            "body.study.progress",
        ),
    ] {
        assert_eq!(refused(from, to), format!("字段 {field}：不属于第 1 版培养记录"));
    }
    assert_eq!(
        refused("\"version\": 1", "\"version\": 2"),
        "字段 digest.time：缺失"
    );
    let down = with("\"version\": 2", "\"version\": 1");
    assert_eq!(message(&down), "字段 body.time：不属于第 1 版培养记录");
}

/// What a mentor or a branch received from the build before is in their journals.
#[test]
fn a_received_record_of_version_1_is_read_from_the_journal() {
    let value: Value = serde_json::from_str(V1).unwrap();
    let line = json!({
        "v": 1, "id": "01M838Z2G00000000000000001", "seq": 1, "at": {"ms": NOON, "tz": 480},
        "what": {"received": {"file": "a.json", "record": value}},
    });
    let event = Event::<Receipt>::read(&line.to_string()).unwrap();
    assert_eq!(event.write(), line.to_string());
    let mut register = Register::default();
    register.apply(&event);
    let row = RegisterRow::of(register.people.values().next().unwrap());
    let shown = |column| row.cell(column).unwrap().to_string();
    for column in [
        "answers_to_reconfirm",
        "minutes",
        "sessions",
        "exams",
        "exams_passed",
        "reports",
    ] {
        assert_eq!(shown(column), "旧版无此项", "{column}");
    }
    assert_eq!((shown("days").as_str(), shown("talks").as_str()), ("1", "1"));
}

/// Something that a person does, by numbers.
fn deed(study: &mut Study, minute: i64, kind: u8, number: u32, text: &str) {
    let (course, bank) = (course(), bank());
    let question = &bank[number as usize % bank.len()];
    let lesson = &course.modules[0].lessons[number as usize % 2];
    let action = match kind {
        0 => Action::OpenLesson(lesson),
        1 => Action::FinishLesson(lesson),
        2 => Action::SpendTime(lesson, number % 2_000),
        3 => Action::Answer(question, question.answer.clone()),
        4 => {
            return sit(
                study,
                minute,
                "卷",
                u64::from(number % 2_401),
                &[number % 5, 4, 0],
            );
        }
        5 => {
            let day = format!("2026-{:02}-{:02}", number % 12 + 1, number % 28 + 1);
            let what = report::decide(None, date(&day), text, text, &env(minute));
            if let Ok(what) = what {
                happen(study, minute, what);
            }
            return;
        }
        6 => Action::WriteSummary(text.into()),
        _ => match study.reports.first() {
            Some(report) => Action::Remove(report.id.clone()),
            None => return,
        },
    };
    if let Ok(what) = study.decide(action, &env(minute)) {
        happen(study, minute, what);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever somebody does and ticks, whatever becomes of the questions: what is written is
    /// opened, says what the screens say, and names what was left out.
    #[test]
    fn whatever_is_exported_is_opened(
        deeds in proptest::collection::vec((0u8..8, any::<u32>(), "\\PC{0,12}|[\n\"<&=𠮷]{1,5}", 1i64..3_000), 0..30),
        reworded in any::<bool>(),
        left_out in proptest::collection::btree_set(0..Field::ALL.len(), 0..6),
    ) {
        let mut course = course();
        if reworded {
            course.modules[0].lessons[0].questions[0].hash = "reworded".into();
            course.modules[0].lessons[1].hash = "reworded".into();
        }
        let mut study = sample_study("周𠮷喆");
        let mut minute = 5_000;
        for (kind, number, text, pause) in deeds {
            minute += pause;
            deed(&mut study, minute, kind, number, &text);
        }
        let mut selection = Selection::default();
        for (at, field) in Field::ALL.into_iter().enumerate() {
            selection.set(field, !left_out.contains(&at));
        }
        let record = seal(Body::of(&course, &study, &selection, &env(minute + 1)).unwrap());
        prop_assert_eq!(open(&write(&record)), Ok(record.clone()));
        let body = &record.body;
        for field in Field::ALL {
            prop_assert!(!(body.says(field) && body.left_out.contains(&field)));
            prop_assert!(!body.says(field) || selection.has(field));
        }
        if let Some(time) = body.time {
            prop_assert_eq!(time, StudyTime::of(&study));
            prop_assert_eq!(time.minutes, study.time_spent().div_ceil(60));
        }
        if let Some(exams) = &body.exams {
            let passed = study.exams.iter().filter(|exam| exam.is_passed()).count();
            prop_assert_eq!((exams.len(), body.exams_passed()), (study.exams.len(), passed));
        }
    }
}
