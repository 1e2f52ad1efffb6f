use super::desk::{Desk, day, now, person};
use crate::reading::part;
use calamine::{Data, DataType, Reader, Xlsx};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::Cursor;
use xuedang::domain::branch::Field::{Birth, Branch, Confirmed, Ethnicity, Name, Prospect, Sex};
use xuedang::domain::branch::RosterEvent;
use xuedang::domain::record::TrainingRecord;
use xuedang::domain::study::EventId;
use xuedang::domain::workbench::{ALONE, Deed, Preparation, Sums};
use xuedang::format::record;
use xuedang::format::workbench::class::{
    Candidates, Change, Classes, Enroll, Leave, Look, Mark, Marked, Of, Papers, Particulars, Shown, TypedLine,
};
use xuedang::format::workbench::due::Refused;

fn full() -> TrainingRecord {
    record::open(include_bytes!("../fixtures/record/full.json")).unwrap()
}

fn particulars() -> Particulars {
    Particulars {
        name: "2026年下半年发展对象培训班".into(),
        organiser: "学院党委".into(),
        from: Some(day("2026-11-20")),
        until: Some(day("2026-11-22")),
        place: "党校 301".into(),
        hours: "２４".into(),
    }
}

/// Three prospects, one of them with a formula for a name, an activist, and a class.
fn desk() -> (Desk, EventId) {
    let mut desk = Desk::of(&[
        &[
            (Name, "周𠮷喆"),
            (Branch, "第一党支部"),
            (Sex, "男"),
            (Ethnicity, "汉族"),
            (Birth, "2005-03-04"),
            (Prospect, "2026-09-10"),
        ],
        &[(Name, "=1+1"), (Branch, "<第二>党支部"), (Prospect, "2026-09-11")],
        &[(Name, "王五"), (Branch, "第一党支部"), (Prospect, "2026-09-12")],
        &[(Name, "积极"), (Branch, "第一党支部"), (Confirmed, "2026-01-01")],
    ]);
    desk.write(Deed::Roster(RosterEvent::Linked {
        person: person(0),
        holder: Some(full().body.holder),
    }));
    assert_eq!(desk.answer::<Vec<Refused>>("class/open", &particulars()), []);
    let classes: Classes = desk.answer("class/list", &());
    assert_eq!(
        (classes.classes.len(), classes.waiting, classes.least),
        (1, 3, (3, 24))
    );
    let id = classes.classes[0].id.clone();
    (desk, id)
}

fn enroll(desk: &mut Desk, class: &EventId, all: bool, people: &[u32]) -> Result<String, String> {
    let enroll = Enroll {
        class: class.clone(),
        people: people.iter().map(|n| person(*n).to_string()).collect(),
        all,
    };
    desk.ask("class/enroll", &enroll).map(|outcome| outcome.text)
}

fn mark(desk: &mut Desk, class: &EventId, n: u32, typed: TypedLine) -> Marked {
    let mark = Mark {
        class: class.clone(),
        person: person(n).to_string(),
        typed,
    };
    desk.answer("class/mark", &mark)
}

fn typed(days: &str, hours: &str, score: &str, completed: Option<bool>) -> TypedLine {
    TypedLine {
        days: days.into(),
        hours: hours.into(),
        mark: score.into(),
        appraisal: String::new(),
        completed,
    }
}

fn papers(class: &EventId) -> Papers {
    Papers {
        class: class.clone(),
        alone: BTreeMap::from([(full().body.holder.0, Preparation::of(&full()))]),
        only: None,
    }
}

