//! Putting rows back.

use std::io::{BufRead, BufReader, Read};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use flate2::read::GzDecoder;

use super::BackupError;
use super::catalogue::{self, Column, Kind, quoted};
use super::dump::for_each_row;
use super::manifest::{Manifest, StoredTable};
use super::prints::Print;
use crate::platform::db::{Conn, Engine};

/// Rows of one statement, at most.
const BATCH_ROWS: usize = 500;
/// Bytes of one statement, at most, but for a single long row.
const BATCH_BYTES: usize = 4 << 20;

/// Refuses to fill tables that are not those the rows were taken from.
pub(super) fn compare_tables(conn: &mut Conn, manifest: &Manifest) -> Result<(), BackupError> {
    let here = catalogue::tables(conn)?;
    let same = here.len() == manifest.tables.len()
        && here
            .iter()
            .zip(&manifest.tables)
            .all(|(here, stored)| here.name == stored.name && here.columns == stored.columns);
    if same {
        Ok(())
    } else {
        Err(BackupError::damaged(
            "its tables are not those of the version that made it",
        ))
    }
}

/// Sets the rules between tables aside while rows go in; they are checked when it is over.
pub(super) struct Unbound(Vec<ForeignKey>);

#[derive(QueryableByName)]
struct ForeignKey {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    definition: String,
}

impl Unbound {
    /// Inside a transaction. SQLite checks by itself when that ends.
    pub(super) fn begin(conn: &mut Conn) -> QueryResult<Self> {
        if let Conn::Sqlite(sqlite) = conn {
            sqlite.batch_execute("PRAGMA defer_foreign_keys = ON")?;
            return Ok(Self(Vec::new()));
        }
        let keys: Vec<ForeignKey> = diesel::sql_query(
            "SELECT conrelid::regclass::text AS table_name, quote_ident(conname) AS name,
               pg_get_constraintdef(oid) AS definition
             FROM pg_constraint
             WHERE contype = 'f' AND connamespace = current_schema()::regnamespace",
        )
        .load(conn)?;
        for key in &keys {
            let ForeignKey {
                table_name, name, ..
            } = key;
            conn.batch_execute(&format!("ALTER TABLE {table_name} DROP CONSTRAINT {name}"))?;
        }
        Ok(Self(keys))
    }

    /// Puts the rules back, which checks every row against them.
    pub(super) fn end(self, conn: &mut Conn) -> QueryResult<()> {
        for ForeignKey {
            table_name,
            name,
            definition,
        } in self.0
        {
            conn.batch_execute(&format!(
                "ALTER TABLE {table_name} ADD CONSTRAINT {name} {definition}"
            ))?;
        }
        Ok(())
    }
}

/// Inserts the rows of a table, and lets it go on giving keys where it had stopped. What the table has
/// then is read back and compared.
pub(super) fn fill(
    conn: &mut Conn,
    table: &StoredTable,
    entry: &mut dyn Read,
) -> Result<(), BackupError> {
    let statement = insert(conn.engine(), table);
    let mut lines = BufReader::new(GzDecoder::new(entry));
    let (mut line, mut batch, mut total) = (String::new(), Batch::default(), 0);
    let mut taken = Print::default();
    loop {
        line.clear();
        let read = lines.read_line(&mut line);
        let read =
            read.map_err(|error| BackupError::damaged(format!("{}: {error}", table.name)))?;
        if read > 0 {
            batch.push(line.trim_end());
            taken.add(&table.columns, &line)?;
            total += 1;
        }
        if read == 0 || batch.is_full() {
            batch.insert(conn, &statement)?;
        }
        if read == 0 {
            break;
        }
    }
    if total != table.rows {
        return Err(BackupError::damaged(format!(
            "{} has {total} rows instead of {}",
            table.name, table.rows
        )));
    }
    compare_rows(conn, table, &taken)?;
    match table.last_id {
        Some(last) => go_on_after(conn, &table.name, last),
        None => Ok(()),
    }
}

/// Refuses a table that has other rows than went into it.
fn compare_rows(conn: &mut Conn, table: &StoredTable, taken: &Print) -> Result<(), BackupError> {
    let mut there = Print::default();
    for_each_row(conn, &table.name, &table.columns, &mut |line| {
        there.add(&table.columns, line)
    })?;
    if there == *taken {
        return Ok(());
    }
    let name = &table.name;
    Err(BackupError::Unusable(format!(
        "{name}: the database does not have the rows that the backup holds"
    )))
}

/// Rows that go into one statement, as a JSON array.
#[derive(Default)]
struct Batch {
    json: String,
    rows: usize,
}

