//! Reading the outbox.

use diesel::prelude::*;

use crate::platform::db::{Conn, Cursor, Direction, KeysetPage, PageRequest, Timestamp};
use crate::platform::mail::{Mail, MailStatus};
use crate::schema::mails;

/// Which mails to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only these.
    pub status: Option<MailStatus>,
    /// Only to addresses that contain this; empty is all.
    pub address: String,
}

/// Mails, newest first.
///
/// # Errors
/// When the database refuses.
pub fn page_of_mails(
    conn: &mut Conn,
    filter: &Filter,
    request: &PageRequest,
) -> QueryResult<KeysetPage<Mail>> {
    let mut query = mails::table.select(Mail::as_select()).into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(mails::status.eq(status));
    }
    if !filter.address.is_empty() {
        query = query.filter(
            mails::to_address
                .like(containing(&filter.address))
                .escape('\\'),
        );
    }
    query = match request.from {
        Some((Direction::After, cursor)) => {
            let (at, id) = (cursor.instant(), cursor.id);
            let older = mails::created_at.lt(at);
            query.filter(older.or(mails::created_at.eq(at).and(mails::id.lt(id))))
        }
        Some((Direction::Before, cursor)) => {
            let (at, id) = (cursor.instant(), cursor.id);
            let newer = mails::created_at.gt(at);
            query.filter(newer.or(mails::created_at.eq(at).and(mails::id.gt(id))))
        }
        None => query,
    };
    query = if request.backwards() {
        query.order((mails::created_at.asc(), mails::id.asc()))
    } else {
        query.order((mails::created_at.desc(), mails::id.desc()))
    };
    let rows = query.limit(request.limit()).load(conn)?;
    Ok(KeysetPage::build(request, rows, |mail| {
        Cursor::at(mail.created_at, mail.id.0)
    }))
}

/// How many mails have come that far.
///
/// # Errors
/// When the database refuses.
pub fn count_mails(conn: &mut Conn, status: MailStatus) -> QueryResult<i64> {
    mails::table
        .filter(mails::status.eq(status))
        .count()
        .get_result(conn)
}

/// How many mails somebody may have to do something about: waiting, held, failed.
///
/// # Errors
/// When the database refuses.
pub fn count_open(conn: &mut Conn) -> QueryResult<[i64; 3]> {
    Ok([
        count_mails(conn, MailStatus::Waiting)?,
        count_mails(conn, MailStatus::Held)?,
        count_mails(conn, MailStatus::Failed)?,
    ])
}

/// When the mail was ordered that has waited for its turn the longest.
///
/// # Errors
/// When the database refuses.
pub fn oldest_waiting(conn: &mut Conn) -> QueryResult<Option<Timestamp>> {
    mails::table
        .filter(mails::status.eq(MailStatus::Waiting))
        .select(diesel::dsl::min(mails::created_at))
        .first(conn)
}

/// A LIKE pattern for texts that contain `part`, whose own wildcards mean themselves.
fn containing(part: &str) -> String {
    let mut pattern = String::with_capacity(part.len() + 2);
    pattern.push('%');
    for c in part.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
