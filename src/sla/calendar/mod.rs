//! A business calendar: when work is done, and why not otherwise. Pure: no database, no clock.
//!
//! What counts is what a clock on the wall shows: a minute is a working minute when the wall shows
//! an hour at which its day is open. So the night in which the clocks go back has an hour that
//! counts twice, if it is open, and the night in which they go forward one that never comes.
//! A stretch belongs to the day on which it begins: closing a day closes what begins on it.

mod dates;
pub mod ics;
mod public;
mod spans;
#[cfg(test)]
mod tests;
mod time;

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

pub use self::dates::{HolidayDate, NoDate, is_near, read_date};
pub use self::public::{PublicHoliday, PublicHolidays};
pub use self::spans::Span;
pub use self::time::HORIZON_DAYS;
use crate::platform::company::hours::{DayHours, WeekHours};

/// Holidays that somebody entered, at most.
pub const MAX_HOLIDAYS: usize = 400;
/// Days with hours of their own, at most.
pub const MAX_EXCEPTIONS: usize = 200;
/// Characters of the name of a holiday or of the reason of an exception.
pub const MAX_LABEL: usize = 80;

/// When work is done. What one version of a calendar says never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// Where the clock hangs whose hours these are.
    #[serde(with = "zone_name")]
    pub zone: Tz,
    /// The hours of an ordinary week.
    pub week: WeekHours,
    /// Which public holidays are kept.
    pub public: PublicHolidays,
    /// Holidays that somebody entered.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
    /// Days with hours of their own, by date; a day has one at most.
    #[serde(default)]
    pub exceptions: Vec<Exception>,
}

/// A day off that somebody entered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Holiday {
    /// On which day, once or each year.
    pub date: HolidayDate,
    /// What it is called.
    pub name: String,
}

/// A day with hours of its own, whatever the week and the holidays say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// The day.
    pub date: NaiveDate,
    /// Its hours; none when it is closed.
    pub hours: DayHours,
    /// Why.
    pub reason: String,
}

/// Why a day has the hours that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind<'a> {
    /// The week says so.
    Ordinary,
    /// A public holiday.
    Public(PublicHoliday),
    /// A holiday that somebody entered, by its name.
    Entered(&'a str),
    /// It has hours of its own, for this reason.
    Exception(&'a str),
}

/// What a calendar says about one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day<'a> {
    /// Its hours; a holiday has none.
    pub hours: &'a DayHours,
    /// Why.
    pub kind: DayKind<'a>,
}

impl Calendar {
    /// A calendar with the hours of a week and nothing else.
    #[must_use]
    pub const fn of_week(zone: Tz, week: WeekHours) -> Self {
        Self {
            zone,
            week,
            public: PublicHolidays::None,
            holidays: Vec::new(),
            exceptions: Vec::new(),
        }
    }

    /// What the calendar says about a day: an exception comes before a holiday, and a holiday
    /// before the week.
    #[must_use]
    pub fn day(&self, date: NaiveDate) -> Day<'_> {
        const CLOSED: &DayHours = &DayHours::CLOSED;
        let exception = self.exceptions.binary_search_by_key(&date, |e| e.date);
        if let Ok(found) = exception {
            let Exception { hours, reason, .. } = &self.exceptions[found];
            return Day {
                hours,
                kind: DayKind::Exception(reason),
            };
        }
        let closed = |kind| Day {
            hours: CLOSED,
            kind,
        };
        if let Some(holiday) = self.public.on(date) {
            return closed(DayKind::Public(holiday));
        }
        if let Some(holiday) = self.holidays.iter().find(|h| h.date.is_on(date)) {
            return closed(DayKind::Entered(&holiday.name));
        }
        Day {
            hours: self
                .week
                .day(date.weekday().num_days_from_monday() as usize),
            kind: DayKind::Ordinary,
        }
    }

    /// Puts holidays and exceptions into their order, and drops what stands there twice.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        self.holidays.sort();
        self.holidays.dedup();
        self.exceptions.sort_by_key(|exception| exception.date);
        self.exceptions.dedup_by_key(|exception| exception.date);
        self
    }

    /// Whether there is any hour at which work is ever done.
    #[must_use]
    pub fn is_ever_open(&self) -> bool {
        !self.week.is_empty() || self.exceptions.iter().any(|e| !e.hours.is_empty())
    }
}

/// Time zones are kept by their names.
mod zone_name {
    use chrono_tz::Tz;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(zone: &Tz, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(zone.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Tz, D::Error> {
        let name = String::deserialize(from)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}
