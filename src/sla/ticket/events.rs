//! What happens to the promises about a ticket: a stream of its own beside the ticket's.

use diesel::QueryResult;
use diesel::result::Error as DieselError;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::choice::Choice;
use crate::platform::db::{Conn, Timestamp, Tx};
use crate::platform::events::{Decision, Draft, Recorded, list_events, next_seq, redact_stream};
use crate::sla::policy::Goal;
use crate::tickets::TicketId;

/// Name of the stream in the history; its keys are those of the tickets.
pub const STREAM: &str = "ticket_sla";

/// Something that happened to what is promised about a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SlaEvent {
    /// Its clocks go by another policy or calendar, or by another version of one.
    PolicyChosen {
        /// Before.
        old: Option<Choice>,
        /// After; nothing when nothing is promised.
        new: Option<Choice>,
        /// Whether somebody chose it.
        by_hand: bool,
        /// Why, when somebody did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A promise will not be kept: the customer is to be told before its hour.
    PromiseAtRisk {
        /// What was promised.
        goal: Goal,
        /// By when.
        due: Timestamp,
        /// The time that takes its place; nothing when it was moved once already.
        new: Option<Timestamp>,
    },
    /// The hour of a promise has passed.
    PromiseBroken {
        /// What was promised.
        goal: Goal,
        /// By when.
        due: Timestamp,
        /// Whether the customer was told before; not when nobody watched, as during a stop.
        told: bool,
    },
}

impl SlaEvent {
    /// The stored name.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::PolicyChosen { .. } => "policy_chosen",
            Self::PromiseAtRisk { .. } => "promise_at_risk",
            Self::PromiseBroken { .. } => "promise_broken",
        }
    }
}

/// Records what happened.
///
/// # Errors
/// When the database refuses.
pub(in crate::sla) fn record(
    tx: &mut Tx<'_>,
    id: TicketId,
    event: &SlaEvent,
    decision: Option<Decision>,
    facts: Value,
) -> QueryResult<()> {
    let data =
        serde_json::to_value(event).map_err(|e| DieselError::SerializationError(Box::new(e)))?;
    let seq = next_seq(tx.conn, STREAM, id.0)?;
    tx.record(Draft {
        stream: STREAM,
        stream_id: id.0,
        seq,
        kind: event.kind(),
        data,
        facts,
        decision,
    })
    .map(drop)
}

/// An event of this stream out of the common history.
///
/// # Errors
/// When the event is not one.
pub fn read(recorded: &Recorded) -> QueryResult<SlaEvent> {
    serde_json::from_value(recorded.data.clone())
        .map_err(|e| DieselError::DeserializationError(Box::new(e)))
}

/// All that happened to the promises about a ticket, oldest first.
///
/// # Errors
/// When the database refuses or an event cannot be read.
pub fn history(conn: &mut Conn, id: TicketId) -> QueryResult<Vec<(Recorded, SlaEvent)>> {
    list_events(conn, STREAM, id.0)?
        .into_iter()
        .map(|recorded| {
            let event = read(&recorded)?;
            Ok((recorded, event))
        })
        .collect()
}

/// Puts other words in the place of the reasons that people gave for what they chose for a ticket:
/// somebody who is to be forgotten may be named in them. `change` answers nothing where a reason
/// stays as it is.
///
/// # Errors
/// When the database refuses.
pub fn redact_reasons(
    tx: &mut Tx<'_>,
    id: TicketId,
    change: &dyn Fn(&str) -> Option<String>,
) -> QueryResult<()> {
    redact_stream(tx, STREAM, id.0, &|_, data, _| {
        let new = data.get("reason").and_then(Value::as_str).and_then(change);
        if let Some(new) = new {
            data["reason"] = new.into();
        }
    })
}
