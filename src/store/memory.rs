//! A vault and a log in memory: for tests, and for a browser that allows no storage at all.

use super::{Entry, Log, Snapshot, StoreError, Vault};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Everything that a vault holds.
#[derive(Debug, Default)]
struct Shelves {
    epoch: u64,
    entries: BTreeMap<String, String>,
    aside: Vec<Entry>,
    snapshots: BTreeMap<String, Snapshot>,
    fail: Option<StoreError>,
}

impl Shelves {
    /// Every version that was ever put aside, each once.
    fn put_aside(&mut self, entry: Entry) {
        if !self.aside.contains(&entry) {
            self.aside.push(entry);
        }
    }
}

/// A vault in memory; clones share it, as tabs share a database.
#[derive(Clone, Debug, Default)]
pub struct MemoryVault(Rc<RefCell<Shelves>>);

impl MemoryVault {
    /// Makes every following call fail, until `None` is given.
    pub fn fail_with(&self, error: Option<StoreError>) {
        self.0.borrow_mut().fail = error;
    }

    fn check(&self, epoch: Option<u64>) -> Result<(), StoreError> {
        let shelves = self.0.borrow();
        if let Some(error) = &shelves.fail {
            return Err(error.clone());
        }
        match epoch {
            Some(epoch) if epoch != shelves.epoch => {
                Err(StoreError::Stale("数据已在另一个标签页中替换，请刷新本页".into()))
            }
            _ => Ok(()),
        }
    }
}

impl Vault for MemoryVault {
    async fn epoch(&self) -> Result<u64, StoreError> {
        self.check(None)?;
        Ok(self.0.borrow().epoch)
    }

    async fn entries(&self, prefix: &str, after: Option<&str>) -> Result<Vec<Entry>, StoreError> {
        self.check(None)?;
        let shelves = self.0.borrow();
        Ok(shelves
            .entries
            .iter()
            .filter(|(key, _)| key.starts_with(prefix) && after.is_none_or(|after| key.as_str() > after))
            .map(|(key, json)| Entry {
                key: key.clone(),
                json: json.clone(),
            })
            .collect())
    }

    async fn count(&self, prefix: &str, to: &str) -> Result<u32, StoreError> {
        self.check(None)?;
        let shelves = self.0.borrow();
        Ok(shelves
            .entries
            .keys()
            .filter(|key| key.starts_with(prefix) && key.as_str() <= to)
            .count() as u32)
    }

    async fn append(&self, epoch: u64, entries: &[Entry]) -> Result<(), StoreError> {
        self.check(Some(epoch))?;
        let mut shelves = self.0.borrow_mut();
        for entry in entries {
            shelves
                .entries
                .entry(entry.key.clone())
                .or_insert_with(|| entry.json.clone());
        }
        Ok(())
    }

    async fn replace(&self, epoch: u64, prefixes: &[&str], entries: &[Entry]) -> Result<u64, StoreError> {
        self.check(Some(epoch))?;
        let mut shelves = self.0.borrow_mut();
        let old = std::mem::take(&mut shelves.entries);
        for (key, json) in old {
            if prefixes.iter().any(|prefix| key.starts_with(prefix)) {
                shelves.put_aside(Entry { key, json });
            } else {
                shelves.entries.insert(key, json);
            }
        }
        for entry in entries {
            shelves.entries.insert(entry.key.clone(), entry.json.clone());
        }
        shelves.snapshots.clear();
        shelves.epoch += 1;
        Ok(shelves.epoch)
    }

    async fn delete(&self, epoch: u64, keys: &[String]) -> Result<u64, StoreError> {
        self.check(Some(epoch))?;
        let mut shelves = self.0.borrow_mut();
        for key in keys {
            shelves.entries.remove(key);
        }
        shelves.aside.retain(|entry| !keys.contains(&entry.key));
        shelves.snapshots.clear();
        shelves.epoch += 1;
        Ok(shelves.epoch)
    }

    async fn set_aside(&self, epoch: u64, entries: &[Entry]) -> Result<(), StoreError> {
        self.check(Some(epoch))?;
        let mut shelves = self.0.borrow_mut();
        for entry in entries {
            shelves.entries.remove(&entry.key);
            shelves.put_aside(entry.clone());
        }
        Ok(())
    }

    async fn aside(&self) -> Result<Vec<Entry>, StoreError> {
        self.check(None)?;
        Ok(self.0.borrow().aside.clone())
    }

    async fn snapshot(&self, prefix: &str) -> Result<Option<Snapshot>, StoreError> {
        self.check(None)?;
        Ok(self.0.borrow().snapshots.get(prefix).cloned())
    }

    async fn keep_snapshot(&self, epoch: u64, prefix: &str, snapshot: &Snapshot) -> Result<(), StoreError> {
        self.check(Some(epoch))?;
        self.0
            .borrow_mut()
            .snapshots
            .insert(prefix.into(), snapshot.clone());
        Ok(())
    }

    async fn erase(&self) -> Result<u64, StoreError> {
        self.check(None)?;
        let mut shelves = self.0.borrow_mut();
        *shelves = Shelves {
            epoch: shelves.epoch + 1,
            ..Shelves::default()
        };
        Ok(shelves.epoch)
    }
}

/// A log in memory; clones share it.
#[derive(Clone, Debug, Default)]
pub struct MemoryLog {
    lines: Rc<RefCell<BTreeMap<String, String>>>,
    fail: Rc<RefCell<Option<StoreError>>>,
}

impl MemoryLog {
    /// Makes every following write fail, until `None` is given.
    pub fn fail_with(&self, error: Option<StoreError>) {
        *self.fail.borrow_mut() = error;
    }

    fn check(&self) -> Result<(), StoreError> {
        self.fail.borrow().clone().map_or(Ok(()), Err)
    }
}

impl Log for MemoryLog {
    fn put(&self, entry: &Entry) -> Result<(), StoreError> {
        self.check()?;
        self.lines
            .borrow_mut()
            .insert(entry.key.clone(), entry.json.clone());
        Ok(())
    }

    fn remove(&self, key: &str) -> Result<(), StoreError> {
        self.check()?;
        self.lines.borrow_mut().remove(key);
        Ok(())
    }

    fn all(&self) -> Result<Vec<Entry>, StoreError> {
        let lines = self.lines.borrow();
        Ok(lines
            .iter()
            .map(|(key, json)| Entry {
                key: key.clone(),
                json: json.clone(),
            })
            .collect())
    }
}
