//! Classes of concentrated training, 短期集中培训 (policy items (六)–(八), rules Art. 18): who takes part, and
//! what people have typed of each. What somebody has studied alone never counts here.

use crate::domain::branch::PersonId;
use crate::domain::time::Date;
use serde::{Deserialize, Serialize};

/// A class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// What it is called.
    pub name: String,
    /// Who holds it: a primary committee, or a county committee's organisation department.
    pub organiser: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// Where.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// Its study hours, 学时, as it is planned.
    pub hours: u16,
    /// Who takes part, in the order in which they were put down.
    #[serde(default)]
    pub pupils: Vec<Pupil>,
}

/// Somebody in a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pupil {
    /// Who.
    pub person: PersonId,
    /// What was typed.
    #[serde(default)]
    pub line: PupilLine,
}

/// What people have typed of somebody in a class.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PupilLine {
    /// Days attended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u16>,
    /// Study hours attended. Never what was studied alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<u16>,
    /// The mark, as the class gives it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mark: String,
    /// The appraisal, in people's words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub appraisal: String,
    /// Whether the class was completed, as people have said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed: Option<bool>,
}

/// What happens in a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClassDeed {
    /// Its particulars are now these; who takes part stays.
    Changed(Class),
    /// People were put down, those who were not yet.
    Enrolled(Vec<PersonId>),
    /// Somebody was taken off, with what was typed.
    Left(PersonId),
    /// What is typed of somebody, whole.
    Marked {
        /// Of whom.
        person: PersonId,
        /// What.
        line: PupilLine,
    },
}

impl Class {
    /// Somebody in the class.
    pub fn pupil(&self, person: &PersonId) -> Option<&Pupil> {
        self.pupils.iter().find(|pupil| pupil.person == *person)
    }

    /// Folds something in.
    pub(super) fn apply(&mut self, deed: &ClassDeed) {
        match deed {
            ClassDeed::Changed(class) => {
                let pupils = std::mem::take(&mut self.pupils);
                *self = Self {
                    pupils,
                    ..class.clone()
                };
            }
            ClassDeed::Enrolled(people) => {
                for person in people {
                    if self.pupil(person).is_none() {
                        self.pupils.push(Pupil {
                            person: person.clone(),
                            line: PupilLine::default(),
                        });
                    }
                }
            }
            ClassDeed::Left(person) => self.pupils.retain(|pupil| pupil.person != *person),
            ClassDeed::Marked { person, line } => {
                let mut pupils = self.pupils.iter_mut();
                if let Some(pupil) = pupils.find(|pupil| pupil.person == *person) {
                    pupil.line = line.clone();
                }
            }
        }
    }
}
