//! What a record leaves as: one record drives the file, the annex, the workbook, the statements, the
//! text code and the QR codes, and all of them say the same.

#![cfg(all(not(target_arch = "wasm32"), feature = "exports"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod common;

#[path = "exports/reading.rs"]
mod reading;

use common::*;
use proptest::prelude::*;
use reading::{Block, blocks, part, scan, sheets};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;
use xuedang::domain::record::{Body, Field, PracticeLine, Selection, TrainingRecord};
use xuedang::domain::study::PracticeKind;
use xuedang::format::annex::{Annex, Part, Proof, docx, xlsx};
use xuedang::format::record::{file_name_of_kind, open, seal, short_digest, write};
use xuedang::format::{code, exports, qr, xapi};

/// A name with a character outside the basic plane, and one that old fonts lack.
const NAME: &str = "𠮷田喆";

/// A record with everything in it, and what spreadsheets and XML stumble over.
fn record() -> TrainingRecord {
    let mut selection = Selection::default();
    Field::ALL
        .into_iter()
        .filter(|field| *field != Field::TalkNotes)
        .for_each(|field| selection.set(field, true));
    let mut body = Body::of(&course(), &sample_study(NAME), &selection, &env(200)).unwrap();
    body.person.branch = Some("计算机系<第一>党支部 & \"学生\"".into());
    body.practice.as_mut().unwrap().extend([
        PracticeLine {
            kind: PracticeKind::Duty,
            date: date("2026-11-01"),
            title: "=1+1".into(),
            minutes: 90,
            place: None,
            notes: None,
        },
        PracticeLine {
            kind: PracticeKind::PartySchool,
            date: date("2026-11-02"),
            title: "党课".into(),
            minutes: 0,
            place: Some("@党校".into()),
            notes: Some("第一行\n第二行".into()),
        },
    ]);
    body.summary = Some("第一段。\n\n第二段 <b>不是标记</b>。".into());
    seal(body)
}

fn proofs() -> Vec<Proof> {
    vec![
        Proof {
            role: "本人".into(),
            name: NAME.into(),
            date: Some(date("2026-11-23")),
            opinion: None,
            fingerprint: "1234 5678 9012".into(),
            holds: true,
        },
        Proof {
            role: "培养联系人".into(),
            name: "王联系".into(),
            date: None,
            opinion: Some("同意。".into()),
            fingerprint: "2345 6789 0123".into(),
            holds: false,
        },
    ]
}

fn strings(cells: &[&dyn ToString]) -> Vec<String> {
    cells.iter().map(|cell| cell.to_string()).collect()
}

/// The tables of the annex below a heading, in the text of a `.docx`.
fn tables(blocks: &[Block], heading: &str) -> Vec<Vec<Vec<String>>> {
    let is_heading = |block: &Block| matches!(block, Block::Paragraph(style, _) if style == "Heading1");
    let from = blocks
        .iter()
        .position(|block| {
            is_heading(block) && matches!(block, Block::Paragraph(_, text) if text.ends_with(heading))
        })
        .unwrap();
    blocks[from + 1..]
        .iter()
        .take_while(|block| !is_heading(block))
        .filter_map(|block| match block {
            Block::Table(rows) => Some(rows.clone()),
            Block::Paragraph(..) => None,
        })
        .collect()
}

