//! The register as a table: found, sorted, and shown a window at a time.

mod query;

pub use query::{Column, Filter, MAX_PEOPLE, MAX_SORTS, Only, Query, Sort, Want};
