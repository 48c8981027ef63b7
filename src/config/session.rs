//! How long people stay signed in.

use chrono::Duration;

use super::source::Source;

/// A year: no session lasts longer.
const MOST: i64 = 24 * 366;

/// How long a session lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimit {
    /// It ends after this long without a request.
    pub idle: Duration,
    /// It ends after this long in any case.
    pub absolute: Duration,
}

/// How long a session lasts, by what its owner may do.
///
/// Customers come back to a request after days, and what a stranger finds at their screen is their
/// own requests. An agent's screen shows everybody's: it closes between two working days. A
/// manager's can change who has access: it closes within the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    /// Of customers.
    pub customer: SessionLimit,
    /// Of agents.
    pub agent: SessionLimit,
    /// Of managers.
    pub manager: SessionLimit,
}

impl SessionLimits {
    pub(super) fn read(s: &mut Source) -> Self {
        let mut limit = |idle: (&str, i64), absolute: (&str, i64)| SessionLimit {
            idle: Duration::hours(s.number(idle.0, 1..=MOST, idle.1)),
            absolute: Duration::hours(s.number(absolute.0, 1..=MOST, absolute.1)),
        };
        Self {
            customer: limit(
                ("customer_idle_hours", 24 * 30),
                ("customer_session_hours", 24 * 90),
            ),
            agent: limit(("agent_idle_hours", 12), ("agent_session_hours", 24 * 7)),
            manager: limit(("manager_idle_hours", 8), ("manager_session_hours", 24)),
        }
    }
}
