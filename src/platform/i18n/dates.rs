//! Instants as a person reads them: relative to their today, in their time zone.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;

use super::Lang;
use crate::platform::db::Timestamp;

const MONTHS_FR: [&str; 12] = [
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
    "déc.",
];
const MONTHS_EN: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec",
];
const LONG_MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const LONG_MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS_FR: [&str; 7] = [
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
];
const WEEKDAYS_EN: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

const SHORT_WEEKDAYS_FR: [&str; 7] = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];
const SHORT_WEEKDAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Prints instants for one reader: language, time zone and the instant that is "now" to them.
#[derive(Clone, Copy, Debug)]
pub struct Calendar {
    lang: Lang,
    zone: Tz,
    now: Timestamp,
}

impl Calendar {
    /// A calendar for a reader.
    #[must_use]
    pub const fn new(lang: Lang, zone: Tz, now: Timestamp) -> Self {
        Self { lang, zone, now }
    }

    /// The hour: `13 h 04`, `1:04 pm`.
    #[must_use]
    pub fn time(&self, at: Timestamp) -> String {
        let local = self.local(at);
        match self.lang {
            Lang::Fr => format!("{}\u{a0}h\u{a0}{:02}", local.hour(), local.minute()),
            Lang::En => {
                let (pm, hour) = local.hour12();
                let half = if pm { "pm" } else { "am" };
                format!("{hour}:{:02}\u{a0}{half}", local.minute())
            }
        }
    }

