//! What the lists of the desk show.

use chrono::Duration;
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::Filter;
use crate::accounts::PersonId;
use crate::forms::RequestTypeId;
use crate::platform::db::Timestamp;
use crate::schema::{ticket_tags, tickets};
use crate::teams::TeamId;
use crate::tickets::model::{Priority, Stage, Status, Tag, TicketId};

/// How far back "lately" reaches.
pub(super) const LATELY: Duration = Duration::days(7);

crate::text_enum! {
    /// The lists that every agent has.
    DeskView {
        /// Open and mine.
        Mine = "mine",
        /// Open and nobody's.
        Unassigned = "unassigned",
        /// Open and of a team I belong to.
        MyTeams = "my_teams",
        /// All open ones.
        Open = "open",
        /// Those that wait for the customer.
        Waiting = "waiting",
        /// Resolved or confirmed within seven days.
        Solved = "solved",
    }
}

/// Whose tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Nobody's.
    Nobody,
    /// An agent's.
    Agent(PersonId),
}

/// What a list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskFilter {
    /// Who looks: "mine" and "my teams" depend on it.
    pub viewer: PersonId,
    /// The viewer's teams.
    pub teams: Vec<TeamId>,
    /// The instant that "lately" counts from.
    pub now: Timestamp,
    /// The list.
    pub view: DeskView,
    /// Of one team.
    pub team: Option<TeamId>,
    /// Of one agent, or nobody's.
    pub owner: Option<Owner>,
    /// At one stage: replaces the view's own statuses.
    pub stage: Option<Stage>,
    /// With one status.
    pub status: Option<Status>,
    /// With one priority.
    pub priority: Option<Priority>,
    /// Of one kind.
    pub request_type: Option<RequestTypeId>,
    /// With one label.
    pub tag: Option<Tag>,
    /// Those that its words left.
    pub found: Option<Vec<TicketId>>,
}

impl DeskFilter {
    /// A whole list.
    #[must_use]
    pub const fn view(
        view: DeskView,
        viewer: PersonId,
        teams: Vec<TeamId>,
        now: Timestamp,
    ) -> Self {
        Self {
            viewer,
            teams,
            now,
            view,
            team: None,
            owner: None,
            stage: None,
            status: None,
            priority: None,
            request_type: None,
            tag: None,
            found: None,
        }
    }

    /// Conditions other than on status.
    pub(super) fn attributes(&self) -> Filter {
        let mut filter: Filter = match self.view {
            DeskView::Mine => Box::new(is_true(tickets::assignee_id.eq(self.viewer))),
            DeskView::Unassigned => Box::new(tickets::assignee_id.is_null()),
            DeskView::MyTeams => Box::new(is_true(tickets::team_id.eq_any(self.teams.clone()))),
            DeskView::Open | DeskView::Waiting | DeskView::Solved => anything(),
        };
        if let Some(team) = self.team {
            filter = Box::new(filter.and(is_true(tickets::team_id.eq(team))));
        }
        filter = match self.owner {
            Some(Owner::Nobody) => Box::new(filter.and(tickets::assignee_id.is_null())),
            Some(Owner::Agent(id)) => Box::new(filter.and(is_true(tickets::assignee_id.eq(id)))),
            None => filter,
        };
        if let Some(priority) = self.priority {
            filter = Box::new(filter.and(tickets::priority.eq(priority)));
        }
        if let Some(kind) = self.request_type {
            filter = Box::new(filter.and(tickets::request_type_id.eq(kind)));
        }
        if let Some(tag) = &self.tag {
            let tagged = ticket_tags::table
                .filter(ticket_tags::ticket_id.eq(tickets::id))
                .filter(ticket_tags::tag.eq(tag.as_str().to_owned()));
            filter = Box::new(filter.and(exists(tagged)));
        }
        match &self.found {
            None => filter,
            Some(ids) => Box::new(filter.and(tickets::id.eq_any(ids.clone()))),
        }
    }

    /// The condition on status.
    pub(super) fn standing(&self) -> Filter {
        if let Some(status) = self.status {
            return Box::new(
                tickets::status
                    .eq(status)
                    .and(tickets::open.eq(status.is_open())),
            );
        }
        match self.stage {
            Some(Stage::Confirmed) => self.lately(&[Status::Closed]),
            Some(stage) => {
                let open = stage.statuses().iter().all(|status| status.is_open());
                Box::new(
                    tickets::status
                        .eq_any(stage.statuses())
                        .and(tickets::open.eq(open)),
                )
            }
            None => match self.view {
                DeskView::Waiting => Box::new(
                    tickets::status
                        .eq(Status::Pending)
                        .and(tickets::open.eq(true)),
                ),
                DeskView::Solved => self.lately(&[Status::Resolved, Status::Closed]),
                DeskView::Mine | DeskView::Unassigned | DeskView::MyTeams | DeskView::Open => {
                    Box::new(tickets::open.eq(true))
                }
            },
        }
    }

    fn lately(&self, statuses: &'static [Status]) -> Filter {
        Box::new(
            tickets::status
                .eq_any(statuses)
                .and(tickets::open.eq(false))
                .and(tickets::updated_at.ge(self.now - LATELY)),
        )
    }
}

/// A comparison with a nullable column as a plain truth value: unknown counts as false.
fn is_true<E>(condition: E) -> diesel::dsl::AssumeNotNull<E>
where
    E: Expression,
    E::SqlType: diesel::sql_types::SqlType,
    diesel::dsl::AssumeNotNull<E>: Expression,
{
    condition.assume_not_null()
}

diesel::define_sql_function! {
    /// Lower case: of ASCII letters only on SQLite.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// A reference or a subject that begins with a text.
pub(super) fn begins_with(text: &str) -> Filter {
    let literal = text
        .to_lowercase()
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    let pattern = format!("{literal}%");
    Box::new(
        lower(tickets::reference)
            .like(pattern.clone())
            .escape('\\')
            .or(lower(tickets::subject).like(pattern).escape('\\')),
    )
}

/// No condition: one on a column would offer the engine a way in that leads to every row.
fn anything() -> Filter {
    Box::new(true.into_sql::<Bool>())
}
