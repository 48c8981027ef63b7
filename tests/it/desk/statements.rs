//! How many statements a page costs.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use guichet::platform::db::DatabaseUrl;
use guichet::tickets::Visibility;

use super::Desk;
use crate::support::Browser;

/// Statements run so far, by address of the database: each test has its own.
static STATEMENTS: LazyLock<Mutex<HashMap<String, usize>>> = LazyLock::new(Mutex::default);

fn statements() -> MutexGuard<'static, HashMap<String, usize>> {
    STATEMENTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts the statements of one connection.
#[derive(Default)]
struct Counter {
    url: String,
}

impl Instrumentation for Counter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => {
                url.clone_into(&mut self.url);
            }
            InstrumentationEvent::StartQuery { .. } => {
                *statements().entry(self.url.clone()).or_default() += 1;
            }
            _ => {}
        }
    }
}

/// Statements of one request. Connections that the pool opens meanwhile add their own, so the
/// cheapest of several counts.
fn cost(desk: &Desk, browser: &Browser<'_>, path: &str) -> usize {
    let url = match &desk.app.site.settings.database_url {
        DatabaseUrl::Sqlite(path) => path.display().to_string(),
        DatabaseUrl::Postgres(url) => url.clone(),
    };
    let count = || statements().get(&url).copied().unwrap_or(0);
    (0..6)
        .map(|_| {
            let before = count();
            browser.get(path).expect(200);
            count() - before
        })
        .min()
        .expect("there were several requests")
}

#[test]
fn a_list_costs_the_same_however_long_it_is() {
    set_default_instrumentation(|| Some(Box::<Counter>::default())).expect("it can be set");
    let desk = Desk::new();
    let browser = desk.browser(&desk.theo);
    desk.file("Panne 0");
    let one = cost(&desk, &browser, "/desk/views/open");
    for n in 1..40 {
        desk.file(&format!("Panne {n}"));
    }
    let forty = cost(&desk, &browser, "/desk/views/open");
    assert!(one > 0, "the statements are counted");
    assert_eq!(one, forty);
}

#[test]
fn a_request_costs_the_same_however_much_was_written() {
    set_default_instrumentation(|| Some(Box::<Counter>::default())).expect("it can be set");
    let desk = Desk::new();
    let browser = desk.browser(&desk.theo);
    let ticket = desk.file("Coupure totale");
    let path = format!("/desk/tickets/{}", ticket.reference);
    let history = format!("{path}/history");
    let before = (
        cost(&desk, &browser, &path),
        cost(&desk, &browser, &history),
    );
    for n in 0..15 {
        let body = format!("Message {n}");
        desk.write(&desk.amina, ticket.id, &body, Visibility::Public);
        desk.write(&desk.claire, ticket.id, &body, Visibility::Public);
    }
    let after = (
        cost(&desk, &browser, &path),
        cost(&desk, &browser, &history),
    );
    assert_eq!(before, after);
}
