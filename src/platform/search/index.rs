//! The life of an index: opened, changed, replaced by a better one.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tantivy::schema::Schema;
use tantivy::{IndexWriter, Searcher, TantivyDocument, Term};

use super::analysis::ANALYSER_VERSION;
use super::generation::{CommitNote, Generation};
use super::home::{current_name, lock, next_name, point_at, remove_strays, set_aside};

/// Why an index could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// Another process writes this index.
    #[error("another process is writing this search index")]
    Busy,
    /// The index was opened for reading only.
    #[error("this search index was opened for reading only")]
    ReadOnly,
    /// The files are not those that were written.
    #[error("the search index is damaged: {0}")]
    Damaged(String),
    /// Made by another version of the schema or of the analysis.
    #[error("the search index was made by another version")]
    Outdated,
    /// The file system refused.
    #[error("the search index cannot be reached: {0}")]
    Io(#[from] std::io::Error),
    /// Tantivy refused.
    #[error("search failed: {0}")]
    Tantivy(#[from] tantivy::TantivyError),
}

/// What an index holds, and in which version.
#[derive(Clone)]
pub struct IndexSpec {
    /// The fields.
    pub schema: Schema,
    /// To be raised when documents are written differently under the same schema.
    pub version: u32,
}

impl IndexSpec {
    pub(super) fn tag(&self) -> String {
        format!("{}.{ANALYSER_VERSION}", self.version)
    }
}

/// Changes that become visible together: first the deletions, then the new documents.
#[derive(Default)]
pub struct Batch {
    /// Documents with any of these terms go.
    pub deletions: Vec<Term>,
    /// Documents that come.
    pub additions: Vec<TantivyDocument>,
}

enum Home {
    Memory,
    Directory { root: PathBuf, read_only: bool },
}

/// Lazily taken, so that other processes may open the same directory for reading.
#[derive(Default)]
pub(super) struct WriterState {
    pub writer: Option<IndexWriter>,
    lock: Option<File>,
}

/// An index that many threads read and one at a time writes.
///
/// All methods block on files; call them on a blocking thread.
pub struct SearchIndex {
    pub(super) spec: IndexSpec,
    home: Home,
    current: RwLock<Arc<Generation>>,
    writing: Mutex<WriterState>,
}

impl SearchIndex {
    /// An index that ends with the process.
    ///
    /// # Errors
    /// When Tantivy refuses the schema.
    pub fn in_memory(spec: IndexSpec) -> Result<Self, SearchError> {
        let generation = Generation::in_memory(&spec)?;
        Ok(Self::new(
            spec,
            Home::Memory,
            generation,
            WriterState::default(),
        ))
    }

    /// Opens the index under `root`, or starts an empty one there when it is missing, damaged or
    /// outdated; the old files are set aside and [`Self::needs_rebuild`] says so.
    ///
    /// # Errors
    /// When the directory cannot be written, or is damaged while another process writes to it.
    pub fn open(root: &Path, spec: IndexSpec) -> Result<Self, SearchError> {
        fs::create_dir_all(root)?;
        let home = Home::Directory {
            root: root.to_owned(),
            read_only: false,
        };
        let reason = match open_current(root, &spec) {
            Ok(generation) => return Ok(Self::new(spec, home, generation, WriterState::default())),
            Err(reason) => reason,
        };
        let state = WriterState {
            writer: None,
            lock: Some(lock(root)?),
        };
        if let Some(name) = current_name(root) {
            tracing::warn!(%reason, root = %root.display(), "search index set aside");
            set_aside(root, &name)?;
        }
        let name = next_name(root)?;
        let generation = Generation::create(&root.join(&name), &spec)?;
        point_at(root, &name)?;
        Ok(Self::new(spec, home, generation, state))
    }

    /// Opens an index that another process may be writing. Nothing on disk is changed.
    ///
    /// # Errors
    /// When there is no sound index of this version.
    pub fn open_read_only(root: &Path, spec: IndexSpec) -> Result<Self, SearchError> {
        let generation = open_current(root, &spec)?;
        let home = Home::Directory {
            root: root.to_owned(),
            read_only: true,
        };
        Ok(Self::new(spec, home, generation, WriterState::default()))
    }

    fn new(spec: IndexSpec, home: Home, generation: Generation, state: WriterState) -> Self {
        Self {
            spec,
            home,
            current: RwLock::new(Arc::new(generation)),
            writing: Mutex::new(state),
        }
    }

    /// A view of the index that later changes do not touch.
    #[must_use]
    pub fn searcher(&self) -> Searcher {
        self.generation().searcher()
    }

    /// The database revision that the index follows; none before the first commit.
    #[must_use]
    pub fn revision(&self) -> Option<i64> {
        self.generation().note().map(|note| note.revision)
    }

    /// Whether the index still waits to be filled from the whole database. Searches answer meanwhile,
    /// with what changed since.
    #[must_use]
    pub fn needs_rebuild(&self) -> bool {
        !self.generation().note().is_some_and(|note| note.complete)
    }

    /// Applies changes in one commit and shows them at once to searches that begin afterwards.
    ///
    /// # Errors
    /// [`SearchError::ReadOnly`], [`SearchError::Busy`], or a failed write, after which nothing of the
    /// batch is in the index.
    pub fn apply(&self, batch: Batch, revision: i64) -> Result<(), SearchError> {
        let mut state = self.writing()?;
        let generation = self.generation();
        let mut writer = match state.writer.take() {
            Some(writer) => writer,
            None => generation.writer()?,
        };
        let before = generation.note();
        let note = CommitNote {
            schema: self.spec.tag(),
            revision: before
                .as_ref()
                .map_or(revision, |note| note.revision.max(revision)),
            complete: before.is_some_and(|note| note.complete),
        };
        // A writer that failed is dropped with what it held; the next batch begins afresh.
        for term in batch.deletions {
            writer.delete_term(term);
        }
        for document in batch.additions {
            writer.add_document(document)?;
        }
        generation.commit(&mut writer, &note)?;
        state.writer = Some(writer);
        Ok(())
    }

    /// Looks for what another process has committed or rebuilt since.
    ///
    /// # Errors
    /// When the new state cannot be read; the old one stays.
    pub fn reload(&self) -> Result<(), SearchError> {
        let Home::Directory { root, .. } = &self.home else {
            return self.generation().reload();
        };
        // Nobody of this process changes generations meanwhile, and nobody of another one while
        // this one has the right to write.
        let state = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if state.lock.is_none() {
                self.follow(root)?;
            }
            let generation = self.generation();
            match generation.reload() {
                Err(_)
                    if state.lock.is_none() && current_directory(root) != generation.directory => {}
                done => return done,
            }
        }
    }

    /// Turns to the generation that is current by now, when another process has rebuilt.
    fn follow(&self, root: &Path) -> Result<(), SearchError> {
        if current_directory(root) != self.generation().directory {
            self.install(open_current(root, &self.spec)?);
        }
        Ok(())
    }

    pub(super) fn generation(&self) -> Arc<Generation> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn install(&self, generation: Generation) -> Arc<Generation> {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *current, Arc::new(generation))
    }

    /// The right to write: one thread of one process at a time.
    pub(super) fn writing(&self) -> Result<MutexGuard<'_, WriterState>, SearchError> {
        let mut state = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        match &self.home {
            Home::Memory => {}
            Home::Directory {
                read_only: true, ..
            } => return Err(SearchError::ReadOnly),
            Home::Directory { root, .. } if state.lock.is_none() => {
                state.lock = Some(lock(root)?);
                self.follow(root)?;
                remove_strays(root)?;
            }
            Home::Directory { .. } => {}
        }
        Ok(state)
    }

    /// An empty index beside the one that is served.
    pub(super) fn start_generation(&self) -> Result<Generation, SearchError> {
        match &self.home {
            Home::Memory => Generation::in_memory(&self.spec),
            Home::Directory { root, .. } => {
                Generation::create(&root.join(next_name(root)?), &self.spec)
            }
        }
    }

    /// Serves another generation from now on and deletes the one before. Running searches finish on
    /// the files that they hold.
    pub(super) fn swap(
        &self,
        state: &mut WriterState,
        generation: Generation,
    ) -> Result<(), SearchError> {
        if let (Home::Directory { root, .. }, Some(directory)) = (&self.home, &generation.directory)
            && let Some(name) = directory.file_name().and_then(|name| name.to_str())
        {
            point_at(root, name)?;
        }
        state.writer = None;
        self.install(generation).discard();
        Ok(())
    }
}

fn current_directory(root: &Path) -> Option<PathBuf> {
    current_name(root).map(|name| root.join(name))
}

/// Opens the generation pointed at. Whoever writes may serve another one at any moment and take the
/// files of the one before away: then that other one is opened.
fn open_current(root: &Path, spec: &IndexSpec) -> Result<Generation, SearchError> {
    loop {
        let directory =
            current_directory(root).ok_or_else(|| SearchError::Damaged("no index here".into()))?;
        match Generation::open(&directory, spec) {
            Err(_) if current_directory(root).as_ref() != Some(&directory) => {}
            opened => return opened,
        }
    }
}
