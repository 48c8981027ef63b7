//! What is promised: to which tickets, by when, and what stops the clock. Pure.

mod target;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::target::{Allowance, MAX_MINUTES, NoTarget, Target, Time};
use super::calendars::CalendarId;
use crate::tickets::conditions::{Condition, Evaluation, Facts, evaluate};
pub use crate::tickets::due::Goal;
use crate::tickets::{Priority, Status};

crate::id_type! {
    /// Key of a policy.
    PolicyId
}

/// Statuses that may stop the clocks: those in which it is somebody else's turn.
pub const MAY_PAUSE: [Status; 2] = [Status::Pending, Status::OnHold];

/// What one version of a policy says; it never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The calendar whose hours count.
    pub calendar: CalendarId,
    /// To which tickets it applies.
    pub condition: Condition,
    /// What is promised, by priority.
    pub targets: BTreeMap<Priority, Targets>,
    /// Statuses in which the clocks stand still.
    pub pauses: Vec<Status>,
}

/// What is promised at one priority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Targets {
    /// The first answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Target>,
    /// The answers after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Target>,
    /// The solution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Target>,
}

impl Targets {
    /// What is promised about one thing.
    #[must_use]
    pub const fn of(&self, goal: Goal) -> Option<Target> {
        match goal {
            Goal::First => self.first,
            Goal::Next => self.next,
            Goal::Resolution => self.resolution,
        }
    }

    /// Promises something.
    pub const fn set(&mut self, goal: Goal, target: Option<Target>) {
        match goal {
            Goal::First => self.first = target,
            Goal::Next => self.next = target,
            Goal::Resolution => self.resolution = target,
        }
    }

    /// Whether nothing is promised.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        Goal::ALL.iter().all(|&goal| self.of(goal).is_none())
    }
}

impl Policy {
    /// What it promises about a ticket of a priority.
    #[must_use]
    pub fn target(&self, priority: Priority, goal: Goal) -> Option<Target> {
        self.targets.get(&priority)?.of(goal)
    }

    /// Whether a status stops its clocks.
    #[must_use]
    pub fn is_paused_in(&self, status: Status) -> bool {
        self.pauses.contains(&status)
    }
}

/// Which policy applies: the first, in order of precedence, whose condition holds. What became of
/// those before it, and of itself, comes along, as far as they were looked at.
#[must_use]
pub fn choose<'a>(
    policies: impl IntoIterator<Item = (PolicyId, &'a Policy)>,
    facts: &Facts,
) -> (Option<PolicyId>, Vec<(PolicyId, Evaluation)>) {
    let mut considered = Vec::new();
    for (id, policy) in policies {
        let evaluation = evaluate(&policy.condition, facts);
        let holds = evaluation.holds;
        considered.push((id, evaluation));
        if holds {
            return (Some(id), considered);
        }
    }
    (None, considered)
}
