//! Tantivy analysers built on [`super::words`] and [`super::language`].

use tantivy::Index;
use tantivy::schema::{IndexRecordOption, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer};

use super::language::Language;
use super::terms::Form;
use super::words::{chunks, fold};

/// To be raised with every change in how words become terms: older indexes are then set aside.
pub const ANALYSER_VERSION: u32 = 1;

/// Shortest and longest beginnings of a word, in characters, that the prefix analyser indexes.
pub const PREFIX_LENGTHS: std::ops::RangeInclusive<usize> = 2..=15;

const EXACT: &str = "guichet_exact";
const PREFIX: &str = "guichet_prefix";

fn analyser_name(form: Form) -> &'static str {
    match form {
        Form::Stem(Language::Fr) => "guichet_stem_fr",
        Form::Stem(Language::En) => "guichet_stem_en",
        Form::Exact => EXACT,
    }
}

/// Options of a field searched in this form, with positions for phrases.
#[must_use]
pub fn indexed_as(form: Form) -> TextOptions {
    options(
        analyser_name(form),
        IndexRecordOption::WithFreqsAndPositions,
    )
}

/// Options of a field searched by the beginnings of its words.
#[must_use]
pub fn indexed_by_prefix() -> TextOptions {
    options(PREFIX, IndexRecordOption::WithFreqs)
}

fn options(analyser: &str, record: IndexRecordOption) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(analyser)
            .set_index_option(record),
    )
}

/// Makes the analysers known to an index. They are not stored in it: needed after every open.
pub fn register(index: &Index) {
    for form in [
        Form::Stem(Language::Fr),
        Form::Stem(Language::En),
        Form::Exact,
    ] {
        let tokenizer = WordTokenizer {
            emit: Emit::Whole(form),
        };
        index
            .tokenizers()
            .register(analyser_name(form), TextAnalyzer::from(tokenizer));
    }
    let tokenizer = WordTokenizer {
        emit: Emit::Beginnings,
    };
    index
        .tokenizers()
        .register(PREFIX, TextAnalyzer::from(tokenizer));
}

/// The beginning of a folded word under which the prefix analyser filed it; none when too short.
#[must_use]
pub fn prefix_term(folded: &str) -> Option<String> {
    let beginning: String = folded.chars().take(*PREFIX_LENGTHS.end()).collect();
    (beginning.chars().count() >= *PREFIX_LENGTHS.start()).then_some(beginning)
}

#[derive(Clone, Copy)]
enum Emit {
    Whole(Form),
    Beginnings,
}

impl Emit {
    fn terms(self, word: &str) -> Vec<String> {
        let lower = word.to_lowercase();
        match self {
            Self::Whole(form) => form.terms(&lower),
            Self::Beginnings => {
                let folded = fold(&lower);
                let ends = folded.char_indices().map(|(at, c)| at + c.len_utf8());
                ends.take(*PREFIX_LENGTHS.end())
                    .skip(PREFIX_LENGTHS.start() - 1)
                    .map(|end| folded[..end].to_owned())
                    .collect()
            }
        }
    }
}

#[derive(Clone)]
struct WordTokenizer {
    emit: Emit,
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = Tokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens {
        let mut tokens = Vec::new();
        let mut position = 0;
        for chunk in chunks(text) {
            if let Some(joined) = &chunk.joined {
                let whole = (chunk.span.clone(), position);
                tokens.extend(self.tokens(joined, whole.0, whole.1));
            }
            for part in chunk.parts {
                tokens.extend(self.tokens(&text[part.clone()], part, position));
                position += 1;
            }
        }
        Tokens {
            rest: tokens.into_iter(),
            current: Token::default(),
        }
    }
}

impl WordTokenizer {
    fn tokens(
        &self,
        word: &str,
        span: std::ops::Range<usize>,
        position: usize,
    ) -> impl Iterator<Item = Token> {
        self.emit.terms(word).into_iter().map(move |text| Token {
            offset_from: span.start,
            offset_to: span.end,
            position,
            text,
            position_length: 1,
        })
    }
}

struct Tokens {
    rest: std::vec::IntoIter<Token>,
    current: Token,
}

impl TokenStream for Tokens {
    fn advance(&mut self) -> bool {
        self.rest.next().map(|token| self.current = token).is_some()
    }

    fn token(&self) -> &Token {
        &self.current
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.current
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn analyse(emit: Emit, text: &str) -> Vec<(usize, String)> {
        let mut tokenizer = WordTokenizer { emit };
        let mut stream = tokenizer.token_stream(text);
        let mut found = Vec::new();
        while stream.advance() {
            found.push((stream.token().position, stream.token().text.clone()));
        }
        found
    }

    #[test]
    fn both_terms_of_an_accented_word_stand_at_one_position() {
        let tokens = analyse(Emit::Whole(Form::Stem(Language::Fr)), "L'alerte affichée");
        let positions: Vec<_> = tokens.iter().map(|(position, _)| *position).collect();
        assert_eq!(positions, [1, 2, 2], "{tokens:?}");
    }

    #[test]
    fn stop_words_stay_in_the_exact_form() {
        let tokens = analyse(Emit::Whole(Form::Exact), "À la carte");
        assert_eq!(
            tokens,
            [(0, "a".into()), (1, "la".into()), (2, "carte".into())]
        );
        assert_eq!(
            analyse(Emit::Whole(Form::Stem(Language::Fr)), "À la carte").len(),
            1
        );
    }

    #[test]
    fn beginnings_are_cut_between_characters() {
        let tokens = analyse(Emit::Beginnings, "Écran");
        let terms: Vec<_> = tokens.into_iter().map(|(_, text)| text).collect();
        assert_eq!(terms, ["ec", "ecr", "ecra", "ecran"]);
        assert_eq!(prefix_term("e"), None);
        assert_eq!(
            prefix_term("anticonstitutionnel").as_deref(),
            Some("anticonstitutio")
        );
    }
}
