//! What can happen to a ticket, and what each event makes of it.
//!
//! [`Ticket`] is nothing but the fold of these events: commands change the stored row with
//! [`apply`] and with nothing else, and a property test replays every history.

use serde::{Deserialize, Serialize};

use super::model::{
    AuthorKind, Channel, MessageId, Priority, Reason, Status, Tag, Ticket, TicketId, Visibility,
};
use crate::accounts::PersonId;
use crate::forms::RequestTypeId;
use crate::organisations::OrganisationId;
use crate::platform::db::Timestamp;
use crate::platform::i18n::Lang;
use crate::teams::TeamId;

/// Name of the stream in the history.
pub const STREAM: &str = "ticket";

/// Something that happened to a ticket, with the old and the new values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TicketEvent {
    /// It came into being. Always the first one.
    Filed {
        /// What people quote.
        reference: String,
        /// One line.
        subject: String,
        /// What kind of request.
        request_type: RequestTypeId,
        /// How much it presses.
        priority: Priority,
        /// How it came in.
        channel: Channel,
        /// The language it was filed in.
        language: Lang,
        /// Who asks.
        requester: PersonId,
        /// Their company at that moment.
        organisation: Option<OrganisationId>,
        /// The form it was filed with: joins it to the articles read before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        form_key: Option<String>,
    },
    /// Somebody wrote.
    MessageAdded {
        /// The message.
        message: MessageId,
        /// Who may read it.
        visibility: Visibility,
        /// Which side wrote it.
        author: AuthorKind,
        /// How many files came with it.
        files: usize,
    },
    /// It moved on.
    StatusChanged {
        /// Before.
        old: Status,
        /// After.
        new: Status,
        /// Why.
        reason: Reason,
    },
    /// It presses more or less.
    PriorityChanged {
        /// Before.
        old: Priority,
        /// After.
        new: Priority,
    },
    /// Another team is to handle it.
    TeamChanged {
        /// Before.
        old: Option<TeamId>,
        /// After.
        new: Option<TeamId>,
    },
    /// Another agent handles it.
    AssigneeChanged {
        /// Before.
        old: Option<PersonId>,
        /// After.
        new: Option<PersonId>,
    },
    /// It is another kind of request.
    RequestTypeChanged {
        /// Before.
        old: RequestTypeId,
        /// After.
        new: RequestTypeId,
    },
    /// Labels came and went.
    TagsChanged {
        /// New ones.
        added: Vec<Tag>,
        /// Those taken away.
        removed: Vec<Tag>,
    },
    /// Texts and files were taken out of it for good.
    Redacted {
        /// How many messages lost their text.
        messages: usize,
        /// How many files went.
        files: usize,
        /// What the subject was replaced with, if it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
    },
}

impl TicketEvent {
    /// The stored name.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Filed { .. } => "filed",
            Self::MessageAdded { .. } => "message_added",
            Self::StatusChanged { .. } => "status_changed",
            Self::PriorityChanged { .. } => "priority_changed",
            Self::TeamChanged { .. } => "team_changed",
            Self::AssigneeChanged { .. } => "assignee_changed",
            Self::RequestTypeChanged { .. } => "request_type_changed",
            Self::TagsChanged { .. } => "tags_changed",
            Self::Redacted { .. } => "redacted",
        }
    }
}

/// A ticket with its tags: all that its history decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketState {
    /// The row.
    pub ticket: Ticket,
    /// Sorted, without repetition.
    pub tags: Vec<Tag>,
}

/// The history is not one of a ticket.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// It does not begin with [`TicketEvent::Filed`], or has it twice.
    #[error("event {0}: a history begins with \"filed\", once")]
    Filed(i64),
    /// Numbers are missing or out of order.
    #[error("event {0} does not follow the one before")]
    Gap(i64),
}

