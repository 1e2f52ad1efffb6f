//! IndexedDB: the durable store.
//!
//! Database `xuedang`, version 1:
//!
//! | store | key | value |
//! |---|---|---|
//! | `entries` | entry key | the line of JSON, as text |
//! | `aside` | a number | `[entry key, the value as it was]` |
//! | `snapshots` | prefix of the book | `[tag, covers, count, json]` |
//! | `meta` | `epoch`, `sentinel` | a number; JSON |
//!
//! The first epoch is the moment of creation, so that a database that was wiped and made anew is
//! never taken for the old one by a tab that had read that.

use super::clock::within;
use super::idb::{self, Answer, Range, Transaction};
use super::js::{Listener, error_name, get, listen, store_error};
use super::local::Sentinel;
use super::panic;
use crate::store::{Book, Entry, Snapshot, StoreError, Vault};
use js_sys::{Array, JSON, Object, Reflect};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::fmt;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{IdbDatabase, IdbObjectStore, IdbObjectStoreParameters};

pub(super) const DATABASE: &str = "xuedang";
const VERSION: u32 = 1;
const ENTRIES: &str = "entries";
const ASIDE: &str = "aside";
const SNAPSHOTS: &str = "snapshots";
const META: &str = "meta";
const STORES: [&str; 4] = [ENTRIES, ASIDE, SNAPSHOTS, META];
const EPOCH: &str = "epoch";
const SENTINEL: &str = "sentinel";

const UPGRADED: &str = "学档已在另一个标签页更新，请刷新本页后继续";
const DELETED: &str = "学档的数据已在另一个标签页删除，请刷新本页后继续";
const REPLACED: &str = "数据已在另一个标签页中替换，请刷新本页";

/// The vault in IndexedDB. Clones share one connection.
#[derive(Clone)]
pub struct Idb(Rc<Inner>);

struct Inner {
    name: String,
    /// Why there is no vault: every call gives that.
    shut: Option<StoreError>,
    connection: RefCell<Option<Connection>>,
    status: Rc<Status>,
}

#[derive(Default)]
struct Status {
    /// The connection has gone; the next call opens it again.
    lost: Cell<bool>,
    /// This tab is out of date, for good.
    stale: RefCell<Option<String>>,
}

struct Connection {
    database: IdbDatabase,
    _listeners: [Listener; 2],
}

impl Drop for Connection {
    fn drop(&mut self) {
        // Transactions that are under way still come to their end.
        self.database.close();
    }
}

impl fmt::Debug for Idb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Idb")
            .field("name", &self.0.name)
            .finish_non_exhaustive()
    }
}

/// Why a body of work ended: as the browser put it, or as we did.
enum Fault {
    Js(JsValue),
    Store(StoreError),
}

impl From<JsValue> for Fault {
    fn from(error: JsValue) -> Self {
        Self::Js(error)
    }
}

impl Idb {
    /// Opens the vault, and makes it where there is none.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the browser has no IndexedDB, forbids it or does not
    /// answer; [`StoreError::Stale`] when a newer version of the app has made the database, which
    /// is then left as it is.
    pub async fn open() -> Result<Self, StoreError> {
        Self::open_named(DATABASE).await
    }

