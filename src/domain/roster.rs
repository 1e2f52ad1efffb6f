//! Records received from others: a mentor's mentees, a branch's register.
//!
//! A received record is an event and never edited; the register is the fold. Importing is planned
//! first ([`Register::plan`]), shown, and only then done. What a mentor or a branch does about a person
//! is kept in the same book, see [`crate::domain::mentoring`].

use crate::domain::handover::{Direction, Handover, Move};
use crate::domain::mentoring::{Deed, Mentoring};
use crate::domain::record::{Field, StudyPart, TrainingRecord};
use crate::domain::sort_by;
use crate::domain::study::progress::{Figures, StudyTime};
use crate::domain::study::{Event, EventId, Stage};
use crate::domain::time::Moment;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
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
        /// The signed record as it came, when it was signed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        credential: Option<Credential>,
    },
    /// Somebody moved to another unit, or came from one.
    Handover(Handover),
    /// A mentor or a branch did something about a person.
    Done {
        /// About whom.
        holder: EventId,
        /// What.
        deed: Deed,
    },
}

/// A signed record as text. Whether it holds is verified anew whenever it is looked at; here is only
/// what must be known without a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// The signed record, as it came.
    pub text: String,
    /// How many proofs it has.
    pub proofs: u32,
    /// The `did:key` of who issued it.
    pub issuer: String,
    /// A signature did not hold when it was received.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub fails: bool,
}

impl Credential {
    /// What a signed record says of itself; `fails`: whether its proofs did not hold when they were
    /// verified.
    pub fn of(text: &str, fails: bool) -> Self {
        let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
        let proofs = match value.get("proof") {
            Some(serde_json::Value::Array(proofs)) => proofs.len() as u32,
            Some(_) => 1,
            None => 0,
        };
        let issuer = value.get("issuer");
        let issuer = issuer.and_then(|issuer| issuer.get("id").unwrap_or(issuer).as_str());
        Self {
            text: text.into(),
            proofs,
            issuer: issuer.unwrap_or_default().into(),
            fails,
        }
    }

    /// Whether this one says more of the same record than another: it holds, and has more proofs.
    pub fn says_more_than(&self, other: Option<&Self>) -> bool {
        let worth = |credential: &Self| (!credential.fails, credential.proofs);
        other.is_none_or(|other| worth(self) > worth(other))
    }
}

/// A record that has arrived and was opened, plain or signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrived {
    /// The record.
    pub record: TrainingRecord,
    /// The signed record that it was in.
    pub credential: Option<Credential>,
}

impl From<TrainingRecord> for Arrived {
    fn from(record: TrainingRecord) -> Self {
        Self {
            record,
            credential: None,
        }
    }
}

/// People by holder id, with the newest record of each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    /// Everybody known.
    pub people: BTreeMap<EventId, Member>,
    /// What was done about them by a mentor or the branch. Apart from the records, so that the order
    /// in which books of two devices are merged does not matter.
    pub mentoring: BTreeMap<EventId, Mentoring>,
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
    /// The best signed text of the newest record that was received.
    pub credential: Option<Credential>,
    /// The newest of the records before it, for what has changed since.
    pub before: Option<Box<Arrived>>,
    /// Digests of all records received, with the key material to delete them: event id and seq.
    pub history: Vec<Seen>,
    /// Moves to other units and from them, in the order in which they were noted.
    #[serde(default)]
    pub moves: Vec<Move>,
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
        let (file, record, credential) = match &event.what {
            Receipt::Handover(what) => return self.hand_over(event, what),
            Receipt::Done { holder, deed } => {
                let mentoring = self.mentoring.entry(holder.clone()).or_default();
                return mentoring.apply(deed, event);
            }
            Receipt::Received {
                file,
                record,
                credential,
            } => (file, record, credential),
        };
        let seen = Seen {
            whole: record.digest.whole.clone(),
            made_at: record.body.made_at,
            received: event.at,
            file: file.clone(),
            event: event.id.clone(),
            seq: event.seq,
        };
        let arrived = Arrived {
            record: (**record).clone(),
            credential: credential.clone(),
        };
        match self.people.get_mut(&record.body.holder) {
            None => {
                let member = Member {
                    record: arrived.record,
                    received: event.at,
                    file: file.clone(),
                    credential: arrived.credential,
                    before: None,
                    history: vec![seen],
                    moves: Vec::new(),
                };
                self.people.insert(record.body.holder.clone(), member);
            }
            Some(member) => {
                member.history.push(seen);
                if member.take(arrived) {
                    member.received = event.at;
                    member.file.clone_from(file);
                }
            }
        }
    }

    /// The best signed text that there is of a person's newest record: as it came, or with what was
    /// signed here.
    pub fn credential(&self, holder: &EventId) -> Option<&Credential> {
        let member = self.people.get(holder)?;
        let whole = &member.record.digest.whole;
        let here = self.mentoring.get(holder).into_iter();
        let here = here.flat_map(|mentoring| &mentoring.signed);
        let here = here
            .filter(|signed| signed.whole == *whole)
            .map(|signed| &signed.credential);
        let mut best = member.credential.as_ref();
        for credential in here {
            if credential.says_more_than(best) {
                best = Some(credential);
            }
        }
        best
    }

    /// The numbers and ids of all events about a person, to delete them by.
    pub fn events_of(&self, holder: &EventId) -> Vec<(u64, EventId)> {
        let member = self.people.get(holder);
        let received = member.into_iter().flat_map(|member| &member.history);
        let received = received.map(|seen| (seen.seq, seen.event.clone()));
        let moved = member.into_iter().flat_map(Member::move_events);
        let done = self.mentoring.get(holder).into_iter();
        let done = done.flat_map(|mentoring| mentoring.events.iter().cloned());
        received.chain(moved).chain(done).collect()
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
    pub fn plan<A: Into<Arrived>>(&self, files: Vec<(String, Result<A, String>)>) -> Plan {
        let mut planner = Planner::new(self);
        let mut plan = Plan { rows: Vec::new() };
        for (file, read) in files {
            planner.add(self, &mut plan, file, read.map(Into::into));
        }
        plan
    }
}

