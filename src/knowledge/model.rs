//! Articles, sections, audiences: types and pure rules.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::accounts::Person;
use crate::platform::db::Timestamp;
use crate::platform::i18n::Lang;
use crate::platform::text::slug;
use crate::schema::{articles, sections};

/// Name of the article index in the list of changes.
pub const INDEX: &str = "articles";

/// Section of files that lie directly in the folder of a language.
pub const GENERAL: &str = "general";

crate::id_type! {
    /// Key of an article in one language.
    ArticleId
}

crate::text_enum! {
    /// Who may read an article, and what a reader is. Each includes the ones before it: agents
    /// read everything, customers also what is public.
    Audience {
        /// Everybody.
        Public = "public",
        /// Whoever is signed in.
        Customers = "customers",
        /// Agents and managers.
        Internal = "internal",
    }
}

impl Audience {
    /// What a visitor is, by their account.
    #[must_use]
    pub fn of(person: Option<&Person>) -> Self {
        match person {
            None => Self::Public,
            Some(person) if person.role.is_agent() => Self::Internal,
            Some(_) => Self::Customers,
        }
    }

    /// The audiences whose articles this reader may read.
    #[must_use]
    pub fn readable(self) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|a| *a <= self).collect()
    }

    /// The readers who may read an article of this audience.
    #[must_use]
    pub fn readers(self) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|a| *a >= self).collect()
    }

    /// Whether this reader may read an article of `audience`.
    #[must_use]
    pub fn may_read(self, audience: Self) -> bool {
        audience <= self
    }
}

/// A section of one language.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = sections)]
pub struct Section {
    /// Its language.
    pub language: Lang,
    /// Name of its folder, and its place in addresses.
    pub key: String,
    /// Title.
    pub title: String,
    /// A sentence.
    pub summary: String,
    /// Name of its icon.
    pub icon: String,
    /// Place among the sections, lowest first.
    pub position: i32,
}

/// A heading of an article, as stored for its table of contents.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct StoredHeading {
    /// 2 to 6.
    pub level: u8,
    /// Anchor.
    pub id: String,
    /// Words.
    pub text: String,
}

/// An article with everything that its page shows.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = articles)]
pub struct Article {
    /// Key.
    pub id: ArticleId,
    /// Its language.
    pub language: Lang,
    /// Last part of its address.
    pub slug: String,
    /// Key of its section.
    pub section: String,
    /// Title.
    pub title: String,
    /// A sentence or two.
    pub summary: String,
    /// Who may read it.
    pub audience: Audience,
    /// JSON list of tags.
    tags: String,
    /// JSON list of [`StoredHeading`].
    headings: String,
    /// ISO date by which it is to be read again.
    review_on: Option<String>,
    /// Shared by the versions of one article in several languages.
    pub translation: Option<String>,
    /// File, below the folder of the articles.
    pub path: String,
    /// Rendered text, sanitised again before it is shown.
    pub html: String,
    /// Words of the text.
    pub words: i32,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Article {
    /// Its tags.
    #[must_use]
    pub fn tags(&self) -> Vec<String> {
        json_list(&self.tags)
    }

    /// Its headings.
    #[must_use]
    pub fn headings(&self) -> Vec<StoredHeading> {
        json_list(&self.headings)
    }

    /// When it is to be read again.
    #[must_use]
    pub fn review(&self) -> Option<NaiveDate> {
        self.review_on.as_deref()?.parse().ok()
    }
}

/// What lists show of an article.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = articles)]
pub struct ArticleSummary {
    /// Key.
    pub id: ArticleId,
    /// Its language.
    pub language: Lang,
    /// Last part of its address.
    pub slug: String,
    /// Key of its section.
    pub section: String,
    /// Title.
    pub title: String,
    /// A sentence or two.
    pub summary: String,
    /// JSON list of tags.
    tags: String,
    /// Words of the text.
    pub words: i32,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl ArticleSummary {
    /// Its tags.
    #[must_use]
    pub fn tags(&self) -> Vec<String> {
        json_list(&self.tags)
    }

    /// Its address in its own language.
    #[must_use]
    pub fn href(&self) -> String {
        article_path(self.language, &self.slug)
    }
}

/// Address of an article.
#[must_use]
pub fn article_path(lang: Lang, slug: &str) -> String {
    format!("/{lang}/articles/{slug}")
}

/// Address of a section.
#[must_use]
pub fn section_path(lang: Lang, key: &str) -> String {
    format!("/{lang}/sections/{key}")
}

/// Longest slug, in bytes. Addresses of imported articles are kept whatever their length within
/// this.
const SLUG_BYTES: usize = 200;

/// Whether a text can be the last part of an article's address: ASCII letters, digits, hyphens,
/// underscores and inner dots.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    (1..=SLUG_BYTES).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        && !text.starts_with('.')
        && !text.ends_with('.')
}

/// The key of a section by the name of its folder, fit for an address.
#[must_use]
pub fn section_key(folder: &str) -> String {
    let key = if is_slug(folder) {
        folder.to_owned()
    } else {
        slug(folder)
    };
    if key.is_empty() {
        GENERAL.to_owned()
    } else {
        key
    }
}

/// A list that this slice wrote; anything else counts as empty, as it is only shown.
pub(super) fn json_list<T: serde::de::DeserializeOwned>(text: &str) -> Vec<T> {
    serde_json::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reader_sees_what_the_ones_before_see() {
        assert_eq!(Audience::Public.readable(), [Audience::Public]);
        assert_eq!(Audience::Internal.readable(), Audience::ALL);
        assert_eq!(Audience::Internal.readers(), [Audience::Internal]);
        for &reader in Audience::ALL {
            for &audience in Audience::ALL {
                let may = reader.may_read(audience);
                assert_eq!(may, reader.readable().contains(&audience));
                assert_eq!(may, audience.readers().contains(&reader));
            }
        }
    }

    #[test]
    fn folders_become_keys_of_sections() {
        assert_eq!(section_key("internet"), "internet");
        assert_eq!(section_key("Comptes et accès"), "comptes-et-acces");
        assert_eq!(section_key("…"), GENERAL);
    }

    #[test]
    fn slugs() {
        for good in ["a", "reset-your-passcode", "Foo_Bar.2"] {
            assert!(is_slug(good), "{good}");
        }
        let long = "a".repeat(201);
        for bad in [
            "", ".", "..", ".env", "a/b", "a b", "é", "a%2e", "x.", &long,
        ] {
            assert!(!is_slug(bad), "{bad}");
        }
    }
}
