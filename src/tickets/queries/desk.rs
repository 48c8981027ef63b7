//! What agents see: sorted keyset pages, counts.

use diesel::dsl::count_star;
use diesel::dsl::max;
use diesel::prelude::*;

use super::filter::{DeskFilter, begins_with};
use super::{Backend, Filter};
use crate::accounts::PersonId;
use crate::platform::db::{Conn, Cursor, Direction, KeysetPage, PageRequest};
use crate::schema::tickets;
use crate::tickets::due::Due;
use crate::tickets::model::{Stage, Status, Ticket, TicketId, is_reference};
use crate::tickets::search::TicketScope;

crate::text_enum! {
    /// The order of a list.
    Sort {
        /// Latest activity first.
        Activity = "activity",
        /// Newest first.
        Created = "created",
        /// Most urgent first.
        Priority = "priority",
        /// What is due first, first; what stands still and what is not due come last.
        Due = "due",
    }
}

/// A ticket of a list, with what is due on it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = tickets)]
pub struct ListedTicket {
    /// The ticket.
    #[diesel(embed)]
    pub ticket: Ticket,
    /// What is due on it next.
    #[diesel(embed)]
    pub due: Due,
}

/// A ticket, with what is due on it.
///
/// # Errors
/// `NotFound`, or when the database refuses.
pub fn get_listed(conn: &mut Conn, id: TicketId) -> QueryResult<ListedTicket> {
    tickets::table
        .find(id)
        .select(ListedTicket::as_select())
        .first(conn)
}

impl Sort {
    /// The place of a ticket in a list of this order.
    #[must_use]
    pub fn cursor(self, ticket: &Ticket, due: &Due) -> Cursor {
        match self {
            Self::Due => Cursor::at(due.order(), ticket.id.0),
            Self::Activity => Cursor::at(ticket.updated_at, ticket.id.0),
            Self::Created => Cursor::at(ticket.created_at, ticket.id.0),
            Self::Priority => Cursor {
                sort: i64::from(ticket.priority_rank),
                id: ticket.id.0,
            },
        }
    }
}

/// How many tickets stand at a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageCount {
    /// The stage.
    pub stage: Stage,
    /// How many; confirmed ones of the last seven days only.
    pub count: i64,
    /// Of these, how many have no assignee.
    pub unassigned: i64,
}

/// Of all tickets, so many of the latest are looked through without an index: each costs two
/// comparisons, and a million would keep a connection busy for seconds, for every word that is typed.
pub const LOOKED_THROUGH: i64 = 20_000;

/// The tickets whose reference or subject begins with a text, latest activity first: what is
/// left of search when there is no index. Of a requester's, all; of everybody's, those among the
/// 20,000 filed last, and an older one by its whole reference.
///
/// # Errors
/// When the database refuses.
pub fn list_beginning_with(
    conn: &mut Conn,
    text: &str,
    scope: TicketScope,
    limit: i64,
) -> QueryResult<Vec<Ticket>> {
    let whose: Filter = match scope {
        TicketScope::Agent => {
            let Some(newest) = newest_id(conn)? else {
                return Ok(Vec::new());
            };
            let oldest = TicketId(newest.0.saturating_sub(LOOKED_THROUGH) + 1);
            Box::new(tickets::id.between(oldest, newest))
        }
        TicketScope::Requester(person) => Box::new(tickets::requester_id.eq(PersonId(person))),
    };
    let mut found: Vec<Ticket> = tickets::table
        .filter(whose)
        .filter(begins_with(text))
        .order((tickets::updated_at.desc(), tickets::id.desc()))
        .limit(limit)
        .select(Ticket::as_select())
        .load(conn)?;
    if found.is_empty() && scope == TicketScope::Agent {
        found.extend(find_for_desk(conn, &text.to_uppercase())?);
    }
    Ok(found)
}

/// Whether any ticket was ever filed.
///
/// # Errors
/// When the database refuses.
pub fn has_tickets(conn: &mut Conn) -> QueryResult<bool> {
    let first: Option<TicketId> = tickets::table.select(tickets::id).first(conn).optional()?;
    Ok(first.is_some())
}

/// A page of tickets.
///
/// # Errors
/// When the database refuses.
pub fn page_of_tickets(
    conn: &mut Conn,
    filter: &DeskFilter,
    sort: Sort,
    page: &PageRequest,
) -> QueryResult<KeysetPage<ListedTicket>> {
    let mut query = tickets::table
        .filter(filter.attributes())
        .filter(filter.standing())
        .select(ListedTicket::as_select())
        .limit(page.limit())
        .into_boxed::<Backend>();
    if let Some((direction, at)) = page.from {
        query = query.filter(beyond(sort, direction, at));
    }
    query = match (sort, page.backwards()) {
        (Sort::Activity, false) => query.order((tickets::updated_at.desc(), tickets::id.desc())),
        (Sort::Activity, true) => query.order((tickets::updated_at.asc(), tickets::id.asc())),
        (Sort::Created, false) => query.order((tickets::created_at.desc(), tickets::id.desc())),
        (Sort::Created, true) => query.order((tickets::created_at.asc(), tickets::id.asc())),
        (Sort::Priority, false) => query.order((tickets::priority_rank.asc(), tickets::id.asc())),
        (Sort::Priority, true) => query.order((tickets::priority_rank.desc(), tickets::id.desc())),
        (Sort::Due, false) => query.order((tickets::due_order.asc(), tickets::id.asc())),
        (Sort::Due, true) => query.order((tickets::due_order.desc(), tickets::id.desc())),
    };
    let rows = query.load(conn)?;
    Ok(KeysetPage::build(page, rows, |row: &ListedTicket| {
        sort.cursor(&row.ticket, &row.due)
    }))
}

