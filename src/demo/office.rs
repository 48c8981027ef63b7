//! When Orvelle's people are at work: Monday to Friday, 8:00 to 18:30 in Paris.

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, NaiveDateTime, TimeZone, Weekday};
use chrono_tz::Europe::Paris;
use chrono_tz::Tz;

use crate::platform::db::Timestamp;

/// Minutes of a working day.
pub(super) const DAY: i64 = 630;
/// Minutes from midnight until the doors open.
const OPENING: i64 = 480;

/// The instant on a clock in Paris.
pub(super) fn local(at: Timestamp) -> DateTime<Tz> {
    at.utc().with_timezone(&Paris)
}

/// The instant of an hour in Paris. An hour that the change of clocks skips is taken as UTC.
pub(super) fn instant(at: NaiveDateTime) -> Timestamp {
    let zoned = Paris.from_local_datetime(&at).earliest();
    Timestamp::from_utc(zoned.map_or_else(|| at.and_utc(), |zoned| zoned.to_utc()))
}

/// So many working minutes later.
pub(super) fn later(at: Timestamp, minutes: i64) -> Timestamp {
    let mut at = local(at).naive_local();
    let mut left = Duration::minutes(minutes);
    loop {
        let (opening, closing) = hours(at.date());
        at = at.max(opening);
        if at < closing && at + left < closing {
            return instant(at + left);
        }
        left -= (closing - at).max(Duration::zero());
        at = opening_after(at.date());
    }
}

/// So many working minutes earlier.
pub(super) fn earlier(at: Timestamp, minutes: i64) -> Timestamp {
    let mut at = local(at).naive_local();
    let mut left = Duration::minutes(minutes);
    loop {
        let (opening, closing) = hours(at.date());
        at = at.min(closing);
        if at > opening && at - left > opening {
            return instant(at - left);
        }
        left -= (at - opening).max(Duration::zero());
        at = closing_before(at.date());
    }
}

/// The next day on which somebody is at work.
pub(super) fn working_day_after(day: NaiveDate) -> NaiveDate {
    let next = day + Days::new(1);
    if is_weekend(next) {
        working_day_after(next)
    } else {
        next
    }
}

pub(super) fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Opening and closing of a day; they are one instant when nobody works.
fn hours(day: NaiveDate) -> (NaiveDateTime, NaiveDateTime) {
    let opening = day.and_time(chrono::NaiveTime::MIN) + Duration::minutes(OPENING);
    let length = if is_weekend(day) { 0 } else { DAY };
    (opening, opening + Duration::minutes(length))
}

fn opening_after(day: NaiveDate) -> NaiveDateTime {
    hours(working_day_after(day)).0
}

fn closing_before(day: NaiveDate) -> NaiveDateTime {
    let before = day - Days::new(1);
    if is_weekend(before) {
        closing_before(before)
    } else {
        hours(before).1
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn paris(text: &str) -> Timestamp {
        instant(text.parse().unwrap())
    }

    #[test]
    fn an_evening_and_a_weekend_do_not_count() {
        let friday = paris("2026-11-20T18:00:00");
        assert_eq!(later(friday, 15), paris("2026-11-20T18:15:00"));
        assert_eq!(later(friday, 60), paris("2026-11-23T08:30:00"));
        assert_eq!(
            earlier(paris("2026-11-23T08:30:00"), 60),
            paris("2026-11-20T18:00:00")
        );
        let saturday = paris("2026-11-21T12:00:00");
        assert_eq!(later(saturday, 0), paris("2026-11-23T08:00:00"));
        assert_eq!(earlier(saturday, 30), paris("2026-11-20T18:00:00"));
    }

    proptest! {
        #[test]
        fn what_was_added_is_taken_away_again(
            days in 0_i64..400, start in 0_i64..DAY, minutes in 1_i64..5000,
        ) {
            let monday = paris("2026-01-05T08:00:00");
            let from = later(monday, days * DAY + start);
            let to = later(from, minutes);
            prop_assert!(to > from);
            prop_assert!(!is_weekend(local(to).date_naive()));
            prop_assert_eq!(later(earlier(to, minutes), minutes), to);
        }
    }
}
