//! Stub until the slice arrives.

use crate::accounts::PersonId;
use crate::platform::db::Conn;
use crate::schema::organisation_members;
use diesel::prelude::*;

crate::id_type! {
    /// Key of an organisation.
    OrganisationId
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
