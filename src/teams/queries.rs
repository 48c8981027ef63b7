//! Finding teams and who is in them.

use diesel::prelude::*;

use super::model::{Team, TeamId};
use crate::accounts::{Person, PersonId};
use crate::platform::db::Conn;
use crate::schema::{people, team_members, teams};

/// The team with this key, archived or not.
///
/// # Errors
/// `NotFound`, or that the database refuses.
pub fn get_team(conn: &mut Conn, id: TeamId) -> QueryResult<Team> {
    teams::table.find(id).select(Team::as_select()).first(conn)
}

/// As [`get_team`], for who does not know whether there is one.
///
/// # Errors
/// When the database refuses.
pub fn find_team(conn: &mut Conn, id: TeamId) -> QueryResult<Option<Team>> {
    get_team(conn, id).optional()
}

/// The teams in use, by name.
///
/// # Errors
/// When the database refuses.
pub fn list_teams(conn: &mut Conn) -> QueryResult<Vec<Team>> {
    teams::table
        .filter(teams::archived_at.is_null())
        .order((teams::folded_name.asc(), teams::id.asc()))
        .select(Team::as_select())
        .load(conn)
}

/// All teams, those put away last.
///
/// # Errors
/// When the database refuses.
pub fn list_all_teams(conn: &mut Conn) -> QueryResult<Vec<Team>> {
    teams::table
        .order((
            teams::archived_at.is_not_null().asc(),
            teams::folded_name.asc(),
            teams::id.asc(),
        ))
        .select(Team::as_select())
        .load(conn)
}

/// The teams in use that a person belongs to, by name.
///
/// # Errors
/// When the database refuses.
pub fn teams_of(conn: &mut Conn, person: PersonId) -> QueryResult<Vec<Team>> {
    team_members::table
        .inner_join(teams::table)
        .filter(team_members::person_id.eq(person))
        .filter(teams::archived_at.is_null())
        .order((teams::folded_name.asc(), teams::id.asc()))
        .select(Team::as_select())
        .load(conn)
}

/// The people of a team who can be given work, by name.
///
/// # Errors
/// When the database refuses.
pub fn members_of(conn: &mut Conn, team: TeamId) -> QueryResult<Vec<Person>> {
    team_members::table
        .inner_join(people::table)
        .filter(team_members::team_id.eq(team))
        .filter(people::disabled_at.is_null())
        .order((people::name.asc(), people::id.asc()))
        .select(Person::as_select())
        .load(conn)
}

/// Who belongs to which team, of all teams.
///
/// # Errors
/// When the database refuses.
pub(super) fn list_memberships(conn: &mut Conn) -> QueryResult<Vec<(TeamId, PersonId)>> {
    team_members::table
        .select((team_members::team_id, team_members::person_id))
        .order((team_members::team_id, team_members::person_id))
        .load(conn)
}