#[test]
fn one_record_says_the_same_everywhere() {
    let record = record();
    let body = &record.body;
    let file = write(&record);
    assert_eq!(open(&file).as_ref(), Ok(&record));

    // Text code and QR codes carry the very file.
    let messages = code::messages(&file).unwrap();
    assert_eq!(code::read(&messages.join("\n")).as_ref(), Ok(&file));
    let mut collector = code::Collector::default();
    for text in qr::series(&file).unwrap().iter().rev() {
        collector.add(&scan(&qr::matrix(text).unwrap())).unwrap();
    }
    assert_eq!(open(&collector.finish().unwrap()).as_ref(), Ok(&record));

    // The summary is read by a scanner and agrees.
    let summary = scan(&qr::matrix(&qr::summary(&record)).unwrap());
    assert_eq!(qr::differences(&summary, &record), Some(vec![]));
    let study = body.study.as_ref().unwrap();
    let total = &study.progress.total;
    for said in [
        NAME.to_owned(),
        record.digest.whole.clone(),
        format!("已读 {}/{} 课", total.lessons_read, total.lessons),
        format!("已答 {}/{} 题", total.answered, total.questions),
    ] {
        assert!(summary.contains(&said), "{said}");
    }

    // The annex and the workbook.
    let annex = Annex::of(&record, &proofs());
    let paper = blocks(&docx::write(&annex).unwrap());
    let book = sheets(&xlsx::write(&annex).unwrap());
    let person = [
        ("姓名", body.person.name().into()),
        ("发展阶段", body.person.stage().into()),
        ("所在党支部", body.person.branch().into()),
        ("支部编号", body.person.number.clone().unwrap()),
        ("递交入党申请书日期", body.person.applied.unwrap().to_string()),
        (
            "确定为入党积极分子日期",
            body.person.confirmed.unwrap().to_string(),
        ),
    ];
    let on_paper = tables(&paper, "基本情况").concat().concat();
    let in_book = book["基本情况"].concat();
    for (label, text) in &person {
        for all in [&on_paper, &in_book] {
            let at = all.iter().position(|cell| cell == label).unwrap();
            assert_eq!(&all[at + 1], text);
        }
    }

    let modules = study
        .progress
        .modules
        .iter()
        .map(|module| (module.title.as_str(), &module.figures))
        .chain([("合计", total)]);
    let on_paper = &tables(&paper, "学习与自测")[0];
    let in_book = &book["学习与自测"];
    for ((title, figures), row) in modules.zip(1..) {
        let day =
            |day: Option<xuedang::domain::time::Date>| day.map_or("—".to_owned(), |day| day.to_string());
        let (first, last) = (day(figures.first), day(figures.last));
        let wanted = strings(&[
            &title,
            &format!("{}/{}", figures.lessons_read, figures.lessons),
            &format!("{}/{}", figures.answered, figures.questions),
            &figures.correct,
            &figures.attempts,
            &first,
            &last,
        ]);
        assert_eq!(on_paper[row], wanted);
        let wanted = strings(&[
            &title,
            &figures.lessons_read,
            &figures.lessons,
            &figures.answered,
            &figures.questions,
            &figures.correct,
            &figures.attempts,
            &first,
            &last,
        ]);
        assert_eq!(in_book[row], wanted);
    }
    assert_eq!(on_paper.len(), study.progress.modules.len() + 2);
    let facts = [
        tables(&paper, "学习与自测")[1].concat(),
        in_book[on_paper.len()..].concat(),
    ];
    for facts in facts {
        let value = |label: &str| {
            let at = facts.iter().position(|cell| cell == label).unwrap();
            facts[at + 1].trim_end_matches(['%', ' ', '天']).to_owned()
        };
        assert_eq!(value("最近答对率"), total.accuracy().unwrap().to_string());
        assert_eq!(value("学习天数（自报）"), study.days.to_string());
        assert_eq!(value("课程版本"), study.course);
    }

    // What waits to be confirmed, and by which bank.
    let (on_paper, in_book) = (
        &tables(&paper, "题库版本与重新确认")[0],
        &book["题库版本与重新确认"],
    );
    for (module, row) in study.progress.modules.iter().zip(1..) {
        let answers = module.figures.answers_to_reconfirm.unwrap();
        let share = module.figures.confirmed();
        let mut wanted = strings(&[
            &module.title,
            &module.bank,
            &(module.figures.to_reconfirm - answers),
            &answers,
            &share.map_or("—".to_owned(), |share| format!("{share}%")),
        ]);
        assert_eq!(on_paper[row], wanted);
        if share == Some(100) {
            wanted[4] = "1".into();
        }
        assert_eq!(in_book[row], wanted);
    }

    let time = body.time.as_ref().unwrap();
    let (on_paper, in_book) = (
        tables(&paper, "学习时间").concat().concat(),
        book["学习时间"].concat(),
    );
    for (label, count) in [
        ("累计（自报）", time.minutes),
        ("学习天数", time.days),
        ("学习时段", time.sessions),
        ("期间作答", time.answers),
    ] {
        for all in [&on_paper, &in_book] {
            let at = all.iter().position(|cell| cell == label).unwrap();
            assert_eq!(all[at + 1].split(' ').next(), Some(count.to_string().as_str()));
        }
    }

    let (on_paper, in_book) = (&tables(&paper, "模拟考试")[0], &book["模拟考试"]);
    for (line, row) in body.exams.as_ref().unwrap().iter().zip(1..) {
        let mut wanted = strings(&[
            &line.date,
            &line.title,
            &line.won(),
            &line.points,
            &line.pass,
            &if line.passed { "及格" } else { "不及格" },
            &format!("{} 分 {} 秒", line.used_seconds / 60, line.used_seconds % 60),
            &format!("{} 分钟", line.minutes),
        ]);
        assert_eq!(on_paper[row], wanted);
        wanted[7] = line.minutes.to_string();
        assert_eq!(in_book[row], wanted);
    }
    for (line, row) in body.reports.as_ref().unwrap().iter().zip(1..) {
        let wanted = strings(&[&line.date, &line.title]);
        assert_eq!(tables(&paper, "思想汇报")[0][row], wanted);
        assert_eq!(book["思想汇报"][row], wanted);
    }

    let lines = body.practice.as_ref().unwrap();
    let (on_paper, in_book) = (&tables(&paper, "培养实践")[0], &book["培养实践"]);
    for (line, row) in lines.iter().zip(1..) {
        let notes = line.notes.clone().unwrap_or_default();
        let place = line.place.clone().unwrap_or("无".into());
        let title = [line.title.as_str(), &notes].join("\n").trim_end().to_owned();
        let wanted = strings(&[&line.date, &line.kind.label(), &title, &place, &line.minutes]);
        assert_eq!(on_paper[row], wanted);
        let wanted = strings(&[
            &line.date,
            &line.kind.label(),
            &line.title,
            &notes,
            &place,
            &line.minutes,
        ]);
        assert_eq!(in_book[row], wanted);
    }
    assert_eq!(on_paper.len(), lines.len() + 1);
    let sums = tables(&paper, "培养实践")[1].concat();
    assert!(sums.contains(&format!("{} 分钟", body.practice_minutes())));

    let lines = body.talks.as_ref().unwrap();
    for (line, row) in lines.iter().zip(1..) {
        let wanted = strings(&[&line.date, &line.mentor, &line.form.label(), &line.topic]);
        assert_eq!(tables(&paper, "谈话")[0][row], wanted);
        assert_eq!(book["谈话"][row], wanted);
    }
    let wanted = strings(&[&"王联系", &"2026-03-15", &"—"]);
    assert_eq!(tables(&paper, "培养联系人")[0][1], wanted);
    assert_eq!(book["培养联系人"][1], wanted);

    for text in [
        "第一段。",
        "第二段 <b>不是标记</b>。",
        "谈话记录内容",
        "敬爱的党组织：",
    ] {
        let on_paper = |block: &Block| matches!(block, Block::Paragraph(_, line) if line.contains(text));
        assert!(paper.iter().any(on_paper), "{text}");
        let in_book = book.values().flatten().flatten().any(|cell| cell.contains(text));
        assert!(in_book, "{text}");
    }
    let digest = short_digest(&record);
    assert!(
        paper
            .iter()
            .any(|block| matches!(block, Block::Paragraph(_, line) if line.contains(&digest)))
    );
    assert!(
        book[xlsx::ABOUT]
            .concat()
            .iter()
            .any(|cell| cell.contains(&digest))
    );

    // The statements.
    let statements = xapi::statements(&record);
    let of_module = |id: &str, kind: &str| {
        statements
            .iter()
            .find(|statement| statement["object"]["id"] == format!("urn:xuedang:{kind}:{id}"))
    };
    for module in &study.progress.modules {
        let figures = &module.figures;
        if figures.answered > 0 {
            let score = &of_module(&module.id, "bank").unwrap()["result"]["score"];
            assert_eq!(score["raw"], figures.correct);
            assert_eq!(score["max"], figures.answered);
        }
        let read = of_module(&module.id, "module").map(|statement| {
            let extensions = &statement["result"]["extensions"];
            extensions["urn:xuedang:xapi:lessons-read"].clone()
        });
        assert_eq!(read.unwrap_or(json!(0)), figures.lessons_read);
    }
    for line in body.exams.iter().flatten() {
        let verb = if line.passed { "passed" } else { "failed" };
        let is_it = |statement: &&Value| {
            statement["verb"]["id"] == format!("http://adlnet.gov/expapi/verbs/{verb}")
                && statement["object"]["definition"]["name"]["zh-CN"] == format!("模拟考试：{}", line.title)
        };
        let result = &statements.iter().find(is_it).unwrap()["result"];
        assert_eq!(
            result["score"]["raw"].as_f64(),
            Some(f64::from(line.half_points) / 2.0)
        );
        assert_eq!(result["score"]["max"], line.points);
        assert_eq!(result["duration"], format!("PT{}S", line.used_seconds));
    }
    let of_time = statements
        .iter()
        .find(|statement| statement["object"]["id"] == "urn:xuedang:course")
        .unwrap();
    assert_eq!(of_time["result"]["duration"], format!("PT{}M", time.minutes));
    for line in body.practice.iter().flatten() {
        let is_it = |statement: &&Value| {
            let name = &statement["object"]["definition"]["name"]["zh-CN"];
            name.as_str().unwrap().ends_with(&line.title)
        };
        let statement = statements.iter().find(is_it).unwrap();
        let begins = statement["timestamp"].as_str().unwrap();
        assert!(begins.starts_with(&line.date.to_string()));
        let duration = statement["result"]["duration"].as_str();
        assert_eq!(
            duration.map(str::to_owned),
            (line.minutes > 0).then(|| format!("PT{}M", line.minutes))
        );
    }
}

