//! Counting all open tickets again after a policy or a calendar changed.
//!
//! A change asks for it in its own transaction; the work is done afterwards, some tickets at a time,
//! each time with how far it has come in the same transaction. So it goes on where it was after a
//! stop, and several nodes may do it at once: they wait for one another.

use std::time::Duration;

use diesel::prelude::*;

use super::books::Books;
use super::refresh::{Look, refresh};
use crate::platform::db::{Actor, Conn, StorageError, Tx};
use crate::platform::schedule::Schedule;
use crate::schema::{sla_recounts, tickets};
use crate::tickets::{TicketId, hold};

/// Tickets counted in one transaction.
const BATCH: i64 = 100;
/// The one row.
const ROW: i64 = 1;

/// Does what was asked for.
pub const RECOUNT: Schedule = Schedule {
    name: "recount due times",
    every: Duration::from_secs(2),
    at_end: false,
    run: |site| {
        while site.db.read_blocking(is_wanted)? {
            site.db.write_blocking(Actor::System, |tx| {
                tx.set_origin("schedule");
                step(tx).map_err(StorageError::from)
            })?;
        }
        Ok(())
    },
};

#[derive(Clone, Copy, Queryable)]
struct Progress {
    wanted: i64,
    done: i64,
    after: i64,
}

/// Asks for all open tickets to be counted again.
///
/// # Errors
/// When the database refuses.
pub fn request(tx: &mut Tx<'_>) -> QueryResult<()> {
    let changed = diesel::update(sla_recounts::table.find(ROW))
        .set((
            sla_recounts::wanted.eq(sla_recounts::wanted + 1),
            sla_recounts::after_ticket.eq(0),
        ))
        .execute(tx.conn)?;
    if changed == 0 {
        diesel::insert_into(sla_recounts::table)
            .values((
                sla_recounts::id.eq(ROW),
                sla_recounts::wanted.eq(1),
                sla_recounts::done.eq(0),
                sla_recounts::after_ticket.eq(0),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// Whether open tickets are to be counted again still.
///
/// # Errors
/// When the database refuses.
pub fn is_wanted(conn: &mut Conn) -> Result<bool, StorageError> {
    Ok(progress(conn)?.is_some_and(|row| row.done < row.wanted))
}

fn progress(conn: &mut Conn) -> QueryResult<Option<Progress>> {
    sla_recounts::table
        .find(ROW)
        .select((
            sla_recounts::wanted,
            sla_recounts::done,
            sla_recounts::after_ticket,
        ))
        .first(conn)
        .optional()
}

/// The next tickets.
fn step(tx: &mut Tx<'_>) -> QueryResult<()> {
    // Another node at the same work waits here.
    diesel::update(sla_recounts::table.find(ROW))
        .set(sla_recounts::after_ticket.eq(sla_recounts::after_ticket))
        .execute(tx.conn)?;
    let Some(row) = progress(tx.conn)?.filter(|row| row.done < row.wanted) else {
        return Ok(());
    };
    let ids: Vec<TicketId> = tickets::table
        .filter(tickets::open.eq(true))
        .filter(tickets::id.gt(TicketId(row.after)))
        .order(tickets::id.asc())
        .limit(BATCH)
        .select(tickets::id)
        .load(tx.conn)?;
    let mut books: Option<Books> = None;
    for id in &ids {
        hold(tx.conn, *id)?;
        refresh(tx, *id, &mut books, Look::Whole)?;
    }
    let done = sla_recounts::table.find(ROW);
    match ids.last() {
        Some(last) => diesel::update(done)
            .set(sla_recounts::after_ticket.eq(last.0))
            .execute(tx.conn)?,
        None => diesel::update(done)
            .set(sla_recounts::done.eq(row.wanted))
            .execute(tx.conn)?,
    };
    Ok(())
}
