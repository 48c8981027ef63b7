//! How many tickets a list holds, without counting for ever.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;

use super::Backend;
use super::filter::DeskFilter;
use crate::platform::db::Conn;
use crate::schema::tickets;

/// Nobody reads a list of more to its end, and counting half a million closed tickets would take
/// longer than all the rest of the page.
const COUNTED: i64 = 10_000;

/// How many tickets there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// So many.
    pub number: i64,
    /// Or more.
    pub or_more: bool,
}

impl From<i64> for Count {
    fn from(number: i64) -> Self {
        Self {
            number,
            or_more: false,
        }
    }
}

/// The number of rows of a query.
#[derive(QueryId)]
struct RowsOf<Q>(Q);

impl<Q: Query> Query for RowsOf<Q> {
    type SqlType = BigInt;
}

impl<Q> RunQueryDsl<Conn> for RowsOf<Q> {}

impl<Q: QueryFragment<Backend>> QueryFragment<Backend> for RowsOf<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("SELECT COUNT(*) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") AS counted");
        Ok(())
    }
}

/// How many tickets a list holds: no more than `COUNTED` are counted.
///
/// # Errors
/// When the database refuses.
pub fn count_view(conn: &mut Conn, filter: &DeskFilter) -> QueryResult<Count> {
    count_up_to(conn, filter, COUNTED)
}

/// The same with another end.
///
/// # Errors
/// When the database refuses.
pub fn count_up_to(conn: &mut Conn, filter: &DeskFilter, most: i64) -> QueryResult<Count> {
    let rows = tickets::table
        .filter(filter.attributes())
        .filter(filter.standing())
        .select(tickets::id)
        .limit(most + 1);
    let number: i64 = RowsOf(rows).get_result(conn)?;
    Ok(Count {
        number: number.min(most),
        or_more: number > most,
    })
}
