//! When the support can be reached: one stretch of time for each day of the week.

use std::fmt;
use std::str::FromStr;

use crate::platform::i18n::{Lang, Message};

/// Names of the days as they are written in `Rocket.toml` and in the fields of forms.
pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A time of day, in minutes from midnight; 24:00 is the end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(u16);

/// From opening to closing, which is later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// First minute.
    pub opens: TimeOfDay,
    /// First minute after.
    pub closes: TimeOfDay,
}

/// The hours of a week, from Monday; a day without any is closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WeekHours(pub [Option<Stretch>; 7]);

/// The text is no time, or no hours of a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoHours;

/// A line of a table of hours.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct HoursLine {
    /// `Lundi au vendredi`.
    pub days: String,
    /// `8 h 30 – 18 h 00`.
    pub hours: String,
}

impl Stretch {
    /// From one time to a later one.
    #[must_use]
    pub fn new(opens: TimeOfDay, closes: TimeOfDay) -> Option<Self> {
        (opens < closes).then_some(Self { opens, closes })
    }
}

impl WeekHours {
    /// Whether no day is open: hours are then not shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// Days in a row with the same hours: first and last day, and the hours.
    fn runs(&self) -> Vec<(usize, usize, Option<Stretch>)> {
        let mut runs: Vec<(usize, usize, Option<Stretch>)> = Vec::new();
        for (day, &hours) in self.0.iter().enumerate() {
            match runs.last_mut() {
                Some((_, last, same)) if *same == hours => *last = day,
                _ => runs.push((day, day, hours)),
            }
        }
        runs
    }

    /// The hours for people: open days, the same ones together.
    #[must_use]
    pub fn lines(&self, lang: Lang) -> Vec<HoursLine> {
        let name = |day: usize| Message::new(&format!("day-{}", DAYS[day])).render(lang);
        let line = |(first, last, hours): (usize, usize, Option<Stretch>)| {
            let hours = hours?;
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
            let hours = Message::new("hours-stretch")
                .text("opens", hours.opens.for_people(lang))
                .text("closes", hours.closes.for_people(lang))
                .render(lang);
            Some(HoursLine { days, hours })
        };
        self.runs().into_iter().filter_map(line).collect()
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
    /// `8 h 30`; `8:30 am`.
    fn for_people(self, lang: Lang) -> String {
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

impl FromStr for TimeOfDay {
    type Err = NoHours;

    fn from_str(text: &str) -> Result<Self, NoHours> {
        let (hour, minute) = text.split_once(':').ok_or(NoHours)?;
        let digits = |text: &str| {
            let plain = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            plain
                .then(|| text.parse::<u16>().ok())
                .flatten()
                .ok_or(NoHours)
        };
        let (hour, minute) = (digits(hour)?, digits(minute)?);
        let within = minute < 60 && (hour < 24 || (hour == 24 && minute == 0));
        within.then_some(Self(60 * hour + minute)).ok_or(NoHours)
    }
}

/// `mon-fri 08:30-18:00, sat 09:00-12:00`; days that are not named are closed.
impl FromStr for WeekHours {
    type Err = NoHours;

    fn from_str(text: &str) -> Result<Self, NoHours> {
        let mut week = Self::default();
        for part in text.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            let (days, hours) = part.split_once(' ').ok_or(NoHours)?;
            let day = |name: &str| DAYS.iter().position(|day| *day == name).ok_or(NoHours);
            let (first, last) = days.split_once('-').unwrap_or((days, days));
            let (first, last) = (day(first)?, day(last)?);
            let (opens, closes) = hours.trim().split_once('-').ok_or(NoHours)?;
            let stretch = Stretch::new(opens.parse()?, closes.parse()?).ok_or(NoHours)?;
            let named = week.0.get_mut(first..=last).ok_or(NoHours)?;
            for hours in named {
                // Two stretches of one day are more than this can say.
                if hours.replace(stretch).is_some() {
                    return Err(NoHours);
                }
            }
        }
        Ok(week)
    }
}

impl fmt::Display for WeekHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        for (first, last, hours) in self.runs() {
            let Some(Stretch { opens, closes }) = hours else {
                continue;
            };
            write!(f, "{between}{}", DAYS[first])?;
            if last > first {
                write!(f, "-{}", DAYS[last])?;
            }
            write!(f, " {opens}-{closes}")?;
            between = ", ";
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn week() -> impl Strategy<Value = WeekHours> {
        let times = (0..=1440_u16, 0..=1440_u16);
        let stretch =
            times.prop_map(|(a, b)| Stretch::new(TimeOfDay(a.min(b)), TimeOfDay(a.max(b))));
        proptest::collection::vec(stretch, 7).prop_map(|days| {
            let mut week = WeekHours::default();
            week.0.copy_from_slice(&days);
            week
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
        let week: WeekHours = "mon-fri 08:30-18:00, sat 9:00-12:30"
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
            "Lundi au vendredi: 8 h 30 – 18 h 00; Samedi: 9 h 00 – 12 h 30"
        );
        assert_eq!(
            plain(Lang::En),
            "Monday to Friday: 8:30 am – 6:00 pm; Saturday: 9:00 am – 12:30 pm"
        );
    }

    #[test]
    fn texts_that_are_no_hours() {
        for text in [
            "mon",
            "mon 8-18",
            "mon 18:00-08:00",
            "mon 08:00-08:00",
            "fri-mon 08:00-09:00",
            "day 08:00-09:00",
            "mon 08:00-25:00",
            "mon 08:60-09:00",
            "mon 24:01-24:02",
            "mon 08:00-12:00, mon 14:00-18:00",
        ] {
            assert_eq!(text.parse::<WeekHours>(), Err(NoHours), "{text}");
        }
        assert!("".parse::<WeekHours>().is_ok_and(|week| week.is_empty()));
        assert!("mon-sun 00:00-24:00".parse::<WeekHours>().is_ok());
    }
}
