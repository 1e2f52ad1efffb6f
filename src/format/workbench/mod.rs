//! What the branch's program is asked, and what it answers; pure, so that every order is a native test.
//!
//! The program holds the [`Workbench`], which may be large, and the page asks for what it shows. An
//! order is a word, a text (JSON) and bytes; the part before the `/` names the module that carries it
//! out, whose documentation lists its words. What is to be written down comes back as [`Deed`]s, which
//! the program writes in one transaction before it answers: all of them, or none.
//!
//! The page knows the questions and answers; what carries them out and is heavy stands behind features.

pub mod class;
pub mod due;
pub mod figures;
pub mod hub;
pub mod import;
pub mod leave;
pub mod note;
pub mod people;
pub mod person;
pub mod records;

use crate::domain::time::{Date, Moment};
use crate::domain::workbench::{Deed, Workbench};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// An order.
#[derive(Debug)]
pub struct Order<'a> {
    /// The word.
    pub what: &'a str,
    /// Its text.
    pub text: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// When it is carried out.
    pub now: Moment,
}

impl Order<'_> {
    /// Today.
    pub fn today(&self) -> Date {
        self.now.date()
    }

    /// What its text says.
    ///
    /// # Errors
    /// What the person reads: the page is of another build.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, String> {
        serde_json::from_str(self.text)
            .map_err(|error| format!("本页与后台程序的版本不同（{error}），请刷新本页"))
    }
}

/// What an order comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The answer's text, JSON as a rule.
    pub text: String,
    /// A file, and what it is (a MIME type).
    pub file: Option<(Vec<u8>, &'static str)>,
    /// What is to be written down before it is answered.
    pub deeds: Vec<Deed>,
}

/// An outcome, or what the person reads; then nothing has changed.
pub type Answer = Result<Outcome, String>;

/// An answer that only says something.
///
/// # Errors
/// When it cannot be written as JSON; nothing of ours is so.
pub fn say(answer: &impl Serialize) -> Answer {
    Ok(Outcome {
        text: serde_json::to_string(answer).map_err(|error| error.to_string())?,
        ..Outcome::default()
    })
}

/// An answer that has something written down.
pub fn write(deeds: Vec<Deed>) -> Answer {
    Ok(Outcome {
        text: "null".into(),
        deeds,
        ..Outcome::default()
    })
}

/// Told how far long work has come: what is being done, how much is done, of how much.
pub type Step<'a> = &'a mut dyn FnMut(&str, usize, usize);

/// What is kept between orders, beside the workbench itself.
#[derive(Debug, Default)]
pub struct Bench {
    /// The roster that is being imported.
    #[cfg(feature = "sheets")]
    import: import::Desk,
    /// Who was found, and in which order.
    table: people::Table,
    /// What is due.
    due: Option<due::List>,
    figures: figures::Kept,
    /// The archive of records that is being unpacked.
    records: records::Unpacking,
}

impl Bench {
    /// Carries out an order; `None` when it is none of this build's.
    pub fn carry_out(&mut self, work: &Workbench, order: &Order<'_>, step: Step<'_>) -> Option<Answer> {
        let (part, word) = order.what.split_once('/')?;
        match part {
            "class" => class::carry_out(work, word, order),
            "due" => due::carry_out(&mut self.due, work, word, order, step),
            "hub" => hub::carry_out(work, word, order),
            #[cfg(feature = "sheets")]
            "import" => import::carry_out(&mut self.import, work, word, order, step),
            "figures" => figures::carry_out(&mut self.figures, work, word, order, step),
            #[cfg(all(feature = "exports", feature = "upward"))]
            "leave" => leave::carry_out(work, word, order, step),
            "note" => note::carry_out(work, word, order),
            "people" => people::carry_out(self, work, word, order, step),
            "person" => person::carry_out(work, word, order),
            "records" => records::carry_out(&mut self.records, work, word, order, step),
            _ => None,
        }
    }

    /// The people whom a [`people::Only`] means by its cause: a module that links to the register names
    /// its own causes `<module>/…` and is asked here. `None` for a cause that is none of this build's.
    pub fn caused(&mut self, work: &Workbench, cause: &str, today: Date) -> Option<Vec<u32>> {
        let (part, cause) = cause.split_once('/')?;
        let _ = (work, part, cause, today);
        None
    }

    /// The workbench has changed: what was worked out from it holds no longer.
    pub fn forget(&mut self) {
        #[cfg(feature = "sheets")]
        self.import.forget();
        self.table.forget();
        self.due = None;
        self.figures = figures::Kept::default();
    }
}
