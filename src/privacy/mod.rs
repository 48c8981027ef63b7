//! What is not kept for ever.
//!
//! It stands above every slice whose rows it removes, and knows each by its tables: a period is
//! a rule about all of them together, and is told, and tried out, in one place.

mod retention;

pub use retention::{Due, PERIODS, Periods, count_due, remove_due};

use std::time::Duration;

use crate::platform::db::{Actor, StorageError};
use crate::platform::schedule::Schedule;
use crate::platform::slice::Slice;
use crate::platform::web::Site;

const RETENTION: Schedule = Schedule {
    name: "retention",
    every: Duration::from_secs(3600),
    run,
};

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice {
        schedules: &[RETENTION],
        ..Slice::named("privacy")
    }
}

/// Removes everything that is due, a batch at a time, so that nobody who writes waits for long.
fn run(site: &Site) -> Result<(), StorageError> {
    let removed = remove(site)?;
    if removed != Due::default() {
        tracing::info!(?removed, "what is not kept any longer was removed");
    }
    Ok(())
}

/// Removes everything that is due; answers what it was. Blocking.
///
/// # Errors
/// When the database refuses. What was removed until then stays removed.
pub fn remove(site: &Site) -> Result<Due, StorageError> {
    let mut removed = Due::default();
    loop {
        let due = site
            .db
            .read_blocking(|conn| count_due(conn, site.db.now()).map_err(StorageError::from))?;
        if due == Due::default() {
            return Ok(removed);
        }
        let batch = site.db.write_blocking(Actor::System, |tx| {
            tx.set_origin("schedule");
            remove_due(tx).map_err(StorageError::from)
        })?;
        if batch == Due::default() {
            return Ok(removed);
        }
        removed += batch;
    }
}
