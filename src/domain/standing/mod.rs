//! Where a person stands on the way to membership: what was decided, on which day, by whom and why
//! (dynamic management, policy item (五)).
//!
//! Every decision is typed by a person and is an entry; the state is the fold of the entries in
//! the order of their days. Nothing is edited: an entry that was typed by mistake is struck out, with
//! a reason, and stays to be read. Nothing is concluded here either: no state ever follows from time
//! that has passed. What cannot be is refused before it is written ([`judge`]); where entries of two
//! devices meet and contradict each other, the fold keeps both and names them.

pub mod judge;
mod kind;

pub use kind::Kind;

use crate::domain::sort_by;
use crate::domain::study::EventId;
use crate::domain::time::{Date, Moment};
use serde::{Deserialize, Serialize};

/// Where a person stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nothing is written down.
    #[default]
    Unknown,
    /// 入党申请人.
    Applicant,
    /// 入党积极分子, in cultivation.
    Activist,
    /// Cultivation is paused.
    Paused,
    /// No longer cultivated as an activist.
    Removed,
    /// Proposed to be listed as a prospect.
    Proposed,
    /// 发展对象.
    Prospect,
    /// The branch's meeting has voted to admit; approval is awaited.
    Admitted,
    /// 预备党员.
    Probationer,
    /// 预备党员 whose probation was extended.
    Extended,
    /// The branch's meeting has voted for full membership; approval is awaited.
    FullPending,
    /// 正式党员.
    Member,
    /// Probationary membership was cancelled.
    Cancelled,
    /// The person took the application back.
    Withdrawn,
    /// Moved to another unit.
    MovedOut,
}

impl State {
    /// All, in the order of the way.
    pub const ALL: [Self; 15] = [
        Self::Unknown,
        Self::Applicant,
        Self::Activist,
        Self::Paused,
        Self::Removed,
        Self::Proposed,
        Self::Prospect,
        Self::Admitted,
        Self::Probationer,
        Self::Extended,
        Self::FullPending,
        Self::Member,
        Self::Cancelled,
        Self::Withdrawn,
        Self::MovedOut,
    ];

    /// Its name in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Applicant => "applicant",
            Self::Activist => "activist",
            Self::Paused => "paused",
            Self::Removed => "removed",
            Self::Proposed => "proposed",
            Self::Prospect => "prospect",
            Self::Admitted => "admitted",
            Self::Probationer => "probationer",
            Self::Extended => "extended",
            Self::FullPending => "full-pending",
            Self::Member => "member",
            Self::Cancelled => "cancelled",
            Self::Withdrawn => "withdrawn",
            Self::MovedOut => "moved-out",
        }
    }

    /// The state of that name.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// What a reader sees, and what exports say.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Unknown => "未登记",
            Self::Applicant => "入党申请人",
            Self::Activist => "入党积极分子",
            Self::Paused => "暂停培养",
            Self::Removed => "不再作为入党积极分子",
            Self::Proposed => "拟列为发展对象",
            Self::Prospect => "发展对象",
            Self::Admitted => "大会通过接收，待批准",
            Self::Probationer => "预备党员",
            Self::Extended => "预备党员（延长预备期）",
            Self::FullPending => "大会通过转正，待批准",
            Self::Member => "正式党员",
            Self::Cancelled => "已取消预备党员资格",
            Self::Withdrawn => "已撤回申请",
            Self::MovedOut => "已转出",
        }
    }

    /// Whether the person is still on the way, or has arrived, in this unit.
    pub fn is_here(self) -> bool {
        !matches!(
            self,
            Self::Unknown | Self::Removed | Self::Cancelled | Self::Withdrawn | Self::MovedOut
        )
    }

    /// Whether an activist, in cultivation, paused or proposed: one of the ranks that 细则 Art. 11
    /// speaks of.
    pub fn is_activist(self) -> bool {
        matches!(self, Self::Activist | Self::Paused | Self::Proposed)
    }
}

/// Who decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Organ {
    /// The person.
    Person,
    /// 党支部委员会会议.
    BranchCommittee,
    /// 党支部党员大会.
    BranchMeeting,
    /// 党总支.
    GeneralBranch,
    /// 基层党委 or another 上级党委.
    Committee,
    /// 县级党委组织部门.
    CountyDepartment,
    /// The party organisation of another unit.
    OtherUnit,
    /// Not known: taken from a list.
    NotKnown,
}

