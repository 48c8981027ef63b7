//! Clocks, derived from what happened and never counted: [`statement`] is a function of a ticket's
//! story, a policy, a calendar and an instant.
//!
//! A clock starts when something becomes due, stands still in the statuses that its policy names,
//! and ends with the answer or the solution. A ticket that comes back starts a new turn of the
//! clock, and so does each new question of the customer.

mod items;
mod story;
#[cfg(test)]
mod tests;

use chrono::Duration;

pub use self::items::{Item, MAX_ITEMS, Why};
pub use self::story::{KINDS, Story, Turn};
use super::calendar::{Calendar, Span};
use super::policy::{Allowance, Goal, Policy, Target, Time};
use crate::platform::db::Timestamp;
use crate::tickets::Status;

/// Where a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It runs, and there is time left.
    Running,
    /// It stands still because of a status; the time left does not shrink.
    Paused(Status),
    /// What was promised was done in time.
    Met,
    /// It is late, or was done late.
    Breached,
}

/// A due time like a bill: what was promised, what counted, what did not and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What is awaited.
    pub goal: Goal,
    /// Which turn of the clock, from 1.
    pub turn: usize,
    /// When it started.
    pub started: Timestamp,
    /// When it ended; nothing while what was promised is not done.
    pub ended: Option<Timestamp>,
    /// What was promised.
    pub target: Target,
    /// What that was when the clock started.
    pub allowance: Allowance,
    /// When it is or was due; nothing while the clock stands still with time left.
    pub due: Option<Timestamp>,
    /// Where it stands.
    pub state: State,
    /// How much has counted so far.
    pub spent: Duration,
    /// How much is left; nothing when it is late.
    pub left: Duration,
}

impl Statement {
    /// Whether what was promised is done.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        self.ended.is_some()
    }
}

/// The statement of one turn of a clock. None when the policy promises nothing about it.
#[must_use]
pub fn statement(
    turn: &Turn,
    story: &Story,
    policy: &Policy,
    calendar: &Calendar,
    now: Timestamp,
) -> Option<Statement> {
    let until = turn.ended.unwrap_or(now);
    let target = policy.target(story.priority_at(until), turn.goal)?;
    let allowance = target.allowance(turn.started, calendar)?;
    let running = running(turn, story, policy);
    let spent = counted(&running, allowance.time, calendar, until);
    let due = due(&running, allowance, calendar);
    let late = due.is_some_and(|due| due < until);
    let status = story.status_at(until);
    let state = match (turn.ended, late) {
        (_, true) => State::Breached,
        (Some(_), false) => State::Met,
        (None, false) if policy.is_paused_in(status) => State::Paused(status),
        (None, false) => State::Running,
    };
    Some(Statement {
        goal: turn.goal,
        turn: turn.number,
        started: turn.started,
        ended: turn.ended,
        target,
        allowance,
        due,
        state,
        spent,
        left: (allowance.length - spent).max(Duration::zero()),
    })
}

/// The statements of the last turn of every clock.
#[must_use]
pub fn statements(
    story: &Story,
    policy: &Policy,
    calendar: &Calendar,
    now: Timestamp,
) -> Vec<Statement> {
    let last = Goal::ALL.iter().filter_map(|&goal| story.last_turn(goal));
    last.filter_map(|turn| statement(turn, story, policy, calendar, now))
        .collect()
}

/// When a statement's clock would have passed a part of its allowance; none while it stands still
/// before that.
#[must_use]
pub fn instant_of(
    statement: &Statement,
    length: Duration,
    story: &Story,
    policy: &Policy,
    calendar: &Calendar,
) -> Option<Timestamp> {
    let turn = story.turn(statement.goal, statement.turn)?;
    let allowance = Allowance {
        length,
        ..statement.allowance
    };
    due(&running(turn, story, policy), allowance, calendar)
}

/// A stretch in which a clock runs; the last one may have no end yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Running {
    from: Timestamp,
    to: Option<Timestamp>,
}

/// The stretches in which a clock runs. What the clock has not reached is taken to go on as it is.
fn running(turn: &Turn, story: &Story, policy: &Policy) -> Vec<Running> {
    let mut stretches = Vec::new();
    let mut since = Some(turn.started).filter(|at| !policy.is_paused_in(story.status_at(*at)));
    for &(at, status) in story.statuses() {
        if at <= turn.started {
            continue;
        }
        match (since, policy.is_paused_in(status)) {
            (Some(from), true) => {
                stretches.push(Running { from, to: Some(at) });
                since = None;
            }
            (None, false) => since = Some(at),
            _ => {}
        }
        if turn.ended.is_some_and(|end| at >= end) {
            break;
        }
    }
    stretches.extend(since.map(|from| Running { from, to: None }));
    stretches
}

/// How much has counted until an instant.
fn counted(running: &[Running], time: Time, calendar: &Calendar, until: Timestamp) -> Duration {
    let lengths = running.iter().map(|stretch| {
        let to = stretch.to.unwrap_or(until).min(until);
        length(time, calendar, stretch.from, to)
    });
    lengths.fold(Duration::zero(), |sum, length| sum + length)
}

fn length(time: Time, calendar: &Calendar, from: Timestamp, to: Timestamp) -> Duration {
    match time {
        Time::Working => calendar.worked(from, to),
        Time::Clock => (to - from).max(Duration::zero()),
    }
}

/// When an allowance is used up; none while the clock stands still with something left, or when
/// no working time ever comes.
fn due(running: &[Running], allowance: Allowance, calendar: &Calendar) -> Option<Timestamp> {
    let mut left = allowance.length;
    for stretch in running {
        let reached = match allowance.time {
            Time::Working => calendar.after(stretch.from, left),
            Time::Clock => Some(stretch.from + left),
        };
        match (reached, stretch.to) {
            (Some(at), None) => return Some(at),
            (Some(at), Some(to)) if at <= to => return Some(at),
            (_, Some(to)) => left -= length(allowance.time, calendar, stretch.from, to),
            (None, None) => return None,
        }
    }
    None
}

/// What a span of time has in common with the running stretches of a clock.
fn running_within(running: &[Running], whole: Span) -> Vec<Span> {
    let spans = running.iter().filter_map(|stretch| {
        let to = stretch.to.unwrap_or(whole.to);
        Span {
            from: stretch.from,
            to,
        }
        .meet(whole)
    });
    spans.collect()
}
