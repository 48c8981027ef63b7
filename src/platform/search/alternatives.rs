//! The ways in which a document may answer one concept of a query, and the Tantivy queries for them.

use tantivy::query::{
    BooleanQuery, BoostQuery, DisjunctionMaxQuery, EmptyQuery, Occur, PhraseQuery, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::compile::{FieldPlan, SearchedField};
use super::language::Language;
use super::terms::Form;

/// Share of the lesser fields' scores that is added to the best one's.
const TIE_BREAKER: f32 = 0.35;
/// Factor on the score of words that mean what was typed.
const SYNONYM: f32 = 0.75;
/// Positions by which the words of an expression may be further apart than typed.
const SLOP: u32 = 1;

/// How the words of an alternative must stand in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrangement {
    /// All of them, anywhere.
    Anywhere,
    /// Side by side.
    Adjacent,
}

/// One way to answer a concept: the word typed, a spelling of it, a synonym.
#[derive(Debug, Clone)]
pub(super) struct Alternative {
    /// Lower-case words, at least one.
    pub words: Vec<String>,
    pub arrangement: Arrangement,
    /// Factor on the score; 1 for what was typed.
    pub weight: f32,
    /// Nobody wrote these words: any inflection of them is as good, in texts of this language.
    meant_in: Option<Language>,
}

impl Alternative {
    pub fn word(word: &str, weight: f32) -> Self {
        Self {
            weight,
            ..Self::all_of(vec![word.to_owned()])
        }
    }

    pub fn expression(words: &[String], weight: f32) -> Self {
        Self {
            arrangement: Arrangement::Adjacent,
            weight,
            ..Self::all_of(words.to_vec())
        }
    }

    pub fn all_of(words: Vec<String>) -> Self {
        Self {
            words,
            arrangement: Arrangement::Anywhere,
            weight: 1.0,
            meant_in: None,
        }
    }

    /// An expression of this language that means what was typed. Of a dozen fields and more, those of
    /// its stems suffice.
    pub fn synonym(words: &[String], language: Language) -> Self {
        Self {
            meant_in: Some(language),
            ..Self::expression(words, SYNONYM)
        }
    }

    /// Scored over all fields of the plan.
    pub fn scored(&self, searcher: &Searcher, plan: &FieldPlan) -> tantivy::Result<Box<dyn Query>> {
        let query = self.query(searcher, &plan.scored)?;
        Ok(boosted(query, self.weight))
    }

    /// Whether a document answers at all.
    pub fn matching(
        &self,
        searcher: &Searcher,
        plan: &FieldPlan,
    ) -> tantivy::Result<Box<dyn Query>> {
        self.query(searcher, &plan.everything)
    }

    fn query(
        &self,
        searcher: &Searcher,
        fields: &[SearchedField],
    ) -> tantivy::Result<Box<dyn Query>> {
        let fields = fields.iter().filter(|field| self.looks_at(field));
        if self.words.len() > 1 && self.arrangement == Arrangement::Adjacent {
            return phrase(&self.words, fields);
        }
        let mut each = Vec::new();
        for word in &self.words {
            each.push((Occur::Must, word_query(searcher, word, fields.clone())?));
        }
        Ok(match each.len() {
            1 => each.swap_remove(0).1,
            _ => Box::new(BooleanQuery::new(each)),
        })
    }

    fn looks_at(&self, field: &SearchedField) -> bool {
        (self.meant_in).is_none_or(|language| field.form == Form::Stem(language))
    }
}

/// The best field decides. Terms that the index does not have are left out.
fn word_query<'a>(
    searcher: &Searcher,
    word: &str,
    fields: impl Iterator<Item = &'a SearchedField>,
) -> tantivy::Result<Box<dyn Query>> {
    let mut best: Vec<Box<dyn Query>> = Vec::new();
    let mut spelled: Vec<(Form, Vec<String>)> = Vec::new();
    for searched in fields {
        // A dozen fields share three forms, and stemming takes longer than looking up.
        let known = spelled.iter().position(|(form, _)| *form == searched.form);
        let at = known.unwrap_or_else(|| {
            spelled.push((searched.form, searched.form.terms(word)));
            spelled.len() - 1
        });
        for term in &spelled[at].1 {
            let term = Term::from_field_text(searched.field, term);
            if searcher.doc_freq(&term)? > 0 {
                let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
                best.push(boosted(Box::new(query), searched.weight));
            }
        }
    }
    Ok(best_of(best))
}

fn phrase<'a>(
    words: &[String],
    fields: impl Iterator<Item = &'a SearchedField>,
) -> tantivy::Result<Box<dyn Query>> {
    let mut best: Vec<Box<dyn Query>> = Vec::new();
    for searched in fields {
        let terms: Vec<(usize, Term)> = words
            .iter()
            .enumerate()
            .filter_map(|(offset, word)| {
                let term = searched.form.phrase_term(word)?;
                Some((offset, Term::from_field_text(searched.field, &term)))
            })
            .collect();
        best.extend(phrase_of(terms, searched));
    }
    Ok(best_of(best))
}

fn phrase_of(mut terms: Vec<(usize, Term)>, searched: &SearchedField) -> Option<Box<dyn Query>> {
    let query: Box<dyn Query> = match terms.len() {
        0 => return None,
        1 => Box::new(TermQuery::new(
            terms.swap_remove(0).1,
            IndexRecordOption::WithFreqs,
        )),
        _ => Box::new(PhraseQuery::new_with_offset_and_slop(terms, SLOP)),
    };
    Some(boosted(query, searched.weight))
}

/// Two neighbouring words of the query standing near each other in a document, at the distance typed.
pub(super) fn neighbours(
    first: &str,
    second: &str,
    distance: usize,
    fields: &[SearchedField],
) -> Box<dyn Query> {
    let mut best: Vec<Box<dyn Query>> = Vec::new();
    for searched in fields {
        let terms = searched
            .form
            .phrase_term(first)
            .zip(searched.form.phrase_term(second));
        if let Some((first, second)) = terms {
            let term = |text: &str| Term::from_field_text(searched.field, text);
            best.extend(phrase_of(
                vec![(0, term(&first)), (distance, term(&second))],
                searched,
            ));
        }
    }
    best_of(best)
}

pub(super) fn best_of(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match queries.len() {
        0 => Box::new(EmptyQuery),
        1 => queries.swap_remove(0),
        _ => Box::new(DisjunctionMaxQuery::with_tie_breaker(queries, TIE_BREAKER)),
    }
}

fn boosted(query: Box<dyn Query>, weight: f32) -> Box<dyn Query> {
    if (weight - 1.0).abs() < f32::EPSILON {
        return query;
    }
    Box::new(BoostQuery::new(query, weight))
}

/// The fields of a plan that hold unstemmed words.
pub(super) fn vocabulary(plan: &FieldPlan) -> Vec<Field> {
    let exact = plan
        .everything
        .iter()
        .filter(|searched| searched.form == Form::Exact);
    exact.map(|searched| searched.field).collect()
}
