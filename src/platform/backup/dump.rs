//! Reading all rows of one moment.

use std::io::{self, Write};

use diesel::connection::{DefaultLoadingMode, SimpleConnection};
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::Text;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::BackupError;
use super::catalogue::{self, Column, Kind, Table, quoted};
use super::manifest::StoredTable;
use super::staging::Staging;
use crate::platform::db::{Conn, DatabaseUrl, Engine};

/// Runs `work` on a connection that cannot write and sees one moment, whatever is written
/// meanwhile. Nobody has to wait for it.
///
/// On SQLite the moment is that of a read transaction in WAL mode; writers go on beside it, and
/// the log is folded in when it ends. Nothing is brought up to date: the server that is running
/// may be of another version.
pub(super) fn at_one_moment<T>(
    url: &DatabaseUrl,
    work: impl FnOnce(&mut Conn) -> Result<T, BackupError>,
) -> Result<T, BackupError> {
    if let DatabaseUrl::Sqlite(path) = url
        && !path.is_file()
    {
        let path = path.display();
        return Err(BackupError::Unusable(format!(
            "there is no database {path}"
        )));
    }
    let mut conn = url
        .connect()
        .map_err(|error| BackupError::Unusable(format!("cannot open {url}: {error}")))?;
    match &mut conn {
        Conn::Sqlite(sqlite) => sqlite.batch_execute("PRAGMA query_only = ON")?,
        Conn::Postgres(postgres) => postgres.batch_execute(
            "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        )?,
    }
    conn.transaction(work)
}

/// Stages every table as `database/<table>.jsonl.gz`.
pub(super) fn stage_tables(
    conn: &mut Conn,
    staging: &mut Staging,
) -> Result<Vec<StoredTable>, BackupError> {
    let mut stored = Vec::new();
    for table in catalogue::tables(conn)? {
        let mut rows = 0;
        staging.add(&entry_path(&table.name), |file| {
            rows = write_rows(conn, &table, file)?;
            Ok(())
        })?;
        stored.push(StoredTable {
            last_id: catalogue::last_id(conn, &table)?,
            name: table.name,
            columns: table.columns,
            rows,
        });
    }
    Ok(stored)
}

/// Where a table's rows stand in the archive.
pub(super) fn entry_path(table: &str) -> String {
    format!("database/{table}.jsonl.gz")
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn write_rows(conn: &mut Conn, table: &Table, file: &mut dyn Write) -> Result<u64, BackupError> {
    let mut encoder = GzEncoder::new(file, Compression::fast());
    let mut count = 0;
    for_each_row(conn, &table.name, &table.columns, &mut |line| {
        count += 1;
        encoder
            .write_all(line.as_bytes())
            .and_then(|()| encoder.write_all(b"\n"))
            .map_err(staged)
    })?;
    encoder.finish().map_err(staged)?;
    Ok(count)
}

/// Reads every row of a table, as a JSON array.
pub(super) fn for_each_row(
    conn: &mut Conn,
    table: &str,
    columns: &[Column],
    work: &mut dyn FnMut(&str) -> Result<(), BackupError>,
) -> Result<(), BackupError> {
    let query = diesel::sql_query(select(conn.engine(), table, columns));
    match conn {
        Conn::Sqlite(sqlite) => {
            for row in query.load_iter::<Line, DefaultLoadingMode>(sqlite)? {
                work(&row?.line)?;
            }
        }
        // Row by row: the client library would otherwise hold the whole table.
        Conn::Postgres(postgres) => {
            for row in query.load_iter::<Line, PgRowByRowLoadingMode>(postgres)? {
                work(&row?.line)?;
            }
        }
    }
    Ok(())
}

fn staged(error: io::Error) -> BackupError {
    BackupError::Unusable(format!("the rows cannot be set down: {error}"))
}

/// A query for the rows as JSON arrays, which the engines themselves write.
fn select(engine: Engine, table: &str, columns: &[Column]) -> String {
    let columns: Vec<String> = columns
        .iter()
        .map(|column| expression(engine, column))
        .collect();
    let columns = columns.join(", ");
    let array = match engine {
        Engine::Sqlite => format!("json_array({columns})"),
        Engine::Postgres => format!("json_build_array({columns})::text"),
    };
    format!("SELECT {array} AS line FROM {}", quoted(table))
}

fn expression(engine: Engine, column: &Column) -> String {
    let name = quoted(&column.name);
    match (engine, column.kind) {
        (_, Kind::Text | Kind::Integer)
        | (Engine::Sqlite, Kind::Instant)
        | (Engine::Postgres, Kind::Boolean) => name,
        (Engine::Sqlite, Kind::Boolean) => {
            format!("json(CASE {name} WHEN 0 THEN 'false' WHEN 1 THEN 'true' END)")
        }
        // As SQLite keeps them: a fraction has three digits or six.
        (Engine::Postgres, Kind::Instant) => format!(
            "regexp_replace(to_char({name}, 'YYYY-MM-DD HH24:MI:SS.US'), '(\\.000000|000)$', '')"
        ),
        (Engine::Sqlite, Kind::Real) => format!("format('%!.17g', {name})"),
        (Engine::Postgres, Kind::Real) => format!("{name}::text"),
        (Engine::Sqlite, Kind::Bytes) => format!("lower(hex({name}))"),
        (Engine::Postgres, Kind::Bytes) => format!("encode({name}, 'hex')"),
    }
}
