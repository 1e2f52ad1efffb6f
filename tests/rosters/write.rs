//! Writes rosters of made-up people in the shape of the real form for `cargo xtask bench`:
//! `made-roster FOLDER`. Workbooks `roster-N.xlsx` of N people and twenty columns, and
//! `roster-1000000.csv` of as many rows as a file may have, title and header among them, and of six
//! columns, for which a file of the largest size has room.
#![allow(clippy::unwrap_used)] // A tool for a measurement.

#[allow(dead_code, unreachable_pub, missing_docs)]
mod files;

use files::{Sheet, csv, large_from, xlsx};
use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

/// People of each workbook.
const COUNTS: [usize; 4] = [1_000, 10_000, 100_000, 300_000];
/// Rows of the text, and people at a time.
const MOST: usize = 1_000_000;
const PART: usize = 100_000;

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap());
    fs::create_dir_all(&folder).unwrap();
    for count in COUNTS {
        let book = xlsx(&[("名册", &large_from(count, 0))]);
        fs::write(folder.join(format!("roster-{count}.xlsx")), book).unwrap();
    }
    let mut file = File::create(folder.join(format!("roster-{MOST}.csv"))).unwrap();
    for from in (0..MOST).step_by(PART) {
        let mut part: Sheet = large_from(PART, from);
        part.rows.iter_mut().for_each(|row| row.truncate(6));
        if from > 0 {
            part.rows.drain(..2);
        }
        if from + PART == MOST {
            part.rows.truncate(PART - 2);
        }
        file.write_all(csv(&part, ',').as_bytes()).unwrap();
    }
}
