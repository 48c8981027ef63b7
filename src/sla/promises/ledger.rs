//! The ledger after something happened to a ticket.

use chrono::Duration;
use diesel::QueryResult;

use super::model::{NewPromise, Promise, PromiseReason, PromiseState};
use super::queries::{self, list_promises};
use crate::platform::db::{Timestamp, Tx};
use crate::sla::clock::{State, Statement, Story, instant_of};
use crate::sla::policy::Goal;
use crate::sla::ticket::books::Basis;
use crate::sla::ticket::choice::TicketPolicy;
use crate::tickets::TicketId;

/// What promises are settled by.
pub struct Standing<'a> {
    /// The ticket.
    pub ticket: TicketId,
    /// What happened to it.
    pub story: &'a Story,
    /// What its clocks go by.
    pub chosen: TicketPolicy,
    /// What that says.
    pub basis: Option<&'a Basis>,
    /// The last turn of each clock.
    pub statements: &'a [Statement],
    /// Nothing was ever chosen for it before, so that nothing was promised.
    pub is_first: bool,
}

/// Brings the ledger up to what the clocks say: makes, moves and settles promises. Running it again
/// changes nothing.
///
/// # Errors
/// When the database refuses.
pub fn settle(tx: &mut Tx<'_>, standing: &Standing<'_>) -> QueryResult<()> {
    let all = match standing.is_first {
        true => Vec::new(),
        false => list_promises(tx.conn, standing.ticket)?,
    };
    for &goal in Goal::ALL {
        let open = all
            .iter()
            .rfind(|promise| promise.goal == goal && promise.is_open());
        let statement = standing.statements.iter().find(|s| s.goal == goal);
        let known = |statement: &Statement| {
            let turn = number(statement.turn);
            let over = [PromiseState::Kept, PromiseState::Broken];
            all.iter()
                .any(|p| p.goal == goal && p.turn == turn && over.contains(&p.state))
        };
        let same_turn = match (open, statement) {
            (Some(open), Some(statement)) => open.turn == number(statement.turn),
            _ => true,
        };
        if let Some(open) = open.filter(|_| !same_turn || statement.is_none()) {
            end(tx, standing, open)?;
        }
        let Some(statement) = statement else {
            continue;
        };
        match open.filter(|_| same_turn) {
            Some(open) => follow(tx, standing, statement, open)?,
            // A broken promise of this turn is not made again.
            None if statement.is_settled() || known(statement) => {}
            None => make(tx, standing, statement)?,
        }
    }
    Ok(())
}

pub(super) fn number(turn: usize) -> i64 {
    i64::try_from(turn).unwrap_or(i64::MAX)
}

/// How long before a due time it is looked at: an hour, or a quarter of what was given.
pub(super) fn lead(allowance: Duration) -> Duration {
    (allowance / 4).min(Duration::hours(1))
}

/// When a promise is to be looked at first.
fn watch_of(standing: &Standing<'_>, statement: &Statement, due: Timestamp) -> Timestamp {
    let before = standing.basis.and_then(|basis| {
        let length = statement.allowance.length;
        instant_of(
            statement,
            length - lead(length),
            standing.story,
            &basis.policy,
            &basis.calendar,
        )
    });
    before.unwrap_or(due).min(due)
}

fn new(
    standing: &Standing<'_>,
    statement: &Statement,
    due: Timestamp,
    extended: bool,
) -> Option<NewPromise> {
    Some(NewPromise {
        ticket: standing.ticket,
        goal: statement.goal,
        turn: number(statement.turn),
        due,
        watch: if extended {
            due - lead(statement.allowance.length)
        } else {
            watch_of(standing, statement, due)
        },
        extended,
        choice: standing.chosen.choice?,
    })
}

/// A promise is made while there is time to keep it.
fn make(tx: &mut Tx<'_>, standing: &Standing<'_>, statement: &Statement) -> QueryResult<()> {
    let due = statement.due.filter(|due| *due > tx.now);
    match due.and_then(|due| new(standing, statement, due, false)) {
        Some(new) => queries::insert(tx, new).map(drop),
        None => Ok(()),
    }
}

/// An open promise of a clock that runs, stands still or has ended.
fn follow(
    tx: &mut Tx<'_>,
    standing: &Standing<'_>,
    statement: &Statement,
    open: &Promise,
) -> QueryResult<()> {
    if let Some(ended) = statement.ended {
        return outcome(tx, open, ended);
    }
    if let State::Paused(_) = statement.state {
        return match open.state {
            PromiseState::Made => queries::set_paused(tx, open.id, true),
            _ => Ok(()),
        };
    }
    let due = statement.due.unwrap_or(open.due_at);
    // Who was told a later time is not told an earlier one again.
    let due = if open.extended {
        due.max(open.due_at)
    } else {
        due
    };
    if open.state == PromiseState::Paused {
        queries::set_paused(tx, open.id, false)?;
    }
    // A time that is past cannot be promised: the one that was stays.
    if due == open.due_at || due <= tx.now {
        return Ok(());
    }
    let Some(new) = new(standing, statement, due, open.extended) else {
        return Ok(());
    };
    if open.made_at == tx.now {
        return queries::correct(tx, open.id, new);
    }
    let reason = reason(standing, statement, open);
    let now = tx.now;
    if queries::close(tx, open.id, PromiseState::Moved, Some(reason), now)? {
        queries::insert(tx, new)?;
    }
    Ok(())
}

/// Why the due time is another one.
fn reason(standing: &Standing<'_>, statement: &Statement, open: &Promise) -> PromiseReason {
    let Some(choice) = standing.chosen.choice else {
        return PromiseReason::Policy;
    };
    let before = open.choice();
    if choice.policy != before.policy && standing.chosen.by_hand {
        return PromiseReason::Hand;
    }
    if (choice.policy, choice.policy_version) != (before.policy, before.policy_version) {
        return PromiseReason::Policy;
    }
    if choice != before {
        return PromiseReason::Calendar;
    }
    let now = standing.story.priority_at(open.made_at);
    let then = statement.target;
    let unchanged = standing
        .basis
        .and_then(|basis| basis.policy.target(now, statement.goal))
        == Some(then);
    if unchanged {
        PromiseReason::Waited
    } else {
        PromiseReason::Priority
    }
}

/// A promise whose turn is over, or about which nothing is promised any more.
fn end(tx: &mut Tx<'_>, standing: &Standing<'_>, open: &Promise) -> QueryResult<()> {
    let turn = usize::try_from(open.turn).unwrap_or_default();
    let ended = standing
        .story
        .turn(open.goal, turn)
        .and_then(|turn| turn.ended);
    match ended {
        Some(ended) => outcome(tx, open, ended),
        None => {
            let reason = if standing.chosen.by_hand {
                PromiseReason::Hand
            } else {
                PromiseReason::Policy
            };
            let now = tx.now;
            queries::close(tx, open.id, PromiseState::Moved, Some(reason), now).map(drop)
        }
    }
}

/// Kept or broken.
fn outcome(tx: &mut Tx<'_>, open: &Promise, ended: Timestamp) -> QueryResult<()> {
    let kept = open.state == PromiseState::Paused || ended <= open.due_at;
    let state = if kept {
        PromiseState::Kept
    } else {
        PromiseState::Broken
    };
    queries::close(tx, open.id, state, None, ended).map(drop)
}
