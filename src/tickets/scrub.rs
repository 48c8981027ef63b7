//! Looking after files that nobody opens: what a disk loses in silence is found out while there is
//! still a backup that has it, and what no request refers to is cleared away.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use diesel::prelude::*;

use crate::config::Settings;
use crate::platform::backup::Referenced;
use crate::platform::blobs::{Blobs, Condition};
use crate::platform::db::{Conn, Database, StorageError, Timestamp};
use crate::platform::schedule::Schedule;
use crate::platform::web::Site;
use crate::platform::web::parts::Parts;
use crate::schema::{attachments, tickets};

/// Bytes read at a time, at most, but for a single large file: a few per second, so that nobody
/// waits for the disk because of it.
const BYTES: u64 = 32 << 20;
/// Files looked at in one go, at most.
const BATCH: i64 = 200;
/// How long a file may lie without a request that refers to it: much longer than a form takes.
const UNUSED: Duration = Duration::from_secs(86_400);
/// Between two rounds.
const REST: TimeDelta = TimeDelta::days(1);

/// Compares all files with their hashes, once a day.
pub(super) const SCHEDULE: Schedule = Schedule {
    name: "scrub attachments",
    every: Duration::from_secs(10),
    run,
    at_end: false,
};

/// How far a round has come.
#[derive(Default)]
pub(super) struct Round(Mutex<Progress>);

#[derive(Default)]
struct Progress {
    /// The last content that was looked at; contents are taken in the order of their hashes.
    after: String,
    /// The next round begins then.
    not_before: Option<Timestamp>,
}

/// Begins a round at every start.
pub(super) fn open(_: &Settings, _: &Database, parts: &mut Parts) -> Result<(), String> {
    parts.insert(Round::default());
    Ok(())
}

fn run(site: &Site) -> Result<(), StorageError> {
    let round = site.part::<Round>();
    let mut progress = round.0.lock().unwrap_or_else(PoisonError::into_inner);
    let now = site.db.now();
    // Farther off than any rest: the clock was wrong when it was noted.
    if progress
        .not_before
        .is_some_and(|at| now < at && at - now <= REST)
    {
        return Ok(());
    }
    let blobs = Blobs::new(&site.settings.data_dir);
    let batch = site
        .db
        .read_blocking(|conn| list_after(conn, &progress.after).map_err(StorageError::from))?;
    let mut bytes = 0;
    for (sha256, size) in &batch {
        let size = u64::try_from(*size).unwrap_or_default();
        look_at(site, &blobs, sha256, size)?;
        progress.after.clone_from(sha256);
        bytes += size;
        if bytes >= BYTES {
            return Ok(());
        }
    }
    if batch.is_empty() {
        remove_unused(site, &blobs)?;
        *progress = Progress {
            after: String::new(),
            not_before: Some(site.db.now() + REST),
        };
    }
    Ok(())
}

/// Removes what was received and then not referred to: the form was refused at last, or the
/// program ended between the two.
fn remove_unused(site: &Site, blobs: &Blobs) -> Result<(), StorageError> {
    let failed = |error: std::io::Error| StorageError::Other(format!("blobs: {error}"));
    // First the files, then the rows: what is referred to meanwhile is seen.
    let old = blobs.list_older(UNUSED).map_err(failed)?;
    if old.is_empty() {
        return Ok(());
    }
    let mut used = HashSet::new();
    for list in &site.contents {
        let rows = site
            .db
            .read_blocking(|conn| list(conn).map_err(StorageError::from))?;
        used.extend(rows.into_iter().map(|row| row.sha256));
    }
    let mut removed = 0;
    for sha256 in old.iter().filter(|sha256| !used.contains(*sha256)) {
        removed += usize::from(blobs.remove_idle(sha256).map_err(failed)?);
    }
    if removed > 0 {
        tracing::info!(removed, "files that no request refers to were removed");
    }
    Ok(())
}

/// Says what is wrong with a content. An altered one is not handed out any more: it is moved aside,
/// where somebody may still look at it.
fn look_at(site: &Site, blobs: &Blobs, sha256: &str, size: u64) -> Result<(), StorageError> {
    let condition = blobs.condition(sha256, size);
    if condition == Condition::Sound {
        return Ok(());
    }
    let requests = site
        .db
        .read_blocking(|conn| list_requests(conn, sha256).map_err(StorageError::from))?;
    // The log holds no names that people gave: `guichet doctor` tells those.
    tracing::error!(
        requests = requests.join(", "),
        fault = condition.as_str(),
        sha256,
        "an attachment is damaged: restore it from a backup"
    );
    if condition == Condition::Altered
        && let Err(error) = blobs.set_aside(sha256, size)
    {
        tracing::error!(%error, sha256, "it could not be moved aside");
    }
    Ok(())
}

fn list_after(conn: &mut Conn, sha256: &str) -> QueryResult<Vec<(String, i64)>> {
    attachments::table
        .filter(attachments::sha256.gt(sha256))
        .select((attachments::sha256, attachments::size))
        .distinct()
        .order(attachments::sha256.asc())
        .limit(BATCH)
        .load(conn)
}

/// The contents of all attachments, with the request that each came with.
pub(super) fn list_contents(conn: &mut Conn) -> QueryResult<Vec<Referenced>> {
    let rows: Vec<(String, i64, String, String)> = attachments::table
        .inner_join(tickets::table)
        .order(attachments::id.asc())
        .select((
            attachments::sha256,
            attachments::size,
            tickets::reference,
            attachments::name,
        ))
        .load(conn)?;
    let referenced = |(sha256, size, reference, name)| Referenced {
        sha256,
        size,
        holder: format!("{reference} {name}"),
    };
    Ok(rows.into_iter().map(referenced).collect())
}

/// The references of the requests that a content came with.
fn list_requests(conn: &mut Conn, sha256: &str) -> QueryResult<Vec<String>> {
    attachments::table
        .inner_join(tickets::table)
        .filter(attachments::sha256.eq(sha256))
        .select(tickets::reference)
        .distinct()
        .order(tickets::reference.asc())
        .load(conn)
}
