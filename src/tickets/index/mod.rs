//! The index of tickets, kept up with the database.
//!
//! A search that cannot be answered is an error to its caller, who does without: no page needs
//! the index. What is damaged or missing is made again from the database in the background.

mod documents;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use diesel::QueryResult;

use documents::{for_each_document, read_changes};

use super::queries::{list_beginning_with, list_ids_of};
use super::search::{TicketHits, TicketScope, TicketSearch};
use super::store::{INDEX, mark_for_search};
use crate::accounts::events::{ERASED, PROFILE_CHANGED};
use crate::accounts::{self, PersonId};
use crate::config::Settings;
use crate::platform::db::{Conn, Database, StorageError, Timestamp, Tx};
use crate::platform::events::Recorded;
use crate::platform::failpoint;
use crate::platform::schedule::Schedule;
use crate::platform::search::parity::{Parity, Prints, print};
use crate::platform::search::{Coverage, Freshness, SearchError, changes};
use crate::platform::vitals::Vitals;
use crate::platform::web::Site;
use crate::platform::web::parts::Parts;

/// Brings the index up to date: at once after a quiet moment, otherwise once a second.
pub const SCHEDULE: Schedule = Schedule {
    name: "ticket index",
    every: Duration::from_millis(300),
    run: |site| site.part::<TicketIndex>().keep_up(&site.db),
    at_end: false,
};

/// Between two commits while changes keep coming: each takes a tenth of a second of a processor and
/// megabytes of tables, however little it brings.
const REST: Duration = Duration::from_secs(1);

/// The index of tickets, or the place where it will be when it can be opened.
pub struct TicketIndex {
    directory: PathBuf,
    search: RwLock<Option<TicketSearch>>,
    /// Held by the one who brings the index up to date or makes it anew.
    following: Mutex<()>,
    /// When changes were last brought in.
    brought_in: Mutex<Option<Instant>>,
    freshness: Freshness,
}

/// Opens the index at start. One that cannot be opened is reported and tried again later.
///
/// # Errors
/// None: the program runs without an index.
pub fn open(settings: &Settings, _: &Database, parts: &mut Parts) -> Result<(), String> {
    parts.insert(TicketIndex::open(&settings.data_dir.join("index/tickets")));
    Ok(())
}

/// What a page says of a search that has not looked through everything: the key of a text.
#[must_use]
pub const fn caveat(coverage: Coverage) -> Option<&'static str> {
    match coverage {
        Coverage::Whole => None,
        Coverage::Behind => Some("search-behind"),
        Coverage::WithoutIndex => Some("ticket-search-degraded"),
    }
}

/// Tells how far the index has come.
///
/// # Errors
/// When the database refuses.
pub fn tell_vitals(site: &Site, conn: &mut Conn, vitals: &mut Vitals) -> QueryResult<()> {
    let at = site.part::<TicketIndex>().revision();
    vitals.tell_index("tickets", at, changes::get_revision(conn, INDEX)?);
    Ok(())
}

impl TicketIndex {
    /// Opens the index in a directory of its own, or leaves that for later.
    #[must_use]
    pub fn open(directory: &Path) -> Self {
        let index = Self {
            directory: directory.to_owned(),
            search: RwLock::new(None),
            following: Mutex::new(()),
            brought_in: Mutex::new(None),
            freshness: Freshness::default(),
        };
        if let Err(error) = index.ensure_open() {
            tracing::warn!(%error, "the ticket index cannot be opened yet");
        }
        index
    }

    /// Finds tickets. Blocking.
    ///
    /// # Errors
    /// When there is no index or it cannot be read.
    pub fn search(
        &self,
        text: &str,
        scope: TicketScope,
        limit: usize,
        offset: usize,
        now: Timestamp,
    ) -> Result<TicketHits, SearchError> {
        let search = self.search.read().unwrap_or_else(PoisonError::into_inner);
        let search = search.as_ref().ok_or_else(missing)?;
        // An index that has never been filled finds nothing, which would read as an answer.
        if search.index().needs_rebuild() {
            return Err(missing());
        }
        contained(|| search.search(text, scope, limit, offset, now))
    }

