//! What people send at once: archives, files of many records, whose they are.

#![cfg(all(not(target_arch = "wasm32"), feature = "sheets", feature = "sign"))]
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests, too, stop at the first surprise.

mod common;

use common::*;
use proptest::prelude::*;
use std::io::{Cursor, Write};
use std::sync::LazyLock;
use xuedang::domain::json::value_of;
use xuedang::domain::record::{Body, Selection, TrainingRecord};
use xuedang::domain::roster::{Arrived, Credential};
use xuedang::domain::study::EventId;
use xuedang::domain::time::Env;
use xuedang::format::archive::{Archive, ArchiveError};
use xuedang::format::credential::bulk::{Many, Splitter};
use xuedang::format::credential::issue::{sign, write};
use xuedang::format::credential::key::SecretKey;
use xuedang::format::credential::orders::{OPEN_MANY, Opened, carry_out};
use xuedang::format::credential::{change, check};
use xuedang::format::delivery::{Kind, NESTED, Portion, ROSTER, kind_of};
use xuedang::format::record::{self, seal};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn record_of(name: &str, holder: i64, minute: i64) -> TrainingRecord {
    let study = sample_study(name);
    let mut body = Body::of(&course(), &study, &Selection::default(), &env(minute)).unwrap();
    body.holder = EventId::new(&env(10_000 + holder));
    seal(body)
}

fn key(seed: u8) -> SecretKey {
    SecretKey::from_bytes(&[seed; 32])
}

fn signed(record: &TrainingRecord, seed: u8) -> String {
    write(&sign(&value_of(record), &key(seed), &env(300)).unwrap())
}

/// An archive of these files, under names as they are, in whatever characters.
fn zipped(files: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // Names that are no UTF-8 cannot be written by the library: others of the same length are, and
    // replaced where they stand.
    let mut stand_ins = Vec::new();
    for (at, (name, bytes)) in files.iter().enumerate() {
        let written = match std::str::from_utf8(name) {
            Ok(name) => name.to_owned(),
            Err(_) => {
                let stand_in = format!("{at:0>width$}", width = name.len());
                stand_ins.push((stand_in.clone(), name.to_vec()));
                stand_in
            }
        };
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        if written.ends_with('/') {
            zip.add_directory(written, options).unwrap();
            continue;
        }
        zip.start_file(written, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    let mut bytes = zip.finish().unwrap().into_inner();
    for (stand_in, name) in stand_ins {
        let places: Vec<usize> = bytes
            .windows(stand_in.len())
            .enumerate()
            .filter(|(_, window)| *window == stand_in.as_bytes())
            .map(|(at, _)| at)
            .collect();
        assert_eq!(places.len(), 2, "{stand_in}");
        for at in places {
            bytes[at..at + name.len()].copy_from_slice(&name);
        }
    }
    bytes
}

type Unpacked = Vec<(String, Result<Vec<u8>, String>)>;

fn unpacked(archive: Vec<u8>) -> Result<Unpacked, ArchiveError> {
    let mut archive = Archive::open(archive)?;
    let (mut all, mut next) = (Vec::new(), Some(0));
    while let Some(from) = next {
        let (Portion { parts, next: after }, bytes) = archive.portion(from)?;
        let mut from = 0;
        for part in parts {
            let content = part.size.map(|size| {
                from += size;
                bytes[from - size..from].to_vec()
            });
            all.push((part.name, content));
        }
        assert_eq!(from, bytes.len());
        next = after;
    }
    Ok(all)
}

fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

#[test]
fn an_archive_is_unpacked_with_the_names_that_its_maker_saw() {
    let one = record::write(&record_of("甲", 1, 200));
    let inner = zipped(&[(b"a.json", &one)]);
    // Of records, not of one byte: what packs too well is another matter.
    let mut lines = Vec::new();
    for number in 0..250_000 {
        writeln!(lines, "{{\"a\":{}}}", number * 7_919 % 99_991).unwrap();
    }
    // Nothing that could be lines.
    let large: Vec<u8> = lines.iter().map(|byte| byte ^ 0x10).collect();
    let archive = zipped(&[
        ("一支部/".as_bytes(), b""),
        ("一支部/培养记录-甲(1).json".as_bytes(), &one),
        (&gbk("二支部\\培养记录-乙.json"), &one),
        (b"__MACOSX/._a.json", b"junk"),
        (b".DS_Store", b"junk"),
        ("更多.zip".as_bytes(), &inner),
        ("名册.xlsx".as_bytes(), b"PK\x03\x04"),
        (b"large.json", &large),
        (b"many.ndjson", &lines),
    ]);
    let all = unpacked(archive).unwrap();
    let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "一支部/培养记录-甲(1).json",
            "二支部/培养记录-乙.json",
            "更多.zip",
            "名册.xlsx",
            "large.json",
            "many.ndjson"
        ]
    );
    assert_eq!(all[0].1.as_ref(), Ok(&one));
    assert_eq!(all[1].1.as_ref(), Ok(&one));
    assert_eq!(all[2].1, Err(NESTED.into()));
    assert_eq!(all[3].1, Err(ROSTER.into()));
    assert!(all[4].1.as_ref().unwrap_err().contains("太大"), "{:?}", all[4].1);
    assert_eq!(all[5].1.as_ref().map(Vec::len), Ok(lines.len()));
}

