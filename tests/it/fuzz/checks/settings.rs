//! What a setting accepts can be used, is written in one way, and reads the same again.

use guichet::platform::company::colour::Rgb;
use guichet::platform::company::hours::{TimeOfDay, WeekHours};
use guichet::platform::company::key::languages;
use guichet::platform::company::palette::{Palette, Theme, check as check_accent};
use guichet::platform::company::{Key, Values, sender};
use guichet::platform::front::TrustedProxies;
use guichet::platform::i18n::Lang;
use guichet::platform::text::SafeHtml;
use lettre::message::Mailbox;

use super::reader::{Allowed, assert_fine};

const MOST: usize = 2 * 1024;

/// The first line is a value for every setting; the whole input is a stored text of many.
pub fn check(data: &[u8]) {
    let input = super::text(data, MOST);
    let (value, _) = super::first_line(&input);
    for &key in Key::ALL {
        check_value(key, value);
    }
    check_stored(&input);
    check_colour(value);
    check_hours(value);
    if let Ok(proxies) = value.parse::<TrustedProxies>() {
        assert_eq!(value.parse(), Ok(proxies));
    }
}

fn check_value(key: Key, value: &str) {
    assert!(!key.expected().is_empty());
    if !key.accepts(value) {
        return;
    }
    let canonical = key.canonical(value.to_owned());
    assert!(
        key.accepts(&canonical),
        "{key}: {value:?} became {canonical:?}"
    );
    assert_eq!(
        key.canonical(canonical.clone()),
        canonical,
        "{key}: {value:?}"
    );
    let mut values = Values::default();
    values.set(key, value);
    assert_eq!(values.get(key), Some(&*canonical));
    let stored = serde_json::to_string(&values).expect("texts by name");
    assert_eq!(Values::from_stored(&stored), values, "{stored}");
    if key.bounds().is_some() {
        let number: i64 = value.parse().expect("it was accepted");
        assert_eq!(canonical, number.to_string(), "{key}");
    }
    match key {
        Key::Languages => {
            let offered = languages(value).expect("it was accepted");
            assert!(!offered.is_empty() && offered.iter().all(|lang| Lang::ALL.contains(lang)));
        }
        Key::MailFrom => check_sender(&canonical),
        _ => {}
    }
    assert!(
        !canonical.contains(char::is_control),
        "{key}: {canonical:?}"
    );
    let html = SafeHtml::escape(&canonical);
    assert_fine(html.as_str(), Allowed::Plain);
}

/// A mail can be written from it, whose head is one line of ours.
fn check_sender(sender: &str) {
    let from: Mailbox = sender.parse().expect("it was accepted");
    assert_eq!(sender::parse(sender).as_ref(), Some(&from));
    if let Some(name) = &from.name {
        let words: Vec<&str> = name.split_whitespace().collect();
        assert_eq!(*name, words.join(" "));
    }
    let mail = lettre::Message::builder()
        .from(from.clone())
        .to("ana@tilleuls.example".parse().expect("an address"))
        .subject("x")
        .body(String::new())
        .expect("it has a sender");
    let bytes = mail.formatted();
    let head = String::from_utf8_lossy(&bytes);
    let lines = head.split("\r\n").take_while(|line| !line.is_empty());
    let names: Vec<&str> = lines
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split(':').next().unwrap_or_default())
        .collect();
    let known = [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "MIME-Version",
        "Content-Transfer-Encoding",
        "Content-Type",
    ];
    assert!(
        names.iter().all(|name| known.contains(name)),
        "{names:?} by {sender:?}"
    );
    assert_eq!(names.iter().filter(|&&name| name == "From").count(), 1);
}

/// Whatever stands in the table, what is not known or accepted is passed over.
fn check_stored(text: &str) {
    let values = Values::from_stored(text);
    assert!(values.iter().all(|(key, value)| key.accepts(value)));
    let again = serde_json::to_string(&values).expect("texts by name");
    assert_eq!(Values::from_stored(&again), values);
}

fn check_colour(value: &str) {
    let Ok(colour) = value.parse::<Rgb>() else {
        return;
    };
    assert_eq!(colour.to_string().parse(), Ok(colour));
    let mut accents = [colour; 2];
    for (accent, theme) in accents.iter_mut().zip([Theme::Light, Theme::Dark]) {
        if let Err(illegible) = check_accent(theme, colour) {
            assert!(
                check_accent(theme, illegible.suggestion).is_ok(),
                "{colour}"
            );
            *accent = illegible.suggestion;
        }
    }
    let [light, dark] = accents;
    for dark in [None, Some(dark)] {
        let sheet = Palette::new(light, dark).stylesheet(":root");
        assert!(sheet.is_ascii() && !sheet.contains('<'));
    }
}

fn check_hours(value: &str) {
    if let Ok(time) = value.parse::<TimeOfDay>() {
        assert_eq!(time.to_string().parse(), Ok(time));
    }
    let Ok(week) = value.parse::<WeekHours>() else {
        return;
    };
    assert_eq!(week.to_string().parse(), Ok(week.clone()), "{value:?}");
    for &lang in Lang::ALL {
        let lines = week.lines(lang);
        assert_eq!(lines.is_empty(), week.is_empty());
        assert!(
            lines.len() <= 7
                && lines
                    .iter()
                    .all(|line| !line.days.is_empty() && !line.hours.is_empty())
        );
    }
}
