//! One form, one effect: a form sent twice gets the first answer again.

use std::fmt::Display;

use diesel::prelude::*;

use super::form::Fields;
use super::kept::is_written;
use crate::both;
use crate::platform::db::{Actor, Conn, Tx};
use crate::platform::random;
use crate::platform::secret::digest;
use crate::schema::submissions;

/// Key of one sender's submission of a form to an address. What the form carries is chosen by its
/// sender: it never meets the submissions of others or of other forms, and a form without a key
/// is a submission of its own each time.
///
/// The same page with another text is another submission: whoever did not see the answer and wrote
/// on must not be told that this was sent.
#[must_use]
pub fn submission_key(fields: &Fields, sender: Actor, address: impl Display) -> String {
    match fields.get("key") {
        "" => random::token(),
        key => digest(&format!(
            "{}/{:?}/{address}/{key}/{}",
            sender.kind(),
            sender.person(),
            written(fields),
        )),
    }
}

/// Key under which it is known that something was sent from a page, whatever it was: what a script
/// saves after that was written before.
#[must_use]
pub fn page_key(form_key: &str, sender: Actor, address: impl Display) -> String {
    let (kind, person) = (sender.kind(), sender.person());
    digest(&format!("page/{kind}/{person:?}/{address}/{form_key}"))
}

/// A digest of what people wrote, however their browser ends its lines.
fn written(fields: &Fields) -> String {
    let texts = fields.carried().filter(|(name, _)| is_written(name));
    let mut told: Vec<String> = texts
        .map(|(name, text)| {
            let text = text.replace("\r\n", "\n");
            format!("{name}={}:{text}", text.len())
        })
        .collect();
    told.sort();
    digest(&told.concat())
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

/// What became of a form that has one effect.
#[derive(Debug, PartialEq, Eq)]
pub enum Once<T> {
    /// It was done just now.
    Done(T),
    /// It was done before: this is where its sender was sent to.
    Repeated(String),
}

/// Does what a form asks for, unless the form was accepted before. `work` answers where its
/// sender is sent to, and what else the caller needs. Work that is refused gives the key back
/// with everything else it did, so that the form can be mended and sent again.
///
/// # Errors
/// Those of `work`, or when the database refuses.
pub fn once<T, E: From<diesel::result::Error>>(
    tx: &mut Tx<'_>,
    key: &str,
    work: impl FnOnce(&mut Tx<'_>) -> Result<(String, T), E>,
) -> Result<Once<T>, E> {
    if let Claim::Repeated(location) = claim(tx, key)? {
        return Ok(Once::Repeated(location));
    }
    let (location, done) = work(tx)?;
    settle(tx, key, &location)?;
    Ok(Once::Done(done))
}

/// Where the sender of a form was sent to, if it was accepted before.
///
/// # Errors
/// When the database refuses.
pub fn find_outcome(conn: &mut Conn, key: &str) -> QueryResult<Option<String>> {
    submissions::table
        .find(key)
        .select(submissions::outcome)
        .first(conn)
        .optional()
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
