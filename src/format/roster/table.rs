//! Neutral tables that keep what a cell is, how it is shown and what it is merged with; compact, so
//! that a million rows fit.

use super::{MAX_CELL, MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Unreadable};
use crate::domain::branch::{Habit, Reading, Shown, Texts, When};

/// Cells that merged ranges may add behind the last ones of their rows.
const MAX_MORE: usize = MAX_CELLS / 4;

/// A sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Whether the workbook hides it.
    pub hidden: bool,
    /// Whether days are counted from 1904.
    pub from_1904: bool,
    /// Whether there was something beyond the last column that is read.
    pub cut: bool,
    /// Whether every value is text because the file knows nothing else.
    pub only_text: bool,
    texts: Texts,
    numbers: Vec<f64>,
    formats: Vec<NumberFormat>,
    rows: Vec<Head>,
    cells: Vec<Cell>,
    merges: Vec<Merge>,
}

/// How numbers are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
struct NumberFormat {
    code: String,
    shown: Option<Shown>,
    /// Digits before the point at least, and behind it exactly, where the format says just that.
    digits: Option<(usize, usize)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Head {
    number: u32,
    /// Where its cells begin.
    start: u32,
}

/// Eight bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cell {
    /// A number of `texts` or a place in `numbers`.
    at: u32,
    format: u16,
    kind: Sort,
    /// Whether it has this value from the first cell of a merged range.
    merged: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Sort {
    #[default]
    Nothing,
    Text,
    Number,
    True,
    False,
    Error,
}

/// Cells that are one, by row number from 1 and column from 0, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    /// First row.
    pub top: u32,
    /// Last row.
    pub bottom: u32,
    /// First column.
    pub left: u32,
    /// Last column.
    pub right: u32,
}

/// What a cell has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Nothing,
    /// A text, and its number in the table.
    Text(&'a str, u32),
    /// A number, and the parts of a date that its format shows.
    Number(f64, Option<Shown>),
    /// TRUE or FALSE.
    Truth(bool),
    /// An error such as #N/A.
    Error,
}

/// What a reader puts into a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Put<'a> {
    Text(&'a str),
    /// A text by its number, as [`Builder::text`] has given it.
    Known(u32),
    /// A number and a format of [`Builder::format`].
    Number(f64, u16),
    Truth(bool),
    Error,
}

impl Table {
    /// Whether it has no cell.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many rows have anything in them.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// A row's number as the spreadsheet shows it.
    pub fn number(&self, row: usize) -> u32 {
        self.rows.get(row).map_or(0, |head| head.number)
    }

    /// How many cells a row has, up to the last that is not empty.
    pub fn width(&self, row: usize) -> usize {
        self.cells_of(row).len()
    }

    /// How many columns the widest row has.
    pub fn columns(&self) -> usize {
        (0..self.len()).map(|row| self.width(row)).max().unwrap_or(0)
    }

    fn cells_of(&self, row: usize) -> &[Cell] {
        let Some(head) = self.rows.get(row) else {
            return &[];
        };
        let end = self
            .rows
            .get(row + 1)
            .map_or(self.cells.len(), |next| next.start as usize);
        self.cells.get(head.start as usize..end).unwrap_or_default()
    }

    fn cell(&self, row: usize, column: usize) -> Cell {
        self.cells_of(row).get(column).copied().unwrap_or_default()
    }

