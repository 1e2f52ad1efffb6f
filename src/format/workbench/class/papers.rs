//! The papers of a class: its list, across, and a sheet for each person. They are annexes and drafts and
//! say so; no look-alike of an official form (rules Art. 42), and no opinion stands in them that nobody
//! typed (Art. 41).

use super::super::{Answer, Outcome};
use super::{Papers, find};
use crate::domain::branch::{Field, PersonId};
use crate::domain::time::{Date, Moment};
use crate::domain::workbench::{ALONE, Class, Preparation, Pupil, Workbench};
use crate::format::annex::{self, Annex, Cell, Fact, Part, Section, Table};
use crate::format::docx::{Blank, Column, Lies, Paper, Stands, Style};
use serde_json::json;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What kind of papers they are.
const MARK: &str = "附件（草稿）";
/// What a list is called.
const LIST: &str = "短期集中培训班名单";
/// What a sheet is called.
const SHEET: &str = "短期集中培训情况";
/// What both say of themselves.
const ABOUT: &str = "由学档按党组织工作人员录入的内容生成，是附件和草稿，不是规定的格式文本；出勤、成绩、鉴定和是否结业都由人填写，签字、日期和盖章处留空，由有关的人亲笔填写。";
/// What both say of what was studied alone.
const APART: &str = "标明“自学（自报）”的内容来自本人交来的培养记录，由本人申报，只供了解准备情况，不是集中培训，不折算、不计入培训天数和学时。";

/// Somebody as papers show the person.
struct Line<'a> {
    pupil: &'a Pupil,
    person: Option<u32>,
    alone: Option<&'a Preparation>,
}

/// Makes a paper.
///
/// # Errors
/// What the person reads.
pub(super) fn write(work: &Workbench, word: &str, asked: &Papers, now: Moment) -> Answer {
    let class = find(work, &asked.class)?;
    let only = match &asked.only {
        Some(text) => Some(PersonId::parse(text).ok_or("没有这个人，请刷新本页")?),
        None => None,
    };
    let lines: Vec<Line<'_>> = class
        .pupils
        .iter()
        .filter(|pupil| only.as_ref().is_none_or(|only| *only == pupil.person))
        .map(|pupil| {
            let person = work.people.find(&pupil.person);
            let holder = person.and_then(|person| work.people.holder(person));
            Line {
                pupil,
                person,
                alone: holder.and_then(|holder| asked.alone.get(&holder.0)),
            }
        })
        .collect();
    if lines.is_empty() {
        return Err("班里还没有人，请先加入学员".into());
    }
    let (bytes, kind) = match word {
        "list-docx" => (list_docx(work, class, &lines, now)?, DOCX),
        "list-xlsx" => (annex::xlsx::write(&book(work, class, &lines, now))?, XLSX),
        _ => (sheets(work, class, &lines, now)?, DOCX),
    };
    Ok(Outcome {
        text: json!(lines.len()).to_string(),
        file: Some((bytes, kind)),
        ..Outcome::default()
    })
}

impl Line<'_> {
    fn words(&self, work: &Workbench, field: Field) -> String {
        self.person
            .map(|person| work.people.shown(person, field))
            .unwrap_or_default()
    }

    /// Year and month of birth, as the form asks.
    fn birth(&self, work: &Workbench) -> String {
        let when = self
            .person
            .and_then(|person| work.people.when(person, Field::Birth));
        match when.map(crate::domain::branch::When::split) {
            Some((year, 0, _)) => format!("{year}"),
            Some((year, month, _)) => format!("{year}-{month:02}"),
            None => String::new(),
        }
    }

    fn listed(&self, work: &Workbench, today: Date) -> Option<Date> {
        let person = self.person?;
        work.ledger(person).milestones(today).listed
    }

    /// Whether it was completed, as people have said; empty where nobody has.
    fn completed(&self) -> &'static str {
        match self.pupil.line.completed {
            Some(true) => "结业",
            Some(false) => "未结业",
            None => "",
        }
    }

    /// What was studied alone: the time and the rest, in words.
    fn alone(&self) -> (String, String) {
        match self.alone {
            Some(alone) => (
                alone.time(),
                format!("{}（{} 的记录）", alone.words(), alone.made),
            ),
            None => ("没有记录".into(), "没有记录".into()),
        }
    }
}

fn days_of(class: &Class) -> String {
    if class.from == class.until {
        class.from.chinese()
    } else {
        format!("{}至{}", class.from.chinese(), class.until.chinese())
    }
}