impl Organ {
    /// Its name in files and markup, as serde writes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::BranchCommittee => "branch-committee",
            Self::BranchMeeting => "branch-meeting",
            Self::GeneralBranch => "general-branch",
            Self::Committee => "committee",
            Self::CountyDepartment => "county-department",
            Self::OtherUnit => "other-unit",
            Self::NotKnown => "not-known",
        }
    }

    /// The organ of that name.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|organ| organ.code() == code)
    }

    /// All.
    pub const ALL: [Self; 8] = [
        Self::Person,
        Self::BranchCommittee,
        Self::BranchMeeting,
        Self::GeneralBranch,
        Self::Committee,
        Self::CountyDepartment,
        Self::OtherUnit,
        Self::NotKnown,
    ];

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Person => "本人",
            Self::BranchCommittee => "党支部委员会会议",
            Self::BranchMeeting => "党支部党员大会",
            Self::GeneralBranch => "党总支",
            Self::Committee => "上级党委",
            Self::CountyDepartment => "县级党委组织部门",
            Self::OtherUnit => "外单位党组织",
            Self::NotKnown => "不清楚（来自名册）",
        }
    }
}

/// Who decided, in kind and by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decider {
    /// Which organ.
    pub organ: Organ,
    /// Its name, as the person wrote it; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
}

/// What was decided or happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transition {
    /// Known from a list: so the person stood, without the decisions that led there.
    Registered {
        /// The state.
        state: State,
    },
    /// The organisation received the application.
    Applied,
    /// The person took it back.
    Withdrew,
    /// Confirmed as activist (细则 Art. 8).
    Confirmed,
    /// Cultivation is paused.
    Paused,
    /// Cultivation goes on.
    Resumed,
    /// No longer cultivated as an activist.
    Removed,
    /// Proposed to be listed as a prospect (Art. 13).
    Proposed,
    /// Listed as a prospect.
    Listed,
    /// Not listed, or no longer a prospect: cultivated on as an activist.
    Returned,
    /// The branch's meeting voted to admit (Art. 20).
    Admitted,
    /// It voted not to, or the higher committee did not approve.
    NotAdmitted,
    /// The higher committee approved (Art. 24).
    Approved,
    /// Probation is extended (Art. 31).
    Extended {
        /// Its new last day.
        until: Date,
    },
    /// The branch's meeting voted for full membership (Art. 32).
    PassedFull,
    /// The higher committee approved (Art. 33).
    Full {
        /// From which day on the party standing counts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Date>,
    },
    /// Probationary membership is cancelled.
    Cancelled,
    /// Moved to another unit (Art. 12, 34).
    MovedOut {
        /// Where.
        to: String,
    },
    /// Came from another unit, with papers that were examined.
    MovedIn {
        /// From where.
        from: String,
        /// How the person stood there.
        state: State,
        /// Day of confirmation as activist there: cultivation time counts on (Art. 12).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confirmed: Option<Date>,
        /// Day of the vote there, of a probationer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        admitted: Option<Date>,
    },
}

impl Transition {
    /// Where it leads from there. `before` is where the person stood before a pause.
    pub(in crate::domain) fn leads(&self, before: Option<State>) -> State {
        match self {
            Self::Registered { state } | Self::MovedIn { state, .. } => *state,
            Self::Applied => State::Applicant,
            Self::Withdrew => State::Withdrawn,
            Self::Confirmed | Self::Returned => State::Activist,
            Self::Paused => State::Paused,
            // Cultivation goes on, whatever was not written down before the pause.
            Self::Resumed => before
                .filter(|state| *state != State::Unknown)
                .unwrap_or(State::Activist),
            Self::Removed => State::Removed,
            Self::Proposed => State::Proposed,
            Self::Listed | Self::NotAdmitted => State::Prospect,
            Self::Admitted => State::Admitted,
            Self::Approved => State::Probationer,
            Self::Extended { .. } => State::Extended,
            Self::PassedFull => State::FullPending,
            Self::Full { .. } => State::Member,
            Self::Cancelled => State::Cancelled,
            Self::MovedOut { .. } => State::MovedOut,
        }
    }
}

