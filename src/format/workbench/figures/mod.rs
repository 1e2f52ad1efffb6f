//! Figures over everybody: counts on a day, the plan beside what happened, what is watched, both reports.
//!
//! | word | text | comes to |
//! |---|---|---|
//! | `figures/counts` | [`Counts`] | [`Counted`] |
//! | `figures/branches` | | the branches that the register knows, by name |
//! | `figures/plan` | [`Year`] | [`Planning`] |
//! | `figures/watch` | [`Watched`] | [`Watching`] |
//! | `figures/report` | [`Asked`] | a [`Paper`] |
//! | `figures/report-docx` | [`Asked`] | the paper as `.docx` |
//! | `figures/report-xlsx` | [`Asked`] | its tables as `.xlsx` |
//! | `figures/rows` | [`Rows`] | the [`Found`] people of a figure |
//!
//! Nothing is kept of what was counted: a figure names its [`Cause`], and whoever asks for the people
//! behind it has them counted once more. The plan, the thresholds and the members at the ends of years
//! are written down by `note/deed`.

pub mod paper;
#[cfg(feature = "exports")]
mod write;

pub use paper::Paper;

use super::{Answer, Order, Step, say};
use crate::domain::branch::{Field, PersonId, When};
use crate::domain::standing::{Ledger, State};
use crate::domain::structure::plan::{Moved, Movement, Planned, beside, movements};
use crate::domain::structure::report::{Cell, Material, Report, Someone, half_year, yearly};
use crate::domain::structure::watch::{self, Observation, Watch, growth};
use crate::domain::structure::{Birth, Dimension, NOT_KNOWN, Row, RowId, Table, count};
use crate::domain::time::Date;
use crate::domain::workbench::{Fact, File, Workbench};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The most lines of a table that are shown; what is more comes to one line.
const LINES: usize = 60;
/// The most branches and groups that can be chosen from.
const CHOICES: usize = 500;
/// The most people of a figure that one answer holds.
pub const WINDOW: usize = 200;
/// People between two reports of progress.
const STEP: usize = 1 << 12;

/// Which people of the register.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Whom {
    /// Of which branch, as the roster names it; of all for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// Of which group; of all for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// By how they stand.
    #[serde(skip_serializing_if = "Of::is_here")]
    pub of: Of,
}

/// By how people stand on the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Of {
    /// Whoever is on the way or has arrived, here.
    #[default]
    Here,
    /// The activists, as 细则 Art. 11 speaks of them: those paused and those proposed too.
    Activists,
    /// Everybody that the register has.
    All,
    /// Who stands there.
    Only(State),
}

impl Of {
    /// Its name in a form.
    pub fn code(self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::Activists => "activists",
            Self::All => "all",
            Self::Only(state) => state.code(),
        }
    }

    /// Reads what [`Self::code`] gives.
    pub fn read(code: &str) -> Option<Self> {
        let known = [Self::Here, Self::Activists, Self::All];
        let states = State::ALL.into_iter().map(Self::Only);
        known.into_iter().chain(states).find(|of| of.code() == code)
    }

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Here => "现有的人（从申请人到正式党员）",
            Self::Activists => "入党积极分子（含暂停培养、拟列为发展对象）",
            Self::All => "名册里的所有人（含已转出、不再培养的）",
            Self::Only(state) => state.label(),
        }
    }

    fn is_here(&self) -> bool {
        *self == Self::Here
    }

    /// Whether that takes in who stands there.
    pub fn takes(self, state: State) -> bool {
        match self {
            Self::Here => state.is_here(),
            Self::Activists => state.is_activist(),
            Self::All => true,
            Self::Only(only) => state == only,
        }
    }
}

impl Whom {
    /// Everybody that the register has.
    pub fn everybody() -> Self {
        Self {
            of: Of::All,
            ..Self::default()
        }
    }

