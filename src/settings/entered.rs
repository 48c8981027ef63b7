//! What a manager typed, made into values that the settings accept.

use lettre::message::Mailbox;

use crate::platform::company::colour::Rgb;
use crate::platform::company::key::{MAX_NAME, MAX_NOTE, MAX_PHONE, languages};
use crate::platform::company::palette::{self, Theme};
use crate::platform::company::{Company, Group, Key, Values};
use crate::platform::i18n::{Lang, Message};
use crate::platform::web::form::{Fields, FormErrors};
use crate::platform::web::{Check, FormState};

/// The boxes that give a setting back to the file.
pub(super) const FOLLOW: &str = "follow";

/// The settings that are to follow the file again.
pub(super) fn followed(group: Group, fields: &Fields) -> Vec<Key> {
    let named = fields
        .all(FOLLOW)
        .iter()
        .filter_map(|name| name.parse().ok());
    named.filter(|key: &Key| key.group() == group).collect()
}

/// The values of a group as they were typed.
///
/// # Errors
/// Everything that is not accepted.
pub(super) fn read(
    group: Group,
    fields: &Fields,
    company: &Company,
    lang: Lang,
) -> Result<Values, FormErrors> {
    let mut reading = Reading {
        check: Check::new(fields),
        fields,
        company,
        lang,
        values: Values::default(),
    };
    let follow = followed(group, fields);
    for key in group.keys() {
        // What is in a field that is given back does not matter.
        if follow.contains(&key) {
            reading.values.set(key, company.in_file(key));
        } else if let Some(text) = reading.one(key) {
            reading.values.set(key, text);
        }
    }
    let Reading { check, values, .. } = reading;
    check.finish(values)
}

struct Reading<'a> {
    check: Check<'a>,
    fields: &'a Fields,
    company: &'a Company,
    lang: Lang,
    values: Values,
}

impl Reading<'_> {
    /// The value of one setting; none when it is not accepted, which is then noted.
    fn one(&mut self, key: Key) -> Option<String> {
        let text = match key {
            Key::CompanyName => self.check.line(key.as_str(), MAX_NAME),
            Key::CompanySuffix => self.check.optional_line(key.as_str(), MAX_NAME),
            Key::HoursNoteFr | Key::HoursNoteEn => self.check.optional_line(key.as_str(), MAX_NOTE),
            Key::AccentLight => self.colour(key, Theme::Light)?,
            Key::AccentDark => self.colour(key, Theme::Dark)?,
            // The picture itself comes as a file.
            Key::Logo => self.company.text(key),
            Key::Languages => self.languages()?,
            Key::DefaultLanguage => self.default_language()?,
            Key::TimeZone => self
                .check
                .choice::<chrono_tz::Tz>(key.as_str())?
                .to_string(),
            Key::Phone => self.phone()?,
            // The calendars have a page of their own.
            Key::SupportHours => return None,
            Key::MailFrom => self.sender()?,
            Key::MaxFileMb | Key::MaxFiles | Key::ConfirmAfterDays => self.number(key)?,
        };
        key.accepts(&text).then_some(text)
    }

    fn colour(&mut self, key: Key, theme: Theme) -> Option<String> {
        let text = self.check.optional_line(key.as_str(), 20);
        if text.is_empty() {
            return Some(text);
        }
        let Ok(colour) = text.parse::<Rgb>() else {
            self.check
                .error(key.as_str(), Message::new("settings-colour"));
            return None;
        };
        if let Err(refused) = palette::check(theme, colour) {
            let message = contrast_message(theme, &refused, self.lang);
            self.check.error(key.as_str(), message);
            return None;
        }
        Some(colour.to_string())
    }

    fn languages(&mut self) -> Option<String> {
        let offered = self.fields.all(Key::Languages.as_str()).join(",");
        if languages(&offered).is_none() {
            let message = Message::new("settings-languages-none");
            self.check.error(Key::Languages.as_str(), message);
            return None;
        }
        Some(offered)
    }

    fn default_language(&mut self) -> Option<String> {
        let name = Key::DefaultLanguage.as_str();
        let lang: Lang = self.check.choice(name)?;
        let offered = self.values.get(Key::Languages).and_then(languages);
        if offered.is_some_and(|offered| !offered.contains(&lang)) {
            self.check
                .error(name, Message::new("settings-default-language"));
            return None;
        }
        Some(lang.to_string())
    }

    fn phone(&mut self) -> Option<String> {
        let phone = self.check.optional_line(Key::Phone.as_str(), MAX_PHONE);
        let digits = phone.chars().filter(char::is_ascii_digit).count();
        let plain = phone
            .chars()
            .all(|c| c.is_ascii_digit() || "+ .-()/".contains(c));
        let number = plain && digits >= 3;
        let sound = phone.is_empty() || number || phone == self.company.text(Key::Phone);
        if !sound {
            self.check
                .error(Key::Phone.as_str(), Message::new("settings-phone"));
            return None;
        }
        Some(phone)
    }

    fn sender(&mut self) -> Option<String> {
        let name = self.check.optional_line("sender_name", MAX_NAME);
        let present = &self.company.mail_from;
        let typed = self.fields.get("sender_address").trim();
        // The address of before anything was set has no domain, and may stay.
        let address = if typed == present.email.to_string() {
            present.email.clone()
        } else {
            self.check.email("sender_address").parse().ok()?
        };
        let name = Some(name).filter(|name| !name.is_empty());
        let from = Mailbox::new(name, address).to_string();
        if !Key::MailFrom.accepts(&from) {
            self.check
                .error("sender_name", Message::new("settings-sender-name"));
            return None;
        }
        Some(from)
    }

    fn number(&mut self, key: Key) -> Option<String> {
        let text = self.check.line(key.as_str(), 10);
        let bounds = key.bounds()?;
        if !text.is_empty() && !key.accepts(&text) {
            let message = Message::new("settings-number")
                .number("min", *bounds.start())
                .number("max", *bounds.end());
            self.check.error(key.as_str(), message);
            return None;
        }
        Some(text)
    }
}

/// Why a colour cannot be read, and which one could.
pub(super) fn contrast_message(theme: Theme, refused: &palette::Illegible, lang: Lang) -> Message {
    let palette::Illegible { worst, suggestion } = refused;
    let field = match theme {
        Theme::Light => Message::new("field-accent_light"),
        Theme::Dark => Message::new("field-accent_dark"),
    };
    Message::new(&format!("settings-contrast-{}", worst.pair.as_str()))
        .text("field", field.render(lang))
        .text("ratio", ratio(worst.ratio, lang))
        .text("needed", ratio(worst.needed, lang))
        .text("suggestion", suggestion.to_string())
}

/// `4,49`; never more than what was measured.
pub(super) fn ratio(value: f64, lang: Lang) -> String {
    let text = format!("{:.2}", (value * 100.0).floor() / 100.0);
    match lang {
        Lang::Fr => text.replace('.', ","),
        Lang::En => text,
    }
}

/// The fields of a group as they stand.
pub(super) fn fill(group: Group, company: &Company) -> FormState {
    let form = FormState::empty().with("version", company.version(group).to_string());
    group.keys().fold(form, |form, key| match key {
        Key::MailFrom => form
            .with(
                "sender_name",
                company.mail_from.name.clone().unwrap_or_default(),
            )
            .with("sender_address", company.mail_from.email.to_string()),
        key => form.with(key.as_str(), company.text(key)),
    })
}
