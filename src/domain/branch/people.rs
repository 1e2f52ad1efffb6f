//! Everybody that rosters have named: the fold of imports, corrections and links.
//!
//! Kept by columns, four bytes for a value and each word once, so that a million people take some
//! hundred megabytes and grow linearly. Where a value came from is kept as who brought the person
//! in, and apart from that only for what was changed since.

use super::field::{Field, Kind, Stage, name_key, place_key};
use super::links::Links;
use super::lot::{Lot, Place, show};
use super::texts::Texts;
use super::when::When;
use crate::domain::study::{Event, EventId};
use crate::domain::time::Moment;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

/// What happens to the people of rosters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RosterEvent {
    /// A roster was taken in, whole.
    Imported(Box<Import>),
    /// The last import was taken back.
    Undone {
        /// The event of the import.
        import: EventId,
    },
    /// Somebody has typed a value.
    Corrected {
        /// Whose.
        person: PersonId,
        /// Of what.
        field: Field,
        /// What it is now: words, or `2025-03`; empty for nothing.
        value: String,
    },
    /// A person of the roster is the holder of training records.
    Linked {
        /// The person.
        person: PersonId,
        /// The holder id of the records; none when a link is taken back.
        holder: Option<EventId>,
    },
}

/// A person of the roster: the import that brought the person in, and the place in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PersonId {
    /// The event of the import.
    pub import: EventId,
    /// The place among those whom it brought, from 0.
    pub n: u32,
}

/// `<import>-<n>`, as addresses carry it.
impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.import, self.n)
    }
}

impl PersonId {
    /// Reads what `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        let (import, n) = text.split_once('-')?;
        Some(Self {
            import: EventId(import.to_owned()),
            n: n.parse().ok()?,
        })
    }
}

/// What an import brings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// Name of the file.
    pub file: String,
    /// SHA-256 of the file, in hexadecimal.
    pub digest: String,
    /// In which characters it was written, where that had to be found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// What was mapped to what: by the signature of the headings, for each column its field.
    #[serde(default)]
    pub mappings: BTreeMap<String, Vec<Option<Field>>>,
    /// The new people.
    pub new: Lot,
    /// The imports that `changed` speaks of.
    #[serde(default)]
    pub of: Vec<EventId>,
    /// What changes with people who are known.
    #[serde(default)]
    pub changed: Vec<Change>,
    /// Words of `changed`.
    #[serde(default)]
    pub texts: Texts,
}

/// A person in an import: the place of the import in [`Import::of`], and the person's in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRef(pub u32, pub u32);

/// What an import changes with a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Who.
    pub who: ImportRef,
    /// The sheet, by place in the sheets of [`Import::new`], and row that says so.
    pub place: Place,
    /// The new values: a number in [`Import::texts`], or [`When::bits`].
    pub values: Vec<(Field, u32)>,
}

/// An import in the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Its event.
    pub id: EventId,
    /// When.
    pub at: Moment,
    /// The file.
    pub file: String,
    /// Its digest.
    pub digest: String,
    /// Its characters.
    #[serde(default)]
    pub encoding: Option<String>,
    /// Its sheets.
    pub sheets: Vec<String>,
    /// The first of those whom it brought, and how many.
    first: u32,
    /// How many people it brought.
    pub new: u32,
    /// With how many it changed something.
    pub changed: u32,
    /// When it was taken back.
    #[serde(default)]
    pub undone: Option<Moment>,
    /// What stood where it changed something.
    replaced: Vec<Replaced>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Replaced {
    person: u32,
    field: Field,
    /// What stood there.
    value: u32,
    /// Where that came from; none when with the person.
    from: Option<Whence>,
    /// What stands there since, for the history.
    now: u32,
    place: Place,
}

/// Who brought a value: an import by its place in the history, or an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Whence {
    by: By,
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum By {
    Import(u32),
    Hand(u32),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Edit {
    at: Moment,
    replaced: Replaced,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source<'a> {
    /// A row of a roster.
    Roster {
        /// The import: file, day, id.
        import: &'a Imported,
        /// The sheet's name.
        sheet: &'a str,
        /// The row, from 1.
        row: u32,
    },
    /// Somebody typed it then.
    Hand(Moment),
}

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known<'a> {
    /// What.
    pub field: Field,
    /// As a reader sees it.
    pub text: String,
    /// From where.
    pub source: Source<'a>,
}

/// A value that stood before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past<'a> {
    /// What.
    pub field: Field,
    /// What stood there; empty for nothing.
    pub before: String,
    /// What came in its place.
    pub after: String,
    /// What brought that.
    pub source: Source<'a>,
    /// Whether that was taken back since.
    pub undone: bool,
}

