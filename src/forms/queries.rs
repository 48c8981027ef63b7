//! Reading request types.

use diesel::prelude::*;

use super::model::{RequestType, RequestTypeId};
use crate::platform::db::Conn;
use crate::schema::{request_types, tickets};

/// Those that a new request may have, in the order of the form.
///
/// # Errors
/// When the database refuses.
pub fn list_request_types(conn: &mut Conn) -> QueryResult<Vec<RequestType>> {
    request_types::table
        .filter(request_types::archived_at.is_null())
        .order((request_types::position.asc(), request_types::id.asc()))
        .select(RequestType::as_select())
        .load(conn)
}

/// All of them, archived ones last.
///
/// # Errors
/// When the database refuses.
pub fn list_all_request_types(conn: &mut Conn) -> QueryResult<Vec<RequestType>> {
    let mut all: Vec<RequestType> = request_types::table
        .order((request_types::position.asc(), request_types::id.asc()))
        .select(RequestType::as_select())
        .load(conn)?;
    all.sort_by_key(|kind| kind.archived_at.is_some());
    Ok(all)
}

/// One of them, archived or not.
///
/// # Errors
/// `NotFound`, or when the database refuses.
pub fn get_request_type(conn: &mut Conn, id: RequestTypeId) -> QueryResult<RequestType> {
    request_types::table
        .find(id)
        .select(RequestType::as_select())
        .first(conn)
}

/// The one with a stable name.
///
/// # Errors
/// When the database refuses.
pub fn find_request_type(conn: &mut Conn, key: &str) -> QueryResult<Option<RequestType>> {
    request_types::table
        .filter(request_types::key.eq(key))
        .select(RequestType::as_select())
        .first(conn)
        .optional()
}

/// How many requests have a kind.
///
/// # Errors
/// When the database refuses.
pub fn count_uses(conn: &mut Conn, id: RequestTypeId) -> QueryResult<i64> {
    tickets::table
        .filter(tickets::request_type_id.eq(id))
        .count()
        .get_result(conn)
}
