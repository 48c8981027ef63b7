//! Whether an index holds what the database says it should: every document carries a print of what
//! it was made from.

use std::collections::BTreeMap;
use std::fmt::Debug;

use sha2::{Digest, Sha256};
use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, SchemaBuilder};

use super::{SearchError, SearchIndex};

const ITEM: &str = "item";
const PRINT: &str = "print";

/// The prints of the documents of each item, sorted.
pub type Prints = BTreeMap<i64, Vec<u64>>;

/// The fields that tell what a document was made from.
#[derive(Clone, Copy)]
pub struct Origin {
    item: Field,
    print: Field,
}

impl Origin {
    /// Adds the fields to a schema.
    pub fn new(schema: &mut SchemaBuilder) -> Self {
        Self {
            item: schema.add_i64_field(ITEM, FAST),
            print: schema.add_u64_field(PRINT, FAST),
        }
    }

    /// Notes in a document what it was made from.
    pub fn add(&self, document: &mut TantivyDocument, item: i64, print: u64) {
        document.add_i64(self.item, item);
        document.add_u64(self.print, print);
    }
}

/// A print of everything that a document is made from: the first 64 bits of a SHA-256.
#[must_use]
pub fn print(source: &impl Debug) -> u64 {
    let hash = Sha256::digest(format!("{source:?}"));
    hash.iter()
        .take(8)
        .fold(0, |print, &byte| print << 8 | u64::from(byte))
}

/// What an index holds, compared with what it should.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parity {
    /// Items that should be found.
    pub items: usize,
    /// Of these, items that are not in the index.
    pub missing: usize,
    /// Items in the index that are gone.
    pub ghosts: usize,
    /// Items that the index holds as they were before.
    pub stale: usize,
}

impl Parity {
    /// Compares what should be there with what is.
    #[must_use]
    pub fn of(expected: &Prints, found: &Prints) -> Self {
        let missing = expected.keys().filter(|item| !found.contains_key(item));
        let ghosts = found.keys().filter(|item| !expected.contains_key(item));
        let stale = expected
            .iter()
            .filter(|(item, prints)| found.get(item).is_some_and(|found| found != *prints));
        Self {
            items: expected.len(),
            missing: missing.count(),
            ghosts: ghosts.count(),
            stale: stale.count(),
        }
    }

    /// Whether the index holds exactly what it should.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.missing + self.ghosts + self.stale == 0
    }
}

impl SearchIndex {
    /// The prints of all documents.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn prints(&self) -> Result<Prints, SearchError> {
        let mut prints = Prints::new();
        for segment in self.searcher().segment_readers() {
            let item = segment.fast_fields().i64(ITEM)?;
            let print = segment.fast_fields().u64(PRINT)?;
            for document in segment.doc_ids_alive() {
                if let (Some(item), Some(print)) = (item.first(document), print.first(document)) {
                    prints.entry(item).or_default().push(print);
                }
            }
        }
        prints
            .values_mut()
            .for_each(|prints| prints.sort_unstable());
        Ok(prints)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_difference_is_counted() {
        let expected = Prints::from([(1, vec![10]), (2, vec![20, 21]), (3, vec![30])]);
        assert!(Parity::of(&expected, &expected).holds());
        let found = Prints::from([(2, vec![20]), (3, vec![30]), (4, vec![40])]);
        let parity = Parity::of(&expected, &found);
        assert_eq!((parity.missing, parity.ghosts, parity.stale), (1, 1, 1));
        assert!(!parity.holds());
    }

    #[test]
    fn a_print_follows_its_source() {
        assert_eq!(print(&("a", 1)), print(&("a", 1)));
        assert_ne!(print(&("a", 1)), print(&("a", 2)));
    }
}
