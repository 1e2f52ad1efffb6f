//! One question at a time.

use super::beside::check_length;
use super::draft::{BankDraft, CourseDraft, ModuleDraft, QuestionDraft};
use super::lesson::{Anchors, anchors, check_target};
use super::{Diagnostic, Place, check_date, check_list, check_text};
use crate::domain::course::clause::numeral;
use crate::domain::course::search::fold_text;
use crate::domain::course::track::track_of;
use crate::domain::question::{BLANK, Kind, Question};
use std::collections::BTreeMap;

/// How options begin that speak of the other options: they make no sense once shuffled.
const ALL_OF_THEM: [&str; 10] = [
    "以上都",
    "以上皆",
    "以上全",
    "以上均",
    "以上选项",
    "以上说法",
    "以上答案",
    "上述都",
    "上述皆",
    "上述选项",
];

pub(super) fn check(course: &CourseDraft, found: &mut Vec<Diagnostic>) {
    let anchors = anchors(course);
    for module in &course.modules {
        let Some(bank) = &module.bank else { continue };
        check_date(&bank.checked, bank.origin.place("checked", ""), found);
        check_text(
            &bank.against,
            "核对所依据的文本（against）",
            bank.origin.place("against", ""),
            found,
        );
        check_cases(bank, found);
        for draft in &bank.questions {
            check_words(draft, found);
            check_tracks(
                &draft.question.tracks,
                draft.origin.place("tracks", &draft.question.id),
                found,
            );
            check_answer(draft, found);
            check_options(draft, found);
            check_lesson(draft, module, &anchors, found);
        }
    }
}

fn check_words(draft: &QuestionDraft, found: &mut Vec<Diagnostic>) {
    let question = &draft.question;
    let place = |field| draft.origin.place(field, &question.id);
    check_text(&question.stem, "题干（stem）", place("stem"), found);
    check_text(&question.explain, "解析（explain）", place("explain"), found);
    check_list(&question.points, "知识点（points）", place("points"), found);
    if let Some(checked) = &question.checked {
        check_date(checked, place("checked"), found);
    }
    if let Some(against) = &question.against {
        check_text(against, "核对所依据的文本（against）", place("against"), found);
    }
    if !(1..=3).contains(&question.difficulty) {
        found.push(Diagnostic::error(
            place("difficulty"),
            "difficulty",
            format!("难度是 {}，应为 1、2 或 3", question.difficulty),
            "1 易，2 中，3 难",
        ));
    }
}

/// Characters that a case may have.
const CASE: std::ops::RangeInclusive<usize> = 40..=300;

/// A case has questions, and a question's case is there.
fn check_cases(bank: &BankDraft, found: &mut Vec<Diagnostic>) {
    for draft in &bank.cases {
        let case = &draft.case;
        check_text(
            &case.title,
            "案例标题（title）",
            draft.origin.place("title", &case.id),
            found,
        );
        check_text(
            &case.text,
            "案例内容（text）",
            draft.origin.place("text", &case.id),
            found,
        );
        let asked = bank
            .questions
            .iter()
            .filter(|draft| draft.question.case.as_ref() == Some(&case.id))
            .count();
        check_length(
            &case.text,
            CASE,
            "案例",
            draft.origin.place("text", &case.id),
            found,
        );
        if !(2..=4).contains(&asked) {
            found.push(Diagnostic::error(
                draft.origin.place("id", &case.id),
                "case",
                format!("案例有 {asked} 道题"),
                "一个案例要两到四道题，题里写 case = \"案例编号\"",
            ));
        }
    }
    for draft in &bank.questions {
        let Some(id) = &draft.question.case else { continue };
        if bank.cases.iter().all(|case| case.case.id != *id) {
            found.push(Diagnostic::error(
                draft.origin.place("case", &draft.question.id),
                "case",
                format!("没有案例“{id}”"),
                "在同一个题库里写 [[case]]，或改正编号",
            ));
        }
    }
}

pub(super) fn check_tracks(tracks: &[String], place: Place, found: &mut Vec<Diagnostic>) {
    for track in tracks.iter().filter(|track| track_of(track).is_none()) {
        found.push(Diagnostic::error(
            place.clone(),
            "track",
            format!("没有群体“{track}”"),
            "可写的群体见 content/README.md",
        ));
    }
}

