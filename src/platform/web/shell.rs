//! What surrounds a page: brand, navigation, account, message from the page before.

use serde::Serialize;

use super::parts::Parts;
use crate::platform::db::{Conn, Timestamp};
use crate::platform::i18n::Lang;

/// Values that the layouts print.
#[derive(Clone, Debug, Serialize)]
pub struct Shell {
    /// Company name.
    pub brand: String,
    /// Lighter second word.
    pub brand_suffix: String,
    /// `auto`, `light` or `dark`.
    pub theme: String,
    /// Path and query of this page.
    pub path: String,
    /// The same as the value of a parameter.
    pub path_encoded: String,
    /// Which entry of the navigation is current.
    pub section: String,
    /// The same page in each language.
    pub languages: Vec<LanguageLink>,
    /// Who is signed in.
    pub person: Option<ShellPerson>,
    /// A message from the page before.
    pub flash: Option<Flash>,
    /// Phone number to call.
    pub phone: Option<String>,
    /// Navigation of the desk.
    pub rail: Option<Rail>,
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
