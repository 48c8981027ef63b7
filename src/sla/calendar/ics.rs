//! Holidays out of an iCalendar file (RFC 5545).
//!
//! Of a calendar's components only `VEVENT` is read, and of that `DTSTART`, `DTEND`, `DURATION`,
//! `SUMMARY`, `RRULE` and `STATUS`. A holiday is an event of whole days, once or each year. What
//! else a file may hold is not guessed at: such events are counted, and named to whoever imports.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};

use super::{Holiday, HolidayDate, MAX_HOLIDAYS, MAX_LABEL};

/// Bytes of a file, at most.
pub const MAX_BYTES: usize = 512 * 1024;
/// Days of one event, at most.
const MAX_DAYS: i64 = 62;
/// Characters of a line after unfolding (RFC 5545, 3.1), at most.
const MAX_LINE: usize = 8 * 1024;
/// Events that are named because they were passed over, at most.
const MAX_NAMED: usize = 5;

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays {
    /// The holidays, in order, each once.
    pub found: Vec<Holiday>,
    /// How many events are none: they have hours, or come back in another way than each year.
    pub passed_over: usize,
    /// The names of the first of those.
    pub named: Vec<String>,
}

/// Why nothing can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCalendar {
    /// It is larger than [`MAX_BYTES`].
    #[error("the file is too large")]
    TooLarge,
    /// It is no text, or does not begin as a calendar does.
    #[error("not an iCalendar file")]
    NotACalendar,
    /// The components do not close as they open, or a line is none; counted from 1.
    #[error("line {0} cannot be read")]
    Line(usize),
    /// It has more days than [`MAX_HOLIDAYS`].
    #[error("too many holidays")]
    TooMany,
}

/// Reads a file.
///
/// # Errors
/// See [`NoCalendar`].
pub fn read(bytes: &[u8]) -> Result<Holidays, NoCalendar> {
    if bytes.len() > MAX_BYTES {
        return Err(NoCalendar::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| NoCalendar::NotACalendar)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = unfold(text)?;
    let opening = lines.first().map(|(_, line)| line.to_ascii_uppercase());
    if opening.as_deref().map(str::trim_end) != Some("BEGIN:VCALENDAR") {
        return Err(NoCalendar::NotACalendar);
    }
    gather(&lines)
}

/// Logical lines with the number of the line on which each begins.
fn unfold(text: &str) -> Result<Vec<(usize, String)>, NoCalendar> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (number, line) in text.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some((begun, whole))) => {
                whole.push_str(more);
                if whole.len() > MAX_LINE {
                    return Err(NoCalendar::Line(*begun));
                }
            }
            _ if line.is_empty() => {}
            _ => lines.push((number + 1, line.to_owned())),
        }
    }
    Ok(lines)
}

fn gather(lines: &[(usize, String)]) -> Result<Holidays, NoCalendar> {
    let mut holidays = Holidays::default();
    let mut open: Vec<String> = Vec::new();
    let mut event: BTreeMap<String, Property> = BTreeMap::new();
    for (number, line) in lines {
        let (name, property) = Property::parse(line).ok_or(NoCalendar::Line(*number))?;
        let component = property.value.trim().to_ascii_uppercase();
        match name.as_str() {
            "BEGIN" => {
                if component == "VEVENT" {
                    event.clear();
                }
                open.push(component);
            }
            "END" => {
                if open.pop().as_ref() != Some(&component) {
                    return Err(NoCalendar::Line(*number));
                }
                if component == "VEVENT" {
                    keep(&event, &mut holidays)?;
                }
            }
            // The first of a name holds, as for all properties that occur once.
            _ if open.last().is_some_and(|last| last == "VEVENT") => {
                event.entry(name).or_insert(property);
            }
            _ => {}
        }
    }
    if !open.is_empty() {
        return Err(NoCalendar::Line(lines.last().map_or(1, |(n, _)| *n)));
    }
    holidays.found.sort();
    holidays.found.dedup();
    Ok(holidays)
}

fn keep(event: &BTreeMap<String, Property>, holidays: &mut Holidays) -> Result<(), NoCalendar> {
    let text = |name: &str| event.get(name).map(|property| property.value.as_str());
    if text("STATUS").is_some_and(|status| status.eq_ignore_ascii_case("CANCELLED")) {
        return Ok(());
    }
    let name = label(text("SUMMARY").unwrap_or_default());
    let Some(days) = days_of(event) else {
        holidays.passed_over += 1;
        if holidays.named.len() < MAX_NAMED && !name.is_empty() {
            holidays.named.push(name);
        }
        return Ok(());
    };
    holidays.found.extend(days.into_iter().map(|date| Holiday {
        date,
        name: name.clone(),
    }));
    if holidays.found.len() > MAX_HOLIDAYS {
        return Err(NoCalendar::TooMany);
    }
    Ok(())
}

