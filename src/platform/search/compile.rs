//! From what a person typed to a Tantivy query.
//!
//! Each concept of the query is scored by its best field and its best wording, and the scores of the
//! concepts are added. Beside the score stands a requirement: a document must answer concepts that
//! together carry most of the query's information (inverse document frequency), so that a natural
//! question finds its article although the article lacks some of the words.

use std::ops::Range;

use tantivy::Searcher;
use tantivy::collector::Count;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, Query};
use tantivy::schema::Field;

use super::alternatives::{best_of, neighbours};
use super::concepts::{Concept, Reader};
use super::index::SearchError;
use super::language::Language;
use super::snippet::Highlighter;
use super::synonyms::Synonyms;
use super::terms::Form;
use super::user_query::UserQuery;
use super::words::fold;

/// Share of the query's information that a document must answer.
const REQUIRED_SHARE: f32 = 0.3;
/// Steps in which a concept's information is counted.
const MOST_POINTS: usize = 4;
/// Factor on the score of words standing side by side as typed.
const PROXIMITY: f32 = 0.5;

/// A field, how its words are written, and how much a match in it is worth.
#[derive(Debug, Clone, Copy)]
pub struct SearchedField {
    /// The field.
    pub field: Field,
    /// How its words become terms.
    pub form: Form,
    /// Factor on its score.
    pub weight: f32,
}

/// The fields that a search looks at. A field that is not named here cannot be matched.
#[derive(Debug, Clone, Default)]
pub struct FieldPlan {
    /// Fields that decide the order.
    pub scored: Vec<SearchedField>,
    /// Few fields that together hold all words: they decide what is found. The [`Form::Exact`] ones
    /// are the vocabulary for completions and corrections.
    pub everything: Vec<SearchedField>,
    /// Fields in which words standing together count more.
    pub phrases: Vec<SearchedField>,
}

/// A word taken for another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Bytes of the typed word in the query text.
    pub typed: Range<usize>,
    /// The folded words that were looked for instead, the likeliest first.
    pub words: Vec<String>,
}

/// A query ready to run.
pub struct Compiled {
    /// What must match, in order of preference: most of the query, then any of it. Empty when no word
    /// of the query occurs in a visible document.
    pub attempts: Vec<Box<dyn Query>>,
    /// Words that no visible document has.
    pub unanswered: Vec<String>,
    /// Words that were taken for others.
    pub corrections: Vec<Correction>,
    /// Marks what was looked for.
    pub highlighter: Highlighter,
}

/// Builds the query for what `filter` lets through.
///
/// # Errors
/// When the index cannot be read.
pub fn compile(
    searcher: &Searcher,
    plan: &FieldPlan,
    filter: &dyn Query,
    query: &UserQuery,
    (language, synonyms): (Language, &Synonyms),
) -> Result<Compiled, SearchError> {
    let mut reader = Reader {
        searcher,
        plan,
        filter,
        language,
        synonyms,
        corrections: Vec::new(),
    };
    let concepts = reader.concepts(query)?;
    let corrections = reader.corrections;
    let visible = searcher.search(filter, &Count)?;
    let (answered, unanswered): (Vec<_>, Vec<_>) = concepts
        .into_iter()
        .partition(|concept| concept.documents > 0);
    let points: Vec<_> = answered
        .iter()
        .map(|concept| points(concept.documents, visible))
        .collect();
    let mut attempts = Vec::new();
    if !answered.is_empty() {
        let score = score(searcher, plan, query, language, &answered)?;
        let total: usize = points.iter().sum();
        let most = (total as f32 * REQUIRED_SHARE).ceil() as usize;
        // Where every concept suffices by itself, none needs counting.
        let each_suffices = points.iter().all(|&points| points >= most);
        let levels = if each_suffices {
            vec![1]
        } else {
            vec![most, 1]
        };
        for required in levels {
            let requirement = requirement(&answered, &points, required);
            attempts.push(Box::new(BooleanQuery::new(vec![
                (Occur::Must, score.box_clone()),
                (Occur::Must, unscored(requirement)),
                (Occur::Must, unscored(filter.box_clone())),
            ])) as Box<dyn Query>);
        }
    }
    Ok(Compiled {
        attempts,
        unanswered: unanswered
            .into_iter()
            .flat_map(|concept| concept.shown)
            .collect(),
        corrections,
        highlighter: highlighter(&answered, &points),
    })
}

