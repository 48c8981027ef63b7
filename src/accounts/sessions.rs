//! Sessions: opaque secrets in a cookie, of which the database keeps only a hash.

use chrono::Duration;
use diesel::prelude::*;

use super::model::{Person, PersonId, Role};
use crate::platform::db::{Conn, Timestamp, Tx};
use crate::platform::random;
use crate::platform::secret::digest;
use crate::schema::{people, sessions};

/// A session ends after this long without a request.
const IDLE: Duration = Duration::hours(12);
/// An agent's session ends after this long in any case.
const ABSOLUTE_AGENT: Duration = Duration::days(7);
/// A customer's session ends after this long in any case.
const ABSOLUTE_CUSTOMER: Duration = Duration::days(30);
/// How stale `seen_at` may be: it is not worth a write with each request.
const SEEN_STEP: Duration = Duration::minutes(5);

/// A session that holds, with its person.
#[derive(Clone, Debug)]
pub struct Session {
    /// Key.
    pub id: i64,
    /// Whose it is.
    pub person: Person,
    /// When it was last used, to within five minutes.
    pub seen_at: Timestamp,
}

impl Session {
    /// Whether its use should be written down.
    #[must_use]
    pub fn is_stale(&self, now: Timestamp) -> bool {
        now - self.seen_at > SEEN_STEP
    }
}

/// Opens a session and returns its secret, which nobody but the browser will know.
///
/// # Errors
/// When the database refuses.
pub fn open_session(tx: &mut Tx<'_>, person: &Person, user_agent: &str) -> QueryResult<String> {
    let secret = random::token();
    let lifetime = match person.role {
        Role::Customer => ABSOLUTE_CUSTOMER,
        Role::Agent | Role::Manager => ABSOLUTE_AGENT,
    };
    let user_agent: String = user_agent.chars().take(200).collect();
    diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(digest(&secret)),
            sessions::person_id.eq(person.id),
            sessions::user_agent.eq(user_agent),
            sessions::created_at.eq(tx.now),
            sessions::seen_at.eq(tx.now),
            sessions::expires_at.eq(tx.now + lifetime),
        ))
        .execute(tx.conn)?;
    Ok(secret)
}

/// The session behind a secret, if it still holds and its person may still sign in.
///
/// # Errors
/// When the database refuses.
pub fn find_session(conn: &mut Conn, secret: &str, now: Timestamp) -> QueryResult<Option<Session>> {
    let found: Option<(i64, Timestamp, Person)> = sessions::table
        .inner_join(people::table)
        .filter(sessions::token_hash.eq(digest(secret)))
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::seen_at.gt(now - IDLE))
        .filter(people::disabled_at.is_null())
        .select((sessions::id, sessions::seen_at, Person::as_select()))
        .first(conn)
        .optional()?;
    Ok(found.map(|(id, seen_at, person)| Session {
        id,
        person,
        seen_at,
    }))
}

/// Writes down that a session was used now.
///
/// # Errors
/// When the database refuses.
pub fn touch_session(tx: &mut Tx<'_>, id: i64) -> QueryResult<()> {
    diesel::update(sessions::table.find(id))
        .set(sessions::seen_at.eq(tx.now))
        .execute(tx.conn)
        .map(drop)
}

/// Ends one session.
///
/// # Errors
/// When the database refuses.
pub fn close_session(tx: &mut Tx<'_>, secret: &str) -> QueryResult<()> {
    diesel::delete(sessions::table.filter(sessions::token_hash.eq(digest(secret))))
        .execute(tx.conn)
        .map(drop)
}

/// A session as its owner sees it.
#[derive(Clone, Debug, Queryable)]
pub struct OpenSession {
    /// Key.
    pub id: i64,
    /// What the browser calls itself.
    pub user_agent: String,
    /// When it was last used, to within five minutes.
    pub seen_at: Timestamp,
}

/// The sessions of a person that hold, last used first.
///
/// # Errors
/// When the database refuses.
pub fn list_sessions(
    conn: &mut Conn,
    person: PersonId,
    now: Timestamp,
) -> QueryResult<Vec<OpenSession>> {
    sessions::table
        .filter(sessions::person_id.eq(person))
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::seen_at.gt(now - IDLE))
        .order((sessions::seen_at.desc(), sessions::id.desc()))
        .select((sessions::id, sessions::user_agent, sessions::seen_at))
        .load(conn)
}

/// Ends one session of a person, by its key. Somebody else's is left alone.
///
/// # Errors
/// When the database refuses.
pub fn close_session_of(tx: &mut Tx<'_>, person: PersonId, id: i64) -> QueryResult<()> {
    diesel::delete(
        sessions::table
            .find(id)
            .filter(sessions::person_id.eq(person)),
    )
    .execute(tx.conn)
    .map(drop)
}

/// Ends every session of a person: their password changed, or their account was closed.
///
/// # Errors
/// When the database refuses.
pub fn close_all_sessions(tx: &mut Tx<'_>, person: PersonId) -> QueryResult<()> {
    diesel::delete(sessions::table.filter(sessions::person_id.eq(person)))
        .execute(tx.conn)
        .map(drop)
}

/// Removes sessions that have expired.
///
/// # Errors
/// When the database refuses.
pub fn sweep_sessions(tx: &mut Tx<'_>) -> QueryResult<usize> {
    diesel::delete(
        sessions::table.filter(
            sessions::expires_at
                .le(tx.now)
                .or(sessions::seen_at.le(tx.now - IDLE)),
        ),
    )
    .execute(tx.conn)
}

/// Ends every session, after a restore: one that was ended since the backup, for a reason, would
/// hold again.
///
/// # Errors
/// When the database refuses.
pub fn end_all(conn: &mut Conn) -> QueryResult<Option<String>> {
    let ended = diesel::delete(sessions::table).execute(conn)?;
    Ok((ended > 0).then(|| "everybody has to sign in again".to_owned()))
}