/// Why the last import cannot be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UndoRefused {
    /// There is none that stands.
    Nothing,
    /// Of those whom it brought, that many were corrected or linked by hand since: they would
    /// stay, so it must be said first.
    Touched(usize),
}

impl fmt::Display for UndoRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("没有可以撤销的导入"),
            Self::Touched(count) => write!(
                f,
                "这次导入的人里有 {count} 人后来由人改过或关联了培训记录；撤销以后这些人会留在名册里"
            ),
        }
    }
}

/// Everybody. The fold of the events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    texts: Texts,
    /// By field: a value for each person, or nothing at all as long as nobody has any.
    #[serde(with = "super::numbers::columns")]
    columns: Vec<Vec<u32>>,
    /// For each person the sheet and row that brought the person in.
    #[serde(with = "super::numbers")]
    sheet: Vec<u16>,
    #[serde(with = "super::numbers")]
    row: Vec<u32>,
    imports: Vec<Imported>,
    edits: Vec<Edit>,
    /// Where values came from that did not come with the person: by person and field.
    #[serde(with = "pairs")]
    from: BTreeMap<(u32, u8), Whence>,
    /// People who stay though their import was taken back.
    kept: BTreeSet<u32>,
    links: Links,
    mappings: BTreeMap<String, Vec<Option<Field>>>,
}

/// Serde of a map whose keys are no strings.
mod pairs {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    pub(super) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub(super) fn deserialize<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<K, V>, D::Error> {
        Ok(Vec::<(K, V)>::deserialize(deserializer)?.into_iter().collect())
    }
}

impl People {
    /// Folds one event in. What does not fit the rest (a person nobody brought, a damaged lot) has
    /// no effect.
    pub fn apply(&mut self, event: &Event<RosterEvent>) {
        self.take(&event.id, event.at, &event.what);
    }

    /// Folds in what happened under that id at that time.
    pub fn take(&mut self, id: &EventId, at: Moment, what: &RosterEvent) {
        match what {
            RosterEvent::Imported(import) => self.import(id, at, import),
            RosterEvent::Undone { import } => self.undo(import, at),
            RosterEvent::Corrected { person, field, value } => self.correct(at, person, *field, value),
            RosterEvent::Linked { person, holder } => {
                if let Some(at) = self.find(person) {
                    self.links.set(at, holder.clone());
                }
            }
        }
    }

    fn import(&mut self, id: &EventId, at: Moment, import: &Import) {
        let known = self.imports.iter().any(|other| other.id == *id);
        if known || !import.new.is_sound() || u32::try_from(self.count() + import.new.len()).is_err() {
            return;
        }
        let first = self.count() as u32;
        let lot = &import.new;
        let texts: Vec<u32> = std::iter::once(0)
            .chain(lot.texts.iter().map(|text| self.texts.intern(text)))
            .collect();
        let count = self.count() + lot.len();
        for at in 0..lot.len() {
            let place = lot.place(at);
            self.sheet.push(place.sheet);
            self.row.push(place.row);
        }
        self.columns.resize(Field::ALL.len(), Vec::new());
        for (column, field) in lot.fields.iter().enumerate() {
            let words = field.kind() != Kind::Day;
            for at in 0..lot.len() {
                let value = lot.values(at).get(column).copied().unwrap_or_default();
                if value != 0 {
                    let slots = &mut self.columns[field.at()];
                    slots.resize(first as usize + at, 0);
                    slots.push(if words { texts[value as usize] } else { value });
                }
            }
        }
        for column in self.columns.iter_mut().filter(|column| !column.is_empty()) {
            column.resize(count, 0);
        }
        let number = self.imports.len() as u32;
        self.imports.push(Imported {
            id: id.clone(),
            at,
            file: import.file.clone(),
            digest: import.digest.clone(),
            encoding: import.encoding.clone(),
            sheets: lot.sheets.clone(),
            first,
            new: lot.len() as u32,
            changed: import.changed.len() as u32,
            undone: None,
            replaced: Vec::new(),
        });
        let mut replaced = Vec::new();
        for change in &import.changed {
            let Some(person) = import
                .of
                .get(change.who.0 as usize)
                .and_then(|of| self.find_in(of, change.who.1))
            else {
                continue;
            };
            for (field, value) in &change.values {
                let value = match field.kind() {
                    Kind::Day if When::from_bits(*value).is_some() => *value,
                    Kind::Day => continue,
                    _ => self.texts.intern(import.texts.get(*value)),
                };
                let from = Whence {
                    by: By::Import(number),
                    place: change.place,
                };
                replaced.extend(self.put(person, *field, value, from));
            }
        }
        if let Some(last) = self.imports.last_mut() {
            last.replaced = replaced;
        }
        for (signature, fields) in &import.mappings {
            self.mappings.insert(signature.clone(), fields.clone());
        }
    }

