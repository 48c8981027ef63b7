//! What somebody asked for, and what they wrote.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::Erased;
use super::identity::Identity;
use crate::accounts::{PersonId, Role};
use crate::platform::db::{Conn, Tx};
use crate::schema::{deflections, messages, people};
use crate::sla::ticket::events::redact_reasons;
use crate::tickets::commands::{Redaction, TicketError, redact, removed_text};
use crate::tickets::queries::{get_ticket, list_ids_of};
use crate::tickets::{AuthorKind, MessageId, Ticket, TicketId};

/// Texts in memory at a time.
const AT_ONCE: usize = 100;

/// A message as far as it has to be known: the text only of those that keep one.
struct Written {
    id: MessageId,
    by_agent: bool,
    by_them: bool,
    /// By a customer who is somebody else: it is theirs.
    by_another_customer: bool,
}

/// Takes a person out of everything that was written on their requests, and out of what they wrote
/// on others'.
pub(super) fn erase(
    tx: &mut Tx<'_>,
    id: PersonId,
    identity: &Identity,
    keep_texts: bool,
) -> Result<Erased, TicketError> {
    let own: BTreeSet<TicketId> = list_ids_of(tx.conn, id)?.into_iter().collect();
    let elsewhere: Vec<TicketId> = messages::table
        .filter(messages::author_id.eq(id))
        .select(messages::ticket_id)
        .distinct()
        .load(tx.conn)?;
    let mut erased = Erased::default();
    let elsewhere = elsewhere.into_iter().filter(|ticket| !own.contains(ticket));
    let all: Vec<(TicketId, bool)> = own
        .iter()
        .map(|&ticket| (ticket, true))
        .chain(elsewhere.map(|ticket| (ticket, false)))
        .collect();
    for (ticket, is_own) in all {
        let ticket = get_ticket(tx.conn, ticket)?;
        let mut redaction = plan(tx.conn, &ticket, id, is_own, identity, keep_texts)?;
        if is_own {
            redaction.subject = match keep_texts {
                true => identity.scrub(&ticket.subject),
                false => Some(removed_text(ticket.language)),
            };
            diesel::update(deflections::table.filter(deflections::ticket_id.eq(ticket.id.0)))
                .set(deflections::subject.eq(""))
                .execute(tx.conn)?;
            redact_reasons(tx, ticket.id, &|reason| match keep_texts {
                true => identity.scrub(reason),
                false => Some(removed_text(ticket.language)),
            })?;
        }
        let redacted = redact(tx, ticket.id, &redaction)?;
        erased.texts += redacted.texts;
        erased.files += redacted.files;
        erased.requests += usize::from(is_own);
    }
    Ok(erased)
}

/// What goes out of a request.
fn plan(
    conn: &mut Conn,
    ticket: &Ticket,
    person: PersonId,
    is_own: bool,
    identity: &Identity,
    keep_texts: bool,
) -> QueryResult<Redaction> {
    let mut redaction = Redaction::default();
    let mut kept = Vec::new();
    for message in list(conn, ticket.id, person)? {
        // What staff wrote for somebody else is the company's work.
        let concerns = match is_own {
            true => !message.by_another_customer,
            false => message.by_them && !message.by_agent,
        };
        if concerns && (message.by_them || !keep_texts) {
            redaction.files.push(message.id);
        }
        if concerns && !keep_texts {
            redaction.messages.push(message.id);
        } else if is_own || message.by_them {
            kept.push(message.id);
        }
    }
    for ids in kept.chunks(AT_ONCE) {
        for (id, body) in list_bodies(conn, ids)? {
            if let Some(text) = identity.scrub(&body) {
                redaction.rewritten.push((id, text));
            }
        }
    }
    Ok(redaction)
}

fn list(conn: &mut Conn, ticket: TicketId, person: PersonId) -> QueryResult<Vec<Written>> {
    let rows: Vec<(MessageId, AuthorKind, Option<PersonId>, Option<Role>)> = messages::table
        .left_join(people::table)
        .filter(messages::ticket_id.eq(ticket))
        .order(messages::seq.asc())
        .select((
            messages::id,
            messages::author_kind,
            messages::author_id,
            people::role.nullable(),
        ))
        .load(conn)?;
    let written = |(id, kind, author, role): (_, _, Option<PersonId>, Option<Role>)| {
        let by_them = author == Some(person);
        Written {
            id,
            by_agent: kind == AuthorKind::Agent,
            by_them,
            by_another_customer: !by_them && role == Some(Role::Customer),
        }
    };
    Ok(rows.into_iter().map(written).collect())
}

fn list_bodies(conn: &mut Conn, ids: &[MessageId]) -> QueryResult<Vec<(MessageId, String)>> {
    messages::table
        .filter(messages::id.eq_any(ids))
        .order(messages::seq.asc())
        .select((messages::id, messages::body))
        .load(conn)
}