impl Batch {
    fn push(&mut self, line: &str) {
        self.json.push(if self.rows == 0 { '[' } else { ',' });
        self.json.push_str(line);
        self.rows += 1;
    }

    fn is_full(&self) -> bool {
        self.rows >= BATCH_ROWS || self.json.len() >= BATCH_BYTES
    }

    fn insert(&mut self, conn: &mut Conn, statement: &str) -> QueryResult<()> {
        if self.rows == 0 {
            return Ok(());
        }
        self.json.push(']');
        diesel::sql_query(statement)
            .bind::<Text, _>(&self.json)
            .execute(conn)?;
        self.json.clear();
        self.rows = 0;
        Ok(())
    }
}

/// A statement that inserts the rows of a JSON array of arrays.
fn insert(engine: Engine, table: &StoredTable) -> String {
    let names: Vec<String> = table.columns.iter().map(|c| quoted(&c.name)).collect();
    let values: Vec<String> = table
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| value(engine, at, column))
        .collect();
    let rows = match engine {
        Engine::Sqlite => "json_each($1)",
        Engine::Postgres => "json_array_elements($1::json) AS rows (value)",
    };
    format!(
        "INSERT INTO {} ({}) SELECT {} FROM {rows}",
        quoted(&table.name),
        names.join(", "),
        values.join(", ")
    )
}

fn value(engine: Engine, at: usize, column: &Column) -> String {
    let value = format!("value->>{at}");
    match (engine, column.kind) {
        (_, Kind::Text) | (Engine::Sqlite, Kind::Integer | Kind::Boolean | Kind::Instant) => value,
        (Engine::Postgres, Kind::Integer) => format!("({value})::bigint"),
        (Engine::Postgres, Kind::Boolean) => format!("({value})::boolean"),
        (Engine::Postgres, Kind::Instant) => format!("({value})::timestamp"),
        (Engine::Sqlite, Kind::Real) => format!("CAST({value} AS REAL)"),
        (Engine::Postgres, Kind::Real) => format!("({value})::double precision"),
        (Engine::Sqlite, Kind::Bytes) => format!("unhex({value})"),
        (Engine::Postgres, Kind::Bytes) => format!("decode({value}, 'hex')"),
    }
}

/// No key is given twice, even when the row that had it is gone.
fn go_on_after(conn: &mut Conn, table: &str, last: i64) -> Result<(), BackupError> {
    let statements: &[&str] = match conn.engine() {
        Engine::Sqlite => &[
            "DELETE FROM sqlite_sequence WHERE name = $1 AND $2 > 0",
            "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)",
        ],
        Engine::Postgres => &["SELECT setval(pg_get_serial_sequence(quote_ident($1), 'id'), $2)"],
    };
    for statement in statements {
        diesel::sql_query(*statement)
            .bind::<Text, _>(table)
            .bind::<BigInt, _>(last)
            .execute(conn)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;
    use crate::platform::db::DatabaseUrl;

    fn teams() -> StoredTable {
        let column = |name: &str, kind| Column {
            name: name.to_owned(),
            kind,
        };
        StoredTable {
            name: "teams".to_owned(),
            columns: vec![column("id", Kind::Integer), column("name", Kind::Text)],
            rows: 2,
            last_id: None,
        }
    }

    fn packed() -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed
            .write_all(b"[1,\"Achats\"]\n[2,\"R\xc3\xa9seau\"]\n")
            .expect("memory");
        packed.finish().expect("memory")
    }

    /// What becomes of a restore into a database that does this to its rows.
    fn restored(meanwhile: &str) -> Result<(), BackupError> {
        let folder = tempfile::tempdir().expect("a folder");
        let url = DatabaseUrl::Sqlite(folder.path().join("a.db"));
        let mut conn = url.connect().expect("it opens");
        conn.batch_execute("CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT)")
            .and_then(|()| conn.batch_execute(meanwhile))
            .expect("it is done");
        fill(&mut conn, &teams(), &mut packed().as_slice())
    }

    #[test]
    fn a_table_whose_rows_are_not_those_of_the_backup_is_named() {
        restored("").expect("they are");
        for change in [
            "UPDATE teams SET name = 'Autre' WHERE id = NEW.id AND id = 2",
            "DELETE FROM teams WHERE id = NEW.id AND id = 1",
            "INSERT INTO teams SELECT 9, 'Autre' WHERE NEW.id = 1",
        ] {
            let trigger = format!("CREATE TRIGGER other AFTER INSERT ON teams BEGIN {change}; END");
            let refusal = restored(&trigger).expect_err(change).to_string();
            assert!(refusal.starts_with("teams: "), "{refusal}");
        }
    }
}
