//! What of a record stands in which section.

use super::{Annex, Blank, Cell, Column, Fact, LEFT_OUT, Part, Proof, Section, Table};
use crate::domain::record::{Body, Field, TrainingRecord};
use crate::domain::study::PracticeKind;
use crate::domain::study::progress::Figures;
use crate::domain::time::Date;
use crate::format::record::short_digest;

/// That self-study is no concentrated training; 细则 of 2026, Art. 17.
const SELF_DECLARED: &str =
    "学习时间为自报，不计入集中培训学时（《中国共产党发展党员工作细则》第十七条）。";

pub(super) fn annex(record: &TrainingRecord, proofs: &[Proof]) -> Annex {
    let body = &record.body;
    let mut sections = vec![
        Section {
            name: "基本情况",
            parts: vec![person(body)],
        },
        Section {
            name: "学习与自测",
            parts: study(body),
        },
        Section {
            name: "培养实践",
            parts: practice(body),
        },
        Section {
            name: "培养联系人",
            parts: mentors(body),
        },
        Section {
            name: "谈话",
            parts: talks(body),
        },
        Section {
            name: "个人小结",
            parts: vec![paragraphs(
                body.summary.as_deref(),
                body.left_out.contains(&Field::Summary),
            )],
        },
        Section {
            name: "未导出的内容",
            parts: vec![Part::Text(vec![left_out(body)])],
        },
    ];
    if !proofs.is_empty() {
        sections.push(Section {
            name: "电子签名",
            parts: signatures(proofs),
        });
    }
    sections.push(Section {
        name: "签字与意见",
        parts: blanks(),
    });
    Annex {
        mark: "附件（草稿）",
        title: "入党积极分子培养教育记录",
        about: vec![
            "由本人从学档导出，供整理培养教育考察档案时参考；不是《入党积极分子培养考察登记表》，不能代替它。"
                .into(),
        ],
        sections,
        foot: foot(record),
        made_at: body.made_at,
        name: body.person.name.clone(),
    }
}

fn foot(record: &TrainingRecord) -> Vec<String> {
    let made_at = record.body.made_at.rfc3339();
    let minute = made_at.get(11..16).unwrap_or_default();
    vec![
        format!(
            "导出时间 {} {minute}，校验值 {}。",
            record.body.made_at.date(),
            short_digest(record)
        ),
        "校验值只能发现改动，不能证明是谁填写；学习时间和实践时长为自报；自学不计入集中培训学时。本件不是官方文件。"
            .into(),
    ]
}

fn person(body: &Body) -> Part {
    let person = &body.person;
    let or_why = |value: Option<Cell>, field: Field| {
        value.unwrap_or(Cell::None(if body.left_out.contains(&field) {
            LEFT_OUT
        } else {
            "无"
        }))
    };
    Part::Facts(vec![
        Fact::new("姓名", Cell::Text(person.name.clone())),
        Fact::new("发展阶段", Cell::Text(person.stage.label().into())),
        Fact::wide("所在党支部", Cell::Text(person.branch.clone())),
        Fact::wide(
            Field::Number.label(),
            or_why(person.number.clone().map(Cell::Text), Field::Number),
        ),
        Fact::new(
            Field::Applied.label(),
            or_why(person.applied.map(Cell::Day), Field::Applied),
        ),
        Fact::new(
            Field::Confirmed.label(),
            or_why(person.confirmed.map(Cell::Day), Field::Confirmed),
        ),
    ])
}

fn day(day: Option<Date>) -> Cell {
    day.map_or(Cell::None("—"), Cell::Day)
}

fn number(number: u32) -> Cell {
    Cell::Number(number.into(), "")
}

fn column(heading: &'static str, width: u16) -> Column {
    Column {
        heading,
        second: "",
        width,
        left: false,
    }
}

fn pair(heading: &'static str, second: &'static str, width: u16) -> Column {
    Column {
        second,
        ..column(heading, width)
    }
}

fn text(heading: &'static str, width: u16) -> Column {
    Column {
        left: true,
        ..column(heading, width)
    }
}

fn noted(heading: &'static str, width: u16) -> Column {
    Column {
        second: "备注",
        ..text(heading, width)
    }
}

/// What stands for a part without lines.
fn nothing(was_exported: bool) -> Vec<Part> {
    let why = if was_exported { "无。" } else { "本人未导出。" };
    vec![Part::Text(vec![why.into()])]
}

fn figures(figures: &Figures) -> [Cell; 6] {
    [
        Cell::Pair(figures.lessons_read, figures.lessons),
        Cell::Pair(figures.answered, figures.questions),
        number(figures.correct),
        number(figures.attempts),
        day(figures.first),
        day(figures.last),
    ]
}

fn study(body: &Body) -> Vec<Part> {
    let Some(study) = &body.study else {
        return nothing(false);
    };
    let row = |title: &str, of: &Figures| {
        let mut row = vec![Cell::Text(title.into())];
        row.extend(figures(of));
        row
    };
    let total = &study.progress.total;
    let mut parts = vec![
        Part::Table(Table {
            columns: vec![
                text("模块", 24),
                pair("已读", "课数", 18),
                pair("已答", "题数", 21),
                column("最近答对", 16),
                column("累计作答", 16),
                column("首次学习", 24),
                column("最近学习", 24),
            ],
            rows: study
                .progress
                .modules
                .iter()
                .map(|module| row(&module.title, &module.figures))
                .collect(),
            sum: Some(row("合计", total)),
        }),
        Part::Facts(vec![
            Fact::new(
                "最近答对率",
                total.accuracy().map_or(Cell::None("—"), Cell::Percent),
            ),
            Fact::new("学习天数（自报）", Cell::Number(study.days.into(), "天")),
            Fact::new("待重新确认", Cell::Number(total.to_reconfirm.into(), "课（题）")),
            Fact::new("课程版本", Cell::Text(study.course.clone())),
        ]),
    ];
    if total.to_reconfirm > 0 {
        parts.push(Part::Note(
            "待重新确认：学过以后内容已更新的课和题，不计入已读、已答。".into(),
        ));
    }
    parts.push(Part::Note(SELF_DECLARED.into()));
    parts
}

