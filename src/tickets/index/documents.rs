//! What the index of tickets is made from.

use diesel::QueryResult;

use crate::platform::db::{Conn, Database, StorageError};
use crate::platform::search::changes;
use crate::tickets::desk::Directory;
use crate::tickets::model::{Ticket, TicketId};
use crate::tickets::queries::{list_after, list_by_ids, search_text};
use crate::tickets::search::TicketDocument;
use crate::tickets::store::INDEX;

/// Changes brought into the index at a time.
const BATCH: i64 = 200;

/// What the next commit of the index brings.
pub(super) struct Changes {
    pub changed: Vec<TicketDocument>,
    pub removed: Vec<i64>,
    pub revision: i64,
    /// Whether these were all that there were.
    pub are_all: bool,
}

/// The next changes after one; none when there are none.
pub(super) fn read_changes(conn: &mut Conn, after: i64) -> Result<Option<Changes>, StorageError> {
    let news = changes::list_changes(conn, INDEX, after, BATCH)?;
    let Some(&(revision, _)) = news.last() else {
        return Ok(None);
    };
    let are_all = i64::try_from(news.len()).is_ok_and(|number| number < BATCH);
    let mut ids: Vec<i64> = news.iter().map(|(_, id)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    let tickets = list_by_ids(conn, &ids)?;
    let changed = documents(conn, &tickets)?;
    let removed = ids
        .into_iter()
        .filter(|id| changed.iter().all(|document| document.id != *id))
        .collect();
    Ok(Some(Changes {
        changed,
        removed,
        revision,
        are_all,
    }))
}

/// Every request as the index should hold it, a batch at a time.
pub(super) fn for_each_document<E: From<StorageError>>(
    db: &Database,
    mut work: impl FnMut(&TicketDocument) -> Result<(), E>,
) -> Result<(), E> {
    let mut after = TicketId(0);
    loop {
        let documents = db.read_blocking(|conn| {
            let tickets = list_after(conn, after, BATCH)?;
            documents(conn, &tickets).map_err(StorageError::from)
        })?;
        let Some(last) = documents.last() else {
            return Ok(());
        };
        after = TicketId(last.id);
        documents.iter().try_for_each(&mut work)?;
    }
}

fn documents(conn: &mut Conn, tickets: &[Ticket]) -> QueryResult<Vec<TicketDocument>> {
    let directory = Directory::of_tickets(conn, tickets)?;
    let text = |found: Option<&str>| found.unwrap_or_default().to_owned();
    tickets
        .iter()
        .map(|ticket| {
            let (public_text, internal_text) = search_text(conn, ticket)?;
            Ok(TicketDocument {
                id: ticket.id.0,
                reference: ticket.reference.clone(),
                subject: ticket.subject.clone(),
                public_text,
                internal_text,
                requester_id: ticket.requester_id.0,
                requester_name: text(directory.name(ticket.requester_id)),
                requester_email: text(
                    directory
                        .account(ticket.requester_id)
                        .map(|person| person.email.as_str()),
                ),
                organisation: text(directory.organisation(ticket.organisation_id)),
                tags: directory.tags(ticket.id).to_vec(),
                open: ticket.open,
                updated_at: ticket.updated_at.seconds(),
            })
        })
        .collect()
}
