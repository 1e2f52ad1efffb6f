//! Terms and what they mean.

use super::Citation;

/// A term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Stable id.
    pub id: String,
    /// As it stands in texts.
    pub term: String,
    /// Other spellings by which lessons may name it.
    pub also: Vec<String>,
    /// What it means, 20–160 characters.
    pub text: String,
    /// Where it is written.
    pub cite: Vec<Citation>,
    /// Id of the lesson where it is taught.
    pub lesson: String,
}

impl Term {
    /// All its spellings.
    pub fn spellings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.term).chain(&self.also).map(String::as_str)
    }
}

/// Spellings shorter than this stand too often to be marked in texts; their terms are in the
/// glossary alone.
const MARKED: usize = 3;

/// The first place of each term in a text, longest spelling first, none inside another: start,
/// end (in bytes) and the term's place in `terms`, in the order of the text.
pub fn first_places(text: &str, terms: &[Term]) -> Vec<(usize, usize, usize)> {
    let mut spellings: Vec<(&str, usize)> = terms
        .iter()
        .enumerate()
        .flat_map(|(at, term)| term.spellings().map(move |spelling| (spelling, at)))
        .filter(|(spelling, _)| spelling.chars().count() >= MARKED)
        .collect();
    spellings.sort_by_key(|(spelling, at)| (std::cmp::Reverse(spelling.len()), *at));
    let mut taken: Vec<(usize, usize, usize)> = Vec::new();
    // Longer spellings hide every place of the shorter ones within them, not only the first.
    let mut hidden: Vec<(usize, usize)> = Vec::new();
    for (spelling, at) in spellings {
        let places: Vec<(usize, usize)> = text
            .match_indices(spelling)
            .map(|(start, found)| (start, start + found.len()))
            .filter(|(start, end)| hidden.iter().all(|(from, to)| end <= from || start >= to))
            .collect();
        if let Some((start, end)) = places.first() {
            match taken.iter_mut().find(|(_, _, other)| *other == at) {
                Some(other) if *start < other.0 => (other.0, other.1) = (*start, *end),
                Some(_) => {}
                None => taken.push((*start, *end, at)),
            }
        }
        hidden.extend(places);
    }
    taken.sort();
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(term: &str, also: &[&str]) -> Term {
        Term {
            id: "x".into(),
            term: term.into(),
            also: also.iter().map(|text| (*text).into()).collect(),
            text: String::new(),
            cite: Vec::new(),
            lesson: String::new(),
        }
    }

    #[test]
    fn each_term_once_and_none_inside_another() {
        let terms = [
            term("党支部", &[]),
            term("联合党支部", &[]),
            term("培养联系人", &["联系人"]),
            term("党章", &[]),
        ];
        let text = "联合党支部和党支部都按党章问联系人，培养联系人会答。党支部再问。";
        let found: Vec<(&str, usize)> = first_places(text, &terms)
            .into_iter()
            .map(|(start, end, at)| (&text[start..end], at))
            .collect();
        assert_eq!(found, [("联合党支部", 1), ("党支部", 0), ("联系人", 2)]);
        assert_eq!(first_places("", &terms), []);
    }
}