/// Rows beyond a cursor in a direction. The first condition is what an index can be entered by:
/// engines do not see it through the "or".
fn beyond(sort: Sort, direction: Direction, at: Cursor) -> Filter {
    let (instant, id) = (at.instant(), TicketId(at.id));
    let rank = i32::try_from(at.sort).unwrap_or_default();
    macro_rules! past {
        ($column:expr, $value:expr, $beyond:ident, $at_least:ident) => {
            Box::new(
                $column
                    .$at_least($value)
                    .and($column.$beyond($value).or(tickets::id.$beyond(id))),
            )
        };
    }
    match (sort, direction) {
        (Sort::Activity, Direction::After) => past!(tickets::updated_at, instant, lt, le),
        (Sort::Activity, Direction::Before) => past!(tickets::updated_at, instant, gt, ge),
        (Sort::Created, Direction::After) => past!(tickets::created_at, instant, lt, le),
        (Sort::Created, Direction::Before) => past!(tickets::created_at, instant, gt, ge),
        (Sort::Priority, Direction::After) => past!(tickets::priority_rank, rank, gt, ge),
        (Sort::Priority, Direction::Before) => past!(tickets::priority_rank, rank, lt, le),
        (Sort::Due, Direction::After) => past!(tickets::due_order, instant, gt, ge),
        (Sort::Due, Direction::Before) => past!(tickets::due_order, instant, lt, le),
    }
}

/// How many tickets of a list stand at each stage, whatever stage it shows.
///
/// # Errors
/// When the database refuses.
pub fn count_stages(conn: &mut Conn, filter: &DeskFilter) -> QueryResult<Vec<StageCount>> {
    let of = |stage| DeskFilter {
        stage: Some(stage),
        status: None,
        ..filter.clone()
    };
    let rows: Vec<(Status, Option<PersonId>, i64)> = tickets::table
        .filter(filter.attributes())
        .filter(
            tickets::open
                .eq(true)
                .or(of(Stage::Resolved).standing())
                .or(of(Stage::Confirmed).standing()),
        )
        .group_by((tickets::status, tickets::assignee_id))
        .select((tickets::status, tickets::assignee_id, count_star()))
        .load(conn)?;
    let stages = Stage::ALL.iter().map(|&stage| {
        let rows = rows.iter().filter(|(status, ..)| status.stage() == stage);
        let (mut count, mut unassigned) = (0, 0);
        for (_, assignee, tickets) in rows {
            count += tickets;
            unassigned += if assignee.is_none() { *tickets } else { 0 };
        }
        StageCount {
            stage,
            count,
            unassigned,
        }
    });
    Ok(stages.collect())
}

/// The ticket with a reference, for an agent.
///
/// # Errors
/// When the database refuses.
pub fn find_for_desk(conn: &mut Conn, reference: &str) -> QueryResult<Option<Ticket>> {
    if !is_reference(reference) {
        return Ok(None);
    }
    tickets::table
        .filter(tickets::reference.eq(reference))
        .select(Ticket::as_select())
        .first(conn)
        .optional()
}

/// One ticket, for the program itself.
///
/// # Errors
/// `NotFound`, or when the database refuses.
pub fn get_ticket(conn: &mut Conn, id: TicketId) -> QueryResult<Ticket> {
    tickets::table
        .find(id)
        .select(Ticket::as_select())
        .first(conn)
}

/// The highest key of all tickets.
///
/// # Errors
/// When the database refuses.
pub fn newest_id(conn: &mut Conn) -> QueryResult<Option<TicketId>> {
    tickets::table.select(max(tickets::id)).first(conn)
}

/// Tickets that come after one by key: all of them, a batch at a time.
///
/// # Errors
/// When the database refuses.
pub fn list_after(conn: &mut Conn, after: TicketId, limit: i64) -> QueryResult<Vec<Ticket>> {
    tickets::table
        .filter(tickets::id.gt(after))
        .order(tickets::id.asc())
        .limit(limit)
        .select(Ticket::as_select())
        .load(conn)
}

/// The keys of all tickets of a requester.
///
/// # Errors
/// When the database refuses.
pub fn list_ids_of(conn: &mut Conn, requester: PersonId) -> QueryResult<Vec<TicketId>> {
    tickets::table
        .filter(tickets::requester_id.eq(requester))
        .order(tickets::id.asc())
        .select(tickets::id)
        .load(conn)
}

/// Tickets by key, in the order of the keys: what a search found.
///
/// # Errors
/// When the database refuses.
pub fn list_by_ids(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Ticket>> {
    let mut rows: Vec<Ticket> = tickets::table
        .filter(tickets::id.eq_any(ids.iter().copied().map(TicketId)))
        .select(Ticket::as_select())
        .load(conn)?;
    rows.sort_by_key(|ticket| ids.iter().position(|id| *id == ticket.id.0));
    Ok(rows)
}

/// Other requests of the same requester, newest first.
///
/// # Errors
/// When the database refuses.
pub fn other_requests(conn: &mut Conn, ticket: &Ticket, limit: i64) -> QueryResult<Vec<Ticket>> {
    tickets::table
        .filter(tickets::requester_id.eq(ticket.requester_id))
        .filter(tickets::id.ne(ticket.id))
        .order((tickets::updated_at.desc(), tickets::id.desc()))
        .limit(limit)
        .select(Ticket::as_select())
        .load(conn)
}
