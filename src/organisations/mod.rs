//! Customer companies and who belongs to them.
//!
//! Members do not see one another's requests: nothing is shared unless somebody decides so.

mod commands;
mod manage;
mod model;
mod pages;
mod queries;

pub use commands::{OrganisationError, STREAM, create_organisation, set_membership};
pub use model::{Organisation, OrganisationId};
pub use queries::{
    affiliation, get_organisation, list_organisations, members_of, organisation_names,
    organisation_of,
};

use crate::platform::slice::Slice;
use crate::platform::web::view::{Sample, samples};

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice {
        routes: manage::routes,
        rail: Some(manage::rail),
        affiliation: Some(affiliation),
        audited: commands::AUDITED,
        samples: all_samples,
        ..Slice::named("organisations")
    }
}

fn all_samples() -> Vec<Sample> {
    let mut all = samples::<pages::List>();
    all.extend(samples::<pages::Show>());
    all
}
