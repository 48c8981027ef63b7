//! How many connections there may be, in all and from one subscriber.
//!
//! The last places are for subscribers who have few: otherwise ten greedy ones, each with its whole
//! share, would leave nobody else a place.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::platform::metrics::metrics;
use crate::platform::subscriber::Subscriber;

/// The places that are kept for those with few connections: one in so many.
const RESERVED: u32 = 5;

/// Few connections: one in so many of a whole share.
const FEW: u32 = 10;

/// Connections by subscriber.
type Counts = Arc<Mutex<HashMap<Subscriber, u32>>>;

/// Counts the connections that are open.
#[derive(Clone)]
pub(super) struct Admission {
    places: Arc<Semaphore>,
    all: u32,
    reserved: usize,
    per_subscriber: u32,
    subscribers: Counts,
}

/// A place for one connection, free again when it is dropped.
pub(super) struct Place {
    subscriber: Option<(Subscriber, Counts)>,
    _place: OwnedSemaphorePermit,
}

impl Admission {
    pub(super) fn new(all: u32, per_subscriber: u32) -> Self {
        Self {
            places: Arc::new(Semaphore::new(all as usize)),
            all,
            reserved: (all / RESERVED) as usize,
            per_subscriber,
            subscribers: Arc::default(),
        }
    }

    /// A place for a connection, if there is one left. `subscriber` is none for a trusted proxy,
    /// which brings many people and may take all.
    pub(super) fn admit(&self, subscriber: Option<Subscriber>) -> Option<Place> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        self.give(place, subscriber)
    }

    /// As [`Self::admit`], once a place is free.
    pub(super) async fn admit_next(&self, subscriber: Option<Subscriber>) -> Option<Place> {
        let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
        self.give(place, subscriber)
    }

    /// Whether somebody finds no place because all are taken, and not because they have their share.
    pub(super) fn is_full_for(&self, subscriber: Option<Subscriber>) -> bool {
        let has_few = |address| self.counts().get(&address).is_none_or(|n| *n < self.few());
        self.places.available_permits() == 0 && subscriber.is_none_or(has_few)
    }

    fn give(&self, place: OwnedSemaphorePermit, subscriber: Option<Subscriber>) -> Option<Place> {
        let share = if self.places.available_permits() < self.reserved {
            self.few()
        } else {
            self.per_subscriber
        };
        let subscriber = match subscriber {
            Some(address) => {
                let mut open = self.counts();
                let count = open.entry(address).or_default();
                if *count >= share {
                    return None;
                }
                *count += 1;
                Some((address, Arc::clone(&self.subscribers)))
            }
            None => None,
        };
        metrics().connections.inc();
        Some(Place {
            subscriber,
            _place: place,
        })
    }

    /// One connection each as long as there is a place at all.
    fn few(&self) -> u32 {
        (self.per_subscriber / FEW).max(1)
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<Subscriber, u32>> {
        self.subscribers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until no connection is left.
    pub(super) async fn emptied(&self) {
        // Nobody closes the semaphore, so that an error cannot come.
        let _ = self.places.acquire_many(self.all).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        metrics().connections.dec();
        let Some((address, subscribers)) = self.subscriber.take() else {
            return;
        };
        let mut open = subscribers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn somebody(number: u8) -> Option<Subscriber> {
        Some(Subscriber::of([192, 0, 2, number].into()))
    }

    #[test]
    fn greedy_ones_leave_places_to_those_with_few() {
        let admission = Admission::new(100, 10);
        let greedy: Vec<Place> = (0..100)
            .filter_map(|number| admission.admit(somebody(number / 10)))
            .collect();
        // Eight whole shares, and one of the reserved places for each of the last two.
        assert_eq!(greedy.len(), 82);
        let others: Vec<Place> = (20..40)
            .filter_map(|number| admission.admit(somebody(number)))
            .collect();
        assert_eq!(others.len(), 18);
        assert!(admission.is_full_for(somebody(40)));
        assert!(!admission.is_full_for(somebody(0)), "they have their share");
        drop(greedy);
        assert!(!admission.is_full_for(somebody(40)));
        assert!(admission.admit(somebody(0)).is_some());
    }

    proptest! {
        /// Neither number is ever exceeded, nobody is refused below both (one connection each once
        /// the last place is reserved), and nothing is remembered of those who left.
        #[test]
        fn the_counts_hold(steps in prop::collection::vec((0_u8..4, any::<bool>()), 0..60)) {
            let admission = Admission::new(5, 2);
            let mut open: Vec<(u8, Place)> = Vec::new();
            for (who, leaves) in steps {
                if leaves {
                    open.retain(|(other, _)| *other != who);
                    continue;
                }
                let theirs = open.iter().filter(|(other, _)| *other == who).count();
                // The fourth is a proxy.
                let share = if open.len() < 4 { 2 } else { 1 };
                let room = open.len() < 5 && (theirs < share || who == 3);
                let address = (who != 3).then(|| Subscriber::of([192, 0, 2, who].into()));
                let place = admission.admit(address);
                prop_assert_eq!(place.is_some(), room);
                open.extend(place.map(|place| (who, place)));
            }
            open.clear();
            prop_assert!(admission.subscribers.lock().expect("sound").is_empty());
            prop_assert_eq!(admission.places.available_permits(), 5);
        }
    }
}