#[test]
fn bombs_are_not_unpacked() {
    // A file that is nothing but its size, as lines so that it is read on.
    let zeros = [b"{\"a\":1}\n".as_slice(), &[b' '; 1 << 23]].concat();
    let archive = zipped(&[(b"zeros.ndjson", &zeros), (b"b.json", b"good")]);
    assert!(archive.len() < zeros.len() / 300, "{}", archive.len());
    let all = unpacked(archive.clone()).unwrap();
    assert!(
        all[0].1.as_ref().unwrap_err().contains("大得不正常"),
        "{:?}",
        all[0].1
    );
    assert_eq!(all[1].1, Ok(b"good".to_vec()));
    // Many of them: what comes out is counted all together.
    let mut archive = Archive::open_within(archive, 1 << 20).unwrap();
    assert_eq!(archive.portion(0), Err(ArchiveError::Bomb));
    // Many that claim the same place say nothing of their sizes; what comes out is counted.
    let mut many = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..50_001 {
        many.start_file(format!("{at}.json"), SimpleFileOptions::default())
            .unwrap();
    }
    let many = many.finish().unwrap().into_inner();
    assert_eq!(unpacked(many), Err(ArchiveError::TooMany(50_001)));
}

#[test]
fn other_archives_are_named() {
    let book = zipped(&[(b"[Content_Types].xml", b"<a/>"), (b"xl/workbook.xml", b"<a/>")]);
    assert_eq!(unpacked(book), Err(ArchiveError::Roster));
    let text = zipped(&[(b"[Content_Types].xml", b"<a/>"), (b"word/document.xml", b"<a/>")]);
    assert_eq!(unpacked(text), Err(ArchiveError::Document));
    let good = zipped(&[(b"a.json", b"{\"a\":1}")]);
    assert!(matches!(
        unpacked(good[..good.len() - 30].to_vec()),
        Err(ArchiveError::Damaged(_))
    ));
    // The contents are damaged, and the others are not.
    let files: [(&[u8], &[u8]); 2] = [(b"a.json", &[b'x'; 400]), (b"b.json", b"good")];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        zip.start_file(std::str::from_utf8(name).unwrap(), options)
            .unwrap();
        zip.write_all(bytes).unwrap();
    }
    let mut zip = zip.finish().unwrap().into_inner();
    zip[100] ^= 1;
    let all = unpacked(zip).unwrap();
    assert!(all[0].1.as_ref().unwrap_err().contains("损坏"));
    assert_eq!(all[1].1, Ok(b"good".to_vec()));
    // Encrypted: by the flag in both headers.
    let mut locked = zipped(&[(b"a.json", b"{\"a\":1}"), (b"b.json", b"good")]);
    locked[6] |= 1;
    let central = locked.windows(4).position(|at| at == b"PK\x01\x02").unwrap();
    locked[central + 8] |= 1;
    let all = unpacked(locked).unwrap();
    assert!(all[0].1.as_ref().unwrap_err().contains("密码"), "{:?}", all[0].1);
    assert_eq!(all[1].1, Ok(b"good".to_vec()));
}

