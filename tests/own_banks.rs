//! Own banks: what is read is what was written, in every format; nothing of a hostile file gets
//! through; and what is answered in them counts nowhere.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)] // Helpers of tests, too, stop at the first surprise.

mod common;

#[cfg(feature = "pack")]
#[path = "own_banks/course.rs"]
mod course;
#[cfg(feature = "markdown")]
#[path = "own_banks/markdown.rs"]
mod markdown;
#[cfg(feature = "sheets")]
#[path = "own_banks/sheets.rs"]
mod sheets;

use common::*;
use pollster::block_on;
use proptest::prelude::*;
use xuedang::domain::course::own::{Draft, DryRun, Foreign, PackEvent, Packs, Verdict, blank_question};
use xuedang::domain::question::{Kind, Question};
use xuedang::domain::study::{Action, Event, EventId, Study};
use xuedang::format::gift;
use xuedang::store::memory::{MemoryLog, MemoryVault};
use xuedang::store::{Backup, Book, Journal, Vault};

fn added(name: &str) -> PackEvent {
    let draft = |row, kind| Draft {
        row,
        question: Question {
            id: String::new(),
            cited: Vec::new(),
            ..question(&format!("第{row}题问的是什么"), kind)
        },
        doubts: Vec::new(),
    };
    let run = DryRun::of(Foreign {
        drafts: vec![draft(2, Kind::Single), draft(30, Kind::Judge)],
        ..Foreign::default()
    });
    run.accept(&EventId::new(&env(1)), name, "题.xlsx").unwrap()
}

#[test]
fn what_is_answered_in_an_own_bank_counts_nowhere() {
    let PackEvent::PackAdded { questions, .. } = added("支部题库") else {
        panic!("not added");
    };
    let mut study = Study::default();
    let before = (study.days.clone(), study.last.clone());
    let what = study
        .decide(Action::Answer(&questions[0], choice(&["b"])), &env(5))
        .unwrap();
    study.apply(&Event {
        v: 2,
        id: EventId::new(&env(5)),
        seq: 1,
        at: env(5).now,
        what,
    });
    assert_eq!((study.days.clone(), study.last.clone()), before);
    // But it is known in that bank the next time.
    assert_eq!(study.items[&questions[0].id].correct, 1);
}

#[test]
fn banks_are_in_the_backup_and_come_back() {
    let (vault, log) = (MemoryVault::default(), MemoryLog::default());
    let mut book = Journal::<Packs>::new(Book::Packs);
    let entries = book.draft(vec![added("支部题库"), added("另一个")], &mut || env(3));
    // Two events of one moment have one id here: keep the first.
    block_on(vault.append(0, &entries[..1])).unwrap();
    book.receive(&entries[0]);
    assert_eq!(book.state().banks.len(), 1);
    let backup = block_on(Backup::of(&vault, Vec::new(), env(9).now)).unwrap();
    let epoch = block_on(vault.erase()).unwrap();
    let read = Backup::read(&backup.write()).unwrap();
    let preview = block_on(read.preview(&vault)).unwrap();
    assert!(preview.books.contains(&(Book::Packs, 1, 1, 0)), "{preview:?}");
    block_on(read.merge(&vault, epoch)).unwrap();
    let (again, _) = block_on(Journal::<Packs>::load(Book::Packs, &vault, &log)).unwrap();
    assert_eq!(again.state(), book.state());
    // The study and the register know nothing of it.
    let (study, _) = block_on(Journal::<Study>::load(Book::Study, &vault, &log)).unwrap();
    assert_eq!(study.state(), &Study::default());
}

const GIFT: &str = "$CATEGORY: $course$/党章\n\n\
    // [tag:难度3]\n::一::[html]<p>申请入党的人应当年满{=十八 =18}周岁。</p>{\n\n\
    入党自愿。{T#再看党章####依据：党章第一条\\n自愿是前提。}\n\n\
    下面哪些是义务？{~%50%学习 ~%50%守纪 ~%-100%做买卖}\n\n\
    几天？{#7:1}\n\n几天呢？{#7}\n\n\
    谈谈动机。{####要点：端正\\n要点：坚定\\n因为重要}\n\n\
    连线 {=甲 -> 一 =乙 -> 二 = -> 三}\n\n\
    没有对的 {~一 ~二}\n\n说明文字\n\n断开的 {\n=一\n\n~二\n}\n\n后面的 {T}\n";

