//! Carrying out the words of an import.

use super::{
    Asked, Beside, Changes, Column, Columns, Filter, Given, History, Known, Last, NO_FILE, Named, Nobody,
    PAGE, Past, Row, Settle, Settled, Sheet, Sheets, Sure, Taken, Top, Turn, Undo, VOID, View, Window,
};
use crate::domain::branch::{
    Decision, Doubt, Field, Issue, Kind, Line, Origin, People, Plan, RosterEvent, Stage, Trouble,
    UndoRefused, Verdict,
};
use crate::domain::hex;
use crate::domain::time::Moment;
use crate::domain::workbench::{Deed, Workbench};
use crate::format::roster::layout::MAX_DEPTH;
use crate::format::roster::{Book, Confidence, Layout, NotTaken, Options, Read, Table, lot, read};
use crate::format::workbench::{Answer, Order, Outcome, Step, say, write};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};

/// First rows in which somebody may say that the header is.
const TOP: usize = 30;
/// Values of a column that are shown, rows in which they are looked for, and characters of one.
const SAMPLES: usize = 3;
const SAMPLED: usize = 300;
const SAMPLE: usize = 24;
/// Characters of a file's name.
const NAME: usize = 200;
/// Characters of a value that is shown in a row.
const SHOWN: usize = 200;
/// Imports of the history that are shown.
const PASTS: usize = 100;

const NO_PLAN: &str = "还没有核对，请先按“开始核对”";

/// The file that is under way.
#[derive(Debug, Default)]
pub struct Desk {
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    file: String,
    digest: String,
    book: Book,
    sheets: Vec<Laid>,
    at: usize,
    given: Given,
    plan: Option<Plan>,
    /// The register has changed since the plan was made.
    void: bool,
}

/// How a sheet is taken.
#[derive(Debug)]
struct Laid {
    layout: Option<Layout>,
    take: bool,
    /// Columns of which somebody has said what they are.
    said: BTreeSet<usize>,
}

impl Desk {
    /// The register has changed: a plan that was judged against it holds no longer.
    pub(in super::super) fn forget(&mut self) {
        if let Some(open) = &mut self.open {
            open.void |= open.plan.take().is_some();
        }
    }
}

/// Carries out an order of this module.
pub(in super::super) fn carry_out(
    desk: &mut Desk,
    work: &Workbench,
    word: &str,
    order: &Order<'_>,
    step: Step<'_>,
) -> Option<Answer> {
    let people = &work.people;
    Some(match word {
        "read" => order.read().and_then(|Named { name }| {
            desk.open = None;
            let open = Open::read(people, &name, order.bytes, step)?;
            say(&desk.open.insert(open).sheets(people))
        }),
        "look" => say(&desk.open.as_ref().map(|open| open.sheets(people))),
        "turn" => with(desk, order, |open, turn: Turn| {
            open.turn(people, turn)?;
            say(&open.sheets(people))
        }),
        "plan" => with(desk, order, |open, given: Given| {
            open.judge(people, given, order, step)?;
            let view = View {
                filter: None,
                page: 0,
            };
            say(&open.window(people, view)?)
        }),
        "rows" => with(desk, order, |open, view: View| say(&open.window(people, view)?)),
        "settle" => with(desk, order, |open, settled: Settled| {
            open.settle(people, settled.what)?;
            say(&open.window(people, settled.view)?)
        }),
        "confirm" => with(desk, order, |open, (): ()| open.confirm(people)),
        "drop" => {
            desk.open = None;
            say(&())
        }
        "history" => say(&history(work)),
        "undo" => order.read().and_then(|undo| take_back(work, &undo)),
        "sample" => Ok(Outcome {
            text: "null".into(),
            file: Some((sample(), "text/csv")),
            ..Outcome::default()
        }),
        _ => return None,
    })
}

/// Reads an order about the file under way.
fn with<T: serde::de::DeserializeOwned>(
    desk: &mut Desk,
    order: &Order<'_>,
    carry_out: impl FnOnce(&mut Open, T) -> Answer,
) -> Answer {
    let asked = order.read()?;
    carry_out(desk.open.as_mut().ok_or(NO_FILE)?, asked)
}

/// The first characters of a text.
fn short(text: &str, most: usize) -> String {
    let mut short: String = text.chars().take(most).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// A time as a reader sees it, to the minute.
fn minute(at: Moment) -> String {
    at.rfc3339()
        .chars()
        .take(16)
        .collect::<String>()
        .replace('T', " ")
}

/// What was mapped to what when there were these headings.
fn remembered(people: &People) -> impl Fn(&str) -> Option<Vec<Option<Field>>> + '_ {
    |signature| people.mapping(signature).map(<[_]>::to_vec)
}

