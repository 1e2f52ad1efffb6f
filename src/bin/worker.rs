//! The worker's program: spreadsheets, Markdown and exports, away from the page, which stays quick.
//! Keys and signatures have a program of their own, `signer.rs`.
//!
//! It is asked, in the messages of [`xuedang::worker`],
//!
//! | what | in | out |
//! |---|---|---|
//! | `read-xlsx` | bytes of a file | text: JSON of [`Table`](xuedang::format::sheet::Table)s |
//! | `read-roster` | bytes of a file | text: JSON `{"sheets": [...], "memory": bytes}`, the sheets as [`Counted`](xuedang::format::roster::Counted) |
//! | `read-markdown` | text of a file | text: JSON of [`Markdown`](xuedang::format::markdown_blocks::Markdown) |
//! | `write-xlsx` | text: JSON of [`Sheet`](xuedang::format::sheet::Sheet)s | bytes of a file |
//!
//! and what [`xuedang::format::exports`] lists.

use xuedang::format::{exports, markdown_blocks, roster, xlsx};
use xuedang::worker::{Answer, Order, serve};

fn main() {
    serve(|order| {
        let answer = answer(&order);
        order.answer(answer);
    });
}

/// Does what is asked.
fn answer(order: &Order) -> Answer {
    match order.what.as_str() {
        "read-xlsx" => {
            let tables = xlsx::read(&order.bytes).map_err(|error| error.to_string())?;
            let json = serde_json::to_string(&tables).map_err(|error| error.to_string())?;
            Ok((json, None))
        }
        "read-roster" => {
            let sheets = roster::count(&order.bytes).map_err(|error| error.to_string())?;
            // It never becomes less, so this is the most that was needed.
            #[cfg(target_arch = "wasm32")]
            let memory = core::arch::wasm32::memory_size::<0>() << 16;
            #[cfg(not(target_arch = "wasm32"))]
            let memory = 0;
            let json = serde_json::json!({ "sheets": sheets, "memory": memory });
            Ok((json.to_string(), None))
        }
        "read-markdown" => {
            let markdown = markdown_blocks::read(&order.text)?;
            let json = serde_json::to_string(&markdown).map_err(|error| error.to_string())?;
            Ok((json, None))
        }
        "write-xlsx" => {
            let sheets: Vec<_> = serde_json::from_str(&order.text).map_err(|error| error.to_string())?;
            Ok((String::new(), Some(xlsx::write(&sheets)?)))
        }
        other => exports::carry_out(other, &order.text, &order.bytes).unwrap_or_else(|| order.unknown()),
    }
}
