//! Recording what happens to a ticket: the event and the row that it makes, together.

use diesel::prelude::*;
use diesel::result::Error as DieselError;
use serde_json::Value;

use super::events::{self, STREAM, TicketEvent, TicketState};
use super::model::{Tag, Ticket, TicketId};
use crate::platform::db::{Conn, Timestamp, Tx};
use crate::platform::events::{Decision, Draft, Recorded, list_data, list_events};
use crate::platform::random;
use crate::platform::search::changes;
use crate::schema::{ticket_tags, tickets};

/// What an automatic decision leaves with the event it caused.
#[derive(Clone, Debug, Default)]
pub struct Why {
    /// Which rule decided.
    pub decision: Option<Decision>,
    /// What it read.
    pub facts: Value,
}

/// Brings a ticket into being. `filed` is given the number that the reference is made of.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    filed: impl Fn(TicketId) -> TicketEvent,
) -> QueryResult<TicketState> {
    // The reference needs the key, which the database gives: until then a random one stands in.
    let unnumbered = TicketId(0);
    let mut row = first(tx, unnumbered, &filed(unnumbered))?.ticket;
    row.reference = random::public_id();
    let id: TicketId = diesel::insert_into(tickets::table)
        .values(&row)
        .returning(tickets::id)
        .get_result(tx.conn)?;
    let event = filed(id);
    let state = first(tx, id, &event)?;
    diesel::update(tickets::table.find(id))
        .set(&state.ticket)
        .execute(tx.conn)?;
    record(tx, id, 1, &event, Why::default())?;
    Ok(state)
}

fn first(tx: &Tx<'_>, id: TicketId, event: &TicketEvent) -> QueryResult<TicketState> {
    events::apply(id, None, event, 1, tx.now).map_err(impossible)
}

/// Records what happens next to a ticket. Nothing else changes its row.
///
/// # Errors
/// `NotFound` when somebody else changed the ticket meanwhile.
pub(super) fn happen(
    tx: &mut Tx<'_>,
    state: &mut TicketState,
    event: &TicketEvent,
    why: Why,
) -> QueryResult<()> {
    let id = state.ticket.id;
    let (version, seq) = (state.ticket.version, state.ticket.version + 1);
    let next = events::apply(id, Some(state.clone()), event, seq, tx.now).map_err(impossible)?;
    let changed = diesel::update(tickets::table.find(id).filter(tickets::version.eq(version)))
        .set(&next.ticket)
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(DieselError::NotFound);
    }
    if next.tags != state.tags {
        store_tags(tx.conn, id, &next.tags)?;
    }
    *state = next;
    record(tx, id, seq, event, why)
}

fn record(
    tx: &mut Tx<'_>,
    id: TicketId,
    seq: i64,
    event: &TicketEvent,
    why: Why,
) -> QueryResult<()> {
    let data =
        serde_json::to_value(event).map_err(|e| DieselError::SerializationError(Box::new(e)))?;
    tx.record(Draft {
        stream: STREAM,
        stream_id: id.0,
        seq,
        kind: event.kind(),
        data,
        facts: why.facts,
        decision: why.decision,
    })
    .map(drop)
}

