//! What the portal is about, each thing named once. No browser, no clock, no randomness.

pub mod branch;
pub mod course;
pub mod due;
pub mod handover;
pub mod json;
pub mod keyring;
pub mod mentoring;
#[cfg(feature = "pack")]
pub mod procedure;
pub mod question;
pub mod record;
pub mod roster;
pub mod standing;
pub mod structure;
pub mod study;
pub mod time;
pub mod workbench;

use std::cmp::Ordering;

/// Whether a flag is down: such are not written.
pub(in crate::domain) fn is_false(flag: &bool) -> bool {
    !flag
}

/// What shows nothing itself: control characters, and those that turn the direction of what stands
/// beside them, by which words could be made to look like others.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let digits = |byte: &u8| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
    bytes.iter().flat_map(digits).collect()
}

/// Sorts, stably. The sorting itself is in the program once, whatever is sorted: the standard
/// library's would come again, 4 kB of WebAssembly, for each type and each comparison.
pub fn sort_by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let order = order(items.len(), &mut |a, b| compare(&items[a], &items[b]));
    let mut slots: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(order.into_iter().filter_map(|at| slots[at].take()));
}

fn order(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorting_is_the_library_s(items in proptest::collection::vec((0u8..9, any::<u8>()), 0..60)) {
            let (mut ours, mut theirs) = (items.clone(), items);
            sort_by(&mut ours, |a, b| a.0.cmp(&b.0));
            theirs.sort_by_key(|item| item.0);
            prop_assert_eq!(ours, theirs);
        }
    }
}
