//! What a worker does with the outbox: take mails in hand, say what became of them.

use chrono::Duration;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::outbox::BLANK;
use super::{Mail, MailId, MailStatus};
use crate::both;
use crate::platform::db::{Conn, StorageError, Timestamp, Tx};
use crate::schema::mails;

/// How long a worker may hold a mail. Another takes it up afterwards: longer than the slowest
/// server takes for a whole batch, short enough after a crash.
const LEASE: Duration = Duration::minutes(10);

/// Nothing is put off for as long: what stands later was written while the clock ran ahead, and is
/// due now that the clock has been put right.
const FARTHEST: Duration = Duration::hours(12);

/// A mail that keeps failing for now is given up after this long.
const GIVE_UP_AFTER: Duration = Duration::days(5);

/// Which of the waiting mails a worker can do something about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All whose time has come.
    Due,
    /// Those that have not been written to the outbox folder.
    NotExported,
}

/// The mail with this key.
///
/// # Errors
/// When there is none, or the database refuses.
pub fn find_mail(conn: &mut Conn, id: MailId) -> QueryResult<Mail> {
    mails::table.find(id).select(Mail::as_select()).first(conn)
}

/// Held by no worker.
#[diesel::dsl::auto_type(no_type_alias)]
fn is_free(now: Timestamp) -> _ {
    let ahead: Timestamp = now + FARTHEST;
    mails::leased_until
        .is_null()
        .or(mails::leased_until.lt(now))
        .or(mails::leased_until.gt(ahead))
}

/// Whether there is anything to take in hand: asked every second, so it does not write.
pub(super) fn has_ready(conn: &mut Conn, wanted: Wanted, now: Timestamp) -> QueryResult<bool> {
    Ok(!list_ready(conn, wanted, now, 1)?.is_empty())
}

/// Mails that nobody has in hand, the longest due first.
fn list_ready(
    conn: &mut Conn,
    wanted: Wanted,
    now: Timestamp,
    limit: i64,
) -> QueryResult<Vec<MailId>> {
    let exported_too = wanted == Wanted::Due;
    let ready = mails::table
        .select(mails::id)
        .filter(mails::status.eq(MailStatus::Waiting))
        .filter(
            mails::next_attempt_at
                .le(now)
                .or(mails::next_attempt_at.gt(now + FARTHEST)),
        )
        .filter(is_free(now))
        .filter(
            mails::exported_at
                .is_null()
                .or(exported_too.into_sql::<Bool>()),
        )
        .order((mails::next_attempt_at.asc(), mails::id.asc()))
        .limit(limit);
    match conn {
        // Workers on other nodes choose other rows instead of waiting for these.
        Conn::Postgres(conn) => ready.for_update().skip_locked().load(conn),
        Conn::Sqlite(conn) => ready.load(conn),
    }
}

/// Takes up to `limit` mails in hand. What comes back is this worker's until the lease ends.
pub(super) fn claim_mails(tx: &mut Tx<'_>, wanted: Wanted, limit: i64) -> QueryResult<Vec<Mail>> {
    let now = tx.now;
    let ids = list_ready(tx.conn, wanted, now, limit)?;
    let mut mails: Vec<Mail> = both!(tx.conn, |conn| diesel::update(
        mails::table
            .filter(mails::id.eq_any(&ids))
            .filter(mails::status.eq(MailStatus::Waiting))
            .filter(is_free(now)),
    )
    .set(mails::leased_until.eq(now + LEASE))
    .returning(Mail::as_returning())
    .get_results(conn))?;
    mails.sort_by_key(|mail| (mail.next_attempt_at, mail.id));
    Ok(mails)
}

/// A server took charge of it. True even when the lease ended meanwhile: it has left.
pub(super) fn mark_sent(tx: &mut Tx<'_>, mail: &Mail) -> QueryResult<()> {
    let data = if mail.secret { BLANK } else { &mail.data };
    diesel::update(mails::table.find(mail.id))
        .set((
            mails::status.eq(MailStatus::Sent),
            mails::data.eq(data),
            mails::attempts.eq(mails::attempts + 1),
            mails::leased_until.eq(None::<Timestamp>),
            mails::failing_since.eq(None::<Timestamp>),
            mails::last_error.eq(None::<String>),
            mails::sent_at.eq(tx.now),
        ))
        .execute(tx.conn)
        .map(drop)
}

