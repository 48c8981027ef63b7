//! Requests, from being filed to being confirmed.
//!
//! Invariants:
//! * the history is the truth: [`Ticket`] is the fold of its events ([`events::apply`]), and
//!   nothing else changes the stored row;
//! * what a customer may see is a [`Scope`] that every customer query takes;
//! * internal notes never reach a customer: their queries ask for public messages only.
//!
//! It deliberately does not know articles, mails or the desk's navigation.

pub mod commands;
pub mod conditions;
pub mod counts;
pub mod desk;
pub mod desk_pages;
pub mod drafting;
pub mod due;
pub mod events;
pub mod files;
pub mod index;
mod limits;
pub mod model;
mod own;
pub mod pages;
pub mod portal;
pub mod queries;
mod scrub;
pub mod search;
mod store;
pub mod uploads;
mod window;

pub use model::{
    AuthorKind, Channel, MessageId, Priority, Reason, Stage, Status, Tag, Ticket, TicketId,
    Visibility,
};
pub use queries::Scope;
pub use store::{INDEX, history, history_of, hold, read, replay, tags_of};

use std::time::Duration;

use rocket::Route;

use crate::config::Settings;
use crate::platform::db::{Actor, Database, StorageError};
use crate::platform::schedule::Schedule;
use crate::platform::slice::Slice;
use crate::platform::web::parts::Parts;
use crate::platform::web::view::Sample;

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice {
        routes,
        reactions: &[index::follow_names],
        open: Some(open),
        schedules: &[index::SCHEDULE, CONFIRM, scrub::SCHEDULE],
        contents: Some(scrub::list_contents),
        rail: Some(desk::rail),
        take_up: Some(drafting::take_up),
        vitals: Some(index::tell_vitals),
        samples,
        ..Slice::named("tickets")
    }
}

fn routes() -> Vec<Route> {
    [portal::routes(), desk::routes(), drafting::routes()].concat()
}

fn open(settings: &Settings, db: &Database, parts: &mut Parts) -> Result<(), String> {
    parts.insert(counts::TicketCounts::default());
    index::open(settings, db, parts)?;
    scrub::open(settings, db, parts)
}

fn samples() -> Vec<Sample> {
    let mut samples = pages::samples();
    samples.extend(desk_pages::samples());
    samples
}

/// Requests that nobody contradicted count as confirmed after some days.
const CONFIRM: Schedule = Schedule {
    name: "confirm resolved tickets",
    every: Duration::from_secs(60),
    run: |site| {
        let days = site.company.get().confirm_after_days;
        site.db
            .write_blocking(Actor::System, move |tx| {
                tx.set_origin("schedule");
                commands::confirm_overdue(tx, days).map(drop)
            })
            .map_err(|error: commands::TicketError| StorageError::Other(error.to_string()))
    },
    at_end: false,
};