    /// The people of that branch and group, however they stand.
    pub(super) fn people<'a>(&'a self, work: &'a Workbench) -> impl Iterator<Item = u32> + 'a {
        let people = &work.people;
        let number = |text: &Option<String>| {
            let text = text.as_deref()?;
            // A word that nobody has is a number that nobody has.
            Some(people.texts().find(text).unwrap_or(u32::MAX))
        };
        let (branch, group) = (number(&self.branch), number(&self.group));
        people.standing().filter(move |person| {
            branch.is_none_or(|branch| people.value(*person, Field::Branch) == branch)
                && group.is_none_or(|group| people.value(*person, Field::Category) == group)
        })
    }

    /// What a reader sees.
    fn label(&self) -> String {
        let mut words = Vec::new();
        for (name, empty) in [
            (&self.branch, "没有写党支部的人"),
            (&self.group, "没有写类别的人"),
        ] {
            match name.as_deref() {
                Some("") => words.push(empty.to_owned()),
                Some(name) => words.push(name.to_owned()),
                None => {}
            }
        }
        words.push(self.of.label().to_owned());
        words.join("，")
    }
}

/// People counted by everything that they are counted by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// The day; today for none.
    pub on: Option<Date>,
    /// Who.
    pub whom: Whom,
}

/// The counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The day.
    pub on: Date,
    /// How many people are counted.
    pub total: usize,
    /// Of how many of them the age is not certain, since only month or year of birth is known.
    pub uncertain: usize,
    /// The tables.
    pub tables: Vec<Lines>,
    /// The branches that the register knows, by name.
    pub branches: Vec<String>,
    /// How many people the register has.
    pub register: usize,
}

/// A table of counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// By what.
    pub by: Dimension,
    /// Label and how many.
    pub lines: Vec<(String, usize)>,
    /// How many more labels there are, and of how many people.
    pub more: (usize, usize),
}

/// A year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Year {
    /// The year.
    pub year: u16,
}

/// The plan of a year beside what happened, and what is needed to type it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planning {
    /// The year.
    pub year: u16,
    /// By group.
    pub rows: Vec<PlanLine>,
    /// What happened in the year, by group: for each of [`Moved::ALL`] how often.
    pub moves: Vec<(String, Vec<usize>)>,
    /// The groups that the register knows.
    pub groups: Vec<String>,
    /// Members at the ends of years.
    pub members: Vec<(u16, u32)>,
    /// What the unit is called.
    pub unit: String,
}

/// A group's plan beside what happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanLine {
    /// The group; 未填 for people without one.
    pub group: String,
    /// How many were planned.
    pub planned: Option<u32>,
    /// How many were admitted.
    pub admitted: usize,
    /// How many in each month.
    pub months: [u32; 12],
}

impl PlanLine {
    /// How many more than planned, negative for fewer.
    pub fn difference(&self) -> Option<i64> {
        self.planned
            .map(|planned| self.admitted as i64 - i64::from(planned))
    }
}

/// What is to be watched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Watched {
    /// The day; today for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// Of whom; how they stand does not matter.
    pub whom: Whom,
}

/// What there is to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watching {
    /// The day.
    pub on: Date,
    /// The settings, as they were written down.
    pub set: watch::Watching,
    /// The day from which on all admissions are written down, or taken to be; none when there is none.
    pub known_since: Option<Date>,
    /// What was observed.
    pub observations: Vec<Observed>,
}

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// What, in the document's words.
    pub what: String,
    /// Where that is written.
    pub cited: String,
    /// Of which group.
    pub group: Option<String>,
    /// What a reader sees.
    pub text: String,
    /// The threshold, in words.
    pub threshold: String,
    /// The figures.
    pub figures: Vec<Figure>,
}

/// A figure of something that was observed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// What it counts.
    pub label: String,
    /// How many.
    pub count: u32,
    /// Whether it counts people who can be shown; otherwise it was typed, or is nothing.
    pub people: bool,
}

/// Which report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// The half-year report (policy item (十三)), January to June.
    FirstHalf,
    /// July to December.
    SecondHalf,
    /// The yearly analysis (细则 Art. 11).
    Yearly,
}

impl What {
    /// All.
    pub const ALL: [Self; 3] = [Self::FirstHalf, Self::SecondHalf, Self::Yearly];

