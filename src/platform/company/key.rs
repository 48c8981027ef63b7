//! What can be set about the company: names, groups, and what is accepted.

use std::ops::RangeInclusive;

use chrono_tz::Tz;

use super::colour::Rgb;
use super::hours::WeekHours;
use super::palette::{self, Theme};
use super::sender;
use crate::platform::i18n::Lang;

/// The accent of the built-in design in the light theme.
pub const ACCENT_LIGHT: &str = "#153aaf";

/// Longest name, and longest second word of it.
pub const MAX_NAME: usize = 60;
/// Longest phone number.
pub const MAX_PHONE: usize = 30;
/// Longest sentence below the hours.
pub const MAX_NOTE: usize = 200;

crate::text_enum! {
    /// A setting of the company, by its name in `Rocket.toml`. The logo is set in the browser only.
    Key {
        /// First word of the brand.
        CompanyName = "company_name",
        /// Second, lighter word of the brand.
        CompanySuffix = "company_suffix",
        /// Digest of the logo's content.
        Logo = "logo",
        /// Accent in the light theme; empty for the built-in one.
        AccentLight = "accent_light",
        /// Accent in the dark theme; empty to derive it from the light one.
        AccentDark = "accent_dark",
        /// Languages offered, separated by commas.
        Languages = "languages",
        /// Language of people who ask for none that is offered.
        DefaultLanguage = "default_language",
        /// Time zone of people who have not chosen one.
        TimeZone = "time_zone",
        /// Phone number shown on the portal.
        Phone = "phone",
        /// When work is done.
        SupportHours = "support_hours",
        /// A sentence below the hours, in French.
        HoursNoteFr = "hours_note_fr",
        /// The same in English.
        HoursNoteEn = "hours_note_en",
        /// Sender of all mails.
        MailFrom = "mail_from",
        /// Largest attachment, in megabytes.
        MaxFileMb = "max_file_mb",
        /// Most attachments of one message.
        MaxFiles = "max_files",
        /// Days after which a resolved ticket counts as confirmed.
        ConfirmAfterDays = "confirm_after_days",
    }
}

crate::text_enum! {
    /// Settings that are changed together, and whose changes are one history.
    Group {
        /// Name, logo, colours.
        Identity = "identity",
        /// Languages and time zone.
        Languages = "languages",
        /// Phone, and the sentence below the hours.
        Contact = "contact",
        /// Sender of mails.
        Mail = "mail",
        /// How much and how long.
        Limits = "limits",
        /// When work is done: a copy of the hours of the calendar that is shown to customers,
        /// which takes the place of what `Contact` kept before there were calendars. No form has it.
        Hours = "hours",
    }
}

impl Group {
    /// Key of its history, for ever.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            Self::Identity => 1,
            Self::Languages => 2,
            Self::Contact => 3,
            Self::Mail => 4,
            Self::Limits => 5,
            Self::Hours => 6,
        }
    }

    /// Whether it is changed by a form of the settings.
    #[must_use]
    pub fn has_form(self) -> bool {
        self != Self::Hours
    }

    /// Its settings.
    pub fn keys(self) -> impl Iterator<Item = Key> {
        Key::ALL
            .iter()
            .copied()
            .filter(move |key| key.group() == self)
    }
}

impl Key {
    /// Where it is changed.
    #[must_use]
    pub const fn group(self) -> Group {
        match self {
            Self::CompanyName
            | Self::CompanySuffix
            | Self::Logo
            | Self::AccentLight
            | Self::AccentDark => Group::Identity,
            Self::Languages | Self::DefaultLanguage | Self::TimeZone => Group::Languages,
            Self::Phone | Self::HoursNoteFr | Self::HoursNoteEn => Group::Contact,
            Self::SupportHours => Group::Hours,
            Self::MailFrom => Group::Mail,
            Self::MaxFileMb | Self::MaxFiles | Self::ConfirmAfterDays => Group::Limits,
        }
    }

    /// Whether `Rocket.toml` can set it.
    #[must_use]
    pub const fn is_in_file(self) -> bool {
        !matches!(self, Self::Logo)
    }