fn store_tags(conn: &mut Conn, id: TicketId, tags: &[Tag]) -> QueryResult<()> {
    diesel::delete(ticket_tags::table.filter(ticket_tags::ticket_id.eq(id))).execute(conn)?;
    for tag in tags {
        diesel::insert_into(ticket_tags::table)
            .values((
                ticket_tags::ticket_id.eq(id),
                ticket_tags::tag.eq(tag.as_str()),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// A ticket with its tags, to be changed in this transaction. On PostgreSQL others who want to
/// change it wait for the end of the transaction; SQLite has one writer anyway.
///
/// # Errors
/// `NotFound`, or when the database refuses.
pub(super) fn load(conn: &mut Conn, id: TicketId) -> QueryResult<TicketState> {
    let row = tickets::table.find(id);
    let ticket = match conn {
        Conn::Postgres(postgres) => row
            .select(Ticket::as_select())
            .for_no_key_update()
            .first(postgres)?,
        Conn::Sqlite(sqlite) => row.select(Ticket::as_select()).first(sqlite)?,
    };
    Ok(TicketState {
        tags: tags_of(conn, id)?,
        ticket,
    })
}

/// Has everybody else who wants to change a ticket wait for the end of this transaction, as whoever
/// changes it does: for what is kept beside the ticket and follows its history.
///
/// # Errors
/// `NotFound`, or when the database refuses.
pub fn hold(conn: &mut Conn, id: TicketId) -> QueryResult<()> {
    match conn {
        Conn::Postgres(postgres) => tickets::table
            .find(id)
            .select(tickets::id)
            .for_no_key_update()
            .first::<TicketId>(postgres)
            .map(drop),
        // It has one writer.
        Conn::Sqlite(_) => Ok(()),
    }
}

/// The events of some kinds in the history of a ticket, oldest first.
///
/// # Errors
/// When the database refuses or an event cannot be read.
pub fn history_of(
    conn: &mut Conn,
    id: TicketId,
    kinds: &[&str],
) -> QueryResult<Vec<(Timestamp, TicketEvent)>> {
    let event = |(at, data)| {
        let event = serde_json::from_value(data)
            .map_err(|error| DieselError::DeserializationError(Box::new(error)))?;
        Ok((at, event))
    };
    let all = list_data(conn, STREAM, id.0, kinds)?;
    all.into_iter().map(event).collect()
}

/// The tags of a ticket, sorted.
///
/// # Errors
/// When the database refuses.
pub fn tags_of(conn: &mut Conn, id: TicketId) -> QueryResult<Vec<Tag>> {
    let mut tags: Vec<Tag> = ticket_tags::table
        .filter(ticket_tags::ticket_id.eq(id))
        .select(ticket_tags::tag)
        .load::<String>(conn)?
        .iter()
        .filter_map(|text| Tag::parse(text))
        .collect();
    tags.sort();
    Ok(tags)
}

/// The history of a ticket, oldest first.
///
/// # Errors
/// When the database refuses or an event cannot be read.
pub fn history(conn: &mut Conn, id: TicketId) -> QueryResult<Vec<(Recorded, TicketEvent)>> {
    list_events(conn, STREAM, id.0)?
        .into_iter()
        .map(|recorded| {
            let event = read(&recorded)?;
            Ok((recorded, event))
        })
        .collect()
}

/// The ticket that a history makes: what must be stored.
///
/// # Errors
/// When the database refuses or the history is damaged.
pub fn replay(conn: &mut Conn, id: TicketId) -> QueryResult<Option<TicketState>> {
    fold(id, &history(conn, id)?)
}

/// The ticket as it was at one of its versions; none when it never had that version.
///
/// # Errors
/// When the database refuses or the history is damaged.
pub fn replay_until(
    conn: &mut Conn,
    id: TicketId,
    version: i64,
) -> QueryResult<Option<TicketState>> {
    let mut history = history(conn, id)?;
    history.retain(|(recorded, _)| recorded.seq <= version);
    Ok(fold(id, &history)?.filter(|state| state.ticket.version == version))
}

fn fold(id: TicketId, history: &[(Recorded, TicketEvent)]) -> QueryResult<Option<TicketState>> {
    history.iter().try_fold(None, |state, (recorded, event)| {
        events::apply(id, state, event, recorded.seq, recorded.at)
            .map(Some)
            .map_err(impossible)
    })
}

/// A ticket's event out of the common history.
///
/// # Errors
/// When the event is not one of a ticket.
pub fn read(recorded: &Recorded) -> QueryResult<TicketEvent> {
    serde_json::from_value(recorded.data.clone())
        .map_err(|e| DieselError::DeserializationError(Box::new(e)))
}

fn impossible(error: events::ReplayError) -> DieselError {
    DieselError::SerializationError(Box::new(error))
}

/// Name of the index of tickets in the feed of changes.
pub const INDEX: &str = "tickets";

/// Has the index of tickets read a ticket again.
pub(super) fn mark_for_search(tx: &mut Tx<'_>, id: TicketId) -> QueryResult<()> {
    changes::mark(tx, INDEX, id.0)
}
