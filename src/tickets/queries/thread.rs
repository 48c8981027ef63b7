//! Messages and their files.

use std::collections::HashMap;
use std::fmt::Write;
use std::ops::RangeInclusive;

use diesel::prelude::*;

use super::customer::Scope;
use crate::accounts::PersonId;
use crate::platform::db::{Conn, Timestamp};
use crate::platform::text::SafeHtml;
use crate::schema::{attachments, messages, tickets};
use crate::tickets::model::{AuthorKind, Channel, MessageId, Ticket, TicketId, Visibility};

/// Who reads a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// The customer: public messages only.
    Customer,
    /// Agents: notes as well.
    Agents,
}

impl Readers {
    /// What they may see.
    const fn visible(self) -> &'static [Visibility] {
        match self {
            Self::Customer => &[Visibility::Public],
            Self::Agents => Visibility::ALL,
        }
    }
}

/// Something written on a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = messages)]
pub struct Message {
    /// Key.
    pub id: MessageId,
    /// Which ticket.
    pub ticket_id: TicketId,
    /// Number of its event in the ticket's history.
    pub seq: i64,
    /// Who may read it.
    pub visibility: Visibility,
    /// Which side wrote it.
    pub author_kind: AuthorKind,
    /// Who wrote it, unless their data was erased.
    pub author_id: Option<PersonId>,
    /// How it came in.
    pub channel: Channel,
    /// Markdown as it was typed.
    pub body: String,
    /// Rendered by the sanitiser when it was stored.
    pub html: String,
    /// When.
    pub created_at: Timestamp,
}

/// A message without its text: what a page needs of every message, shown or not.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = messages)]
pub struct Envelope {
    /// Key.
    pub id: MessageId,
    /// Number of its event in the ticket's history.
    pub seq: i64,
    /// Who may read it.
    pub visibility: Visibility,
    /// Which side wrote it.
    pub author_kind: AuthorKind,
    /// Who wrote it, unless their data was erased.
    pub author_id: Option<PersonId>,
    /// How it came in.
    pub channel: Channel,
    /// When.
    pub created_at: Timestamp,
}

/// Texts of messages, fit to be shown.
pub type Texts = HashMap<MessageId, SafeHtml>;

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = attachments)]
pub struct Attachment {
    /// What its address is made of.
    pub public_id: String,
    /// The message it came with.
    pub message_id: MessageId,
    /// Its name.
    pub name: String,
    /// Told from its content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of its content.
    pub sha256: String,
}

/// The thread of a ticket, oldest first, for its readers.
///
/// # Errors
/// When the database refuses.
pub fn list_messages(
    conn: &mut Conn,
    ticket: TicketId,
    readers: Readers,
) -> QueryResult<Vec<Message>> {
    messages::table
        .filter(messages::ticket_id.eq(ticket))
        .filter(messages::visibility.eq_any(readers.visible()))
        .order(messages::seq.asc())
        .select(Message::as_select())
        .load(conn)
}

/// The messages of a ticket without their texts, oldest first, for its readers.
///
/// # Errors
/// When the database refuses.
pub fn list_envelopes(
    conn: &mut Conn,
    ticket: TicketId,
    readers: Readers,
) -> QueryResult<Vec<Envelope>> {
    messages::table
        .filter(messages::ticket_id.eq(ticket))
        .filter(messages::visibility.eq_any(readers.visible()))
        .order(messages::seq.asc())
        .select(Envelope::as_select())
        .load(conn)
}

/// The texts of the messages of a ticket whose numbers are in a range, for its readers. A text
/// that the sanitiser refuses is shown as it was typed.
///
/// # Errors
/// When the database refuses.
pub fn list_texts(
    conn: &mut Conn,
    ticket: TicketId,
    readers: Readers,
    range: &RangeInclusive<i64>,
) -> QueryResult<Texts> {
    let stored: Vec<(MessageId, String, String)> = messages::table
        .filter(messages::ticket_id.eq(ticket))
        .filter(messages::visibility.eq_any(readers.visible()))
        .filter(messages::seq.between(range.start(), range.end()))
        .select((messages::id, messages::html, messages::body))
        .load(conn)?;
    let shown = stored.into_iter().map(|(id, html, body)| {
        let html =
            SafeHtml::sanitise_message(&html).unwrap_or_else(|_| SafeHtml::plain_text(&body));
        (id, html)
    });
    Ok(shown.collect())
}