    /// Its name in a form.
    pub fn code(self) -> &'static str {
        match self {
            Self::FirstHalf => "first-half",
            Self::SecondHalf => "second-half",
            Self::Yearly => "yearly",
        }
    }

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::FirstHalf => "上半年发展党员工作情况报告",
            Self::SecondHalf => "下半年发展党员工作情况报告",
            Self::Yearly => "年度入党积极分子队伍状况分析",
        }
    }
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Which.
    pub what: What,
    /// Of which year.
    pub year: u16,
    /// Of whom; how they stand does not matter.
    #[serde(default)]
    pub whom: Whom,
}

/// What a figure counts: enough to count it once more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// A line of [`Counted`]; without a dimension everybody who is counted.
    Line {
        /// The day.
        on: Date,
        /// Who.
        #[serde(default)]
        whom: Whom,
        /// By what, and the line's label.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<(Dimension, String)>,
    },
    /// Those whose age is not certain.
    Uncertain {
        /// The day.
        on: Date,
        /// Who.
        #[serde(default)]
        whom: Whom,
    },
    /// Something that happened within these days.
    Moved {
        /// First day.
        from: Date,
        /// Last day.
        until: Date,
        /// What.
        what: Moved,
        /// Of which group, by the label that [`Planning`] gives it; of all for none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<String>,
    },
    /// A figure of something that was observed.
    Observed {
        /// What was watched.
        asked: Watched,
        /// Which observation.
        at: usize,
        /// Which figure of it.
        figure: usize,
    },
    /// A figure of a report's table.
    Report {
        /// The report.
        asked: Asked,
        /// Section, table, line and column, from 0.
        place: [usize; 4],
    },
    /// A figure of something that a report observes.
    ReportObserved {
        /// The report.
        asked: Asked,
        /// Section, observation and figure, from 0.
        place: [usize; 3],
    },
}

/// The people of a figure, from a place on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// The figure.
    pub cause: Cause,
    /// How many are left out before.
    #[serde(default)]
    pub from: usize,
}

/// The people of a figure, [`WINDOW`] at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// What the figure counts.
    pub title: String,
    /// The figure.
    pub count: usize,
    /// How many people they are: a person can be counted more than once.
    pub people: usize,
    /// How many are left out before.
    pub from: usize,
    /// The people.
    pub rows: Vec<One>,
}

/// A person of a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct One {
    /// Who.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Number that the unit has given.
    pub number: String,
    /// Branch.
    pub branch: String,
    /// Group.
    pub group: String,
    /// How the person stands today.
    pub state: String,
    /// How often the person is counted.
    pub times: usize,
}

/// What is kept between orders.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// The day of the first admission in the register, once it was looked for.
    first: Option<Option<Date>>,
}

/// Carries out an order of this module.
pub(super) fn carry_out(
    kept: &mut Kept,
    work: &Workbench,
    word: &str,
    order: &Order<'_>,
    step: Step<'_>,
) -> Option<Answer> {
    let mut desk = Desk {
        kept,
        work,
        today: order.today(),
        step,
    };
    Some(match word {
        "counts" => order.read().and_then(|asked| say(&desk.counts(&asked))),
        "branches" => say(&desk.names(Field::Branch)),
        "plan" => order.read().and_then(|Year { year }| say(&desk.plan(year))),
        "watch" => order.read().and_then(|asked| say(&desk.watching(&asked))),
        "report" => order
            .read()
            .and_then(|asked| desk.paper(&asked))
            .and_then(|paper| say(&paper)),
        "rows" => order
            .read()
            .and_then(|Rows { cause, from }| desk.found(&cause, from))
            .and_then(|found| say(&found)),
        #[cfg(feature = "exports")]
        _ => return write::carry_out(&mut desk, word, order),
        #[cfg(not(feature = "exports"))]
        _ => return None,
    })
}

/// The numbers of the people whom a figure counts, as often as it counts them.
///
/// # Errors
/// What the person reads: the figure is none of this register's.
#[allow(dead_code, reason = "for the register's table")]
pub(super) fn rows_of(work: &Workbench, cause: &Cause, today: Date) -> Result<Vec<u32>, String> {
    let mut desk = Desk {
        kept: &mut Kept::default(),
        work,
        today,
        step: &mut |_, _, _| {},
    };
    desk.rows(cause).map(|(_, rows)| rows)
}

