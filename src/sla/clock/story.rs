//! What clocks read of a ticket's history.

use crate::platform::db::Timestamp;
use crate::sla::policy::Goal;
use crate::tickets::events::TicketEvent;
use crate::tickets::{AuthorKind, Priority, Status, Visibility};

/// A ticket's history, as far as clocks are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    priorities: Vec<(Timestamp, Priority)>,
    statuses: Vec<(Timestamp, Status)>,
    turns: Vec<Turn>,
}

/// A turn of a clock: from where something becomes due to where it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// What is awaited.
    pub goal: Goal,
    /// Which turn of this clock, from 1.
    pub number: usize,
    /// When it became due.
    pub started: Timestamp,
    /// When it was done.
    pub ended: Option<Timestamp>,
}

/// The kinds of events that clocks read; the others change nothing for them.
pub const KINDS: [&str; 4] = [
    "filed",
    "message_added",
    "status_changed",
    "priority_changed",
];

impl Story {
    /// The story that a history tells. None for a history without beginning.
    #[must_use]
    pub fn of<'a>(history: impl IntoIterator<Item = (Timestamp, &'a TicketEvent)>) -> Option<Self> {
        let mut history = history.into_iter();
        let (filed, TicketEvent::Filed { priority, .. }) = history.next()? else {
            return None;
        };
        let mut story = Self {
            priorities: vec![(filed, *priority)],
            statuses: vec![(filed, Status::New)],
            turns: Vec::new(),
        };
        story.start(Goal::First, filed);
        story.start(Goal::Resolution, filed);
        // The first message is the request itself, whoever wrote it down.
        let mut messages = 0;
        for (at, event) in history {
            match event {
                TicketEvent::MessageAdded {
                    visibility, author, ..
                } => {
                    messages += 1;
                    if messages > 1 && *visibility == Visibility::Public {
                        story.said(*author, at);
                    }
                }
                TicketEvent::StatusChanged { old, new, .. } => story.moved(*old, *new, at),
                TicketEvent::PriorityChanged { new, .. } => story.priorities.push((at, *new)),
                _ => {}
            }
        }
        Some(story)
    }

    fn said(&mut self, author: AuthorKind, at: Timestamp) {
        match author {
            AuthorKind::Agent => {
                self.end(Goal::First, at);
                self.end(Goal::Next, at);
            }
            // Whoever waits for the first answer waits for that one.
            AuthorKind::Customer if self.is_open(Goal::First) => {}
            AuthorKind::Customer => self.start(Goal::Next, at),
        }
    }

    fn moved(&mut self, old: Status, new: Status, at: Timestamp) {
        self.statuses.push((at, new));
        match (old.is_open(), new.is_open()) {
            (true, false) => {
                for &goal in Goal::ALL {
                    self.end(goal, at);
                }
            }
            (false, true) => {
                self.start(Goal::Resolution, at);
                self.start(Goal::Next, at);
            }
            _ => {}
        }
    }

    fn is_open(&self, goal: Goal) -> bool {
        self.last_turn(goal)
            .is_some_and(|turn| turn.ended.is_none())
    }

    fn start(&mut self, goal: Goal, at: Timestamp) {
        if self.is_open(goal) {
            return;
        }
        let before = self.turns.iter().filter(|turn| turn.goal == goal).count();
        self.turns.push(Turn {
            goal,
            number: before + 1,
            started: at,
            ended: None,
        });
    }

    fn end(&mut self, goal: Goal, at: Timestamp) {
        let mut turns = self.turns.iter_mut();
        if let Some(open) = turns.rfind(|turn| turn.goal == goal && turn.ended.is_none()) {
            open.ended = Some(at);
        }
    }

    /// All turns, as they started.
    #[must_use]
    pub fn turns(&self) -> &[Turn] {
        &self.turns
    }

    /// A turn of a clock.
    #[must_use]
    pub fn turn(&self, goal: Goal, number: usize) -> Option<&Turn> {
        self.turns
            .iter()
            .find(|turn| turn.goal == goal && turn.number == number)
    }

    /// The last turn of a clock.
    #[must_use]
    pub fn last_turn(&self, goal: Goal) -> Option<&Turn> {
        self.turns.iter().rfind(|turn| turn.goal == goal)
    }

    /// Since when it had which status.
    #[must_use]
    pub fn statuses(&self) -> &[(Timestamp, Status)] {
        &self.statuses
    }

    /// The status at an instant.
    #[must_use]
    pub fn status_at(&self, at: Timestamp) -> Status {
        last_before(&self.statuses, at).unwrap_or(Status::New)
    }

    /// The priority at an instant.
    #[must_use]
    pub fn priority_at(&self, at: Timestamp) -> Priority {
        last_before(&self.priorities, at).unwrap_or(Priority::Normal)
    }
}

fn last_before<T: Copy>(values: &[(Timestamp, T)], at: Timestamp) -> Option<T> {
    let before = values.iter().rfind(|(since, _)| *since <= at);
    before.or(values.first()).map(|(_, value)| *value)
}
