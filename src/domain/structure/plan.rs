//! What happened, and the yearly plan by group beside it (policy items (十一), (十二)).

use super::RowId;
use crate::domain::standing::{Ledger, Transition};
use crate::domain::time::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What happened to a person, as figures count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moved {
    /// Applied.
    Applied,
    /// Confirmed as activist.
    Confirmed,
    /// Cultivation was paused.
    Paused,
    /// Removed from the activists, or withdrew.
    Left,
    /// Listed as a prospect.
    Listed,
    /// Admitted by the branch's meeting: what 发展党员 counts.
    Admitted,
    /// Approved as a full member.
    Full,
    /// Probation was extended.
    Extended,
    /// Probationary membership was cancelled.
    Cancelled,
    /// Moved in.
    MovedIn,
    /// Moved out.
    MovedOut,
}

impl Moved {
    /// All, in the order of the way.
    pub const ALL: [Self; 11] = [
        Self::Applied,
        Self::Confirmed,
        Self::Paused,
        Self::Left,
        Self::Listed,
        Self::Admitted,
        Self::Full,
        Self::Extended,
        Self::Cancelled,
        Self::MovedIn,
        Self::MovedOut,
    ];

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Applied => "收到入党申请书",
            Self::Confirmed => "确定为入党积极分子",
            Self::Paused => "暂停培养",
            Self::Left => "不再作为积极分子或者撤回申请",
            Self::Listed => "列为发展对象",
            Self::Admitted => "接收为预备党员",
            Self::Full => "转为正式党员",
            Self::Extended => "延长预备期",
            Self::Cancelled => "取消预备党员资格",
            Self::MovedIn => "转入",
            Self::MovedOut => "转出",
        }
    }

    fn of(what: &Transition) -> Option<Self> {
        Some(match what {
            Transition::Applied => Self::Applied,
            Transition::Confirmed => Self::Confirmed,
            Transition::Paused => Self::Paused,
            Transition::Removed | Transition::Withdrew => Self::Left,
            Transition::Listed => Self::Listed,
            Transition::Admitted => Self::Admitted,
            Transition::Full { .. } => Self::Full,
            Transition::Extended { .. } => Self::Extended,
            Transition::Cancelled => Self::Cancelled,
            Transition::MovedIn { .. } => Self::MovedIn,
            Transition::MovedOut { .. } => Self::MovedOut,
            Transition::Registered { .. }
            | Transition::Resumed
            | Transition::Proposed
            | Transition::Returned
            | Transition::NotAdmitted
            | Transition::Approved
            | Transition::PassedFull => return None,
        })
    }
}

/// Something that happened to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// Who.
    pub row: RowId,
    /// When.
    pub on: Date,
    /// What.
    pub what: Moved,
    /// The person's group; empty when not known.
    pub group: String,
}

/// What happened to a person. An admission that was not approved later, or was voted down again, is
/// none.
pub fn movements(row: RowId, group: &str, ledger: &Ledger) -> Vec<Movement> {
    let mut found: Vec<Movement> = Vec::new();
    // The admission that waits to be approved.
    let mut pending = None;
    for entry in ledger.in_order() {
        match entry.change.what {
            Transition::Admitted => pending = Some(found.len()),
            Transition::Approved | Transition::Cancelled => pending = None,
            Transition::NotAdmitted => {
                if let Some(at) = pending.take() {
                    found.remove(at);
                }
            }
            _ => {}
        }
        if let Some(what) = Moved::of(&entry.change.what) {
            found.push(Movement {
                row,
                on: entry.change.on,
                what,
                group: group.into(),
            });
        }
    }
    found
}

/// How many of a group are planned to be admitted in a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// The year.
    pub year: u16,
    /// The group, by the names that the register has.
    pub group: String,
    /// How many.
    pub count: u32,
}

/// A group's plan beside what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRow {
    /// The group; 未填 for people without one.
    pub group: String,
    /// How many were planned; `None` when the plan does not speak of the group.
    pub planned: Option<u32>,
    /// Who was admitted.
    pub admitted: Vec<RowId>,
    /// How many of them in each month.
    pub months: [u32; 12],
}

impl PlanRow {
    /// How many more than planned, negative for fewer.
    pub fn difference(&self) -> Option<i64> {
        self.planned
            .map(|planned| self.admitted.len() as i64 - i64::from(planned))
    }
}

/// The plan of a year beside the admissions of that year: the groups of the plan in its order, then the
/// others by name.
pub fn beside(plan: &[Planned], movements: &[Movement], year: u16) -> Vec<PlanRow> {
    let mut rows: Vec<PlanRow> = Vec::new();
    for planned in plan.iter().filter(|planned| planned.year == year) {
        match rows.iter_mut().find(|row| row.group == planned.group) {
            Some(row) => row.planned = Some(row.planned.unwrap_or(0).saturating_add(planned.count)),
            None => rows.push(PlanRow {
                group: planned.group.clone(),
                planned: Some(planned.count),
                admitted: Vec::new(),
                months: [0; 12],
            }),
        }
    }
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        places.insert(row.group.clone(), at);
    }
    let mut others: BTreeMap<String, PlanRow> = BTreeMap::new();
    for movement in movements {
        if movement.what != Moved::Admitted || movement.on.year() != year {
            continue;
        }
        let group = if movement.group.is_empty() {
            super::NOT_KNOWN
        } else {
            &movement.group
        };
        let row = match places.get(group) {
            Some(at) => &mut rows[*at],
            None => others.entry(group.into()).or_insert_with(|| PlanRow {
                group: group.into(),
                planned: None,
                admitted: Vec::new(),
                months: [0; 12],
            }),
        };
        row.admitted.push(movement.row);
        row.months[usize::from(movement.on.month() - 1)] += 1;
    }
    rows.extend(others.into_values());
    rows
}
