//! A branch's workbench: everybody that rosters have named, and all that people have written down of
//! them. One book, [`Workbench`] the fold of its [`Deed`]s.
//!
//! Nothing here concludes anything: what a roster says and what somebody has typed stay apart
//! ([`Workbench::ledger`] names where each decision is known from), and no state follows from time
//! that has passed.

mod class;
mod facts;

pub use class::{ALONE, Class, ClassDeed, LEAST, Preparation, Pupil, PupilLine, Sums};
pub use facts::{Fact, MOST_MENTORS, MOST_SPONSORS, Noted, REVIEW_WORDS, Wrong};

use crate::domain::branch::{Field, People, PersonId, RosterEvent, Stage, UndoRefused, tidy};
use crate::domain::due::local::Local;
use crate::domain::standing::judge::{self, Finding};
use crate::domain::standing::{Act, Change, Decider, Entry, Ledger, Organ, State, Transition};
use crate::domain::structure::plan::Planned;
use crate::domain::structure::watch::Watching;
use crate::domain::study::{Event, EventId};
use crate::domain::time::{Date, Moment};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

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
    /// say, as decisions of [`Organ::NotKnown`] without an id. Of a month or a year its last day is
    /// meant, so that no minimum is taken for reached too soon. What was written takes the place of what
    /// a roster says of the same decision, unless it can only be read as another one (removed, and
    /// confirmed anew). How a roster says that somebody stands now gives way where it adds nothing to
    /// what was written up to that day, or contradicts it.
    pub fn ledger(&self, person: u32) -> Ledger {
        let written = self.file_of(person).map(|file| &file.ledger);
        self.with_rosters(person, written.unwrap_or(&Ledger::default()))
    }

    /// What is to be said of that change today, by what was written and what rosters say: that may give
    /// way to the change.
    pub fn judge(&self, person: u32, change: &Change, today: Date) -> Vec<Finding> {
        let mut written = self.written(person);
        let id = EventId(judge::TRIED.into());
        written.apply(&id, Moment { ms: 0, tz: 0 }, &Act::Changed(change.clone()));
        let (now, with) = (self.ledger(person), self.with_rosters(person, &written));
        judge::judge_with(&now, &with, change, today)
    }

    /// What was written of a person's standing, without rosters.
    fn written(&self, person: u32) -> Ledger {
        let file = self.file_of(person);
        file.map(|file| file.ledger.clone()).unwrap_or_default()
    }

    /// The ledger as it is once that entry is struck out: what a roster says may count again.
    pub fn ledger_without(&self, person: u32, entry: &EventId) -> Ledger {
        let mut written = self.written(person);
        let act = Act::Struck {
            entry: entry.clone(),
            reason: String::new(),
        };
        written.apply(entry, Moment { ms: 0, tz: 0 }, &act);
        self.with_rosters(person, &written)
    }

    /// What was written, and what rosters say beside it.
    fn with_rosters(&self, person: u32, written: &Ledger) -> Ledger {
        let said = self.said(person).into_iter().map(|(what, on)| said(what, on));
        let mut ledger = Ledger {
            entries: said.collect(),
        };
        let count = ledger.entries.len();
        ledger.entries.extend(written.entries.iter().cloned());
        if count == ledger.entries.len() {
            return ledger;
        }
        for at in (0..count).rev() {
            let mut without = ledger.clone();
            let entry = without.entries.remove(at);
            if gives_way(&entry, &ledger, &without) {
                ledger = without;
            }
        }
        ledger
    }

    /// The decisions that rosters give, with their days.
    fn said(&self, person: u32) -> Vec<(Transition, Date)> {
        self.said_at(person, Stage::read(self.people.words(person, Field::Stage)))
    }

    /// The same, of somebody whose stage has been read.
    fn said_at(&self, person: u32, stage: Option<Stage>) -> Vec<(Transition, Date)> {
        let day = |field: Field| self.people.when(person, field).and_then(|when| when.latest());
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
        self.people.brought(person).map(|at| at.date())
    }

    /// How a person stands on a day, quickly: of most people only rosters know.
    pub fn state(&self, person: u32, day: Date) -> State {
        self.ledger(person).on(day).state
    }

    /// How everybody stands on a day, by number, and since when: as [`Self::ledger`] says, without making one
    /// for each of those of whom only rosters know. `step` hears how many are done.
    pub fn standings(&self, day: Date, mut step: impl FnMut(usize)) -> Vec<(State, Option<Date>)> {
        let mut stages: HashMap<u32, Option<Stage>> = HashMap::new();
        let mut all = Vec::with_capacity(self.people.count());
        for person in 0..self.people.count() as u32 {
            if person.is_multiple_of(1 << 16) {
                step(person as usize);
            }
            let word = self.people.value(person, Field::Stage);
            let stage = *stages
                .entry(word)
                .or_insert_with(|| Stage::read(self.people.text(word)));
            let said = self.said_at(person, stage);
            // As the ledger has them: of one day the later one.
            let known = said.iter().filter(|(_, on)| *on <= day);
            let last = known.max_by_key(|(_, on)| *on);
            all.push(last.map_or((State::Unknown, None), |(what, on)| (what.leads(None), Some(*on))));
        }
        for id in self.files.keys() {
            let Some(person) = PersonId::parse(id).and_then(|id| self.people.find(&id)) else {
                continue;
            };
            let standing = self.ledger(person).on(day);
            if let Some(place) = all.get_mut(person as usize) {
                *place = (standing.state, standing.since);
            }
        }
        all
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

/// Whether what a roster says gives way to what was written: `with` it and `without` it.
fn gives_way(entry: &Entry, with: &Ledger, without: &Ledger) -> bool {
    let (fits_with, fits_without) = (with.misfits(), without.misfits());
    let on = entry.change.on;
    match &entry.change.what {
        Transition::Registered { state } => {
            let is_written = without
                .in_order()
                .iter()
                .any(|other| !other.is_of_roster() && other.change.on < on);
            fits_without < fits_with || (is_written && without.on(on.add_days(-1)).state >= *state)
        }
        what => {
            let is_written = without.entries.iter().any(|other| {
                !other.is_of_roster() && other.struck.is_none() && other.change.what.kind() == what.kind()
            });
            // Where both fit, they are two decisions: removed, and confirmed anew.
            is_written && fits_with > 0 && fits_without <= fits_with
        }
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