#[test]
fn what_no_portal_wrote_breaks_nothing() {
    let mut record = record();
    let body = &mut record.body;
    body.made_at.ms = -60_000_000_000_000;
    body.summary = Some("长".repeat(100_000));
    body.practice.as_mut().unwrap()[0].date = date("0001-01-01");
    body.talks.as_mut().unwrap()[0].topic = "\u{202e}\u{ffff}\u{0}".into();
    body.study.as_mut().unwrap().progress.total.correct = u32::MAX;
    let record = seal(record.body.clone());
    let annex = Annex::of(&record, &proofs());
    reading::well_formed(
        &String::from_utf8(part(&docx::write(&annex).unwrap(), "word/document.xml")).unwrap(),
    );
    assert!(xlsx::write(&annex).is_ok());
    assert!(!xapi::statements(&record).is_empty());
    assert!(qr::svg(&qr::summary(&record)).is_ok());
    assert_eq!(
        file_name_of_kind(&record, "docx"),
        "培养记录-𠮷田喆-00680903.docx"
    );
}

#[test]
fn what_was_not_ticked_is_in_no_export() {
    let record = sample_record(NAME);
    let annex = Annex::of(&record, &[]);
    let mut all = vec![
        String::from_utf8(part(&docx::write(&annex).unwrap(), "word/document.xml")).unwrap(),
        xapi::write(&record),
        qr::summary(&record),
    ];
    all.push(format!("{:?}", sheets(&xlsx::write(&annex).unwrap())));
    for text in all {
        assert!(text.contains(NAME));
        assert!(
            !text.contains("只给自己看") && !text.contains("谈话细节"),
            "{text}"
        );
    }
    let mut bare = Selection::default();
    Field::ALL.into_iter().for_each(|field| bare.set(field, false));
    let body = Body::of(&course(), &sample_study(NAME), &bare, &env(1)).unwrap();
    let record = seal(body);
    let paper = format!("{:?}", blocks(&docx::write(&Annex::of(&record, &[])).unwrap()));
    assert!(paper.contains("本人未导出") && !paper.contains("王联系") && !paper.contains(NAME));
    assert_eq!(xapi::statements(&record), Vec::<Value>::new());
    assert!(qr::summary(&record).contains("未导出"));
    assert!(xlsx::write(&Annex::of(&record, &[])).is_ok());
}

