//! Reading and writing, without blocking the threads that serve requests.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use diesel::Connection;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use tokio::sync::Semaphore;

use super::pool::{self, Pool};
use super::sqlite_version;
use super::writer::Writer;
use super::{Actor, Conn, DatabaseUrl, Engine, Timestamp, Tx, migrations, state};
use crate::platform::clock::Clock;
use crate::platform::events::History;
use crate::platform::failpoint;
use crate::platform::metrics::{metrics, seconds};

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It cannot be reached or opened.
    #[error("cannot open {url}: {reason}")]
    Connect {
        /// The address, without password.
        url: String,
        /// The engine's own words.
        reason: String,
    },
    /// Its tables cannot be brought up to date.
    #[error(transparent)]
    Migration(#[from] migrations::MigrationError),
    /// The SQLite library has a known defect that can damage the file.
    #[error(
        "SQLite {0} can damage its file when two connections checkpoint and write at once; \
         3.51.3 or later is needed: build with the bundled library"
    )]
    OldSqlite(String),
}

impl OpenError {
    pub(super) fn connect(url: &DatabaseUrl, error: &dyn std::error::Error) -> Self {
        Self::Connect {
            url: url.to_string(),
            reason: error.to_string(),
        }
    }
}

/// A query or a transaction did not work out for a reason no user can mend.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The engine refused.
    #[error("database: {0}")]
    Database(#[from] DieselError),
    /// No connection became free in time.
    #[error("database: no free connection: {0}")]
    Busy(String),
    /// The work panicked or was cut off by shutdown.
    #[error("database: the work was interrupted")]
    Interrupted,
    /// Something outside the database failed: disk, index.
    #[error("{0}")]
    Other(String),
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    engine: Engine,
    pub(super) pool: Pool,
    /// As many as there are connections: a rush waits here, as tasks, and not on a thread each.
    readers: Arc<Semaphore>,
    pub(super) writer: Option<Writer>,
    clock: Clock,
    history: Arc<History>,
    /// The write-ahead log of the embedded database.
    pub(super) wal: Option<PathBuf>,
}