/// Opens records by one order each, as pieces of so many.
fn opened(records: &[Vec<u8>], piece: usize) -> Opened {
    let mut all = Opened::new();
    for piece in records.chunks(piece) {
        let mut end = 0;
        let ends = piece.iter().map(|record| {
            end += record.len();
            end
        });
        let many = Many {
            ends: ends.collect(),
            ..Many::default()
        };
        let order = serde_json::to_string(&many).unwrap();
        let answer = carry_out(OPEN_MANY, &order, &piece.concat(), &mut |_| false);
        let (answer, bytes) = answer.unwrap().unwrap();
        assert_eq!(bytes, None);
        all.extend(serde_json::from_str::<Opened>(&answer).unwrap());
    }
    all
}

/// One after the other, by what opens a single file.
fn one_by_one(bytes: &[u8]) -> Result<Arrived, String> {
    let kind = kind_of(bytes);
    if let Some(why) = kind.refusal() {
        return Err(why.into());
    }
    let open = |bytes: &[u8]| record::open(bytes).map_err(|error| error.to_string());
    if kind == Kind::Record {
        return open(bytes).map(Arrived::from);
    }
    let report = check::verify(bytes).map_err(|error| error.to_string())?;
    let text = std::str::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}');
    Ok(Arrived {
        record: open(&serde_json::to_vec(&report.record).unwrap())?,
        credential: Some(Credential::of(text, !report.holds)),
    })
}

/// Records of every kind: plain, signed, altered in their contents and in their signatures, none.
static MIXED: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let record = record_of("甲", 1, 200);
    let plain = String::from_utf8(record::write(&record)).unwrap();
    let signed = signed(&record, 1);
    let proof_changed = {
        let at = signed.find("\"proofValue\"").unwrap() + 20;
        let other = if signed.as_bytes()[at] == b'2' { "3" } else { "2" };
        format!("{}{other}{}", &signed[..at], &signed[at + 1..])
    };
    let declared = change::declare(
        "甲",
        Err("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"),
        &key(2),
        &env(1),
    );
    vec![
        plain.clone().into_bytes(),
        format!("\u{feff}{plain}").into_bytes(),
        plain.replacen("甲", "丙", 1).into_bytes(),
        signed.clone().into_bytes(),
        format!("\u{feff}{signed}").into_bytes(),
        signed.replacen("甲", "丙", 1).into_bytes(),
        proof_changed.into_bytes(),
        change::write(&declared.unwrap()).into_bytes(),
        b"{\"format\":\"xuedang-backup\"}".to_vec(),
        b"{\"hello\":1}".to_vec(),
        b"{\"hello\"".to_vec(),
        b"\xff\xfe".to_vec(),
        Vec::new(),
        vec![b' '; (2 << 20) + 1],
    ]
});

