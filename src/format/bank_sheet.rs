//! Banks as sheets: the template that a unit fills in, what it means, and the way back.
//!
//! Columns are found by their headings, wherever they stand. Full and half width, 对/错/√/×,
//! letters with any marks between them are all understood; what is not is refused by row and field.

use super::gift::Left;
use super::sheet::{Column, Row, Sheet, Table};
use crate::domain::course::own::{Draft, Foreign, Remark, blank_question, key_at};
use crate::domain::question::{BLANK, Case, Kind, Question};

/// The options that the template has columns for.
const LETTERS: [&str; 6] = ["A", "B", "C", "D", "E", "F"];
/// Options that a sheet may have.
const MOST_OPTIONS: usize = 10;
/// Rows in which the headings are looked for.
const TOP: usize = 10;

const KINDS: [(&str, Kind); 7] = [
    ("单选", Kind::Single),
    ("多选", Kind::Multiple),
    ("判断", Kind::Judge),
    ("填空", Kind::Fill),
    ("排序", Kind::Order),
    ("连线", Kind::Match),
    ("简答", Kind::Short),
];
const LEVELS: [&str; 3] = ["易", "中", "难"];

/// The name of the kind in a sheet.
fn kind_name(kind: Kind) -> &'static str {
    let known = KINDS.iter().find(|(_, known)| *known == kind);
    known.map_or("", |(name, _)| name)
}

fn columns() -> Vec<Column> {
    let mut columns = vec![
        Column::new("题型", 8, &KINDS.map(|(name, _)| name)),
        Column::new("题干", 48, &[]),
    ];
    for letter in LETTERS {
        columns.push(Column::new(&format!("选项{letter}"), 20, &[]));
    }
    columns.push(Column::new("答案", 16, &[]));
    columns.push(Column::new("解析", 40, &[]));
    columns.push(Column::new("依据", 24, &[]));
    columns.push(Column::new("难度", 8, &LEVELS));
    columns.push(Column::new("知识点", 20, &[]));
    columns
}

/// The template: an empty sheet to fill in, and a sheet that says how.
pub fn template() -> Vec<Sheet> {
    let rule = |what: &str, how: &str, example: &str| vec![what.into(), how.into(), example.into()];
    vec![
        Sheet {
            name: "题库".into(),
            columns: columns(),
            rows: Vec::new(),
        },
        Sheet {
            name: "填写说明".into(),
            columns: vec![
                Column::new("栏目", 12, &[]),
                Column::new("怎样填", 60, &[]),
                Column::new("例子", 36, &[]),
            ],
            rows: vec![
                rule(
                    "题型",
                    "单选、多选、判断、填空、排序、连线、简答；不填时按选项和答案推定",
                    "单选",
                ),
                rule(
                    "题干",
                    "必填。填空题的空写成两个下划线 __",
                    "申请入党的人应年满__周岁",
                ),
                rule(
                    "选项A 至 选项F",
                    "单选、多选、排序：每格一项。连线：每格一对，中间写 →",
                    "党支部 → 讨论决定",
                ),
                rule(
                    "答案：单选、多选",
                    "写字母，可以写在一起，也可以用顿号、逗号隔开",
                    "B；ACD；A、C、D",
                ),
                rule("答案：判断", "对、错、正确、错误、√、×、T、F 都可以", "对"),
                rule(
                    "答案：填空",
                    "几个空用分号隔开；一个空有几种写法用竖线隔开",
                    "十八|18；一年",
                ),
                rule("答案：排序", "按正确的先后写字母", "CABD"),
                rule("答案：连线", "不填：同一格里的左右两边就是一对", ""),
                rule(
                    "答案：简答",
                    "写要点，一行一条，或用分号隔开",
                    "端正动机；加强学习",
                ),
                rule("解析", "可不填。答题后显示", ""),
                rule(
                    "依据",
                    "可不填。写明文件和条款；导入后来源一律标为“本单位”",
                    "党章第一条",
                ),
                rule("难度", "易、中、难，或 1、2、3；不填算中", "中"),
                rule("知识点", "可不填；几个用顿号隔开", "入党条件"),
            ],
        },
    ]
}

