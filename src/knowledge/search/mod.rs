//! Search among published articles.
//!
//! All language versions of an article are indexed together ([`ArticleChange`]): a version also answers
//! to the titles of its translations, and a version in another language is found only when the viewer
//! may not read one in their own.
//!
//! The index holds what may be shown to somebody; [`Query::audiences`] decides to whom, inside every
//! query. As the index follows the database by a moment, a page re-checks the articles that it shows.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use tantivy::Searcher;

use crate::platform::search::synonyms::Synonyms;
use crate::platform::search::{Language, Rebuild, SearchError, SearchIndex};

mod document;
mod fields;
mod find;
mod suggest;
#[cfg(test)]
mod tests;

pub use document::{ArticleChange, ArticleDocument};
pub use find::{Hit, Query, SearchResult};
pub use suggest::Suggestion;

use fields::Fields;

/// The article index. Its methods block on files: call them on a blocking thread.
pub struct ArticleSearch {
    index: SearchIndex,
    fields: Fields,
    synonyms: RwLock<[Arc<Synonyms>; 2]>,
}

impl ArticleSearch {
    /// Opens the index in a directory of its own; see [`SearchIndex::open`].
    ///
    /// # Errors
    /// As [`SearchIndex::open`].
    pub fn open(directory: &Path) -> Result<Self, SearchError> {
        let fields = Fields::new();
        Ok(Self::new(
            SearchIndex::open(directory, fields.spec())?,
            fields,
        ))
    }

    /// Opens it while another process may be writing; see [`SearchIndex::open_read_only`].
    ///
    /// # Errors
    /// As [`SearchIndex::open_read_only`].
    pub fn open_read_only(directory: &Path) -> Result<Self, SearchError> {
        let fields = Fields::new();
        Ok(Self::new(
            SearchIndex::open_read_only(directory, fields.spec())?,
            fields,
        ))
    }

    /// An index that ends with the process.
    ///
    /// # Errors
    /// As [`SearchIndex::in_memory`].
    pub fn in_memory() -> Result<Self, SearchError> {
        let fields = Fields::new();
        Ok(Self::new(SearchIndex::in_memory(fields.spec())?, fields))
    }

    fn new(index: SearchIndex, fields: Fields) -> Self {
        let french = Synonyms::parse(include_str!("synonyms/fr.txt"), Language::Fr);
        let english = Synonyms::parse(include_str!("synonyms/en.txt"), Language::En);
        Self {
            index,
            fields,
            synonyms: RwLock::new([Arc::new(french), Arc::new(english)]),
        }
    }

    /// Replaces the synonyms of a language, for searches that begin from now on.
    pub fn set_synonyms(&self, language: Language, text: &str) {
        let synonyms = Arc::new(Synonyms::parse(text, language));
        let mut all = self
            .synonyms
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        all[slot(language)] = synonyms;
    }

    fn synonyms(&self, language: Language) -> Arc<Synonyms> {
        let all = self.synonyms.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&all[slot(language)])
    }

    /// The machinery below: revision, reload, whether a rebuild is needed.
    #[must_use]
    pub fn index(&self) -> &SearchIndex {
        &self.index
    }

    fn searcher(&self) -> Searcher {
        self.index.searcher()
    }

    /// Replaces articles by their present versions, visible to searches from now on.
    ///
    /// # Errors
    /// As [`SearchIndex::apply`].
    pub fn apply(&self, changes: &[ArticleChange], revision: i64) -> Result<(), SearchError> {
        self.index.apply(self.fields.batch(changes), revision)
    }

    /// Starts a new index beside this one; see [`SearchIndex::rebuild`].
    ///
    /// # Errors
    /// As [`SearchIndex::rebuild`].
    pub fn rebuild(&self) -> Result<ArticleRebuild<'_>, SearchError> {
        Ok(ArticleRebuild {
            rebuild: self.index.rebuild()?,
            fields: &self.fields,
        })
    }
}

/// A new article index being filled.
pub struct ArticleRebuild<'a> {
    rebuild: Rebuild<'a>,
    fields: &'a Fields,
}

impl ArticleRebuild<'_> {
    /// Adds all versions of an article.
    ///
    /// # Errors
    /// As [`Rebuild::add`].
    pub fn add(&mut self, article: &ArticleChange) -> Result<(), SearchError> {
        for document in self.fields.documents(article) {
            self.rebuild.add(document)?;
        }
        Ok(())
    }

    /// Serves the new index; `revision` was read before the first article was.
    ///
    /// # Errors
    /// As [`Rebuild::finish`].
    pub fn finish(self, revision: i64) -> Result<(), SearchError> {
        self.rebuild.finish(revision)
    }
}

fn slot(language: Language) -> usize {
    match language {
        Language::Fr => 0,
        Language::En => 1,
    }
}
