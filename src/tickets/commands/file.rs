//! Filing a request.

use diesel::QueryResult;
use serde_json::json;

use super::write::{self, NewFile, NewMessage, StatusAfter};
use super::{MessageText, TicketError};
use crate::accounts::Person;
use crate::forms::RequestType;
use crate::organisations;
use crate::platform::db::Tx;
use crate::platform::events::Decision;
use crate::platform::i18n::Lang;
use crate::tickets::events::{TicketEvent, TicketState};
use crate::tickets::model::{AuthorKind, Channel, Priority, Ticket, TicketId, Visibility};
use crate::tickets::store::{self, Why};

/// Tickets are numbered from here: a reference of four digits reads as one.
const FIRST_NUMBER: i64 = 1000;

/// A request as it is filed.
#[derive(Clone, Debug)]
pub struct NewTicket {
    /// Who asks.
    pub requester: Person,
    /// One line.
    pub subject: String,
    /// What the first message says.
    pub body: MessageText,
    /// What came with it.
    pub files: Vec<NewFile>,
    /// What kind of request.
    pub request_type: RequestType,
    /// How it came in.
    pub channel: Channel,
    /// The language it was filed in.
    pub language: Lang,
    /// Letters before the number.
    pub prefix: String,
    /// The form it was filed with.
    pub form_key: Option<String>,
    /// Which side wrote the first message: an agent may note a call.
    pub author: AuthorKind,
}

/// Files a request: ticket, first message, files, history, all or nothing.
///
/// # Errors
/// See [`TicketError`].
pub fn file_ticket(tx: &mut Tx<'_>, new: &NewTicket) -> Result<Ticket, TicketError> {
    file(tx, new, Visibility::Public)
}

/// Files a request whose first message is a note: what an agent writes down about a customer
/// who has not written anything.
///
/// # Errors
/// See [`TicketError`].
pub fn file_with_note(tx: &mut Tx<'_>, new: &NewTicket) -> Result<Ticket, TicketError> {
    file(tx, new, Visibility::Note)
}

fn file(tx: &mut Tx<'_>, new: &NewTicket, visibility: Visibility) -> Result<Ticket, TicketError> {
    let organisation = organisations::organisation_of(tx.conn, new.requester.id)?;
    let priority = new
        .request_type
        .default_priority
        .parse()
        .unwrap_or(Priority::Normal);
    let mut state = store::insert(tx, |id: TicketId| TicketEvent::Filed {
        reference: format!("{}-{}", new.prefix, FIRST_NUMBER + id.0),
        subject: new.subject.clone(),
        request_type: new.request_type.id,
        priority,
        channel: new.channel,
        language: new.language,
        requester: new.requester.id,
        organisation,
        form_key: new.form_key.clone(),
    })?;
    let message = NewMessage {
        author_kind: new.author,
        visibility,
        body: new.body.clone(),
        files: new.files.clone(),
        channel: new.channel,
        status_after: StatusAfter::Keep,
    };
    write::add_message(tx, &mut state, &message)?;
    hand_to_default_team(tx, &mut state, &new.request_type)?;
    store::mark_for_search(tx, state.ticket.id)?;
    Ok(state.ticket)
}

/// The first automatic decision of a ticket's life: its kind's team.
fn hand_to_default_team(
    tx: &mut Tx<'_>,
    state: &mut TicketState,
    kind: &RequestType,
) -> QueryResult<()> {
    let Some(team) = kind.default_team_id else {
        return Ok(());
    };
    let why = Why {
        decision: Some(Decision {
            kind: "request_type".to_owned(),
            id: kind.id.0,
            version: kind.version,
        }),
        facts: json!({ "request_type": kind.key }),
    };
    let event = TicketEvent::TeamChanged {
        old: None,
        new: Some(team),
    };
    store::happen(tx, state, &event, why)
}
