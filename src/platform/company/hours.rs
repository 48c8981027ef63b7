//! The open hours of a week: any number of stretches of time for each day.
//!
//! Invariants:
//! * the stretches of a day stand in the order in which they begin, and no two of a week overlap;
//! * a stretch that closes at an hour before its opening closes on the day after.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::platform::i18n::{Lang, Message};

/// Names of the days as they are written in `Rocket.toml` and in the fields of forms.
pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Stretches of one day, at most: more are a mistake of whoever writes them.
pub const MAX_STRETCHES: usize = 12;

const DAY_MINUTES: u16 = 24 * 60;
const WEEK_MINUTES: u32 = 7 * DAY_MINUTES as u32;

/// A time of day, in minutes from midnight; 24:00 is the end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(u16);

/// From opening to closing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// First minute.
    pub opens: TimeOfDay,
    /// First minute after; on the day after when it is not later than `opens`.
    pub closes: TimeOfDay,
}

/// The stretches of one day; none on a day that is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DayHours(Vec<Stretch>);

/// The hours of a week, from Monday; a day without any is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WeekHours([DayHours; 7]);

/// Why a text is no time, or no hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoHours {
    /// It is not written as hours are.
    #[error("hours are written as 08:30-12:30")]
    Unreadable,
    /// A stretch closes when it opens.
    #[error("{0} has no length")]
    Empty(Stretch),
    /// Two stretches share time.
    #[error("{0} and {1} overlap")]
    Overlap(Stretch, Stretch),
    /// A day has more stretches than [`MAX_STRETCHES`].
    #[error("too many stretches")]
    TooMany,
}

/// A line of a table of hours.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct HoursLine {
    /// `Lundi au vendredi`.
    pub days: String,
    /// `8 h 30 – 12 h 30, 13 h 30 – 18 h 00`.
    pub hours: String,
}

impl Stretch {
    /// From one time to another one, which is on the day after when it is the earlier one.
    #[must_use]
    pub fn new(opens: TimeOfDay, closes: TimeOfDay) -> Option<Self> {
        let begins = opens.0 < DAY_MINUTES;
        (begins && opens != closes).then_some(Self { opens, closes })
    }

    /// Minutes from opening to closing.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        if self.closes.0 > self.opens.0 {
            self.closes.0 - self.opens.0
        } else {
            self.closes.0 + DAY_MINUTES - self.opens.0
        }
    }

    /// `8 h 30 – 12 h 30`.
    #[must_use]
    pub fn for_people(self, lang: Lang) -> String {
        Message::new("hours-stretch")
            .text("opens", self.opens.for_people(lang))
            .text("closes", self.closes.for_people(lang))
            .render(lang)
    }
}

impl DayHours {
    /// A day that is closed.
    pub const CLOSED: Self = Self(Vec::new());

    /// The stretches of a day, in any order.
    ///
    /// # Errors
    /// When two overlap, or there are too many.
    pub fn new(mut stretches: Vec<Stretch>) -> Result<Self, NoHours> {
        stretches.sort_unstable();
        if stretches.len() > MAX_STRETCHES {
            return Err(NoHours::TooMany);
        }
        for pair in stretches.windows(2) {
            if pair[0].opens.0 + pair[0].minutes() > pair[1].opens.0 {
                return Err(NoHours::Overlap(pair[0], pair[1]));
            }
        }
        Ok(Self(stretches))
    }

    /// The stretches, as they begin.
    #[must_use]
    pub fn stretches(&self) -> &[Stretch] {
        &self.0
    }

    /// Whether nothing is open.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The hours for people; empty for a day that is closed.
    #[must_use]
    pub fn for_people(&self, lang: Lang) -> String {
        let all = self.0.iter().map(|stretch| stretch.for_people(lang));
        all.collect::<Vec<_>>().join(", ")
    }
}

impl WeekHours {
    /// The hours of a week.
    ///
    /// # Errors
    /// The day, from 0 for Monday, on which a stretch begins that reaches into the hours of the day
    /// after.
    pub fn new(days: [DayHours; 7]) -> Result<Self, (usize, NoHours)> {
        for (day, hours) in days.iter().enumerate() {
            let (Some(last), Some(next)) = (hours.0.last(), days[(day + 1) % 7].0.first()) else {
                continue;
            };
            if last.opens.0 + last.minutes() > DAY_MINUTES + next.opens.0 {
                return Err((day, NoHours::Overlap(*last, *next)));
            }
        }
        Ok(Self(days))
    }

    /// The hours of a day, from 0 for Monday.
    #[must_use]
    pub fn day(&self, index: usize) -> &DayHours {
        &self.0[index % 7]
    }

    /// The days, from Monday.
    #[must_use]
    pub const fn days(&self) -> &[DayHours; 7] {
        &self.0
    }