/// Plans an import one file after the other, so that a page stays alive under ten thousands of them:
/// what was met before is looked up, never gone through again.
#[derive(Debug, Default)]
pub struct Planner {
    /// Of each record by its digest, whether it was there before in the plan, and the row of the best
    /// of its signed texts. What nobody can vouch for decides nothing about the rest and is not here.
    known: HashMap<String, Option<usize>>,
    /// By holder, the newest in the plan.
    newest: HashMap<EventId, (i64, String)>,
    /// Who has that name and branch: one holder, or several.
    names: HashMap<Name, Option<EventId>>,
}

/// A name and a branch.
type Name = (String, Option<String>);

impl Planner {
    /// Nothing planned yet; everybody in the register by name.
    pub fn new(register: &Register) -> Self {
        let mut planner = Self::default();
        for member in register.people.values() {
            planner.note_name(&member.record);
        }
        planner
    }

    fn note_name(&mut self, record: &TrainingRecord) {
        let Some(name) = name_of(record) else { return };
        let holder = &record.body.holder;
        self.names
            .entry(name)
            .and_modify(|one| {
                if one.as_ref() != Some(holder) {
                    *one = None;
                }
            })
            .or_insert_with(|| Some(holder.clone()));
    }

    /// Plans one more file, behind the rows of the plan.
    pub fn add(&mut self, register: &Register, plan: &mut Plan, file: String, read: Result<Arrived, String>) {
        let row = match read {
            Err(reason) => Row {
                file,
                record: None,
                credential: None,
                verdict: Verdict::Refused(reason),
                take: false,
            },
            Ok(Arrived { record, credential }) => {
                let verdict = self.judge(register, &record, credential.as_ref(), &plan.rows);
                if verdict != Verdict::Unproven {
                    self.note(&record, credential.as_ref(), &plan.rows);
                }
                Row {
                    file,
                    take: verdict.taken_by_default(),
                    verdict,
                    record: Some(record),
                    credential,
                }
            }
        };
        plan.rows.push(row);
    }

    /// Notes what becomes the next row.
    fn note(&mut self, record: &TrainingRecord, credential: Option<&Credential>, before: &[Row]) {
        let best = self.known.entry(record.digest.whole.clone()).or_default();
        let old = best.and_then(|at| before.get(at)?.credential.as_ref());
        if credential.is_some_and(|new| new.says_more_than(old)) {
            *best = Some(before.len());
        }
        let made = (record.body.made_at.ms, record.digest.whole.clone());
        let newest = self.newest.entry(record.body.holder.clone());
        let newest = newest.or_insert_with(|| made.clone());
        if made > *newest {
            *newest = made;
        }
        self.note_name(record);
    }

    fn judge(
        &self,
        register: &Register,
        record: &TrainingRecord,
        credential: Option<&Credential>,
        before: &[Row],
    ) -> Verdict {
        let body = &record.body;
        let whole = &record.digest.whole;
        let known = register.people.get(&body.holder);
        let here = self.known.get(whole);
        let was_received = known.is_some_and(|member| member.history.iter().any(|seen| seen.whole == *whole));
        let best_here = here.and_then(|best| before.get((*best)?)?.credential.as_ref());
        let is_newest = known.is_some_and(|member| member.record.digest.whole == *whole);
        let best = best_here
            .into_iter()
            .chain(register.credential(&body.holder).filter(|_| is_newest))
            .reduce(|a, b| if b.says_more_than(Some(a)) { b } else { a });
        let is_of_other = |old: &Credential| credential.is_some_and(|new| new.issuer != old.issuer);
        if was_received || here.is_some() {
            // Only the newest record's signatures matter to anybody.
            let is_current = is_newest || !was_received;
            let says_more = credential.is_some_and(|new| !new.fails && new.says_more_than(best));
            return match best {
                _ if !(says_more && is_current) => Verdict::Same,
                Some(best) if is_of_other(best) => Verdict::OtherKey,
                _ => Verdict::Signed,
            };
        }
        if credential.is_some_and(|credential| credential.fails) {
            return Verdict::Unproven;
        }
        let made = |record: &TrainingRecord| (record.body.made_at.ms, record.digest.whole.clone());
        let planned = self.newest.get(&body.holder).cloned();
        if let Some(newest) = planned.max(known.map(|member| made(&member.record))) {
            if made(record) <= newest {
                return Verdict::Older;
            }
            let earlier = known.and_then(|member| member.before.as_ref()?.credential.as_ref());
            let signed = register.credential(&body.holder).or(earlier);
            return match known {
                Some(_) if signed.is_some_and(is_of_other) => Verdict::OtherKey,
                Some(_) => Verdict::Update,
                None => Verdict::New,
            };
        }
        let namesakes = name_of(record).and_then(|name| self.names.get(&name));
        if namesakes.is_some_and(|one| one.as_ref() != Some(&body.holder)) {
            return Verdict::Doubtful;
        }
        Verdict::New
    }
}

