//! What importing a roster would do, before anything is done.
//!
//! A row is certainly a known person when number and name are the same, or, where there is no
//! number, when name, branch and whole day of birth are the same and nobody else's. Anything less
//! is asked about: same number but another name, same name in the branch but another number, a
//! name that differs by one character. Nothing is merged by guess, and what would change who a
//! person is, or a date on which a rule depends, waits until somebody has looked.

use super::field::{Field, Kind, Stage, name_key, place_key};
use super::lot::{Issue, Lot, Place, Skipped, show};
use super::people::{Change, Import, ImportRef, People, RosterEvent, joined};
use super::texts::Texts;
use super::when::When;
use crate::domain::study::EventId;
use crate::domain::time::Date;
use serde::{Deserialize, Serialize};
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;

/// A map whose keys come from a file: SipHash, and the same in every run.
type Map<K, V> = HashMap<K, V, BuildHasherDefault<DefaultHasher>>;

/// Candidates that are shown for a row.
const CANDIDATES: usize = 5;
/// People of a branch with whom a row's name may be compared letter by letter.
const COMPARED: usize = 1_000;
/// People of one name and branch who are looked at.
const NAMESAKES: usize = 50;

/// What would become of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// A person not known before.
    New,
    /// A known person about whom the row says something new.
    Changed,
    /// A known person about whom it says nothing new.
    Same,
    /// Somebody must decide.
    Doubtful,
    /// Cannot be taken.
    Refused,
}

impl Verdict {
    /// All, in the order in which they are counted.
    pub const ALL: [Self; 5] = [
        Self::New,
        Self::Changed,
        Self::Same,
        Self::Doubtful,
        Self::Refused,
    ];

    /// Its name in markup and tests.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Same => "same",
            Self::Doubtful => "doubtful",
            Self::Refused => "refused",
        }
    }

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::New => "新增",
            Self::Changed => "更新",
            Self::Same => "已有，不变",
            Self::Doubtful => "请确认",
            Self::Refused => "不能导入",
        }
    }
}

/// What somebody has decided about a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Nothing yet: new and changed rows are taken, doubtful ones are not.
    #[default]
    None,
    /// It is a person not known before.
    New,
    /// It is this person of [`People`].
    Is(u32),
    /// It is not to be taken.
    Skip,
}

/// Who a row may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidate {
    /// A person of [`People`].
    Person(u32),
    /// An earlier row, by its place in the lot.
    Row(u32),
}

/// Why somebody must decide, or should at least know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// A value that was not taken over.
    Value(Issue),
    /// The number is known under another name.
    OtherName(Candidate),
    /// The name is known in that branch under another number.
    OtherNumber(Candidate),
    /// The name is known in that branch, and nothing tells whether it is the same person.
    Namesake(Candidate),
    /// Name and day of birth are those of somebody in another branch.
    Elsewhere(Candidate),
    /// The file was taken in before; this was passed over then, or has changed since.
    Before,
    /// A name in that branch differs by one character.
    CloseName(Candidate),
    /// The same person as an earlier row, with other values.
    Repeats(Candidate),
    /// The same as an earlier row.
    Again(Candidate),
    /// What is known differs, and matters: the known value.
    Conflict(Field, String),
    /// The stage that the roster gives is lower than the known one, which stands.
    StageStands(String),
    /// Two dates stand in the wrong order.
    DatesOutOfOrder(Field, Field),
    /// Younger than eighteen at the application (Art. 5).
    TooYoung,
    /// A date that is still to come.
    Future(Field),
}

impl Doubt {
    /// Whether the row waits for a decision because of it.
    pub fn waits(&self) -> bool {
        !matches!(
            self,
            Self::StageStands(_) | Self::Again(_) | Self::DatesOutOfOrder(..) | Self::TooYoung
        )
    }

    /// The field that it is about.
    pub fn field(&self) -> Field {
        match self {
            Self::Value(issue) => issue.field,
            Self::Conflict(field, _) | Self::Future(field) | Self::DatesOutOfOrder(_, field) => *field,
            Self::OtherName(_) | Self::OtherNumber(_) => Field::Number,
            Self::StageStands(_) => Field::Stage,
            Self::TooYoung => Field::Birth,
            _ => Field::Name,
        }
    }

