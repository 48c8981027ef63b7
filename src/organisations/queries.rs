//! Reading organisations.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{Organisation, OrganisationId};
use crate::accounts::{Person, PersonId};
use crate::platform::db::Conn;
use crate::schema::{organisation_members, organisations, people};

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

/// One organisation.
///
/// # Errors
/// `NotFound`, or when the database refuses.
pub fn get_organisation(conn: &mut Conn, id: OrganisationId) -> QueryResult<Organisation> {
    organisations::table
        .find(id)
        .select(Organisation::as_select())
        .first(conn)
}

/// The people of an organisation, by name.
///
/// # Errors
/// When the database refuses.
pub fn members_of(conn: &mut Conn, id: OrganisationId) -> QueryResult<Vec<Person>> {
    organisation_members::table
        .inner_join(people::table)
        .filter(organisation_members::organisation_id.eq(id))
        .order((people::name.asc(), people::id.asc()))
        .select(Person::as_select())
        .load(conn)
}

/// How many people belong to each organisation; those without any are left out.
///
/// # Errors
/// When the database refuses.
pub fn count_members(conn: &mut Conn) -> QueryResult<HashMap<OrganisationId, i64>> {
    let counts: Vec<(OrganisationId, i64)> = organisation_members::table
        .group_by(organisation_members::organisation_id)
        .select((
            organisation_members::organisation_id,
            diesel::dsl::count_star(),
        ))
        .load(conn)?;
    Ok(counts.into_iter().collect())
}
