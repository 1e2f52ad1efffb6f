//! Items of a GIFT file as questions.

use super::html::{Lost, to_text};
use super::{Body, Choice, Format, Gift, Item, Number, Text};
use crate::domain::course::own::{Draft, Foreign, Remark, blank_question, key_at};
use crate::domain::question::{BLANK, Kind, Question};

/// What begins a line of general feedback that is not the explanation.
pub(super) const BASIS: &str = "依据：";
pub(super) const POINT: &str = "要点：";
/// What begins a tag that tells the difficulty.
pub(super) const DIFFICULTY: &str = "难度";

/// The questions of a file; what cannot be one is refused with its line and field.
pub fn foreign(gift: &Gift) -> Foreign {
    let mut found = Foreign::default();
    let mut category = String::new();
    for (text, fault) in &gift.faults {
        found.refused.push((text.clone(), fault.clone()));
    }
    for item in &gift.items {
        match &item.body {
            Body::Category(path) => {
                category = last_part(path);
                found.skipped.push((
                    path.clone(),
                    Remark::new(item.line, "分类", "分类名记为下面各题的知识点"),
                ));
            }
            Body::Description => {
                let text = item.before.as_ref().map_or("", |text| &text.text);
                found.skipped.push((
                    text.to_owned(),
                    Remark::new(item.line, "说明", "这是一段没有答案的说明文字，不是题"),
                ));
            }
            _ => {
                let mut reader = Reader {
                    item,
                    lost: Lost::default(),
                    doubts: Vec::new(),
                };
                match reader.question(&category) {
                    Ok(question) => found.drafts.push(Draft {
                        row: item.line,
                        question,
                        doubts: reader.doubts(),
                    }),
                    Err((field, why)) => {
                        let text = item.before.as_ref().or(item.after.as_ref());
                        let text = text.map(|text| text.text.clone()).unwrap_or_default();
                        found.refused.push((text, Remark::new(item.line, field, why)));
                    }
                }
            }
        }
    }
    found
}

/// `$course$/top/党史/建党` is 建党.
fn last_part(path: &str) -> String {
    let part = path.rsplit('/').map(str::trim).find(|part| !part.is_empty());
    let part = part.unwrap_or_default();
    if part.starts_with('$') || part == "top" {
        return String::new();
    }
    part.to_owned()
}

struct Reader<'a> {
    item: &'a Item,
    lost: Lost,
    doubts: Vec<Remark>,
}