fn typed(value: Option<u16>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// What the class is, in a line for each fact.
fn facts(class: &Class) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("班次名称", class.name.clone()),
        ("主办单位", class.organiser.clone()),
        ("培训时间", days_of(class)),
        ("计划学时", format!("{} 学时", class.hours)),
    ];
    if !class.place.is_empty() {
        facts.push(("培训地点", class.place.clone()));
    }
    facts
}

/// The figures of the class: of what was typed in it, and of nothing else.
fn figures(class: &Class) -> String {
    let sums = class.sums();
    format!(
        "共 {} 人，已填写 {} 人；填写结业 {} 人，未结业 {} 人。",
        sums.pupils, sums.typed, sums.completed, sums.not_completed
    )
}

fn list_docx(work: &Workbench, class: &Class, lines: &[Line<'_>], now: Moment) -> Result<Vec<u8>, String> {
    let mut paper = Paper::new(&format!("{LIST}{MARK}"), Lies::Across, now);
    paper.paragraph(Style::Mark, MARK, Stands::WithNext);
    paper.paragraph(Style::Title, LIST, Stands::WithNext);
    for (label, value) in facts(class) {
        paper.paragraph(Style::About, &format!("{label}：{value}"), Stands::WithNext);
    }
    paper.paragraph(Style::About, ABOUT, Stands::WithNext);
    let column = |heading, width, left| Column { heading, width, left };
    let columns = [
        column("序号", 5, false),
        column("姓名", 9, false),
        column("性别", 5, false),
        column("民族", 7, false),
        column("出生年月", 9, false),
        column("所在党支部", 19, true),
        column("列为发展对象", 12, false),
        column("出勤天数", 6, false),
        column("出勤学时", 6, false),
        column("成绩", 8, false),
        column("是否结业", 8, false),
        column(ALONE, 14, true),
    ];
    let rows: Vec<Vec<String>> = lines
        .iter()
        .zip(1..)
        .map(|(line, number): (_, usize)| {
            let typed_line = &line.pupil.line;
            vec![
                number.to_string(),
                line.words(work, Field::Name),
                line.words(work, Field::Sex),
                line.words(work, Field::Ethnicity),
                line.birth(work),
                line.words(work, Field::Branch),
                line.listed(work, now.date())
                    .map(|day| day.to_string())
                    .unwrap_or_default(),
                typed(typed_line.days),
                typed(typed_line.hours),
                typed_line.mark.clone(),
                line.completed().to_owned(),
                line.alone().0,
            ]
        })
        .collect();
    paper.table(&columns, &rows);
    paper.paragraph(Style::Note, &figures(class), Stands::Free);
    paper.paragraph(Style::Note, APART, Stands::WithNext);
    paper.filled(
        &[(
            Blank {
                label: "培训单位",
                sign: "（盖章）",
            },
            "",
        )],
        26,
    );
    paper.finish()
}

/// A sheet for each person, on a page of its own.
fn sheets(work: &Workbench, class: &Class, lines: &[Line<'_>], now: Moment) -> Result<Vec<u8>, String> {
    let mut paper = Paper::new(&format!("{SHEET}{MARK}"), Lies::Upright, now);
    for (line, at) in lines.iter().zip(0..) {
        let first = if at == 0 {
            Stands::WithNext
        } else {
            Stands::NewPage
        };
        paper.paragraph(Style::Mark, MARK, first);
        paper.paragraph(Style::Title, SHEET, Stands::WithNext);
        let typed_line = &line.pupil.line;
        let or_none = |text: String| if text.is_empty() { "无".to_owned() } else { text };
        let pair = |one: (&'static str, String), other: (&'static str, String)| vec![one, other];
        let hours = |hours: Option<u16>| hours.map(|hours| format!("{hours} 学时")).unwrap_or_default();
        let days = |days: Option<u16>| days.map(|days| format!("{days} 天")).unwrap_or_default();
        paper.facts(&[
            pair(
                ("姓名", line.words(work, Field::Name)),
                ("性别", line.words(work, Field::Sex)),
            ),
            pair(
                ("民族", line.words(work, Field::Ethnicity)),
                ("出生年月", line.birth(work)),
            ),
            pair(
                ("所在党支部", line.words(work, Field::Branch)),
                ("学历", line.words(work, Field::Education)),
            ),
            vec![("班次名称", class.name.clone())],
            pair(
                ("主办单位", class.organiser.clone()),
                ("培训地点", or_none(class.place.clone())),
            ),
            pair(
                ("培训时间", days_of(class)),
                ("计划学时", format!("{} 学时", class.hours)),
            ),
            pair(
                ("出勤天数", days(typed_line.days)),
                ("出勤学时", hours(typed_line.hours)),
            ),
            pair(
                ("成绩", typed_line.mark.clone()),
                ("是否结业", line.completed().to_owned()),
            ),
        ]);
        paper.paragraph(Style::Gap, "", Stands::WithNext);
        let blank = |label, sign| Blank { label, sign };
        paper.filled(
            &[
                (blank("个人总结", "本人签名："), ""),
                (
                    blank("培训单位鉴定", "负责人签名（盖章）："),
                    typed_line.appraisal.as_str(),
                ),
            ],
            34,
        );
        let (time, words) = line.alone();
        paper.paragraph(Style::Note, &format!("{ABOUT}{APART}"), Stands::WithNext);
        paper.paragraph(
            Style::Note,
            &format!("{ALONE}：自学时间 {time}；{words}。"),
            Stands::Free,
        );
    }
    paper.finish()
}

/// The class as a workbook: the list, the appraisals, and what was studied alone on a sheet of its own.
fn book(work: &Workbench, class: &Class, lines: &[Line<'_>], now: Moment) -> Annex {
    let column = |heading| annex::Column {
        heading,
        second: "",
        width: 1,
        left: true,
        names: ["", ""],
    };
    let text = Cell::Text;
    let number = |value: Option<u16>| match value {
        Some(value) => Cell::Number(value.into(), ""),
        None => Cell::None(""),
    };
    let table = |headings: &[&'static str], rows: Vec<Vec<Cell>>| {
        Part::Table(Table {
            columns: headings.iter().map(|heading| column(heading)).collect(),
            rows,
            sum: None,
        })
    };
    let list = lines.iter().zip(1..).map(|(line, at)| {
        let typed_line = &line.pupil.line;
        vec![
            Cell::Number(at, ""),
            text(line.words(work, Field::Name)),
            text(line.words(work, Field::Sex)),
            text(line.words(work, Field::Ethnicity)),
            text(line.birth(work)),
            text(line.words(work, Field::Branch)),
            line.listed(work, now.date()).map_or(Cell::None(""), Cell::Day),
            number(typed_line.days),
            number(typed_line.hours),
            text(typed_line.mark.clone()),
            text(line.completed().into()),
        ]
    });
    let list = table(
        &[
            "序号",
            "姓名",
            "性别",
            "民族",
            "出生年月",
            "所在党支部",
            "列为发展对象时间",
            "出勤天数",
            "出勤学时",
            "成绩",
            "是否结业",
        ],
        list.collect(),
    );
    let appraisals = lines.iter().zip(1..).map(|(line, at)| {
        let typed_line = &line.pupil.line;
        vec![
            Cell::Number(at, ""),
            text(line.words(work, Field::Name)),
            text(line.words(work, Field::Branch)),
            text(typed_line.appraisal.clone()),
        ]
    });
    let appraisals = table(
        &["序号", "姓名", "所在党支部", "培训单位鉴定"],
        appraisals.collect(),
    );
    let alone = lines.iter().zip(1..).map(|(line, at)| {
        let (time, words) = line.alone();
        vec![
            Cell::Number(at, ""),
            text(line.words(work, Field::Name)),
            text(line.words(work, Field::Branch)),
            text(time),
            text(words),
        ]
    });
    let alone = table(
        &["序号", "姓名", "所在党支部", ALONE, "学习情况"],
        alone.collect(),
    );
    let particulars = facts(class).into_iter();
    let particulars = particulars.map(|(label, value)| Fact::wide(label, Cell::Text(value)));
    let section = |name, parts| Section { name, parts };
    Annex {
        mark: MARK,
        title: LIST,
        about: vec![ABOUT.into(), APART.into()],
        sections: vec![
            section("名单", vec![list]),
            section("鉴定", vec![appraisals]),
            section("自学（不计入学时）", vec![alone]),
            section(
                "班次",
                vec![Part::Facts(particulars.collect()), Part::Note(figures(class))],
            ),
        ],
        closing: Vec::new(),
        made_at: now,
        name: class.name.clone(),
    }
}
