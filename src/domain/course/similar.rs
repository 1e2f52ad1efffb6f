//! How alike two stems are: the share of neighbouring characters that they have in common.

use std::cmp::Ordering;

/// Stems that share more of their bigrams than this are near-duplicates.
pub(super) const SIMILAR: f64 = 0.8;

/// The pairs of neighbouring characters, sorted, each once.
pub(super) fn bigrams(text: &str) -> Vec<(char, char)> {
    let mut pairs: Vec<(char, char)> = text.chars().zip(text.chars().skip(1)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Jaccard similarity of two sorted sets; 0 when both are empty.
pub(super) fn similarity(a: &[(char, char)], b: &[(char, char)]) -> f64 {
    let (few, many) = (a.len().min(b.len()), a.len().max(b.len()));
    // It is at most few/many: most pairs of stems need no closer look.
    if few as f64 <= SIMILAR * many as f64 {
        return 0.0;
    }
    let (mut i, mut j, mut shared) = (0, 0, 0usize);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            Ordering::Less => i += 1,
            Ordering::Greater => j += 1,
            Ordering::Equal => {
                (i, j, shared) = (i + 1, j + 1, shared + 1);
            }
        }
    }
    shared as f64 / (a.len() + b.len() - shared).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similarity_is_jaccard_of_bigrams() {
        let of = |a: &str, b: &str| similarity(&bigrams(a), &bigrams(b));
        assert!((of("甲乙丙丁", "甲乙丙丁") - 1.0).abs() < 1e-9);
        assert!((of("甲乙丙丁戊己庚辛壬癸", "甲乙丙丁戊己庚辛壬") - 8.0 / 9.0).abs() < 1e-9);
        assert_eq!(of("", ""), 0.0);
        assert_eq!(of("甲乙", "丙丁"), 0.0);
    }
}
