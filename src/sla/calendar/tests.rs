//! Working time against a counter that looks at every minute.

use chrono::{DateTime, Days, Duration, NaiveDate, TimeZone, Timelike};
use chrono_tz::Tz;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::*;
use crate::platform::company::hours::{Stretch, TimeOfDay};
use crate::platform::db::Timestamp;

/// The hours of a sales force in France.
const OFFICE: &str = "mon-thu 08:30-12:30 13:30-18:00, fri 08:30-12:30 13:30-17:00";

fn office() -> Calendar {
    Calendar {
        public: PublicHolidays::France,
        ..Calendar::of_week(chrono_tz::Europe::Paris, OFFICE.parse().expect("hours"))
    }
}

fn paris(text: &str) -> Timestamp {
    let at: chrono::NaiveDateTime = text.parse().expect("an hour");
    let zoned = chrono_tz::Europe::Paris.from_local_datetime(&at);
    Timestamp::from_utc(zoned.earliest().expect("it exists").to_utc())
}

fn after(from: &str, minutes: i64) -> Timestamp {
    let due = office().after(paris(from), Duration::minutes(minutes));
    due.expect("it comes")
}

#[test]
fn four_hours_of_the_sales_force() {
    // Thursday: two hours and a half until 18:00, the rest on Friday.
    assert_eq!(
        after("2026-11-19T15:30:00", 240),
        paris("2026-11-20T10:00:00")
    );
    // Lunch does not count.
    assert_eq!(
        after("2026-11-19T11:30:00", 240),
        paris("2026-11-19T16:30:00")
    );
    // Friday ends at 17:00; Monday begins at 8:30.
    assert_eq!(
        after("2026-11-20T16:30:00", 60),
        paris("2026-11-23T09:00:00")
    );
    // What ends with the day ends then, and not with the next morning.
    assert_eq!(
        after("2026-11-20T16:30:00", 30),
        paris("2026-11-20T17:00:00")
    );
    // A day has 8 hours and a half, a week 41 hours and a half.
    let week = office().worked(paris("2026-11-16T00:00:00"), paris("2026-11-23T00:00:00"));
    assert_eq!(week, Duration::minutes(41 * 60 + 30));
}

#[test]
fn holidays_exceptions_and_the_order_between_them() {
    // Tuesday evening before 11 November.
    assert_eq!(
        after("2026-11-10T17:30:00", 60),
        paris("2026-11-12T09:00:00")
    );
    let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
    let mut calendar = office();
    calendar.holidays.push(Holiday {
        date: "12-24".parse().expect("a day"),
        name: "Réveillon".to_owned(),
    });
    calendar.exceptions.push(Exception {
        date: day("2026-11-11"),
        hours: "09:00-10:00".parse().expect("hours"),
        reason: "Astreinte".to_owned(),
    });
    assert_eq!(
        calendar.day(day("2030-12-24")).kind,
        DayKind::Entered("Réveillon")
    );
    let eleventh = calendar.day(day("2026-11-11"));
    assert_eq!(eleventh.kind, DayKind::Exception("Astreinte"));
    let due = calendar.after(paris("2026-11-10T17:30:00"), Duration::minutes(60));
    assert_eq!(due, Some(paris("2026-11-11T09:30:00")));
}

