//! One question at a time.

use super::draft::{CourseDraft, ModuleDraft, QuestionDraft};
use super::lesson::{Anchors, anchors, check_target};
use super::{Diagnostic, check_date, check_list, check_text};
use crate::domain::course::search::fold_text;
use crate::domain::question::{Kind, Question};
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
        for draft in &bank.questions {
            check_words(draft, found);
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
    if !(1..=3).contains(&question.difficulty) {
        found.push(Diagnostic::error(
            place("difficulty"),
            "difficulty",
            format!("难度是 {}，应为 1、2 或 3", question.difficulty),
            "1 易，2 中，3 难",
        ));
    }
}

fn check_answer(draft: &QuestionDraft, found: &mut Vec<Diagnostic>) {
    let Question { kind, answer, .. } = &draft.question;
    let mut error = |message: String, hint: &str| {
        let place = draft.origin.place("answer", &draft.question.id);
        found.push(Diagnostic::error(place, "answer", message, hint));
    };
    let unknown: Vec<&str> = answer
        .iter()
        .filter(|key| !draft.question.has(key))
        .map(String::as_str)
        .collect();
    let unknown = unknown.join("、");
    match kind {
        Kind::Judge if !unknown.is_empty() => {
            error(
                format!("判断题的答案写成了“{unknown}”"),
                "判断题写 answer = [\"true\"] 或 [\"false\"]",
            );
        }
        _ if !unknown.is_empty() => error(format!("答案“{unknown}”不在选项里"), "答案写选项的键，如 [\"b\"]"),
        _ => {}
    }
    match kind {
        Kind::Multiple if answer.len() < 2 => {
            error(
                format!("多选题有 {} 个答案", answer.len()),
                "多选题至少两个答案；只有一个就改成单选题",
            );
        }
        Kind::Single if answer.len() != 1 => {
            error(
                format!("单选题有 {} 个答案", answer.len()),
                "单选题恰好一个答案；有两个以上就改成多选题",
            );
        }
        Kind::Judge if answer.len() != 1 => {
            error(
                format!("判断题有 {} 个答案", answer.len()),
                "判断题写 answer = [\"true\"] 或 [\"false\"]",
            );
        }
        _ => {}
    }
}

fn check_options(draft: &QuestionDraft, found: &mut Vec<Diagnostic>) {
    let Question {
        id, kind, options, ..
    } = &draft.question;
    let mut error = |key: &str, rule, message: String, hint: &str| {
        let place = draft.origin.place(&format!("options{key}"), id);
        found.push(Diagnostic::error(place, rule, message, hint));
    };
    match kind {
        Kind::Judge if !options.is_empty() => {
            error(
                "",
                "options",
                "判断题不该有选项".into(),
                "去掉 options，答案写 true 或 false",
            );
        }
        Kind::Multiple if options.len() < 3 => {
            error(
                "",
                "options",
                format!("多选题只有 {} 个选项", options.len()),
                "多选题至少三个选项",
            );
        }
        Kind::Single if options.len() < 2 => {
            error(
                "",
                "options",
                format!("单选题只有 {} 个选项", options.len()),
                "单选题至少两个选项，最好四个",
            );
        }
        _ => {}
    }
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (key, text) in options {
        let at = format!(".{key}");
        let same = fold_text(text);
        if text.trim().is_empty() {
            error(
                &at,
                "empty",
                format!("选项 {key} 为空"),
                "写上选项的文字，或去掉这个选项",
            );
        } else if let Some(other) = seen.get(same.as_str()) {
            error(
                &at,
                "options-equal",
                format!("选项 {other} 与 {key} 除标点、全半角和空格外完全相同"),
                "改掉其中一个，否则读者无法分辨",
            );
        }
        if ALL_OF_THEM.iter().any(|words| same.starts_with(words)) {
            error(
                &at,
                "all-of-them",
                format!("选项 {key}“{text}”指着别的选项说话"),
                "选项会打乱顺序；请改成多选题，或写出具体内容",
            );
        }
        seen.insert(same, key);
    }
}

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
