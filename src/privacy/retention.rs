//! How long what nobody needs any more is kept.

use std::ops::AddAssign;

use chrono::TimeDelta;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use serde_json::Value;

use super::erasure::{Erasing, erase};
use super::retention_business::{list_closed, list_idle, strip};
use crate::accounts::commands::forget_history;
use crate::accounts::events::FROM_SOMEWHERE;
use crate::accounts::{PersonId, Role, STREAM, rules, strangers};
use crate::config::Retention;
use crate::platform::db::{Conn, StorageError, Timestamp, Tx};
use crate::platform::events::redact_events;
use crate::platform::mail::{MailId, MailStatus};
use crate::schema::{
    deflections, events, mails, organisation_members, people, submissions, tickets,
};

/// Rows removed in one transaction, at most, of each kind.
const BATCH: i64 = 500;

/// Requests, or people with all that is theirs, in one transaction, at most.
const FEW: i64 = 20;

/// How much is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// Mails whose text goes.
    pub mails: usize,
    /// Forms.
    pub submissions: usize,
    /// Openings of articles.
    pub deflections: usize,
    /// People who proved nothing.
    pub people: usize,
    /// Places that somebody signed in from.
    pub sign_ins: usize,
    /// Requests whose files go.
    pub closed_files: usize,
    /// Requests whose texts go.
    pub closed_texts: usize,
    /// People who have not been seen for long.
    pub idle_people: usize,
}

impl AddAssign for Due {
    fn add_assign(&mut self, more: Self) {
        self.mails += more.mails;
        self.submissions += more.submissions;
        self.deflections += more.deflections;
        self.people += more.people;
        self.sign_ins += more.sign_ins;
        self.closed_files += more.closed_files;
        self.closed_texts += more.closed_texts;
        self.idle_people += more.idle_people;
    }
}

/// Counts what is due.
///
/// # Errors
/// When the database refuses.
pub fn count_due(conn: &mut Conn, kept: &Retention, now: Timestamp) -> QueryResult<Due> {
    let all = i64::MAX;
    Ok(Due {
        mails: list_mails(conn, before(now, kept.mails), all)?.len(),
        submissions: list_submissions(conn, before(now, kept.submissions), all)?.len(),
        deflections: list_deflections(conn, before(now, kept.deflections), all)?.len(),
        people: list_people(conn, before(now, kept.people), all)?.len(),
        sign_ins: list_sign_ins(conn, before(now, kept.sign_ins), all)?.len(),
        closed_files: list_closed(conn, kept.closed_files.map(|d| before(now, d)), true, all)?
            .len(),
        closed_texts: list_closed(conn, kept.closed_texts.map(|d| before(now, d)), false, all)?
            .len(),
        idle_people: list_idle(conn, kept.idle_people.map(|d| before(now, d)), all)?.len(),
    })
}

/// Removes one batch of what is due. `how` is how people who are not seen any more are forgotten.
///
/// # Errors
/// When the database refuses.
pub fn remove_due(tx: &mut Tx<'_>, kept: &Retention, how: &Erasing) -> Result<Due, StorageError> {
    let mut removed = remove_small(tx, kept)?;
    let now = tx.now;
    for ticket in list_closed(
        tx.conn,
        kept.closed_texts.map(|d| before(now, d)),
        false,
        FEW,
    )? {
        strip(tx, ticket, true)?;
        removed.closed_texts += 1;
    }
    for ticket in list_closed(
        tx.conn,
        kept.closed_files.map(|d| before(now, d)),
        true,
        FEW,
    )? {
        strip(tx, ticket, false)?;
        removed.closed_files += 1;
    }
    for person in list_idle(tx.conn, kept.idle_people.map(|d| before(now, d)), FEW)? {
        erase(tx, person, how)?;
        removed.idle_people += 1;
    }
    Ok(removed)
}