/// The days of an event of whole days; none for any other.
fn days_of(event: &BTreeMap<String, Property>) -> Option<Vec<HolidayDate>> {
    let first = event.get("DTSTART")?.date()?;
    let length = match (event.get("DTEND"), event.get("DURATION")) {
        // The end is the first day after (RFC 5545, 3.6.1).
        (Some(end), _) => (end.date()? - first).num_days(),
        (None, Some(duration)) => whole_days(&duration.value)?,
        (None, None) => 1,
    };
    // Some programs write the last day as the end.
    let length = if length == 0 { 1 } else { length };
    if !(1..=MAX_DAYS).contains(&length) {
        return None;
    }
    let yearly = match event.get("RRULE") {
        Some(rule) => each_year(&rule.value, first).then_some(true)?,
        None => false,
    };
    let days = (0..length.unsigned_abs()).map(|day| {
        let date = first.checked_add_days(Days::new(day))?;
        let date = if yearly {
            HolidayDate::Yearly {
                month: date.month(),
                day: date.day(),
            }
        } else {
            HolidayDate::Once(date)
        };
        Some(date).filter(|date| date.is_near())
    });
    days.collect()
}

/// `P1D`, `P2W`.
fn whole_days(duration: &str) -> Option<i64> {
    let body = duration.trim().strip_prefix('P')?;
    let (number, times) = match (body.strip_suffix('D'), body.strip_suffix('W')) {
        (Some(days), _) => (days, 1),
        (_, Some(weeks)) => (weeks, 7),
        _ => return None,
    };
    let short = (1..=3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    short
        .then(|| number.parse::<i64>().ok())
        .flatten()
        .map(|n| n * times)
}

/// Whether a rule says "this day of every year, for ever" and nothing else.
fn each_year(rule: &str, first: NaiveDate) -> bool {
    let mut yearly = false;
    for part in rule.trim().split(';').filter(|part| !part.is_empty()) {
        let Some((name, value)) = part.split_once('=') else {
            return false;
        };
        let said = match name.to_ascii_uppercase().as_str() {
            "FREQ" => {
                yearly = value.eq_ignore_ascii_case("YEARLY");
                yearly
            }
            "INTERVAL" => value == "1",
            "BYMONTH" => value.parse() == Ok(first.month()),
            "BYMONTHDAY" => value.parse() == Ok(first.day()),
            "WKST" => true,
            _ => false,
        };
        if !said {
            return false;
        }
    }
    yearly
}

/// A name on one line, of a length that fits.
fn label(summary: &str) -> String {
    let mut plain = String::new();
    let mut letters = summary.chars();
    while let Some(letter) = letters.next() {
        // Escapes of TEXT (RFC 5545, 3.3.11).
        let letter = match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') | None => ' ',
                Some(escaped) => escaped,
            },
            other => other,
        };
        plain.push(if letter.is_control() { ' ' } else { letter });
    }
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ").chars().take(MAX_LABEL).collect()
}

/// A line of a component: its parameters and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Property {
    parameters: Vec<(String, String)>,
    value: String,
}

impl Property {
    /// `NAME;PARAM=value;PARAM="quoted: value":value`.
    fn parse(line: &str) -> Option<(String, Self)> {
        let (mut quoted, mut colon) = (false, None);
        for (at, letter) in line.char_indices() {
            match letter {
                '"' => quoted = !quoted,
                ':' if !quoted => {
                    colon = Some(at);
                    break;
                }
                _ => {}
            }
        }
        let (head, value) = line.split_at(colon?);
        let mut parts = head.split(';');
        let name = parts.next().filter(|name| is_name(name))?;
        let parameters = parts.filter_map(|part| {
            let (name, value) = part.split_once('=')?;
            Some((
                name.to_ascii_uppercase(),
                value.trim_matches('"').to_owned(),
            ))
        });
        let property = Self {
            parameters: parameters.collect(),
            value: value[1..].to_owned(),
        };
        Some((name.to_ascii_uppercase(), property))
    }