/// How many options a kind has, in words and in numbers.
const fn wanted(kind: Kind) -> (&'static str, std::ops::RangeInclusive<usize>) {
    match kind {
        Kind::Single => ("单选题要两到六个选项，最好四个", 2..=6),
        Kind::Multiple => ("多选题要三到八个选项", 3..=8),
        Kind::Order => ("排序题要三到七项", 3..=7),
        Kind::Match => ("连线题要三到六对", 3..=6),
        Kind::Short => ("简答题要两到六条要点", 2..=6),
        Kind::Judge => ("判断题没有选项，去掉 options，答案写 true 或 false", 0..=0),
        Kind::Fill => ("填空题没有选项，去掉 options，答案写在 blanks 里", 0..=0),
    }
}

fn check_answer(draft: &QuestionDraft, found: &mut Vec<Diagnostic>) {
    let question = &draft.question;
    let Question { kind, answer, .. } = question;
    let mut error = |field: &str, message: String, hint: &str| {
        let place = draft.origin.place(field, &question.id);
        found.push(Diagnostic::error(place, "answer", message, hint));
    };
    let unknown: Vec<&str> = answer
        .iter()
        .filter(|key| !question.has(key))
        .map(String::as_str)
        .collect();
    let (count, unknown) = (answer.len(), unknown.join("、"));
    match kind {
        Kind::Judge if !unknown.is_empty() || count != 1 => error(
            "answer",
            format!("判断题的答案写成了“{}”", answer.join("、")),
            "判断题写 answer = [\"true\"] 或 [\"false\"]",
        ),
        Kind::Fill | Kind::Match | Kind::Short if count > 0 => error(
            "answer",
            format!("{}不写 answer", kind.label()),
            "填空题的答案在 blanks，连线题同键相连，简答题的要点就是 options",
        ),
        _ if !unknown.is_empty() => error(
            "answer",
            format!("答案“{unknown}”不在选项里"),
            "答案写选项的键，如 [\"b\"]",
        ),
        Kind::Multiple if count < 2 => error(
            "answer",
            format!("多选题有 {count} 个答案"),
            "多选题至少两个答案；只有一个就改成单选题",
        ),
        Kind::Single if count != 1 => error(
            "answer",
            format!("单选题有 {count} 个答案"),
            "单选题恰好一个答案；有两个以上就改成多选题",
        ),
        Kind::Order
            if count != question.options.len()
                || !question.options.keys().all(|key| answer.contains(key)) =>
        {
            error(
                "answer",
                "排序题的答案没有把每一项恰好列一次".into(),
                "answer 按正确的先后列出所有的键",
            );
        }
        Kind::Order if question.options.keys().eq(answer) => error(
            "answer",
            "排序题的选项已经按正确的先后写好".into(),
            "把选项的键打乱，否则键就是答案",
        ),
        _ => {}
    }
    let blanks = question.stem.matches(BLANK).count();
    if *kind == Kind::Fill && (blanks == 0 || blanks != question.blanks.len()) {
        error(
            "blanks",
            format!(
                "题干里有 {blanks} 个空（{BLANK}），blanks 里有 {} 个",
                question.blanks.len()
            ),
            "题干里每个空写两个全角下划线，blanks 里各有一个列表",
        );
    } else if *kind != Kind::Fill && !question.blanks.is_empty() {
        error(
            "blanks",
            format!("{}没有 blanks", kind.label()),
            "只有填空题写 blanks",
        );
    }
    if question
        .blanks
        .iter()
        .any(|all| all.is_empty() || all.iter().any(|text| fold_text(text).is_empty()))
    {
        error("blanks", "有一个空没有答案".into(), "每个空至少写一种答案");
    }
    let same_keys = question.options.keys().eq(question.matches.keys());
    if *kind == Kind::Match && !same_keys {
        error(
            "matches",
            "连线题左右两边的键不一样".into(),
            "options 和 matches 用同样的键",
        );
    } else if *kind != Kind::Match && !question.matches.is_empty() {
        error(
            "matches",
            format!("{}没有 matches", kind.label()),
            "只有连线题写 matches",
        );
    }
}

