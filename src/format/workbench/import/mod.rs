//! Importing a roster, as the page and the program speak of it: a file is read, its columns looked
//! through, its rows judged without anything being changed, settled one by one, and taken in as one
//! event. One file is under way at a time.
//!
//! | word | text | comes to |
//! |---|---|---|
//! | `import/read` | [`Named`], and the file | [`Sheets`]: what it is taken for |
//! | `import/look` | `null` | [`Sheets`] of the file under way, or `null` |
//! | `import/turn` | [`Turn`] | [`Sheets`], after somebody has put something right |
//! | `import/plan` | [`Given`] | [`Window`]: the dry run |
//! | `import/rows` | [`View`] | [`Window`] |
//! | `import/settle` | [`Settled`] | [`Window`], after a row was settled |
//! | `import/confirm` | `null` | [`Taken`], and one deed, or none when there is nothing to do |
//! | `import/drop` | `null` | nothing: the file is forgotten |
//! | `import/history` | `null` | [`History`] |
//! | `import/undo` | [`Undo`] | a deed: the last import is taken back |
//! | `import/sample` | `null` | a file to fill in |
//!
//! The words are carried out where rosters can be read (feature `sheets`).

#[cfg(feature = "sheets")]
mod work;

#[cfg(feature = "sheets")]
pub use work::Desk;
#[cfg(feature = "sheets")]
pub(super) use work::carry_out;

use crate::domain::branch::{Decision, Field, Verdict};
use serde::{Deserialize, Serialize};

/// The largest file, in bytes: a page need not hand over what would be refused.
pub const MAX_FILE: u64 = 64 << 20;

/// Why an order about a file is refused when none is open.
pub const NO_FILE: &str = "没有打开的名册文件，请重新选择文件";

/// Why a plan is refused that was judged before the register changed; the file is still open.
pub const VOID: &str = "名册刚才有了变化（可能在另一个标签页里），请重新核对一遍";

/// Rows of a page of the dry run.
pub const PAGE: usize = 50;

/// What a file is called.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Named {
    /// Its name.
    pub name: String,
}

/// What a file is taken for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheets {
    /// Its name.
    pub file: String,
    /// What it turned out to be.
    pub kind: String,
    /// Its characters, where they had to be found out.
    pub encoding: Option<String>,
    /// When that very file was taken in before, if it was.
    pub was_here: Option<String>,
    /// Its sheets.
    pub sheets: Vec<Sheet>,
    /// The sheet that is open.
    pub open: usize,
    /// The columns of the open sheet.
    pub columns: Columns,
    /// The branch of rows that name none, as was typed.
    pub branch: String,
    /// Whether such rows are of the branch that their sheet is called after.
    pub by_sheet: bool,
}

/// A sheet in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether the workbook hides it.
    pub hidden: bool,
    /// How many rows stand below its header; all, when none was found.
    pub rows: usize,
    /// Whether there are columns that are not read because there are too many.
    pub cut: bool,
    /// Whether it is to be taken.
    pub take: bool,
    /// Why it cannot be taken as it stands.
    pub problem: Option<String>,
    /// How many of its columns are not sure.
    pub unsure: usize,
    /// Whether it has a column for the branch.
    pub has_branch: bool,
}

/// The header and columns of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Columns {
    /// The first rows, in which a header can be.
    pub top: Vec<Top>,
    /// The header's first row, by its place in the table; none when it was not found.
    pub first: Option<usize>,
    /// How many rows it has.
    pub depth: usize,
    /// Whether the mapping is that of the last time that there were these headings.
    pub remembered: bool,
    /// Its columns.
    pub heads: Vec<Column>,
}

/// One of the first rows of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Top {
    /// Its place in the table.
    pub at: usize,
    /// Its number as the spreadsheet shows it.
    pub number: u32,
    /// The first words in it.
    pub text: String,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its place, from 0.
    pub at: usize,
    /// Its letters, as the spreadsheet shows them.
    pub letters: String,
    /// Its heading.
    pub label: String,
    /// What it is taken for.
    pub field: Option<Field>,
    /// How sure that is.
    pub sure: Sure,
    /// Why it is not taken; empty when it is.
    pub why: String,
    /// Whether it must not be taken: it is more than this program keeps.
    pub private: bool,
    /// Some of its values; none when it is private.
    pub samples: Vec<String>,
}

