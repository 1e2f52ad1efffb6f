//! Where the header of a roster is, and which column is what.
//!
//! Real forms have titles above the header, a second row of headings under some of them, and line
//! breaks inside. What is found is a proposal with how sure it is; somebody may put it right, and a
//! mapping that was used is remembered by the signature of the headings.

use super::table::{Table, Value};
use crate::domain::branch::{Field, Kind, place_key};
use crate::domain::hex;
use sha2::{Digest, Sha256};

/// Rows among which the header is looked for.
const SEARCHED: usize = 80;
/// Rows that a header may have.
pub const MAX_DEPTH: usize = 3;
/// Characters of a heading.
const HEADING: usize = 60;

/// How sure a proposal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Nothing is proposed.
    None,
    /// The heading speaks of it among other words.
    Likely,
    /// The heading says just that.
    Certain,
    /// It was used the last time that a roster had these headings, or somebody has said it.
    Given,
}

/// Why a column is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// A row number.
    Serial,
    /// What this program does not keep: identity number, telephone, address, family.
    Private,
    /// A political status, which is no stage.
    Political,
    /// Another column gives the same: that one, from 0.
    Twice(usize),
    /// Nothing that is known.
    Unknown,
    /// Nothing stands above it.
    Nameless,
    /// Somebody has said so.
    Said,
}

impl NotTaken {
    /// What a reader sees.
    pub fn label(self) -> String {
        match self {
            Self::Serial => "序号，不用导入".into(),
            Self::Private => "超出需要的个人信息，不读取".into(),
            Self::Political => "政治面貌不是发展阶段，不导入".into(),
            Self::Twice(column) => format!("与第 {} 列相同", column + 1),
            Self::Unknown => "没有对应的项目".into(),
            Self::Nameless => "没有列名".into(),
            Self::Said => "不导入".into(),
        }
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its place, from 0.
    pub column: usize,
    /// What stands above it, from top to bottom.
    pub parts: Vec<String>,
    /// What it is taken for.
    pub field: Option<Field>,
    /// How sure that is.
    pub confidence: Confidence,
    /// Why it is not taken.
    pub why: Option<NotTaken>,
}

impl Head {
    /// What a reader sees above it.
    pub fn label(&self) -> String {
        self.parts.join("／")
    }
}

/// The header of a sheet and what its columns are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The first row of the header, by its place in the table.
    pub first: usize,
    /// How many rows it has.
    pub depth: usize,
    /// Its columns.
    pub heads: Vec<Head>,
    /// The same for the same headings.
    pub signature: String,
}

/// No header was found: the first rows, for somebody to say which it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Place in the table, number as the spreadsheet shows it, and what stands in it.
    pub rows: Vec<(usize, u32, Vec<String>)>,
}

impl Ask {
    /// What a reader sees.
    pub const MESSAGE: &'static str = "没有找到表头（有“姓名”等列名的那一行），请指出是哪一行";
}

impl Layout {
    /// Finds the header. `remembered` gives the mapping that was used with a signature.
    ///
    /// # Errors
    /// [`Ask`] when no row looks like one.
    pub fn find(table: &Table, remembered: &dyn Fn(&str) -> Option<Vec<Option<Field>>>) -> Result<Self, Ask> {
        let mut best: Option<(usize, usize)> = None;
        for row in 0..table.len().min(SEARCHED) {
            let score = score(table, row);
            if score > 0 && best.is_none_or(|(_, other)| score > other) {
                best = Some((row, score));
            }
        }
        let Some((row, _)) = best else {
            if let Some(layout) = Self::known(table, remembered) {
                return Ok(layout);
            }
            let rows = (0..table.len().min(20)).map(|row| {
                let cells = (0..table.width(row).min(30))
                    .map(|column| table.shown(row, column).chars().take(20).collect());
                (row, table.number(row), cells.collect())
            });
            return Err(Ask { rows: rows.collect() });
        };
        let first = if row > 0 && is_group(table, row - 1, row) {
            row - 1
        } else {
            row
        };
        let name = name_column(table, row);
        let mut last = row;
        while last < row + 2 && is_second(table, row, last + 1, name) {
            last += 1;
        }
        let found = Self::of(table, first, last + 1 - first, remembered);
        if remembered(&found.signature).is_some() {
            return Ok(found);
        }
        // Somebody has pointed at another row when headings stood here that were the same.
        Ok(Self::known(table, remembered).unwrap_or(found))
    }

