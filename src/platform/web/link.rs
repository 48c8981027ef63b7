//! Small values that many pages print.

use serde::Serialize;

/// A link with its text.
#[derive(Clone, Debug, Serialize)]
pub struct Link {
    /// Text.
    pub label: String,
    /// Where it leads.
    pub href: String,
}

impl Link {
    /// A link.
    #[must_use]
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
        }
    }
}

/// A choice that is a link: a filter, a tab.
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

/// The neighbours of a page of a list that is cut by key, not by number.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Pages {
    /// Address of the page before.
    pub previous: Option<String>,
    /// Address of the page after.
    pub next: Option<String>,
    /// What is shown, as a sentence.
    pub note: Option<String>,
}
