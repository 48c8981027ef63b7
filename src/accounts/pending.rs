//! Sign-ins that wait for a code: the password was right, the second factor is still owed.
//!
//! One is no session: it opens no page but the one that asks for the code. It lives for ten
//! minutes, dies after ten wrong codes, and with the person's sessions.

use chrono::Duration;
use diesel::prelude::*;

use super::model::PersonId;
use super::visitor::Visitor;
use crate::platform::db::{Conn, Timestamp, Tx};
use crate::platform::random;
use crate::platform::secret::digest;
use crate::platform::web::cookies::{self, Name};
use crate::platform::web::{LocalPath, Reply};
use crate::schema::pending_sign_ins as pending;

/// How long one waits.
pub const LIFETIME: Duration = Duration::minutes(10);
/// Wrong codes that end one.
pub const MISSES: i32 = 10;

/// A sign-in that waits for its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable)]
pub struct Pending {
    /// Key.
    pub id: i64,
    /// Whose it is.
    pub person_id: PersonId,
}

/// Begins to wait, and returns the secret for the browser.
///
/// # Errors
/// When the database refuses.
pub fn begin(tx: &mut Tx<'_>, person: PersonId) -> QueryResult<String> {
    let secret = random::token();
    diesel::insert_into(pending::table)
        .values((
            pending::token_hash.eq(digest(&secret)),
            pending::person_id.eq(person),
            pending::misses.eq(0),
            pending::created_at.eq(tx.now),
            pending::expires_at.eq(tx.now + LIFETIME),
        ))
        .execute(tx.conn)?;
    Ok(secret)
}

/// The one behind a secret, if it still waits.
///
/// # Errors
/// When the database refuses.
pub fn find(conn: &mut Conn, secret: &str, now: Timestamp) -> QueryResult<Option<Pending>> {
    pending::table
        .filter(pending::token_hash.eq(digest(secret)))
        .filter(pending::expires_at.gt(now))
        .filter(pending::misses.lt(MISSES))
        .select((pending::id, pending::person_id))
        .first(conn)
        .optional()
}

/// Counts a wrong code; says whether it still waits.
///
/// # Errors
/// When the database refuses.
pub fn count_miss(tx: &mut Tx<'_>, id: i64) -> QueryResult<bool> {
    let misses: i32 = diesel::update(pending::table.find(id))
        .set(pending::misses.eq(pending::misses + 1))
        .returning(pending::misses)
        .get_result(tx.conn)?;
    Ok(misses < MISSES)
}

/// Ends one; says whether it was there: of two who end it at once, one is told so.
///
/// # Errors
/// When the database refuses.
pub fn end(tx: &mut Tx<'_>, id: i64) -> QueryResult<bool> {
    let ended = diesel::delete(pending::table.find(id)).execute(tx.conn)?;
    Ok(ended == 1)
}

/// Ends all of a person's.
///
/// # Errors
/// When the database refuses.
pub fn end_all_of(tx: &mut Tx<'_>, person: PersonId) -> QueryResult<()> {
    diesel::delete(pending::table.filter(pending::person_id.eq(person)))
        .execute(tx.conn)
        .map(drop)
}

/// Ends all there are.
///
/// # Errors
/// When the database refuses.
pub fn end_all(conn: &mut Conn) -> QueryResult<()> {
    diesel::delete(pending::table).execute(conn).map(drop)
}

/// Removes those that nobody finished in time.
///
/// # Errors
/// When the database refuses.
pub fn sweep(tx: &mut Tx<'_>) -> QueryResult<usize> {
    diesel::delete(pending::table.filter(pending::expires_at.le(tx.now))).execute(tx.conn)
}

/// Where the code is asked for.
pub(super) fn code_path(return_to: Option<&LocalPath>) -> String {
    match return_to {
        Some(to) => format!("/sign-in/code?return_to={}", to.encoded()),
        None => "/sign-in/code".to_owned(),
    }
}

/// Gives the browser what it needs to bring the code.
pub(super) fn give(visitor: &Visitor, reply: Reply, secret: &str) -> Reply {
    let https = visitor.site.settings.is_https();
    let age = rocket::time::Duration::seconds(LIFETIME.num_seconds());
    let cookie = cookies::make(https, Name::Pending, secret.to_owned(), Some(age));
    reply.with_cookie(cookie)
}
