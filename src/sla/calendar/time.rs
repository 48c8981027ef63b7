//! Working time: how much lies between two instants, and when so much of it has passed.

use chrono::{Duration, NaiveDate};

use super::{Calendar, Span};
use crate::platform::db::Timestamp;

/// How far ahead working time is looked for. What does not come within ten years never comes.
pub const HORIZON_DAYS: usize = 3_660;

impl Calendar {
    /// The open spans that are not over at an instant, in order and apart from one another, to the
    /// end of a day. They go on for [`HORIZON_DAYS`].
    pub fn open_from(&self, at: Timestamp) -> impl Iterator<Item = Span> + '_ {
        // What began yesterday may go on today.
        let first = self.date_at(at);
        let first = first.pred_opt().unwrap_or(first);
        let mut until = at;
        self.days_from(first).flat_map(move |date| {
            let mut spans = self.spans_of(date);
            spans.retain_mut(|span| {
                span.from = span.from.max(until);
                until = until.max(span.to);
                span.from < span.to
            });
            spans
        })
    }

    fn days_from(&self, first: NaiveDate) -> impl Iterator<Item = NaiveDate> + use<> {
        first.iter_days().take(HORIZON_DAYS + 2)
    }

    /// Working time from one instant to a later one; nothing when it is not later.
    #[must_use]
    pub fn worked(&self, from: Timestamp, to: Timestamp) -> Duration {
        let whole = Span { from, to };
        self.open_from(from)
            .take_while(|span| span.from < to)
            .filter_map(|span| span.meet(whole))
            .fold(Duration::zero(), |sum, span| sum + span.length())
    }

    /// The first instant at which so much working time has passed; none when it never does.
    #[must_use]
    pub fn after(&self, from: Timestamp, work: Duration) -> Option<Timestamp> {
        if work <= Duration::zero() {
            return Some(from);
        }
        let mut left = work;
        for span in self.open_from(from) {
            if left <= span.length() {
                return Some(span.from + left);
            }
            left -= span.length();
        }
        None
    }

    /// Whether work is done at an instant.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.open_from(at)
            .next()
            .is_some_and(|span| span.from <= at)
    }
}
