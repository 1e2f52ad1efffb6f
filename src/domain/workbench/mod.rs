//! A branch's workbench: everybody that rosters have named, and all that people have written down of
//! them. One book, [`Workbench`] the fold of its [`Deed`]s.
//!
//! Nothing here concludes anything: what a roster says and what somebody has typed stay apart
//! ([`Workbench::ledger`] names where each decision is known from), and no state follows from time
//! that has passed.

mod class;
mod facts;

pub use class::{Class, ClassDeed, Pupil, PupilLine};
pub use facts::{Fact, Noted};

use crate::domain::branch::{Field, People, PersonId, RosterEvent, Stage, UndoRefused, tidy};
use crate::domain::due::local::Local;
use crate::domain::standing::{Act, Change, Decider, Entry, Ledger, Organ, State, Transition};
use crate::domain::structure::plan::Planned;
use crate::domain::structure::watch::Watching;
use crate::domain::study::{Event, EventId};
use crate::domain::time::{Date, Moment};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What happens at the workbench.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// A roster came, was taken back, corrected, or a person linked to records.
    Roster(RosterEvent),
    /// A decision about a person was written down, or struck out.
    Stood {
        /// About whom.
        person: PersonId,
        /// What.
        act: Act,
    },
    /// A fact that rules need was written down.
    Noted {
        /// About whom.
        person: PersonId,
        /// What.
        fact: Fact,
    },
    /// A fact was written down by mistake: it counts no longer, and stays to be read.
    Unnoted {
        /// About whom.
        person: PersonId,
        /// The event that noted it.
        note: EventId,
    },
    /// What the unit has arranged beyond the rules.
    Arranged(Local),
    /// The plan of a year, whole.
    Planned {
        /// The year.
        year: u16,
        /// By group.
        groups: Vec<Planned>,
    },
    /// How many members the unit had at the end of a year, as people have counted them.
    Counted {
        /// The year.
        year: u16,
        /// How many; none takes the figure back.
        members: Option<u32>,
    },
    /// How the unit wants things to be watched, and ages to be counted.
    Watching(Watching),
    /// What the unit is called in reports and exports.
    Named(String),
    /// A way of looking at the register was kept under a name, or dropped.
    View {
        /// Its name.
        name: String,
        /// How, as the register's screen has it; none drops it.
        view: Option<String>,
    },
    /// Something about a class of concentrated training.
    Class {
        /// Which: the event that opened it.
        class: EventId,
        /// What.
        deed: ClassDeed,
    },
    /// A class of concentrated training was opened; its event names it.
    Opened(Class),
}

/// What was written down of a person, beyond rosters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Decisions.
    pub ledger: Ledger,
    /// Facts, in the order of the journal.
    pub notes: Vec<Noted>,
}

/// The workbench. The fold of its deeds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workbench {
    /// Everybody that rosters have named.
    pub people: People,
    /// What was written of people, by [`PersonId`] as text.
    pub files: BTreeMap<String, File>,
    /// Local arrangements.
    pub local: Local,
    /// Plans, by year.
    pub plans: BTreeMap<u16, Vec<Planned>>,
    /// Members at the end of years.
    pub members: BTreeMap<u16, u32>,
    /// How things are watched.
    #[serde(default)]
    pub watching: Watching,
    /// What the unit is called.
    pub unit: String,
    /// Ways of looking at the register, by name.
    pub views: BTreeMap<String, String>,
    /// Classes of concentrated training, in the order in which they were opened.
    pub classes: Vec<(EventId, Class)>,
}

impl Workbench {
    /// Folds one event in.
    pub fn apply(&mut self, event: &Event<Deed>) {
        match &event.what {
            Deed::Roster(what) => self.people.take(&event.id, event.at, what),
            Deed::Stood { person, act } => {
                let file = self.files.entry(person.to_string()).or_default();
                file.ledger.apply(&event.id, event.at, act);
            }
            Deed::Noted { person, fact } => {
                let file = self.files.entry(person.to_string()).or_default();
                file.note(&event.id, event.at, fact);
            }
            Deed::Unnoted { person, note } => {
                if let Some(file) = self.files.get_mut(&person.to_string()) {
                    file.strike(note, event.at);
                }
            }
            Deed::Arranged(local) => self.local = local.clone(),
            Deed::Planned { year, groups } => {
                self.plans.insert(*year, groups.clone());
            }
            Deed::Counted { year, members } => {
                match members {
                    Some(members) => self.members.insert(*year, *members),
                    None => self.members.remove(year),
                };
            }
            Deed::Watching(watching) => self.watching = watching.clone(),
            Deed::Named(name) => self.unit = tidy(name),
            Deed::View { name, view } => {
                match view {
                    Some(view) => self.views.insert(name.clone(), view.clone()),
                    None => self.views.remove(name),
                };
            }
            Deed::Opened(class) => {
                if self.classes.iter().all(|(id, _)| *id != event.id) {
                    self.classes.push((event.id.clone(), class.clone()));
                }
            }
            Deed::Class { class, deed } => {
                let mut classes = self.classes.iter_mut();
                if let Some((_, class)) = classes.find(|(id, _)| id == class) {
                    class.apply(deed);
                }
            }
        }
    }

    /// What was written of a person, beyond rosters.
    pub fn file(&self, person: &PersonId) -> Option<&File> {
        self.files.get(&person.to_string())
    }