#[test]
fn a_record_of_version_1_says_what_it_does_not_have() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/record/v1.json");
    let record = open(&std::fs::read(path).unwrap()).unwrap();
    let annex = Annex::of(&record, &[]);
    let paper = format!("{:?}", blocks(&docx::write(&annex).unwrap()));
    assert_eq!(
        paper.matches("这份记录由旧版学档导出，没有这一项。").count(),
        4,
        "{paper}"
    );
    assert!(!paper.contains("待确认题") && paper.contains("待重新确认"));
    assert!(xlsx::write(&annex).is_ok());
    let file = write(&record);
    assert_eq!(
        open(&code::read(&code::messages(&file).unwrap().concat()).unwrap()),
        Ok(record)
    );
}

#[test]
fn the_annex_says_what_it_is_and_leaves_the_boxes_blank() {
    let annex = Annex::of(&record(), &proofs());
    let paper = blocks(&docx::write(&annex).unwrap());
    assert_eq!(paper[0], Block::Paragraph("Mark".into(), "附件（草稿）".into()));
    let says = |text: &str| {
        paper
            .iter()
            .any(|block| matches!(block, Block::Paragraph(_, line) if line.contains(text)))
    };
    assert!(says("学习时间为自报，不计入集中培训学时"));
    assert!(says("不是《入党积极分子培养考察登记表》，不能代替它"));
    assert!(says("不能证明是谁填写"));
    // An opinion stands among the signatures, and never in a box.
    let boxes = &tables(&paper, "签字与意见")[0];
    let labels: Vec<_> = boxes.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(labels, ["本人签字", "培养联系人意见", "党支部意见"]);
    for row in boxes {
        let sign: String = row[1].chars().filter(|sign| !sign.is_whitespace()).collect();
        assert!(sign == "签名：年月日" || sign == "签名（盖章）：年月日", "{sign}");
    }
    let signatures = &tables(&paper, "电子签名")[0];
    assert_eq!(signatures[2][3..], ["同意。", "2345 6789 0123", "不符"]);
    let without = blocks(&docx::write(&Annex::of(&record(), &[])).unwrap());
    assert!(!format!("{without:?}").contains("电子签名"));
}

