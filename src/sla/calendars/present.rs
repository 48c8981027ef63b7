//! From calendars to what their pages print.

use std::collections::HashMap;

use chrono::{Datelike, Days, Duration, NaiveDate};

use super::model::{CalendarRow, CalendarVersion, VersionRow};
use super::pages::{DayField, PreviewDay, Row, Version, VersionLine, Week};
use crate::accounts::{Manager, Person, PersonId};
use crate::platform::company::hours::{DAYS, HoursLine};
use crate::platform::db::Timestamp;
use crate::platform::i18n::{Calendar as Reader, Lang, Message};
use crate::platform::web::widgets::SelectOption;
use crate::sla::calendar::{Calendar, DayKind, PublicHolidays};

/// Weeks of the preview, this one included.
const WEEKS: u64 = 4;

/// Where the list lives.
pub(super) const LIST: &str = "/manage/calendars";

pub(super) fn row(calendar: &CalendarRow, version: &CalendarVersion, lang: Lang) -> Row {
    Row {
        href: format!("{LIST}/{}", calendar.id),
        name: calendar.name.clone(),
        hours: version.content.week.lines(lang),
        zone: zone(&version.content),
        public: public(version.content.public, lang),
        shown: calendar.shown,
        archived: calendar.archived_at.is_some(),
    }
}

fn zone(calendar: &Calendar) -> String {
    calendar.zone.name().replace('_', " ")
}

fn public(public: PublicHolidays, lang: Lang) -> String {
    let word = public.as_str().replace('_', "-");
    Message::new(&format!("calendars-public-{word}")).render(lang)
}

pub(super) fn publics(lang: Lang) -> Vec<SelectOption> {
    PublicHolidays::ALL
        .iter()
        .map(|&which| SelectOption::new(which.as_str(), public(which, lang)))
        .collect()
}

pub(super) fn days(lang: Lang) -> Vec<DayField> {
    let field = |day: &&str| DayField {
        key: (*day).to_owned(),
        label: Message::new(&format!("day-{day}")).render(lang),
    };
    DAYS.iter().map(field).collect()
}

/// Why a day is not as its week has it.
#[must_use]
pub fn note(kind: DayKind<'_>, lang: Lang) -> String {
    match kind {
        DayKind::Ordinary => String::new(),
        DayKind::Public(holiday) => Message::new(&format!("holiday-{holiday}")).render(lang),
        DayKind::Entered(name) => name.to_owned(),
        DayKind::Exception(reason) => reason.to_owned(),
    }
}

/// This week and the next ones, as the calendar has them.
pub(super) fn weeks(calendar: &Calendar, lang: Lang, now: Timestamp) -> Vec<Week> {
    let reader = Reader::new(lang, calendar.zone, now);
    let today = reader.date_of(now);
    let monday = today - Days::new(u64::from(today.weekday().num_days_from_monday()));
    let week = |number: u64| {
        let first = monday + Days::new(7 * number);
        let last = first + Days::new(6);
        let worked = calendar.worked(
            calendar.midnight(first),
            calendar.midnight(last + Days::new(1)),
        );
        Week {
            label: Message::new("calendars-week")
                .text("first", reader.weekday_date(first))
                .text("last", reader.weekday_date(last))
                .render(lang),
            total: hours(worked),
            days: first
                .iter_days()
                .take(7)
                .map(|date| preview_day(calendar, date, &reader, lang, date == today))
                .collect(),
        }
    };
    (0..WEEKS).map(week).collect()
}

/// `41 h 30`.
fn hours(length: Duration) -> String {
    let minutes = length.num_minutes();
    format!("{}\u{a0}h\u{a0}{:02}", minutes / 60, minutes % 60)
}

fn preview_day(
    calendar: &Calendar,
    date: NaiveDate,
    reader: &Reader,
    lang: Lang,
    today: bool,
) -> PreviewDay {
    let day = calendar.day(date);
    let stretches = day.hours.stretches().iter();
    PreviewDay {
        date: reader.weekday_date(date),
        hours: stretches.map(|stretch| stretch.for_people(lang)).collect(),
        note: note(day.kind, lang),
        today,
    }
}

/// People by their keys.
pub(super) type People = HashMap<PersonId, Person>;

/// Who made a version, and when.
fn made(author: Option<PersonId>, at: Timestamp, people: &People, manager: &Manager) -> String {
    let name = author.and_then(|id| people.get(&id));
    let name = name.map_or_else(
        || Message::new("calendars-by-program").render(manager.lang),
        |person| person.name.clone(),
    );
    format!("{name}, {}", manager.calendar().moment(at))
}

pub(super) fn version_label(number: i64, lang: Lang) -> String {
    Message::new("calendars-version")
        .text("number", number.to_string())
        .render(lang)
}

pub(super) fn version_line(
    row: &CalendarRow,
    version: &VersionRow,
    people: &People,
    manager: &Manager,
) -> VersionLine {
    VersionLine {
        href: format!("{LIST}/{}/versions/{}", row.id, version.number),
        label: version_label(version.number, manager.lang),
        made: made(version.author_id, version.at, people, manager),
        current: version.number == row.version,
    }
}

pub(super) fn version_page(
    row: &CalendarRow,
    version: &CalendarVersion,
    people: &People,
    manager: &Manager,
) -> Version {
    let (lang, content) = (manager.lang, &version.content);
    let holidays = content.holidays.iter().map(|holiday| HoursLine {
        days: holiday.date.to_string(),
        hours: holiday.name.clone(),
    });
    let exceptions = content.exceptions.iter().map(|exception| {
        let hours = if exception.hours.is_empty() {
            Message::new("calendars-closed").render(lang)
        } else {
            exception.hours.for_people(lang)
        };
        HoursLine {
            days: exception.date.to_string(),
            hours: format!("{hours}, {}", exception.reason),
        }
    });
    Version {
        back_href: format!("{LIST}/{}", row.id),
        name: version.name.clone(),
        label: version_label(version.number, lang),
        made: made(version.author, version.at, people, manager),
        hours: content.week.lines(lang),
        zone: zone(content),
        public: public(content.public, lang),
        holidays: holidays.collect(),
        exceptions: exceptions.collect(),
        current: version.number == row.version,
        restore_action: format!("{LIST}/{}/versions/{}", row.id, version.number),
        latest: row.version,
    }
}