/// A person as the figures see them.
pub(super) fn row(work: &Workbench, person: u32, state: State) -> Row<'_> {
    let people = &work.people;
    Row {
        born: people.when(person, Field::Birth).map(birth),
        sex: people.words(person, Field::Sex),
        ethnicity: people.words(person, Field::Ethnicity),
        education: people.words(person, Field::Education),
        group: people.words(person, Field::Category),
        front_line: work.front_line(person),
        state,
    }
}

fn birth(when: When) -> Birth {
    let (year, month, day) = when.split();
    Birth {
        year,
        month: (month > 0).then_some(month),
        day: (day > 0).then_some(day),
    }
}

/// What is written of a person, beyond rosters.
pub(super) fn file_of(work: &Workbench, person: u32) -> Option<&File> {
    if work.files.is_empty() {
        return None;
    }
    work.file(&work.people.id(person)?)
}

/// The days of the branch's reviews of a person.
pub(super) fn reviews(work: &Workbench, person: u32) -> Vec<Date> {
    let facts = file_of(work, person).into_iter().flat_map(File::facts);
    facts
        .filter_map(|fact| match fact {
            Fact::Reviewed { on, .. } => Some(*on),
            _ => None,
        })
        .collect()
}

/// Whom reports are made of.
struct Drawn<'a> {
    /// The numbers of the people: those of rows are places here.
    people: Vec<u32>,
    rows: Vec<Row<'a>>,
    ledgers: Vec<Ledger>,
    reviews: Vec<Vec<Date>>,
}

struct Desk<'a, 'b> {
    kept: &'b mut Kept,
    work: &'a Workbench,
    today: Date,
    step: Step<'b>,
}