    /// Puts a value in the place of the known one, by the rules that hold whatever a plan says: a
    /// stage never falls and a note is added to.
    fn put(&mut self, person: u32, field: Field, value: u32, from: Whence) -> Option<Replaced> {
        let before = self.value(person, field);
        let mut now = value;
        if let (By::Import(_), true) = (from.by, before != 0) {
            match field.kind() {
                Kind::Stage => {
                    let stage = |value| Stage::read(self.texts.get(value));
                    if stage(now) <= stage(before) {
                        return None;
                    }
                }
                Kind::Note => {
                    now = match joined(self.texts.get(before), self.texts.get(now)) {
                        Some(note) => self.texts.intern(&note),
                        None => return None,
                    }
                }
                _ => {}
            }
        }
        if before == now {
            return None;
        }
        let count = self.count();
        self.columns.resize(Field::ALL.len(), Vec::new());
        let column = &mut self.columns[field.at()];
        column.resize(count, 0);
        *column.get_mut(person as usize)? = now;
        let old = self.from.insert((person, field.at() as u8), from);
        Some(Replaced {
            person,
            field,
            value: before,
            from: old,
            now,
            place: from.place,
        })
    }

    fn undo(&mut self, id: &EventId, at: Moment) {
        // Only the last that stands: what came after it was judged with it in mind.
        let Some(last) = self.imports.iter().rposition(|import| import.undone.is_none()) else {
            return;
        };
        if self.imports[last].id != *id {
            return;
        }
        let touched = self.touched(last);
        self.kept.extend(touched);
        let import = &mut self.imports[last];
        import.undone = Some(at);
        for old in import.replaced.iter().rev() {
            let key = (old.person, old.field.at() as u8);
            // Somebody's own correction since stays.
            if self
                .from
                .get(&key)
                .is_none_or(|from| from.by != By::Import(last as u32))
            {
                continue;
            }
            match old.from {
                Some(from) => self.from.insert(key, from),
                None => self.from.remove(&key),
            };
            if let Some(slot) = self
                .columns
                .get_mut(old.field.at())
                .and_then(|column| column.get_mut(old.person as usize))
            {
                *slot = old.value;
            }
        }
    }

    fn correct(&mut self, at: Moment, person: &PersonId, field: Field, value: &str) {
        let Some(person) = self.find(person) else { return };
        let Ok(value) = field.typed(value) else { return };
        let value = match field.kind() {
            Kind::Day => When::typed(&value),
            _ => self.texts.intern(&value),
        };
        let from = Whence {
            by: By::Hand(self.edits.len() as u32),
            place: Place { sheet: 0, row: 0 },
        };
        if let Some(replaced) = self.put(person, field, value, from) {
            self.edits.push(Edit { at, replaced });
        }
    }

    /// How many there are, those taken back included; people are numbered from 0 to this.
    pub fn count(&self) -> usize {
        self.row.len()
    }

