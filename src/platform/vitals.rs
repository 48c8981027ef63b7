//! How the program is: whether it can serve, and the numbers that have to be asked for.
//!
//! Every slice tells its own part ([`Slice::vitals`](super::slice::Slice)). What keeps the program
//! from serving is said in words for an operator; no secret and nobody's data is among them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::db::{Conn, Database, StorageError};
use super::metrics::Gauges;
use super::web::Site;

/// Changes that an index may be behind and still count as caught up: it is a fraction of a second
/// behind whenever something is written.
const BEHIND: i64 = 500;

/// How long the database may take to say something.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long an examination holds.
const FRESH: Duration = Duration::from_secs(1);

/// What was found.
#[derive(Default)]
pub struct Vitals {
    /// Numbers.
    pub gauges: Gauges,
    /// Why the program cannot serve; nothing when it can.
    pub ailments: Vec<String>,
}

/// What a slice tells of itself.
pub type TellVitals = fn(&Site, &mut Conn, &mut Vitals) -> diesel::QueryResult<()>;

impl Vitals {
    /// Tells how far an index has followed the database; `at` is nothing before its first filling.
    pub fn tell_index(&mut self, name: &'static str, at: Option<i64>, revision: i64) {
        let behind = revision - at.unwrap_or(0);
        self.gauges.tell(
            "guichet_search_index_lag",
            "Changes that a search index has not taken up yet",
            &[("index", name)],
            behind.max(0),
        );
        if at.is_none() {
            self.ailments
                .push(format!("search: the index of {name} is being made"));
        } else if behind > BEHIND {
            self.ailments.push(format!(
                "search: the index of {name} is {behind} changes behind"
            ));
        }
    }
}

/// Asks everybody. Blocking.
#[must_use]
pub fn examine(site: &Site) -> Vitals {
    let mut vitals = Vitals::default();
    if site.db.has_halted() {
        vitals.ailments.push(
            "disk: a write failed; nothing is written until the program is started again"
                .to_owned(),
        );
    }
    let asked = site.db.read_blocking(|conn| ask(site, conn, &mut vitals));
    if let Err(error) = asked {
        tracing::warn!(%error, "the database does not answer");
        vitals
            .ailments
            .push("database: it does not answer".to_owned());
    }
    vitals
}

/// What the last examination found, and when.
#[derive(Default)]
pub struct Examined(Mutex<Option<(Instant, Vec<String>)>>);

/// As [`examine`], off the async threads, and no longer than anybody waits. Anybody may ask, so
/// that however many do, one examination serves them all for a second.
pub async fn ailments(site: Arc<Site>) -> Vec<String> {
    let mut last = site.examined.0.lock().await;
    if let Some((at, ailments)) = &*last
        && at.elapsed() < FRESH
    {
        return ailments.clone();
    }
    let examined = Arc::clone(&site);
    let asking = tokio::task::spawn_blocking(move || examine(&examined).ailments);
    let ailments = match tokio::time::timeout(PATIENCE, asking).await {
        Ok(Ok(ailments)) => ailments,
        Ok(Err(_)) => vec!["program: the examination panicked".to_owned()],
        Err(_) => vec!["database: it does not answer in time".to_owned()],
    };
    *last = Some((Instant::now(), ailments.clone()));
    ailments
}

fn ask(site: &Site, conn: &mut Conn, vitals: &mut Vitals) -> Result<(), StorageError> {
    let pending = Database::count_pending(conn)?;
    if pending > 0 {
        vitals.ailments.push(format!(
            "database: {pending} change(s) of its tables are pending; `guichet migrate` applies them"
        ));
        // What is missing may be what the slices would ask.
        return Ok(());
    }
    for tell in &site.vitals {
        tell(site, conn, vitals)?;
    }
    Ok(())
}

/// Tells how much the database is in use; it need not answer for that.
pub fn tell_database(site: &Site, gauges: &mut Gauges) {
    let (all, idle) = site.db.connections();
    let help =
        "Connections to the database that are open for reading, on PostgreSQL for writing, too";
    for (state, number) in [("idle", idle), ("busy", all.saturating_sub(idle))] {
        gauges.tell(
            "guichet_database_connections",
            help,
            &[("state", state)],
            number.into(),
        );
    }
    gauges.tell(
        "guichet_writer_halted",
        "Whether a disk fault has stopped all writing: 1 until the next start",
        &[],
        site.db.has_halted().into(),
    );
    if let Some(bytes) = site.db.wal_bytes() {
        gauges.tell(
            "guichet_sqlite_wal_bytes",
            "Size of the write-ahead log",
            &[],
            i64::try_from(bytes).unwrap_or(i64::MAX),
        );
    }
    let labels = [
        ("version", env!("CARGO_PKG_VERSION")),
        ("database", site.db.engine().as_str()),
    ];
    let help = "Always 1; its labels tell what runs";
    gauges.tell("guichet_build_info", help, &labels, 1);
}
