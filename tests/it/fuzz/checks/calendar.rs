//! Days, targets and calendar files are read or refused; what is read is written and reads the same,
//! and a calendar made of it can be counted by.

use chrono::Duration;
use guichet::platform::db::Timestamp;
use guichet::platform::i18n::Lang;
use guichet::sla::calendar::{Calendar, Holiday, HolidayDate, MAX_HOLIDAYS, MAX_LABEL, ics};
use guichet::sla::policy::{MAX_MINUTES, Target, Time};

const MOST: usize = 16 * 1024;

/// The first line is a day and a target; the whole input is a file.
pub fn check(data: &[u8]) {
    let bytes = super::unfold(data, MOST);
    let input = String::from_utf8_lossy(&bytes).into_owned();
    let (line, _) = super::first_line(&input);
    if let Ok(date) = line.parse::<HolidayDate>() {
        assert_eq!(date.to_string().parse(), Ok(date), "{line:?}");
    }
    for time in [Time::Working, Time::Clock] {
        if let Ok(target) = Target::parse(line, time) {
            check_target(target, time);
        }
    }
    if let Ok(read) = ics::read(&bytes) {
        assert!(read.found.is_sorted() && read.found.len() <= MAX_HOLIDAYS);
        assert!(read.named.len() <= read.passed_over);
        read.found.iter().for_each(check_holiday);
        check_calendar(read.found);
    }
}

fn check_target(target: Target, time: Time) {
    for &lang in Lang::ALL {
        assert_eq!(Target::parse(&target.written(lang), time), Ok(target));
        assert!(!target.for_people(lang).is_empty());
    }
    if let Target::Working(minutes) | Target::Clock(minutes) = target {
        assert!((1..=MAX_MINUTES).contains(&minutes));
    }
}

fn check_holiday(holiday: &Holiday) {
    assert!(holiday.date.is_near(), "{holiday:?}");
    assert!(holiday.name.chars().count() <= MAX_LABEL);
    assert!(!holiday.name.contains(char::is_control));
}

fn check_calendar(holidays: Vec<Holiday>) {
    let hours = "mon-fri 09:00-17:00".parse().expect("hours");
    let calendar = Calendar {
        holidays,
        ..Calendar::of_week(chrono_tz::Europe::Paris, hours)
    };
    let calendar = calendar.tidied();
    let kept = serde_json::to_string(&calendar).expect("JSON");
    let again: Calendar = serde_json::from_str(&kept).expect("it was kept");
    assert_eq!(again, calendar);
    // A fortnight of November 2026.
    let from = Timestamp::from_micros(1_793_491_200_000_000);
    let worked = calendar.worked(from, from + Duration::days(14));
    assert!(worked <= Duration::hours(80), "{worked}");
}
