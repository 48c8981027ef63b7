//! What can be done to a team.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde_json::{Value, json};

use super::model::{HUES, Team, TeamId};
use super::queries::{get_team, list_memberships};
use crate::accounts::PersonId;
use crate::platform::db::{StorageError, Timestamp, Tx};
use crate::platform::events::Draft;
use crate::platform::text::fold;
use crate::schema::{team_members, teams};

/// Why a team was not changed.
#[derive(Debug, thiserror::Error)]
pub enum TeamError {
    /// Another team has this name, but for case and accents.
    #[error("another team has this name")]
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

/// Makes a team. `hue` is 0 to 7; none takes the next colour in turn.
///
/// # Errors
/// [`TeamError::NameTaken`].
pub fn create_team(tx: &mut Tx<'_>, name: &str, hue: Option<i32>) -> Result<Team, TeamError> {
    let count: i64 = teams::table.count().get_result(tx.conn)?;
    let next = i32::try_from(count % i64::from(HUES)).unwrap_or(0);
    let hue = hue.unwrap_or(next).rem_euclid(HUES);
    let now = tx.now;
    let id: TeamId = tx.attempt(|tx| {
        diesel::insert_into(teams::table)
            .values((
                teams::name.eq(name),
                teams::folded_name.eq(fold(name)),
                teams::hue.eq(hue),
                teams::created_at.eq(now),
                teams::version.eq(0_i64),
            ))
            .returning(teams::id)
            .get_result(tx.conn)
    })?;
    record(tx, id, "created", json!({ "name": name, "hue": hue }))
}

/// Gives a team another name or colour.
///
/// # Errors
/// [`TeamError::NameTaken`].
pub fn rename_team(tx: &mut Tx<'_>, id: TeamId, name: &str, hue: i32) -> Result<Team, TeamError> {
    let old = get_team(tx.conn, id)?;
    let hue = hue.rem_euclid(HUES);
    if (old.name.as_str(), old.hue) == (name, hue) {
        return Ok(old);
    }
    tx.attempt(|tx| {
        diesel::update(teams::table.find(id))
            .set((
                teams::name.eq(name),
                teams::folded_name.eq(fold(name)),
                teams::hue.eq(hue),
            ))
            .execute(tx.conn)
    })?;
    let data = json!({
        "old": { "name": old.name, "hue": old.hue },
        "new": { "name": name, "hue": hue },
    });
    record(tx, id, "renamed", data)
}

/// Says who is in a team.
///
/// # Errors
/// When the database refuses, for one because there is no such person.
pub fn set_members(
    tx: &mut Tx<'_>,
    id: TeamId,
    members: &BTreeSet<PersonId>,
) -> Result<Team, TeamError> {
    let team = get_team(tx.conn, id)?;
    let old: BTreeSet<PersonId> = list_memberships(tx.conn)?
        .into_iter()
        .filter(|(team, _)| *team == id)
        .map(|(_, person)| person)
        .collect();
    if old == *members {
        return Ok(team);
    }
    let (left, joined) = (&old - members, members - &old);
    diesel::delete(
        team_members::table
            .filter(team_members::team_id.eq(id))
            .filter(team_members::person_id.eq_any(left.iter().copied())),
    )
    .execute(tx.conn)?;
    for person in &joined {
        diesel::insert_into(team_members::table)
            .values((
                team_members::team_id.eq(id),
                team_members::person_id.eq(person),
            ))
            .execute(tx.conn)?;
    }
    record(
        tx,
        id,
        "members_changed",
        json!({ "joined": joined, "left": left }),
    )
}

/// Puts a team away: it takes no more tickets.
///
/// # Errors
/// When the database refuses.
pub fn archive_team(tx: &mut Tx<'_>, id: TeamId) -> Result<Team, TeamError> {
    let now = tx.now;
    set_archived(tx, id, Some(now), "archived")
}

/// Takes a team back into use.
///
/// # Errors
/// When the database refuses.
pub fn restore_team(tx: &mut Tx<'_>, id: TeamId) -> Result<Team, TeamError> {
    set_archived(tx, id, None, "restored")
}

fn set_archived(
    tx: &mut Tx<'_>,
    id: TeamId,
    at: Option<Timestamp>,
    kind: &'static str,
) -> Result<Team, TeamError> {
    let team = get_team(tx.conn, id)?;
    if team.archived_at.is_some() == at.is_some() {
        return Ok(team);
    }
    diesel::update(teams::table.find(id))
        .set(teams::archived_at.eq(at))
        .execute(tx.conn)?;
    record(tx, id, kind, json!({}))
}

fn record(tx: &mut Tx<'_>, id: TeamId, kind: &'static str, data: Value) -> Result<Team, TeamError> {
    let team: Team = diesel::update(teams::table.find(id))
        .set(teams::version.eq(teams::version + 1))
        .returning(teams::all_columns)
        .get_result(tx.conn)?;
    tx.record(Draft {
        stream: "team",
        stream_id: id.0,
        seq: team.version,
        kind,
        data,
        facts: Value::Null,
        decision: None,
    })?;
    Ok(team)
}
