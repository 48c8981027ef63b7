//! What is the company's own to decide: requests that were closed long ago, and people who have not
//! been seen since. Kept for ever unless the settings say otherwise.

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::erasure::storage;
use crate::accounts::{PersonId, Role, STREAM};
use crate::platform::db::{Conn, StorageError, Timestamp, Tx};
use crate::platform::i18n::Lang;
use crate::schema::{attachments, deflections, events, messages, people, tickets};
use crate::tickets::commands::{Redaction, redact, removed_text};
use crate::tickets::queries::get_ticket;
use crate::tickets::{MessageId, Status, TicketId};

/// Requests that were closed before an instant and have files, or texts, still.
pub(super) fn list_closed(
    conn: &mut Conn,
    before: Option<Timestamp>,
    with_files: bool,
    limit: i64,
) -> QueryResult<Vec<TicketId>> {
    let Some(before) = before else {
        return Ok(Vec::new());
    };
    let closed = tickets::table
        .filter(tickets::status.eq(Status::Closed))
        .filter(tickets::closed_at.lt(before))
        .select(tickets::id)
        .limit(limit);
    if with_files {
        let files = attachments::table.filter(attachments::ticket_id.eq(tickets::id));
        return closed.filter(exists(files)).load(conn);
    }
    let gone: Vec<String> = Lang::ALL.iter().map(|lang| removed_text(*lang)).collect();
    closed.filter(not(tickets::subject.eq_any(gone))).load(conn)
}

/// Takes the files out of a request, and subject and texts if it is asked for.
pub(super) fn strip(tx: &mut Tx<'_>, id: TicketId, texts: bool) -> Result<(), StorageError> {
    let ticket = get_ticket(tx.conn, id)?;
    let all: Vec<MessageId> = messages::table
        .filter(messages::ticket_id.eq(id))
        .order(messages::seq.asc())
        .select(messages::id)
        .load(tx.conn)?;
    let redaction = Redaction {
        messages: if texts { all.clone() } else { Vec::new() },
        files: all,
        subject: texts.then(|| removed_text(ticket.language)),
        ..Redaction::default()
    };
    if texts {
        diesel::update(deflections::table.filter(deflections::ticket_id.eq(id.0)))
            .set(deflections::subject.eq(""))
            .execute(tx.conn)?;
    }
    redact(tx, id, &redaction).map(drop).map_err(storage)
}

/// Customers of whom nothing was heard since an instant, and who wait for nothing.
pub(super) fn list_idle(
    conn: &mut Conn,
    before: Option<Timestamp>,
    limit: i64,
) -> QueryResult<Vec<PersonId>> {
    let Some(before) = before else {
        return Ok(Vec::new());
    };
    let waited = tickets::table
        .filter(tickets::requester_id.eq(people::id))
        .filter(tickets::open.eq(true).or(tickets::updated_at.ge(before)));
    let seen = events::table
        .filter(events::stream.eq(STREAM))
        .filter(events::stream_id.eq(people::id))
        .filter(events::at.ge(before));
    people::table
        .filter(people::role.eq(Role::Customer))
        .filter(people::email.like("%@%"))
        .filter(people::updated_at.lt(before))
        .filter(not(exists(waited)))
        .filter(not(exists(seen)))
        .select(people::id)
        .limit(limit)
        .load(conn)
}
