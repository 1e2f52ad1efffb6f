//! A change of unit: the package goes out, comes in whole or is refused by name, and the register
//! keeps its history.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod common;

use common::*;
use proptest::prelude::*;
use serde_json::{Value, json};
use xuedang::domain::handover::{
    Body, Carried, Change, Handover, Material, MaterialKind, MaterialState, Package, Period, Source,
    Traveller,
};
use xuedang::domain::json::{canonical, pretty, value_of};
use xuedang::domain::record::{self, Selection, TrainingRecord};
use xuedang::domain::roster::{Receipt, Register, RegisterRow, Verdict};
use xuedang::domain::study::{Event, EventId};
use xuedang::format::handover::{PackageError, carry, file_name, open, seal, write};

const FIXTURE: &str = include_str!("fixtures/handover/v1.json");
const EVENTS: &str = include_str!("fixtures/handover/events.jsonl");
const SCHEMA: &str = include_str!("../public/schema/handover-1.schema.json");

/// A record with little in it, so that every byte of its package can be tried.
fn small_record() -> TrainingRecord {
    let mut selection = Selection::default();
    for field in record::Field::ALL {
        let who = [record::Field::Name, record::Field::Branch, record::Field::Stage];
        selection.set(field, who.contains(&field));
    }
    let body = record::Body::of(&course(), &sample_study("李喆𠮷"), &selection, &env(200)).unwrap();
    xuedang::format::record::seal(body)
}

fn material(kind: MaterialKind, state: MaterialState) -> Material {
    Material {
        kind,
        name: None,
        state,
        count: u32::from(state == MaterialState::Present),
        note: None,
    }
}

fn materials() -> Vec<Material> {
    let mut list: Vec<Material> = MaterialKind::NAMED
        .into_iter()
        .map(|kind| {
            material(
                kind,
                match kind {
                    MaterialKind::Filing => MaterialState::Missing,
                    MaterialKind::PoliticalReview => MaterialState::NotApplicable,
                    _ => MaterialState::Present,
                },
            )
        })
        .collect();
    list[9].count = 4;
    list[5].note = Some("已向上级党委查询".into());
    list.push(Material {
        name: Some("团组织推优大会记录复印件".into()),
        ..material(MaterialKind::Other, MaterialState::Present)
    });
    list
}

fn period(unit: &str, from: &str, to: &str) -> Period {
    Period {
        from: date(from),
        to: date(to),
        unit: unit.into(),
        source: Source::Typed,
    }
}

fn body_of(record: &TrainingRecord) -> Body {
    Body {
        id: EventId::new(&env(900)),
        made_at: env(900).now,
        person: Traveller {
            holder: record.body.holder.clone(),
            name: record.body.person.name().into(),
            applied: Some(date("2025-01-05")),
            confirmed: Some(date("2025-03-01")),
        },
        change: Change {
            from: "计算机系学生第一党支部".into(),
            to: "青年街道第二社区党支部".into(),
            day: date("2026-11-20"),
        },
        periods: vec![
            period("计算机系学生第一党支部", "2025-09-11", "2026-11-20"),
            period("中学党支部", "2025-03-01", "2025-08-31"),
        ],
        materials: materials(),
        note: Some("材料袋一个，密封。\n请查收。".into()),
        record: carry(record),
    }
}

fn package() -> Package {
    seal(body_of(&small_record()))
}

fn with(change: impl FnOnce(&mut Body)) -> Vec<u8> {
    let mut body = package().body;
    change(&mut body);
    write(&seal(body))
}

fn message(bytes: &[u8]) -> String {
    open(bytes).unwrap_err().to_string()
}

#[test]
fn what_is_written_is_opened_with_its_record() {
    for record in [small_record(), sample_record("李明"), full_record()] {
        let package = seal(body_of(&record));
        let (opened, carried) = open(&write(&package)).unwrap();
        assert_eq!((opened, carried), (package, record));
    }
    assert_eq!(file_name(&package()), "转接包-李喆𠮷-20261120.json");
    // In order of day, however they were typed.
    let first = &package().body.periods[0];
    assert_eq!(
        (first.unit.as_str(), first.from),
        ("中学党支部", date("2025-03-01"))
    );
}

