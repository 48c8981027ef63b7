//! The end of a request: the customer agrees, disagrees, or says nothing for long enough.

use chrono::Duration;
use diesel::prelude::*;

use super::TicketError;
use super::write::{NewMessage, add_message, set_status};
use crate::platform::db::Tx;
use crate::schema::tickets;
use crate::tickets::model::{Reason, Status, Ticket, TicketId};
use crate::tickets::store;

/// Tickets that one run confirms, at most: a transaction stays short.
const BATCH: i64 = 100;

/// The customer says that it works. A ticket that is not resolved stays what it is.
///
/// # Errors
/// See [`TicketError`].
pub fn confirm_ticket(tx: &mut Tx<'_>, id: TicketId) -> Result<Ticket, TicketError> {
    let mut state = store::load(tx.conn, id)?;
    if state.ticket.status == Status::Resolved {
        set_status(tx, &mut state, Status::Closed, Reason::Confirmed)?;
        store::mark_for_search(tx, id)?;
    }
    Ok(state.ticket)
}

/// The customer says that it does not work, perhaps with a word about why.
///
/// # Errors
/// See [`TicketError`].
pub fn reopen_ticket(
    tx: &mut Tx<'_>,
    id: TicketId,
    message: Option<&NewMessage>,
) -> Result<Ticket, TicketError> {
    let mut state = store::load(tx.conn, id)?;
    if let Some(message) = message {
        add_message(tx, &mut state, message)?;
    }
    let closed = !state.ticket.status.is_open();
    if closed {
        set_status(tx, &mut state, Status::Open, Reason::Reopened)?;
    }
    if closed || message.is_some() {
        store::mark_for_search(tx, id)?;
    }
    Ok(state.ticket)
}

/// Confirms tickets that were resolved more than `days` ago. Answers how many there were.
///
/// # Errors
/// See [`TicketError`].
pub fn confirm_overdue(tx: &mut Tx<'_>, days: i64) -> Result<usize, TicketError> {
    let due: Vec<TicketId> = tickets::table
        .filter(tickets::status.eq(Status::Resolved))
        .filter(tickets::resolved_at.le(tx.now - Duration::days(days)))
        .order(tickets::resolved_at.asc())
        .limit(BATCH)
        .select(tickets::id)
        .load(tx.conn)?;
    for &id in &due {
        let mut state = store::load(tx.conn, id)?;
        set_status(tx, &mut state, Status::Closed, Reason::TimePassed)?;
        store::mark_for_search(tx, id)?;
    }
    Ok(due.len())
}