/// Questions as a sheet, each with the case that it is about; and what was left out.
pub fn write<'a>(
    questions: impl IntoIterator<Item = (&'a Question, Option<&'a Case>)>,
) -> (Vec<Sheet>, Vec<Left>) {
    let mut rows = Vec::new();
    let mut left = Vec::new();
    for (question, case) in questions {
        if question.options.len() > LETTERS.len() && question.kind != Kind::Short {
            left.push(Left {
                id: question.id.clone(),
                why: "选项多于六个，模板没有这么多栏",
            });
            continue;
        }
        rows.push(row_of(question, case));
    }
    let sheet = Sheet {
        name: "题库".into(),
        columns: columns(),
        rows,
    };
    (vec![sheet], left)
}

fn row_of(question: &Question, case: Option<&Case>) -> Vec<String> {
    let stem = question.stem.replace(BLANK, "__");
    let stem = match case {
        Some(case) => format!("案例：{}\n{}\n{stem}", case.title, case.text),
        None => stem,
    };
    let mut row = vec![kind_name(question.kind).to_owned(), stem];
    let keys: Vec<&String> = question.options.keys().collect();
    for at in 0..LETTERS.len() {
        let text = keys.get(at).and_then(|key| {
            let text = question.options.get(*key)?;
            match question.kind {
                Kind::Short => None,
                Kind::Match => Some(format!("{text} → {}", question.matches.get(*key)?)),
                _ => Some(text.clone()),
            }
        });
        row.push(text.unwrap_or_default());
    }
    let letters = || {
        let places = question
            .answer
            .iter()
            .filter_map(|key| keys.iter().position(|known| *known == key));
        places
            .filter_map(|at| LETTERS.get(at).copied())
            .collect::<String>()
    };
    row.push(match question.kind {
        Kind::Single | Kind::Multiple | Kind::Order => letters(),
        Kind::Judge if question.answer.iter().any(|key| key == "true") => "对".into(),
        Kind::Judge => "错".into(),
        Kind::Fill => {
            let blanks = question.blanks.iter().map(|all| all.join("|"));
            blanks.collect::<Vec<_>>().join("；")
        }
        Kind::Match => String::new(),
        Kind::Short => question.options.values().cloned().collect::<Vec<_>>().join("\n"),
    });
    row.push(question.explain.clone());
    let source = format!("{}：", crate::domain::course::own::SOURCE);
    let basis = question
        .cited
        .iter()
        .filter(|basis| *basis != crate::domain::course::own::SOURCE);
    let basis = basis.map(|basis| basis.strip_prefix(&source).unwrap_or(basis));
    row.push(basis.collect::<Vec<_>>().join("；"));
    let level = usize::from(question.difficulty).clamp(1, 3) - 1;
    row.push(LEVELS.get(level).copied().unwrap_or_default().into());
    row.push(question.points.join("、"));
    row
}

/// What a column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Kind,
    Stem,
    Option(usize),
    Answer,
    Explain,
    Basis,
    Level,
    Points,
}

impl Field {
    fn of(heading: &str) -> Option<Self> {
        let heading = tight(heading);
        let heading = heading.trim_end_matches(['*', ':']);
        Some(match heading {
            "题型" | "类型" | "题目类型" | "试题类型" => Self::Kind,
            "题干" | "题目" | "试题" | "问题" | "题目内容" | "试题内容" => Self::Stem,
            "答案" | "正确答案" | "参考答案" | "标准答案" => Self::Answer,
            "解析" | "答案解析" | "试题解析" | "题目解析" | "说明" => Self::Explain,
            "依据" | "出处" | "来源" => Self::Basis,
            "难度" | "难易度" | "难易程度" => Self::Level,
            "知识点" | "考点" | "标签" => Self::Points,
            _ => {
                let letter = heading.replace("选项", "");
                let mut signs = letter.chars();
                match (signs.next(), signs.next()) {
                    (Some(letter @ 'A'..='J'), None) => Self::Option(usize::from(letter as u8 - b'A')),
                    _ => return None,
                }
            }
        })
    }
}

