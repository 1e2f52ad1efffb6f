//! The kinds of decision: what each is called, whom the rules have decide it, and after what it can come.

use super::{Organ, State, Transition};
use crate::domain::due::article::Rule;
use serde::{Deserialize, Serialize};

/// A kind of decision: a [`Transition`] without its particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// [`Transition::Registered`].
    Registered,
    /// [`Transition::Applied`].
    Applied,
    /// [`Transition::Withdrew`].
    Withdrew,
    /// [`Transition::Confirmed`].
    Confirmed,
    /// [`Transition::Paused`].
    Paused,
    /// [`Transition::Resumed`].
    Resumed,
    /// [`Transition::Removed`].
    Removed,
    /// [`Transition::Proposed`].
    Proposed,
    /// [`Transition::Listed`].
    Listed,
    /// [`Transition::Returned`].
    Returned,
    /// [`Transition::Admitted`].
    Admitted,
    /// [`Transition::NotAdmitted`].
    NotAdmitted,
    /// [`Transition::Approved`].
    Approved,
    /// [`Transition::Extended`].
    Extended,
    /// [`Transition::PassedFull`].
    PassedFull,
    /// [`Transition::Full`].
    Full,
    /// [`Transition::Cancelled`].
    Cancelled,
    /// [`Transition::MovedOut`].
    MovedOut,
    /// [`Transition::MovedIn`].
    MovedIn,
}

impl Kind {
    /// All, in the order in which they are offered: the way, then what interrupts it, then moves, and
    /// last what is only known from a list.
    pub const ALL: [Self; 19] = [
        Self::Applied,
        Self::Confirmed,
        Self::Proposed,
        Self::Listed,
        Self::Admitted,
        Self::Approved,
        Self::PassedFull,
        Self::Full,
        Self::Paused,
        Self::Resumed,
        Self::Returned,
        Self::NotAdmitted,
        Self::Extended,
        Self::Removed,
        Self::Withdrew,
        Self::Cancelled,
        Self::MovedOut,
        Self::MovedIn,
        Self::Registered,
    ];

    /// Its name in files and markup, as serde writes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Applied => "applied",
            Self::Withdrew => "withdrew",
            Self::Confirmed => "confirmed",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::Removed => "removed",
            Self::Proposed => "proposed",
            Self::Listed => "listed",
            Self::Returned => "returned",
            Self::Admitted => "admitted",
            Self::NotAdmitted => "not-admitted",
            Self::Approved => "approved",
            Self::Extended => "extended",
            Self::PassedFull => "passed-full",
            Self::Full => "full",
            Self::Cancelled => "cancelled",
            Self::MovedOut => "moved-out",
            Self::MovedIn => "moved-in",
        }
    }

    /// The kind of that name.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Registered => "登记现状",
            Self::Applied => "收到入党申请书",
            Self::Withdrew => "本人撤回申请",
            Self::Confirmed => "确定为入党积极分子",
            Self::Paused => "暂停培养",
            Self::Resumed => "恢复培养",
            Self::Removed => "不再作为入党积极分子",
            Self::Proposed => "拟列为发展对象",
            Self::Listed => "列为发展对象",
            Self::Returned => "不列为发展对象，继续培养",
            Self::Admitted => "党支部党员大会通过接收为预备党员",
            Self::NotAdmitted => "没有接收为预备党员",
            Self::Approved => "上级党委批准接收为预备党员",
            Self::Extended => "延长预备期",
            Self::PassedFull => "党支部党员大会通过转正",
            Self::Full => "上级党委批准转为正式党员",
            Self::Cancelled => "取消预备党员资格",
            Self::MovedOut => "转出",
            Self::MovedIn => "转入",
        }
    }

    /// Whether a reason must be written down.
    pub fn needs_reason(self) -> bool {
        matches!(
            self,
            Self::Withdrew
                | Self::Paused
                | Self::Removed
                | Self::Returned
                | Self::NotAdmitted
                | Self::Extended
                | Self::Cancelled
        )
    }

    /// Whom the rules have decide it, the usual one first, and where that is written; nothing where the
    /// rules name nobody.
    pub(super) fn organs(self) -> Option<(Rule, &'static [Organ])> {
        use Organ as O;
        Some(match self {
            Self::Applied | Self::Withdrew => (Rule::Talk, &[O::Person]),
            Self::Confirmed => (Rule::Activist, &[O::BranchCommittee, O::BranchMeeting]),
            Self::Proposed => (Rule::Prospect, &[O::BranchCommittee, O::BranchMeeting]),
            Self::Listed => (
                Rule::Prospect,
                &[O::BranchCommittee, O::BranchMeeting, O::Committee],
            ),
            Self::Admitted => (Rule::Vote, &[O::BranchMeeting]),
            Self::Approved => (Rule::Approval, &[O::Committee]),
            Self::PassedFull => (Rule::Full, &[O::BranchMeeting]),
            Self::Full => (Rule::FullApproval, &[O::Committee]),
            Self::Extended | Self::Cancelled => (Rule::Probation, &[O::BranchMeeting, O::Committee]),
            _ => return None,
        })
    }

    /// Who decides it as a rule: what a form begins with.
    pub fn usual(self) -> Organ {
        match self {
            Self::Registered => Organ::NotKnown,
            Self::NotAdmitted => Organ::BranchMeeting,
            _ => {
                let organs = self.organs().map(|(_, organs)| organs).unwrap_or_default();
                organs.first().copied().unwrap_or(Organ::BranchCommittee)
            }
        }
    }

    /// Whether it can happen to a person who stands there. Where nothing is known, earlier decisions
    /// may only be unwritten, so that nearly everything can.
    pub fn fits(self, from: State) -> bool {
        use State as S;
        match self {
            Self::Registered => from == S::Unknown,
            Self::Resumed => from == S::Paused,
            _ if from == S::Unknown => true,
            Self::Applied => matches!(from, S::Withdrawn | S::Removed | S::Cancelled),
            Self::Withdrew => {
                matches!(
                    from,
                    S::Applicant | S::Activist | S::Paused | S::Proposed | S::Prospect
                )
            }
            Self::Confirmed => matches!(from, S::Applicant | S::Removed),
            Self::Paused => matches!(from, S::Activist | S::Proposed | S::Prospect),
            Self::Removed => matches!(from, S::Activist | S::Paused | S::Proposed | S::Prospect),
            Self::Proposed => from == S::Activist,
            Self::Listed => matches!(from, S::Proposed | S::Activist),
            Self::Returned => matches!(from, S::Proposed | S::Prospect),
            Self::Admitted => from == S::Prospect,
            Self::NotAdmitted => matches!(from, S::Prospect | S::Admitted),
            Self::Approved => matches!(from, S::Admitted | S::Prospect),
            Self::Extended => from == S::Probationer,
            Self::PassedFull => matches!(from, S::Probationer | S::Extended),
            Self::Full => matches!(from, S::FullPending | S::Probationer | S::Extended),
            Self::Cancelled => matches!(from, S::Probationer | S::Extended | S::FullPending),
            Self::MovedOut => from.is_here(),
            Self::MovedIn => from == S::MovedOut,
        }
    }
}

