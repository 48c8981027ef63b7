//! How many tickets stand where: counted once for every list of the desk.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::desk::StageCount;
use super::filter::{DeskFilter, DeskView, LATELY, Owner};
use crate::accounts::PersonId;
use crate::platform::db::{Conn, Timestamp};
use crate::schema::tickets;
use crate::teams::TeamId;
use crate::tickets::model::{Stage, Status};

/// Tickets that have status, team and assignee in common.
#[derive(Clone, Debug, Queryable)]
struct Group {
    status: Status,
    team: Option<TeamId>,
    assignee: Option<PersonId>,
    count: i64,
}

/// The groups of all tickets that the desk's lists are made of: as many as teams and agents make,
/// however many tickets there are.
#[derive(Clone, Debug)]
pub struct Tally {
    /// The open ones.
    open: Vec<Group>,
    /// The resolved ones.
    resolved: Vec<Group>,
    /// The resolved and confirmed ones of the last seven days.
    lately: Vec<Group>,
}

impl Tally {
    /// Counts, in three statements that read nothing but an index.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn read(conn: &mut Conn, now: Timestamp) -> QueryResult<Self> {
        macro_rules! groups {
            ($condition:expr) => {
                tickets::table
                    .filter($condition)
                    .group_by((tickets::status, tickets::team_id, tickets::assignee_id))
                    .select((
                        tickets::status,
                        tickets::team_id,
                        tickets::assignee_id,
                        count_star(),
                    ))
                    .load::<Group>(conn)?
            };
        }
        Ok(Self {
            open: groups!(tickets::open.eq(true)),
            resolved: groups!(
                tickets::open
                    .eq(false)
                    .and(tickets::status.eq(Status::Resolved))
            ),
            lately: groups!(
                tickets::open
                    .eq(false)
                    .and(tickets::updated_at.ge(now - LATELY))
            ),
        })
    }

    /// How many tickets a list holds; none when the list asks for more than the groups know.
    #[must_use]
    pub fn count(&self, filter: &DeskFilter) -> Option<i64> {
        let (groups, statuses) = self.standing(filter)?;
        Some(
            groups
                .iter()
                .filter(|group| statuses.contains(&group.status) && group.belongs(filter))
                .map(|group| group.count)
                .sum(),
        )
    }

    /// How many tickets of a list stand at each stage, whatever stage it shows; none when the
    /// list asks for more than the groups know.
    #[must_use]
    pub fn stages(&self, filter: &DeskFilter) -> Option<Vec<StageCount>> {
        let of_stage = |&stage: &Stage| {
            let filter = DeskFilter {
                stage: Some(stage),
                status: None,
                ..filter.clone()
            };
            let nobodys = DeskFilter {
                owner: Some(Owner::Nobody),
                ..filter.clone()
            };
            let unassigned = match filter.owner {
                Some(Owner::Agent(_)) => 0,
                Some(Owner::Nobody) | None => self.count(&nobodys)?,
            };
            Some(StageCount {
                stage,
                count: self.count(&filter)?,
                unassigned,
            })
        };
        Stage::ALL.iter().map(of_stage).collect()
    }

    /// How many open tickets a team has.
    #[must_use]
    pub fn open_of_team(&self, team: TeamId) -> i64 {
        let groups = self.open.iter().filter(|group| group.team == Some(team));
        groups.map(|group| group.count).sum()
    }

    /// The groups that a list is made of, and which statuses of them.
    fn standing(&self, filter: &DeskFilter) -> Option<(&[Group], &'static [Status])> {
        let more = filter.priority.is_some()
            || filter.request_type.is_some()
            || filter.tag.is_some()
            || filter.found.is_some();
        if more {
            return None;
        }
        if let Some(status) = filter.status {
            return match status {
                Status::Closed => None,
                Status::Resolved => Some((&self.resolved, one(status))),
                _ => Some((&self.open, one(status))),
            };
        }
        Some(match filter.stage {
            Some(stage @ Stage::Confirmed) => (&self.lately, stage.statuses()),
            Some(stage @ Stage::Resolved) => (&self.resolved, stage.statuses()),
            Some(stage) => (&self.open, stage.statuses()),
            None => match filter.view {
                DeskView::Waiting => (&self.open, one(Status::Pending)),
                DeskView::Solved => (&self.lately, Status::ALL),
                DeskView::Mine | DeskView::Unassigned | DeskView::MyTeams | DeskView::Open => {
                    (&self.open, Status::ALL)
                }
            },
        })
    }
}

/// A list of one status.
fn one(status: Status) -> &'static [Status] {
    let place = Status::ALL.iter().position(|&other| other == status);
    place.map_or(&[], |place| &Status::ALL[place..=place])
}

impl Group {
    /// Whether the group is within what a list asks for beside the status.
    fn belongs(&self, filter: &DeskFilter) -> bool {
        let view = match filter.view {
            DeskView::Mine => self.assignee == Some(filter.viewer),
            DeskView::Unassigned => self.assignee.is_none(),
            DeskView::MyTeams => self.team.is_some_and(|team| filter.teams.contains(&team)),
            DeskView::Open | DeskView::Waiting | DeskView::Solved => true,
        };
        let owner = match filter.owner {
            Some(Owner::Nobody) => self.assignee.is_none(),
            Some(Owner::Agent(id)) => self.assignee == Some(id),
            None => true,
        };
        view && owner && filter.team.is_none_or(|team| self.team == Some(team))
    }
}