#[test]
fn the_annex_is_conventional_ooxml() {
    let bytes = docx::write(&Annex::of(&record(), &[])).unwrap();
    assert_eq!(
        bytes,
        docx::write(&Annex::of(&record(), &[])).unwrap(),
        "the same bytes"
    );
    let text = |name: &str| String::from_utf8(part(&bytes, name)).unwrap();
    let types = text("[Content_Types].xml");
    for name in reading::names(&bytes) {
        reading::well_formed(&text(&name));
        assert!(
            types.contains(&format!("\"/{name}\""))
                || name.ends_with(".rels")
                || name == "[Content_Types].xml",
            "{name}"
        );
    }
    let document = text("word/document.xml");
    // A4; 37 mm above, 28 mm at the left, and 156 × 225 mm of text (GB/T 9704, 5.2).
    assert!(document.contains("<w:pgSz w:w=\"11904\" w:h=\"16836\"/>"));
    let margins = "w:top=\"2097\" w:right=\"1473\" w:bottom=\"1984\" w:left=\"1587\"";
    assert!(document.contains(margins));
    let rows = document.matches("<w:tr>").count();
    assert_eq!(document.matches("<w:cantSplit/>").count(), rows);
    // Study and its banks, exams, practice, mentors, talks, reports.
    assert_eq!(document.matches("<w:tblHeader/>").count(), 7);
    let styles = text("word/styles.xml");
    assert!(styles.contains("w:ascii=\"仿宋_GB2312\" w:hAnsi=\"仿宋_GB2312\" w:eastAsia=\"仿宋_GB2312\""));
    // Every style that is used is there.
    let used: BTreeSet<&str> = document
        .split("Style w:val=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    for style in used {
        assert!(styles.contains(&format!("w:styleId=\"{style}\"")), "{style}");
    }
    assert!(text("word/footer1.xml").contains(" PAGE "));
}