/// Half width, upper case, without spaces.
fn tight(text: &str) -> String {
    text.chars()
        .filter(|sign| !sign.is_whitespace())
        .map(half)
        .collect::<String>()
        .to_ascii_uppercase()
}

fn half(sign: char) -> char {
    match sign {
        '！'..='～' => char::from_u32(sign as u32 - 0xfee0).unwrap_or(sign),
        other => other,
    }
}

/// The questions of a workbook: of its first sheet that has our headings.
pub fn read(tables: &[Table]) -> Foreign {
    let mut found = Foreign::default();
    let headed = tables.iter().find_map(|table| {
        let rows = table.rows.iter().take(TOP).enumerate();
        let mut heads = rows.filter_map(|(at, row)| {
            let fields: Vec<Option<Field>> = row.cells.iter().map(|cell| Field::of(cell)).collect();
            let has = |field| fields.contains(&Some(field));
            (has(Field::Stem) && has(Field::Answer)).then_some((at, fields))
        });
        heads.next().map(|(at, fields)| (table, at, fields))
    });
    let Some((table, at, fields)) = headed else {
        found.refused.push((
            "整个文件".into(),
            Remark::new(
                1,
                "表头",
                "找不到表头；前十行里要有一行写着“题干”和“答案”，请用下载的模板填写",
            ),
        ));
        return found;
    };
    let mut seen = Vec::new();
    for field in fields.iter().flatten() {
        if seen.contains(field) {
            found.refused.push((
                "整个文件".into(),
                Remark::new(
                    table.rows.get(at).map_or(1, |row| row.number),
                    "表头",
                    "有两栏是同一个意思，请去掉一栏",
                ),
            ));
            return found;
        }
        seen.push(*field);
    }
    for row in table.rows.iter().skip(at + 1) {
        if row.cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let cells = Cells { row, fields: &fields };
        let mut doubts = Vec::new();
        match cells.question(&mut doubts) {
            Ok(question) => found.drafts.push(Draft {
                row: row.number,
                question,
                doubts,
            }),
            Err((field, why)) => {
                let text = cells.text(Field::Stem).to_owned();
                found.refused.push((text, Remark::new(row.number, field, why)));
            }
        }
    }
    found
}

/// A row by what its columns mean.
struct Cells<'a> {
    row: &'a Row,
    fields: &'a [Option<Field>],
}

