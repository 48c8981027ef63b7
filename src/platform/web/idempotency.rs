//! One form, one effect: a form sent twice gets the first answer again.

use diesel::prelude::*;

use super::form::Fields;
use crate::both;
use crate::platform::db::Tx;
use crate::schema::submissions;

/// Whether a form was accepted before.
#[derive(Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is new: do the work, then [`settle`].
    Fresh,
    /// It was: this is where its sender was sent to.
    Repeated(String),
}

/// The key of a form, when it is one that a page of ours can have made.
#[must_use]
pub fn key_of(fields: &Fields) -> Option<&str> {
    let key = fields.get("key");
    let ours = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    ((1..=64).contains(&key.len()) && key.bytes().all(ours)).then_some(key)
}

/// Claims a form's key in the running transaction. A second transaction with the same key
/// waits for the first one to end.
///
/// # Errors
/// When the database refuses.
pub fn claim(tx: &mut Tx<'_>, key: &str) -> QueryResult<Claim> {
    let now = tx.now;
    let inserted = both!(tx.conn, |conn| diesel::insert_into(submissions::table)
        .values((
            submissions::key.eq(key),
            submissions::outcome.eq(""),
            submissions::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(conn))?;
    if inserted == 1 {
        return Ok(Claim::Fresh);
    }
    submissions::table
        .find(key)
        .select(submissions::outcome)
        .first(tx.conn)
        .map(Claim::Repeated)
}

/// Remembers where the sender of a claimed form is sent to.
///
/// # Errors
/// When the database refuses.
pub fn settle(tx: &mut Tx<'_>, key: &str, location: &str) -> QueryResult<()> {
    diesel::update(submissions::table.find(key))
        .set(submissions::outcome.eq(location))
        .execute(tx.conn)
        .map(drop)
}
