//! Who needs a mentor first. Only days and facts; what they mean is the mentor's to say.

use super::compare::changes_of;
use super::{JottingKind, Mentoring, reviews};
use crate::domain::roster::{Member, Register};
use crate::domain::sort_by;
use crate::domain::study::{EventId, Stage};
use crate::domain::time::Date;

/// After how many days without a talk a person is listed further up. The rules say "often" and no
/// number; this only sorts, and the screen says so.
pub const QUIET: i64 = 60;
/// How many days before a review is due it is told.
pub const SOON: i64 = 30;

/// Why a person needs attention. In the order in which people are listed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A signature did not hold.
    Unproven,
    /// Something in the newest record became less, was altered or went, so many times.
    Doubts(usize),
    /// What one wanted to remember on that day.
    Reminder(Date, String),
    /// The branch's review has not been noted, and was due on that day.
    ReviewOverdue(Date),
    /// It is due on that day.
    ReviewSoon(Date),
    /// A record has come, and nothing was done since.
    NewRecord(Date),
    /// No talk for so many days; `None`: the record has none at all.
    Quiet(Option<i64>),
    /// It is signed by the person, and not here.
    NotCountersigned,
    /// It is not signed.
    NotSigned,
    /// The day of confirmation is not in the record, so that no review can be counted.
    NoConfirmation,
}

impl Reason {
    /// What a reader sees.
    pub fn label(&self) -> String {
        match self {
            Self::Unproven => "签名不成立".into(),
            Self::Doubts(count) => format!("{count} 处要问清"),
            Self::Reminder(day, text) => format!("{day} {text}"),
            Self::ReviewOverdue(day) => format!("半年考察 {day} 到期，没有记"),
            Self::ReviewSoon(day) => format!("半年考察 {day} 到期"),
            Self::NewRecord(day) => format!("{day} 收到新记录"),
            Self::Quiet(Some(days)) => format!("{days} 天没有谈话"),
            Self::Quiet(None) => "没有谈话记录".into(),
            Self::NotCountersigned => "待您签名".into(),
            Self::NotSigned => "本人未签名".into(),
            Self::NoConfirmation => "缺确定日期".into(),
        }
    }

    /// Its name in markup and in the filter.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unproven => "unproven",
            Self::Doubts(_) => "doubts",
            Self::Reminder(..) => "reminder",
            Self::ReviewOverdue(_) | Self::ReviewSoon(_) => "review",
            Self::NewRecord(_) => "new",
            Self::Quiet(_) => "quiet",
            Self::NotCountersigned => "countersign",
            Self::NotSigned => "unsigned",
            Self::NoConfirmation => "no-day",
        }
    }

    /// Whether it will not wait.
    pub fn is_urgent(&self) -> bool {
        matches!(
            self,
            Self::Unproven | Self::Doubts(_) | Self::Reminder(..) | Self::ReviewOverdue(_)
        )
    }
}

/// Why this person needs attention today, the most urgent first.
pub fn reasons(register: &Register, holder: &EventId, member: &Member, today: Date) -> Vec<Reason> {
    let mentoring = register.mentoring.get(holder);
    let body = &member.record.body;
    let mut reasons = Vec::new();
    let credential = register.credential(holder);
    let signed = mentoring.is_some_and(|mentoring| mentoring.has_signed(&member.record.digest.whole));
    match credential {
        Some(credential) if credential.fails => reasons.push(Reason::Unproven),
        Some(_) if !signed => reasons.push(Reason::NotCountersigned),
        Some(_) => {}
        None => reasons.push(Reason::NotSigned),
    }
    // Who has signed this record has seen what changed.
    if let (Some(before), false) = (&member.before, signed) {
        let changes = changes_of(before, &member.record, credential);
        let loud = changes.iter().filter(|change| change.kind.is_loud()).count();
        if loud > 0 {
            reasons.push(Reason::Doubts(loud));
        }
    }
    let reminders = mentoring.map(|mentoring| mentoring.of(JottingKind::Reminder));
    for reminder in reminders
        .iter()
        .flatten()
        .filter(|reminder| reminder.date <= today)
    {
        reasons.push(Reason::Reminder(reminder.date, reminder.text.clone()));
    }
    if let Some(rhythm) = reviews(body, mentoring, today) {
        if let Some(overdue) = rhythm.overdue() {
            reasons.push(Reason::ReviewOverdue(overdue.due));
        }
        if let Some(next) = rhythm.next().filter(|next| next.days() - today.days() <= SOON) {
            reasons.push(Reason::ReviewSoon(next));
        }
    } else if body.person.confirmed.is_none()
        && body.person.stage.is_none_or(|stage| stage == Stage::Activist)
    {
        reasons.push(Reason::NoConfirmation);
    }
    if mentoring.is_none_or(|mentoring| is_after(member, mentoring)) {
        reasons.push(Reason::NewRecord(member.received.date()));
    }
    if let Some(talks) = &body.talks {
        let last = talks.iter().map(|talk| talk.date).max();
        let days = last.map(|last| today.days() - last.days());
        if days.is_none_or(|days| days > QUIET) {
            reasons.push(Reason::Quiet(days));
        }
    }
    reasons.sort();
    reasons
}

/// Whether the newest record came after the last thing that was done here.
fn is_after(member: &Member, mentoring: &Mentoring) -> bool {
    mentoring.last.is_none_or(|last| member.received.ms > last.ms)
}

/// A person with the reasons to look.
pub type Listed<'a> = (&'a EventId, &'a Member, Vec<Reason>);

/// Everybody who is asked for, who needs it most first, then by branch and name.
pub fn by_need(register: &Register, today: Date, is_asked_for: impl Fn(&Member) -> bool) -> Vec<Listed<'_>> {
    let mut all: Vec<Listed<'_>> = register
        .sorted()
        .into_iter()
        .filter(|(_, member)| is_asked_for(member))
        .map(|(id, member)| (id, member, reasons(register, id, member, today)))
        .collect();
    // The most urgent kind of reason counts; of one kind, the older day and the longer silence.
    sort_by(&mut all, |a, b| first(&a.2).cmp(&first(&b.2)));
    all
}

/// The most urgent reason, so that it sorts: no reason comes last.
fn first(reasons: &[Reason]) -> (bool, Option<Key>) {
    let key = reasons.first().map(|reason| match reason {
        Reason::Unproven => (0, 0),
        Reason::Doubts(count) => (1, -(*count as i64)),
        Reason::Reminder(day, _) => (2, day.days()),
        Reason::ReviewOverdue(day) => (3, day.days()),
        Reason::ReviewSoon(day) => (4, day.days()),
        Reason::NewRecord(day) => (5, -day.days()),
        Reason::Quiet(days) => (6, -days.unwrap_or(i64::MAX)),
        Reason::NotCountersigned => (7, 0),
        Reason::NotSigned => (8, 0),
        Reason::NoConfirmation => (9, 0),
    });
    (key.is_none(), key)
}

/// Kind of reason, and within it.
type Key = (u8, i64);
