//! A line of the ledger.

use diesel::prelude::*;

use crate::platform::db::Timestamp;
use crate::schema::promises;
use crate::sla::calendars::CalendarId;
use crate::sla::policy::{Goal, PolicyId};
use crate::sla::ticket::Choice;
use crate::tickets::TicketId;

crate::id_type! {
    /// Key of a promise.
    PromiseId
}

crate::text_enum! {
    /// What became of a promise.
    PromiseState {
        /// It stands.
        Made = "made",
        /// It stands, and its clock stands still.
        Paused = "paused",
        /// It was kept.
        Kept = "kept",
        /// Another time took its place.
        Moved = "moved",
        /// Its hour passed.
        Broken = "broken",
    }
}

crate::text_enum! {
    /// Why a promise was moved.
    PromiseReason {
        /// The clock stood still: it was somebody else's turn.
        Waited = "waited",
        /// The priority is another one.
        Priority = "priority",
        /// Another policy applies, or it says something else.
        Policy = "policy",
        /// Somebody chose another policy.
        Hand = "hand",
        /// The calendar says something else.
        Calendar = "calendar",
        /// It would not have been kept.
        Late = "late",
    }
}

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = promises)]
pub struct Promise {
    /// Key.
    pub id: PromiseId,
    /// About which ticket.
    pub ticket_id: TicketId,
    /// What was promised.
    pub goal: Goal,
    /// Which turn of the clock.
    pub turn: i64,
    /// What became of it.
    pub state: PromiseState,
    /// Why it was moved.
    pub reason: Option<PromiseReason>,
    /// When it was made.
    pub made_at: Timestamp,
    /// By when.
    pub due_at: Timestamp,
    /// When it has to be looked at next.
    pub watch_at: Timestamp,
    /// When the customer was told that it would not be kept.
    pub warned_at: Option<Timestamp>,
    /// When it was kept, moved or broken.
    pub settled_at: Option<Timestamp>,
    /// Whether it took the place of one that could not be kept.
    pub extended: bool,
    /// By which policy.
    pub policy_id: PolicyId,
    /// In which version.
    pub policy_version: i64,
    /// By which calendar.
    pub calendar_id: CalendarId,
    /// In which version.
    pub calendar_version: i64,
}

impl Promise {
    /// Whether it stands.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.state, PromiseState::Made | PromiseState::Paused)
    }

    /// What it was counted by.
    #[must_use]
    pub const fn choice(&self) -> Choice {
        Choice {
            policy: self.policy_id,
            policy_version: self.policy_version,
            calendar: self.calendar_id,
            calendar_version: self.calendar_version,
        }
    }
}

/// A promise to be made.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewPromise {
    pub ticket: TicketId,
    pub goal: Goal,
    pub turn: i64,
    pub due: Timestamp,
    pub watch: Timestamp,
    pub extended: bool,
    pub choice: Choice,
}
