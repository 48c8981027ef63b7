//! Work that comes back at an interval: sending mail, following changed files, sweeping what
//! expired.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::clock::Clock;
use super::db::StorageError;
use super::metrics::{metrics, seconds};
use super::web::Site;

/// A piece of periodic work. Running it twice, here or on another node, must be harmless.
#[derive(Clone, Copy)]
pub struct Schedule {
    /// A name for the log and the thread.
    pub name: &'static str,
    /// How long to wait between two runs.
    pub every: Duration,
    /// The work itself, on a thread of its own.
    pub run: fn(&Site) -> Result<(), StorageError>,
    /// Whether it is done once more when the program ends: what waits for it is nowhere else.
    pub at_end: bool,
}

/// The threads that do periodic work. Dropping it lets each finish its run and stop.
pub struct Runner {
    threads: Vec<(Sender<()>, JoinHandle<()>)>,
}

impl Runner {
    /// Starts one thread for each schedule.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(site: &Arc<Site>, schedules: &[Schedule]) -> std::io::Result<Self> {
        let mut threads = Vec::with_capacity(schedules.len());
        for &schedule in schedules {
            let (stop, stopped) = channel();
            let site = Arc::clone(site);
            let thread = std::thread::Builder::new()
                .name(schedule.name.to_owned())
                .spawn(move || repeat(schedule, &site, &stopped))?;
            threads.push((stop, thread));
        }
        Ok(Self { threads })
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        let threads = std::mem::take(&mut self.threads);
        let waiting: Vec<_> = threads.into_iter().map(|(_, thread)| thread).collect();
        // The senders are gone by now, which wakes every thread; they stop side by side.
        for thread in waiting {
            if thread.join().is_err() {
                tracing::error!("periodic work ended in a panic");
            }
        }
    }
}

fn repeat(schedule: Schedule, site: &Site, stopped: &Receiver<()>) {
    loop {
        run(schedule, site);
        match stopped.recv_timeout(schedule.every) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    if schedule.at_end {
        run(schedule, site);
    }
}

fn run(schedule: Schedule, site: &Site) {
    let begun = Instant::now();
    let run = std::panic::AssertUnwindSafe(|| (schedule.run)(site));
    let outcome = match std::panic::catch_unwind(run) {
        Ok(Ok(())) => "done",
        Ok(Err(error)) => {
            tracing::error!(schedule = schedule.name, %error, "will be tried again");
            "failed"
        }
        Err(_) => {
            tracing::error!(schedule = schedule.name, "panicked; will be tried again");
            "panicked"
        }
    };
    count(schedule.name, outcome, begun.elapsed());
}

#[expect(clippy::cast_precision_loss, reason = "seconds stay below 2^53")]
fn count(name: &str, outcome: &str, taken: Duration) {
    let counted = metrics();
    let runs = &counted.schedule_runs;
    runs.with_label_values(&[name, outcome]).inc();
    let spent = &counted.schedule_seconds;
    spent.with_label_values(&[name]).inc_by(seconds(taken));
    if outcome == "done" {
        let now = Clock::System.now().seconds() as f64;
        let success = &counted.schedule_success;
        success.with_label_values(&[name]).set(now);
    }
}
