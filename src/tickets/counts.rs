//! The counts of the desk, kept until something happens.
//!
//! Every page of the desk shows a dozen counts. They are taken from one [`Tally`], which is read
//! anew when an event was recorded since, and each minute, because "lately" moves on.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::Duration;
use diesel::QueryResult;

use super::queries::{Count, DeskFilter, StageCount, Tally, count_stages, count_view};
use crate::platform::db::{Conn, Timestamp};
use crate::platform::events::last_event;

/// Keeps the last tally.
#[derive(Default)]
pub struct TicketCounts {
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    /// The last event when it was counted.
    event: i64,
    at: Timestamp,
    tally: Arc<Tally>,
}

impl TicketCounts {
    /// How many tickets stand where, as of now.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn tally(&self, conn: &mut Conn, now: Timestamp) -> QueryResult<Arc<Tally>> {
        let event = last_event(conn)?;
        if let Some(tally) = self.kept(conn, event, now) {
            return Ok(tally);
        }
        // What is recorded while this counts has a later key, and so counts again.
        let tally = Arc::new(Tally::read(conn, now)?);
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(Kept {
            event,
            at: now,
            tally: Arc::clone(&tally),
        });
        Ok(tally)
    }

    fn kept(&self, conn: &Conn, event: i64, now: Timestamp) -> Option<Arc<Tally>> {
        // On a server, keys are given before the commit: what was begun earlier and committed
        // later has no later key, and shows with this delay.
        let longest = match conn {
            Conn::Sqlite(_) => Duration::seconds(60),
            Conn::Postgres(_) => Duration::seconds(2),
        };
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref()
            .filter(|kept| kept.event == event && kept.at <= now && now < kept.at + longest)
            .map(|kept| Arc::clone(&kept.tally))
    }

    /// How many tickets a list holds. Long lists of closed ones are not counted to their end.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn count(&self, conn: &mut Conn, filter: &DeskFilter) -> QueryResult<Count> {
        match self.tally(conn, filter.now)?.count(filter) {
            Some(count) => Ok(count.into()),
            None => count_view(conn, filter),
        }
    }

    /// How many tickets of a list stand at each stage, whatever stage it shows.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn stages(&self, conn: &mut Conn, filter: &DeskFilter) -> QueryResult<Vec<StageCount>> {
        match self.tally(conn, filter.now)?.stages(filter) {
            Some(stages) => Ok(stages),
            None => count_stages(conn, filter),
        }
    }
}