/// When that very file was taken in, if that stands.
fn was_here(people: &People, digest: &str) -> Option<String> {
    let mut imports = people.imports().iter().rev();
    let found = imports.find(|import| import.digest == digest && import.undone.is_none());
    found.map(|import| minute(import.at))
}

impl Open {
    fn read(people: &People, name: &str, bytes: &[u8], step: Step<'_>) -> Result<Self, String> {
        let file = short(name.trim(), NAME);
        step("正在读取文件", 0, 0);
        let book = read(bytes).map_err(|why| format!("“{file}”没有读取：{why}"))?;
        step("正在找表头", 0, 0);
        let mut sheets: Vec<Laid> = Vec::with_capacity(book.tables.len());
        for table in &book.tables {
            let layout = Layout::find(table, &remembered(people)).ok();
            sheets.push(Laid {
                take: layout.is_some() && !table.hidden,
                layout,
                said: BTreeSet::new(),
            });
        }
        // Something must be taken: where nothing was found, somebody says where the header is.
        if sheets.iter().all(|sheet| !sheet.take)
            && let Some(first) = sheets.first_mut()
        {
            first.take = true;
        }
        let at = sheets.iter().position(|sheet| sheet.take).unwrap_or(0);
        Ok(Self {
            file,
            digest: hex(&Sha256::digest(bytes)),
            book,
            sheets,
            at,
            given: Given::default(),
            plan: None,
            void: false,
        })
    }

    fn sheets(&self, people: &People) -> Sheets {
        let sheets = self.book.tables.iter().zip(&self.sheets);
        Sheets {
            file: self.file.clone(),
            kind: self.book.kind.label().into(),
            encoding: self.book.encoding.map(|encoding| encoding.label().into()),
            was_here: was_here(people, &self.digest),
            sheets: sheets.map(|(table, laid)| laid.shown(table)).collect(),
            open: self.at,
            columns: match (self.book.tables.get(self.at), self.sheets.get(self.at)) {
                (Some(table), Some(laid)) => laid.columns(table, people),
                _ => Columns::default(),
            },
            branch: self.given.branch.clone(),
            by_sheet: self.given.by_sheet,
        }
    }

    fn turn(&mut self, people: &People, turn: Turn) -> Result<(), String> {
        let at = match &turn {
            Turn::Open(at) | Turn::Take(at, _) | Turn::Header(at, ..) | Turn::Column(at, ..) => *at,
        };
        let (Some(table), Some(laid)) = (self.book.tables.get(at), self.sheets.get_mut(at)) else {
            return Err("没有这张工作表".into());
        };
        self.at = at;
        match turn {
            Turn::Open(_) => return Ok(()),
            Turn::Take(_, take) => laid.take = take,
            Turn::Header(_, first, depth) => {
                if first >= table.len() || !(1..=MAX_DEPTH).contains(&depth) {
                    return Err("没有这一行".into());
                }
                laid.layout = Some(Layout::of(table, first, depth, &remembered(people)));
                laid.said.clear();
                laid.take = true;
            }
            Turn::Column(_, column, field) => {
                let layout = laid.layout.as_ref().ok_or("请先指出表头是哪一行")?;
                let head = layout.heads.get(column).ok_or("没有这一列")?;
                if head.why == Some(NotTaken::Private) {
                    return Err("这一列是超出需要的个人信息，学档不读取".into());
                }
                // Sheets with the same headings are one form.
                let signature = layout.signature.clone();
                for laid in &mut self.sheets {
                    if let Some(layout) = laid.layout.as_mut().filter(|own| own.signature == signature) {
                        layout.set(column, field);
                        laid.said.insert(column);
                    }
                }
            }
        }
        self.plan = None;
        Ok(())
    }

