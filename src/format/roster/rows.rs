//! The rows below a header as people: values tidied and understood, and what is the matter with
//! those that are not.

use super::layout::Layout;
use super::table::{Table, Value};
use crate::domain::branch::{
    Field, Habit, Issue, Kind, Lot, Place, Reading, Skip, Skipped, Trouble, When, is_nothing, place_key,
    tidy, tidy_name,
};
use std::collections::HashMap;

/// What else somebody says of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The branch of rows that name none.
    pub branch: Option<String>,
    /// Whether such rows are of the branch that their sheet is called after.
    pub by_sheet: bool,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// The rows that are somebody's, or should be.
    pub lot: Lot,
    /// What is the matter with their values, in the order of the rows.
    pub issues: Vec<Issue>,
    /// Rows that are nobody's.
    pub skipped: Vec<Skipped>,
}

/// Reads the rows of sheets by their layouts. `step` is told how many rows have been read and may
/// end it by `false`.
///
/// # Errors
/// `None` when it was ended.
pub fn lot(
    sheets: &[(&Table, &Layout)],
    options: &Options,
    step: &mut dyn FnMut(usize) -> bool,
) -> Option<Read> {
    let mut fields: Vec<Field> = Field::ALL
        .iter()
        .copied()
        .filter(|field| sheets.iter().any(|(_, layout)| layout.column(*field).is_some()))
        .collect();
    let branch = options
        .branch
        .as_deref()
        .map(tidy)
        .filter(|branch| !branch.is_empty());
    // One column may give both mentors.
    let mut more = Vec::new();
    if fields.contains(&Field::Mentor1) && !fields.contains(&Field::Mentor2) {
        more.push(Field::Mentor2);
    }
    if (branch.is_some() || options.by_sheet) && !fields.contains(&Field::Branch) {
        more.push(Field::Branch);
    }
    fields.extend(more);
    fields.sort_unstable();
    let mut read = Read {
        lot: Lot::new(fields),
        ..Read::default()
    };
    let branch = branch.map_or(0, |branch| read.lot.texts.intern(&branch));
    for ((table, layout), sheet) in sheets.iter().zip(0u16..) {
        let branch = match tidy(&table.name) {
            name if options.by_sheet && !name.is_empty() => read.lot.texts.intern(&name),
            _ => branch,
        };
        read.lot.sheets.push(table.name.clone());
        let mut reader = Reader::new(table, layout, sheet, &read.lot);
        for row in layout.first + layout.depth..table.len() {
            reader.row(row, branch, &mut read);
            if row % 1_000 == 0 && !step(read.lot.len()) {
                return None;
            }
        }
    }
    Some(read)
}

/// What a word became: its number in the lot, or what is the matter.
type Kept = Result<u32, Trouble>;

struct Column {
    column: usize,
    field: Field,
    /// The field's place in the lot.
    at: usize,
    habit: Habit,
    /// Words that were met before.
    known: HashMap<u32, Kept>,
}

struct Reader<'a> {
    table: &'a Table,
    layout: &'a Layout,
    sheet: u16,
    columns: Vec<Column>,
    name: Option<usize>,
    serial: Vec<usize>,
    branch: Option<usize>,
    mentor2: Option<usize>,
    splits: bool,
    values: Vec<u32>,
    /// What the cells of each row of the header have in common with another writing of them.
    heads: Vec<Vec<String>>,
}

impl<'a> Reader<'a> {
    fn new(table: &'a Table, layout: &'a Layout, sheet: u16, lot: &Lot) -> Self {
        let place = |field: Field| lot.fields.iter().position(|other| *other == field);
        let mut columns = Vec::new();
        for head in &layout.heads {
            let Some((field, at)) = head.field.and_then(|field| Some((field, place(field)?))) else {
                continue;
            };
            let mut habit = Habit::new(table.from_1904);
            if field.kind() == Kind::Day {
                for row in layout.first + layout.depth..table.len() {
                    if let Value::Text(text, _) = table.value(row, head.column) {
                        habit.note(text);
                    }
                }
            }
            columns.push(Column {
                column: head.column,
                field,
                at,
                habit,
                known: HashMap::new(),
            });
        }
        let serial = layout
            .heads
            .iter()
            .filter(|head| head.why == Some(super::NotTaken::Serial));
        let heads = (layout.first..layout.first + layout.depth).map(|head| {
            let cells = (0..table.width(head)).map(|column| place_key(&table.shown(head, column)));
            cells.collect()
        });
        Self {
            heads: heads.collect(),
            table,
            layout,
            sheet,
            name: layout.column(Field::Name),
            serial: serial.map(|head| head.column).collect(),
            branch: place(Field::Branch),
            mentor2: place(Field::Mentor2),
            splits: layout.column(Field::Mentor2).is_none(),
            values: vec![0; lot.fields.len()],
            columns,
        }
    }