    /// What a reader sees.
    pub fn message(&self, people: &People, lot: &Lot) -> String {
        let who = |candidate: &Candidate| match candidate {
            Candidate::Person(person) => {
                let (name, number) = (
                    people.words(*person, Field::Name),
                    people.words(*person, Field::Number),
                );
                let branch = people.words(*person, Field::Branch);
                let number = if number.is_empty() { "无号码" } else { number };
                let parts = [name, number, branch].into_iter().filter(|part| !part.is_empty());
                format!("名册里的{}", parts.collect::<Vec<_>>().join("，"))
            }
            Candidate::Row(at) => {
                let at = *at as usize;
                format!(
                    "本文件第 {} 行的{}",
                    lot.place(at).row,
                    lot.shown(at, Field::Name)
                )
            }
        };
        match self {
            Self::Value(issue) => format!("“{}”：{}", issue.text, issue.trouble.message()),
            Self::OtherName(other) => format!("号码相同、姓名不同：{}", who(other)),
            Self::OtherNumber(other) => format!("同支部、同姓名、号码不同：{}", who(other)),
            Self::Namesake(other) => format!("同支部、同姓名，看不出是不是同一人：{}", who(other)),
            Self::Elsewhere(other) => format!("姓名和出生日期相同、支部不同：{}", who(other)),
            Self::Before => "这个文件导入过：当时没有选这一行，或者后来有了改动".into(),
            Self::CloseName(other) => format!("同支部里姓名只差一个字：{}", who(other)),
            Self::Repeats(other) => format!("与{}是同一人，内容不一样", who(other)),
            Self::Again(other) => format!("与{}重复", who(other)),
            Self::Conflict(_, known) => format!("与名册不同，名册里是“{known}”，请核对"),
            Self::StageStands(known) => format!("低于名册里的“{known}”，不降级，保留原有"),
            Self::DatesOutOfOrder(early, late) => {
                format!("“{}”晚于“{}”，请核对", early.label(), late.label())
            }
            Self::TooYoung => "递交申请时不满十八周岁（《细则》第五条），请核对".into(),
            Self::Future(_) => "日期在今天以后，请核对".into(),
        }
    }
}

/// A value that would be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Of what.
    pub field: Field,
    /// What is known; empty for nothing.
    pub before: String,
    /// The new value, as the lot has it.
    value: u32,
    /// What it would become.
    pub after: String,
    /// Whether it is to be changed.
    pub take: bool,
}

/// A row of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its place in the lot.
    pub at: u32,
    /// What would become of it.
    pub verdict: Verdict,
    /// The person that it certainly is.
    pub person: Option<u32>,
    /// Why it is doubtful, and what else somebody should know.
    pub doubts: Vec<Doubt>,
    /// What would change: for the certain person, or the one who was decided on.
    pub differences: Vec<Difference>,
    /// What was decided.
    pub decision: Decision,
}

impl Line {
    /// Whether it will be taken as it stands.
    pub fn is_taken(&self) -> bool {
        let left =
            matches!(self.verdict, Verdict::Refused | Verdict::Same) || self.decision == Decision::Skip;
        !left && !self.is_open()
    }

    /// Whether it still waits for somebody: nothing was decided about it.
    pub fn is_open(&self) -> bool {
        self.verdict == Verdict::Doubtful && self.decision == Decision::None
    }

    /// Whether it is taken, and somebody should know something about it all the same.
    pub fn is_noted(&self) -> bool {
        matches!(self.verdict, Verdict::New | Verdict::Changed) && !self.doubts.is_empty()
    }

    /// Whom it is about, as it stands; `None` for somebody new.
    pub fn target(&self) -> Option<u32> {
        match self.decision {
            Decision::Is(person) => Some(person),
            Decision::New => None,
            Decision::None | Decision::Skip => self.person,
        }
    }

    /// The people whom it may be.
    pub fn candidates(&self) -> Vec<u32> {
        let mut list: Vec<u32> = Vec::new();
        for doubt in &self.doubts {
            if let Doubt::OtherName(Candidate::Person(person))
            | Doubt::OtherNumber(Candidate::Person(person))
            | Doubt::Namesake(Candidate::Person(person))
            | Doubt::Elsewhere(Candidate::Person(person))
            | Doubt::CloseName(Candidate::Person(person)) = doubt
                && !list.contains(person)
            {
                list.push(*person);
            }
        }
        list
    }
}

/// The file that a lot was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Its name.
    pub file: String,
    /// Its SHA-256, in hexadecimal.
    pub digest: String,
    /// Its characters, where they had to be found out.
    pub encoding: Option<String>,
    /// What was mapped to what, by the signature of the headings.
    pub mappings: BTreeMap<String, Vec<Option<Field>>>,
    /// Rows that are nobody's.
    pub skipped: Vec<Skipped>,
}

impl Origin {
    /// Whether that very file was taken in before and stands.
    pub fn was_here(&self, people: &People) -> bool {
        let mut imports = people.imports().iter();
        !self.digest.is_empty()
            && imports.any(|import| import.digest == self.digest && import.undone.is_none())
    }
}

/// What importing a file would do. Nothing has been done yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Where the rows come from.
    pub origin: Origin,
    /// The rows as they were read.
    pub lot: Lot,
    /// What becomes of each.
    pub lines: Vec<Line>,
    /// The day on which it was judged, as [`When::bits`].
    today: u32,
}

/// Told how many rows have been judged.
pub type Judged<'a> = &'a mut dyn FnMut(usize);

