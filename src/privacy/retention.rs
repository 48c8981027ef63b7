//! How long what nobody needs any more is kept.

use std::ops::AddAssign;

use chrono::TimeDelta;
use diesel::dsl::{exists, not};
use diesel::prelude::*;

use crate::accounts::{PersonId, Role, events as person};
use crate::platform::db::{Conn, Timestamp, Tx};
use crate::platform::mail::{MailId, MailStatus};
use crate::schema::{
    deflections, events, mails, organisation_members, people, submissions, tickets,
};

/// Days that things are kept.
#[derive(Clone, Copy, Debug)]
pub struct Periods {
    /// The text of a mail, after it was sent.
    pub mails: i64,
    /// That a form was sent.
    pub submissions: i64,
    /// Which articles somebody opened while they wrote, and their subject, if nothing was filed.
    pub deflections: i64,
    /// Who somebody said they were, if they never proved it and filed nothing.
    pub people: i64,
}

/// The periods.
pub const PERIODS: Periods = Periods {
    mails: 30,
    submissions: 2,
    deflections: 90,
    people: 30,
};

/// Rows removed in one transaction, at most, of each kind.
const BATCH: i64 = 500;

/// How much is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// Mails whose text goes.
    pub mails: usize,
    /// Forms.
    pub submissions: usize,
    /// Openings of articles.
    pub deflections: usize,
    /// People.
    pub people: usize,
}

impl AddAssign for Due {
    fn add_assign(&mut self, more: Self) {
        self.mails += more.mails;
        self.submissions += more.submissions;
        self.deflections += more.deflections;
        self.people += more.people;
    }
}

/// Counts what is due.
///
/// # Errors
/// When the database refuses.
pub fn count_due(conn: &mut Conn, now: Timestamp) -> QueryResult<Due> {
    Ok(Due {
        mails: list_mails(conn, now, i64::MAX)?.len(),
        submissions: list_submissions(conn, now, i64::MAX)?.len(),
        deflections: list_deflections(conn, now, i64::MAX)?.len(),
        people: list_people(conn, now, i64::MAX)?.len(),
    })
}

/// Removes one batch of what is due.
///
/// # Errors
/// When the database refuses.
pub fn remove_due(tx: &mut Tx<'_>) -> QueryResult<Due> {
    let now = tx.now;
    let texts = list_mails(tx.conn, now, BATCH)?;
    let keys = list_submissions(tx.conn, now, BATCH)?;
    let openings = list_deflections(tx.conn, now, BATCH)?;
    let persons = list_people(tx.conn, now, BATCH)?;
    let streams: Vec<i64> = persons.iter().map(|id| id.0).collect();
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
            let history = events::table
                .filter(events::stream.eq(person::STREAM))
                .filter(events::stream_id.eq_any(streams));
            diesel::update(history)
                .set((events::data.eq("{}"), events::facts.eq("null")))
                .execute(tx.conn)?;
            diesel::delete(people::table.filter(people::id.eq_any(persons))).execute(tx.conn)?
        },
    })
}

fn before(now: Timestamp, days: i64) -> Timestamp {
    now - TimeDelta::days(days)
}

fn list_mails(conn: &mut Conn, now: Timestamp, limit: i64) -> QueryResult<Vec<MailId>> {
    mails::table
        .filter(mails::status.eq(MailStatus::Sent))
        .filter(mails::sent_at.lt(before(now, PERIODS.mails)))
        .filter(mails::data.ne("{}"))
        .select(mails::id)
        .limit(limit)
        .load(conn)
}

fn list_submissions(conn: &mut Conn, now: Timestamp, limit: i64) -> QueryResult<Vec<String>> {
    submissions::table
        .filter(submissions::created_at.lt(before(now, PERIODS.submissions)))
        .select(submissions::key)
        .limit(limit)
        .load(conn)
}

fn list_deflections(conn: &mut Conn, now: Timestamp, limit: i64) -> QueryResult<Vec<i64>> {
    deflections::table
        .filter(deflections::ticket_id.is_null())
        .filter(deflections::opened_at.lt(before(now, PERIODS.deflections)))
        .select(deflections::id)
        .limit(limit)
        .load(conn)
}

/// Customers who never proved their address, cannot sign in, asked for nothing and were put
/// nowhere by a manager.
fn list_people(conn: &mut Conn, now: Timestamp, limit: i64) -> QueryResult<Vec<PersonId>> {
    let filed = tickets::table.filter(tickets::requester_id.eq(people::id));
    let member = organisation_members::table.filter(organisation_members::person_id.eq(people::id));
    people::table
        .filter(people::role.eq(Role::Customer))
        .filter(people::confirmed_at.is_null())
        .filter(people::password_hash.is_null())
        .filter(people::disabled_at.is_null())
        .filter(people::updated_at.lt(before(now, PERIODS.people)))
        .filter(not(exists(filed)))
        .filter(not(exists(member)))
        .select(people::id)
        .limit(limit)
        .load(conn)
}