/// By what people are taken for the same; nobody is by no name.
fn name_of(record: &TrainingRecord) -> Option<Name> {
    let person = &record.body.person;
    Some((person.name.clone()?, person.branch.clone()))
}

impl Member {
    /// Takes in another record of this person; `true` when it is the newest now. Of three records the
    /// two newest are kept, in whatever order they come.
    fn take(&mut self, arrived: Arrived) -> bool {
        if arrived.record.digest.whole == self.record.digest.whole {
            improve(&mut self.credential, arrived.credential);
            return false;
        }
        if newer(&arrived.record, &self.record) {
            let Arrived { record, credential } = arrived;
            let before = Arrived {
                record: std::mem::replace(&mut self.record, record),
                credential: std::mem::replace(&mut self.credential, credential),
            };
            self.before = Some(Box::new(before));
            return true;
        }
        match &mut self.before {
            Some(before) if before.record.digest.whole == arrived.record.digest.whole => {
                improve(&mut before.credential, arrived.credential);
            }
            Some(before) if !newer(&arrived.record, &before.record) => {}
            before => *before = Some(Box::new(arrived)),
        }
        false
    }
}

/// Puts a signed text in the place of another of the same record, if it says more.
fn improve(old: &mut Option<Credential>, new: Option<Credential>) {
    if let Some(new) = new
        && new.says_more_than(old.as_ref())
    {
        *old = Some(new);
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
    /// The signed record that it was in.
    pub credential: Option<Credential>,
    /// What the register makes of it.
    pub verdict: Verdict,
    /// Whether it will be taken.
    pub take: bool,
}

impl Row {
    /// Whether it is taken.
    pub fn is_taken(&self) -> bool {
        self.take && self.verdict.is_open()
    }

    /// What happens when it is done; nothing when it is not taken.
    pub fn receipt(&self) -> Option<Receipt> {
        let record = self.record.as_ref().filter(|_| self.is_taken())?;
        Some(Receipt::Received {
            file: self.file.clone(),
            record: Box::new(record.clone()),
            credential: self.credential.clone(),
        })
    }
}

/// What the register makes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A person not known before.
    New,
    /// A newer record of a known person.
    Update,
    /// Received before, and now with signatures that were not there.
    Signed,
    /// As [`Self::Update`] or [`Self::Signed`], but signed with another key than before: a new key of
    /// the same person, or somebody else. For people to decide.
    OtherKey,
    /// Signed, and a signature does not hold: it is for people to decide whether it is taken all the
    /// same, as one that nobody has signed.
    Unproven,
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
            Self::Signed => "已有，新带签名",
            Self::OtherKey => "换了钥匙，请确认",
            Self::Unproven => "签名不成立",
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
            Self::Signed => "signed",
            Self::OtherKey => "other-key",
            Self::Unproven => "unproven",
            Self::Same => "same",
            Self::Older => "older",
            Self::Doubtful => "doubtful",
            Self::Refused(_) => "refused",
        }
    }

    /// Whether it is taken unless the secretary says otherwise.
    pub fn taken_by_default(&self) -> bool {
        matches!(self, Self::New | Self::Update | Self::Signed)
    }

    /// Whether the secretary may decide.
    pub fn is_open(&self) -> bool {
        matches!(
            self,
            Self::New | Self::Update | Self::Signed | Self::OtherKey | Self::Unproven | Self::Doubtful
        )
    }
}

impl Plan {
    /// What happens when it is done.
    pub fn receipts(&self) -> Vec<Receipt> {
        self.rows.iter().filter_map(Row::receipt).collect()
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
    pub const COLUMNS: [(&str, &str); 24] = [
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
        ("move", "转接"),
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
                match member.last_move() {
                    None => Cell::Absent("—"),
                    Some(step) if step.direction == Direction::Out => {
                        Cell::Text(format!("{} 转出", step.package.body.change.day))
                    }
                    Some(step) => {
                        let day = step.since.unwrap_or(step.package.body.change.day);
                        Cell::Text(format!("{day} 转入"))
                    }
                },
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