fn practice(body: &Body) -> Vec<Part> {
    let lines = match &body.practice {
        Some(lines) if !lines.is_empty() => lines,
        other => return nothing(other.is_some()),
    };
    let rows = lines.iter().map(|line| {
        vec![
            Cell::Day(line.date),
            Cell::Text(line.kind.label().into()),
            Cell::Noted(line.title.clone(), line.notes.clone()),
            line.place.clone().map_or(Cell::None("无"), Cell::Text),
            number(line.minutes),
        ]
    });
    let table = Table {
        columns: vec![
            column("日期", 13),
            column("类别", 9),
            noted("内容", 22),
            text("组织单位或地点", 15),
            column("自报分钟", 9),
        ],
        rows: rows.collect(),
        sum: None,
    };
    let mut facts = vec![
        Fact::new("次数", Cell::Number(lines.len() as u64, "次")),
        Fact::new("时长（自报）", Cell::Number(body.practice_minutes(), "分钟")),
    ];
    let kinds = kinds(body);
    if !kinds.is_empty() {
        facts.push(Fact::wide("分类合计", Cell::Text(kinds)));
    }
    vec![
        Part::Table(table),
        Part::Facts(facts),
        Part::Note("实践时长为自报，不计入集中培训学时。".into()),
    ]
}

/// Practice by kind, in a sentence: only the kinds that there are.
fn kinds(body: &Body) -> String {
    let sums = PracticeKind::ALL.into_iter().filter_map(|kind| {
        let lines = || body.practice.iter().flatten().filter(|line| line.kind == kind);
        let minutes: u64 = lines().map(|line| u64::from(line.minutes)).sum();
        let count = lines().count();
        (count > 0).then(|| format!("{} {count} 次、{minutes} 分钟", kind.label()))
    });
    sums.collect::<Vec<_>>().join("；")
}

fn mentors(body: &Body) -> Vec<Part> {
    let lines = match &body.mentors {
        Some(lines) if !lines.is_empty() => lines,
        other => return nothing(other.is_some()),
    };
    let rows = lines
        .iter()
        .map(|line| vec![Cell::Text(line.name.clone()), day(line.since), day(line.until)]);
    vec![Part::Table(Table {
        columns: vec![text("姓名", 20), column("起", 12), column("止", 12)],
        rows: rows.collect(),
        sum: None,
    })]
}

fn talks(body: &Body) -> Vec<Part> {
    let lines = match &body.talks {
        Some(lines) if !lines.is_empty() => lines,
        other => return nothing(other.is_some()),
    };
    let rows = lines.iter().map(|line| {
        vec![
            Cell::Day(line.date),
            Cell::Text(line.mentor.clone()),
            Cell::Text(line.form.label().into()),
            Cell::Noted(line.topic.clone(), line.notes.clone()),
        ]
    });
    let table = Table {
        columns: vec![
            column("日期", 13),
            column("培养联系人", 12),
            column("形式", 6),
            noted("主题", 36),
        ],
        rows: rows.collect(),
        sum: None,
    };
    let count = Fact::wide("次数", Cell::Number(lines.len() as u64, "次"));
    vec![Part::Table(table), Part::Facts(vec![count])]
}

fn paragraphs(text: Option<&str>, is_left_out: bool) -> Part {
    let none = if is_left_out { "本人未导出。" } else { "无。" };
    let text = text.filter(|text| !text.trim().is_empty()).unwrap_or(none);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    Part::Text(lines.map(str::to_owned).collect())
}

fn left_out(body: &Body) -> String {
    if body.left_out.is_empty() {
        return "本人填写的内容已全部导出。".into();
    }
    let labels: Vec<_> = body.left_out.iter().map(|field| field.label()).collect();
    format!("本人有、但选择不导出的内容：{}。", labels.join("、"))
}

fn signatures(proofs: &[Proof]) -> Vec<Part> {
    let rows = proofs.iter().map(|proof| {
        vec![
            Cell::Text(proof.role.clone()),
            Cell::Text(proof.name.clone()),
            day(proof.date),
            proof.opinion.clone().map_or(Cell::None("无"), Cell::Text),
            Cell::Text(proof.fingerprint.clone()),
            Cell::Text(if proof.holds { "相符" } else { "不符" }.into()),
        ]
    });
    let table = Table {
        columns: vec![
            column("身份", 10),
            column("姓名", 9),
            column("日期", 12),
            text("意见", 19),
            text("密钥指纹", 16),
            column("校验", 6),
        ],
        rows: rows.collect(),
        sum: None,
    };
    vec![
        Part::Table(table),
        Part::Note(
            "电子签名只能证明签名以后没有改动；签名的是谁，要当面核对密钥指纹。它不代替手写签字和盖章。".into(),
        ),
    ]
}

fn blanks() -> Vec<Part> {
    let boxes = [
        ("本人签字", "签名："),
        ("培养联系人意见", "签名："),
        ("党支部意见", "签名（盖章）："),
    ];
    vec![
        Part::Note("以下由本人、培养联系人、党支部各自手写，他人不得代写。".into()),
        Part::Blanks(boxes.map(|(label, sign)| Blank { label, sign }).into()),
    ]
}