    /// Opens a vault under another name: for tests, and for trying an import.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_named(name: &str) -> Result<Self, StoreError> {
        let inner = Inner {
            name: name.into(),
            shut: None,
            connection: RefCell::default(),
            status: Rc::default(),
        };
        let connection = inner.connect().await?;
        *inner.connection.borrow_mut() = Some(connection);
        Ok(Self(Rc::new(inner)))
    }

    /// A vault that could not be opened: every call gives the reason.
    pub fn shut(why: StoreError) -> Self {
        Self(Rc::new(Inner {
            name: String::new(),
            shut: Some(why),
            connection: RefCell::default(),
            status: Rc::default(),
        }))
    }

    /// The sentinel in this store; `None` when it was never set, or cannot be read.
    ///
    /// # Errors
    /// [`StoreError`] when the vault cannot be read.
    pub async fn sentinel(&self) -> Result<Option<Sentinel>, StoreError> {
        let json = self
            .read(META, async |store| {
                Ok(Answer::of(store.get(&SENTINEL.into())?).await?.as_string())
            })
            .await?;
        Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
    }

    /// Keeps the sentinel; relaxed durability is enough.
    ///
    /// # Errors
    /// [`StoreError`] as of any write.
    pub async fn keep_sentinel(&self, epoch: u64, sentinel: &Sentinel) -> Result<(), StoreError> {
        let json = serde_json::to_string(sentinel).map_err(|error| StoreError::Failed(error.to_string()))?;
        self.write("relaxed", Some(epoch), async |tx: &Transaction, _| {
            tx.store(META)?.put_with_key(&json.into(), &SENTINEL.into())?;
            Ok(())
        })
        .await
    }

    async fn begin(&self, stores: &[&str], mode: &str, durability: &str) -> Result<Transaction, StoreError> {
        let mut again = true;
        loop {
            let database = self.0.database().await?;
            match Transaction::begin(&database, stores, mode, durability) {
                Ok(transaction) => return Ok(transaction),
                // Closed without a close event, as Safari does after a long sleep.
                Err(error) if again && error_name(&error) == "InvalidStateError" => {
                    self.0.status.lost.set(true);
                    again = false;
                }
                Err(error) => return Err(store_error(&error)),
            }
        }
    }

    async fn read<T>(
        &self,
        store: &str,
        body: impl AsyncFnOnce(IdbObjectStore) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let transaction = self.begin(&[store], "readonly", "default").await?;
        let result = async {
            let store = transaction.store(store)?;
            body(store).await
        };
        result.await.map_err(|fault| self.say(fault))
    }

    /// One transaction over everything: the epoch is checked and the body done, or nothing is.
    async fn write<T>(
        &self,
        durability: &str,
        epoch: Option<u64>,
        body: impl AsyncFnOnce(&Transaction, u64) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        panic::may_write()?;
        let transaction = self.begin(&STORES, "readwrite", durability).await?;
        let result = async {
            let now = epoch_of(&transaction.store(META)?).await?;
            if epoch.is_some_and(|epoch| epoch != now) {
                return Err(Fault::Store(StoreError::Stale(REPLACED.into())));
            }
            body(&transaction, now).await
        };
        match result.await {
            Ok(value) => match transaction.finish().await {
                Ok(()) => Ok(value),
                Err(error) => Err(self.say(Fault::Js(error))),
            },
            Err(Fault::Js(error)) => Err(self.say(Fault::Js(transaction.reason(error)))),
            Err(fault) => Err(self.say(fault)),
        }
    }

    fn say(&self, fault: Fault) -> StoreError {
        match fault {
            Fault::Store(error) => error,
            Fault::Js(error) => {
                // Safari's "Connection to Indexed Database server lost" comes under this name.
                if matches!(error_name(&error).as_str(), "UnknownError" | "InvalidStateError") {
                    self.0.status.lost.set(true);
                }
                store_error(&error)
            }
        }
    }
}

impl Inner {
    async fn database(&self) -> Result<IdbDatabase, StoreError> {
        if let Some(why) = &self.shut {
            return Err(why.clone());
        }
        if let Some(why) = self.status.stale.borrow().clone() {
            return Err(StoreError::Stale(why));
        }
        if !self.status.lost.get()
            && let Some(connection) = &*self.connection.borrow()
        {
            return Ok(connection.database.clone());
        }
        let connection = self.connect().await?;
        let database = connection.database.clone();
        drop(self.connection.borrow_mut().replace(connection));
        self.status.lost.set(false);
        Ok(database)
    }

    async fn connect(&self) -> Result<Connection, StoreError> {
        let database = idb::open(&self.name, Some(VERSION), make).await?;
        let names = database.object_store_names();
        if let Some(missing) = STORES.iter().find(|store| !names.contains(store)) {
            database.close();
            return Err(StoreError::Failed(format!(
                "数据库里没有“{missing}”，不是学档的数据库，没有改动"
            )));
        }
        let (closing, upgrading) = (self.status.clone(), self.status.clone());
        let listeners = [
            listen(database.clone(), "close", move |_| closing.lost.set(true)),
            listen(database.clone(), "versionchange", {
                let database = database.clone();
                move |event| {
                    // Whoever upgrades waits for this.
                    database.close();
                    let why = if get(&event, "newVersion").is_null() {
                        DELETED
                    } else {
                        UPGRADED
                    };
                    *upgrading.stale.borrow_mut() = Some(why.into());
                }
            }),
        ];
        Ok(Connection {
            database,
            _listeners: listeners,
        })
    }
}

fn make(database: &IdbDatabase) -> Result<(), JsValue> {
    database.create_object_store(ENTRIES)?;
    database.create_object_store(SNAPSHOTS)?;
    let numbered = IdbObjectStoreParameters::new();
    numbered.set_auto_increment(true);
    database.create_object_store_with_optional_parameters(ASIDE, &numbered)?;
    let meta = database.create_object_store(META)?;
    meta.put_with_key(&js_sys::Date::now().into(), &EPOCH.into())?;
    Ok(())
}

async fn epoch_of(meta: &IdbObjectStore) -> Result<u64, JsValue> {
    Ok(Answer::of(meta.get(&EPOCH.into())?)
        .await?
        .as_f64()
        .unwrap_or(0.0) as u64)
}

