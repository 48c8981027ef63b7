//! What is read of a request for its page.

use std::collections::HashMap;

use super::present::window;
use crate::accounts::{self, Customer, Person, PersonId};
use crate::forms::{self, RequestType};
use crate::platform::db::{Conn, StorageError, Timestamp};
use crate::platform::web::Failure;
use crate::teams::{self, Team};
use crate::tickets::events::TicketEvent;
use crate::tickets::model::Ticket;
use crate::tickets::own::{Sought, find_own};
use crate::tickets::queries::{self, Attachment, Envelope, Readers, Scope, Texts};
use crate::tickets::store;
use crate::tickets::window::Window;

/// Everything the page of a request prints.
pub(super) struct Details {
    pub ticket: Ticket,
    pub request_type: RequestType,
    pub team: Option<Team>,
    pub messages: Vec<Envelope>,
    pub texts: Texts,
    pub window: Window,
    pub files: Vec<Attachment>,
    pub events: Vec<(Timestamp, TicketEvent)>,
    pub people: HashMap<PersonId, Person>,
}

/// The customer's own request, its thread before an entry or to its end.
pub(super) async fn read(
    customer: &Customer,
    reference: &str,
    before: Option<i64>,
) -> Result<Details, Failure> {
    let (scope, sought) = (Scope::Requester(customer.me.id), reference.to_owned());
    find_own(
        customer,
        Sought::Request(reference.to_owned()),
        move |conn| {
            let found = queries::find_ticket(conn, scope, &sought)?;
            found.map(|ticket| load(conn, ticket, before)).transpose()
        },
    )
    .await
}

/// Everything about a ticket; of its texts those that are shown, made ready beside the threads that
/// answer requests.
pub(super) fn load(
    conn: &mut Conn,
    ticket: Ticket,
    before: Option<i64>,
) -> Result<Details, StorageError> {
    let messages = queries::list_envelopes(conn, ticket.id, Readers::Customer)?;
    let files = queries::list_attachments(conn, ticket.id, Readers::Customer)?;
    let events: Vec<_> = store::history(conn, ticket.id)?
        .into_iter()
        .map(|(recorded, event)| (recorded.at, event))
        .collect();
    let window = window(&messages, &events, before);
    let texts = queries::list_texts(conn, ticket.id, Readers::Customer, &window.shown)?;
    let authors = messages.iter().filter_map(|message| message.author_id);
    let people = accounts::people_by_id(conn, authors.chain(ticket.assignee_id))?;
    let team = ticket
        .team_id
        .map(|id| teams::get_team(conn, id))
        .transpose()?;
    Ok(Details {
        request_type: forms::get_request_type(conn, ticket.request_type_id)?,
        ticket,
        team,
        messages,
        texts,
        window,
        files,
        events,
        people,
    })
}
