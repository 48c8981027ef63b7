//! Teams of agents: who tickets are handed to.
//!
//! A team is never deleted, because tickets keep it, only archived.

mod commands;
mod model;
mod queries;

pub use commands::{TeamError, archive_team, change_team, create_team, set_members};
pub use model::{Team, TeamId};
pub use queries::{get_team, list_all_teams, list_teams, members_of, teams_of};

use crate::platform::slice::Slice;

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice::named("teams")
}
