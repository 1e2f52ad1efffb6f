//! Records received from others: a mentor's mentees, a branch's register.
//!
//! A received record is an event and never edited; the register is the fold. Importing is planned
//! first ([`Register::plan`]), shown, and only then done.

use crate::domain::record::TrainingRecord;
use crate::domain::study::{Event, EventId};
use crate::domain::time::Moment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
        all.sort_by_key(|(id, member)| {
            (&member.record.body.person.branch, &member.record.body.person.name, *id)
        });
        all
    }

    /// Plans an import without doing it: one row for each file, in their order.
    pub fn plan(&self, files: Vec<(String, Result<TrainingRecord, String>)>) -> Plan {
        let mut rows: Vec<Row> = Vec::with_capacity(files.len());
        for (file, read) in files {
            let row = match read {
                Err(reason) => Row { file, record: None, verdict: Verdict::Refused(reason), take: false },
                Ok(record) => {
                    let verdict = self.judge(&record, &rows);
                    Row { file, take: verdict.taken_by_default(), verdict, record: Some(record) }
                }
            };
            rows.push(row);
        }
        Plan { rows }
    }

    fn judge(&self, record: &TrainingRecord, before: &[Row]) -> Verdict {
        let body = &record.body;
        let known = self.people.get(&body.holder);
        let seen_here = |whole: &str| before.iter().filter_map(|row| row.record.as_ref()).any(|other| other.digest.whole == whole);
        if known.is_some_and(|member| member.history.iter().any(|seen| seen.whole == record.digest.whole))
            || seen_here(&record.digest.whole)
        {
            return Verdict::Same;
        }
        let planned = before
            .iter()
            .filter_map(|row| row.record.as_ref())
            .filter(|other| other.body.holder == body.holder);
        let newest = planned.chain(known.map(|member| &member.record)).reduce(|a, b| if newer(b, a) { b } else { a });
        if let Some(newest) = newest {
            if !newer(record, newest) {
                return Verdict::Older;
            }
            return if known.is_some() { Verdict::Update } else { Verdict::New };
        }
        let namesake = |other: &TrainingRecord| {
            other.body.person.name == body.person.name
                && other.body.person.branch == body.person.branch
                && other.body.holder != body.holder
        };
        let others = self.people.values().map(|member| &member.record);
        if others.chain(before.iter().filter_map(|row| row.record.as_ref())).any(namesake) {
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
                Some(Receipt::Received { file: row.file.clone(), record })
            })
            .collect()
    }

    /// How many rows have that verdict.
    pub fn count(&self, code: &str) -> usize {
        self.rows.iter().filter(|row| row.verdict.code() == code).count()
    }
}