/// What an event makes of a ticket. `seq` is the event's number, from 1.
///
/// # Errors
/// When the event cannot come next in a history.
pub fn apply(
    id: TicketId,
    state: Option<TicketState>,
    event: &TicketEvent,
    seq: i64,
    at: Timestamp,
) -> Result<TicketState, ReplayError> {
    let mut state = match (state, event) {
        (None, TicketEvent::Filed { .. }) if seq == 1 => {
            return filed(id, event, at).ok_or(ReplayError::Filed(seq));
        }
        (None, _) | (Some(_), TicketEvent::Filed { .. }) => return Err(ReplayError::Filed(seq)),
        (Some(state), _) => state,
    };
    if seq != state.ticket.version + 1 {
        return Err(ReplayError::Gap(seq));
    }
    change(&mut state, event, at);
    state.ticket.version = seq;
    // What is taken away is no activity: a request that was closed long ago stays where it was.
    if !matches!(event, TicketEvent::Redacted { .. }) {
        state.ticket.updated_at = at;
    }
    Ok(state)
}

fn filed(id: TicketId, event: &TicketEvent, at: Timestamp) -> Option<TicketState> {
    let TicketEvent::Filed {
        reference,
        subject,
        request_type,
        priority,
        channel,
        language,
        requester,
        organisation,
        form_key: _,
    } = event
    else {
        return None;
    };
    let ticket = Ticket {
        id,
        reference: reference.clone(),
        subject: subject.clone(),
        request_type_id: *request_type,
        status: Status::New,
        open: true,
        priority: *priority,
        priority_rank: priority.rank(),
        channel: *channel,
        language: *language,
        requester_id: *requester,
        organisation_id: *organisation,
        team_id: None,
        assignee_id: None,
        created_at: at,
        updated_at: at,
        responded_at: None,
        pending_at: None,
        resolved_at: None,
        closed_at: None,
        last_author: AuthorKind::Customer,
        message_count: 0,
        reopened_count: 0,
        version: 1,
    };
    Some(TicketState {
        ticket,
        tags: Vec::new(),
    })
}

fn change(state: &mut TicketState, event: &TicketEvent, at: Timestamp) {
    let ticket = &mut state.ticket;
    match event {
        TicketEvent::Filed { .. } => {}
        TicketEvent::MessageAdded {
            visibility, author, ..
        } => {
            ticket.message_count += 1;
            // The first message is the request itself, whoever wrote it down.
            let is_response = *author == AuthorKind::Agent && ticket.message_count > 1;
            if *visibility == Visibility::Public {
                ticket.last_author = *author;
                if is_response && ticket.responded_at.is_none() {
                    ticket.responded_at = Some(at);
                }
            }
        }
        TicketEvent::StatusChanged { old, new, .. } => set_status(ticket, *old, *new, at),
        TicketEvent::PriorityChanged { new, .. } => {
            ticket.priority = *new;
            ticket.priority_rank = new.rank();
        }
        TicketEvent::TeamChanged { new, .. } => ticket.team_id = *new,
        TicketEvent::AssigneeChanged { new, .. } => ticket.assignee_id = *new,
        TicketEvent::RequestTypeChanged { new, .. } => ticket.request_type_id = *new,
        TicketEvent::TagsChanged { added, removed } => {
            state.tags.retain(|tag| !removed.contains(tag));
            state.tags.extend(added.iter().cloned());
            state.tags.sort();
            state.tags.dedup();
        }
        TicketEvent::Redacted { subject, .. } => {
            if let Some(subject) = subject {
                ticket.subject.clone_from(subject);
            }
        }
    }
}

fn set_status(ticket: &mut Ticket, old: Status, new: Status, at: Timestamp) {
    ticket.status = new;
    ticket.open = new.is_open();
    if new == Status::Pending {
        ticket.pending_at = Some(at);
    }
    match new {
        Status::Resolved => ticket.resolved_at = Some(at),
        Status::Closed => ticket.closed_at = Some(at),
        Status::New | Status::Open | Status::Pending | Status::OnHold => {
            ticket.resolved_at = None;
            ticket.closed_at = None;
            if !old.is_open() {
                ticket.reopened_count += 1;
            }
        }
    }
}