/// A field, and what is the matter with it.
pub(super) type Fault = (&'static str, String);

impl Cells<'_> {
    fn text(&self, field: Field) -> &str {
        let at = self.fields.iter().position(|known| *known == Some(field));
        let cell = at.and_then(|at| self.row.cells.get(at));
        cell.map_or("", |cell| cell.trim())
    }

    fn question(&self, doubts: &mut Vec<Remark>) -> Result<Question, Fault> {
        let answer = self.text(Field::Answer);
        let options: Vec<&str> = (0..MOST_OPTIONS).map(|at| self.text(Field::Option(at))).collect();
        let count = options
            .iter()
            .rposition(|text| !text.is_empty())
            .map_or(0, |last| last + 1);
        let options = &options[..count];
        let kind = self.kind(options, answer)?;
        let mut question = blank_question(kind);
        question.stem = self.text(Field::Stem).to_owned();
        question.explain = self.text(Field::Explain).to_owned();
        question.cited = some(self.text(Field::Basis));
        question.points = self
            .text(Field::Points)
            .split(['、', ',', '，', ';', '；', '\n'])
            .map(str::trim)
            .filter(|point| !point.is_empty())
            .map(str::to_owned)
            .collect();
        match level(self.text(Field::Level)) {
            Some(level) => question.difficulty = level,
            None => doubts.push(Remark::new(
                self.row.number,
                "难度",
                format!(
                    "难度“{}”看不懂，按“中”导入；请写易、中、难",
                    self.text(Field::Level)
                ),
            )),
        }
        match kind {
            Kind::Single | Kind::Multiple | Kind::Order => {
                put_options(&mut question, options);
                question.answer =
                    letters(answer).ok_or_else(|| ("答案", format!("答案“{answer}”不是选项的字母")))?;
                if kind == Kind::Multiple {
                    question.answer.sort();
                    question.answer.dedup();
                }
            }
            Kind::Judge => {
                let key = verdict(answer).or_else(|| {
                    // Some banks have 对 and 错 as options, and a letter as the answer.
                    let chosen = letters(answer)?;
                    let at = options.iter().enumerate().find(|(at, _)| chosen == [key_at(*at)]);
                    verdict(at?.1)
                });
                question.answer = match key {
                    Some(key) => some(if key { "true" } else { "false" }),
                    None if answer.is_empty() => Vec::new(),
                    None => {
                        return Err(("答案", format!("判断题的答案“{answer}”看不懂；请写“对”或“错”")));
                    }
                };
            }
            Kind::Fill => {
                fill(&mut question, answer)?;
            }
            Kind::Match => {
                for (at, pair) in options.iter().enumerate().filter(|(_, pair)| !pair.is_empty()) {
                    let (left, right) = ["→", "->", "=>", "——", "—"]
                        .into_iter()
                        .find_map(|sign| pair.split_once(sign))
                        .ok_or_else(|| ("选项", format!("“{pair}”不成一对；左右两边之间写 →")))?;
                    question.options.insert(key_at(at), left.trim().to_owned());
                    question.matches.insert(key_at(at), right.trim().to_owned());
                }
            }
            Kind::Short => {
                // Where there are lines, a semicolon is part of a point.
                let signs: &[char] = if answer.contains('\n') {
                    &['\n']
                } else {
                    &['；', ';']
                };
                let points = answer.split(signs).map(str::trim);
                let points: Vec<&str> = points.filter(|point| !point.is_empty()).collect();
                put_options(&mut question, &points);
            }
        }
        Ok(question)
    }

    /// The kind that is written, or the one that follows from options and answer.
    fn kind(&self, options: &[&str], answer: &str) -> Result<Kind, Fault> {
        let written = tight(self.text(Field::Kind));
        if written.is_empty() {
            return match letters(answer) {
                _ if options.is_empty() && verdict(answer).is_some() => Ok(Kind::Judge),
                Some(letters) if !options.is_empty() && letters.len() > 1 => Ok(Kind::Multiple),
                Some(letters) if !options.is_empty() && !letters.is_empty() => Ok(Kind::Single),
                _ => Err((
                    "题型",
                    "题型没有填，也推定不了；请写单选、多选、判断、填空、排序、连线或简答".into(),
                )),
            };
        }
        kind_of(&written).ok_or_else(|| {
            let written = self.text(Field::Kind);
            let why = format!("题型“{written}”不认识；请写单选、多选、判断、填空、排序、连线或简答");
            ("题型", why)
        })
    }
}

/// A stem with drawn blanks and the answers for them: `；` or a new line between the blanks, `|`
/// between the spellings of one.
pub(super) fn fill(question: &mut Question, answer: &str) -> Result<(), Fault> {
    question.stem = blanks_of(&question.stem);
    let wanted = question.stem.matches(BLANK).count();
    let blanks = if wanted <= 1 {
        some(answer)
    } else {
        parts_of(answer, &['；', ';', '\n'])
    };
    question.blanks = blanks.iter().map(|blank| parts_of(blank, &['|', '｜'])).collect();
    if wanted == 0 && !question.stem.is_empty() {
        return Err(("题干", "填空题的题干里没有空；空写成两个下划线 __".into()));
    }
    Ok(())
}