/// A decision as it was written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The day on which it was decided or happened.
    pub on: Date,
    /// What.
    pub what: Transition,
    /// Who decided.
    pub by: Decider,
    /// Why, in the decider's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// What is written into a person's ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// A decision.
    Changed(Change),
    /// An entry was typed by mistake: it counts no longer, and stays to be read.
    Struck {
        /// Which.
        entry: EventId,
        /// Why.
        reason: String,
    },
}

/// An entry of a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its event.
    pub id: EventId,
    /// When it was written.
    pub at: Moment,
    /// What it says.
    pub change: Change,
    /// When and why it was struck out.
    pub struck: Option<(Moment, String)>,
}

impl Entry {
    /// Whether nobody has written it: it is what a roster says, and has no event of its own.
    pub fn is_of_roster(&self) -> bool {
        self.id.0.is_empty()
    }
}

/// Everything that was written of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// In the order of the journal.
    pub entries: Vec<Entry>,
}

/// How a person stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The state.
    pub state: State,
    /// The day of the entry that led there.
    pub since: Option<Date>,
    /// How the person stood before a pause or a move.
    pub before: Option<State>,
}

/// A stretch of days: from, and until where it has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// First day.
    pub from: Date,
    /// The day on which it ended.
    pub until: Option<Date>,
}

impl Stretch {
    /// Its days up to that day.
    pub fn days(&self, today: Date) -> i64 {
        (self.until.unwrap_or(today).min(today).days() - self.from.days()).max(0)
    }
}

/// The days that rules are counted from, by the entries up to a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Milestones {
    /// The application.
    pub applied: Option<Date>,
    /// Confirmed as activist, wherever that was; after a removal the newest time.
    pub confirmed: Option<Date>,
    /// Pauses since.
    pub pauses: Vec<Stretch>,
    /// Between moving out and moving in, since.
    pub gaps: Vec<Stretch>,
    /// Proposed as a prospect.
    pub proposed: Option<Date>,
    /// Listed.
    pub listed: Option<Date>,
    /// The vote to admit.
    pub admitted: Option<Date>,
    /// Its approval.
    pub approved: Option<Date>,
    /// When probation was extended, and until when.
    pub extended: Option<(Date, Date)>,
    /// Moved in as a probationer.
    pub moved_in_on_probation: Option<Date>,
    /// The vote for full membership.
    pub passed_full: Option<Date>,
    /// Its approval.
    pub full: Option<Date>,
}

impl Ledger {
    /// Folds an event in. Striking out what is not there, or is struck already, does nothing.
    pub fn apply(&mut self, id: &EventId, at: Moment, act: &Act) {
        match act {
            Act::Changed(change) => {
                if self.entries.iter().all(|entry| entry.id != *id) {
                    self.entries.push(Entry {
                        id: id.clone(),
                        at,
                        change: change.clone(),
                        struck: None,
                    });
                }
            }
            Act::Struck { entry, reason } => {
                let mut entries = self.entries.iter_mut();
                let found = entries.find(|known| known.id == *entry && known.struck.is_none());
                if let Some(found) = found {
                    found.struck = Some((at, reason.clone()));
                }
            }
        }
    }

    /// What counts, in order of day; of one day in the order in which it was written.
    pub fn in_order(&self) -> Vec<&Entry> {
        let mut entries: Vec<&Entry> = self
            .entries
            .iter()
            .filter(|entry| entry.struck.is_none())
            .collect();
        sort_by(&mut entries, |a, b| a.change.on.cmp(&b.change.on));
        entries
    }

    /// How the person stood at the end of that day.
    pub fn on(&self, day: Date) -> Standing {
        let until = self
            .in_order()
            .into_iter()
            .take_while(|entry| entry.change.on <= day);
        let mut standing = Standing {
            state: State::Unknown,
            since: None,
            before: None,
        };
        for entry in until {
            standing = standing.after(&entry.change);
        }
        standing
    }

    /// How the person stood after each entry of [`Self::in_order`].
    pub fn states(&self) -> Vec<State> {
        let mut standing = Standing {
            state: State::Unknown,
            since: None,
            before: None,
        };
        let each = self.in_order().into_iter().map(|entry| {
            standing = standing.after(&entry.change);
            standing.state
        });
        each.collect()
    }

