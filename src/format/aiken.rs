//! AIKEN, the simplest format of Moodle: a stem, options with letters, a line `ANSWER: B`.
//!
//! Full-width signs, 答案 for ANSWER and several letters (then it is a multiple choice) are
//! understood as well.

use crate::domain::course::own::{Draft, Foreign, Remark, blank_question, key_at};
use crate::domain::question::{Kind, Question};

/// Whether a text looks like AIKEN rather than GIFT.
pub fn is_aiken(text: &str) -> bool {
    let mut lines = text.lines();
    !text.contains('{') && lines.any(|line| answer_of(line).is_some())
}

/// Reads a file; what cannot be read is refused with its line and field.
pub fn read(text: &str) -> Foreign {
    let mut found = Foreign::default();
    let mut open = Open::default();
    for (line, text) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let text = text.trim();
        if text.is_empty() {
            // A stem alone is waiting for its options; anything more ends here.
            if !open.options.is_empty() {
                open.finish(None, &mut found);
            }
            continue;
        }
        if let Some(answer) = answer_of(text) {
            open.finish(Some((line, answer)), &mut found);
        } else if let Some((letter, option)) = option_of(text).filter(|_| !open.stem.is_empty()) {
            if usize::from(letter - b'A') != open.options.len() {
                open.fault.get_or_insert(Remark::new(
                    line,
                    "选项",
                    format!("选项 {} 不按 A、B、C 的次序", char::from(letter)),
                ));
            }
            open.options.push(option.to_owned());
        } else {
            if !open.options.is_empty() {
                open.finish(None, &mut found);
            }
            if open.stem.is_empty() {
                open.line = line;
            } else {
                open.stem.push('\n');
            }
            open.stem.push_str(text);
        }
    }
    if !open.stem.is_empty() {
        open.finish(None, &mut found);
    }
    found
}

/// A question that is being read.
#[derive(Default)]
struct Open {
    line: u32,
    stem: String,
    options: Vec<String>,
    fault: Option<Remark>,
}

impl Open {
    /// Ends the question with the line of its answer, and begins another.
    fn finish(&mut self, answer: Option<(u32, Vec<u8>)>, found: &mut Foreign) {
        let Self {
            line,
            stem,
            options,
            fault,
        } = std::mem::take(self);
        let line = line.max(1);
        let fault = fault.or_else(|| match &answer {
            None => Some(Remark::new(line, "答案", "没有答案；最后一行写“ANSWER: B”")),
            Some((at, _)) if stem.is_empty() => Some(Remark::new(*at, "题干", "答案前面没有题干和选项")),
            Some(_) => None,
        });
        if let Some(fault) = fault {
            found.refused.push((stem, fault));
            return;
        }
        let answer: Vec<String> = answer
            .map(|(_, letters)| letters)
            .unwrap_or_default()
            .into_iter()
            .map(|letter| key_at(usize::from(letter - b'A')))
            .collect();
        let kind = if answer.len() > 1 {
            Kind::Multiple
        } else {
            Kind::Single
        };
        found.drafts.push(Draft {
            row: line,
            question: Question {
                stem,
                options: options
                    .into_iter()
                    .enumerate()
                    .map(|(at, option)| (key_at(at), option))
                    .collect(),
                answer,
                ..blank_question(kind)
            },
            doubts: Vec::new(),
        });
    }
}

/// `B` of `ANSWER: B`; several letters in their order, each once.
fn answer_of(line: &str) -> Option<Vec<u8>> {
    let line: String = line.trim().chars().map(half).collect();
    let upper = line.to_ascii_uppercase();
    let rest = upper
        .strip_prefix("ANSWER")
        .or_else(|| upper.strip_prefix("答案"))?;
    let letters = rest.trim_start().strip_prefix(':')?;
    let mut found = Vec::new();
    for sign in letters.chars() {
        match sign {
            'A'..='Z' => found.push(sign as u8),
            ' ' | ',' | '、' | ';' | '.' => {}
            _ => return None,
        }
    }
    found.sort_unstable();
    found.dedup();
    Some(found)
}

/// `A. 甲` or `A) 甲`.
fn option_of(line: &str) -> Option<(u8, &str)> {
    let mut signs = line.chars();
    let letter = half(signs.next()?);
    let sign = signs.next().map(half)?;
    let text = signs.as_str().trim();
    let is_option = letter.is_ascii_uppercase() && matches!(sign, '.' | ')' | '、') && !text.is_empty();
    is_option.then_some((letter as u8, text))
}

fn half(sign: char) -> char {
    match sign {
        '！'..='～' => char::from_u32(sign as u32 - 0xfee0).unwrap_or(sign),
        _ => sign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::course::own::{DryRun, Verdict};
    use proptest::prelude::*;

    const FILE: &str = "\u{feff}党支部委员会会议由谁召集？\r\nA. 支部书记\r\nB) 任何党员\r\nANSWER: A\r\n\r\n\
        下列哪些是党员的义务？\n可多选\nＡ．学习\nＢ、参加组织生活\nC. 其他\n答案：Ａ、B\n\n\
        没有答案\nA. 甲\nB. 乙\n\n次序不对\nA. 甲\nC. 乙\nANSWER: A\n\nANSWER: B\n";

    #[test]
    fn questions_and_faults_have_their_lines() {
        let found = read(FILE);
        assert!(is_aiken(FILE) && !is_aiken("题 {T}"));
        let rows: Vec<_> = found
            .drafts
            .iter()
            .map(|draft| {
                let question = &draft.question;
                (draft.row, question.kind, question.answer.join(""))
            })
            .collect();
        assert_eq!(
            rows,
            [
                (1, Kind::Single, "a".to_owned()),
                (6, Kind::Multiple, "ab".to_owned())
            ]
        );
        assert_eq!(found.drafts[1].question.stem, "下列哪些是党员的义务？\n可多选");
        let faults: Vec<_> = found
            .refused
            .iter()
            .map(|(_, fault)| (fault.row, fault.field))
            .collect();
        assert_eq!(faults, [(13, "答案"), (19, "选项"), (22, "题干")]);
        let run = DryRun::of(found);
        assert_eq!((run.count(Verdict::New), run.count(Verdict::Refused)), (2, 3));
    }

    proptest! {
        #[test]
        fn nothing_breaks(text in "([A-C]. 甲|ANSWER: [A-D]?|题|\n|.){0,12}") {
            read(&text);
        }
    }
}
