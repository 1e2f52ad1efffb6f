//! Facts that the rules about what is due need to know of a person, as people have typed them.

use super::{File, Workbench};
use crate::domain::branch::{Field, PersonId};
use crate::domain::due::facts::{Facts, Mentor, Notice, Sponsor, Training};
use crate::domain::study::EventId;
use crate::domain::time::{Date, Moment};
use serde::{Deserialize, Serialize};

/// Something that was written down of a person. Of what there can be only one, the last counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    /// The talk after the application was held (Art. 7).
    Talked(Date),
    /// Who the mentors are and were (Art. 9), whole.
    Mentors(Vec<Mentor>),
    /// The branch has reviewed the person (Art. 11).
    Reviewed {
        /// The day.
        on: Date,
        /// What it found, in its words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        words: String,
    },
    /// A thought report was handed in.
    ThoughtReport(Date),
    /// A mentor's note was handed in.
    MentorNote(Date),
    /// The higher committee agreed to the proposal (2014: took it on file).
    Agreed(Date),
    /// The public notice.
    Notice(Notice),
    /// Whether the person is mobile (流动人员).
    Mobile(bool),
    /// Sponsors (Art. 14), whole.
    Sponsors(Vec<Sponsor>),
    /// The pre-review was passed.
    Prereviewed(Date),
    /// The person will leave the unit on that day.
    Leaving(Date),
    /// The oath was taken.
    Sworn(Date),
    /// Full membership was applied for in writing.
    Requested(Date),
    /// Whether the branch has put off the discussion of a probationer who moved in (Art. 35).
    Postponed(bool),
    /// Whether the person works on a front-line post (生产、工作一线).
    FrontLine(bool),
}

impl Fact {
    /// What a reader sees.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Talked(_) => "党组织派人谈话",
            Self::Mentors(_) => "培养联系人",
            Self::Reviewed { .. } => "党支部考察",
            Self::ThoughtReport(_) => "思想汇报",
            Self::MentorNote(_) => "培养联系人写实",
            Self::Agreed(_) => "上级党委同意列为发展对象",
            Self::Notice(_) => "公示",
            Self::Mobile(_) => "流动人员",
            Self::Sponsors(_) => "入党介绍人",
            Self::Prereviewed(_) => "上级党委预审合格",
            Self::Leaving(_) => "将离开本单位",
            Self::Sworn(_) => "入党宣誓",
            Self::Requested(_) => "提出书面转正申请",
            Self::Postponed(_) => "推迟讨论转正",
            Self::FrontLine(_) => "生产、工作一线",
        }
    }

    /// The day of it, where it has one.
    pub fn day(&self) -> Option<Date> {
        match self {
            Self::Talked(on)
            | Self::Reviewed { on, .. }
            | Self::ThoughtReport(on)
            | Self::MentorNote(on)
            | Self::Agreed(on)
            | Self::Prereviewed(on)
            | Self::Leaving(on)
            | Self::Sworn(on)
            | Self::Requested(on) => Some(*on),
            Self::Notice(notice) => Some(notice.from),
            Self::Mentors(_)
            | Self::Mobile(_)
            | Self::Sponsors(_)
            | Self::Postponed(_)
            | Self::FrontLine(_) => None,
        }
    }
}

/// A fact as it was written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// Its event.
    pub id: EventId,
    /// When it was written.
    pub at: Moment,
    /// What.
    pub fact: Fact,
    /// When it was struck out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub struck: Option<Moment>,
}

impl File {
    pub(super) fn note(&mut self, id: &EventId, at: Moment, fact: &Fact) {
        if self.notes.iter().all(|noted| noted.id != *id) {
            self.notes.push(Noted {
                id: id.clone(),
                at,
                fact: fact.clone(),
                struck: None,
            });
        }
    }

    pub(super) fn strike(&mut self, note: &EventId, at: Moment) {
        let mut notes = self.notes.iter_mut();
        if let Some(noted) = notes.find(|noted| noted.id == *note && noted.struck.is_none()) {
            noted.struck = Some(at);
        }
    }

    /// What counts.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        let notes = self.notes.iter().filter(|noted| noted.struck.is_none());
        notes.map(|noted| &noted.fact)
    }
}

impl Workbench {
    /// A person as the rules about what is due see them.
    pub fn facts(&self, person: u32, today: Date) -> Facts {
        let id = self.people.id(person);
        let name = id.as_ref().map(PersonId::to_string).unwrap_or_default();
        let ledger = self.ledger(person);
        let mut facts = Facts::of(&name, &ledger, today);
        facts.born = self
            .people
            .when(person, Field::Birth)
            .and_then(|when| when.whole());
        for field in [Field::Mentor1, Field::Mentor2] {
            let mentor = self.people.words(person, field);
            if !mentor.is_empty() {
                facts.mentors.push(Mentor {
                    name: mentor.to_owned(),
                    ..Mentor::default()
                });
            }
        }
        let file = id.as_ref().and_then(|id| self.file(id));
        for fact in file.into_iter().flat_map(File::facts) {
            match fact {
                Fact::Talked(on) => facts.talked = Some(*on),
                Fact::Mentors(mentors) => facts.mentors.clone_from(mentors),
                Fact::Reviewed { on, .. } => facts.reviews.push(*on),
                Fact::ThoughtReport(on) => facts.thought_reports.push(*on),
                Fact::MentorNote(on) => facts.mentor_notes.push(*on),
                Fact::Agreed(on) => facts.agreed = Some(*on),
                Fact::Notice(notice) => facts.notice = Some(*notice),
                Fact::Mobile(mobile) => facts.mobile = *mobile,
                Fact::Sponsors(sponsors) => facts.sponsors.clone_from(sponsors),
                Fact::Prereviewed(on) => facts.prereviewed = Some(*on),
                Fact::Leaving(on) => facts.leaving = Some(*on),
                Fact::Sworn(on) => facts.sworn = Some(*on),
                Fact::Requested(on) => facts.requested = Some(*on),
                Fact::Postponed(postponed) => facts.postponed = *postponed,
                Fact::FrontLine(_) => {}
            }
        }
        let classes = self.classes.iter().map(|(_, class)| class);
        facts.training = classes
            .filter_map(|class| {
                let line = class.pupil(id.as_ref()?)?;
                (line.line.completed == Some(true)).then_some(Training {
                    on: class.until,
                    days: line.line.days.unwrap_or_default(),
                    hours: line.line.hours.unwrap_or_default(),
                })
            })
            .collect();
        facts
    }

    /// Whether a person works on a front-line post, where somebody has said so.
    pub fn front_line(&self, person: u32) -> Option<bool> {
        let file = self.file_of(person)?;
        let said = file.facts().filter_map(|fact| match fact {
            Fact::FrontLine(is) => Some(*is),
            _ => None,
        });
        said.last()
    }
}
