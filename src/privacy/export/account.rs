//! The account itself.

use diesel::prelude::*;
use serde::Serialize;

use super::pages::Fact;
use super::{ExportError, Job};
use crate::accounts::factor;
use crate::accounts::sessions::list_sessions;
use crate::schema::{organisation_members, organisations};
use crate::teams::{list_all_teams, teams_of};

/// The account as programs read it.
#[derive(Serialize)]
pub(super) struct Account {
    exported_at: String,
    portal: String,
    email: String,
    name: String,
    role: &'static str,
    language: &'static str,
    time_zone: Option<String>,
    organisation: Option<String>,
    teams: Vec<String>,
    known_since: String,
    address_proven_at: Option<String>,
    has_password: bool,
    second_factor_since: Option<String>,
    sessions: Vec<OpenSession>,
}

#[derive(Serialize)]
struct OpenSession {
    device: String,
    network: String,
    opened_at: String,
    last_used_at: String,
}

pub(super) fn read(copy: &Job<'_>) -> Result<Account, ExportError> {
    let person = copy.person;
    let limits = copy.site.settings.sessions;
    let (factor, open, organisation, teams) = copy.read(|conn| {
        let organisation: Option<String> = organisation_members::table
            .inner_join(organisations::table)
            .filter(organisation_members::person_id.eq(person.id))
            .select(organisations::name)
            .first(conn)
            .optional()?;
        let own = teams_of(conn, person.id)?;
        let teams: Vec<String> = list_all_teams(conn)?
            .into_iter()
            .filter(|team| own.contains(&team.id))
            .map(|team| team.name)
            .collect();
        Ok((
            factor::summary(conn, person.id)?,
            list_sessions(conn, person, copy.now, &limits)?,
            organisation,
            teams,
        ))
    })?;
    Ok(Account {
        exported_at: copy.now.rfc3339(),
        portal: copy.site.settings.public_url.clone(),
        email: person.email.clone(),
        name: person.name.clone(),
        role: person.role.as_str(),
        language: person.language.as_str(),
        time_zone: Some(person.time_zone.clone()).filter(|zone| !zone.is_empty()),
        organisation,
        teams,
        known_since: person.created_at.rfc3339(),
        address_proven_at: person.confirmed_at.map(|at| at.rfc3339()),
        has_password: person.password_hash.is_some(),
        second_factor_since: factor.map(|(since, _)| since.rfc3339()),
        sessions: open
            .into_iter()
            .map(|session| OpenSession {
                device: session.place.device,
                network: session.place.network,
                opened_at: session.created_at.rfc3339(),
                last_used_at: session.seen_at.rfc3339(),
            })
            .collect(),
    })
}

/// The account as people read it.
pub(super) fn facts(copy: &Job<'_>, account: &Account) -> Vec<Fact> {
    let person = copy.person;
    let day = |at| copy.calendar.day(at);
    let mut facts = vec![
        ("sign-name", account.name.clone()),
        ("people-column-email", account.email.clone()),
        (
            "people-column-role",
            copy.say(&format!("role-{}", account.role)),
        ),
        ("profile-language", person.language.endonym().to_owned()),
        ("people-since", day(person.created_at)),
    ];
    let optional = [
        ("profile-time-zone", account.time_zone.clone()),
        ("export-organisation", account.organisation.clone()),
        (
            "teams-title",
            Some(account.teams.join(", ")).filter(|teams| !teams.is_empty()),
        ),
        ("export-proven", person.confirmed_at.map(day)),
    ];
    facts.extend(
        optional
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?))),
    );
    let places = account.sessions.iter().map(|session| {
        let place = [session.device.as_str(), session.network.as_str()];
        ("profile-sessions", place.join(" · "))
    });
    facts.extend(places);
    facts
        .into_iter()
        .map(|(key, value)| Fact {
            label: copy.say(key),
            value,
        })
        .collect()
}
