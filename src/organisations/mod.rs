//! Customer companies and who belongs to them.
//!
//! Members do not see one another's requests: nothing is shared unless somebody decides so.

mod commands;
mod model;
mod queries;

pub use commands::{OrganisationError, create_organisation, set_membership};
pub use model::{Organisation, OrganisationId};
pub use queries::{affiliation, list_organisations, organisation_names, organisation_of};

use crate::platform::slice::Slice;

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice {
        affiliation: Some(affiliation),
        ..Slice::named("organisations")
    }
}
