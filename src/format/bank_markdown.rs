//! Banks as Markdown: the form that people write anyway, what it means, and a sample of it.
//!
//! `#` names the bank, `##` a kind or a knowledge point, `###` begins a question; options are a
//! task list, pairs a table, an order a numbered list; 答案, 解析 and the like are lines of their
//! own. The worker takes the text apart ([`super::markdown_blocks`]), this says what it is.

use super::bank_sheet::{Fault, blanks_of, fill, kind_of, letters, level, parts_of, put_options, verdict};
use super::markdown_blocks::{Block, Item, Line, Markdown};
use crate::domain::course::own::{Draft, Foreign, Remark, blank_question, key_at};
use crate::domain::question::{BLANK, Kind, Question};

/// A sample with every kind, to be downloaded and filled in.
pub const SAMPLE: &str = include_str!("bank_markdown.sample.md");

/// Options that a question may have.
const MOST_OPTIONS: usize = 26;

/// Whether a text that is called neither `.md` nor otherwise looks like Markdown rather than GIFT
/// or AIKEN.
pub fn is_markdown(text: &str) -> bool {
    let is_heading = |line: &str| {
        let rest = line.trim_start_matches('#');
        (2..=6).contains(&(line.len() - rest.len())) && rest.starts_with(' ')
    };
    let is_box = |line: &str| {
        let line = line.trim_start().to_ascii_lowercase();
        ["- [x] ", "- [ ] ", "* [x] ", "* [ ] "]
            .iter()
            .any(|mark| line.starts_with(mark))
    };
    text.lines().any(is_heading) && (!text.contains('{') || text.lines().any(is_box))
}

/// What the file says the bank is called.
pub fn title(markdown: &Markdown) -> Option<&str> {
    markdown.blocks.iter().find_map(|block| match block {
        Block::Heading(1, line) if !line.text.is_empty() => Some(line.text.as_str()),
        _ => None,
    })
}

/// Reads a file; what cannot be read is refused with its line and field.
pub fn read(markdown: &Markdown) -> Foreign {
    let mut reader = Reader {
        pictures: &markdown.pictures,
        ..Reader::default()
    };
    let mut is_titled = false;
    for block in &markdown.blocks {
        match block {
            Block::Heading(1, _) if !is_titled => {
                is_titled = true;
                reader.finish(block_row(block));
            }
            Block::Heading(level, line) => {
                reader.finish(line.row);
                let numbered = after_number(&line.text);
                match numbered.filter(|_| *level == 2) {
                    _ if *level > 2 => reader.begin(line.row, numbered.unwrap_or(&line.text)),
                    Some(text) if heading_kind(text).is_none() => reader.begin(line.row, text),
                    _ => reader.group(&line.text),
                }
            }
            Block::Text(lines) => reader.text(lines),
            Block::Items(has_numbers, items) => reader.items(*has_numbers, items),
            Block::Table(rows) => reader.table(rows),
        }
    }
    reader.finish(u32::MAX);
    reader.found
}

fn block_row(block: &Block) -> u32 {
    match block {
        Block::Heading(_, line) => line.row,
        Block::Text(lines) => lines.first().map_or(1, |line| line.row),
        Block::Items(_, items) => items.first().map_or(1, |item| item.row),
        Block::Table(rows) => rows.first().map_or(1, |(row, _)| *row),
    }
}

/// What a line of its own says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Kind,
    Answer,
    Points,
    Explain,
    Basis,
    Level,
    Topics,
}

const FIELDS: [(&str, Field); 17] = [
    ("题型", Field::Kind),
    ("答案解析", Field::Explain),
    ("正确答案", Field::Answer),
    ("参考答案", Field::Answer),
    ("标准答案", Field::Answer),
    ("答案", Field::Answer),
    ("参考要点", Field::Points),
    ("答题要点", Field::Points),
    ("要点", Field::Points),
    ("试题解析", Field::Explain),
    ("解析", Field::Explain),
    ("依据", Field::Basis),
    ("出处", Field::Basis),
    ("来源", Field::Basis),
    ("难度", Field::Level),
    ("知识点", Field::Topics),
    ("考点", Field::Topics),
];