impl<'a> Desk<'a, '_> {
    /// Says how far it has come, now and then.
    fn tell(&mut self, done: usize) {
        if done.is_multiple_of(STEP) {
            (self.step)("正在统计", done, self.work.people.count());
        }
    }

    fn counted(&mut self, on: Date, whom: &Whom) -> Vec<(RowId, Row<'a>)> {
        let mut found = Vec::new();
        for (person, done) in whom.people(self.work).zip(0..) {
            self.tell(done);
            let state = self.work.state(person, on);
            if whom.of.takes(state) {
                found.push((person, row(self.work, person, state)));
            }
        }
        found
    }

    fn table(&self, people: &[(RowId, Row<'a>)], by: Dimension, on: Date) -> Table {
        count(people.iter().copied(), by, on, &self.work.watching.bands)
    }

    fn counts(&mut self, asked: &Counts) -> Counted {
        let on = asked.on.unwrap_or(self.today);
        let people = self.counted(on, &asked.whom);
        let tables = Dimension::ALL.map(|by| self.table(&people, by, on));
        let uncertain = tables.iter().map(|table| table.uncertain.len()).sum();
        Counted {
            on,
            total: people.len(),
            uncertain,
            tables: tables.into_iter().map(lines).collect(),
            branches: self.names(Field::Branch),
            register: self.work.people.standing().count(),
        }
    }

    /// The words that people have there, as many as can be chosen from.
    fn names(&self, field: Field) -> Vec<String> {
        let people = &self.work.people;
        let numbers: BTreeSet<u32> = people
            .standing()
            .map(|person| people.value(person, field))
            .filter(|number| *number != 0)
            .collect();
        let mut names: Vec<String> = numbers
            .into_iter()
            .map(|number| people.text(number).to_owned())
            .collect();
        names.sort_unstable();
        names.truncate(CHOICES);
        names
    }

    /// What happened to these people.
    fn movements(&mut self, whom: &Whom, what: Option<Moved>) -> Vec<Movement> {
        let work = self.work;
        let mut found = Vec::new();
        for (person, done) in whom.people(work).zip(0..) {
            self.tell(done);
            // Most people of a roster were never admitted, and need not be looked at.
            let is_asked = what != Some(Moved::Admitted)
                || work.people.value(person, Field::Admitted) != 0
                || file_of(work, person).is_some();
            if is_asked {
                let group = work.people.words(person, Field::Category);
                let all = movements(person, group, &work.ledger(person));
                found.extend(
                    all.into_iter()
                        .filter(|movement| what.is_none_or(|what| movement.what == what)),
                );
            }
        }
        found
    }

    fn plans(&self) -> Vec<Planned> {
        self.work.plans.values().flatten().cloned().collect()
    }

    fn plan(&mut self, year: u16) -> Planning {
        let all = self.movements(&Whom::everybody(), None);
        let planned = self.work.plans.get(&year).map(Vec::as_slice).unwrap_or_default();
        let until: Vec<Movement> = all
            .into_iter()
            .filter(|movement| movement.on.year() == year && movement.on <= self.today)
            .collect();
        let rows = beside(planned, &until, year);
        let mut moves: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for movement in &until {
            let counts = moves
                .entry(group_label(&movement.group))
                .or_insert_with(|| vec![0; Moved::ALL.len()]);
            if let Some(at) = Moved::ALL.iter().position(|what| *what == movement.what) {
                counts[at] += 1;
            }
        }
        Planning {
            year,
            rows: rows
                .into_iter()
                .map(|row| PlanLine {
                    group: row.group,
                    planned: row.planned,
                    admitted: row.admitted.len(),
                    months: row.months,
                })
                .collect(),
            moves: moves
                .into_iter()
                .map(|(group, counts)| (group.to_owned(), counts))
                .collect(),
            groups: self.names(Field::Category),
            members: self
                .work
                .members
                .iter()
                .map(|(year, count)| (*year, *count))
                .collect(),
            unit: self.work.unit.clone(),
        }
    }

    /// The day from which on all admissions are written down, or taken to be; today where there is none.
    fn known_since(&mut self) -> Option<Date> {
        if let Some(said) = self.work.watching.known_since {
            return Some(said);
        }
        if let Some(first) = self.kept.first {
            return first;
        }
        let all = self.movements(&Whom::everybody(), Some(Moved::Admitted));
        let first = all.iter().map(|movement| movement.on).min();
        self.kept.first = Some(first);
        first
    }

    /// Plans and typed figures are the whole unit's, and say nothing of a part of it.
    fn is_part(whom: &Whom) -> bool {
        whom.branch.is_some() || whom.group.is_some()
    }

    fn observe(&mut self, asked: &Watched) -> (Date, Option<Date>, Vec<Observation>) {
        let on = asked.on.unwrap_or(self.today);
        let known_since = self.known_since();
        let movements = self.movements(&asked.whom, Some(Moved::Admitted));
        let set = &self.work.watching.thresholds;
        let planned = if Self::is_part(&asked.whom) {
            Vec::new()
        } else {
            self.plans()
        };
        let groups: BTreeSet<&str> = planned.iter().map(|planned| planned.group.as_str()).collect();
        let groups: Vec<&str> = groups.into_iter().filter(|group| !group.is_empty()).collect();
        let watch = Watch {
            movements: &movements,
            known_since: known_since.unwrap_or(on),
            on,
            thresholds: set,
        };
        let mut found = watch.observe(&groups);
        if !Self::is_part(&asked.whom) {
            let members = self.work.members.iter().filter(|(year, _)| **year <= on.year());
            let members = members.map(|(year, count)| (*year, *count)).collect();
            found.extend(growth(&members, set));
        }
        (on, known_since, found)
    }

    fn watching(&mut self, asked: &Watched) -> Watching {
        let (on, known_since, found) = self.observe(asked);
        Watching {
            on,
            set: self.work.watching.clone(),
            known_since,
            observations: found.iter().map(Observed::of).collect(),
        }
    }

    fn draw(&mut self, whom: &Whom) -> Drawn<'a> {
        let mut drawn = Drawn {
            people: Vec::new(),
            rows: Vec::new(),
            ledgers: Vec::new(),
            reviews: Vec::new(),
        };
        for (person, done) in whom.people(self.work).zip(0..) {
            self.tell(done);
            drawn.people.push(person);
            drawn.rows.push(row(self.work, person, State::Unknown));
            drawn.ledgers.push(self.work.ledger(person));
            drawn.reviews.push(reviews(self.work, person));
        }
        drawn
    }

    /// The report, and whose rows are which people's.
    fn report(&mut self, asked: &Asked) -> Result<(Report, Vec<u32>), String> {
        let known_since = self.known_since().unwrap_or(self.today);
        let drawn = self.draw(&asked.whom);
        let people: Vec<Someone<'_>> = drawn
            .rows
            .iter()
            .zip(&drawn.ledgers)
            .zip(&drawn.reviews)
            .map(|((row, ledger), reviews)| Someone {
                row: *row,
                ledger,
                reviews,
            })
            .collect();
        let is_part = Self::is_part(&asked.whom);
        let plan = if is_part { Vec::new() } else { self.plans() };
        let none = BTreeMap::new();
        let words = [
            &Some(self.work.unit.clone()),
            &asked.whom.branch,
            &asked.whom.group,
        ];
        let unit: Vec<&str> = words.into_iter().flatten().map(String::as_str).collect();
        let unit = unit.join(" ");
        let material = Material {
            unit: unit.trim(),
            people: &people,
            plan: &plan,
            members: if is_part { &none } else { &self.work.members },
            known_since,
            thresholds: &self.work.watching.thresholds,
            bands: &self.work.watching.bands,
        };
        (self.step)("正在汇总", 0, 0);
        let report = match asked.what {
            What::FirstHalf => half_year(&material, asked.year, true, self.today),
            What::SecondHalf => half_year(&material, asked.year, false, self.today),
            What::Yearly => yearly(&material, asked.year, self.today),
        };
        let report = report.ok_or_else(|| format!("{}年的这段时间还没有开始", asked.year))?;
        Ok((report, drawn.people))
    }

    fn paper(&mut self, asked: &Asked) -> Result<Paper, String> {
        let (report, _) = self.report(asked)?;
        Ok(Paper::of(&report, self.today))
    }

    /// What a figure counts in words, and whom.
    fn rows(&mut self, cause: &Cause) -> Result<(String, Vec<u32>), String> {
        let gone = || "名册已经变了，这个数字请重新统计".to_owned();
        match cause {
            Cause::Line { on, whom, by } => {
                let people = self.counted(*on, whom);
                let title = format!("{}：{}", on.chinese(), whom.label());
                let Some((by, label)) = by else {
                    return Ok((title, people.into_iter().map(|(person, _)| person).collect()));
                };
                let title = format!("{title}，{}“{label}”", by.label());
                let lines = self.table(&people, *by, *on).lines;
                let line = lines.into_iter().find(|line| line.label == *label);
                Ok((title, line.map(|line| line.rows).unwrap_or_default()))
            }
            Cause::Uncertain { on, whom } => {
                let people = self.counted(*on, whom);
                let whom = whom.label();
                let title = format!("{}：{whom}，出生日期不全，年龄可能少算一岁", on.chinese());
                Ok((title, self.table(&people, Dimension::Age, *on).uncertain))
            }
            Cause::Moved {
                from,
                until,
                what,
                group,
            } => {
                let all = self.movements(&Whom::everybody(), Some(*what));
                let days = *from..=(*until).min(self.today);
                let group = group.as_deref();
                let rows = all
                    .iter()
                    .filter(|movement| days.contains(&movement.on))
                    .filter(|movement| group.is_none_or(|group| group_label(&movement.group) == group))
                    .map(|movement| movement.row)
                    .collect();
                let group = group.map(|group| format!("，类别“{group}”"));
                let title = format!(
                    "{}到{}：{}{}",
                    from.chinese(),
                    until.chinese(),
                    what.label(),
                    group.unwrap_or_default()
                );
                Ok((title, rows))
            }
            Cause::Observed { asked, at, figure } => {
                let (_, _, found) = self.observe(asked);
                let observation = found.get(*at).ok_or_else(gone)?;
                let figure = observation.figures.get(*figure).ok_or_else(gone)?;
                let title = format!("{}：{}", observation.what.label(), figure.label);
                Ok((title, figure.rows.clone()))
            }
            Cause::Report { asked, place } => {
                let [section, table, line, cell] = *place;
                let (report, people) = self.report(asked)?;
                let section = report.sections.get(section).ok_or_else(gone)?;
                let grid = section.tables.get(table).ok_or_else(gone)?;
                let (label, cells) = grid.lines.get(line).ok_or_else(gone)?;
                let column = grid.columns.get(cell + 1).map_or("", String::as_str);
                match cells.get(cell).ok_or_else(gone)? {
                    Cell::Count(rows) => {
                        let title = format!("{}，{}：{label}，{column}", report.title, grid.title);
                        Ok((title, numbers(rows, &people)))
                    }
                    Cell::Typed(_) | Cell::Absent => Err("这个数字是人填的，没有名单".into()),
                }
            }
            Cause::ReportObserved { asked, place } => {
                let [section, at, figure] = *place;
                let (report, people) = self.report(asked)?;
                let section = report.sections.get(section).ok_or_else(gone)?;
                let observation = section.observations.get(at).ok_or_else(gone)?;
                let figure = observation.figures.get(figure).ok_or_else(gone)?;
                let what = observation.what.label();
                let title = format!("{}，{what}：{}", report.title, figure.label);
                Ok((title, numbers(&figure.rows, &people)))
            }
        }
    }

    fn found(&mut self, cause: &Cause, from: usize) -> Result<Found, String> {
        let (title, rows) = self.rows(cause)?;
        let count = rows.len();
        // In the order in which they come, each person once.
        let mut places: BTreeMap<u32, usize> = BTreeMap::new();
        let mut people: Vec<(u32, usize)> = Vec::new();
        for person in rows {
            let place = *places.entry(person).or_insert(people.len());
            match people.get_mut(place) {
                Some((_, times)) => *times += 1,
                None => people.push((person, 1)),
            }
        }
        let window = people.iter().skip(from).take(WINDOW);
        let all = &self.work.people;
        let words = |person: u32, field: Field| all.words(person, field).to_owned();
        let rows = window.filter_map(|(person, times)| {
            Some(One {
                id: all.id(*person)?,
                name: words(*person, Field::Name),
                number: words(*person, Field::Number),
                branch: words(*person, Field::Branch),
                group: words(*person, Field::Category),
                state: self.work.state(*person, self.today).label().into(),
                times: *times,
            })
        });
        Ok(Found {
            title,
            count,
            people: people.len(),
            from,
            rows: rows.collect(),
        })
    }
}

