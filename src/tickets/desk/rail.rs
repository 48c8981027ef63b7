//! The lists in the desk's navigation, with how much each holds.

use diesel::QueryResult;

use super::directory::team_hue;
use super::labels;
use crate::accounts::PersonId;
use crate::platform::db::Conn;
use crate::platform::web::parts::Parts;
use crate::platform::web::shell::{Rail, RailLink, RailViewer};
use crate::teams::{list_all_teams, teams_of};
use crate::tickets::counts::TicketCounts;
use crate::tickets::queries::{DeskFilter, DeskView};

/// Adds views and teams to the rail.
///
/// # Errors
/// When the database refuses.
pub fn rail(
    conn: &mut Conn,
    parts: &Parts,
    viewer: &RailViewer,
    rail: &mut Rail,
) -> QueryResult<()> {
    let me = PersonId(viewer.person_id);
    let mine = teams_of(conn, me)?;
    let counts = parts.get::<TicketCounts>();
    let counts = counts.expect("the slice of tickets opens them at start");
    let tally = counts.tally(conn, viewer.now)?;
    for &view in DeskView::ALL {
        let filter = DeskFilter::view(view, me, mine.clone(), viewer.now);
        rail.views.push(RailLink {
            key: view.to_string(),
            label: labels::view(viewer.lang, view),
            href: format!("/desk/views/{view}"),
            icon: icon(view).to_owned(),
            hue: 0,
            count: tally.count(&filter),
            current: false,
        });
    }
    for team in list_all_teams(conn)? {
        let count = tally.open_of_team(team.id);
        // A team that was closed stays in sight as long as it has work left.
        if team.archived_at.is_some() && count == 0 {
            continue;
        }
        rail.teams.push(RailLink {
            key: format!("team-{}", team.id),
            hue: team_hue(&team),
            href: format!("/desk/teams/{}", team.id),
            label: team.name,
            icon: String::new(),
            count: Some(count),
            current: false,
        });
    }
    Ok(())
}

const fn icon(view: DeskView) -> &'static str {
    match view {
        DeskView::Mine => "user",
        DeskView::Unassigned => "inbox",
        DeskView::MyTeams => "users",
        DeskView::Open => "list",
        DeskView::Waiting => "pause",
        DeskView::Solved => "circle-check",
    }
}
