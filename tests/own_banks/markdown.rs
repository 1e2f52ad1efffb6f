//! Markdown as a bank: the sample, what is wrong by line and field, and there and back.

use proptest::prelude::*;
use xuedang::domain::course::own::{DryRun, Foreign, Verdict, blank_question, key_at};
use xuedang::domain::question::{BLANK, Kind, Question};
use xuedang::format::{bank_markdown, markdown_blocks};

fn read(text: &str) -> Foreign {
    bank_markdown::read(&markdown_blocks::read(text).unwrap())
}

#[test]
fn the_sample_has_every_kind_and_is_taken_whole() {
    let blocks = markdown_blocks::read(bank_markdown::SAMPLE).unwrap();
    assert_eq!(bank_markdown::title(&blocks), Some("我们支部的题库"));
    let run = DryRun::of(bank_markdown::read(&blocks));
    assert_eq!(
        (run.count(Verdict::New), run.count(Verdict::Skipped)),
        (8, 1),
        "{run:#?}"
    );
    let questions: Vec<&Question> = run
        .lines
        .iter()
        .filter_map(|line| line.question.as_ref())
        .collect();
    let kinds: Vec<Kind> = questions.iter().map(|question| question.kind).collect();
    assert_eq!(
        kinds,
        [
            Kind::Single,
            Kind::Single,
            Kind::Multiple,
            Kind::Judge,
            Kind::Fill,
            Kind::Order,
            Kind::Match,
            Kind::Short
        ]
    );
    let first = questions[0];
    assert_eq!(first.stem, "申请入党的人应年满多少周岁？");
    assert_eq!(first.answer_in_words(), ["十八周岁"]);
    assert_eq!(
        (first.cited.as_slice(), first.difficulty),
        (["党章第一条".to_owned()].as_slice(), 1)
    );
    assert_eq!(
        (first.points.as_slice(), first.explain.as_str()),
        (["入党条件".to_owned()].as_slice(), "打勾的一项是答案。")
    );
    assert_eq!(questions[1].answer_in_words(), ["乙"]);
    assert_eq!(
        questions[4].stem,
        format!("年满{BLANK}周岁可以申请入党，预备期为{BLANK}。")
    );
    assert_eq!(questions[4].blanks, [["十八", "18"], ["一年", "1年"]]);
    assert_eq!(
        questions[6].answer_in_words(),
        ["党支部 — 讨论决定", "上级党委 — 审批"]
    );
    assert_eq!(questions[7].answer_in_words(), ["端正动机", "加强学习"]);
}

/// Many write brackets behind a sentence that is to be judged; it has no blank for that.
#[test]
fn brackets_for_a_verdict_are_no_blank() {
    for (stem, answer, kind) in [
        ("预备党员有表决权（　　）", "错", Kind::Judge),
        ("党员有八项权利。( )", "√", Kind::Judge),
        ("党的最高纲领是实现（　　）", "共产主义", Kind::Fill),
        ("预备期为（　　）年", "1", Kind::Fill),
        ("判断一句话的对错，＿＿写在句末", "对", Kind::Fill),
    ] {
        let found = read(&format!("### 1. {stem}\n\n答案：{answer}\n"));
        assert_eq!(found.refused, vec![]);
        assert_eq!(found.drafts[0].question.kind, kind, "{stem}");
    }
}

#[test]
fn what_is_wrong_has_its_line_and_field() {
    let text = "\u{feff}# 题库\r\n\r\n散着的一段\r\n\r\n## 入党条件\r\n\r\n\
        ### 没有答案\r\n- [ ] 甲\r\n- [ ] 乙\r\n\r\n\
        ### 看不懂\r\n题型：判断\r\n答案：也许\r\n\r\n\
        ### 没有题型\r\n\r\n\
        ### 两种说法\r\n- [x] 甲\r\n- [ ] 乙\r\n答案：B\r\n\r\n\
        ### 少一格\r\n\r\n| 左 | 右 |\r\n|---|---|\r\n| 甲 | 乙 |\r\n| 丙 | |\r\n\r\n\
        ### 写了两次\r\n答案：对\r\n难度：易\r\n难度：难\r\n\r\n\
        ### 好的\r\n![图](a.png)\r\n答案：错\r\n难度：特别难\r\n";
    let run = DryRun::of(read(text));
    let lines: Vec<_> = run
        .lines
        .iter()
        .map(|line| {
            (
                line.row,
                line.verdict,
                line.remarks.first().map(|remark| (remark.row, remark.field)),
            )
        })
        .collect();
    let refused = Verdict::Refused;
    assert_eq!(
        lines,
        [
            (3, Verdict::Skipped, Some((3, "说明"))),
            (7, refused, Some((7, "答案"))),
            (13, refused, Some((13, "答案"))),
            (15, refused, Some((15, "题型"))),
            (20, refused, Some((20, "答案"))),
            (27, refused, Some((27, "配对"))),
            (32, refused, Some((32, "难度"))),
            (34, Verdict::Doubtful, Some((35, "图片"))),
        ],
        "{:#?}",
        run.lines
    );
    let good = run.lines.last().unwrap();
    assert_eq!(good.remarks[1].field, "难度");
    assert_eq!(good.question.as_ref().unwrap().points, ["入党条件"]);
}

#[test]
fn html_is_text_and_underscores_are_blanks() {
    let found = read(
        "### 年满__周岁（__）与（____），**重点**<b>粗</b>\n<script>alert(1)</script>\n\n答案：甲；乙；丙\n",
    );
    let question = &found.drafts[0].question;
    assert_eq!(
        question.stem,
        format!("年满{BLANK}周岁（{BLANK}）与（{BLANK}），重点<b>粗</b>\n<script>alert(1)</script>")
    );
    assert_eq!(question.blanks, [["甲"], ["乙"], ["丙"]]);
}

