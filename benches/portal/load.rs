//! Two ways to ask: at a constant rate, whatever the program answers, and as fast as it answers.
//!
//! At a constant rate, the time of an answer counts from when its request was due, not from when
//! a client was free to send it: a stall shows in every request that it held up ("coordinated
//! omission", G. Tene, 2013).

use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::client::Client;

/// One thing to ask for, told its number. Answers how many bytes came; whatever is not the answer
/// that was expected is an error.
pub type Ask<'a> = dyn Fn(&mut Client, usize) -> io::Result<usize> + Sync + 'a;

/// What a load showed.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// Sorted.
    times: Vec<Duration>,
    /// All that was received.
    bytes: usize,
    /// Answers that were none, or not the expected ones.
    pub errors: usize,
    /// What was wrong with the first of them.
    pub first_error: Option<String>,
    /// From the first request to the last answer.
    pub span: Duration,
}

impl Measured {
    /// The time that a share of the answers stayed under.
    pub fn percentile(&self, share: f64) -> Duration {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a place in a list"
        )]
        let place = ((self.times.len() as f64 * share).ceil() as usize).saturating_sub(1);
        self.times.get(place).copied().unwrap_or_default()
    }

    pub fn longest(&self) -> Duration {
        self.times.last().copied().unwrap_or_default()
    }

    /// Answers as expected.
    pub fn count(&self) -> usize {
        self.times.len()
    }

    /// Answers in a second.
    pub fn rate(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a count")]
        let count = self.count() as f64;
        count / self.span.as_secs_f64()
    }

    /// Bytes of an answer, on average.
    pub fn bytes(&self) -> usize {
        self.bytes / self.count().max(1)
    }

    /// Takes another one in.
    pub fn join(&mut self, other: Self) {
        self.times.extend(other.times);
        self.times.sort_unstable();
        self.bytes += other.bytes;
        self.errors += other.errors;
        self.first_error = self.first_error.take().or(other.first_error);
        self.span += other.span;
    }
}

/// Asks at a constant rate for a time, by as many clients as it takes.
pub fn at_rate(
    port: u16,
    per_second: u32,
    time: Duration,
    clients: usize,
    ask: &Ask<'_>,
) -> Measured {
    let total = (f64::from(per_second) * time.as_secs_f64()).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count"
    )]
    let total = total as usize;
    let interval = Duration::from_secs(1) / per_second;
    let begun = Instant::now() + Duration::from_millis(50);
    measure(port, clients, begun, ask, &|number| {
        let due = begun + interval * u32::try_from(number).unwrap_or(u32::MAX);
        (number < total).then(|| {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            due
        })
    })
}

/// Asks again as soon as an answer is there, for a time.
pub fn as_fast_as_answered(port: u16, time: Duration, clients: usize, ask: &Ask<'_>) -> Measured {
    let begun = Instant::now();
    measure(port, clients, begun, ask, &|_| {
        let now = Instant::now();
        (now < begun + time).then_some(now)
    })
}

/// `due` waits until a request may be sent, and says when it should have been; none ends the load.
fn measure(
    port: u16,
    clients: usize,
    begun: Instant,
    ask: &Ask<'_>,
    due: &(dyn Fn(usize) -> Option<Instant> + Sync),
) -> Measured {
    let next = AtomicUsize::new(0);
    let all = Mutex::new(Measured::default());
    thread::scope(|scope| {
        for number in 0..clients {
            let (next, all) = (&next, &all);
            scope.spawn(move || {
                let mut client = Client::new(port, number);
                let mut own = Measured::default();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(since) = due(number) else { break };
                    match ask(&mut client, number) {
                        Ok(bytes) => {
                            own.times.push(since.elapsed());
                            own.bytes += bytes;
                        }
                        Err(error) => {
                            own.errors += 1;
                            own.first_error.get_or_insert_with(|| error.to_string());
                        }
                    }
                }
                all.lock().expect("no client panics").join(own);
            });
        }
    });
    let mut measured = all.into_inner().expect("no client panics");
    measured.span = begun.elapsed();
    measured
}
