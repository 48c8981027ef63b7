//! One Tantivy index: a directory that is written until a better one takes its place.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tantivy::directory::{MmapDirectory, RamDirectory};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::{Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Searcher};

use super::analysis;
use super::index::{IndexSpec, SearchError};

/// Bytes that the one indexing thread may hold before it writes a segment: the least that Tantivy takes.
/// A table of a third of it is cleared and read for every commit, however small.
const WRITER_MEMORY: usize = 15_000_000;

/// Documents up to which segments count as equally small, and are merged eight at a time. Tantivy's own
/// ten thousand would write everything that came since a rebuild anew at every eighth commit.
const SMALL_SEGMENT: u32 = 256;

/// What a commit says of itself: which analysis made it, and up to where it follows the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CommitNote {
    pub schema: String,
    pub revision: i64,
    /// Whether the index was filled from everything there is, and not only from later changes.
    pub complete: bool,
}

impl CommitNote {
    pub fn to_payload(&self) -> String {
        let complete = if self.complete { "yes" } else { "no" };
        format!(
            "schema={};rev={};complete={complete}",
            self.schema, self.revision
        )
    }

    pub fn parse(payload: &str) -> Option<Self> {
        let field = |name: &str| {
            payload
                .split(';')
                .find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
        };
        Some(Self {
            schema: field("schema")?.to_owned(),
            revision: field("rev")?.parse().ok()?,
            complete: field("complete") == Some("yes"),
        })
    }
}

pub(super) struct Generation {
    /// Absent for an index in memory.
    pub directory: Option<PathBuf>,
    index: Index,
    reader: IndexReader,
    note: Mutex<Option<CommitNote>>,
}

impl Generation {
    pub fn in_memory(spec: &IndexSpec) -> Result<Self, SearchError> {
        let index = Index::create(
            RamDirectory::create(),
            spec.schema.clone(),
            IndexSettings::default(),
        )?;
        Self::around(index, None)
    }

    /// Creates an empty index. The first commit note comes with the first commit.
    pub fn create(directory: &Path, spec: &IndexSpec) -> Result<Self, SearchError> {
        fs::create_dir_all(directory)?;
        let index = Index::create_in_dir(directory, spec.schema.clone())?;
        Self::around(index, Some(directory.to_owned()))
    }

    /// Opens what is there after checking every byte of it: Tantivy itself serves flipped bytes, or
    /// panics on them.
    pub fn open(directory: &Path, spec: &IndexSpec) -> Result<Self, SearchError> {
        let index =
            Index::open(MmapDirectory::open(directory).map_err(tantivy::TantivyError::from)?)?;
        if index.schema() != spec.schema {
            return Err(SearchError::Outdated);
        }
        let damaged = index.validate_checksum()?;
        if !damaged.is_empty() {
            return Err(SearchError::Damaged(format!(
                "{} files fail their checksum",
                damaged.len()
            )));
        }
        let generation = Self::around(index, Some(directory.to_owned()))?;
        match generation.note() {
            Some(note) if note.schema != spec.tag() => Err(SearchError::Outdated),
            _ => Ok(generation),
        }
    }

    fn around(index: Index, directory: Option<PathBuf>) -> Result<Self, SearchError> {
        analysis::register(&index);
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        let generation = Self {
            directory,
            index,
            reader,
            note: Mutex::new(None),
        };
        generation.reload()?;
        Ok(generation)
    }

    pub fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    pub fn note(&self) -> Option<CommitNote> {
        self.note
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Shows searches begun from now on the last commit.
    pub fn reload(&self) -> Result<(), SearchError> {
        self.reader.reload()?;
        let payload = self.index.load_metas()?.payload;
        *self.note.lock().unwrap_or_else(PoisonError::into_inner) =
            payload.as_deref().and_then(CommitNote::parse);
        Ok(())
    }

    pub fn writer(&self) -> Result<IndexWriter, SearchError> {
        // Each thread keeps memory of its own; one of each kind keeps up.
        let threads = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .memory_budget_per_thread(WRITER_MEMORY)
            .num_merge_threads(1)
            .build();
        let writer = self.index.writer_with_options(threads)?;
        let mut merges = LogMergePolicy::default();
        merges.set_min_layer_size(SMALL_SEGMENT);
        writer.set_merge_policy(Box::new(merges));
        Ok(writer)
    }

    pub fn commit(&self, writer: &mut IndexWriter, note: &CommitNote) -> Result<(), SearchError> {
        let mut prepared = writer.prepare_commit()?;
        prepared.set_payload(&note.to_payload());
        prepared.commit()?;
        self.reload()
    }

    /// Deletes the files. Searches that still read them keep their mapping; where a system refuses
    /// that, the next clean-up succeeds.
    pub fn discard(&self) {
        if let Some(directory) = &self.directory
            && let Err(error) = fs::remove_dir_all(directory)
        {
            tracing::warn!(%error, directory = %directory.display(), "search index not removed");
        }
    }
}
