//! What goes on in the background: following the folder, keeping the index up.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::files::Folder;
use super::index::{ArticleIndex, FollowError};
use super::sync;
use crate::config::Settings;
use crate::platform::db::{Database, StorageError};
use crate::platform::schedule::Schedule;
use crate::platform::search::SearchError;
use crate::platform::web::Site;
use crate::platform::web::parts::Parts;

/// Looks at the folder often enough for a saved file to be live within two seconds.
pub const ARTICLES: Schedule = Schedule {
    name: "articles",
    every: Duration::from_secs(1),
    run,
};

/// Runs between two checks of every byte of the index.
const CHECK_EVERY: u32 = 60;

/// The folder as it was last brought in.
#[derive(Default)]
pub struct Follower {
    seen: Mutex<Option<Folder>>,
    runs: AtomicU32,
}

/// Opens what this slice keeps open.
pub(super) fn open(settings: &Settings, _: &Database, parts: &mut Parts) -> Result<(), String> {
    parts.insert(ArticleIndex::open(
        &settings.data_dir.join("index/articles"),
    ));
    parts.insert(Follower::default());
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
    if seen.as_ref() != Some(&folder) {
        sync::sync(&site.db, &site.settings.kb_dir, &folder)?;
        *seen = Some(folder);
    }
    Ok(())
}
