//! The files: a row for each person or change, made of what the workbench knows.

use super::{About, AboutTable, Left, Roster, Table};
use crate::domain::branch::{Field, PersonId, When};
use crate::domain::due::rhythm::{REVIEW_MONTHS, due_days};
use crate::domain::standing::{Change, Decider, Ledger, Organ, State, Transition};
use crate::domain::time::Date;
use crate::domain::workbench::Workbench;
use crate::format::upward::changes::{CHANGES, ChangeRow};
use crate::format::upward::form::{Form, Title};
use crate::format::upward::people::{PEOPLE, PersonRow};
use crate::format::upward::{Export, Format, Row, TABLES, describe};
use crate::format::workbench::figures::{Of, Whom, file_of, reviews};
use crate::format::workbench::{Answer, Order, Outcome, Step, say};
use std::borrow::Cow;

/// People between two reports of progress.
const STEP: usize = 1 << 12;
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Carries out an order of this module.
pub(in crate::format::workbench) fn carry_out(
    work: &Workbench,
    word: &str,
    order: &Order<'_>,
    step: Step<'_>,
) -> Option<Answer> {
    let (format, mime) = match word {
        "csv" => (Format::Csv, "text/csv"),
        "ndjson" => (Format::Ndjson, "application/x-ndjson"),
        "parquet" => (Format::Parquet, "application/vnd.apache.parquet"),
        "form" => {
            return Some(
                order
                    .read()
                    .and_then(|asked| form(work, &asked, order.today(), step)),
            );
        }
        "about" => return Some(say(&about())),
        _ => return None,
    };
    Some(order.read().and_then(|asked| {
        let (name, bytes, rows) = table(work, &asked, format, order.today(), step)?;
        answer(name, rows, bytes, mime)
    }))
}

fn answer(name: String, rows: u64, bytes: Vec<u8>, mime: &'static str) -> Answer {
    Ok(Outcome {
        file: Some((bytes, mime)),
        ..say(&Left { name, rows })?
    })
}

fn about() -> About {
    let tables = TABLES.iter().map(|table| AboutTable {
        heading: table.heading.into(),
        schema: format!("schema/register-{}-{}.schema.json", table.name, table.version),
        columns: describe::short(table),
    });
    About {
        tables: tables.collect(),
    }
}

/// The people who are asked for, with their ledgers.
fn each(
    work: &Workbench,
    whom: &Whom,
    as_of: Date,
    step: Step<'_>,
    mut take: impl FnMut(u32, &Ledger) -> Result<(), String>,
) -> Result<(), String> {
    let all = work.people.count();
    for (person, done) in whom.people(work).zip(0usize..) {
        if done.is_multiple_of(STEP) {
            step("正在导出", done, all);
        }
        let ledger = work.ledger(person);
        if whom.of.takes(ledger.on(as_of).state) {
            take(person, &ledger)?;
        }
    }
    Ok(())
}

fn table(
    work: &Workbench,
    asked: &Table,
    format: Format,
    today: Date,
    step: Step<'_>,
) -> Result<(String, Vec<u8>, u64), String> {
    let as_of = asked.as_of.unwrap_or(today);
    let of = if asked.changes { &CHANGES } else { &PEOPLE };
    let mut export = Export::begin(format, of).map_err(|error| error.to_string())?;
    each(work, &asked.whom, as_of, step, |person, ledger| {
        let put = if asked.changes {
            let mut changes = changes(work, person, ledger, as_of).into_iter();
            changes.try_for_each(|change| export.put(&change.cells()))
        } else {
            export.put(&self::person(work, person, ledger, as_of).cells())
        };
        put.map_err(|error| error.to_string())
    })?;
    let rows = export.rows();
    let bytes = export.finish().map_err(|error| error.to_string())?;
    let name = format!("{}-{as_of}.{}", of.heading, format.extension());
    Ok((name, bytes, rows))
}

fn form(work: &Workbench, asked: &Roster, today: Date, step: Step<'_>) -> Answer {
    let as_of = asked.as_of.unwrap_or(today);
    let or = |typed: &str, other: &dyn Fn() -> String| match typed.trim() {
        "" => other(),
        typed => typed.to_owned(),
    };
    let of = match asked.whom.of {
        Of::Activists => "入党积极分子",
        Of::Only(state) => state.label(),
        Of::Here | Of::All => "发展党员工作",
    };
    let unit = or(&asked.unit, &|| work.unit.clone());
    let title = Title {
        attachment: asked.attachment.trim().to_owned(),
        title: or(&asked.title, &|| format!("{of}名册（截至{}）", as_of.chinese())),
        unit: format!("二级党委（盖章）：{unit}"),
        filed: format!("填报日期：{}", today.chinese()),
    };
    let mut form = Form::begin(&title)?;
    let mut rows = 0;
    each(work, &asked.whom, as_of, step, |person, ledger| {
        rows += 1;
        form.put(&self::person(work, person, ledger, as_of))
    })?;
    let bytes = form.finish()?;
    answer(format!("{}.xlsx", title.title), rows, bytes, XLSX)
}