impl Plan {
    /// Judges the rows of a lot, with what was the matter with their values, against everybody
    /// known. `today` is the day on which that is done.
    ///
    /// A file that was taken in before, and stands, is an old word: what it still has to say was
    /// passed over then, or has changed since. All of that is asked about.
    pub fn of(people: &People, origin: Origin, lot: Lot, issues: Vec<Issue>, today: Date) -> Self {
        Self::judge(people, origin, lot, issues, today, &mut |_| {})
    }

    /// The same, and `step` is told now and then how many rows have been judged.
    pub fn judge(
        people: &People,
        origin: Origin,
        lot: Lot,
        issues: Vec<Issue>,
        today: Date,
        step: Judged<'_>,
    ) -> Self {
        let today = When::day(today).map_or(u32::MAX, When::bits);
        let mut judge = Judge::new(people, &lot, today);
        let before = origin.was_here(people);
        let mut issues = issues.into_iter().peekable();
        let mut lines = Vec::with_capacity(lot.len());
        for at in 0..lot.len() as u32 {
            let mut own = Vec::new();
            // Issues come in the order of the rows.
            while let Some(issue) = issues.next_if(|issue| issue.at <= at) {
                if issue.at == at {
                    own.push(issue);
                }
            }
            let (line, who) = judge.line(at, own, before);
            judge.add(who);
            lines.push(line);
            if at % 1_000 == 0 {
                step(lines.len());
            }
        }
        Self {
            origin,
            lot,
            lines,
            today,
        }
    }

