//! What a command is given: one connection, one instant, one actor.

use serde::{Deserialize, Serialize};

use super::{Conn, Timestamp};
use crate::platform::events::{Cause, History};

/// Who is doing something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// A person with an account or a known address, by key.
    Person(i64),
    /// Somebody who has not said who they are.
    Anonymous,
    /// The program itself: a schedule, a rule, an import.
    System,
}

impl Actor {
    /// The person, if it is one.
    #[must_use]
    pub const fn person(self) -> Option<i64> {
        match self {
            Self::Person(id) => Some(id),
            Self::Anonymous | Self::System => None,
        }
    }

    /// The stored word for the kind of actor.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Anonymous => "anonymous",
            Self::System => "system",
        }
    }
}

/// A write transaction. Commands take it by `&mut`; only routes, jobs and the command line
/// open one, and one request opens at most one.
pub struct Tx<'a> {
    /// The connection, inside the transaction.
    pub conn: &'a mut Conn,
    /// The instant at which all of it happens.
    pub now: Timestamp,
    /// Who does it.
    pub actor: Actor,
    pub(in crate::platform) cause: Cause,
    pub(in crate::platform) history: &'a History,
}

impl<'a> Tx<'a> {
    pub(in crate::platform) fn new(
        conn: &'a mut Conn,
        now: Timestamp,
        actor: Actor,
        history: &'a History,
    ) -> Self {
        Self {
            conn,
            now,
            actor,
            cause: Cause::request(),
            history,
        }
    }

    /// The same transaction at another instant and for another actor: for imports and
    /// demonstrations, which replay what several people did over time.
    pub fn replay(&mut self, now: Timestamp, actor: Actor) -> Tx<'_> {
        Tx {
            conn: self.conn,
            now,
            actor,
            cause: self.cause.clone(),
            history: self.history,
        }
    }

    /// Undoes `work` alone when it fails, keeping the rest of the transaction usable: needed
    /// around a statement whose failure is an expected answer, because PostgreSQL aborts the
    /// whole transaction otherwise.
    ///
    /// # Errors
    /// Whatever `work` returned.
    pub fn attempt<T, E>(&mut self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<diesel::result::Error>,
    {
        use diesel::Connection;
        let (now, actor, history) = (self.now, self.actor, self.history);
        let cause = self.cause.clone();
        self.conn.transaction(|conn| {
            work(&mut Tx {
                conn,
                now,
                actor,
                cause,
                history,
            })
        })
    }
}
