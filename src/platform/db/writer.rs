//! The one thread that writes to SQLite.
//!
//! SQLite admits one writer at a time. Many pooled writers starve one another (p99 over a
//! second under load) and keep the write-ahead log from ever being checkpointed; one thread
//! that takes waiting jobs together and syncs once for all of them does neither. Each job has
//! its own savepoint, so that one that fails undoes itself alone, and is answered only after
//! the group's commit.
//!
//! After a commit that the disk refused for another reason than being full, nothing is written any
//! more until the program is started again. Linux reports a failed sync once and then takes the
//! pages for clean, so that a later sync can succeed without them ("fsyncgate", PostgreSQL 2018):
//! to go on would be to acknowledge what may be lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Instant;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::result::{DatabaseErrorKind, Error};
use diesel::{Connection, QueryResult};

use super::Conn;
use crate::platform::metrics::{metrics, seconds};

/// Jobs committed together, at most.
const GROUP: usize = 64;

/// SQLite's words for a failed write or sync (`SQLITE_IOERR`); a full disk is told apart.
const DISK_FAULT: &str = "disk I/O error";

/// What is answered from then on.
const HALTED: &str = "the disk failed: nothing is written until the program is started again";

/// A job runs in the group's transaction and leaves what is to be told once it is committed.
/// Without a transaction to run in it only leaves its refusal.
type Job = Box<dyn FnOnce(Option<&mut Conn>) -> Answer + Send>;

/// Work that no transaction may surround, such as `VACUUM`.
type Alone = Box<dyn FnOnce(&mut Conn) + Send>;

/// What waits for the thread.
enum Queued {
    Write(Job),
    Alone(Alone),
}

/// Tells the waiting caller the outcome; the argument says why the commit failed, if it did.
type Answer = Box<dyn FnOnce(Option<&str>) + Send>;

/// Handle to the writing thread. Dropping it lets the thread finish what was queued.
pub(super) struct Writer {
    queue: Option<Sender<Queued>>,
    thread: Option<JoinHandle<()>>,
    halted: Arc<AtomicBool>,
}

impl Writer {
    pub(super) fn start(conn: Conn) -> std::io::Result<Self> {
        let (queue, jobs) = channel();
        let halted = Arc::new(AtomicBool::new(false));
        let halting = Arc::clone(&halted);
        let thread = std::thread::Builder::new()
            .name("database-writer".to_owned())
            .spawn(move || run(conn, &jobs, &halting))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
            halted,
        })
    }

    /// Whether nothing is written any more until the program is started again.
    pub(super) fn has_halted(&self) -> bool {
        self.halted.load(Ordering::Acquire)
    }

    /// Queues `work`; `reply` is called after it is on disk, or with the reason it is not.
    pub(super) fn submit<T, E>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        reply: impl FnOnce(Result<T, E>) + Send + 'static,
    ) where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let job: Job = Box::new(move |conn| {
            let outcome = conn.map(|conn| conn.transaction(work));
            Box::new(move |failure| {
                reply(match (outcome, failure) {
                    (Some(Err(error)), _) => Err(error),
                    (Some(Ok(value)), None) => Ok(value),
                    (Some(Ok(_)) | None, reason) => {
                        Err(E::from(not_committed(reason.unwrap_or("no transaction"))))
                    }
                });
            })
        });
        metrics().writer_queue.inc();
        let sent = self
            .queue
            .as_ref()
            .is_some_and(|queue| queue.send(Queued::Write(job)).is_ok());
        if !sent {
            metrics().writer_queue.dec();
            tracing::error!("the database writer has stopped");
        }
    }

    /// Queues work that runs by itself, between two groups. Whoever writes waits meanwhile.
    pub(super) fn submit_alone(&self, work: impl FnOnce(&mut Conn) + Send + 'static) {
        if let Some(queue) = &self.queue
            && queue.send(Queued::Alone(Box::new(work))).is_err()
        {
            tracing::error!("the database writer has stopped");
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the database writer ended in a panic");
        }
    }
}

fn run(mut conn: Conn, jobs: &Receiver<Queued>, halted: &AtomicBool) {
    let mut next = None;
    while let Some(queued) = next.take().or_else(|| jobs.recv().ok()) {
        let first = match queued {
            Queued::Write(job) => job,
            Queued::Alone(work) => {
                work(&mut conn);
                continue;
            }
        };
        let begun = begin_immediate(&mut conn);
        let mut answers: Vec<Answer> = Vec::new();
        let mut job = Some(first);
        while let Some(work) = job.take() {
            answers.push(work(begun.is_ok().then_some(&mut conn)));
            if answers.len() < GROUP {
                match jobs.try_recv() {
                    Ok(Queued::Write(more)) => job = Some(more),
                    Ok(alone) => next = Some(alone),
                    Err(_) => {}
                }
            }
        }
        let failure = match begun {
            Ok(()) => timed_commit(&mut conn).err(),
            Err(error) => Some(error),
        };
        count(answers.len());
        let reason = failure.map(|error| error.to_string());
        if let Some(reason) = &reason {
            metrics().commit_failures.inc();
            tracing::error!(%reason, "a group of writes could not be committed");
        }
        for answer in answers {
            answer(reason.as_deref());
        }
        if reason.is_some_and(|reason| reason.contains(DISK_FAULT)) {
            halted.store(true, Ordering::Release);
            return refuse_all(next, jobs);
        }
    }
    if let Err(error) = conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)") {
        tracing::warn!(%error, "the write-ahead log could not be folded in");
    }
}

/// Notes that a group was taken from the queue.
#[expect(clippy::cast_precision_loss, reason = "64 at most")]
fn count(group: usize) {
    metrics().writer_group.observe(group as f64);
    metrics()
        .writer_queue
        .sub(i64::try_from(group).unwrap_or(0));
}

fn timed_commit(conn: &mut Conn) -> QueryResult<()> {
    let begun = Instant::now();
    let outcome = commit(conn);
    metrics().commit_seconds.observe(seconds(begun.elapsed()));
    outcome
}

/// What is on the disk is in doubt. Restarting reads it anew.
fn refuse_all(next: Option<Queued>, jobs: &Receiver<Queued>) {
    tracing::error!("{HALTED}");
    for queued in next.into_iter().chain(jobs) {
        // What would have run alone is dropped, which its caller notices.
        if let Queued::Write(job) = queued {
            metrics().writer_queue.dec();
            job(None)(Some(HALTED));
        }
    }
}

fn begin_immediate(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(sqlite) => {
            AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE")
        }
        Conn::Postgres(_) => <Conn as Connection>::TransactionManager::begin_transaction(conn),
    }
}

fn commit(conn: &mut Conn) -> QueryResult<()> {
    type Manager = <Conn as Connection>::TransactionManager;
    Manager::commit_transaction(conn).inspect_err(|_| {
        if let Err(error) = Manager::rollback_transaction(conn) {
            tracing::error!(%error, "a failed commit could not be rolled back");
        }
    })
}

fn not_committed(reason: &str) -> Error {
    Error::DatabaseError(
        DatabaseErrorKind::Unknown,
        Box::new(format!("not committed: {reason}")),
    )
}
