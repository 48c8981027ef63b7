//! What a person typed, as words. There is no query syntax: every character is data.

use super::language::Language;
use super::words::{chunks, fold};

/// How much of a text is read.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Characters.
    pub characters: usize,
    /// Words; a compound is one.
    pub words: usize,
}

impl Limits {
    /// For a search box.
    pub const TYPED: Self = Self {
        characters: 200,
        words: 16,
    };
    /// For the subject or first lines of a message.
    pub const MESSAGE: Self = Self {
        characters: 600,
        words: 32,
    };
}

/// One word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedWord {
    /// As typed, for messages.
    pub shown: String,
    /// Lower-case parts; one for a plain word.
    pub parts: Vec<String>,
    /// The compound as one lower-case word.
    pub joined: Option<String>,
    /// Position of the first part among all parts.
    pub position: usize,
    /// Bytes in [`UserQuery::text`].
    pub span: std::ops::Range<usize>,
}

impl TypedWord {
    /// The lower-case word, compounds written as one.
    #[must_use]
    pub fn lower(&self) -> &str {
        match (&self.joined, self.parts.first()) {
            (Some(joined), _) => joined,
            (None, Some(part)) => part,
            (None, None) => "",
        }
    }
}

/// A query of limited length.
#[derive(Debug, Clone)]
pub struct UserQuery {
    /// The part of the text that was read.
    pub text: String,
    /// Its words in order.
    pub words: Vec<TypedWord>,
    /// Whether the last word may still be growing: nothing follows it.
    pub open: bool,
}

impl UserQuery {
    /// Reads the beginning of a text; never fails.
    #[must_use]
    pub fn parse(text: &str, limits: Limits) -> Self {
        let text: String = text.chars().take(limits.characters).collect();
        let mut position = 0;
        let mut words = Vec::new();
        for chunk in chunks(&text).into_iter().take(limits.words) {
            words.push(TypedWord {
                shown: text[chunk.span.clone()].to_owned(),
                parts: chunk
                    .parts
                    .iter()
                    .map(|part| text[part.clone()].to_lowercase())
                    .collect(),
                joined: chunk.joined,
                position,
                span: chunk.span,
            });
            position += chunk.parts.len();
        }
        let open = words.last().is_some_and(|word| word.span.end == text.len());
        Self { text, words, open }
    }

    /// The words that say what is looked for; all of them when they are nothing but stop words.
    ///
    /// The stop words of the other language are left out when the query is plainly written in it.
    #[must_use]
    pub fn content(&self, language: Language) -> Vec<&TypedWord> {
        let written_in = self.written_in(language);
        let content: Vec<_> = self
            .words
            .iter()
            .filter(|word| !is_stop(word, written_in))
            .collect();
        if content.is_empty() {
            self.words.iter().collect()
        } else {
            content
        }
    }

    /// The language whose stop words are the more numerous; `language` when that does not decide.
    #[must_use]
    pub fn written_in(&self, language: Language) -> Language {
        let count = |candidate| {
            self.words
                .iter()
                .filter(|word| is_stop(word, candidate))
                .count()
        };
        Language::ALL
            .into_iter()
            .find(|&other| other != language && count(other) > count(language))
            .unwrap_or(language)
    }
}

fn is_stop(word: &TypedWord, language: Language) -> bool {
    let signed = word.parts.len() == 1 && word.joined.is_some();
    !signed
        && word
            .parts
            .iter()
            .all(|part| language.is_stop_word(&fold(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(text: &str, language: Language) -> Vec<String> {
        let query = UserQuery::parse(text, Limits::TYPED);
        query
            .content(language)
            .into_iter()
            .map(|word| word.shown.clone())
            .collect()
    }

    #[test]
    fn questions_are_reduced_to_what_they_ask_about() {
        assert_eq!(
            content("Comment puis-je changer d'adresse ?", Language::Fr),
            ["changer", "adresse"]
        );
        assert_eq!(
            content("How do I change my address?", Language::Fr),
            ["change", "address"]
        );
        assert_eq!(content("à la", Language::Fr), ["à", "la"]);
        assert_eq!(content("t# s++", Language::Fr), ["t#", "s++"]);
    }

    #[test]
    fn length_is_limited() {
        let long = "mot ".repeat(500);
        assert_eq!(UserQuery::parse(&long, Limits::TYPED).words.len(), 16);
        let wide = "é".repeat(5_000);
        assert_eq!(
            UserQuery::parse(&wide, Limits::TYPED).text.chars().count(),
            200
        );
    }

    #[test]
    fn the_last_word_is_open_until_something_follows() {
        assert!(UserQuery::parse("mot de pas", Limits::TYPED).open);
        assert!(!UserQuery::parse("mot de pas ", Limits::TYPED).open);
        assert!(!UserQuery::parse("", Limits::TYPED).open);
    }
}
