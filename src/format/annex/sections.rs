//! What of a record stands in which section.

use super::{Annex, Blank, Cell, Column, Fact, LEFT_OUT, Part, Proof, Section, Table};
use crate::domain::record::{Body, Field, TrainingRecord};
use crate::domain::study::PracticeKind;
use crate::domain::study::progress::Figures;
use crate::domain::time::Date;
use crate::format::record::short_digest;

/// That self-study is no concentrated training; 细则 of 2026, Art. 17.
const SELF_DECLARED: &str = "学习时间为自报，不计入集中培训学时（《中国共产党发展党员工作细则》第十七条）。";

pub(super) fn annex(record: &TrainingRecord, proofs: &[Proof]) -> Annex {
    let body = &record.body;
    let mut sections = vec![
        Section {
            name: "基本情况",
            parts: vec![person(body)],
        },
        Section {
            name: "学习与自测",
            parts: study(record),
        },
        Section {
            name: "题库版本与重新确认",
            parts: banks(record),
        },
        Section {
            name: "学习时间",
            parts: time(record),
        },
        Section {
            name: "模拟考试",
            parts: exams(record),
        },
        Section {
            name: "培养实践",
            parts: practice(record),
        },
        Section {
            name: "培养联系人",
            parts: mentors(record),
        },
        Section {
            name: "谈话",
            parts: talks(record),
        },
        Section {
            name: "思想汇报",
            parts: reports(record),
        },
        Section {
            name: "个人小结",
            parts: summary(body),
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
        closing: closing(record),
        made_at: body.made_at,
        name: body.person.name.clone().unwrap_or_default(),
    }
}

fn closing(record: &TrainingRecord) -> Vec<String> {
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
        Fact::new(
            Field::Name.label(),
            or_why(person.name.clone().map(Cell::Text), Field::Name),
        ),
        Fact::new(
            Field::Stage.label(),
            or_why(
                person.stage.map(|stage| Cell::Text(stage.label().into())),
                Field::Stage,
            ),
        ),
        Fact::wide(
            Field::Branch.label(),
            or_why(person.branch.clone().map(Cell::Text), Field::Branch),
        ),
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

/// The lines of a part; where there are none, what stands for them.
fn lines_of<'a, T>(
    record: &TrainingRecord,
    field: Field,
    lines: Option<&'a Vec<T>>,
) -> Result<&'a [T], Vec<Part>> {
    match lines {
        Some(lines) if !lines.is_empty() => Ok(lines),
        Some(_) => Err(sentence("无。")),
        None => Err(absent(record, field)),
    }
}

/// What stands for a part that the record does not have.
fn absent(record: &TrainingRecord, field: Field) -> Vec<Part> {
    if record.version < field.since() {
        earlier()
    } else {
        sentence("本人未导出。")
    }
}

/// What stands for a part that records had not yet when this one was made.
fn earlier() -> Vec<Part> {
    sentence("这份记录由旧版学档导出，没有这一项。")
}

fn sentence(text: &str) -> Vec<Part> {
    vec![Part::Text(vec![text.into()])]
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

fn study(record: &TrainingRecord) -> Vec<Part> {
    let Some(study) = &record.body.study else {
        return absent(record, Field::Study);
    };
    let row = |title: &str, of: &Figures| {
        let mut row = vec![Cell::Text(title.into())];
        row.extend(figures(of));
        row
    };
    let (modules, total) = (&study.progress.modules, &study.progress.total);
    vec![
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
            rows: modules
                .iter()
                .map(|module| row(&module.title, &module.figures))
                .collect(),
            sum: Some(row("合计", total)),
        }),
        Part::Facts(vec![
            Fact::new("最近答对率", share(total.accuracy())),
            Fact::new("学习天数（自报）", Cell::Number(study.days.into(), "天")),
            Fact::new("待重新确认", Cell::Number(total.to_reconfirm.into(), "课（题）")),
            Fact::new("课程版本", Cell::Text(study.course.clone())),
        ]),
        Part::Note("待重新确认：学过、答过以后内容已更新，不计入已读、已答。".into()),
        Part::Note(SELF_DECLARED.into()),
    ]
}

fn banks(record: &TrainingRecord) -> Vec<Part> {
    let progress = match &record.body.study {
        None => return absent(record, Field::Study),
        // Records of version 1 do not say it.
        Some(study) if study.progress.total.answers_to_reconfirm.is_none() => return earlier(),
        Some(study) => &study.progress,
    };
    let row = |title: &str, bank: &str, of: &Figures| {
        let answers = of.answers_to_reconfirm.unwrap_or_default();
        vec![
            Cell::Text(title.into()),
            match bank {
                "" => Cell::None("—"),
                bank => Cell::Text(bank.into()),
            },
            number(of.to_reconfirm.saturating_sub(answers)),
            number(answers),
            share(of.confirmed()),
        ]
    };
    let table = Table {
        columns: vec![
            text("模块", 24),
            column("题库版本", 16),
            column("待确认课", 9),
            column("待确认题", 9),
            column("已确认", 8),
        ],
        rows: progress
            .modules
            .iter()
            .map(|module| row(&module.title, &module.bank, &module.figures))
            .collect(),
        sum: Some(row("合计", "", &progress.total)),
    };
    vec![
        Part::Table(table),
        Part::Note("已确认：答过的题里，作答针对现有内容的比例。".into()),
    ]
}

