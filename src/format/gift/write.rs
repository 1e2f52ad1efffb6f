//! Questions as a GIFT file.

use super::ESCAPES;
use super::questions::{BASIS, DIFFICULTY, POINT};
use crate::domain::question::{BLANK, Case, Kind, Question};

/// A question that the format has no form for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Its id.
    pub id: String,
    /// Why, in Chinese.
    pub why: &'static str,
}

/// A file with these questions, each with the case that it is about; and what was left out.
/// Everything is `[plain]`, so that nobody takes a sign for HTML.
pub fn write<'a>(
    category: &str,
    questions: impl IntoIterator<Item = (&'a Question, Option<&'a Case>)>,
) -> (String, Vec<Left>) {
    let mut out = String::from("// 由学档导出，UTF-8 编码\n\n");
    let mut left = Vec::new();
    let category: String = category.split_whitespace().collect::<Vec<_>>().join(" ");
    if !category.is_empty() {
        out += &format!("$CATEGORY: {category}\n\n");
    }
    for (question, case) in questions {
        match one(question, case) {
            Ok(text) => {
                out += &text;
                out += "\n\n";
            }
            Err(why) => left.push(Left {
                id: question.id.clone(),
                why,
            }),
        }
    }
    (out, left)
}

fn one(question: &Question, case: Option<&Case>) -> Result<String, &'static str> {
    let mut out = format!("// [id:{}]", comment(&question.id));
    for point in &question.points {
        out += &format!(" [tag:{}]", comment(point));
    }
    out += &format!(" [tag:{DIFFICULTY}{}]\n", question.difficulty);
    out += &format!("::{}::", escape(&question.id));
    let mut stem = question.stem.clone();
    if let Some(case) = case {
        stem = format!("案例：{}\n{}\n{stem}", case.title, case.text);
    }
    let (before, answers, after) = match question.kind {
        Kind::Order => return Err("GIFT 没有排序题"),
        Kind::Fill => {
            let [spellings] = question.blanks.as_slice() else {
                return Err("GIFT 的一道题只能有一个空");
            };
            let (before, after) = stem.split_once(BLANK).ok_or("题干里没有空")?;
            let answers = spellings.iter().map(|text| format!("\n\t={}", answer(text, 100)));
            (before.to_owned(), answers.collect(), after.to_owned())
        }
        Kind::Judge => {
            let is_true = question.answer.iter().any(|key| key == "true");
            (stem, if is_true { "T" } else { "F" }.to_owned(), String::new())
        }
        Kind::Single => {
            let answers = question.options.iter().map(|(key, text)| {
                if question.answer.contains(key) {
                    format!("\n\t={}", answer(text, 100))
                } else {
                    format!("\n\t~{}", answer(text, 0))
                }
            });
            (stem, answers.collect(), String::new())
        }
        Kind::Multiple => {
            let share = share(question.answer.len());
            let answers = question.options.iter().map(|(key, text)| {
                let weight = if question.answer.contains(key) {
                    share.as_str()
                } else {
                    "-100"
                };
                format!("\n\t~%{weight}%{}", guarded(text))
            });
            (stem, answers.collect(), String::new())
        }
        Kind::Match => {
            let pairs = question.options.iter().filter_map(|(key, left)| {
                let right = question.matches.get(key)?;
                Some(format!("\n\t={} -> {}", arrow(left), arrow(right)))
            });
            (stem, pairs.collect(), String::new())
        }
        Kind::Short => (stem, String::new(), String::new()),
    };
    if before.is_empty() {
        out += " {";
    } else {
        out += &format!("[plain]{} {{", escape(&before));
    }
    out += &answers;
    let feedback = feedback(question);
    if !feedback.is_empty() {
        out += &format!("\n\t####{}", escape(&feedback));
    }
    if out.ends_with('{') || !out.contains("\n\t") {
        out += "}";
    } else {
        out += "\n}";
    }
    let after = after.trim();
    if !after.is_empty() {
        out += &format!(" [plain]{}", escape(after));
    }
    Ok(out)
}

/// What is said to everybody: points, explanation, basis.
fn feedback(question: &Question) -> String {
    let mut lines = Vec::new();
    if question.kind == Kind::Short {
        lines.extend(question.options.values().map(|point| format!("{POINT}{point}")));
    }
    lines.extend(question.explain.lines().map(str::to_owned));
    lines.extend(question.cited.iter().map(|basis| format!("{BASIS}{basis}")));
    lines.retain(|line| !line.trim().is_empty());
    lines.join("\n")
}

/// Per cent for each of so many right options, as Moodle knows them.
fn share(count: usize) -> String {
    match count {
        0 | 1 => "100".into(),
        2 => "50".into(),
        3 => "33.33333".into(),
        4 => "25".into(),
        5 => "20".into(),
        6 => "16.66667".into(),
        7 => "14.28571".into(),
        8 => "12.5".into(),
        9 => "11.11111".into(),
        _ => "10".into(),
    }
}

/// An answer. One that begins with a per cent sign would be read as a weight, so it gets one.
fn answer(text: &str, weight: u8) -> String {
    if text.trim_start().starts_with('%') {
        format!("%{weight}%{}", guarded(text))
    } else {
        guarded(text)
    }
}

/// A text that may begin with a bracket, which could be taken for a format.
fn guarded(text: &str) -> String {
    let text = escape(text.trim());
    if text.starts_with('[') {
        format!("[plain]{text}")
    } else {
        text
    }
}

/// A side of a pair: an arrow would part it.
fn arrow(text: &str) -> String {
    escape(text.trim()).replace("->", "→")
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars().filter(|sign| *sign != '\r') {
        match ESCAPES.iter().find(|(.., meant)| *meant == sign) {
            Some((escaped, ..)) => {
                out.push('\\');
                out.push(*escaped);
            }
            None => out.push(sign),
        }
    }
    out
}

/// What can stand in a comment between brackets.
fn comment(text: &str) -> String {
    let signs = text.chars().filter(|sign| !sign.is_control());
    signs.map(|sign| if sign == ']' { '］' } else { sign }).collect()
}
