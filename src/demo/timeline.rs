//! All stories at once: their steps in the order in which they happen.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap};
use std::iter::Peekable;

use super::people::CustomerAt;
use super::story::{Step, Story};
use crate::platform::db::Timestamp;
use crate::tickets::Channel;

/// A story's number, from 0 in the order in which they begin.
pub(super) type Number = usize;

/// Whose request it is, of what kind, and how it came in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    pub(super) requester: CustomerAt,
    /// Place of the kind of request.
    pub(super) kind: usize,
    pub(super) channel: Channel,
}

/// A step whose time has come.
#[derive(Clone, Debug)]
pub(super) struct Due {
    pub(super) number: Number,
    pub(super) origin: Origin,
    pub(super) step: Step,
}

/// Gives out the steps of all stories in order of time, up to now. Only the stories that have
/// begun and not ended are held.
pub(super) struct Timeline<S: Iterator<Item = Story>> {
    now: Timestamp,
    coming: Peekable<S>,
    begun: Number,
    running: HashMap<Number, std::vec::IntoIter<Step>>,
    queue: BinaryHeap<Reverse<Queued>>,
}

impl<S: Iterator<Item = Story>> Timeline<S> {
    /// `stories` come in the order in which they begin.
    pub(super) fn new(stories: S, now: Timestamp) -> Self {
        Self {
            now,
            coming: stories.peekable(),
            begun: 0,
            running: HashMap::new(),
            queue: BinaryHeap::new(),
        }
    }

    /// Lets every story begin that does so before the next step.
    fn begin(&mut self) {
        while let Some(start) = self.coming.peek().and_then(Story::start) {
            let next = self.queue.peek().map(|Reverse(queued)| queued.0.step.at);
            if next.is_some_and(|next| next < start) {
                return;
            }
            let Some(story) = self.coming.next() else {
                return;
            };
            let origin = Origin {
                requester: story.requester,
                kind: story.kind,
                channel: story.channel,
            };
            self.running.insert(self.begun, story.steps.into_iter());
            self.enqueue(self.begun, origin);
            self.begun += 1;
        }
    }

    fn enqueue(&mut self, number: Number, origin: Origin) {
        let step = self.running.get_mut(&number).and_then(Iterator::next);
        match step.filter(|step| step.at <= self.now) {
            Some(step) => self.queue.push(Reverse(Queued(Due {
                number,
                origin,
                step,
            }))),
            None => drop(self.running.remove(&number)),
        }
    }
}

impl<S: Iterator<Item = Story>> Iterator for Timeline<S> {
    type Item = Due;

    fn next(&mut self) -> Option<Due> {
        self.begin();
        let Reverse(Queued(due)) = self.queue.pop()?;
        self.enqueue(due.number, due.origin);
        Some(due)
    }
}

/// Ordered by time alone, then by number.
struct Queued(Due);

impl Queued {
    fn key(&self) -> (Timestamp, Number) {
        (self.0.step.at, self.0.number)
    }
}

impl Ord for Queued {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Queued {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Queued {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Queued {}