    /// What a cell has.
    pub fn value(&self, row: usize, column: usize) -> Value<'_> {
        let cell = self.cell(row, column);
        match cell.kind {
            Sort::Nothing => Value::Nothing,
            Sort::Text => Value::Text(self.texts.get(cell.at), cell.at),
            Sort::Number => Value::Number(
                self.numbers.get(cell.at as usize).copied().unwrap_or_default(),
                self.formats
                    .get(usize::from(cell.format))
                    .and_then(|format| format.shown),
            ),
            Sort::True => Value::Truth(true),
            Sort::False => Value::Truth(false),
            Sort::Error => Value::Error,
        }
    }

    /// Whether a cell has its value from the first cell of a merged range.
    pub fn is_merged(&self, row: usize, column: usize) -> bool {
        self.cell(row, column).merged
    }

    /// The merged ranges.
    pub fn merges(&self) -> &[Merge] {
        &self.merges
    }

    /// The words of its cells.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// The format of a number's cell, as the workbook writes it.
    pub fn format(&self, row: usize, column: usize) -> &str {
        let cell = self.cell(row, column);
        let format = self
            .formats
            .get(usize::from(cell.format))
            .filter(|_| cell.kind == Sort::Number);
        format.map_or("", |format| &format.code)
    }

    /// What a cell shows: a number by its zeros and decimals, a date by its parts.
    pub fn shown(&self, row: usize, column: usize) -> String {
        let cell = self.cell(row, column);
        match self.value(row, column) {
            Value::Nothing => String::new(),
            Value::Text(text, _) => text.to_owned(),
            Value::Truth(true) => "TRUE".into(),
            Value::Truth(false) => "FALSE".into(),
            Value::Error => "#错误".into(),
            Value::Number(value, Some(shown)) => {
                match When::read_number(value, Some(shown), Habit::new(self.from_1904)) {
                    Reading::Is(when) => when.to_string(),
                    _ => format!("{value}"),
                }
            }
            Value::Number(value, None) => {
                let digits = self
                    .formats
                    .get(usize::from(cell.format))
                    .and_then(|format| format.digits);
                match digits {
                    Some((whole, decimals)) => {
                        let wide = whole + decimals + usize::from(decimals > 0);
                        format!("{value:0wide$.decimals$}")
                    }
                    None => format!("{value}"),
                }
            }
        }
    }

    /// How many cells are kept, empty ones between others counted.
    pub(super) fn cells(&self) -> usize {
        self.cells.len()
    }

    /// The decimals that a number's format shows, where it says so.
    pub fn decimals(&self, row: usize, column: usize) -> Option<usize> {
        let cell = self.cell(row, column);
        let format = self
            .formats
            .get(usize::from(cell.format))
            .filter(|_| cell.kind == Sort::Number);
        format
            .and_then(|format| format.digits)
            .map(|(_, decimals)| decimals)
    }
}

/// Puts a table together, cell by cell, within the limits.
pub(super) struct Builder {
    table: Table,
    /// Cells that it may have.
    room: usize,
    /// Cells that came before their place.
    late: Vec<(u32, u32, Cell)>,
}

impl Builder {
    pub(super) fn new(name: &str) -> Self {
        Self::within(name, MAX_CELLS)
    }

    /// A table that may have so many cells: what other tables of the file have left of
    /// [`MAX_CELLS`].
    pub(super) fn within(name: &str, room: usize) -> Self {
        Self {
            table: Table {
                name: name.to_owned(),
                ..Table::default()
            },
            room: room.min(MAX_CELLS),
            late: Vec::new(),
        }
    }

    /// Makes room for so many rows and cells at once: what grows step by step is copied at each, and
    /// for a moment stands twice.
    pub(super) fn reserve(&mut self, rows: usize, cells: usize) {
        self.table.rows.reserve_exact(rows.min(MAX_ROWS));
        self.table.cells.reserve_exact(cells.min(self.room));
    }

    pub(super) fn table(&mut self) -> &mut Table {
        &mut self.table
    }

    /// Adds a number format, once; its place is for [`Put::Number`]. The first stands for all that
    /// are too many.
    pub(super) fn format(&mut self, code: &str) -> u16 {
        let known = self.table.formats.iter().position(|format| format.code == code);
        if let Some(known) = known {
            return u16::try_from(known).unwrap_or_default();
        }
        let format = NumberFormat {
            shown: shown_by(code),
            digits: digits_of(code),
            code: code.to_owned(),
        };
        self.table.formats.push(format);
        u16::try_from(self.table.formats.len() - 1).unwrap_or_default()
    }