    /// How many rows have that verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.lines.iter().filter(|line| line.verdict == verdict).count()
    }

    /// How many people would be new, and with how many something would change.
    pub fn taken_by_kind(&self) -> (usize, usize) {
        let (mut new, mut changed) = (0, 0);
        for line in self.lines.iter().filter(|line| line.is_taken()) {
            match line.target() {
                None => new += 1,
                Some(_) => changed += usize::from(line.differences.iter().any(|one| one.take)),
            }
        }
        (new, changed)
    }

    /// How many rows will be taken.
    pub fn taken(&self) -> usize {
        self.lines.iter().filter(|line| line.is_taken()).count()
    }

    /// Somebody decides about a row. `Is` is refused (nothing changes) for a person who does not
    /// stand, and everything for a refused row.
    pub fn decide(&mut self, people: &People, line: usize, decision: Decision) -> bool {
        let lot = &self.lot;
        let Some(line) = self
            .lines
            .get_mut(line)
            .filter(|line| line.verdict != Verdict::Refused)
        else {
            return false;
        };
        match decision {
            Decision::Is(person) if !people.stands(person) => return false,
            _ => {}
        }
        let before = line.target();
        line.decision = decision;
        let new = match line.target() {
            Some(person) => differences(people, lot, line.at, person).0,
            None => Vec::new(),
        };
        let old = std::mem::replace(&mut line.differences, new);
        // What was ticked holds as long as it is about the same person.
        if before == line.target() {
            tick_as(&mut line.differences, &old, None);
        }
        true
    }

    /// Somebody says whether a value is to be changed. `false` when the row would change no such value.
    pub fn tick(&mut self, line: usize, field: Field, take: bool) -> bool {
        let line = self.lines.get_mut(line);
        let one = line.and_then(|line| line.differences.iter_mut().find(|one| one.field == field));
        one.map(|one| one.take = take).is_some()
    }

    /// Somebody says what a doubtful value is, for a date one that was proposed or another one, or
    /// gives a row the name that it lacks. The row waits no longer for this. An empty `value` takes
    /// the row without it.
    ///
    /// # Errors
    /// Why that cannot be the value.
    pub fn answer(&mut self, people: &People, line: usize, field: Field, value: &str) -> Result<(), String> {
        self.answer_all(people, &[line], field, value)
    }

    /// The same for several rows at once. Where the value tells who somebody is, the rows are judged
    /// anew, against all the others too.
    ///
    /// # Errors
    /// As [`Self::answer`]; then nothing has changed.
    pub fn answer_all(
        &mut self,
        people: &People,
        lines: &[usize],
        field: Field,
        value: &str,
    ) -> Result<(), String> {
        let value = field.typed(value)?;
        if field == Field::Name && value.is_empty() {
            return Err("请填姓名".into());
        }
        if lines.iter().any(|line| *line >= self.lines.len()) || !self.lot.fields.contains(&field) {
            return Err("没有这一行，或者文件里没有这一列".into());
        }
        let number = match field.kind() {
            Kind::Day => When::typed(&value),
            _ => self.lot.texts.intern(&value),
        };
        let mut same = Vec::with_capacity(lines.len());
        for line in lines {
            let at = self.lines[*line].at as usize;
            same.push(self.lot.value(at, field) == number);
            self.lot.set(at, field, number);
        }
        let before = self.origin.was_here(people);
        let mut judge = field
            .tells_apart()
            .then(|| Judge::over(people, &self.lot, self.today, &self.lines));
        for (line, same) in lines.iter().zip(same) {
            let line = &mut self.lines[*line];
            let issues = line.doubts.iter().filter_map(|doubt| match doubt {
                Doubt::Value(issue) if issue.field != field => Some(issue.clone()),
                _ => None,
            });
            let old = match &mut judge {
                Some(judge) => {
                    let (new, _) = judge.line(line.at, issues.collect(), before);
                    std::mem::replace(line, new)
                }
                None => {
                    let old = line.clone();
                    line.look_again(people, &self.lot, self.today, field);
                    old
                }
            };
            // A date to come that somebody has looked at is what it is.
            line.doubts.retain(|doubt| match doubt {
                Doubt::Future(other) if *other == field => !same,
                Doubt::Future(_) => old.doubts.contains(doubt),
                _ => true,
            });
            line.decision = match old.decision {
                Decision::Is(person) if line.person.is_some_and(|other| other != person) => Decision::None,
                Decision::New if line.person.is_some() => Decision::None,
                decision => decision,
            };
            if line.target() != line.person {
                line.differences = match line.target() {
                    Some(person) => differences(people, &self.lot, line.at, person).0,
                    None => Vec::new(),
                };
            }
            if line.target() == old.target() {
                tick_as(&mut line.differences, &old.differences, Some(field));
            }
            if line.verdict == Verdict::Doubtful && !line.doubts.iter().any(Doubt::waits) {
                line.verdict = settled(line);
            }
        }
        Ok(())
    }

    /// The rows that wait for the same field because of the same words as that one does, itself
    /// included: what those words mean may be said once for all. Not where the value tells who
    /// somebody is.
    pub fn alike(&self, line: usize, field: Field) -> Vec<usize> {
        fn words(line: &Line, field: Field) -> Option<&str> {
            line.doubts.iter().find_map(|doubt| match doubt {
                Doubt::Value(issue) if issue.field == field => Some(issue.text.as_str()),
                _ => None,
            })
        }
        let Some(text) = self.lines.get(line).and_then(|line| words(line, field)) else {
            return Vec::new();
        };
        if field.tells_apart() {
            return vec![line];
        }
        let all = self.lines.iter().enumerate();
        all.filter(|(_, line)| words(line, field) == Some(text))
            .map(|(at, _)| at)
            .collect()
    }

    /// The event that does it; `None` when there is nothing to do.
    pub fn event(&self, people: &People) -> Option<RosterEvent> {
        let mut import = Import {
            file: self.origin.file.clone(),
            digest: self.origin.digest.clone(),
            encoding: self.origin.encoding.clone(),
            mappings: self.origin.mappings.clone(),
            new: Lot::new(self.lot.fields.clone()),
            ..Import::default()
        };
        import.new.sheets.clone_from(&self.lot.sheets);
        let mut words: Vec<u32> = vec![0; self.lot.texts.len() + 1];
        let mut of: Map<&EventId, u32> = Map::default();
        let mut row = Vec::with_capacity(self.lot.fields.len());
        for line in self.lines.iter().filter(|line| line.is_taken()) {
            let place = self.lot.place(line.at as usize);
            let Some(person) = line.target() else {
                row.clear();
                for (value, field) in self.lot.values(line.at as usize).iter().zip(&self.lot.fields) {
                    row.push(match field.kind() {
                        Kind::Day => *value,
                        _ => match words.get_mut(*value as usize) {
                            Some(slot) if *slot == 0 => {
                                *slot = import.new.texts.intern(self.lot.texts.get(*value));
                                *slot
                            }
                            Some(slot) => *slot,
                            None => 0,
                        },
                    });
                }
                import.new.push(place, &row);
                continue;
            };
            let Some((id, n)) = people.place_of(person) else {
                continue;
            };
            let taken = line.differences.iter().filter(|difference| difference.take);
            let values: Vec<(Field, u32)> = taken
                .map(|difference| match difference.field.kind() {
                    Kind::Day => (difference.field, difference.value),
                    _ => (
                        difference.field,
                        import.texts.intern(self.lot.texts.get(difference.value)),
                    ),
                })
                .collect();
            if values.is_empty() {
                continue;
            }
            let next = import.of.len() as u32;
            let at = *of.entry(id).or_insert(next);
            if at == next {
                import.of.push(id.clone());
            }
            import.changed.push(Change {
                who: ImportRef(at, n),
                place,
                values,
            });
        }
        let nothing = import.new.is_empty() && import.changed.is_empty();
        (!nothing).then(|| RosterEvent::Imported(Box::new(import)))
    }
}

