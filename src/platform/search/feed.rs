//! Which documents an index has to read again.
//!
//! A change bumps the index's revision in the transaction that makes it: on PostgreSQL the
//! row lock of the counter serialises the numbers, so none is committed after a later one has
//! been read. Each node keeps the revision that its own index holds and reads on from there.

use diesel::prelude::*;

use crate::both;
use crate::platform::db::{Conn, Tx};
use crate::schema::{search_changes, search_revisions};

/// Notes that a document changed, was added or went away.
///
/// # Errors
/// When the database refuses.
pub fn touch(tx: &mut Tx<'_>, index: &str, item: i64) -> QueryResult<()> {
    both!(tx.conn, |conn| diesel::insert_into(search_revisions::table)
        .values((
            search_revisions::index_name.eq(index),
            search_revisions::revision.eq(0),
        ))
        .on_conflict_do_nothing()
        .execute(conn))?;
    let revision: i64 = diesel::update(search_revisions::table.find(index))
        .set(search_revisions::revision.eq(search_revisions::revision + 1))
        .returning(search_revisions::revision)
        .get_result(tx.conn)?;
    diesel::insert_into(search_changes::table)
        .values((
            search_changes::index_name.eq(index),
            search_changes::revision.eq(revision),
            search_changes::item_id.eq(item),
        ))
        .execute(tx.conn)
        .map(drop)
}

/// The revision of the last change.
///
/// # Errors
/// When the database refuses.
pub fn revision(conn: &mut Conn, index: &str) -> QueryResult<i64> {
    search_revisions::table
        .find(index)
        .select(search_revisions::revision)
        .first(conn)
        .optional()
        .map(|found| found.unwrap_or(0))
}

/// Changes after a revision, oldest first: revision and document.
///
/// # Errors
/// When the database refuses.
pub fn changes_after(
    conn: &mut Conn,
    index: &str,
    revision: i64,
    limit: i64,
) -> QueryResult<Vec<(i64, i64)>> {
    search_changes::table
        .filter(search_changes::index_name.eq(index))
        .filter(search_changes::revision.gt(revision))
        .order(search_changes::revision.asc())
        .limit(limit)
        .select((search_changes::revision, search_changes::item_id))
        .load(conn)
}
