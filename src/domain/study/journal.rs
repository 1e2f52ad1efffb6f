//! The kinds of event in a person's own study.

use super::event::EventId;
use super::exam::{Begun, ItemNote, OwnBlueprint, Stand};
use super::plan::PlanSettings;
use super::report::Report;
use crate::domain::question::Choice;
use crate::domain::time::Date;
use serde::{Deserialize, Serialize};

/// What happened in one's own study.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Happening {
    /// Who this is. The first one's event id names the person in records for good.
    ProfileSet(Profile),
    /// A lesson was opened, with the hash of its content then.
    LessonOpened {
        /// Lesson id.
        lesson: String,
        /// Content hash.
        hash: String,
    },
    /// A lesson was read to its end, by the reader's own word.
    LessonRead {
        /// Lesson id.
        lesson: String,
        /// Content hash.
        hash: String,
    },
    /// A question was answered.
    ItemAnswered {
        /// Question id.
        question: String,
        /// Content hash of the question that was on screen.
        hash: String,
        /// What was chosen.
        chosen: Choice,
        /// Whether it was right, by that version of the question.
        correct: bool,
        /// The exam in which it was answered. Since version 2.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exam: Option<EventId>,
    },
    /// A mentor was named or changed.
    MentorSet {
        /// Which mentor.
        id: EventId,
        /// As it now stands.
        entry: MentorEntry,
    },
    /// A talk with a mentor was logged or changed.
    TalkSet {
        /// Which talk.
        id: EventId,
        /// As it now stands.
        entry: TalkEntry,
    },
    /// Practice was logged or changed.
    PracticeSet {
        /// Which entry.
        id: EventId,
        /// As it now stands.
        entry: PracticeEntry,
    },
    /// A mentor, talk or practice entry, a blueprint or a thought report was taken out of the lists.
    EntryRemoved {
        /// Which.
        id: EventId,
    },
    /// The personal summary was written.
    SummaryWritten {
        /// The text.
        text: String,
    },
    /// The person put himself on a step of the procedure. Since version 2.
    StepTaken {
        /// Step id; empty for none.
        step: String,
    },
    /// The person named the groups that he belongs to. Since version 2. They choose what is shown
    /// first, and never leave in a record.
    GroupsChosen {
        /// Codes of [`crate::domain::course::track::TRACKS`].
        groups: Vec<String>,
    },
    /// A question was marked, or a mark taken off. Each mark is an event of its own, so that marks
    /// made on two devices do not undo each other. Since version 2.
    QuestionMarked {
        /// Question id.
        question: String,
        /// Which mark.
        mark: Mark,
        /// Whether it is on now.
        on: bool,
        /// Why it is doubtful, by one's own word.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// A lesson was on screen and being read; see [`super::reading`]. Since version 2. Self-declared
    /// study time, never part of the 24 hours of concentrated training.
    TimeSpent {
        /// Lesson id.
        lesson: String,
        /// Seconds since the last such event of this opening.
        seconds: u32,
    },
    /// The person said towards what and how he studies. Since version 2.
    PlanSet(PlanSettings),
    /// An exam's blueprint was made or changed; [`Self::EntryRemoved`] takes it out. Since version 2,
    /// as everything about exams.
    BlueprintSet(OwnBlueprint),
    /// An exam was begun.
    ExamBegun(Begun),
    /// A question of an exam was answered; the last answer stands.
    ExamAnswered(ItemNote),
    /// A question of an exam was flagged, or its flag taken away.
    ExamFlagged(ItemNote),
    /// An exam's clock was stopped.
    ExamPaused(Stand),
    /// An exam's clock runs on.
    ExamResumed(Stand),
    /// An exam was handed in, with its marks; the first submission stands.
    ExamSubmitted(Stand),
    /// A thought report was written or changed; [`Self::EntryRemoved`] takes it out. Since version 2.
    ReportSet(Report),
    /// A backup was saved to a file.
    BackedUp,
}

/// What a person may mark a question as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// To be practised again.
    Favourite,
    /// Left out of sittings.
    Hidden,
    /// Perhaps wrong, or unclear.
    Doubtful,
}

