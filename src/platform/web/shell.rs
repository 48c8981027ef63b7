//! What surrounds a page: brand, navigation, account, message from the page before.

use serde::Serialize;

use super::parts::Parts;
use crate::platform::company::hours::HoursLine;
use crate::platform::company::{Company, Stylesheet};
use crate::platform::db::{Conn, Timestamp};
use crate::platform::i18n::{Calendar, Lang};

/// Values that the layouts print.
#[derive(Clone, Debug, Serialize)]
pub struct Shell {
    /// Company name.
    pub brand: String,
    /// Lighter second word.
    pub brand_suffix: String,
    /// Stands in the place of the mark.
    pub logo: Option<ShellLogo>,
    /// Address of the stylesheet with the company's colours.
    pub colours: Option<String>,
    /// `auto`, `light` or `dark`.
    pub theme: String,
    /// Path and query of this page.
    pub path: String,
    /// The same as the value of a parameter.
    pub path_encoded: String,
    /// Which entry of the navigation is current.
    pub section: String,
    /// The same page in each language; empty when there is only one.
    pub languages: Vec<LanguageLink>,
    /// Who is signed in.
    pub person: Option<ShellPerson>,
    /// A message from the page before.
    pub flash: Option<Flash>,
    /// Phone number to call.
    pub phone: Option<String>,
    /// When it is answered.
    pub hours: Vec<HoursLine>,
    /// A sentence below the hours; empty for none.
    pub hours_note: String,
    /// Navigation of the desk.
    pub rail: Option<Rail>,
}

/// A company's logo as a header shows it.
#[derive(Clone, Debug, Serialize)]
pub struct ShellLogo {
    /// Address of the picture.
    pub href: String,
    /// Pixels.
    pub width: i32,
    /// Pixels.
    pub height: i32,
}

impl Shell {
    /// What a company's portal shows anybody on a page. `elsewhere` knows the address of the page in
    /// another language.
    #[must_use]
    pub fn of<'a>(
        company: &Company,
        lang: Lang,
        theme: &str,
        path: &str,
        elsewhere: impl Fn(Lang) -> &'a str,
    ) -> Self {
        let offered = Some(&company.languages).filter(|languages| languages.len() > 1);
        let link = |&to: &Lang| LanguageLink {
            lang: to,
            label: to.as_str().to_uppercase(),
            href: language_switch(to, elsewhere(to)),
            current: to == lang,
        };
        Self {
            brand: company.name.clone(),
            brand_suffix: company.suffix.clone(),
            logo: company.logo.as_ref().map(|logo| ShellLogo {
                href: logo.href(),
                width: logo.width,
                height: logo.height,
            }),
            colours: company.stylesheet.as_ref().map(Stylesheet::href),
            theme: theme.to_owned(),
            path: path.to_owned(),
            path_encoded: as_parameter(path),
            section: String::new(),
            languages: offered.into_iter().flatten().map(link).collect(),
            person: None,
            flash: None,
            phone: company.phone.clone(),
            hours: company.hours.lines(lang),
            hours_note: company.hours_note(lang).to_owned(),
            rail: None,
        }
    }
}

/// Address that changes the language and comes back.
fn language_switch(lang: Lang, back: &str) -> String {
    format!("/language/{lang}?return_to={}", as_parameter(back))
}

/// A link to the same page in a language.
#[derive(Clone, Debug, Serialize)]
pub struct LanguageLink {
    /// `fr`, `en`.
    pub lang: Lang,
    /// Short label.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// Whether it is this page's language.
    pub current: bool,
}

/// The signed-in person as the header shows them.
#[derive(Clone, Debug, Serialize)]
pub struct ShellPerson {
    /// Full name.
    pub name: String,
    /// One or two letters.
    pub initials: String,
    /// 0 to 7, by a hash of the name.
    pub hue: u8,
    /// Address.
    pub email: String,
    /// Their company, for customers.
    pub organisation: Option<String>,
    /// Whether the desk is theirs.
    pub is_agent: bool,
    /// Whether the settings are theirs.
    pub is_manager: bool,
}

/// A message shown once.
#[derive(Clone, Debug, Serialize)]
pub struct Flash {
    /// `ok`, `info` or `danger`.
    pub kind: String,
    /// The text, in the reader's language.
    pub text: String,
}

/// Who looks at the desk: what slices need to know to offer their links.
#[derive(Clone, Copy, Debug)]
pub struct RailViewer {
    /// Key of the person.
    pub person_id: i64,
    /// Whether the settings are theirs.
    pub is_manager: bool,
    /// Their language.
    pub lang: Lang,
    /// The instant of the request.
    pub now: Timestamp,
}

/// Navigation of the desk, put together from all slices.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Rail {
    /// Saved lists with counts.
    pub views: Vec<RailLink>,
    /// Teams with counts.
    pub teams: Vec<RailLink>,
    /// Settings.
    pub manage: Vec<RailLink>,
}

/// One link of the rail.
#[derive(Clone, Debug, Serialize)]
pub struct RailLink {
    /// Stable name, for tests and shortcuts.
    pub key: String,
    /// Text.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// Name of the icon; empty for a team, which has a coloured square.
    pub icon: String,
    /// Colour of a team's square, 0 to 7.
    pub hue: u8,
    /// How many tickets stand behind it.
    pub count: Option<i64>,
    /// Whether it is this page.
    pub current: bool,
}

/// What a slice adds to the rail.
pub type RailSource = fn(&mut Conn, &Parts, &RailViewer, &mut Rail) -> diesel::QueryResult<()>;

/// Names the company that a person belongs to, by the person's key.
pub type Affiliation = fn(&mut Conn, i64) -> diesel::QueryResult<Option<String>>;

/// A page that somebody read before they filed something.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Its title.
    pub title: String,
    /// Where it is.
    pub href: String,
    /// When it was opened.
    pub opened_at: Timestamp,
}

/// Lists what was read before something was filed, by the key of its history, in the order of
/// reading.
pub type Readings = fn(&mut Conn, i64) -> diesel::QueryResult<Vec<Reading>>;

/// What is promised about something that was filed, as its owner reads it.
#[derive(Clone, Debug, Serialize)]
pub struct PromiseShown {
    /// What is promised: `Première réponse avant`.
    pub label: String,
    /// By when.
    pub value: String,
    /// How that stands: `En pause`.
    pub end_label: String,
    /// What belongs to it: `8 h 10 restantes`.
    pub end_value: String,
    /// Tone: `neutral`, `ok`, `wait`, `danger`, `accent`.
    pub tone: String,
    /// What was promised so far, oldest first.
    pub track: Vec<PromiseStep>,
}

/// A line of what was promised so far.
#[derive(Clone, Debug, Serialize)]
pub struct PromiseStep {
    /// When.
    pub when: String,
    /// What.
    pub title: String,
    /// What belongs to it.
    pub text: String,
    /// Tone of its mark: `neutral`, `ok`, `wait`, `danger`, `accent`.
    pub tone: String,
}

/// Says what is promised about something that was filed, by the key of its history; nothing when
/// nothing is.
pub type PromiseSource =
    fn(&mut Conn, i64, Lang, &Calendar, Timestamp) -> diesel::QueryResult<Option<PromiseShown>>;

/// A text as the value of a parameter of an address.
#[must_use]
pub fn as_parameter(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// A hue from 0 to 7 for a name, stable over time (FNV-1a).
#[must_use]
pub fn hue(name: &str) -> u8 {
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    (hash % 8) as u8
}
