//! What people may ask of what is held about them, and what is not kept for ever.
//!
//! It stands above every slice whose rows it hands out or removes, and knows each by its tables: a
//! period, a copy and an erasure are about all of them together, and are told, and tried out, in
//! one place.

pub mod erasure;
pub mod export;
mod handlers;
pub mod inventory;
mod manage;
mod pages;
mod retention;
mod retention_business;

pub use retention::{Due, count_due, remove_due};

use std::time::Duration;

use crate::config::Settings;
use crate::platform::company::Company;
use crate::platform::db::{Actor, Database, StorageError};
use crate::platform::schedule::Schedule;
use crate::platform::slice::Slice;
use crate::platform::web::Site;
use crate::platform::web::parts::Parts;

use self::erasure::Erasing;

const RETENTION: Schedule = Schedule {
    name: "retention",
    every: Duration::from_secs(24 * 3600),
    run,
    at_end: false,
};

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice {
        routes,
        schedules: &[RETENTION, erasure::SCHEDULE],
        open: Some(open),
        samples: pages::samples,
        ..Slice::named("privacy")
    }
}

fn routes() -> Vec<rocket::Route> {
    [handlers::routes(), manage::routes()].concat()
}

fn open(settings: &Settings, db: &Database, parts: &mut Parts) -> Result<(), String> {
    parts.insert(handlers::Copies::default());
    erasure::open(settings, db, parts)
}

/// How people are forgotten here.
#[must_use]
pub fn erasing(site: &Site, company: &Company, keep_texts: bool) -> Erasing {
    Erasing {
        key: site.key.clone(),
        lang: company.default_language,
        keep_texts,
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
    let kept = site.settings.retention;
    // The texts of requests have a period of their own.
    let how = erasing(site, &site.company.get(), true);
    let mut removed = Due::default();
    loop {
        let how = how.clone();
        let batch = site.db.write_blocking(Actor::System, move |tx| {
            tx.set_origin("schedule");
            remove_due(tx, &kept, &how)
        })?;
        if batch == Due::default() {
            return Ok(removed);
        }
        removed += batch;
    }
}