fn check_options(draft: &QuestionDraft, found: &mut Vec<Diagnostic>) {
    let Question {
        id,
        kind,
        options,
        matches,
        ..
    } = &draft.question;
    let (hint, range) = wanted(*kind);
    if !range.contains(&options.len()) {
        found.push(Diagnostic::error(
            draft.origin.place("options", id),
            "options",
            format!("{}有 {} 个选项", kind.label(), options.len()),
            hint,
        ));
    }
    check_texts(draft, "options", options, found);
    check_texts(draft, "matches", matches, found);
}

/// No text is blank, none says the same as another, none speaks of the others.
fn check_texts(
    draft: &QuestionDraft,
    field: &str,
    texts: &BTreeMap<String, String>,
    found: &mut Vec<Diagnostic>,
) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (key, text) in texts {
        let place = || draft.origin.place(&format!("{field}.{key}"), &draft.question.id);
        let mut error = |rule, message: String, hint: &str| {
            found.push(Diagnostic::error(place(), rule, message, hint));
        };
        let same = meaning(text);
        if text.trim().is_empty() {
            error(
                "empty",
                format!("选项 {key} 为空"),
                "写上选项的文字，或去掉这个选项",
            );
        } else if let Some(other) = seen.get(same.as_str()) {
            error(
                "options-equal",
                format!("选项 {other} 与 {key} 说的是一样的意思"),
                "改掉其中一个，否则读者无法分辨",
            );
        }
        if speaks_of_others(&fold_text(text)) {
            error(
                "all-of-them",
                format!("选项 {key}“{text}”指着别的选项说话"),
                "选项会打乱顺序；请改成多选题，或写出具体内容",
            );
        }
        seen.insert(same, key);
    }
}

/// Whether an option speaks of the other options: `以上都对`, `前三项都对`, `全都不对`.
fn speaks_of_others(text: &str) -> bool {
    let verdict = [
        "都对",
        "都不对",
        "都错",
        "都正确",
        "都是",
        "均对",
        "均正确",
        "全对",
    ];
    ALL_OF_THEM.iter().any(|words| text.starts_with(words))
        || (text.chars().count() <= 8 && verdict.iter().any(|words| text.ends_with(words)))
}

/// What is left of a text when words are taken away that change nothing, and words that mean the
/// same are written alike.
fn meaning(text: &str) -> String {
    let mut text = in_numerals(&fold_text(text));
    for (word, same) in SAME_WORDS {
        text = text.replace(word, same);
    }
    text
}

/// Numbers up to 999 in Chinese numerals: `10日` is `十日`.
fn in_numerals(text: &str) -> String {
    let (mut out, mut digits) = (String::new(), String::new());
    for sign in text.chars().chain([' ']) {
        if sign.is_ascii_digit() {
            digits.push(sign);
            continue;
        }
        match digits.parse::<u16>() {
            Ok(number @ 1..=999) => out += &numeral(number),
            _ => out += &digits,
        }
        digits.clear();
        out.extend(Some(sign).filter(|sign| *sign != ' '));
    }
    out
}

/// Words and what they are written as when meanings are compared.
const SAME_WORDS: [(&str, &str); 14] = [
    ("以及", "和"),
    ("及", "和"),
    ("与", "和"),
    ("同", "和"),
    ("应该", "应当"),
    ("应须", "应当"),
    ("必须", "须"),
    ("不可以", "不能"),
    ("不得", "不能"),
    ("不许", "不能"),
    ("能够", "能"),
    ("可以", "能"),
    ("的", ""),
    ("了", ""),
];

fn check_lesson(
    draft: &QuestionDraft,
    module: &ModuleDraft,
    anchors: &Anchors<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let (id, anchor) = draft.question.place();
    let place = draft.origin.place("lesson", &draft.question.id);
    check_target(id, anchor, place.clone(), anchors, found);
    if anchors.contains_key(id) && module.lessons.iter().all(|lesson| lesson.id != id) {
        found.push(Diagnostic::error(
            place,
            "lesson-elsewhere",
            format!("课“{id}”不属于这个模块"),
            "把题目移到那个模块的题库，或改成本模块的课",
        ));
    } else if anchor.is_none() {
        found.push(Diagnostic::warning(
            place,
            "anchor-unknown",
            "没有写明在课里的哪一处",
            "写成 lesson = \"课编号#锚点\"",
        ));
    }
}
