//! The office's books: a mentor's mentees, a branch's register, own banks. Only the office's page
//! keeps them open; the study looks into the own banks when one is practised.

use super::desk::{Desk, env};
use crate::domain::course::own::{PackEvent, Packs};
use crate::domain::roster::{Receipt, Register};
use crate::domain::study::EventId;
use crate::platform::page;
use crate::platform::worker::{Pool, Worker};
use crate::store::{Book, Journal, StoreError};
use leptos::prelude::*;

/// What the office's screens share.
#[derive(Clone, Copy)]
pub(super) struct Office {
    /// The desk underneath.
    desk: Desk,
    /// A mentor's mentees.
    pub(super) mentees: RwSignal<Journal<Register>>,
    /// A branch's register.
    pub(super) register: RwSignal<Journal<Register>>,
    /// Own banks of questions.
    pub(super) packs: RwSignal<Journal<Packs>>,
    worker: StoredValue<Worker, LocalStorage>,
    signers: StoredValue<Pool, LocalStorage>,
}

/// The office of this page.
pub(super) fn use_office() -> Office {
    expect_context()
}

impl Office {
    /// Puts the office's books on the desk.
    pub(super) fn open(desk: Desk) {
        let mentees = RwSignal::new(Journal::new(Book::Mentees));
        let register = RwSignal::new(Journal::new(Book::Register));
        desk.keep(mentees);
        desk.keep(register);
        let packs = RwSignal::new(Journal::new(Book::Packs));
        desk.keep(packs);
        provide_context(Self {
            desk,
            mentees,
            register,
            packs,
            worker: StoredValue::new_local(Worker::new(page::meta("xuedang-worker"))),
            signers: StoredValue::new_local(Pool::new(&page::meta("xuedang-signer"))),
        });
    }

    /// The program for spreadsheets, fetched when it is first asked.
    pub(super) fn worker(self) -> Worker {
        self.worker.get_value()
    }

    /// The program for keys and signatures, fetched when it is first asked: one of it for a single
    /// order, all for many.
    #[expect(dead_code, reason = "the screens that sign are built on it")]
    pub(super) fn signers(self) -> Pool {
        self.signers.get_value()
    }

    /// Writes into the book of own banks: a bank comes whole, or not at all.
    ///
    /// # Errors
    /// The vault's; then the book is as it was.
    pub(super) async fn change_packs(self, what: PackEvent) -> Result<(), StoreError> {
        let entries = self
            .packs
            .with_untracked(|packs| packs.draft(vec![what], &mut env));
        self.desk.write_all(entries).await
    }

    /// Takes received records into a book: all of them, or none.
    ///
    /// # Errors
    /// The vault's; then the book is as it was.
    pub(super) async fn receive(
        self,
        book: RwSignal<Journal<Register>>,
        receipts: Vec<Receipt>,
    ) -> Result<(), StoreError> {
        let entries = book.with_untracked(|book| book.draft(receipts, &mut env));
        self.desk.write_all(entries).await
    }

    /// Deletes a person from a book for good.
    ///
    /// # Errors
    /// The vault's.
    pub(super) async fn forget(
        self,
        book: RwSignal<Journal<Register>>,
        holder: &EventId,
    ) -> Result<(), StoreError> {
        let prefix = book.with_untracked(Journal::book).prefix();
        let keys: Vec<String> = book.with_untracked(|journal| {
            let member = journal.state().people.get(holder);
            let seen = member.into_iter().flat_map(|member| &member.history);
            seen.map(|seen| format!("{prefix}{:012}/{}", seen.seq, seen.event))
                .collect()
        });
        self.desk.delete(&keys).await
    }
}
