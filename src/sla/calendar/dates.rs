//! Days of holidays, as they are written.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// The day of a holiday: `2026-12-24`, or `12-24` for each year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum HolidayDate {
    /// The same day of every year; the 29th of February in leap years alone.
    Yearly {
        /// 1 to 12.
        month: u32,
        /// 1 to 31.
        day: u32,
    },
    /// One day.
    Once(NaiveDate),
}

/// A text that is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a day is written as 2026-12-24, or 12-24 for each year")]
pub struct NoDate;

/// A leap year, which has every day that any year has.
const LEAP: i32 = 2000;

impl HolidayDate {
    /// Whether it lies in the years that a calendar is about.
    #[must_use]
    pub fn is_near(self) -> bool {
        match self {
            Self::Once(date) => is_near(date),
            Self::Yearly { .. } => true,
        }
    }

    /// Whether a day is this one.
    #[must_use]
    pub fn is_on(self, date: NaiveDate) -> bool {
        match self {
            Self::Once(day) => day == date,
            Self::Yearly { month, day } => date.month() == month && date.day() == day,
        }
    }
}

/// Whether a day lies in the years that a calendar is about: what is beyond them was mistyped.
#[must_use]
pub fn is_near(date: NaiveDate) -> bool {
    (1970..=2199).contains(&date.year())
}

/// `2026-12-24` or `24/12/2026`. Any year is read, so that whatever was kept can be read again;
/// whoever takes in what people typed asks [`is_near`], too.
///
/// # Errors
/// When it is no such day.
pub fn read_date(text: &str) -> Result<NaiveDate, NoDate> {
    let date = match numbers(text, '-').as_deref() {
        Some(&[year, month, day]) => ymd(year, month, day),
        _ => match numbers(text, '/').as_deref() {
            Some(&[day, month, year]) => ymd(year, month, day),
            _ => None,
        },
    };
    date.ok_or(NoDate)
}

fn ymd(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

fn numbers(text: &str, between: char) -> Option<Vec<u32>> {
    let plain =
        |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    text.split(between)
        .map(|part| plain(part).then(|| part.parse().ok()).flatten())
        .collect()
}

impl FromStr for HolidayDate {
    type Err = NoDate;

    fn from_str(text: &str) -> Result<Self, NoDate> {
        if let Ok(date) = read_date(text) {
            return Ok(Self::Once(date));
        }
        let (month, day) = match (numbers(text, '-').as_deref(), numbers(text, '/').as_deref()) {
            (Some(&[month, day]), _) | (_, Some(&[day, month])) => (month, day),
            _ => return Err(NoDate),
        };
        let exists = NaiveDate::from_ymd_opt(LEAP, month, day).is_some();
        exists.then_some(Self::Yearly { month, day }).ok_or(NoDate)
    }
}

impl fmt::Display for HolidayDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Once(date) => date.fmt(f),
            Self::Yearly { month, day } => write!(f, "{month:02}-{day:02}"),
        }
    }
}

impl TryFrom<String> for HolidayDate {
    type Error = NoDate;

    fn try_from(text: String) -> Result<Self, NoDate> {
        text.parse()
    }
}

impl From<HolidayDate> for String {
    fn from(date: HolidayDate) -> Self {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_they_are_written() {
        for (text, canonical) in [
            ("2026-12-24", "2026-12-24"),
            ("24/12/2026", "2026-12-24"),
            ("12-24", "12-24"),
            ("24/12", "12-24"),
            ("29/2", "02-29"),
        ] {
            let date: HolidayDate = text.parse().expect(text);
            assert_eq!(date.to_string(), canonical);
            assert_eq!(canonical.parse(), Ok(date));
        }
        for text in [
            "",
            "24",
            "2026-02-29",
            "02-30",
            "24-12-2026",
            "2026/12/24",
            "12-24-",
            "+1-02",
            "20260-01-01",
            "２４/12",
        ] {
            assert_eq!(text.parse::<HolidayDate>(), Err(NoDate), "{text}");
        }
    }

    #[test]
    fn far_days_are_read_again_and_told_apart() {
        for (text, near) in [
            ("1969-12-31", false),
            ("1970-01-01", true),
            ("2199-12-31", true),
            ("2200-01-01", false),
            ("9999-12-31", false),
            ("12-31", true),
        ] {
            let date: HolidayDate = text.parse().expect(text);
            assert_eq!(date.is_near(), near, "{text}");
            let kept = serde_json::to_string(&date).expect("JSON");
            let again: HolidayDate = serde_json::from_str(&kept).expect("it was kept");
            assert_eq!(again, date);
        }
    }

    #[test]
    fn the_last_of_february_comes_in_leap_years() {
        let leap: HolidayDate = "02-29".parse().expect("a day");
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).expect("a day");
        assert!(leap.is_on(day(2028, 2, 29)));
        assert!(!leap.is_on(day(2027, 2, 28)) && !leap.is_on(day(2027, 3, 1)));
    }
}