    /// Whether no day is open: hours are then not shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(DayHours::is_empty)
    }

    /// Open minutes of a week.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        let all = self.0.iter().flat_map(|day| &day.0);
        all.map(|stretch| u32::from(stretch.minutes()))
            .sum::<u32>()
            .min(WEEK_MINUTES)
    }

    /// Days in a row with the same hours: first and last day, and the hours.
    fn runs(&self) -> Vec<(usize, usize, &DayHours)> {
        let mut runs: Vec<(usize, usize, &DayHours)> = Vec::new();
        for (day, hours) in self.0.iter().enumerate() {
            match runs.last_mut() {
                Some((_, last, same)) if *same == hours => *last = day,
                _ => runs.push((day, day, hours)),
            }
        }
        runs.retain(|(_, _, hours)| !hours.is_empty());
        runs
    }

    /// The hours for people: open days, the same ones together.
    #[must_use]
    pub fn lines(&self, lang: Lang) -> Vec<HoursLine> {
        let name = |day: usize| Message::new(&format!("day-{}", DAYS[day])).render(lang);
        let line = |(first, last, hours): (usize, usize, &DayHours)| {
            let days = if first == last {
                name(first)
            } else {
                let key = if last == first + 1 {
                    "hours-two-days"
                } else {
                    "hours-days"
                };
                Message::new(key)
                    .text("first", name(first))
                    .text("last", name(last).to_lowercase_in(lang))
                    .render(lang)
            };
            let hours = hours.for_people(lang);
            HoursLine { days, hours }
        };
        self.runs().into_iter().map(line).collect()
    }
}

/// Days of the week begin with a capital in English wherever they stand.
trait LowercaseIn {
    fn to_lowercase_in(self, lang: Lang) -> String;
}

impl LowercaseIn for String {
    fn to_lowercase_in(self, lang: Lang) -> String {
        match lang {
            Lang::Fr => self.to_lowercase(),
            Lang::En => self,
        }
    }
}

impl TimeOfDay {
    /// Minutes from midnight, up to 1440.
    #[must_use]
    pub const fn minute(self) -> u16 {
        self.0
    }

    /// `8 h 30`; `8:30 am`.
    #[must_use]
    pub fn for_people(self, lang: Lang) -> String {
        let (hour, minute) = (self.0 / 60, self.0 % 60);
        match lang {
            Lang::Fr => format!("{hour}\u{a0}h\u{a0}{minute:02}"),
            Lang::En => {
                let half = if hour % 24 < 12 { "am" } else { "pm" };
                format!("{}:{minute:02}\u{a0}{half}", (hour + 11) % 12 + 1)
            }
        }
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl fmt::Display for Stretch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.opens, self.closes)
    }
}

impl FromStr for TimeOfDay {
    type Err = NoHours;

    fn from_str(text: &str) -> Result<Self, NoHours> {
        let (hour, minute) = text.split_once(':').ok_or(NoHours::Unreadable)?;
        let digits = |text: &str| {
            let plain = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            plain
                .then(|| text.parse::<u16>().ok())
                .flatten()
                .ok_or(NoHours::Unreadable)
        };
        let (hour, minute) = (digits(hour)?, digits(minute)?);
        let within = minute < 60 && (hour < 24 || (hour == 24 && minute == 0));
        within
            .then_some(Self(60 * hour + minute))
            .ok_or(NoHours::Unreadable)
    }
}

impl FromStr for Stretch {
    type Err = NoHours;

    fn from_str(text: &str) -> Result<Self, NoHours> {
        let (opens, closes) = text.split_once('-').ok_or(NoHours::Unreadable)?;
        let (opens, closes): (TimeOfDay, TimeOfDay) = (opens.parse()?, closes.parse()?);
        let empty = NoHours::Empty(Self { opens, closes });
        if opens == closes {
            return Err(empty);
        }
        Self::new(opens, closes).ok_or(NoHours::Unreadable)
    }
}

/// `08:30-12:30 13:30-18:00`; nothing for a day that is closed.
impl FromStr for DayHours {
    type Err = NoHours;

    fn from_str(text: &str) -> Result<Self, NoHours> {
        let stretches: Result<Vec<Stretch>, NoHours> =
            text.split_ascii_whitespace().map(str::parse).collect();
        Self::new(stretches?)
    }
}

impl fmt::Display for DayHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, stretch) in self.0.iter().enumerate() {
            let between = if place == 0 { "" } else { " " };
            write!(f, "{between}{stretch}")?;
        }
        Ok(())
    }
}

/// `mon-fri 08:30-12:30 13:30-18:00, sat 09:00-12:00`; days that are not named are closed.
impl FromStr for WeekHours {
    type Err = NoHours;

