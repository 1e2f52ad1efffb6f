//! GIFT, the question format of Moodle: what a file says ([`read`]), what that is as questions
//! ([`foreign`]), and the way back ([`write`]).
//!
//! What the parser of npm `gift-pegjs` reads, this one reads in the same way (`cargo xtask check
//! gift` compares them). Where that one refuses a whole file, this one is kinder: a colon need not
//! be escaped, and what is wrong with one question is noted with its line and field, while the
//! others are read.

mod html;
mod questions;
mod write;

pub use questions::foreign;
pub use write::{Left, write};

use crate::domain::course::own::Remark;

/// How a text is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Moodle's own: plain, with line breaks that mean nothing; may have HTML in it.
    #[default]
    Moodle,
    /// HTML.
    Html,
    /// Markdown.
    Markdown,
    /// Plain.
    Plain,
}

impl Format {
    const ALL: [Self; 4] = [Self::Moodle, Self::Html, Self::Markdown, Self::Plain];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Moodle => "moodle",
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::Plain => "plain",
        }
    }

    /// Whether white space means something.
    fn keeps_space(self) -> bool {
        matches!(self, Self::Html | Self::Markdown)
    }
}

/// A text and how it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// How it is written.
    pub format: Format,
    /// Without escapes.
    pub text: String,
}

/// One of the answers that can be chosen or typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice<T> {
    /// Whether it begins with `=`.
    pub is_right: bool,
    /// Per cent of the points, −100 to 100, where it says so.
    pub weight: Option<f64>,
    /// What it says.
    pub what: T,
    /// What is said to whoever takes it.
    pub feedback: Option<Text>,
}

/// A number that counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// Just this one.
    Exact(f64),
    /// This one, give or take.
    Within(f64, f64),
    /// From one to the other.
    Between(f64, f64),
    /// Any, for feedback.
    Any,
}

/// What kind of thing an item is, with its answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// `$CATEGORY:`.
    Category(String),
    /// A text without answers.
    Description,
    /// Whether it is true, and what is said to those who are wrong and those who are right.
    TrueFalse(bool, Option<Text>, Option<Text>),
    /// To choose from; to be typed when all are right.
    Choices(Vec<Choice<Text>>),
    /// Numbers; `true` when they are a list.
    Numbers(Vec<Choice<Number>>, bool),
    /// Pairs.
    Pairs(Vec<(Text, String)>),
    /// To be written freely.
    Essay,
}

/// An item of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The line on which it begins, from 1.
    pub line: u32,
    /// `[id:…]` in the comments before it.
    pub id: Option<String>,
    /// `[tag:…]` in the comments before it.
    pub tags: Vec<String>,
    /// `::…::`.
    pub title: Option<String>,
    /// What stands before the answers.
    pub before: Option<Text>,
    /// What stands after them: then the answers are a missing word.
    pub after: Option<Text>,
    /// What it is.
    pub body: Body,
    /// `####…`: what is said to everybody.
    pub feedback: Option<Text>,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gift {
    /// In the file's order.
    pub items: Vec<Item>,
    /// What could not be read, each with its beginning.
    pub faults: Vec<(String, Remark)>,
}

/// What stands for an escaped sign while a question is taken apart: characters that no text has.
const ESCAPES: [(char, char, char); 8] = [
    ('\\', '\u{fdd0}', '\\'),
    (':', '\u{fdd1}', ':'),
    ('#', '\u{fdd2}', '#'),
    ('=', '\u{fdd3}', '='),
    ('{', '\u{fdd4}', '{'),
    ('}', '\u{fdd5}', '}'),
    ('~', '\u{fdd6}', '~'),
    ('n', '\u{fdd7}', '\n'),
];

/// Puts stand-ins in the place of escaped signs.
fn mark(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let next = signs.peek();
        let known = ESCAPES.iter().find(|(escaped, ..)| Some(escaped) == next);
        match known {
            Some((_, stand_in, _)) if sign == '\\' => {
                out.push(*stand_in);
                signs.next();
            }
            _ => out.push(sign),
        }
    }
    out
}

/// Puts the signs back.
fn unmark(text: &str) -> String {
    text.chars()
        .map(|sign| {
            let known = ESCAPES.iter().find(|(_, stand_in, _)| *stand_in == sign);
            known.map_or(sign, |(.., meant)| *meant)
        })
        .collect()
}

/// White space as JavaScript knows it.
fn is_space(sign: char) -> bool {
    (sign.is_whitespace() && sign != '\u{85}') || sign == '\u{feff}'
}

