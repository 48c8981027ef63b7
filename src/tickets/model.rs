//! What a ticket is, and which changes make sense. Pure: no database, no web.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::accounts::PersonId;
use crate::forms::RequestTypeId;
use crate::organisations::OrganisationId;
use crate::platform::db::Timestamp;
use crate::platform::i18n::Lang;
use crate::platform::text::clean_line;
use crate::schema::tickets;
use crate::teams::TeamId;

crate::id_type! {
    /// Key of a ticket.
    TicketId
}

impl TicketId {
    /// Name of the conversation that the mails about a ticket make.
    #[must_use]
    pub fn mail_thread(self) -> String {
        format!("ticket-{self}")
    }
}

crate::id_type! {
    /// Key of a message.
    MessageId
}

crate::text_enum! {
    /// Where a ticket stands, as agents see it.
    Status {
        /// Filed; nobody has answered yet.
        New = "new",
        /// Being worked on.
        Open = "open",
        /// Waits for the customer.
        Pending = "pending",
        /// Waits for a third party.
        OnHold = "on_hold",
        /// Answered; the customer may confirm or reopen.
        Resolved = "resolved",
        /// Confirmed, by the customer or by time.
        Closed = "closed",
    }
}

crate::text_enum! {
    /// Where a request stands, as customers see it.
    Stage {
        /// It has arrived.
        Logged = "logged",
        /// Somebody works on it.
        Progress = "progress",
        /// The customer is asked something.
        Waiting = "waiting",
        /// An answer is there to be confirmed.
        Resolved = "resolved",
        /// The customer agreed, or time did.
        Confirmed = "confirmed",
    }
}

crate::text_enum! {
    /// How much a ticket presses.
    Priority {
        /// P1.
        Urgent = "urgent",
        /// P2.
        High = "high",
        /// P3.
        Normal = "normal",
        /// P4.
        Low = "low",
    }
}

crate::text_enum! {
    /// How a ticket or message came in.
    Channel {
        /// A form of the portal, from somebody signed in.
        Web = "web",
        /// A form of the portal from who was not signed in: nothing proves that it comes from the
        /// address that they gave.
        WebGuest = "web-guest",
        /// A mail.
        Mail = "mail",
        /// A call, noted by an agent.
        Phone = "phone",
        /// A visit, noted by an agent.
        Visit = "visit",
        /// A program.
        Api = "api",
    }
}

crate::text_enum! {
    /// Who may read a message.
    Visibility {
        /// The customer and the agents.
        Public = "public",
        /// Agents only.
        Note = "note",
    }
}

crate::text_enum! {
    /// Which side wrote a message.
    AuthorKind {
        /// The customer's.
        Customer = "customer",
        /// Ours.
        Agent = "agent",
    }
}

crate::text_enum! {
    /// Why a status changed, beyond somebody having chosen it.
    Reason {
        /// An agent chose it.
        Chosen = "chosen",
        /// An agent answered.
        Answered = "answered",
        /// The customer wrote.
        CustomerReplied = "customer_replied",
        /// The customer said that it works.
        Confirmed = "confirmed",
        /// The customer said that it does not.
        Reopened = "reopened",
        /// Nobody said otherwise in time.
        TimePassed = "time_passed",
    }
}

impl Status {
    /// Whether there is work left for us or for the customer.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Resolved | Self::Closed)
    }

    /// The same as customers see it.
    #[must_use]
    pub const fn stage(self) -> Stage {
        match self {
            Self::New => Stage::Logged,
            Self::Open | Self::OnHold => Stage::Progress,
            Self::Pending => Stage::Waiting,
            Self::Resolved => Stage::Resolved,
            Self::Closed => Stage::Confirmed,
        }
    }

    /// Whether an agent may set this status on a ticket that has `from`. "New" is never set by
    /// hand: it says that nobody has looked yet.
    #[must_use]
    pub fn agent_may_set(self, from: Self) -> bool {
        match (from, self) {
            (from, to) if from == to => true,
            (_, Self::New) => false,
            (Self::Closed, to) => to == Self::Open,
            (Self::Resolved, to) => matches!(to, Self::Open | Self::Pending | Self::Closed),
            (_, to) => to != Self::Closed,
        }
    }

    /// The status after the customer wrote, and whether that reopens the ticket.
    #[must_use]
    pub const fn after_customer_reply(self) -> Self {
        match self {
            Self::New => Self::New,
            Self::OnHold => Self::OnHold,
            Self::Open | Self::Pending | Self::Resolved | Self::Closed => Self::Open,
        }
    }

    /// The status after an agent wrote without choosing one: an answer opens a new ticket, a note
    /// leaves it as it is.
    #[must_use]
    pub const fn after_agent_message(self, visibility: Visibility) -> Self {
        match (self, visibility) {
            (Self::New, Visibility::Public) => Self::Open,
            (status, _) => status,
        }
    }
}

