//! Service levels: business calendars, what is promised to whom, and the clocks of that.
//!
//! Invariants:
//! * what one version of a calendar or a policy says never changes, so what was counted by it can be
//!   counted again;
//! * clocks are derived from a ticket's history ([`clock::statement`]) and stored nowhere: what lists
//!   sort by is a projection, written in the transaction of the event that changes it
//!   ([`ticket::refresh`]), and `guichet ticket replay` compares the two;
//! * what customers were told is a ledger ([`promises`]): lines that are made and settled, and never
//!   rewritten;
//! * the hours that customers see are those of a calendar: the company's settings hold a copy of
//!   them ([`calendars::commands`]), written in the transaction that changes the calendar.

mod audited;
pub mod calendar;
pub mod calendars;
pub mod clock;
mod deed;
pub mod impact;
pub mod policies;
pub mod policy;
pub mod promises;
pub mod ticket;

use diesel::QueryResult;
use rocket::Route;

use crate::config::Settings;
use crate::platform::db::{Actor, Conn, Database};
use crate::platform::slice::Slice;
use crate::platform::web::parts::Parts;
use crate::platform::web::shell::{Rail, RailViewer};
use crate::platform::web::view::Sample;

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice {
        routes,
        reactions: &[ticket::refresh::react],
        audited: audited::AUDITED,
        schedules: &[ticket::recount::RECOUNT, promises::watch::WATCH],
        promises: Some(promises::shown),
        open: Some(open),
        rail: Some(rail),
        samples,
        ..Slice::named("sla")
    }
}

fn routes() -> Vec<Route> {
    [
        calendars::routes(),
        policies::routes(),
        promises::routes(),
        ticket::routes(),
    ]
    .concat()
}

fn rail(conn: &mut Conn, parts: &Parts, viewer: &RailViewer, rail: &mut Rail) -> QueryResult<()> {
    policies::rail(conn, parts, viewer, rail)?;
    promises::rail(conn, parts, viewer, rail)?;
    calendars::rail(conn, parts, viewer, rail)
}

fn samples() -> Vec<Sample> {
    let mut all = calendars::samples();
    all.extend(policies::samples());
    all.extend(promises::samples());
    all.extend(ticket::samples());
    all.extend(impact::confirm::samples());
    all
}

/// There is always a calendar; until a manager changes it, it has the hours of the file.
fn open(settings: &Settings, db: &Database, _: &mut Parts) -> Result<(), String> {
    let given = settings.company.clone();
    let ensured = db.write_blocking(Actor::System, move |tx| {
        calendars::commands::ensure_calendar(tx, &given)
    });
    match ensured {
        Ok(()) => Ok(()),
        // Another node, starting at the same moment, has done the same.
        Err(calendars::CalendarError::NameTaken | calendars::CalendarError::Overtaken) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}
