//! The rows below a header as people: values tidied and understood, and what is the matter with
//! those that are not.

use super::layout::Layout;
use super::table::{Table, Value};
use crate::domain::branch::{
    Field, Habit, Issue, Kind, Lot, Place, Reading, Skip, Skipped, Trouble, When, is_nothing, place_key,
    tidy, tidy_name,
};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

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
        read.lot
            .reserve(table.len().saturating_sub(layout.first + layout.depth));
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

/// A hasher of numbers that tables gave their words: nobody can choose them so that they collide.
#[derive(Default)]
struct OfNumbers(u64);

impl Hasher for OfNumbers {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u32(u32::from(*byte)));
    }
    fn write_u32(&mut self, number: u32) {
        // 2^64 by the golden ratio.
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

type Numbers<V> = HashMap<u32, V, BuildHasherDefault<OfNumbers>>;

struct Column {
    column: usize,
    field: Field,
    /// The field's place in the lot.
    at: usize,
    habit: Habit,
    /// What words became that were met before.
    known: Numbers<u32>,
}

/// What a cell is to its row, before anybody asks what column it is in.
#[derive(Clone, Copy, Default)]
struct Word {
    /// Whether the rest is known.
    met: bool,
    /// Whether nothing is left of it without spaces.
    is_empty: bool,
    is_total: bool,
    has_colon: bool,
    /// The same for the same words, as far as the header has them; 0 for any other.
    head: u32,
}

struct Reader<'a> {
    table: &'a Table,
    layout: &'a Layout,
    sheet: u16,
    columns: Vec<Column>,
    name: Option<usize>,
    /// The name's place in the lot.
    named: Option<usize>,
    serial: Vec<usize>,
    branch: Option<usize>,
    mentor2: Option<usize>,
    splits: bool,
    /// For the words of a cell with mentors the first of them, the second, and whether there are more.
    parted: Numbers<(u32, u32, bool)>,
    values: Vec<u32>,
    /// What the header's cells have in common with another writing of them, each under a number
    /// from 1.
    headings: HashMap<String, u32>,
    /// For each row of the header its cells, by those numbers.
    heads: Vec<Vec<u32>>,
    /// By column whether a number could say what a heading says.
    odd: Vec<bool>,
    /// By number of the table's words.
    words: Vec<Word>,
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
                let mut noted: HashSet<u32, BuildHasherDefault<OfNumbers>> = HashSet::default();
                for row in layout.first + layout.depth..table.len() {
                    if let Value::Text(text, number) = table.value(row, head.column)
                        && noted.insert(number)
                    {
                        habit.note(text);
                    }
                }
            }
            columns.push(Column {
                column: head.column,
                field,
                at,
                habit,
                known: Numbers::default(),
            });
        }
        let serial = layout
            .heads
            .iter()
            .filter(|head| head.why == Some(super::NotTaken::Serial));
        let mut headings: HashMap<String, u32> = HashMap::new();
        let mut odd = Vec::new();
        let mut heads = Vec::new();
        for head in layout.first..layout.first + layout.depth {
            let mut cells = Vec::new();
            for column in 0..table.width(head) {
                let key = place_key(&table.shown(head, column));
                if odd.len() <= column {
                    odd.resize(column + 1, false);
                }
                odd[column] |= key.is_ascii() || key == ERROR;
                let next = headings.len() as u32 + 1;
                cells.push(*headings.entry(key).or_insert(next));
            }
            heads.push(cells);
        }
        Self {
            headings,
            heads,
            odd,
            words: vec![Word::default(); table.texts().len() + 1],
            table,
            layout,
            sheet,
            name: layout.column(Field::Name),
            named: place(Field::Name),
            serial: serial.map(|head| head.column).collect(),
            branch: place(Field::Branch),
            mentor2: place(Field::Mentor2),
            splits: layout.column(Field::Mentor2).is_none(),
            parted: Numbers::default(),
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
                let both = self.values[column.at];
                let (one, other, more) = *self
                    .parted
                    .entry(both)
                    .or_insert_with(|| parted(both, &mut read.lot));
                self.values[column.at] = one;
                if let Some(second) = self.mentor2.filter(|_| other != 0) {
                    self.values[second] = other;
                }
                if more {
                    read.issues.push(Issue {
                        at,
                        field: Field::Mentor1,
                        text: read.lot.texts.get(both).chars().take(60).collect(),
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
        let named = self.named.is_some_and(|at| self.values[at] != 0);
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

    /// What a cell is to its row.
    fn word(&mut self, row: usize, column: usize) -> Word {
        let number = match self.table.value(row, column) {
            Value::Nothing => {
                return Word {
                    is_empty: true,
                    ..Word::default()
                };
            }
            Value::Text(_, number) => number as usize,
            // Digits at least, and no total.
            Value::Number(..) | Value::Truth(_) | Value::Error => {
                let could = self.odd.get(column) == Some(&true);
                let key = || place_key(&self.table.shown(row, column));
                let head = if could { self.headings.get(&key()) } else { None };
                return Word {
                    head: head.copied().unwrap_or_default(),
                    ..Word::default()
                };
            }
        };
        let known = self.words.get(number).copied().unwrap_or_default();
        if known.met {
            return known;
        }
        let key = place_key(self.table.texts().get(number as u32));
        let word = Word {
            met: true,
            is_empty: key.is_empty(),
            is_total: is_total(&key),
            has_colon: key.contains(':'),
            head: self.headings.get(&key).copied().unwrap_or_default(),
        };
        if let Some(slot) = self.words.get_mut(number) {
            *slot = word;
        }
        word
    }

    /// What a row is that is nobody's.
    fn nobody(&mut self, row: usize) -> Option<Skip> {
        if let Some(column) = self.name.filter(|column| !self.table.is_merged(row, *column)) {
            let name = self.word(row, column);
            if !name.is_empty {
                let mut cells = 0..self.table.width(row);
                let first = cells.find(|column| !self.word(row, *column).is_empty);
                if name.is_total || first.is_some_and(|first| self.word(row, first).is_total) {
                    return Some(Skip::Total);
                }
                if name.has_colon {
                    return Some(Skip::Remark);
                }
                return self.repeats(row).then_some(Skip::Heading);
            }
        }
        let table = self.table;
        let own =
            |column: &usize| table.value(row, *column) != Value::Nothing && !table.is_merged(row, *column);
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
    fn repeats(&mut self, row: usize) -> bool {
        let mut cells = 0;
        let mut heads: Vec<usize> = Vec::new();
        for column in 0..self.table.width(row) {
            let word = self.word(row, column);
            cells += usize::from(!word.is_empty);
            if word.head == 0 || word.is_empty {
                continue;
            }
            heads.resize(self.heads.len(), 0);
            for (same, head) in heads.iter_mut().zip(&self.heads) {
                *same += usize::from(head.get(column) == Some(&word.head));
            }
        }
        let is_head = |same: &usize| {
            same * 3 >= cells * 2 && (*same > 1 || *same == 1 && (self.layout.depth > 1 || cells == 1))
        };
        heads.iter().any(is_head)
    }
}

/// What a cell with an error shows, as [`Table::shown`] has it.
const ERROR: &str = "#错误";

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

/// The mentors of one cell: the first, the second, and whether there are more.
fn parted(both: u32, lot: &mut Lot) -> (u32, u32, bool) {
    match &mentors(lot.texts.get(both))[..] {
        [one, other, more @ ..] => (lot.texts.intern(one), lot.texts.intern(other), !more.is_empty()),
        _ => (both, 0, false),
    }
}

impl Column {
    fn read(&mut self, table: &Table, row: usize, lot: &mut Lot) -> Kept {
        match table.value(row, self.column) {
            Value::Nothing => Ok(0),
            Value::Error => Err(Trouble::Error),
            Value::Text(text, number) => {
                // Numbers are hardly ever met again; most are digits, and stay as they are.
                if self.field.kind() == Kind::Code {
                    let is_plain =
                        (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
                    return if is_plain {
                        Ok(lot.texts.intern(text))
                    } else {
                        self.text(text, lot)
                    };
                }
                if let Some(kept) = self.known.get(&number) {
                    return Ok(*kept);
                }
                let kept = self.text(text, lot)?;
                self.known.insert(number, kept);
                Ok(kept)
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
