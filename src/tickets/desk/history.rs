//! Everything that happened to a request.

use rocket::get;
use rocket::http::Status as HttpStatus;

use super::SECTION;
use super::choices::Choices;
use super::directory::Directory;
use super::narrate::{Act, Teller, people_in};
use super::queue_address::pairs;
use super::reader::Reader;
use crate::accounts::Agent;
use crate::platform::db::{Conn, StorageError};
use crate::platform::web::{Failure, Outcome};
use crate::tickets::desk_pages::{HistoryEntry, HistoryPage, PageLinks};
use crate::tickets::model::Ticket;
use crate::tickets::queries::find_for_desk;
use crate::tickets::store;

/// Acts on a page.
const ACTS: usize = 100;

/// The history of a request, newest first.
#[get("/desk/tickets/<reference>/history")]
pub(super) async fn show(agent: Agent, reference: &str) -> Outcome {
    let (reader, reference) = (Reader::of(&agent), reference.to_owned());
    let older_than = older_than(agent.path());
    let view = agent
        .site
        .db
        .read(move |conn| {
            let Some(ticket) = find_for_desk(conn, &reference)? else {
                return Ok::<_, StorageError>(None);
            };
            Ok(Some(read(conn, &reader, &ticket, older_than)?))
        })
        .await?
        .ok_or(Failure::NotFound)?;
    agent.page(HttpStatus::Ok, SECTION, &view).await
}

/// The number of the event that a page begins below.
fn older_than(address: &str) -> i64 {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    pairs(query)
        .find(|(name, _)| name == "after")
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(i64::MAX)
}

fn read(
    conn: &mut Conn,
    reader: &Reader,
    ticket: &Ticket,
    older_than: i64,
) -> diesel::QueryResult<HistoryPage> {
    let history = store::history(conn, ticket.id)?;
    let directory = Directory::of(conn, std::slice::from_ref(ticket), &people_in(&history))?;
    let choices = Choices::load(conn)?;
    let teller = Teller {
        reader,
        directory: &directory,
        choices: &choices,
    };
    let mut acts = teller.acts(&history);
    acts.reverse();
    acts.retain(|act| act.seq < older_than);
    let href = format!("/desk/tickets/{}", ticket.reference);
    let next = (acts.len() > ACTS)
        .then(|| acts.get(ACTS - 1))
        .flatten()
        .map(|last| format!("{href}/history?after={}", last.seq));
    acts.truncate(ACTS);
    Ok(HistoryPage {
        reference: ticket.reference.clone(),
        subject: ticket.subject.clone(),
        entries: acts.into_iter().map(|act| entry(reader, act)).collect(),
        pages: PageLinks {
            previous: (older_than < i64::MAX).then(|| format!("{href}/history")),
            next,
            note: None,
        },
        href,
    })
}

fn entry(reader: &Reader, act: Act) -> HistoryEntry {
    HistoryEntry {
        at: reader.moment(act.at),
        icon: act.icon.to_owned(),
        text: act.text,
        changes: act.changes,
    }
}
