//! Making the files forget what was deleted.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};

use super::{Conn, Database, StorageError};

impl Database {
    /// Writes the database anew, so that nothing that was deleted is left in its files: neither in
    /// pages that are free, nor between the rows of others, nor in the log. Blocking, and as long as
    /// the disk takes; whoever writes on the embedded database waits meanwhile.
    ///
    /// # Errors
    /// When the disk refuses, or somebody who reads holds up the folding of the log. It can be
    /// tried again.
    pub fn compact(&self) -> Result<(), StorageError> {
        let Some(writer) = self.writer() else {
            return self.read_blocking(|conn| vacuum_tables(conn).map_err(StorageError::from));
        };
        let (sender, receiver) = std::sync::mpsc::channel();
        writer.submit_alone(move |conn| drop(sender.send(vacuum_file(conn))));
        receiver.recv().unwrap_or(Err(StorageError::Interrupted))
    }
}

/// Rewrites the file. The copy that is made meanwhile goes to a file: it may be larger than memory.
fn vacuum_file(conn: &mut Conn) -> Result<(), StorageError> {
    #[derive(QueryableByName)]
    struct Folded {
        #[diesel(sql_type = Integer)]
        busy: i32,
    }
    let Conn::Sqlite(sqlite) = conn else {
        return Ok(());
    };
    let rewritten = sqlite.batch_execute("PRAGMA temp_store = FILE; VACUUM");
    sqlite.batch_execute("PRAGMA temp_store = MEMORY")?;
    rewritten?;
    let folded: Folded = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(sqlite)?;
    match folded.busy {
        0 => Ok(()),
        _ => Err(StorageError::Busy("the log is being read".to_owned())),
    }
}

/// Removes dead rows from all tables of ours.
fn vacuum_tables(conn: &mut Conn) -> QueryResult<()> {
    #[derive(QueryableByName)]
    struct Table {
        #[diesel(sql_type = Text)]
        name: String,
    }
    let tables: Vec<Table> = diesel::sql_query(
        "SELECT quote_ident(table_name) AS name FROM information_schema.tables \
         WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'",
    )
    .load(conn)?;
    let names: Vec<String> = tables.into_iter().map(|table| table.name).collect();
    conn.batch_execute(&format!("VACUUM {}", names.join(", ")))
}
