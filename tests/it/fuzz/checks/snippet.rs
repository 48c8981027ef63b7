//! Words are cut, written into an index and marked by one reading of a text.

use std::sync::LazyLock;

use guichet::platform::search::Language;
use guichet::platform::search::analysis::{indexed_as, indexed_by_prefix, prefix_term, register};
use guichet::platform::search::snippet::Highlighter;
use guichet::platform::search::synonyms::Synonyms;
use guichet::platform::search::terms::Form;
use guichet::platform::search::user_query::{Limits, UserQuery};
use guichet::platform::search::words::{chunks, fold};
use tantivy::Index;
use tantivy::schema::{Field, Schema};

use super::search::{assert_passage, bare, squeezed};

const MOST: usize = 32 * 1024;
const FORMS: [Form; 3] = [
    Form::Stem(Language::Fr),
    Form::Stem(Language::En),
    Form::Exact,
];

/// The first line is typed, the rest is a text in which it is looked for. The first byte says how
/// long an excerpt may be.
pub fn check(data: &[u8]) {
    let (length, rest) = data.split_first().unwrap_or((&0, &[]));
    let input = super::text(rest, MOST);
    let (typed, text) = super::first_line(&input);
    check_words(text);
    check_query(typed);
    check_analysis(text);
    check_marks(typed, text, usize::from(*length));
}

fn check_words(text: &str) {
    let mut last = 0;
    for chunk in chunks(text) {
        assert!(chunk.span.start >= last && !text[chunk.span.clone()].is_empty());
        last = chunk.span.start;
        assert!(!chunk.parts.is_empty());
        for part in &chunk.parts {
            assert!(part.start >= last && part.end <= chunk.span.end && part.len() <= 60);
            assert!(!text[part.clone()].is_empty());
            last = part.end;
        }
        last = chunk.span.end;
    }
    let folded = fold(text);
    assert_eq!(fold(&folded), folded, "{text:?}");
}

fn check_query(typed: &str) {
    for (limits, characters, words) in [(Limits::TYPED, 200, 16), (Limits::MESSAGE, 600, 32)] {
        let query = UserQuery::parse(typed, limits);
        assert!(typed.starts_with(&query.text) && query.text.chars().count() <= characters);
        assert!(query.words.len() <= words);
        let mut position = 0;
        for word in &query.words {
            assert_eq!(&query.text[word.span.clone()], word.shown);
            assert_eq!(word.position, position);
            position += word.parts.len();
            assert!(!word.lower().is_empty());
        }
        for language in Language::ALL {
            let content = query.content(language);
            assert_eq!(content.is_empty(), query.words.is_empty());
        }
    }
    let synonyms = Synonyms::parse(typed, Language::Fr);
    let query = UserQuery::parse(typed, Limits::TYPED);
    let keys = query
        .words
        .iter()
        .map(|word| Synonyms::key(word.lower(), Language::Fr));
    let keys: Vec<String> = keys.collect();
    if let Some((length, _)) = synonyms.at_start_of(&keys) {
        assert!((1..=keys.len()).contains(&length));
    }
}

static INDEX: LazyLock<(Index, [Field; 3], Field)> = LazyLock::new(|| {
    let mut schema = Schema::builder();
    let fields =
        [0, 1, 2].map(|at| schema.add_text_field(&format!("f{at}"), indexed_as(FORMS[at])));
    let beginnings = schema.add_text_field("beginnings", indexed_by_prefix());
    let index = Index::create_in_ram(schema.build());
    register(&index);
    (index, fields, beginnings)
});

/// Whatever stands in a text is found by it: the index holds each term that a query would look up.
fn check_analysis(text: &str) {
    let (index, fields, beginnings) = &*INDEX;
    for (form, field) in FORMS.into_iter().zip(fields) {
        let tokens = tokens(index, *field, text);
        for chunk in chunks(text) {
            let words = chunk
                .parts
                .iter()
                .map(|part| text[part.clone()].to_lowercase());
            for word in words.chain(chunk.joined.clone()) {
                for term in form.terms(&word) {
                    assert!(tokens.contains(&term), "{term:?} of {word:?} in {text:?}");
                }
            }
        }
    }
    let tokens = tokens(index, *beginnings, text);
    for chunk in chunks(text).iter().take(50) {
        for part in &chunk.parts {
            if let Some(term) = prefix_term(&fold(&text[part.clone()].to_lowercase())) {
                assert!(tokens.contains(&term), "{term:?} in {text:?}");
            }
        }
    }
}

/// The terms of a text, in order of their words.
fn tokens(index: &Index, field: Field, text: &str) -> std::collections::HashSet<String> {
    let mut analyser = index.tokenizer_for_field(field).expect("it was registered");
    let mut stream = analyser.token_stream(text);
    let (mut found, mut position) = (std::collections::HashSet::new(), 0);
    while stream.advance() {
        let token = stream.token();
        assert!(token.position >= position, "{token:?} in {text:?}");
        position = token.position;
        assert!(!text[token.offset_from..token.offset_to].is_empty());
        found.insert(token.text.clone());
    }
    found
}

fn check_marks(typed: &str, text: &str, length: usize) {
    let query = UserQuery::parse(typed, Limits::TYPED);
    let mut highlighter = Highlighter::default();
    for (number, word) in query.words.iter().enumerate() {
        highlighter.mark(word.lower(), number, 1 + number % 4);
    }
    if let Some(word) = query.words.last() {
        highlighter.mark_beginning(&fold(word.lower()));
    }
    let whole = highlighter.whole(text);
    assert_eq!(bare(&whole), squeezed(text));
    assert_eq!(
        highlighter.answers(text),
        whole.iter().any(|part| part.marked)
    );
    let passage = highlighter.passage(text, length);
    assert_passage(&passage, &[text]);
    let shown: usize = passage.iter().map(|part| part.text.chars().count()).sum();
    assert!(shown <= length + 1 + 4, "{shown} of {length}: {passage:?}");
    // Each word that was typed is marked where it stands.
    for word in &query.words {
        assert!(highlighter.answers(&word.shown), "{word:?}");
    }
}
