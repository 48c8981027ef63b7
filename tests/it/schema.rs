//! `src/schema.rs` and the tables of the engine under test agree, and migrations can be undone.

use std::collections::BTreeMap;
use std::path::Path;

use diesel::dsl::sql;
use diesel::migration::MigrationSource;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use guichet::platform::db::{Conn, DatabaseUrl};

use crate::support::FreshDatabase;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Column name, portable type, whether it may be NULL.
type Column = (String, String, bool);

fn up(conn: &mut Conn) {
    match conn {
        Conn::Sqlite(c) => drop(c.run_pending_migrations(SQLITE).expect("migrates")),
        Conn::Postgres(c) => drop(c.run_pending_migrations(POSTGRES).expect("migrates")),
    }
}

fn down(conn: &mut Conn) {
    match conn {
        Conn::Sqlite(c) => drop(c.revert_all_migrations(SQLITE).expect("reverts")),
        Conn::Postgres(c) => drop(c.revert_all_migrations(POSTGRES).expect("reverts")),
    }
}

fn migrated() -> (tempfile::TempDir, FreshDatabase, Conn) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = FreshDatabase::in_folder(folder.path());
    let mut conn = database.connect();
    up(&mut conn);
    (folder, database, conn)
}

#[test]
fn the_tables_are_the_ones_in_schema_rs() {
    let (_folder, _database, mut conn) = migrated();
    assert_eq!(stored_tables(&mut conn), declared_tables());
}

#[test]
fn up_down_up_leaves_the_same_schema() {
    let (_folder, _database, mut conn) = migrated();
    let first = dump(&mut conn);
    down(&mut conn);
    assert_eq!(dump(&mut conn), Vec::<String>::new(), "down leaves nothing");
    up(&mut conn);
    assert_eq!(dump(&mut conn), first);
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    setting: String,
}

fn setting(conn: &mut Conn, query: &str) -> String {
    let found: Setting = diesel::sql_query(query).get_result(conn).expect("a query");
    found.setting
}

#[test]
fn a_commit_is_on_the_disk_before_anybody_is_told_of_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = FreshDatabase::in_folder(folder.path());
    let address = match database.url() {
        DatabaseUrl::Sqlite(_) => database.address(),
        // The server is set to answer before that, for everybody.
        DatabaseUrl::Postgres(url) => format!("{url}%20-csynchronous_commit%3Doff"),
    };
    let url = DatabaseUrl::parse(&address).expect("an address");
    let mut conn = url.connect().expect("the database can be opened");
    let synced = match &conn {
        Conn::Sqlite(_) => "SELECT CAST(synchronous AS TEXT) AS setting FROM pragma_synchronous",
        Conn::Postgres(_) => "SELECT current_setting('synchronous_commit') AS setting",
    };
    let expected = match &conn {
        // FULL: with NORMAL a power cut may take the last commits.
        Conn::Sqlite(_) => "2",
        Conn::Postgres(_) => "on",
    };
    assert_eq!(setting(&mut conn, synced), expected);
}

#[test]
fn every_foreign_key_says_what_a_deletion_does() {
    let (_folder, _database, mut conn) = migrated();
    let unstated: Vec<String> = match &mut conn {
        Conn::Sqlite(c) => texts(diesel::sql_query(
            "SELECT m.name || '.' || f.\"from\" AS line FROM sqlite_master m
             JOIN pragma_foreign_key_list(m.name) f
             WHERE m.type = 'table' AND f.on_delete = 'NO ACTION'",
        ).load(c)),
        Conn::Postgres(c) => texts(diesel::sql_query(
            "SELECT conrelid::regclass::text || '.' || conname AS line FROM pg_constraint
             WHERE contype = 'f' AND confdeltype = 'a' AND connamespace = current_schema()::regnamespace",
        ).load(c)),
    };
    assert_eq!(unstated, Vec::<String>::new());
}

/// `.cargo/config.toml` says why; whoever builds without it has a slower program and should know.
#[test]
fn the_embedded_database_is_built_as_it_is_measured() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let Conn::Sqlite(mut conn) = FreshDatabase::file_in(folder.path()).connect() else {
        panic!("a file is SQLite's");
    };
    for option in ["DEFAULT_MEMSTATUS=0", "ENABLE_QPSG"] {
        let asked = format!("SELECT sqlite_compileoption_used('{option}')");
        let used = sql::<Bool>(&asked).get_result::<bool>(&mut conn);
        assert!(used.expect("it answers"), "{option}");
    }
}

