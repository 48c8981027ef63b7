//! The names of what conditions and policies refer to.

use std::collections::HashMap;

use diesel::QueryResult;

use crate::forms::{RequestType, RequestTypeId, list_all_request_types};
use crate::organisations::{OrganisationId, list_organisations};
use crate::platform::db::Conn;
use crate::platform::i18n::{Lang, Message};
use crate::platform::text::fold;
use crate::sla::calendars::CalendarId;
use crate::sla::calendars::model::CalendarRow;
use crate::sla::calendars::queries::list_calendars;
use crate::teams::{Team, TeamId, list_all_teams};
use crate::tickets::conditions::{Condition, Test};
use crate::tickets::{Channel, Priority, Tag};

/// Everything that a policy may name.
#[derive(Debug)]
pub(super) struct Names {
    pub kinds: Vec<RequestType>,
    pub teams: Vec<Team>,
    pub calendars: Vec<CalendarRow>,
    organisations: HashMap<OrganisationId, String>,
}

impl Names {
    pub(super) fn load(conn: &mut Conn) -> QueryResult<Self> {
        Ok(Self {
            kinds: list_all_request_types(conn)?,
            teams: list_all_teams(conn)?,
            calendars: list_calendars(conn)?,
            organisations: list_organisations(conn)?
                .into_iter()
                .map(|organisation| (organisation.id, organisation.name))
                .collect(),
        })
    }

    pub(super) fn calendar(&self, id: CalendarId) -> Option<&CalendarRow> {
        self.calendars.iter().find(|calendar| calendar.id == id)
    }

    /// The organisation of a name, however it is accented.
    pub(super) fn organisation(&self, name: &str) -> Option<OrganisationId> {
        let wanted = fold(name);
        let mut all = self.organisations.iter();
        all.find(|(_, name)| fold(name) == wanted)
            .map(|(id, _)| *id)
    }

    /// The name of an organisation.
    pub(super) fn organisation_name(&self, id: OrganisationId) -> Option<&str> {
        self.organisations.get(&id).map(String::as_str)
    }

    /// What a condition asks for, in words; nothing for one that all tickets pass.
    pub(super) fn describe(&self, condition: &Condition, lang: Lang) -> Vec<String> {
        match condition {
            Condition::All(parts) => parts
                .iter()
                .flat_map(|part| self.describe(part, lang))
                .collect(),
            Condition::Is(test) => vec![self.describe_test(test, lang)],
            Condition::Any(parts) => vec![self.group("policies-any-of", parts, lang)],
            Condition::None(parts) => vec![self.group("policies-none-of", parts, lang)],
        }
    }

    fn group(&self, key: &str, parts: &[Condition], lang: Lang) -> String {
        let parts = parts.iter().flat_map(|part| self.describe(part, lang));
        Message::new(key)
            .text("parts", parts.collect::<Vec<_>>().join("; "))
            .render(lang)
    }

    fn describe_test(&self, test: &Test, lang: Lang) -> String {
        let unknown = || Message::new("policies-unknown").render(lang);
        let names: Vec<String> = match test {
            Test::RequestType(ids) => ids
                .iter()
                .map(|id| self.kind(*id, lang).unwrap_or_else(unknown))
                .collect(),
            Test::Priority(values) => values.iter().map(|&v| priority(v, lang)).collect(),
            Test::Status(values) => values
                .iter()
                .map(|value| Message::new(&format!("label-status-{value}")).render(lang))
                .collect(),
            Test::Channel(values) => values.iter().map(|&v| channel(v, lang)).collect(),
            Test::Language(values) => values.iter().map(|v| v.endonym().to_owned()).collect(),
            Test::Organisation(ids) => ids
                .iter()
                .map(|id| {
                    let name = self.organisation_name(*id);
                    name.map_or_else(unknown, str::to_owned)
                })
                .collect(),
            Test::Team(ids) => ids
                .iter()
                .map(|id| self.team(*id).map_or_else(unknown, str::to_owned))
                .collect(),
            Test::Tag(tags) => tags.iter().map(tag_text).collect(),
        };
        let field = test.field().as_str().replace('_', "-");
        Message::new(&format!("policies-if-{field}"))
            .text("values", names.join(", "))
            .render(lang)
    }

    fn kind(&self, id: RequestTypeId, lang: Lang) -> Option<String> {
        let kind = self.kinds.iter().find(|kind| kind.id == id);
        kind.map(|kind| kind.name(lang).to_owned())
    }

    fn team(&self, id: TeamId) -> Option<&str> {
        let team = self.teams.iter().find(|team| team.id == id);
        team.map(|team| team.name.as_str())
    }
}

fn tag_text(tag: &Tag) -> String {
    tag.as_str().to_owned()
}

pub(super) fn priority(priority: Priority, lang: Lang) -> String {
    Message::new(&format!("label-priority-{priority}")).render(lang)
}

pub(super) fn channel(channel: Channel, lang: Lang) -> String {
    Message::new(&format!("label-channel-{channel}")).render(lang)
}
