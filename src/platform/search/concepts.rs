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

const COMPLETION: f32 = 0.7;
const CORRECTION: f32 = 0.5;
const SPLIT_COMPOUND: f32 = 0.9;

const MOST_COMPLETIONS: usize = 12;
const MOST_CORRECTIONS: usize = 3;
/// Candidates of the vocabulary that are checked for being visible.
const MOST_CHECKED: usize = 40;
/// In a query of more words, an unknown word is rather noise than twice mistyped.
const SHORT_QUERY: usize = 2;
/// Two words are tried as one (`e mail`, `wi fi`) when one of them is this short.
const FRAGMENT: usize = 3;

/// One thing that a query asks about.
pub(super) struct Concept {
    pub shown: Vec<String>,
    pub alternatives: Vec<Alternative>,
    /// Whether a document answers it.
    pub answers: Box<dyn Query>,
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
        let content = query.content(self.language);
        let mut rest = query.words.as_slice();
        let mut concepts = Vec::new();
        while let [first, after @ ..] = rest {
            if let Some((length, concept)) = self.expression(rest, &content)? {
                concepts.push(concept);
                rest = &rest[length..];
            } else if let Some(concept) = self.fragments(rest)? {
                concepts.push(concept);
                rest = &rest[2..];
            } else {
                if content.contains(&first) {
                    concepts.push(self.word(
                        first,
                        query.open && after.is_empty(),
                        content.len() > SHORT_QUERY,
                    )?);
                }
                rest = after;
            }
        }
        Ok(concepts)
    }

    /// An expression of the synonym files at the start of these words, and how many words it takes.
    fn expression(
        &self,
        rest: &[TypedWord],
        content: &[&TypedWord],
    ) -> Result<Option<(usize, Concept)>, SearchError> {
        let key = |word: &TypedWord| Synonyms::key(word.lower(), self.language);
        let strong: Vec<_> = (0..rest.len())
            .filter(|&at| content.contains(&&rest[at]))
            .collect();
        let all: Vec<_> = rest.iter().map(key).collect();
        let found = self.synonyms.at_start_of(&all).or_else(|| {
            let keys: Vec<_> = strong.iter().map(|&at| key(&rest[at])).collect();
            let (length, others) = self.synonyms.at_start_of(&keys)?;
            (strong[0] == 0).then(|| (strong[length - 1] + 1, others))
        });
        let Some((length, others)) = found else {
            return Ok(None);
        };
        let words: Vec<_> = rest[..length].iter().collect();
        let mut alternatives = match words.as_slice() {
            [word] => typed(word, self.language),
            words => vec![together(words, content)],
        };
        let others = others.iter();
        alternatives.extend(others.map(|words| Alternative::synonym(words, self.language)));
        Ok(Some((length, self.concept(&words, alternatives)?)))
    }

    /// Two words that the index knows as one.
    fn fragments(&self, words: &[TypedWord]) -> Result<Option<Concept>, SearchError> {
        let [first, second, ..] = words else {
            return Ok(None);
        };
        let (one, two) = (first.lower(), second.lower());
        let short = |word: &str| word.chars().count() <= FRAGMENT;
        if !(short(one) || short(two)) {
            return Ok(None);
        }
        let both = [one.to_owned(), two.to_owned()];
        let alternatives = vec![
            Alternative::word(&both.concat(), 1.0),
            Alternative::expression(&both, 1.0),
        ];
        if !self.occurs(&alternatives[..1])? {
            return Ok(None);
        }
        self.concept(&[first, second], alternatives).map(Some)
    }

    /// A single word: as typed if anything visible has it, else completed, else corrected.
    fn word(&mut self, word: &TypedWord, open: bool, long: bool) -> Result<Concept, SearchError> {
        let concept = self.concept(&[word], typed(word, self.language))?;
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
        for mistakes in tolerated_mistakes(&folded, long) {
            let near = near(self.searcher, &vocabulary(self.plan), &folded, mistakes)?;
            let visible = self.visible(near, MOST_CORRECTIONS)?;
            if !visible.is_empty() {
                let words = visible
                    .iter()
                    .map(|candidate| candidate.word.clone())
                    .collect();
                self.corrections.push(Correction {
                    typed: word.span.clone(),
                    words,
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
            if visible.len() < most && self.occurs(&[Alternative::word(&candidate.word, 1.0)])? {
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
        let answers = self.answers(&alternatives)?;
        let shown = words.iter().map(|word| word.shown.clone()).collect();
        Ok(Concept {
            shown,
            alternatives,
            documents: self.visible_among(&*answers)?,
            answers,
        })
    }

    fn answers(&self, alternatives: &[Alternative]) -> Result<Box<dyn Query>, SearchError> {
        let mut any = Vec::new();
        for alternative in alternatives {
            any.push(alternative.matching(self.searcher, self.plan)?);
        }
        Ok(best_of(any))
    }

    fn visible_among(&self, answers: &dyn Query) -> Result<usize, SearchError> {
        let query = BooleanQuery::new(vec![
            (Occur::Must, answers.box_clone()),
            (Occur::Must, self.filter.box_clone()),
        ]);
        Ok(self.searcher.search(&query, &Count)?)
    }

    fn occurs(&self, alternatives: &[Alternative]) -> Result<bool, SearchError> {
        Ok(self.visible_among(&*self.answers(alternatives)?)? > 0)
    }
}

/// The word as typed; a compound also in its parts side by side, or by its only strong part
/// (*voit-il*, *envoyez-moi*).
fn typed(word: &TypedWord, language: Language) -> Vec<Alternative> {
    let mut alternatives = vec![Alternative::word(word.lower(), 1.0)];
    let strong: Vec<_> = word
        .parts
        .iter()
        .filter(|part| !language.is_stop_word(&fold(part)))
        .collect();
    match strong.as_slice() {
        _ if word.parts.len() < 2 => {}
        [only] if only.chars().count() > 1 => alternatives.push(Alternative::word(only, 1.0)),
        _ => alternatives.push(Alternative::expression(&word.parts, SPLIT_COMPOUND)),
    }
    alternatives
}

/// All the strong words of an expression, or all its words when none is.
fn together(words: &[&TypedWord], content: &[&TypedWord]) -> Alternative {
    let strong: Vec<_> = words.iter().filter(|word| content.contains(word)).collect();
    let words = if strong.is_empty() {
        words.iter().collect()
    } else {
        strong
    };
    Alternative::all_of(
        words
            .into_iter()
            .map(|word| word.lower().to_owned())
            .collect(),
    )
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