#[test]
fn many_are_opened_as_one_by_one() {
    for (at, bytes) in MIXED.iter().enumerate() {
        let found = opened(std::slice::from_ref(bytes), 1).remove(0);
        let text = String::from_utf8(bytes.clone()).unwrap_or_default();
        assert_eq!(found.map(|one| one.arrived(&text)), one_by_one(bytes), "{at}");
    }
    let fails: Vec<Option<bool>> = MIXED
        .iter()
        .map(|bytes| {
            one_by_one(bytes)
                .ok()?
                .credential
                .map(|credential| credential.fails)
        })
        .collect();
    assert_eq!(fails[3..7], [Some(false), Some(false), None, Some(true)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn portions_and_their_order_do_not_matter(
        places in proptest::collection::vec(0usize..13, 1..40),
        piece in 1usize..20,
    ) {
        let records: Vec<Vec<u8>> = places.iter().map(|at| MIXED[*at].clone()).collect();
        let together = opened(&records, piece);
        let mut turned = records.clone();
        turned.reverse();
        let mut turned = opened(&turned, 7);
        turned.reverse();
        prop_assert_eq!(&together, &opened(&records, 1));
        prop_assert_eq!(&together, &turned);
    }
}

#[test]
fn a_file_of_many_names_its_bad_lines() {
    let good = signed(&record_of("甲", 1, 200), 1);
    let plain = value_of(&record_of("乙", 2, 200)).to_string();
    let file = format!("{good}\n\n{plain}\r\n{{\"broken\n{good}\n");
    let mut splitter = Splitter::new();
    assert!(splitter.push(file.as_bytes()).is_empty());
    let piece = splitter.finish();
    let records: Vec<Vec<u8>> = piece.records().map(<[u8]>::to_vec).collect();
    let outcomes: Vec<(usize, bool)> = piece
        .numbers
        .iter()
        .copied()
        .zip(opened(&records, 2).iter().map(Result::is_ok))
        .collect();
    assert_eq!(outcomes, [(1, true), (3, true), (4, false), (5, true)]);
}

/// Whose records these are, by the branch's program.
#[cfg(all(feature = "exports", feature = "upward"))]
mod linking {
    use super::*;
    use xuedang::domain::branch::{Origin, Plan};
    use xuedang::domain::study::Event;
    use xuedang::domain::workbench::{Deed, Workbench};
    use xuedang::format::roster::{Layout, Options, lot, read};
    use xuedang::format::workbench::records::{Ask, Holder, Link, Linked, Proposals};
    use xuedang::format::workbench::{Answer, Bench, Order};

    struct Office {
        work: Workbench,
        bench: Bench,
        seq: u64,
    }

    impl Office {
        fn happen(&mut self, deeds: Vec<Deed>) {
            for what in deeds {
                self.seq += 1;
                let env: Env = env(self.seq as i64);
                self.work.apply(&Event {
                    v: 2,
                    id: EventId::new(&env),
                    seq: self.seq,
                    at: env.now,
                    what,
                });
            }
        }

        fn new(roster: &str) -> Self {
            let mut office = Self {
                work: Workbench::default(),
                bench: Bench::default(),
                seq: 0,
            };
            let book = read(roster.as_bytes()).unwrap();
            let layout = Layout::find(&book.tables[0], &|_| None).unwrap();
            let found = lot(&[(&book.tables[0], &layout)], &Options::default(), &mut |_| true).unwrap();
            let origin = Origin {
                file: "名册.csv".into(),
                digest: "0".repeat(64),
                encoding: None,
                mappings: Default::default(),
                skipped: found.skipped,
            };
            let plan = Plan::of(
                &office.work.people,
                origin,
                found.lot,
                found.issues,
                date("2026-11-25"),
            );
            let event = plan.event(&office.work.people).unwrap();
            office.happen(vec![Deed::Roster(event)]);
            office
        }

        fn ask(&mut self, what: &str, text: &str, bytes: &[u8]) -> Answer {
            let order = Order {
                what,
                text,
                bytes,
                now: env(900).now,
            };
            let answer = self
                .bench
                .carry_out(&self.work, &order, &mut |_, _, _| {})
                .unwrap();
            if let Ok(outcome) = &answer {
                self.happen(outcome.deeds.clone());
            }
            answer
        }

        fn proposals(&mut self, ask: &Ask) -> Proposals {
            let text = serde_json::to_string(ask).unwrap();
            serde_json::from_str(&self.ask("records/proposals", &text, &[]).unwrap().text).unwrap()
        }
    }

    fn holder(n: i64, name: &str, number: &str) -> Holder {
        Holder {
            id: EventId::new(&env(n)),
            name: name.into(),
            branch: "甲支部".into(),
            number: Some(number.to_owned()).filter(|number| !number.is_empty()),
        }
    }

    const ROSTER: &str = "所在党支部,姓名,学号,性别\n甲支部,张三,1,男\n甲支部,李四,2,女\n甲支部,王五,3,女\n";

    #[test]
    fn the_certain_are_linked_together_and_others_by_somebody() {
        let mut office = Office::new(ROSTER);
        let ask = Ask {
            holders: vec![
                holder(1, "张 三", "1"),
                holder(2, "李四", ""),
                holder(3, "赵六", "4"),
                holder(4, "", ""),
                // Two holders that say they are the same person: neither is certain.
                holder(5, "王五", "3"),
                holder(6, "王五", "3"),
            ],
        };
        let found = office.proposals(&ask);
        assert_eq!(
            (
                found.people,
                found.linked,
                found.unknown,
                found.certain,
                found.open
            ),
            (3, 0, 2, 1, 3)
        );
        assert_eq!(found.certain_rows[0].holder.name, "张 三");
        assert_eq!(found.open_rows[0].people[0].about, "2，女");

        let text = serde_json::to_string(&ask).unwrap();
        let done: Linked =
            serde_json::from_str(&office.ask("records/certain", &text, &[]).unwrap().text).unwrap();
        assert_eq!(done.count, 1);
        assert_eq!(office.work.people.held_by(&ask.holders[0].id), Some(0));
        let again: Linked =
            serde_json::from_str(&office.ask("records/certain", &text, &[]).unwrap().text).unwrap();
        assert_eq!(again.count, 0, "linking twice changes nothing");

        let link = |holder: &Holder, person: &str| {
            serde_json::to_string(&Link {
                person: person.into(),
                holder: Some(holder.id.clone()),
            })
            .unwrap()
        };
        let choice = found.open_rows[1].people[0].id.clone();
        office
            .ask("records/link", &link(&ask.holders[4], &choice), &[])
            .unwrap();
        assert_eq!(office.work.people.held_by(&ask.holders[4].id), Some(2));
        // Neither a person nor a holder twice.
        let refused = office
            .ask("records/link", &link(&ask.holders[5], &choice), &[])
            .unwrap_err();
        assert!(refused.contains("已经对应了另一份记录"), "{refused}");
        let other = found.open_rows[0].people[0].id.clone();
        let refused = office
            .ask("records/link", &link(&ask.holders[4], &other), &[])
            .unwrap_err();
        assert!(refused.contains("王五"), "{refused}");
        assert!(
            office
                .ask("records/link", &link(&ask.holders[1], "01X-0"), &[])
                .is_err()
        );
        let found = office.proposals(&ask);
        assert_eq!((found.linked, found.certain, found.open), (2, 0, 1));
        // And back.
        let back = serde_json::to_string(&Link {
            person: choice,
            holder: None,
        });
        office.ask("records/link", &back.unwrap(), &[]).unwrap();
        assert_eq!(office.proposals(&ask).linked, 1);
    }

    #[test]
    fn an_archive_is_handed_over_in_portions() {
        let mut office = Office::new(ROSTER);
        assert!(office.ask("records/unpack", "0", &[]).is_err(), "nothing is open");
        let one = record::write(&record_of("甲", 1, 200));
        let files: Vec<String> = (0..300).map(|at| format!("{at}.json")).collect();
        let files: Vec<(&[u8], &[u8])> = files
            .iter()
            .map(|name| (name.as_bytes(), one.as_slice()))
            .collect();
        let archive = zipped(&files);
        assert_eq!(
            office.ask("records/zip", "", &archive).unwrap().text,
            "{\"count\":300}"
        );
        let (mut found, mut next) = (0, Some(0));
        while let Some(from) = next {
            let answer = office.ask("records/unpack", &from.to_string(), &[]).unwrap();
            let portion: Portion = serde_json::from_str(&answer.text).unwrap();
            let (bytes, _) = answer.file.unwrap();
            assert_eq!(bytes, one.repeat(portion.parts.len()));
            found += portion.parts.len();
            next = portion.next;
        }
        assert_eq!(found, 300);
        assert!(office.ask("records/zip", "", b"no archive").is_err());
    }
}