    /// The first header whose headings were mapped before.
    fn known(table: &Table, remembered: &dyn Fn(&str) -> Option<Vec<Option<Field>>>) -> Option<Self> {
        (0..table.len().min(SEARCHED)).find_map(|row| {
            let mut depths = (1..=MAX_DEPTH).map(|depth| Self::of(table, row, depth, &|_| None));
            let known = depths.find(|layout| remembered(&layout.signature).is_some())?;
            Some(Self::of(table, row, known.depth, remembered))
        })
    }

    /// The columns below a header that somebody has pointed at.
    pub fn of(
        table: &Table,
        first: usize,
        depth: usize,
        remembered: &dyn Fn(&str) -> Option<Vec<Option<Field>>>,
    ) -> Self {
        let rows = first..(first + depth.max(1)).min(table.len());
        let wide = rows.clone().map(|row| table.width(row)).max().unwrap_or(0);
        let mut heads: Vec<Head> = Vec::with_capacity(wide);
        for column in 0..wide {
            let parts = path(table, rows.clone(), column);
            let (field, confidence, why) = meaning(&parts);
            heads.push(Head {
                column,
                parts,
                field,
                confidence,
                why,
            });
        }
        let keys: Vec<String> = heads
            .iter()
            .map(|head| place_key(&head.parts.join("/")))
            .collect();
        let mut layout = Self {
            first,
            depth: depth.max(1),
            heads,
            signature: hex(&Sha256::digest(keys.join("|"))[..12]),
        };
        layout.settle();
        if let Some(fields) = remembered(&layout.signature)
            && fields.len() == layout.heads.len()
        {
            for (head, field) in layout.heads.iter_mut().zip(fields) {
                if head.field != field {
                    head.field = field;
                    head.why = field.is_none().then_some(NotTaken::Said);
                }
                if field.is_some() {
                    head.confidence = Confidence::Given;
                }
            }
        }
        layout
    }

    /// One column for each field: the surer one, then the first; a second mentor where two columns
    /// say mentor.
    fn settle(&mut self) {
        for at in 0..self.heads.len() {
            let Some(field) = self.heads[at].field else {
                continue;
            };
            let other =
                (0..self.heads.len()).find(|other| *other != at && self.heads[*other].field == Some(field));
            let Some(other) = other else { continue };
            if field == Field::Mentor1 && !self.heads.iter().any(|head| head.field == Some(Field::Mentor2)) {
                self.heads[at.max(other)].field = Some(Field::Mentor2);
                continue;
            }
            let weaker = if self.heads[other].confidence < self.heads[at].confidence {
                other
            } else {
                at.max(other)
            };
            let stronger = if weaker == at { other } else { at };
            let head = &mut self.heads[weaker];
            head.field = None;
            head.confidence = Confidence::None;
            head.why = Some(NotTaken::Twice(stronger));
        }
    }

    /// Somebody says what a column is; another column that was that is it no longer.
    pub fn set(&mut self, column: usize, field: Option<Field>) {
        for head in &mut self.heads {
            if head.column == column {
                head.field = field;
                head.confidence = Confidence::Given;
                head.why = field.is_none().then_some(NotTaken::Said);
            } else if field.is_some() && head.field == field {
                head.field = None;
                head.confidence = Confidence::None;
                head.why = Some(NotTaken::Twice(column));
            }
        }
    }

    /// The column of a field.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.heads
            .iter()
            .find(|head| head.field == Some(field))
            .map(|head| head.column)
    }

    /// What is mapped to what, to be remembered under the signature.
    pub fn mapping(&self) -> Vec<Option<Field>> {
        self.heads.iter().map(|head| head.field).collect()
    }
}

/// Short text of a cell that could be a heading.
fn heading(table: &Table, row: usize, column: usize) -> Option<String> {
    match table.value(row, column) {
        Value::Text(text, _) if text.chars().count() <= HEADING => {
            Some(place_key(text)).filter(|key| !key.is_empty())
        }
        Value::Number(value, None) if (0.0..10.0).contains(&value) && value.fract() == 0.0 => {
            Some(format!("{value}"))
        }
        _ => None,
    }
}

