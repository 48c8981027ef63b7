//! How much is held about somebody.

use diesel::prelude::*;
use serde::Serialize;

use crate::accounts::{Person, STREAM};
use crate::platform::db::Conn;
use crate::schema::{attachments, deflections, drafts, events, mails, messages, sessions, tickets};

/// Counts, as they are shown before anything is handed out or erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Inventory {
    /// Requests that they filed.
    pub requests: i64,
    /// Messages that they wrote, on anybody's requests.
    pub messages: i64,
    /// Files on their requests.
    pub files: i64,
    /// Drafts.
    pub drafts: i64,
    /// Mails to them.
    pub mails: i64,
    /// Articles that they opened while they wrote.
    pub articles: i64,
    /// Open sessions.
    pub sessions: i64,
    /// Entries of their account's history.
    pub events: i64,
}

/// Counts what is held about a person.
///
/// # Errors
/// When the database refuses.
pub fn count(conn: &mut Conn, person: &Person) -> QueryResult<Inventory> {
    let id = person.id;
    let own = || {
        tickets::table
            .filter(tickets::requester_id.eq(id))
            .select(tickets::id)
    };
    Ok(Inventory {
        requests: own().count().get_result(conn)?,
        messages: messages::table
            .filter(messages::author_id.eq(id))
            .count()
            .get_result(conn)?,
        files: attachments::table
            .filter(attachments::ticket_id.eq_any(own()))
            .count()
            .get_result(conn)?,
        drafts: drafts::table
            .filter(drafts::person_id.eq(id))
            .count()
            .get_result(conn)?,
        mails: mails::table
            .filter(mails::to_address.eq(&person.email))
            .count()
            .get_result(conn)?,
        articles: deflections::table
            .filter(deflections::person_id.eq(id))
            .count()
            .get_result(conn)?,
        sessions: sessions::table
            .filter(sessions::person_id.eq(id))
            .count()
            .get_result(conn)?,
        events: events::table
            .filter(events::stream.eq(STREAM))
            .filter(events::stream_id.eq(id.0))
            .count()
            .get_result(conn)?,
    })
}
