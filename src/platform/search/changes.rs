//! Which documents an index has to read again: a numbered list in the database, written in the
//! transaction that changes them.
//!
//! Each node's index notes the number up to which it has followed the list, so a node that was
//! away catches up, and one that lost its index knows that it must start anew.

use diesel::prelude::*;

use crate::both;
use crate::platform::db::{Conn, Tx};
use crate::schema::{search_changes, search_revisions};

/// Notes that `item` has changed. Only its last change is kept: an index reads the present
/// state, whichever change brought it there.
///
/// # Errors
/// When the database refuses.
pub fn mark(tx: &mut Tx<'_>, index: &str, item: i64) -> QueryResult<()> {
    let revision = next_revision(tx, index)?;
    diesel::delete(search_changes::table)
        .filter(search_changes::index_name.eq(index))
        .filter(search_changes::item_id.eq(item))
        .execute(tx.conn)?;
    diesel::insert_into(search_changes::table)
        .values((
            search_changes::index_name.eq(index),
            search_changes::revision.eq(revision),
            search_changes::item_id.eq(item),
        ))
        .execute(tx.conn)
        .map(drop)
}

/// The row stays locked until the transaction ends, so numbers appear in their order.
fn next_revision(tx: &mut Tx<'_>, index: &str) -> QueryResult<i64> {
    both!(tx.conn, |conn| diesel::insert_into(search_revisions::table)
        .values((
            search_revisions::index_name.eq(index),
            search_revisions::revision.eq(0),
        ))
        .on_conflict_do_nothing()
        .execute(conn))?;
    diesel::update(search_revisions::table.find(index))
        .set(search_revisions::revision.eq(search_revisions::revision + 1))
        .execute(tx.conn)?;
    get_revision(tx.conn, index)
}

/// The number of the last change; 0 before the first.
///
/// # Errors
/// When the database refuses.
pub fn get_revision(conn: &mut Conn, index: &str) -> QueryResult<i64> {
    search_revisions::table
        .find(index)
        .select(search_revisions::revision)
        .first(conn)
        .optional()
        .map(|revision| revision.unwrap_or(0))
}

/// Numbers and documents of the changes after `revision`, in order.
///
/// # Errors
/// When the database refuses.
pub fn list_changes(
    conn: &mut Conn,
    index: &str,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<(i64, i64)>> {
    search_changes::table
        .filter(search_changes::index_name.eq(index))
        .filter(search_changes::revision.gt(after))
        .order(search_changes::revision.asc())
        .limit(limit)
        .select((search_changes::revision, search_changes::item_id))
        .load(conn)
}