#[test]
fn both_engines_have_the_same_migrations() {
    let names = |source: &dyn Fn() -> Vec<String>| source();
    let sqlite = names(&|| {
        let found = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE);
        found
            .expect("reads")
            .iter()
            .map(|m| m.name().to_string())
            .collect()
    });
    let postgres = names(&|| {
        let found = MigrationSource::<diesel::pg::Pg>::migrations(&POSTGRES);
        found
            .expect("reads")
            .iter()
            .map(|m| m.name().to_string())
            .collect()
    });
    assert_eq!(sqlite, postgres);
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn texts(lines: QueryResult<Vec<Line>>) -> Vec<String> {
    lines
        .expect("the catalogue can be read")
        .into_iter()
        .map(|l| l.line)
        .collect()
}

/// Everything the engine knows about the tables, in a stable order.
fn dump(conn: &mut Conn) -> Vec<String> {
    match conn {
        Conn::Sqlite(c) => texts(
            diesel::sql_query(
                "SELECT type || ' ' || name || ': ' || coalesce(sql, '') AS line FROM sqlite_master
             WHERE name NOT LIKE 'sqlite_%' AND tbl_name <> '__diesel_schema_migrations'
             ORDER BY type, name",
            )
            .load(c),
        ),
        Conn::Postgres(c) => texts(
            diesel::sql_query(
                "SELECT line FROM (
               SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' '
                 || is_nullable || ' ' || coalesce(column_default, '') AS line, table_name AS t
                 FROM information_schema.columns WHERE table_schema = current_schema()
               UNION ALL SELECT 'index ' || indexdef, tablename FROM pg_indexes
                 WHERE schemaname = current_schema()
               UNION ALL SELECT 'constraint ' || pg_get_constraintdef(oid),
                 (SELECT relname FROM pg_class WHERE pg_class.oid = conrelid) FROM pg_constraint
                 WHERE connamespace = current_schema()::regnamespace
             ) AS everything WHERE t <> '__diesel_schema_migrations' ORDER BY line",
            )
            .load(c),
        ),
    }
}

#[derive(QueryableByName)]
struct StoredColumn {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    stored_type: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
}

fn stored_tables(conn: &mut Conn) -> BTreeMap<String, Vec<Column>> {
    let columns: Vec<StoredColumn> = match conn {
        Conn::Sqlite(c) => diesel::sql_query(
            "SELECT m.name AS table_name, t.name AS name, upper(t.type) || CASE WHEN t.pk = 1 AND
               m.sql LIKE '%AUTOINCREMENT%' THEN ' KEY' ELSE '' END AS stored_type,
               t.\"notnull\" = 0 AS nullable
             FROM sqlite_master m JOIN pragma_table_info(m.name) t
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
               AND m.name <> '__diesel_schema_migrations' ORDER BY m.name, t.cid",
        )
        .load(c),
        Conn::Postgres(c) => diesel::sql_query(
            "SELECT table_name::text, column_name::text AS name, upper(data_type) AS stored_type,
               is_nullable = 'YES' AS nullable
             FROM information_schema.columns WHERE table_schema = current_schema()
               AND table_name <> '__diesel_schema_migrations'
             ORDER BY table_name, ordinal_position",
        )
        .load(c),
    }
    .expect("the catalogue can be read");
    let mut tables: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    for column in columns {
        let portable = portable_type(&column.stored_type).to_owned();
        tables
            .entry(column.table_name)
            .or_default()
            .push((column.name, portable, column.nullable));
    }
    tables
}

fn portable_type(stored: &str) -> &str {
    match stored {
        // SQLite's row id is 64 bits wide whatever its name.
        "INTEGER KEY" | "BIGINT" => "BigInt",
        "INTEGER" => "Integer",
        "TEXT" => "Text",
        "BOOLEAN" => "Bool",
        "DOUBLE" | "DOUBLE PRECISION" => "Double",
        "BLOB" | "BYTEA" => "Binary",
        "TIMESTAMP" | "TIMESTAMP WITHOUT TIME ZONE" => "Timestamp",
        other => other,
    }
}

/// Reads the `table!` blocks of `src/schema.rs`.
fn declared_tables() -> BTreeMap<String, Vec<Column>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema.rs");
    let source = std::fs::read_to_string(path).expect("src/schema.rs");
    let mut tables = BTreeMap::new();
    for block in source.split("diesel::table! {").skip(1) {
        let (head, rest) = block.split_once('{').expect("a table has columns");
        let name = head.split('(').next().unwrap_or_default().trim().to_owned();
        let body = rest.split('}').next().unwrap_or_default();
        let columns = body.lines().filter_map(|line| {
            let (column, kind) = line.trim().trim_end_matches(',').split_once(" -> ")?;
            let inner = kind
                .strip_prefix("Nullable<")
                .and_then(|k| k.strip_suffix('>'));
            Some((
                column.to_owned(),
                inner.unwrap_or(kind).to_owned(),
                inner.is_some(),
            ))
        });
        tables.insert(name, columns.collect());
    }
    tables
}
