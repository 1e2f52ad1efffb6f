//! What is due, by the rules of the edition in force on the day.
//!
//! [`due`] takes what people have typed of a person ([`facts`]), a calendar of working days
//! ([`workdays`]) and what the unit has arranged beyond the rules ([`local`]), and gives lines,
//! each with its article ([`article`]), the day that it is counted from, and why. Half-year
//! reviews and what else comes again are in [`rhythm`].
//!
//! Three kinds. A *deadline* has a last day; that it has passed is a warning, no more. A *minimum*
//! has a day before which something cannot be done; that it is reached says nothing about whether it
//! should. *Standing* is what should be looked at and has no day.
//!
//! The edition of a limit is the one in force on the day that it is counted from, that of something
//! to be done now the one in force today. Where that edition has no limit, none is made up: the line
//! says so. A day that falls on a weekend stays where it is, since the rules do not move it.

pub mod article;
pub mod facts;
pub mod local;
pub mod rhythm;
mod rules;
pub mod workdays;

use crate::domain::time::Date;
use article::Article;
use facts::Facts;
use local::Local;
use workdays::WorkCalendar;

/// What kind of line it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// To be done by a day.
    Deadline,
    /// Not to be done before a day.
    Minimum,
    /// To be looked at.
    Standing,
}

impl Kind {
    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Deadline => "期限",
            Self::Minimum => "最早",
            Self::Standing => "待办",
        }
    }
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Was younger than eighteen when applying.
    Age,
    /// The talk after the application.
    Talk,
    /// No mentor.
    MentorNone,
    /// More than two mentors.
    MentorMany,
    /// A mentor who can no longer serve.
    MentorUnable,
    /// A mentor who is no full member.
    MentorNotMember,
    /// The next half-year review.
    Review,
    /// The review of the half-year that has just ended.
    ReviewOverdue,
    /// Half-years that had no review.
    ReviewsMissed,
    /// A year of cultivation.
    Cultivation,
    /// The higher committee's consent to the proposal.
    Consent,
    /// The notice is to be posted.
    Notice,
    /// The notice runs.
    NoticeRuns,
    /// The notice ends too early.
    NoticeShort,
    /// A mobile person's notice is posted in one place only.
    NoticePlaces,
    /// Not exactly two sponsors.
    Sponsors,
    /// A sponsor who should not or cannot be one.
    SponsorUnfit,
    /// Concentrated training.
    Training,
    /// The person leaves within three months.
    Leaving,
    /// The branch's meeting after the pre-review.
    Meeting,
    /// Approval in three months.
    Approval,
    /// Approval in six months at the latest.
    ApprovalLast,
    /// The oath.
    Oath,
    /// The end of probation.
    Probation,
    /// An extension that is too short or too long.
    ExtensionLimits,
    /// The written application for full membership.
    Request,
    /// The discussion of full membership.
    FullDiscussion,
    /// The discussion of a probationer who moved in, at the latest.
    Transferred,
    /// Approval of full membership.
    FullApproval,
    /// A thought report, by local custom.
    ThoughtReport,
    /// A mentor's note, by local custom.
    MentorNote,
    /// A day is missing, or no edition is known for it: nothing can be computed.
    NotComputed,
}

impl What {
    /// All.
    pub const ALL: [Self; 32] = [
        Self::Age,
        Self::Talk,
        Self::MentorNone,
        Self::MentorMany,
        Self::MentorUnable,
        Self::MentorNotMember,
        Self::Review,
        Self::ReviewOverdue,
        Self::ReviewsMissed,
        Self::Cultivation,
        Self::Consent,
        Self::Notice,
        Self::NoticeRuns,
        Self::NoticeShort,
        Self::NoticePlaces,
        Self::Sponsors,
        Self::SponsorUnfit,
        Self::Training,
        Self::Leaving,
        Self::Meeting,
        Self::Approval,
        Self::ApprovalLast,
        Self::Oath,
        Self::Probation,
        Self::ExtensionLimits,
        Self::Request,
        Self::FullDiscussion,
        Self::Transferred,
        Self::FullApproval,
        Self::ThoughtReport,
        Self::MentorNote,
        Self::NotComputed,
    ];