fn text(text: &str) -> Option<Cow<'_, str>> {
    (!text.is_empty()).then_some(Cow::Borrowed(text))
}

/// Days as they leave: whole ones as days, others in words.
struct Days<'a> {
    work: &'a Workbench,
    person: u32,
    written: Option<&'a Ledger>,
    inexact: Vec<String>,
}

impl Days<'_> {
    fn when(&self, field: Field) -> Option<When> {
        self.work.people.when(self.person, field)
    }

    /// A day that only a roster gives.
    fn roster(&mut self, column: &str, field: Field) -> Option<Date> {
        let when = self.when(field)?;
        if when.whole().is_none() {
            self.inexact.push(format!("{column} {when}"));
        }
        when.whole()
    }

    /// The day of a decision: the roster's month is not made a day, unless somebody has written down
    /// which.
    fn decided(
        &mut self,
        column: &str,
        field: Field,
        day: Option<Date>,
        is: impl Fn(&Transition) -> bool,
    ) -> Option<Date> {
        let when = self.when(field).filter(|when| when.whole().is_none());
        let Some(when) = when.filter(|when| day.is_none() || when.latest() == day) else {
            return day;
        };
        let entries = self.written.into_iter().flat_map(|ledger| &ledger.entries);
        let mut counting = entries.filter(|entry| entry.struck.is_none());
        if counting.any(|entry| is(&entry.change.what)) {
            return day;
        }
        self.inexact.push(format!("{column} {when}"));
        None
    }
}

/// A person's row, as of a day.
pub fn person<'a>(work: &'a Workbench, person: u32, ledger: &Ledger, as_of: Date) -> PersonRow<'a> {
    let words = |field: Field| text(work.people.words(person, field));
    let standing = ledger.on(as_of);
    let stones = ledger.milestones(as_of);
    let facts = work.facts(person, as_of);
    let mut days = Days {
        work,
        person,
        written: file_of(work, person).map(|file| &file.ledger),
        inexact: Vec::new(),
    };
    let born = days.roster("born", Field::Birth);
    let applied = days.decided("applied", Field::Applied, stones.applied, |what| {
        matches!(what, Transition::Applied)
    });
    let recommended = days.roster("recommended", Field::League);
    let confirmed = days.decided("confirmed", Field::Confirmed, stones.confirmed, |what| {
        matches!(what, Transition::Confirmed | Transition::MovedIn { .. })
    });
    let listed = days.decided("listed", Field::Prospect, stones.listed, |what| {
        matches!(what, Transition::Listed)
    });
    let accepted = days.decided("accepted", Field::Admitted, stones.admitted, |what| {
        matches!(what, Transition::Admitted | Transition::MovedIn { .. })
    });
    let full = days.decided("became_full", Field::Full, became_full(ledger, as_of), |what| {
        matches!(what, Transition::PassedFull | Transition::Full { .. })
    });

    let mut serving = facts.mentors.iter().filter(|mentor| mentor.serves(as_of));
    let mut mentor = || {
        let mentor = serving.next()?;
        (!mentor.name.is_empty()).then(|| Cow::Owned(mentor.name.clone()))
    };
    let (mentor_1, mentor_2) = (mentor(), mentor());

    let since = stones.confirmed;
    let ended = if standing.state.is_activist() {
        Some(as_of)
    } else {
        stones.listed.or(standing.since)
    };
    let cultivated = since
        .zip(ended)
        .map(|(from, until)| (until.days() - from.days()).max(0));
    let elsewhere = elsewhere(ledger, as_of);
    let due = since.map(|since| {
        let days = due_days(since, REVIEW_MONTHS, as_of).into_iter();
        days.filter(|day| ledger.on(*day).state.is_activist()).count() as i64
    });
    let held: Vec<Date> = reviews(work, person)
        .into_iter()
        .filter(|day| *day <= as_of)
        .collect();
    let class_hours = (!facts.training.is_empty()).then(|| {
        facts
            .training
            .iter()
            .map(|training| i64::from(training.hours))
            .sum()
    });
    let state = (standing.state != State::Unknown).then(|| Cow::Borrowed(standing.state.label()));

    PersonRow {
        as_of: Some(as_of),
        person_id: work.people.id(person).map(|id| Cow::Owned(id.to_string())),
        branch: words(Field::Branch),
        name: words(Field::Name),
        issued_number: words(Field::Number),
        sex: words(Field::Sex),
        ethnicity: words(Field::Ethnicity),
        native_place: words(Field::Origin),
        born,
        applied,
        recommended,
        confirmed,
        mentor_1,
        mentor_2,
        education: words(Field::Education),
        category: words(Field::Category),
        grade: words(Field::Grade),
        study_length: words(Field::Years),
        post: words(Field::Post),
        secretary: words(Field::Secretary),
        filing: words(Field::Filing),
        inexact_days: (!days.inexact.is_empty()).then(|| Cow::Owned(days.inexact.join("; "))),
        // What plans are made by here.
        social_group: words(Field::Category),
        front_line: work.front_line(person),
        state,
        state_since: standing.since,
        listed,
        accepted,
        became_full: full,
        cultivated_days: cultivated,
        cultivated_elsewhere_days: elsewhere,
        reviews_due: due,
        reviews_held: due.map(|_| held.len() as i64),
        last_review: held.into_iter().max(),
        // Records are a book of their own.
        record_day: None,
        lessons_read: None,
        lessons: None,
        answered: None,
        questions: None,
        correct: None,
        exams: None,
        exams_passed: None,
        practice: None,
        talks: None,
        reports: None,
        self_study_minutes: None,
        class_hours,
    }
}

