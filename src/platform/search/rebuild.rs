//! Filling a new index while the old one answers.

use tantivy::{IndexWriter, TantivyDocument};

use super::generation::{CommitNote, Generation};
use super::index::{SearchError, SearchIndex};

/// An index being filled. Dropped before [`Self::finish`], it leaves nothing behind.
pub struct Rebuild<'a> {
    index: &'a SearchIndex,
    /// Absent once it is served.
    fresh: Option<(Generation, IndexWriter)>,
}

impl SearchIndex {
    /// Starts a second index. Changes applied meanwhile go to the first one only: read the revision
    /// before the documents, give it to [`Rebuild::finish`], and catch up from there.
    ///
    /// # Errors
    /// [`SearchError::ReadOnly`], [`SearchError::Busy`], or a failed write.
    pub fn rebuild(&self) -> Result<Rebuild<'_>, SearchError> {
        let _state = self.writing()?;
        let generation = self.start_generation()?;
        let writer = generation.writer()?;
        Ok(Rebuild {
            index: self,
            fresh: Some((generation, writer)),
        })
    }
}

impl Rebuild<'_> {
    /// Adds a document.
    ///
    /// # Errors
    /// When the indexing thread has failed, for instance on a full disk.
    pub fn add(&mut self, document: TantivyDocument) -> Result<(), SearchError> {
        if let Some((_, writer)) = &self.fresh {
            writer.add_document(document)?;
        }
        Ok(())
    }

    /// Commits and serves the new index from now on.
    ///
    /// # Errors
    /// When writing fails; the old index stays.
    pub fn finish(mut self, revision: i64) -> Result<(), SearchError> {
        let Some((generation, writer)) = &mut self.fresh else {
            return Ok(());
        };
        let note = CommitNote {
            schema: self.index.spec.tag(),
            revision,
            complete: true,
        };
        generation.commit(writer, &note)?;
        let mut state = self.index.writing()?;
        match self.fresh.take() {
            Some((generation, writer)) => {
                // Merging is an optimisation: what was committed is served even if it fails.
                if let Err(error) = writer.wait_merging_threads() {
                    tracing::warn!(%error, "search index not merged");
                }
                self.index.swap(&mut state, generation)
            }
            None => Ok(()),
        }
    }
}

impl Drop for Rebuild<'_> {
    fn drop(&mut self) {
        if let Some((generation, writer)) = self.fresh.take() {
            drop(writer);
            generation.discard();
        }
    }
}
