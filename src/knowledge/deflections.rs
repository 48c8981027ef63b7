//! Articles opened from the form of a new request: did they answer, or was a request filed after
//! all?

use chrono::Duration;
use diesel::prelude::*;

use super::model::{ArticleId, ArticleSummary};
use crate::both;
use crate::platform::db::{Conn, Timestamp, Tx};
use crate::platform::events::Recorded;
use crate::platform::web::shell::Reading;
use crate::schema::{articles, deflections};

/// Without a request after this long, the article is taken to have answered.
const PATIENCE: Duration = Duration::minutes(30);

/// Articles listed beside a ticket, at most.
const READ_BEFORE: i64 = 10;

/// Longest key of a form that is accepted, in bytes.
const KEY_BYTES: usize = 64;

/// Key of a form: one person writing one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormKey(String);

impl FormKey {
    /// Reads a key as forms carry it: letters, digits, hyphens and underscores.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let valid = (1..=KEY_BYTES).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        valid.then(|| Self(text.to_owned()))
    }
}

/// Records that an article was opened while a request was being written. The same article opened
/// again from the same form changes nothing.
///
/// # Errors
/// When the database refuses.
pub fn record_opened(
    tx: &mut Tx<'_>,
    key: &FormKey,
    article: ArticleId,
    subject: &str,
) -> QueryResult<()> {
    let (now, person) = (tx.now, tx.actor.person());
    both!(tx.conn, |conn| diesel::insert_into(deflections::table)
        .values((
            deflections::form_key.eq(&key.0),
            deflections::article_id.eq(article),
            deflections::person_id.eq(person),
            deflections::subject.eq(subject),
            deflections::opened_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(conn))
    .map(drop)
}

/// Records that whoever was writing says that it is settled.
///
/// # Errors
/// When the database refuses.
pub fn settle(tx: &mut Tx<'_>, key: &FormKey) -> QueryResult<()> {
    diesel::update(deflections::table)
        .filter(deflections::form_key.eq(&key.0))
        .filter(deflections::settled_at.is_null())
        .set(deflections::settled_at.eq(tx.now))
        .execute(tx.conn)
        .map(drop)
}

/// The article did not answer when a request was filed from the same form.
pub(super) fn react(tx: &mut Tx<'_>, event: &Recorded) -> QueryResult<()> {
    if event.stream != "ticket" || event.kind != "filed" {
        return Ok(());
    }
    let Some(key) = event.data.get("form_key").and_then(|key| key.as_str()) else {
        return Ok(());
    };
    diesel::update(deflections::table)
        .filter(deflections::form_key.eq(key))
        .filter(deflections::ticket_id.is_null())
        .set(deflections::ticket_id.eq(event.stream_id))
        .execute(tx.conn)
        .map(drop)
}

/// The articles that were opened from the form of a ticket. A withdrawn one has no page any more.
///
/// # Errors
/// When the database refuses.
pub(super) fn list_read_before(conn: &mut Conn, ticket: i64) -> QueryResult<Vec<Reading>> {
    let rows: Vec<(ArticleSummary, Timestamp)> = deflections::table
        .inner_join(articles::table)
        .filter(deflections::ticket_id.eq(ticket))
        .filter(articles::withdrawn_at.is_null())
        .order((deflections::opened_at.asc(), deflections::id.asc()))
        .limit(READ_BEFORE)
        .select((ArticleSummary::as_select(), deflections::opened_at))
        .load(conn)?;
    let readings = rows.into_iter().map(|(article, opened_at)| Reading {
        href: article.href(),
        title: article.title,
        opened_at,
    });
    Ok(readings.collect())
}

/// How many forms begun since an instant were answered by an article: settled, or left alone
/// for half an hour, without a request.
///
/// # Errors
/// When the database refuses.
pub fn count_deflections(conn: &mut Conn, since: Timestamp, now: Timestamp) -> QueryResult<i64> {
    use diesel::expression_methods::AggregateExpressionMethods as _;
    deflections::table
        .filter(deflections::opened_at.ge(since))
        .filter(deflections::ticket_id.is_null())
        .filter(
            deflections::settled_at
                .is_not_null()
                .or(deflections::opened_at.le(now - PATIENCE)),
        )
        .select(diesel::dsl::count(deflections::form_key).aggregate_distinct())
        .first(conn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_forms() {
        assert!(FormKey::parse("aZ0-_").is_some());
        for bad in ["", "a b", "é", "a'b", &"a".repeat(65)] {
            assert!(FormKey::parse(bad).is_none(), "{bad}");
        }
    }
}
