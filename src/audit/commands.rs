//! Recording what is taken out of the portal, and brought back.

use diesel::prelude::*;
use serde_json::json;

use super::queries::Filter;
use crate::accounts::PersonId;
use crate::platform::db::{Conn, Timestamp, Tx};
use crate::platform::events::{Area, Audited, Cause, Draft, draw_id, last_event, list_events};

/// The stream of what left; each export is a thing of its own.
pub const STREAM: &str = "export";

const AUDIT: &str = "audit_exported";
const BACKUP: &str = "backup_made";
const RESTORE: &str = "backup_restored";

/// What of it belongs to the audit: all.
pub(super) const AUDITED: &[Audited] = &[
    Audited::new(STREAM, AUDIT, Area::Export),
    Audited::new(STREAM, BACKUP, Area::Export),
    Audited::new(STREAM, RESTORE, Area::Export),
];

/// How long an export can be fetched by whoever asked for it.
const FETCHED_WITHIN: chrono::Duration = chrono::Duration::minutes(15);

/// Records that somebody takes a part of the audit along; answers the key under which they fetch
/// it. It holds what was there before.
///
/// # Errors
/// When the database refuses.
pub fn record_export(tx: &mut Tx<'_>, filter: &Filter) -> QueryResult<i64> {
    let id = draw_id();
    let filter = Filter {
        last: Some(last_event(tx.conn)?),
        ..filter.clone()
    };
    let draft = Draft::chosen(STREAM, id, 1, AUDIT, json!({ "filter": filter }));
    tx.record(draft)?;
    Ok(id)
}

/// What somebody asked for under a key, as long as they can fetch it.
///
/// # Errors
/// When the database refuses.
pub fn find_export(
    conn: &mut Conn,
    id: i64,
    who: PersonId,
    now: Timestamp,
) -> QueryResult<Option<Filter>> {
    let events = list_events(conn, STREAM, id)?;
    let found = events.into_iter().find(|event| {
        event.kind == AUDIT
            && event.actor.person() == Some(who.0)
            && now - event.at < FETCHED_WITHIN
    });
    let filter = found.and_then(|mut event| event.data.get_mut("filter").map(|f| f.take()));
    filter
        .map(serde_json::from_value)
        .transpose()
        .map_err(|error| diesel::result::Error::DeserializationError(Box::new(error)))
}

/// Records that everything was put into a file.
///
/// # Errors
/// When the database refuses.
pub fn record_backup(tx: &mut Tx<'_>, rows: i64, contents: usize) -> QueryResult<()> {
    tx.set_origin(Cause::COMMAND);
    let data = json!({ "rows": rows, "files": contents });
    tx.record(Draft::chosen(STREAM, draw_id(), 1, BACKUP, data))
        .map(drop)
}

/// Records that this portal comes out of a backup of an earlier time.
///
/// # Errors
/// When the database refuses.
pub fn record_restore(tx: &mut Tx<'_>, taken_at: &str) -> QueryResult<()> {
    tx.set_origin(Cause::COMMAND);
    let data = json!({ "taken_at": taken_at });
    tx.record(Draft::chosen(STREAM, draw_id(), 1, RESTORE, data))
        .map(drop)
}