    fn from_str(text: &str) -> Result<Self, NoHours> {
        let mut week: [Vec<Stretch>; 7] = Default::default();
        for part in text.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            let (days, hours) = part.split_once(' ').ok_or(NoHours::Unreadable)?;
            let day = |name: &str| DAYS.iter().position(|day| *day == name);
            let (first, last) = days.split_once('-').unwrap_or((days, days));
            let (first, last) = day(first).zip(day(last)).ok_or(NoHours::Unreadable)?;
            let hours: DayHours = hours.parse()?;
            let named = week.get_mut(first..=last).ok_or(NoHours::Unreadable)?;
            if hours.is_empty() {
                return Err(NoHours::Unreadable);
            }
            for stretches in named {
                stretches.extend(hours.stretches());
            }
        }
        let mut days: [DayHours; 7] = Default::default();
        for (day, stretches) in days.iter_mut().zip(week) {
            *day = DayHours::new(stretches)?;
        }
        Self::new(days).map_err(|(_, why)| why)
    }
}

impl fmt::Display for WeekHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (first, last, hours)) in self.runs().into_iter().enumerate() {
            let between = if place == 0 { "" } else { ", " };
            write!(f, "{between}{}", DAYS[first])?;
            if last > first {
                write!(f, "-{}", DAYS[last])?;
            }
            write!(f, " {hours}")?;
        }
        Ok(())
    }
}

impl TryFrom<String> for WeekHours {
    type Error = NoHours;

    fn try_from(text: String) -> Result<Self, NoHours> {
        text.parse()
    }
}

impl From<WeekHours> for String {
    fn from(week: WeekHours) -> Self {
        week.to_string()
    }
}

impl TryFrom<String> for DayHours {
    type Error = NoHours;

    fn try_from(text: String) -> Result<Self, NoHours> {
        text.parse()
    }
}

impl From<DayHours> for String {
    fn from(hours: DayHours) -> Self {
        hours.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn week() -> impl Strategy<Value = WeekHours> {
        // Times of a day, apart from one another, opening and closing in turn.
        let day = proptest::collection::btree_set(0..=DAY_MINUTES, 0..8).prop_map(|times| {
            let times: Vec<u16> = times.into_iter().collect();
            let pairs = times.chunks_exact(2);
            let stretches = pairs.filter_map(|t| Stretch::new(TimeOfDay(t[0]), TimeOfDay(t[1])));
            DayHours::new(stretches.collect()).expect("they do not overlap")
        });
        proptest::collection::vec(day, 7).prop_map(|days| {
            let days: [DayHours; 7] = days.try_into().expect("seven");
            WeekHours::new(days).expect("no day reaches into another")
        })
    }

    proptest! {
        #[test]
        fn hours_are_read_as_they_are_written(week in week()) {
            prop_assert_eq!(week.to_string().parse(), Ok(week));
        }
    }

    #[test]
    fn hours_for_people() {
        let week: WeekHours = "mon-thu 08:30-12:30 13:30-18:00, sat 9:00-12:30"
            .parse()
            .expect("hours");
        let plain = |lang| {
            let lines = week.lines(lang).into_iter();
            let lines = lines.map(|line| format!("{}: {}", line.days, line.hours));
            lines
                .collect::<Vec<_>>()
                .join("; ")
                .replace(['\u{a0}', '\u{202f}'], " ")
        };
        assert_eq!(
            plain(Lang::Fr),
            "Lundi au jeudi: 8 h 30 – 12 h 30, 13 h 30 – 18 h 00; Samedi: 9 h 00 – 12 h 30"
        );
        assert_eq!(
            plain(Lang::En),
            "Monday to Thursday: 8:30 am – 12:30 pm, 1:30 pm – 6:00 pm; \
             Saturday: 9:00 am – 12:30 pm"
        );
    }

    #[test]
    fn stretches_of_one_day_come_in_any_order_and_across_midnight() {
        let week: WeekHours = "mon 14:00-18:00, mon 08:00-12:00, fri 22:00-06:00"
            .parse()
            .expect("hours");
        assert_eq!(
            week.to_string(),
            "mon 08:00-12:00 14:00-18:00, fri 22:00-06:00"
        );
        assert_eq!(week.minutes(), 16 * 60);
    }

    #[test]
    fn texts_that_are_no_hours() {
        for text in [
            "mon",
            "mon 8-18",
            "mon 08:00-08:00",
            "mon 08:00-12:00 11:59-18:00",
            "mon 20:00-06:00, tue 05:00-12:00",
            "sun 20:00-06:00, mon 05:00-12:00",
            "mon 20:00-21:00 19:00-06:00",
            "fri-mon 08:00-09:00",
            "day 08:00-09:00",
            "mon 08:00-25:00",
            "mon 08:60-09:00",
            "mon 24:00-24:00",
            "mon 24:00-02:00",
            "mon 24:01-24:02",
        ] {
            assert!(text.parse::<WeekHours>().is_err(), "{text}");
        }
        assert!("".parse::<WeekHours>().is_ok_and(|week| week.is_empty()));
        let always: WeekHours = "mon-sun 00:00-24:00".parse().expect("hours");
        assert_eq!(always.minutes(), 7 * 24 * 60);
    }
}