/// A marked text in its format: trimmed; without line breaks and repeated spaces where these mean
/// nothing.
fn settle(format: Format, marked: &str) -> Text {
    let trimmed = marked.trim_matches(is_space);
    if format.keeps_space() {
        return Text {
            format,
            text: unmark(trimmed),
        };
    }
    Text {
        format,
        text: unmark(&squeeze(trimmed)),
    }
}

fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run: Option<(char, usize)> = None;
    for sign in text.chars().map(Some).chain([None]) {
        match sign {
            Some(sign) if is_space(sign) => {
                run = Some((
                    if sign == '\n' { ' ' } else { sign },
                    run.map_or(1, |(_, count)| count + 1),
                ));
            }
            other => {
                if let Some((space, count)) = run.take() {
                    out.push(if count == 1 { space } else { ' ' });
                }
                out.extend(other);
            }
        }
    }
    out
}

/// A text that may begin with its format; `None` when there is none.
fn rich(marked: &str, inherited: Format) -> Option<Text> {
    let (format, text) = named(marked, inherited);
    (!text.trim_matches(is_space).is_empty()).then(|| settle(format, text))
}

/// The format that a text names, or the inherited one, and what follows.
fn named(marked: &str, inherited: Format) -> (Format, &str) {
    let trimmed = marked.trim_start_matches([' ', '\t', '\n']);
    let named = Format::ALL.into_iter().find_map(|format| {
        let rest = trimmed.strip_prefix('[')?.strip_prefix(format.name())?;
        Some((format, rest.strip_prefix(']')?))
    });
    named.unwrap_or((inherited, trimmed))
}

/// Why a question cannot be read: field and reason.
type Fault = (&'static str, String);

/// Reads a file. Nothing is thrown: what cannot be read is among the faults.
pub fn read(text: &str) -> Gift {
    let text: String = text
        .trim_start_matches('\u{feff}')
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|sign| !('\u{fdd0}'..='\u{fdd7}').contains(sign))
        .collect();
    let mut gift = Gift::default();
    let (mut id, mut tags) = (None, Vec::new());
    let mut blocks = blocks(&text).into_iter().peekable();
    while let Some((first, block)) = blocks.next() {
        let (mut line, mut rest) = (first, block.as_str());
        // Comments, categories and blank beginnings, line by line.
        while let Some(here) = rest.lines().next() {
            let trimmed = here.trim_start_matches([' ', '\t']);
            if let Some(comment) = trimmed.strip_prefix("//") {
                note_comment(comment, &mut id, &mut tags);
            } else if let Some(category) = trimmed.strip_prefix("$CATEGORY:") {
                gift.items.push(Item {
                    line,
                    id: None,
                    tags: Vec::new(),
                    title: None,
                    before: None,
                    after: None,
                    body: Body::Category(category.trim_start_matches([' ', '\t']).into()),
                    feedback: None,
                });
                (id, tags) = (None, Vec::new());
            } else {
                break;
            }
            rest = rest.get(here.len() + 1..).unwrap_or_default();
            line += 1;
        }
        if rest.is_empty() {
            continue;
        }
        let marked = mark(rest);
        let mut open = is_open(&marked);
        let was_open = open;
        // The pieces of a question that a blank line has torn apart are one problem, not several.
        while open
            && let Some((_, next)) = blocks.peek()
            && !mark(next).contains('{')
        {
            open = !mark(next).contains('}');
            blocks.next();
        }
        let item = if was_open && !open {
            Err(("答案", "答案中间有空行；GIFT 的一道题里不能有空行".into()))
        } else {
            item(&marked, line)
        };
        match item {
            Ok(item) => gift.items.push(Item {
                id: id.take(),
                tags: std::mem::take(&mut tags),
                ..item
            }),
            Err((field, why)) => {
                (id, tags) = (None, Vec::new());
                gift.faults.push((unmark(&marked), Remark::new(line, field, why)));
            }
        }
    }
    gift
}

/// Whether answers begin and do not end.
fn is_open(marked: &str) -> bool {
    marked.find('{').is_some_and(|at| !marked[at..].contains('}'))
}

