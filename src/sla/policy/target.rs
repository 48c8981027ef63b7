//! A time in which something is promised.

use std::str::FromStr;

use chrono::Duration;
use serde::{Deserialize, Serialize};

use crate::platform::db::Timestamp;
use crate::platform::i18n::{Lang, Message};
use crate::sla::calendar::Calendar;

/// The longest time that can be promised, in minutes: a year.
pub const MAX_MINUTES: u32 = 366 * 24 * 60;
/// The shortest: what is shorter cannot be warned of in time.
const MIN_MINUTES: u32 = 5;
/// Working days, at most.
const MAX_DAYS: u32 = 250;

/// A time in which something is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// So many minutes of working time.
    Working(u32),
    /// So many minutes by the clock, day and night.
    Clock(u32),
    /// Before the end of a working day: 0 is the one in which the clock starts, or the next one
    /// when nothing is left of it.
    EndOfDay(u32),
}

/// Which minutes count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// Those in which work is done.
    Working,
    /// All.
    Clock,
}

/// What may pass before something promised is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Which minutes count.
    pub time: Time,
    /// How much of them.
    pub length: Duration,
}

/// A text that is no target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a target is written as 4h, 1h30, 45min, D or D+1")]
pub struct NoTarget;

impl Target {
    /// What a clock that starts at an instant is given; none when no working time ever comes.
    #[must_use]
    pub fn allowance(self, start: Timestamp, calendar: &Calendar) -> Option<Allowance> {
        let minutes = |minutes: u32| Duration::minutes(i64::from(minutes));
        Some(match self {
            Self::Working(length) => Allowance {
                time: Time::Working,
                length: minutes(length),
            },
            Self::Clock(length) => Allowance {
                time: Time::Clock,
                length: minutes(length),
            },
            Self::EndOfDay(days) => Allowance {
                time: Time::Working,
                length: calendar.worked(start, end_of_day(calendar, start, days)?),
            },
        })
    }

    /// Reads a target. `time` says which minutes a length counts.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str, time: Time) -> Result<Self, NoTarget> {
        let text: String = text.to_lowercase();
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if let Some(days) = text.strip_prefix(['j', 'd']) {
            let days = match days.strip_prefix('+') {
                Some(number) => short(number).ok_or(NoTarget)?,
                None if days.is_empty() => 0,
                None => return Err(NoTarget),
            };
            let fits = days <= MAX_DAYS;
            return fits.then_some(Self::EndOfDay(days)).ok_or(NoTarget);
        }
        let minutes = minutes(&text).filter(|m| (MIN_MINUTES..=MAX_MINUTES).contains(m));
        let minutes = minutes.ok_or(NoTarget)?;
        Ok(match time {
            Time::Working => Self::Working(minutes),
            Time::Clock => Self::Clock(minutes),
        })
    }

    /// The same as a field shows it: `4h`, `1h30`, `45min`, `J+1`.
    #[must_use]
    pub fn written(self, lang: Lang) -> String {
        match self {
            Self::Working(minutes) | Self::Clock(minutes) => match (minutes / 60, minutes % 60) {
                (0, minutes) => format!("{minutes}min"),
                (hours, 0) => format!("{hours}h"),
                (hours, minutes) => format!("{hours}h{minutes:02}"),
            },
            Self::EndOfDay(days) => {
                let letter = match lang {
                    Lang::Fr => 'J',
                    Lang::En => 'D',
                };
                if days == 0 {
                    letter.to_string()
                } else {
                    format!("{letter}+{days}")
                }
            }
        }
    }

    /// The same for people: `4 h ouvrées`, `24 h d’horloge`, `le jour même`.
    #[must_use]
    pub fn for_people(self, lang: Lang) -> String {
        let length = |minutes: u32| match (minutes / 60, minutes % 60) {
            (0, minutes) => format!("{minutes}\u{a0}min"),
            (hours, 0) => format!("{hours}\u{a0}h"),
            (hours, minutes) => format!("{hours}\u{a0}h\u{a0}{minutes:02}"),
        };
        match self {
            Self::Working(minutes) => {
                Message::new("policies-working").text("length", length(minutes))
            }
            Self::Clock(minutes) => Message::new("policies-clock").text("length", length(minutes)),
            Self::EndOfDay(0) => Message::new("policies-same-day"),
            Self::EndOfDay(days) => {
                Message::new("policies-end-of-day").number("days", i64::from(days))
            }
        }
        .render(lang)
    }
}