/// The files of a ticket, for its readers.
///
/// # Errors
/// When the database refuses.
pub fn list_attachments(
    conn: &mut Conn,
    ticket: TicketId,
    readers: Readers,
) -> QueryResult<Vec<Attachment>> {
    attachments::table
        .inner_join(messages::table)
        .filter(attachments::ticket_id.eq(ticket))
        .filter(messages::visibility.eq_any(readers.visible()))
        .order(attachments::id.asc())
        .select(Attachment::as_select())
        .load(conn)
}

/// A file, if who asks may see the message it came with. No scope is an agent.
///
/// # Errors
/// When the database refuses.
pub fn find_attachment(
    conn: &mut Conn,
    scope: Option<Scope>,
    public_id: &str,
) -> QueryResult<Option<Attachment>> {
    if !is_public_id(public_id) {
        return Ok(None);
    }
    let found: Option<(Attachment, Visibility, PersonId, TicketId)> = attachments::table
        .inner_join(messages::table)
        .inner_join(tickets::table)
        .filter(attachments::public_id.eq(public_id))
        .select((
            Attachment::as_select(),
            messages::visibility,
            tickets::requester_id,
            tickets::id,
        ))
        .first(conn)
        .optional()?;
    Ok(found
        .filter(|(_, visibility, requester, ticket)| match scope {
            None => true,
            Some(Scope::Requester(person)) => {
                *visibility == Visibility::Public && *requester == person
            }
            Some(Scope::Link(id)) => *visibility == Visibility::Public && *ticket == id,
        })
        .map(|(attachment, ..)| attachment))
}

/// The reference of the ticket that a file belongs to, if somebody else filed that. Within no scope: for
/// the audit, of who asked for it.
///
/// # Errors
/// When the database refuses.
pub fn find_foreign_attachment(
    conn: &mut Conn,
    person: PersonId,
    public_id: &str,
) -> QueryResult<Option<String>> {
    if !is_public_id(public_id) {
        return Ok(None);
    }
    attachments::table
        .inner_join(tickets::table)
        .filter(attachments::public_id.eq(public_id))
        .filter(tickets::requester_id.ne(person))
        .select(tickets::reference)
        .first(conn)
        .optional()
}

fn is_public_id(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// One message.
///
/// # Errors
/// `NotFound`, or when the database refuses.
pub fn get_message(conn: &mut Conn, id: MessageId) -> QueryResult<Message> {
    messages::table
        .find(id)
        .select(Message::as_select())
        .first(conn)
}

/// The last public message of an agent.
///
/// # Errors
/// When the database refuses.
pub fn last_answer(conn: &mut Conn, ticket: TicketId) -> QueryResult<Option<Message>> {
    messages::table
        .filter(messages::ticket_id.eq(ticket))
        .filter(messages::visibility.eq(Visibility::Public))
        .filter(messages::author_kind.eq(AuthorKind::Agent))
        .order(messages::seq.desc())
        .select(Message::as_select())
        .first(conn)
        .optional()
}

/// All text of a ticket for the index: public messages and notes apart.
///
/// # Errors
/// When the database refuses.
pub fn search_text(conn: &mut Conn, ticket: &Ticket) -> QueryResult<(String, String)> {
    let (mut public, mut internal) = (String::new(), String::new());
    for message in list_messages(conn, ticket.id, Readers::Agents)? {
        let text = match message.visibility {
            Visibility::Public => &mut public,
            Visibility::Note => &mut internal,
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", message.body);
    }
    Ok((public, internal))
}