/// A record whose name was left out goes along with the name that the branch typed.
#[test]
fn a_record_without_a_name_is_carried() {
    let mut selection = Selection::default();
    selection.set(record::Field::Name, false);
    let body = record::Body::of(&course(), &sample_study("李明"), &selection, &env(200)).unwrap();
    let record = xuedang::format::record::seal(body);
    let mut body = body_of(&record);
    body.person.name = String::new();
    assert!(open(&write(&seal(body.clone()))).is_err(), "nobody is named");
    body.person.name = "李明".into();
    assert_eq!(open(&write(&seal(body))).unwrap().1, record);
}

/// What this build writes is what later builds must still read.
#[test]
fn the_package_is_as_it_was() {
    let written = String::from_utf8(write(&package())).unwrap();
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("handover-v1.json");
    std::fs::write(&path, &written).unwrap();
    assert!(written == FIXTURE, "other than the fixture: {}", path.display());
    assert_eq!(open(FIXTURE.as_bytes()).unwrap().0, package());
}

/// Whatever single byte is put, left out or doubled: refused, and the message says where.
#[test]
fn every_single_byte_change_is_refused_by_name() {
    let bytes = write(&package());
    let refused = |changed: &[u8], at: usize| {
        let error = open(changed).unwrap_err();
        let says = error.to_string();
        let places = ["字段 ", "「", "行", "字节", "格式标记", "body."];
        assert!(places.iter().any(|place| says.contains(place)), "{at}: {says}");
    };
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        for put in [bytes[at] ^ 1, b' '] {
            changed[at] = put;
            if changed != bytes {
                refused(&changed, at);
            }
        }
        let mut shorter = bytes.clone();
        shorter.remove(at);
        refused(&shorter, at);
        let mut longer = bytes.clone();
        longer.insert(at, bytes[at]);
        refused(&longer, at);
    }
    for at in (0..bytes.len()).step_by(7) {
        assert!(open(&bytes[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn a_change_in_any_part_is_named() {
    let forged = |path: &str, put: Value| {
        let mut value = value_of(&package());
        *value.pointer_mut(path).unwrap() = put;
        pretty(&value)
    };
    for (path, put, part) in [
        ("/body/person/name", json!("李四"), "人员 body.person"),
        ("/body/person/confirmed", json!("2025-02-01"), "人员 body.person"),
        ("/body/move/to", json!("别的党支部"), "变动 body.move"),
        ("/body/move/day", json!("2026-11-21"), "变动 body.move"),
        (
            "/body/periods/0/from",
            json!("2025-03-02"),
            "培养时间 body.periods",
        ),
        ("/body/materials/0/state", json!("missing"), "材料 body.materials"),
        ("/body/note", json!("一切齐全"), "说明 body.note"),
        ("/body/record/text", json!("{}"), "培养记录 body.record"),
        (
            "/body/made_at",
            json!("2026-11-23T12:00:00+08:00"),
            "编号、制作时间或校验值",
        ),
        ("/digest/whole", json!("0".repeat(64)), "编号、制作时间或校验值"),
        ("/digest/note", json!("0".repeat(64)), "说明 body.note"),
    ] {
        let says = message(forged(path, put).as_bytes());
        assert!(says.starts_with(&format!("「{part}")), "{path}: {says}");
    }
}

#[test]
fn hostile_and_other_files_are_refused() {
    let text = String::from_utf8(write(&package())).unwrap();
    let says = |bytes: &[u8], part: &str| {
        let says = message(bytes);
        assert!(says.contains(part), "{says}");
    };
    says(b"", "文件是空的");
    says(b"PK\x03\x04", "压缩包");
    says(b"\x89PNG", "图片");
    says(b"\xff\xfe", "第 1 个字节");
    says(&vec![b' '; 50 << 20], "文件太大（50 MB）");
    says(b"{}", "缺少格式标记");
    says("[".repeat(100_000).as_bytes(), "读不下去");
    says(
        &xuedang::format::record::write(&small_record()),
        "这是培养记录，不是转接包",
    );
    says(br#"{"credentialSubject":{}}"#, "这是培养记录，不是转接包");
    says(
        text.replacen("\"version\": 1", "\"version\": 2", 1).as_bytes(),
        "字段 version",
    );
    says(
        text.replacen("\"version\": 1", "\"version\": 1.5", 1).as_bytes(),
        "不是整数",
    );
    says(
        text.replacen("\"note\"", "\"nope\"", 1).as_bytes(),
        "不属于转接包",
    );
    says(
        text.replacen("\"from\": \"2025-03-01\"", "\"from\": 3", 1)
            .as_bytes(),
        "字段 body.periods[0].from",
    );
    says(
        text.replacen("\"from\": \"2025-03-01\"", "\"from\": \"2025-02-29\"", 1)
            .as_bytes(),
        "字段 body.periods[0].from",
    );
    says(
        text.replacen("    \"id\"", "    \"id\": \"x\",\n    \"id\"", 1)
            .as_bytes(),
        "重复出现",
    );
    // The same content, saved by something else.
    says(canonical(&value_of(&package())).as_bytes(), "从第 1 行起");
    says(text.replace('\n', "\r\n").as_bytes(), "从第 1 行起");
    says(format!("\u{feff}{text}").as_bytes(), "从第 1 行起");
    says(
        text.replacen('李', "\\u674e", 1).as_bytes(),
        "行起不是学档写成的样子",
    );
}

/// Whoever can seal still cannot contradict.
#[test]
fn contradictions_are_refused_by_field() {
    let says = |change: &dyn Fn(&mut Body), part: &str| {
        let says = message(&with(change));
        assert!(says.contains(part), "{says} / {part}");
    };
    says(&|body| body.id = EventId("x".into()), "字段 body.id");
    says(
        &|body| body.person.holder = EventId("1".repeat(27)),
        "字段 body.person.holder",
    );
    says(
        &|body| body.person.holder = EventId::new(&env(1)),
        "记录编号与转接包上的不一致",
    );
    says(&|body| body.person.name = "王五".into(), "姓名与转接包上的不一致");
    says(
        &|body| body.person.name = " ".into(),
        "字段 body.person.name：为空",
    );
    says(&|body| body.change.to = "长".repeat(101), "字段 body.move.to");
    says(
        &|body| body.change.to = "党\u{202e}支部".into(),
        "字段 body.move.to",
    );
    says(
        &|body| body.change.to = body.change.from.clone(),
        "与转出的党组织相同",
    );
    says(
        &|body| body.person.applied = Some(date("2025-03-02")),
        "早于递交入党申请书的日期",
    );
    says(&|body| body.change.day = date("2025-01-01"), "字段 body.move.day");
    says(&|body| body.periods[0].to = date("2025-01-01"), "早于开始日期");
    says(&|body| body.periods[1].to = date("2026-12-01"), "晚于转出日期");
    says(
        &|body| body.periods[0].from = date("2025-02-01"),
        "早于确定为入党积极分子的日期",
    );
    says(
        &|body| body.periods = vec![body.periods[0].clone(); 21],
        "超过 20 段",
    );
    says(
        &|body| body.periods[0].unit = "甲\n乙".into(),
        "字段 body.periods[0].unit",
    );
    says(&|body| drop(body.materials.remove(0)), "「入党申请书」没有列出");
    says(
        &|body| body.materials[1].kind = MaterialKind::Application,
        "列了两次",
    );
    says(&|body| body.materials[0].count = 0, "份数应在 1 到 999 之间");
    says(&|body| body.materials[5].count = 1, "不在，却写了份数");
    says(
        &|body| body.materials[0].name = Some("申请书".into()),
        "另写了名称",
    );
    says(&|body| body.materials[11].name = None, "没有写名称");
    says(&|body| body.materials[0].note = Some(String::new()), "备注");
    says(
        &|body| {
            let other = body.materials[11].clone();
            body.materials.extend(vec![other; 10]);
        },
        "其他材料超过 10 项",
    );
    says(&|body| body.note = Some(" ".into()), "字段 body.note：为空");
    says(&|body| body.note = Some("字".repeat(2_001)), "字段 body.note");
    says(
        &|body| body.record.text = body.record.text.replace("李喆𠮷", "李喆"),
        "body.record：「基本信息",
    );
    says(
        &|body| body.record.text = "{}".into(),
        "body.record：不是学档导出的培养记录",
    );
    says(
        &|body| body.record.signed = true,
        "body.record：这是没有签名的培养记录",
    );
}

#[test]
fn the_schema_says_what_is_written_and_refuses_what_is_not() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap();
    for record in [small_record(), full_record()] {
        let mut body = body_of(&record);
        let whole = value_of(&seal(body.clone()));
        let wrong: Vec<String> = validator
            .iter_errors(&whole)
            .map(|error| error.to_string())
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        // With as little as there can be.
        (body.person.applied, body.person.confirmed, body.note) = (None, None, None);
        body.periods.clear();
        assert!(validator.is_valid(&value_of(&seal(body))));
    }
    for (path, put) in [
        ("/version", json!(2)),
        ("/extra", json!(1)),
        ("/body/id", json!("x")),
        ("/body/move/day", json!("2026-02-30")),
        ("/body/periods/0/source", json!("heard")),
        ("/body/materials/0/kind", json!("other")),
        ("/body/materials/0/count", json!(0)),
        ("/body/materials/5/count", json!(1)),
        ("/body/materials/0/name", json!("x")),
        ("/body/note", json!("")),
        ("/body/record/signed", json!("no")),
        ("/digest/move", json!("x")),
    ] {
        let mut value = value_of(&package());
        let (parent, name) = path.rsplit_once('/').unwrap();
        value.pointer_mut(parent).unwrap()[name] = put;
        assert!(!validator.is_valid(&value), "{path}");
        assert!(open(pretty(&value).as_bytes()).is_err(), "{path}");
    }
}

#[test]
fn time_and_missing_papers_are_told() {
    let (package, _) = open(FIXTURE.as_bytes()).unwrap();
    let found = package.body.reckoning();
    assert_eq!((found.counted, found.in_gaps), (184 + 436, 10));
    assert_eq!(
        found.sum_text(),
        "自 2025-03-01（确定为入党积极分子之日）起，算到 2026-11-20：在各单位培养共 620 天，间断共 10 天。起止当天都算；同一天在两个单位的只算一次。"
    );
    assert_eq!(
        found.year_text()[..2],
        [
            "不扣间断：2025-03-01 往后一年，是 2026-03-01。",
            "扣除间断：从 2025-03-01 起数满 365 个有单位培养的日子，是 2026-03-11。",
        ]
    );
    let missing: Vec<&str> = package
        .body
        .materials
        .iter()
        .filter(|material| material.state == MaterialState::Missing)
        .map(Material::label)
        .collect();
    assert_eq!(missing, ["报上级党委备案的材料"]);
}

fn event(seq: u64, what: Receipt) -> Event<Receipt> {
    let env = env(50_000 + seq as i64);
    Event {
        v: 2,
        id: EventId::new(&env),
        seq,
        at: env.now,
        what,
    }
}

fn received(record: &TrainingRecord) -> Receipt {
    Receipt::Received {
        file: "a.json".into(),
        record: Box::new(record.clone()),
        credential: None,
    }
}

fn moved_in(package: &Package, record: &TrainingRecord, since: &str) -> Receipt {
    Receipt::Handover(Handover::MovedIn {
        file: "转接包.json".into(),
        since: date(since),
        package: Box::new(package.clone()),
        record: Box::new(record.clone()),
        fails: false,
    })
}

fn moved_out(package: &Package) -> Receipt {
    Receipt::Handover(Handover::MovedOut {
        package: Box::new(package.clone()),
    })
}

#[test]
fn who_leaves_stays_with_the_history_and_a_mistake_is_marked() {
    let (record, package) = (small_record(), package());
    let holder = record.body.holder.clone();
    let mut register = Register::default();
    register.apply(&event(1, received(&record)));
    register.apply(&event(2, moved_out(&package)));
    let member = &register.people[&holder];
    assert!(member.has_left() && member.history.len() == 1);
    let cell = RegisterRow::of(member).cell("move").unwrap().to_string();
    assert_eq!(cell, "2026-11-20 转出");
    assert_eq!(member.reckoning(date("2030-01-01")), package.body.reckoning());

    register.apply(&event(
        3,
        Receipt::Handover(Handover::TakenBack {
            holder: holder.clone(),
            package: package.body.id.clone(),
            why: "本人没有变动".into(),
        }),
    ));
    let member = &register.people[&holder];
    assert!(!member.has_left());
    assert_eq!(member.moves.len(), 1);
    assert_eq!(member.moves[0].taken_back.as_ref().unwrap().why, "本人没有变动");
    assert_eq!(RegisterRow::of(member).cell("move").unwrap().to_string(), "—");
    // Of somebody who was removed meanwhile, nothing comes back.
    let mut empty = Register::default();
    empty.apply(&event(1, moved_out(&package)));
    assert!(empty.people.is_empty());
}

#[test]
fn who_arrives_brings_the_periods_along_and_may_move_on() {
    let (record, first) = (small_record(), package());
    let holder = record.body.holder.clone();
    let mut register = Register::default();
    assert_eq!(register.arrival(&first, &record, false), Verdict::New);
    assert!(!register.has_received(&first.body.id));
    register.apply(&event(1, moved_in(&first, &record, "2026-11-25")));
    assert!(register.has_received(&first.body.id));
    assert_eq!(register.arrival(&first, &record, false), Verdict::Same);
    let member = &register.people[&holder];
    assert!(!member.has_left());
    assert_eq!(
        RegisterRow::of(member).cell("move").unwrap().to_string(),
        "2026-11-25 转入"
    );
    let found = member.reckoning(date("2026-11-30"));
    assert_eq!((found.counted, found.in_gaps), (620 + 6, 10 + 4));
    assert_eq!(
        found.gaps.last().unwrap().text(),
        "「计算机系学生第一党支部」与「青年街道第二社区党支部」之间间断 4 天：2026-11-21 至 2026-11-24"
    );
    assert_eq!(found.confirmed, Some(date("2025-03-01")));

    // And on: what came by package says so.
    let periods = member.periods(date("2027-03-01"));
    let sources: Vec<Source> = periods.iter().map(|period| period.source).collect();
    assert_eq!(sources, [Source::Package, Source::Package, Source::Typed]);
    let mut body = body_of(&record);
    body.id = EventId::new(&env(901));
    body.periods = periods;
    (body.change.from, body.change.to) = (first.body.change.to.clone(), "第三处党支部".into());
    body.change.day = date("2027-03-01");
    let second = seal(body);
    assert!(open(&write(&second)).is_ok());
    register.apply(&event(2, moved_out(&second)));
    let mut third = Register::default();
    third.apply(&event(1, moved_in(&second, &record, "2027-03-02")));
    let found = third.people[&holder].reckoning(date("2027-03-31"));
    assert_eq!(found.gaps.len(), 2);
    assert_eq!(
        i64::from(found.counted + found.in_gaps),
        date("2027-03-31").days() - date("2025-03-01").days() + 1
    );
    // And back again.
    register.apply(&event(3, moved_in(&second, &record, "2027-05-01")));
    assert!(!register.people[&holder].has_left());
    assert_eq!(register.people[&holder].moves.len(), 3);
}

/// What this build writes into journals, later builds must still read.
#[test]
fn moves_are_read_from_the_journal() {
    let (record, package) = (small_record(), package());
    let back = Receipt::Handover(Handover::TakenBack {
        holder: record.body.holder.clone(),
        package: package.body.id.clone(),
        why: "本人没有变动".into(),
    });
    let all = [
        moved_in(&package, &record, "2026-11-25"),
        moved_out(&package),
        back,
    ];
    let events: Vec<_> = (1..).zip(all).map(|(seq, what)| event(seq, what)).collect();
    let written: String = events.iter().map(|event| event.write() + "\n").collect();
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("events.jsonl");
    std::fs::write(&path, &written).unwrap();
    assert!(written == EVENTS, "other than the fixture: {}", path.display());
    for (line, event) in EVENTS.lines().zip(events) {
        assert_eq!(Event::<Receipt>::read(line).unwrap(), event);
    }
}

/// A state that an earlier build kept has no moves.
#[test]
fn a_member_of_an_earlier_build_has_no_moves() {
    let mut register = Register::default();
    register.apply(&event(1, received(&small_record())));
    let mut value = value_of(&register);
    let people = value["people"].as_object_mut().unwrap();
    people
        .values_mut()
        .for_each(|member| drop(member.as_object_mut().unwrap().remove("moves")));
    assert_eq!(serde_json::from_value::<Register>(value).unwrap(), register);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// In a package around a full record, too, no byte is passed over.
    #[test]
    fn a_changed_byte_in_a_full_package_is_refused(at in any::<prop::sample::Index>(), put in any::<u8>()) {
        let mut bytes = write(&seal(body_of(&full_record())));
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != put);
        bytes[at] = put;
        prop_assert!(open(&bytes).is_err());
    }

    #[test]
    fn nothing_makes_it_panic(bytes in any::<Vec<u8>>(), text in r#"[\[\]{}",:0-9a-e.\\ -]{0,40}"#) {
        prop_assert!(open(&bytes).is_err());
        prop_assert!(open(text.as_bytes()).is_err());
    }
}

/// Signed records go along as they were received: the proofs hold behind as they did before.
#[cfg(feature = "sign")]
mod signed {
    use super::*;
    use xuedang::format::credential::issue::{countersign, sign, write as write_credential};
    use xuedang::format::credential::key::SecretKey;
    use xuedang::format::credential::{Statement, check};
    use xuedang::format::handover::carried_record;

    fn credential(record: &TrainingRecord) -> String {
        let key = |seed: u8| SecretKey::from_bytes(&[seed; 32]);
        let signed = sign(&value_of(record), &key(1), &env(300)).unwrap();
        let opinion = Statement::Mentor {
            name: "王喆".into(),
            date: date("2026-11-24"),
            opinion: "学习认真。".into(),
        };
        write_credential(&countersign(&signed, opinion, &key(2), &env(301)).unwrap())
    }

    #[test]
    fn the_chain_of_proofs_still_holds() {
        let record = small_record();
        let text = credential(&record);
        let bytes = with(|body| {
            body.record = Carried {
                signed: true,
                text: text.clone(),
            };
        });
        let (opened, inside) = open(&bytes).unwrap();
        assert_eq!(inside, record);
        assert_eq!(opened.body.record.text, text);
        let report = check::verify(opened.body.record.text.as_bytes()).unwrap();
        assert!(report.holds && report.proofs.len() == 2);
    }

    /// Whoever arrives with another key than before is asked about.
    #[test]
    fn another_key_is_told_of() {
        let record = small_record();
        let carrying = |text: String| {
            let mut body = body_of(&record);
            body.record = Carried { signed: true, text };
            seal(body)
        };
        let by_other = sign(&value_of(&record), &SecretKey::from_bytes(&[9; 32]), &env(300)).unwrap();
        let (first, other) = (
            carrying(write_credential(&by_other)),
            carrying(credential(&record)),
        );
        let mut register = Register::default();
        register.apply(&event(1, moved_in(&first, &record, "2026-11-25")));
        assert_eq!(register.arrival(&other, &record, false), Verdict::OtherKey);
        assert_eq!(register.arrival(&other, &record, true), Verdict::Same);
    }

    /// The register keeps the signatures of who arrives.
    #[test]
    fn the_register_keeps_the_signed_text() {
        let record = small_record();
        let text = credential(&record);
        let mut body = body_of(&record);
        body.record = Carried {
            signed: true,
            text: text.clone(),
        };
        let package = seal(body);
        let mut register = Register::default();
        register.apply(&event(1, moved_in(&package, &record, "2026-11-25")));
        let kept = register.credential(&record.body.holder).unwrap();
        assert_eq!((&kept.text, kept.proofs, kept.fails), (&text, 2, false));
        // All of it is found when the person is deleted.
        let events = register.events_of(&record.body.holder);
        assert!(events.iter().all(|(seq, _)| *seq == 1) && !events.is_empty());
        register.apply(&event(2, moved_out(&package)));
        let seqs: Vec<u64> = register
            .events_of(&record.body.holder)
            .iter()
            .map(|(seq, _)| *seq)
            .collect();
        assert!(seqs.contains(&1) && seqs.contains(&2));
    }

    #[test]
    fn a_signed_record_is_what_it_says() {
        let text = credential(&small_record());
        let plain = Carried {
            signed: false,
            text: text.clone(),
        };
        assert!(
            carried_record(&plain)
                .unwrap_err()
                .contains("不是学档导出的培养记录")
        );
        let broken = Carried {
            signed: true,
            text: text.replace("李喆𠮷", "李喆"),
        };
        assert!(carried_record(&broken).unwrap_err().contains("基本信息"));
        // What is around a record is no record.
        assert!(matches!(open(text.as_bytes()), Err(PackageError::IsRecord)));
    }
}
