//! What goes on in the background: following the folder, keeping the index up.

use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use diesel::QueryResult;

use super::files::Folder;
use super::index::{ArticleIndex, FollowError};
use super::model::INDEX;
use super::sync;
use crate::config::Settings;
use crate::platform::db::{Conn, Database, StorageError};
use crate::platform::schedule::Schedule;
use crate::platform::search::SearchError;
use crate::platform::search::changes::get_revision;
use crate::platform::vitals::Vitals;
use crate::platform::web::Site;
use crate::platform::web::parts::Parts;

/// Looks at the folder often enough for a saved file to be live within two seconds.
pub const ARTICLES: Schedule = Schedule {
    name: "articles",
    every: Duration::from_secs(1),
    run,
    at_end: false,
};

/// Runs between two checks of every byte of the index.
const CHECK_EVERY: u32 = 60;

/// The folder as it was last brought in.
#[derive(Default)]
pub struct Follower {
    seen: Mutex<Option<Folder>>,
    runs: AtomicU32,
}

/// Which edition of the articles this node shows: a number that grows with every change to them,
/// wherever it was made. Pages made from an edition hold as long as it lasts.
#[derive(Default)]
pub struct Edition {
    number: AtomicU64,
    revision: AtomicI64,
}

impl Edition {
    /// The present number.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number.load(Ordering::Acquire)
    }

    fn note(&self, changed: bool, revision: i64) {
        let other = self.revision.swap(revision, Ordering::AcqRel) != revision;
        if changed || other {
            self.number.fetch_add(1, Ordering::AcqRel);
        }
    }
}

/// Opens what this slice keeps open.
pub(super) fn open(settings: &Settings, _: &Database, parts: &mut Parts) -> Result<(), String> {
    parts.insert(ArticleIndex::open(
        &settings.data_dir.join("index/articles"),
    ));
    parts.insert(Follower::default());
    parts.insert(Edition::default());
    Ok(())
}

/// Tells how far the index has come.
pub(super) fn tell_vitals(site: &Site, conn: &mut Conn, vitals: &mut Vitals) -> QueryResult<()> {
    let at = site.part::<ArticleIndex>().revision();
    vitals.tell_index("articles", at, get_revision(conn, INDEX)?);
    Ok(())
}

fn run(site: &Site) -> Result<(), StorageError> {
    follow_folder(site)?;
    let index = site.part::<ArticleIndex>();
    let runs = site.part::<Follower>().runs.fetch_add(1, Ordering::Relaxed);
    if runs % CHECK_EVERY == CHECK_EVERY - 1
        && let Err(error) = index.check()
    {
        tracing::warn!(%error, "the article index could not be checked");
    }
    match index.follow(&site.db) {
        // The command line is at work on it; what it does is seen at the next run.
        Ok(()) | Err(FollowError::Search(SearchError::Busy)) => Ok(()),
        Err(FollowError::Storage(error)) => Err(error),
        Err(FollowError::Search(error)) => Err(StorageError::Other(error.to_string())),
    }
}

/// Brings the folder in when anything in it was written since the last time.
///
/// # Errors
/// When the database refuses; it is tried again the next time.
pub fn follow_folder(site: &Site) -> Result<(), StorageError> {
    let follower = site.part::<Follower>();
    let mut seen = follower.seen.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = Folder::list(&site.settings.kb_dir);
    let changed = seen.as_ref() != Some(&folder);
    if changed {
        sync::sync(&site.db, &site.settings.kb_dir, &folder)?;
        *seen = Some(folder);
    }
    // Another node, or the command line, may have brought in something else.
    let revision = site
        .db
        .read_blocking(|conn| get_revision(conn, INDEX).map_err(StorageError::from))?;
    site.part::<Edition>().note(changed, revision);
    Ok(())
}
