//! The rules of signing in that a manager sets.

use diesel::prelude::*;
use serde_json::{Value, json};

use crate::platform::db::{Conn, Tx};
use crate::platform::events::Draft;
use crate::schema::sign_in_rules as rules;

/// Name of the stream; it has one thing in it.
pub const STREAM: &str = "sign_in";
/// Key of the only row.
const ONLY: i64 = 1;

/// Whether agents and managers have to have a second factor.
///
/// # Errors
/// When the database refuses.
pub fn is_factor_required(conn: &mut Conn) -> QueryResult<bool> {
    let required: Option<bool> = rules::table
        .find(ONLY)
        .select(rules::factor_required)
        .first(conn)
        .optional()?;
    Ok(required.unwrap_or(false))
}

/// Sets whether agents and managers have to have a second factor.
///
/// # Errors
/// When the database refuses.
pub fn require_factor(tx: &mut Tx<'_>, required: bool) -> QueryResult<()> {
    let old = is_factor_required(tx.conn)?;
    if old == required {
        return Ok(());
    }
    let data = json!({ "old": { "factor_required": old }, "new": { "factor_required": required } });
    record(tx, "rules_changed", data)?;
    diesel::update(rules::table.find(ONLY))
        .set(rules::factor_required.eq(required))
        .execute(tx.conn)
        .map(drop)
}

fn record(tx: &mut Tx<'_>, kind: &'static str, data: Value) -> QueryResult<()> {
    crate::both!(tx.conn, |conn| diesel::insert_into(rules::table)
        .values((
            rules::id.eq(ONLY),
            rules::factor_required.eq(false),
            rules::version.eq(0_i64),
        ))
        .on_conflict_do_nothing()
        .execute(conn))?;
    // The row is locked first: two at once take their numbers one after the other.
    let seq = diesel::update(rules::table.find(ONLY))
        .set(rules::version.eq(rules::version + 1))
        .returning(rules::version)
        .get_result(tx.conn)?;
    tx.record(Draft::chosen(STREAM, ONLY, seq, kind, data))
        .map(drop)
}