/// How much a row looks like a header; 0 where it cannot be one.
fn score(table: &Table, row: usize) -> usize {
    let mut seen: Vec<Field> = Vec::new();
    let (mut points, mut cells) = (0, 0);
    for column in 0..table.width(row) {
        if table.is_merged(row, column) {
            continue;
        }
        cells += usize::from(table.value(row, column) != Value::Nothing);
        let Some(key) = heading(table, row, column) else {
            continue;
        };
        let (field, confidence, why) = meaning(&[key]);
        if let Some(field) = field.filter(|field| !seen.contains(field)) {
            seen.push(field);
            points += if confidence == Confidence::Certain { 3 } else { 1 };
        } else if matches!(
            why,
            Some(NotTaken::Serial | NotTaken::Private | NotTaken::Political)
        ) {
            points += 1;
        }
    }
    let named = seen.contains(&Field::Name) && (seen.len() >= 2 || cells <= 2);
    if named { points } else { 0 }
}

fn name_column(table: &Table, row: usize) -> Option<usize> {
    (0..table.width(row))
        .find(|column| heading(table, row, *column).is_some_and(|key| meaning(&[key]).0 == Some(Field::Name)))
}

/// Whether a row is a second row of headings under `row`: nobody's name, and something only where
/// the row above leaves room for it.
fn is_second(table: &Table, row: usize, below: usize, name: Option<usize>) -> bool {
    if table.number(below) != table.number(below - 1) + 1 {
        return false;
    }
    let empty = |row: usize, column: usize| {
        table.value(row, column) == Value::Nothing || table.is_merged(row, column)
    };
    if name.is_none_or(|name| !empty(below, name)) {
        return false;
    }
    let mut some = false;
    for column in 0..table.width(below) {
        if empty(below, column) {
            continue;
        }
        let room = empty(row, column)
            || (empty(row, column + 1)
                && table.value(below, column + 1) != Value::Nothing
                && !table.is_merged(below, column + 1));
        let short = heading(table, below, column).is_some_and(|key| key.chars().count() <= 20);
        let serial =
            heading(table, row, column).is_some_and(|key| meaning(&[key]).2 == Some(NotTaken::Serial));
        if !room || !short || serial {
            return false;
        }
        some = true;
    }
    some
}

/// Whether a row above the header names groups of its columns: short words over several columns,
/// not a title and no "二级党委（盖章）：".
fn is_group(table: &Table, above: usize, row: usize) -> bool {
    if table.number(row) != table.number(above) + 1 {
        return false;
    }
    let mut texts: Vec<String> = Vec::new();
    let mut spread = false;
    for column in 0..table.width(above) {
        match table.value(above, column) {
            Value::Nothing => {}
            Value::Text(text, _) => {
                let key = place_key(text);
                if key.chars().count() > 12
                    || key.contains([':', '年'])
                    || key.chars().filter(char::is_ascii_digit).count() > 3
                {
                    return false;
                }
                spread |= table.is_merged(above, column);
                if !texts.contains(&key) {
                    texts.push(key);
                }
            }
            _ => return false,
        }
    }
    spread && texts.len() >= 2
}

/// What stands above a column, from top to bottom, each once.
fn path(table: &Table, rows: std::ops::Range<usize>, column: usize) -> Vec<String> {
    let text = |row: usize, column: usize| {
        let shown = table.shown(row, column);
        let words: Vec<&str> = shown.split_whitespace().collect();
        words.concat()
    };
    let mut parts: Vec<String> = Vec::new();
    let last = rows.end.saturating_sub(1);
    for row in rows {
        let mut own = text(row, column);
        if own.is_empty() && row < last && !text(last, column).is_empty() {
            // A heading over several columns that is not merged stands above the first of them.
            let left = (0..column).rev().find(|left| !text(row, *left).is_empty());
            if let Some(left) =
                left.filter(|left| (*left..column).all(|between| !text(last, between).is_empty()))
            {
                own = text(row, left);
            }
        }
        if !own.is_empty() && parts.last() != Some(&own) {
            parts.push(own.chars().take(HEADING).collect());
        }
    }
    parts
}

type Meaning = (Option<Field>, Confidence, Option<NotTaken>);

/// What headings mean, from top to bottom.
fn meaning(parts: &[String]) -> Meaning {
    let keys: Vec<String> = parts.iter().map(|part| place_key(part)).collect();
    let all = keys.concat();
    let nothing = |why| (None, Confidence::None, Some(why));
    if all.is_empty() {
        return nothing(NotTaken::Nameless);
    }
    if PRIVATE.iter().any(|word| all.contains(word)) {
        return nothing(NotTaken::Private);
    }
    if let [top @ .., last] = &keys[..]
        && !top.is_empty()
    {
        let over = top.iter().map(|key| one(key)).find(|meaning| meaning.0.is_some());
        let whole = one(&all);
        return match over {
            // 培养联系人／1, 培养联系人／姓名.
            Some(_) if whole.0.is_some() => whole,
            Some(_) => nothing(NotTaken::Unknown),
            // 基本信息／姓名.
            None => one(last),
        };
    }
    one(&all)
}

