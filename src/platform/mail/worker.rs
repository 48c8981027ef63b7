//! The worker that empties the outbox, a batch at a time.

use std::sync::Arc;
use std::time::Duration;

use diesel::QueryResult;

use super::compose::Sender;
use super::queue::{self, Wanted};
use super::{Mail, Refusal, Transport, compose, transports};
use crate::config::Settings;
use crate::platform::company::Company;
use crate::platform::db::{Actor, Conn, Database, StorageError, Tx};
use crate::platform::metrics::metrics;
use crate::platform::random;
use crate::platform::schedule::Schedule;
use crate::platform::web::Site;
use crate::platform::web::templates::Templates;

/// Mails of one run: with one run a second, also the most that leave in a second.
pub const BATCH: i64 = 20;

/// Shortest pause after a failure, in seconds. It doubles with each one that follows.
const FIRST_PAUSE: i64 = 60;

/// Longest pause, in seconds.
const LONGEST_PAUSE: i64 = 6 * 60 * 60;

/// Sends what waits, once a second. The site needs a [`Transport`] among its parts.
#[must_use]
pub const fn delivery() -> Schedule {
    Schedule {
        name: "mail",
        every: Duration::from_secs(1),
        run: |site: &Site| {
            Courier {
                db: &site.db,
                settings: &site.settings,
                company: site.company.get(),
                templates: &site.templates,
                transport: site.part::<Transport>(),
                still_wanted: site.still_wanted,
            }
            .run()
            .map(drop)
        },
        at_end: false,
    }
}

/// What it takes to send mails.
pub struct Courier<'a> {
    /// Where they are.
    pub db: &'a Database,
    /// Under which address the portal is reached.
    pub settings: &'a Settings,
    /// From whom they come.
    pub company: Arc<Company>,
    /// How they look.
    pub templates: &'a Templates,
    /// Which way they take.
    pub transport: &'a Transport,
    /// Whether a mail may still leave, asked at the last moment.
    pub still_wanted: Option<StillWanted>,
}

/// Whether a mail is still for its recipient to have: days may lie between its order and its
/// leaving.
pub type StillWanted = fn(&mut Conn, &Mail) -> QueryResult<bool>;

/// How a mail fared.
enum Fate {
    Sent,
    Exported,
    Later(String),
    Never(String),
}

impl Fate {
    /// The word for it in metrics.
    const fn as_str(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Exported => "exported",
            Self::Later(_) => "postponed",
            Self::Never(_) => "failed",
        }
    }
}

fn count(outcome: &str) {
    metrics().mails.with_label_values(&[outcome]).inc();
}

impl Courier<'_> {
    /// Takes one batch in hand. Returns how many mails left, or were written to the folder.
    ///
    /// # Errors
    /// When the database cannot be used. What a single mail suffers is noted with it.
    pub fn run(&self) -> Result<usize, StorageError> {
        let (now, wanted) = (self.db.now(), self.transport.wanted());
        let ready = self
            .db
            .read_blocking(|conn| queue::has_ready(conn, wanted, now).map_err(StorageError::from));
        if !ready? {
            return Ok(0);
        }
        let batch = self.write(move |tx| queue::claim_mails(tx, wanted, BATCH))?;
        let mut left = 0;
        let mut rest = batch.as_slice();
        while let Some((mail, others)) = rest.split_first() {
            rest = others;
            if !self.is_wanted(mail)? {
                let this = mail.clone();
                self.write(move |tx| queue::drop_unwanted(tx, &this))?;
                count("dropped");
                if mail.exported_at.is_some() {
                    transports::remove_export(&self.settings.data_dir, mail);
                }
                continue;
            }
            let outcome = self.send(mail);
            let unreachable = matches!(outcome, Err(Refusal::Unreachable(_)));
            left += usize::from(outcome.is_ok());
            self.settle(mail, outcome)?;
            if unreachable {
                break;
            }
        }
        if !rest.is_empty() {
            let untried = rest.to_vec();
            self.write(move |tx| queue::release(tx, &untried))?;
        }
        Ok(left)
    }

    fn is_wanted(&self, mail: &Mail) -> Result<bool, StorageError> {
        match self.still_wanted {
            Some(wanted) => self
                .db
                .read_blocking(|conn| wanted(conn, mail).map_err(StorageError::from)),
            None => Ok(true),
        }
    }

    fn send(&self, mail: &Mail) -> Result<(), Refusal> {
        let sender = Sender {
            company: &self.company,
            settings: self.settings,
        };
        let message = compose::compose(mail, self.templates, &sender)
            .and_then(|composed| compose::message(mail, composed, &sender))
            .map_err(|error| Refusal::Permanent(error.to_string()))?;
        self.transport.send(mail, &message)
    }

    /// Notes how a mail fared.
    fn settle(&self, mail: &Mail, outcome: Result<(), Refusal>) -> Result<(), StorageError> {
        let fate = match outcome {
            Ok(()) if self.transport.wanted() == Wanted::NotExported => Fate::Exported,
            Ok(()) => Fate::Sent,
            Err(Refusal::Permanent(reason)) => Fate::Never(reason),
            Err(Refusal::Temporary(reason) | Refusal::Unreachable(reason)) => Fate::Later(reason),
        };
        if let Fate::Never(reason) | Fate::Later(reason) = &fate {
            tracing::warn!(mail = mail.id.0, kind = mail.kind, %reason, "a mail did not leave");
        }
        let sent = matches!(fate, Fate::Sent);
        let outcome = fate.as_str();
        let (this, delay) = (mail.clone(), pause(mail.attempts, random::bytes::<1>()[0]));
        self.write(move |tx| match &fate {
            Fate::Sent => queue::mark_sent(tx, &this),
            Fate::Exported => queue::mark_exported(tx, &this),
            Fate::Later(reason) => queue::postpone(tx, &this, reason, delay),
            Fate::Never(reason) => queue::mark_failed(tx, &this, reason),
        })?;
        count(outcome);
        if sent && mail.exported_at.is_some() {
            transports::remove_export(&self.settings.data_dir, mail);
        }
        Ok(())
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> diesel::QueryResult<T> + Send + 'static,
    ) -> Result<T, StorageError> {
        self.db.write_blocking(Actor::System, move |tx| {
            work(tx).map_err(StorageError::from)
        })
    }
}

/// How long to wait after a failure that `attempts` others preceded. `jitter` spreads mails
/// that failed together, over a quarter of the pause.
fn pause(attempts: i32, jitter: u8) -> chrono::Duration {
    let doublings = attempts.clamp(0, 10);
    let seconds = (FIRST_PAUSE << doublings).min(LONGEST_PAUSE);
    chrono::Duration::seconds(seconds + seconds * i64::from(jitter) / (4 * 255))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pauses_grow_from_a_minute_to_six_hours(attempts in 0..i32::MAX, jitter: u8) {
            let shortest = pause(attempts, 0).num_seconds();
            let this = pause(attempts, jitter).num_seconds();
            prop_assert!((FIRST_PAUSE..=LONGEST_PAUSE).contains(&shortest));
            prop_assert!((shortest..=shortest + shortest / 4).contains(&this));
            prop_assert!(pause(attempts - 1, 0).num_seconds() <= shortest);
        }
    }

    #[test]
    fn pauses_double() {
        let minutes: Vec<_> = (0..11).map(|n| pause(n, 0).num_minutes()).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
    }
}
