//! How long the other side may keep us waiting in the middle of something.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

/// Bytes that earn a second of waiting: what a slow mobile line still manages.
const BYTES_PER_SECOND: u64 = 1000;

/// Patience that waiting uses up and progress restores, up to what it was at first. So
/// somebody who stands still is cut off, and so is somebody who sends or takes single bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Patience {
    whole: Duration,
    left: Duration,
}

impl Patience {
    fn spend(&mut self, waited: Duration) {
        self.left = self.left.saturating_sub(waited);
    }

    fn earn(&mut self, bytes: u64) {
        let earned = Duration::from_millis(bytes.saturating_mul(1000) / BYTES_PER_SECOND);
        self.left = self.left.saturating_add(earned).min(self.whole);
    }
}

/// Watches one direction of a connection.
pub(super) struct Pace {
    patience: Patience,
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Pace {
    pub(super) fn new(whole: Duration) -> Self {
        Self {
            patience: Patience { whole, left: whole },
            waiting: None,
        }
    }

    /// Something else begins: patience is whole again.
    pub(super) fn restart(&mut self) {
        *self = Self::new(self.patience.whole);
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
                let left = self.patience.left;
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
                (Patience { whole, left: whole }, Patience { whole, left: whole });
            let mut waited = Duration::ZERO;
            for pause in pauses {
                let pause = Duration::from_millis(pause);
                let bytes = u64::try_from(pause.as_millis()).expect("a second at most");
                steady.spend(pause);
                prop_assert!(steady.left > Duration::ZERO);
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
    }
}
