//! What the portal is to its readers: whose it is, how it looks, which languages it speaks, when
//! somebody answers, how much may be sent.
//!
//! `Rocket.toml` and the environment say it first; what managers choose in the browser takes the
//! place of that, setting by setting, and follows the file again when they give it up. Invariants:
//! * there is one list of settings ([`Key`]), one rule for each of what is accepted, and one place
//!   where they become values ([`Company`]), wherever they come from;
//! * pages read a [`Company`] that is kept in memory; the node that changed one has the next at
//!   once, the others within [`POLL`].

pub mod colour;
pub mod hours;
pub mod key;
pub mod logo;
pub mod palette;
pub mod sender;
pub mod store;
mod values;

use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use chrono_tz::Tz;
use data_encoding::HEXLOWER;
use lettre::message::Mailbox;
use sha2::{Digest, Sha256};

use self::hours::WeekHours;
pub use self::key::{Group, Key};
use self::logo::Logo;
use self::palette::Palette;
use self::store::Stored;
pub use self::values::Values;
use super::db::{Database, StorageError};
use super::i18n::Lang;
use super::schedule::Schedule;

/// How long another node may show what was before a change: with the look itself, two seconds.
pub const POLL: Duration = Duration::from_millis(1500);

/// Looks whether another node changed something.
pub const FOLLOW: Schedule = Schedule {
    name: "company settings",
    every: POLL,
    run: |site| site.company.follow(&site.db).map(drop),
    at_end: false,
};

/// The company, as a page or a mail needs it. It does not change; the next one takes its place.
#[derive(Clone, Debug)]
pub struct Company {
    /// First word of the brand.
    pub name: String,
    /// Second, lighter word of the brand.
    pub suffix: String,
    /// The logo, in the place of the mark.
    pub logo: Option<Logo>,
    /// The accent family.
    pub palette: Palette,
    /// The stylesheet that sets it, when it is not the built-in one.
    pub stylesheet: Option<Stylesheet>,
    /// Languages offered, at least one.
    pub languages: Vec<Lang>,
    /// Language of people who ask for none that is offered; one of those.
    pub default_language: Lang,
    /// Time zone of people who have not chosen one.
    pub time_zone: Tz,
    /// Phone number shown on the portal.
    pub phone: Option<String>,
    /// When it is answered.
    pub hours: WeekHours,
    hours_notes: [String; 2],
    /// Sender of all mails.
    pub mail_from: Mailbox,
    /// Largest attachment, in bytes.
    pub max_file_bytes: u64,
    /// Most attachments of one message.
    pub max_files: usize,
    /// Days after which a resolved ticket counts as confirmed.
    pub confirm_after_days: i64,
    stored: Stored,
    file: Values,
}

/// A stylesheet with an address of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stylesheet {
    /// The rules.
    pub css: String,
    /// A digest of them.
    pub fingerprint: String,
}

impl Stylesheet {
    fn new(css: String) -> Self {
        Self {
            fingerprint: HEXLOWER.encode(&Sha256::digest(css.as_bytes())[..8]),
            css,
        }
    }

    /// Its address: other rules have another one.
    #[must_use]
    pub fn href(&self) -> String {
        format!("/brand/colours/{}", self.fingerprint)
    }
}

impl Company {
    /// What the file and what was chosen make together.
    #[must_use]
    pub fn new(file: &Values, stored: Stored) -> Self {
        let all = file.overlaid(&stored.values());
        let text = |key| all.or_built_in(key).to_owned();
        let palette = palette_of(&text(Key::AccentLight), &text(Key::AccentDark));
        let languages = key::languages(&text(Key::Languages));
        let languages = languages.unwrap_or_else(|| Lang::ALL.to_vec());
        let preferred: Lang = parsed(&all, Key::DefaultLanguage);
        let megabytes: u64 = parsed(&all, Key::MaxFileMb);
        Self {
            name: text(Key::CompanyName),
            suffix: text(Key::CompanySuffix),
            logo: stored.logo.clone(),
            stylesheet: palette
                .as_ref()
                .map(|palette| Stylesheet::new(palette.stylesheet(":root"))),
            palette: palette.unwrap_or_else(Palette::built_in),
            // The file may name a language that was given up in the browser.
            default_language: *languages
                .iter()
                .find(|lang| **lang == preferred)
                .or(languages.first())
                .unwrap_or(&preferred),
            languages,
            time_zone: parsed(&all, Key::TimeZone),
            phone: Some(text(Key::Phone)).filter(|phone| !phone.is_empty()),
            hours: parsed(&all, Key::SupportHours),
            hours_notes: [text(Key::HoursNoteFr), text(Key::HoursNoteEn)],
            mail_from: parsed(&all, Key::MailFrom),
            max_file_bytes: 1_000_000 * megabytes,
            max_files: parsed(&all, Key::MaxFiles),
            confirm_after_days: parsed(&all, Key::ConfirmAfterDays),
            file: file.clone(),
            stored,
        }
    }

