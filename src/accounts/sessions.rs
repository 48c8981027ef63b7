//! Sessions: opaque secrets in a cookie, of which the database keeps only a hash. Pages name a
//! session by a random id of its own, which opens nothing.

use chrono::Duration;
use diesel::dsl::exists;
use diesel::prelude::*;

use super::model::{Person, PersonId, Role};
use super::pending;
use crate::config::{SessionLimit, SessionLimits};
use crate::platform::db::{Conn, Timestamp, Tx};
use crate::platform::random;
use crate::platform::secret::digest;
use crate::schema::{people, second_factors, sessions, sign_in_rules};

/// How stale `seen_at` may be: it is not worth a write with each request.
const SEEN_STEP: Duration = Duration::minutes(5);

/// How long a session of somebody with this role lasts.
#[must_use]
pub const fn limit_of(limits: &SessionLimits, role: Role) -> SessionLimit {
    match role {
        Role::Customer => limits.customer,
        Role::Agent => limits.agent,
        Role::Manager => limits.manager,
    }
}

/// A session that holds, with its person.
#[derive(Clone, Debug)]
pub struct Session {
    /// Key.
    pub id: i64,
    /// Whose it is.
    pub person: Person,
    /// When it was last used, to within five minutes.
    pub seen_at: Timestamp,
    /// Whether nothing is open to it before its owner has added a second factor.
    pub owes_factor: bool,
}

impl Session {
    /// Whether its use should be written down.
    #[must_use]
    pub fn is_stale(&self, now: Timestamp) -> bool {
        now - self.seen_at > SEEN_STEP
    }
}

/// Where a session was opened, in words that may be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Browser and system; empty when they cannot be told.
    pub device: String,
    /// The network without the part that names one subscriber.
    pub network: String,
}

/// A place of which only the device is known.
impl From<&str> for Place {
    fn from(device: &str) -> Self {
        Self {
            device: device.to_owned(),
            network: String::new(),
        }
    }
}

/// Opens a session and returns its secret, which nobody but the browser will know.
///
/// # Errors
/// When the database refuses.
pub fn open_session(
    tx: &mut Tx<'_>,
    person: &Person,
    place: impl Into<Place>,
) -> QueryResult<String> {
    let Place { device, network } = place.into();
    let secret = random::token();
    diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(digest(&secret)),
            sessions::public_id.eq(random::public_id()),
            sessions::person_id.eq(person.id),
            sessions::device.eq(device),
            sessions::network.eq(network),
            sessions::created_at.eq(tx.now),
            sessions::seen_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    Ok(secret)
}

/// The instants that decide whether a session holds.
#[derive(Clone, Copy, Debug, Queryable)]
struct Life {
    created: Timestamp,
    seen: Timestamp,
}

impl Life {
    /// A setting that is changed holds for the sessions that are open, too.
    fn holds(self, limit: SessionLimit, now: Timestamp) -> bool {
        self.created + limit.absolute > now && self.seen + limit.idle > now
    }
}

