//! Records received from others: a mentor's mentees, a branch's register.
//!
//! A received record is an event and never edited; the register is the fold. Importing is planned
//! first ([`Register::plan`]), shown, and only then done.

use crate::domain::record::{Field, StudyPart, TrainingRecord};
use crate::domain::sort_by;
use crate::domain::study::progress::{Figures, StudyTime};
use crate::domain::study::{Event, EventId, Stage};
use crate::domain::time::Moment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What happens in a register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Receipt {
    /// A record was received.
    Received {
        /// Name of the file.
        file: String,
        /// The record, verified before.
        record: Box<TrainingRecord>,
    },
}

/// People by holder id, with the newest record of each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    /// Everybody known.
    pub people: BTreeMap<EventId, Member>,
}

/// A person as the register knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The newest record.
    pub record: TrainingRecord,
    /// When and from which file the newest was received.
    pub received: Moment,
    /// Its file.
    pub file: String,
    /// Digests of all records received, with the key material to delete them: event id and seq.
    pub history: Vec<Seen>,
}

/// A record that was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Digest of the whole.
    pub whole: String,
    /// When it was made.
    pub made_at: Moment,
    /// When it was received.
    pub received: Moment,
    /// From which file.
    pub file: String,
    /// Its event.
    pub event: EventId,
    /// Its event's number.
    pub seq: u64,
}

impl Register {
    /// Folds one event in.
    pub fn apply(&mut self, event: &Event<Receipt>) {
        let Receipt::Received { file, record } = &event.what;
        let seen = Seen {
            whole: record.digest.whole.clone(),
            made_at: record.body.made_at,
            received: event.at,
            file: file.clone(),
            event: event.id.clone(),
            seq: event.seq,
        };
        match self.people.get_mut(&record.body.holder) {
            None => {
                let member = Member {
                    record: (**record).clone(),
                    received: event.at,
                    file: file.clone(),
                    history: vec![seen],
                };
                self.people.insert(record.body.holder.clone(), member);
            }
            Some(member) => {
                member.history.push(seen);
                if newer(record, &member.record) {
                    member.record = (**record).clone();
                    member.received = event.at;
                    member.file.clone_from(file);
                }
            }
        }
    }

    /// Everybody, by branch and name.
    pub fn sorted(&self) -> Vec<(&EventId, &Member)> {
        let mut all: Vec<_> = self.people.iter().collect();
        sort_by(&mut all, |(one_id, one), (other_id, other)| {
            let (one, other) = (&one.record.body.person, &other.record.body.person);
            (&one.branch, &one.name, one_id).cmp(&(&other.branch, &other.name, other_id))
        });
        all
    }

    /// Plans an import without doing it: one row for each file, in their order.
    pub fn plan(&self, files: Vec<(String, Result<TrainingRecord, String>)>) -> Plan {
        let mut rows: Vec<Row> = Vec::with_capacity(files.len());
        for (file, read) in files {
            let row = match read {
                Err(reason) => Row {
                    file,
                    record: None,
                    verdict: Verdict::Refused(reason),
                    take: false,
                },
                Ok(record) => {
                    let verdict = self.judge(&record, &rows);
                    Row {
                        file,
                        take: verdict.taken_by_default(),
                        verdict,
                        record: Some(record),
                    }
                }
            };
            rows.push(row);
        }
        Plan { rows }
    }