    /// The entries that do not fit to how the person stood, each with that state. Only where two
    /// devices wrote without knowing of each other.
    pub fn contradictions(&self) -> Vec<(&Entry, State)> {
        let mut standing = Standing {
            state: State::Unknown,
            since: None,
            before: None,
        };
        let mut found = Vec::new();
        for entry in self.in_order() {
            // A roster's word is no decision that could contradict another.
            if !entry.is_of_roster() && !entry.change.what.fits(standing.state) {
                found.push((entry, standing.state));
            }
            standing = standing.after(&entry.change);
        }
        found
    }

    /// How many entries do not fit, a roster's among them: what is further on the way fits for those, as
    /// lists often leave out decisions in between.
    pub(in crate::domain) fn misfits(&self) -> usize {
        let mut standing = Standing {
            state: State::Unknown,
            since: None,
            before: None,
        };
        let mut count = 0;
        for entry in self.in_order() {
            count += usize::from(!standing.takes(entry));
            standing = standing.after(&entry.change);
        }
        count
    }

    /// The days that rules are counted from, by what was decided up to that day.
    pub fn milestones(&self, day: Date) -> Milestones {
        let mut stones = Milestones::default();
        for entry in self.in_order() {
            let Change { on, what, .. } = &entry.change;
            if *on > day {
                break;
            }
            stones.after(*on, what);
        }
        stones
    }
}

impl Standing {
    fn takes(self, entry: &Entry) -> bool {
        let what = &entry.change.what;
        let is_further = || self.state.is_here() && what.leads(self.before) > self.state;
        what.fits(self.state) || (entry.is_of_roster() && is_further())
    }

    fn after(self, change: &Change) -> Self {
        let state = change.what.leads(self.before);
        let before = match change.what {
            Transition::Paused | Transition::MovedOut { .. } => Some(self.state),
            _ => None,
        };
        Self {
            state,
            since: Some(change.on),
            before,
        }
    }
}

impl Milestones {
    /// The last day of probation: a year after the vote, or as extended.
    pub fn probation_ends(&self) -> Option<Date> {
        let end = self.admitted.map(|day| day.add_months(12));
        self.extended.map(|(_, until)| until).or(end)
    }

    fn after(&mut self, on: Date, what: &Transition) {
        match what {
            Transition::Applied => {
                *self = Self {
                    applied: Some(on),
                    ..Self::default()
                };
            }
            Transition::Confirmed => {
                *self = Self {
                    applied: self.applied,
                    confirmed: Some(on),
                    ..Self::default()
                };
            }
            Transition::Paused => self.pauses.push(Stretch {
                from: on,
                until: None,
            }),
            Transition::Resumed => close(&mut self.pauses, on),
            Transition::Proposed => self.proposed = Some(on),
            Transition::Listed => {
                self.listed = Some(on);
            }
            Transition::Returned => {
                self.proposed = None;
                self.listed = None;
            }
            Transition::Admitted => self.admitted = Some(on),
            Transition::NotAdmitted => self.admitted = None,
            Transition::Approved => self.approved = Some(on),
            Transition::Extended { until } => self.extended = Some((on, *until)),
            Transition::PassedFull => self.passed_full = Some(on),
            Transition::Full { .. } => self.full = Some(on),
            Transition::MovedOut { .. } => self.gaps.push(Stretch {
                from: on,
                until: None,
            }),
            Transition::MovedIn {
                state,
                confirmed,
                admitted,
                ..
            } => {
                close(&mut self.gaps, on);
                if *state != State::Paused {
                    close(&mut self.pauses, on);
                }
                self.confirmed = confirmed.or(self.confirmed);
                self.admitted = admitted.or(self.admitted);
                if matches!(state, State::Probationer | State::Extended) {
                    self.moved_in_on_probation = Some(on);
                }
            }
            Transition::Registered { .. }
            | Transition::Withdrew
            | Transition::Removed
            | Transition::Cancelled => {}
        }
    }
}

fn close(stretches: &mut [Stretch], on: Date) {
    if let Some(last) = stretches.last_mut().filter(|last| last.until.is_none()) {
        last.until = Some(on);
    }
}