#[test]
fn gift_becomes_questions_with_places_and_reasons() {
    let run = DryRun::of(gift::foreign(&gift::read(GIFT)));
    let lines: Vec<_> = run
        .lines
        .iter()
        .map(|line| {
            let field = line.remarks.first().map_or("", |remark| remark.field);
            (line.row, line.verdict, field)
        })
        .collect();
    assert_eq!(
        lines,
        [
            (1, Verdict::Skipped, "分类"),
            (4, Verdict::Refused, "答案"),
            (6, Verdict::New, ""),
            (8, Verdict::New, ""),
            (10, Verdict::Refused, "答案"),
            (12, Verdict::New, ""),
            (14, Verdict::New, ""),
            (16, Verdict::Doubtful, "配对"),
            (18, Verdict::Refused, "答案"),
            (20, Verdict::Skipped, "说明"),
            (22, Verdict::Refused, "答案"),
            (28, Verdict::New, ""),
        ],
        "{:#?}",
        run.lines
    );
    let question = |row| {
        let line = run.lines.iter().find(|line| line.row == row).unwrap();
        line.question.clone().unwrap()
    };
    let judge = question(6);
    assert_eq!((judge.kind, judge.answer), (Kind::Judge, vec!["true".to_owned()]));
    assert_eq!(judge.explain, "自愿是前提。\n再看党章");
    assert_eq!(
        (judge.cited, judge.points),
        (vec!["党章第一条".into()], vec!["党章".into()])
    );
    assert_eq!(question(8).answer, ["a", "b"]);
    assert_eq!(question(12).blanks, [["7"]]);
    let short = question(14);
    assert_eq!((short.options.len(), short.explain.as_str()), (2, "因为重要"));
    assert_eq!(question(16).matches.len(), 2);
}

/// gift-pegjs 1.0.2 refuses it, its own repository says how it is to be read.
#[test]
fn a_format_before_a_missing_first_word_holds() {
    let gift = gift::read("::甲:: [html]{ = 亚洲 } 是<b>最大</b>的洲。");
    let item = &gift.items[0];
    assert_eq!(item.after.as_ref().unwrap().format, gift::Format::Html);
    assert_eq!(gift::foreign(&gift).drafts[0].question.stem, "＿＿是最大的洲。");
}

#[test]
fn html_is_text_and_a_missing_word_is_a_blank() {
    let text = "[html]<p>申请人应年满 {=十八 =18} 周岁<script>alert(1)</script>。</p><img src=x>";
    let foreign = gift::foreign(&gift::read(text));
    let draft = &foreign.drafts[0];
    assert_eq!(draft.question.stem, "申请人应年满＿＿周岁。");
    assert_eq!(draft.question.blanks, [["十八", "18"]]);
    assert_eq!(draft.doubts.len(), 1, "the picture");
}

proptest! {
    #[test]
    fn no_gift_breaks_the_reader(text in "([={}~#:%\\\\/\\[\\]\n \t>-]|T|html|::|//|\\$CATEGORY:|甲|1|.){0,60}") {
        DryRun::of(gift::foreign(&gift::read(&text)));
    }

    /// Whatever signs a question has, it comes back as it was, but for spaces.
    #[test]
    fn what_is_exported_reads_back(
        stem in "[a-z甲=~#{}:\\\\%\\[\\]/]{1,12}",
        options in proptest::collection::btree_set("[a-z甲=~#{}:\\\\%/\\[]{1,8}", 2..5),
        explain in "[a-z甲=~#{}:\\\\%]{0,12}",
    ) {
        let mut question = blank_question(Kind::Single);
        question.id = "own-x".into();
        question.stem = format!("题{stem}");
        question.explain = explain;
        for (at, option) in options.into_iter().enumerate() {
            question.options.insert(xuedang::domain::course::own::key_at(at), format!("{option}选"));
        }
        question.answer = vec!["b".into()];
        let (text, left) = gift::write("类", [(&question, None)]);
        prop_assert_eq!(left.len(), 0);
        let foreign = gift::foreign(&gift::read(&text));
        prop_assert_eq!(&foreign.refused, &vec![], "{}", text);
        let read = &foreign.drafts[0].question;
        prop_assert_eq!(&read.stem, &question.stem, "{}", text);
        prop_assert_eq!(&read.options, &question.options, "{}", text);
        prop_assert_eq!(&read.answer, &question.answer);
        prop_assert_eq!(&read.explain, &question.explain, "{}", text);
    }
}
