//! The article index of this node: kept open, kept up with the database, repaired.
//!
//! The index is a copy that may be missing, damaged or behind at any moment. Whoever searches asks
//! [`ArticleIndex::searching`] and does without when there is none; [`ArticleIndex::follow`] brings
//! one back.

mod documents;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::model::INDEX;
use super::search::ArticleSearch;
use crate::platform::db::{Conn, Database, StorageError, Timestamp};
use crate::platform::search::changes::{get_revision, list_changes};
use crate::platform::search::parity::{Parity, Prints};
use crate::platform::search::{Coverage, Freshness, SearchError};

/// Changes read at a time.
const BATCH: i64 = 200;

/// The article index of this node.
pub struct ArticleIndex {
    directory: PathBuf,
    open: RwLock<Option<Arc<ArticleSearch>>>,
    suspect: AtomicBool,
    freshness: Freshness,
}

impl ArticleIndex {
    /// Opens the index, or starts an empty one where it is missing or damaged. One that cannot
    /// be opened at all is tried again by [`Self::follow`]; pages do without it meanwhile.
    #[must_use]
    pub fn open(directory: &Path) -> Self {
        let index = Self {
            directory: directory.to_owned(),
            open: RwLock::new(None),
            suspect: AtomicBool::new(false),
            freshness: Freshness::default(),
        };
        if let Err(error) = index.reopen() {
            tracing::warn!(%error, "articles are searched without their index for now");
        }
        index
    }

    /// An index that another process keeps up: opened for reading only.
    ///
    /// # Errors
    /// When there is no sound index.
    pub fn open_read_only(directory: &Path) -> Result<Self, SearchError> {
        let search = ArticleSearch::open_read_only(directory)?;
        Ok(Self {
            directory: directory.to_owned(),
            open: RwLock::new(Some(Arc::new(search))),
            suspect: AtomicBool::new(false),
            freshness: Freshness::default(),
        })
    }

    /// What `work` finds in the index; none when there is no index or it fails, which makes it
    /// suspect: the next [`Self::follow`] checks every byte of it.
    pub fn searching<T>(
        &self,
        work: impl FnOnce(&ArticleSearch) -> Result<T, SearchError>,
    ) -> Option<T> {
        let search = self.current()?;
        // Before its first filling it knows nothing, which is no answer.
        search.index().revision()?;
        // Tantivy panics on files that were changed under it.
        match catch_unwind(AssertUnwindSafe(|| work(&search))) {
            Ok(Ok(found)) => Some(found),
            Ok(Err(error)) => self.suspect(&error.to_string()),
            Err(_) => self.suspect("it panicked"),
        }
    }

    fn suspect<T>(&self, reason: &str) -> Option<T> {
        tracing::error!(reason, "the article index will be checked");
        self.suspect.store(true, Ordering::Release);
        None
    }

    /// Repairs the index where needed and brings it up to the database.
    ///
    /// # Errors
    /// [`SearchError::Busy`] when another process keeps it up; else what failed.
    pub fn follow(&self, db: &Database) -> Result<(), FollowError> {
        self.bring_up(db).inspect_err(|_| self.freshness.doubt())
    }

    fn bring_up(&self, db: &Database) -> Result<(), FollowError> {
        let suspect = self.suspect.swap(false, Ordering::AcqRel);
        if suspect || !self.is_present() || self.current().is_none() {
            self.check()?;
        }
        let search = self.current().ok_or(SearchError::Busy)?;
        let asked = db.now();
        let revision =
            db.read_blocking(|conn| get_revision(conn, INDEX).map_err(StorageError::from))?;
        match search.index().revision() {
            // Ahead of the database: it follows another one, which was restored or replaced.
            Some(at) if at <= revision && !search.index().needs_rebuild() => {
                catch_up(db, &search, at, revision)?;
            }
            _ => rebuild(db, &search)?,
        }
        self.freshness.note(asked);
        Ok(())
    }

