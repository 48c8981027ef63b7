//! The form of a calendar, in and out.

use super::commands::CalendarInput;
use super::hours::{read_hours, written};
use super::model::{CalendarRow, CalendarVersion};
use crate::platform::company::hours::{DAYS, DayHours, NoHours, WeekHours};
use crate::platform::i18n::{Lang, Message};
use crate::platform::web::form::FormErrors;
use crate::platform::web::{Check, Fields, FormState};
use crate::sla::calendar::{
    Calendar, Exception, Holiday, HolidayDate, MAX_EXCEPTIONS, MAX_HOLIDAYS, MAX_LABEL,
    PublicHolidays, is_near, read_date,
};

/// Characters of a name, at most.
pub(super) const MAX_NAME: usize = 60;
/// Characters of the hours of a day, at most.
const MAX_HOURS: usize = 200;
/// Characters of a list of days, at most.
const MAX_LIST: usize = 40_000;

/// Reads the form.
///
/// # Errors
/// Everything that is wrong.
pub(super) fn read(fields: &Fields, lang: Lang) -> Result<CalendarInput, FormErrors> {
    let mut reading = Reading {
        check: Check::new(fields),
        lang,
    };
    let name = reading.check.line("name", MAX_NAME);
    let zone = reading.check.choice::<chrono_tz::Tz>("zone");
    let week = reading.week();
    let public: Option<PublicHolidays> = reading.check.choice("public");
    let holidays = reading.list("holidays", MAX_HOLIDAYS, holiday);
    let exceptions = reading.list("exceptions", MAX_EXCEPTIONS, exception);
    let mut dates: Vec<_> = exceptions.iter().map(|exception| exception.date).collect();
    dates.sort_unstable();
    if let Some(twice) = dates.windows(2).find(|pair| pair[0] == pair[1]) {
        let message = Message::new("calendars-exception-twice").text("date", twice[0].to_string());
        reading.check.error("exceptions", message);
    }
    let content = Calendar {
        zone: zone.unwrap_or(chrono_tz::Europe::Paris),
        week,
        public: public.unwrap_or(PublicHolidays::None),
        holidays,
        exceptions,
    }
    .tidied();
    if reading.check.is_clean() && !content.is_ever_open() {
        reading
            .check
            .error(DAYS[0], Message::new("calendars-never-open"));
    }
    reading.check.finish(CalendarInput { name, content })
}

struct Reading<'a> {
    check: Check<'a>,
    lang: Lang,
}

impl Reading<'_> {
    fn week(&mut self) -> WeekHours {
        let mut days: [DayHours; 7] = Default::default();
        for (day, hours) in DAYS.iter().zip(&mut days) {
            let text = self.check.optional_line(day, MAX_HOURS);
            match read_hours(&text) {
                Ok(read) => *hours = read,
                Err(why) => self.refuse(day, why),
            }
        }
        WeekHours::new(days).unwrap_or_else(|(day, why)| {
            let next = DAYS[(day + 1) % 7];
            let message = match why {
                NoHours::Overlap(first, second) => Message::new("calendars-overlap-night")
                    .text("day", self.day(DAYS[day]))
                    .text("first", first.for_people(self.lang))
                    .text("next", self.day_within(next))
                    .text("second", second.for_people(self.lang)),
                _ => Message::new("calendars-hours"),
            };
            self.check.error(DAYS[day], message);
            WeekHours::default()
        })
    }

    fn refuse(&mut self, day: &str, why: NoHours) {
        let message = why_not(why, self.lang).text("day", self.day(day));
        self.check.error(day, message);
    }

    fn day(&self, day: &str) -> String {
        Message::new(&format!("day-{day}")).render(self.lang)
    }

    /// The name of a day within a sentence.
    fn day_within(&self, day: &str) -> String {
        match self.lang {
            Lang::Fr => self.day(day).to_lowercase(),
            Lang::En => self.day(day),
        }
    }

    /// A list of days, one on each line. The first line that cannot be read is named.
    fn list<T>(
        &mut self,
        field: &str,
        most: usize,
        read: impl Fn(&str) -> Result<T, &'static str>,
    ) -> Vec<T> {
        let text = self.check.optional_text(field, MAX_LIST);
        let mut list = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            match read(line) {
                Ok(item) => list.push(item),
                Err(key) => {
                    let message = Message::new(key)
                        .number("line", i64::try_from(number + 1).unwrap_or(i64::MAX))
                        .text("text", line.chars().take(60).collect::<String>());
                    self.check.error(field, message);
                    return list;
                }
            }
        }
        if list.len() > most {
            let message = Message::new("calendars-too-many")
                .number("max", i64::try_from(most).unwrap_or(i64::MAX))
                .number("count", i64::try_from(list.len()).unwrap_or(i64::MAX));
            self.check.error(field, message);
        }
        list
    }
}

/// What is wrong with the hours of a day.
fn why_not(why: NoHours, lang: Lang) -> Message {
    match why {
        NoHours::Unreadable | NoHours::TooMany => Message::new("calendars-hours"),
        NoHours::Empty(stretch) => {
            Message::new("calendars-empty").text("hours", stretch.for_people(lang))
        }
        NoHours::Overlap(first, second) => Message::new("calendars-overlap")
            .text("first", first.for_people(lang))
            .text("second", second.for_people(lang)),
    }
}

/// `2026-12-24 Réveillon`.
fn holiday(line: &str) -> Result<Holiday, &'static str> {
    let (date, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let date: HolidayDate = date.parse().map_err(|_| "calendars-holiday-date")?;
    if !date.is_near() {
        return Err("calendars-date-far");
    }
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_LABEL {
        return Err("calendars-holiday-name");
    }
    Ok(Holiday {
        date,
        name: name.to_owned(),
    })
}