#[test]
fn other_ways_to_write_it() {
    let found = read(
        "## 一、单项选择题（每题 2 分）\n\n## 1. 题甲（　　）\nA．一\nB．二\n【答案】B\n【解析】因为\n所以\n\n\
         ## 2、题乙\n\n1. 甲\n2. 乙\n\n题型：排序\n答案：BA\n\n## 二、判断题\n\n### 题丙\n\n正确答案：√\n",
    );
    assert_eq!(found.refused, []);
    let said: Vec<_> = found
        .drafts
        .iter()
        .map(|draft| {
            (
                draft.row,
                draft.question.kind,
                draft.question.answer_in_words().join("、"),
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            (3, Kind::Single, "二".to_owned()),
            (10, Kind::Order, "乙、甲".to_owned()),
            (20, Kind::Judge, "正确".to_owned())
        ]
    );
    assert_eq!(found.drafts[0].question.explain, "因为\n所以");
}

#[test]
fn formats_are_told_apart() {
    assert!(bank_markdown::is_markdown(bank_markdown::SAMPLE));
    assert!(bank_markdown::is_markdown("### 题\n- [x] {甲}\n"));
    for other in [
        "题 {T}\n",
        "题 {=a\n#### 说明\n}",
        "题\nA. 甲\nANSWER: A\n",
        "#标签\n",
    ] {
        assert!(!bank_markdown::is_markdown(other), "{other}");
    }
    let large = " ".repeat(markdown_blocks::LARGEST + 1);
    assert!(markdown_blocks::read(&large).unwrap_err().contains("太大"));
}

/// Text with what Markdown would take for a mark escaped.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for sign in text.chars() {
        if sign.is_ascii_punctuation() && sign != '_' {
            out.push('\\');
        }
        out.push(sign);
    }
    out
}

/// A question in the form of the sample.
fn write(question: &Question) -> String {
    let mut out = format!("### 1. {}\n\n", escaped(&question.stem));
    match question.kind {
        Kind::Single | Kind::Multiple => {
            for (key, text) in &question.options {
                let mark = if question.answer.contains(key) { 'x' } else { ' ' };
                out += &format!("- [{mark}] {}\n", escaped(text));
            }
        }
        Kind::Order => {
            for (text, number) in question.options.values().zip(1..) {
                out += &format!("{number}. {}\n", escaped(text));
            }
        }
        Kind::Short => {
            out += "要点：\n\n";
            for text in question.options.values() {
                out += &format!("- {}\n", escaped(text));
            }
        }
        Kind::Match => {
            out += "| 左 | 右 |\n|---|---|\n";
            for (key, text) in &question.options {
                out += &format!("| {} | {} |\n", escaped(text), escaped(&question.matches[key]));
            }
        }
        Kind::Judge => {
            out += if question.answer == ["true"] {
                "答案：对\n"
            } else {
                "答案：错\n"
            }
        }
        Kind::Fill => {
            for blank in &question.blanks {
                let all: Vec<String> = blank.iter().map(|text| escaped(text)).collect();
                out += &format!("答案：{}\n", all.join("｜"));
            }
        }
    }
    if !question.explain.is_empty() {
        out += &format!("\n解析：{}\n", escaped(&question.explain));
    }
    out
}

proptest! {
    /// Whatever signs a question has, it comes back as it was.
    #[test]
    fn what_is_written_so_reads_back(
        kind in proptest::sample::select(Kind::ALL.to_vec()),
        stem in "[a-z甲=~#{}:<>*`!&|+\\\\\\[\\]()-]{1,12}",
        texts in proptest::collection::btree_set("甲[a-z0-9=~#{}:<>*`!&+\\\\\\[\\]()-]{0,8}末", 3..6),
        explain in "([a-z甲=~#{}<>*`&_\\\\]{0,12}末)?",
        ticks in 1_usize..4,
    ) {
        let texts: Vec<String> = texts.into_iter().collect();
        let mut question = blank_question(kind);
        question.stem = format!("题{stem}末");
        question.explain = explain;
        if !matches!(kind, Kind::Judge | Kind::Fill) {
            for (at, text) in texts.iter().enumerate() {
                question.options.insert(key_at(at), text.clone());
                if kind == Kind::Match {
                    question.matches.insert(key_at(at), format!("{text}右"));
                }
            }
        }
        match kind {
            Kind::Single => question.answer = vec![key_at(ticks - 1)],
            Kind::Multiple => question.answer = (0..=ticks.min(2)).map(key_at).collect(),
            Kind::Order => question.answer = (0..texts.len()).map(key_at).collect(),
            Kind::Judge => question.answer = vec![(ticks == 1).to_string()],
            Kind::Fill => {
                question.stem = format!("{BLANK}题{BLANK}");
                question.blanks = vec![texts[..2].to_vec(), texts[2..].to_vec()];
            }
            Kind::Match | Kind::Short => {}
        }
        let text = write(&question);
        // Brackets with nothing in them are blanks, too, but only of a Fill.
        let found = read(&text);
        prop_assert_eq!(&found.refused, &vec![], "{}", text);
        prop_assert_eq!(&found.drafts[0].question, &question, "{}", text);
        prop_assert_eq!(found.drafts[0].row, 1);
    }

    #[test]
    fn nothing_breaks(text in "(#{1,4} |- \\[x\\] |- |1\\. |\\| |\\|-|---|> |```|<b>|!\\[|__|\\*|答案：|要点：|题型：|甲|A\\. |\n|\n\n|  |.){0,40}") {
        DryRun::of(read(&text));
    }
}