/// A clause that decides without adding to the score.
#[must_use]
pub fn unscored(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

/// The information of a concept, 1 to [`MOST_POINTS`], on the scale from a word that every visible
/// document has to one that a single document has.
fn points(documents: usize, visible: usize) -> usize {
    let idf = |documents: f32| (1.0 + (visible as f32 - documents + 0.5) / (documents + 0.5)).ln();
    let share = idf(documents as f32) / idf(1.0).max(f32::EPSILON);
    ((share * MOST_POINTS as f32).round() as usize).clamp(1, MOST_POINTS)
}

/// A document must answer concepts worth `required` points. A concept stands as many times among the
/// clauses as it has points.
fn requirement(concepts: &[Concept], points: &[usize], required: usize) -> Box<dyn Query> {
    let mut clauses = Vec::new();
    for (concept, &points) in concepts.iter().zip(points) {
        let times = if required == 1 { 1 } else { points };
        clauses.extend((0..times).map(|_| (Occur::Should, concept.answers.box_clone())));
    }
    Box::new(BooleanQuery::with_minimum_required_clauses(
        clauses, required,
    ))
}

fn score(
    searcher: &Searcher,
    plan: &FieldPlan,
    query: &UserQuery,
    language: Language,
    concepts: &[Concept],
) -> Result<Box<dyn Query>, SearchError> {
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for concept in concepts {
        let mut any = Vec::new();
        for alternative in &concept.alternatives {
            any.push(alternative.scored(searcher, plan)?);
        }
        clauses.push((Occur::Should, best_of(any)));
    }
    for pair in query.content(language).windows(2) {
        let distance = pair[1].position - pair[0].position;
        let near = neighbours(pair[0].lower(), pair[1].lower(), distance, &plan.phrases);
        clauses.push((Occur::Should, Box::new(BoostQuery::new(near, PROXIMITY))));
    }
    Ok(Box::new(BooleanQuery::new(clauses)))
}

fn highlighter(concepts: &[Concept], points: &[usize]) -> Highlighter {
    let mut highlighter = Highlighter::default();
    for (number, (concept, &points)) in concepts.iter().zip(points).enumerate() {
        for alternative in &concept.alternatives {
            for word in telling(&alternative.words) {
                highlighter.mark(word, number, points);
            }
        }
    }
    highlighter
}

/// The words by which an expression is recognised in a text: not the *se* of *se connecter*, unless
/// it has nothing else.
fn telling(words: &[String]) -> Vec<&String> {
    let is_filler = |word: &&String| {
        let folded = fold(word);
        (Language::ALL.into_iter()).any(|language| language.is_stop_word(&folded))
    };
    let (fillers, telling): (Vec<_>, Vec<_>) = words.iter().partition(is_filler);
    if telling.is_empty() { fillers } else { telling }
}

impl Compiled {
    /// The query text with its corrections; none when nothing was corrected. `choose` may name the word
    /// that the hits confirm, with its accents.
    #[must_use]
    pub fn corrected_text(
        &self,
        query: &UserQuery,
        choose: impl Fn(&[String]) -> Option<String>,
    ) -> Option<String> {
        let mut text = query.text.clone();
        for correction in self.corrections.iter().rev() {
            let likeliest = correction.words.first();
            if let Some(word) = choose(&correction.words).or_else(|| likeliest.cloned()) {
                text.replace_range(correction.typed.clone(), &word);
            }
        }
        (!self.corrections.is_empty()).then_some(text)
    }
}