    /// The day, as near as it is: `aujourd’hui`, `hier`, `mardi 17`, `3 nov.`, `3 nov. 2025`; to
    /// come: `demain`, `lundi 23`, `3 déc.`.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> String {
        let date = self.local(at).date_naive();
        let today = self.local(self.now).date_naive();
        let words = match (self.lang, self.days_to(date)) {
            (Lang::Fr, 0) => "aujourd’hui",
            (Lang::En, 0) => "today",
            (Lang::Fr, -1) => "hier",
            (Lang::En, -1) => "yesterday",
            (Lang::Fr, 1) => "demain",
            (Lang::En, 1) => "tomorrow",
            (lang, -6..=-2 | 2..=6) => return format!("{} {}", weekday(lang, date), date.day()),
            (lang, _) => return short_date(lang, date, date.year() != today.year()),
        };
        words.to_owned()
    }

    /// The day before which something is to happen, the hour when it is today, to stand after
    /// *avant*, *d’ici* or *by*: `18 h 05`, `demain`, `lundi`, `le 3 déc.`; `Monday`, `3 Dec` in
    /// English.
    #[must_use]
    pub fn deadline(&self, at: Timestamp) -> String {
        let date = self.date_of(at);
        match (self.lang, self.days_to(date)) {
            (_, 0) => self.time(at),
            (lang, 2..=6) => weekday(lang, date).to_owned(),
            (_, -1 | 1) | (Lang::En, _) => self.day(at),
            (Lang::Fr, _) => format!("le {}", self.day(at)),
        }
    }

    /// Day and hour: `aujourd’hui, 13 h 04`; `3 Nov, 1:04 pm`.
    #[must_use]
    pub fn moment(&self, at: Timestamp) -> String {
        format!("{}, {}", self.day(at), self.time(at))
    }

    /// Day and hour at the start of a sentence.
    #[must_use]
    pub fn moment_sentence(&self, at: Timestamp) -> String {
        let text = self.moment(at);
        let mut letters = text.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect())
            .unwrap_or_default()
    }

    /// The hour alone for today, else the day: what a dense list has room for.
    #[must_use]
    pub fn brief(&self, at: Timestamp) -> String {
        if self.date_of(at) == self.date_of(self.now) {
            self.time(at)
        } else {
            self.day(at)
        }
    }

    /// The hour alone for today, else day and hour: for a line of a conversation.
    #[must_use]
    pub fn stamp(&self, at: Timestamp) -> String {
        if self.date_of(at) == self.date_of(self.now) {
            self.time(at)
        } else {
            self.moment(at)
        }
    }

    /// How recently, for a narrow column: `4 min` within the hour, the hour of today, `hier`,
    /// `ven. 20`, `3 nov.`. Hours are not counted: `7 h` could be the time of day.
    #[must_use]
    pub fn ago(&self, at: Timestamp) -> String {
        match (self.now - at).num_minutes() {
            ..1 => match self.lang {
                Lang::Fr => "à l’instant".to_owned(),
                Lang::En => "just now".to_owned(),
            },
            minutes @ 1..60 => format!("{minutes}\u{a0}min"),
            _ => self.column(at),
        }
    }

    /// The hour of today, else the day in its shortest form.
    fn column(&self, at: Timestamp) -> String {
        let date = self.date_of(at);
        if !matches!(self.days_to(date), -6..=-2) {
            return self.brief(at);
        }
        let name = match self.lang {
            Lang::Fr => SHORT_WEEKDAYS_FR[weekday_index(date)],
            Lang::En => SHORT_WEEKDAYS_EN[weekday_index(date)],
        };
        format!("{name}\u{a0}{}", date.day())
    }

    /// Days from the reader's today.
    fn days_to(&self, date: NaiveDate) -> i64 {
        (date - self.date_of(self.now)).num_days()
    }

    /// A full date: `3 novembre 2026`, `3 November 2026`.
    #[must_use]
    pub fn full_date(&self, date: NaiveDate) -> String {
        let months = match self.lang {
            Lang::Fr => &LONG_MONTHS_FR,
            Lang::En => &LONG_MONTHS_EN,
        };
        let day = day_number(self.lang, date);
        format!("{day} {} {}", months[date.month0() as usize], date.year())
    }

    /// A day of a table: `lun. 23 nov.`, `Mon 23 Nov`; with the year when it is another one.
    #[must_use]
    pub fn weekday_date(&self, date: NaiveDate) -> String {
        let name = match self.lang {
            Lang::Fr => SHORT_WEEKDAYS_FR[weekday_index(date)],
            Lang::En => SHORT_WEEKDAYS_EN[weekday_index(date)],
        };
        let with_year = date.year() != self.date_of(self.now).year();
        format!("{name} {}", short_date(self.lang, date, with_year))
    }

    /// A duration in words: `11 min`, `1 h 35`, `3 j`; `3 d` in English.
    #[must_use]
    pub fn duration(&self, length: chrono::Duration) -> String {
        let minutes = length.num_minutes().max(0);
        match (minutes, self.lang) {
            (0..60, _) => format!("{minutes}\u{a0}min"),
            (60..2880, Lang::Fr) => {
                format!("{}\u{a0}h\u{a0}{:02}", minutes / 60, minutes % 60)
            }
            (60..2880, Lang::En) => {
                format!("{}\u{a0}h\u{a0}{:02}", minutes / 60, minutes % 60)
            }
            (_, Lang::Fr) => format!("{}\u{a0}j", minutes / 1440),
            (_, Lang::En) => format!("{}\u{a0}d", minutes / 1440),
        }
    }

    /// The date in the reader's zone.
    #[must_use]
    pub fn date_of(&self, at: Timestamp) -> NaiveDate {
        self.local(at).date_naive()
    }

    /// The instant at which a day begins in the reader's zone. A day without midnight, on which the
    /// clocks are put forward then, begins an hour later.
    #[must_use]
    pub fn begin_of(&self, day: NaiveDate) -> Timestamp {
        let midnight = day.and_time(NaiveTime::MIN);
        let begin = self
            .zone
            .from_local_datetime(&midnight)
            .earliest()
            .or_else(|| {
                let later = midnight + TimeDelta::hours(1);
                self.zone.from_local_datetime(&later).earliest()
            });
        let begin = begin.map_or_else(|| midnight.and_utc(), |begin| begin.to_utc());
        Timestamp::from_utc(begin)
    }

    fn local(&self, at: Timestamp) -> DateTime<Tz> {
        at.utc().with_timezone(&self.zone)
    }
}

/// 0 is Monday.
fn weekday_index(date: NaiveDate) -> usize {
    date.weekday().num_days_from_monday() as usize
}

fn weekday(lang: Lang, date: NaiveDate) -> &'static str {
    let index = weekday_index(date);
    match lang {
        Lang::Fr => WEEKDAYS_FR[index],
        Lang::En => WEEKDAYS_EN[index],
    }
}

fn day_number(lang: Lang, date: NaiveDate) -> String {
    match (lang, date.day()) {
        (Lang::Fr, 1) => "1er".to_owned(),
        (_, day) => day.to_string(),
    }
}