impl Stage {
    /// The statuses behind a stage.
    #[must_use]
    pub const fn statuses(self) -> &'static [Status] {
        match self {
            Self::Logged => &[Status::New],
            Self::Progress => &[Status::Open, Status::OnHold],
            Self::Waiting => &[Status::Pending],
            Self::Resolved => &[Status::Resolved],
            Self::Confirmed => &[Status::Closed],
        }
    }
}

impl Priority {
    /// 0 for the most urgent: what lists sort by.
    #[must_use]
    pub const fn rank(self) -> i32 {
        match self {
            Self::Urgent => 0,
            Self::High => 1,
            Self::Normal => 2,
            Self::Low => 3,
        }
    }
}

/// A ticket: the projection of its events.
#[derive(
    Clone, Debug, PartialEq, Eq, Queryable, Selectable, Identifiable, AsChangeset, Insertable,
)]
#[diesel(table_name = tickets, treat_none_as_null = true)]
pub struct Ticket {
    /// Key.
    #[diesel(skip_insertion)]
    pub id: TicketId,
    /// What people quote: `GU-1042`.
    pub reference: String,
    /// One line.
    pub subject: String,
    /// What kind of request it is.
    pub request_type_id: RequestTypeId,
    /// Where it stands.
    pub status: Status,
    /// Whether there is work left; always `status.is_open()`.
    pub open: bool,
    /// How much it presses.
    pub priority: Priority,
    /// Always `priority.rank()`.
    pub priority_rank: i32,
    /// How it came in.
    pub channel: Channel,
    /// The language it was filed in.
    pub language: Lang,
    /// Who asks.
    pub requester_id: PersonId,
    /// Their company when they filed it.
    pub organisation_id: Option<OrganisationId>,
    /// Who is to handle it.
    pub team_id: Option<TeamId>,
    /// Who handles it.
    pub assignee_id: Option<PersonId>,
    /// When it was filed.
    pub created_at: Timestamp,
    /// When anything last happened to it.
    pub updated_at: Timestamp,
    /// When an agent first answered.
    pub responded_at: Option<Timestamp>,
    /// When it last began to wait for the customer.
    pub pending_at: Option<Timestamp>,
    /// When it was resolved, unless it was reopened since.
    pub resolved_at: Option<Timestamp>,
    /// When it was confirmed, unless it was reopened since.
    pub closed_at: Option<Timestamp>,
    /// Which side wrote the last public message.
    pub last_author: AuthorKind,
    /// Public messages and notes.
    pub message_count: i64,
    /// How often it came back.
    pub reopened_count: i64,
    /// Number of its last event: what concurrent edits are told apart by.
    pub version: i64,
}

impl Ticket {
    /// Where it stands, as customers see it.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        self.status.stage()
    }
}

/// Whether a text has the shape of a reference. Addresses hold anything, and PostgreSQL refuses
/// some of it (NUL) instead of finding nothing.
#[must_use]
pub fn is_reference(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// A label that agents put on tickets: 1 to 40 letters, digits and hyphens, lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tag(String);

impl Tag {
    /// Makes a tag out of what was typed; nothing is left of a text without letters or digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Accents may come composed or not: equal to the eye is equal.
        let tag: String = clean_line(text)
            .to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join("-");
        (1..=40).contains(&tag.chars().count()).then_some(Self(tag))
    }

    /// The tags in a line, separated by commas or spaces, without repetition, sorted.
    #[must_use]
    pub fn parse_list(line: &str) -> Vec<Self> {
        let mut tags: Vec<Self> = line
            .split([',', ';', ' '])
            .filter_map(Self::parse)
            .take(20)
            .collect();
        tags.sort();
        tags.dedup();
        tags
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_stage_and_every_stage_its_statuses() {
        for &status in Status::ALL {
            assert!(status.stage().statuses().contains(&status));
        }
    }

    #[test]
    fn agents_cannot_say_new_nor_close_what_was_not_resolved() {
        assert!(!Status::New.agent_may_set(Status::Open));
        assert!(!Status::Closed.agent_may_set(Status::Open));
        assert!(Status::Closed.agent_may_set(Status::Resolved));
        assert!(Status::Open.agent_may_set(Status::Closed));
        for &status in Status::ALL {
            assert!(status.agent_may_set(status), "nothing changes");
        }
    }

    #[test]
    fn a_reply_brings_a_ticket_back() {
        assert_eq!(Status::Pending.after_customer_reply(), Status::Open);
        assert_eq!(Status::Closed.after_customer_reply(), Status::Open);
        assert_eq!(Status::New.after_customer_reply(), Status::New);
    }

    #[test]
    fn tags_are_tidied() {
        let tags = Tag::parse_list("Fibre, site de santé;fibre  A/B , ,");
        let texts: Vec<_> = tags.iter().map(Tag::as_str).collect();
        assert_eq!(texts, ["a-b", "de", "fibre", "santé", "site"]);
        assert_eq!(Tag::parse("!!"), None);
        assert_eq!(Tag::parse("e\u{301}te\u{301}"), Tag::parse("été"));
    }
}
