//! The half-year report to the higher committee (policy item (十三)) and the yearly analysis of the
//! activists (细则 Art. 11), as data: tables whose figures carry their rows, what was observed, and
//! headings under which only a person writes.

use super::plan::{Moved, Movement, Planned, beside, movements};
use super::watch::{Observation, Thresholds, Watch, growth};
use super::{AgeBands, Dimension, NOT_KNOWN, Row, RowId, count};
use crate::domain::due::article::{Article, Rule};
use crate::domain::due::rhythm::{PeriodState, REVIEW_MONTHS, Rhythm};
use crate::domain::standing::{Ledger, State};
use crate::domain::time::Date;
use std::collections::{BTreeMap, BTreeSet};

/// A person of the register.
#[derive(Clone, Copy, Debug)]
pub struct Someone<'a> {
    /// What is counted. Its state is not looked at: the ledger says how the person stood.
    pub row: Row<'a>,
    /// What was decided.
    pub ledger: &'a Ledger,
    /// Days of the branch's reviews.
    pub reviews: &'a [Date],
}

/// What a report is made of.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// Name of the unit.
    pub unit: &'a str,
    /// Everybody; a row's number is the place here.
    pub people: &'a [Someone<'a>],
    /// The plans.
    pub plan: &'a [Planned],
    /// Members at the ends of years, typed by people.
    pub members: &'a BTreeMap<u16, u32>,
    /// The day from which on all admissions are written down.
    pub known_since: Date,
    /// The thresholds of what is watched.
    pub thresholds: &'a Thresholds,
    /// The bands of age.
    pub bands: &'a AgeBands,
}

/// Where a section is written: source and clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Basis {
    /// Id of the source.
    pub source: &'static str,
    /// The clause.
    pub clause: &'static str,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A figure and its rows.
    Count(Vec<RowId>),
    /// A figure that was typed.
    Typed(i64),
    /// There is none.
    Absent,
}

impl Cell {
    /// The figure.
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Count(rows) => Some(rows.len() as i64),
            Self::Typed(number) => Some(*number),
            Self::Absent => None,
        }
    }
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Title.
    pub title: String,
    /// The headings; the first is that of the labels.
    pub columns: Vec<String>,
    /// Label and cells of each line, one cell for each heading but the first.
    pub lines: Vec<(String, Vec<Cell>)>,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Title.
    pub title: String,
    /// Where it is asked for.
    pub basis: Vec<Basis>,
    /// The tables.
    pub tables: Vec<Grid>,
    /// What was observed.
    pub observations: Vec<Observation>,
    /// What the figures mean, for people.
    pub notes: Vec<String>,
    /// Whether a person writes here, and the program does not.
    pub blank: bool,
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Title.
    pub title: String,
    /// Name of the unit.
    pub unit: String,
    /// First day.
    pub from: Date,
    /// Last day; today while the period runs.
    pub until: Date,
    /// Whether the period runs still.
    pub runs: bool,
    /// The sections.
    pub sections: Vec<Section>,
}

const POLICY: &str = "yijian-2013";

/// The half-year report. `first` for January to June.
pub fn half_year(material: &Material<'_>, year: u16, first: bool, today: Date) -> Option<Report> {
    let (month, last) = if first { (1, (6, 30)) } else { (7, (12, 31)) };
    let from = Date::new(year, month, 1)?;
    let end = Date::new(year, last.0, last.1)?;
    if from > today {
        return None;
    }
    let until = end.min(today);
    let maker = Maker::new(material, from, until);
    let half = if first { "上半年" } else { "下半年" };
    let mut sections = vec![maker.states(), maker.moves(), maker.reviews(), maker.plan(year)];
    sections.push(maker.observations());
    sections.push(blank(
        "需要说明的情况",
        &[Basis {
            source: POLICY,
            clause: "（十三）",
        }],
    ));
    Some(Report {
        title: format!("{year}年{half}发展党员工作情况报告"),
        unit: material.unit.into(),
        from,
        until,
        runs: until < end,
        sections,
    })
}

/// The yearly analysis of the activists.
pub fn yearly(material: &Material<'_>, year: u16, today: Date) -> Option<Report> {
    let (from, end) = (Date::new(year, 1, 1)?, Date::new(year, 12, 31)?);
    if from > today {
        return None;
    }
    let until = end.min(today);
    let maker = Maker::new(material, from, until);
    let basis: Vec<Basis> = basis(Rule::Review.on(until)).into_iter().collect();
    let mut sections = vec![
        maker.structure(&basis),
        maker.lengths(&basis),
        maker.moves(),
        maker.reviews(),
        maker.plan(year),
        maker.observations(),
    ];
    sections.push(blank("存在的问题", &basis));
    sections.push(blank("改进的措施", &basis));
    Some(Report {
        title: format!("{year}年入党积极分子队伍状况分析"),
        unit: material.unit.into(),
        from,
        until,
        runs: until < end,
        sections,
    })
}