fn remove_small(tx: &mut Tx<'_>, kept: &Retention) -> QueryResult<Due> {
    let now = tx.now;
    let texts = list_mails(tx.conn, before(now, kept.mails), BATCH)?;
    let keys = list_submissions(tx.conn, before(now, kept.submissions), BATCH)?;
    let openings = list_deflections(tx.conn, before(now, kept.deflections), BATCH)?;
    let persons = list_people(tx.conn, before(now, kept.people), BATCH)?;
    let places = list_sign_ins(tx.conn, before(now, kept.sign_ins), BATCH)?;
    redact_events(tx, &places, &|_, data, _| forget_place(data))?;
    Ok(Due {
        mails: diesel::update(mails::table.filter(mails::id.eq_any(texts)))
            .set(mails::data.eq("{}"))
            .execute(tx.conn)?,
        submissions: diesel::delete(submissions::table.filter(submissions::key.eq_any(keys)))
            .execute(tx.conn)?,
        deflections: diesel::delete(deflections::table.filter(deflections::id.eq_any(openings)))
            .execute(tx.conn)?,
        people: {
            // Their history stays, as all history does, and says no more who they said they were.
            for person in &persons {
                forget_history(tx, *person)?;
            }
            diesel::delete(people::table.filter(people::id.eq_any(persons))).execute(tx.conn)?
        },
        sign_ins: places.len(),
        ..Due::default()
    })
}

/// Leaves that somebody came, and when.
fn forget_place(data: &mut Value) {
    if let Value::Object(fields) = data {
        fields.remove("device");
        fields.remove("network");
    }
}

fn before(now: Timestamp, days: i64) -> Timestamp {
    now - TimeDelta::days(days)
}

fn list_mails(conn: &mut Conn, before: Timestamp, limit: i64) -> QueryResult<Vec<MailId>> {
    mails::table
        .filter(mails::status.eq(MailStatus::Sent))
        .filter(mails::sent_at.lt(before))
        .filter(mails::data.ne("{}"))
        .select(mails::id)
        .limit(limit)
        .load(conn)
}

fn list_submissions(conn: &mut Conn, before: Timestamp, limit: i64) -> QueryResult<Vec<String>> {
    submissions::table
        .filter(submissions::created_at.lt(before))
        .select(submissions::key)
        .limit(limit)
        .load(conn)
}

fn list_deflections(conn: &mut Conn, before: Timestamp, limit: i64) -> QueryResult<Vec<i64>> {
    deflections::table
        .filter(deflections::ticket_id.is_null())
        .filter(deflections::opened_at.lt(before))
        .select(deflections::id)
        .limit(limit)
        .load(conn)
}

/// Customers who never proved their address, cannot sign in, asked for nothing and were put
/// nowhere by a manager.
fn list_people(conn: &mut Conn, before: Timestamp, limit: i64) -> QueryResult<Vec<PersonId>> {
    let filed = tickets::table.filter(tickets::requester_id.eq(people::id));
    let member = organisation_members::table.filter(organisation_members::person_id.eq(people::id));
    people::table
        .filter(people::role.eq(Role::Customer))
        .filter(people::confirmed_at.is_null())
        .filter(people::password_hash.is_null())
        .filter(people::disabled_at.is_null())
        .filter(people::updated_at.lt(before))
        .filter(not(exists(filed)))
        .filter(not(exists(member)))
        .select(people::id)
        .limit(limit)
        .load(conn)
}

fn list_sign_ins(conn: &mut Conn, before: Timestamp, limit: i64) -> QueryResult<Vec<i64>> {
    events::table
        .filter(events::at.lt(before))
        .filter(events::stream.eq_any([STREAM, strangers::STREAM, rules::STREAM]))
        .filter(events::kind.eq_any(FROM_SOMEWHERE))
        .filter(events::data.like("%\"network\":%"))
        .order((events::at.asc(), events::id.asc()))
        .select(events::id)
        .limit(limit)
        .load(conn)
}
