//! Thought reports, 思想汇报: what an activist writes to the party organisation about how he thinks and
//! comes along. How often is local custom and not in the 细则; nothing here asks for one, and nothing
//! writes one.
//!
//! They are taken out by [`Action::Remove`](super::Action::Remove).

use super::action::{Refusal, line, note, past};
use super::event::EventId;
use super::journal::Happening;
use crate::domain::time::{Date, Env};
use serde::{Deserialize, Serialize};

/// Longest text, in characters.
pub const MOST: usize = 10_000;

/// A thought report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Which.
    pub id: EventId,
    /// The day under it.
    pub date: Date,
    /// What it is called.
    pub title: String,
    /// The text; it leaves the browser only when ticked. Empty for one that was written on paper.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// Checks a report, a new one (`None`) or one that is changed, and says what happens. Apart from
/// [`Study::decide`](super::Study::decide), so that only the program that has its screen carries it.
///
/// # Errors
/// [`Refusal`] with the field and the reason, for the person to read.
pub fn decide(
    id: Option<EventId>,
    date: Date,
    title: &str,
    text: &str,
    env: &Env,
) -> Result<Happening, Refusal> {
    past(date, env.now.date())?;
    let title = line("title", "标题", title, true)?;
    Ok(Happening::ReportSet(Report {
        id: id.unwrap_or_else(|| EventId::new(env)),
        date,
        title,
        text: note("text", "正文", text, MOST)?,
    }))
}
