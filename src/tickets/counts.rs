//! The counts of the desk, kept until something happens.
//!
//! Every page of the desk shows a dozen counts. They are taken from one [`Tally`], which is read
//! anew when an event was recorded since, and each minute, because "lately" moves on. Narrower lists
//! are counted each by itself, and kept as long.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::Duration;
use diesel::QueryResult;

use super::queries::{Count, DeskFilter, StageCount, Tally, count_stages, count_view};
use crate::platform::db::{Conn, Timestamp};
use crate::platform::events::last_event;

/// Counts of other lists that are kept beside the tally.
const LISTS: usize = 64;

/// Keeps the last counts.
#[derive(Default)]
pub struct TicketCounts {
    kept: Mutex<Option<Arc<Kept>>>,
}

/// What was counted after an event.
struct Kept {
    /// The last event when it was counted.
    event: i64,
    at: Timestamp,
    tally: Arc<Tally>,
    /// Lists that ask for more than the tally knows, last counted last.
    lists: Mutex<Vec<(DeskFilter, Count)>>,
}

impl TicketCounts {
    /// How many tickets stand where, as of now.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn tally(&self, conn: &mut Conn, now: Timestamp) -> QueryResult<Arc<Tally>> {
        Ok(Arc::clone(&self.standing(conn, now)?.tally))
    }

    fn standing(&self, conn: &mut Conn, now: Timestamp) -> QueryResult<Arc<Kept>> {
        let event = last_event(conn)?;
        if let Some(kept) = self.kept(conn, event, now) {
            return Ok(kept);
        }
        // What is recorded while this counts has a later key, and so counts again.
        let kept = Arc::new(Kept {
            event,
            at: now,
            tally: Arc::new(Tally::read(conn, now)?),
            lists: Mutex::default(),
        });
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&kept));
        Ok(kept)
    }

    fn kept(&self, conn: &Conn, event: i64, now: Timestamp) -> Option<Arc<Kept>> {
        // On a server, keys are given before the commit: what was begun earlier and committed
        // later has no later key, and shows with this delay.
        let longest = match conn {
            Conn::Sqlite(_) => Duration::seconds(60),
            Conn::Postgres(_) => Duration::seconds(2),
        };
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref()
            .filter(|kept| kept.event == event && kept.at <= now && now < kept.at + longest)
            .map(Arc::clone)
    }

    /// How many tickets a list holds. Long lists of closed ones are not counted to their end.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn count(&self, conn: &mut Conn, filter: &DeskFilter) -> QueryResult<Count> {
        let kept = self.standing(conn, filter.now)?;
        match kept.tally.count(filter) {
            Some(count) => Ok(count.into()),
            None => kept.count(conn, filter),
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

impl Kept {
    fn count(&self, conn: &mut Conn, filter: &DeskFilter) -> QueryResult<Count> {
        // Words find what the index holds, which follows the events by a moment.
        if filter.found.is_some() {
            return count_view(conn, filter);
        }
        let list = DeskFilter {
            now: self.at,
            ..filter.clone()
        };
        let lists = || self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lists()
            .iter()
            .find(|(known, _)| *known == list)
            .map(|(_, count)| *count);
        if let Some(count) = known {
            return Ok(count);
        }
        let count = count_view(conn, &list)?;
        let mut lists = lists();
        if lists.len() == LISTS {
            lists.remove(0);
        }
        lists.push((list, count));
        Ok(count)
    }
}
