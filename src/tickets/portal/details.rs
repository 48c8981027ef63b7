//! What is read of a request for its page.

use std::collections::HashMap;

use super::present::window;
use crate::accounts::{self, Customer, Person, PersonId, Visitor};
use crate::forms::{self, RequestType};
use crate::platform::db::{Conn, StorageError, Timestamp};
use crate::platform::i18n::{Calendar, Lang};
use crate::platform::web::Failure;
use crate::platform::web::shell::{PromiseShown, PromiseSource};
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
    /// What is promised about it.
    pub promised: Option<PromiseShown>,
}

/// Who says what is promised about requests, and to whom.
#[derive(Clone, Copy)]
pub(super) struct Promises {
    source: Option<PromiseSource>,
    lang: Lang,
    reader: Calendar,
    now: Timestamp,
}

impl Promises {
    /// As a visitor reads them.
    pub(super) fn of(visitor: &Visitor) -> Self {
        Self {
            source: visitor.site.promises,
            lang: visitor.lang,
            reader: visitor.calendar(),
            now: visitor.now,
        }
    }
}

/// The customer's own request, its thread before an entry or to its end.
pub(super) async fn read(
    customer: &Customer,
    reference: &str,
    before: Option<i64>,
) -> Result<Details, Failure> {
    let (scope, sought) = (Scope::Requester(customer.me.id), reference.to_owned());
    let promises = Promises::of(customer);
    find_own(
        customer,
        Sought::Request(reference.to_owned()),
        move |conn| {
            let found = queries::find_ticket(conn, scope, &sought)?;
            let loaded = found.map(|ticket| load(conn, ticket, before, promises));
            loaded.transpose()
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
    promises: Promises,
) -> Result<Details, StorageError> {
    let Promises {
        source,
        lang,
        reader,
        now,
    } = promises;
    let promised = match source {
        Some(shown) => shown(conn, ticket.id.0, lang, &reader, now)?,
        None => None,
    };
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
        promised,
    })
}
