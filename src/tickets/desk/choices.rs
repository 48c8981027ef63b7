//! What the selects of the desk offer.

use diesel::QueryResult;

use super::directory;
use super::labels;
use super::reader::Reader;
use crate::accounts::{Person, PersonId, list_active_agents};
use crate::forms::{RequestType, RequestTypeId, list_all_request_types};
use crate::platform::db::Conn;
use crate::platform::i18n::Message;
use crate::platform::web::widgets::SelectOption;
use crate::teams::{Team, TeamId, list_all_teams};
use crate::tickets::model::{Priority, Status};

/// Teams, agents, kinds of request and labels: what filters and forms choose from.
#[derive(Debug)]
pub(super) struct Choices {
    pub teams: Vec<Team>,
    pub agents: Vec<Person>,
    pub request_types: Vec<RequestType>,
    pub tags: Vec<String>,
}

impl Choices {
    pub fn load(conn: &mut Conn) -> QueryResult<Self> {
        Ok(Self {
            teams: list_all_teams(conn)?,
            agents: list_active_agents(conn)?,
            request_types: list_all_request_types(conn)?,
            tags: directory::list_known_tags(conn)?,
        })
    }

    pub fn team(&self, id: TeamId) -> Option<&Team> {
        self.teams.iter().find(|team| team.id == id)
    }

    pub fn request_type(&self, id: RequestTypeId) -> Option<&RequestType> {
        self.request_types.iter().find(|kind| kind.id == id)
    }

    /// Teams in use, and `present` even when it is not.
    pub fn team_options(&self, present: Option<TeamId>) -> Vec<SelectOption> {
        self.teams
            .iter()
            .filter(|team| team.archived_at.is_none() || Some(team.id) == present)
            .map(|team| SelectOption::new(team.id.to_string(), &team.name))
            .collect()
    }

    /// Agents, the reader first and named as such; `present` even when their account is closed.
    pub fn agent_options(
        &self,
        reader: &Reader,
        present: Option<(PersonId, &str)>,
    ) -> Vec<SelectOption> {
        let gone = present.filter(|(id, _)| self.agents.iter().all(|known| known.id != *id));
        let mut options: Vec<SelectOption> = self
            .agents
            .iter()
            .map(|agent| (agent.id, agent.name.as_str()))
            .chain(gone)
            .map(|(id, name)| {
                let label = if id == reader.me {
                    Message::new("label-me")
                        .text("name", name)
                        .render(reader.lang)
                } else {
                    name.to_owned()
                };
                SelectOption::new(id.to_string(), label)
            })
            .collect();
        let me = reader.me.to_string();
        options.sort_by_key(|option| option.value != me);
        options
    }

    /// Kinds in use, and `present` even when it is not.
    pub fn type_options(
        &self,
        reader: &Reader,
        present: Option<RequestTypeId>,
    ) -> Vec<SelectOption> {
        self.request_types
            .iter()
            .filter(|kind| kind.archived_at.is_none() || Some(kind.id) == present)
            .map(|kind| SelectOption::new(kind.id.to_string(), kind.name(reader.lang)))
            .collect()
    }
}

pub(super) fn priorities(reader: &Reader) -> Vec<SelectOption> {
    Priority::ALL
        .iter()
        .map(|&p| SelectOption::new(p.as_str(), labels::priority(reader.lang, p)))
        .collect()
}

pub(super) fn statuses(reader: &Reader, which: impl Fn(Status) -> bool) -> Vec<SelectOption> {
    Status::ALL
        .iter()
        .filter(|status| which(**status))
        .map(|&s| SelectOption::new(s.as_str(), labels::status(reader.lang, s)))
        .collect()
}
