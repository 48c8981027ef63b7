//! Finding companies and who belongs to them.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{Organisation, OrganisationId};
use crate::accounts::{Person, PersonId};
use crate::platform::db::{Conn, Cursor, Direction, KeysetPage, PageRequest};
use crate::platform::text::fold;
use crate::schema::{organisation_members, organisations, people};

/// The company with this key.
///
/// # Errors
/// `NotFound`, or that the database refuses.
pub fn get_organisation(conn: &mut Conn, id: OrganisationId) -> QueryResult<Organisation> {
    organisations::table
        .find(id)
        .select(Organisation::as_select())
        .first(conn)
}

/// As [`get_organisation`], for who does not know whether there is one.
///
/// # Errors
/// When the database refuses.
pub fn find_organisation(conn: &mut Conn, id: OrganisationId) -> QueryResult<Option<Organisation>> {
    get_organisation(conn, id).optional()
}

/// The company with this name, but for case and accents.
///
/// # Errors
/// When the database refuses.
pub fn find_organisation_by_name(conn: &mut Conn, name: &str) -> QueryResult<Option<Organisation>> {
    organisations::table
        .filter(organisations::folded_name.eq(fold(name)))
        .select(Organisation::as_select())
        .first(conn)
        .optional()
}

/// The companies with these keys, in one query.
///
/// # Errors
/// When the database refuses.
pub fn organisations_by_id(
    conn: &mut Conn,
    ids: impl IntoIterator<Item = OrganisationId>,
) -> QueryResult<HashMap<OrganisationId, Organisation>> {
    let mut ids: Vec<OrganisationId> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<Organisation> = organisations::table
        .filter(organisations::id.eq_any(ids))
        .select(Organisation::as_select())
        .load(conn)?;
    Ok(found.into_iter().map(|o| (o.id, o)).collect())
}

/// The company of a person.
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

/// The name of a person's company.
pub(super) fn name_of_company(conn: &mut Conn, person: PersonId) -> QueryResult<Option<String>> {
    organisation_members::table
        .inner_join(organisations::table)
        .filter(organisation_members::person_id.eq(person))
        .select(organisations::name)
        .first(conn)
        .optional()
}

/// The people of a company, by name.
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

/// A page of companies with the number of their members, last come first.
///
/// # Errors
/// When the database refuses.
pub fn page_of_organisations(
    conn: &mut Conn,
    request: &PageRequest,
) -> QueryResult<KeysetPage<(Organisation, i64)>> {
    let mut query = organisations::table
        .select(Organisation::as_select())
        .into_boxed();
    if let Some((direction, cursor)) = request.from {
        query = match direction {
            Direction::After => query.filter(organisations::id.lt(cursor.id)),
            Direction::Before => query.filter(organisations::id.gt(cursor.id)),
        };
    }
    query = if request.backwards() {
        query.order(organisations::id.asc())
    } else {
        query.order(organisations::id.desc())
    };
    let rows: Vec<Organisation> = query.limit(request.limit()).load(conn)?;
    let counts = count_members(conn, rows.iter().map(|o| o.id).collect())?;
    let rows = rows
        .into_iter()
        .map(|o| {
            let count = counts.get(&o.id).copied().unwrap_or(0);
            (o, count)
        })
        .collect();
    Ok(KeysetPage::build(request, rows, |(organisation, _)| {
        Cursor {
            sort: organisation.id.0,
            id: organisation.id.0,
        }
    }))
}

fn count_members(
    conn: &mut Conn,
    ids: Vec<OrganisationId>,
) -> QueryResult<HashMap<OrganisationId, i64>> {
    let counts: Vec<(OrganisationId, i64)> = organisation_members::table
        .filter(organisation_members::organisation_id.eq_any(ids))
        .group_by(organisation_members::organisation_id)
        .select((
            organisation_members::organisation_id,
            diesel::dsl::count_star(),
        ))
        .load(conn)?;
    Ok(counts.into_iter().collect())
}