    /// The number of a text among the table's words, for [`Put::Known`]: without white space at its
    /// ends, 0 where nothing is left. The row is for whoever is told that it is too long.
    pub(super) fn text(&mut self, row: u32, text: &str) -> Result<u32, Unreadable> {
        let text = trimmed(text);
        if text.len() > MAX_CELL && text.chars().count() > MAX_CELL {
            return Err(Unreadable::LongCell(row));
        }
        Ok(self.table.texts.intern(text))
    }

    /// Adds a cell: the row from 1, the column from 0.
    #[inline]
    pub(super) fn put(&mut self, row: u32, column: u32, value: Put<'_>) -> Result<(), Unreadable> {
        if column as usize >= MAX_COLUMNS {
            let is_empty = match value {
                Put::Text(text) => trimmed(text).is_empty(),
                Put::Known(number) => number == 0,
                _ => false,
            };
            self.table.cut |= !is_empty;
            return Ok(());
        }
        let (kind, at, format) = match value {
            Put::Text(text) => (Sort::Text, self.text(row, text)?, 0),
            Put::Known(number) => (Sort::Text, number, 0),
            Put::Number(value, format) => {
                self.table.numbers.push(value);
                (Sort::Number, self.table.numbers.len() as u32 - 1, format)
            }
            Put::Truth(true) => (Sort::True, 0, 0),
            Put::Truth(false) => (Sort::False, 0, 0),
            Put::Error => (Sort::Error, 0, 0),
        };
        if kind == Sort::Text && at == 0 {
            return Ok(());
        }
        let cell = Cell {
            at,
            format,
            kind,
            merged: false,
        };
        let last = self.table.rows.last().map(|head| (head.number, head.start));
        match last {
            Some((number, start)) if number == row => {
                let here = self.table.cells.len() as u32 - start;
                if column < here {
                    self.put_late(row, column, cell)?;
                } else {
                    self.fill(column - here)?;
                    self.table.cells.push(cell);
                }
            }
            Some((number, _)) if number > row => self.put_late(row, column, cell)?,
            _ => {
                if self.table.rows.len() >= MAX_ROWS {
                    return Err(Unreadable::TooMuch("行", MAX_ROWS));
                }
                self.table.rows.push(Head {
                    number: row,
                    start: self.table.cells.len() as u32,
                });
                self.fill(column)?;
                self.table.cells.push(cell);
            }
        }
        Ok(())
    }

    #[cold]
    fn put_late(&mut self, row: u32, column: u32, cell: Cell) -> Result<(), Unreadable> {
        if self.table.cells.len() + self.late.len() >= self.room {
            return Err(Unreadable::TooMuch("单元格", MAX_CELLS));
        }
        self.late.push((row, column, cell));
        Ok(())
    }

    fn fill(&mut self, count: u32) -> Result<(), Unreadable> {
        let total = self.table.cells.len() + count as usize + 1;
        if total > self.room {
            return Err(Unreadable::TooMuch("单元格", MAX_CELLS));
        }
        if count > 0 {
            self.table.cells.resize(total - 1, Cell::default());
        }
        Ok(())
    }

    /// Notes a merged range; what is no range, or one cell, is left out.
    pub(super) fn merge(&mut self, merge: Merge) {
        let area = merge.top <= merge.bottom && merge.left <= merge.right;
        let one = merge.top == merge.bottom && merge.left == merge.right;
        if area && !one && (merge.left as usize) < MAX_COLUMNS && self.table.merges.len() < MAX_ROWS {
            self.table.merges.push(Merge {
                right: merge.right.min(MAX_COLUMNS as u32 - 1),
                ..merge
            });
        }
    }

