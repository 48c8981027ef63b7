//! Before the first request: Orvelle's people and kinds of request, and its customers.

use super::people::{COMPANY, Company, CustomerAt, agent_email};
use super::{DemoError, Hashes, service};
use crate::accounts::commands::add_with_password;
use crate::accounts::{NewPerson, Person, PersonId, Role};
use crate::forms::{self, RequestType, RequestTypeInput};
use crate::organisations;
use crate::platform::db::Tx;
use crate::platform::i18n::Lang;
use crate::teams::{self, TeamId};

/// Who and what there is, by the places in [`Company`].
#[derive(Debug)]
pub(super) struct Cast {
    pub(super) customers: Vec<Vec<Person>>,
    pub(super) agents: Vec<Person>,
    pub(super) teams: Vec<TeamId>,
    pub(super) kinds: Vec<RequestType>,
}

impl Cast {
    pub(super) fn customer(&self, at: CustomerAt) -> &Person {
        &self.customers[at.organisation][at.person]
    }
}

/// Makes them all.
pub(super) fn found(tx: &mut Tx<'_>, hashes: &Hashes) -> Result<Cast, DemoError> {
    let company = &*COMPANY;
    let agents = employ(tx, company, hashes)?;
    let teams = form_teams(tx, company, &agents)?;
    let kinds = define_kinds(tx, company, &teams)?;
    service::set_up(tx, &kinds)?;
    Ok(Cast {
        kinds,
        customers: sign_up(tx, company, hashes)?,
        agents,
        teams,
    })
}

fn employ(tx: &mut Tx<'_>, company: &Company, hashes: &Hashes) -> Result<Vec<Person>, DemoError> {
    let mut agents = Vec::new();
    for agent in &company.agents {
        let new = person(agent_email(agent), &agent.name, agent.role, Lang::Fr);
        agents.push(add_with_password(tx, &new, hashes.of(agent.role))?);
    }
    Ok(agents)
}

fn form_teams(
    tx: &mut Tx<'_>,
    company: &Company,
    agents: &[Person],
) -> Result<Vec<TeamId>, DemoError> {
    let mut teams = Vec::new();
    for (place, entry) in company.teams.iter().enumerate() {
        let team = teams::create_team(tx, &entry.name, entry.hue)?;
        let members: Vec<PersonId> = company
            .members(place)
            .map(|(agent, _)| agents[agent].id)
            .collect();
        teams::set_members(tx, team.id, &members)?;
        teams.push(team.id);
    }
    Ok(teams)
}

/// The kinds that a new installation comes with become Orvelle's; further ones are added.
fn define_kinds(
    tx: &mut Tx<'_>,
    company: &Company,
    teams: &[TeamId],
) -> Result<Vec<RequestType>, DemoError> {
    let existing = forms::list_all_request_types(tx.conn)?;
    let mut kinds = Vec::new();
    for (place, entry) in company.kinds.iter().enumerate() {
        let input = RequestTypeInput {
            key: entry.key.clone(),
            name_fr: entry.name_fr.clone(),
            name_en: entry.name_en.clone(),
            hint_fr: entry.hint_fr.clone(),
            hint_en: entry.hint_en.clone(),
            icon: entry.icon.clone(),
            position: i32::try_from(place + 1).unwrap_or(i32::MAX),
            default_team_id: Some(teams[company.team(&entry.team)]),
            default_priority: entry.priority.to_string(),
        };
        kinds.push(match existing.get(place) {
            Some(kind) => forms::change_request_type(tx, kind.id, &input)?,
            None => forms::create_request_type(tx, &input)?,
        });
    }
    Ok(kinds)
}

fn sign_up(
    tx: &mut Tx<'_>,
    company: &Company,
    hashes: &Hashes,
) -> Result<Vec<Vec<Person>>, DemoError> {
    let mut customers: Vec<Vec<Person>> = Vec::new();
    let mut organisations = Vec::new();
    for entry in &company.organisations {
        organisations.push(organisations::create_organisation(tx, &entry.name)?.id);
        customers.push(Vec::new());
    }
    for at in company.customers() {
        let new = person(
            company.email_of(at),
            company.name_of(at),
            Role::Customer,
            company.organisation_of(at).language,
        );
        let customer = add_with_password(tx, &new, hashes.of(Role::Customer))?;
        let organisation = organisations[at.organisation];
        organisations::set_membership(tx, customer.id, Some(organisation))?;
        customers[at.organisation].push(customer);
    }
    Ok(customers)
}

fn person(email: String, name: &str, role: Role, language: Lang) -> NewPerson {
    NewPerson {
        email,
        name: name.to_owned(),
        role,
        language,
        time_zone: String::new(),
    }
}