    fn judge(
        &mut self,
        people: &People,
        given: Given,
        order: &Order<'_>,
        step: Step<'_>,
    ) -> Result<(), String> {
        self.given = Given {
            branch: Field::Branch.typed(&given.branch)?,
            by_sheet: given.by_sheet,
        };
        let mut sheets: Vec<(&Table, &Layout)> = Vec::new();
        for (table, laid) in self.book.tables.iter().zip(&self.sheets) {
            if !laid.take {
                continue;
            }
            match (&laid.layout, laid.problem()) {
                (Some(layout), None) => sheets.push((table, layout)),
                (_, why) => {
                    let why = why.unwrap_or_default();
                    return Err(match self.sheets.len() {
                        1 => why,
                        _ => format!("工作表“{}”：{why}", table.name),
                    });
                }
            }
        }
        if sheets.is_empty() {
            return Err("请至少选一张工作表".into());
        }
        let all =
            |(table, layout): &(&Table, &Layout)| table.len().saturating_sub(layout.first + layout.depth);
        let all: usize = sheets.iter().map(all).sum();
        let options = Options {
            branch: Some(self.given.branch.clone()),
            by_sheet: self.given.by_sheet,
        };
        let read = lot(&sheets, &options, &mut |done| {
            step("正在整理", done, all);
            true
        });
        let Read { lot, issues, skipped } = read.ok_or("已取消")?;
        let origin = Origin {
            file: self.file.clone(),
            digest: self.digest.clone(),
            encoding: self.book.encoding.map(|encoding| encoding.label().into()),
            mappings: sheets
                .iter()
                .map(|(_, layout)| (layout.signature.clone(), layout.mapping()))
                .collect(),
            skipped,
        };
        let all = lot.len();
        let today = order.today();
        self.plan = Some(Plan::judge(people, origin, lot, issues, today, &mut |done| {
            step("正在核对", done, all);
        }));
        self.void = false;
        Ok(())
    }

    fn plan(&self) -> Result<&Plan, String> {
        let none = if self.void { VOID } else { NO_PLAN };
        self.plan.as_ref().ok_or_else(|| none.to_owned())
    }

    fn settle(&mut self, people: &People, settle: Settle) -> Result<(), String> {
        let none = if self.void { VOID } else { NO_PLAN };
        let plan = self.plan.as_mut().ok_or(none)?;
        match settle {
            Settle::Decide(line, decision) => {
                let found = plan.lines.get(line).ok_or("没有这一行")?;
                // Only whom the row may be: nobody is merged with anybody else.
                if let Decision::Is(person) = decision
                    && found.person != Some(person)
                    && !found.candidates().contains(&person)
                {
                    return Err("这一行不能定为这个人".into());
                }
                if !plan.decide(people, line, decision) {
                    return Err("这一行不能导入，请先补上姓名".into());
                }
            }
            Settle::Tick(line, field, take) => {
                if !plan.tick(line, field, take) {
                    return Err("这一行没有这一项改动".into());
                }
            }
            Settle::Answer(line, field, value, alike) => {
                let lines = if alike {
                    plan.alike(line, field)
                } else {
                    vec![line]
                };
                plan.answer_all(people, &lines, field, &value)?;
            }
            Settle::SkipAll(filter, skip) => {
                let to = if skip { Decision::Skip } else { Decision::None };
                for at in 0..plan.lines.len() {
                    let line = &plan.lines[at];
                    // What somebody has decided of a row stands.
                    let is_due = line.decision == if skip { Decision::None } else { Decision::Skip };
                    if shows(filter, line) && is_due && line.verdict != Verdict::Same {
                        plan.decide(people, at, to);
                    }
                }
            }
        }
        Ok(())
    }

    fn window(&self, people: &People, view: View) -> Result<Window, String> {
        let plan = self.plan()?;
        let counts = Filter::ALL.map(|filter| {
            let count = match filter {
                Filter::Nobody => plan.origin.skipped.len(),
                _ => plan.lines.iter().filter(|line| shows(filter, line)).count(),
            };
            (filter, count)
        });
        let open = plan.lines.iter().filter(|line| line.is_open()).count();
        let first = [
            Verdict::Doubtful,
            Verdict::Refused,
            Verdict::New,
            Verdict::Changed,
            Verdict::Same,
        ];
        let first = first.into_iter().map(Filter::Of).find(|filter| {
            let has = |(other, count): &(Filter, usize)| other == filter && *count > 0;
            counts.iter().any(has)
        });
        let filter = view.filter.or(first).unwrap_or(Filter::Of(Verdict::New));
        let total = counts
            .iter()
            .find(|(other, _)| *other == filter)
            .map_or(0, |(_, count)| *count);
        let pages = total.div_ceil(PAGE).max(1);
        let page = view.page.min(pages - 1);
        let (new, changed) = plan.taken_by_kind();
        let lines = plan.lines.iter().enumerate();
        let shown = lines.filter(|(_, line)| shows(filter, line));
        let alike = Alike::of(plan);
        let rows = shown.clone().skip(page * PAGE).take(PAGE);
        let nobody = plan.origin.skipped.iter().skip(page * PAGE).take(PAGE);
        Ok(Window {
            file: self.file.clone(),
            was_here: was_here(people, &self.digest),
            counts: counts.to_vec(),
            open,
            new,
            changed,
            skipped: plan
                .lines
                .iter()
                .filter(|line| line.decision == Decision::Skip)
                .count(),
            filter,
            page,
            pages,
            all_skipped: shown.clone().all(|(_, line)| line.decision != Decision::None)
                && shown.clone().any(|(_, line)| line.decision == Decision::Skip),
            rows: rows
                .map(|(at, line)| self.row(people, plan, &alike, at, line))
                .collect(),
            nobody: match filter {
                Filter::Nobody => nobody
                    .map(|row| Nobody {
                        place: self.place(plan, row.place.sheet, row.place.row),
                        what: row.what.label().into(),
                        text: row.text.clone(),
                    })
                    .collect(),
                _ => Vec::new(),
            },
        })
    }