    /// The table, with late cells in their places and merged cells filled: downwards, and sideways.
    pub(super) fn finish(mut self) -> Result<Table, Unreadable> {
        if !self.late.is_empty() {
            self = self.sorted()?;
        }
        self.spread()?;
        Ok(self.table)
    }

    /// The same with every cell in its place; of two in one place the later one stands.
    fn sorted(self) -> Result<Self, Unreadable> {
        let table = &self.table;
        let mut all: Vec<(u32, u32, Cell)> = Vec::with_capacity(table.cells.len() + self.late.len());
        for row in 0..table.len() {
            for (column, cell) in (0u32..).zip(table.cells_of(row)) {
                if cell.kind != Sort::Nothing {
                    all.push((table.number(row), column, *cell));
                }
            }
        }
        all.extend(&self.late);
        all.sort_by_key(|(row, column, _)| (*row, *column));
        let (mut rows, mut cells): (Vec<Head>, Vec<Cell>) = (Vec::new(), Vec::new());
        for (number, column, cell) in all {
            if rows.last().is_none_or(|head| head.number < number) {
                if rows.len() >= MAX_ROWS {
                    return Err(Unreadable::TooMuch("行", MAX_ROWS));
                }
                rows.push(Head {
                    number,
                    start: cells.len() as u32,
                });
            }
            let start = rows.last().map_or(0, |head| head.start as usize);
            if start + column as usize >= self.room {
                return Err(Unreadable::TooMuch("单元格", MAX_CELLS));
            }
            // Of two in one place the first goes.
            cells.resize(start + column as usize, Cell::default());
            cells.push(cell);
        }
        Ok(Self {
            table: Table {
                rows,
                cells,
                ..self.table
            },
            room: self.room,
            late: Vec::new(),
        })
    }

    /// Gives the cells of merged ranges the value of the first one. Rows that have nothing of their
    /// own stay as they are: nobody meant a person there.
    fn spread(&mut self) -> Result<(), Unreadable> {
        if self.table.merges.is_empty() {
            return Ok(());
        }
        let merges = std::mem::take(&mut self.table.merges);
        let filled = self.fill_merged(&merges);
        self.table.merges = merges;
        self.widen(filled?)
    }

    /// Fills what merged ranges cover of the cells that there are, and says which are yet to be
    /// made, by the place of their row: of two in one place the first stands.
    fn fill_merged(&mut self, merges: &[Merge]) -> Result<Vec<(u32, u32, Cell)>, Unreadable> {
        let mut more: Vec<(u32, u32, Cell)> = Vec::new();
        let mut visited = 0usize;
        for merge in merges {
            let table = &mut self.table;
            let top = table.rows.partition_point(|head| head.number < merge.top);
            let first = match table.rows.get(top) {
                Some(head) if head.number == merge.top => table.cell(top, merge.left as usize),
                _ => continue,
            };
            if first.kind == Sort::Nothing {
                continue;
            }
            let copy = Cell {
                merged: true,
                ..first
            };
            for row in top..table.len() {
                if table.number(row) > merge.bottom {
                    break;
                }
                let start = table.rows[row].start as usize;
                let wide = table.width(row);
                for column in merge.left..=merge.right {
                    if (row, column) == (top, merge.left) {
                        continue;
                    }
                    if column as usize >= wide {
                        more.push((row as u32, column, copy));
                    } else if table.cells[start + column as usize].kind == Sort::Nothing {
                        table.cells[start + column as usize] = copy;
                    }
                }
                // Ranges of a hostile file may overlap as often as they like.
                visited += (merge.right - merge.left) as usize + 1;
                if visited > MAX_CELLS || more.len() > MAX_MORE {
                    return Err(Unreadable::TooMuch("合并单元格", MAX_CELLS));
                }
            }
        }
        Ok(more)
    }

