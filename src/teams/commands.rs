//! Changing teams.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde_json::json;

use super::model::{Team, TeamId};
use super::queries;
use crate::accounts::PersonId;
use crate::platform::db::{StorageError, Tx};
use crate::platform::events::{Area, Audited, Draft};
use crate::platform::text::fold;
use crate::schema::{team_members, teams};

/// Name of the stream.
pub const STREAM: &str = "team";

/// What of it belongs to the audit.
pub(super) const AUDITED: &[Audited] = &[
    Audited::new(STREAM, "members_set", Area::Rights),
    Audited::new(STREAM, "created", Area::Settings),
    Audited::new(STREAM, "changed", Area::Settings),
    Audited::new(STREAM, "archived", Area::Settings),
    Audited::new(STREAM, "restored", Area::Settings),
];

/// Why a team was not changed.
#[derive(Debug, thiserror::Error)]
pub enum TeamError {
    /// Another one has this name.
    #[error("the name is taken")]
    NameTaken,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<DieselError> for TeamError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Self::NameTaken,
            other => Self::Storage(other.into()),
        }
    }
}

/// Makes a team.
///
/// # Errors
/// See [`TeamError`].
pub fn create_team(tx: &mut Tx<'_>, name: &str, hue: u8) -> Result<Team, TeamError> {
    let id: TeamId = diesel::insert_into(teams::table)
        .values((
            teams::name.eq(name),
            teams::folded_name.eq(fold(name)),
            teams::hue.eq(i32::from(hue)),
            teams::created_at.eq(tx.now),
            teams::version.eq(1),
        ))
        .returning(teams::id)
        .get_result(tx.conn)?;
    record(tx, id, 1, "created", json!({ "name": name, "hue": hue }))?;
    Ok(queries::get_team(tx.conn, id)?)
}

/// Changes a team's name and colour.
///
/// # Errors
/// See [`TeamError`].
pub fn change_team(tx: &mut Tx<'_>, id: TeamId, name: &str, hue: u8) -> Result<Team, TeamError> {
    let old = queries::get_team(tx.conn, id)?;
    if (old.name.as_str(), old.hue) == (name, i32::from(hue)) {
        return Ok(old);
    }
    let version = old.version + 1;
    diesel::update(teams::table.find(id))
        .set((
            teams::name.eq(name),
            teams::folded_name.eq(fold(name)),
            teams::hue.eq(i32::from(hue)),
            teams::version.eq(version),
        ))
        .execute(tx.conn)?;
    let data = json!({
        "old": { "name": old.name, "hue": old.hue },
        "new": { "name": name, "hue": hue },
    });
    record(tx, id, version, "changed", data)?;
    Ok(queries::get_team(tx.conn, id)?)
}

/// Sets who belongs to a team.
///
/// # Errors
/// See [`TeamError`].
pub fn set_members(tx: &mut Tx<'_>, id: TeamId, people: &[PersonId]) -> Result<(), TeamError> {
    let team = queries::get_team(tx.conn, id)?;
    let old = queries::members_of(tx.conn, id)?;
    let mut new = people.to_vec();
    new.sort_unstable();
    new.dedup();
    if old == new {
        return Ok(());
    }
    diesel::delete(team_members::table.filter(team_members::team_id.eq(id))).execute(tx.conn)?;
    for person in &new {
        diesel::insert_into(team_members::table)
            .values((
                team_members::team_id.eq(id),
                team_members::person_id.eq(person),
            ))
            .execute(tx.conn)?;
    }
    let version = bump(tx, &team)?;
    record(
        tx,
        id,
        version,
        "members_set",
        json!({ "old": old, "new": new }),
    )?;
    Ok(())
}

/// Gives a team up, or takes it back. Its tickets keep it.
///
/// # Errors
/// See [`TeamError`].
pub fn archive_team(tx: &mut Tx<'_>, id: TeamId, archived: bool) -> Result<(), TeamError> {
    let team = queries::get_team(tx.conn, id)?;
    if team.archived_at.is_some() == archived {
        return Ok(());
    }
    diesel::update(teams::table.find(id))
        .set(teams::archived_at.eq(archived.then_some(tx.now)))
        .execute(tx.conn)?;
    let version = bump(tx, &team)?;
    let kind = if archived { "archived" } else { "restored" };
    record(tx, id, version, kind, json!({}))?;
    Ok(())
}

fn bump(tx: &mut Tx<'_>, team: &Team) -> QueryResult<i64> {
    let version = team.version + 1;
    diesel::update(teams::table.find(team.id))
        .set(teams::version.eq(version))
        .execute(tx.conn)?;
    Ok(version)
}

fn record(
    tx: &mut Tx<'_>,
    id: TeamId,
    seq: i64,
    kind: &'static str,
    data: serde_json::Value,
) -> QueryResult<()> {
    tx.record(Draft::chosen(STREAM, id.0, seq, kind, data))
        .map(drop)
}