    /// Grows with each change that was made in the browser.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.stored.revision()
    }

    /// The number of the last change of a group.
    #[must_use]
    pub fn version(&self, group: Group) -> i64 {
        self.stored.version(group)
    }

    /// What `Rocket.toml` and the environment say about a setting, or what is built in.
    #[must_use]
    pub fn in_file(&self, key: Key) -> &str {
        self.file.or_built_in(key)
    }

    /// Whether `Rocket.toml` or the environment say anything about a setting.
    #[must_use]
    pub fn is_in_file(&self, key: Key) -> bool {
        self.file.get(key).is_some()
    }

    /// What was chosen in the browser about a setting.
    #[must_use]
    pub fn chosen(&self, key: Key) -> Option<String> {
        self.stored.values().get(key).map(str::to_owned)
    }

    /// The value in force, as a text.
    #[must_use]
    pub fn text(&self, key: Key) -> String {
        self.chosen(key)
            .unwrap_or_else(|| self.in_file(key).to_owned())
    }

    /// Both words of the brand.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.name, self.suffix)
            .trim_end()
            .to_owned()
    }

    /// The sentence below the hours.
    #[must_use]
    pub fn hours_note(&self, lang: Lang) -> &str {
        let [fr, en] = &self.hours_notes;
        match lang {
            Lang::Fr => fr,
            Lang::En => en,
        }
    }

    /// Whether a language is offered.
    #[must_use]
    pub fn speaks(&self, lang: Lang) -> bool {
        self.languages.contains(&lang)
    }

    /// A language if it is offered, or the default one.
    #[must_use]
    pub fn language_or_default(&self, lang: Lang) -> Lang {
        if self.speaks(lang) {
            lang
        } else {
            self.default_language
        }
    }
}

fn palette_of(light: &str, dark: &str) -> Option<Palette> {
    if light.is_empty() && dark.is_empty() {
        return None;
    }
    let built_in = Palette::built_in().accent[0];
    Some(Palette::new(
        light.parse().unwrap_or(built_in),
        dark.parse().ok(),
    ))
}

fn parsed<T: FromStr>(values: &Values, key: Key) -> T {
    let text = values.or_built_in(key);
    let parsed = text.parse().or_else(|_| key.built_in().parse());
    parsed
        .ok()
        .expect("a value that its setting accepts can be read, and so can the built-in one")
}

/// The company at present.
pub struct CompanyHandle {
    file: Values,
    current: RwLock<Arc<Company>>,
    /// Held from reading the tables until what was read is in place, so that nothing older ever
    /// takes the place of something newer.
    reading: Mutex<()>,
}

impl CompanyHandle {
    /// What the file says and what is stored.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn open(file: Values, db: &Database) -> Result<Self, StorageError> {
        let stored =
            db.read_blocking(|conn| store::get_stored(conn).map_err(StorageError::from))?;
        Ok(Self {
            current: RwLock::new(Arc::new(Company::new(&file, stored))),
            file,
            reading: Mutex::new(()),
        })
    }

    /// The company at present.
    #[must_use]
    pub fn get(&self) -> Arc<Company> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks whether anything was changed, here or elsewhere, and takes it on. Blocking.
    ///
    /// # Errors
    /// When the database refuses; what was known stays.
    pub fn follow(&self, db: &Database) -> Result<bool, StorageError> {
        let _reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.get().revision();
        let stored = db.read_blocking(|conn| {
            let changed = store::get_revision(conn)? != known;
            let stored = changed.then(|| store::get_stored(conn)).transpose()?;
            Ok::<_, StorageError>(stored)
        })?;
        let Some(stored) = stored else {
            return Ok(false);
        };
        let company = Arc::new(Company::new(&self.file, stored));
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = company;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_set_is_a_company_that_works() {
        let company = Company::new(&Values::default(), Stored::default());
        assert_eq!(company.full_name(), "Guichet");
        assert_eq!(company.languages, [Lang::Fr, Lang::En]);
        assert_eq!(company.max_file_bytes, 20_000_000);
        assert_eq!(company.stylesheet, None);
        assert_eq!(company.revision(), 0);
    }

    #[test]
    fn the_default_language_is_one_that_is_offered() {
        let mut file = Values::default();
        file.set(Key::Languages, "en");
        let company = Company::new(&file, Stored::default());
        assert_eq!(company.default_language, Lang::En);
        assert_eq!(company.language_or_default(Lang::Fr), Lang::En);
    }
}