type Fault = (&'static str, String);

impl Reader<'_> {
    fn doubt(&mut self, field: &'static str, message: impl Into<String>) {
        self.doubts.push(Remark::new(self.item.line, field, message));
    }

    fn doubts(mut self) -> Vec<Remark> {
        if self.lost.picture {
            self.doubt("题干", "里面的图片没有导入");
        }
        self.doubts
    }

    /// What a text says.
    fn plain(&mut self, text: &Text) -> String {
        match text.format {
            Format::Html => to_text(&text.text, false, &mut self.lost),
            Format::Moodle => to_text(&text.text, true, &mut self.lost),
            Format::Markdown | Format::Plain => text.text.trim().to_owned(),
        }
    }

    fn optional(&mut self, text: Option<&Text>) -> String {
        text.map(|text| self.plain(text)).unwrap_or_default()
    }

    fn question(&mut self, category: &str) -> Result<Question, Fault> {
        let item = self.item;
        let commented = |text: &Option<Text>| {
            let mut lines = text.iter().flat_map(|text| text.text.lines());
            lines.any(|line| line.trim_start().starts_with("//"))
        };
        if commented(&item.before) || commented(&item.after) {
            self.doubt("题干", "题目中间有“//”开头的注释，已算作题干的文字");
        }
        let mut question = match &item.body {
            Body::TrueFalse(is_true, when_wrong, when_right) => {
                let mut question = blank_question(Kind::Judge);
                question.answer = vec![if *is_true { "true" } else { "false" }.into()];
                question.stem = self.stem(false)?;
                for said in [when_wrong, when_right].into_iter().flatten() {
                    let said = self.plain(said);
                    add_line(&mut question.explain, &said);
                }
                question
            }
            Body::Choices(choices) if choices.iter().all(|choice| choice.is_right) => {
                let spellings = choices.iter().map(|choice| (choice, self.plain(&choice.what)));
                let spellings = spellings.collect();
                self.typed(spellings)?
            }
            Body::Choices(choices) => self.chosen(choices)?,
            Body::Numbers(numbers, _) => {
                let mut spellings = Vec::new();
                for choice in numbers.iter().filter(|choice| choice.is_right) {
                    spellings.push((choice, exact(choice.what)?));
                }
                self.typed(spellings)?
            }
            Body::Pairs(pairs) => self.joined(pairs)?,
            Body::Essay => {
                let mut question = blank_question(Kind::Short);
                question.stem = self.stem(false)?;
                question
            }
            Body::Category(_) | Body::Description => return Err(("题干", "这不是题".into())),
        };
        let feedback = self.optional(item.feedback.as_ref());
        settle_feedback(&mut question, &feedback);
        for tag in &item.tags {
            match tag.strip_prefix(DIFFICULTY).map(str::parse) {
                Some(Ok(difficulty @ 1..=3)) => question.difficulty = difficulty,
                _ => question.points.push(tag.trim().to_owned()),
            }
        }
        if question.points.is_empty() && !category.is_empty() {
            question.points.push(category.to_owned());
        }
        Ok(question)
    }

    /// The stem, with a blank where the answers stand or, when a blank is wanted, at its end.
    fn stem(&mut self, wants_blank: bool) -> Result<String, Fault> {
        let before = self.optional(self.item.before.as_ref());
        let after = self.optional(self.item.after.as_ref());
        if before.is_empty() && after.is_empty() {
            return Err(("题干", "题干是空的".into()));
        }
        if !after.is_empty() {
            return Ok(format!("{before}{BLANK}{after}"));
        }
        if !wants_blank || before.contains(BLANK) {
            return Ok(before);
        }
        Ok(with_blank(&before))
    }

    /// Answers to be typed.
    fn typed<T>(&mut self, spellings: Vec<(&Choice<T>, String)>) -> Result<Question, Fault> {
        let mut question = blank_question(Kind::Fill);
        question.stem = self.stem(true)?;
        let mut right = Vec::new();
        for (choice, text) in spellings {
            if choice.weight.is_none_or(|weight| weight >= 100.0) {
                if text.contains('*') {
                    self.doubt("答案", "答案里的“*”在 Moodle 里代表任意文字，这里按原样比较");
                }
                right.push(text.clone());
            } else {
                self.doubt("答案", format!("只得部分分的答案“{text}”按错误处理"));
            }
            let said = self.optional(choice.feedback.as_ref());
            if !said.is_empty() {
                add_line(&mut question.explain, &format!("“{text}”：{said}"));
            }
        }
        if right.is_empty() {
            return Err(("答案", "没有得满分的答案".into()));
        }
        question.blanks = vec![right];
        Ok(question)
    }

    /// Answers to be chosen.
    fn chosen(&mut self, choices: &[Choice<Text>]) -> Result<Question, Fault> {
        let marked = choices.iter().filter(|choice| choice.is_right).count();
        let positive = |choice: &&Choice<Text>| choice.weight.is_some_and(|weight| weight > 0.0);
        let weighted = choices
            .iter()
            .filter(|choice| !choice.is_right)
            .filter(positive)
            .count();
        let kind = match (marked, weighted) {
            (0, 0) => return Err(("答案", "没有正确答案；正确的选项以“=”开头".into())),
            (1, 0) => Kind::Single,
            (1, _) => {
                self.doubt("答案", "只得部分分的选项按错误处理");
                Kind::Single
            }
            (0, 1) => {
                self.doubt("答案", "只有一个选项得分，按单选题导入");
                Kind::Single
            }
            (0, _) => Kind::Multiple,
            _ => {
                self.doubt("答案", "有几个以“=”开头的选项，按多选题导入，要全部选对");
                Kind::Multiple
            }
        };
        let mut question = blank_question(kind);
        question.stem = self.stem(false)?;
        for (at, choice) in choices.iter().enumerate() {
            let text = self.plain(&choice.what);
            let said = self.optional(choice.feedback.as_ref());
            if !said.is_empty() {
                add_line(&mut question.explain, &format!("“{text}”：{said}"));
            }
            let is_right = match marked {
                0 => choice.weight.is_some_and(|weight| weight > 0.0),
                _ => choice.is_right,
            };
            if is_right {
                question.answer.push(key_at(at));
            }
            question.options.insert(key_at(at), text);
        }
        Ok(question)
    }

    fn joined(&mut self, pairs: &[(Text, String)]) -> Result<Question, Fault> {
        let mut question = blank_question(Kind::Match);
        question.stem = self.stem(false)?;
        for (left, right) in pairs {
            let left = self.plain(left);
            if left.is_empty() {
                self.doubt("配对", format!("“{right}”没有左边，是多余的选项，没有导入"));
                continue;
            }
            let key = key_at(question.options.len());
            question.options.insert(key.clone(), left);
            question.matches.insert(key, right.trim().to_owned());
        }
        Ok(question)
    }
}

