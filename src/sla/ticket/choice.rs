//! Which policy and calendar, in which versions, the clocks of a ticket go by.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::platform::db::{Conn, Tx};
use crate::schema::ticket_policies;
use crate::sla::calendars::CalendarId;
use crate::sla::policy::PolicyId;
use crate::tickets::TicketId;

/// A policy and its calendar, each in a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The policy.
    pub policy: PolicyId,
    /// In which version.
    pub policy_version: i64,
    /// Its calendar.
    pub calendar: CalendarId,
    /// In which version.
    pub calendar_version: i64,
}

/// What was chosen for a ticket last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TicketPolicy {
    /// What its clocks go by; nothing when nothing is promised.
    pub choice: Option<Choice>,
    /// Whether somebody chose it, so that no rule changes it.
    pub by_hand: bool,
}

type Stored = (Option<i64>, i64, Option<i64>, i64, bool);

/// What was chosen for a ticket last; none when nothing ever was.
///
/// # Errors
/// When the database refuses.
pub fn find_choice(conn: &mut Conn, id: TicketId) -> QueryResult<Option<TicketPolicy>> {
    let stored: Option<Stored> = ticket_policies::table
        .find(id.0)
        .select((
            ticket_policies::policy_id,
            ticket_policies::policy_version,
            ticket_policies::calendar_id,
            ticket_policies::calendar_version,
            ticket_policies::by_hand,
        ))
        .first(conn)
        .optional()?;
    let read = |(policy, policy_version, calendar, calendar_version, by_hand)| TicketPolicy {
        choice: Option::zip(policy, calendar).map(|(policy, calendar)| Choice {
            policy: PolicyId(policy),
            policy_version,
            calendar: CalendarId(calendar),
            calendar_version,
        }),
        by_hand,
    };
    Ok(stored.map(read))
}

/// Keeps what was chosen for a ticket.
///
/// # Errors
/// When the database refuses.
pub(super) fn put_choice(
    tx: &mut Tx<'_>,
    id: TicketId,
    chosen: TicketPolicy,
    is_first: bool,
) -> QueryResult<()> {
    let choice = chosen.choice;
    let values = (
        ticket_policies::policy_id.eq(choice.map(|choice| choice.policy.0)),
        ticket_policies::policy_version.eq(choice.map_or(0, |choice| choice.policy_version)),
        ticket_policies::calendar_id.eq(choice.map(|choice| choice.calendar.0)),
        ticket_policies::calendar_version.eq(choice.map_or(0, |choice| choice.calendar_version)),
        ticket_policies::by_hand.eq(chosen.by_hand),
    );
    if is_first {
        diesel::insert_into(ticket_policies::table)
            .values((ticket_policies::ticket_id.eq(id.0), values))
            .execute(tx.conn)?;
    } else {
        diesel::update(ticket_policies::table.find(id.0))
            .set(values)
            .execute(tx.conn)?;
    }
    Ok(())
}