/// The next epoch, which makes every other tab stale. Drops the snapshots too.
fn turn(transaction: &Transaction, epoch: u64) -> Result<u64, JsValue> {
    transaction.store(SNAPSHOTS)?.clear()?;
    transaction
        .store(META)?
        .put_with_key(&((epoch + 1) as f64).into(), &EPOCH.into())?;
    Ok(epoch + 1)
}

/// A stored value as text. Ours are text; what somebody else has put there is shown as JSON.
fn text(value: &JsValue) -> String {
    value
        .as_string()
        .or_else(|| JSON::stringify(value).ok().and_then(|json| json.as_string()))
        .unwrap_or_else(|| format!("{value:?}"))
}

fn pairs(entries: &[Entry]) -> impl Iterator<Item = (&str, &str)> {
    entries
        .iter()
        .map(|entry| (entry.key.as_str(), entry.json.as_str()))
}

/// What has been set aside, each as key and value.
async fn read_aside(store: &IdbObjectStore) -> Result<Vec<(String, String)>, JsValue> {
    let kept = Array::from(&Answer::of(store.get_all()?).await?);
    let both = |pair: JsValue| {
        let pair = pair.dyn_into::<Array>().ok()?;
        Some((pair.get(0).as_string()?, text(&pair.get(1))))
    };
    Ok(kept.iter().filter_map(both).collect())
}

/// Puts values aside as they are, each only once.
async fn put_aside(store: &IdbObjectStore, items: &[(String, JsValue)]) -> Result<(), JsValue> {
    if items.is_empty() {
        return Ok(());
    }
    let mut known: HashSet<_> = read_aside(store).await?.into_iter().collect();
    for portion in items.chunks(512) {
        let mut last = None;
        for (key, value) in portion {
            if known.insert((key.clone(), text(value))) {
                last = Some(store.add(&Array::of2(&key.into(), value))?);
            }
        }
        if let Some(request) = last {
            Answer::of(request).await?;
        }
    }
    Ok(())
}

impl Vault for Idb {
    async fn epoch(&self) -> Result<u64, StoreError> {
        self.read(META, async |store| Ok(epoch_of(&store).await?)).await
    }

    async fn entries(&self, prefix: &str, after: Option<&str>) -> Result<Vec<Entry>, StoreError> {
        let Some(range) = Range::new(prefix, after, None) else {
            return Ok(Vec::new());
        };
        let found = self
            .read(ENTRIES, async |store| Ok(idb::read(&store, &range).await?))
            .await?;
        Ok(found
            .into_iter()
            .map(|(key, value)| Entry {
                key,
                json: text(&value),
            })
            .collect())
    }

    async fn count(&self, prefix: &str, to: &str) -> Result<u32, StoreError> {
        let Some(range) = Range::new(prefix, None, Some(to)) else {
            return Ok(0);
        };
        self.read(ENTRIES, async |store| {
            Ok(Answer::of(store.count_with_key(&range.key_range()?)?)
                .await?
                .as_f64()
                .unwrap_or(0.0) as u32)
        })
        .await
    }

    async fn append(&self, epoch: u64, entries: &[Entry]) -> Result<(), StoreError> {
        let writing = self.write("strict", Some(epoch), async |tx: &Transaction, _| {
            Ok(tx.add(&tx.store(ENTRIES)?, pairs(entries)).await?)
        });
        // A browser that does not answer at all must not leave the screen at "saving" for ever.
        let patience = 15_000u32.saturating_add(entries.len() as u32);
        match within(patience, writing).await {
            Some(result) => result,
            None => {
                self.0.status.lost.set(true);
                Err(StoreError::Failed("浏览器迟迟没有写完".into()))
            }
        }
    }

    async fn replace(&self, epoch: u64, prefixes: &[&str], entries: &[Entry]) -> Result<u64, StoreError> {
        self.write("strict", Some(epoch), async |tx: &Transaction, now| {
            let (store, aside) = (tx.store(ENTRIES)?, tx.store(ASIDE)?);
            for range in prefixes
                .iter()
                .filter_map(|prefix| Range::new(prefix, None, None))
            {
                put_aside(&aside, &idb::read(&store, &range).await?).await?;
                store.delete(&range.key_range()?)?;
            }
            tx.add(&store, pairs(entries)).await?;
            Ok(turn(tx, now)?)
        })
        .await
    }

