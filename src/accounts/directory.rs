//! Looking people up for other slices: many at once, by key.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{Person, PersonId, Role};
use crate::platform::db::Conn;
use crate::schema::people;

/// The people with these keys, in one query.
///
/// # Errors
/// When the database refuses.
pub fn people_by_id(
    conn: &mut Conn,
    ids: impl IntoIterator<Item = PersonId>,
) -> QueryResult<HashMap<PersonId, Person>> {
    let mut ids: Vec<PersonId> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<Person> = people::table
        .filter(people::id.eq_any(ids))
        .select(Person::as_select())
        .load(conn)?;
    Ok(found
        .into_iter()
        .map(|person| (person.id, person))
        .collect())
}

/// Agents and managers who may be given tickets, by name.
///
/// # Errors
/// When the database refuses.
pub fn list_active_agents(conn: &mut Conn) -> QueryResult<Vec<Person>> {
    people::table
        .filter(people::role.eq_any([Role::Agent, Role::Manager]))
        .filter(people::disabled_at.is_null())
        .order((people::name.asc(), people::id.asc()))
        .select(Person::as_select())
        .load(conn)
}

/// Whether a person may be given tickets.
///
/// # Errors
/// When the database refuses.
pub fn is_active_agent(conn: &mut Conn, id: PersonId) -> QueryResult<bool> {
    let role: Option<Role> = people::table
        .find(id)
        .filter(people::disabled_at.is_null())
        .select(people::role)
        .first(conn)
        .optional()?;
    Ok(role.is_some_and(Role::is_agent))
}