    fn judge(&self, record: &TrainingRecord, before: &[Row]) -> Verdict {
        let body = &record.body;
        let known = self.people.get(&body.holder);
        let seen_here = |whole: &str| {
            before
                .iter()
                .filter_map(|row| row.record.as_ref())
                .any(|other| other.digest.whole == whole)
        };
        if known.is_some_and(|member| {
            member
                .history
                .iter()
                .any(|seen| seen.whole == record.digest.whole)
        }) || seen_here(&record.digest.whole)
        {
            return Verdict::Same;
        }
        let planned = before
            .iter()
            .filter_map(|row| row.record.as_ref())
            .filter(|other| other.body.holder == body.holder);
        let newest = planned
            .chain(known.map(|member| &member.record))
            .reduce(|a, b| if newer(b, a) { b } else { a });
        if let Some(newest) = newest {
            if !newer(record, newest) {
                return Verdict::Older;
            }
            return if known.is_some() {
                Verdict::Update
            } else {
                Verdict::New
            };
        }
        let namesake = |other: &TrainingRecord| {
            body.person.name.is_some()
                && other.body.person.name == body.person.name
                && other.body.person.branch == body.person.branch
                && other.body.holder != body.holder
        };
        let others = self.people.values().map(|member| &member.record);
        if others
            .chain(before.iter().filter_map(|row| row.record.as_ref()))
            .any(namesake)
        {
            return Verdict::Doubtful;
        }
        Verdict::New
    }
}

/// Whether `a` was made after `b`; of two made in the same second, one order for every device.
fn newer(a: &TrainingRecord, b: &TrainingRecord) -> bool {
    (a.body.made_at.ms, &a.digest.whole) > (b.body.made_at.ms, &b.digest.whole)
}

/// What an import would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// One for each file.
    pub rows: Vec<Row>,
}

/// What would become of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub file: String,
    /// The record in it.
    pub record: Option<TrainingRecord>,
    /// What the register makes of it.
    pub verdict: Verdict,
    /// Whether it will be taken.
    pub take: bool,
}

/// What the register makes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A person not known before.
    New,
    /// A newer record of a known person.
    Update,
    /// Received before: importing changes nothing.
    Same,
    /// Older than what is known; the newer stands.
    Older,
    /// Somebody of that name and branch is there already under another id: the secretary decides.
    Doubtful,
    /// Not a sound record, and why.
    Refused(String),
}

impl Verdict {
    /// What a reader sees.
    pub fn label(&self) -> &'static str {
        match self {
            Self::New => "新增",
            Self::Update => "更新",
            Self::Same => "已有，不变",
            Self::Older => "旧于已有，不变",
            Self::Doubtful => "疑似同一人，请确认",
            Self::Refused(_) => "未导入",
        }
    }

    /// Its name in markup and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Update => "update",
            Self::Same => "same",
            Self::Older => "older",
            Self::Doubtful => "doubtful",
            Self::Refused(_) => "refused",
        }
    }

    /// Whether it is taken unless the secretary says otherwise.
    pub fn taken_by_default(&self) -> bool {
        matches!(self, Self::New | Self::Update)
    }

    /// Whether the secretary may decide.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::New | Self::Update | Self::Doubtful)
    }
}

impl Plan {
    /// What happens when it is done.
    pub fn receipts(&self) -> Vec<Receipt> {
        self.rows
            .iter()
            .filter(|row| row.take && row.verdict.is_open())
            .filter_map(|row| {
                let record = Box::new(row.record.clone()?);
                Some(Receipt::Received {
                    file: row.file.clone(),
                    record,
                })
            })
            .collect()
    }

    /// How many rows have that verdict.
    pub fn count(&self, code: &str) -> usize {
        self.rows.iter().filter(|row| row.verdict.code() == code).count()
    }
}

/// A person's line in the register: the screen's table and the CSV file both show these cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterRow {
    /// One for each of [`Self::COLUMNS`].
    pub cells: [Cell; RegisterRow::COLUMNS.len()],
}

/// A cell of the register. Cells sort: what is absent first, then numbers, then text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// There is nothing, and why: 未导出, 旧版无此项, 无, —.
    Absent(&'static str),
    /// A count.
    Number(u64),
    /// A word or a day.
    Text(String),
}

