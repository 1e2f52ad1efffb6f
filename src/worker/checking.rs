//! Checks signed records by whoever is quickest, the browser or this program. What is found is the
//! same: a record in which the browser finds anything wrong is judged by the program all over again.

use super::subtle::{Importing, WebCrypto};
use crate::format::credential::bulk::{By, Found};
use crate::format::credential::check::{self, Check, Unproven};
use crate::format::credential::report::Report;
use crate::format::delivery::{self, Unsealed};
use std::rc::Rc;

/// So many records are open at once, while the browser checks those before them: their signatures
/// are all on their way together, and their texts all in memory.
const WINDOW: usize = 64;

/// Who checks signatures here.
#[derive(Clone, Debug)]
pub struct Checker {
    crypto: Option<Rc<WebCrypto>>,
}

impl Checker {
    /// Asks the browser once what it can.
    pub async fn find() -> Self {
        let crypto = WebCrypto::find().await.map(Rc::new);
        Self { crypto }
    }

    /// This program alone.
    pub fn program() -> Self {
        Self { crypto: None }
    }

    /// Whether the browser checks.
    pub fn by(&self) -> By {
        match self.crypto {
            Some(_) => By::Browser,
            None => By::Program,
        }
    }

    /// As of [`check::verify_many`].
    pub async fn verify_many(&self, records: &[&[u8]], brief: bool) -> Found {
        let Some(crypto) = &self.crypto else {
            return check::verify_many(records, brief);
        };
        let mut reports = Vec::with_capacity(records.len());
        let mut by = By::Browser;
        let mut windows = records
            .chunks(WINDOW)
            .map(|records| Window::open(crypto, records, brief));
        let mut next = windows.next();
        while let Some(Window {
            texts,
            records,
            importing,
        }) = next.take()
        {
            let checks = checks(&records);
            let asked = match importing {
                Some(importing) => importing.ask(&checks).await.ok(),
                None => None,
            };
            // The browser has its work: meanwhile the next ones are read.
            next = windows.next();
            let held = match asked {
                Some(asked) => asked.held().await.ok(),
                None => None,
            };
            if held.is_none() {
                // A browser that throws at one leaves all of them to us.
                by = By::Program;
            }
            let mut held = held.unwrap_or_default().into_iter();
            for (text, record) in texts.iter().zip(records) {
                reports.push(record.and_then(|unproven| {
                    let count = unproven.checks().flatten().count();
                    let held: Vec<bool> = held.by_ref().take(count).collect();
                    // The browser only ever accepts; what is wrong with the others, we say.
                    let accepted = unproven.accept(&held);
                    accepted.map_or_else(|| check::verify_as(text, brief), Ok)
                }));
            }
        }
        Found { by, reports }
    }

    /// Opens records, signed or not, as an import takes them.
    pub async fn open_many(&self, records: &[&[u8]]) -> Vec<Result<Unsealed, String>> {
        let found = self.verify_many(&delivery::signed(records), false).await;
        delivery::open_each(records, found.reports)
    }

    /// As of [`check::verify`].
    ///
    /// # Errors
    /// A sentence for people.
    pub async fn verify(&self, bytes: &[u8]) -> Result<Report, String> {
        let mut found = self.verify_many(&[bytes], false).await;
        // One went in.
        found.reports.pop().unwrap_or_else(|| Err(String::new()))
    }
}

/// Records that are being checked.
struct Window<'a> {
    texts: &'a [&'a [u8]],
    records: Vec<Result<Unproven, String>>,
    importing: Option<Importing<'a>>,
}

impl<'a> Window<'a> {
    /// Reads them; their keys are being imported.
    fn open(crypto: &'a WebCrypto, texts: &'a [&'a [u8]], brief: bool) -> Self {
        let read = |bytes: &&[u8]| check::prepare_unproven(bytes, brief).map_err(|error| error.to_string());
        let records: Vec<_> = texts.iter().map(read).collect();
        let importing = crypto.begin(&checks(&records)).ok();
        Self {
            texts,
            records,
            importing,
        }
    }
}

/// The signatures of all of them, in order.
fn checks(records: &[Result<Unproven, String>]) -> Vec<&Check> {
    records
        .iter()
        .flatten()
        .flat_map(Unproven::checks)
        .flatten()
        .collect()
}
