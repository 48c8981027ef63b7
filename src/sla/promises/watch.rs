//! Looks after promises before their hour, so that no customer waits for what does not come.
//!
//! A promise that is not kept yet when its hour is near is moved, once, to a time that leaves half of
//! what was given again, and the customer is told. When that one is not kept either, they are told
//! that, too, before its hour; it is then broken, and managers see it.

use std::time::Duration as Interval;

use chrono::Duration;
use diesel::QueryResult;

use super::ledger::lead;
use super::model::{NewPromise, Promise, PromiseReason, PromiseState};
use super::queries::{self, list_watched};
use crate::platform::db::{Actor, StorageError, Timestamp, Tx};
use crate::platform::schedule::Schedule;
use crate::sla::calendar::Calendar;
use crate::sla::clock::statement;
use crate::sla::policy::{Allowance, Time};
use crate::sla::ticket::Books;
use crate::sla::ticket::events::{self, SlaEvent};
use crate::sla::ticket::refresh::Read;
use crate::tickets;

/// Promises looked at in one transaction.
const BATCH: i64 = 100;
/// What a new time leaves, at least.
const LEAST: Duration = Duration::hours(1);

/// Looks after promises.
pub const WATCH: Schedule = Schedule {
    name: "watch promises",
    every: Interval::from_secs(30),
    at_end: false,
    run: |site| {
        loop {
            let now = site.db.now();
            let waiting = site
                .db
                .read_blocking(|conn| list_watched(conn, now, 1).map_err(StorageError::from))?;
            if waiting.is_empty() {
                return Ok(());
            }
            site.db.write_blocking(Actor::System, |tx| {
                tx.set_origin("schedule");
                step(tx).map_err(StorageError::from)
            })?;
        }
    },
};

/// The next promises. What is done about a ticket meanwhile waits, or was waited for: a promise is
/// looked at as it stands once its ticket is held. Tickets are held in the order in which everybody
/// does who holds several.
fn step(tx: &mut Tx<'_>) -> QueryResult<()> {
    let mut watched = list_watched(tx.conn, tx.now, BATCH)?;
    watched.sort_by_key(|promise| (promise.ticket_id, promise.id));
    let mut books = Books::load(tx.conn)?;
    for promise in &watched {
        tickets::hold(tx.conn, promise.ticket_id)?;
        let still = queries::find_watched(tx.conn, promise.id, tx.now)?;
        if let Some(promise) = still {
            look(tx, &mut books, &promise)?;
        }
    }
    Ok(())
}

/// Looks after promises as of their own hours, up to an instant: for imports and demonstrations, which
/// tell of a time when nobody watched.
///
/// # Errors
/// When the database refuses.
pub fn catch_up(tx: &mut Tx<'_>, until: Timestamp) -> QueryResult<()> {
    let mut last = Timestamp::from_micros(0);
    while let Some(promise) = list_watched(tx.conn, until, 1)?.pop() {
        let mut books = Books::load(tx.conn)?;
        // In the order of time, as if somebody had watched.
        let at = promise.watch_at.max(promise.made_at).max(last);
        last = at;
        look(&mut tx.replay(at, Actor::System), &mut books, &promise)?;
    }
    Ok(())
}

fn look(tx: &mut Tx<'_>, books: &mut Books, promise: &Promise) -> QueryResult<()> {
    let now = tx.now;
    if promise.due_at <= now {
        return break_it(tx, promise);
    }
    if promise.warned_at.is_some() {
        // It was told before; it is looked at again at its hour.
        return queries::look_again(tx, promise.id, promise.due_at);
    }
    let later = match promise.extended {
        true => None,
        false => later(tx, books, promise)?,
    };
    if !queries::note_warned(tx, promise.id, promise.due_at)? {
        return Ok(());
    }
    if let Some(new) = later {
        let (state, reason) = (PromiseState::Moved, PromiseReason::Late);
        if queries::close(tx, promise.id, state, Some(reason), now)? {
            queries::insert(tx, new)?;
        }
    }
    let event = SlaEvent::PromiseAtRisk {
        goal: promise.goal,
        due: promise.due_at,
        new: later.map(|new| new.due),
    };
    tell(tx, promise, &event)
}

/// The time that takes the place of one that will not be kept.
fn later(tx: &mut Tx<'_>, books: &mut Books, promise: &Promise) -> QueryResult<Option<NewPromise>> {
    let basis = books.basis(tx.conn, promise.choice())?;
    let Some(read) = Read::load(tx.conn, promise.ticket_id)? else {
        return Ok(None);
    };
    let turn = usize::try_from(promise.turn).unwrap_or_default();
    let turn = read.story.turn(promise.goal, turn);
    let counted =
        turn.and_then(|turn| statement(turn, &read.story, &basis.policy, &basis.calendar, tx.now));
    let Some(allowance) = counted.map(|counted| counted.allowance) else {
        return Ok(None);
    };
    let due = extended(promise.due_at, allowance, &basis.calendar);
    Ok(due.map(|due| NewPromise {
        ticket: promise.ticket_id,
        goal: promise.goal,
        turn: promise.turn,
        due,
        watch: due - lead(allowance.length),
        extended: true,
        choice: promise.choice(),
    }))
}

/// Half of what was given again, and an hour at least.
fn extended(due: Timestamp, allowance: Allowance, calendar: &Calendar) -> Option<Timestamp> {
    let more = (allowance.length / 2).max(LEAST);
    match allowance.time {
        Time::Working => calendar.after(due, more),
        Time::Clock => Some(due + more),
    }
}

fn break_it(tx: &mut Tx<'_>, promise: &Promise) -> QueryResult<()> {
    let (due, told) = (promise.due_at, promise.warned_at.is_some());
    if !told {
        queries::note_warned(tx, promise.id, due)?;
    }
    if queries::close(tx, promise.id, PromiseState::Broken, None, due)? {
        let event = SlaEvent::PromiseBroken {
            goal: promise.goal,
            due,
            told,
        };
        tell(tx, promise, &event)?;
    }
    Ok(())
}

fn tell(tx: &mut Tx<'_>, promise: &Promise, event: &SlaEvent) -> QueryResult<()> {
    let facts = serde_json::json!({ "promise": promise.id });
    events::record(tx, promise.ticket_id, event, None, facts)
}
