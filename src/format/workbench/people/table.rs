//! Finding and ordering everybody, in linear time and memory but for the sorting itself.
//!
//! 1. A condition is turned into a test on numbers: the words that fit are marked once in a set of
//!    bits over all words ([`Texts`](crate::domain::branch::Texts)), so that a million people are tested without touching a
//!    text.
//! 2. Who passes all tests is kept until the question or the workbench changes.
//! 3. An order is a rank for each person: that of the word among the distinct words of its column
//!    ([`super::order`]), the day, or the state. Ranks of the last few columns are kept.

use super::order::{Collation, Head};
use super::query::{Column, Query, Sort, Want};
use crate::domain::branch::{Field, Habit, People, Reading, When, tidy_name, widths};
use crate::domain::sort_by;
use crate::domain::standing::State;
use crate::domain::time::Date;
use crate::domain::workbench::{Fact, File, Workbench};
use crate::format::workbench::Step;
use std::collections::HashMap;

/// Columns whose ranks are kept, four bytes for each person.
const KEPT_RANKS: usize = 4;
/// What is searched by words.
const SEARCHED: [Field; 4] = [Field::Name, Field::Number, Field::Branch, Field::Note];
/// Values of a column that are offered at once.
const OFFERED: usize = 200;

/// What is kept between orders.
#[derive(Debug, Default)]
pub(in crate::format::workbench) struct Table {
    /// How many stand.
    all: Option<u32>,
    standing: Option<Standing>,
    /// Who was said to be on a front-line post, and who not.
    front: Option<HashMap<u32, bool>>,
    collation: Option<Collation>,
    ranks: Vec<(Column, Vec<u32>)>,
    matched: Option<Matched>,
    sorted: Option<Sorted>,
}

#[derive(Debug)]
struct Standing {
    day: Date,
    /// By number.
    all: Vec<(State, Option<Date>)>,
}

/// Who fits a question.
#[derive(Debug)]
struct Matched {
    day: Date,
    query: Query,
    list: Vec<u32>,
}

/// The same in order.
#[derive(Debug)]
struct Sorted {
    sort: Vec<Sort>,
    list: Vec<u32>,
}

/// A set of numbers.
#[derive(Debug, Default)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// None yet, of the numbers below `count`.
    pub(super) fn new(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    /// Puts one in.
    pub(super) fn add(&mut self, number: u32) {
        if let Some(word) = self.0.get_mut(number as usize / 64) {
            *word |= 1 << (number % 64);
        }
    }

    /// Whether it is in.
    pub(super) fn has(&self, number: u32) -> bool {
        let word = self.0.get(number as usize / 64).copied().unwrap_or_default();
        word >> (number % 64) & 1 == 1
    }
}

/// A condition on the number that a person's value is, see [`Table::value`].
enum Test {
    Of(Column, Bits),
    Among(Column, Vec<u32>),
    Days(Column, u32, u32),
    Filled(Column, bool),
    /// One of the searched fields has it.
    Words(Bits),
    People(Bits),
}

impl Table {
    /// The workbench has changed.
    pub(in crate::format::workbench) fn forget(&mut self) {
        *self = Self {
            // The same whatever the people are.
            collation: self.collation.take(),
            ..Self::default()
        };
    }

    /// Who fits, in order; their numbers. `only` are those whom the query's [`super::Only`] means.
    pub(super) fn found(
        &mut self,
        work: &Workbench,
        query: &Query,
        only: Option<&[u32]>,
        today: Date,
        step: Step<'_>,
    ) -> &[u32] {
        let asked = Query {
            sort: Vec::new(),
            columns: Vec::new(),
            ..query.clone()
        };
        let is_same = |matched: &Matched| matched.day == today && matched.query == asked;
        if !self.matched.as_ref().is_some_and(is_same) {
            let list = self.matching(work, &asked, only, today, step);
            self.matched = Some(Matched {
                day: today,
                query: asked,
                list,
            });
            self.sorted = None;
        }
        let is_sorted = |sorted: &Sorted| sorted.sort == query.sort;
        if !query.sort.is_empty() && !self.sorted.as_ref().is_some_and(is_sorted) {
            let list = self.in_order(work, &query.sort, today, step);
            self.sorted = Some(Sorted {
                sort: query.sort.clone(),
                list,
            });
        }
        match (&self.sorted, &self.matched) {
            (Some(sorted), _) if !query.sort.is_empty() => &sorted.list,
            (_, Some(matched)) => &matched.list,
            _ => &[],
        }
    }