#[test]
fn particulars_are_checked_beside_their_fields() {
    let (mut desk, class) = desk();
    let change = |desk: &mut Desk, particulars: Particulars| -> Vec<String> {
        let change = Change {
            class: class.clone(),
            particulars,
        };
        let refused: Vec<Refused> = desk.answer("class/change", &change);
        refused.into_iter().map(|refused| refused.field).collect()
    };
    let none = Particulars {
        hours: "若干".into(),
        ..Particulars::default()
    };
    assert_eq!(change(&mut desk, none), ["from", "until", "hours"]);
    let turned = Particulars {
        name: " ".into(),
        until: Some(day("2026-11-01")),
        hours: String::new(),
        ..particulars()
    };
    assert_eq!(change(&mut desk, turned), ["name", "until", "hours"]);
    let before = desk.seq;
    assert_eq!(change(&mut desk, particulars()), Vec::<String>::new());
    assert_eq!(desk.seq, before, "what is as it was is not written again");
    let shorter = Particulars {
        hours: "8".into(),
        until: Some(day("2026-11-20")),
        ..particulars()
    };
    assert_eq!(change(&mut desk, shorter), Vec::<String>::new());
    let shown: Shown = desk.answer("class/show", &Of { class: class.clone() });
    assert_eq!(
        shown.remarks.len(),
        1,
        "too short by the rules is said, and taken"
    );
    assert!(shown.remarks[0].contains("第十七条"));
    assert!(
        desk.ask(
            "class/show",
            &Of {
                class: EventId("没有".into())
            }
        )
        .is_err()
    );
}

#[test]
fn prospects_are_put_together_and_whoever_is_looked_for() {
    let (mut desk, class) = desk();
    let look = |desk: &mut Desk, words: &str| -> Candidates {
        desk.answer(
            "class/candidates",
            &Look {
                class: class.clone(),
                words: words.into(),
            },
        )
    };
    let found = look(&mut desk, "");
    assert_eq!(found.total, 3);
    assert_eq!(found.people[0].listed, Some(day("2026-09-10")));
    assert_eq!(found.people[0].holder, Some(full().body.holder));
    assert_eq!(look(&mut desk, "积极").people[0].state, "入党积极分子");
    assert_eq!(enroll(&mut desk, &class, true, &[]).unwrap(), "3");
    assert_eq!(
        enroll(&mut desk, &class, false, &[0, 3]).unwrap(),
        "1",
        "only who is not in it"
    );
    assert!(enroll(&mut desk, &class, false, &[0]).is_err());
    assert!(enroll(&mut desk, &class, false, &[9]).is_err());
    assert_eq!(look(&mut desk, "").total, 0);
    let shown: Shown = desk.answer("class/show", &Of { class: class.clone() });
    assert_eq!(shown.rows.len(), 4);
    assert!(shown.rows[3].remarks[0].contains("还不是发展对象"));
    desk.ask(
        "class/leave",
        &Leave {
            class: class.clone(),
            person: person(3).to_string(),
        },
    )
    .unwrap();
    // Another class says in which one people are already.
    desk.answer::<Vec<Refused>>("class/open", &particulars());
    let classes: Classes = desk.answer("class/list", &());
    assert_eq!(classes.waiting, 0);
    let other = classes.classes[0].id.clone();
    assert_ne!(other, class, "the newest first");
    let found: Candidates = desk.answer(
        "class/candidates",
        &Look {
            class: other,
            words: String::new(),
        },
    );
    assert_eq!(found.people[0].others, [particulars().name]);
}

#[test]
fn rows_are_typed_one_event_each() {
    let (mut desk, class) = desk();
    enroll(&mut desk, &class, true, &[]).unwrap();
    let before = desk.seq;
    let done = mark(&mut desk, &class, 0, typed("３", "24", "优秀", Some(true)));
    assert_eq!(
        (done.refused, done.remarks, desk.seq),
        (vec![], vec![], before + 1)
    );
    let sums = Sums {
        pupils: 3,
        typed: 1,
        completed: 1,
        days: 3,
        hours: 24,
        ..Sums::default()
    };
    assert_eq!(done.sums, sums);
    // The same again is nothing new.
    mark(&mut desk, &class, 0, typed("3", "24", "优秀", Some(true)));
    assert_eq!(desk.seq, before + 1);
    // Odd is told of and kept, impossible is not.
    let odd = mark(&mut desk, &class, 1, typed("5", "40", "", Some(true)));
    assert_eq!((odd.refused.len(), odd.remarks.len()), (0, 2));
    let wrong = mark(&mut desk, &class, 2, typed("三", "9999", "", None));
    let fields: Vec<_> = wrong
        .refused
        .iter()
        .map(|refused| refused.field.as_str())
        .collect();
    assert_eq!(fields, ["days", "hours"]);
    assert_eq!(desk.seq, before + 2);
    // Completed, by people, is what the rules about admission see.
    let facts = desk.work.facts(0, day("2026-11-25"));
    assert_eq!(facts.training.len(), 1);
    assert_eq!((facts.training[0].days, facts.training[0].hours), (3, 24));
    assert!(desk.work.facts(2, day("2026-11-25")).training.is_empty());
}

