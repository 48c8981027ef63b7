//! Excerpts that show why a document was found.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::language::Language;
use super::words::{Chunk, chunks, fold, opening};
use crate::platform::text::is_no_break;

/// Bytes of a text that are looked at for the best passage.
const MOST_READ: usize = 24_000;
/// Characters shown before the first mark when no sentence begins nearer.
const LEAD: usize = 60;

/// A run of text, marked when it answers the query. Plain text: escape it like any other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnippetPart {
    /// The text.
    pub text: String,
    /// Whether it is what was looked for.
    pub marked: bool,
}

/// Finds the words of a query in a text, by the same terms as the index: accents, endings, synonyms and
/// corrected words included.
#[derive(Debug, Clone, Default)]
pub struct Highlighter {
    exact: HashMap<String, Concept>,
    stems: HashMap<String, Concept>,
    /// First two letters of all that is looked for. Most words of a text begin otherwise, and need no
    /// closer look.
    openings: HashSet<(Option<char>, Option<char>)>,
    /// What a word has to begin with for its stem to be looked for.
    roots: Vec<String>,
    beginnings: Vec<(String, Concept)>,
}

#[derive(Debug, Clone, Copy)]
struct Concept {
    number: usize,
    points: usize,
}

struct Mark {
    span: Range<usize>,
    concept: Concept,
}

impl Highlighter {
    /// Looks for a lower-case word, which belongs to a numbered concept of some weight.
    pub fn mark(&mut self, word: &str, number: usize, points: usize) {
        let concept = Concept { number, points };
        let folded = fold(word);
        for language in Language::ALL {
            if !language.is_stop_word(&folded) {
                for stem in language.stems(word).iter() {
                    for root in roots(stem) {
                        self.openings.insert(opening(&root));
                        self.roots.push(root);
                    }
                    self.stems.entry(stem.to_owned()).or_insert(concept);
                }
            }
        }
        self.openings.insert(opening(&folded));
        self.exact.entry(folded).or_insert(concept);
    }

    /// Looks for words that begin with a folded text.
    pub fn mark_beginning(&mut self, folded: &str) {
        let concept = Concept {
            number: self.beginnings.len(),
            points: 1,
        };
        self.openings.insert(opening(folded));
        self.beginnings.push((folded.to_owned(), concept));
    }

    /// The whole text, marked; for titles.
    #[must_use]
    pub fn whole(&self, text: &str) -> Vec<SnippetPart> {
        parts(text, 0..text.len(), &self.marks(text, &chunks(text)))
    }

    /// Whether anything in the text would be marked.
    #[must_use]
    pub fn answers(&self, text: &str) -> bool {
        !self.marks(text, &chunks(text)).is_empty()
    }

    /// The passage of at most `length` characters that answers most of the query, or the beginning.
    #[must_use]
    pub fn passage(&self, text: &str, length: usize) -> Vec<SnippetPart> {
        let text = read(text);
        let words = chunks(text);
        let marks = self.marks(text, &words);
        self::passage(text, &words, &marks, length)
    }

    /// The passage of at most `length` characters that answers most of the query; none when nothing
    /// in the text would be marked.
    #[must_use]
    pub fn answer(&self, text: &str, length: usize) -> Option<Vec<SnippetPart>> {
        let text = read(text);
        let words = chunks(text);
        let marks = self.marks(text, &words);
        (!marks.is_empty()).then(|| self::passage(text, &words, &marks, length))
    }

    fn marks(&self, text: &str, words: &[Chunk]) -> Vec<Mark> {
        let mut marks = Vec::new();
        for chunk in words {
            if let Some(concept) = chunk
                .joined
                .as_deref()
                .and_then(|joined| self.concept(joined))
            {
                marks.push(Mark {
                    span: chunk.span.clone(),
                    concept,
                });
                continue;
            }
            for part in &chunk.parts {
                if let Some(concept) = self.concept(&text[part.clone()]) {
                    marks.push(Mark {
                        span: part.clone(),
                        concept,
                    });
                }
            }
        }
        marks
    }