    /// Makes rows wider for cells behind their last ones, from the last row to the first, so that
    /// each cell moves once and none stands twice.
    fn widen(&mut self, mut more: Vec<(u32, u32, Cell)>) -> Result<(), Unreadable> {
        if more.is_empty() {
            return Ok(());
        }
        more.sort_by_key(|(row, column, _)| (*row, *column));
        more.dedup_by_key(|(row, column, _)| (*row, *column));
        let table = &mut self.table;
        // Rows that become wider: how wide.
        let mut wider: Vec<(usize, usize)> = Vec::new();
        let mut added = 0;
        for cells in more.chunk_by(|(one, ..), (other, ..)| one == other) {
            if let Some((row, column, _)) = cells.last() {
                let (row, wide) = (*row as usize, *column as usize + 1);
                added += wide - table.width(row);
                wider.push((row, wide));
            }
        }
        let mut end = table.cells.len();
        if end + added > self.room {
            return Err(Unreadable::TooMuch("单元格", MAX_CELLS));
        }
        table.cells.resize(end + added, Cell::default());
        let mut moved = table.rows.len();
        for (row, wide) in wider.into_iter().rev() {
            let start = table.rows[row].start as usize;
            let next = table.rows.get(row + 1).filter(|_| row + 1 < moved);
            let next = next.map_or(end, |next| next.start as usize);
            table.cells.copy_within(next..end, next + added);
            for head in &mut table.rows[row + 1..moved] {
                head.start += added as u32;
            }
            let after = next + added;
            added -= wide - (next - start);
            table.cells[next + added..after].fill(Cell::default());
            (end, moved) = (next, row + 1);
        }
        for (row, column, cell) in more {
            let start = table.rows[row as usize].start as usize;
            table.cells[start + column as usize] = cell;
        }
        Ok(())
    }
}

/// Without white space and invisible signs at its ends.
#[inline]
fn trimmed(text: &str) -> &str {
    // Most begin and end in something else.
    let plain = |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, 0x21..=0x7e | 0xe4..=0xe9));
    if plain(text.as_bytes().first())
        && matches!(
            text.chars().next_back(),
            Some('!'..='~' | '\u{4e00}'..='\u{9fff}')
        )
    {
        return text;
    }
    text.trim_matches(|sign: char| sign.is_whitespace() || matches!(sign, '\u{200b}' | '\u{feff}' | '\0'))
}

/// The parts of a date that a number format shows; `None` where it is no format of dates or times.
/// Only its first section counts, and an m beside hours or seconds is minutes.
pub(super) fn shown_by(code: &str) -> Option<Shown> {
    let (mut year, mut month, mut day, mut time) = (false, false, false, false);
    let mut signs = code.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' => {
                for quoted in signs.by_ref() {
                    if quoted == '"' {
                        break;
                    }
                }
            }
            '\\' | '_' | '*' => {
                signs.next();
            }
            '[' => {
                let mut inner = String::new();
                for inside in signs.by_ref() {
                    if inside == ']' {
                        break;
                    }
                    inner.push(inside.to_ascii_lowercase());
                }
                // [h]:mm is a length of time.
                time |= !inner.is_empty() && inner.chars().all(|sign| matches!(sign, 'h' | 'm' | 's'));
            }
            ';' => break,
            'a' | 'A' => {
                // AM/PM has an m that is no month.
                let rest: String = signs.clone().take(4).collect::<String>().to_ascii_lowercase();
                let skip = if rest == "m/pm" {
                    4
                } else {
                    usize::from(rest.starts_with("/p")) * 2
                };
                signs.by_ref().take(skip).for_each(drop);
            }
            'y' | 'Y' | 'e' | 'E' if !matches!(signs.peek(), Some('+' | '-')) => year = true,
            'm' | 'M' => month = true,
            'd' | 'D' => day = true,
            'h' | 'H' | 's' | 'S' => time = true,
            'G' | 'g' if code.to_ascii_lowercase().contains("general") => return None,
            _ => {}
        }
    }
    if time && !year && !day {
        month = false;
    }
    (year || month || day || time).then_some(Shown { year, month, day })
}