    /// The values of a column among those who fit the query's other conditions, with how many have
    /// each: the number, see [`Self::value`], and the count; the most frequent first. And how many
    /// values more there are.
    pub(super) fn values(
        &mut self,
        work: &Workbench,
        query: &Query,
        only: Option<&[u32]>,
        (by, find): (Column, &str),
        today: Date,
        step: Step<'_>,
    ) -> (Vec<(u32, u32)>, usize) {
        let mut others = query.clone();
        others.set_filter(by, None);
        let list = self.matching(work, &others, only, today, step);
        self.prepare(work, by, today, step);
        let mut counts: HashMap<u32, u32> = HashMap::new();
        for person in list {
            *counts.entry(self.value(work, person, by)).or_default() += 1;
        }
        let find = needle(find);
        let mut all: Vec<(u32, u32)> = counts.into_iter().collect();
        if !find.is_empty() {
            all.retain(|(value, _)| says(work, by, *value).to_lowercase().contains(&find));
        }
        // What is not chosen among is not put in order.
        if all.len() > OFFERED * 10 {
            all.select_nth_unstable_by(OFFERED, |a, b| (b.1, a.0).cmp(&(a.1, b.0)));
            let more = all.len() - OFFERED;
            all.truncate(OFFERED);
            self.arrange(work, by, &mut all);
            return (all, more);
        }
        self.arrange(work, by, &mut all);
        let more = all.len().saturating_sub(OFFERED);
        all.truncate(OFFERED);
        (all, more)
    }

    /// The most frequent first, then by the order of words; states in their order, nothing last.
    fn arrange(&mut self, work: &Workbench, by: Column, all: &mut Vec<(u32, u32)>) {
        if by == Column::State {
            return sort_by(all, |a, b| (a.0 == 0, a.0).cmp(&(b.0 == 0, b.0)));
        }
        let collation = self.collation.get_or_insert_default();
        let mut keyed: Vec<(Vec<u8>, (u32, u32))> = Vec::with_capacity(all.len());
        for one in all.drain(..) {
            let mut key = Vec::new();
            collation.key(&says(work, by, one.0), is_counted(by), &mut key);
            keyed.push((key, one));
        }
        sort_by(&mut keyed, |(a, x), (b, y)| {
            (x.0 == 0, y.1, a, x.0).cmp(&(y.0 == 0, x.1, b, y.0))
        });
        all.extend(keyed.into_iter().map(|(_, one)| one));
    }

    /// How many people there are.
    pub(super) fn all(&mut self, work: &Workbench) -> u32 {
        *self
            .all
            .get_or_insert_with(|| work.people.standing().count() as u32)
    }

    /// Columns of which anybody who stands has a value.
    pub(super) fn filled(&mut self, work: &Workbench) -> Vec<Column> {
        let people = &work.people;
        let front = !self.front(work).is_empty();
        Column::all()
            .filter(|column| match column {
                Column::State | Column::Since => true,
                Column::FrontLine => front,
                Column::Field(field) => people.standing().any(|person| people.value(person, *field) != 0),
            })
            .collect()
    }

    /// A person's value in a column: the number of a word, [`When::bits`], the place of a state in
    /// [`State::ALL`], 1 for yes and 2 for no; 0 for nothing. What is worked out for everybody must have
    /// been, see [`Self::prepare`].
    fn value(&self, work: &Workbench, person: u32, column: Column) -> u32 {
        match column {
            Column::Field(field) => work.people.value(person, field),
            Column::State => self.stands(person).map_or(0, |(state, _)| state as u32),
            Column::Since => {
                let since = self.stands(person).and_then(|(_, since)| When::day(since?));
                since.map_or(0, When::bits)
            }
            Column::FrontLine => match self.front.as_ref().and_then(|front| front.get(&person)) {
                Some(true) => 1,
                Some(false) => 2,
                None => 0,
            },
        }
    }

