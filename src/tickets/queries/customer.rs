//! What a customer may see.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::{Backend, Filter};
use crate::accounts::PersonId;
use crate::platform::db::{Conn, Cursor, Direction, KeysetPage, PageRequest};
use crate::schema::tickets;
use crate::tickets::model::{Stage, Status, Ticket, TicketId, is_reference};

/// The tickets that somebody may see on the portal. Every customer query takes one, so that
/// forgetting it does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The requests that a person filed.
    Requester(PersonId),
    /// The one ticket that a link from a mail leads to.
    Link(TicketId),
}

impl Scope {
    fn filter(self) -> Filter {
        match self {
            Self::Requester(person) => Box::new(tickets::requester_id.eq(person)),
            Self::Link(ticket) => Box::new(tickets::id.eq(ticket)),
        }
    }
}

/// The ticket with a reference, if it is within the scope.
///
/// # Errors
/// When the database refuses.
pub fn find_ticket(conn: &mut Conn, scope: Scope, reference: &str) -> QueryResult<Option<Ticket>> {
    if !is_reference(reference) {
        return Ok(None);
    }
    tickets::table
        .filter(tickets::reference.eq(reference))
        .filter(scope.filter())
        .select(Ticket::as_select())
        .first(conn)
        .optional()
}

/// The reference, if a ticket has it that somebody else filed. Within no scope: for the audit, of who
/// asked for it.
///
/// # Errors
/// When the database refuses.
pub fn find_foreign(
    conn: &mut Conn,
    person: PersonId,
    reference: &str,
) -> QueryResult<Option<String>> {
    if !is_reference(reference) {
        return Ok(None);
    }
    tickets::table
        .filter(tickets::reference.eq(reference))
        .filter(tickets::requester_id.ne(person))
        .select(tickets::reference)
        .first(conn)
        .optional()
}

/// The first ticket within a scope: the one that a link opens.
///
/// # Errors
/// When the database refuses.
pub fn find_by_scope(conn: &mut Conn, scope: Scope) -> QueryResult<Option<Ticket>> {
    tickets::table
        .filter(scope.filter())
        .select(Ticket::as_select())
        .first(conn)
        .optional()
}

/// A page of requests by activity, newest first; of one stage if given, or of those that a
/// search found.
///
/// # Errors
/// When the database refuses.
pub fn page_of_requests(
    conn: &mut Conn,
    scope: Scope,
    stage: Option<Stage>,
    found: Option<&[i64]>,
    page: &PageRequest,
) -> QueryResult<KeysetPage<Ticket>> {
    let mut query = tickets::table
        .filter(scope.filter())
        .select(Ticket::as_select())
        .limit(page.limit())
        .into_boxed::<Backend>();
    if let Some(stage) = stage {
        query = query.filter(tickets::status.eq_any(stage.statuses()));
    }
    if let Some(ids) = found {
        query = query.filter(tickets::id.eq_any(ids.iter().copied().map(TicketId)));
    }
    query = match page.from {
        Some((Direction::Before, at)) => query
            .filter(
                tickets::updated_at.ge(at.instant()).and(
                    tickets::updated_at
                        .gt(at.instant())
                        .or(tickets::id.gt(TicketId(at.id))),
                ),
            )
            .order((tickets::updated_at.asc(), tickets::id.asc())),
        Some((Direction::After, at)) => query
            .filter(
                tickets::updated_at.le(at.instant()).and(
                    tickets::updated_at
                        .lt(at.instant())
                        .or(tickets::id.lt(TicketId(at.id))),
                ),
            )
            .order((tickets::updated_at.desc(), tickets::id.desc())),
        None => query.order((tickets::updated_at.desc(), tickets::id.desc())),
    };
    let rows = query.load(conn)?;
    Ok(KeysetPage::build(page, rows, |ticket: &Ticket| {
        Cursor::at(ticket.updated_at, ticket.id.0)
    }))
}

/// How many requests stand at each stage.
///
/// # Errors
/// When the database refuses.
pub fn count_by_stage(conn: &mut Conn, scope: Scope) -> QueryResult<Vec<(Stage, i64)>> {
    let counts: Vec<(Status, i64)> = tickets::table
        .filter(scope.filter())
        .group_by(tickets::status)
        .select((tickets::status, count_star()))
        .load(conn)?;
    Ok(Stage::ALL
        .iter()
        .map(|&stage| {
            let of_stage = counts.iter().filter(|(status, _)| status.stage() == stage);
            (stage, of_stage.map(|(_, count)| count).sum())
        })
        .collect())
}

/// The requests that concern their requester most: waiting for them, then resolved, then the
/// others that are open.
///
/// # Errors
/// When the database refuses.
pub fn latest_open(conn: &mut Conn, scope: Scope, limit: usize) -> QueryResult<Vec<Ticket>> {
    let mut rows: Vec<Ticket> = tickets::table
        .filter(scope.filter())
        .filter(tickets::status.ne(Status::Closed))
        .order((tickets::updated_at.desc(), tickets::id.desc()))
        .limit(30)
        .select(Ticket::as_select())
        .load(conn)?;
    rows.sort_by_key(|ticket| match ticket.stage() {
        Stage::Waiting => 0,
        Stage::Resolved => 1,
        Stage::Progress | Stage::Logged => 2,
        Stage::Confirmed => 3,
    });
    rows.truncate(limit);
    Ok(rows)
}
