//! The branch's program: rosters, the register and everything worked out from it, away from the page,
//! which only asks for what it shows. It keeps the book itself, so that a million people never pass
//! through the page.
//!
//! It is asked what [`xuedang::format::workbench`] lists, in the messages of [`xuedang::worker`], one
//! order after the other. Before each it looks whether another tab has written since, and reads again.
//! Stopping it is ending it: an order that was not answered has changed nothing.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use xuedang::domain::time::Env;
use xuedang::domain::workbench::Workbench;
use xuedang::format::workbench::{Bench, Order as Asked, Outcome};
use xuedang::platform::clock;
use xuedang::platform::vault::Idb;
use xuedang::store::memory::MemoryLog;
use xuedang::store::{Book, Journal, Received, StoreError, Vault};
use xuedang::worker::{Order, random, serve};

fn main() {
    let desk = Rc::new(Desk::default());
    serve(move |order| {
        desk.queue.borrow_mut().push_back(order);
        if !desk.is_busy.replace(true) {
            let desk = Rc::clone(&desk);
            spawn_local(async move { desk.work().await });
        }
    });
}

#[derive(Default)]
struct Desk {
    queue: RefCell<VecDeque<Order>>,
    is_busy: Cell<bool>,
    shelf: RefCell<Shelf>,
}

/// What is kept from one order to the next.
#[derive(Default)]
struct Shelf {
    open: Option<Open>,
    bench: Bench,
}

/// The book as it was read.
struct Open {
    vault: Idb,
    epoch: u64,
    /// A newer build has written: it is only shown.
    newer: bool,
    journal: Journal<Workbench>,
}

impl Desk {
    /// Carries out whatever is asked, in the order in which it came.
    async fn work(&self) {
        let mut shelf = self.shelf.take();
        while let Some(mut order) = self.next() {
            match shelf.carry_out(&mut order).await {
                Ok(Outcome {
                    text,
                    file: Some((bytes, mime)),
                    ..
                }) => order.answer_with_file(&text, &bytes, mime),
                Ok(outcome) => order.answer(Ok((outcome.text, None))),
                Err(why) => order.answer(Err(why)),
            }
        }
        self.shelf.replace(shelf);
        self.is_busy.set(false);
    }

    fn next(&self) -> Option<Order> {
        self.queue.borrow_mut().pop_front()
    }
}

impl Shelf {
    async fn carry_out(&mut self, order: &mut Order) -> Result<Outcome, String> {
        let progress = order.progress();
        let mut step = |what: &str, done: usize, of: usize| progress(&format!("{what}\t{done}\t{of}"));
        step("正在读取名册", 0, 0);
        let open = match self.open.take() {
            Some(open) if open.is_current().await.map_err(told)? => open,
            _ => {
                self.bench.forget();
                Open::read().await.map_err(told)?
            }
        };
        let open = self.open.insert(open);
        let bytes = order.take_bytes()?;
        let asked = Asked {
            what: &order.what,
            text: &order.text,
            bytes: &bytes,
            now: clock::now(),
        };
        let outcome = self
            .bench
            .carry_out(open.journal.state(), &asked, &mut step)
            .ok_or_else(|| format!("本页与后台程序的版本不同（{}），请刷新本页", order.what))??;
        if !outcome.deeds.is_empty() {
            step("正在保存", 0, 0);
            self.write(&outcome).await?;
        }
        Ok(outcome)
    }

    /// Writes deeds in one transaction, and folds them in.
    async fn write(&mut self, outcome: &Outcome) -> Result<(), String> {
        let open = self.open.as_mut().ok_or("名册还没有读完，请再试一次")?;
        if open.newer {
            return Err("数据由更新版本的学档写成，本页只能查看，不再写入；请刷新本页".into());
        }
        let entries = open.journal.draft(outcome.deeds.clone(), &mut env);
        let written = open.vault.append(open.epoch, &entries).await;
        written.map_err(told)?;
        self.bench.forget();
        let again = entries
            .iter()
            .any(|entry| open.journal.receive(entry) != Received::Folded);
        if again {
            self.open = None;
        }
        Ok(())
    }
}

impl Open {
    async fn read() -> Result<Self, StoreError> {
        let vault = Idb::open().await?;
        let (journal, report) = Journal::load(Book::Roster, &vault, &MemoryLog::default()).await?;
        Ok(Self {
            vault,
            epoch: report.epoch,
            newer: report.newer,
            journal,
        })
    }

    /// Whether nobody has written since.
    async fn is_current(&self) -> Result<bool, StoreError> {
        let prefix = Book::Roster.prefix();
        // Keys go on with digits, all of which come before `:`.
        let count = self.vault.count(prefix, &format!("{prefix}:")).await?;
        Ok(self.vault.epoch().await? == self.epoch && count == self.journal.count())
    }
}

/// A fresh reading of clock and chance.
fn env() -> Env {
    let mut bytes = [0; 16];
    // Without it ids hang on the time alone.
    random(&mut bytes);
    Env {
        now: clock::now(),
        chance: u128::from_le_bytes(bytes),
    }
}

fn told(error: StoreError) -> String {
    error.to_string()
}
