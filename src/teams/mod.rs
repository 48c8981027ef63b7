//! Teams: who works together on what.
//!
//! Invariants:
//! * two teams that are in use never differ in case or accents alone;
//! * a team that was used is never deleted, only archived: what it did stays readable;
//! * every change is an event of the stream `team`.
//!
//! It deliberately does not know tickets.

mod commands;
mod model;
mod queries;

pub use commands::{TeamError, archive_team, create_team, rename_team, restore_team, set_members};
pub use model::{Team, TeamId};
pub use queries::{find_team, get_team, list_all_teams, list_teams, members_of, teams_of};

use crate::platform::slice::Slice;

/// What this slice brings.
#[must_use]
pub const fn slice() -> Slice {
    Slice::named("teams")
}