#[test]
fn statements_are_well_made_and_always_the_same() {
    let record = record();
    let statements = xapi::statements(&record);
    assert_eq!(statements, xapi::statements(&record));
    let ids: BTreeSet<_> = statements
        .iter()
        .map(|statement| statement["id"].to_string())
        .collect();
    assert_eq!(ids.len(), statements.len());
    for statement in &statements {
        assert_eq!(statement["version"], "1.0.3");
        assert_eq!(statement["actor"]["name"], NAME);
        assert!(statement["actor"].get("mbox").is_none());
        assert_eq!(statement["actor"]["account"]["name"], record.body.holder.0);
        let id = statement["id"].as_str().unwrap();
        assert_eq!((id.len(), &id[14..15]), (36, "5"), "{id}");
    }
    // The same line twice is two statements, and the first keeps its name.
    let mut body = record.body.clone();
    let line = body.practice.as_ref().unwrap()[0].clone();
    body.practice.as_mut().unwrap().push(line);
    let more = xapi::statements(&seal(body));
    assert_eq!(more.len(), statements.len() + 1);
    let more: BTreeSet<_> = more.iter().map(|statement| statement["id"].to_string()).collect();
    assert_eq!((more.len(), more.is_superset(&ids)), (statements.len() + 1, true));
}

#[test]
fn a_summary_of_another_record_names_what_differs() {
    let (ours, theirs) = (sample_record(NAME), sample_record("李明"));
    let differences = qr::differences(&qr::summary(&theirs), &ours).unwrap();
    assert!(differences.iter().any(|line| line.contains("李明")));
    assert!(differences.iter().any(|line| line.contains("校验值")));
    assert_eq!(qr::differences("别的", &ours), None);
    let cut = qr::summary(&ours).replace("党支部", "支部");
    assert_eq!(qr::differences(&cut, &ours).map(|lines| lines.len()), Some(1));
}

#[test]
fn the_worker_makes_the_same() {
    let (record, file) = (record(), write(&record()));
    let ask = |what: &str, text: &str, bytes: &[u8]| exports::carry_out(what, text, bytes).unwrap();
    let proofs_json = serde_json::to_string(&proofs()).unwrap();
    let annex = Annex::of(&record, &proofs());
    let docx = ask("record-docx", &proofs_json, &file).unwrap().1;
    assert_eq!(docx, Some(docx::write(&annex).unwrap()));
    let xlsx = ask("record-xlsx", &proofs_json, &file).unwrap().1;
    assert_eq!(xlsx, Some(xlsx::write(&annex).unwrap()));
    assert_eq!(ask("record-xapi", "", &file).unwrap().0, xapi::write(&record));
    assert_eq!(ask("record-summary", "", &file).unwrap().0, qr::summary(&record));
    for what in ["write-code", "write-codes"] {
        let parts: Vec<String> = serde_json::from_str(&ask(what, "", &file).unwrap().0).unwrap();
        assert_eq!(
            ask("read-code", &parts.concat(), &[]).unwrap().1.as_ref(),
            Some(&file)
        );
    }
    let pictures: Vec<String> = serde_json::from_str(&ask("qr", "[\"XD1\"]", &[]).unwrap().0).unwrap();
    assert_eq!(pictures, [qr::svg("XD1").unwrap()]);
    assert!(ask("record-docx", "", b"{}").unwrap_err().contains("培养记录"));
    assert!(ask("read-code", "你好", &[]).is_err());
    assert!(exports::carry_out("read-xlsx", "", &[]).is_none());
}

