//! What the worker's program is asked to make of a record, by name:
//!
//! | what | in | out |
//! |---|---|---|
//! | `record-docx`, `record-xlsx` | bytes of a record, text: JSON of [`Proof`](super::annex::Proof)s or nothing | bytes of a file |
//! | `record-xapi` | bytes of a record | text: JSON of statements |
//! | `record-summary` | bytes of a record | text for one QR code |
//! | `write-code`, `write-codes` | bytes | text: JSON of the messages, or of the texts of QR codes |
//! | `read-code` | text: what was pasted or scanned | bytes that were carried |
//! | `read-qr` | text: JSON of width and height, bytes: grey values row by row | text: JSON of the texts found |
//! | `qr` | text: JSON of texts | text: JSON of an SVG for each |

use super::annex::{self, Annex};
use super::{code, qr, record, xapi};
use crate::domain::record::TrainingRecord;
use std::fmt::Display;

/// Text and bytes, or why not, for the person to read.
pub type Answer = Result<(String, Option<Vec<u8>>), String>;

/// Does what is asked; `None` when it is nothing of this table.
pub fn carry_out(what: &str, text: &str, bytes: &[u8]) -> Option<Answer> {
    Some(match what {
        "record-docx" => annex_of(text, bytes).and_then(|annex| file(annex::docx::write(&annex))),
        "record-xlsx" => annex_of(text, bytes).and_then(|annex| file(annex::xlsx::write(&annex))),
        "record-xapi" => open(bytes).map(|record| (xapi::write(&record), None)),
        "record-summary" => open(bytes).map(|record| (qr::summary(&record), None)),
        "write-code" => texts(code::messages(bytes)),
        "write-codes" => texts(qr::series(bytes)),
        "read-code" => file(code::read(text)),
        "read-qr" => found(text, bytes),
        "qr" => pictures(text),
        _ => return None,
    })
}

fn in_words(error: impl Display) -> String {
    error.to_string()
}

fn open(bytes: &[u8]) -> Result<TrainingRecord, String> {
    record::open(bytes).map_err(in_words)
}

fn annex_of(proofs: &str, bytes: &[u8]) -> Result<Annex, String> {
    let proofs: Vec<_> = match proofs {
        "" => Vec::new(),
        json => serde_json::from_str(json).map_err(in_words)?,
    };
    Ok(Annex::of(&open(bytes)?, &proofs))
}

fn file(bytes: Result<Vec<u8>, impl Display>) -> Answer {
    bytes.map(|bytes| (String::new(), Some(bytes))).map_err(in_words)
}

fn texts(texts: Result<Vec<String>, impl Display>) -> Answer {
    let json = serde_json::to_string(&texts.map_err(in_words)?);
    json.map(|json| (json, None)).map_err(in_words)
}

fn found(sides: &str, grey: &[u8]) -> Answer {
    let (width, height): (usize, usize) = serde_json::from_str(sides).map_err(in_words)?;
    texts(qr::read(width, height, grey))
}

fn pictures(texts_of_codes: &str) -> Answer {
    let codes: Vec<String> = serde_json::from_str(texts_of_codes).map_err(in_words)?;
    texts(
        codes
            .iter()
            .map(|text| qr::svg(text))
            .collect::<Result<Vec<_>, _>>(),
    )
}
