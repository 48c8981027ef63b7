//! The names of everybody and everything that a page of the audit is about, in a few queries.

use std::collections::HashMap;

use diesel::QueryResult;
use serde_json::Value;

use super::queries::Entry;
use crate::accounts::{self, Person, PersonId, people_by_id, rules, strangers};
use crate::forms::{self, list_all_request_types};
use crate::organisations::{self, OrganisationId, organisation_names};
use crate::platform::company::Group;
use crate::platform::db::Conn;
use crate::platform::i18n::{Lang, Message};
use crate::settings;
use crate::sla::calendars::{commands as calendars, queries::list_calendars};
use crate::sla::policies::{commands as policies, queries::list_policies};
use crate::teams::{self, list_all_teams};

/// What something is called, and where it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    pub label: String,
    pub href: Option<String>,
}

/// Names by key.
#[derive(Default)]
pub(super) struct Names {
    pub people: HashMap<PersonId, Person>,
    teams: HashMap<i64, String>,
    organisations: HashMap<i64, String>,
    request_types: HashMap<i64, (String, String)>,
    calendars: HashMap<i64, String>,
    policies: HashMap<i64, String>,
}

impl Names {
    /// Reads what the entries need: no more queries for many of them than for one.
    pub(super) fn load(conn: &mut Conn, entries: &[Entry]) -> QueryResult<Self> {
        let is = |stream: &str| entries.iter().any(|entry| entry.event.stream == stream);
        let mut names = Self {
            people: people_by_id(conn, entries.iter().flat_map(people_of))?,
            ..Self::default()
        };
        if is(teams::STREAM) {
            let all = list_all_teams(conn)?;
            names.teams = all.into_iter().map(|team| (team.id.0, team.name)).collect();
        }
        if is(organisations::STREAM) {
            let ids = entries
                .iter()
                .filter(|entry| entry.event.stream == organisations::STREAM)
                .map(|entry| OrganisationId(entry.event.stream_id));
            let all = organisation_names(conn, ids)?;
            names.organisations = all.into_iter().map(|(id, name)| (id.0, name)).collect();
        }
        if is(forms::STREAM) {
            let all = list_all_request_types(conn)?.into_iter();
            names.request_types = all
                .map(|kind| (kind.id.0, (kind.name_fr, kind.name_en)))
                .collect();
        }
        if is(calendars::STREAM) {
            let all = list_calendars(conn)?.into_iter();
            names.calendars = all.map(|row| (row.id.0, row.name)).collect();
        }
        if is(policies::STREAM) {
            let all = list_policies(conn)?.into_iter();
            names.policies = all.map(|row| (row.id.0, row.name)).collect();
        }
        Ok(names)
    }

    /// A person; somebody who is not known any more by their key.
    pub(super) fn person(&self, id: i64) -> Named {
        let known = self.people.get(&PersonId(id));
        Named {
            label: known.map_or_else(|| format!("#{id}"), |person| person.name.clone()),
            href: known.map(|_| format!("/manage/people/{id}")),
        }
    }

    /// What an entry is about.
    pub(super) fn about(&self, entry: &Entry, lang: Lang) -> Option<Named> {
        let id = entry.event.stream_id;
        let thing = |name: Option<&String>, place: &str| Named {
            label: name.cloned().unwrap_or_else(|| format!("#{id}")),
            href: name.map(|_| format!("/manage/{place}/{id}")),
        };
        let plain = |label: String, href: Option<String>| Named { label, href };
        Some(match entry.event.stream.as_str() {
            accounts::STREAM => self.person(id),
            teams::STREAM => thing(self.teams.get(&id), "teams"),
            organisations::STREAM => thing(self.organisations.get(&id), "organisations"),
            forms::STREAM => {
                let name = self.request_types.get(&id).map(|(fr, en)| match lang {
                    Lang::Fr => fr,
                    Lang::En => en,
                });
                thing(name, "request-types")
            }
            calendars::STREAM => thing(self.calendars.get(&id), "calendars"),
            policies::STREAM => thing(self.policies.get(&id), "policies"),
            settings::STREAM => {
                let group = Group::ALL.iter().find(|group| group.number() == id)?;
                let label = Message::new(&format!("settings-group-{group}")).render(lang);
                plain(label, Some(format!("/manage/settings/{group}")))
            }
            rules::STREAM if entry.event.kind == "rules_changed" => plain(
                Message::new("sign-in-rules-title").render(lang),
                Some("/manage/sign-in".to_owned()),
            ),
            accounts::DENIALS => {
                let reference = entry.event.data.get("reference")?.as_str()?;
                let href = format!("/desk/tickets/{reference}");
                plain(
                    reference.to_owned(),
                    (!reference.is_empty()).then_some(href),
                )
            }
            strangers::STREAM => plain(
                Message::new("audit-stranger")
                    .text("print", strangers::shown(id))
                    .render(lang),
                None,
            ),
            _ => return None,
        })
    }
}

/// Everybody whom an entry names.
fn people_of(entry: &Entry) -> Vec<PersonId> {
    let event = &entry.event;
    let mut people: Vec<i64> = event.actor.person().into_iter().collect();
    if event.stream == accounts::STREAM {
        people.push(event.stream_id);
    }
    people.extend(event.data.get("person").and_then(Value::as_i64));
    people.extend(keys(&event.data, "old"));
    people.extend(keys(&event.data, "new"));
    people.into_iter().map(PersonId).collect()
}

/// The keys in a list of an event's data.
pub(super) fn keys(data: &Value, name: &str) -> Vec<i64> {
    let list = data.get(name).and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(Value::as_i64)
        .collect()
}
