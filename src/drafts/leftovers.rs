//! What nobody came back for: old drafts, and the contents of files that no draft has any more.

use std::time::Duration;

use chrono::TimeDelta;
use diesel::prelude::*;

use super::commands::delete;
use super::model::DraftId;
use crate::platform::blobs::Blobs;
use crate::platform::db::{Actor, Conn, StorageError, Timestamp};
use crate::platform::schedule::Schedule;
use crate::platform::web::Site;
use crate::schema::{draft_files, drafts};

/// A draft that nobody touched for so long is not needed.
pub const KEPT: TimeDelta = TimeDelta::days(30);

/// The same of a guest, whom nobody knows and who may have left a browser that others use.
pub const KEPT_OF_GUEST: TimeDelta = TimeDelta::days(1);

/// A content outlives its draft by so much: a backup that began before finds it yet, and whoever
/// had to sign in again has time to.
pub(super) const REST: TimeDelta = TimeDelta::days(1);

/// Drafts deleted in one transaction, at most.
const BATCH: i64 = 200;

/// Deletes old drafts.
pub(super) const EXPIRE: Schedule = Schedule {
    name: "expired-drafts",
    every: Duration::from_secs(3600),
    run: expire,
    at_end: false,
};

/// Deletes contents that no draft has any more.
pub(super) const SWEEP: Schedule = Schedule {
    name: "draft-leftovers",
    every: Duration::from_secs(3600),
    run: sweep,
    at_end: false,
};

fn expire(site: &Site) -> Result<(), StorageError> {
    loop {
        let deleted = site.db.write_blocking(Actor::System, |tx| {
            let old = drafts::table
                .filter(drafts::updated_at.lt(tx.now - KEPT))
                .or_filter(
                    (drafts::guest.is_not_null())
                        .and(drafts::updated_at.lt(tx.now - KEPT_OF_GUEST)),
                )
                .limit(BATCH)
                .select(drafts::id);
            let old: Vec<DraftId> = match tx.conn {
                // One that somebody goes on with in this moment is not old.
                Conn::Postgres(conn) => old.for_update().skip_locked().load(conn),
                Conn::Sqlite(conn) => old.load(conn),
            }?;
            delete(tx, &old)?;
            Ok::<_, StorageError>(old.len())
        })?;
        if deleted == 0 {
            return Ok(());
        }
    }
}

/// Deletes the contents that no row refers to any more. Blocking.
///
/// # Errors
/// When the database refuses.
pub fn sweep(site: &Site) -> Result<(), StorageError> {
    while sweep_batch(site)? {}
    Ok(())
}

/// Answers whether there may be more.
fn sweep_batch(site: &Site) -> Result<bool, StorageError> {
    let before = site.db.now() - REST;
    let blobs = Blobs::new(&site.settings.data_dir);
    let sources = site.contents.clone();
    let forsaken = site
        .db
        .read_blocking(|conn| list_forsaken(conn, before).map_err(StorageError::from))?;
    if forsaken.is_empty() {
        return Ok(false);
    }
    let full = i64::try_from(forsaken.len()) == Ok(BATCH);
    // A file that is being sent goes from its draft to its message in one transaction. Slices are
    // asked in the order of their floors, drafts before messages: one of them has it.
    let mut needed = std::collections::HashSet::new();
    for list in sources {
        let rows = site
            .db
            .read_blocking(|conn| list(conn).map_err(StorageError::from))?;
        needed.extend(rows.into_iter().map(|row| row.sha256));
    }
    let mut done = Vec::new();
    for (id, sha256) in forsaken {
        if needed.contains(&sha256) {
            done.push(id);
            continue;
        }
        match blobs.remove_idle(&sha256) {
            Ok(true) => done.push(id),
            // Somebody has just sent the same: the next round looks again.
            Ok(false) => {}
            Err(error) => tracing::error!(%error, sha256, "a content could not be deleted"),
        }
    }
    let more = full && !done.is_empty();
    site.db.write_blocking(Actor::System, move |tx| {
        diesel::delete(draft_files::table.filter(draft_files::id.eq_any(&done)))
            .execute(tx.conn)
            .map(|_| more)
            .map_err(StorageError::from)
    })
}

fn list_forsaken(conn: &mut Conn, before: Timestamp) -> QueryResult<Vec<(i64, String)>> {
    draft_files::table
        .filter(draft_files::draft_id.is_null())
        .filter(draft_files::since.lt(before))
        .order(draft_files::id.asc())
        .limit(BATCH)
        .select((draft_files::id, draft_files::sha256))
        .load(conn)
}
