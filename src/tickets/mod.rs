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
pub mod desk;
pub mod desk_pages;
pub mod events;
pub mod files;
pub mod index;
pub mod model;
pub mod pages;
// pub mod portal;
pub mod queries;
pub mod search;
mod store;
pub mod uploads;

pub use model::{
    AuthorKind, Channel, MessageId, Priority, Reason, Stage, Status, Tag, Ticket, TicketId,
    Visibility,
};
pub use queries::Scope;
pub use store::{INDEX, history, read, replay, tags_of};

use crate::platform::slice::Slice;

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    let mut slice = Slice::named("tickets");
    slice.routes = desk::routes;
    slice.rail = Some(desk::rail);
    slice.open = Some(index::open);
    slice.schedules = &[index::SCHEDULE];
    slice.samples = desk_pages::all_samples;
    slice
}
