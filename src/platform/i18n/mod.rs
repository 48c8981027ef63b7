//! Two languages that are really two: texts, dates and numbers.
//!
//! All texts live in `templates/locales/<language>/*.ftl` (Fluent). Nothing that a person
//! reads is written in Rust.

mod catalog;
mod dates;
mod numbers;

use rocket::http::uri::fmt::{Formatter, Path, UriDisplay};
use rocket::request::FromParam;

pub use catalog::{Args, Catalog, CatalogError, Message, catalog};
pub use dates::Calendar;
pub use numbers::{file_size, integer};

crate::text_enum! {
    /// A language the product speaks.
    Lang {
        /// French.
        Fr = "fr",
        /// English.
        En = "en",
    }
}

impl Lang {
    /// The language's name in that language.
    #[must_use]
    pub const fn endonym(self) -> &'static str {
        match self {
            Self::Fr => "Français",
            Self::En => "English",
        }
    }

    /// The first language of an `Accept-Language` header that is offered, by its weights
    /// (RFC 9110, section 12.5.4).
    #[must_use]
    pub fn negotiate(accept_language: &str, offered: &[Self]) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for entry in accept_language.split(',').take(20) {
            let mut parts = entry.split(';');
            let tag = parts.next().unwrap_or_default().trim();
            let primary = tag.split('-').next().unwrap_or_default();
            let lang = primary.to_ascii_lowercase().parse::<Self>();
            let Some(lang) = lang.ok().filter(|lang| offered.contains(lang)) else {
                continue;
            };
            let weight = parts
                .find_map(|p| p.trim().strip_prefix("q=")?.parse::<f32>().ok())
                .unwrap_or(1.0);
            if weight > 0.0 && best.is_none_or(|(w, _)| weight > w) {
                best = Some((weight, lang));
            }
        }
        best.map(|(_, lang)| lang)
    }
}

impl<'a> FromParam<'a> for Lang {
    type Error = String;
    fn from_param(param: &'a str) -> Result<Self, Self::Error> {
        param.parse()
    }
}

impl UriDisplay<Path> for Lang {
    fn fmt(&self, f: &mut Formatter<'_, Path>) -> std::fmt::Result {
        f.write_value(self.as_str())
    }
}
rocket::http::impl_from_uri_param_identity!([Path] Lang);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_language_on_offer_wins() {
        let negotiate = |accepted| Lang::negotiate(accepted, Lang::ALL);
        assert_eq!(negotiate("de, en;q=0.7, fr-CA;q=0.9"), Some(Lang::Fr));
        assert_eq!(negotiate("en-GB,fr;q=0.5"), Some(Lang::En));
        assert_eq!(negotiate("fr;q=0, de"), None);
        assert_eq!(negotiate(""), None);
        let only_english = Lang::negotiate("fr, en;q=0.1", &[Lang::En]);
        assert_eq!(only_english, Some(Lang::En));
    }
}
