//! Serde of long lists of numbers as one text, `3 0 20250301`: as a list of JSON values each number
//! would take ten times its room while a line is written or read.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};
use std::fmt::Write;

/// Writes the numbers with spaces between them.
pub(super) fn serialize<T: Copy + Into<u32>, S: Serializer>(
    list: &[T],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&write(list))
}

/// Reads what [`serialize`] writes.
pub(super) fn deserialize<'de, T: TryFrom<u32>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    read(&String::deserialize(deserializer)?)
        .ok_or_else(|| D::Error::custom("numbers with spaces between them"))
}

fn write<T: Copy + Into<u32>>(list: &[T]) -> String {
    let mut text = String::with_capacity(list.len() * 4);
    for (at, number) in list.iter().enumerate() {
        let gap = if at == 0 { "" } else { " " };
        // Writing to a string cannot fail.
        let _ = write!(text, "{gap}{}", (*number).into());
    }
    text
}

fn read<T: TryFrom<u32>>(text: &str) -> Option<Vec<T>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    let number = |part: &str| T::try_from(part.parse::<u32>().ok()?).ok();
    text.split(' ').map(number).collect()
}

/// The same for a list of such lists.
pub(super) mod columns {
    use super::{read, write};
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes a text for each list.
    pub(in super::super) fn serialize<S: Serializer>(
        lists: &[Vec<u32>],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(lists.iter().map(|list| write(list)))
    }

    /// Reads what [`serialize`] writes.
    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Vec<u32>>, D::Error> {
        let lists = Vec::<String>::deserialize(deserializer)?;
        let lists: Option<Vec<Vec<u32>>> = lists.iter().map(|list| read(list)).collect();
        lists.ok_or_else(|| D::Error::custom("numbers with spaces between them"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(list in proptest::collection::vec(any::<u32>(), 0..20), text in "[0-9 a-]{0,12}") {
            prop_assert_eq!(read::<u32>(&write(&list)), Some(list));
            if let Some(list) = read::<u16>(&text) {
                prop_assert_eq!(read(&write(&list)), Some(list));
            }
        }
    }
}