fn share(share: Option<u32>) -> Cell {
    share.map_or(Cell::None("—"), Cell::Percent)
}

fn time(record: &TrainingRecord) -> Vec<Part> {
    let Some(time) = &record.body.time else {
        return absent(record, Field::Time);
    };
    let fact = |label, count: u32, unit| Fact::new(label, Cell::Number(count.into(), unit));
    vec![
        Part::Facts(vec![
            fact("累计（自报）", time.minutes, "分钟"),
            fact("学习天数", time.days, "天"),
            fact("学习时段", time.sessions, "个"),
            fact("期间作答", time.answers, "次"),
        ]),
        Part::Note(
            "课文在屏幕上、一分钟内有操作才计，每次打开最多计建议时间的三倍，每天最多 8 小时；时段按钟点计，同一天里相连的钟点算一个。"
                .into(),
        ),
        Part::Note(SELF_DECLARED.into()),
    ]
}

fn exams(record: &TrainingRecord) -> Vec<Part> {
    let lines = match lines_of(record, Field::Exams, record.body.exams.as_ref()) {
        Ok(lines) => lines,
        Err(parts) => return parts,
    };
    let rows = lines.iter().map(|line| {
        let (minutes, seconds) = (line.used_seconds / 60, line.used_seconds % 60);
        vec![
            Cell::Day(line.date),
            Cell::Text(line.title.clone()),
            Cell::Halves(line.half_points),
            number(line.points),
            number(line.pass),
            Cell::Text(if line.passed { "及格" } else { "不及格" }.into()),
            Cell::Text(format!("{minutes} 分 {seconds} 秒")),
            Cell::Number(line.minutes.into(), "分钟"),
        ]
    });
    let table = Table {
        columns: vec![
            column("日期", 24),
            text("卷面", 28),
            column("得分", 13),
            column("满分", 13),
            column("及格分", 14),
            column("结果", 14),
            column("用时", 21),
            column("限时", 16),
        ],
        rows: rows.collect(),
        sum: None,
    };
    let passed = record.body.exams_passed() as u64;
    vec![
        Part::Table(table),
        Part::Facts(vec![
            Fact::new("场次", Cell::Number(lines.len() as u64, "场")),
            Fact::new("其中及格", Cell::Number(passed, "场")),
        ]),
        Part::Note("本人自己做的模拟考试，不是组织的考试。".into()),
    ]
}

fn reports(record: &TrainingRecord) -> Vec<Part> {
    let lines = match lines_of(record, Field::Reports, record.body.reports.as_ref()) {
        Ok(lines) => lines,
        Err(parts) => return parts,
    };
    let rows = lines
        .iter()
        .map(|line| vec![Cell::Day(line.date), Cell::Text(line.title.clone())]);
    let table = Table {
        columns: vec![column("日期", 13), text("标题", 54)],
        rows: rows.collect(),
        sum: None,
    };
    let count = Fact::wide("篇数", Cell::Number(lines.len() as u64, "篇"));
    let mut parts = vec![Part::Table(table), Part::Facts(vec![count])];
    for line in lines {
        let Some(text) = &line.text else { continue };
        let mut whole = vec![format!("【{}　{}】", line.date, line.title)];
        whole.extend(paragraphs(text));
        parts.push(Part::Text(whole));
    }
    parts
}

fn practice(record: &TrainingRecord) -> Vec<Part> {
    let body = &record.body;
    let lines = match lines_of(record, Field::Practice, body.practice.as_ref()) {
        Ok(lines) => lines,
        Err(parts) => return parts,
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
    vec![
        Part::Table(table),
        Part::Facts(vec![
            Fact::new("次数", Cell::Number(lines.len() as u64, "次")),
            Fact::new("时长（自报）", Cell::Number(body.practice_minutes(), "分钟")),
            Fact::wide("分类合计", Cell::Text(kinds(body))),
        ]),
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

fn mentors(record: &TrainingRecord) -> Vec<Part> {
    let lines = match lines_of(record, Field::Mentors, record.body.mentors.as_ref()) {
        Ok(lines) => lines,
        Err(parts) => return parts,
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

fn talks(record: &TrainingRecord) -> Vec<Part> {
    let lines = match lines_of(record, Field::Talks, record.body.talks.as_ref()) {
        Ok(lines) => lines,
        Err(parts) => return parts,
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

fn summary(body: &Body) -> Vec<Part> {
    match &body.summary {
        Some(text) if !text.trim().is_empty() => vec![Part::Text(paragraphs(text).collect())],
        _ if body.left_out.contains(&Field::Summary) => sentence("本人未导出。"),
        _ => sentence("无。"),
    }
}

fn paragraphs(text: &str) -> impl Iterator<Item = String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(str::to_owned)
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
            "电子签名只能证明签名以后没有改动；签名的是谁，要当面核对密钥指纹。它不代替手写签字和盖章。"
                .into(),
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