    async fn delete(&self, epoch: u64, keys: &[String]) -> Result<u64, StoreError> {
        self.write("strict", Some(epoch), async |tx: &Transaction, now| {
            let store = tx.store(ENTRIES)?;
            for key in keys {
                store.delete(&key.into())?;
            }
            // For good: what was put aside under these keys goes as well.
            let aside = tx.store(ASIDE)?;
            let kept = read_aside(&aside).await?;
            if kept.iter().any(|(key, _)| keys.contains(key)) {
                aside.clear()?;
                for (key, json) in kept.iter().filter(|(key, _)| !keys.contains(key)) {
                    aside.add(&Array::of2(&key.into(), &json.into()))?;
                }
            }
            Ok(turn(tx, now)?)
        })
        .await
    }

    async fn set_aside(&self, epoch: u64, entries: &[Entry]) -> Result<(), StoreError> {
        self.write("strict", Some(epoch), async |tx: &Transaction, _| {
            let store = tx.store(ENTRIES)?;
            let mut items = Vec::with_capacity(entries.len());
            for entry in entries {
                let stored = Answer::of(store.get(&(&entry.key).into())?).await?;
                // What is stored may hold more than its text does.
                let same = !stored.is_undefined() && text(&stored) == entry.json;
                items.push((
                    entry.key.clone(),
                    if same { stored } else { (&entry.json).into() },
                ));
            }
            put_aside(&tx.store(ASIDE)?, &items).await?;
            for entry in entries {
                store.delete(&(&entry.key).into())?;
            }
            Ok(())
        })
        .await
    }

    async fn aside(&self) -> Result<Vec<Entry>, StoreError> {
        let kept = self
            .read(ASIDE, async |store| Ok(read_aside(&store).await?))
            .await?;
        Ok(kept.into_iter().map(|(key, json)| Entry { key, json }).collect())
    }

    async fn snapshot(&self, prefix: &str) -> Result<Option<Snapshot>, StoreError> {
        let kept = self
            .read(SNAPSHOTS, async |store| {
                Ok(Answer::of(store.get(&prefix.into())?).await?)
            })
            .await?;
        // One that cannot be read is none: it is a cache.
        Ok(kept.dyn_into::<Array>().ok().and_then(|parts| {
            Some(Snapshot {
                tag: parts.get(0).as_string()?,
                covers: parts.get(1).as_string()?,
                count: parts.get(2).as_f64()? as u32,
                json: parts.get(3).as_string()?,
            })
        }))
    }

    async fn keep_snapshot(&self, epoch: u64, prefix: &str, snapshot: &Snapshot) -> Result<(), StoreError> {
        let Snapshot {
            tag,
            covers,
            count,
            json,
        } = snapshot;
        let parts = Array::of4(&tag.into(), &covers.into(), &(*count).into(), &json.into());
        self.write("relaxed", Some(epoch), async |tx: &Transaction, _| {
            tx.store(SNAPSHOTS)?.put_with_key(&parts, &prefix.into())?;
            Ok(())
        })
        .await
    }

    async fn erase(&self) -> Result<u64, StoreError> {
        self.write("strict", None, async |tx: &Transaction, now| {
            for store in STORES {
                tx.store(store)?.clear()?;
            }
            Ok(turn(tx, now)?)
        })
        .await
    }
}

/// Everything in the database as it lies there, whichever version it has, as JavaScript values:
/// `{version, stores: {name: [[key, value], …]}}`, but for secret keys. Makes nothing where there is
/// nothing.
pub(super) async fn dump() -> Result<JsValue, StoreError> {
    let database = idb::open(DATABASE, None, |_| Err(JsValue::NULL)).await?;
    let result = dump_stores(&database).await;
    database.close();
    result.map_err(|error| store_error(&error))
}

/// Whether a name is of the book of secret keys, which no file holds in plain.
fn is_secret(key: &JsValue) -> bool {
    key.as_string()
        .is_some_and(|key| key.starts_with(Book::Keys.prefix()))
}

async fn dump_stores(database: &IdbDatabase) -> Result<JsValue, JsValue> {
    let names = database.object_store_names();
    let names: Vec<String> = (0..names.length()).filter_map(|index| names.get(index)).collect();
    let stores = Object::new();
    for name in &names {
        let transaction = Transaction::begin(database, &[name], "readonly", "default")?;
        let store = transaction.store(name)?;
        let (keys, values) = (Answer::of(store.get_all_keys()?), Answer::of(store.get_all()?));
        let (keys, values) = (Array::from(&keys.await?), Array::from(&values.await?));
        let lines: Array = keys
            .iter()
            .zip(values.iter())
            .filter(|(key, value)| !is_secret(key) && !is_secret(&get(value, "0")))
            .map(|(key, value)| Array::of2(&key, &value))
            .collect();
        Reflect::set(&stores, &name.into(), &lines)?;
    }
    let dump = Object::new();
    Reflect::set(&dump, &"version".into(), &database.version().into())?;
    Reflect::set(&dump, &"stores".into(), &stores)?;
    Ok(dump.into())
}