    fn stands(&self, person: u32) -> Option<(State, Option<Date>)> {
        self.standing.as_ref()?.all.get(person as usize).copied()
    }

    /// Works out for everybody what a column needs.
    fn prepare(&mut self, work: &Workbench, column: Column, today: Date, step: Step<'_>) {
        match column {
            Column::State | Column::Since => {
                if self
                    .standing
                    .as_ref()
                    .is_none_or(|standing| standing.day != today)
                {
                    let of = work.people.count();
                    let all = work.standings(today, |done| step("正在计算现状态", done, of));
                    self.standing = Some(Standing { day: today, all });
                    self.ranks
                        .retain(|(column, _)| !matches!(column, Column::State | Column::Since));
                }
            }
            Column::FrontLine => drop(self.front(work)),
            Column::Field(_) => {}
        }
    }

    fn front(&mut self, work: &Workbench) -> &HashMap<u32, bool> {
        self.front.get_or_insert_with(|| {
            let said = work.files.iter().filter_map(|(id, file)| {
                let id = crate::domain::branch::PersonId::parse(id)?;
                Some((work.people.find(&id)?, front_line(file)?))
            });
            said.collect()
        })
    }

    /// How the person of a row stands: as worked out, or for this one alone.
    pub(super) fn standing_of(&self, work: &Workbench, person: u32, today: Date) -> (State, Option<Date>) {
        match &self.standing {
            Some(standing) if standing.day == today => self.stands(person),
            _ => None,
        }
        .unwrap_or_else(|| {
            let standing = work.ledger(person).on(today);
            (standing.state, standing.since)
        })
    }

    /// Who fits, in the register's own order.
    fn matching(
        &mut self,
        work: &Workbench,
        query: &Query,
        only: Option<&[u32]>,
        today: Date,
        step: Step<'_>,
    ) -> Vec<u32> {
        for filter in &query.filters {
            self.prepare(work, filter.by, today, step);
        }
        let people = &work.people;
        let mut tests: Vec<Test> = Vec::new();
        if let Some(only) = only {
            let mut bits = Bits::new(people.count());
            only.iter().for_each(|person| bits.add(*person));
            tests.push(Test::People(bits));
        }
        for filter in &query.filters {
            tests.push(test(work, filter.by, &filter.want));
        }
        for word in query.find.split_whitespace() {
            let needle = needle(word);
            if !needle.is_empty() {
                tests.push(Test::Words(containing(people, &needle)));
            }
        }
        let fits = |person: &u32| {
            tests.iter().all(|test| match test {
                Test::Of(column, bits) => bits.has(self.value(work, *person, *column)),
                Test::Among(column, values) => values.contains(&self.value(work, *person, *column)),
                Test::Days(column, from, until) => {
                    let bits = self.value(work, *person, *column);
                    bits != 0 && (*from..=*until).contains(&last_day(bits))
                }
                Test::Filled(column, filled) => (self.value(work, *person, *column) != 0) == *filled,
                Test::Words(bits) => SEARCHED
                    .iter()
                    .any(|field| bits.has(people.value(*person, *field))),
                Test::People(bits) => bits.has(*person),
            })
        };
        people.standing().filter(fits).collect()
    }