/// `4h`, `1h30`, `45min`, `45m`.
fn minutes(text: &str) -> Option<u32> {
    let only_minutes = text.strip_suffix("min").or_else(|| text.strip_suffix('m'));
    let (hours, rest) = text.split_once(['h', ':']).unwrap_or(("", ""));
    if hours.is_empty() {
        return short(only_minutes?);
    }
    let rest = rest
        .strip_suffix("min")
        .or_else(|| rest.strip_suffix('m'))
        .unwrap_or(rest);
    let minutes = if rest.is_empty() { 0 } else { short(rest)? };
    let whole = short(hours)?.checked_mul(60)?.checked_add(minutes)?;
    (minutes < 60).then_some(whole)
}

fn short(number: &str) -> Option<u32> {
    let plain = (1..=5).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| u32::from_str(number).ok()).flatten()
}

/// The end of a working day after an instant.
fn end_of_day(calendar: &Calendar, start: Timestamp, days: u32) -> Option<Timestamp> {
    let first = calendar.date_at(start);
    first
        .iter_days()
        .take(crate::sla::calendar::HORIZON_DAYS)
        .filter_map(|date| calendar.spans_of(date).last().map(|span| span.to))
        .filter(|end| *end > start)
        .nth(usize::try_from(days).ok()?)
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use chrono_tz::Europe::Paris;

    use super::*;
    use crate::sla::calendar::PublicHolidays;

    #[test]
    fn targets_are_read_as_they_are_written() {
        for (text, target) in [
            ("4h", Target::Working(240)),
            ("1 h 30", Target::Working(90)),
            ("1h30min", Target::Working(90)),
            ("45 min", Target::Working(45)),
            ("0:45", Target::Working(45)),
            ("J", Target::EndOfDay(0)),
            ("d+2", Target::EndOfDay(2)),
        ] {
            assert_eq!(Target::parse(text, Time::Working), Ok(target), "{text}");
            for lang in [Lang::Fr, Lang::En] {
                let written = target.written(lang);
                assert_eq!(Target::parse(&written, Time::Working), Ok(target));
            }
        }
        assert_eq!(Target::parse("24h", Time::Clock), Ok(Target::Clock(1440)));
        for text in [
            "", "4", "h", "4 min", "-4h", "1h60", "9000h", "j+", "J+1000", "+1", "soon", "4,5h",
        ] {
            assert_eq!(Target::parse(text, Time::Working), Err(NoTarget), "{text}");
        }
    }

    #[test]
    fn the_same_day_ends_when_its_hours_do() {
        let paris = |text: &str| {
            let at: chrono::NaiveDateTime = text.parse().expect("an hour");
            let zoned = Paris.from_local_datetime(&at).single();
            Timestamp::from_utc(zoned.expect("it exists once").to_utc())
        };
        let week = "mon-thu 08:30-12:30 13:30-18:00, fri 08:30-12:30 13:30-17:00";
        let calendar = Calendar {
            public: PublicHolidays::France,
            ..Calendar::of_week(Paris, week.parse().expect("hours"))
        };
        let due = |start: &str, days: u32| {
            let allowance = Target::EndOfDay(days).allowance(paris(start), &calendar);
            let allowance = allowance.expect("a working day comes");
            calendar.after(paris(start), allowance.length)
        };
        assert_eq!(
            due("2026-11-20T09:00:00", 0),
            Some(paris("2026-11-20T17:00:00"))
        );
        // After hours it is the next working day.
        assert_eq!(
            due("2026-11-20T17:00:00", 0),
            Some(paris("2026-11-23T18:00:00"))
        );
        assert_eq!(
            due("2026-11-10T09:00:00", 1),
            Some(paris("2026-11-12T18:00:00"))
        );
        let never = Calendar::of_week(Paris, "".parse().expect("hours"));
        assert_eq!(
            Target::EndOfDay(0).allowance(paris("2026-11-20T09:00:00"), &never),
            None
        );
    }
}