    fn row(&mut self, row: usize, branch: u32, read: &mut Read) {
        let place = Place {
            sheet: self.sheet,
            row: self.table.number(row),
        };
        if let Some(what) = self.nobody(row) {
            let text = (0..self.table.width(row)).map(|column| self.table.shown(row, column));
            let text: Vec<String> = text.filter(|text| !text.is_empty()).take(3).collect();
            read.skipped.push(Skipped {
                place,
                what,
                text: text.join(" ").chars().take(60).collect(),
            });
            return;
        }
        let at = read.lot.len() as u32;
        self.values.fill(0);
        let first = read.issues.len();
        for column in &mut self.columns {
            match column.read(self.table, row, &mut read.lot) {
                Ok(value) => self.values[column.at] = value,
                Err(trouble) => read.issues.push(Issue {
                    at,
                    field: column.field,
                    text: self.table.shown(row, column.column).chars().take(60).collect(),
                    trouble,
                }),
            }
            if column.field == Field::Mentor1 && self.splits {
                let both = read.lot.texts.get(self.values[column.at]).to_owned();
                let names = mentors(&both);
                if names.len() > 1 {
                    self.values[column.at] = read.lot.texts.intern(&names[0]);
                    if let Some(second) = self.mentor2 {
                        self.values[second] = read.lot.texts.intern(&names[1]);
                    }
                }
                if names.len() > 2 {
                    read.issues.push(Issue {
                        at,
                        field: Field::Mentor1,
                        text: both.chars().take(60).collect(),
                        trouble: Trouble::Mentors,
                    });
                }
            }
        }
        if let Some(slot) = self.branch.and_then(|at| self.values.get_mut(at))
            && *slot == 0
        {
            *slot = branch;
        }
        let named = read.lot.fields.iter().position(|field| *field == Field::Name);
        let named = named.is_some_and(|at| self.values[at] != 0);
        if !named
            && !read.issues[first..]
                .iter()
                .any(|issue| issue.field == Field::Name)
        {
            read.issues.push(Issue {
                at,
                field: Field::Name,
                text: String::new(),
                trouble: Trouble::NoName,
            });
        }
        read.lot.push(place, &self.values);
    }

    /// What a row is that is nobody's.
    fn nobody(&self, row: usize) -> Option<Skip> {
        let table = self.table;
        let own =
            |column: &usize| table.value(row, *column) != Value::Nothing && !table.is_merged(row, *column);
        let name = self
            .name
            .map(|column| table.shown(row, column))
            .unwrap_or_default();
        let name = place_key(&name);
        if !name.is_empty() && !self.name.is_some_and(|column| table.is_merged(row, column)) {
            let mut cells = (0..table.width(row)).map(|column| place_key(&table.shown(row, column)));
            if is_total(&name)
                || cells
                    .find(|text| !text.is_empty())
                    .is_some_and(|first| is_total(&first))
            {
                return Some(Skip::Total);
            }
            if name.contains(':') {
                return Some(Skip::Remark);
            }
            return self.repeats(row).then_some(Skip::Heading);
        }
        let filled: Vec<usize> = (0..table.width(row))
            .filter(own)
            .filter(|column| !self.serial.contains(column))
            .collect();
        let mut serial = self.serial.iter().filter(|column| own(column));
        let first = serial
            .next()
            .copied()
            .into_iter()
            .chain(filled.iter().copied())
            .min();
        let text = first
            .map(|column| place_key(&table.shown(row, column)))
            .unwrap_or_default();
        if is_total(&text) {
            return Some(Skip::Total);
        }
        if self.repeats(row) {
            return Some(Skip::Heading);
        }
        if filled.is_empty() {
            // 序号 may hold a signature line, too.
            return Some(
                if text.is_empty() || text.chars().all(|sign| sign.is_ascii_digit()) {
                    Skip::Empty
                } else {
                    Skip::Remark
                },
            );
        }
        let remark = text.contains(':')
            || REMARKS.iter().any(|word| text.starts_with(word))
            || text.chars().count() > 20;
        let few = filled.len() <= 4;
        let mapped = filled
            .iter()
            .filter(|column| self.columns.iter().any(|own| own.column == **column))
            .count();
        // A title of the next page: one text and nothing else.
        (few && (remark
            || filled.len() == 1
                && mapped <= 1
                && (text.chars().count() > 6 || !text.chars().any(|sign| sign.is_ascii_digit()))))
        .then_some(Skip::Remark)
    }