/// The parts between signs, without space around them; none is empty.
pub(super) fn parts_of(text: &str, signs: &[char]) -> Vec<String> {
    let parts = text.split(signs).map(str::trim).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

/// The kind that a person means.
pub(super) fn kind_of(written: &str) -> Option<Kind> {
    let written = tight(written);
    let has = |words: &[&str]| words.iter().any(|word| written.contains(word));
    Some(if has(&["单选", "单项"]) {
        Kind::Single
    } else if has(&["多选", "多项", "不定项"]) {
        Kind::Multiple
    } else if has(&["判断", "是非"]) {
        Kind::Judge
    } else if has(&["填空"]) {
        Kind::Fill
    } else if has(&["排序"]) {
        Kind::Order
    } else if has(&["连线", "匹配", "配对"]) {
        Kind::Match
    } else if has(&["简答", "问答", "论述", "主观"]) {
        Kind::Short
    } else {
        return None;
    })
}

fn some(text: &str) -> Vec<String> {
    if text.is_empty() {
        Vec::new()
    } else {
        vec![text.to_owned()]
    }
}

pub(super) fn put_options(question: &mut Question, options: &[&str]) {
    for (at, text) in options.iter().enumerate() {
        question.options.insert(key_at(at), (*text).to_owned());
    }
}

/// The keys of letters, with any marks between them; `None` when there is anything else.
pub(super) fn letters(text: &str) -> Option<Vec<String>> {
    let mut keys = Vec::new();
    for sign in tight(text).chars() {
        match sign {
            'A'..='J' => keys.push(key_at(usize::from(sign as u8 - b'A'))),
            ',' | '、' | ';' | '.' | '/' | '|' | '>' | '→' | '-' | '。' => {}
            _ => return None,
        }
    }
    Some(keys)
}

/// Right or wrong, as people write it.
pub(super) fn verdict(text: &str) -> Option<bool> {
    match tight(text).trim_end_matches(['。', '.']) {
        "对" | "正确" | "√" | "✓" | "✔" | "T" | "TRUE" | "是" | "Y" | "YES" | "1" => Some(true),
        "错" | "错误" | "不对" | "不正确" | "×" | "✕" | "✗" | "✘" | "X" | "F" | "FALSE" | "否" | "N"
        | "NO" | "0" => Some(false),
        _ => None,
    }
}

pub(super) fn level(text: &str) -> Option<u8> {
    match tight(text).as_str() {
        "" | "中" | "2" | "中等" | "一般" | "适中" => Some(2),
        "易" | "1" | "简单" | "容易" | "较易" => Some(1),
        "难" | "3" | "困难" | "较难" => Some(3),
        _ => None,
    }
}

/// A stem whose drawn blanks are ours: two underscores and more, of either width, and brackets
/// with nothing in them.
pub(super) fn blanks_of(stem: &str) -> String {
    let signs: Vec<char> = stem.chars().collect();
    let is_line = |sign: &char| matches!(sign, '_' | '＿');
    let mut out = String::new();
    let mut at = 0;
    while at < signs.len() {
        let lines = signs[at..].iter().take_while(|sign| is_line(sign)).count();
        let inside = signs[at + 1..]
            .iter()
            .take_while(|sign| sign.is_whitespace())
            .count();
        let empty = matches!(signs[at], '(' | '（') && matches!(signs.get(at + 1 + inside), Some(')' | '）'));
        if lines >= 2 {
            out.push_str(BLANK);
            at += lines;
        } else if empty {
            out.push_str(BLANK);
            at += inside + 2;
        } else {
            out.push(signs[at]);
            at += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::course::own::{DryRun, Verdict};
    use proptest::prelude::*;

    fn table(rows: &[&[&str]]) -> Table {
        let mut all = vec![Row {
            number: 1,
            cells: columns().into_iter().map(|column| column.heading).collect(),
        }];
        for (row, number) in rows.iter().zip(2..) {
            all.push(Row {
                number,
                cells: row.iter().map(|cell| (*cell).to_owned()).collect(),
            });
        }
        Table {
            name: "题库".into(),
            rows: all,
        }
    }

    #[test]
    fn what_people_write_is_understood() {
        let found = read(&[table(&[
            &[
                "单选题",
                "甲题",
                "一",
                "二",
                "",
                "",
                "",
                "",
                "Ｂ",
                "因为",
                "党章第一条",
                "难",
                "甲、乙",
            ],
            &["多选", "乙题", "一", "二", "三", "", "", "", "a、ｃ"],
            &["判断", "丙题", "", "", "", "", "", "", "√"],
            &["", "丁题", "", "", "", "", "", "", "错误。"],
            &[
                "填空",
                "年满____周岁，培养（　　）",
                "",
                "",
                "",
                "",
                "",
                "",
                "十八|18；一年",
            ],
            &["连线", "戊题", "党委 → 审批", "支部->讨论"],
            &["简答", "己题", "", "", "", "", "", "", "一\n二\n三"],
            &["排序", "庚题", "一", "二", "三", "", "", "", "C→A→B"],
            &["判断题", "辛题", "正确", "错误", "", "", "", "", "B"],
        ])]);
        assert_eq!(found.refused, []);
        let answers: Vec<(Kind, Vec<String>)> = found
            .drafts
            .iter()
            .map(|draft| (draft.question.kind, draft.question.answer_in_words()))
            .collect();
        let want = |kind, answers: &[&str]| (kind, answers.iter().map(|text| (*text).to_owned()).collect());
        assert_eq!(
            answers,
            [
                want(Kind::Single, &["二"]),
                want(Kind::Multiple, &["一", "三"]),
                want(Kind::Judge, &["正确"]),
                want(Kind::Judge, &["错误"]),
                want(Kind::Fill, &["十八", "一年"]),
                want(Kind::Match, &["党委 — 审批", "支部 — 讨论"]),
                want(Kind::Short, &["一", "二", "三"]),
                want(Kind::Order, &["三", "一", "二"]),
                want(Kind::Judge, &["错误"]),
            ]
        );
        let first = &found.drafts[0].question;
        assert_eq!((first.difficulty, first.points.len()), (3, 2));
        assert_eq!(first.cited, ["党章第一条"]);
        let run = DryRun::of(found);
        assert_eq!(run.count(Verdict::New), 9, "{run:?}");
    }

    #[test]
    fn what_is_wrong_has_row_and_field() {
        let found = read(&[table(&[
            &["谜语", "甲题", "", "", "", "", "", "", "对"],
            &["判断", "乙题", "", "", "", "", "", "", "也许"],
            &["单选", "丙题", "一", "二", "", "", "", "", "第一个"],
            &["填空", "没有空的题", "", "", "", "", "", "", "十八"],
            &["连线", "戊题", "党委审批", "支部->讨论"],
            &["单选", "己题", "一", "二", "", "", "", "", "A", "", "", "特别难"],
        ])]);
        let faults: Vec<_> = found
            .refused
            .iter()
            .map(|(_, fault)| (fault.row, fault.field))
            .collect();
        assert_eq!(
            faults,
            [(2, "题型"), (3, "答案"), (4, "答案"), (5, "题干"), (6, "选项")]
        );
        assert_eq!(found.drafts[0].doubts[0].field, "难度");
        let none = read(&[Table::default()]);
        assert_eq!(none.refused[0].1.field, "表头");
    }

    #[test]
    fn headings_stand_anywhere() {
        let row = |number, cells: &[&str]| Row {
            number,
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        };
        let table = Table {
            name: "x".into(),
            rows: vec![
                row(1, &["某党校题库"]),
                row(3, &["序号", "正确答案*", "Ａ", "选项 B", "题目"]),
                row(5, &["1", "A", "甲", "乙", "丙"]),
            ],
        };
        let found = read(&[Table::default(), table]);
        let draft = &found.drafts[0];
        assert_eq!((draft.row, draft.question.stem.as_str()), (5, "丙"));
        assert_eq!(draft.question.answer_in_words(), ["甲"]);
    }

    #[test]
    fn the_template_s_own_examples_are_understood() {
        let sheets = template();
        assert_eq!(sheets[0].columns.len(), 13);
        for row in &sheets[1].rows {
            match row[0].as_str() {
                "题型" => assert_eq!(row[2], "单选"),
                "答案：判断" => assert_eq!(verdict(&row[2]), Some(true)),
                "答案：排序" => assert_eq!(letters(&row[2]).unwrap().len(), 4),
                _ => {}
            }
        }
        assert_eq!(blanks_of("年满__周岁"), "年满＿＿周岁");
    }

    proptest! {
        #[test]
        fn nothing_breaks(cells in proptest::collection::vec("[A-D对错√_（） →;、a中\n]{0,8}", 0..13)) {
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            DryRun::of(read(&[table(&[&cells])]));
        }
    }
}
