//! What a mentor (and, for its confirmation, a branch) does about a person whose records are received.
//!
//! 1. [`Deed`]s are events in the book that the records are in; [`Mentoring`] is their fold. They stay
//!    in this browser: nothing of them is in any record but the opinion that was signed.
//! 2. [`compare`] says what changed from one record to the next.
//! 3. [`timeline`] is everything that has a day.
//! 4. [`tasks`] sets what the record shows beside the four tasks of a mentor (细则 2026, Art. 9).
//! 5. [`attention`] says who needs it first; the days of reviews are [`crate::domain::due::rhythm`]'s.
//!
//! An opinion is typed by the mentor. Nothing here writes, completes or proposes one (Art. 9, 41).

pub mod attention;
pub mod compare;
pub mod tasks;
pub mod timeline;

use crate::domain::due::rhythm::{REVIEW_MONTHS, Rhythm};
use crate::domain::record::Body;
use crate::domain::roster::Credential;
use crate::domain::sort_by;
use crate::domain::study::{Event, EventId, Refusal, Stage, line, note, past, refuse};
use crate::domain::time::{Date, Env, Moment};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest note, in characters.
pub const MOST: usize = 2_000;

/// Something that was done about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// The draft of an opinion was kept; empty text: it was put away.
    Drafted(String),
    /// A record was signed here, by a mentor or for the branch.
    Signed(Signed),
    /// Something was jotted down, or changed.
    Jotted(Jotting),
    /// What was jotted down was taken out.
    Struck(EventId),
}

/// A record that was signed here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Digest of the whole record.
    pub whole: String,
    /// Under which name.
    pub name: String,
    /// The signed record with that proof.
    pub credential: Credential,
}

/// Something jotted down about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jotting {
    /// Which.
    pub id: EventId,
    /// What kind.
    pub kind: JottingKind,
    /// Its day: on which a review was held, on which something is to be remembered.
    pub date: Date,
    /// The text; may be empty for a review.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// What kind of thing was jotted down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JottingKind {
    /// A review of the branch, 考察, was held (细则 Art. 11).
    Review,
    /// A note for oneself.
    #[default]
    Note,
    /// To be remembered on a day.
    Reminder,
}

impl JottingKind {
    /// All.
    pub const ALL: [Self; 3] = [Self::Note, Self::Review, Self::Reminder];

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Review => "党支部考察",
            Self::Note => "工作笔记",
            Self::Reminder => "提醒",
        }
    }

    /// Its name in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Note => "note",
            Self::Reminder => "reminder",
        }
    }

    /// The kind of that name.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What was done about one person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mentoring {
    /// The draft of the opinion; empty when there is none.
    pub draft: String,
    /// When it was kept.
    pub drafted: Option<Moment>,
    /// What was signed here, in the order of the fold, with the moment.
    pub signed: Vec<Signed>,
    /// When each of [`Self::signed`] was.
    pub signed_at: Vec<Moment>,
    /// What was jotted down.
    pub jottings: BTreeMap<EventId, Jotting>,
    /// When the last of all this was done.
    pub last: Option<Moment>,
    /// Numbers and ids of the events, to delete them by.
    pub events: Vec<(u64, EventId)>,
}

impl Mentoring {
    /// Folds one deed in.
    pub(super) fn apply<K>(&mut self, deed: &Deed, event: &Event<K>) {
        self.events.push((event.seq, event.id.clone()));
        self.last = Some(self.last.map_or(
            event.at,
            |last| {
                if event.at.ms > last.ms { event.at } else { last }
            },
        ));
        match deed {
            Deed::Drafted(text) => {
                self.draft.clone_from(text);
                self.drafted = (!text.is_empty()).then_some(event.at);
            }
            Deed::Signed(signed) => {
                self.signed.push(signed.clone());
                self.signed_at.push(event.at);
            }
            Deed::Jotted(jotting) => {
                self.jottings.insert(jotting.id.clone(), jotting.clone());
            }
            Deed::Struck(id) => {
                self.jottings.remove(id);
            }
        }
    }

    /// What of a kind was jotted down, by day.
    pub fn of(&self, kind: JottingKind) -> Vec<&Jotting> {
        let mut all: Vec<_> = self.jottings.values().filter(|one| one.kind == kind).collect();
        sort_by(&mut all, |a, b| (a.date, &a.id).cmp(&(b.date, &b.id)));
        all
    }

    /// Whether the record of that digest was signed here.
    pub fn has_signed(&self, whole: &str) -> bool {
        self.signed.iter().any(|signed| signed.whole == whole)
    }
}

/// Checks what is jotted down, a new one (`None`) or one that is changed, and says what is done.
///
/// # Errors
/// [`Refusal`] with the field and the reason, for the person to read.
pub fn jot(
    id: Option<EventId>,
    kind: JottingKind,
    date: Date,
    text: &str,
    env: &Env,
) -> Result<Deed, Refusal> {
    let today = env.now.date();
    match kind {
        JottingKind::Review | JottingKind::Note => past(date, today)?,
        JottingKind::Reminder if id.is_none() && date < today => {
            return refuse("date", "提醒的日期不能早于今天");
        }
        JottingKind::Reminder => {}
    }
    let text = match kind {
        // It becomes the title of an appointment.
        JottingKind::Reminder => line("text", "内容", text, true)?,
        _ => note("text", "内容", text, MOST)?,
    };
    if text.is_empty() && kind != JottingKind::Review {
        return refuse("text", "请填写内容");
    }
    let id = id.unwrap_or_else(|| EventId::new(env));
    Ok(Deed::Jotted(Jotting { id, kind, date, text }))
}

/// Checks the draft of an opinion and says what is done. It may be empty: then it is put away.
///
/// # Errors
/// [`Refusal`] when it is too long.
pub fn draft(text: &str) -> Result<Deed, Refusal> {
    note("opinion", "意见", text, MOST).map(Deed::Drafted)
}

/// How the half-year reviews stand (细则 2026, Art. 11), by the day of confirmation that the record
/// gives and the reviews that were noted here; `None` when the record does not give that day, or says
/// that the person is no activist: reviews are of activists.
pub fn reviews(body: &Body, mentoring: Option<&Mentoring>, today: Date) -> Option<Rhythm> {
    let is_activist = body.person.stage.is_none_or(|stage| stage == Stage::Activist);
    let confirmed = body.person.confirmed.filter(|_| is_activist)?;
    let held: Vec<Date> = mentoring
        .into_iter()
        .flat_map(|mentoring| mentoring.of(JottingKind::Review))
        .map(|review| review.date)
        .collect();
    Some(Rhythm::of(confirmed, REVIEW_MONTHS, &held, today))
}

/// The next days on which a review is due, from today on: two, none where nothing is counted.
pub fn next_reviews(rhythm: &Rhythm) -> Vec<Date> {
    let (Some(next), Some(first)) = (rhythm.next(), rhythm.periods.first()) else {
        return Vec::new();
    };
    let after = (1..)
        .map(|number| first.after.add_months(i32::from(REVIEW_MONTHS) * number))
        .take(301)
        .find(|day| *day > next);
    [Some(next), after].into_iter().flatten().collect()
}