impl Transition {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Registered { .. } => Kind::Registered,
            Self::Applied => Kind::Applied,
            Self::Withdrew => Kind::Withdrew,
            Self::Confirmed => Kind::Confirmed,
            Self::Paused => Kind::Paused,
            Self::Resumed => Kind::Resumed,
            Self::Removed => Kind::Removed,
            Self::Proposed => Kind::Proposed,
            Self::Listed => Kind::Listed,
            Self::Returned => Kind::Returned,
            Self::Admitted => Kind::Admitted,
            Self::NotAdmitted => Kind::NotAdmitted,
            Self::Approved => Kind::Approved,
            Self::Extended { .. } => Kind::Extended,
            Self::PassedFull => Kind::PassedFull,
            Self::Full { .. } => Kind::Full,
            Self::Cancelled => Kind::Cancelled,
            Self::MovedOut { .. } => Kind::MovedOut,
            Self::MovedIn { .. } => Kind::MovedIn,
        }
    }

    /// What a reader sees.
    pub fn label(&self) -> &'static str {
        self.kind().label()
    }

    /// Its particulars, as a reader sees them; empty when it has none.
    pub fn particulars(&self) -> String {
        match self {
            Self::Registered { state } => format!("现状：{}", state.label()),
            Self::Extended { until } => format!("延长到{}", until.chinese()),
            Self::Full { since: Some(since) } => format!("党龄从{}算起", since.chinese()),
            Self::MovedOut { to } => format!("转到：{to}"),
            Self::MovedIn {
                from,
                state,
                confirmed,
                admitted,
            } => {
                let mut text = format!("从“{from}”转来，当时是{}", state.label());
                if let Some(confirmed) = confirmed {
                    text.push_str(&format!("，{}确定为入党积极分子", confirmed.chinese()));
                }
                if let Some(admitted) = admitted {
                    text.push_str(&format!("，{}大会通过接收为预备党员", admitted.chinese()));
                }
                text
            }
            _ => String::new(),
        }
    }

    /// Whether it can happen to a person who stands there, as [`Kind::fits`]. What is only known from a
    /// list can also be further on the way: the decisions that led there are not written down.
    pub(super) fn fits(&self, from: State) -> bool {
        match self {
            Self::Registered { state } => self.kind().fits(from) || (from.is_here() && *state > from),
            _ => self.kind().fits(from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_named_as_they_are_written() {
        for kind in Kind::ALL {
            let written = serde_json::to_string(&kind).unwrap();
            assert_eq!(written, format!("\"{}\"", kind.code()));
            assert_eq!(Kind::of(kind.code()), Some(kind));
        }
        let mut all = Kind::ALL.to_vec();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 19);
    }

    #[test]
    fn the_usual_organ_is_one_that_the_rules_name() {
        for kind in Kind::ALL {
            if let Some((_, organs)) = kind.organs() {
                assert!(organs.contains(&kind.usual()), "{kind:?}");
            }
        }
    }

    #[test]
    fn a_list_may_know_somebody_further_on_the_way_and_never_behind() {
        let registered = |state| Transition::Registered { state };
        assert!(registered(State::Prospect).fits(State::Applicant));
        assert!(!registered(State::Applicant).fits(State::Prospect));
        assert!(!registered(State::Activist).fits(State::Activist));
        assert!(!registered(State::Member).fits(State::Removed));
        assert!(registered(State::Activist).fits(State::Unknown));
    }
}
