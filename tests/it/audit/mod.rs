//! The audit as managers read it, and what holds it.

mod append_only;
mod export;
mod plans;
mod reading;
mod refusals;

use guichet::accounts::Person;
use guichet::audit::queries::{Entry, Filter, page_of_entries};
use guichet::platform::db::PageRequest;

use crate::requests::portal::Portal;

/// Everything that a filter finds, up to a thousand.
fn found(portal: &Portal, filter: &Filter) -> Vec<Entry> {
    let request = PageRequest::parse(1000, None, None);
    portal
        .app
        .read(|conn| page_of_entries(conn, filter, &request))
        .rows
}

/// The kinds of what somebody did, oldest first.
fn deeds(portal: &Portal, who: &Person) -> Vec<String> {
    let filter = Filter {
        actor: Some(who.id.0),
        ..Filter::default()
    };
    let mut kinds: Vec<String> = found(portal, &filter)
        .into_iter()
        .map(|entry| entry.event.kind)
        .collect();
    kinds.reverse();
    kinds
}
