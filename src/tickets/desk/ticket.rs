//! One request at the desk.

use std::sync::Arc;

use diesel::QueryResult;
use rocket::get;
use rocket::http::Status as HttpStatus;

use super::SECTION;
use super::choices::Choices;
use super::directory::Directory;
use super::narrate::people_in;
use super::queue;
use super::queue_address::{QueueAddress, escape, pairs};
use super::reader::Reader;
use super::thread_view;
use super::ticket_view::{self, Read};
use crate::accounts::{Agent, Customer, PersonId};
use crate::drafts::Fields;
use crate::platform::db::{Conn, Direction, PageRequest, StorageError};
use crate::platform::web::{Failure, FormState, Outcome, Site};
use crate::tickets::desk_pages::DeskTicketPage;
use crate::tickets::drafting::{self, DraftView, Form, Spot};
use crate::tickets::due::{Due, get_due};
use crate::tickets::model::Ticket;
use crate::tickets::queries::{
    Readers, find_for_desk, list_attachments, list_envelopes, list_texts, other_requests,
    page_of_tickets,
};
use crate::tickets::store;

/// Other requests of the same person that are shown.
const OTHERS: i64 = 5;

crate::text_enum! {
    /// What the thread shows.
    Show {
        /// Messages, notes and what was done.
        All = "all",
        /// What the customer sees.
        Public = "public",
        /// What they do not.
        Notes = "notes",
    }
}

/// What an address of a request asks for, beside the request.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub show: Show,
    /// The number of the entry that the thread is shown up to; its end otherwise.
    pub before: Option<i64>,
    /// The list that the agent came from.
    pub from: Option<QueueAddress>,
}

impl Asked {
    /// Reads the query of an address; what means nothing is left out.
    pub fn parse(address: &str) -> Self {
        let mut asked = Self {
            show: Show::All,
            before: None,
            from: None,
        };
        let query = address.split_once('?').map_or("", |(_, query)| query);
        for (name, value) in pairs(query) {
            match name.as_str() {
                "show" => asked.show = value.parse().unwrap_or(Show::All),
                "before" => asked.before = value.parse().ok(),
                "from" => asked.from = QueueAddress::parse(&value).map(|(list, _)| list),
                _ => {}
            }
        }
        asked
    }

    /// The page of a request, with the way back to the same list.
    pub fn href(&self, reference: &str) -> String {
        self.below(reference, "")
    }

    /// An address below the page of a request, with the same way back.
    pub fn below(&self, reference: &str, path: &str) -> String {
        let from = self.from.as_ref().map_or_else(String::new, |list| {
            format!("?from={}", escape(&list.href()))
        });
        format!("/desk/tickets/{reference}{path}{from}")
    }
}

/// The forms of a page that were sent and not accepted.
#[derive(Clone, Debug, Default)]
pub(super) struct Returned {
    pub properties: Option<FormState>,
    pub composer: Option<FormState>,
    /// The version that a reply was written on, when others have written since.
    pub written_on: Option<i64>,
}

impl Returned {
    /// Puts what was typed before into the composer, with the version that it was typed on.
    fn take_up(&mut self, fields: &Fields) {
        let form = FormState::empty().with_all([fields]);
        self.written_on = fields.get("version").and_then(|seen| seen.parse().ok());
        self.composer = Some(form);
    }
}

/// What the reader has typed and not sent.
struct Written {
    view: DraftView,
    /// What to put into the composer, unless something else stands in it.
    fields: Option<Fields>,
}

impl Written {
    fn find(conn: &mut Conn, me: &Customer, ticket: &Ticket, free: bool) -> QueryResult<Self> {
        let spot = Spot::on(Form::Message, ticket);
        let draft = drafting::find(conn, &me.me.id.into(), &spot)?;
        Ok(Self {
            view: drafting::view(me, &spot, draft.as_ref(), free),
            fields: draft.filter(|_| free).map(|draft| draft.fields),
        })
    }
}

/// The request.
#[get("/desk/tickets/<reference>")]
pub(super) async fn show(agent: Agent, reference: &str) -> Outcome {
    page(&agent, HttpStatus::Ok, reference, Returned::default()).await
}

/// The page of a request, by itself or in answer to one of its forms.
pub(super) async fn page(
    agent: &Agent,
    status: HttpStatus,
    reference: &str,
    returned: Returned,
) -> Outcome {
    let (site, reader) = (Arc::clone(&agent.site), Reader::of(agent));
    let (asked, reference) = (Asked::parse(agent.path()), reference.to_owned());
    let me = Customer::clone(agent);
    let view = agent
        .site
        .db
        .read(move |conn| {
            let Some(ticket) = find_for_desk(conn, &reference)? else {
                return Ok::<_, StorageError>(None);
            };
            let draft = Written::find(conn, &me, &ticket, returned.composer.is_none())?;
            Ok(Some(read(
                conn,
                &site,
                &reader,
                (ticket, asked, returned, draft),
            )?))
        })
        .await?
        .ok_or(Failure::NotFound)?;
    agent.page(status, SECTION, &view).await
}

fn read(
    conn: &mut Conn,
    site: &Site,
    reader: &Reader,
    (ticket, asked, mut returned, draft): (Ticket, Asked, Returned, Written),
) -> QueryResult<DeskTicketPage> {
    if let Some(fields) = draft.fields {
        returned.take_up(&fields);
    }
    let messages = list_envelopes(conn, ticket.id, Readers::Agents)?;
    let history = store::history(conn, ticket.id)?;
    let mut others = other_requests(conn, &ticket, OTHERS + 1)?;
    let more_others = others.len() > usize::try_from(OTHERS).unwrap_or_default();
    others.truncate(usize::try_from(OTHERS).unwrap_or_default());
    let mut named: Vec<PersonId> = messages.iter().filter_map(|m| m.author_id).collect();
    named.extend(people_in(&history));
    let due = get_due(conn, ticket.id)?;
    let read = Read {
        directory: Directory::of(conn, std::slice::from_ref(&ticket), &named)?,
        choices: Choices::load(conn)?,
        attachments: list_attachments(conn, ticket.id, Readers::Agents)?,
        tags: store::tags_of(conn, ticket.id)?,
        readings: match site.readings {
            Some(readings) => readings(conn, ticket.id.0)?,
            None => Vec::new(),
        },
        neighbours: neighbours(conn, site, reader, (&ticket, &due, &asked))?,
        limits: ticket_view::limits(reader, &site.company.get()),
        messages,
        history,
        others,
        more_others,
        due,
        ticket,
        asked,
        returned,
        draft: draft.view,
    };
    let shown = thread_view::shown(reader, &read);
    let texts = list_texts(conn, read.ticket.id, Readers::Agents, &shown.window.shown)?;
    Ok(ticket_view::page(reader, &read, shown, &texts))
}

/// References of the requests before and after in the list that the agent came from.
fn neighbours(
    conn: &mut Conn,
    site: &Site,
    reader: &Reader,
    (ticket, due, asked): (&Ticket, &Due, &Asked),
) -> QueryResult<[Option<String>; 2]> {
    let Some(list) = &asked.from else {
        return Ok([None, None]);
    };
    let (filter, _) = queue::filter(conn, site, reader, list)?;
    let mut next_to = |direction| -> QueryResult<Option<String>> {
        let request = PageRequest {
            size: 1,
            from: Some((direction, list.sort.cursor(ticket, due))),
        };
        let mut page = page_of_tickets(conn, &filter, list.sort, &request)?;
        Ok(page.rows.pop().map(|row| row.ticket.reference))
    };
    Ok([next_to(Direction::Before)?, next_to(Direction::After)?])
}
