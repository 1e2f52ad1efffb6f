//! What stands beside the lessons: timeline, glossary, procedure, to whom to apply, and holidays.

use super::Reader;
use super::fields::{Fields, Text};
use crate::domain::course::glossary::Term;
use crate::domain::course::lint::draft::{Draft, HolidaysDraft, ProcedureDraft, Sheet};
use crate::domain::course::timeline::TimelineEvent;
use crate::domain::procedure::holiday::{Holiday, Notice};
use crate::domain::procedure::whom::WhomCase;
use crate::domain::procedure::{Difference, Stage, Step};
use toml::de::DeTable;

impl Reader<'_> {
    pub(super) fn timeline(&mut self, text: &str) -> Sheet<TimelineEvent> {
        self.sheet(text, "event", |fields| TimelineEvent {
            id: fields.text("id"),
            date: fields.text("date"),
            until: fields.text("until"),
            title: fields.text("title"),
            text: fields.text("text"),
            sort: fields.text("sort"),
            level: fields.number("level"),
            cite: fields.citations("cite"),
            lessons: fields.texts("lessons"),
        })
    }

    pub(super) fn glossary(&mut self, text: &str) -> Sheet<Term> {
        self.sheet(text, "term", |fields| Term {
            id: fields.text("id"),
            term: fields.text("term"),
            also: fields.texts("also"),
            text: fields.text("text"),
            cite: fields.citations("cite"),
            lesson: fields.text("lesson"),
        })
    }

    pub(super) fn whom(&mut self, text: &str) -> Sheet<WhomCase> {
        self.sheet(text, "case", |fields| WhomCase {
            id: fields.text("id"),
            ask: fields.text("ask"),
            who: fields.text("who"),
            situation: fields.text("situation"),
            answer: fields.text("answer"),
            also: fields.text("also"),
            cite: fields.citations("cite"),
        })
    }

    pub(super) fn differences(&mut self, text: &str) -> Sheet<Difference> {
        self.sheet(text, "difference", |fields| Difference {
            id: fields.text("id"),
            title: fields.text("title"),
            old: fields.text("old"),
            new: fields.text("new"),
            step: fields.text("step"),
            cite: fields.citations("cite"),
        })
    }

    pub(super) fn procedure(&mut self, text: &str) -> ProcedureDraft {
        let (text, table) = self.parse(text, 1);
        let mut fields = Fields::of(self, &text, table.get_ref(), 1);
        let mut procedure = ProcedureDraft {
            source: fields.text("source"),
            ..ProcedureDraft::default()
        };
        let mut steps = head(&mut fields);
        let (stages, tables) = (fields.tables("stage"), fields.tables("step"));
        steps.origin = fields.finish();
        procedure.stages = self.entries(&text, stages, |fields| Stage {
            id: fields.text("id"),
            title: fields.text("title"),
        });
        steps.entries = self.entries(&text, tables, |fields| Step {
            id: fields.text("id"),
            stage: fields.text("stage"),
            title: fields.text("title"),
            who: fields.text("who"),
            what: fields.text("what"),
            makes: fields.texts("makes"),
            deadline: fields.text("deadline"),
            cite: fields.citations("cite"),
            note: fields.text("note"),
        });
        procedure.steps = steps;
        procedure
    }

    pub(super) fn holidays(&mut self, text: &str) -> HolidaysDraft {
        let (text, table) = self.parse(text, 1);
        let mut fields = Fields::of(self, &text, table.get_ref(), 1);
        let mut entries = head(&mut fields);
        let (notices, holidays) = (fields.tables("notice"), fields.tables("holiday"));
        entries.origin = fields.finish();
        let notices = self.entries(&text, notices, |fields| Notice {
            year: fields.number("year"),
            number: fields.text("number"),
            issued: fields.text("issued"),
            title: fields.text("title"),
        });
        entries.entries = self.entries(&text, holidays, |fields| Holiday {
            notice: fields.text("notice"),
            name: fields.text("name"),
            first: fields.text("first"),
            last: fields.text("last"),
            work: fields.texts("work"),
        });
        HolidaysDraft { notices, entries }
    }

    /// A file whose `[[name]]` are things of one kind.
    fn sheet<T>(
        &mut self,
        text: &str,
        name: &'static str,
        read: impl Fn(&mut Fields<'_, '_, '_, '_>) -> T,
    ) -> Sheet<T> {
        let (text, table) = self.parse(text, 1);
        let mut fields = Fields::of(self, &text, table.get_ref(), 1);
        let mut sheet = head(&mut fields);
        let tables = fields.tables(name);
        sheet.origin = fields.finish();
        sheet.entries = self.entries(&text, tables, read);
        sheet
    }

    fn entries<T>(
        &mut self,
        text: &Text,
        tables: Vec<(u32, &DeTable<'_>)>,
        read: impl Fn(&mut Fields<'_, '_, '_, '_>) -> T,
    ) -> Vec<Draft<T>> {
        let mut entries = Vec::new();
        for (line, table) in tables {
            let mut fields = Fields::of(self, text, table, line);
            let what = read(&mut fields);
            let origin = fields.finish();
            entries.push(Draft { origin, what });
        }
        entries
    }
}

/// When and against what the file was checked.
fn head<T>(fields: &mut Fields<'_, '_, '_, '_>) -> Sheet<T> {
    Sheet {
        checked: fields.text("checked"),
        against: fields.text("against"),
        ..Sheet::default()
    }
}