/// What one heading means.
fn one(key: &str) -> Meaning {
    let nothing = |why| (None, Confidence::None, Some(why));
    if PRIVATE.iter().any(|word| key.contains(word)) {
        return nothing(NotTaken::Private);
    }
    if let Some(meaning) = mentor(key) {
        return meaning;
    }
    let plain = plain(key);
    if SERIAL.contains(&plain.as_str()) {
        return nothing(NotTaken::Serial);
    }
    if plain == "政治面貌" || plain == "政治身份" {
        return nothing(NotTaken::Political);
    }
    if let Some(field) = exact(&plain) {
        return (Some(field), Confidence::Certain, None);
    }
    // 学号/职工号: every part says the same.
    let fields: Vec<Option<Field>> = plain.split(['/', '或', '、', '(']).map(exact).collect();
    if let [Some(first), ..] = fields[..] {
        let same = fields.iter().all(|field| *field == Some(first));
        return (
            Some(first),
            if same {
                Confidence::Certain
            } else {
                Confidence::Likely
            },
            None,
        );
    }
    match within(&plain) {
        Some(field) => (Some(field), Confidence::Likely, None),
        None => nothing(NotTaken::Unknown),
    }
}

/// Without what stands in brackets, and without signs.
fn plain(key: &str) -> String {
    let mut out = String::new();
    let mut depth = 0usize;
    for sign in key.chars() {
        match sign {
            '(' | '[' | '【' | '〔' => depth += 1,
            ')' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '*' | ':' | '★' | '☆' | '.' | '。' | ',' | '"' | '“' | '”' | '_' | '-' | '#' => {}
            _ => out.push(sign),
        }
    }
    out
}

/// Mentors: in one column, or the first and the second.
fn mentor(key: &str) -> Option<Meaning> {
    let rest: String = ["入党培养联系人", "培养联系人", "培养人"]
        .iter()
        .find_map(|word| {
            key.find(word)
                .map(|at| [&key[..at], &key[at + word.len()..]].concat())
        })?;
    let rest: String = rest
        .chars()
        .filter(|sign| !matches!(sign, '(' | ')' | '第' | ':' | '*' | '.' | '、' | '/' | '-'))
        .collect();
    let rest = rest.trim_end_matches("姓名").trim_end_matches('名');
    let field = match rest {
        "" | "1" | "一" | "①" | "甲" | "A" | "a" | "I" => Field::Mentor1,
        "2" | "二" | "②" | "乙" | "B" | "b" | "II" => Field::Mentor2,
        // Their office, their branch, their opinion.
        _ => return Some((None, Confidence::None, Some(NotTaken::Unknown))),
    };
    Some((Some(field), Confidence::Certain, None))
}

fn exact(plain: &str) -> Option<Field> {
    for (field, words) in WORDS {
        if field.kind() == Kind::Day {
            let dated = DATED.iter().find_map(|suffix| plain.strip_suffix(suffix));
            if dated.is_some_and(|stem| words.contains(&stem)) {
                return Some(*field);
            }
        } else if words.contains(&plain) {
            return Some(*field);
        }
    }
    None
}

/// The field whose longest word stands in a heading; a bare noun of the stages says nothing of a
/// date unless a date is asked for.
fn within(plain: &str) -> Option<Field> {
    if UNLIKELY.iter().any(|word| plain.contains(word)) {
        return None;
    }
    let dated = DATED.iter().any(|suffix| plain.ends_with(suffix));
    let mut best: Option<(usize, Field)> = None;
    for (field, words) in WORDS {
        let is_day = field.kind() == Kind::Day;
        for word in *words {
            let long = word.chars().count();
            let bare = BARE.contains(word);
            // A heading that asks for a date is of a date.
            let fits =
                plain.contains(word) && long >= 2 && is_day == (dated || is_day && !bare && plain == *word);
            if fits && best.is_none_or(|(other, _)| long > other) {
                best = Some((long, *field));
            }
        }
    }
    best.map(|(_, field)| field)
}

