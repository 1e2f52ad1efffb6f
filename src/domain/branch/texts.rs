//! Words kept once: a roster says 汉族 a hundred thousand times.

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::{Hash, Hasher};

/// A set of texts, each under a number from 1; 0 is the empty text. All stand in one string.
#[derive(Clone, Default)]
pub struct Texts {
    bytes: String,
    /// Where each text ends; it begins where the one before ends.
    ends: Vec<u32>,
    /// Open addressing: 0 for a free slot; a power of two long.
    slots: Vec<Slot>,
}

/// The number of a text and the lower half of its hash: what differs in that is not looked at, and
/// the text itself only once.
#[derive(Clone, Copy, Default)]
struct Slot {
    number: u32,
    hash: u32,
}

impl Texts {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of that number; empty for one that was never given.
    pub fn get(&self, number: u32) -> &str {
        let Some(at) = (number as usize).checked_sub(1) else {
            return "";
        };
        let Some(end) = self.ends.get(at) else {
            return "";
        };
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start as usize..*end as usize]
    }

    /// The number of that text, if it is known.
    pub fn find(&self, text: &str) -> Option<u32> {
        if text.is_empty() {
            return Some(0);
        }
        if self.slots.is_empty() {
            return None;
        }
        let number = self.slots[self.slot(text, hash(text))].number;
        (number != 0).then_some(number)
    }

    /// The number of that text, a new one if need be. Beyond 4 GiB of text nothing more is taken
    /// and the number is 0; readers limit what comes in long before.
    pub fn intern(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        // At most three slots in four are taken.
        if self.slots.len() / 4 * 3 < self.ends.len() + 1 {
            self.grow();
        }
        let hash = hash(text);
        let slot = self.slot(text, hash);
        let known = self.slots[slot].number;
        if known != 0 {
            return known;
        }
        let Ok(end) = u32::try_from(self.bytes.len() + text.len()) else {
            return 0;
        };
        self.bytes.push_str(text);
        self.ends.push(end);
        let number = self.ends.len() as u32;
        self.slots[slot] = Slot { number, hash };
        number
    }

    /// All, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (1..=self.len() as u32).map(|number| self.get(number))
    }

    /// Gives the number of every text that contains this one, in their order. Latin letters are
    /// found in either case when `needle` has them small. Linear in the length of all texts.
    pub fn containing(&self, needle: &str, mut hit: impl FnMut(u32)) {
        if needle.is_empty() {
            return;
        }
        if needle.bytes().any(|byte| byte.is_ascii_alphabetic()) {
            let needle = needle.as_bytes();
            for (text, number) in self.iter().zip(1..) {
                let mut parts = text.as_bytes().windows(needle.len());
                if parts.any(|part| part.eq_ignore_ascii_case(needle)) {
                    hit(number);
                }
            }
            return;
        }
        // All texts at once; what reaches from one into the next is none.
        let (mut from, mut at) = (0, 0);
        while let Some(found) = self.bytes.get(from..).and_then(|rest| rest.find(needle)) {
            let start = from + found;
            at += self.ends[at..].partition_point(|end| *end as usize <= start);
            let Some(end) = self.ends.get(at).map(|end| *end as usize) else {
                return;
            };
            if start + needle.len() <= end {
                hit(at as u32 + 1);
            }
            from = end;
        }
    }

    /// The slot of a text, or the free one where it belongs.
    fn slot(&self, text: &str, hash: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.number == 0 || slot.hash == hash && self.get(slot.number) == text {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let more = vec![Slot::default(); (self.slots.len() * 2).max(16)];
        let mask = more.len() - 1;
        for slot in std::mem::replace(&mut self.slots, more) {
            if slot.number == 0 {
                continue;
            }
            let mut at = slot.hash as usize & mask;
            while self.slots[at].number != 0 {
                at = (at + 1) & mask;
            }
            self.slots[at] = slot;
        }
    }
}

/// SipHash: the texts come from strangers, who could make others collide.
fn hash(text: &str) -> u32 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish() as u32
}

impl PartialEq for Texts {
    fn eq(&self, other: &Self) -> bool {
        self.ends == other.ends && self.bytes == other.bytes
    }
}

impl Eq for Texts {}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for Texts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = Texts;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of texts, none twice")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Texts, A::Error> {
                let mut texts = Texts::default();
                while let Some(text) = list.next_element::<String>()? {
                    let before = texts.len();
                    texts.intern(&text);
                    // Numbers are places in the list: a text twice or an empty one would move them.
                    if texts.len() == before {
                        return Err(serde::de::Error::custom("a text twice, or an empty one"));
                    }
                }
                Ok(texts)
            }
        }
        deserializer.deserialize_seq(List)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_text_keeps_its_number(words in proptest::collection::vec("[a-c甲乙𠮷]{0,3}", 0..200)) {
            let mut texts = Texts::default();
            let numbers: Vec<u32> = words.iter().map(|word| texts.intern(word)).collect();
            for (word, number) in words.iter().zip(&numbers) {
                prop_assert_eq!(texts.get(*number), word);
                prop_assert_eq!(texts.find(word), Some(*number));
            }
            let again: Texts = serde_json::from_str(&serde_json::to_string(&texts).unwrap()).unwrap();
            prop_assert_eq!(&again, &texts);
            for (word, number) in words.iter().zip(&numbers) {
                prop_assert_eq!(again.find(word), Some(*number));
            }
            prop_assert_eq!(texts.find("never"), None);
        }
    }

    proptest! {
        #[test]
        fn whatever_contains_a_text_is_found(
            words in proptest::collection::vec("[abA甲乙𠮷]{0,4}", 0..60),
            needle in "[ab甲乙𠮷]{1,2}",
        ) {
            let mut texts = Texts::default();
            for word in &words {
                texts.intern(word);
            }
            let mut found = Vec::new();
            texts.containing(&needle, |number| found.push(number));
            let naive = texts.iter().zip(1..).filter(|(text, _)| text.to_ascii_lowercase().contains(&needle));
            prop_assert_eq!(found, naive.map(|(_, number)| number).collect::<Vec<u32>>());
        }
    }

    #[test]
    fn a_list_that_would_move_numbers_is_refused() {
        for list in [r#"["甲","甲"]"#, r#"["甲",""]"#, r#"["a","b","a"]"#] {
            assert!(serde_json::from_str::<Texts>(list).is_err(), "{list}");
        }
        assert_eq!(Texts::default().get(7), "");
    }
}
