//! From words to concepts: compounds, expressions with synonyms, unfinished and mistyped words.

use tantivy::Searcher;
use tantivy::collector::Count;
use tantivy::query::{BooleanQuery, Occur, Query};

use super::alternatives::{Alternative, best_of, vocabulary};
use super::compile::{Correction, FieldPlan};
use super::index::SearchError;
use super::language::Language;
use super::spelling::{Candidate, beginning_with, near, tolerated_mistakes};
use super::synonyms::Synonyms;
use super::user_query::{TypedWord, UserQuery};
use super::words::fold;

const SYNONYM: f32 = 0.6;
const COMPLETION: f32 = 0.7;
const CORRECTION: f32 = 0.5;
const SPLIT_COMPOUND: f32 = 0.9;

const MOST_COMPLETIONS: usize = 12;
const MOST_CORRECTIONS: usize = 3;
/// Candidates of the vocabulary that are checked for being visible.
const MOST_CHECKED: usize = 40;
/// Two words are tried as one (`e mail`, `wi fi`) when one of them is this short.
const FRAGMENT: usize = 3;

/// One thing that a query asks about.
pub(super) struct Concept {
    pub shown: Vec<String>,
    pub alternatives: Vec<Alternative>,
    /// Visible documents that answer it.
    pub documents: usize,
}

/// Reads a query against what one person can see of an index.
pub(super) struct Reader<'a> {
    pub searcher: &'a Searcher,
    pub plan: &'a FieldPlan,
    pub filter: &'a dyn Query,
    pub language: Language,
    pub synonyms: &'a Synonyms,
    pub corrections: Vec<Correction>,
}

impl Reader<'_> {
    pub fn concepts(&mut self, query: &UserQuery) -> Result<Vec<Concept>, SearchError> {
        let words = query.content(self.language);
        let keys: Vec<_> = words
            .iter()
            .map(|word| Synonyms::key(word.lower(), self.language))
            .collect();
        let mut concepts = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let open = query.open && query.words.last() == words.last().copied();
            let (length, concept) =
                if let Some((length, others)) = self.synonyms.at_start_of(&keys[at..]) {
                    (length, self.expression(&words[at..at + length], &others)?)
                } else if let Some(concept) = self.fragments(&words[at..])? {
                    (2, concept)
                } else {
                    (1, self.word(words[at], open && at + 1 == words.len())?)
                };
            concepts.push(concept);
            at += length;
        }
        Ok(concepts)
    }

    /// An expression of the synonym files.
    fn expression(
        &self,
        words: &[&TypedWord],
        others: &[&[String]],
    ) -> Result<Concept, SearchError> {
        let mut alternatives = match words {
            [word] => typed(word),
            _ => vec![Alternative::all_of(
                words.iter().map(|word| word.lower().to_owned()).collect(),
            )],
        };
        alternatives.extend(others.iter().map(|other| match other {
            [word] => Alternative::word(word, SYNONYM),
            words => Alternative::expression(words, SYNONYM),
        }));
        self.concept(words, alternatives)
    }

    /// Two words that the index knows as one.
    fn fragments(&self, words: &[&TypedWord]) -> Result<Option<Concept>, SearchError> {
        let [first, second, ..] = words else {
            return Ok(None);
        };
        let (one, two) = (first.lower(), second.lower());
        let neighbours = first.position + first.parts.len() == second.position;
        let short = |word: &str| word.chars().count() <= FRAGMENT;
        if !neighbours || !(short(one) || short(two)) {
            return Ok(None);
        }
        let both = [one.to_owned(), two.to_owned()];
        let alternatives = vec![
            Alternative::word(&both.concat(), 1.0),
            Alternative::expression(&both, 1.0),
        ];
        if self.documents(&alternatives[..1])? == 0 {
            return Ok(None);
        }
        self.concept(&words[..2], alternatives).map(Some)
    }

    /// A single word: as typed if anything visible has it, else completed, else corrected.
    fn word(&mut self, word: &TypedWord, open: bool) -> Result<Concept, SearchError> {
        let concept = self.concept(&[word], typed(word))?;
        if concept.documents > 0 {
            return Ok(concept);
        }
        let folded = fold(word.lower());
        if open && folded.chars().count() >= 2 {
            let completions = beginning_with(self.searcher, &vocabulary(self.plan), &folded)?;
            let visible = self.visible(completions, MOST_COMPLETIONS)?;
            if !visible.is_empty() {
                return self.concept(&[word], alternatives(&visible, COMPLETION));
            }
        }
        for mistakes in tolerated_mistakes(&folded) {
            let near = near(self.searcher, &vocabulary(self.plan), &folded, mistakes)?;
            let visible = self.visible(near, MOST_CORRECTIONS)?;
            if let Some(best) = visible.first() {
                self.corrections.push(Correction {
                    typed: word.span.clone(),
                    word: best.word.clone(),
                });
                return self.concept(&[word], alternatives(&visible, CORRECTION));
            }
        }
        Ok(concept)
    }

    /// The first candidates that occur in a document the person may see: nothing is learnt of others.
    fn visible(
        &self,
        candidates: Vec<Candidate>,
        most: usize,
    ) -> Result<Vec<Candidate>, SearchError> {
        let mut visible = Vec::new();
        for candidate in candidates.into_iter().take(MOST_CHECKED) {
            if visible.len() < most
                && self.documents(&[Alternative::word(&candidate.word, 1.0)])? > 0
            {
                visible.push(candidate);
            }
        }
        Ok(visible)
    }

    fn concept(
        &self,
        words: &[&TypedWord],
        alternatives: Vec<Alternative>,
    ) -> Result<Concept, SearchError> {
        let documents = self.documents(&alternatives)?;
        let shown = words.iter().map(|word| word.shown.clone()).collect();
        Ok(Concept {
            shown,
            alternatives,
            documents,
        })
    }

    fn documents(&self, alternatives: &[Alternative]) -> Result<usize, SearchError> {
        let mut any = Vec::new();
        for alternative in alternatives {
            any.push(alternative.matching(self.searcher, self.plan)?);
        }
        let query = BooleanQuery::new(vec![
            (Occur::Must, best_of(any)),
            (Occur::Must, self.filter.box_clone()),
        ]);
        Ok(self.searcher.search(&query, &Count)?)
    }
}

fn typed(word: &TypedWord) -> Vec<Alternative> {
    let mut alternatives = vec![Alternative::word(word.lower(), 1.0)];
    if word.parts.len() > 1 {
        alternatives.push(Alternative::expression(&word.parts, SPLIT_COMPOUND));
    }
    alternatives
}

/// Spelled words, the first being the likeliest.
fn alternatives(candidates: &[Candidate], weight: f32) -> Vec<Alternative> {
    let words = candidates.iter().enumerate();
    words
        .map(|(rank, candidate)| {
            let weight = if rank == 0 { weight } else { weight * 0.8 };
            Alternative::word(&candidate.word, weight)
        })
        .collect()
}