fn short_date(lang: Lang, date: NaiveDate, with_year: bool) -> String {
    let months = match lang {
        Lang::Fr => &MONTHS_FR,
        Lang::En => &MONTHS_EN,
    };
    let day = day_number(lang, date);
    let month = months[date.month0() as usize];
    if with_year {
        format!("{day} {month} {}", date.year())
    } else {
        format!("{day} {month}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;

    fn calendar(lang: Lang) -> (Calendar, Timestamp) {
        // Thursday 19 November 2026, 16:00 in Paris.
        let now = Timestamp::from_micros(1_795_100_400_000_000);
        (Calendar::new(lang, chrono_tz::Europe::Paris, now), now)
    }

    #[test]
    fn near_days_have_names() {
        let (fr, now) = calendar(Lang::Fr);
        assert_eq!(fr.moment(now), "aujourd’hui, 16\u{a0}h\u{a0}00");
        assert_eq!(fr.day(now - Duration::days(1)), "hier");
        assert_eq!(fr.day(now - Duration::days(2)), "mardi 17");
        assert_eq!(fr.day(now - Duration::days(16)), "3 nov.");
        assert_eq!(fr.day(now - Duration::days(384)), "31 oct. 2025");
        let (en, now) = calendar(Lang::En);
        assert_eq!(en.moment(now), "today, 4:00\u{a0}pm");
        assert_eq!(en.day(now - Duration::days(16)), "3 Nov");
    }

    #[test]
    fn a_column_never_shows_a_duration_that_could_be_an_hour() {
        let (fr, now) = calendar(Lang::Fr);
        let ago = |minutes| fr.ago(now - Duration::minutes(minutes));
        assert_eq!(ago(0), "à l’instant");
        assert_eq!(ago(59), "59\u{a0}min");
        assert_eq!(ago(7 * 60), "9\u{a0}h\u{a0}00");
        assert_eq!(ago(17 * 60), "hier");
        assert_eq!(ago(6 * 1440), "ven.\u{a0}13");
        assert_eq!(ago(7 * 1440), "12 nov.");
        let (en, now) = calendar(Lang::En);
        assert_eq!(en.ago(now - Duration::days(6)), "Fri\u{a0}13");
        for minutes in 0..20_000 {
            let shown = ago(minutes);
            assert!(shown.chars().count() <= 12, "{shown} is too wide");
            assert!(!shown.ends_with('h'), "{shown}");
        }
    }

    #[test]
    fn days_to_come_have_names_and_deadlines_an_article() {
        let (fr, now) = calendar(Lang::Fr);
        let (en, _) = calendar(Lang::En);
        let days = [
            (1, "demain", "demain", "tomorrow"),
            (4, "lundi 23", "lundi", "Monday"),
            (6, "mercredi 25", "mercredi", "Wednesday"),
            (7, "26 nov.", "le 26 nov.", "26 Nov"),
            (12, "1er déc.", "le 1er déc.", "1 Dec"),
        ];
        for (days, day, deadline, english) in days {
            let at = now + Duration::days(days);
            assert_eq!(fr.day(at), day);
            assert_eq!(fr.deadline(at), deadline);
            assert_eq!(en.deadline(at), english);
        }
        assert_eq!(fr.deadline(now - Duration::days(2)), "le mardi 17");
        assert_eq!(fr.day(now), "aujourd’hui");
        assert_eq!(fr.deadline(now), fr.time(now));
    }

    #[test]
    fn days_change_at_the_reader_s_midnight() {
        let (fr, now) = calendar(Lang::Fr);
        // 23:30 UTC on the 18th is already the 19th in Paris.
        let late = now - Duration::minutes(15 * 60 + 30);
        assert_eq!(fr.day(late), "aujourd’hui");
    }

    #[test]
    fn durations_and_full_dates() {
        let (fr, _) = calendar(Lang::Fr);
        assert_eq!(fr.duration(Duration::minutes(95)), "1\u{a0}h\u{a0}35");
        let first = NaiveDate::from_ymd_opt(2026, 11, 1).expect("a date");
        assert_eq!(fr.full_date(first), "1er novembre 2026");
        assert_eq!(fr.weekday_date(first), "dim. 1er nov.");
    }
}