    /// Its value where nobody set any.
    #[must_use]
    pub const fn built_in(self) -> &'static str {
        match self {
            Self::CompanyName => "Guichet",
            Self::Languages => "fr,en",
            Self::DefaultLanguage => "fr",
            Self::TimeZone => "Europe/Paris",
            Self::MailFrom => "Guichet <guichet@localhost>",
            Self::MaxFileMb => "20",
            Self::MaxFiles => "5",
            Self::ConfirmAfterDays => "4",
            _ => "",
        }
    }

    /// What is accepted, for whoever reads a fault of `Rocket.toml`.
    #[must_use]
    pub fn expected(self) -> String {
        if let Some(bounds) = self.bounds() {
            return format!("a whole number from {} to {}", bounds.start(), bounds.end());
        }
        match self {
            Self::CompanyName => format!("one line of 1 to {MAX_NAME} characters"),
            Self::CompanySuffix => format!("one line of at most {MAX_NAME} characters"),
            Self::Phone => format!("one line of at most {MAX_PHONE} characters"),
            Self::HoursNoteFr | Self::HoursNoteEn => {
                format!("one line of at most {MAX_NOTE} characters")
            }
            Self::AccentLight => "a colour such as #153aaf, dark enough for white text".to_owned(),
            Self::AccentDark => {
                "a colour such as #96b4fa, light enough for a dark ground".to_owned()
            }
            Self::Languages => "fr, en or both, separated by commas".to_owned(),
            Self::DefaultLanguage => "fr or en".to_owned(),
            Self::TimeZone => "an IANA time zone such as Europe/Paris".to_owned(),
            Self::SupportHours => {
                "hours such as mon-fri 08:30-12:30 13:30-18:00, sat 09:00-12:00".to_owned()
            }
            Self::MailFrom => "an address such as Support <support@example.com>".to_owned(),
            _ => "nothing".to_owned(),
        }
    }

    /// Bounds of the settings that are numbers.
    #[must_use]
    pub const fn bounds(self) -> Option<RangeInclusive<i64>> {
        match self {
            Self::MaxFileMb => Some(1..=200),
            Self::MaxFiles => Some(1..=20),
            Self::ConfirmAfterDays => Some(1..=90),
            _ => None,
        }
    }

    /// An accepted value, written in the one way in which equal values are equal texts.
    #[must_use]
    pub fn canonical(self, text: String) -> String {
        let rewritten = match self {
            _ if self.bounds().is_some() => text.parse::<i64>().ok().map(|n| n.to_string()),
            Self::AccentLight | Self::AccentDark => text.parse::<Rgb>().ok().map(|c| c.to_string()),
            Self::Languages => languages(&text).map(|offered| {
                let names: Vec<&str> = offered.iter().map(|lang| lang.as_str()).collect();
                names.join(",")
            }),
            Self::SupportHours => text.parse::<WeekHours>().ok().map(|week| week.to_string()),
            Self::MailFrom => sender::parse(&text).map(|from| from.to_string()),
            _ => None,
        };
        rewritten.unwrap_or(text)
    }

    /// Whether a value can be used.
    #[must_use]
    pub fn accepts(self, text: &str) -> bool {
        if let Some(bounds) = self.bounds() {
            return text
                .parse::<i64>()
                .is_ok_and(|number| bounds.contains(&number));
        }
        match self {
            Self::CompanyName => !text.trim().is_empty() && is_line(text, MAX_NAME),
            Self::CompanySuffix => is_line(text, MAX_NAME),
            Self::Phone => is_line(text, MAX_PHONE),
            Self::HoursNoteFr | Self::HoursNoteEn => is_line(text, MAX_NOTE),
            Self::Logo => {
                text.is_empty() || (text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()))
            }
            Self::AccentLight => is_accent(text, Theme::Light),
            Self::AccentDark => is_accent(text, Theme::Dark),
            Self::Languages => languages(text).is_some(),
            Self::DefaultLanguage => text.parse::<Lang>().is_ok(),
            Self::TimeZone => text.parse::<Tz>().is_ok(),
            Self::SupportHours => text.parse::<WeekHours>().is_ok(),
            Self::MailFrom => sender::parse(text).is_some(),
            Self::MaxFileMb | Self::MaxFiles | Self::ConfirmAfterDays => false,
        }
    }
}

fn is_line(text: &str, max: usize) -> bool {
    text.chars().count() <= max && !text.chars().any(char::is_control)
}

fn is_accent(text: &str, theme: Theme) -> bool {
    let legible = |colour: Rgb| palette::check(theme, colour).is_ok();
    text.is_empty() || text.parse().is_ok_and(legible)
}

/// Languages of a list, each once, in the program's order; none for a list that names another
/// one, or none at all.
#[must_use]
pub fn languages(text: &str) -> Option<Vec<Lang>> {
    let named = text.split(',').map(|name| name.trim().parse::<Lang>());
    let named: Vec<Lang> = named.collect::<Result<_, _>>().ok()?;
    let offered = Lang::ALL
        .iter()
        .copied()
        .filter(|lang| named.contains(lang));
    Some(offered.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_in_is_accepted() {
        for key in Key::ALL {
            assert!(key.accepts(key.built_in()), "{key}");
            assert!(!key.accepts("a\u{7}b"), "{key}");
            assert!(!key.accepts("\"a\u{7}b\" <a@b.example>"), "{key}");
        }
    }

    #[test]
    fn equal_numbers_are_equal_texts() {
        for text in ["7", "07", "+7"] {
            assert!(Key::MaxFiles.accepts(text), "{text}");
            assert_eq!(Key::MaxFiles.canonical(text.to_owned()), "7");
        }
    }

    #[test]
    fn what_is_said_to_be_accepted_is() {
        for (key, text) in [
            (Key::AccentLight, "#153aaf"),
            (Key::AccentDark, "#96b4fa"),
            (Key::SupportHours, "mon-fri 08:30-18:00, sat 09:00-12:00"),
            (Key::MailFrom, "Support <support@example.com>"),
            (Key::Languages, "fr"),
        ] {
            assert!(key.accepts(text), "{key}");
        }
        for (key, text) in [
            (Key::AccentLight, "#ffcc00"),
            (Key::AccentDark, "#101318"),
            (Key::Languages, ""),
            (Key::Languages, "fr,de"),
            (Key::CompanyName, " "),
            (Key::MaxFiles, "21"),
            (Key::MailFrom, "Support"),
        ] {
            assert!(!key.accepts(text), "{key}: {text}");
        }
    }
}