    fn concept(&self, word: &str) -> Option<Concept> {
        let (first, second) = opening(word);
        let begins = |opening| self.openings.contains(&opening);
        // What is looked for may be a single letter, or its beginning.
        if !begins((first, second)) && !begins((first, None)) {
            return None;
        }
        let folded = fold(&word.to_lowercase());
        if let Some(concept) = self.exact.get(&folded) {
            return Some(*concept);
        }
        if let Some((_, concept)) = self
            .beginnings
            .iter()
            .find(|(start, _)| folded.starts_with(start))
        {
            return Some(*concept);
        }
        if !self.roots.iter().any(|root| folded.starts_with(root)) {
            return None;
        }
        Language::ALL
            .into_iter()
            .filter(|language| !language.is_stop_word(&folded))
            .find_map(|language| self.stems.get(&language.stems(&folded).plain).copied())
    }
}

/// What the words with this stem begin with: stemming cuts off the end, changes at most two letters of
/// what is left (`chevaux`, `cheval`), and leaves the first two alone, but in English for `lying`,
/// `tying` and their like, which become `lie` and `tie`.
fn roots(stem: &str) -> impl Iterator<Item = String> {
    let letters = stem.chars().count();
    let kept = letters.saturating_sub(2).max(2);
    let root = stem.chars().take(kept).collect();
    let verb = stem.strip_suffix("ie").filter(|_| letters == 3);
    std::iter::once(root).chain(verb.map(|first| format!("{first}ying")))
}

/// What is looked at of a text.
fn read(text: &str) -> &str {
    &text[..text.floor_char_boundary(MOST_READ)]
}

fn passage(text: &str, words: &[Chunk], marks: &[Mark], length: usize) -> Vec<SnippetPart> {
    let start = best_start(text, words, marks, length);
    let end = cut(text, start, words, length);
    let mut found = parts(text, start..end, marks);
    if start > 0 {
        found.insert(
            0,
            SnippetPart {
                text: "… ".into(),
                marked: false,
            },
        );
    }
    if !text[end..].trim().is_empty() {
        found.push(SnippetPart {
            text: " …".into(),
            marked: false,
        });
    }
    found
}

/// Where the passage with the most information begins.
fn best_start(text: &str, words: &[Chunk], marks: &[Mark], length: usize) -> usize {
    let mut best = (0, 0);
    for (number, first) in marks.iter().enumerate() {
        let start = lead_in(text, words, first.span.start);
        let end = cut(text, start, words, length);
        let inside = marks[number..]
            .iter()
            .take_while(|mark| mark.span.end <= end);
        let mut seen = HashSet::new();
        let value: usize = inside
            .map(|mark| {
                if seen.insert(mark.concept.number) {
                    mark.concept.points * 10
                } else {
                    1
                }
            })
            .sum();
        if value > best.0 {
            best = (value, start);
        }
    }
    best.1
}

/// The sentence's beginning when it is near, else some words before.
fn lead_in(text: &str, words: &[Chunk], mark: usize) -> usize {
    let here = words.partition_point(|word| word.span.end <= mark);
    let mut start = words
        .get(here)
        .map_or(mark, |word| word.span.start.min(mark));
    let before = words[..here].iter().rev();
    for word in before {
        let between = &text[word.span.end..start];
        if between.contains(['.', '!', '?', '\n', '…'])
            || text[word.span.start..mark].chars().count() > LEAD
        {
            return start;
        }
        start = word.span.start;
    }
    start
}

/// The end of the last word that fits, with its full stop.
fn cut(text: &str, start: usize, words: &[Chunk], length: usize) -> usize {
    let rest = &text[start..];
    let Some((limit, _)) = rest.char_indices().nth(length) else {
        return text.len();
    };
    let limit = start + limit;
    let first = words.partition_point(|word| word.span.end <= start);
    let fitting = words[first..]
        .iter()
        .take_while(|word| word.span.end <= limit)
        .last();
    let end = fitting.map_or(limit, |word| word.span.end);
    let stop = text[end..]
        .chars()
        .next()
        .filter(|c| matches!(c, '.' | '!' | '?' | ')'));
    end + stop.map_or(0, char::len_utf8)
}

fn parts(text: &str, span: Range<usize>, marks: &[Mark]) -> Vec<SnippetPart> {
    let mut found = Vec::new();
    let mut at = span.start;
    for mark in marks {
        if mark.span.start < at || mark.span.end > span.end {
            continue;
        }
        push(&mut found, &text[at..mark.span.start], false);
        push(&mut found, &text[mark.span.clone()], true);
        at = mark.span.end;
    }
    push(&mut found, &text[at..span.end], false);
    found
}

