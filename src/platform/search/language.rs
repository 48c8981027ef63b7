//! The languages that search can analyse: their stems and their stop words.

use std::collections::HashSet;
use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};

use super::words::fold;

/// A language with its own analysis. Texts in any other language still match unstemmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// French.
    Fr,
    /// English.
    En,
}

static FRENCH_STOP_WORDS: LazyLock<HashSet<String>> =
    LazyLock::new(|| stop_words(include_str!("stop_words/fr.txt")));
static ENGLISH_STOP_WORDS: LazyLock<HashSet<String>> =
    LazyLock::new(|| stop_words(include_str!("stop_words/en.txt")));

fn stop_words(list: &str) -> HashSet<String> {
    list.split_whitespace().map(fold).collect()
}

impl Language {
    /// All languages, in the order of their index codes.
    pub const ALL: [Self; 2] = [Self::Fr, Self::En];

    /// The language of a tag such as `fr`, `fr-CA` or `en_GB`; none for another language.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
            "fr" => Some(Self::Fr),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The two-letter tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// Whether a folded word says too little to search for.
    #[must_use]
    pub fn is_stop_word(self, folded: &str) -> bool {
        match self {
            Self::Fr => FRENCH_STOP_WORDS.contains(folded),
            Self::En => ENGLISH_STOP_WORDS.contains(folded),
        }
    }

    /// The index terms of one lower-case word: the stem of the folded word and, when it differs, the
    /// folded stem of the word with its accents.
    ///
    /// Stemming first groups accented forms better; folding first is the only order that a word typed
    /// without accents can follow. With both in index and query either way of typing finds either
    /// way of writing. The first term is in the index for every way of writing the word.
    #[must_use]
    pub fn stems(self, lower: &str) -> Stems {
        let stemmer = Stemmer::new(match self {
            Self::Fr => Algorithm::French,
            Self::En => Algorithm::English,
        });
        let folded = fold(lower);
        let plain = stemmer.stem(&folded).into_owned();
        if lower.is_ascii() {
            return Stems {
                plain,
                accented: None,
            };
        }
        let accented = fold(&stemmer.stem(lower));
        Stems {
            accented: (accented != plain).then_some(accented),
            plain,
        }
    }
}

/// The terms of one word, see [`Language::stems`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stems {
    /// Stem of the folded word.
    pub plain: String,
    /// Folded stem of the accented word, when it is another.
    pub accented: Option<String>,
}

impl Stems {
    /// One or two terms.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.plain.as_str()).chain(self.accented.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_typed_without_accents_shares_a_term_with_the_accented_word() {
        for (written, typed) in [
            ("affichée", "affichee"),
            ("sécurité", "securite"),
            ("réseaux", "reseau"),
        ] {
            let written = Language::Fr.stems(written);
            let typed = Language::Fr.stems(typed);
            assert!(
                typed
                    .iter()
                    .any(|term| written.iter().any(|other| other == term)),
                "{typed:?}"
            );
        }
    }

    #[test]
    fn inflected_forms_share_a_term() {
        assert_eq!(
            Language::Fr.stems("imprimantes"),
            Language::Fr.stems("imprimante")
        );
        assert_eq!(
            Language::En.stems("printing").plain,
            Language::En.stems("printed").plain
        );
    }

    #[test]
    fn elided_articles_and_accented_stop_words_are_stop_words() {
        for word in ["l", "qu", "des", "etes", "comment"] {
            assert!(Language::Fr.is_stop_word(word), "{word}");
        }
        assert!(!Language::Fr.is_stop_word("facture"));
    }

    #[test]
    fn tags_with_regions_are_understood() {
        assert_eq!(Language::from_tag("fr-CA"), Some(Language::Fr));
        assert_eq!(Language::from_tag("en_GB"), Some(Language::En));
        assert_eq!(Language::from_tag("de"), None);
    }
}
