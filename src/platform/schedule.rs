//! Work that comes back at an interval: sending mail, following changed files, sweeping what
//! expired.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::db::StorageError;
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
        let run = std::panic::AssertUnwindSafe(|| (schedule.run)(site));
        match std::panic::catch_unwind(run) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::error!(schedule = schedule.name, %error, "will be tried again")
            }
            Err(_) => tracing::error!(schedule = schedule.name, "panicked; will be tried again"),
        }
        match stopped.recv_timeout(schedule.every) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}
