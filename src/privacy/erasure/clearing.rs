//! The files of a node, after somebody was erased in the database.
//!
//! Each node has an index, an outbox folder and a list of its own; what the list says of an erasure
//! is that this node's files are clear of it.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use diesel::prelude::*;

use super::list::{self, Entry};
use crate::config::Settings;
use crate::drafts;
use crate::platform::db::{Database, StorageError, Timestamp};
use crate::platform::mail::MailId;
use crate::platform::schedule::Schedule;
use crate::platform::web::Site;
use crate::platform::web::parts::Parts;
use crate::schema::mails;
use crate::tickets::index::TicketIndex;

/// Clears up soon after an erasure.
pub(in crate::privacy) const SCHEDULE: Schedule = Schedule {
    name: "erasures",
    every: Duration::from_secs(2),
    run,
    at_end: false,
};

/// After a failure, such as a full disk, nothing is tried for so long.
const PAUSE: TimeDelta = TimeDelta::minutes(10);

/// Mails asked about in one query.
const AT_ONCE: usize = 500;

/// How far this process has come.
#[derive(Default)]
struct Progress {
    /// Key of the last erasure that is cleared up after.
    cleared: Option<i64>,
    /// After a failure.
    not_before: Option<Timestamp>,
}

/// Begins with a look at every start.
pub(in crate::privacy) fn open(
    _: &Settings,
    _: &Database,
    parts: &mut Parts,
) -> Result<(), String> {
    parts.insert(Mutex::new(Progress::default()));
    Ok(())
}

fn run(site: &Site) -> Result<(), StorageError> {
    let progress = site.part::<Mutex<Progress>>();
    let mut progress = progress.lock().unwrap_or_else(PoisonError::into_inner);
    let now = site.db.now();
    // Farther off than any pause: the clock was wrong when it was noted.
    if progress
        .not_before
        .is_some_and(|at| now < at && at - now <= PAUSE)
    {
        return Ok(());
    }
    let last = site
        .db
        .read_blocking(|conn| list::last(conn).map_err(StorageError::from))?;
    if progress.cleared == Some(last) {
        return Ok(());
    }
    match clear(site) {
        Ok(()) => {
            *progress = Progress {
                cleared: Some(last),
                not_before: None,
            };
            Ok(())
        }
        Err(error) => {
            progress.not_before = Some(now + PAUSE);
            Err(error)
        }
    }
}

/// Takes what was erased out of this node's files: the index, the mails in the outbox folder, the
/// contents of files, and what deleted rows left in the database's own. Blocking; does nothing
/// when there is nothing to clear.
///
/// # Errors
/// When the database or the disk refuses. It can be tried again.
pub fn clear(site: &Site) -> Result<(), StorageError> {
    let path = &site.settings.erasure_list;
    let told = |error: std::io::Error| StorageError::Other(format!("list of erasures: {error}"));
    let stored = site
        .db
        .read_blocking(|conn| list::stored(conn).map_err(StorageError::from))?;
    let known = list::read(path).map_err(told)?;
    let merged = list::merge(known.clone(), stored);
    // First of all: a backup that is restored from now on has to forget them.
    if merged != known {
        list::write(path, &merged).map_err(told)?;
    }
    if merged.iter().all(|entry| entry.cleared) {
        return Ok(());
    }
    site.part::<TicketIndex>().make_anew(&site.db)?;
    remove_exports(site)?;
    drafts::sweep(site)?;
    site.db.compact()?;
    let cleared: Vec<Entry> = merged
        .into_iter()
        .map(|entry| Entry {
            cleared: true,
            ..entry
        })
        .collect();
    list::write(path, &cleared).map_err(told)?;
    tracing::info!("what was erased is gone from the files, too");
    Ok(())
}

/// Removes the files of mails whose text is gone.
fn remove_exports(site: &Site) -> Result<(), StorageError> {
    let folder = site.settings.data_dir.join("outbox");
    let told = |error: std::io::Error| StorageError::Other(format!("outbox folder: {error}"));
    let mut files: Vec<(MailId, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(told)? {
        let entry = entry.map_err(told)?;
        let name = entry.file_name();
        let id = name.to_str().and_then(|name| name.split_once('-'));
        if let Some(id) = id.and_then(|(id, _)| id.parse().ok()) {
            files.push((MailId(id), entry.path()));
        }
    }
    for files in files.chunks(AT_ONCE) {
        let kept: HashSet<MailId> = site.db.read_blocking(|conn| {
            let whole = mails::table
                .filter(mails::id.eq_any(files.iter().map(|(id, _)| *id)))
                .filter(mails::data.ne("{}"))
                .select(mails::id)
                .load(conn);
            whole
                .map(|ids: Vec<MailId>| ids.into_iter().collect())
                .map_err(StorageError::from)
        })?;
        for (_, path) in files.iter().filter(|(id, _)| !kept.contains(id)) {
            std::fs::remove_file(path).map_err(told)?;
        }
    }
    Ok(())
}
