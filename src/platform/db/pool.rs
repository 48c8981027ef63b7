//! The connections that requests take turns with: for reading, and on a server for everything.

use std::num::NonZeroUsize;
use std::thread;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::r2d2::{self, ManageConnection, R2D2Connection};

use super::{Conn, DatabaseUrl, Engine, OpenError};

/// Connections to a server.
const CONNECTIONS: u32 = 8;
/// Readers of the embedded database, at least; two for each core where that is more. It answers on
/// this machine's cores, so that more of them would wait for these, each with a cache of its own.
const LEAST_READERS: usize = 4;
/// How long to wait for one.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Connections to one database.
pub(super) type Pool = r2d2::Pool<Manager>;

/// Opens a pool, and its first connection.
///
/// # Errors
/// When the database cannot be reached.
pub(super) fn open(url: &DatabaseUrl) -> Result<Pool, OpenError> {
    Pool::builder()
        .max_size(connections(url.engine()))
        .min_idle(Some(1))
        .test_on_check_out(url.engine() == Engine::Postgres)
        .connection_timeout(PATIENCE)
        .build(Manager { url: url.clone() })
        .map_err(|error| OpenError::connect(url, &error))
}

/// How many connections there may be besides the writer's.
fn connections(engine: Engine) -> u32 {
    match engine {
        Engine::Postgres => CONNECTIONS,
        Engine::Sqlite => {
            let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
            let readers = (2 * cores).clamp(LEAST_READERS, CONNECTIONS as usize);
            readers.try_into().unwrap_or(CONNECTIONS)
        }
    }
}

/// Makes pooled connections: read-only on SQLite, where the writer thread does the writing.
pub(super) struct Manager {
    url: DatabaseUrl,
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<Conn, r2d2::Error> {
        let mut conn = self.url.connect().map_err(r2d2::Error::ConnectionError)?;
        if let Conn::Sqlite(sqlite) = &mut conn {
            sqlite
                .batch_execute("PRAGMA query_only = ON")
                .map_err(r2d2::Error::QueryError)?;
        }
        Ok(conn)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), r2d2::Error> {
        conn.ping().map_err(r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        thread::panicking() || conn.is_broken()
    }
}