/// A number that can be typed in just one way.
fn exact(number: Number) -> Result<String, Fault> {
    let text = |number: f64| Ok(number.to_string());
    match number {
        Number::Exact(number) => text(number),
        Number::Within(number, 0.0) => text(number),
        Number::Between(low, high) if low.to_bits() == high.to_bits() => text(low),
        Number::Within(number, range) => Err((
            "答案",
            format!("数值题允许误差（{number} ± {range}），填空题只能按原样比较；请改成确定的数"),
        )),
        Number::Between(low, high) => Err((
            "答案",
            format!("数值题的答案是一个范围（{low} 到 {high}），填空题只能按原样比较；请改成确定的数"),
        )),
        Number::Any => Err(("答案", "数值题的答案是任意数，不能算作题".into())),
    }
}

/// A stem whose drawn blank becomes ours, or with a blank at its end.
fn with_blank(stem: &str) -> String {
    let drawn = [
        "____",
        "___",
        "__",
        "（　　）",
        "（ ）",
        "（）",
        "(  )",
        "( )",
        "()",
    ];
    for blank in drawn {
        if let Some((before, after)) = stem.split_once(blank) {
            return format!("{before}{BLANK}{}", after.trim_start_matches('_'));
        }
    }
    format!("{stem}{BLANK}")
}

fn add_line(text: &mut String, line: &str) {
    if line.is_empty() {
        return;
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

/// General feedback: the explanation, our own lines for basis and points, and for an essay the
/// points to compare with.
fn settle_feedback(question: &mut Question, feedback: &str) {
    let mut points = Vec::new();
    let mut explain = String::new();
    for line in feedback.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(basis) = line.strip_prefix(BASIS) {
            question.cited.push(basis.trim().to_owned());
        } else if let (Kind::Short, Some(point)) = (question.kind, line.strip_prefix(POINT)) {
            points.push(point.trim().to_owned());
        } else {
            add_line(&mut explain, line);
        }
    }
    if question.kind == Kind::Short {
        if points.is_empty() {
            points = std::mem::take(&mut explain).lines().map(str::to_owned).collect();
        }
        if points.is_empty() {
            points.push("切题，说得完整（题库没有写要点，请自己评判）".into());
        }
        for (at, point) in points.into_iter().enumerate() {
            question.options.insert(key_at(at), point);
        }
    }
    if !explain.is_empty() {
        let said = std::mem::replace(&mut question.explain, explain);
        add_line(&mut question.explain, &said);
    }
}