impl Line {
    /// Looks again at what a row says that has another value of a field now. Who it is stays.
    fn look_again(&mut self, people: &People, lot: &Lot, today: u32, field: Field) {
        self.doubts.retain(|doubt| match doubt {
            Doubt::Value(issue) => issue.field != field,
            Doubt::Conflict(..)
            | Doubt::StageStands(_)
            | Doubt::DatesOutOfOrder(..)
            | Doubt::TooYoung
            | Doubt::Future(_) => false,
            _ => true,
        });
        let at = self.at as usize;
        plausible(lot, &|field| lot.value(at, field), today, &mut self.doubts);
        let Some(person) = self.target() else { return };
        let (list, doubts) = differences(people, lot, self.at, person);
        self.differences = list;
        self.doubts.extend(doubts);
    }
}

/// Ticks what was ticked before, except of one field.
fn tick_as(list: &mut [Difference], before: &[Difference], except: Option<Field>) {
    for one in list {
        let was = before
            .iter()
            .find(|was| was.field == one.field && Some(one.field) != except);
        one.take = was.map_or(one.take, |was| was.take);
    }
}

fn settled(line: &Line) -> Verdict {
    match (line.person, line.differences.is_empty()) {
        (None, _) => Verdict::New,
        (Some(_), false) => Verdict::Changed,
        (Some(_), true) => Verdict::Same,
    }
}

/// What a row says of a person that is not known, and what is doubtful about that.
fn differences(people: &People, lot: &Lot, at: u32, person: u32) -> (Vec<Difference>, Vec<Doubt>) {
    let (mut list, mut doubts) = (Vec::new(), Vec::new());
    let mentors = [Field::Mentor1, Field::Mentor2];
    let mentors_known = mentors.iter().all(|mentor| {
        let new = lot.value(at as usize, *mentor);
        new == 0
            || mentors
                .iter()
                .any(|other| people.words(person, *other) == lot.texts.get(new))
    });
    for (field, value) in lot.fields.iter().zip(lot.values(at as usize)) {
        let (field, value) = (*field, *value);
        if value == 0 {
            continue;
        }
        let known = people.value(person, field);
        let add = |take: bool, list: &mut Vec<Difference>| {
            list.push(Difference {
                field,
                before: people.shown(person, field),
                value,
                after: show(&lot.texts, field, value),
                take,
            });
        };
        // Mentors are a pair without an order.
        if mentors_known && matches!(field, Field::Mentor1 | Field::Mentor2) {
            continue;
        }
        if known == 0 {
            add(true, &mut list);
            continue;
        }
        if field.kind() == Kind::Day {
            if known == value {
                continue;
            }
            let (Some(old), Some(new)) = (When::from_bits(known), When::from_bits(value)) else {
                continue;
            };
            if old.covers(new) {
                add(true, &mut list);
            } else if !new.covers(old) {
                add(false, &mut list);
                doubts.push(Doubt::Conflict(field, old.to_string()));
            }
            continue;
        }
        let (old, new) = (people.text(known), lot.texts.get(value));
        if old == new {
            continue;
        }
        match field.kind() {
            Kind::Name if name_key(old) == name_key(new) => {}
            Kind::Stage => match (Stage::read(old), Stage::read(new)) {
                (Some(was), Some(is)) if is <= was => doubts.push(Doubt::StageStands(old.to_owned())),
                _ => add(true, &mut list),
            },
            Kind::Note => {
                if joined(old, new).is_some() {
                    add(true, &mut list);
                }
            }
            _ if place_key(old) == place_key(new) => {}
            _ if field == Field::Name || field.is_weighty() => {
                add(false, &mut list);
                doubts.push(Doubt::Conflict(field, old.to_owned()));
            }
            _ => add(true, &mut list),
        }
    }
    (list, doubts)
}

/// What tells people apart, as numbers: two that are equal have equal numbers.
#[derive(Clone, Copy, Debug, Default)]
struct Who {
    number: u32,
    name: u32,
    branch: u32,
    /// [`When::bits`].
    birth: u32,
}

impl Who {
    /// Whether the whole day of birth is known.
    fn is_day(self) -> bool {
        !self.birth.is_multiple_of(100)
    }
}

/// Everybody of the same key, newest first, through `next`.
#[derive(Debug, Default)]
struct Chains {
    heads: Map<u64, u32>,
    /// For each person one more than the one before, 0 at the end.
    next: Vec<u32>,
}

impl Chains {
    fn add(&mut self, key: Option<u64>, who: u32) {
        let before = key.and_then(|key| self.heads.insert(key, who + 1));
        self.next.push(before.unwrap_or_default());
    }

    fn all(&self, key: u64) -> impl Iterator<Item = u32> + '_ {
        let mut at = self.heads.get(&key).copied().unwrap_or_default();
        std::iter::from_fn(move || {
            let who = at.checked_sub(1)?;
            at = self.next.get(who as usize).copied().unwrap_or_default();
            Some(who)
        })
    }
}