impl Field {
    fn name(self) -> &'static str {
        match self {
            Self::Kind => "题型",
            Self::Answer => "答案",
            Self::Points => "要点",
            Self::Explain => "解析",
            Self::Basis => "依据",
            Self::Level => "难度",
            Self::Topics => "知识点",
        }
    }
}

/// `解析：…` or `【解析】…`.
fn field_of(line: &str) -> Option<(Field, &str)> {
    let line = line.trim_start();
    let (inside, is_boxed) = match line.strip_prefix('【') {
        Some(inside) => (inside, true),
        None => (line, false),
    };
    FIELDS.iter().find_map(|(name, field)| {
        let rest = inside.strip_prefix(name)?;
        let rest = if is_boxed {
            let rest = rest.trim_start().strip_prefix('】')?.trim_start();
            rest.strip_prefix(['：', ':']).unwrap_or(rest)
        } else {
            rest.trim_start().strip_prefix(['：', ':'])?
        };
        Some((*field, rest.trim()))
    })
}

/// What follows `1.`, `1、`, `1．`, `1)`, `（1）` or `第1题`.
fn after_number(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let inside = text.strip_prefix(['(', '（', '第']).unwrap_or(text);
    let rest = inside.trim_start_matches(|sign: char| sign.is_ascii_digit());
    if rest.len() == inside.len() || inside.len() - rest.len() > 5 {
        return None;
    }
    let after = rest.strip_prefix(['.', '、', '．', ')', '）', '题'])?;
    // `3.5 万人` is no number of a question.
    (!after.starts_with(|sign: char| sign.is_ascii_digit()))
        .then(|| after.trim_start_matches(['.', '、', '：', ':', ' ']))
}

/// The kind in a heading such as `一、单选题（每题 2 分）`.
fn heading_kind(text: &str) -> Option<Kind> {
    let text = text.trim();
    let bare = text.trim_start_matches(|sign: char| {
        sign.is_ascii_digit() || "一二三四五六七八九十、.．()（） ".contains(sign)
    });
    let end = bare.find(['(', '（', '：', ':']).unwrap_or(bare.len());
    let name = bare.get(..end)?.trim();
    let name = name.strip_suffix('题').unwrap_or(name);
    const NAMES: [&str; 15] = [
        "单选",
        "单项选择",
        "多选",
        "多项选择",
        "不定项选择",
        "判断",
        "是非",
        "填空",
        "排序",
        "连线",
        "匹配",
        "配对",
        "简答",
        "问答",
        "论述",
    ];
    NAMES.contains(&name).then(|| kind_of(name)).flatten()
}

/// `A. 甲`.
fn lettered(line: &str) -> Option<(usize, &str)> {
    let mut signs = line.chars();
    let letter = match signs.next()? {
        letter @ 'A'..='Z' => letter as u32 - 'A' as u32,
        letter @ 'Ａ'..='Ｚ' => letter as u32 - 'Ａ' as u32,
        _ => return None,
    };
    let is_mark = matches!(signs.next()?, '.' | '．' | '、' | ')' | '）' | ':' | '：');
    let text = signs.as_str().trim();
    (is_mark && !text.is_empty()).then_some((letter as usize, text))
}

#[derive(Default)]
struct Reader<'a> {
    found: Foreign,
    pictures: &'a [u32],
    kind: Option<Kind>,
    topic: Option<String>,
    open: Option<Open>,
}

