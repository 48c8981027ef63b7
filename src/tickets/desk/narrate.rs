//! What happened to a ticket, told in sentences.
//!
//! One act is what one person did at one moment: a form that sets three properties is three
//! events and one act.

use std::collections::HashSet;

use super::choices::Choices;
use super::directory::Directory;
use super::labels;
use super::reader::Reader;
use crate::accounts::PersonId;
use crate::platform::db::{Actor, Timestamp};
use crate::platform::events::Recorded;
use crate::platform::i18n::Message;
use crate::teams::TeamId;
use crate::tickets::desk_pages::{Change, PersonChip};
use crate::tickets::events::TicketEvent;
use crate::tickets::model::{AuthorKind, Reason, Status, Tag, Visibility};

/// A ticket's history as it is stored.
pub(super) type History = [(Recorded, TicketEvent)];

/// What somebody did at one moment.
#[derive(Debug)]
pub(super) struct Act {
    /// Number of its first event.
    pub seq: i64,
    pub at: Timestamp,
    pub icon: &'static str,
    /// Who did what, and why when a rule did it.
    pub text: String,
    pub changes: Vec<Change>,
    /// Whether it is a message or the filing itself, which the thread shows as such.
    pub is_written: bool,
}

/// What names are looked up in.
pub(super) struct Teller<'a> {
    pub reader: &'a Reader,
    pub directory: &'a Directory,
    pub choices: &'a Choices,
}

/// Everybody that a history names.
pub(super) fn people_in(history: &History) -> Vec<PersonId> {
    let mut people: HashSet<PersonId> = HashSet::new();
    for (recorded, event) in history {
        people.extend(recorded.actor.person().map(PersonId));
        if let TicketEvent::AssigneeChanged { old, new } = event {
            people.extend([*old, *new].into_iter().flatten());
        }
    }
    people.into_iter().collect()
}

impl Teller<'_> {
    /// The acts of a history, oldest first.
    pub fn acts(&self, history: &History) -> Vec<Act> {
        history
            .chunk_by(|(one, before), (other, after)| {
                let together = one.at == other.at && one.actor == other.actor;
                together
                    && one.cause.decision == other.cause.decision
                    && is_property(before)
                    && is_property(after)
            })
            .filter_map(|group| self.act(group))
            .collect()
    }

    fn act(&self, group: &History) -> Option<Act> {
        let (recorded, event) = group.first()?;
        let (icon, key) = match group {
            [_] => words(event),
            _ => ("pencil", "told-properties"),
        };
        let handed = self.handed(group);
        let changes = match &handed {
            Some(_) => Vec::new(),
            None => (group.iter())
                .filter_map(|(_, event)| self.change(event))
                .collect(),
        };
        let said = handed.unwrap_or_else(|| {
            Message::new("told-line")
                .text("who", self.who(recorded))
                .text("text", self.reader.say(key))
                .render(self.reader.lang)
        });
        Some(Act {
            seq: recorded.seq,
            at: recorded.at,
            icon,
            text: match self.cause(recorded) {
                Some(cause) => format!("{said}, {cause}"),
                None => said,
            },
            changes,
            is_written: !is_property(event),
        })
    }

    /// The name of the one who acted. What a rule decided is the program's act, although it stands
    /// under the name of the person whose doing set the rule off.
    pub fn who(&self, recorded: &Recorded) -> String {
        match recorded.actor {
            _ if recorded.cause.decision.is_some() => self.reader.say("desk-system"),
            Actor::Person(id) => self.somebody(PersonId(id)).name,
            Actor::Anonymous => self.reader.say("label-someone"),
            Actor::System => self.reader.say("desk-system"),
        }
    }

    /// A ticket without a team that a rule gave one.
    fn handed(&self, group: &History) -> Option<String> {
        let [(recorded, TicketEvent::TeamChanged { old: None, new })] = group else {
            return None;
        };
        let team = self
            .team(*new)
            .filter(|_| recorded.cause.decision.is_some())?;
        Some(
            Message::new("told-handed")
                .text("team", team)
                .render(self.reader.lang),
        )
    }

    fn somebody(&self, id: PersonId) -> PersonChip {
        self.directory
            .person(id)
            .unwrap_or_else(|| super::directory::chip(&self.reader.say("label-someone")))
    }

    fn cause(&self, recorded: &Recorded) -> Option<String> {
        let decision = recorded.cause.decision.as_ref()?;
        let kind = (decision.kind == "request_type").then_some(decision.id)?;
        let name = self
            .choices
            .request_types
            .iter()
            .find(|known| known.id.0 == kind)?
            .name(self.reader.lang);
        Some(
            Message::new("told-because-type")
                .text("name", name)
                .render(self.reader.lang),
        )
    }

    fn change(&self, event: &TicketEvent) -> Option<Change> {
        let lang = self.reader.lang;
        let (name, old, new) = match event {
            TicketEvent::Filed { .. }
            | TicketEvent::MessageAdded { .. }
            | TicketEvent::Redacted { .. } => return None,
            TicketEvent::StatusChanged { old, new, .. } => (
                "status",
                Some(labels::status(lang, *old)),
                Some(labels::status(lang, *new)),
            ),
            TicketEvent::PriorityChanged { old, new } => (
                "priority",
                Some(labels::priority(lang, *old)),
                Some(labels::priority(lang, *new)),
            ),
            TicketEvent::TeamChanged { old, new } => ("team", self.team(*old), self.team(*new)),
            TicketEvent::AssigneeChanged { old, new } => {
                let name = |id: Option<PersonId>| id.map(|id| self.somebody(id).name);
                ("assignee", name(*old), name(*new))
            }
            TicketEvent::RequestTypeChanged { old, new } => {
                let name = |id| {
                    let kind = self.choices.request_type(id)?;
                    Some(kind.name(lang).to_owned())
                };
                ("request_type", name(*old), name(*new))
            }
            TicketEvent::TagsChanged { added, removed } => ("tags", joined(removed), joined(added)),
        };
        Some(Change {
            label: labels::field(lang, name),
            old,
            new,
        })
    }

    fn team(&self, id: Option<TeamId>) -> Option<String> {
        self.choices.team(id?).map(|team| team.name.clone())
    }
}

