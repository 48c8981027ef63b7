//! How many connections there may be, in all and from one subscriber.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::platform::metrics::metrics;
use crate::platform::subscriber::Subscriber;

/// Connections by subscriber.
type Counts = Arc<Mutex<HashMap<Subscriber, u32>>>;

/// Counts the connections that are open.
#[derive(Clone)]
pub(super) struct Admission {
    places: Arc<Semaphore>,
    all: u32,
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
            per_subscriber,
            subscribers: Arc::default(),
        }
    }

    /// A place for a connection, if there is one left. `subscriber` is none for a trusted proxy,
    /// which brings many people.
    pub(super) fn admit(&self, subscriber: Option<Subscriber>) -> Option<Place> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        let subscriber = match subscriber {
            Some(address) => {
                let mut open = self
                    .subscribers
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                let count = open.entry(address).or_default();
                if *count >= self.per_subscriber {
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

    proptest! {
        /// Neither number is ever exceeded, nobody is refused below both, and nothing is
        /// remembered of those who left.
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
                let room = open.len() < 5 && (theirs < 2 || who == 3);
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