impl Mark {
    /// All.
    pub const ALL: [Self; 3] = [Self::Favourite, Self::Hidden, Self::Doubtful];

    /// Its name in addresses and on buttons; the same as in the journal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Favourite => "favourite",
            Self::Hidden => "hidden",
            Self::Doubtful => "doubtful",
        }
    }

    /// The mark of that name.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.code() == code)
    }
}

/// Where a person stands on the way. A stage of the procedure, never a 政治面貌.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Has applied.
    Applicant,
    /// 入党积极分子.
    #[default]
    Activist,
    /// 发展对象.
    Prospect,
}

impl Stage {
    /// All, in order.
    pub const ALL: [Self; 3] = [Self::Applicant, Self::Activist, Self::Prospect];

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Applicant => "入党申请人",
            Self::Activist => "入党积极分子",
            Self::Prospect => "发展对象",
        }
    }

    /// Its name in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::Activist => "activist",
            Self::Prospect => "prospect",
        }
    }
}

/// Who this is: no more than the dossier needs (PIPL Art. 6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name as on the ID card.
    pub name: String,
    /// Party branch.
    pub branch: String,
    /// Number issued by the branch, if any. Never an ID number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// Where on the way.
    pub stage: Stage,
    /// Day of the application for membership.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied: Option<Date>,
    /// Day on which the branch confirmed the person as activist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Date>,
}

/// A mentor, 培养联系人 (细则 Art. 9: one or two full members).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MentorEntry {
    /// Name.
    pub name: String,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// Until when, for one who has been replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// How a talk was held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TalkForm {
    /// Face to face.
    #[default]
    InPerson,
    /// By telephone.
    Phone,
    /// By video.
    Video,
    /// In writing.
    Written,
}

impl TalkForm {
    /// All, in order.
    pub const ALL: [Self; 4] = [Self::InPerson, Self::Phone, Self::Video, Self::Written];

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::InPerson => "当面",
            Self::Phone => "电话",
            Self::Video => "视频",
            Self::Written => "书面",
        }
    }

    /// Its name in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::InPerson => "in-person",
            Self::Phone => "phone",
            Self::Video => "video",
            Self::Written => "written",
        }
    }
}

/// A talk with a mentor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TalkEntry {
    /// Which mentor.
    pub mentor: EventId,
    /// Day.
    pub date: Date,
    /// How.
    pub form: TalkForm,
    /// About what, in a few words.
    pub topic: String,
    /// Notes; they leave the browser only when ticked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
}

/// The five kinds of cultivation of the policy's item (五).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PracticeKind {
    /// 党校培训.
    PartySchool,
    /// 履职尽责.
    Duty,
    /// 社会实践.
    #[default]
    SocialPractice,
    /// 志愿服务.
    Volunteering,
    /// 谈心谈话.
    HeartTalk,
}

impl PracticeKind {
    /// All, in the policy's order.
    pub const ALL: [Self; 5] = [
        Self::PartySchool,
        Self::Duty,
        Self::SocialPractice,
        Self::Volunteering,
        Self::HeartTalk,
    ];

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::PartySchool => "党校培训",
            Self::Duty => "履职尽责",
            Self::SocialPractice => "社会实践",
            Self::Volunteering => "志愿服务",
            Self::HeartTalk => "谈心谈话",
        }
    }

    /// Its name in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::PartySchool => "party-school",
            Self::Duty => "duty",
            Self::SocialPractice => "social-practice",
            Self::Volunteering => "volunteering",
            Self::HeartTalk => "heart-talk",
        }
    }
}

/// One entry of the practice log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PracticeEntry {
    /// Which of the five kinds.
    pub kind: PracticeKind,
    /// Day.
    pub date: Date,
    /// What was done, in a few words.
    pub title: String,
    /// Minutes, by one's own word; 0 when not counted.
    #[serde(default)]
    pub minutes: u32,
    /// Who organised it or where.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// Notes; they leave the browser only when ticked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
}