/// The text of a `.docx`, its marks of paragraphs and cells as line breaks.
fn text(docx: &[u8]) -> String {
    let xml = String::from_utf8(part(docx, "word/document.xml")).unwrap();
    let mut text = String::new();
    let mut rest = xml.as_str();
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = after.split_once('>').unwrap();
        if tag == "/w:p" {
            text.push('\n');
        }
        rest = after;
    }
    text
}

fn sheets(xlsx: Vec<u8>) -> Vec<(String, Vec<Vec<Data>>)> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx)).unwrap();
    let names = book.sheet_names();
    names
        .into_iter()
        .map(|name| {
            let range = book.worksheet_range(&name).unwrap();
            (name, range.rows().map(<[Data]>::to_vec).collect())
        })
        .collect()
}

#[test]
fn papers_say_what_was_typed_and_leave_boxes_blank() {
    let (mut desk, class) = desk();
    assert!(
        desk.ask("class/list-docx", &papers(&class))
            .unwrap_err()
            .contains("还没有人")
    );
    enroll(&mut desk, &class, true, &[]).unwrap();
    mark(
        &mut desk,
        &class,
        0,
        TypedLine {
            appraisal: "学习认真。\n能联系实际。".into(),
            ..typed("3", "24", "92", Some(true))
        },
    );
    let file = |desk: &mut Desk, what: &str| desk.ask(what, &papers(&class)).unwrap().file.unwrap().0;

    let list = file(&mut desk, "class/list-docx");
    assert_eq!(
        list,
        file(&mut desk, "class/list-docx"),
        "the same whenever it is made"
    );
    let said = text(&list);
    for wanted in [
        "附件（草稿）",
        "短期集中培训班名单",
        "2026年11月20日至2026年11月22日",
        "周𠮷喆",
        "2005-03",
        "&lt;第二&gt;党支部",
        ALONE,
        "不是规定的格式文本",
        "（盖章）",
        "年　　月　　日",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    let xml = String::from_utf8(part(&list, "word/document.xml")).unwrap();
    assert!(xml.contains("w:orient=\"landscape\""));

    let sheet = file(&mut desk, "class/appraisals-docx");
    let xml = String::from_utf8(part(&sheet, "word/document.xml")).unwrap();
    assert_eq!(
        xml.matches("<w:pageBreakBefore/>").count(),
        2,
        "a page for each of three"
    );
    let said = text(&sheet);
    assert_eq!(said.matches("本人签名：").count(), 3);
    assert_eq!(said.matches("负责人签名（盖章）：").count(), 3);
    assert_eq!(
        said.matches("学习认真。").count(),
        1,
        "an appraisal only where one was typed"
    );
    assert!(said.contains("能联系实际。"));
    assert_eq!(said.matches("自学时间 没有记录").count(), 2);
    let only = Papers {
        only: Some(person(2).to_string()),
        ..papers(&class)
    };
    let one = desk.ask("class/appraisals-docx", &only).unwrap().file.unwrap().0;
    assert!(text(&one).contains("王五") && !text(&one).contains("周𠮷喆"));

    let book = sheets(file(&mut desk, "class/list-xlsx"));
    let names: Vec<_> = book.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["名单", "鉴定", "自学（不计入学时）", "班次", "说明"]);
    let list = &book[0].1;
    let hours = list[0]
        .iter()
        .position(|cell| cell.as_string().as_deref() == Some("出勤学时"))
        .unwrap();
    assert_eq!(list[1][hours], Data::Float(24.0));
    assert_eq!(list[2][1].to_string(), "=1+1", "a name stays a text");
    assert!(matches!(list[2][1], Data::String(_)));
    assert_eq!(list[2][hours], Data::Empty, "nobody has typed anything");
    assert_eq!(book[1].1[1][3].to_string(), "学习认真。\n能联系实际。");
    // What was studied alone is on a sheet of its own.
    assert!(list[0].iter().all(|cell| !cell.to_string().contains("自学")));
    let minutes = full().body.time.unwrap().minutes;
    let alone = &book[2].1;
    assert_eq!(alone[0][3].to_string(), ALONE);
    assert!(
        alone[1][3]
            .to_string()
            .contains(&format!("{} 分钟", minutes % 60))
    );
}

