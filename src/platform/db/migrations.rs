//! Bringing the tables up to date, once, whoever starts first.

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::sqlite::Sqlite;
use diesel::{PgConnection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::Conn;
use crate::both;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any constant will do, as long as every node takes the same one.
const POSTGRES_LOCK: i64 = 0x6775_6963_6865_7400;

/// Why the tables could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// A newer program has been here.
    #[error(
        "the database was last used by a newer version of Guichet (it knows the change \
         `{0}`, this program does not): start that version, or restore a backup made before it"
    )]
    Newer(String),
    /// A change failed; it was undone.
    #[error("the database could not be brought up to date: {0}")]
    Failed(String),
}

/// Applies what is pending, under a lock. Answers the names of what was applied.
///
/// # Errors
/// See [`MigrationError`].
pub fn run(conn: &mut Conn) -> Result<Vec<String>, MigrationError> {
    match conn {
        Conn::Sqlite(sqlite) => run_sqlite(sqlite),
        Conn::Postgres(postgres) => run_postgres(postgres),
    }
}

fn run_sqlite(conn: &mut SqliteConnection) -> Result<Vec<String>, MigrationError> {
    refuse_newer(conn, SQLITE)?;
    if !conn.has_pending_migration(SQLITE).map_err(failed)? {
        return Ok(Vec::new());
    }
    // A second process that starts at the same moment waits here for the busy timeout, then
    // finds nothing pending.
    conn.batch_execute("PRAGMA locking_mode = NORMAL;")
        .map_err(failed)?;
    conn.immediate_transaction(|conn| {
        apply(conn, SQLITE).map_err(|e| {
            tracing::error!(error = %e, "migration failed");
            diesel::result::Error::QueryBuilderError(e.to_string().into())
        })
    })
    .map_err(failed)
}

fn run_postgres(conn: &mut PgConnection) -> Result<Vec<String>, MigrationError> {
    conn.batch_execute(&format!("SELECT pg_advisory_lock({POSTGRES_LOCK})"))
        .map_err(failed)?;
    let applied = refuse_newer(conn, POSTGRES).and_then(|()| apply(conn, POSTGRES));
    conn.batch_execute(&format!("SELECT pg_advisory_unlock({POSTGRES_LOCK})"))
        .map_err(failed)?;
    applied
}

/// Applies the named changes and no others, to tables that do not exist yet. Inside the caller's
/// transaction: for a restore.
///
/// # Errors
/// See [`MigrationError`].
pub fn run_only(conn: &mut Conn, versions: &[String]) -> Result<(), MigrationError> {
    both!(conn, |conn| {
        let source = embedded(conn);
        let mut wanted = MigrationSource::<_>::migrations(&source).map_err(failed)?;
        wanted.retain(|migration| versions.contains(&migration.name().version().to_string()));
        wanted.sort_by_key(|migration| migration.name().version().as_owned());
        // Asking makes the list of changes, too.
        let applied = conn.applied_migrations().map_err(failed)?;
        if let Some(version) = applied.first() {
            return Err(failed(format!("the change {version} is there already")));
        }
        conn.run_migrations(&wanted).map(drop).map_err(failed)
    })
}

/// Applies what is pending inside the caller's transaction.
///
/// # Errors
/// See [`MigrationError`].
pub fn run_pending(conn: &mut Conn) -> Result<(), MigrationError> {
    both!(conn, |conn| apply(conn, embedded(conn)).map(drop))
}

/// The changes that this program knows, in order.
///
/// # Errors
/// When the program was built wrongly.
pub fn known() -> Result<Vec<String>, MigrationError> {
    let migrations = MigrationSource::<Sqlite>::migrations(&SQLITE).map_err(failed)?;
    let mut known: Vec<String> = migrations
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect();
    known.sort();
    Ok(known)
}

/// How many changes of this program are not applied. Others, of a newer program on the same server,
/// do no harm to this one while it runs.
///
/// # Errors
/// When the list of changes cannot be read.
pub fn count_pending(conn: &mut Conn) -> Result<usize, MigrationError> {
    #[derive(diesel::QueryableByName)]
    struct Applied {
        #[diesel(sql_type = diesel::sql_types::Text)]
        version: String,
    }
    let query = diesel::sql_query("SELECT version FROM __diesel_schema_migrations");
    let applied: Vec<Applied> = diesel::RunQueryDsl::load(query, conn).map_err(failed)?;
    let missing = known()?
        .into_iter()
        .filter(|version| applied.iter().all(|applied| applied.version != *version));
    Ok(missing.count())
}

/// The changes for the engine of a connection.
trait Embedded {
    const CHANGES: EmbeddedMigrations;
}

impl Embedded for SqliteConnection {
    const CHANGES: EmbeddedMigrations = SQLITE;
}

impl Embedded for PgConnection {
    const CHANGES: EmbeddedMigrations = POSTGRES;
}

fn embedded<C: Embedded>(_: &C) -> EmbeddedMigrations {
    C::CHANGES
}

fn apply<C, DB>(conn: &mut C, source: EmbeddedMigrations) -> Result<Vec<String>, MigrationError>
where
    C: MigrationHarness<DB>,
    DB: diesel::backend::Backend,
{
    conn.run_pending_migrations(source)
        .map(|versions| versions.iter().map(ToString::to_string).collect())
        .map_err(failed)
}

fn refuse_newer<C, DB>(conn: &mut C, source: EmbeddedMigrations) -> Result<(), MigrationError>
where
    C: MigrationHarness<DB>,
    DB: diesel::backend::Backend,
{
    let known: Vec<MigrationVersion<'static>> = MigrationSource::<DB>::migrations(&source)
        .map_err(failed)?
        .iter()
        .map(|migration| migration.name().version().as_owned())
        .collect();
    let applied = conn.applied_migrations().map_err(failed)?;
    match applied.iter().find(|version| !known.contains(version)) {
        Some(unknown) => Err(MigrationError::Newer(unknown.to_string())),
        None => Ok(()),
    }
}

fn failed(error: impl std::fmt::Display) -> MigrationError {
    MigrationError::Failed(error.to_string())
}