/// How sure it is what a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sure {
    /// It is taken for nothing.
    No,
    /// The heading speaks of it among other words.
    Likely,
    /// The heading says just that.
    Certain,
    /// So it was the last time.
    Remembered,
    /// Somebody has said so just now.
    Said,
}

impl Sure {
    /// What a reader sees; empty when there is nothing to say.
    pub fn label(self) -> &'static str {
        match self {
            Self::No => "",
            Self::Likely => "可能是，请核对",
            Self::Certain => "列名一致",
            Self::Remembered => "上次这样对应",
            Self::Said => "您选的",
        }
    }
}

/// Somebody puts right what a file was taken for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Turn {
    /// Another sheet is looked at.
    Open(usize),
    /// A sheet is to be taken, or not.
    Take(usize, bool),
    /// The header of a sheet begins in that row of its table, and has so many rows.
    Header(usize, usize, usize),
    /// A column of a sheet is that, or nothing.
    Column(usize, usize, Option<Field>),
}

/// What else somebody says of a file before its rows are judged.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Given {
    /// The branch of rows that name none; empty for none.
    pub branch: String,
    /// Whether such rows are of the branch that their sheet is called after.
    pub by_sheet: bool,
}

/// Which rows are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Filter {
    /// Those of that verdict.
    Of(Verdict),
    /// Those that are taken, and somebody should know something about.
    Noted,
    /// Rows that are nobody's: totals, headings, remarks.
    Nobody,
}

impl Filter {
    /// All, in the order of their buttons.
    pub const ALL: [Self; 7] = [
        Self::Of(Verdict::New),
        Self::Of(Verdict::Changed),
        Self::Of(Verdict::Same),
        Self::Of(Verdict::Doubtful),
        Self::Of(Verdict::Refused),
        Self::Noted,
        Self::Nobody,
    ];

    /// Its name in markup and tests.
    pub fn code(self) -> &'static str {
        match self {
            Self::Of(verdict) => verdict.code(),
            Self::Noted => "noted",
            Self::Nobody => "nobody",
        }
    }

    /// The filter of that name.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|filter| filter.code() == code)
    }

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Of(verdict) => verdict.label(),
            Self::Noted => "照常导入，有提醒",
            Self::Nobody => "不是人员的行",
        }
    }
}

/// A page of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Which rows; none for those that need somebody most.
    pub filter: Option<Filter>,
    /// Which page, from 0.
    pub page: usize,
}

/// Somebody settles something, and wants to see a page afterwards.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Settled {
    /// What.
    pub what: Settle,
    /// The page.
    pub view: View,
}

/// What somebody settles. Rows are named by their place in the plan.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Settle {
    /// What is to become of a row.
    Decide(usize, Decision),
    /// Whether a value is to be changed.
    Tick(usize, Field, bool),
    /// What a value is; with `true`, wherever the same words wait.
    Answer(usize, Field, String, bool),
    /// All rows of a filter that nothing was decided about are skipped, or those that are skipped are
    /// so no longer. More is never done to many at once.
    SkipAll(Filter, bool),
}

/// The dry run, and a page of its rows. Nothing has been done yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The file.
    pub file: String,
    /// When that very file was taken in before, if it was.
    pub was_here: Option<String>,
    /// How many rows each filter shows.
    pub counts: Vec<(Filter, usize)>,
    /// How many rows wait for somebody.
    pub open: usize,
    /// How many people would be new.
    pub new: usize,
    /// With how many people something would change.
    pub changed: usize,
    /// How many rows somebody has skipped.
    pub skipped: usize,
    /// Which rows are shown.
    pub filter: Filter,
    /// Which page of them.
    pub page: usize,
    /// How many pages there are; at least one.
    pub pages: usize,
    /// Whether all rows of this filter are decided about, and some of them skipped.
    pub all_skipped: bool,
    /// The rows.
    pub rows: Vec<Row>,
    /// The rows, where they are nobody's.
    pub nobody: Vec<Nobody>,
}

