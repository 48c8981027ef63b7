//! How the database is doing, for whoever looks after it.

use std::path::PathBuf;

use super::database::connect;
use super::writer::Writer;
use super::{Conn, Database, DatabaseUrl, StorageError, migrations};

impl Database {
    /// Whether a disk fault has stopped all writing until the next start.
    #[must_use]
    pub fn has_halted(&self) -> bool {
        self.inner.writer.as_ref().is_some_and(Writer::has_halted)
    }

    /// How many connections of the pool are open, and how many of them are idle.
    #[must_use]
    pub fn connections(&self) -> (u32, u32) {
        let state = self.inner.pool.state();
        (state.connections, state.idle_connections)
    }

    /// Size of the write-ahead log; nothing on a server, which looks after its own.
    #[must_use]
    pub fn wal_bytes(&self) -> Option<u64> {
        let wal = self.inner.wal.as_ref()?;
        Some(std::fs::metadata(wal).map_or(0, |file| file.len()))
    }

    /// How many changes of this program are not applied to the tables.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn count_pending(conn: &mut Conn) -> Result<usize, StorageError> {
        migrations::count_pending(conn).map_err(|error| StorageError::Other(error.to_string()))
    }

    /// Whether the tables are those of this program, without changing them.
    ///
    /// # Errors
    /// Why that cannot be told.
    pub fn is_current(url: &DatabaseUrl) -> Result<bool, String> {
        let mut conn = connect(url).map_err(|error| error.to_string())?;
        let pending = migrations::count_pending(&mut conn).map_err(|error| error.to_string())?;
        Ok(pending == 0)
    }
}

/// The write-ahead log of the embedded database.
pub(super) fn wal_of(url: &DatabaseUrl) -> Option<PathBuf> {
    let DatabaseUrl::Sqlite(path) = url else {
        return None;
    };
    let mut wal = path.clone().into_os_string();
    wal.push("-wal");
    Some(wal.into())
}