#[test]
fn the_nights_in_which_the_clocks_change() {
    let week =
        |hours: &str| Calendar::of_week(chrono_tz::Europe::Paris, hours.parse().expect("hours"));
    let always = week("mon-sun 00:00-24:00");
    let worked = |calendar: &Calendar, from: &str, to: &str| {
        calendar.worked(paris(from), paris(to)).num_minutes()
    };
    // 29 March 2026 has 23 hours, 25 October has 25.
    assert_eq!(
        worked(&always, "2026-03-29T00:00:00", "2026-03-30T00:00:00"),
        23 * 60
    );
    assert_eq!(
        worked(&always, "2026-10-25T00:00:00", "2026-10-26T00:00:00"),
        25 * 60
    );
    // A shift across the missing hour is an hour shorter, one across the hour that comes twice an
    // hour longer; half of that hour counts twice for half an hour.
    let night = week("sat 22:00-06:00");
    assert_eq!(
        worked(&night, "2026-03-28T12:00:00", "2026-03-29T12:00:00"),
        7 * 60
    );
    assert_eq!(
        worked(&night, "2026-10-24T12:00:00", "2026-10-25T12:00:00"),
        9 * 60
    );
    let half = week("sun 02:30-04:00");
    assert_eq!(
        worked(&half, "2026-10-25T00:00:00", "2026-10-26T00:00:00"),
        120
    );
    // Hours that the clock skips do not exist.
    let skipped = week("sun 02:00-03:00");
    assert_eq!(
        worked(&skipped, "2026-03-29T00:00:00", "2026-03-30T00:00:00"),
        0
    );
}

#[test]
fn a_calendar_that_never_opens_never_comes_to_an_end() {
    let never = Calendar::of_week(chrono_tz::Europe::Paris, WeekHours::default());
    let from = paris("2026-11-19T16:00:00");
    assert_eq!(never.after(from, Duration::minutes(1)), None);
    assert_eq!(never.after(from, Duration::zero()), Some(from));
    assert_eq!(
        never.worked(from, from + Duration::days(40)),
        Duration::zero()
    );
    assert!(!never.is_open(from) && !never.is_ever_open());
    assert!(office().is_open(from) && !office().is_open(paris("2026-11-19T18:00:00")));
}

#[test]
fn a_calendar_is_kept_as_a_person_would_write_it() {
    let kept = serde_json::to_value(office()).expect("JSON");
    assert_eq!(kept["week"], OFFICE);
    assert_eq!(kept["zone"], "Europe/Paris");
    assert_eq!(
        serde_json::from_value::<Calendar>(kept).expect("a calendar"),
        office()
    );
}

/// Five years of minutes with both changes of the clock each year, and a 29th of February.
const YEARS: (&str, i64) = ("2024-01-01T00:00:00Z", 5 * 366 * 1440);
/// Room before and after for days that another time zone has begun or not ended.
const ROOM: i64 = 3;

/// What the wall shows at each minute: its number from midnight of the first day.
struct Wall {
    zone: Tz,
    first: NaiveDate,
    from: Timestamp,
    shown: Vec<u32>,
}

impl Wall {
    fn new(zone: Tz) -> Self {
        let from: DateTime<chrono::Utc> = YEARS.0.parse().expect("an instant");
        let first = from.date_naive() - Days::new(ROOM.unsigned_abs());
        let shown = (0..YEARS.1).map(|minute| {
            let at = (from + Duration::minutes(minute)).with_timezone(&zone);
            let day = (at.date_naive() - first).num_days();
            let minutes = day * 1440 + i64::from(at.hour() * 60 + at.minute());
            u32::try_from(minutes).expect("after the first day")
        });
        Self {
            zone,
            first,
            from: Timestamp::from_utc(from),
            shown: shown.collect(),
        }
    }

    /// Working minutes before each minute, counted one by one.
    fn count(&self, calendar: &Calendar) -> Vec<u32> {
        let days = usize::try_from(YEARS.1 / 1440 + 2 * ROOM).expect("some days");
        let mut open = vec![false; (days + 2) * 1440];
        for (number, date) in self.first.iter_days().take(days).enumerate() {
            for stretch in calendar.day(date).hours.stretches() {
                let opens = number * 1440 + usize::from(stretch.opens.minute());
                let closes = opens + usize::from(stretch.minutes());
                open[opens..closes].fill(true);
            }
        }
        let mut sum = 0;
        let mut sums = vec![0];
        for &minute in &self.shown {
            sum += u32::from(open[minute as usize]);
            sums.push(sum);
        }
        sums
    }
}