    /// How much a search that begins now looks through. To be asked before it: what is brought in
    /// meanwhile may be missing from what it finds.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn coverage(&self, conn: &mut Conn, now: Timestamp) -> QueryResult<Coverage> {
        let at = self.revision();
        self.freshness.coverage(conn, INDEX, at, now)
    }

    /// The keys of what answers a text, best first, and how much was looked through; without an
    /// index, those whose reference or subject begins so. Blocking.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn find(
        &self,
        conn: &mut Conn,
        text: &str,
        scope: TicketScope,
        limit: usize,
        now: Timestamp,
    ) -> QueryResult<(Vec<i64>, Coverage)> {
        let coverage = self.coverage(conn, now)?;
        match self.search(text, scope, limit, 0, now) {
            Ok(found) => Ok((found.hits.iter().map(|hit| hit.id).collect(), coverage)),
            Err(error) => {
                tracing::warn!(%error, "searched without the index");
                let limit = i64::try_from(limit).unwrap_or(i64::MAX);
                let found = list_beginning_with(conn, text, scope, limit)?;
                let keys = found.iter().map(|ticket| ticket.id.0).collect();
                Ok((keys, Coverage::WithoutIndex))
            }
        }
    }

    /// The change up to which the index has followed the database; nothing while there is no index.
    #[must_use]
    pub fn revision(&self) -> Option<i64> {
        let search = self.search.read().unwrap_or_else(PoisonError::into_inner);
        search.as_ref()?.index().revision()
    }

    fn keep_up(&self, db: &Database) -> Result<(), StorageError> {
        let last = *self.last_brought_in();
        if last.is_some_and(|last| last.elapsed() < REST) {
            return Ok(());
        }
        self.catch_up(db)
    }

    fn last_brought_in(&self) -> MutexGuard<'_, Option<Instant>> {
        let last = self.brought_in.lock();
        last.unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings the index to the database's latest revision, from the beginning if need be.
    /// Blocking; running it twice is harmless.
    ///
    /// # Errors
    /// When the database or the disk refuses. It can be tried again.
    pub fn catch_up(&self, db: &Database) -> Result<(), StorageError> {
        let followed = self.follow(db).inspect_err(|_| self.freshness.doubt());
        followed.map_err(|error| match error {
            CatchUpError::Storage(error) => error,
            // Another process keeps this index: what it writes is seen at the next opening.
            CatchUpError::Search(SearchError::Busy) => {
                StorageError::Other("another process writes the ticket index".to_owned())
            }
            CatchUpError::Search(error) => {
                // Opened again, it is checked, and set aside if it is damaged.
                *self.search.write().unwrap_or_else(PoisonError::into_inner) = None;
                StorageError::Other(format!("ticket index: {error}"))
            }
        })
    }

    /// Makes the index anew from the database, so that its files hold nothing of what was taken out
    /// of requests: until then it is only not found. Searches answer meanwhile. Blocking.
    ///
    /// # Errors
    /// When the database or the disk refuses; the index stays as it was.
    pub fn make_anew(&self, db: &Database) -> Result<(), StorageError> {
        let _following = self
            .following
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let made = self
            .ensure_open()
            .map_err(CatchUpError::from)
            .and_then(|()| {
                let search = self.search.read().unwrap_or_else(PoisonError::into_inner);
                rebuild(search.as_ref().ok_or_else(missing)?, db)
            });
        // One that was set aside because it was damaged may hold anything.
        let aside = self.directory.join("aside");
        if made.is_ok() && aside.exists() {
            let removed = std::fs::remove_dir_all(&aside);
            removed.map_err(|error| StorageError::Other(format!("ticket index: {error}")))?;
        }
        made.map_err(|error| match error {
            CatchUpError::Storage(error) => error,
            CatchUpError::Search(error) => StorageError::Other(format!("ticket index: {error}")),
        })
    }

    fn follow(&self, db: &Database) -> Result<(), CatchUpError> {
        let _following = self
            .following
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        self.ensure_open()?;
        let search = self.search.read().unwrap_or_else(PoisonError::into_inner);
        let search = search.as_ref().ok_or_else(missing)?;
        let asked = db.now();
        let revision = db
            .read_blocking(|conn| changes::get_revision(conn, INDEX).map_err(StorageError::from))?;
        // Ahead of the database: it follows another one, which was restored or replaced.
        let ahead = search.index().revision().is_some_and(|at| at > revision);
        if ahead || search.index().needs_rebuild() {
            rebuild(search, db)?;
            self.freshness.note(asked);
            return Ok(());
        }
        loop {
            let asked = db.now();
            let after = search.index().revision().unwrap_or(0);
            let changes = db.read_blocking(|conn| read_changes(conn, after))?;
            let Some(changes) = changes else {
                self.freshness.note(asked);
                return Ok(());
            };
            failpoint::reach("index");
            contained(|| search.apply(&changes.changed, &changes.removed, changes.revision))?;
            *self.last_brought_in() = Some(Instant::now());
            // While changes keep coming there is no round without any.
            if changes.are_all {
                self.freshness.note(asked);
            }
        }
    }

    /// Compares every document with the database. Blocking; for a check, not for a page. What changes
    /// meanwhile may count as a difference.
    ///
    /// # Errors
    /// When the database or the index cannot be read.
    pub fn parity(&self, db: &Database) -> Result<Parity, StorageError> {
        let search = self.search.read().unwrap_or_else(PoisonError::into_inner);
        let found = match search.as_ref() {
            Some(search) => contained(|| {
                search.index().reload()?;
                search.index().prints()
            })
            .map_err(|error| StorageError::Other(format!("ticket index: {error}")))?,
            None => Prints::new(),
        };
        let mut expected = Prints::new();
        for_each_document(db, |document| {
            expected.insert(document.id, vec![print(document)]);
            Ok::<_, StorageError>(())
        })?;
        Ok(Parity::of(&expected, &found))
    }

    fn ensure_open(&self) -> Result<(), SearchError> {
        let mut search = self.search.write().unwrap_or_else(PoisonError::into_inner);
        if search.is_none() {
            *search = Some(contained(|| TicketSearch::open(&self.directory))?);
        }
        Ok(())
    }
}

