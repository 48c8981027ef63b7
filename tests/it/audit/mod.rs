//! The audit as managers read it, and what holds it.

mod append_only;
mod export;
mod foreign;
mod forged;
mod plans;
mod reading;
mod refusals;

use guichet::accounts::Person;
use guichet::audit::queries::{Entry, Filter, page_of_entries};
use guichet::platform::db::PageRequest;
use guichet::platform::events::Area;

use crate::requests::portal::Portal;

/// Everything that a filter finds, up to a thousand.
fn found(portal: &Portal, filter: &Filter) -> Vec<Entry> {
    let request = PageRequest::parse(1000, None, None);
    portal
        .app
        .read(|conn| page_of_entries(conn, filter, &request))
        .rows
}

/// Everything that was refused, newest first, what waited to be written down among it.
fn denials(portal: &Portal) -> Vec<Entry> {
    portal.run("denials");
    let filter = Filter {
        area: Some(Area::Denial),
        ..Filter::default()
    };
    found(portal, &filter)
}

/// A text in what an event holds; nothing where it has none.
fn text(entry: &Entry, name: &str) -> String {
    let value = entry.event.data.get(name);
    value
        .and_then(|value| value.as_str())
        .unwrap_or_default()
        .to_owned()
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