fn stretches() -> impl Strategy<Value = DayHours> {
    let times = proptest::collection::btree_set(0..1440_u16, 0..7);
    (times, any::<bool>()).prop_map(|(times, late)| {
        let time = |minute: u16| -> TimeOfDay {
            format!("{:02}:{:02}", minute / 60, minute % 60)
                .parse()
                .expect("a time")
        };
        let times: Vec<u16> = times.into_iter().collect();
        let mut stretches: Vec<Stretch> = times
            .chunks_exact(2)
            .filter_map(|pair| Stretch::new(time(pair[0]), time(pair[1])))
            .collect();
        // The last one goes on into the night.
        if late && times.len() % 2 == 1 && times[0] > 0 {
            let last = times[times.len() - 1];
            stretches.extend(Stretch::new(time(last), time(times[0] / 2)));
        }
        DayHours::new(stretches).unwrap_or_default()
    })
}

fn calendars(zone: Tz) -> impl Strategy<Value = Calendar> {
    let week = proptest::collection::vec(stretches(), 7);
    let exceptions = proptest::collection::btree_map(0..1800_u64, stretches(), 0..60);
    let public = prop_oneof![
        Just(PublicHolidays::None),
        Just(PublicHolidays::France),
        Just(PublicHolidays::AlsaceMoselle)
    ];
    (week, exceptions, public).prop_map(move |(days, exceptions, public)| {
        let days: [DayHours; 7] = days.try_into().expect("seven");
        let first = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a day");
        let exceptions = exceptions.into_iter().map(|(day, hours)| Exception {
            date: first + Days::new(day),
            hours,
            reason: String::new(),
        });
        let leap = Holiday {
            date: "02-29".parse().expect("a day"),
            name: "29".to_owned(),
        };
        // A week whose nights reach into the next mornings is refused; its days are then all one.
        let week = WeekHours::new(days.clone()).unwrap_or_else(|_| {
            let plain =
                DayHours::new(days[0].stretches()[..days[0].stretches().len() / 2].to_vec());
            let plain = plain.unwrap_or_default();
            WeekHours::new(std::array::from_fn(|_| plain.clone())).unwrap_or_default()
        });
        Calendar {
            public,
            holidays: vec![leap],
            exceptions: exceptions.collect(),
            ..Calendar::of_week(zone, week)
        }
    })
}

/// 10,000 pairs of a calendar and an interval: in Paris, and where the clocks change by half an
/// hour.
#[test]
fn working_time_is_what_a_counter_of_minutes_counts() {
    let mut runner = TestRunner::deterministic();
    let mut compared = 0;
    for zone in [chrono_tz::Europe::Paris, chrono_tz::Australia::Lord_Howe] {
        let wall = Wall::new(zone);
        for _ in 0..10 {
            let tree = calendars(wall.zone).new_tree(&mut runner);
            let calendar = tree.expect("a calendar").current();
            let sums = wall.count(&calendar);
            for _ in 0..500 {
                compare(&wall, &calendar, &sums, &mut runner);
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 10_000);
}

fn compare(wall: &Wall, calendar: &Calendar, sums: &[u32], runner: &mut TestRunner) {
    // Most intervals are those of requests, some are years.
    let length = prop_oneof![9 => 0..20_000_usize, 1 => 0..1_500_000_usize];
    let drawn = (0..YEARS.1 as usize, length, 0..6_000_u32).new_tree(runner);
    let (start, length, work) = drawn.expect("a draw").current();
    let end = (start + length).min(sums.len() - 1);
    let at = |minute: usize| wall.from + Duration::minutes(i64::try_from(minute).expect("small"));
    assert_eq!(
        calendar.worked(at(start), at(end)).num_minutes(),
        i64::from(sums[end] - sums[start]),
        "from {:?} to {:?} by {calendar:?}",
        at(start),
        at(end),
    );
    let due = sums
        .partition_point(|&sum| sum < sums[start] + work)
        .max(start);
    if due < sums.len() {
        assert_eq!(
            calendar.after(at(start), Duration::minutes(i64::from(work))),
            Some(at(due)),
            "{work} minutes from {:?} by {calendar:?}",
            at(start),
        );
    }
}
