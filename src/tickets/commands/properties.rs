//! Setting a ticket's properties, when others may be setting them too.
//!
//! A form says which version it was made from. When the ticket has moved on since, what was
//! changed here is compared field by field with what was changed there: fields that only one
//! side touched are no conflict; for the others nothing is saved and both versions come back.

use super::TicketError;
use super::write::set_status;
use crate::accounts::{self, PersonId};
use crate::forms::RequestTypeId;
use crate::platform::db::Tx;
use crate::teams::TeamId;
use crate::tickets::events::{TicketEvent, TicketState};
use crate::tickets::model::{Priority, Reason, Status, Tag, Ticket, TicketId};
use crate::tickets::store::{self, Why};

/// A property before and after, as the form's author saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<T> {
    /// What the form showed.
    pub seen: T,
    /// What was chosen.
    pub wanted: T,
}

impl<T: PartialEq> Change<T> {
    fn is_touched(&self) -> bool {
        self.seen != self.wanted
    }

    /// Touched here, and changed to something else by somebody else.
    fn collides(&self, now: &T) -> bool {
        self.is_touched() && *now != self.seen && *now != self.wanted
    }
}

/// What an agent set on the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Where it stands.
    pub status: Change<Status>,
    /// How much it presses.
    pub priority: Change<Priority>,
    /// Who is to handle it.
    pub team: Change<Option<TeamId>>,
    /// Who handles it.
    pub assignee: Change<Option<PersonId>>,
    /// What kind of request.
    pub request_type: Change<RequestTypeId>,
    /// Labels.
    pub tags: Change<Vec<Tag>>,
}

/// Both versions of what two people changed at once. Nothing was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collision {
    /// The ticket as the other left it.
    pub theirs: TicketState,
    /// What was wanted here.
    pub yours: Changes,
    /// Fields that both changed: `status`, `priority`, `team`, `assignee`, `request_type`. Labels
    /// never collide: what each side added and took away is simply both done.
    pub fields: Vec<&'static str>,
}

/// Sets what was changed on the form and leaves the rest as it is now.
///
/// # Errors
/// [`TicketError::Collision`] when somebody else changed one of the same fields meanwhile.
pub fn change_properties(
    tx: &mut Tx<'_>,
    id: TicketId,
    changes: &Changes,
) -> Result<Ticket, TicketError> {
    let mut state = store::load(tx.conn, id)?;
    let fields = colliding(&state, changes);
    if !fields.is_empty() {
        return Err(TicketError::Collision(Box::new(Collision {
            theirs: state,
            yours: changes.clone(),
            fields,
        })));
    }
    if let Some(assignee) = changes.assignee.wanted
        && changes.assignee.is_touched()
        && !accounts::is_active_agent(tx.conn, assignee)?
    {
        return Err(TicketError::NotAnAgent);
    }
    let before = state.ticket.version;
    for event in events(&state, changes) {
        store::happen(tx, &mut state, &event, Why::default())?;
    }
    if changes.status.is_touched() {
        set_status(tx, &mut state, changes.status.wanted, Reason::Chosen)?;
    }
    if state.ticket.version != before {
        store::mark_for_search(tx, id)?;
    }
    Ok(state.ticket)
}

fn colliding(state: &TicketState, changes: &Changes) -> Vec<&'static str> {
    let now = &state.ticket;
    [
        ("status", changes.status.collides(&now.status)),
        ("priority", changes.priority.collides(&now.priority)),
        ("team", changes.team.collides(&now.team_id)),
        ("assignee", changes.assignee.collides(&now.assignee_id)),
        (
            "request_type",
            changes.request_type.collides(&now.request_type_id),
        ),
    ]
    .into_iter()
    .filter_map(|(field, collides)| collides.then_some(field))
    .collect()
}

/// The events that bring the ticket to what was wanted, status apart.
fn events(state: &TicketState, changes: &Changes) -> Vec<TicketEvent> {
    let now = &state.ticket;
    let mut events = Vec::new();
    if changes.request_type.is_touched() && now.request_type_id != changes.request_type.wanted {
        events.push(TicketEvent::RequestTypeChanged {
            old: now.request_type_id,
            new: changes.request_type.wanted,
        });
    }
    if changes.priority.is_touched() && now.priority != changes.priority.wanted {
        events.push(TicketEvent::PriorityChanged {
            old: now.priority,
            new: changes.priority.wanted,
        });
    }
    if changes.team.is_touched() && now.team_id != changes.team.wanted {
        events.push(TicketEvent::TeamChanged {
            old: now.team_id,
            new: changes.team.wanted,
        });
    }
    if changes.assignee.is_touched() && now.assignee_id != changes.assignee.wanted {
        events.push(TicketEvent::AssigneeChanged {
            old: now.assignee_id,
            new: changes.assignee.wanted,
        });
    }
    events.extend(tag_event(&state.tags, &changes.tags));
    events
}

fn tag_event(now: &[Tag], change: &Change<Vec<Tag>>) -> Option<TicketEvent> {
    let without = |list: &[Tag], other: &[Tag]| -> Vec<Tag> {
        list.iter()
            .filter(|tag| !other.contains(tag))
            .cloned()
            .collect()
    };
    // Against what the form showed, so that labels that others added stay.
    let mut added = without(&change.wanted, &change.seen);
    let mut removed = without(&change.seen, &change.wanted);
    added.retain(|tag| !now.contains(tag));
    removed.retain(|tag| now.contains(tag));
    (!added.is_empty() || !removed.is_empty())
        .then_some(TicketEvent::TagsChanged { added, removed })
}