impl Reader<'_> {
    fn group(&mut self, text: &str) {
        self.kind = heading_kind(text);
        self.topic = (self.kind.is_none() && !text.is_empty()).then(|| text.to_owned());
    }

    fn begin(&mut self, row: u32, stem: &str) {
        self.open = Some(Open {
            row,
            stem: if stem.is_empty() {
                Vec::new()
            } else {
                vec![stem.to_owned()]
            },
            kind: self.kind,
            topic: self.topic.clone(),
            ..Open::default()
        });
    }

    /// Ends the question before that line.
    fn finish(&mut self, before: u32) {
        let Some(open) = self.open.take() else { return };
        let row = open.row;
        let stem = open.stem.join("\n");
        let mut doubts = Vec::new();
        let pictures = self.pictures.iter().filter(|at| (row..before).contains(at));
        for at in pictures {
            doubts.push(Remark::new(*at, "图片", "图片不导入，只留下它的说明文字"));
        }
        match open.question(&mut doubts) {
            Ok(question) => self.found.drafts.push(Draft {
                row,
                question,
                doubts,
            }),
            Err(fault) => self.found.refused.push((stem, fault)),
        }
    }

    fn skip(&mut self, row: u32, text: &str) {
        let remark = Remark::new(row, "说明", "不在任何一道题里；每道题用“### ”开头的标题起头");
        self.found.skipped.push((text.to_owned(), remark));
    }

    fn text(&mut self, lines: &[Line]) {
        match &mut self.open {
            Some(open) => lines.iter().for_each(|line| open.line(line)),
            None => {
                if let Some(line) = lines.first() {
                    self.skip(line.row, &line.text);
                }
            }
        }
    }

    fn items(&mut self, has_numbers: bool, items: &[Item]) {
        match &mut self.open {
            Some(open) => open.items(has_numbers, items),
            None => {
                if let Some(item) = items.first() {
                    let text = item.lines.first().map_or("", |line| line.text.as_str());
                    self.skip(item.row, text);
                }
            }
        }
    }

    fn table(&mut self, rows: &[(u32, Vec<String>)]) {
        match &mut self.open {
            Some(open) => open.table(rows),
            None => {
                if let Some((row, cells)) = rows.first() {
                    self.skip(*row, &cells.join(" "));
                }
            }
        }
    }
}

/// A question that is being read.
#[derive(Default)]
struct Open {
    row: u32,
    stem: Vec<String>,
    kind: Option<Kind>,
    topic: Option<String>,
    fields: Vec<(Field, u32, String)>,
    options: Vec<Chosen>,
    has_numbers: bool,
    pairs: Vec<(u32, Vec<String>)>,
    fault: Option<Remark>,
}

/// An option, a point or a step.
struct Chosen {
    row: u32,
    text: String,
    ticked: Option<bool>,
}

impl Open {
    fn fault(&mut self, row: u32, field: &'static str, message: impl Into<String>) {
        self.fault.get_or_insert_with(|| Remark::new(row, field, message));
    }