    /// The day, if it is a day and no hour: `20261225`. Midnight stands for the day, too, since
    /// some programs know nothing else.
    fn date(&self) -> Option<NaiveDate> {
        let kind = self.parameters.iter().find(|(name, _)| name == "VALUE");
        let value = self.value.trim();
        let day = match (kind.map(|(_, kind)| kind.as_str()), value.len()) {
            (Some("DATE") | None, 8) => value,
            (Some("DATE-TIME") | None, 15) => {
                let (day, hour) = value.split_once('T')?;
                (hour == "000000").then_some(day)?
            }
            _ => return None,
        };
        let digits = day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit());
        if !digits {
            return None;
        }
        let written = format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]);
        super::read_date(&written).ok()
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(events: &str) -> String {
        format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//FR\r\n{}END:VCALENDAR\r\n",
            events.replace('\n', "\r\n")
        )
    }

    fn listed(events: &str) -> Vec<String> {
        let read = read(file(events).as_bytes()).expect("a calendar");
        let all = read.found.iter();
        all.map(|holiday| format!("{} {}", holiday.date, holiday.name))
            .collect()
    }

    #[test]
    fn whole_days_once_and_each_year() {
        let events = "BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227\n\
                      SUMMARY:Fermeture\\, fin d’\n année\nEND:VEVENT\n\
                      BEGIN:VEVENT\nDTSTART:20260714\nSUMMARY;LANGUAGE=fr:Fête\nRRULE:FREQ=YEARLY\n\
                      BEGIN:VALARM\nDTSTART:20200101\nEND:VALARM\nEND:VEVENT\n\
                      BEGIN:VEVENT\nDTSTART;TZID=\"Europe/Paris: x\":20270102T000000\n\
                      DTEND;TZID=Europe/Paris:20270103T000000\nSUMMARY:Inventaire\nEND:VEVENT\n\
                      BEGIN:VEVENT\nDTSTART;VALUE=DATE:20270104\nSTATUS:CANCELLED\nEND:VEVENT\n";
        assert_eq!(
            listed(events),
            [
                "07-14 Fête",
                "2026-12-24 Fermeture, fin d’année",
                "2026-12-25 Fermeture, fin d’année",
                "2026-12-26 Fermeture, fin d’année",
                "2027-01-02 Inventaire",
            ]
        );
    }

    #[test]
    fn what_is_no_holiday_is_counted_and_named() {
        let events = "BEGIN:VEVENT\nDTSTART:20261224T140000Z\nSUMMARY:Réunion\nEND:VEVENT\n\
                      BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261224\nRRULE:FREQ=WEEKLY\nSUMMARY:Marché\nEND:VEVENT\n\
                      BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261126\nRRULE:FREQ=YEARLY;BYDAY=4TH\nEND:VEVENT\n\
                      BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20270101\nEND:VEVENT\n\
                      BEGIN:VEVENT\nDTSTART;VALUE=DATE:21991231\nDTEND;VALUE=DATE:22000102\nEND:VEVENT\n\
                      BEGIN:VEVENT\nDTSTART;VALUE=DATE:22000101\nEND:VEVENT\n\
                      BEGIN:VEVENT\nSUMMARY:Sans date\nEND:VEVENT\n";
        let read = read(file(events).as_bytes()).expect("a calendar");
        assert!(read.found.is_empty());
        assert_eq!(read.passed_over, 7);
        assert_eq!(read.named, ["Réunion", "Marché", "Sans date"]);
    }

    #[test]
    fn files_that_are_none() {
        let event = "BEGIN:VEVENT\nDTSTART:20260101\n";
        for (text, reason) in [
            (String::new(), NoCalendar::NotACalendar),
            ("date,name\n".to_owned(), NoCalendar::NotACalendar),
            (file(event), NoCalendar::Line(6)),
            (file("no colon here\n"), NoCalendar::Line(4)),
            ("BEGIN:VCALENDAR\n".to_owned(), NoCalendar::Line(1)),
            (
                file(&format!("{event}DTEND:20260302\nSUMMARY:x\nEND:VEVENT\n").repeat(7)),
                NoCalendar::TooMany,
            ),
            (" ".repeat(MAX_BYTES + 1), NoCalendar::TooLarge),
        ] {
            assert_eq!(read(text.as_bytes()), Err(reason), "{text:.80}");
        }
        assert_eq!(read(&[0xff, 0xfe]), Err(NoCalendar::NotACalendar));
        let endless = format!("SUMMARY:{}", "x\n ".repeat(MAX_LINE));
        assert_eq!(read(file(&endless).as_bytes()), Err(NoCalendar::Line(4)));
    }

    proptest! {
        #[test]
        fn no_file_is_too_strange_to_be_answered(text in "(BEGIN:VCALENDAR\r\n)?(.|\n){0,200}") {
            // Either holidays or a reason: never a panic.
            let _ = read(text.as_bytes());
        }

        #[test]
        fn strange_events_do_no_harm(
            start in "[0-9T]{0,16}", end in "[0-9T]{0,16}", rule in "[A-Z=;0-9]{0,30}",
        ) {
            let event = format!(
                "BEGIN:VEVENT\nDTSTART:{start}\nDTEND:{end}\nRRULE:{rule}\nEND:VEVENT\n"
            );
            let read = read(file(&event).as_bytes()).expect("a calendar");
            prop_assert!(read.found.len() <= 62);
        }
    }
}