struct Judge<'a> {
    people: &'a People,
    lot: &'a Lot,
    today: u32,
    keys: Texts,
    /// Keys of the lot's words: by kind of key, 0 for not yet asked.
    cache: [Vec<u32>; 2],
    /// The people, then the rows that came before.
    who: Vec<Who>,
    by_number: Chains,
    by_name: Chains,
    by_branch: Chains,
    /// Of a branch those without a number.
    unnumbered: Chains,
    by_birth: Chains,
    /// Where the lot has each field, by place in [`Field::ALL`].
    columns: Vec<Option<usize>>,
    /// People who stand, in the order of `who`.
    standing: Vec<u32>,
}

#[derive(Clone, Copy)]
enum Key {
    Name,
    Place,
}

fn pair(a: u32, b: u32) -> u64 {
    u64::from(a) << 32 | u64::from(b)
}

impl<'a> Judge<'a> {
    /// Knows the people, and no row yet.
    fn new(people: &'a People, lot: &'a Lot, today: u32) -> Self {
        let mut judge = Self {
            people,
            lot,
            today,
            keys: Texts::default(),
            cache: [vec![0; lot.texts.len() + 1], vec![0; lot.texts.len() + 1]],
            who: Vec::new(),
            by_number: Chains::default(),
            by_name: Chains::default(),
            by_branch: Chains::default(),
            unnumbered: Chains::default(),
            by_birth: Chains::default(),
            columns: Field::ALL
                .iter()
                .map(|field| lot.fields.iter().position(|other| other == field))
                .collect(),
            standing: people.standing().collect(),
        };
        let mut cache = [
            vec![0; people.texts().len() + 1],
            vec![0; people.texts().len() + 1],
        ];
        for at in 0..judge.standing.len() {
            let person = judge.standing[at];
            let mut key = |field: Field, kind: Key| {
                keyed(
                    &mut judge.keys,
                    people.texts(),
                    &mut cache,
                    people.value(person, field),
                    kind,
                )
            };
            let who = Who {
                number: key(Field::Number, Key::Place),
                name: key(Field::Name, Key::Name),
                branch: key(Field::Branch, Key::Place),
                birth: people.value(person, Field::Birth),
            };
            judge.add(who);
        }
        judge
    }

    /// Knows the people and all rows: one that is judged then is compared with those below it too.
    fn over(people: &'a People, lot: &'a Lot, today: u32, lines: &[Line]) -> Self {
        let mut judge = Self::new(people, lot, today);
        for line in lines {
            let named = lot.value(line.at as usize, Field::Name) != 0;
            let who = if named && line.verdict != Verdict::Refused {
                judge.who_is(line.at)
            } else {
                Who::default()
            };
            judge.add(who);
        }
        judge
    }

    /// What tells of a row who it is.
    fn who_is(&mut self, at: u32) -> Who {
        Who {
            number: self.key(at, Field::Number, Key::Place),
            name: self.key(at, Field::Name, Key::Name),
            branch: self.key(at, Field::Branch, Key::Place),
            birth: self.value(at, Field::Birth),
        }
    }

    fn add(&mut self, who: Who) {
        let number = self.who.len() as u32;
        let named = who.name != 0;
        self.by_number
            .add((who.number != 0).then_some(u64::from(who.number)), number);
        self.by_name
            .add(named.then_some(pair(who.name, who.branch)), number);
        let branch = named.then_some(u64::from(who.branch));
        self.by_branch.add(branch, number);
        self.unnumbered.add(branch.filter(|_| who.number == 0), number);
        let born = named && who.is_day();
        self.by_birth
            .add(born.then_some(pair(who.name, who.birth)), number);
        self.who.push(who);
    }

    /// A row's value of a field, 0 for none.
    fn value(&self, at: u32, field: Field) -> u32 {
        let column = self.columns.get(field.at()).copied().flatten();
        let value = column.and_then(|column| self.lot.values(at as usize).get(column));
        value.copied().unwrap_or_default()
    }

    fn candidate(&self, who: u32) -> Candidate {
        match self.standing.get(who as usize) {
            Some(person) => Candidate::Person(*person),
            None => Candidate::Row(who - self.standing.len() as u32),
        }
    }

