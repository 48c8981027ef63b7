//! Finding people.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};

use super::model::{Person, PersonId, Role};
use crate::platform::db::{Conn, Cursor, Direction, KeysetPage, PageRequest};
use crate::schema::{people, reset_requests, sign_up_requests};

#[diesel::declare_sql_function]
extern "SQL" {
    /// Part of a text; the same on both engines.
    fn substr(text: Text, from: Integer, count: Integer) -> Text;
    /// Lower case, of ASCII letters at least.
    fn lower(text: Text) -> Text;
}

/// The person with this key.
///
/// # Errors
/// `NotFound`, or that the database refuses.
pub fn get_person(conn: &mut Conn, id: PersonId) -> QueryResult<Person> {
    people::table
        .find(id)
        .select(Person::as_select())
        .first(conn)
}

/// The person with this address, whatever its case.
///
/// # Errors
/// When the database refuses.
pub fn find_person_by_email(conn: &mut Conn, email: &str) -> QueryResult<Option<Person>> {
    people::table
        .filter(people::email.eq(email.to_lowercase()))
        .select(Person::as_select())
        .first(conn)
        .optional()
}

/// Whether somebody waits for a link to a password.
///
/// # Errors
/// When the database refuses.
pub fn is_letter_asked(conn: &mut Conn) -> QueryResult<bool> {
    let reset = reset_requests::table
        .select(reset_requests::id)
        .first::<i64>(conn);
    if reset.optional()?.is_some() {
        return Ok(true);
    }
    let sign_up = sign_up_requests::table
        .select(sign_up_requests::id)
        .first::<i64>(conn);
    Ok(sign_up.optional()?.is_some())
}

/// Forgets who waits for a link to a password.
///
/// # Errors
/// When the database refuses.
pub fn forget_who_asked(conn: &mut Conn) -> QueryResult<()> {
    diesel::delete(sign_up_requests::table).execute(conn)?;
    diesel::delete(reset_requests::table)
        .execute(conn)
        .map(drop)
}

/// How many managers can sign in.
///
/// # Errors
/// When the database refuses.
pub fn count_active_managers(conn: &mut Conn) -> QueryResult<i64> {
    people::table
        .filter(people::role.eq(Role::Manager))
        .filter(people::disabled_at.is_null())
        .filter(people::password_hash.is_not_null())
        .count()
        .get_result(conn)
}

/// Which people a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Group {
    /// Agents and managers.
    #[default]
    Staff,
    /// Customers.
    Customers,
    /// Whoever was shut out.
    Disabled,
}

/// A page of people, last come first. `search` is the beginning of a name or an address.
///
/// # Errors
/// When the database refuses.
pub fn page_of_people(
    conn: &mut Conn,
    group: Group,
    search: &str,
    request: &PageRequest,
) -> QueryResult<KeysetPage<Person>> {
    let mut query = people::table.select(Person::as_select()).into_boxed();
    query = match group {
        Group::Staff => query
            .filter(people::role.eq_any([Role::Agent, Role::Manager]))
            .filter(people::disabled_at.is_null()),
        Group::Customers => query
            .filter(people::role.eq(Role::Customer))
            .filter(people::disabled_at.is_null()),
        Group::Disabled => query.filter(people::disabled_at.is_not_null()),
    };
    let search = search.trim().to_lowercase();
    if !search.is_empty() {
        let count = i32::try_from(search.chars().count()).unwrap_or(i32::MAX);
        query = query.filter(
            substr(people::email, 1, count)
                .eq(search.clone())
                .or(substr(lower(people::name), 1, count).eq(search)),
        );
    }
    if let Some((direction, cursor)) = request.from {
        query = match direction {
            Direction::After => query.filter(people::id.lt(cursor.id)),
            Direction::Before => query.filter(people::id.gt(cursor.id)),
        };
    }
    query = if request.backwards() {
        query.order(people::id.asc())
    } else {
        query.order(people::id.desc())
    };
    let rows = query.limit(request.limit()).load(conn)?;
    Ok(KeysetPage::build(request, rows, |person: &Person| Cursor {
        sort: person.id.0,
        id: person.id.0,
    }))
}
