//! Connections that wait for their next request: browsers keep them, and most never use them again.
//! When all places are taken, the one that has waited longest makes room for somebody new.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::relay::AnswerBody;

/// A connection that waits for less is about to be used: the files of a page are asked for one
/// after another.
const LONG_ENOUGH: Duration = Duration::from_secs(1);

/// Those who wait, in the order in which they began to.
#[derive(Default)]
pub(super) struct Idle {
    list: Mutex<BTreeMap<u64, (Instant, Arc<Notify>)>>,
    last: AtomicU64,
}

impl Idle {
    fn list(&self) -> MutexGuard<'_, BTreeMap<u64, (Instant, Arc<Notify>)>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the connection that has waited longest to end, if any has waited long enough by now.
    pub(super) fn dismiss_one(&self, now: Instant) -> bool {
        let mut list = self.list();
        let Some(first) = list.first_entry() else {
            return false;
        };
        if now.saturating_duration_since(first.get().0) < LONG_ENOUGH {
            return false;
        }
        let (_, leave) = first.remove();
        leave.notify_one();
        true
    }
}

/// One connection, as far as it is busy or waits. It waits from the beginning.
pub(super) struct Seat {
    idle: Arc<Idle>,
    leave: Arc<Notify>,
    /// Its number in the list; 0 while it is busy.
    number: AtomicU64,
}

impl Seat {
    pub(super) fn new(idle: Arc<Idle>) -> Arc<Self> {
        let seat = Self {
            idle,
            leave: Arc::default(),
            number: AtomicU64::new(0),
        };
        seat.rest();
        Arc::new(seat)
    }

    /// Ends when the connection has to make room.
    pub(super) async fn dismissed(&self) {
        self.leave.notified().await;
    }

    /// A request has come.
    pub(super) fn rise(&self) {
        let number = self.number.swap(0, Ordering::AcqRel);
        if number != 0 {
            self.idle.list().remove(&number);
        }
    }

    /// It was answered.
    fn rest(&self) {
        let mut list = self.idle.list();
        let number = self.idle.last.fetch_add(1, Ordering::Relaxed) + 1;
        list.insert(number, (Instant::now(), Arc::clone(&self.leave)));
        drop(list);
        self.number.store(number, Ordering::Release);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.rise();
    }
}

/// The body of an answer; once it is through, its connection waits again.
pub(super) struct Told {
    body: AnswerBody,
    seat: Arc<Seat>,
}

impl Told {
    pub(super) fn new(body: AnswerBody, seat: Arc<Seat>) -> Self {
        Self { body, seat }
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        self.seat.rest();
    }
}

impl Body for Told {
    type Data = <AnswerBody as Body>::Data;
    type Error = <AnswerBody as Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http_body_util::{Either, Full};
    use tokio::time::timeout;

    use super::*;

    /// Whether it was asked to make room.
    async fn is_dismissed(seat: &Seat) -> bool {
        let dismissed = timeout(Duration::from_millis(1), seat.dismissed());
        dismissed.await.is_ok()
    }

    #[tokio::test]
    async fn who_has_waited_longest_makes_room() {
        let idle = Arc::new(Idle::default());
        let seats: Vec<Arc<Seat>> = (0..3).map(|_| Seat::new(Arc::clone(&idle))).collect();
        let come = idle.list()[&1].0;
        assert!(!idle.dismiss_one(come), "they have only come");
        let later = || Instant::now() + LONG_ENOUGH;
        seats[0].rise();
        assert!(idle.dismiss_one(later()));
        assert!(is_dismissed(&seats[1]).await);
        assert!(!is_dismissed(&seats[2]).await);
        // It was answered just now, and waits behind the other.
        let body = Either::Right(Full::new(Bytes::new()));
        drop(Told::new(body, Arc::clone(&seats[0])));
        assert!(idle.dismiss_one(later()));
        assert!(is_dismissed(&seats[2]).await);
        assert!(idle.dismiss_one(later()));
        assert!(is_dismissed(&seats[0]).await);
        assert!(!idle.dismiss_one(later()), "nobody waits");
        drop(seats);
        let gone = Seat::new(Arc::clone(&idle));
        drop(gone);
        assert!(idle.list().is_empty());
    }
}
