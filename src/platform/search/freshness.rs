//! How far a search can be relied on: whoever brings an index up to the database says when it last
//! was, whoever searches asks, and the page says what it may lack.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::Duration;
use diesel::QueryResult;

use super::changes::get_revision;
use crate::platform::db::{Conn, Timestamp};

/// How long an index may be behind without a word: it is followed once a second, and a round takes
/// longer on a busy machine.
const USUAL: Duration = Duration::seconds(5);

/// How much a search has looked through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Coverage {
    /// All that there was a moment ago.
    #[default]
    Whole,
    /// Not what came last: the index is behind.
    Behind,
    /// Little more than titles: there is no index that could be asked.
    WithoutIndex,
}

impl Coverage {
    /// The word for it, for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Behind => "behind",
            Self::WithoutIndex => "without-index",
        }
    }
}

/// When an index was last known to hold all that the database held.
#[derive(Default)]
pub struct Freshness(Mutex<Option<Timestamp>>);

impl Freshness {
    /// Notes that the index holds whatever the database held `then`.
    pub fn note(&self, then: Timestamp) {
        *self.held() = Some(then);
    }

    /// Forgets when that was: the index could not be brought up to the database, so the next search has
    /// to compare the two, however recently they were the same.
    pub fn doubt(&self) {
        *self.held() = None;
    }

    /// What a search that begins `now` looks through, in an index that has followed the database up to
    /// the change `at`. It costs a statement only while nobody has noted anything for longer than usual.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn coverage(
        &self,
        conn: &mut Conn,
        index: &str,
        at: Option<i64>,
        now: Timestamp,
    ) -> QueryResult<Coverage> {
        let Some(at) = at else {
            return Ok(Coverage::WithoutIndex);
        };
        let held = *self.held();
        // Either way, because a clock may have been set back since.
        if held.is_some_and(|held| (now - held).abs() <= USUAL) {
            return Ok(Coverage::Whole);
        }
        // Ahead is no better: it then holds what another database held.
        if get_revision(conn, index)? != at {
            return Ok(Coverage::Behind);
        }
        self.note(now);
        Ok(Coverage::Whole)
    }

    fn held(&self) -> MutexGuard<'_, Option<Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
