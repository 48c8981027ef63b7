//! Hours on the wall as instants.

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone};
use chrono_tz::Tz;

use super::Calendar;
use crate::platform::db::Timestamp;

/// From an instant to a later one, which does not belong to it any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first instant.
    pub from: Timestamp,
    /// The first instant after.
    pub to: Timestamp,
}

impl Span {
    /// What two have in common.
    #[must_use]
    pub fn meet(self, other: Self) -> Option<Self> {
        let (from, to) = (self.from.max(other.from), self.to.min(other.to));
        (from < to).then_some(Self { from, to })
    }

    /// How long it is.
    #[must_use]
    pub fn length(self) -> Duration {
        self.to - self.from
    }
}

/// Nothing is open in years before and after these: instants beyond the year 9999 cannot be kept.
const FIRST_YEAR: i32 = 1900;
const LAST_YEAR: i32 = 9900;

/// No clock on the earth is farther from UTC.
const FARTHEST: Duration = Duration::hours(15);

impl Calendar {
    /// The instants of the stretches that begin on a day, in order. Those of the day before may
    /// reach into them, where the day before or this one is an exception.
    #[must_use]
    pub fn spans_of(&self, date: NaiveDate) -> Vec<Span> {
        if !(FIRST_YEAR..=LAST_YEAR).contains(&date.year()) {
            return Vec::new();
        }
        let midnight = date.and_time(NaiveTime::MIN);
        let mut spans = Vec::new();
        for stretch in self.day(date).hours.stretches() {
            let opens = midnight + Duration::minutes(i64::from(stretch.opens.minute()));
            let closes = opens + Duration::minutes(i64::from(stretch.minutes()));
            on_the_wall(self.zone, opens, closes, &mut spans);
        }
        spans.sort_unstable();
        spans
    }

    /// The day on the wall at an instant.
    #[must_use]
    pub fn date_at(&self, at: Timestamp) -> NaiveDate {
        at.utc().with_timezone(&self.zone).date_naive()
    }

    /// The instant at which a day begins on the wall.
    #[must_use]
    pub fn midnight(&self, date: NaiveDate) -> Timestamp {
        let begins = date.and_time(NaiveTime::MIN);
        let mut spans = Vec::new();
        on_the_wall(self.zone, begins, begins + Duration::days(1), &mut spans);
        spans
            .first()
            .map_or_else(|| instant(begins, 0), |span| span.from)
    }
}

/// All instants at which a clock on the wall shows an hour from `opens` to `closes`. While the
/// clock goes evenly they are one span; around a change they are looked at before and after it.
fn on_the_wall(zone: Tz, opens: NaiveDateTime, closes: NaiveDateTime, spans: &mut Vec<Span>) {
    let (early, late) = (opens - FARTHEST, closes + FARTHEST);
    let (before, after) = (seconds_ahead(zone, early), seconds_ahead(zone, late));
    let mut push = |from: Timestamp, to: Timestamp| {
        if from < to {
            spans.push(Span { from, to });
        }
    };
    if before == after {
        push(instant(opens, before), instant(closes, before));
        return;
    }
    let change = instant(change_between(zone, early, late, before), 0);
    push(instant(opens, before), instant(closes, before).min(change));
    push(instant(opens, after).max(change), instant(closes, after));
}

/// How far the clock on the wall is ahead of UTC.
fn seconds_ahead(zone: Tz, utc: NaiveDateTime) -> i64 {
    let offset = zone.offset_from_utc_datetime(&utc).fix();
    i64::from(offset.local_minus_utc())
}

fn instant(wall: NaiveDateTime, ahead: i64) -> Timestamp {
    Timestamp::from_utc((wall - Duration::seconds(ahead)).and_utc())
}

/// The first second at which the clock is not `before` ahead any more.
fn change_between(
    zone: Tz,
    early: NaiveDateTime,
    late: NaiveDateTime,
    before: i64,
) -> NaiveDateTime {
    let (mut low, mut high) = (0, (late - early).num_seconds());
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if seconds_ahead(zone, early + Duration::seconds(middle)) == before {
            low = middle;
        } else {
            high = middle;
        }
    }
    early + Duration::seconds(high)
}
