//! What is kept of a calendar.

use diesel::prelude::*;

use crate::accounts::PersonId;
use crate::platform::db::Timestamp;
use crate::schema::{calendar_versions, calendars};
use crate::sla::calendar::Calendar;

crate::id_type! {
    /// Key of a calendar.
    CalendarId
}

/// A calendar, without what it says.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = calendars)]
pub struct CalendarRow {
    /// Key.
    pub id: CalendarId,
    /// Its name.
    pub name: String,
    /// Whether customers see its hours; those of one calendar at most.
    pub shown: bool,
    /// Whether nobody has changed it, so that it has the hours of `Rocket.toml`.
    pub follows_file: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was given up; what was counted by it stays.
    pub archived_at: Option<Timestamp>,
    /// Number of its latest version.
    pub version: i64,
}

/// A version of a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarVersion {
    /// Which one, from 1.
    pub number: i64,
    /// The calendar's name at that time.
    pub name: String,
    /// What it says.
    pub content: Calendar,
    /// Since when.
    pub at: Timestamp,
    /// Who said so; nobody when the program did.
    pub author: Option<PersonId>,
}

/// A version, without what it says.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = calendar_versions)]
pub struct VersionRow {
    /// Which one, from 1.
    pub number: i64,
    /// Since when.
    pub at: Timestamp,
    /// Who said so.
    pub author_id: Option<PersonId>,
}
