//! What `cargo xtask bench` measures of the portal itself, for its page to call: searching,
//! folding and remembering, by the very code that the study runs.

use wasm_bindgen::prelude::*;
use xuedang::domain::course::search::{Index, Query};
use xuedang::domain::study::fsrs::{Grade, Model};
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

/// Reviews, history after history: its length, then the days since the last review and the grade
/// (1–4) of each. The sum of the stabilities that are left, so that nothing is calculated for
/// nothing; `None` of a list that is cut short.
#[wasm_bindgen]
pub fn remember(histories: &[u32]) -> Option<f64> {
    let model = Model::DEFAULT;
    let mut rest = histories;
    let mut sum = 0.0;
    while let Some((&length, left)) = rest.split_first() {
        let (reviews, after) = left.split_at_checked(length as usize * 2)?;
        let mut memory = None;
        for review in reviews.chunks_exact(2) {
            let grade = match review[1] {
                1 => Grade::Again,
                2 => Grade::Hard,
                3 => Grade::Good,
                _ => Grade::Easy,
            };
            memory = Some(match memory {
                None => model.first(grade),
                Some(state) => model.next(state, review[0], grade),
            });
        }
        sum += memory.map_or(0.0, |state| state.stability);
        rest = after;
    }
    Some(sum)
}
