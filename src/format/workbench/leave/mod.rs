//! The register as it leaves: for the higher committee in the real form's shape, for other systems as
//! tables.
//!
//! | word | text | comes to |
//! |---|---|---|
//! | `leave/csv`, `leave/ndjson`, `leave/parquet` | [`Table`] | a file, and [`Left`] |
//! | `leave/form` | [`Roster`] | the real form, and [`Left`] |
//! | `leave/about` | `null` | [`About`]: what the columns are |

#[cfg(all(feature = "exports", feature = "upward"))]
mod write;

#[cfg(all(feature = "exports", feature = "upward"))]
pub(super) use write::carry_out;
#[cfg(all(feature = "exports", feature = "upward"))]
pub use write::{changes, person};

use super::figures::Whom;
use crate::domain::time::Date;
use serde::{Deserialize, Serialize};

/// A table that is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Table {
    /// Whether it is the changes of state; otherwise the people.
    pub changes: bool,
    /// The day of which it speaks; today for none.
    pub as_of: Option<Date>,
    /// Of whom.
    pub whom: Whom,
}

/// The real form that is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Roster {
    /// The day of which it speaks; today for none.
    pub as_of: Option<Date>,
    /// Of whom.
    pub whom: Whom,
    /// The first of the three title rows, as `附件6：`.
    pub attachment: String,
    /// The title; one is made for an empty one.
    pub title: String,
    /// The unit that reports; what the workbench calls it, for an empty one.
    pub unit: String,
}

/// What left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// What the file is to be called.
    pub name: String,
    /// How many rows it has.
    pub rows: u64,
}

/// What the columns are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The tables.
    pub tables: Vec<AboutTable>,
}

/// What a table's columns are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutTable {
    /// What people call it.
    pub heading: String,
    /// Where its schema is published, from the site's root.
    pub schema: String,
    /// For each column: heading, name, what it holds, where it comes from.
    pub columns: Vec<[String; 4]>,
}
