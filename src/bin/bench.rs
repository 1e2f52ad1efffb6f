//! What `cargo xtask bench` measures of the portal itself, for its page to call: searching and
//! folding, by the very code that the study runs.

use wasm_bindgen::prelude::*;
use xuedang::domain::course::search::{Index, Query};
use xuedang::domain::study::{Event, Happening, Study};

/// How many results the search page shows.
const LIMIT: usize = 30;

fn main() {}

/// An index over texts.
#[wasm_bindgen]
pub struct Searching(Index);

#[wasm_bindgen]
impl Searching {
    /// Builds it from the file that the portal ships.
    #[wasm_bindgen(constructor)]
    pub fn new(file: &str) -> Self {
        Self(Index::read(file))
    }

    /// The numbers of the best units.
    pub fn find(&self, query: &str) -> Vec<u32> {
        let found = self.0.search(&Query::read(query), None, LIMIT);
        found.hits.iter().map(|hit| hit.unit as u32).collect()
    }

    /// Finds, and cuts and marks what the page shows of it; how many bytes that is.
    pub fn show(&self, query: &str) -> usize {
        let query = Query::read(query);
        let found = self.0.search(&query, None, LIMIT);
        let shown = found.hits.iter().map(|hit| {
            self.0.heading(hit.unit, &query).text.len() + self.0.snippet(hit.unit, &query).text.len()
        });
        shown.sum()
    }
}

/// The events of a journal.
#[wasm_bindgen]
pub struct Events(Vec<Event<Happening>>);

#[wasm_bindgen]
impl Events {
    /// Reads one event from each line; lines that are none are left out.
    #[wasm_bindgen(constructor)]
    pub fn new(lines: &str) -> Self {
        Self(lines.lines().filter_map(|line| Event::read(line).ok()).collect())
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Folds them; how many questions have been answered.
    pub fn fold(&self) -> usize {
        let mut study = Study::default();
        for event in &self.0 {
            study.apply(event);
        }
        study.items.len()
    }
}