impl Database {
    /// Opens the database, brings its tables up to date and starts the writer.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(url: &DatabaseUrl, clock: Clock, history: History) -> Result<Self, OpenError> {
        let mut conn = connect(url)?;
        sqlite_version::check(&mut conn)?;
        migrations::run(&mut conn)?;
        let writer = match url.engine() {
            Engine::Sqlite => {
                Some(Writer::start(conn).map_err(|error| OpenError::connect(url, &error))?)
            }
            Engine::Postgres => None,
        };
        let pool = pool::open(url)?;
        let readers = pool.max_size() as usize;
        Ok(Self {
            inner: Arc::new(Inner {
                engine: url.engine(),
                pool,
                readers: Arc::new(Semaphore::new(readers)),
                writer,
                clock,
                history: Arc::new(history),
                wal: state::wal_of(url),
            }),
        })
    }

    /// Brings the tables up to date without opening the database for use; answers what changed.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn migrate(url: &DatabaseUrl) -> Result<Vec<String>, OpenError> {
        let mut conn = connect(url)?;
        sqlite_version::check(&mut conn)?;
        Ok(migrations::run(&mut conn)?)
    }

    /// The engine in use.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.inner.engine
    }

    /// The clock that stamps every transaction.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// The current instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub(super) fn writer(&self) -> Option<&Writer> {
        self.inner.writer.as_ref()
    }

    /// Runs queries on a pooled connection, off the async threads.
    ///
    /// # Errors
    /// What `work` returned, or that no connection could be had.
    pub async fn read<T, E>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let this = self.clone();
        let reader = Arc::clone(&self.inner.readers).acquire_owned();
        let reader = tokio::time::timeout(pool::PATIENCE, reader)
            .await
            .map_err(|e| E::from(StorageError::Busy(e.to_string())))?;
        tokio::task::spawn_blocking(move || {
            let _reader = reader;
            this.read_blocking(work)
        })
        .await
        .unwrap_or_else(|_| Err(E::from(StorageError::Interrupted)))
    }

    /// As [`Database::read`], for callers that may block.
    ///
    /// # Errors
    /// As [`Database::read`].
    pub fn read_blocking<T, E>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StorageError>,
    {
        let mut conn = self
            .inner
            .pool
            .get()
            .map_err(|e| E::from(StorageError::Busy(e.to_string())))?;
        failpoint::reach("read");
        work(&mut conn)
    }

    /// Runs one write transaction, off the async threads. It is durable when this returns.
    ///
    /// `work` may run again when the engine asks for it, so it must not have effects outside
    /// the transaction.
    ///
    /// # Errors
    /// What `work` returned (everything is then undone), or why it could not be committed.
    pub async fn write<T, E>(
        &self,
        actor: Actor,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DieselError> + From<StorageError> + Send + 'static,
    {
        if self.inner.writer.is_none() {
            let this = self.clone();
            return tokio::task::spawn_blocking(move || this.write_pooled(actor, &work))
                .await
                .unwrap_or_else(|_| Err(E::from(StorageError::Interrupted)));
        }
        let (sender, receiver) = tokio::sync::oneshot::channel();
        self.submit(actor, work, move |outcome| {
            // A caller that went away does not need the answer; the write stands.
            drop(sender.send(outcome));
        });
        receiver
            .await
            .unwrap_or_else(|_| Err(E::from(StorageError::Interrupted)))
    }

    /// As [`Database::write`], for callers that may block.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub fn write_blocking<T, E>(
        &self,
        actor: Actor,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DieselError> + From<StorageError> + Send + 'static,
    {
        if self.inner.writer.is_none() {
            return self.write_pooled(actor, &work);
        }
        let (sender, receiver) = std::sync::mpsc::channel();
        self.submit(actor, work, move |outcome| drop(sender.send(outcome)));
        receiver
            .recv()
            .unwrap_or_else(|_| Err(E::from(StorageError::Interrupted)))
    }

    fn submit<T, E>(
        &self,
        actor: Actor,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        reply: impl FnOnce(Result<T, E>) + Send + 'static,
    ) where
        T: Send + 'static,
        E: From<DieselError> + Send + 'static,
    {
        let Some(writer) = &self.inner.writer else {
            return;
        };
        let (clock, history) = (self.inner.clock.clone(), Arc::clone(&self.inner.history));
        writer.submit(
            move |conn| {
                contained(conn, |conn| {
                    work(&mut Tx::new(conn, clock.now(), actor, &history))
                })
            },
            reply,
        );
    }

    fn write_pooled<T, E>(
        &self,
        actor: Actor,
        work: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<DieselError> + From<StorageError>,
    {
        let mut conn = self
            .inner
            .pool
            .get()
            .map_err(|e| E::from(StorageError::Busy(e.to_string())))?;
        let (now, history) = (self.now(), &self.inner.history);
        let mut worked = None;
        let outcome = conn.transaction(|conn| {
            let done = contained(conn, |conn| work(&mut Tx::new(conn, now, actor, history)));
            worked = Some((Instant::now(), done.is_ok()));
            done
        });
        if let Some((begun, true)) = worked {
            metrics().commit_seconds.observe(seconds(begun.elapsed()));
            if outcome.is_err() {
                metrics().commit_failures.inc();
            }
        }
        outcome
    }
}

/// Turns a panic inside a transaction into an error, so that the transaction is rolled back
/// in order and the connection stays usable.
fn contained<T, E: From<DieselError>>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    let work = std::panic::AssertUnwindSafe(|| {
        let outcome = work(conn);
        failpoint::reach("transaction");
        outcome
    });
    std::panic::catch_unwind(work).unwrap_or_else(|_| {
        Err(E::from(DieselError::DatabaseError(
            DatabaseErrorKind::Unknown,
            Box::new("the work panicked".to_owned()),
        )))
    })
}

pub(super) fn connect(url: &DatabaseUrl) -> Result<Conn, OpenError> {
    url.connect()
        .map_err(|error| OpenError::connect(url, &error))
}

impl Conn {
    /// What SQLite finds wrong with its own file, in its words; a server looks after itself.
    ///
    /// # Errors
    /// When the check cannot run.
    pub fn integrity_faults(&mut self) -> diesel::QueryResult<Vec<String>> {
        #[derive(diesel::QueryableByName)]
        struct Line {
            #[diesel(sql_type = diesel::sql_types::Text)]
            quick_check: String,
        }
        let Self::Sqlite(sqlite) = self else {
            return Ok(Vec::new());
        };
        let lines: Vec<Line> =
            diesel::RunQueryDsl::load(diesel::sql_query("PRAGMA quick_check"), sqlite)?;
        Ok(lines
            .into_iter()
            .map(|line| line.quick_check)
            .filter(|line| line != "ok")
            .collect())
    }

    /// Whether the server waits for its disk before it says that something is stored. On SQLite we
    /// say so ourselves.
    ///
    /// # Errors
    /// When the server does not tell.
    pub fn syncs(&mut self) -> diesel::QueryResult<bool> {
        #[derive(diesel::QueryableByName)]
        struct Setting {
            #[diesel(sql_type = diesel::sql_types::Text)]
            fsync: String,
        }
        let Self::Postgres(postgres) = self else {
            return Ok(true);
        };
        let setting: Setting =
            diesel::RunQueryDsl::get_result(diesel::sql_query("SHOW fsync"), postgres)?;
        Ok(setting.fsync == "on")
    }
}
