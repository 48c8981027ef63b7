//! Names of people, companies and teams, and labels, for a whole page at once.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;

use crate::accounts::{Person, PersonId, people_by_id};
use crate::both;
use crate::organisations::{OrganisationId, organisation_names};
use crate::platform::db::Conn;
use crate::platform::text::initials;
use crate::platform::web::shell::hue;
use crate::platform::web::widgets::{PersonChip, TeamChip};
use crate::schema::ticket_tags;
use crate::teams::{Team, TeamId, list_all_teams};
use crate::tickets::model::{Ticket, TicketId};

/// What keys stand for.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    people: HashMap<PersonId, Person>,
    organisations: HashMap<OrganisationId, String>,
    teams: HashMap<TeamId, TeamChip>,
    tags: HashMap<TicketId, Vec<String>>,
}

impl Directory {
    /// Everything that rows of tickets refer to, in four statements.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of_tickets(conn: &mut Conn, tickets: &[Ticket]) -> QueryResult<Self> {
        Self::of(conn, tickets, &[])
    }

    /// The same, and other people besides.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of(conn: &mut Conn, tickets: &[Ticket], others: &[PersonId]) -> QueryResult<Self> {
        let asked: HashSet<PersonId> = tickets
            .iter()
            .flat_map(|t| [Some(t.requester_id), t.assignee_id])
            .flatten()
            .chain(others.iter().copied())
            .collect();
        let companies: HashSet<OrganisationId> =
            tickets.iter().filter_map(|t| t.organisation_id).collect();
        let keys: Vec<TicketId> = tickets.iter().map(|t| t.id).collect();
        Ok(Self {
            people: people_by_id(conn, asked)?,
            organisations: organisation_names(conn, companies)?,
            teams: list_all_teams(conn)?
                .into_iter()
                .map(|team| (team.id, team_chip(&team)))
                .collect(),
            tags: tags_of_all(conn, &keys)?,
        })
    }

    /// The name of somebody; none when their data was erased.
    pub fn name(&self, id: PersonId) -> Option<&str> {
        self.people.get(&id).map(|person| person.name.as_str())
    }

    /// The account of somebody.
    pub fn account(&self, id: PersonId) -> Option<&Person> {
        self.people.get(&id)
    }

    /// Somebody with their disc.
    pub fn person(&self, id: PersonId) -> Option<PersonChip> {
        self.name(id).map(chip)
    }

    /// The name of a company.
    pub fn organisation(&self, id: Option<OrganisationId>) -> Option<&str> {
        self.organisations.get(&id?).map(String::as_str)
    }

    /// A team with its square.
    pub fn team(&self, id: Option<TeamId>) -> Option<TeamChip> {
        self.teams.get(&id?).cloned()
    }

    /// The labels of a ticket, sorted.
    pub fn tags(&self, id: TicketId) -> &[String] {
        self.tags.get(&id).map_or(&[], Vec::as_slice)
    }
}

/// A name with its disc.
pub(super) fn chip(name: &str) -> PersonChip {
    PersonChip {
        name: name.to_owned(),
        initials: initials(name),
        hue: hue(name),
    }
}

/// A team with its square.
pub(super) fn team_chip(team: &Team) -> TeamChip {
    TeamChip {
        name: team.name.clone(),
        hue: team_hue(team),
    }
}

/// The colour of a team's square, 0 to 7.
pub(super) fn team_hue(team: &Team) -> u8 {
    u8::try_from(team.hue.rem_euclid(8)).unwrap_or_default()
}

/// Labels in use, in alphabetical order: one step in the index from each to the next, however
/// many tickets carry it. `SELECT DISTINCT` would read every entry.
pub(super) fn list_known_tags(conn: &mut Conn) -> QueryResult<Vec<String>> {
    #[derive(QueryableByName)]
    struct Known {
        #[diesel(sql_type = Text)]
        tag: String,
    }
    let known: Vec<Known> = both!(conn, |conn| sql_query(
        "WITH RECURSIVE known (tag) AS (
           SELECT MIN(tag) FROM ticket_tags
           UNION ALL
           SELECT (SELECT MIN(following.tag) FROM ticket_tags AS following
                   WHERE following.tag > known.tag)
           FROM known WHERE known.tag IS NOT NULL
         )
         SELECT tag FROM known WHERE tag IS NOT NULL LIMIT 200"
    )
    .load(conn))?;
    let mut tags: Vec<String> = known.into_iter().map(|known| known.tag).collect();
    tags.sort();
    Ok(tags)
}

fn tags_of_all(
    conn: &mut Conn,
    tickets: &[TicketId],
) -> QueryResult<HashMap<TicketId, Vec<String>>> {
    let rows: Vec<(TicketId, String)> = ticket_tags::table
        .filter(ticket_tags::ticket_id.eq_any(tickets))
        .order((ticket_tags::ticket_id.asc(), ticket_tags::tag.asc()))
        .select((ticket_tags::ticket_id, ticket_tags::tag))
        .load(conn)?;
    let mut tags: HashMap<TicketId, Vec<String>> = HashMap::new();
    for (ticket, tag) in rows {
        tags.entry(ticket).or_default().push(tag);
    }
    Ok(tags)
}
