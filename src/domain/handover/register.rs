//! Moves in a branch's register: who left stays, marked, with everything; who came brings along the
//! periods at other units.

use super::{Package, Period, Reckoning, Source};
use crate::domain::record::TrainingRecord;
use crate::domain::roster::{Arrived, Credential, Member, Receipt, Register, Verdict};
use crate::domain::study::{Event, EventId};
use crate::domain::time::{Date, Moment};
use serde::{Deserialize, Serialize};

/// What happens in a register when people move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Handover {
    /// A package was made for somebody who leaves.
    MovedOut {
        /// The package, as it was saved.
        package: Box<Package>,
    },
    /// A package was received.
    MovedIn {
        /// Name of the file.
        file: String,
        /// The day from which this branch continues, typed.
        since: Date,
        /// The package, checked before.
        package: Box<Package>,
        /// The record in it.
        record: Box<TrainingRecord>,
        /// A signature on it did not hold when it was received.
        #[serde(default, skip_serializing_if = "crate::domain::is_false")]
        fails: bool,
    },
    /// A move was noted by mistake; it stays in the history, marked.
    TakenBack {
        /// Whose.
        holder: EventId,
        /// The package's number.
        package: EventId,
        /// Why, in the secretary's words.
        why: String,
    },
}

/// A move in a person's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Which way.
    pub direction: Direction,
    /// The package.
    pub package: Package,
    /// The file that it came in; empty for one that was made here.
    pub file: String,
    /// The day from which this branch continues; `None` for who leaves.
    pub since: Option<Date>,
    /// When it was noted.
    pub at: Moment,
    /// Its event.
    pub event: EventId,
    /// Its event's number.
    pub seq: u64,
    /// That it was noted by mistake.
    pub taken_back: Option<TakenBack>,
}

/// Which way somebody moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Away.
    Out,
    /// Here.
    In,
}

/// That a move was noted by mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBack {
    /// Why.
    pub why: String,
    /// When that was noted.
    pub at: Moment,
    /// Its event.
    pub event: EventId,
    /// Its event's number.
    pub seq: u64,
}

impl Register {
    /// Folds a move in.
    pub(in crate::domain) fn hand_over(&mut self, event: &Event<Receipt>, what: &Handover) {
        let note = |direction, package: &Package, file: &str, since| Move {
            direction,
            package: package.clone(),
            file: file.to_owned(),
            since,
            at: event.at,
            event: event.id.clone(),
            seq: event.seq,
            taken_back: None,
        };
        match what {
            Handover::MovedOut { package } => {
                if let Some(member) = self.people.get_mut(&package.body.person.holder) {
                    member.moves.push(note(Direction::Out, package, "", None));
                }
            }
            Handover::MovedIn {
                file,
                since,
                package,
                record,
                fails,
            } => {
                let received = Receipt::Received {
                    file: file.clone(),
                    record: record.clone(),
                    credential: credential_in(package, *fails),
                };
                self.apply(&Event {
                    v: event.v,
                    id: event.id.clone(),
                    seq: event.seq,
                    at: event.at,
                    what: received,
                });
                if let Some(member) = self.people.get_mut(&record.body.holder) {
                    member
                        .moves
                        .push(note(Direction::In, package, file, Some(*since)));
                }
            }
            Handover::TakenBack { holder, package, why } => {
                let moves = self.people.get_mut(holder).map(|member| &mut member.moves);
                let taken = moves
                    .into_iter()
                    .flatten()
                    .rev()
                    .find(|step| step.package.body.id == *package && step.taken_back.is_none());
                if let Some(step) = taken {
                    step.taken_back = Some(TakenBack {
                        why: why.clone(),
                        at: event.at,
                        event: event.id.clone(),
                        seq: event.seq,
                    });
                }
            }
        }
    }

    /// What the register makes of somebody who arrives with this package and the record in it: as
    /// for an import. `fails`: a signature on it does not hold.
    pub fn arrival(&self, package: &Package, record: &TrainingRecord, fails: bool) -> Verdict {
        let arrived = Arrived {
            record: record.clone(),
            credential: credential_in(package, fails),
        };
        let plan = self.plan(vec![(String::new(), Ok(arrived))]);
        let verdict = plan.rows.into_iter().next().map(|row| row.verdict);
        verdict.unwrap_or(Verdict::New)
    }

    /// Whether that package was received before, and counts.
    pub fn has_received(&self, package: &EventId) -> bool {
        let moves = self.people.values().flat_map(|member| &member.moves);
        let mut received = moves.filter(|step| step.direction == Direction::In && step.taken_back.is_none());
        received.any(|step| step.package.body.id == *package)
    }
}

/// The signed record that a package carries; `None` when it is not signed.
fn credential_in(package: &Package, fails: bool) -> Option<Credential> {
    let carried = &package.body.record;
    carried.signed.then(|| Credential::of(&carried.text, fails))
}

impl Member {
    /// The last move that counts: whether the person is here, and since when.
    pub fn last_move(&self) -> Option<&Move> {
        self.moves.iter().rev().find(|step| step.taken_back.is_none())
    }

    /// The events of all moves, so that they can be deleted with the person: number and id.
    pub fn move_events(&self) -> Vec<(u64, EventId)> {
        let mut events = Vec::new();
        for step in &self.moves {
            events.push((step.seq, step.event.clone()));
            events.extend(
                step.taken_back
                    .iter()
                    .map(|taken| (taken.seq, taken.event.clone())),
            );
        }
        events
    }

    /// Whether the person has left.
    pub fn has_left(&self) -> bool {
        self.last_move()
            .is_some_and(|step| step.direction == Direction::Out)
    }

    /// The last arrival that counts.
    pub fn arrival(&self) -> Option<&Move> {
        let mut back = self.moves.iter().rev();
        back.find(|step| step.direction == Direction::In && step.taken_back.is_none())
    }

    /// The day of confirmation: as the old unit noted it in the package that the person came with, by
    /// its minutes; else as the record has it, by the person's own word.
    pub fn confirmed(&self) -> Option<Date> {
        let arrival = self.arrival();
        let noted = arrival.and_then(|step| step.package.body.person.confirmed);
        noted.or(self.record.body.person.confirmed)
    }

    /// Cultivation as far as it is known here, until that day: at earlier units by the package that
    /// the person came with, and here. Empty when nothing is known.
    pub fn periods(&self, until: Date) -> Vec<Period> {
        let Some(arrival) = self.arrival() else {
            let here = self.confirmed().filter(|day| *day <= until);
            let unit = self.record.body.person.branch.as_deref().unwrap_or_default();
            return here.map(|day| period(unit, day, until)).into_iter().collect();
        };
        let body = &arrival.package.body;
        let mut periods: Vec<Period> = body.periods.clone();
        for period in &mut periods {
            period.source = Source::Package;
        }
        if let Some(since) = arrival.since.filter(|day| *day <= until) {
            periods.push(period(&body.change.to, since, until));
        }
        periods
    }

    /// Cultivation added up, until that day or the day on which the person left.
    pub fn reckoning(&self, today: Date) -> Reckoning {
        match self.last_move() {
            Some(step) if step.direction == Direction::Out => step.package.body.reckoning(),
            _ => Reckoning::of(self.confirmed(), &self.periods(today), today),
        }
    }
}

fn period(unit: &str, from: Date, to: Date) -> Period {
    Period {
        from,
        to,
        unit: unit.to_owned(),
        source: Source::Typed,
    }
}
