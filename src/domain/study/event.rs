//! The envelope of everything that happens, in any book.

use crate::domain::json;
use crate::domain::time::{Env, Moment};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::fmt;

/// The version of the event format that this build writes. 2 knows where a person stands on the
/// way and his groups; 3 knows signed records, what is done about a person, and moves. An older build
/// that met them would take them for damage.
pub const CURRENT_VERSION: u16 = 3;

/// The oldest version that this build reads. Every event of an older version is one of a newer.
const OLDEST_VERSION: u16 = 1;

/// A ULID: 48 bits of time, 80 of chance, 26 letters of Crockford's base 32. Unique across
/// devices; sorts by time where clocks agree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub String);

impl EventId {
    /// Whether it has the form of one; what others send need not.
    pub(in crate::domain) fn is_well_formed(&self) -> bool {
        self.0.len() == 26 && self.0.bytes().all(|byte| byte.is_ascii_alphanumeric())
    }

    /// A fresh id.
    pub fn new(env: &Env) -> Self {
        const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let time = (env.now.ms.max(0) as u128) & ((1 << 48) - 1);
        let bits = time << 80 | (env.chance & ((1 << 80) - 1));
        Self(
            (0..26)
                .rev()
                .map(|place| char::from(LETTERS[(bits >> (place * 5)) as usize & 31]))
                .collect(),
        )
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Something that happened. Never edited, never deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event<K> {
    /// Format version, see [`CURRENT_VERSION`].
    pub v: u16,
    /// Unique across devices.
    pub id: EventId,
    /// One more than the greatest that the writer had seen (a Lamport clock): later events of one
    /// device come later whatever its wall clock does, and devices agree on one order.
    pub seq: u64,
    /// When, by the writer's clock.
    pub at: Moment,
    /// What.
    pub what: K,
}

/// Why a stored line is not an event of this build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Written by a newer build: leave it alone and write nothing.
    Newer,
    /// Damaged: set it aside.
    Damaged,
}

/// The largest sequence number: twelve digits in keys, and exact in JavaScript.
const MAX_SEQ: u64 = 999_999_999_999;

/// The key of a stored line in the book with that prefix, whatever it says: only its envelope is read.
///
/// # Errors
/// [`Unreadable`].
pub fn event_key(json: &str, prefix: &str) -> Result<String, Unreadable> {
    #[derive(Deserialize)]
    struct Envelope {
        v: u16,
        id: EventId,
        seq: u64,
        #[serde(rename = "what")]
        _what: serde::de::IgnoredAny,
    }
    match serde_json::from_str::<Envelope>(json) {
        Ok(event) if is_known(event.v) && is_sound(&event.id, event.seq) => {
            Ok(key(prefix, event.seq, &event.id))
        }
        _ if is_newer(json) => Err(Unreadable::Newer),
        _ => Err(Unreadable::Damaged),
    }
}

fn key(prefix: &str, seq: u64, id: &EventId) -> String {
    format!("{prefix}{seq:012}/{id}")
}

fn is_known(version: u16) -> bool {
    (OLDEST_VERSION..=CURRENT_VERSION).contains(&version)
}

fn is_sound(id: &EventId, seq: u64) -> bool {
    seq <= MAX_SEQ && id.is_well_formed()
}

/// Whether a newer build has written this line.
pub fn is_newer(json: &str) -> bool {
    #[derive(Deserialize)]
    struct Version {
        v: u16,
    }
    serde_json::from_str::<Version>(json).is_ok_and(|version| version.v > CURRENT_VERSION)
}

impl<K: Serialize + DeserializeOwned> Event<K> {
    /// Reads a stored line, bringing older versions up to date first.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn read(json: &str) -> Result<Self, Unreadable> {
        // Most lines are of this version, so they are parsed once.
        let known = serde_json::from_str::<Self>(json).ok();
        match known {
            Some(event) if is_known(event.v) && is_sound(&event.id, event.seq) => Ok(event),
            // Upcasters from versions that read otherwise go here.
            _ if is_newer(json) => Err(Unreadable::Newer),
            _ => Err(Unreadable::Damaged),
        }
    }

    /// The line as it is stored.
    pub fn write(&self) -> String {
        json::canonical(&json::value_of(self))
    }

    /// The key under which it is stored in the book with that prefix (`study/`).
    pub fn key(&self, prefix: &str) -> String {
        key(prefix, self.seq, &self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn env(ms: i64, chance: u128) -> Env {
        Env {
            now: Moment { ms, tz: 480 },
            chance,
        }
    }

    #[test]
    fn ids_sort_by_time_and_are_26_letters() {
        let early = EventId::new(&env(1_000, u128::MAX));
        let late = EventId::new(&env(1_001, 0));
        assert!(early < late);
        assert_eq!(early.0.len(), 26);
    }

    #[test]
    fn a_newer_event_is_told_from_a_damaged_one() {
        assert_eq!(
            Event::<String>::read(r#"{"v":4,"future":true}"#),
            Err(Unreadable::Newer)
        );
        assert_eq!(
            Event::<String>::read(r#"{"v":1,"id":"x"}"#),
            Err(Unreadable::Damaged)
        );
        assert_eq!(Event::<String>::read("{"), Err(Unreadable::Damaged));
        let negative =
            r#"{"v":1,"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","seq":-1,"at":{"ms":0,"tz":0},"what":"x"}"#;
        assert_eq!(Event::<String>::read(negative), Err(Unreadable::Damaged));
        let huge = r#"{"v":1,"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","seq":9007199254740993,"at":{"ms":0,"tz":0},"what":"x"}"#;
        assert_eq!(Event::<String>::read(huge), Err(Unreadable::Damaged));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(ms in any::<i64>(), chance in any::<u128>(), seq in 0..=MAX_SEQ, what in ".*") {
            let event = Event { v: 1, id: EventId::new(&env(ms, chance)), seq, at: Moment { ms, tz: -210 }, what };
            prop_assert_eq!(Event::<String>::read(&event.write()), Ok(event));
        }

        #[test]
        fn reading_never_panics(line in ".*") { let _ = Event::<String>::read(&line); }
    }
}