    fn place(&self, plan: &Plan, sheet: u16, row: u32) -> String {
        match plan.lot.sheets.get(usize::from(sheet)) {
            Some(name) if plan.lot.sheets.len() > 1 => format!("“{name}”第 {row} 行"),
            _ => format!("第 {row} 行"),
        }
    }

    fn row(&self, people: &People, plan: &Plan, alike: &Alike<'_>, at: usize, line: &Line) -> Row {
        let lot = &plan.lot;
        let own = line.at as usize;
        let place = lot.place(own);
        let shown = |field: Field| short(&lot.shown(own, field), SHOWN);
        let says = lot.fields.iter().filter(|field| **field != Field::Name);
        let says = says.map(|field| (field, shown(*field)));
        let says: Vec<String> = says
            .filter(|(_, value)| !value.is_empty())
            .map(|(field, value)| format!("{} {value}", field.label()))
            .collect();
        let candidates = line.candidates();
        let mut beside = Vec::new();
        for field in Field::ALL.iter().filter(|_| !candidates.is_empty()) {
            let ours = shown(*field);
            let theirs = candidates
                .iter()
                .map(|person| short(&people.shown(*person, *field), SHOWN));
            let theirs: Vec<String> = theirs.collect();
            if !ours.is_empty() || theirs.iter().any(|value| !value.is_empty()) {
                beside.push(Beside {
                    field: field.label().into(),
                    ours,
                    theirs,
                });
            }
        }
        let mut remarks = Vec::new();
        let mut asks: Vec<Asked> = Vec::new();
        for doubt in &line.doubts {
            match doubt {
                Doubt::Value(issue) => asks.push(Asked {
                    field: issue.field,
                    text: short(&issue.text, SHOWN),
                    why: issue.trouble.message(),
                    could: could(issue),
                    alike: alike.count(issue.field, &issue.text),
                }),
                Doubt::Future(field) => asks.push(Asked {
                    field: *field,
                    text: shown(*field),
                    why: doubt.message(people, lot),
                    could: vec![shown(*field)],
                    alike: 1,
                }),
                _ => remarks.push((doubt.field().label().to_owned(), doubt.message(people, lot))),
            }
        }
        let changes = line.differences.iter().map(|one| Changes {
            field: one.field,
            before: short(&one.before, SHOWN),
            after: short(&one.after, SHOWN),
            take: one.take,
        });
        Row {
            line: at,
            place: self.place(plan, place.sheet, place.row),
            verdict: line.verdict,
            decision: line.decision,
            taken: line.is_taken(),
            name: shown(Field::Name),
            says: says.join("，"),
            person: line.person.and_then(|person| known(people, person)),
            candidates: candidates
                .iter()
                .filter_map(|person| known(people, *person))
                .collect(),
            beside,
            repeats: line.doubts.iter().any(|doubt| matches!(doubt, Doubt::Repeats(_))),
            remarks,
            asks,
            changes: changes.collect(),
        }
    }

    fn confirm(&self, people: &People) -> Answer {
        let plan = self.plan()?;
        let event = plan.event(people);
        let (new, changed) = match &event {
            Some(RosterEvent::Imported(import)) => (import.new.len(), import.changed.len()),
            _ => (0, 0),
        };
        let count = |which: fn(&Line) -> bool| plan.lines.iter().filter(|line| which(line)).count();
        let taken = say(&Taken {
            file: self.file.clone(),
            new,
            changed,
            same: plan.count(Verdict::Same),
            open: count(Line::is_open),
            skipped: count(|line| line.decision == Decision::Skip),
            refused: plan.count(Verdict::Refused),
        })?;
        Ok(Outcome {
            deeds: event.map(Deed::Roster).into_iter().collect(),
            ..taken
        })
    }
}

