//! What the rules need to know of a person: dates and facts, filled in by the register from what
//! people have typed. Nothing here is inferred.

use crate::domain::standing::{Ledger, Milestones, State};
use crate::domain::time::Date;
use serde::{Deserialize, Serialize};

/// A person as the rules see them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Names the person in the register.
    pub id: String,
    /// How the person stands today.
    pub state: State,
    /// The days of what was decided.
    pub stones: Milestones,
    /// Day of birth.
    pub born: Option<Date>,
    /// Day of the talk after the application (Art. 7).
    pub talked: Option<Date>,
    /// Mentors, past ones too.
    pub mentors: Vec<Mentor>,
    /// Days of the branch's reviews.
    pub reviews: Vec<Date>,
    /// Days of thought reports, by local custom.
    pub thought_reports: Vec<Date>,
    /// Days of mentors' notes, by local custom.
    pub mentor_notes: Vec<Date>,
    /// The day on which the higher committee agreed to the proposal (2014: took it on file).
    pub agreed: Option<Date>,
    /// The public notice.
    pub notice: Option<Notice>,
    /// Whether the person is mobile (流动人员): the notice is posted in both places.
    pub mobile: bool,
    /// Sponsors.
    pub sponsors: Vec<Sponsor>,
    /// Concentrated training, by a primary committee or a county's organisation department. Never
    /// what one studied by oneself.
    pub training: Vec<Training>,
    /// The day on which the pre-review was passed.
    pub prereviewed: Option<Date>,
    /// The day on which the person will leave the unit.
    pub leaving: Option<Date>,
    /// Day of the oath.
    pub sworn: Option<Date>,
    /// Day of the written application for full membership.
    pub requested: Option<Date>,
    /// Whether the branch has put off the discussion of a probationer who moved in (Art. 35).
    pub postponed: bool,
}

/// A mentor, 培养联系人.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mentor {
    /// Name.
    pub name: String,
    /// First day; from the beginning when not known.
    pub since: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// The day since which the mentor can no longer serve, typed by a person.
    pub unable: Option<Date>,
    /// Whether a full member; `None` when not known.
    pub full_member: Option<bool>,
}

impl Mentor {
    /// Whether the mentor serves on that day.
    pub fn serves(&self, day: Date) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// The public notice before listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// The day on which it was posted.
    pub from: Date,
    /// The last day of the notice.
    pub until: Option<Date>,
    /// Whether it is posted in both places.
    pub both_places: bool,
}

/// Whether somebody can be a sponsor (Art. 14), as people have found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fitness {
    /// Nothing is against it.
    #[default]
    Fit,
    /// Under a punishment whose time of effect runs: 不宜. Only since 2026.
    NotAdvisable,
    /// On probation within the party, rights not restored: 不能.
    Barred,
}

impl Fitness {
    /// All.
    pub const ALL: [Self; 3] = [Self::Fit, Self::NotAdvisable, Self::Barred];

    /// Its name in files and markup, as serde writes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fit => "fit",
            Self::NotAdvisable => "not-advisable",
            Self::Barred => "barred",
        }
    }

    /// The one of that name.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fitness| fitness.code() == code)
    }

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Fit => "没有不宜的情况",
            Self::NotAdvisable => "受处分还在影响期内，不宜担任",
            Self::Barred => "受留党察看处分、没有恢复党员权利，不能担任",
        }
    }
}

/// A sponsor, 入党介绍人.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sponsor {
    /// Name.
    pub name: String,
    /// Whether this can be.
    pub fitness: Fitness,
    /// Whether a full member; `None` when not known.
    pub full_member: Option<bool>,
}

/// A class of concentrated training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Training {
    /// Its last day.
    pub on: Date,
    /// Days.
    pub days: u16,
    /// Study hours, 学时.
    pub hours: u16,
}

impl Facts {
    /// What a ledger says of a person; the rest is to be filled in.
    pub fn of(id: &str, ledger: &Ledger, today: Date) -> Self {
        Self {
            id: id.into(),
            state: ledger.on(today).state,
            stones: ledger.milestones(today),
            ..Self::default()
        }
    }

    /// The last day of probation: a year after the vote, or as extended.
    pub fn probation_ends(&self) -> Option<Date> {
        self.stones.probation_ends()
    }
}
