//! What is due next on a ticket, as lists show it and sort by it.
//!
//! It is a projection of the ticket's history, of what was promised and of a calendar, none of which
//! this slice knows: whoever computes it keeps it here, with [`put_due`] and nothing else.

use chrono::Duration;
use diesel::prelude::*;

use super::model::TicketId;
use crate::platform::db::{Conn, Timestamp, Tx};
use crate::schema::tickets;

crate::text_enum! {
    /// What is awaited: each has a clock of its own.
    Goal {
        /// The first answer.
        First = "first",
        /// The answer to what the customer wrote last.
        Next = "next",
        /// The solution.
        Resolution = "resolution",
    }
}

/// 9999-01-02: nothing is due. The default of the column.
const NEVER: i64 = 253_370_851_200_000_000;
/// 9998-01-01: from here on what stands still, by what is left of it.
const PAUSED: i64 = 253_339_228_800_000_000;
/// The longest time left that keeps its place among those: a year.
const MOST_LEFT: i64 = 366 * 24 * 3600;

/// What is due next.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = tickets, treat_none_as_null = true)]
pub struct Due {
    /// What lists sort by.
    due_order: Timestamp,
    due_goal: Option<Goal>,
    due_left: Option<i64>,
}

/// The same, told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueNext {
    /// Nothing.
    Nothing,
    /// Something at an instant, which may be past.
    At(Goal, Timestamp),
    /// A clock stands still with so much left.
    Paused(Goal, Duration),
}

impl Due {
    /// What the lists are told.
    #[must_use]
    pub fn new(next: DueNext) -> Self {
        let (order, goal, left) = match next {
            DueNext::Nothing => (NEVER, None, None),
            // What is due after the year 9997 is due at its end: lists sort it before what stands still.
            DueNext::At(goal, at) => (at.micros().min(PAUSED - 1), Some(goal), None),
            DueNext::Paused(goal, left) => {
                let seconds = left.num_seconds().clamp(0, MOST_LEFT);
                (PAUSED + seconds * 1_000_000, Some(goal), Some(seconds))
            }
        };
        Self {
            due_order: Timestamp::from_micros(order),
            due_goal: goal,
            due_left: left,
        }
    }

    /// What lists sort by: the due time while a clock runs, later than all of those while it stands
    /// still, and last when nothing is due.
    #[must_use]
    pub const fn order(&self) -> Timestamp {
        self.due_order
    }

    /// What is due next.
    #[must_use]
    pub fn next(&self) -> DueNext {
        match (self.due_goal, self.due_left) {
            (None, _) => DueNext::Nothing,
            (Some(goal), None) => DueNext::At(goal, self.due_order),
            (Some(goal), Some(left)) => DueNext::Paused(goal, Duration::seconds(left)),
        }
    }
}

/// What is due next on a ticket.
///
/// # Errors
/// `NotFound`, or when the database refuses.
pub fn get_due(conn: &mut Conn, id: TicketId) -> QueryResult<Due> {
    tickets::table.find(id).select(Due::as_select()).first(conn)
}

/// Keeps what is due next on a ticket, where something else was `before`.
///
/// # Errors
/// When the database refuses.
pub fn put_due(tx: &mut Tx<'_>, id: TicketId, before: &Due, due: &Due) -> QueryResult<()> {
    if before == due {
        return Ok(());
    }
    diesel::update(tickets::table.find(id))
        .set(due)
        .execute(tx.conn)
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_sort_what_runs_before_what_stands_still_before_what_is_not_due() {
        let at = |micros| Timestamp::from_micros(micros);
        let dues = [
            DueNext::At(Goal::First, at(1_000_000)),
            DueNext::At(Goal::Resolution, at(4_102_444_800_000_000)),
            DueNext::Paused(Goal::Resolution, Duration::minutes(5)),
            DueNext::Paused(Goal::First, Duration::days(300)),
            DueNext::Nothing,
        ];
        let orders: Vec<Timestamp> = dues.iter().map(|&due| Due::new(due).order()).collect();
        assert!(orders.is_sorted(), "{orders:?}");
        for due in dues {
            assert_eq!(Due::new(due).next(), due);
        }
        assert_eq!(
            Due::new(DueNext::Nothing).order().rfc3339(),
            "9999-01-02T00:00:00Z"
        );
    }
}