fn preparation() -> impl Strategy<Value = Preparation> {
    let pair = || proptest::option::of((0u32..5_000, 0u32..5_000));
    (pair(), pair(), pair(), proptest::option::of(any::<u32>())).prop_map(
        |(lessons, questions, exams, minutes)| Preparation {
            made: day("2026-11-01"),
            lessons,
            questions,
            exams,
            minutes,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Whatever somebody has studied alone, nothing of it reaches a figure of the class.
    #[test]
    fn nothing_of_self_study_reaches_a_class(alone in preparation(), days in 0u16..9, hours in 0u16..60) {
        let (mut desk, class) = desk();
        enroll(&mut desk, &class, true, &[]).unwrap();
        mark(&mut desk, &class, 0, typed(&days.to_string(), &hours.to_string(), "", Some(true)));
        let with = Papers {
            alone: BTreeMap::from([(full().body.holder.0, alone)]),
            ..papers(&class)
        };
        let without = Papers { alone: BTreeMap::new(), ..papers(&class) };
        let mut made = |what: &str, papers: &Papers| desk.ask(what, papers).unwrap().file.unwrap().0;

        // The workbook: only its own sheet differs, and only in its own columns.
        let (one, other) = (made("class/list-xlsx", &with), made("class/list-xlsx", &without));
        for ((name, rows), (_, others)) in sheets(one).into_iter().zip(sheets(other)) {
            if name.starts_with("自学") {
                for (row, other) in rows.iter().zip(&others) {
                    prop_assert_eq!(&row[..3], &other[..3]);
                    // Words, which no sum can take for a figure.
                    prop_assert!(row[3..].iter().all(|cell| matches!(cell, Data::String(_))));
                }
            } else {
                prop_assert_eq!(rows, others, "{}", name);
            }
        }
        // The list on paper: only the last column.
        let (one, other) = (made("class/list-docx", &with), made("class/list-docx", &without));
        let (one, other) = (text(&one), text(&other));
        let differing: Vec<_> = one.lines().zip(other.lines()).filter(|(a, b)| a != b).collect();
        prop_assert_eq!(one.lines().count(), other.lines().count());
        prop_assert!(differing.len() <= 1, "{:?}", differing);
        // The sheets: only the line that says what it is.
        let (one, other) = (made("class/appraisals-docx", &with), made("class/appraisals-docx", &without));
        for (a, b) in text(&one).lines().zip(text(&other).lines()).filter(|(a, b)| a != b) {
            prop_assert!(a.starts_with(ALONE) && b.starts_with(ALONE), "{} {}", a, b);
        }
        // What the rules see, and the sums.
        let shown: Shown = desk.answer("class/show", &Of { class: class.clone() });
        prop_assert_eq!((shown.sums.days, shown.sums.hours), (u32::from(days), u32::from(hours)));
        let training = desk.work.facts(0, now().date()).training;
        prop_assert_eq!((training[0].days, training[0].hours), (days, hours));
    }
}

#[test]
fn time_alone_is_never_said_in_study_hours() {
    let words = |minutes| {
        Preparation {
            minutes,
            ..Preparation::of(&full())
        }
        .time()
    };
    assert_eq!(words(Some(59)), "59 分钟");
    assert_eq!(words(Some(1_441)), "24 小时 1 分钟");
    assert_eq!(words(None), "本人未导出");
    assert!(!Preparation::of(&full()).words().contains("学时"));
}
