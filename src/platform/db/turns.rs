//! Work that looks before it changes something, and must not be overtaken between the two.

use diesel::sql_types::Text;
use diesel::{QueryResult, RunQueryDsl, sql_query};

use super::{Conn, Tx};

impl Tx<'_> {
    /// Waits until no other transaction has its turn at `what`, and keeps it to the end of this one.
    /// What is read afterwards is what the others left. To be taken before looking.
    ///
    /// PostgreSQL shows two transactions that run at once what was there before either of them, so
    /// that each may find that the other one's row is enough. The embedded database has one writer.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn take_turn(&mut self, what: &str) -> QueryResult<()> {
        let Conn::Postgres(conn) = &mut *self.conn else {
            return Ok(());
        };
        sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind::<Text, _>(what)
            .execute(conn)
            .map(drop)
    }
}