    fn line(&mut self, line: &Line) {
        if let Some((field, text)) = field_of(&line.text) {
            if self.fields.iter().any(|(known, ..)| *known == field) && field != Field::Answer {
                self.fault(line.row, field.name(), format!("“{}”写了两次", field.name()));
            }
            self.fields.push((field, line.row, text.to_owned()));
        } else if let Some((_, _, text)) = self.fields.last_mut() {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&line.text);
        } else if let Some((at, text)) = lettered(&line.text).filter(|_| !self.stem.is_empty()) {
            if at != self.options.len() {
                self.fault(line.row, "选项", "选项不按 A、B、C 的次序");
            }
            self.options.push(Chosen {
                row: line.row,
                text: text.to_owned(),
                ticked: None,
            });
        } else if self.options.is_empty() && self.pairs.is_empty() {
            self.stem.push(line.text.clone());
        } else {
            let why = "选项后面的这一行不知道是什么；解析写成“解析：……”";
            self.fault(line.row, "选项", why);
        }
    }

    fn items(&mut self, has_numbers: bool, items: &[Item]) {
        // A list under 解析 belongs to it; one under 要点 or 答案 is what is listed there.
        let last = self.fields.last().map(|(field, ..)| *field);
        if last.is_some_and(|field| !matches!(field, Field::Points | Field::Answer | Field::Kind)) {
            for line in items.iter().flat_map(|item| &item.lines) {
                self.line(line);
            }
            return;
        }
        if !self.options.is_empty() || !self.pairs.is_empty() {
            let row = items.first().map_or(self.row, |item| item.row);
            self.fault(row, "选项", "一道题只能有一个选项列表");
            return;
        }
        self.has_numbers = has_numbers;
        for item in items {
            // A line under an item without a gap belongs to it in Markdown, not in people's minds.
            let is_field = |line: &&Line| field_of(&line.text).is_some();
            let own = item.lines.iter().take_while(|line| !is_field(line)).count();
            let text: Vec<&str> = item
                .lines
                .iter()
                .take(own)
                .map(|line| line.text.as_str())
                .collect();
            let text = text.join("\n");
            let at = self.options.len();
            let bare = lettered(&text).filter(|(letter, _)| *letter == at);
            self.options.push(Chosen {
                row: item.row,
                text: bare.map_or(text.as_str(), |(_, text)| text).to_owned(),
                ticked: item.ticked,
            });
            for line in item.lines.iter().skip(own) {
                self.line(line);
            }
        }
    }

    fn table(&mut self, rows: &[(u32, Vec<String>)]) {
        if !self.options.is_empty() || !self.pairs.is_empty() {
            let row = rows.first().map_or(self.row, |(row, _)| *row);
            self.fault(row, "配对", "一道题只能有一个表格或列表");
            return;
        }
        // The first row is the heading of the two columns.
        for (row, cells) in rows.iter().skip(1) {
            let first = cells.first().map_or("", String::as_str);
            let is_alone = cells.iter().skip(1).all(|cell| cell.is_empty());
            if is_alone && (field_of(first).is_some() || !self.fields.is_empty()) {
                self.line(&Line {
                    row: *row,
                    text: first.to_owned(),
                });
            } else {
                self.pairs.push((*row, cells.clone()));
            }
        }
    }

    /// The text of a field, and its line; empty, and the question's, where it is not there.
    fn field(&self, wanted: Field) -> (u32, String) {
        let of_it: Vec<_> = self
            .fields
            .iter()
            .filter(|(field, ..)| *field == wanted)
            .collect();
        let texts: Vec<&str> = of_it.iter().map(|(_, _, text)| text.as_str()).collect();
        let row = of_it.first().map_or(self.row, |(_, row, _)| *row);
        (row, texts.join("\n"))
    }

    fn kind(&self, stem: &str, answer: &str) -> Result<Kind, Remark> {
        let (row, written) = self.field(Field::Kind);
        if !written.is_empty() {
            return kind_of(&written).ok_or_else(|| {
                let message = format!("题型“{written}”不认识；请写单选、多选、判断、填空、排序、连线或简答");
                Remark::new(row, "题型", message)
            });
        }
        if let Some(kind) = self.kind {
            return Ok(kind);
        }
        let ticked = self
            .options
            .iter()
            .filter(|option| option.ticked == Some(true))
            .count();
        let has_boxes = self.options.iter().any(|option| option.ticked.is_some());
        let chosen = letters(answer).map_or(0, |keys| keys.len());
        Ok(if !self.pairs.is_empty() {
            Kind::Match
        } else if has_boxes {
            if ticked > 1 { Kind::Multiple } else { Kind::Single }
        } else if !self.field(Field::Points).1.is_empty()
            || self.fields.iter().any(|(field, ..)| *field == Field::Points)
        {
            Kind::Short
        } else if !self.options.is_empty() && chosen > 0 {
            if chosen > 1 { Kind::Multiple } else { Kind::Single }
        } else if !self.options.is_empty() && answer.is_empty() {
            if self.has_numbers {
                Kind::Order
            } else {
                Kind::Short
            }
        } else if self.options.is_empty() && verdict(answer).is_some() && !wants_words(stem, answer) {
            Kind::Judge
        } else if self.options.is_empty() && blanks_of(stem).contains(BLANK) && !answer.is_empty() {
            Kind::Fill
        } else {
            let message = "推定不了题型；加一行“题型：单选”（或多选、判断、填空、排序、连线、简答）";
            return Err(Remark::new(self.row, "题型", message));
        })
    }

    fn question(self, doubts: &mut Vec<Remark>) -> Result<Question, Remark> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let stem = self.stem.join("\n");
        let (answer_row, answer) = self.field(Field::Answer);
        let kind = self.kind(&stem, &answer)?;
        let mut question = blank_question(kind);
        question.stem = stem;
        question.explain = self.field(Field::Explain).1;
        let (_, basis) = self.field(Field::Basis);
        question.cited = if basis.is_empty() { Vec::new() } else { vec![basis] };
        let (_, topics) = self.field(Field::Topics);
        question.points = self.topic.clone().into_iter().collect();
        for topic in parts_of(&topics, &['、', ',', '，', ';', '；', '\n']) {
            if !question.points.contains(&topic) {
                question.points.push(topic);
            }
        }
        let (level_row, written) = self.field(Field::Level);
        match level(&written) {
            Some(level) => question.difficulty = level,
            None => doubts.push(Remark::new(
                level_row,
                "难度",
                format!("难度“{written}”看不懂，按“中”导入；请写易、中、难"),
            )),
        }
        if let Some(option) = self.options.iter().find(|option| option.text.is_empty()) {
            return Err(Remark::new(option.row, "选项", "这一项是空的"));
        }
        if let Some(option) = self.options.get(MOST_OPTIONS) {
            let message = format!("一道题最多 {MOST_OPTIONS} 项");
            return Err(Remark::new(option.row, "选项", message));
        }
        let at_answer = |(field, why): Fault| {
            let row = if field == "答案" { answer_row } else { self.row };
            Remark::new(row, field, why)
        };
        let options: Vec<&str> = self.options.iter().map(|option| option.text.as_str()).collect();
        let ticked = self.options.iter().enumerate();
        let ticked: Vec<String> = ticked
            .filter(|(_, option)| option.ticked == Some(true))
            .map(|(at, _)| key_at(at))
            .collect();
        let stray = match kind {
            Kind::Judge | Kind::Fill | Kind::Match => !self.options.is_empty(),
            _ => !self.pairs.is_empty(),
        };
        if stray {
            let message = format!("{}没有这样的列表或表格；请看题型写得对不对", kind.label());
            return Err(Remark::new(self.row, "题型", message));
        }
        match kind {
            Kind::Single | Kind::Multiple => {
                put_options(&mut question, &options);
                let mut written = letters(&answer)
                    .ok_or_else(|| at_answer(("答案", format!("答案“{answer}”不是选项的字母"))))?;
                written.sort();
                written.dedup();
                if !ticked.is_empty() && !written.is_empty() && written != ticked {
                    let message = "“答案”与打勾的选项不一样；留下一种写法";
                    return Err(Remark::new(answer_row, "答案", message));
                }
                question.answer = if ticked.is_empty() { written } else { ticked };
            }
            Kind::Order => {
                put_options(&mut question, &options);
                let written = letters(&answer)
                    .ok_or_else(|| at_answer(("答案", format!("答案“{answer}”不是选项的字母"))))?;
                question.answer = if written.is_empty() {
                    (0..options.len()).map(key_at).collect()
                } else {
                    written
                };
            }
            Kind::Judge => match verdict(&answer) {
                Some(is_right) => question.answer = vec![is_right.to_string()],
                None if answer.is_empty() => {}
                None => {
                    let message = format!("判断题的答案“{answer}”看不懂；请写“对”或“错”");
                    return Err(Remark::new(answer_row, "答案", message));
                }
            },
            Kind::Fill => fill(&mut question, &answer).map_err(at_answer)?,
            Kind::Match => {
                for ((row, cells), at) in self.pairs.iter().zip(0..) {
                    let [left, right, rest @ ..] = cells.as_slice() else {
                        return Err(Remark::new(*row, "配对", "每一行要有左右两格"));
                    };
                    if left.is_empty() || right.is_empty() || rest.iter().any(|cell| !cell.is_empty()) {
                        return Err(Remark::new(*row, "配对", "每一行要恰好有左右两格，都不能空着"));
                    }
                    question.options.insert(key_at(at), left.clone());
                    question.matches.insert(key_at(at), right.clone());
                }
            }
            Kind::Short => {
                let (_, listed) = self.field(Field::Points);
                let text = if listed.is_empty() { &answer } else { &listed };
                let signs: &[char] = if text.contains('\n') {
                    &['\n']
                } else {
                    &['；', ';']
                };
                let written = parts_of(text, signs);
                if options.is_empty() {
                    let written: Vec<&str> = written.iter().map(String::as_str).collect();
                    put_options(&mut question, &written);
                } else if written.is_empty() {
                    put_options(&mut question, &options);
                } else {
                    let message = "要点写了两处；留下一处";
                    return Err(Remark::new(answer_row, "要点", message));
                }
            }
        }
        Ok(question)
    }
}
/// Whether a stem has blanks that the answer fills. Many write empty brackets behind what is to be
/// judged, for 对 or 错 to be put there; a number is no such verdict.
fn wants_words(stem: &str, answer: &str) -> bool {
    let has_lines = ["__", "＿＿"].iter().any(|line| stem.contains(line));
    let is_number = answer.trim().bytes().all(|byte| byte.is_ascii_digit());
    has_lines || is_number && blanks_of(stem).contains(BLANK)
}