    /// Those who were found, in an order.
    fn in_order(&mut self, work: &Workbench, sort: &[Sort], today: Date, step: Step<'_>) -> Vec<u32> {
        for sort in sort {
            self.prepare(work, sort.by, today, step);
            self.rank(work, sort.by, step);
        }
        let list = self.matched.as_ref().map_or(&[][..], |matched| &matched.list);
        let ranks = |sort: &Sort| {
            let found = self.ranks.iter().find(|(column, _)| *column == sort.by);
            let ranks = found.map_or(&[][..], |(_, ranks)| ranks);
            let down = sort.down;
            move |person: u32| match ranks.get(person as usize).copied().unwrap_or_default() {
                0 => u32::MAX,
                rank if down => u32::MAX - rank,
                rank => rank,
            }
        };
        match sort {
            [] => list.to_vec(),
            [one] => {
                let rank = ranks(one);
                let mut keyed: Vec<u64> = list
                    .iter()
                    .map(|person| u64::from(rank(*person)) << 32 | u64::from(*person))
                    .collect();
                keyed.sort_unstable();
                keyed.into_iter().map(|key| key as u32).collect()
            }
            [one, other, ..] => {
                let (first, then) = (ranks(one), ranks(other));
                let mut keyed: Vec<(u64, u32)> = list
                    .iter()
                    .map(|person| {
                        let both = u64::from(first(*person)) << 32 | u64::from(then(*person));
                        (both, *person)
                    })
                    .collect();
                keyed.sort_unstable();
                keyed.into_iter().map(|(_, person)| person).collect()
            }
        }
    }

    /// Works out the rank of everybody in a column: the same for the same value, 0 for nothing.
    fn rank(&mut self, work: &Workbench, column: Column, step: Step<'_>) {
        if let Some(at) = self.ranks.iter().position(|(known, _)| *known == column) {
            let kept = self.ranks.remove(at);
            self.ranks.push(kept);
            return;
        }
        let count = work.people.count();
        step("正在排序", 0, 0);
        let ranks: Vec<u32> = match column {
            Column::Field(field) if !column.is_day() => {
                let ranks = self.ranks_of_words(&work.people, field);
                (0..count as u32)
                    .map(|person| {
                        let word = work.people.value(person, field);
                        ranks.get(word as usize).copied().unwrap_or_default()
                    })
                    .collect()
            }
            _ => (0..count as u32)
                .map(|person| self.value(work, person, column))
                .collect(),
        };
        if self.ranks.len() >= KEPT_RANKS {
            self.ranks.remove(0);
        }
        self.ranks.push((column, ranks));
    }

    /// For each word its rank among the words of a field, 0 for one that is not among them.
    fn ranks_of_words(&mut self, people: &People, field: Field) -> Vec<u32> {
        let texts = people.texts();
        let mut ranks = vec![0; texts.len() + 1];
        let collation = self.collation.get_or_insert_default();
        let counted = is_counted(Column::Field(field));
        let mut keyed: Vec<(Head, u32)> = Vec::new();
        let mut buffer = Vec::new();
        for person in 0..people.count() as u32 {
            let word = people.value(person, field);
            match ranks.get_mut(word as usize) {
                Some(rank) if *rank == 0 && word != 0 => *rank = 1,
                _ => continue,
            }
            keyed.push((collation.head(texts.get(word), counted, &mut buffer), word));
        }
        keyed.sort_unstable();
        // Where beginnings are the same, and go on, all of the key decides; then the text itself.
        let mut from = 0;
        while from < keyed.len() {
            let head = keyed[from].0.0;
            let until = from + keyed[from..].partition_point(|((next, _), _)| *next == head);
            if until - from > 1 {
                let mut whole: Vec<(Vec<u8>, u32)> = Vec::with_capacity(until - from);
                for (_, word) in &keyed[from..until] {
                    let mut key = Vec::new();
                    collation.key(texts.get(*word), counted, &mut key);
                    whole.push((key, *word));
                }
                whole.sort_unstable_by(|(a, x), (b, y)| (a, texts.get(*x)).cmp(&(b, texts.get(*y))));
                for (slot, (_, word)) in keyed[from..until].iter_mut().zip(whole) {
                    slot.1 = word;
                }
            }
            from = until;
        }
        for ((_, word), rank) in keyed.iter().zip(1..) {
            if let Some(slot) = ranks.get_mut(*word as usize) {
                *slot = rank;
            }
        }
        ranks
    }
}

/// Whether Chinese numbers in a column count something.
fn is_counted(column: Column) -> bool {
    matches!(
        column,
        Column::Field(Field::Branch | Field::Grade | Field::Class | Field::Years)
    )
}

/// What somebody types to search, as it is kept in the register, in small letters.
fn needle(text: &str) -> String {
    tidy_name(&widths(text)).to_lowercase()
}