/// Compares with a file of `tests/fixtures/exports`; `XUEDANG_BLESS=1` writes it anew.
fn golden(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/exports")
        .join(name);
    if std::env::var_os("XUEDANG_BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(wanted == text, "{name} is no longer what was released");
}

#[test]
fn exports_are_as_they_were_released() {
    let record = record();
    let annex = Annex::of(&record, &proofs());
    let document = part(&docx::write(&annex).unwrap(), "word/document.xml");
    // A line for each row and paragraph, so that a difference can be read.
    let document = String::from_utf8(document)
        .unwrap()
        .replace("<w:p>", "\n<w:p>")
        .replace("<w:tr>", "\n<w:tr>");
    golden("document.xml", &document);
    golden("xapi.json", &xapi::write(&record));
    golden("summary.txt", &qr::summary(&record));
}

/// A text code of this version must be read for ever, whatever the compressor writes today.
#[test]
fn a_code_that_was_sent_is_read_for_ever() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/exports/code.txt");
    if std::env::var_os("XUEDANG_BLESS").is_some() && !path.exists() {
        let messages = code::messages("学档\u{20bb7}".repeat(90).as_bytes()).unwrap();
        std::fs::write(&path, messages.join("\n")).unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(code::read(&text).unwrap(), "学档\u{20bb7}".repeat(90).as_bytes());
}

/// Writes what `cargo xtask check office` and `check xapi` open with other people's programs, when
/// they say where: files of a record as long as real ones, and the annex as JSON to compare with.
#[test]
#[ignore = "for `cargo xtask check`"]
fn write_samples() {
    let Some(folder) = std::env::var_os("XUEDANG_EXPORTS").map(PathBuf::from) else {
        return;
    };
    std::fs::create_dir_all(&folder).unwrap();
    for (name, record, proofs) in [("short", record(), vec![]), ("long", long(), proofs())] {
        let annex = Annex::of(&record, &proofs);
        std::fs::write(folder.join(format!("{name}.docx")), docx::write(&annex).unwrap()).unwrap();
        std::fs::write(folder.join(format!("{name}.xlsx")), xlsx::write(&annex).unwrap()).unwrap();
        std::fs::write(folder.join(format!("{name}.xapi.json")), xapi::write(&record)).unwrap();
        let json = serde_json::to_vec(&wanted(&annex)).unwrap();
        std::fs::write(folder.join(format!("{name}.annex.json")), json).unwrap();
    }
}

/// The annex as plain JSON: sections with the texts of their facts and tables.
fn wanted(annex: &Annex) -> Value {
    let part = |part: &Part| match part {
        Part::Facts(facts) => {
            let facts: Vec<_> = facts
                .iter()
                .map(|fact| [fact.label.to_owned(), fact.value.text()])
                .collect();
            json!({ "facts": facts })
        }
        Part::Table(table) => {
            let rows = table.rows.iter().chain(&table.sum);
            let rows: Vec<Vec<String>> = rows
                .map(|row| row.iter().map(|cell| cell.text()).collect())
                .collect();
            json!({ "rows": rows })
        }
        Part::Text(lines) => json!({ "text": lines }),
        Part::Note(note) => json!({ "text": [note] }),
        Part::Blanks(boxes) => json!({ "boxes": boxes.len() }),
    };
    let section = |section: &xuedang::format::annex::Section| json!({"name": section.name, "parts": section.parts.iter().map(part).collect::<Vec<_>>()});
    json!({
        "title": annex.title,
        "sections": annex.sections.iter().map(section).collect::<Vec<_>>(),
        "closing": annex.closing,
    })
}

/// As much as a year brings together.
fn long() -> TrainingRecord {
    const TITLES: [&str; 14] = [
        "党的历史",
        "党的优良传统和作风",
        "党的基本理论",
        "党的路线方针政策",
        "党章和党的基本知识",
        "党员条件、义务和权利",
        "党的组织制度",
        "党的纪律",
        "社会主义核心价值观",
        "端正入党动机",
        "发展党员工作程序",
        "党员教育管理",
        "群团组织和统一战线",
        "培养教育与集中培训",
    ];
    let mut record = record();
    let body = &mut record.body;
    let study = body.study.as_mut().unwrap();
    let pattern = study.progress.modules[0].clone();
    study.progress.modules = TITLES
        .iter()
        .zip(1..)
        .map(|(title, number)| {
            let mut module = pattern.clone();
            module.id = format!("m{number}");
            module.title = (*title).into();
            module.figures.lessons = 6;
            module.figures.lessons_read = number % 7;
            module.figures.questions = 84;
            module.figures.answered = number * 6;
            module.figures.attempts = number * 9;
            module.figures.correct = number * 5;
            module
        })
        .collect();
    study.progress.total = xuedang::domain::study::progress::CourseProgress::sum(&study.progress.modules);
    let time = body.time.as_mut().unwrap();
    (time.minutes, time.days, time.sessions, time.answers) = (2_710, 90, 120, 1_003);
    study.days = time.days;
    let exams = body.exams.as_mut().unwrap();
    exams.extend(exams.clone());
    let lines = body.practice.as_mut().unwrap();
    let pattern = lines.clone();
    for month in 1..=9 {
        lines.extend(pattern.iter().cloned().map(|mut line| {
            line.date = date(&format!("2026-0{month}-1{}", line.minutes % 7));
            line.title = format!(
                "{}（{month} 月，在社区图书馆整理图书并为居民讲解垃圾分类）",
                line.title
            );
            line
        }));
    }
    lines.sort_by_key(|line| line.date);
    let talks = body.talks.as_mut().unwrap();
    let pattern = talks[0].clone();
    talks.extend((1..=8).map(|month| {
        let mut line = pattern.clone();
        line.date = date(&format!("2026-0{month}-20"));
        line.topic = "近期思想和学习情况，对入党动机的认识，以及存在的不足".into();
        line
    }));
    talks.sort_by_key(|line| line.date);
    body.summary = Some(
        "一年来，我认真学习党的基本理论和党章，积极参加志愿服务和社会实践，定期向培养联系人汇报思想。\n"
            .repeat(6),
    );
    seal(body.clone())
}

#[test]
fn a_record_of_a_year_is_a_few_messages_and_a_few_codes() {
    let file = write(&long());
    let (messages, codes) = (code::messages(&file).unwrap(), qr::series(&file).unwrap());
    assert!(messages.len() <= 4, "{} messages", messages.len());
    assert!(codes.len() <= 8, "{} codes", codes.len());
    assert!(open(&code::read(&messages.concat()).unwrap()) == Ok(long()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_words_come_through(name in "[𠮷喆a-z<&\"=@'-]{1,12}", summary in "\\PC{0,80}", notes in ".{0,60}") {
        let mut body = record().body;
        body.person.name = Some(name);
        body.summary = Some(summary);
        body.practice.as_mut().unwrap()[0].notes = Some(notes);
        let record = seal(body);
        let annex = Annex::of(&record, &proofs());
        let document = docx::write(&annex).unwrap();
        reading::well_formed(&String::from_utf8(part(&document, "word/document.xml")).unwrap());
        let facts = tables(&blocks(&document), "基本情况").concat().concat();
        prop_assert_eq!(&facts[1], &record.body.person.name().trim_end());
        let book = sheets(&xlsx::write(&annex).unwrap());
        prop_assert_eq!(&book["基本情况"][0][1], record.body.person.name());
        prop_assert_eq!(code::read(&code::messages(&write(&record)).unwrap().concat()).unwrap(), write(&record));
        let statements: Value = serde_json::from_str(&xapi::write(&record)).unwrap();
        prop_assert_eq!(&statements[0]["actor"]["name"], record.body.person.name());
    }
}
