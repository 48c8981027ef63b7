//! When requests come in: in working hours above all, somewhat more of them as the company
//! grows, and all at once when something fails for everybody.

use chrono::{Datelike, Days, Duration, NaiveDateTime, Timelike, Weekday};

use super::office::{self, local};
use super::prng::Prng;
use crate::platform::db::Timestamp;

/// Days that the histories spread over.
pub(super) const SPAN_DAYS: i64 = 90;

/// How busy each hour of a working day is.
const HOURS: [u64; 24] = [
    0, 0, 0, 0, 0, 1, 2, 6, 22, 34, 36, 28, 12, 14, 30, 32, 26, 20, 9, 4, 3, 2, 1, 0,
];

/// Failures for everybody: working minutes before now at which they begin, and the share of all
/// requests, in hundredths, that each brings.
const SURGES: [(i64, u64); 2] = [(23 * office::DAY + 170, 4), (250, 3)];

/// Minutes within which everybody who notices a failure writes.
const SURGE_LENGTH: i64 = 150;

/// A request that comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Arrival {
    /// When.
    pub(super) at: Timestamp,
    /// When the failure for everybody began that it is about, if it is about one.
    pub(super) surge: Option<Timestamp>,
}

/// `count` arrivals in the days before `now`, in order.
pub(super) fn arrivals(rng: &mut Prng, count: usize, now: Timestamp) -> Vec<Arrival> {
    let latest = now - Duration::minutes(2);
    let mut arrivals = Vec::with_capacity(count);
    for (before, share) in SURGES {
        let start = office::earlier(now, before);
        let number = count * usize::try_from(share).unwrap_or(0) / 100;
        arrivals.extend((0..number).map(|_| Arrival {
            at: (start + Duration::seconds(rng.delay(0, SURGE_LENGTH * 60))).min(latest),
            surge: Some(start),
        }));
    }
    let (hours, weights) = busy_hours(now);
    while arrivals.len() < count {
        let hour = hours.get(rng.weighted(&weights)).copied().unwrap_or(latest);
        let at = hour + Duration::seconds(rng.between(0, 3599));
        arrivals.push(Arrival {
            at: at.min(latest),
            surge: None,
        });
    }
    arrivals.sort_unstable();
    arrivals
}

/// The hours of the span in which anything comes in, and how busy each is.
fn busy_hours(now: Timestamp) -> (Vec<Timestamp>, Vec<u64>) {
    let today = local(now).date_naive();
    let mut hours = Vec::new();
    let mut weights = Vec::new();
    for day in 0..=SPAN_DAYS {
        let date = today - Days::new(u64::try_from(SPAN_DAYS - day).unwrap_or(0));
        for hour in 0..24 {
            let begin = date.and_time(chrono::NaiveTime::MIN) + Duration::hours(hour);
            let weight = busyness(begin) * u64::try_from(140 + day).unwrap_or(0);
            let at = office::instant(begin);
            if weight > 0 && at < now {
                hours.push(at);
                weights.push(weight);
            }
        }
    }
    (hours, weights)
}

fn busyness(hour: NaiveDateTime) -> u64 {
    let usual = HOURS.get(hour.hour() as usize).copied().unwrap_or(0);
    let day = match hour.weekday() {
        Weekday::Mon => 26,
        Weekday::Tue | Weekday::Wed | Weekday::Thu => 20,
        Weekday::Fri => 17,
        Weekday::Sat => 2,
        Weekday::Sun => 1,
    };
    usual * day
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn all_come_within_the_span(seed: u64, count in 1_usize..300, hours in 0_i64..2000) {
            let now = Timestamp::from_micros(1_795_100_000_000_000) + Duration::hours(hours);
            let came = arrivals(&mut Prng::new(seed), count, now);
            prop_assert_eq!(came.len(), count);
            prop_assert!(came.is_sorted());
            for arrival in came {
                prop_assert!(arrival.at < now);
                prop_assert!(arrival.at > now - Duration::days(SPAN_DAYS + 2));
            }
        }
    }

    #[test]
    fn most_come_in_working_hours() {
        let now = Timestamp::from_micros(1_795_100_000_000_000);
        let came = arrivals(&mut Prng::new(3), 2000, now);
        let at_work = came
            .iter()
            .map(|arrival| local(arrival.at))
            .filter(|at| !office::is_weekend(at.date_naive()) && (8..19).contains(&at.hour()))
            .count();
        assert!((1700..1980).contains(&at_work), "{at_work}");
    }
}