impl Laid {
    fn problem(&self) -> Option<String> {
        match &self.layout {
            None => Some("没有找到表头（有“姓名”等列名的那一行），请指出是哪一行".into()),
            Some(layout) if layout.column(Field::Name).is_none() => {
                Some("没有“姓名”列，请指出哪一列是姓名".into())
            }
            Some(_) => None,
        }
    }

    fn shown(&self, table: &Table) -> Sheet {
        let above = self
            .layout
            .as_ref()
            .map_or(0, |layout| layout.first + layout.depth);
        let heads = self.layout.iter().flat_map(|layout| &layout.heads);
        Sheet {
            name: short(&table.name, NAME),
            hidden: table.hidden,
            rows: table.len().saturating_sub(above),
            cut: table.cut,
            take: self.take,
            problem: self.problem(),
            unsure: heads.filter(|head| head.confidence == Confidence::Likely).count(),
            has_branch: self
                .layout
                .as_ref()
                .is_some_and(|layout| layout.column(Field::Branch).is_some()),
        }
    }

    fn columns(&self, table: &Table, people: &People) -> Columns {
        let top = (0..table.len().min(TOP)).map(|at| {
            let cells = (0..table.width(at)).filter(|column| !table.is_merged(at, *column));
            let cells = cells.map(|column| table.shown(at, column));
            let cells: Vec<String> = cells.filter(|cell| !cell.is_empty()).take(8).collect();
            Top {
                at,
                number: table.number(at),
                text: short(&cells.join("｜").replace('\n', ""), 60),
            }
        });
        let Some(layout) = &self.layout else {
            return Columns {
                top: top.collect(),
                depth: 1,
                ..Columns::default()
            };
        };
        let heads = layout.heads.iter().map(|head| {
            let private = head.why == Some(NotTaken::Private);
            Column {
                at: head.column,
                letters: letters(head.column),
                label: short(&head.label(), SHOWN),
                field: head.field,
                sure: match head.confidence {
                    _ if self.said.contains(&head.column) => Sure::Said,
                    _ if head.field.is_none() => Sure::No,
                    Confidence::None => Sure::No,
                    Confidence::Likely => Sure::Likely,
                    Confidence::Certain => Sure::Certain,
                    Confidence::Given => Sure::Remembered,
                },
                why: head.why.map(NotTaken::label).unwrap_or_default(),
                private,
                samples: if private {
                    Vec::new()
                } else {
                    samples(table, layout, head.column)
                },
            }
        });
        Columns {
            top: top.collect(),
            first: Some(layout.first),
            depth: layout.depth,
            remembered: people.mapping(&layout.signature).is_some(),
            heads: heads.collect(),
        }
    }
}

/// Some values of a column, each once.
fn samples(table: &Table, layout: &Layout, column: usize) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let first = layout.first + layout.depth;
    for row in first..table.len().min(first + SAMPLED) {
        let shown = short(&table.shown(row, column).replace('\n', " "), SAMPLE);
        if !shown.is_empty() && !found.contains(&shown) {
            found.push(shown);
        }
        if found.len() == SAMPLES {
            break;
        }
    }
    found
}

/// A column as the spreadsheet shows it: A, Z, AA.
fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// Whether a filter shows a row of people.
fn shows(filter: Filter, line: &Line) -> bool {
    match filter {
        Filter::Of(verdict) => line.verdict == verdict,
        Filter::Noted => line.is_noted(),
        Filter::Nobody => false,
    }
}

/// How many rows wait because of the same words.
struct Alike<'a>(HashMap<(Field, &'a str), usize>);

impl<'a> Alike<'a> {
    fn of(plan: &'a Plan) -> Self {
        let mut counts = HashMap::new();
        for doubt in plan.lines.iter().flat_map(|line| &line.doubts) {
            if let Doubt::Value(issue) = doubt {
                *counts.entry((issue.field, issue.text.as_str())).or_default() += 1;
            }
        }
        Self(counts)
    }

    fn count(&self, field: Field, text: &str) -> usize {
        match self.0.get(&(field, text)) {
            Some(count) if !field.tells_apart() => *count,
            _ => 1,
        }
    }
}