    /// How much a search that begins now looks through. To be asked before it: what is brought in
    /// meanwhile may be missing from what it finds.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn coverage(&self, conn: &mut Conn, now: Timestamp) -> diesel::QueryResult<Coverage> {
        let at = self.revision();
        self.freshness.coverage(conn, INDEX, at, now)
    }

    /// Compares every document with the database. What changes meanwhile may count as a difference.
    ///
    /// # Errors
    /// When the database or the index cannot be read.
    pub fn parity(&self, db: &Database) -> Result<Parity, FollowError> {
        let found = match self.current() {
            Some(search) => {
                search.index().reload()?;
                search.index().prints()?
            }
            None => Prints::new(),
        };
        let all = db.read_blocking(|conn| documents::list_all(conn).map_err(StorageError::from))?;
        let expected = all.iter().map(|article| (article.id, article.prints()));
        Ok(Parity::of(&expected.collect(), &found))
    }

    /// Makes the whole index anew from the database, while the old one answers.
    ///
    /// # Errors
    /// As [`Self::follow`].
    pub fn rebuild(&self, db: &Database) -> Result<(), FollowError> {
        self.check()?;
        let search = self.current().ok_or(SearchError::Busy)?;
        rebuild(db, &search)
    }

    /// Looks for what the process that keeps the index up has written since.
    ///
    /// # Errors
    /// When the new state cannot be read.
    pub fn reload(&self) -> Result<(), SearchError> {
        self.current()
            .map_or(Ok(()), |search| search.index().reload())
    }

    /// The change up to which the index has followed the database.
    #[must_use]
    pub fn revision(&self) -> Option<i64> {
        self.current()?.index().revision()
    }

    /// Reads every byte; what is damaged is set aside and an empty index opened in its place.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn check(&self) -> Result<(), SearchError> {
        match ArticleSearch::open_read_only(&self.directory) {
            Ok(_) if self.current().is_some() => Ok(()),
            Ok(_) => self.reopen(),
            Err(error) => {
                tracing::warn!(%error, "the article index is made anew");
                self.reopen()
            }
        }
    }

    fn reopen(&self) -> Result<(), SearchError> {
        // Its lock goes with the old one, once the last search on it has ended.
        *self.open.write().unwrap_or_else(PoisonError::into_inner) = None;
        let fresh = ArticleSearch::open(&self.directory)?;
        *self.open.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(fresh));
        Ok(())
    }

    fn current(&self) -> Option<Arc<ArticleSearch>> {
        self.open
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Whether the files are where they were, without reading them.
    fn is_present(&self) -> bool {
        let name = std::fs::read_to_string(self.directory.join("current"));
        name.is_ok_and(|name| self.directory.join(name).join("meta.json").is_file())
    }
}

/// Why the index could not be brought up to the database.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The index.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<diesel::result::Error> for FollowError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Storage(error.into())
    }
}

fn catch_up(
    db: &Database,
    search: &ArticleSearch,
    mut at: i64,
    revision: i64,
) -> Result<(), FollowError> {
    while at < revision {
        let (last, changes) = db.read_blocking(|conn| next_changes(conn, at, revision))?;
        search.apply(&changes, last)?;
        at = last;
    }
    Ok(())
}

fn next_changes(
    conn: &mut Conn,
    at: i64,
    revision: i64,
) -> Result<(i64, Vec<super::search::ArticleChange>), FollowError> {
    let changes = list_changes(conn, INDEX, at, BATCH)?;
    // Changes that were overtaken by later ones are not listed.
    let last = changes.last().map_or(revision, |(revision, _)| *revision);
    let ids: Vec<i64> = changes.into_iter().map(|(_, id)| id).collect();
    Ok((last, documents::list_changed(conn, &ids)?))
}

fn rebuild(db: &Database, search: &ArticleSearch) -> Result<(), FollowError> {
    let mut fresh = search.rebuild()?;
    let revision =
        db.read_blocking(|conn| get_revision(conn, INDEX).map_err(StorageError::from))?;
    let all = db.read_blocking(|conn| documents::list_all(conn).map_err(StorageError::from))?;
    for article in &all {
        fresh.add(article)?;
    }
    fresh.finish(revision)?;
    tracing::info!(articles = all.len(), "the article index was made anew");
    Ok(())
}
