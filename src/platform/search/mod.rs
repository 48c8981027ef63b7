//! Full-text search over Tantivy, for any slice that keeps an index of its own.
//!
//! - [`words`] cuts text into words and compounds; everything else here agrees on its answer.
//! - [`language`] and [`analysis`] turn words into index terms, once for the index and once for the query.
//! - [`index`] keeps an index directory: opened, checked, set aside when damaged, rebuilt and swapped.
//! - [`compile`] turns what a person typed into a query, by hand: no query syntax exists, so none can be abused.
//! - [`freshness`] knows whether an index holds what the database held a moment ago, so that a page can say.
//! - [`snippet`] explains a hit with a marked excerpt, as data and never as HTML.
//!
//! An index is a disposable copy. The database is the truth; [`index::SearchIndex::revision`] says how
//! much of it the copy holds. Every call here may read or write files: call it on a blocking thread.
//!
//! What a person may see is a filter that [`compile::compile`] cannot be called without. It limits the
//! hits and also every question asked of the vocabulary (does this word exist, what could the typing
//! mistake be), so that a correction never reveals a word of a hidden document.

mod alternatives;
pub mod analysis;
pub mod changes;
pub mod compile;
pub mod freshness;
pub mod index;
pub mod language;
pub mod parity;
pub mod snippet;
pub mod spelling;
pub mod synonyms;
pub mod terms;
pub mod user_query;
pub mod words;

mod concepts;
mod generation;
mod home;
#[cfg(test)]
mod index_tests;
mod rebuild;

pub use freshness::{Coverage, Freshness};
pub use index::{Batch, IndexSpec, SearchError, SearchIndex};
pub use language::Language;
pub use rebuild::Rebuild;
