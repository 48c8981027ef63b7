//! Teams of agents: who tickets are handed to.
//!
//! A team is never deleted, because tickets keep it, only archived.

mod commands;
mod manage;
mod model;
mod pages;
mod queries;

pub use commands::{STREAM, TeamError, archive_team, change_team, create_team, set_members};
pub use model::{Team, TeamId};
pub use queries::{get_team, is_in_use, list_all_teams, list_teams, members_of, teams_of};

use crate::platform::slice::Slice;
use crate::platform::web::view::{Sample, samples};

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice {
        routes: manage::routes,
        rail: Some(manage::rail),
        audited: commands::AUDITED,
        samples: all_samples,
        ..Slice::named("teams")
    }
}

fn all_samples() -> Vec<Sample> {
    let mut all = samples::<pages::List>();
    all.extend(samples::<pages::Show>());
    all
}