/// The stretches between blank lines, each with its first line.
fn blocks(text: &str) -> Vec<(u32, String)> {
    let mut blocks: Vec<(u32, String)> = Vec::new();
    let mut inside = false;
    for (number, line) in (1..).zip(text.split('\n')) {
        if line.trim_matches([' ', '\t']).is_empty() {
            inside = false;
        } else if let (true, Some((_, block))) = (inside, blocks.last_mut()) {
            block.push('\n');
            block.push_str(line);
        } else {
            inside = true;
            blocks.push((number, line.to_owned()));
        }
    }
    blocks
}

/// Takes `[id:…]` and `[tag:…]` from a comment.
fn note_comment(comment: &str, id: &mut Option<String>, tags: &mut Vec<String>) {
    let named = |rest: &str, name: &str| -> Option<String> {
        let value = rest.strip_prefix(name)?;
        // At least one character, to the first bracket after it.
        let skip = value.chars().next()?.len_utf8();
        let end = skip + value.get(skip..)?.find(']')?;
        let value = value.get(..end)?;
        (!value.chars().any(|sign| sign.is_ascii_control())).then(|| value.to_owned())
    };
    for (at, _) in comment.match_indices('[') {
        let rest = &comment[at..];
        if let Some(value) = named(rest, "[id:") {
            *id = Some(value.trim().to_owned());
        }
        tags.extend(named(rest, "[tag:"));
    }
}

/// A question or a description.
fn item(marked: &str, line: u32) -> Result<Item, Fault> {
    let mut rest = marked.trim_start_matches([' ', '\t', '\n']);
    let mut title = None;
    if let Some(after) = rest.strip_prefix("::") {
        let (text, after) = after
            .split_once("::")
            .ok_or(("标题", "标题没有写完；标题写在两个“::”之间".to_owned()))?;
        title = Some(unmark(text));
        rest = after;
    }
    let item = |before, after, body, feedback| Item {
        line,
        id: None,
        tags: Vec::new(),
        title,
        before,
        after,
        body,
        feedback,
    };
    let Some((stem, answers)) = rest.split_once('{') else {
        if rest.contains('}') {
            return Err(("答案", "有“}”而没有“{”；题干里的大括号要写成“\\}”".into()));
        }
        let Some(text) = rich(rest, Format::Moodle) else {
            return Err(("题干", "题干是空的".into()));
        };
        return Ok(item(Some(text), None, Body::Description, None));
    };
    if stem.contains('}') {
        return Err(("题干", "“}”在“{”前面；题干里的大括号要写成“\\}”".into()));
    }
    let (answers, behind) = answers
        .split_once('}')
        .ok_or(("答案", "答案没有写完，缺“}”".to_owned()))?;
    if answers.contains('{') || behind.contains(['{', '}']) {
        return Err((
            "答案",
            "一道题里有不止一处“{…}”，只能有一处；文字里的大括号前面加“\\”".into(),
        ));
    }
    let before = rich(stem, Format::Moodle);
    // Named before the answers it holds for what follows, even where nothing else stands there.
    let (format, _) = named(stem, Format::Moodle);
    let mut behind = behind.trim_start_matches([' ', '\t', '\n']);
    if behind.starts_with("//") {
        behind = behind.split_once('\n').map_or("", |(_, rest)| rest);
    }
    let after = rich(behind, format);
    let (answers, feedback) = match answers.split_once("####") {
        Some((answers, feedback)) => (answers, rich(feedback, format)),
        None => (answers, None),
    };
    let body = body(answers.trim_matches([' ', '\t', '\n']), format)?;
    Ok(item(before, after, body, feedback))
}

fn body(answers: &str, format: Format) -> Result<Body, Fault> {
    if answers.is_empty() {
        return Ok(Body::Essay);
    }
    if let Some(numbers) = answers.strip_prefix('#') {
        return numbers_of(numbers.trim_start_matches([' ', '\t', '\n']), format);
    }
    if answers.starts_with(['=', '~']) {
        let segments = segments(answers);
        if segments[0].0 && segments[0].1.contains("->") {
            return pairs(&segments, format);
        }
        let choices = segments.iter().map(|(is_right, text)| {
            let (weight, text) = weight(text)?;
            let (text, feedback) = with_feedback(text, format);
            let what = rich(text, format).ok_or(("选项", "有一个选项是空的".to_owned()))?;
            Ok(Choice {
                is_right: *is_right,
                weight,
                what,
                feedback,
            })
        });
        return choices.collect::<Result<_, Fault>>().map(Body::Choices);
    }
    if answers.contains(['=', '~']) && !answers.contains('#') {
        return Err(("答案", "答案要以“=”（对）或“~”（错）开头".into()));
    }
    let (text, feedback) = with_feedback(answers, format);
    match text.trim_matches([' ', '\t', '\n']) {
        word @ ("T" | "TRUE" | "F" | "FALSE") => {
            let mut said = answers.split('#').skip(1).map(|text| rich(text, format));
            let (first, second) = (said.next().flatten(), said.next().flatten());
            Ok(Body::TrueFalse(word.starts_with('T'), first, second))
        }
        _ => Ok(Body::Choices(vec![Choice {
            is_right: true,
            weight: None,
            what: rich(text, format).ok_or(("答案", "答案是空的".to_owned()))?,
            feedback,
        }])),
    }
}

