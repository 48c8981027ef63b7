//! The ways in which one word becomes index terms.

use super::language::Language;
use super::words::fold;

/// How a field's words are written in the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Stemmed in a language, without its stop words.
    Stem(Language),
    /// Folded only: keeps stop words, codes and endings.
    Exact,
}

impl Form {
    /// The terms to look up for one lower-case word; none when the field leaves the word out.
    #[must_use]
    pub fn terms(self, lower: &str) -> Vec<String> {
        match self {
            Self::Exact => vec![fold(lower)],
            Self::Stem(language) if language.is_stop_word(&fold(lower)) => Vec::new(),
            Self::Stem(language) => language.stems(lower).iter().map(str::to_owned).collect(),
        }
    }

    /// The one term that stands for the word in a phrase: it is indexed however the word is accented.
    #[must_use]
    pub fn phrase_term(self, lower: &str) -> Option<String> {
        self.terms(lower).into_iter().next()
    }
}