/// It stands in the outbox folder, and waits for a server.
pub(super) fn mark_exported(tx: &mut Tx<'_>, mail: &Mail) -> QueryResult<()> {
    diesel::update(held(mail))
        .set((
            mails::exported_at.eq(tx.now),
            mails::leased_until.eq(None::<Timestamp>),
        ))
        .execute(tx.conn)
        .map(drop)
}

/// Not this time: again after `delay`, or given up when it has failed for too long.
pub(super) fn postpone(
    tx: &mut Tx<'_>,
    mail: &Mail,
    reason: &str,
    delay: Duration,
) -> QueryResult<()> {
    let failing_since = mail.failing_since.unwrap_or(tx.now);
    if tx.now - failing_since >= GIVE_UP_AFTER {
        return mark_failed(tx, mail, reason);
    }
    diesel::update(held(mail))
        .set((
            mails::attempts.eq(mails::attempts + 1),
            mails::next_attempt_at.eq(tx.now + delay),
            mails::failing_since.eq(failing_since),
            mails::leased_until.eq(None::<Timestamp>),
            mails::last_error.eq(reason),
        ))
        .execute(tx.conn)
        .map(drop)
}

/// It will not leave. A secret one is asked for anew rather than tried again.
pub(super) fn mark_failed(tx: &mut Tx<'_>, mail: &Mail, reason: &str) -> QueryResult<()> {
    let data = if mail.secret { BLANK } else { &mail.data };
    diesel::update(held(mail))
        .set((
            mails::status.eq(MailStatus::Failed),
            mails::data.eq(data),
            mails::attempts.eq(mails::attempts + 1),
            mails::leased_until.eq(None::<Timestamp>),
            mails::last_error.eq(reason),
        ))
        .execute(tx.conn)
        .map(drop)
}

/// Gives mails back untried.
pub(super) fn release(tx: &mut Tx<'_>, mails: &[Mail]) -> QueryResult<()> {
    for mail in mails {
        diesel::update(held(mail))
            .set(mails::leased_until.eq(None::<Timestamp>))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// Why a mail cannot be tried again.
#[derive(Debug, thiserror::Error)]
pub enum RetryError {
    /// It has neither failed nor is it held, or its content was blanked.
    #[error("only a failed or held mail whose content is kept can be sent again")]
    NotRetriable,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<diesel::result::Error> for RetryError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Storage(error.into())
    }
}

/// Keeps all mails that wait from leaving until each is released with [`retry_mail`]; answers how
/// many. For rows that come from another time: some of them have left meanwhile.
///
/// # Errors
/// When the database refuses.
pub fn hold_waiting(conn: &mut Conn) -> QueryResult<usize> {
    diesel::update(mails::table.filter(mails::status.eq(MailStatus::Waiting)))
        .set((
            mails::status.eq(MailStatus::Held),
            mails::leased_until.eq(None::<Timestamp>),
        ))
        .execute(conn)
}

/// Lets a failed or held mail leave, as if it were new.
///
/// # Errors
/// See [`RetryError`]; a mail that does not exist is `NotFound`.
pub fn retry_mail(tx: &mut Tx<'_>, id: MailId) -> Result<(), RetryError> {
    let mail = find_mail(tx.conn, id)?;
    if !mail.can_be_retried() {
        return Err(RetryError::NotRetriable);
    }
    diesel::update(mails::table.find(id))
        .set((
            mails::status.eq(MailStatus::Waiting),
            mails::attempts.eq(0),
            mails::next_attempt_at.eq(tx.now),
            mails::failing_since.eq(None::<Timestamp>),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The mail as long as this worker still holds it: what a worker says too late is ignored.
#[diesel::dsl::auto_type(no_type_alias)]
fn held(mail: &Mail) -> _ {
    let (id, leased_until): (MailId, Option<Timestamp>) = (mail.id, mail.leased_until);
    mails::table
        .filter(mails::id.eq(id))
        .filter(mails::leased_until.eq(leased_until))
}

#[cfg(test)]
mod tests;
