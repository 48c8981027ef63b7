//! Customer companies and who belongs to them.
//!
//! Invariants:
//! * a person belongs to at most one company;
//! * a company with members or tickets is never deleted;
//! * every change is an event of the stream `organisation`.
//!
//! It deliberately does not know what colleagues may see of each other's requests.

mod commands;
mod model;
mod queries;

pub use commands::{
    OrganisationError, add_member, create_organisation, remove_member, rename_organisation,
};
pub use model::{Organisation, OrganisationId};
pub use queries::{
    find_organisation, find_organisation_by_name, get_organisation, members_of, organisation_of,
    organisations_by_id, page_of_organisations,
};

use diesel::QueryResult;

use crate::accounts::PersonId;
use crate::platform::db::Conn;
use crate::platform::slice::Slice;

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice {
        affiliation: Some(affiliation),
        ..Slice::named("organisations")
    }
}

fn affiliation(conn: &mut Conn, person: i64) -> QueryResult<Option<String>> {
    queries::name_of_company(conn, PersonId(person))
}
