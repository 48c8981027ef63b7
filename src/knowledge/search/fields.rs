//! The fields of the article index and what a match in each is worth.

use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, SchemaBuilder,
};
use tantivy::{DocId, Score, SegmentReader, Term};

use crate::platform::search::analysis::{indexed_as, indexed_by_prefix};
use crate::platform::search::compile::{FieldPlan, SearchedField, unscored};
use crate::platform::search::parity::Origin;
use crate::platform::search::terms::Form;
use crate::platform::search::{IndexSpec, Language};

/// To be raised when articles are written differently under the same schema.
const VERSION: u32 = 2;
/// Factor on the score of an article in another language than the viewer's.
const OTHER_LANGUAGE: Score = 0.5;
/// Factor on matches in the words of the other language, which titles of translations bring.
const OTHER_WORDS: f32 = 0.7;

/// One property of an article, indexed in several forms.
#[derive(Clone, Copy)]
pub(super) struct Property {
    pub stems: [Field; 2],
    pub exact: Field,
}

impl Property {
    fn new(schema: &mut SchemaBuilder, name: &str) -> Self {
        let stems = Language::ALL.map(|language| {
            let name = format!("{name}_{}", language.tag());
            schema.add_text_field(&name, indexed_as(Form::Stem(language)))
        });
        let exact = schema.add_text_field(&format!("{name}_exact"), indexed_as(Form::Exact));
        Self { stems, exact }
    }

    pub fn stem(&self, language: Language) -> Field {
        match language {
            Language::Fr => self.stems[0],
            Language::En => self.stems[1],
        }
    }

    fn searched(&self, wanted: Language, stemmed: f32, exact: f32) -> Vec<SearchedField> {
        let mut fields: Vec<_> = Language::ALL
            .into_iter()
            .map(|language| SearchedField {
                field: self.stem(language),
                form: Form::Stem(language),
                weight: if language == wanted {
                    stemmed
                } else {
                    stemmed * OTHER_WORDS
                },
            })
            .collect();
        if exact > 0.0 {
            fields.push(SearchedField {
                field: self.exact,
                form: Form::Exact,
                weight: exact,
            });
        }
        fields
    }
}

pub(super) struct Fields {
    schema: Schema,
    /// Article id: shared by all its versions.
    pub id: Field,
    pub origin: Origin,
    /// Language tag, stored.
    pub lang: Field,
    /// [`language_code`], for scores and filters.
    pub lang_code: Field,
    pub slug: Field,
    pub section: Field,
    pub audience: Field,
    /// `<lang>|<audience>` of each translation: who has the article in that language.
    pub covered: Field,
    pub shown_title: Field,
    pub shown_questions: Field,
    pub shown_summary: Field,
    pub shown_body: Field,
    pub beginnings: Field,
    pub title: Property,
    pub questions: Property,
    pub headings: Property,
    pub tags: Property,
    pub summary: Property,
    /// All of the above and the body.
    pub text: Property,
}

impl Fields {
    pub fn new() -> Self {
        let mut schema = Schema::builder();
        let s = &mut schema;
        Self {
            id: s.add_i64_field("id", INDEXED | STORED),
            origin: Origin::new(s),
            lang: s.add_text_field("lang", STORED),
            lang_code: s.add_u64_field("lang_code", INDEXED | FAST),
            slug: s.add_text_field("slug", STORED),
            section: s.add_text_field("section", STRING | STORED),
            audience: s.add_text_field("audience", STRING),
            covered: s.add_text_field("covered", STRING),
            shown_title: s.add_text_field("shown_title", STORED),
            shown_questions: s.add_text_field("shown_questions", STORED),
            shown_summary: s.add_text_field("shown_summary", STORED),
            shown_body: s.add_text_field("shown_body", STORED),
            beginnings: s.add_text_field("beginnings", indexed_by_prefix()),
            title: Property::new(s, "title"),
            questions: Property::new(s, "questions"),
            headings: Property::new(s, "headings"),
            tags: Property::new(s, "tags"),
            summary: Property::new(s, "summary"),
            text: Property::new(s, "text"),
            schema: schema.build(),
        }
    }

    pub fn spec(&self) -> IndexSpec {
        IndexSpec {
            schema: self.schema.clone(),
            version: VERSION,
        }
    }

    /// Weights found on a private set of queries of eleven kinds over real articles.
    pub fn plan(&self, wanted: Language) -> FieldPlan {
        let weighted = [
            (&self.title, 3.0, 1.4),
            (&self.questions, 2.4, 1.0),
            (&self.tags, 1.8, 0.8),
            (&self.headings, 1.5, 0.6),
            (&self.summary, 1.4, 0.0),
            (&self.text, 1.0, 0.6),
        ];
        FieldPlan {
            scored: weighted
                .iter()
                .flat_map(|(property, stemmed, exact)| property.searched(wanted, *stemmed, *exact))
                .collect(),
            everything: self.text.searched(wanted, 1.0, 1.0),
            phrases: [
                (&self.title, 2.0),
                (&self.questions, 1.6),
                (&self.text, 1.0),
            ]
            .into_iter()
            .flat_map(|(property, weight)| property.searched(wanted, weight, 0.0))
            .collect(),
        }
    }

    /// What a viewer may see: versions for one of their audiences, except those that a version in
    /// their own language, which they may also see, makes superfluous.
    pub fn visible(
        &self,
        lang: &str,
        audiences: &[String],
        section: Option<&str>,
    ) -> Box<dyn Query> {
        let audience = |audience: &String| Term::from_field_text(self.audience, audience);
        let covered =
            |audience: &String| Term::from_field_text(self.covered, &covered_by(lang, audience));
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = vec![
            (Occur::Must, any_of(audiences.iter().map(audience))),
            (Occur::MustNot, any_of(audiences.iter().map(covered))),
        ];
        if let Some(section) = section {
            let term = Term::from_field_text(self.section, section);
            clauses.push((Occur::Must, one(term)));
        }
        unscored(Box::new(BooleanQuery::new(clauses)))
    }
}

fn one(term: Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

/// Documents with any of a few terms. Tantivy's query for sets of terms makes an automaton for each
/// search: a fifth of all that a search took, for a single audience.
fn any_of(terms: impl Iterator<Item = Term>) -> Box<dyn Query> {
    let clauses = terms.map(|term| (Occur::Should, one(term)));
    Box::new(BooleanQuery::new(clauses.collect()))
}

/// The term that says that an audience has an article in a language.
pub(super) fn covered_by(lang: &str, audience: &str) -> String {
    format!("{lang}|{audience}")
}

/// The first letters of a language tag as a number, for the fast field.
pub(super) fn language_code(lang: &str) -> u64 {
    lang.bytes().take(2).fold(0, |code, letter| {
        code << 8 | u64::from(letter.to_ascii_lowercase())
    })
}

/// Ranks articles in the viewer's language before equally good ones in another.
pub(super) fn prefer_language(
    lang: &str,
) -> impl Fn(&SegmentReader) -> Box<dyn Fn(DocId, Score) -> Score> + Send + Sync + 'static {
    let wanted = language_code(lang);
    move |segment: &SegmentReader| match segment.fast_fields().u64("lang_code") {
        Ok(column) => Box::new(move |doc, score| {
            if column.first(doc) == Some(wanted) {
                score
            } else {
                score * OTHER_LANGUAGE
            }
        }),
        // The schema has the column; without it the order is merely less good.
        Err(_) => Box::new(|_, score| score),
    }
}