fn is_property(event: &TicketEvent) -> bool {
    !matches!(
        event,
        TicketEvent::Filed { .. } | TicketEvent::MessageAdded { .. }
    )
}

fn joined(tags: &[Tag]) -> Option<String> {
    let texts: Vec<&str> = tags.iter().map(Tag::as_str).collect();
    (!texts.is_empty()).then(|| texts.join(", "))
}

/// Icon and text of an event that stands alone.
const fn words(event: &TicketEvent) -> (&'static str, &'static str) {
    match event {
        TicketEvent::Filed { .. } => ("ticket", "told-filed"),
        TicketEvent::MessageAdded {
            visibility: Visibility::Note,
            ..
        } => ("lock", "told-note"),
        TicketEvent::MessageAdded {
            author: AuthorKind::Agent,
            ..
        } => ("send", "told-reply"),
        TicketEvent::MessageAdded { .. } => ("message-square", "told-message"),
        TicketEvent::StatusChanged { new, reason, .. } => status_words(*new, *reason),
        TicketEvent::PriorityChanged { .. } => ("flag", "told-priority"),
        TicketEvent::TeamChanged { .. } => ("route", "told-team"),
        TicketEvent::AssigneeChanged { .. } => ("user", "told-assignee"),
        TicketEvent::RequestTypeChanged { .. } => ("ticket", "told-type"),
        TicketEvent::TagsChanged { .. } => ("tag", "told-tags"),
        TicketEvent::Redacted { .. } => ("eye-off", "told-erased"),
    }
}

const fn status_words(new: Status, reason: Reason) -> (&'static str, &'static str) {
    match (reason, new) {
        (Reason::Confirmed, _) => ("thumbs-up", "told-confirmed"),
        (Reason::Reopened, _) => ("rotate-ccw", "told-reopened"),
        (Reason::TimePassed, _) => ("clock", "told-time-passed"),
        (Reason::CustomerReplied, _) => ("undo-2", "told-revived"),
        (_, Status::Pending) => ("pause", "told-status"),
        (_, Status::Resolved | Status::Closed) => ("check", "told-status"),
        (Reason::Chosen | Reason::Answered, _) => ("pencil", "told-status"),
    }
}