    /// Whether a row is the header again, or its second row.
    fn repeats(&self, row: usize) -> bool {
        let table = self.table;
        let cells: Vec<(usize, String)> = (0..table.width(row))
            .map(|column| (column, place_key(&table.shown(row, column))))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        self.heads.iter().any(|head| {
            let same = cells
                .iter()
                .filter(|(column, text)| head.get(*column).is_some_and(|known| known == text))
                .count();
            !cells.is_empty()
                && same * 3 >= cells.len() * 2
                && (same > 1 || self.layout.depth > 1 || cells.len() == 1)
        })
    }
}

const REMARKS: [&str; 12] = [
    "填表",
    "制表",
    "审核",
    "审批",
    "负责人",
    "填报",
    "备注",
    "注",
    "说明",
    "附件",
    "党委",
    "二级党委",
];

fn is_total(text: &str) -> bool {
    ["合计", "总计", "小计", "共计", "总人数"]
        .iter()
        .any(|word| text.starts_with(word))
        || text
            .strip_prefix('共')
            .and_then(|rest| rest.strip_suffix(['人', '名']))
            .is_some_and(|count| !count.is_empty() && count.chars().all(|sign| sign.is_ascii_digit()))
}

/// Names that stand in one cell: between signs or lines, or words of two Chinese characters and
/// more. A name of one's own letters has spaces of its own, and 张  三 is one person.
fn mentors(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for part in text.split(['、', '，', ',', '；', ';', '/', '／', '\n', '|']) {
        let words: Vec<&str> = part.split_whitespace().collect();
        let full = |word: &&str| word.chars().count() > 1 && !word.is_ascii();
        if words.len() > 1 && words.iter().all(full) {
            names.extend(words.into_iter().map(tidy_name));
        } else {
            names.push(tidy_name(part));
        }
    }
    names.retain(|name| !is_nothing(name));
    names
}

impl Column {
    fn read(&mut self, table: &Table, row: usize, lot: &mut Lot) -> Kept {
        match table.value(row, self.column) {
            Value::Nothing => Ok(0),
            Value::Error => Err(Trouble::Error),
            Value::Text(text, number) => {
                // Numbers are hardly ever met again.
                if self.field.kind() == Kind::Code {
                    return self.text(text, lot);
                }
                if let Some(kept) = self.known.get(&number) {
                    return kept.clone();
                }
                let kept = self.text(text, lot);
                self.known.insert(number, kept.clone());
                kept
            }
            Value::Number(value, shown) if self.field.kind() == Kind::Day => {
                // 2025.10 that its format shows so.
                let decimals = table.decimals(row, self.column).unwrap_or(0);
                let reading = if shown.is_none() && decimals == 2 && (1900.0..2101.0).contains(&value) {
                    When::read(&format!("{value:.2}"), Habit::default())
                } else {
                    When::read_number(value, shown, self.habit)
                };
                day(reading)
            }
            Value::Number(value, None) if self.field.kind() == Kind::Code && value.abs() >= 1e15 => {
                Err(Trouble::Digits)
            }
            Value::Number(..) | Value::Truth(_) => self.text(&table.shown(row, self.column), lot),
        }
    }

    fn text(&self, text: &str, lot: &mut Lot) -> Kept {
        if self.field.kind() == Kind::Day {
            return day(When::read(text, self.habit));
        }
        if self.field == Field::Mentor1 {
            let names = mentors(text);
            if names.len() > 1 {
                for name in &names {
                    self.field.words(name)?;
                }
                // It keeps its line break until it is parted.
                return Ok(lot.texts.intern(text.trim()));
            }
        }
        Ok(lot.texts.intern(&self.field.words(text)?))
    }
}

fn day(reading: Reading) -> Kept {
    match reading {
        Reading::Nothing => Ok(0),
        Reading::Is(when) => Ok(when.bits()),
        Reading::Doubt(why, could) => Err(Trouble::Date(why, could)),
    }
}
