//! The same company many years later: its tickets over and over, closed, each time further back.

use std::fs;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::world::copy;

/// Days between a ticket and its copy.
const APART: usize = 90;

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Makes a data folder of at least so many tickets out of another one, unless it is there.
pub fn grow(from: &Path, to: &Path, wanted: usize) -> Result<(), Box<dyn std::error::Error>> {
    let database = to.join("guichet.db");
    if database.exists() {
        return Ok(());
    }
    // Everything but the database.
    copy(from, to, &|name| !name.starts_with("guichet.db"))?;
    let unfinished = to.join("growing.db");
    if unfinished.exists() {
        fs::remove_file(&unfinished)?;
    }
    let mut source = open(&from.join("guichet.db"))?;
    source.batch_execute(&format!("VACUUM INTO '{}'", unfinished.display()))?;
    let mut conn = open(&unfinished)?;
    conn.batch_execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
    let (tickets, messages) = (last(&mut conn, "tickets")?, last(&mut conn, "messages")?);
    for copy in 1..wanted.div_ceil(tickets) {
        conn.transaction(|conn| {
            let times = Times {
                tickets: copy * tickets,
                messages: copy * messages,
                days: copy * APART,
            };
            times.copy_rows(conn, "tickets", &format!("id <= {tickets}"))?;
            times.copy_rows(conn, "messages", &format!("id <= {messages}"))?;
            times.copy_rows(conn, "ticket_tags", &format!("ticket_id <= {tickets}"))
        })?;
    }
    conn.batch_execute("PRAGMA journal_mode = WAL;")?;
    drop(conn);
    Ok(fs::rename(&unfinished, &database)?)
}

/// How far the copies are from their originals.
struct Times {
    tickets: usize,
    messages: usize,
    days: usize,
}

impl Times {
    fn copy_rows(&self, conn: &mut SqliteConnection, table: &str, which: &str) -> QueryResult<()> {
        let columns: Vec<Name> =
            diesel::sql_query(format!("SELECT name FROM pragma_table_info('{table}')"))
                .load(conn)?;
        let values: Vec<String> = columns
            .iter()
            .map(|column| self.value(table, &column.name))
            .collect();
        conn.batch_execute(&format!(
            "INSERT INTO {table} SELECT {} FROM {table} WHERE {which}",
            values.join(", ")
        ))
    }

    fn value(&self, table: &str, column: &str) -> String {
        match (table, column) {
            ("tickets", "id") | (_, "ticket_id") => format!("{column} + {}", self.tickets),
            ("tickets", "reference") => format!("'OR-' || (1000 + id + {})", self.tickets),
            ("tickets", "status") => "'closed'".to_owned(),
            ("tickets", "open") => "0".to_owned(),
            ("messages", "id") => format!("id + {}", self.messages),
            (_, at) if at.ends_with("_at") => format!("datetime({at}, '-{} days')", self.days),
            _ => column.to_owned(),
        }
    }
}

fn last(conn: &mut SqliteConnection, table: &str) -> QueryResult<usize> {
    let last: i64 = diesel::dsl::sql::<diesel::sql_types::BigInt>(&format!(
        "SELECT COALESCE(MAX(id), 0) FROM {table}"
    ))
    .get_result(conn)?;
    Ok(usize::try_from(last).unwrap_or_default().max(1))
}

fn open(path: &Path) -> Result<SqliteConnection, Box<dyn std::error::Error>> {
    let path = path.to_str().ok_or("the path is not text")?;
    let mut conn = SqliteConnection::establish(path)?;
    conn.batch_execute("PRAGMA busy_timeout = 5000;")?;
    Ok(conn)
}
