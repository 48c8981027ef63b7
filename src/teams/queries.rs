//! Reading teams.

use diesel::prelude::*;

use super::model::{Team, TeamId};
use crate::accounts::PersonId;
use crate::platform::db::Conn;
use crate::schema::{team_members, teams};

/// Teams that tickets can be handed to, by name.
///
/// # Errors
/// When the database refuses.
pub fn list_teams(conn: &mut Conn) -> QueryResult<Vec<Team>> {
    teams::table
        .filter(teams::archived_at.is_null())
        .order(teams::folded_name.asc())
        .select(Team::as_select())
        .load(conn)
}

/// All teams, archived ones among them, by name.
///
/// # Errors
/// When the database refuses.
pub fn list_all_teams(conn: &mut Conn) -> QueryResult<Vec<Team>> {
    teams::table
        .order(teams::folded_name.asc())
        .select(Team::as_select())
        .load(conn)
}

/// One team, archived or not.
///
/// # Errors
/// `NotFound`, or when the database refuses.
pub fn get_team(conn: &mut Conn, id: TeamId) -> QueryResult<Team> {
    teams::table.find(id).select(Team::as_select()).first(conn)
}

/// Whether there is such a team and it takes requests still.
///
/// # Errors
/// When the database refuses.
pub fn is_in_use(conn: &mut Conn, id: TeamId) -> QueryResult<bool> {
    let team = get_team(conn, id).optional()?;
    Ok(team.is_some_and(|team| team.archived_at.is_none()))
}

/// The teams that a person belongs to.
///
/// # Errors
/// When the database refuses.
pub fn teams_of(conn: &mut Conn, person: PersonId) -> QueryResult<Vec<TeamId>> {
    team_members::table
        .filter(team_members::person_id.eq(person))
        .order(team_members::team_id.asc())
        .select(team_members::team_id)
        .load(conn)
}

/// The people in a team.
///
/// # Errors
/// When the database refuses.
pub fn members_of(conn: &mut Conn, team: TeamId) -> QueryResult<Vec<PersonId>> {
    team_members::table
        .filter(team_members::team_id.eq(team))
        .order(team_members::person_id.asc())
        .select(team_members::person_id)
        .load(conn)
}

/// Who belongs to which team.
///
/// # Errors
/// When the database refuses.
pub fn list_memberships(conn: &mut Conn) -> QueryResult<Vec<(TeamId, PersonId)>> {
    team_members::table
        .order((team_members::team_id.asc(), team_members::person_id.asc()))
        .select((team_members::team_id, team_members::person_id))
        .load(conn)
}