/// `2026-12-24 08:30-12:30,13:30-16:00 Réveillon`.
fn exception(line: &str) -> Result<Exception, &'static str> {
    let mut parts = line.splitn(3, char::is_whitespace);
    let date = read_date(parts.next().unwrap_or_default());
    let date = date.map_err(|_| "calendars-exception-date")?;
    if !is_near(date) {
        return Err("calendars-date-far");
    }
    let hours = parts.next().filter(|hours| !hours.is_empty());
    let hours = hours.and_then(|hours| read_hours(hours).ok());
    let hours = hours.ok_or("calendars-exception-hours")?;
    let reason = parts.next().unwrap_or_default().trim();
    if reason.is_empty() || reason.chars().count() > MAX_LABEL {
        return Err("calendars-exception-reason");
    }
    Ok(Exception {
        date,
        hours,
        reason: reason.to_owned(),
    })
}

/// The form of a new calendar.
pub(super) fn blank(zone: chrono_tz::Tz) -> FormState {
    let office = "08:30-12:30, 13:30-18:00";
    let days = DAYS[..5].iter();
    let form = FormState::empty()
        .with("zone", zone.name())
        .with("public", PublicHolidays::France.as_str());
    days.fold(form, |form, day| form.with(day, office))
}

/// The form of a calendar as it stands.
pub(super) fn fill(row: &CalendarRow, version: &CalendarVersion, lang: Lang) -> FormState {
    let form = FormState::empty()
        .with("version", row.version.to_string())
        .with("name", &version.name);
    with_content(form, &version.content, lang)
}

/// A form with what a calendar says.
pub(super) fn with_content(form: FormState, content: &Calendar, lang: Lang) -> FormState {
    let days = DAYS.iter().zip(content.week.days());
    let form = days.fold(form, |form, (day, hours)| form.with(day, written(hours)));
    let holidays = content.holidays.iter();
    let holidays = holidays.map(|holiday| format!("{} {}", holiday.date, holiday.name));
    let closed = Message::new("calendars-closed-word").render(lang);
    let exceptions = content.exceptions.iter().map(|exception| {
        let hours = exception.hours.to_string().replace(' ', ",");
        let hours = if hours.is_empty() { &closed } else { &hours };
        format!("{} {hours} {}", exception.date, exception.reason)
    });
    form.with("zone", content.zone.name())
        .with("public", content.public.as_str())
        .with("holidays", holidays.collect::<Vec<_>>().join("\n"))
        .with("exceptions", exceptions.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar() -> Calendar {
        serde_json::from_value(serde_json::json!({
            "zone": "Europe/Paris",
            "week": "mon-thu 08:30-12:30 13:30-18:00, fri 22:00-06:00",
            "public": "alsace_moselle",
            "holidays": [
                { "date": "12-24", "name": "Réveillon" },
                { "date": "2026-05-15", "name": "Pont de l’Ascension" },
            ],
            "exceptions": [
                { "date": "2026-12-31", "hours": "09:00-12:00 13:00-15:00", "reason": "Inventaire" },
                { "date": "2027-01-02", "hours": "", "reason": "Travaux" },
            ],
        }))
        .expect("a calendar")
    }

    #[test]
    fn what_a_form_shows_is_what_it_sends() {
        for lang in [Lang::Fr, Lang::En] {
            let form = with_content(
                FormState::empty().with("name", "Atelier"),
                &calendar(),
                lang,
            );
            let mut fields = Fields::default();
            for (name, value) in form.values {
                fields.push(name, value);
            }
            let read = read(&fields, lang).expect("it is accepted");
            assert_eq!(read.content, calendar());
        }
    }

    #[test]
    fn each_fault_stands_at_its_field() {
        let refused = |field: &str, value: &str| {
            let form = with_content(FormState::empty(), &calendar(), Lang::En)
                .with("name", "Atelier")
                .with(field, value);
            let mut fields = Fields::default();
            for (name, value) in form.values {
                fields.push(name, value);
            }
            let errors = read(&fields, Lang::En).expect_err(value);
            let keys: Vec<String> = errors
                .keys()
                .iter()
                .map(|(field, key)| format!("{field} {key}"))
                .collect();
            keys.join(", ")
        };
        assert_eq!(refused("mon", "8-12, 11-18"), "mon calendars-overlap");
        assert_eq!(refused("mon", "9-9"), "mon calendars-empty");
        assert_eq!(refused("mon", "morning"), "mon calendars-hours");
        assert_eq!(refused("sat", "5-9"), "fri calendars-overlap-night");
        assert_eq!(refused("name", " "), "name form-required");
        assert_eq!(refused("zone", "Mars/Base"), "zone form-choice");
        assert_eq!(refused("public", "spain"), "public form-choice");
        for (line, key) in [
            ("30/02 Rien", "holiday-date"),
            ("Noël 25/12", "holiday-date"),
            ("2026-12-24", "holiday-name"),
        ] {
            assert_eq!(
                refused("holidays", line),
                format!("holidays calendars-{key}")
            );
        }
        for (line, key) in [
            ("12-24 fermé Réveillon", "exception-date"),
            ("2026-12-24 matin Réveillon", "exception-hours"),
            ("2026-12-24", "exception-hours"),
            ("2026-12-24 9-12", "exception-reason"),
            ("2026-12-24 9-12 A\n24/12/2026 9-11 B", "exception-twice"),
        ] {
            assert_eq!(
                refused("exceptions", line),
                format!("exceptions calendars-{key}")
            );
        }
    }
}