    /// Judges a row by what is the matter with its values. `before`: the file was taken in before.
    fn line(&mut self, at: u32, issues: Vec<Issue>, before: bool) -> (Line, Who) {
        let mut line = Line {
            at,
            verdict: Verdict::New,
            person: None,
            doubts: Vec::new(),
            differences: Vec::new(),
            decision: Decision::None,
        };
        let refused = issues.iter().any(Issue::refuses);
        line.doubts.extend(issues.into_iter().map(Doubt::Value));
        if refused {
            line.verdict = Verdict::Refused;
            return (line, Who::default());
        }
        let lot = self.lot;
        let who = self.who_is(at);
        plausible(lot, &|field| self.value(at, field), self.today, &mut line.doubts);
        let mut same = None;
        let (person, row) = self.certain(who, at);
        if let Some(person) = person {
            let (differences, doubts) = differences(self.people, lot, at, person);
            line.person = Some(person);
            line.differences = differences;
            line.doubts.extend(doubts);
        }
        match row {
            // Later rows of a person that is in the file already: what they add is not guessed at.
            Some(row) if self.says_nothing_new(at, row) => {
                same = Some(Verdict::Same);
                line.doubts.push(Doubt::Again(Candidate::Row(row)));
            }
            Some(row) => line.doubts.push(Doubt::Repeats(Candidate::Row(row))),
            None if person.is_none() => self.like(who, at, &mut line.doubts),
            None => {}
        }
        line.verdict = match same {
            Some(verdict) => verdict,
            None if line.doubts.iter().any(Doubt::waits) => Verdict::Doubtful,
            None => settled(&line),
        };
        if before && matches!(line.verdict, Verdict::New | Verdict::Changed) {
            line.doubts.push(Doubt::Before);
            line.verdict = Verdict::Doubtful;
        }
        (line, who)
    }

    /// What a row's value has in common with other writings of it, as a number of `keys`.
    fn key(&mut self, at: u32, field: Field, kind: Key) -> u32 {
        let value = self.value(at, field);
        keyed(&mut self.keys, &self.lot.texts, &mut self.cache, value, kind)
    }

    /// Whether somebody known is that very row.
    fn is_self(&self, other: u32, at: u32) -> bool {
        other as usize == self.standing.len() + at as usize
    }

    /// The person whom a row certainly is, and the other row that is the same person.
    fn certain(&self, who: Who, at: u32) -> (Option<u32>, Option<u32>) {
        let (mut people, mut rows) = (Vec::new(), Vec::new());
        let mut take = |other: u32| match self.candidate(other) {
            Candidate::Person(person) => people.push(person),
            Candidate::Row(row) => rows.push(row),
        };
        if who.number != 0 {
            for other in self.by_number.all(u64::from(who.number)).take(NAMESAKES) {
                if self.who[other as usize].name == who.name && !self.is_self(other, at) {
                    take(other);
                }
            }
            return (people.last().copied(), rows.last().copied());
        }
        let mut namesakes = 0;
        for other in self.by_name.all(pair(who.name, who.branch)).take(NAMESAKES) {
            if self.is_self(other, at) {
                continue;
            }
            let them = self.who[other as usize];
            let born = who.is_day() && who.birth == them.birth;
            // Every value the same, the branch too: the same row once more.
            let again = || {
                who.branch != 0
                    && match self.candidate(other) {
                        Candidate::Person(person) => {
                            let (differences, doubts) = differences(self.people, self.lot, at, person);
                            differences.is_empty() && doubts.is_empty()
                        }
                        Candidate::Row(row) => self.lot.values(at as usize) == self.lot.values(row as usize),
                    }
            };
            if matches!(self.candidate(other), Candidate::Person(_)) {
                namesakes += 1;
            }
            if born || again() {
                take(other);
            }
        }
        let person = people.last().copied().filter(|_| namesakes == 1);
        (person, rows.last().copied())
    }

    /// Who a row may be.
    fn like(&self, who: Who, at: u32, doubts: &mut Vec<Doubt>) {
        // As if it had been found already.
        let mut found: Vec<u32> = vec![self.standing.len() as u32 + at];
        let mut take = |other: u32, doubt: Doubt, doubts: &mut Vec<Doubt>| {
            if found.len() <= CANDIDATES && !found.contains(&other) {
                found.push(other);
                doubts.push(doubt);
            }
        };
        if who.number != 0 {
            for other in self.by_number.all(u64::from(who.number)).take(NAMESAKES) {
                take(other, Doubt::OtherName(self.candidate(other)), doubts);
            }
        }
        for other in self.by_name.all(pair(who.name, who.branch)).take(NAMESAKES) {
            let them = self.who[other as usize];
            let born_apart = who.is_day() && them.is_day() && who.birth != them.birth;
            match (who.number, them.number) {
                // Two numbers and two days of birth: two people.
                (1.., 1..) if born_apart => {}
                (1.., 1..) => take(other, Doubt::OtherNumber(self.candidate(other)), doubts),
                _ => take(other, Doubt::Namesake(self.candidate(other)), doubts),
            }
        }
        if who.is_day() {
            for other in self.by_birth.all(pair(who.name, who.birth)).take(NAMESAKES) {
                if self.who[other as usize].branch != who.branch {
                    take(other, Doubt::Elsewhere(self.candidate(other)), doubts);
                }
            }
        }
        if who.branch == 0 {
            return;
        }
        let name = self.keys.get(who.name);
        let letters = name.chars().count();
        // Two numbers are two people.
        let others = if who.number == 0 {
            &self.by_branch
        } else {
            &self.unnumbered
        };
        for other in others.all(u64::from(who.branch)).take(COMPARED) {
            let them = self.who[other as usize];
            let born = who.birth != 0 && who.birth == them.birth;
            let born_apart = who.birth != 0 && them.birth != 0 && !born;
            // 王伟 and 王芳 are two people as a rule; 欧阳明 and 欧阳朋 may be one.
            if born_apart || letters < 3 && !born || them.name == who.name {
                continue;
            }
            if one_apart(name, self.keys.get(them.name)) {
                take(other, Doubt::CloseName(self.candidate(other)), doubts);
            }
        }
    }

