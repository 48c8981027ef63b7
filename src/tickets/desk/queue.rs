//! The lists of the desk.

use std::collections::HashMap;
use std::sync::Arc;

use rocket::get;
use rocket::http::Status as HttpStatus;

use super::PAGE;
use super::choices::Choices;
use super::directory::Directory;
use super::queue_address::{Page, Place, QueueAddress};
use super::queue_view::{self, Listed};
use super::reader::Reader;
use crate::accounts::Agent;
use crate::platform::db::{Conn, KeysetPage, StorageError};
use crate::platform::search::Coverage;
use crate::platform::web::position::Position;
use crate::platform::web::{Failure, Outcome, Reply, Site};
use crate::teams::{TeamId, teams_of};
use crate::tickets::counts::TicketCounts;
use crate::tickets::desk_pages::QueuePage;
use crate::tickets::due::Due;
use crate::tickets::index::TicketIndex;
use crate::tickets::model::{Ticket, TicketId};
use crate::tickets::queries::{self, DeskFilter, DeskView, ListedTicket, page_of_tickets};
use crate::tickets::search::TicketScope;

/// Tickets that the words of a filter can leave, at most.
const MOST_FOUND: usize = 1000;

/// The first list: the agent's own work, or what nobody has taken when there is none.
#[get("/desk")]
pub(super) async fn home(agent: Agent) -> Outcome {
    let (me, now, site) = (agent.me.id, agent.now, Arc::clone(&agent.site));
    let mine = agent
        .site
        .db
        .read(move |conn| {
            let filter = DeskFilter::view(DeskView::Mine, me, Vec::new(), now);
            let counts: &TicketCounts = site.part();
            counts.count(conn, &filter).map_err(StorageError::from)
        })
        .await?;
    let view = if mine.number > 0 {
        DeskView::Mine
    } else {
        DeskView::Unassigned
    };
    Ok(Reply::see_other(
        QueueAddress::plain(Place::View(view)).path(),
    ))
}

/// One of the lists that every agent has.
#[get("/desk/views/<view>")]
pub(super) async fn view(agent: Agent, view: &str) -> Outcome {
    let view: DeskView = view.parse().map_err(|_| Failure::NotFound)?;
    list(&agent, Place::View(view), view.as_str()).await
}

/// The open tickets of a team.
#[get("/desk/teams/<team>")]
pub(super) async fn team(agent: Agent, team: &str) -> Outcome {
    let team: TeamId = team.parse().map_err(|_| Failure::NotFound)?;
    list(&agent, Place::Team(team), &format!("team-{team}")).await
}

async fn list(agent: &Agent, place: Place, section: &str) -> Outcome {
    let (address, page) = QueueAddress::parse(agent.path())
        .filter(|(address, _)| address.place == place)
        .unwrap_or_else(|| (QueueAddress::plain(place), Page::default()));
    if !address.words.is_empty() {
        agent.count_search()?;
    }
    let (site, reader) = (Arc::clone(&agent.site), Reader::of(agent));
    let view = agent
        .site
        .db
        .read(move |conn| read(conn, &site, &reader, address, &page).map_err(StorageError::from))
        .await?
        .ok_or(Failure::NotFound)?;
    agent.page(HttpStatus::Ok, section, &view).await
}

/// Reads a list; none when its team does not exist. The number of statements is the same
/// however many rows there are.
fn read(
    conn: &mut Conn,
    site: &Site,
    reader: &Reader,
    address: QueueAddress,
    page: &Page,
) -> diesel::QueryResult<Option<QueuePage>> {
    let choices = Choices::load(conn)?;
    if let Place::Team(id) = address.place
        && choices.team(id).is_none()
    {
        return Ok(None);
    }
    let (filter, coverage) = filter(conn, site, reader, &address)?;
    let counts: &TicketCounts = site.part();
    let request = page.request(PAGE);
    let (tickets, dues) = apart(page_of_tickets(conn, &filter, address.sort, &request)?);
    let listed = Listed {
        directory: Directory::of_tickets(conn, &tickets.rows)?,
        position: Position::of(&request, &tickets, page.passed.as_deref()),
        dues,
        count: counts.count(conn, &filter)?,
        stages: counts.stages(conn, &filter)?,
        first_use: tickets.rows.is_empty() && !queries::has_tickets(conn)?,
        coverage,
        tickets,
        choices,
        address,
    };
    Ok(Some(queue_view::page(reader, &listed)))
}

/// The tickets of a page, and what is due on each.
fn apart(page: KeysetPage<ListedTicket>) -> (KeysetPage<Ticket>, HashMap<TicketId, Due>) {
    let (mut rows, mut dues) = (Vec::with_capacity(page.rows.len()), HashMap::new());
    for ListedTicket { ticket, due } in page.rows {
        dues.insert(ticket.id, due);
        rows.push(ticket);
    }
    let page = KeysetPage {
        rows,
        previous: page.previous,
        next: page.next,
    };
    (page, dues)
}

/// The condition behind an address, words included, and how much was looked through for these.
pub(super) fn filter(
    conn: &mut Conn,
    site: &Site,
    reader: &Reader,
    address: &QueueAddress,
) -> diesel::QueryResult<(DeskFilter, Coverage)> {
    let teams = teams_of(conn, reader.me)?;
    let mut filter = address.filter(reader.me, teams, reader.now);
    if address.words.is_empty() {
        return Ok((filter, Coverage::Whole));
    }
    let index: &TicketIndex = site.part();
    let (words, scope) = (&address.words, TicketScope::Agent);
    let (found, coverage) = index.find(conn, words, scope, MOST_FOUND, reader.now)?;
    filter.found = Some(found.into_iter().map(TicketId).collect());
    Ok((filter, coverage))
}