#[derive(Debug, thiserror::Error)]
enum CatchUpError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Search(#[from] SearchError),
}

fn missing() -> SearchError {
    SearchError::Damaged("it has not been made yet".to_owned())
}

/// Files that changed under Tantivy can make it panic; here that is one more kind of damage.
fn contained<T>(work: impl FnOnce() -> Result<T, SearchError>) -> Result<T, SearchError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(SearchError::Damaged("it cannot be read".to_owned())))
}

fn rebuild(search: &TicketSearch, db: &Database) -> Result<(), CatchUpError> {
    // Before the first ticket is read: what changes meanwhile is read again afterwards.
    let revision =
        db.read_blocking(|conn| changes::get_revision(conn, INDEX).map_err(StorageError::from))?;
    let mut fresh = search.rebuild()?;
    for_each_document(db, |document| {
        fresh.add(document).map_err(CatchUpError::from)
    })?;
    fresh.finish(revision)?;
    Ok(())
}

/// Requests are found by the name of who asks: when it changes, all of theirs are indexed anew.
///
/// # Errors
/// When the database refuses.
pub fn follow_names(tx: &mut Tx<'_>, recorded: &Recorded) -> QueryResult<()> {
    let renamed = match recorded.kind.as_str() {
        PROFILE_CHANGED => recorded.data["old"]["name"] != recorded.data["new"]["name"],
        ERASED => true,
        _ => false,
    };
    if recorded.stream == accounts::STREAM && renamed {
        for ticket in list_ids_of(tx.conn, PersonId(recorded.stream_id))? {
            mark_for_search(tx, ticket)?;
        }
    }
    Ok(())
}
