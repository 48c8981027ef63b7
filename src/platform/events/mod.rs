//! What happened, kept for ever, in the transaction in which it happened.
//!
//! Invariants:
//! * what is recorded stays; only personal data is taken out of an event's data and facts
//!   ([`redact_stream`]), in the transaction that takes it out of the rows;
//! * a stream (a ticket, a person, a team) has events numbered from 1 without gaps;
//! * an event says who or what caused it, the old and the new values, and the facts that an
//!   automatic decision read;
//! * reactions run in the same transaction, in floor order, and do no I/O; a chain of
//!   reactions is cut at depth [`MAX_DEPTH`], and the cut is itself recorded;
//! * what is recorded stays. The tables themselves refuse to delete an event, and to change what
//!   it is, when it was and whose it was; only what it says of people ([`Draft::data`],
//!   [`Draft::facts`]) may be blanked, when somebody's data has to go.

mod audit;
mod store;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::db::{Actor, Timestamp, Tx};

pub use audit::{Area, Audited, draw_id};
pub use store::{
    Row, last_event, list_data, list_events, next_seq, redact_events, redact_mentions,
    redact_stream,
};

/// Reactions to reactions stop here.
pub const MAX_DEPTH: u8 = 5;

/// What a slice does when something was recorded.
pub type Reaction = fn(&mut Tx<'_>, &Recorded) -> diesel::QueryResult<()>;

/// What happens when something is recorded, and what of it belongs to the audit: what the slices
/// bring, in floor order.
#[derive(Default)]
pub struct History {
    /// Run in the same transaction.
    pub reactions: Vec<Reaction>,
    /// By stream and kind.
    pub audited: Vec<Audited>,
}

/// Takes words out of an event: its kind, its data, its facts.
pub type Redact<'a> = &'a dyn Fn(&str, &mut Value, &mut Value);

/// Why something happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// What set it off: `request`, `event`, `schedule`, `command`, `files`, `import`.
    pub origin: String,
    /// The event that this one follows from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<i64>,
    /// The automatic decision behind it, with its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// How many events lead from the first one to this one.
    #[serde(default)]
    pub depth: u8,
}

/// An automatic decision: which rule of which slice, in which version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What kind of rule decided, such as `request_type` (its default team and priority).
    pub kind: String,
    /// The rule's key.
    pub id: i64,
    /// The rule's version at that moment.
    pub version: i64,
}

impl Cause {
    /// Origin of what is brought in after the fact: an import, a demonstration.
    pub const IMPORT: &str = "import";

    /// Origin of what somebody with access to the machine did on its command line.
    pub const COMMAND: &str = "command";

    /// Whether it happened elsewhere or long ago, so that telling anybody would not be news.
    #[must_use]
    pub fn is_import(&self) -> bool {
        self.origin == Self::IMPORT
    }

    pub(super) fn request() -> Self {
        Self {
            origin: "request".to_owned(),
            event: None,
            decision: None,
            depth: 0,
        }
    }
}

/// An event that is about to be recorded.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What it is about: `ticket`, `person`, `team`.
    pub stream: &'static str,
    /// Key of the thing it is about.
    pub stream_id: i64,
    /// Its number in the stream, from 1.
    pub seq: i64,
    /// Past tense: `priority_changed`.
    pub kind: &'static str,
    /// Old and new values.
    pub data: Value,
    /// The facts that an automatic decision read.
    pub facts: Value,
    /// The automatic decision that led to it, if one did.
    pub decision: Option<Decision>,
}

impl Draft {
    /// What somebody chose: no automatic decision, and so no facts that one has read.
    #[must_use]
    pub fn chosen(
        stream: &'static str,
        stream_id: i64,
        seq: i64,
        kind: &'static str,
        data: Value,
    ) -> Self {
        Self {
            stream,
            stream_id,
            seq,
            kind,
            data,
            facts: serde_json::json!({}),
            decision: None,
        }
    }
}

/// An event as it was recorded.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its key: grows over all streams.
    pub id: i64,
    /// What it is about.
    pub stream: String,
    /// Key of the thing it is about.
    pub stream_id: i64,
    /// Its number in the stream, from 1.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Past tense.
    pub kind: String,
    /// Old and new values.
    pub data: Value,
    /// The facts that an automatic decision read.
    pub facts: Value,
    /// Who.
    pub actor: Actor,
    /// Why.
    pub cause: Cause,
}

impl Tx<'_> {
    /// Records an event and lets every slice react to it.
    ///
    /// # Errors
    /// When the database refuses, for instance because somebody else recorded the same number
    /// of the stream meanwhile.
    pub fn record(&mut self, draft: Draft) -> diesel::QueryResult<Recorded> {
        let cut = self.cause.depth >= MAX_DEPTH && !self.history.reactions.is_empty();
        let mut cause = self.cause.clone();
        if draft.decision.is_some() {
            cause.decision.clone_from(&draft.decision);
        }
        let recorded = store::insert(self, draft, cause, cut)?;
        if cut {
            tracing::error!(
                event = recorded.id,
                "a chain of reactions was cut at its depth limit"
            );
            return Ok(recorded);
        }
        let outer = self.cause.clone();
        self.cause = Cause {
            origin: "event".to_owned(),
            event: Some(recorded.id),
            decision: None,
            depth: outer.depth + 1,
        };
        let history = self.history;
        let outcome = history
            .reactions
            .iter()
            .try_for_each(|react| react(self, &recorded));
        self.cause = outer;
        outcome.map(|()| recorded)
    }

    /// Says what sets the following events off, such as `schedule` or `import`.
    pub fn set_origin(&mut self, origin: &str) {
        origin.clone_into(&mut self.cause.origin);
    }
}
