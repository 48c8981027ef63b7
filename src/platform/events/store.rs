//! The `events` table.

use diesel::dsl::max;
use diesel::prelude::*;
use serde_json::Value;

use super::{Cause, Draft, Recorded, Redact};
use crate::platform::db::{Actor, Conn, Timestamp, Tx};
use crate::schema::events;

/// A row, to be read as [`Recorded`].
#[derive(Queryable, Selectable)]
#[diesel(table_name = events)]
pub struct Row {
    id: i64,
    stream: String,
    stream_id: i64,
    seq: i64,
    at: Timestamp,
    kind: String,
    data: String,
    facts: String,
    actor_kind: String,
    actor_id: Option<i64>,
    cause: String,
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    draft: Draft,
    cause: Cause,
    cut: bool,
) -> QueryResult<Recorded> {
    let facts = match (cut, draft.facts) {
        (true, facts) => serde_json::json!({ "reactions_cut": true, "read": facts }),
        (false, facts) => facts,
    };
    let area = tx.history.area(draft.stream, draft.kind);
    let id = diesel::insert_into(events::table)
        .values((
            events::stream.eq(draft.stream),
            events::stream_id.eq(draft.stream_id),
            events::seq.eq(draft.seq),
            events::at.eq(tx.now),
            events::kind.eq(draft.kind),
            events::data.eq(draft.data.to_string()),
            events::facts.eq(facts.to_string()),
            events::actor_kind.eq(tx.actor.kind()),
            events::actor_id.eq(tx.actor.person()),
            events::cause.eq(to_json(&cause)?),
            events::audit.eq(area),
        ))
        .returning(events::id)
        .get_result(tx.conn)?;
    Ok(Recorded {
        id,
        stream: draft.stream.to_owned(),
        stream_id: draft.stream_id,
        seq: draft.seq,
        at: tx.now,
        kind: draft.kind.to_owned(),
        data: draft.data,
        facts,
        actor: tx.actor,
        cause,
    })
}

/// The key of the event that was recorded last; 0 before the first. On PostgreSQL a transaction
/// that began earlier may still commit events with smaller keys.
///
/// # Errors
/// When the database refuses.
pub fn last_event(conn: &mut Conn) -> QueryResult<i64> {
    let last: Option<i64> = events::table.select(max(events::id)).first(conn)?;
    Ok(last.unwrap_or(0))
}

/// All events of a stream, oldest first.
///
/// # Errors
/// When the database refuses or an event is not valid JSON.
pub fn list_events(conn: &mut Conn, stream: &str, stream_id: i64) -> QueryResult<Vec<Recorded>> {
    events::table
        .filter(events::stream.eq(stream))
        .filter(events::stream_id.eq(stream_id))
        .order(events::seq.asc())
        .select(Row::as_select())
        .load::<Row>(conn)?
        .into_iter()
        .map(Recorded::try_from)
        .collect()
}

/// When the events of some kinds of a stream happened, and their data, oldest first: for readers who
/// need no more of a long history.
///
/// # Errors
/// When the database refuses or an event is not valid JSON.
pub fn list_data(
    conn: &mut Conn,
    stream: &str,
    stream_id: i64,
    kinds: &[&str],
) -> QueryResult<Vec<(Timestamp, Value)>> {
    let rows: Vec<(Timestamp, String)> = events::table
        .filter(events::stream.eq(stream))
        .filter(events::stream_id.eq(stream_id))
        .filter(events::kind.eq_any(kinds))
        .order(events::seq.asc())
        .select((events::at, events::data))
        .load(conn)?;
    let read = |(at, data): (Timestamp, String)| Ok((at, from_json(&data)?));
    rows.into_iter().map(read).collect()
}

/// Takes words out of what was recorded: `change` is given kind, data and facts of every event of a
/// stream. Nothing else of an event ever changes.
///
/// # Errors
/// When the database refuses or an event is not valid JSON.
pub fn redact_stream(
    tx: &mut Tx<'_>,
    stream: &str,
    stream_id: i64,
    change: Redact<'_>,
) -> QueryResult<()> {
    let rows = events::table
        .filter(events::stream.eq(stream))
        .filter(events::stream_id.eq(stream_id))
        .select(Told::as_select())
        .load(tx.conn)?;
    redact(tx, rows, change)
}

