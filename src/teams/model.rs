//! What a team is.

use diesel::prelude::*;

use crate::platform::db::Timestamp;
use crate::schema::teams;

crate::id_type! {
    /// Key of a team.
    TeamId
}

/// A group of agents that tickets are handed to.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = teams)]
pub struct Team {
    /// Key.
    pub id: TeamId,
    /// Name as it is shown.
    pub name: String,
    /// Colour of its square, 0 to 7.
    pub hue: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was given up; its tickets keep it.
    pub archived_at: Option<Timestamp>,
    /// Number of its last event.
    pub version: i64,
}
