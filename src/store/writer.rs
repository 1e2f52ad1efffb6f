//! The write path: log, vault, and only then "saved".

use super::{Entry, Log, StoreError, Vault};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// What the screen may say about saving.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SaveState {
    /// Everything is in the vault.
    #[default]
    Saved,
    /// On its way into the vault; `logged` tells whether the log has it already.
    Saving,
    /// Not in the vault. `logged`: the log has all of it, so a reload would not lose it.
    Failed {
        /// Whether the write-ahead log holds everything.
        logged: bool,
        /// Why.
        error: StoreError,
    },
}

/// Writes entries. Whatever is not yet in the vault stays in `pending`, and in the log where the
/// log takes it, and goes with the next write.
#[derive(Debug)]
pub struct Writer<V, L> {
    vault: V,
    log: L,
    epoch: Cell<u64>,
    pending: RefCell<BTreeMap<String, Entry>>,
    unlogged: RefCell<Option<StoreError>>,
    stopped: RefCell<Option<StoreError>>,
    last_error: RefCell<Option<StoreError>>,
}

impl<V: Vault, L: Log> Writer<V, L> {
    /// A writer that carries `epoch`, the number that the read gave.
    pub fn new(vault: V, log: L, epoch: u64) -> Self {
        Self {
            vault,
            log,
            epoch: Cell::new(epoch),
            pending: RefCell::default(),
            unlogged: RefCell::default(),
            stopped: RefCell::default(),
            last_error: RefCell::default(),
        }
    }

    /// The vault.
    pub fn vault(&self) -> &V {
        &self.vault
    }

    /// The log.
    pub fn log(&self) -> &L {
        &self.log
    }

    /// The epoch that writes carry.
    pub fn epoch(&self) -> u64 {
        self.epoch.get()
    }

    /// Takes a new epoch after this tab itself has replaced or deleted, or has read again.
    pub fn set_epoch(&self, epoch: u64) {
        self.epoch.set(epoch);
        *self.stopped.borrow_mut() = None;
        *self.last_error.borrow_mut() = None;
    }

    /// Writes nothing any more, and says why.
    pub fn stop(&self, why: StoreError) {
        self.stopped.borrow_mut().get_or_insert(why);
    }

    /// Why nothing is written any more.
    pub fn stopped(&self) -> Option<StoreError> {
        self.stopped.borrow().clone()
    }

    /// Step 1, synchronous: the entry is in memory and, where the log takes it, on disk.
    pub fn write_ahead(&self, entry: Entry) {
        if self.stopped.borrow().is_none()
            && let Err(error) = self.log.put(&entry)
        {
            *self.unlogged.borrow_mut() = Some(error);
        }
        self.pending.borrow_mut().insert(entry.key.clone(), entry);
    }

    /// Steps 2 and 3: everything pending goes into the vault in one transaction, then out of the
    /// log. Call it after [`Self::write_ahead`] and whenever there is reason to try again.
    pub async fn commit(&self) -> SaveState {
        let entries: Vec<Entry> = self.pending.borrow().values().cloned().collect();
        if entries.is_empty() || self.stopped.borrow().is_some() {
            return self.state();
        }
        match self.vault.append(self.epoch.get(), &entries).await {
            Ok(()) => {
                for entry in &entries {
                    self.pending.borrow_mut().remove(&entry.key);
                    // A line that stays behind is only written again at the next start: harmless.
                    let _ = self.log.remove(&entry.key);
                }
                *self.unlogged.borrow_mut() = None;
                *self.last_error.borrow_mut() = None;
            }
            Err(error) => {
                if matches!(error, StoreError::Stale(_)) {
                    self.stop(error.clone());
                }
                *self.last_error.borrow_mut() = Some(error);
            }
        }
        self.state()
    }

    /// What the screen may say now.
    pub fn state(&self) -> SaveState {
        if self.pending.borrow().is_empty() {
            return match self.stopped() {
                Some(error) => SaveState::Failed { logged: true, error },
                None => SaveState::Saved,
            };
        }
        let error = self.stopped().or_else(|| self.last_error.borrow().clone());
        match error {
            Some(error) => SaveState::Failed {
                logged: self.unlogged.borrow().is_none() && self.stopped.borrow().is_none(),
                error,
            },
            None => SaveState::Saving,
        }
    }

    /// What is not yet in the vault: for the rescue file.
    pub fn pending(&self) -> Vec<Entry> {
        self.pending.borrow().values().cloned().collect()
    }
}
