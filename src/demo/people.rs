//! Orvelle's teams, agents and kinds of request, and its customers.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::accounts::Role;
use crate::platform::i18n::Lang;
use crate::platform::text::fold;
use crate::tickets::Priority;

/// Orvelle's own domain.
const DOMAIN: &str = "orvelle.example";

/// Who there is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Company {
    pub(super) teams: Vec<TeamEntry>,
    pub(super) agents: Vec<AgentEntry>,
    pub(super) kinds: Vec<KindEntry>,
    pub(super) organisations: Vec<OrganisationEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TeamEntry {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) hue: u8,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgentEntry {
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) teams: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindEntry {
    pub(super) key: String,
    pub(super) name_fr: String,
    pub(super) name_en: String,
    pub(super) hint_fr: String,
    pub(super) hint_en: String,
    pub(super) icon: String,
    pub(super) team: String,
    pub(super) priority: Priority,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganisationEntry {
    pub(super) name: String,
    pub(super) domain: String,
    pub(super) language: Lang,
    /// Places, as they follow "the connection drops".
    pub(super) sites: Vec<String>,
    pub(super) people: Vec<String>,
}

/// A customer, by the places of their company and of themselves in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CustomerAt {
    pub(super) organisation: usize,
    pub(super) person: usize,
}

/// The company of the demonstration.
pub(super) static COMPANY: LazyLock<Company> = LazyLock::new(|| {
    serde_saphyr::from_str(include_str!("company.yaml")).expect("company.yaml is well formed")
});

impl Company {
    /// Every customer, company by company: the order in which they are made.
    pub(super) fn customers(&self) -> impl Iterator<Item = CustomerAt> + '_ {
        self.organisations
            .iter()
            .enumerate()
            .flat_map(|(organisation, entry)| {
                (0..entry.people.len()).map(move |person| CustomerAt {
                    organisation,
                    person,
                })
            })
    }

    pub(super) fn organisation_of(&self, at: CustomerAt) -> &OrganisationEntry {
        &self.organisations[at.organisation]
    }

    pub(super) fn name_of(&self, at: CustomerAt) -> &str {
        &self.organisation_of(at).people[at.person]
    }

    /// The address of a customer.
    pub(super) fn email_of(&self, at: CustomerAt) -> String {
        address(self.name_of(at), &self.organisation_of(at).domain)
    }

    /// The place of a team in [`Company::teams`].
    pub(super) fn team(&self, key: &str) -> usize {
        place(&self.teams, |team| team.key == key)
    }

    /// The place of a kind in [`Company::kinds`].
    pub(super) fn kind(&self, key: &str) -> usize {
        place(&self.kinds, |kind| kind.key == key)
    }

    /// The place of an agent in [`Company::agents`].
    pub(super) fn agent(&self, name: &str) -> usize {
        place(&self.agents, |agent| agent.name == name)
    }

    /// The agents of a team, and how much of its work each does.
    pub(super) fn members(&self, team: usize) -> impl Iterator<Item = (usize, u64)> + '_ {
        let key = &self.teams[team].key;
        self.agents
            .iter()
            .enumerate()
            .filter_map(move |(agent, entry)| {
                let rank = entry.teams.iter().position(|team| team == key)?;
                Some((agent, if rank == 0 { 4 } else { 1 }))
            })
    }
}

/// The address of an agent.
pub(super) fn agent_email(agent: &AgentEntry) -> String {
    address(&agent.name, DOMAIN)
}

/// What somebody is called by.
pub(super) fn first_name(name: &str) -> &str {
    name.split(' ').next().unwrap_or(name)
}

/// `yann.legoff@orvelle.example`.
fn address(name: &str, domain: &str) -> String {
    let (first, last) = name.split_once(' ').unwrap_or((name, ""));
    let plain = |text: &str| -> String {
        fold(text)
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect()
    };
    format!("{}.{}@{domain}", plain(first), plain(last))
}

/// The data are part of the program: that what they name exists is checked by a test.
fn place<T>(all: &[T], is_it: impl FnMut(&T) -> bool) -> usize {
    all.iter()
        .position(is_it)
        .expect("what the demonstration's data name exists")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_company_is_of_the_size_that_is_promised() {
        assert_eq!(COMPANY.organisations.len(), 12);
        assert_eq!(COMPANY.customers().count(), 60);
        assert_eq!(COMPANY.agents.len(), 8);
        assert_eq!(COMPANY.teams.len(), 4);
        assert_eq!(COMPANY.kinds.len(), 6);
    }

    #[test]
    fn addresses_are_distinct_and_plain() {
        let mut seen = BTreeSet::new();
        for at in COMPANY.customers() {
            assert!(seen.insert(COMPANY.email_of(at)));
        }
        for agent in &COMPANY.agents {
            assert!(seen.insert(agent_email(agent)));
        }
        assert!(seen.iter().all(|email| email.is_ascii()));
        assert!(seen.contains("yann.legoff@orvelle.example"));
    }

    #[test]
    fn every_team_has_people_and_every_kind_a_team() {
        for team in 0..COMPANY.teams.len() {
            assert!(COMPANY.members(team).count() >= 2);
        }
        for kind in &COMPANY.kinds {
            assert!(COMPANY.team(&kind.team) < 4);
        }
        for agent in &COMPANY.agents {
            assert!(agent.teams.iter().all(|team| COMPANY.team(team) < 4));
        }
    }
}
