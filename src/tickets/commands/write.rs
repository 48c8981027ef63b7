//! Replies and notes.

use diesel::prelude::*;

use super::{MessageText, TicketError};
use crate::platform::blobs::Kept;
use crate::platform::db::Tx;
use crate::platform::random;
use crate::platform::text::FileName;
use crate::schema::{attachments, messages};
use crate::tickets::events::{TicketEvent, TicketState};
use crate::tickets::model::{
    AuthorKind, Channel, MessageId, Reason, Status, Ticket, TicketId, Visibility,
};
use crate::tickets::store::{self, Why};

/// A file that comes with a message; its content is kept already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Its name, made harmless.
    pub name: FileName,
    /// Its content.
    pub content: Kept,
}

/// What the status becomes with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusAfter {
    /// What follows from who wrote: an answer opens a new ticket, a customer's words bring one
    /// back.
    Keep,
    /// What the agent chose beside the send button.
    Set(Status),
}

/// Something written on a ticket.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Which side writes.
    pub author_kind: AuthorKind,
    /// Who may read it.
    pub visibility: Visibility,
    /// What it says.
    pub body: MessageText,
    /// What comes with it.
    pub files: Vec<NewFile>,
    /// How it came in.
    pub channel: Channel,
    /// What the status becomes.
    pub status_after: StatusAfter,
}

/// Adds a message to a ticket, and moves its status on.
///
/// # Errors
/// See [`TicketError`].
pub fn write_message(
    tx: &mut Tx<'_>,
    id: TicketId,
    message: &NewMessage,
) -> Result<Ticket, TicketError> {
    let mut state = store::load(tx.conn, id)?;
    add_message(tx, &mut state, message)?;
    move_status(tx, &mut state, message)?;
    store::mark_for_search(tx, id)?;
    Ok(state.ticket)
}

pub(super) fn add_message(
    tx: &mut Tx<'_>,
    state: &mut TicketState,
    message: &NewMessage,
) -> Result<MessageId, TicketError> {
    let ticket = state.ticket.id;
    let id: MessageId = diesel::insert_into(messages::table)
        .values((
            messages::ticket_id.eq(ticket),
            messages::seq.eq(state.ticket.version + 1),
            messages::visibility.eq(message.visibility),
            messages::author_kind.eq(message.author_kind),
            messages::author_id.eq(tx.actor.person()),
            messages::channel.eq(message.channel),
            messages::body.eq(&message.body.source),
            messages::html.eq(message.body.html.as_str()),
            messages::created_at.eq(tx.now),
        ))
        .returning(messages::id)
        .get_result(tx.conn)?;
    for file in &message.files {
        attach(tx, ticket, id, file)?;
    }
    let event = TicketEvent::MessageAdded {
        message: id,
        visibility: message.visibility,
        author: message.author_kind,
        files: message.files.len(),
    };
    store::happen(tx, state, &event, Why::default())?;
    Ok(id)
}

fn attach(
    tx: &mut Tx<'_>,
    ticket: TicketId,
    message: MessageId,
    file: &NewFile,
) -> QueryResult<()> {
    diesel::insert_into(attachments::table)
        .values((
            attachments::public_id.eq(random::public_id()),
            attachments::ticket_id.eq(ticket),
            attachments::message_id.eq(message),
            attachments::name.eq(file.name.as_str()),
            attachments::media_type.eq(file.content.media_type),
            attachments::size.eq(file.content.size),
            attachments::sha256.eq(&file.content.sha256),
            attachments::created_at.eq(tx.now),
        ))
        .execute(tx.conn)
        .map(drop)
}

fn move_status(
    tx: &mut Tx<'_>,
    state: &mut TicketState,
    message: &NewMessage,
) -> Result<(), TicketError> {
    let from = state.ticket.status;
    let (to, reason) = match (message.author_kind, message.status_after) {
        (AuthorKind::Customer, _) => (from.after_customer_reply(), Reason::CustomerReplied),
        (AuthorKind::Agent, StatusAfter::Set(status)) => (status, Reason::Chosen),
        (AuthorKind::Agent, StatusAfter::Keep) => (
            from.after_agent_message(message.visibility),
            Reason::Answered,
        ),
    };
    set_status(tx, state, to, reason)
}

/// Sets a status if it differs, within what agents may do; what customers cause is always
/// allowed, because [`Status::after_customer_reply`] decides it.
pub(super) fn set_status(
    tx: &mut Tx<'_>,
    state: &mut TicketState,
    to: Status,
    reason: Reason,
) -> Result<(), TicketError> {
    let from = state.ticket.status;
    if from == to {
        return Ok(());
    }
    if reason == Reason::Chosen && !to.agent_may_set(from) {
        return Err(TicketError::Transition { from, to });
    }
    let event = TicketEvent::StatusChanged {
        old: from,
        new: to,
        reason,
    };
    Ok(store::happen(tx, state, &event, Why::default())?)
}