    /// Its name in files, addresses and tests.
    pub fn code(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::Talk => "talk",
            Self::MentorNone => "mentor-none",
            Self::MentorMany => "mentor-many",
            Self::MentorUnable => "mentor-unable",
            Self::MentorNotMember => "mentor-not-member",
            Self::Review => "review",
            Self::ReviewOverdue => "review-overdue",
            Self::ReviewsMissed => "reviews-missed",
            Self::Cultivation => "cultivation",
            Self::Consent => "consent",
            Self::Notice => "notice",
            Self::NoticeRuns => "notice-runs",
            Self::NoticeShort => "notice-short",
            Self::NoticePlaces => "notice-places",
            Self::Sponsors => "sponsors",
            Self::SponsorUnfit => "sponsor-unfit",
            Self::Training => "training",
            Self::Leaving => "leaving",
            Self::Meeting => "meeting",
            Self::Approval => "approval",
            Self::ApprovalLast => "approval-last",
            Self::Oath => "oath",
            Self::Probation => "probation",
            Self::ExtensionLimits => "extension-limits",
            Self::Request => "request",
            Self::FullDiscussion => "full-discussion",
            Self::Transferred => "transferred",
            Self::FullApproval => "full-approval",
            Self::ThoughtReport => "thought-report",
            Self::MentorNote => "mentor-note",
            Self::NotComputed => "not-computed",
        }
    }

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Age => "申请时未满十八岁",
            Self::Talk => "派人同申请人谈话",
            Self::MentorNone => "指定培养联系人",
            Self::MentorMany => "培养联系人超过两名",
            Self::MentorUnable => "调整不能履职的培养联系人",
            Self::MentorNotMember => "培养联系人应当是正式党员",
            Self::Review => "半年考察",
            Self::ReviewOverdue => "补上半年考察",
            Self::ReviewsMissed => "有半年没有考察记录",
            Self::Cultivation => "培养教育满一年",
            Self::Consent => "报上级党委",
            Self::Notice => "公示",
            Self::NoticeRuns => "公示期满",
            Self::NoticeShort => "公示时间不够",
            Self::NoticePlaces => "流动人员两地公示",
            Self::Sponsors => "确定两名入党介绍人",
            Self::SponsorUnfit => "更换入党介绍人",
            Self::Training => "短期集中培训",
            Self::Leaving => "三个月内要离开",
            Self::Meeting => "召开党支部党员大会",
            Self::Approval => "上级党委审批",
            Self::ApprovalLast => "上级党委审批（最迟）",
            Self::Oath => "入党宣誓",
            Self::Probation => "预备期满",
            Self::ExtensionLimits => "延长预备期的时间",
            Self::Request => "提出书面转正申请",
            Self::FullDiscussion => "讨论能否转正",
            Self::Transferred => "讨论转入预备党员转正（最迟）",
            Self::FullApproval => "上级党委审批转正",
            Self::ThoughtReport => "思想汇报",
            Self::MentorNote => "培养联系人写实",
            Self::NotComputed => "推算不了",
        }
    }
}

/// A line: something is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// What.
    pub what: What,
    /// Where it is written; `None` for a local custom and where no edition is known.
    pub article: Option<Article>,
    /// The day that it is counted from.
    pub from: Option<Date>,
    /// The last day of a deadline, the first of a minimum.
    pub day: Option<Date>,
    /// Which kind.
    pub kind: Kind,
    /// 暂算: counted over days for which no notice about holidays is known.
    pub provisional: bool,
    /// Whether the day comes of a local arrangement.
    pub local: bool,
    /// Why, for people.
    pub why: String,
}

/// How a line stands today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// So many days are left; 0 for today.
    Ahead(i64),
    /// So many days have passed since the deadline.
    Overdue(i64),
    /// The minimum is reached. Nothing follows by itself.
    Reached,
    /// There is no day.
    Standing,
}

impl Due {
    /// How it stands today.
    pub fn stands(&self, today: Date) -> Stands {
        let Some(day) = self.day else {
            return Stands::Standing;
        };
        let left = day.days() - today.days();
        match self.kind {
            Kind::Standing => Stands::Standing,
            Kind::Deadline if left < 0 => Stands::Overdue(-left),
            // The notice must have run through its last day.
            Kind::Minimum if left < 0 || (left == 0 && self.what != What::NoticeRuns) => Stands::Reached,
            Kind::Deadline | Kind::Minimum => Stands::Ahead(left),
        }
    }
}

/// What is due for a person, in order of day; what has no day comes last.
pub fn due(person: &Facts, today: Date, calendar: &WorkCalendar, local: &Local) -> Vec<Due> {
    let mut lines = rules::lines(person, today, calendar, local);
    lines.sort_by_key(|line| (line.day.is_none(), line.day, line.what));
    lines
}
