//! Small values that many pages print: choices, discs, moments.

use serde::Serialize;

/// A choice of a `<select>`.
#[derive(Clone, Debug, Serialize)]
pub struct SelectOption {
    /// What the form sends.
    pub value: String,
    /// What the agent reads.
    pub label: String,
}

impl SelectOption {
    /// A choice that sends `value` and reads `label`.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// A person with their disc.
#[derive(Clone, Debug, Serialize)]
pub struct PersonChip {
    /// Full name.
    pub name: String,
    /// One or two letters.
    pub initials: String,
    /// 0 to 7.
    pub hue: u8,
}

/// A team with its square.
#[derive(Clone, Debug, Serialize)]
pub struct TeamChip {
    /// Its name.
    pub name: String,
    /// 0 to 7.
    pub hue: u8,
}

/// A link with its text.
#[derive(Clone, Debug, Serialize)]
pub struct TextLink {
    /// Where it leads.
    pub href: String,
    /// What it says.
    pub label: String,
}

impl TextLink {
    /// A link that says `label`.
    #[must_use]
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            label: label.into(),
        }
    }
}

/// A choice that is a link, as a filter is; arguments of the `chip` component.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    /// Text.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// Whether it is the one shown.
    pub current: bool,
    /// How many stand behind it, if that is known.
    pub count: Option<i64>,
}

/// A moment, for people and for machines.
#[derive(Clone, Debug, Serialize)]
pub struct Moment {
    /// In the reader's language: `hier 14 h 31`.
    pub text: String,
    /// RFC 3339, for the `datetime` attribute.
    pub datetime: String,
}

/// The neighbours of a page of a list; arguments of the `pagination` component.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PageLinks {
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// How many are shown, when that is worth saying.
    pub note: Option<String>,
}