/// From which day on the person is a full member: as the approval says, or the day of the vote.
fn became_full(ledger: &Ledger, as_of: Date) -> Option<Date> {
    let mut found = None;
    for entry in ledger.in_order() {
        if entry.change.on > as_of {
            break;
        }
        match &entry.change.what {
            Transition::PassedFull => found = Some(entry.change.on),
            Transition::Full { since } => found = since.or(found).or(Some(entry.change.on)),
            Transition::Applied | Transition::Cancelled => found = None,
            _ => {}
        }
    }
    // Voted for and not approved yet is no membership.
    found.filter(|_| matches!(ledger.on(as_of).state, State::Member | State::MovedOut))
}

/// Days of cultivation in earlier organisations, where somebody has written them down.
fn elsewhere(ledger: &Ledger, as_of: Date) -> Option<i64> {
    let entries = ledger.in_order().into_iter();
    let until = entries.take_while(|entry| entry.change.on <= as_of);
    let moved = until.filter_map(|entry| match &entry.change.what {
        Transition::MovedIn {
            confirmed: Some(confirmed),
            ..
        } => Some((entry.change.on.days() - confirmed.days()).max(0)),
        _ => None,
    });
    moved.last()
}

/// A person's changes up to a day, in their order.
pub fn changes<'a>(work: &'a Workbench, person: u32, ledger: &Ledger, as_of: Date) -> Vec<ChangeRow<'a>> {
    let id = work.people.id(person).as_ref().map(PersonId::to_string);
    let word = |state: State| (state != State::Unknown).then(|| Cow::Borrowed(state.label()));
    let mut before = State::Unknown;
    let mut rows = Vec::new();
    let entries = ledger.in_order().into_iter();
    for (entry, after) in entries.zip(ledger.states()) {
        let Change { on, what, by, reason } = &entry.change;
        if *on > as_of {
            break;
        }
        rows.push(ChangeRow {
            person_id: id.clone().map(Cow::Owned),
            happened: Some(*on),
            from_state: word(before),
            to_state: word(after),
            reason: (!reason.is_empty()).then(|| Cow::Owned(reason.clone())),
            decided_by: decided_by(by),
            branch: text(work.people.words(person, Field::Branch)),
            social_group: text(work.people.words(person, Field::Category)),
            decision: Some(Cow::Borrowed(what.label())),
            sequence: Some(rows.len() as i64 + 1),
        });
        before = after;
    }
    rows
}

fn decided_by(by: &Decider) -> Option<Cow<'static, str>> {
    if by.organ == Organ::NotKnown && by.name.is_empty() {
        return None;
    }
    Some(match by.name.as_str() {
        "" => Cow::Borrowed(by.organ.label()),
        name => Cow::Owned(format!("{}（{name}）", by.organ.label())),
    })
}