/// Adds a run with its white space made plain; what holds words together stays.
fn push(found: &mut Vec<SnippetPart>, text: &str, marked: bool) {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        let c = if (c.is_whitespace() && !is_no_break(c)) || c.is_control() {
            ' '
        } else {
            c
        };
        if !(c == ' ' && plain.ends_with(' ')) {
            plain.push(c);
        }
    }
    if !plain.is_empty() {
        found.push(SnippetPart {
            text: plain,
            marked,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(parts: &[SnippetPart]) -> String {
        parts
            .iter()
            .map(|part| {
                if part.marked {
                    format!("[{}]", part.text)
                } else {
                    part.text.clone()
                }
            })
            .collect()
    }

    fn looking_for(words: &[&str]) -> Highlighter {
        let mut highlighter = Highlighter::default();
        for (number, word) in words.iter().enumerate() {
            highlighter.mark(word, number, 3);
        }
        highlighter
    }

    #[test]
    fn accents_endings_and_compounds_are_marked() {
        let highlighter = looking_for(&["securite", "imprimante", "email", "or48213"]);
        assert_eq!(
            shown(&highlighter.whole("Sécurité des imprimantes : l'e-mail OR-48213 <b>")),
            "[Sécurité] des [imprimantes] : l'[e-mail] [OR-48213] <b>"
        );
    }

    #[test]
    fn the_passage_is_where_most_words_stand_together() {
        let filler = "Rien à voir avec le sujet ici. ".repeat(20);
        let text = format!(
            "Une imprimante.\n{filler}Le pilote de l'imprimante se met à jour seul. {filler}"
        );
        let passage = shown(&looking_for(&["imprimante", "pilote"]).passage(&text, 60));
        assert!(
            passage.starts_with("… Le [pilote] de l'[imprimante]"),
            "{passage}"
        );
        assert!(passage.ends_with(" …"), "{passage}");
    }

    #[test]
    fn no_break_spaces_part_words_and_stay() {
        let highlighter = looking_for(&["fibre", "verifier"]);
        assert_eq!(
            shown(&highlighter.whole("Fibre\u{a0}: que vérifier\u{202f}?")),
            "[Fibre]\u{a0}: que [vérifier]\u{202f}?"
        );
    }

    #[test]
    fn one_letter_begins_many_words() {
        let mut highlighter = Highlighter::default();
        highlighter.mark_beginning("f");
        assert_eq!(
            shown(&highlighter.whole("La fibre, l'été, FIN")),
            "La [fibre], l'été, [FIN]"
        );
        assert_eq!(
            shown(&looking_for(&["œuvre", "a"]).whole("Œuvres à part")),
            "[Œuvres] [à] part"
        );
    }

    #[test]
    fn without_a_mark_the_beginning_is_shown() {
        assert_eq!(
            shown(&looking_for(&["absent"]).passage("Bonjour à tous. Bienvenue.", 16)),
            "Bonjour à tous. …"
        );
        assert_eq!(shown(&looking_for(&[]).passage("", 10)), "");
    }

    proptest::proptest! {
        #[test]
        fn parts_of_a_whole_text_are_the_text(text in "[a-eé' .-]{0,60}", word in "[a-eé]{1,3}") {
            let joined: String = looking_for(&[&word]).whole(&text).into_iter().map(|part| part.text).collect();
            let plain: String = text.split("  ").filter(|run| !run.is_empty()).collect();
            proptest::prop_assert_eq!(joined.replace(' ', ""), plain.replace(' ', ""));
        }

        #[test]
        fn words_begin_with_the_root_of_their_stem(
            word in "[a-zàâçéèêëîïôùûœ]{1,8}(aux|eux|ence|ences|ité|ies|ied|ying|ings|ization|logies|ivement|issions|eraient|)"
        ) {
            let folded = fold(&word);
            for language in Language::ALL {
                let plain = language.stems(&folded).plain;
                let begins = roots(&plain).any(|root| folded.starts_with(&root));
                proptest::prop_assert!(begins, "{folded}, {plain}");
            }
        }

        #[test]
        fn a_passage_keeps_to_its_length(text in "\\PC{0,400}", word in "\\PC{1,4}") {
            let passage = looking_for(&[&word]).passage(&text, 50);
            let length: usize = passage.iter().map(|part| part.text.chars().count()).sum();
            proptest::prop_assert!(length <= 50 + 1 + 4, "{}", length);
        }
    }
}
