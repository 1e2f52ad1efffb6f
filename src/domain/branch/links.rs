//! Who of the roster holds which training records.

use crate::domain::study::EventId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// People and the holders that they are, to be asked from either side. Only the one side is written;
/// the other is made when it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<u32, EventId>", into = "BTreeMap<u32, EventId>")]
pub(super) struct Links {
    holders: BTreeMap<u32, EventId>,
    people: BTreeMap<EventId, BTreeSet<u32>>,
}

impl From<BTreeMap<u32, EventId>> for Links {
    fn from(holders: BTreeMap<u32, EventId>) -> Self {
        let mut links = Self::default();
        for (person, holder) in holders {
            links.set(person, Some(holder));
        }
        links
    }
}

impl From<Links> for BTreeMap<u32, EventId> {
    fn from(links: Links) -> Self {
        links.holders
    }
}

impl Links {
    /// Says which holder a person is, or that none is known.
    pub(super) fn set(&mut self, person: u32, holder: Option<EventId>) {
        if let Some(before) = self.holders.remove(&person)
            && let Some(people) = self.people.get_mut(&before)
        {
            people.remove(&person);
            if people.is_empty() {
                self.people.remove(&before);
            }
        }
        if let Some(holder) = holder {
            self.people.entry(holder.clone()).or_default().insert(person);
            self.holders.insert(person, holder);
        }
    }

    /// The holder whom a person is.
    pub(super) fn holder(&self, person: u32) -> Option<&EventId> {
        self.holders.get(&person)
    }

    /// The people who are that holder, as was said.
    pub(super) fn of(&self, holder: &EventId) -> impl Iterator<Item = u32> + '_ {
        self.people.get(holder).into_iter().flatten().copied()
    }

    /// Everybody who is some holder.
    pub(super) fn people(&self) -> impl Iterator<Item = u32> + '_ {
        self.holders.keys().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_sides_say_the_same(what in proptest::collection::vec((0..6u32, proptest::option::of("[abc]")), 0..30)) {
            let mut links = Links::default();
            let mut plain: BTreeMap<u32, EventId> = BTreeMap::new();
            for (person, holder) in what {
                let holder = holder.map(EventId);
                links.set(person, holder.clone());
                match holder {
                    Some(holder) => plain.insert(person, holder),
                    None => plain.remove(&person),
                };
            }
            for name in ["a", "b", "c"] {
                let holder = EventId(name.into());
                let found: Vec<u32> = links.of(&holder).collect();
                let want: Vec<u32> = plain.iter().filter(|(_, of)| **of == holder).map(|(person, _)| *person).collect();
                prop_assert_eq!(found, want);
            }
            let kept = serde_json::to_string(&links).unwrap();
            prop_assert_eq!(&kept, &serde_json::to_string(&plain).unwrap());
            prop_assert_eq!(serde_json::from_str::<Links>(&kept).unwrap(), links);
        }
    }
}
