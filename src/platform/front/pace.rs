//! How long the other side may keep us waiting in the middle of something.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

/// Bytes that earn a second of waiting: what a slow mobile line still manages.
const BYTES_PER_SECOND: u64 = 1000;

/// Waiting that one body may cause in all, whatever it brings: at the least pace, as many files as are
/// read through would hold a place for days.
const LONGEST_BODY: Duration = Duration::from_secs(3600);

/// Patience that waiting uses up and progress restores, up to what it was at first. So
/// somebody who stands still is cut off, and so is somebody who sends or takes single bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Patience {
    whole: Duration,
    left: Duration,
    /// What nothing restores.
    in_all: Duration,
}

impl Patience {
    const fn new(whole: Duration, in_all: Duration) -> Self {
        Self {
            whole,
            left: whole,
            in_all,
        }
    }

    fn left(&self) -> Duration {
        self.left.min(self.in_all)
    }

    fn spend(&mut self, waited: Duration) {
        self.left = self.left.saturating_sub(waited);
        self.in_all = self.in_all.saturating_sub(waited);
    }

    fn earn(&mut self, bytes: u64) {
        let earned = Duration::from_millis(bytes.saturating_mul(1000) / BYTES_PER_SECOND);
        self.left = self.left.saturating_add(earned).min(self.whole);
    }
}

/// Watches one direction of a connection.
pub(super) struct Pace {
    patience: Patience,
    in_all: Duration,
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Pace {
    /// For bodies, one after another.
    pub(super) fn of_bodies(whole: Duration) -> Self {
        Self::new(whole, LONGEST_BODY)
    }

    /// For answers, however long they are: what we say to whom we let in ends by itself.
    pub(super) fn of_answers(whole: Duration) -> Self {
        Self::new(whole, Duration::MAX)
    }

    const fn new(whole: Duration, in_all: Duration) -> Self {
        Self {
            patience: Patience::new(whole, in_all),
            in_all,
            waiting: None,
        }
    }

    /// Something else begins: patience is whole again.
    pub(super) fn restart(&mut self) {
        *self = Self::new(self.patience.whole, self.in_all);
    }

    /// Takes note of what became of a read or a write, and turns one that has been pending for
    /// too long into [`io::ErrorKind::TimedOut`].
    pub(super) fn watch(
        &mut self,
        context: &mut Context<'_>,
        outcome: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match outcome {
            Poll::Ready(Ok(bytes)) => {
                if let Some((since, _)) = self.waiting.take() {
                    self.patience.spend(since.elapsed());
                }
                self.patience.earn(bytes as u64);
                outcome
            }
            Poll::Ready(Err(_)) => outcome,
            Poll::Pending => {
                let left = self.patience.left();
                let (_, end) = self
                    .waiting
                    .get_or_insert_with(|| (Instant::now(), Box::pin(sleep(left))));
                end.as_mut()
                    .poll(context)
                    .map(|()| Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// A client that always manages the rate is never cut off; one that manages half of it is,
        /// once it has kept us waiting for twice the patience.
        #[test]
        fn only_the_slow_run_out_of_patience(
            whole in 1_u64..60,
            pauses in prop::collection::vec(1_u64..1000, 1..200),
        ) {
            let whole = Duration::from_secs(whole);
            let (mut steady, mut slow) =
                (Patience::new(whole, LONGEST_BODY), Patience::new(whole, LONGEST_BODY));
            let mut waited = Duration::ZERO;
            for pause in pauses {
                let pause = Duration::from_millis(pause);
                let bytes = u64::try_from(pause.as_millis()).expect("a second at most");
                steady.spend(pause);
                prop_assert!(steady.left() > Duration::ZERO);
                steady.earn(bytes);
                prop_assert!(steady.left == whole);
                slow.spend(pause);
                slow.earn(bytes / 2);
                waited += pause;
                if waited > whole * 2 + Duration::from_secs(1) {
                    prop_assert!(slow.left < Duration::from_secs(1));
                }
            }
        }

        /// However fast the bytes come between the pauses, the pauses of one body have an end, and
        /// those of the next are its own.
        #[test]
        fn nobody_is_waited_for_longer_than_an_hour(
            pauses in prop::collection::vec(1_u64..30_000, 1..500),
        ) {
            let mut pace = Pace::of_bodies(Duration::from_secs(30));
            let mut answer = Pace::of_answers(Duration::from_secs(30));
            let mut waited = Duration::ZERO;
            for pause in pauses.into_iter().cycle().map(Duration::from_millis).take(100_000) {
                if waited + pause >= LONGEST_BODY {
                    break;
                }
                for patience in [&mut pace.patience, &mut answer.patience] {
                    prop_assert!(patience.left() > Duration::ZERO);
                    patience.spend(pause);
                    patience.earn(u64::MAX / 1000);
                }
                waited += pause;
                prop_assert_eq!(pace.patience.in_all, LONGEST_BODY - waited);
                prop_assert_eq!(answer.patience.left(), Duration::from_secs(30));
            }
            pace.patience.spend(LONGEST_BODY);
            pace.patience.earn(u64::MAX / 1000);
            prop_assert_eq!(pace.patience.left(), Duration::ZERO);
            pace.restart();
            prop_assert_eq!(pace.patience.left(), Duration::from_secs(30));
        }
    }
}