fn basis(article: Option<Article>) -> Option<Basis> {
    article.map(|article| Basis {
        source: article.edition.source(),
        clause: article.clause,
    })
}

fn blank(title: &str, basis: &[Basis]) -> Section {
    Section {
        title: title.into(),
        basis: basis.to_vec(),
        tables: Vec::new(),
        observations: Vec::new(),
        notes: vec!["由填报人写，系统不代写".into()],
        blank: true,
    }
}

fn section(title: &str, basis: Vec<Basis>, tables: Vec<Grid>, notes: Vec<String>) -> Section {
    Section {
        title: title.into(),
        basis,
        tables,
        observations: Vec::new(),
        notes,
        blank: false,
    }
}

struct Maker<'a> {
    material: &'a Material<'a>,
    from: Date,
    until: Date,
    movements: Vec<Movement>,
    /// How everybody stood on the last day.
    states: Vec<State>,
}

impl<'a> Maker<'a> {
    fn new(material: &'a Material<'a>, from: Date, until: Date) -> Self {
        let people = || (0..).zip(material.people);
        let each = people().flat_map(|(id, one)| movements(id, one.row.group, one.ledger));
        Self {
            material,
            from,
            until,
            movements: each.collect(),
            states: people().map(|(_, one)| one.ledger.on(until).state).collect(),
        }
    }

    fn people(&self) -> impl Iterator<Item = (RowId, &'a Someone<'a>, State)> {
        (0..)
            .zip(self.material.people)
            .zip(&self.states)
            .map(|((id, one), state)| (id, one, *state))
    }

    fn activists(&self) -> impl Iterator<Item = (RowId, &'a Someone<'a>)> {
        self.people()
            .filter(|(_, _, state)| state.is_activist())
            .map(|(id, one, _)| (id, one))
    }

    fn states(&self) -> Section {
        let before = self.from.add_days(-1);
        let mut lines: Vec<(String, Vec<Cell>)> = Vec::new();
        let mut then: BTreeMap<State, Vec<RowId>> = BTreeMap::new();
        let mut now: BTreeMap<State, Vec<RowId>> = BTreeMap::new();
        for (id, one, state) in self.people() {
            then.entry(one.ledger.on(before).state).or_default().push(id);
            now.entry(state).or_default().push(id);
        }
        for state in State::ALL.into_iter().filter(|state| state.is_here()) {
            let (then, now) = (then.remove(&state), now.remove(&state));
            if then.is_some() || now.is_some() {
                let cells = [then, now].map(|rows| Cell::Count(rows.unwrap_or_default()));
                lines.push((state.label().into(), cells.to_vec()));
            }
        }
        let columns = vec![
            "发展阶段".into(),
            format!("截至{}", before.chinese()),
            format!("截至{}", self.until.chinese()),
        ];
        let grid = Grid {
            title: "各阶段人数".into(),
            columns,
            lines,
        };
        let basis = vec![Basis {
            source: POLICY,
            clause: "（十三）",
        }];
        section("基本情况", basis, vec![grid], Vec::new())
    }

    fn moves(&self) -> Section {
        let mut lines = Vec::new();
        for what in Moved::ALL {
            let rows: Vec<RowId> = self
                .movements
                .iter()
                .filter(|movement| movement.what == what)
                .filter(|movement| (self.from..=self.until).contains(&movement.on))
                .map(|movement| movement.row)
                .collect();
            lines.push((what.label().to_owned(), vec![Cell::Count(rows)]));
        }
        let grid = Grid {
            title: "这段时间的变化".into(),
            columns: vec!["变化".into(), "人次".into()],
            lines,
        };
        let basis = vec![Basis {
            source: POLICY,
            clause: "（五）",
        }];
        let note = "接收为预备党员按党支部党员大会通过的日子算，后来没有批准的不算".into();
        section("动态管理", basis, vec![grid], vec![note])
    }

    /// The half-years that ended in this time, of who was an activist then.
    fn reviews(&self) -> Section {
        let mut held: BTreeMap<PeriodState, Vec<RowId>> = BTreeMap::new();
        let mut no_day = Vec::new();
        for (id, one, state) in self.people() {
            let Some(confirmed) = one.ledger.milestones(self.until).confirmed else {
                if state.is_activist() {
                    no_day.push(id);
                }
                continue;
            };
            let rhythm = Rhythm::of(confirmed, REVIEW_MONTHS, one.reviews, self.until);
            for period in &rhythm.periods {
                let ended =
                    (self.from..=self.until).contains(&period.due) && period.state != PeriodState::Open;
                if ended && one.ledger.on(period.due).state.is_activist() {
                    held.entry(period.state).or_default().push(id);
                }
            }
        }
        let states = [
            PeriodState::InTime,
            PeriodState::Late,
            PeriodState::Overdue,
            PeriodState::Missed,
        ];
        let mut lines: Vec<(String, Vec<Cell>)> = states
            .into_iter()
            .map(|state| {
                let rows = held.remove(&state).unwrap_or_default();
                (state.label().to_owned(), vec![Cell::Count(rows)])
            })
            .collect();
        lines.push(("没有记到确定日期，算不出".into(), vec![Cell::Count(no_day)]));
        let grid = Grid {
            title: "到期的半年考察".into(),
            columns: vec!["考察".into(), "人次".into()],
            lines,
        };
        let basis: Vec<Basis> = basis(Rule::Review.on(self.until)).into_iter().collect();
        let note = "从确定为入党积极分子那天起每六个月为一个半年；只数最后一天落在这段时间里的半年".into();
        section("半年考察", basis, vec![grid], vec![note])
    }