impl RegisterRow {
    /// The columns: name in markup, heading.
    pub const COLUMNS: [(&str, &str); 23] = [
        ("name", "姓名"),
        ("branch", "所在党支部"),
        ("stage", "发展阶段"),
        ("number", "支部编号"),
        ("lessons_read", "已读课数"),
        ("lessons", "总课数"),
        ("answered", "已答题数"),
        ("questions", "总题数"),
        ("correct", "最近答对"),
        ("accuracy", "答对率（%）"),
        ("attempts", "累计作答"),
        ("answers_to_reconfirm", "待重新确认（题）"),
        ("days", "学习天数"),
        ("minutes", "学习时间（分钟，自报）"),
        ("sessions", "学习时段"),
        ("exams", "模拟考试（场）"),
        ("exams_passed", "及格（场）"),
        ("practice", "实践次数"),
        ("practice_minutes", "实践时长（分钟，自报）"),
        ("talks", "谈话次数"),
        ("reports", "思想汇报（篇）"),
        ("last", "最近学习"),
        ("made_at", "记录日期"),
    ];

    /// The line of a member, from the newest record.
    pub fn of(member: &Member) -> Self {
        let body = &member.record.body;
        let left_out = Cell::Absent("未导出");
        // What came with a later version than this record's.
        let later = if member.record.version > 1 {
            left_out.clone()
        } else {
            Cell::Absent("旧版无此项")
        };
        let number = |count: u32| Cell::Number(u64::from(count));
        let text = |text: &str| Cell::Text(text.to_owned());
        let told = |said: Option<&str>| said.map_or(left_out.clone(), text);
        let study = body.study.as_ref();
        let figure = |of: &dyn Fn(&StudyPart) -> Cell| study.map_or(left_out.clone(), of);
        let total = |of: fn(&Figures) -> u32| figure(&|study| number(of(&study.progress.total)));
        let count = |lines: Option<usize>| lines.map_or(left_out.clone(), |count| Cell::Number(count as u64));
        let new_count =
            |lines: Option<usize>| lines.map_or(later.clone(), |count| Cell::Number(count as u64));
        let time =
            |of: fn(&StudyTime) -> u32| body.time.as_ref().map_or(later.clone(), |time| number(of(time)));
        let days = study.map(|study| study.days);
        let days = days.or_else(|| body.time.map(|time| time.days));
        Self {
            cells: [
                told(body.person.name.as_deref()),
                told(body.person.branch.as_deref()),
                told(body.person.stage.map(Stage::label)),
                match &body.person.number {
                    Some(own) => text(own),
                    None if body.left_out.contains(&Field::Number) => left_out.clone(),
                    None => Cell::Absent("无"),
                },
                total(|figures| figures.lessons_read),
                total(|figures| figures.lessons),
                total(|figures| figures.answered),
                total(|figures| figures.questions),
                total(|figures| figures.correct),
                figure(&|study| study.progress.total.accuracy().map_or(Cell::Absent("—"), number)),
                total(|figures| figures.attempts),
                match study.map(|study| study.progress.total.answers_to_reconfirm) {
                    Some(Some(count)) => number(count),
                    Some(None) => later.clone(),
                    None => left_out.clone(),
                },
                days.map_or(left_out.clone(), number),
                time(|time| time.minutes),
                time(|time| time.sessions),
                new_count(body.exams.as_ref().map(Vec::len)),
                new_count(body.exams.as_ref().map(|_| body.exams_passed())),
                count(body.practice.as_ref().map(Vec::len)),
                body.practice
                    .as_ref()
                    .map_or(left_out.clone(), |_| Cell::Number(body.practice_minutes())),
                count(body.talks.as_ref().map(Vec::len)),
                new_count(body.reports.as_ref().map(Vec::len)),
                figure(&|study| {
                    study
                        .progress
                        .total
                        .last
                        .map_or(Cell::Absent("—"), |day| Cell::Text(day.to_string()))
                }),
                text(&body.made_at.date().to_string()),
            ],
        }
    }

    /// The cell of that column; `None` when there is no such column.
    pub fn cell(&self, column: &str) -> Option<&Cell> {
        let at = Self::COLUMNS.iter().position(|(name, _)| *name == column)?;
        self.cells.get(at)
    }
}

/// As a reader sees it.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent(why) => f.write_str(why),
            Self::Number(count) => write!(f, "{count}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}