    /// The numbers of those who stand.
    pub fn standing(&self) -> impl Iterator<Item = u32> + '_ {
        self.imports.iter().flat_map(move |import| {
            let all = import.first..import.first + import.new;
            all.filter(move |person| import.undone.is_none() || self.kept.contains(person))
        })
    }

    /// Whether a person stands.
    pub fn stands(&self, person: u32) -> bool {
        self.import_of(person)
            .is_some_and(|(_, import)| import.undone.is_none() || self.kept.contains(&person))
    }

    /// The value of a field, as it is kept: a number of [`Self::text`], or [`When::bits`]; 0 for none.
    pub fn value(&self, person: u32, field: Field) -> u32 {
        let column = self.columns.get(field.at());
        column
            .and_then(|column| column.get(person as usize))
            .copied()
            .unwrap_or_default()
    }

    /// The word of that number.
    pub fn text(&self, number: u32) -> &str {
        self.texts.get(number)
    }

    /// All words.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// A value as words; empty for a date or nothing.
    pub fn words(&self, person: u32, field: Field) -> &str {
        match field.kind() {
            Kind::Day => "",
            _ => self.texts.get(self.value(person, field)),
        }
    }

    /// A value as a date.
    pub fn when(&self, person: u32, field: Field) -> Option<When> {
        match field.kind() {
            Kind::Day => When::from_bits(self.value(person, field)),
            _ => None,
        }
    }

    /// A value as a reader sees it; empty for none.
    pub fn shown(&self, person: u32, field: Field) -> String {
        show(&self.texts, field, self.value(person, field))
    }

    /// A person, to be read.
    pub fn person(&self, person: u32) -> Option<Person<'_>> {
        ((person as usize) < self.count()).then_some(Person { people: self, person })
    }

    /// The number of a person.
    pub fn find(&self, id: &PersonId) -> Option<u32> {
        self.find_in(&id.import, id.n)
    }

    fn find_in(&self, import: &EventId, n: u32) -> Option<u32> {
        let import = self.imports.iter().find(|other| other.id == *import)?;
        (n < import.new).then_some(import.first + n)
    }

    /// The id of a person.
    pub fn id(&self, person: u32) -> Option<PersonId> {
        let (_, import) = self.import_of(person)?;
        Some(PersonId {
            import: import.id.clone(),
            n: person - import.first,
        })
    }

    /// When the import came that brought a person.
    pub fn brought(&self, person: u32) -> Option<Moment> {
        self.import_of(person).map(|(_, import)| import.at)
    }

    /// The import that brought a person, and its place in the history.
    fn import_of(&self, person: u32) -> Option<(u32, &Imported)> {
        let after = self.imports.partition_point(|import| import.first <= person);
        // Imports that brought nobody share their beginning with the next.
        let at = (0..after).rev().find(|at| self.imports[*at].new > 0)?;
        let import = &self.imports[at];
        (person - import.first < import.new).then_some((at as u32, import))
    }

    /// The place of the import that brought a person, and the person's place in it.
    pub(super) fn place_of(&self, person: u32) -> Option<(&EventId, u32)> {
        let (_, import) = self.import_of(person)?;
        Some((&import.id, person - import.first))
    }

    /// All imports, the last at the end.
    pub fn imports(&self) -> &[Imported] {
        &self.imports
    }

    /// The event that takes the last import back.
    ///
    /// # Errors
    /// [`UndoRefused`]; with `even_touched`, only when there is nothing to take back.
    pub fn undo_last(&self, even_touched: bool) -> Result<RosterEvent, UndoRefused> {
        let last = self.imports.iter().rposition(|import| import.undone.is_none());
        let last = last.ok_or(UndoRefused::Nothing)?;
        match self.touched(last).len() {
            count if count > 0 && !even_touched => Err(UndoRefused::Touched(count)),
            _ => Ok(RosterEvent::Undone {
                import: self.imports[last].id.clone(),
            }),
        }
    }

    /// Of those whom an import brought, who was corrected or linked by hand since.
    fn touched(&self, import: usize) -> BTreeSet<u32> {
        let import = &self.imports[import];
        let all = import.first..import.first + import.new;
        let edited = self.edits.iter().map(|edit| edit.replaced.person);
        edited
            .chain(self.links.people())
            .filter(|person| all.contains(person))
            .collect()
    }

    /// What was mapped to what the last time that a roster had these headings.
    pub fn mapping(&self, signature: &str) -> Option<&[Option<Field>]> {
        self.mappings.get(signature).map(Vec::as_slice)
    }

    /// The holder of records whom a person is.
    pub fn holder(&self, person: u32) -> Option<&EventId> {
        self.links.holder(person)
    }

    /// The person who is that holder of records.
    pub fn held_by(&self, holder: &EventId) -> Option<u32> {
        self.links.of(holder).find(|person| self.stands(*person))
    }

    /// Who could be whom: for holders of records (id, name, branch, number) that are linked to
    /// nobody, the people who have the same name and branch. Certain is only who has the same
    /// number too and is the only one, and whom no other holder may be with the same right.
    pub fn proposals<'h>(
        &self,
        holders: impl IntoIterator<Item = (&'h EventId, &'h str, &'h str, Option<&'h str>)>,
    ) -> Vec<LinkProposal> {
        let holders: Vec<_> = holders.into_iter().collect();
        let wanted: BTreeSet<String> = holders.iter().map(|(_, name, ..)| name_key(name)).collect();
        // Each word once: of a million people most are nobody's namesake.
        let mut is_wanted: HashMap<u32, bool> = HashMap::new();
        let mut by_name: HashMap<(String, String), Vec<u32>> = HashMap::new();
        for person in self
            .standing()
            .filter(|person| self.links.holder(*person).is_none())
        {
            let word = self.value(person, Field::Name);
            let key = || name_key(self.texts.get(word));
            if *is_wanted.entry(word).or_insert_with(|| wanted.contains(&key())) {
                let branch = place_key(self.words(person, Field::Branch));
                by_name.entry((key(), branch)).or_default().push(person);
            }
        }
        let mut claims: HashMap<u32, u32> = HashMap::new();
        let mut out = Vec::new();
        for (holder, name, branch, number) in holders {
            if self.held_by(holder).is_some() {
                continue;
            }
            let Some(people) = by_name.get(&(name_key(name), place_key(branch))) else {
                continue;
            };
            let number = number.map(super::tidy_code).filter(|number| !number.is_empty());
            let same = |person: &&u32| number.as_deref() == Some(self.words(**person, Field::Number));
            let sure: Vec<&u32> = people.iter().filter(same).collect();
            if let [person] = sure[..] {
                *claims.entry(*person).or_default() += 1;
            }
            out.push(LinkProposal {
                holder: holder.clone(),
                certain: sure.len() == 1,
                people: if sure.len() == 1 {
                    vec![*sure[0]]
                } else {
                    people.clone()
                },
            });
        }
        for proposal in out.iter_mut().filter(|proposal| proposal.certain) {
            let mut people = proposal.people.iter();
            proposal.certain = people.all(|person| claims.get(person) == Some(&1));
        }
        out
    }
}

