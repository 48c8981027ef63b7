//! What a change of a policy or a calendar would do to open tickets: the due times of before and
//! after, before it is saved. By the same functions that count when it is.

pub(super) mod confirm;
pub mod pages;

use diesel::prelude::*;

use crate::platform::db::{Conn, Timestamp};
use crate::schema::tickets;
use crate::sla::calendar::Calendar;
use crate::sla::calendars::CalendarId;
use crate::sla::clock::statements;
use crate::sla::policies::model::PolicyRow;
use crate::sla::policy::{Policy, PolicyId};
use crate::sla::ticket::Books;
use crate::sla::ticket::choice::find_choice;
use crate::sla::ticket::refresh::{Read, next};
use crate::tickets::conditions::Facts;
use crate::tickets::due::{Due, DueNext};
use crate::tickets::{Ticket, TicketId};

/// Open tickets that are looked at: those due first.
pub const MOST: i64 = 200;

/// What somebody wants to change.
#[derive(Clone, Debug)]
pub enum Change {
    /// A calendar says something else.
    Calendar(CalendarId, Calendar),
    /// A policy says something else, or is new.
    Policy(Box<PolicyRow>, Policy),
    /// The policies in use come in another order.
    Order(Vec<PolicyId>),
    /// A policy is given up, or taken back.
    Archive(PolicyId, bool),
}

/// What a change would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Open tickets that were looked at.
    pub looked_at: usize,
    /// Whether there are more.
    pub more: bool,
    /// Those whose due time would be another one, the most pressing first.
    pub moved: Vec<Moved>,
}

/// A ticket whose due time would be another one.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// The ticket.
    pub ticket: Ticket,
    /// What is due now.
    pub old: DueNext,
    /// What would be due.
    pub new: DueNext,
}

/// Looks at open tickets with and without a change.
///
/// # Errors
/// When the database refuses.
pub fn outcome(conn: &mut Conn, change: Change, now: Timestamp) -> QueryResult<Outcome> {
    let mut books = Books::load(conn)?;
    match change {
        Change::Calendar(id, content) => books.replace_calendar(id, content),
        Change::Policy(row, content) => books.replace_policy(conn, *row, content)?,
        Change::Order(order) => books.reorder(&order),
        Change::Archive(id, archived) => books.archive(id, archived.then_some(now)),
    }
    let rows: Vec<(TicketId, Due)> = tickets::table
        .filter(tickets::open.eq(true))
        .order((tickets::due_order.asc(), tickets::id.asc()))
        .limit(MOST + 1)
        .select((tickets::id, Due::as_select()))
        .load(conn)?;
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    let mut outcome = Outcome {
        looked_at: rows.len().min(most),
        more: rows.len() > most,
        moved: Vec::new(),
    };
    if books.is_empty() {
        return Ok(outcome);
    }
    for (id, due) in rows.into_iter().take(most) {
        let Some(read) = Read::load(conn, id)? else {
            continue;
        };
        let new = due_by(conn, &mut books, &read, now)?;
        let old = due.next();
        if new != old {
            outcome.moved.push(Moved {
                ticket: read.state.ticket,
                old,
                new,
            });
        }
    }
    Ok(outcome)
}

/// What would be due next on a ticket.
fn due_by(conn: &mut Conn, books: &mut Books, read: &Read, now: Timestamp) -> QueryResult<DueNext> {
    let before = find_choice(conn, read.state.ticket.id)?.unwrap_or_default();
    let policy = match before.choice.filter(|_| before.by_hand) {
        Some(choice) => Some(choice.policy),
        None => books.choose(&Facts::from(&read.state)).0,
    };
    let Some(choice) = policy.and_then(|policy| books.current(policy)) else {
        return Ok(DueNext::Nothing);
    };
    let basis = books.basis(conn, choice)?;
    let counted = statements(&read.story, &basis.policy, &basis.calendar, now);
    // As it is kept: to the second where a clock stands still.
    Ok(Due::new(next(&counted)).next())
}