impl Window {
    /// How many rows a filter shows.
    pub fn count(&self, filter: Filter) -> usize {
        let found = self.counts.iter().find(|(other, _)| *other == filter);
        found.map_or(0, |(_, count)| *count)
    }
}

/// A row of the file and what would become of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its place in the plan.
    pub line: usize,
    /// Where it stands: `第 7 行`, with its sheet where there are several.
    pub place: String,
    /// What would become of it.
    pub verdict: Verdict,
    /// What was decided.
    pub decision: Decision,
    /// Whether it will be taken as it stands.
    pub taken: bool,
    /// The name in it; empty for none.
    pub name: String,
    /// What else it says, in short.
    pub says: String,
    /// Who it certainly is.
    pub person: Option<Known>,
    /// Whom it may be.
    pub candidates: Vec<Known>,
    /// What is known of each of those, beside what the row says.
    pub beside: Vec<Beside>,
    /// Whether another row of the file is the same person and says something else.
    pub repeats: bool,
    /// What somebody must know, or decide about: the field and a sentence.
    pub remarks: Vec<(String, String)>,
    /// Values that somebody must say.
    pub asks: Vec<Asked>,
    /// What would change.
    pub changes: Vec<Changes>,
}

/// A person of the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The number, for [`Decision::Is`].
    pub person: u32,
    /// The id, as addresses carry it.
    pub id: String,
    /// Name, number, branch.
    pub label: String,
}

/// What a row and the people whom it may be have of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// The field's name.
    pub field: String,
    /// What the row says.
    pub ours: String,
    /// What is known of each of them.
    pub theirs: Vec<String>,
}

/// A value that somebody must say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Of what.
    pub field: Field,
    /// What stands in the cell; empty for nothing.
    pub text: String,
    /// What is the matter.
    pub why: String,
    /// What it could be.
    pub could: Vec<String>,
    /// How many rows wait for the same because of the same words.
    pub alike: usize,
}

/// A value that would be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Of what.
    pub field: Field,
    /// What is known; empty for nothing.
    pub before: String,
    /// What it would become.
    pub after: String,
    /// Whether it is to be changed.
    pub take: bool,
}

/// A row that is nobody's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nobody {
    /// Where it stands.
    pub place: String,
    /// What it is.
    pub what: String,
    /// Its first words.
    pub text: String,
}

/// What was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The file.
    pub file: String,
    /// How many people are new.
    pub new: usize,
    /// With how many something has changed.
    pub changed: usize,
    /// Rows about which nothing was new.
    pub same: usize,
    /// Rows that nobody has settled.
    pub open: usize,
    /// Rows that somebody has skipped.
    pub skipped: usize,
    /// Rows that cannot be taken.
    pub refused: usize,
}

/// All imports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The last hundred, the last first.
    pub imports: Vec<Past>,
    /// How many more there are.
    pub more: usize,
    /// The last one that stands, which can be taken back.
    pub last: Option<Last>,
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// Its event.
    pub id: String,
    /// The file.
    pub file: String,
    /// When, as a reader sees it.
    pub at: String,
    /// Its characters, where they had to be found out.
    pub encoding: Option<String>,
    /// How many people it brought.
    pub new: u32,
    /// With how many it changed something.
    pub changed: u32,
    /// When it was taken back.
    pub undone: Option<String>,
}

/// What taking the last import back would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    /// Its event.
    pub id: String,
    /// The file.
    pub file: String,
    /// How many people would go.
    pub gone: u32,
    /// How many of those whom it brought would stay, because somebody has worked on them since.
    pub kept: u32,
    /// With how many people values would be as they were.
    pub restored: u32,
    /// Why it cannot be.
    pub refused: Option<String>,
}

/// The last import is to be taken back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Undo {
    /// Its event.
    pub id: String,
}
