//! The hours of a day as people type them: `8h30-12h30, 13h30-18h`, `8:30 am to 6 pm`.

use crate::platform::company::hours::{DayHours, NoHours, Stretch, TimeOfDay};

/// Words that say that a day is closed.
const CLOSED: [&str; 5] = ["closed", "ferme", "fermé", "fermée", "-"];

/// Words and signs between two times.
const BETWEEN: [&str; 7] = ["-", "a", "à", "to", "et", "and", "puis"];

/// Hours of a day; an empty text and a word such as "closed" are a closed day.
///
/// # Errors
/// What is wrong with them.
pub(super) fn read_hours(text: &str) -> Result<DayHours, NoHours> {
    let text = text.trim().to_lowercase();
    if CLOSED.contains(&text.as_str()) {
        return Ok(DayHours::CLOSED);
    }
    let mut times = Vec::new();
    for word in words(&text) {
        if !BETWEEN.contains(&word.as_str()) {
            times.push(read_time(&word).ok_or(NoHours::Unreadable)?);
        }
    }
    if !times.len().is_multiple_of(2) {
        return Err(NoHours::Unreadable);
    }
    let stretch = |pair: &[TimeOfDay]| {
        let (opens, closes) = (pair[0], pair[1]);
        if opens == closes {
            return Err(NoHours::Empty(Stretch { opens, closes }));
        }
        Stretch::new(opens, closes).ok_or(NoHours::Unreadable)
    };
    let stretches = times.chunks_exact(2).map(stretch);
    DayHours::new(stretches.collect::<Result<_, _>>()?)
}

/// Times and what stands between them. Blanks around an `h` and before `am` belong to the time:
/// `8 h 30` is one word.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for part in text.split([',', ';']) {
        let mut glue = false;
        for word in part.split_whitespace().flat_map(split_at_dashes) {
            let is_half = matches!(word.as_str(), "am" | "pm" | "a.m." | "p.m.");
            let last: Option<&mut String> = words.last_mut();
            let last = last.filter(|last| last.ends_with(|c: char| c.is_ascii_digit() || c == 'h'));
            let joins = is_half || word.starts_with('h');
            let number = word.starts_with(|c: char| c.is_ascii_digit());
            let goes_on = word == "h";
            match last {
                Some(last) if joins || (glue && number) => last.push_str(&word),
                _ => words.push(word),
            }
            // `8 h` may go on with minutes; `8h` written in one does not.
            glue = goes_on;
        }
    }
    words
}

fn split_at_dashes(piece: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in piece.chars() {
        if matches!(letter, '-' | '–' | '—' | '−' | '‑') {
            words.extend(["-".to_owned(), String::new()]);
        } else if let Some(last) = words.last_mut() {
            last.push(letter);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// `8`, `8h`, `8h30`, `08:30`, `8am`, `8:30pm`.
fn read_time(word: &str) -> Option<TimeOfDay> {
    let plain = word.replace("a.m.", "am").replace("p.m.", "pm");
    let (clock, half) = match (plain.strip_suffix("am"), plain.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        _ => (plain.as_str(), None),
    };
    let (hour, minute) = clock.split_once(['h', ':']).unwrap_or((clock, ""));
    let minute = if minute.is_empty() { "00" } else { minute };
    let hour: u16 = hour.parse().ok()?;
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    if minute.len() != 2 {
        return None;
    }
    format!("{hour}:{minute}").parse().ok()
}

/// The same hours as a field shows them: `08:30-12:30, 13:30-18:00`.
pub(super) fn written(hours: &DayHours) -> String {
    hours.to_string().replace(' ', ", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_however_they_are_typed() {
        for text in [
            "08:30-12:30, 13:30-18:00",
            "8:30-12:30 13:30-18:00",
            "8h30-12h30, 13h30-18h",
            "8 h 30 – 12 h 30 et 13 h 30 – 18 h 00",
            "8\u{a0}h\u{a0}30 à 12\u{a0}h\u{a0}30 ; 13h30 à 18 h",
            "8:30 am to 12:30 pm and 1:30 pm to 6 pm",
            "13:30—18 8h30—12h30",
            "8:30 a.m. - 12:30 p.m., 1:30pm-6pm",
        ] {
            let hours = read_hours(text).map(|hours| hours.to_string());
            assert_eq!(hours, Ok("08:30-12:30 13:30-18:00".to_owned()), "{text}");
        }
        for text in ["", "  ", "fermé", "Closed", "-"] {
            assert_eq!(read_hours(text), Ok(DayHours::CLOSED), "{text}");
        }
        let night = read_hours("22h-6h").map(|hours| written(&hours));
        assert_eq!(night, Ok("22:00-06:00".to_owned()));
    }

    #[test]
    fn what_is_written_is_read() {
        let hours = read_hours("08:30-12:30 13:30-24:00").expect("hours");
        assert_eq!(read_hours(&written(&hours)), Ok(hours));
    }

    #[test]
    fn hours_that_are_none() {
        for text in [
            "8h30",
            "8h30-",
            "8-25",
            "8:5-9",
            "mardi",
            "8h30-12h30-18h",
            "13 pm - 14 pm",
            "8h61-9h",
            "-1-2-3",
            "999999-8",
        ] {
            assert_eq!(read_hours(text), Err(NoHours::Unreadable), "{text}");
        }
        assert!(matches!(read_hours("9h-9h"), Err(NoHours::Empty(_))));
        assert!(matches!(
            read_hours("8h-12h, 11h-14h"),
            Err(NoHours::Overlap(..))
        ));
        let many = "0:00-0:01 ".repeat(13);
        assert!(read_hours(&many).is_err());
    }
}