fn known(people: &People, person: u32) -> Option<Known> {
    let parts = [Field::Name, Field::Number, Field::Branch].map(|field| people.words(person, field));
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Some(Known {
        person,
        id: people.id(person)?.to_string(),
        label: short(&parts.join("，"), SHOWN),
    })
}

fn history(work: &Workbench) -> History {
    let people = &work.people;
    let imports = people.imports();
    let shown = imports.iter().rev().take(PASTS).map(|import| Past {
        id: import.id.to_string(),
        file: import.file.clone(),
        at: minute(import.at),
        encoding: import.encoding.clone(),
        new: import.new,
        changed: import.changed,
        undone: import.undone.map(minute),
    });
    let last = imports.iter().rev().find(|import| import.undone.is_none());
    let last = last.map(|import| {
        let kept = match people.undo_last(false) {
            Err(UndoRefused::Touched(count)) => count as u32,
            _ => 0,
        };
        Last {
            id: import.id.to_string(),
            file: import.file.clone(),
            gone: import.new.saturating_sub(kept),
            kept,
            restored: import.changed,
            refused: work.undo_last(true).err(),
        }
    });
    History {
        imports: shown.collect(),
        more: imports.len().saturating_sub(PASTS),
        last,
    }
}

fn take_back(work: &Workbench, undo: &Undo) -> Answer {
    let event = work.undo_last(true)?;
    match &event {
        // What was asked about is what goes.
        RosterEvent::Undone { import } if import.0 == undo.id => write(vec![Deed::Roster(event)]),
        _ => Err("这以后又有了新的导入，请刷新后再看".into()),
    }
}

/// A file to fill in: the headings of the real form, and two people whom nobody takes for real.
fn sample() -> Vec<u8> {
    const FIELDS: [(Field, [&str; 2]); 18] = [
        (
            Field::Branch,
            ["某某学院学生第一党支部", "某某学院学生第一党支部"],
        ),
        (Field::Name, ["示例甲", "示例乙"]),
        (Field::Number, ["20230001", "20230002"]),
        (Field::Sex, ["男", "女"]),
        (Field::Ethnicity, ["汉族", "回族"]),
        (Field::Origin, ["山东济南", "宁夏银川"]),
        (Field::Birth, ["2004-05-06", "2005年3月"]),
        (Field::Applied, ["2023-09-20", "2023.10.8"]),
        (Field::League, ["2024-03-15", "无"]),
        (Field::Confirmed, ["2024-04-10", "2024年11月"]),
        (Field::Mentor1, ["示例丙", "示例丙"]),
        (Field::Mentor2, ["示例丁", "无"]),
        (Field::Education, ["高中", "高中"]),
        (Field::Category, ["本科生", "本科生"]),
        (Field::Grade, ["2023级", "2023级"]),
        (Field::Years, ["四年", "四年"]),
        (Field::Post, ["班长", "无"]),
        (
            Field::Note,
            ["示例，填写前请删除这一行", "示例，填写前请删除这一行"],
        ),
    ];
    let line = |cells: Vec<&str>| cells.join(",") + "\r\n";
    let mut text = String::from("\u{feff}");
    text += &line(FIELDS.iter().map(|(field, _)| field.label()).collect());
    for at in 0..2 {
        text += &line(FIELDS.iter().map(|(_, values)| values[at]).collect());
    }
    text.into_bytes()
}

/// What a value could be, as somebody may choose it.
fn could(issue: &Issue) -> Vec<String> {
    match (&issue.trouble, issue.field.kind()) {
        (Trouble::Date(_, could), _) => could.iter().map(ToString::to_string).collect(),
        (_, Kind::Sex) => vec!["男".into(), "女".into()],
        (_, Kind::Stage) => Stage::ALL.iter().map(|stage| stage.label().into()).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_called_as_the_spreadsheet_calls_them() {
        assert_eq!(
            [0, 25, 26, 51, 52, 255].map(letters),
            ["A", "Z", "AA", "AZ", "BA", "IV"]
        );
    }

    #[test]
    fn a_page_hands_over_what_is_read() {
        assert_eq!(super::super::MAX_FILE, crate::format::roster::MAX_BYTES as u64);
    }

    #[test]
    fn a_text_is_cut_where_a_character_ends() {
        assert_eq!(
            (short("甲乙丙", 2), short("甲乙", 2)),
            ("甲乙…".into(), "甲乙".into())
        );
    }
}