    /// Whether a row says nothing that an earlier one does not say.
    fn says_nothing_new(&self, at: u32, other: u32) -> bool {
        let (mine, theirs) = (self.lot.values(at as usize), self.lot.values(other as usize));
        mine.iter()
            .zip(theirs)
            .all(|(mine, theirs)| *mine == 0 || mine == theirs)
    }
}

/// Dates that somebody should look at.
fn plausible(lot: &Lot, value: &dyn Fn(Field) -> u32, today: u32, doubts: &mut Vec<Doubt>) {
    const ORDER: [Field; 6] = [
        Field::Birth,
        Field::Applied,
        Field::Confirmed,
        Field::Prospect,
        Field::Admitted,
        Field::Full,
    ];
    let when = |field: Field| When::from_bits(value(field));
    let mut before: Option<(Field, When)> = None;
    for field in ORDER {
        let Some(now) = when(field) else { continue };
        if let Some((early, earlier)) = before
            && earlier.earliest() > now.latest()
        {
            doubts.push(Doubt::DatesOutOfOrder(early, field));
        }
        before = Some((field, now));
    }
    for field in lot.fields.iter().filter(|field| field.kind() == Kind::Day) {
        // With zeros for what was not written, a month or year is its own beginning.
        if when(*field).is_some_and(|when| when.bits() > today) {
            doubts.push(Doubt::Future(*field));
        }
    }
    if let (Some(birth), Some(applied)) = (when(Field::Birth), when(Field::Applied))
        && birth.bits() < applied.bits()
        && is_younger(birth, applied, 18)
    {
        doubts.push(Doubt::TooYoung);
    }
}

/// Whether somebody who was born then was certainly younger than that many years.
fn is_younger(birth: When, then: When, years: u16) -> bool {
    let (Some(birth), Some(then)) = (birth.earliest(), then.latest()) else {
        return false;
    };
    let (Some(birth), Some(then)) = (When::day(birth), When::day(then)) else {
        return false;
    };
    birth.bits() + u32::from(years) * 10_000 > then.bits()
}

fn keyed(keys: &mut Texts, texts: &Texts, cache: &mut [Vec<u32>; 2], value: u32, kind: Key) -> u32 {
    let Some(slot) = cache[kind as usize]
        .get_mut(value as usize)
        .filter(|_| value != 0)
    else {
        return 0;
    };
    if *slot == 0 {
        let key = match kind {
            Key::Name => name_key(texts.get(value)),
            Key::Place => place_key(texts.get(value)),
        };
        *slot = keys.intern(&key);
    }
    *slot
}

/// Whether one text becomes the other by one character put in, taken out or replaced.
fn one_apart(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = short
        .chars()
        .zip(long.chars())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum::<usize>();
    let (short, long) = (&short[same..], &long[same..]);
    let rest = |text: &str| text.chars().next().map_or(0, char::len_utf8);
    let (one, other) = (rest(short), rest(long));
    !long.is_empty() && (short[one..] == long[other..] || *short == long[other..] || short[one..] == *long)
}

/// Where a row stands, for a reader.
impl Place {
    /// `第 12 行`.
    pub fn label(self) -> String {
        format!("第 {} 行", self.row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn distance(a: &[char], b: &[char]) -> usize {
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.iter().enumerate() {
            let mut before = row[0];
            row[0] = i + 1;
            for (j, y) in b.iter().enumerate() {
                let cost = before + usize::from(x != y);
                before = row[j + 1];
                row[j + 1] = cost.min(row[j] + 1).min(before + 1);
            }
        }
        row[b.len()]
    }

    proptest! {
        #[test]
        fn one_apart_is_an_edit_distance_of_one(a in "[ab欧𠮷]{0,5}", b in "[ab欧𠮷]{0,5}") {
            let letters = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(one_apart(&a, &b), distance(&letters(&a), &letters(&b)) == 1);
        }
    }

    #[test]
    fn eighteen_years_are_counted_to_the_day() {
        let when = |bits| When::from_bits(bits).unwrap();
        assert!(is_younger(when(20_070_302), when(20_250_301), 18));
        assert!(!is_younger(when(20_070_301), when(20_250_301), 18));
        assert!(
            !is_younger(when(20_070_300), when(20_250_300), 18),
            "could be eighteen"
        );
    }
}