/// The digits that a number format shows, where it is zeros and a point and nothing else.
fn digits_of(code: &str) -> Option<(usize, usize)> {
    let mut plain = String::new();
    let mut signs = code.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '_' | '*' => {
                signs.next();
            }
            ';' => break,
            ' ' => {}
            _ => plain.push(sign),
        }
    }
    let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, ""));
    let whole = whole
        .strip_prefix("#,##")
        .or(whole.strip_prefix('#'))
        .unwrap_or(whole);
    let zeros = |text: &str| text.bytes().all(|byte| byte == b'0') && text.len() <= 30;
    (!whole.is_empty() && zeros(whole) && zeros(decimals)).then_some((whole.len(), decimals.len()))
}

/// The format of a built-in number (ECMA-376, 18.8.30, those of China among them); empty for one
/// that shows numbers as they are.
pub(super) fn built_in(id: u32) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        14 => "yyyy/m/d",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18..=21 | 32..=35 | 45..=47 | 55 | 56 => "h:mm:ss",
        22 => "yyyy/m/d h:mm",
        27 | 36 | 50 | 52 | 57 => "yyyy\"年\"m\"月\"",
        28 | 29 | 51 | 53 | 54 | 58 => "m\"月\"d\"日\"",
        30 => "m-d-yy",
        31 => "yyyy\"年\"m\"月\"d\"日\"",
        49 => "@",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_say_which_parts_of_a_date_they_show() {
        let parts = |code: &str| {
            shown_by(code).map(|shown| {
                let part = |is: bool, name: &'static str| if is { name } else { "" };
                [
                    part(shown.year, "y"),
                    part(shown.month, "m"),
                    part(shown.day, "d"),
                ]
                .concat()
            })
        };
        for (code, want) in [
            ("General", None),
            ("0.00", None),
            ("0.00E+00", None),
            ("@", None),
            ("[Red]#,##0", None),
            ("\"day\"0", None),
            ("yyyy/m/d", Some("ymd")),
            ("yyyy\\.mm", Some("ym")),
            ("yyyy\"年\"m\"月\";@", Some("ym")),
            ("[$-804]yyyy\"年\"m\"月\"d\"日\"", Some("ymd")),
            ("[DBNum1][$-804]yyyy\"年\"m\"月\"", Some("ym")),
            ("mm-dd-yy", Some("ymd")),
            ("yyyy", Some("y")),
            ("m/d/yy h:mm AM/PM", Some("ymd")),
            ("h:mm AM/PM", Some("")),
            ("[h]:mm", Some("")),
            ("mm:ss", Some("")),
        ] {
            assert_eq!(parts(code).as_deref(), want, "{code}");
        }
        assert_eq!(digits_of("0000000000"), Some((10, 0)));
        assert_eq!(digits_of("0.00_ "), Some((1, 2)));
        assert_eq!(digits_of("0%"), None);
    }

    #[test]
    fn cells_in_any_order_and_merged_ones() {
        let mut builder = Builder::new("a");
        for (row, column, text) in [
            (3, 1, "b3"),
            (2, 2, "c2"),
            (2, 0, "a2"),
            (3, 0, "a3"),
            (5, 1, "b5"),
            (2, 0, "A2"),
        ] {
            builder.put(row, column, Put::Text(text)).unwrap();
        }
        builder.merge(Merge {
            top: 3,
            bottom: 6,
            left: 0,
            right: 0,
        });
        let table = builder.finish().unwrap();
        let all: Vec<String> = (0..table.len())
            .map(|row| {
                let cells: Vec<String> = (0..table.width(row))
                    .map(|column| table.shown(row, column))
                    .collect();
                format!("{} {}", table.number(row), cells.join(","))
            })
            .collect();
        assert_eq!(all, ["2 A2,,c2", "3 a3,b3", "5 a3,b5"]);
        assert!(table.is_merged(2, 0) && !table.is_merged(1, 0));
    }
}