/// Ends of a heading that asks for a date.
const DATED: [&str; 6] = ["年月日", "的时间", "时间", "日期", "年月", "日"];

/// Words of stages that alone ask for no date.
const BARE: [&str; 7] = [
    "入党积极分子",
    "积极分子",
    "发展对象",
    "预备党员",
    "正式党员",
    "入党",
    "申请",
];

/// What this program does not keep.
const PRIVATE: [&str; 18] = [
    "身份证",
    "证件号",
    "证件类型",
    "电话",
    "手机",
    "联系方式",
    "微信",
    "QQ",
    "邮箱",
    "住址",
    "家庭",
    "地址",
    "照片",
    "银行",
    "父亲",
    "母亲",
    "配偶",
    "户籍",
];

const SERIAL: [&str; 8] = ["序号", "序", "编号", "NO", "No", "no", "行号", ""];

/// Words that make a heading speak of something else.
const UNLIKELY: [&str; 14] = [
    "意见",
    "签字",
    "签名",
    "盖章",
    "人数",
    "单位",
    "成绩",
    "学时",
    "分数",
    "是否",
    "原因",
    "次数",
    "介绍人",
    "代码",
];

const WORDS: &[(Field, &[&str])] = &[
    (
        Field::Branch,
        &[
            "所在党支部",
            "党支部",
            "支部",
            "所在支部",
            "所属党支部",
            "所属支部",
            "支部名称",
            "党支部名称",
            "所在党支部名称",
            "所在党组织",
            "所属党组织",
            "党组织名称",
            "党组织",
        ],
    ),
    (
        Field::Name,
        &[
            "姓名",
            "学生姓名",
            "教工姓名",
            "人员姓名",
            "名字",
            "本人姓名",
            "积极分子姓名",
            "入党积极分子姓名",
            "发展对象姓名",
        ],
    ),
    (
        Field::Number,
        &[
            "学号",
            "职工号",
            "工号",
            "学工号",
            "教工号",
            "教职工号",
            "学号职工号",
            "学号工号",
            "学/工号",
            "学(工)号",
            "人员编号",
            "支部编号",
            "学生号",
            "工作证号",
        ],
    ),
    (Field::Sex, &["性别"]),
    (Field::Ethnicity, &["民族"]),
    (Field::Origin, &["籍贯"]),
    (Field::Birth, &["出生", "生"]),
    (
        Field::Applied,
        &[
            "递交入党申请书",
            "提交入党申请书",
            "递交入党申请",
            "提交入党申请",
            "申请入党",
            "入党申请",
            "递交申请书",
            "提交申请书",
            "递交申请",
            "提交申请",
            "入党申请书递交",
            "入党申请书提交",
            "入党申请书",
            "写入党申请书",
            "申请",
            "递交",
        ],
    ),
    (
        Field::League,
        &[
            "团组织推优",
            "推优",
            "团推优",
            "团组织推荐",
            "共青团推优",
            "团支部推优",
            "群团推优",
            "群团组织推优",
            "团组织推荐优秀团员",
        ],
    ),
    (
        Field::Confirmed,
        &[
            "确定为入党积极分子",
            "确定入党积极分子",
            "确定为积极分子",
            "确定积极分子",
            "列为入党积极分子",
            "列为积极分子",
            "成为入党积极分子",
            "成为积极分子",
            "入党积极分子确定",
            "积极分子确定",
            "确认为入党积极分子",
            "确认积极分子",
            "入党积极分子",
            "积极分子",
        ],
    ),
    (
        Field::Prospect,
        &[
            "确定为发展对象",
            "确定发展对象",
            "列为发展对象",
            "成为发展对象",
            "发展对象确定",
            "发展对象",
        ],
    ),
    (
        Field::Admitted,
        &[
            "接收为预备党员",
            "接收预备党员",
            "成为预备党员",
            "发展为预备党员",
            "吸收为预备党员",
            "预备党员",
            "入党",
            "加入中国共产党",
            "加入党组织",
        ],
    ),
    (
        Field::Full,
        &[
            "转为正式党员",
            "转正",
            "预备党员转正",
            "成为正式党员",
            "正式党员",
            "按期转正",
        ],
    ),
    (
        Field::Stage,
        &[
            "发展阶段",
            "当前阶段",
            "所处阶段",
            "培养阶段",
            "目前阶段",
            "现阶段",
        ],
    ),
    (
        Field::Education,
        &[
            "已取得学历",
            "学历",
            "最高学历",
            "文化程度",
            "学历层次",
            "现有学历",
            "学历学位",
            "现学历",
        ],
    ),
    (
        Field::Category,
        &[
            "学生类别",
            "人员类别",
            "类别",
            "人员类型",
            "学生类型",
            "身份类别",
            "培养层次",
            "群体",
            "学生类别人员类别",
        ],
    ),
    (Field::Grade, &["年级", "所在年级", "就读年级"]),
    (Field::Class, &["班级", "专业班级", "所在班级", "行政班级", "班"]),
    (Field::Years, &["学制"]),
    (
        Field::Post,
        &[
            "担任职务",
            "职务",
            "现任职务",
            "所任职务",
            "学生干部职务",
            "担任学生干部",
            "任职情况",
            "现职务",
            "担任职务情况",
        ],
    ),
    (Field::Work, &["工作岗位", "岗位", "从事岗位", "岗位类别", "职业"]),
    (
        Field::Secretary,
        &[
            "党支部书记姓名",
            "党支部书记",
            "支部书记",
            "支部书记姓名",
            "书记姓名",
            "书记",
        ],
    ),
    (
        Field::Filing,
        &[
            "二级党委备案情况",
            "备案",
            "备案情况",
            "党委备案",
            "上级备案",
            "上级党委备案情况",
            "党委备案情况",
            "二级党组织备案情况",
        ],
    ),
    (Field::Note, &["备注", "说明", "其他", "其它", "备注说明"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn of(parts: &[&str]) -> String {
        let parts: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
        match meaning(&parts) {
            (Some(field), confidence, _) => format!("{} {confidence:?}", field.code()),
            (None, _, why) => format!("{:?}", why.unwrap()),
        }
    }

    #[test]
    fn headings_of_the_real_world() {
        for (parts, want) in [
            (&["姓名"][..], "name Certain"),
            (&["姓　 名"], "name Certain"),
            (&["学号/\n职工号"], "number Certain"),
            (&["学（工）号"], "number Certain"),
            (&["工号"], "number Certain"),
            (&["出生日期"], "birth Certain"),
            (&["出生年月（如1999.01）"], "birth Certain"),
            (&["生日"], "birth Certain"),
            (&["递交入党申请书时间"], "applied Certain"),
            (&["申请入党时间"], "applied Certain"),
            (&["入党申请时间"], "applied Certain"),
            (&["首次递交入党申请书时间"], "applied Likely"),
            (&["团组织推优时间"], "league Certain"),
            (&["推优日期"], "league Certain"),
            (&["确定为入党积极分子时间"], "confirmed Certain"),
            (&["列为积极分子年月"], "confirmed Certain"),
            (&["被确定为入党积极分子的时间"], "confirmed Likely"),
            (&["确定发展对象时间"], "prospect Certain"),
            (&["入党时间"], "admitted Certain"),
            (&["转正时间"], "full Certain"),
            (&["培养联系人"], "mentor1 Certain"),
            (&["培养联系人", "1"], "mentor1 Certain"),
            (&["培养联系人", "2"], "mentor2 Certain"),
            (&["培养联系人（二）"], "mentor2 Certain"),
            (&["第二培养联系人姓名"], "mentor2 Certain"),
            (&["培养联系人", "姓名"], "mentor1 Certain"),
            (&["培养联系人", "职务"], "Unknown"),
            (&["培养联系人意见"], "Unknown"),
            (&["基本信息", "姓名"], "name Certain"),
            (&["已取得学历"], "education Certain"),
            (&["学生类别/人员类别"], "category Certain"),
            (&["担任职务"], "post Certain"),
            (&["党支部书记姓名"], "secretary Certain"),
            (&["所在党支部"], "branch Certain"),
            (&["二级党委备案情况"], "filing Certain"),
            (&["备注"], "note Certain"),
            (&["序号"], "Serial"),
            (&["身份证号码"], "Private"),
            (&["联系电话"], "Private"),
            (&["培养联系人", "联系电话"], "Private"),
            (&["政治面貌"], "Political"),
            (&["入党积极分子"], "Unknown"),
            (&["支部书记签字"], "Unknown"),
            (&["考试成绩"], "Unknown"),
            (&[], "Nameless"),
        ] {
            assert_eq!(of(parts), want, "{parts:?}");
        }
    }
}
