//! Who is told what, in which language.
//!
//! Everything here is a reaction to something recorded: a mail is ordered in the transaction of
//! what it tells. Nobody is told what they did themselves, and an address that was never proven
//! gets no text that somebody else wrote. What is brought in after the fact is no news.

mod mails;

use diesel::QueryResult;

use crate::platform::db::Tx;
use crate::platform::events::Recorded;
use crate::platform::slice::Slice;
use crate::sla::ticket::events::{self as sla, SlaEvent};
use crate::tickets::events::{STREAM, TicketEvent};
use crate::tickets::{self, AuthorKind, Status, TicketId, Visibility};

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice {
        reactions: &[tell_requester, tell_of_promise],
        ..Slice::named("notifications")
    }
}

/// Tells the requester that a promise will not be kept, before its hour; after it when nobody watched.
fn tell_of_promise(tx: &mut Tx<'_>, recorded: &Recorded) -> QueryResult<()> {
    if recorded.stream != sla::STREAM || recorded.cause.is_import() {
        return Ok(());
    }
    match sla::read(recorded)? {
        SlaEvent::PromiseAtRisk { goal, due, new } => {
            let ticket = TicketId(recorded.stream_id);
            mails::promise_at_risk(tx, ticket, goal, due, new)
        }
        SlaEvent::PromiseBroken {
            goal,
            due,
            told: false,
        } => mails::promise_missed(tx, TicketId(recorded.stream_id), goal, due),
        SlaEvent::PolicyChosen { .. } | SlaEvent::PromiseBroken { .. } => Ok(()),
    }
}

/// Tells the requester what concerns them.
fn tell_requester(tx: &mut Tx<'_>, recorded: &Recorded) -> QueryResult<()> {
    if recorded.stream != STREAM || recorded.cause.is_import() {
        return Ok(());
    }
    let ticket = TicketId(recorded.stream_id);
    match tickets::read(recorded)? {
        TicketEvent::Filed { .. } => mails::acknowledge(tx, ticket),
        TicketEvent::MessageAdded {
            message,
            visibility: Visibility::Public,
            author: AuthorKind::Agent,
            ..
        } if recorded.seq > 2 => mails::answer(tx, ticket, message),
        TicketEvent::StatusChanged {
            new: Status::Resolved,
            ..
        } => mails::resolved(tx, ticket),
        _ => Ok(()),
    }
}