/// A holder of records and who that may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkProposal {
    /// The holder.
    pub holder: EventId,
    /// Whether number, name and branch are the same and nobody else's.
    pub certain: bool,
    /// The people by number in [`People`].
    pub people: Vec<u32>,
}

/// A note with what is new in another; `None` when there is nothing new.
pub(super) fn joined(known: &str, new: &str) -> Option<String> {
    (!known.lines().any(|line| line == new) && !known.contains(new)).then(|| format!("{known}\n{new}"))
}

/// A person, to be read.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    people: &'a People,
    person: u32,
}

impl<'a> Person<'a> {
    /// The number in [`People`].
    pub fn number(self) -> u32 {
        self.person
    }

    /// All that is known, in the order of the fields.
    pub fn known(self) -> Vec<Known<'a>> {
        Field::ALL.iter().filter_map(|field| self.get(*field)).collect()
    }

    /// What is known of a field.
    pub fn get(self, field: Field) -> Option<Known<'a>> {
        let value = self.people.value(self.person, field);
        (value != 0).then_some(())?;
        let source = match self.people.from.get(&(self.person, field.at() as u8)) {
            Some(from) => self.source(*from)?,
            None => {
                let (at, _) = self.people.import_of(self.person)?;
                self.source(Whence {
                    by: By::Import(at),
                    place: Place {
                        sheet: *self.people.sheet.get(self.person as usize)?,
                        row: *self.people.row.get(self.person as usize)?,
                    },
                })?
            }
        };
        Some(Known {
            field,
            text: show(&self.people.texts, field, value),
            source,
        })
    }

    fn source(self, from: Whence) -> Option<Source<'a>> {
        Some(match from.by {
            By::Hand(at) => Source::Hand(self.people.edits.get(at as usize)?.at),
            By::Import(at) => {
                let import = self.people.imports.get(at as usize)?;
                Source::Roster {
                    import,
                    sheet: import
                        .sheets
                        .get(usize::from(from.place.sheet))
                        .map_or("", String::as_str),
                    row: from.place.row,
                }
            }
        })
    }

    /// Every value that stood once and what replaced it, in the order of time.
    pub fn past(self) -> Vec<Past<'a>> {
        let mut all: Vec<(Moment, Past<'a>)> = Vec::new();
        let past = |old: &Replaced, source: Source<'a>, undone: bool| Past {
            field: old.field,
            before: show(&self.people.texts, old.field, old.value),
            after: show(&self.people.texts, old.field, old.now),
            source,
            undone,
        };
        for import in &self.people.imports {
            for old in import.replaced.iter().filter(|old| old.person == self.person) {
                let source = Source::Roster {
                    import,
                    sheet: import
                        .sheets
                        .get(usize::from(old.place.sheet))
                        .map_or("", String::as_str),
                    row: old.place.row,
                };
                all.push((import.at, past(old, source, import.undone.is_some())));
            }
        }
        for edit in self
            .people
            .edits
            .iter()
            .filter(|edit| edit.replaced.person == self.person)
        {
            all.push((edit.at, past(&edit.replaced, Source::Hand(edit.at), false)));
        }
        all.sort_by_key(|(at, _)| at.ms);
        all.into_iter().map(|(_, past)| past).collect()
    }
}