/// The people of those rows of a report.
fn numbers(rows: &[RowId], people: &[u32]) -> Vec<u32> {
    rows.iter()
        .filter_map(|row| people.get(*row as usize).copied())
        .collect()
}

/// What a reader sees for a group.
fn group_label(group: &str) -> &str {
    if group.is_empty() { NOT_KNOWN } else { group }
}

/// As many lines as are shown; 未填 stays the last.
fn lines(table: Table) -> Lines {
    let mut lines: Vec<(String, usize)> = table
        .lines
        .into_iter()
        .map(|line| (line.label, line.rows.len()))
        .collect();
    let mut more = (0, 0);
    if lines.len() > LINES {
        let unknown = lines.pop_if(|(label, _)| label == NOT_KNOWN);
        let rest = lines.split_off(LINES.min(lines.len()));
        more = (rest.len(), rest.iter().map(|(_, count)| count).sum());
        lines.extend(unknown);
    }
    Lines {
        by: table.dimension,
        lines,
        more,
    }
}

impl Observed {
    fn of(found: &Observation) -> Self {
        let (source, clause) = found.what.cite();
        Self {
            what: found.what.label().into(),
            cited: paper::cited(source, clause),
            group: found.group.clone(),
            text: found.text.clone(),
            threshold: found.threshold.clone(),
            figures: found
                .figures
                .iter()
                .map(|figure| Figure {
                    label: figure.label.clone(),
                    count: figure.count,
                    people: !figure.rows.is_empty(),
                })
                .collect(),
        }
    }
}
