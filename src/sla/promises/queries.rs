//! Reading and writing lines of the ledger.

use diesel::prelude::*;

use super::model::{NewPromise, Promise, PromiseId, PromiseReason, PromiseState};
use crate::platform::db::{Conn, Cursor, Direction, KeysetPage, PageRequest, Timestamp, Tx};
use crate::schema::{promises, tickets};
use crate::tickets::{Ticket, TicketId};

/// The promises about a ticket, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn list_promises(conn: &mut Conn, ticket: TicketId) -> QueryResult<Vec<Promise>> {
    promises::table
        .filter(promises::ticket_id.eq(ticket.0))
        .order(promises::id.asc())
        .select(Promise::as_select())
        .load(conn)
}

/// The promises that have to be looked at by now, those that press most first.
///
/// # Errors
/// When the database refuses.
pub fn list_watched(conn: &mut Conn, now: Timestamp, most: i64) -> QueryResult<Vec<Promise>> {
    promises::table
        .filter(promises::state.eq(PromiseState::Made))
        .filter(promises::watch_at.le(now))
        .order((promises::watch_at.asc(), promises::id.asc()))
        .limit(most)
        .select(Promise::as_select())
        .load(conn)
}

/// A promise, as long as it has to be looked at.
///
/// # Errors
/// When the database refuses.
pub(super) fn find_watched(
    conn: &mut Conn,
    id: PromiseId,
    now: Timestamp,
) -> QueryResult<Option<Promise>> {
    promises::table
        .find(id)
        .filter(promises::state.eq(PromiseState::Made))
        .filter(promises::watch_at.le(now))
        .select(Promise::as_select())
        .first(conn)
        .optional()
}

/// Lines of the ledger with their tickets, the newest first.
///
/// # Errors
/// When the database refuses.
pub fn page_of_promises(
    conn: &mut Conn,
    state: Option<PromiseState>,
    request: &PageRequest,
) -> QueryResult<KeysetPage<(Promise, Ticket)>> {
    let mut query = promises::table
        .inner_join(tickets::table)
        .select((Promise::as_select(), Ticket::as_select()))
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(promises::state.eq(state));
    }
    query = match request.from {
        Some((Direction::After, cursor)) => {
            let (at, id) = (cursor.instant(), PromiseId(cursor.id));
            let older = promises::made_at.lt(at);
            query.filter(older.or(promises::made_at.eq(at).and(promises::id.lt(id))))
        }
        Some((Direction::Before, cursor)) => {
            let (at, id) = (cursor.instant(), PromiseId(cursor.id));
            let newer = promises::made_at.gt(at);
            query.filter(newer.or(promises::made_at.eq(at).and(promises::id.gt(id))))
        }
        None => query,
    };
    query = if request.backwards() {
        query.order((promises::made_at.asc(), promises::id.asc()))
    } else {
        query.order((promises::made_at.desc(), promises::id.desc()))
    };
    let rows = query.limit(request.limit()).load(conn)?;
    Ok(KeysetPage::build(
        request,
        rows,
        |row: &(Promise, Ticket)| Cursor::at(row.0.made_at, row.0.id.0),
    ))
}

/// How many promises there are in each state.
///
/// # Errors
/// When the database refuses.
pub fn count_states(conn: &mut Conn) -> QueryResult<Vec<(PromiseState, i64)>> {
    PromiseState::ALL
        .iter()
        .map(|&state| {
            let count = promises::table
                .filter(promises::state.eq(state))
                .count()
                .get_result(conn)?;
            Ok((state, count))
        })
        .collect()
}

pub(super) fn insert(tx: &mut Tx<'_>, new: NewPromise) -> QueryResult<PromiseId> {
    diesel::insert_into(promises::table)
        .values((
            promises::ticket_id.eq(new.ticket.0),
            promises::goal.eq(new.goal),
            promises::turn.eq(new.turn),
            promises::state.eq(PromiseState::Made),
            promises::made_at.eq(tx.now),
            promises::due_at.eq(new.due),
            promises::watch_at.eq(new.watch),
            promises::extended.eq(new.extended),
            promises::policy_id.eq(new.choice.policy.0),
            promises::policy_version.eq(new.choice.policy_version),
            promises::calendar_id.eq(new.choice.calendar.0),
            promises::calendar_version.eq(new.choice.calendar_version),
        ))
        .returning(promises::id)
        .get_result(tx.conn)
}

/// Changes a promise that was made in this very transaction: nobody has been told yet.
pub(super) fn correct(tx: &mut Tx<'_>, id: PromiseId, new: NewPromise) -> QueryResult<()> {
    diesel::update(promises::table.find(id))
        .set((
            promises::due_at.eq(new.due),
            promises::watch_at.eq(new.watch),
            promises::policy_id.eq(new.choice.policy.0),
            promises::policy_version.eq(new.choice.policy_version),
            promises::calendar_id.eq(new.choice.calendar.0),
            promises::calendar_version.eq(new.choice.calendar_version),
        ))
        .execute(tx.conn)
        .map(drop)
}

/// Has a promise stand still, or go on.
pub(super) fn set_paused(tx: &mut Tx<'_>, id: PromiseId, paused: bool) -> QueryResult<()> {
    let state = if paused {
        PromiseState::Paused
    } else {
        PromiseState::Made
    };
    diesel::update(promises::table.find(id))
        .set(promises::state.eq(state))
        .execute(tx.conn)
        .map(drop)
}

/// Settles a promise that stands. Answers whether it stood still: two who settle at once settle
/// once.
pub(super) fn close(
    tx: &mut Tx<'_>,
    id: PromiseId,
    state: PromiseState,
    reason: Option<PromiseReason>,
    at: Timestamp,
) -> QueryResult<bool> {
    let open = [PromiseState::Made, PromiseState::Paused];
    let still = promises::table
        .find(id)
        .filter(promises::state.eq_any(open));
    let rows = diesel::update(still)
        .set((
            promises::state.eq(state),
            promises::reason.eq(reason),
            promises::settled_at.eq(at),
        ))
        .execute(tx.conn)?;
    Ok(rows == 1)
}

/// Notes that the customer is told now, and when to look again.
pub(super) fn note_warned(tx: &mut Tx<'_>, id: PromiseId, watch: Timestamp) -> QueryResult<bool> {
    let still = promises::table
        .find(id)
        .filter(promises::state.eq(PromiseState::Made))
        .filter(promises::warned_at.is_null());
    let rows = diesel::update(still)
        .set((promises::warned_at.eq(tx.now), promises::watch_at.eq(watch)))
        .execute(tx.conn)?;
    Ok(rows == 1)
}

/// Has a promise looked at again, and not before.
pub(super) fn look_again(tx: &mut Tx<'_>, id: PromiseId, watch: Timestamp) -> QueryResult<()> {
    diesel::update(promises::table.find(id))
        .set(promises::watch_at.eq(watch))
        .execute(tx.conn)
        .map(drop)
}