    fn plan(&self, year: u16) -> Section {
        let so_far: Vec<Movement> = self
            .movements
            .iter()
            .filter(|movement| movement.on <= self.until)
            .cloned()
            .collect();
        let rows = beside(self.material.plan, &so_far, year);
        let lines = rows.into_iter().map(|row| {
            let difference = row.difference().map_or(Cell::Absent, Cell::Typed);
            let planned = row
                .planned
                .map_or(Cell::Absent, |count| Cell::Typed(count.into()));
            (row.group, vec![planned, Cell::Count(row.admitted), difference])
        });
        let grid = Grid {
            title: format!("{year}年发展党员计划和接收情况"),
            columns: ["类别", "计划", "接收", "相差"].map(Into::into).to_vec(),
            lines: lines.collect(),
        };
        let basis = vec![
            Basis {
                source: POLICY,
                clause: "（十一）",
            },
            Basis {
                source: POLICY,
                clause: "（十二）",
            },
        ];
        let note = format!("从{year}年1月1日数到{}", self.until.chinese());
        section("计划执行", basis, vec![grid], vec![note])
    }

    fn observations(&self) -> Section {
        // Only the groups that the plans speak of: of others nothing was intended.
        let planned = self.material.plan.iter().map(|planned| planned.group.as_str());
        let groups: BTreeSet<&str> = planned.filter(|group| !group.is_empty()).collect();
        let groups: Vec<&str> = groups.into_iter().collect();
        let watch = Watch {
            movements: &self.movements,
            known_since: self.material.known_since,
            on: self.until,
            thresholds: self.material.thresholds,
        };
        let mut observations = watch.observe(&groups);
        let members: BTreeMap<u16, u32> = self
            .material
            .members
            .iter()
            .filter(|(year, _)| **year <= self.until.year())
            .map(|(year, count)| (*year, *count))
            .collect();
        observations.extend(growth(&members, self.material.thresholds));
        let basis = vec![
            Basis {
                source: POLICY,
                clause: "（十一）",
            },
            Basis {
                source: POLICY,
                clause: "（十三）",
            },
        ];
        let note = "下面只列数字和提示的条件，原因和结论由人来写".into();
        Section {
            observations,
            ..section("需要留意的数字", basis, Vec::new(), vec![note])
        }
    }

    fn structure(&self, basis: &[Basis]) -> Section {
        let dimensions = Dimension::ALL
            .into_iter()
            .filter(|dimension| *dimension != Dimension::State);
        let tables = dimensions.map(|dimension| {
            let people = self.activists().map(|(id, one)| (id, one.row));
            let table = count(people, dimension, self.until, self.material.bands);
            let lines = table
                .lines
                .into_iter()
                .map(|line| (line.label, vec![Cell::Count(line.rows)]));
            Grid {
                title: format!("按{}", dimension.label()),
                columns: vec![dimension.label().into(), "人数".into()],
                lines: lines.collect(),
            }
        });
        let note = format!(
            "{}的入党积极分子，暂停培养和拟列为发展对象的在内；只知道出生年月的，月末才算满岁",
            self.until.chinese()
        );
        section("队伍结构", basis.to_vec(), tables.collect(), vec![note])
    }

    /// How long the activists have been in cultivation.
    fn lengths(&self, basis: &[Basis]) -> Section {
        const BANDS: [&str; 4] = ["不满一年", "满一年", "满两年", "满三年"];
        let mut rows: [Vec<RowId>; 4] = Default::default();
        let mut unknown = Vec::new();
        for (id, one) in self.activists() {
            match one.ledger.milestones(self.until).confirmed {
                Some(confirmed) => {
                    let full = (1..=3).filter(|years| confirmed.add_months(12 * years) <= self.until);
                    rows[full.count()].push(id);
                }
                None => unknown.push(id),
            }
        }
        let mut lines: Vec<(String, Vec<Cell>)> = BANDS
            .into_iter()
            .zip(rows)
            .map(|(label, rows)| (label.to_owned(), vec![Cell::Count(rows)]))
            .collect();
        lines.push((NOT_KNOWN.into(), vec![Cell::Count(unknown)]));
        let grid = Grid {
            title: "培养教育的时间".into(),
            columns: vec!["时间".into(), "人数".into()],
            lines,
        };
        let note =
            "从确定为入党积极分子那天连续计算，暂停和转接的空档没有扣除；满了不会自动列为发展对象".into();
        section("培养时间", basis.to_vec(), vec![grid], vec![note])
    }
}
