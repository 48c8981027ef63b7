//! Reading organisations.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{Organisation, OrganisationId};
use crate::accounts::PersonId;
use crate::platform::db::Conn;
use crate::schema::{organisation_members, organisations};

/// The organisation of a person.
///
/// # Errors
/// When the database refuses.
pub fn organisation_of(conn: &mut Conn, person: PersonId) -> QueryResult<Option<OrganisationId>> {
    organisation_members::table
        .find(person)
        .select(organisation_members::organisation_id)
        .first(conn)
        .optional()
}

/// The name of a person's organisation, for the header of their pages.
///
/// # Errors
/// When the database refuses.
pub fn affiliation(conn: &mut Conn, person: i64) -> QueryResult<Option<String>> {
    organisation_members::table
        .inner_join(organisations::table)
        .filter(organisation_members::person_id.eq(PersonId(person)))
        .select(organisations::name)
        .first(conn)
        .optional()
}

/// The names of organisations, in one query.
///
/// # Errors
/// When the database refuses.
pub fn organisation_names(
    conn: &mut Conn,
    ids: impl IntoIterator<Item = OrganisationId>,
) -> QueryResult<HashMap<OrganisationId, String>> {
    let mut ids: Vec<OrganisationId> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(OrganisationId, String)> = organisations::table
        .filter(organisations::id.eq_any(ids))
        .select((organisations::id, organisations::name))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// All organisations, by name.
///
/// # Errors
/// When the database refuses.
pub fn list_organisations(conn: &mut Conn) -> QueryResult<Vec<Organisation>> {
    organisations::table
        .order(organisations::folded_name.asc())
        .select(Organisation::as_select())
        .load(conn)
}