    /// Whether anything was written of anybody; without that nobody need be looked up.
    fn file_of(&self, person: u32) -> Option<&File> {
        if self.files.is_empty() {
            return None;
        }
        self.file(&self.people.id(person)?)
    }

    /// Where a person stands and stood: what somebody has written down, and before it what the rosters
    /// say, as decisions of [`Organ::NotKnown`]. Of a month or a year its last day is meant, so that
    /// no minimum is taken for reached too soon. What was written takes the place of what a roster
    /// says of the same decision.
    pub fn ledger(&self, person: u32) -> Ledger {
        let written = self.file_of(person).map(|file| &file.ledger);
        let mut ledger = Ledger::default();
        let is_written = |what: &Transition| {
            written.is_some_and(|ledger| {
                let mut entries = ledger.entries.iter();
                entries.any(|entry| {
                    entry.struck.is_none()
                        && std::mem::discriminant(&entry.change.what) == std::mem::discriminant(what)
                })
            })
        };
        let newest = written.and_then(|ledger| ledger.in_order().last().map(|entry| entry.change.on));
        for (what, on) in self.said(person) {
            // How somebody stands now is known better from what was written since.
            let is_old = matches!(what, Transition::Registered { .. }) && newest >= Some(on);
            if !is_old && !is_written(&what) {
                ledger.entries.push(said(what, on));
            }
        }
        if let Some(written) = written {
            ledger.entries.extend(written.entries.iter().cloned());
        }
        ledger
    }

    /// The decisions that rosters give, with their days.
    fn said(&self, person: u32) -> Vec<(Transition, Date)> {
        let day = |field: Field| self.people.when(person, field).and_then(|when| when.latest());
        let stage = Stage::read(self.people.words(person, Field::Stage));
        let known = [
            (Field::Applied, Transition::Applied),
            (Field::Confirmed, Transition::Confirmed),
            (Field::Prospect, Transition::Listed),
            (Field::Admitted, Transition::Admitted),
            (Field::Full, Transition::PassedFull),
        ];
        let mut all: Vec<(Transition, Date)> = Vec::new();
        for (field, what) in known {
            if let Some(on) = day(field) {
                all.push((what, on));
            }
        }
        // Whom a roster gives a day of admission or full membership, it gives for one who was approved.
        let reached = match all.last() {
            Some((Transition::PassedFull, _)) => Some(State::Member),
            Some((Transition::Admitted, _)) => Some(State::Probationer),
            Some((Transition::Listed, _)) => Some(State::Prospect),
            Some((Transition::Confirmed, _)) => Some(State::Activist),
            Some(_) => Some(State::Applicant),
            None => None,
        };
        let named = stage.map(|stage| match stage {
            Stage::Applicant => State::Applicant,
            Stage::Activist => State::Activist,
            Stage::Prospect => State::Prospect,
            Stage::Probationer => State::Probationer,
            Stage::Member => State::Member,
        });
        let last = all.last().map(|(_, on)| *on);
        let state = named.max(reached);
        let by_day = matches!(
            state,
            Some(State::Applicant | State::Activist | State::Prospect) if state == reached
        );
        if let Some(state) = state.filter(|_| !by_day)
            && let Some(on) = last.or_else(|| self.brought(person))
        {
            all.push((Transition::Registered { state }, on));
        }
        all
    }

    /// The day of the import that brought a person.
    fn brought(&self, person: u32) -> Option<Date> {
        let id = self.people.id(person)?;
        let mut imports = self.people.imports().iter();
        imports
            .find(|import| import.id == id.import)
            .map(|import| import.at.date())
    }

    /// How a person stands on a day, quickly: of most people only rosters know.
    pub fn state(&self, person: u32, day: Date) -> State {
        self.ledger(person).on(day).state
    }

    /// The event that takes the last import back.
    ///
    /// # Errors
    /// Why not: as [`People::undo_last`], and when decisions or facts were written of somebody whom it
    /// brought.
    pub fn undo_last(&self, even_touched: bool) -> Result<RosterEvent, String> {
        let undo = self
            .people
            .undo_last(even_touched)
            .map_err(|refused: UndoRefused| refused.to_string())?;
        if let RosterEvent::Undone { import } = &undo {
            let begins = format!("{import}-");
            let touched = self
                .files
                .range(begins.clone()..)
                .take_while(|(id, _)| id.starts_with(&begins));
            let count = touched.count();
            if count > 0 {
                return Err(format!(
                    "这次导入的人里有 {count} 人已经记了发展工作（状态、谈话、考察等），不能撤销；要更正的请到本人的页面改"
                ));
            }
        }
        Ok(undo)
    }

    /// What somebody typed for a field, as it is kept.
    ///
    /// # Errors
    /// Why that cannot be the value.
    pub fn corrected(&self, person: &PersonId, field: Field, value: &str) -> Result<Deed, String> {
        if self.people.find(person).is_none() {
            return Err("名册里没有这个人，可能导入已经撤销".into());
        }
        let value = field.typed(value)?;
        if field == Field::Name && value.is_empty() {
            return Err("请填姓名".into());
        }
        Ok(Deed::Roster(RosterEvent::Corrected {
            person: person.clone(),
            field,
            value,
        }))
    }
}

/// A decision that a roster gives.
fn said(what: Transition, on: Date) -> Entry {
    Entry {
        id: EventId(String::new()),
        at: Moment { ms: 0, tz: 0 },
        change: Change {
            on,
            what,
            by: Decider {
                organ: Organ::NotKnown,
                name: String::new(),
            },
            reason: String::new(),
        },
        struck: None,
    }
}
