//! Words of the index that a typed word may have been meant to be.

use std::cmp::Reverse;
use std::collections::HashMap;

use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use super::index::SearchError;

/// Index terms looked at for one word; a guard against one-letter prefixes of a large vocabulary.
const MOST_TERMS: usize = 4_000;

/// A word of the index near a typed one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The folded word.
    pub word: String,
    /// Number of typing mistakes between the two.
    pub distance: usize,
    /// Documents with it, hidden ones included.
    pub documents: u32,
}

/// Mistakes to look for in a folded word: none in short words and in codes, whose neighbours are
/// other codes; two only in long words, and not when other words say enough.
#[must_use]
pub fn tolerated_mistakes(folded: &str, among_many: bool) -> std::ops::RangeInclusive<u8> {
    let most = match folded.chars().count() {
        _ if folded.chars().any(|c| c.is_ascii_digit()) => 0,
        0..=3 => 0,
        8.. if !among_many => 2,
        _ => 1,
    };
    1..=most
}

/// Words at exactly this many mistakes, a swap of neighbours being one; the likeliest first: same
/// first letter, then the more frequent.
///
/// # Errors
/// When the term dictionary cannot be read.
pub fn near(
    searcher: &Searcher,
    fields: &[Field],
    folded: &str,
    mistakes: u8,
) -> Result<Vec<Candidate>, SearchError> {
    let mut found = Found::default();
    for &field in fields {
        let automaton = FuzzyTermQuery::new(Term::from_field_text(field, folded), mistakes, true);
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            let mut stream = index.terms().search(automaton.automaton()?).into_stream()?;
            while !found.is_full() && stream.advance() {
                found.add(stream.key(), stream.value().doc_freq);
            }
        }
    }
    let mut near = found.candidates(|word| distance(folded, word));
    near.retain(|candidate| candidate.distance == usize::from(mistakes));
    let first = folded.chars().next();
    near.sort_by_key(|candidate| {
        let other_first = candidate.word.chars().next() != first;
        (
            other_first,
            Reverse(candidate.documents),
            candidate.word.clone(),
        )
    });
    Ok(near)
}

/// Words that begin with this one and are longer; the more frequent first.
///
/// # Errors
/// When the term dictionary cannot be read.
pub fn beginning_with(
    searcher: &Searcher,
    fields: &[Field],
    folded: &str,
) -> Result<Vec<Candidate>, SearchError> {
    let mut found = Found::default();
    for &field in fields {
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            let mut stream = index.terms().range().gt(folded).into_stream()?;
            while !found.is_full()
                && stream.advance()
                && stream.key().starts_with(folded.as_bytes())
            {
                found.add(stream.key(), stream.value().doc_freq);
            }
        }
    }
    let mut completions = found.candidates(|_| 0);
    completions.sort_by_key(|candidate| (Reverse(candidate.documents), candidate.word.clone()));
    Ok(completions)
}

/// Terms gathered over segments and fields, with their documents added up.
#[derive(Default)]
struct Found(HashMap<String, u32>);

impl Found {
    fn is_full(&self) -> bool {
        self.0.len() >= MOST_TERMS
    }

    fn add(&mut self, key: &[u8], documents: u32) {
        if let Ok(word) = std::str::from_utf8(key) {
            *self.0.entry(word.to_owned()).or_default() += documents;
        }
    }

    fn candidates(self, distance: impl Fn(&str) -> usize) -> Vec<Candidate> {
        let words = self.0.into_iter();
        words
            .map(|(word, documents)| Candidate {
                distance: distance(&word),
                word,
                documents,
            })
            .collect()
    }
}

/// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let width = other.len() + 1;
    let mut rows = vec![0; (one.len() + 1) * width];
    for (j, cell) in rows.iter_mut().take(width).enumerate() {
        *cell = j;
    }
    for i in 1..=one.len() {
        rows[i * width] = i;
        for j in 1..width {
            let change = usize::from(one[i - 1] != other[j - 1]);
            let mut best = (rows[(i - 1) * width + j] + 1)
                .min(rows[i * width + j - 1] + 1)
                .min(rows[(i - 1) * width + j - 1] + change);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                best = best.min(rows[(i - 2) * width + j - 2] + 1);
            }
            rows[i * width + j] = best;
        }
    }
    rows[one.len() * width + other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_is_one_mistake() {
        assert_eq!(distance("facutre", "facture"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("imprimente", "imprimante"), 1);
    }

    #[test]
    fn short_words_and_codes_are_taken_at_their_word() {
        assert!(tolerated_mistakes("vpn", false).is_empty());
        assert!(tolerated_mistakes("or48213", false).is_empty());
        assert_eq!(tolerated_mistakes("mail", false), 1..=1);
        assert_eq!(tolerated_mistakes("imprimante", false), 1..=2);
        assert_eq!(tolerated_mistakes("imprimante", true), 1..=1);
    }
}
