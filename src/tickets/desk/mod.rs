//! The agents' side: lists, one request, its properties, replies and notes.
//!
//! Handlers find out what is asked, one closure reads it from the database, and the `_view`
//! modules turn rows into what the pages print. Every list looks up names in batches: the
//! number of statements does not depend on the number of rows.

mod choices;
mod conflict;
mod directory;
mod due_view;
mod files;
mod history;
mod labels;
mod links;
mod messages;
mod narrate;
mod new;
mod properties;
mod queue;
pub mod queue_address;
mod queue_view;
mod rail;
mod reader;
mod search;
mod thread_view;
mod ticket;
mod ticket_view;

pub(crate) use directory::Directory;
pub use rail::rail;

use rocket::{Route, routes};

/// Rows of a list on a page.
const PAGE: i64 = 50;

/// Characters of a message, at most.
const MAX_BODY: usize = 20_000;

/// The section of the navigation for pages that are in no list.
pub const SECTION: &str = "desk";

/// The routes of the desk.
#[must_use]
pub fn routes() -> Vec<Route> {
    routes![
        queue::home,
        queue::view,
        queue::team,
        ticket::show,
        properties::change,
        messages::write,
        history::show,
        search::show,
        new::form,
        new::file,
        files::fetch,
        links::end,
    ]
}
