//! What a team is.

use diesel::prelude::*;

use crate::platform::db::Timestamp;
use crate::schema::teams;

crate::id_type! {
    /// Key of a team.
    TeamId
}

/// Colours that a team can have.
pub const HUES: i32 = 8;

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = teams)]
pub struct Team {
    /// Key.
    pub id: TeamId,
    /// Name.
    pub name: String,
    /// Name without case and accents: unique.
    pub folded_name: String,
    /// Colour of its square, 0 to 7.
    pub hue: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was put away.
    pub archived_at: Option<Timestamp>,
    /// Number of its last event.
    pub version: i64,
}

impl Team {
    /// The colour as pages print it.
    #[must_use]
    pub fn colour(&self) -> u8 {
        u8::try_from(self.hue.rem_euclid(HUES)).unwrap_or(0)
    }
}