/// The session behind a secret, if it still holds and its person may still sign in.
///
/// # Errors
/// When the database refuses.
pub fn find_session(
    conn: &mut Conn,
    secret: &str,
    now: Timestamp,
    limits: &SessionLimits,
) -> QueryResult<Option<Session>> {
    let found: Option<(i64, Life, bool, bool, Person)> = sessions::table
        .inner_join(people::table)
        .filter(sessions::token_hash.eq(digest(secret)))
        .filter(people::disabled_at.is_null())
        .select((
            sessions::id,
            (sessions::created_at, sessions::seen_at),
            exists(second_factors::table.filter(second_factors::person_id.eq(people::id))),
            exists(sign_in_rules::table.filter(sign_in_rules::factor_required.eq(true))),
            Person::as_select(),
        ))
        .first(conn)
        .optional()?;
    Ok(found
        .filter(|(_, life, _, _, person)| life.holds(limit_of(limits, person.role), now))
        .map(|(id, life, has_factor, required, person)| Session {
            id,
            owes_factor: required && person.role.is_agent() && !has_factor,
            person,
            seen_at: life.seen,
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

/// Ends one session, and says whose it was.
///
/// # Errors
/// When the database refuses.
pub fn close_session(tx: &mut Tx<'_>, secret: &str) -> QueryResult<Option<PersonId>> {
    diesel::delete(sessions::table.filter(sessions::token_hash.eq(digest(secret))))
        .returning(sessions::person_id)
        .get_result(tx.conn)
        .optional()
}

/// A session as its owner sees it.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// Key; never shown.
    pub id: i64,
    /// What pages call it.
    pub public_id: String,
    /// Where it was opened.
    pub place: Place,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was last used, to within five minutes.
    pub seen_at: Timestamp,
}

/// The sessions of a person that hold, last used first.
///
/// # Errors
/// When the database refuses.
pub fn list_sessions(
    conn: &mut Conn,
    person: &Person,
    now: Timestamp,
    limits: &SessionLimits,
) -> QueryResult<Vec<OpenSession>> {
    let rows: Vec<(i64, String, String, String, Life)> = sessions::table
        .filter(sessions::person_id.eq(person.id))
        .order((sessions::seen_at.desc(), sessions::id.desc()))
        .select((
            sessions::id,
            sessions::public_id,
            sessions::device,
            sessions::network,
            (sessions::created_at, sessions::seen_at),
        ))
        .load(conn)?;
    let limit = limit_of(limits, person.role);
    let open = rows.into_iter().filter(|row| row.4.holds(limit, now));
    Ok(open
        .map(|(id, public_id, device, network, life)| OpenSession {
            id,
            public_id,
            place: Place { device, network },
            created_at: life.created,
            seen_at: life.seen,
        })
        .collect())
}

/// Ends one session of a person by its public id. Somebody else's is left alone: nothing is
/// returned then.
///
/// # Errors
/// When the database refuses.
pub fn close_session_of(
    tx: &mut Tx<'_>,
    person: PersonId,
    public_id: &str,
) -> QueryResult<Option<Place>> {
    let ended: Option<(String, String)> = diesel::delete(
        sessions::table
            .filter(sessions::public_id.eq(public_id))
            .filter(sessions::person_id.eq(person)),
    )
    .returning((sessions::device, sessions::network))
    .get_result(tx.conn)
    .optional()?;
    Ok(ended.map(|(device, network)| Place { device, network }))
}

/// Ends every session of a person but one, and sign-ins that wait for a code; says how many
/// sessions there were.
///
/// # Errors
/// When the database refuses.
pub fn close_other_sessions(
    tx: &mut Tx<'_>,
    person: PersonId,
    keep: Option<i64>,
) -> QueryResult<usize> {
    pending::end_all_of(tx, person)?;
    let theirs = sessions::table.filter(sessions::person_id.eq(person));
    match keep {
        Some(keep) => diesel::delete(theirs.filter(sessions::id.ne(keep))).execute(tx.conn),
        None => diesel::delete(theirs).execute(tx.conn),
    }
}

/// Ends every session of a person: their password changed, or their account was closed.
///
/// # Errors
/// When the database refuses.
pub fn close_all_sessions(tx: &mut Tx<'_>, person: PersonId) -> QueryResult<()> {
    close_other_sessions(tx, person, None).map(drop)
}

/// Removes sessions that have expired.
///
/// # Errors
/// When the database refuses.
pub fn sweep_sessions(tx: &mut Tx<'_>, limits: &SessionLimits) -> QueryResult<usize> {
    let mut swept = 0;
    for role in Role::ALL {
        let limit = limit_of(limits, *role);
        let theirs = people::table
            .filter(people::role.eq(*role))
            .select(people::id);
        let over = sessions::created_at
            .le(tx.now - limit.absolute)
            .or(sessions::seen_at.le(tx.now - limit.idle));
        swept += diesel::delete(
            sessions::table
                .filter(sessions::person_id.eq_any(theirs))
                .filter(over),
        )
        .execute(tx.conn)?;
    }
    Ok(swept)
}

/// Ends every session, after a restore: one that was ended since the backup, for a reason, would
/// hold again.
///
/// # Errors
/// When the database refuses.
pub fn end_all(conn: &mut Conn) -> QueryResult<Option<String>> {
    pending::end_all(conn)?;
    let ended = diesel::delete(sessions::table).execute(conn)?;
    Ok((ended > 0).then(|| "everybody has to sign in again".to_owned()))
}
