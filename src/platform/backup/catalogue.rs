//! The tables as the engine knows them, so that a backup cannot forget one.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use serde::{Deserialize, Serialize};

use super::BackupError;
use crate::platform::db::Conn;

/// A table of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// Whether the engine gives its rows their keys.
    pub(super) gives_keys: bool,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// What a column holds, on either engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// `YYYY-MM-DD HH:MM:SS` in UTC, with three or six digits more where there is a fraction.
    Instant,
    /// A floating-point number, as a text that gives it back exactly.
    Real,
    /// Bytes, hexadecimal.
    Bytes,
}

impl Kind {
    fn of(declared: &str) -> Option<Self> {
        Some(match declared.to_ascii_uppercase().as_str() {
            "TEXT" => Self::Text,
            "INTEGER" | "BIGINT" => Self::Integer,
            "BOOLEAN" => Self::Boolean,
            "TIMESTAMP" | "TIMESTAMP WITHOUT TIME ZONE" => Self::Instant,
            "DOUBLE" | "DOUBLE PRECISION" => Self::Real,
            "BLOB" | "BYTEA" => Self::Bytes,
            _ => return None,
        })
    }
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    declared: String,
    #[diesel(sql_type = Bool)]
    is_key: bool,
}

/// All tables by name, without the list of changes that Diesel keeps.
pub(super) fn tables(conn: &mut Conn) -> Result<Vec<Table>, BackupError> {
    let query = match conn {
        Conn::Sqlite(_) => {
            "SELECT m.name AS table_name, t.name AS name, t.type AS declared,
               (t.pk = 1 AND m.sql LIKE '%AUTOINCREMENT%') AS is_key
             FROM sqlite_master m JOIN pragma_table_info(m.name) t
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
               AND m.name <> '__diesel_schema_migrations'
             ORDER BY m.name, t.cid"
        }
        Conn::Postgres(_) => {
            "SELECT c.table_name::text, c.column_name::text AS name, c.data_type::text AS declared,
               c.is_identity = 'YES' AS is_key
             FROM information_schema.columns c JOIN information_schema.tables t
               USING (table_schema, table_name)
             WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
               AND c.table_name <> '__diesel_schema_migrations'
             ORDER BY c.table_name COLLATE \"C\", c.ordinal_position"
        }
    };
    let mut tables: Vec<Table> = Vec::new();
    for row in diesel::sql_query(query).load::<ColumnRow>(conn)? {
        let kind = Kind::of(&row.declared).ok_or_else(|| {
            let (table, name, declared) = (&row.table_name, &row.name, &row.declared);
            BackupError::Unusable(format!(
                "{table}.{name} is of a type that no backup can hold: {declared}"
            ))
        })?;
        if tables.last().is_none_or(|t| t.name != row.table_name) {
            tables.push(Table {
                name: row.table_name,
                columns: Vec::new(),
                gives_keys: false,
            });
        }
        let table = tables.last_mut().expect("one was pushed if there was none");
        table.gives_keys |= row.is_key;
        table.columns.push(Column {
            name: row.name,
            kind,
        });
    }
    Ok(tables)
}

/// The highest key that a table has given, if it has given one.
pub(super) fn last_id(conn: &mut Conn, table: &Table) -> QueryResult<Option<i64>> {
    #[derive(QueryableByName)]
    struct Last {
        #[diesel(sql_type = Nullable<BigInt>)]
        last: Option<i64>,
    }
    if !table.gives_keys {
        return Ok(None);
    }
    let query = match conn {
        Conn::Sqlite(_) => "SELECT max(seq) AS last FROM sqlite_sequence WHERE name = $1",
        Conn::Postgres(_) => {
            "SELECT pg_sequence_last_value(pg_get_serial_sequence(quote_ident($1), 'id')::regclass) \
             AS last"
        }
    };
    let found: Last = diesel::sql_query(query)
        .bind::<Text, _>(&table.name)
        .get_result(conn)?;
    // SQLite notes 0 for a table that was made from an empty one.
    Ok(found.last.filter(|last| *last > 0))
}

/// How many rows every table has, by its name.
///
/// # Errors
/// When the database refuses.
pub fn count_rows(conn: &mut Conn) -> Result<Vec<(String, u64)>, BackupError> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let mut counts = Vec::new();
    for table in tables(conn)? {
        let query = format!("SELECT count(*) AS count FROM {}", quoted(&table.name));
        let Count { count } = diesel::sql_query(query).get_result(conn)?;
        counts.push((table.name, u64::try_from(count).unwrap_or_default()));
    }
    Ok(counts)
}

/// A name in a statement.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The changes that have made the tables; none when nothing has.
pub(super) fn applied_migrations(conn: &mut Conn) -> QueryResult<Vec<String>> {
    #[derive(QueryableByName)]
    struct Applied {
        #[diesel(sql_type = Text)]
        version: String,
    }
    let rows: Vec<Applied> =
        diesel::sql_query("SELECT version FROM __diesel_schema_migrations ORDER BY version")
            .load(conn)?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}
