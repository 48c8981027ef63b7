//! The statements that a program runs, as its database sees them.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard, Once, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use guichet::platform::db::DatabaseUrl;

use super::TestApp;

/// Statements run so far, by address of the database: each test has its own.
static LOG: LazyLock<Mutex<HashMap<String, Vec<String>>>> = LazyLock::new(Mutex::default);
static INSTALLED: Once = Once::new();

fn log() -> MutexGuard<'static, HashMap<String, Vec<String>>> {
    LOG.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes the statements of one connection.
#[derive(Default)]
struct Notes {
    url: String,
}

impl Instrumentation for Notes {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => {
                url.clone_into(&mut self.url);
            }
            InstrumentationEvent::StartQuery { query, .. } => {
                let text = query.to_string();
                let statement = text.split(" -- binds:").next().unwrap_or_default();
                log()
                    .entry(self.url.clone())
                    .or_default()
                    .push(statement.to_owned());
            }
            _ => {}
        }
    }
}

/// From here on statements are noted, for programs that are opened afterwards.
pub fn note_statements() {
    INSTALLED.call_once(|| {
        set_default_instrumentation(|| Some(Box::<Notes>::default())).expect("it can be set");
    });
}

/// What a program has run since the last look, in order, without its values.
pub fn statements(app: &TestApp) -> Vec<String> {
    let url = match &app.site.settings.database_url {
        DatabaseUrl::Sqlite(path) => path.display().to_string(),
        DatabaseUrl::Postgres(url) => url.clone(),
    };
    log().remove(&url).unwrap_or_default()
}

/// The same without what sets a new connection up: the pool opens them when it likes.
pub fn queries(app: &TestApp) -> Vec<String> {
    const VERBS: [&str; 5] = ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE"];
    let mut all = statements(app);
    all.retain(|statement| VERBS.iter().any(|verb| statement.starts_with(verb)));
    all
}
