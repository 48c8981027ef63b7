//! What a story is made of: who does what, and when.
//!
//! A story is told to its end whatever the present is; what would lie in the future does not
//! happen, and so the requests of the last days are the open ones.

use chrono::Duration;

use super::files::Enclosure;
use super::people::CustomerAt;
use crate::platform::db::Timestamp;
use crate::tickets::{Channel, Priority, Status, Visibility};

/// Who does a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// The requester.
    Customer,
    /// An agent, by place.
    Agent(usize),
    /// Nobody: time passes.
    Time,
}

/// Something that happens to a request.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// It comes in.
    File {
        subject: String,
        body: String,
        file: Option<Enclosure>,
        /// Slugs of the articles that were opened while it was written.
        read: &'static [String],
    },
    /// Somebody writes.
    Say {
        body: String,
        visibility: Visibility,
        /// What an agent chooses beside the send button.
        status: Option<Status>,
    },
    /// An agent sets properties.
    Set(Properties),
    /// The customer agrees.
    Confirm,
    /// The customer does not agree.
    Reopen { body: String },
    /// Requests that nobody contradicted count as confirmed.
    LetTimePass,
}

/// Properties that an agent sets; those left out stay.
#[derive(Clone, Debug, Default)]
pub(super) struct Properties {
    pub(super) status: Option<Status>,
    pub(super) priority: Option<Priority>,
    /// Place of a team.
    pub(super) team: Option<usize>,
    /// Place of an agent.
    pub(super) assignee: Option<usize>,
    /// Labels to add.
    pub(super) tags: Vec<String>,
}

/// A step of a story.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) at: Timestamp,
    pub(super) by: By,
    pub(super) act: Act,
}

/// A request's whole story. The first step files it.
#[derive(Clone, Debug)]
pub(super) struct Story {
    pub(super) requester: CustomerAt,
    /// Place of the kind of request.
    pub(super) kind: usize,
    pub(super) channel: Channel,
    pub(super) steps: Vec<Step>,
}

impl Story {
    /// When it begins.
    pub(super) fn start(&self) -> Option<Timestamp> {
        self.steps.first().map(|step| step.at)
    }
}

/// Days after which a solved request counts as confirmed, in the demonstration.
pub const CONFIRM_AFTER: Duration = Duration::days(4);