/// The answers, each with whether it begins with `=`.
fn segments(answers: &str) -> Vec<(bool, &str)> {
    let mut starts: Vec<usize> = answers.match_indices(['=', '~']).map(|(at, _)| at).collect();
    starts.push(answers.len());
    starts
        .windows(2)
        .map(|pair| {
            let text = &answers[pair[0]..pair[1]];
            (text.starts_with('='), &text[1..])
        })
        .collect()
}

/// `%50%` at the beginning of an answer, and what follows.
fn weight(text: &str) -> Result<(Option<f64>, &str), Fault> {
    let trimmed = text.trim_start_matches([' ', '\t', '\n']);
    let Some((percent, rest)) = trimmed.strip_prefix('%').and_then(|rest| rest.split_once('%')) else {
        return Ok((None, trimmed));
    };
    match percent.trim().parse::<f64>() {
        Ok(weight) if (-100.0..=100.0).contains(&weight) => Ok((Some(weight), rest)),
        _ => Err((
            "分值",
            format!("分值“%{}%”不对，应在 -100 到 100 之间", unmark(percent)),
        )),
    }
}

/// An answer and what is said to whoever takes it.
fn with_feedback(text: &str, format: Format) -> (&str, Option<Text>) {
    match text.split_once('#') {
        Some((text, feedback)) => (text, rich(&feedback.replace('#', " "), format)),
        None => (text, None),
    }
}

fn pairs(segments: &[(bool, &str)], format: Format) -> Result<Body, Fault> {
    let pairs = segments.iter().map(|(is_right, text)| {
        let (left, right) = text.split_once("->").filter(|_| *is_right).ok_or((
            "配对",
            "有的答案有“->”、有的没有；连线题每一对都写成“=左 -> 右”".to_owned(),
        ))?;
        let (right, _) = with_feedback(right, format);
        let right = settle(Format::Plain, right).text;
        if right.is_empty() {
            return Err(("配对", "有一对的右边是空的".into()));
        }
        let left = rich(left, format).unwrap_or(Text {
            format,
            text: String::new(),
        });
        Ok((left, right))
    });
    pairs.collect::<Result<_, Fault>>().map(Body::Pairs)
}

fn numbers_of(text: &str, format: Format) -> Result<Body, Fault> {
    if !text.starts_with(['=', '~']) {
        let (number, feedback) = with_feedback(text, format);
        let what = number_of(number)?;
        return Ok(Body::Numbers(
            vec![Choice {
                is_right: true,
                weight: None,
                what,
                feedback,
            }],
            false,
        ));
    }
    let choices = segments(text).into_iter().map(|(is_right, text)| {
        let (weight, text) = weight(text)?;
        let (number, feedback) = with_feedback(text, format);
        let what = if number.trim_matches([' ', '\t', '\n']).is_empty() {
            Number::Any
        } else {
            number_of(number)?
        };
        Ok(Choice {
            is_right,
            weight,
            what,
            feedback,
        })
    });
    let choices = choices.collect::<Result<_, Fault>>()?;
    Ok(Body::Numbers(choices, true))
}

fn number_of(text: &str) -> Result<Number, Fault> {
    let text = text.trim_matches([' ', '\t', '\n']);
    let number = |text: &str| {
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        let sound = digits.split('.').count() <= 2
            && digits
                .split('.')
                .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
        let value = text
            .parse::<f64>()
            .ok()
            .filter(|value| sound && value.is_finite());
        value.ok_or_else(|| ("答案", format!("“{}”不是数字", unmark(text))))
    };
    if let Some((low, high)) = text.split_once("..") {
        Ok(Number::Between(number(low)?, number(high)?))
    } else if let Some((middle, range)) = text.split_once(':') {
        Ok(Number::Within(number(middle)?, number(range)?))
    } else {
        Ok(Number::Exact(number(text)?))
    }
}