/// As [`redact_stream`], for every event of any other stream than `except` whose data or facts
/// hold a word. Reads the whole history.
///
/// # Errors
/// As [`redact_stream`].
pub fn redact_mentions(
    tx: &mut Tx<'_>,
    word: &str,
    except: &str,
    change: Redact<'_>,
) -> QueryResult<()> {
    let pattern = format!(
        "%{}%",
        word.replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_")
    );
    let rows = events::table
        .filter(events::stream.ne(except))
        .filter(
            events::data
                .like(&pattern)
                .escape('\\')
                .or(events::facts.like(&pattern).escape('\\')),
        )
        .select(Told::as_select())
        .load(tx.conn)?;
    redact(tx, rows, change)
}

/// As [`redact_stream`], for the events with these keys.
///
/// # Errors
/// As [`redact_stream`].
pub fn redact_events(tx: &mut Tx<'_>, ids: &[i64], change: Redact<'_>) -> QueryResult<()> {
    let rows = events::table
        .filter(events::id.eq_any(ids))
        .select(Told::as_select())
        .load(tx.conn)?;
    redact(tx, rows, change)
}

/// What can be taken out of an event, and what decides how.
#[derive(Queryable, Selectable)]
#[diesel(table_name = events)]
struct Told {
    id: i64,
    kind: String,
    data: String,
    facts: String,
    audit: Option<String>,
}

fn redact(tx: &mut Tx<'_>, rows: Vec<Told>, change: Redact<'_>) -> QueryResult<()> {
    for told in rows {
        let (old_data, old_facts) = (from_json(&told.data)?, from_json(&told.facts)?);
        let (mut new_data, mut new_facts) = (old_data.clone(), old_facts.clone());
        change(&told.kind, &mut new_data, &mut new_facts);
        if told.audit.is_some() {
            blank_changed(&old_data, &mut new_data);
            blank_changed(&old_facts, &mut new_facts);
        }
        if (&new_data, &new_facts) == (&old_data, &old_facts) {
            continue;
        }
        diesel::update(events::table.find(told.id))
            .set((
                events::data.eq(new_data.to_string()),
                events::facts.eq(new_facts.to_string()),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// Leaves nothing of a text that was changed: what the audit says stays word for word, or is empty,
/// and the tables take nothing else. Half a sentence would say something else than the whole.
fn blank_changed(old: &Value, new: &mut Value) {
    match (old, new) {
        (Value::String(old), Value::String(new)) if *old != *new => new.clear(),
        (Value::Array(old), Value::Array(new)) => {
            for (old, new) in old.iter().zip(new) {
                blank_changed(old, new);
            }
        }
        (Value::Object(old), Value::Object(new)) => {
            for (name, new) in new {
                if let Some(old) = old.get(name) {
                    blank_changed(old, new);
                }
            }
        }
        _ => {}
    }
}

/// The number that the next event of a stream takes.
///
/// # Errors
/// When the database refuses.
pub fn next_seq(conn: &mut Conn, stream: &str, stream_id: i64) -> QueryResult<i64> {
    let last: Option<i64> = events::table
        .filter(events::stream.eq(stream))
        .filter(events::stream_id.eq(stream_id))
        .select(diesel::dsl::max(events::seq))
        .first(conn)?;
    Ok(last.unwrap_or(0) + 1)
}

impl TryFrom<Row> for Recorded {
    type Error = diesel::result::Error;

    fn try_from(row: Row) -> QueryResult<Self> {
        Ok(Self {
            data: from_json(&row.data)?,
            facts: from_json(&row.facts)?,
            cause: serde_json::from_str(&row.cause).map_err(not_json)?,
            actor: match (row.actor_kind.as_str(), row.actor_id) {
                ("person", Some(id)) => Actor::Person(id),
                ("anonymous", _) => Actor::Anonymous,
                _ => Actor::System,
            },
            id: row.id,
            stream: row.stream,
            stream_id: row.stream_id,
            seq: row.seq,
            at: row.at,
            kind: row.kind,
        })
    }
}

fn to_json(value: &impl serde::Serialize) -> QueryResult<String> {
    serde_json::to_string(value).map_err(|e| diesel::result::Error::SerializationError(Box::new(e)))
}

fn from_json(text: &str) -> QueryResult<Value> {
    serde_json::from_str(text).map_err(not_json)
}

fn not_json(error: serde_json::Error) -> diesel::result::Error {
    diesel::result::Error::DeserializationError(Box::new(error))
}