/// All words that contain this.
fn containing(people: &People, needle: &str) -> Bits {
    let mut bits = Bits::new(people.texts().len() + 1);
    people.texts().containing(needle, |number| bits.add(number));
    bits
}

/// What a value says, see [`Table::value`]; empty for nothing.
pub(super) fn says(work: &Workbench, column: Column, value: u32) -> String {
    match column {
        _ if value == 0 => String::new(),
        Column::State => State::ALL
            .get(value as usize)
            .map_or_else(String::new, |state| state.label().into()),
        Column::FrontLine => if value == 1 { "是" } else { "否" }.into(),
        _ if column.is_day() => When::from_bits(value).map_or_else(String::new, |when| when.to_string()),
        _ => work.people.text(value).to_owned(),
    }
}

/// What [`Want::Is`] calls a value.
pub(super) fn name_of(work: &Workbench, column: Column, value: u32) -> String {
    match column {
        _ if value == 0 => String::new(),
        Column::State => State::ALL
            .get(value as usize)
            .map_or_else(String::new, |state| state.code().into()),
        Column::FrontLine => if value == 1 { "yes" } else { "no" }.into(),
        _ => says(work, column, value),
    }
}

/// The value that [`Want::Is`] calls so; `None` when nobody has it.
fn value_named(people: &People, column: Column, name: &str) -> Option<u32> {
    if name.is_empty() {
        return Some(0);
    }
    match column {
        Column::State => {
            let at = State::ALL.iter().position(|state| state.code() == name);
            at.and_then(|at| u32::try_from(at).ok())
        }
        Column::FrontLine => match name {
            "yes" => Some(1),
            "no" => Some(2),
            _ => None,
        },
        _ if column.is_day() => match When::read(name, Habit::default()) {
            Reading::Is(when) => Some(when.bits()),
            _ => None,
        },
        Column::Since => None,
        Column::Field(_) => people.texts().find(name),
    }
}

/// A condition as a test.
fn test(work: &Workbench, by: Column, want: &Want) -> Test {
    let people = &work.people;
    let is_word = matches!(by, Column::Field(_)) && !by.is_day();
    match want {
        Want::Empty => Test::Filled(by, false),
        Want::Filled => Test::Filled(by, true),
        Want::Days(from, until) => Test::Days(
            by,
            from.and_then(When::day).map_or(0, When::bits),
            until.and_then(When::day).map_or(u32::MAX, When::bits),
        ),
        Want::Is(names) => {
            let values = names.iter().filter_map(|name| value_named(people, by, name));
            if is_word {
                let mut bits = Bits::new(people.texts().len() + 1);
                values.for_each(|value| bits.add(value));
                Test::Of(by, bits)
            } else {
                Test::Among(by, values.collect())
            }
        }
        Want::Has(text) => {
            let needle = needle(text);
            if needle.is_empty() {
                Test::Filled(by, true)
            } else if is_word {
                Test::Of(by, containing(people, &needle))
            } else if by.is_day() {
                // There are few days beside people.
                let all = people.standing().filter_map(|person| match by {
                    Column::Field(field) => Some(people.value(person, field)),
                    _ => None,
                });
                let mut known: Vec<u32> = all.collect();
                known.sort_unstable();
                known.dedup();
                known.retain(|value| *value != 0 && says(work, by, *value).contains(&needle));
                Test::Among(by, known)
            } else {
                let all = 1..State::ALL.len() as u32;
                Test::Among(
                    by,
                    all.filter(|value| says(work, by, *value).contains(&needle))
                        .collect(),
                )
            }
        }
    }
}

/// The last day that a date can be, as bits that compare.
fn last_day(bits: u32) -> u32 {
    let month = if (bits / 100).is_multiple_of(100) {
        1_200
    } else {
        0
    };
    let day = if bits.is_multiple_of(100) { 31 } else { 0 };
    bits + month + day
}

/// What was last said of the post.
fn front_line(file: &File) -> Option<bool> {
    let said = file.facts().filter_map(|fact| match fact {
        Fact::FrontLine(is) => Some(*is),
        _ => None,
    });
    said.last()
}
