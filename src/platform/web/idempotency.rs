//! One form, one effect: a form sent twice gets the first answer again.

use std::fmt::Display;

use diesel::prelude::*;

use super::form::Fields;
use crate::both;
use crate::platform::db::{Actor, Conn, Tx};
use crate::platform::random;
use crate::platform::secret::digest;
use crate::schema::submissions;

/// Key of one sender's submission of a form to an address. What the form carries is chosen by its
/// sender: it never meets the submissions of others or of other forms, and a form without a key
/// is a submission of its own each time.
#[must_use]
pub fn submission_key(fields: &Fields, sender: Actor, address: impl Display) -> String {
    match fields.get("key") {
        "" => random::token(),
        key => digest(&format!(
            "{}/{:?}/{address}/{key}",
            sender.kind(),
            sender.person()
        )),
    }
}

/// The key that a page of ours gave to a form, to tell what else was done from the same page.
#[must_use]
pub fn form_key(fields: &Fields) -> Option<String> {
    let key = fields.get("key");
    let ours = (1..=64).contains(&key.len())
        && key
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    ours.then(|| key.to_owned())
}

/// Whether a form was accepted before.
#[derive(Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is new: do the work, then [`settle`].
    Fresh,
    /// It was: this is where its sender was sent to.
    Repeated(String),
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

/// Whether a form was accepted before, without claiming its key.
///
/// # Errors
/// When the database refuses.
pub fn was_accepted(conn: &mut Conn, key: &str) -> QueryResult<bool> {
    let sent = submissions::table.find(key);
    diesel::select(diesel::dsl::exists(sent)).get_result(conn)
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
