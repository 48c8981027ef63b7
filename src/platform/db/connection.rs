//! The connection to either engine, chosen by the address.

use std::fmt;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::{PgConnection, SqliteConnection};

/// A connection to whichever engine the address names.
///
/// Nearly all queries are written once against this type. The few statements that Diesel's
/// enum cannot express (`ON CONFLICT`, `FOR UPDATE`) go through [`both!`](crate::both).
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// A PostgreSQL server.
    Postgres(PgConnection),
    /// The embedded database.
    Sqlite(SqliteConnection),
}

/// The backend that a query runs on, whichever engine it is.
pub type Backend = <Conn as diesel::Connection>::Backend;

/// Runs the same Diesel text on the connection of either engine.
#[macro_export]
macro_rules! both {
    ($conn:expr, |$inner:ident| $body:expr) => {
        match $conn {
            $crate::platform::db::Conn::Postgres($inner) => $body,
            $crate::platform::db::Conn::Sqlite($inner) => $body,
        }
    };
}

/// Which engine holds the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, one file.
    Sqlite,
    /// A server, for several nodes.
    Postgres,
}

impl Engine {
    /// Its name, as it is written down.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

impl Conn {
    /// The engine that it reaches.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }
}

/// Where the data is kept.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// Path of the SQLite file.
    Sqlite(PathBuf),
    /// A `postgres://` address.
    Postgres(String),
}

/// The address names no engine that is known.
#[derive(Debug, thiserror::Error)]
#[error("expected sqlite:PATH, a file path, or postgres://USER@HOST/NAME")]
pub struct UnsupportedUrl;

impl DatabaseUrl {
    /// Reads `sqlite:PATH`, `postgres://…` (or `postgresql://…`), or a bare path that does not begin
    /// like an address.
    ///
    /// # Errors
    /// When the text is empty or names another kind of server.
    pub fn parse(text: &str) -> Result<Self, UnsupportedUrl> {
        let text = text.trim();
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let path = text
            .strip_prefix("sqlite://")
            .or_else(|| text.strip_prefix("sqlite:"));
        if path.is_none() && has_scheme(text) {
            return Err(UnsupportedUrl);
        }
        let path = path.unwrap_or(text);
        if path.is_empty() || path.contains("://") {
            return Err(UnsupportedUrl);
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }

    /// The engine behind this address.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Opens a connection that may write.
    ///
    /// # Errors
    /// The engine's own reason.
    pub fn connect(&self) -> Result<Conn, ConnectionError> {
        match self {
            Self::Sqlite(path) => open_sqlite(path).map(Conn::Sqlite),
            Self::Postgres(url) => open_postgres(url).map(Conn::Postgres),
        }
    }
}

/// Whether a text begins with a word and a colon (RFC 3986, section 3.1). A single letter is a drive.
fn has_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.len() > 1
            && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && (scheme.bytes()).all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    })
}

impl fmt::Display for DatabaseUrl {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => match url.rsplit_once('@') {
                Some((_, host)) => write!(f, "postgres://…@{host}"),
                None => f.write_str(url),
            },
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

fn open_postgres(url: &str) -> Result<PgConnection, ConnectionError> {
    let mut connection = PgConnection::establish(url)?;
    // A server may be set to say that something is stored before it is: not to us. Where it does
    // more than it has to, it goes on doing so.
    connection
        .batch_execute(
            "SELECT set_config('synchronous_commit', 'on', false)
             WHERE current_setting('synchronous_commit') = 'off'",
        )
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

fn open_sqlite(path: &Path) -> Result<SqliteConnection, ConnectionError> {
    let path = path.to_str().ok_or_else(|| {
        ConnectionError::InvalidConnectionUrl("the path is not valid UTF-8".to_owned())
    })?;
    let mut connection = SqliteConnection::establish(path)?;
    // FULL: a commit that was acknowledged survives a power cut. Recursive triggers: REPLACE asks
    // the triggers of what it deletes. FAST: what is deleted is overwritten wherever that costs no
    // further write; `Database::compact` does the rest.
    connection
        .batch_execute(
            "PRAGMA busy_timeout = 5000;
             PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;
             PRAGMA recursive_triggers = ON;
             PRAGMA cache_size = -4000;
             PRAGMA temp_store = MEMORY;
             PRAGMA secure_delete = FAST;",
        )
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_their_engine() {
        let sqlite = DatabaseUrl::parse("sqlite:data/guichet.db").unwrap();
        assert_eq!(sqlite.engine(), Engine::Sqlite);
        assert_eq!(
            DatabaseUrl::parse("data/x.db").unwrap().engine(),
            Engine::Sqlite
        );
        let postgres = DatabaseUrl::parse("postgres://me:secret@db/guichet").unwrap();
        assert_eq!(postgres.engine(), Engine::Postgres);
        assert!(!postgres.to_string().contains("secret"));
        for other in [
            "mysql://x",
            "mysql:x",
            "postgress://x",
            "postgres:x",
            "file:x.db",
            "sqlite:mysql://x",
            "sqlite:",
            "  ",
        ] {
            assert!(DatabaseUrl::parse(other).is_err(), "{other}");
        }
        for path in ["./a:b.db", "/data/a:b.db", "C:\\data\\x.db", "a:b.db"] {
            let file = DatabaseUrl::Sqlite(PathBuf::from(path));
            assert_eq!(DatabaseUrl::parse(path).unwrap(), file);
        }
    }
}
