//! The index of tickets. (Stands in until the index arrives: finds by reference alone.)

use diesel::prelude::*;

use super::search::TicketScope;
use crate::platform::db::Conn;
use crate::schema::tickets;

/// The index that searches ask.
pub struct TicketIndex;

impl TicketIndex {
    /// Keys of the tickets that answer a query, best first.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn find(
        &self,
        conn: &mut Conn,
        query: &str,
        _scope: TicketScope,
        _limit: usize,
    ) -> QueryResult<Vec<i64>> {
        let id: Option<super::model::TicketId> = tickets::table
            .filter(tickets::reference.eq(query.to_uppercase()))
            .select(tickets::id)
            .first(conn)
            .optional()?;
        Ok(id.map(|id| id.0).into_iter().collect())
    }
}
