//! Articles as the index takes them.

use tantivy::schema::Field;
use tantivy::{TantivyDocument, Term};

use crate::platform::search::parity::print;
use crate::platform::search::{Batch, Language};

use super::fields::{Fields, Property, covered_by, language_code};

/// Bytes of a body that are kept for excerpts; the whole body is searched.
const KEPT_BODY: usize = 24_000;

/// One language version of a published article, as plain text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArticleDocument {
    /// The article; its versions share it.
    pub id: i64,
    /// Language tag of this version.
    pub lang: String,
    /// Last part of its address.
    pub slug: String,
    /// Slug of its section.
    pub section: String,
    /// Name of its section in this language.
    pub section_title: String,
    /// Title.
    pub title: String,
    /// A sentence or two.
    pub summary: String,
    /// Headings within the body.
    pub headings: Vec<String>,
    /// How people ask for it.
    pub questions: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// The text without any markup.
    pub body: String,
    /// Who may read it; nobody when empty.
    pub audiences: Vec<String>,
}

/// All present versions of an article; none when it is no longer published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArticleChange {
    /// The article.
    pub id: i64,
    /// Its versions, one a language.
    pub versions: Vec<ArticleDocument>,
}

impl ArticleChange {
    /// What its documents are told from, in the index: see [`parity`](crate::platform::search::parity).
    #[must_use]
    pub fn prints(&self) -> Vec<u64> {
        let mut prints: Vec<u64> = (0..self.versions.len())
            .map(|at| print(&(at, self)))
            .collect();
        prints.sort_unstable();
        prints
    }
}

impl Fields {
    pub(super) fn batch(&self, changes: &[ArticleChange]) -> Batch {
        Batch {
            deletions: changes
                .iter()
                .map(|change| Term::from_field_i64(self.id, change.id))
                .collect(),
            additions: changes
                .iter()
                .flat_map(|change| self.documents(change))
                .collect(),
        }
    }

    pub(super) fn documents(&self, article: &ArticleChange) -> Vec<TantivyDocument> {
        let versions = article.versions.iter().enumerate();
        versions
            .map(|(at, version)| {
                let mut document = self.document(article.id, version);
                // Its translations leave their words in it, too.
                self.origin
                    .add(&mut document, article.id, print(&(at, article)));
                let others = article
                    .versions
                    .iter()
                    .enumerate()
                    .filter(|(other, _)| *other != at);
                for (_, translation) in others {
                    self.add_translation(&mut document, version, translation);
                }
                document
            })
            .collect()
    }

    fn document(&self, id: i64, version: &ArticleDocument) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_i64(self.id, id);
        document.add_text(self.lang, &version.lang);
        document.add_u64(self.lang_code, language_code(&version.lang));
        document.add_text(self.slug, &version.slug);
        document.add_text(self.section, &version.section);
        for audience in &version.audiences {
            document.add_text(self.audience, audience);
        }
        document.add_text(self.shown_title, &version.title);
        document.add_text(self.shown_summary, &version.summary);
        let kept = version.body.floor_char_boundary(KEPT_BODY);
        document.add_text(self.shown_body, &version.body[..kept]);
        document.add_text(self.beginnings, &version.title);
        for question in &version.questions {
            document.add_text(self.shown_questions, question);
            document.add_text(self.beginnings, question);
        }
        self.add_properties(&mut document, version);
        add(
            &mut document,
            &self.text,
            &version.lang,
            [&version.body, &version.section_title],
        );
        document
    }

    /// Everything but the body.
    fn add_properties(&self, document: &mut TantivyDocument, version: &ArticleDocument) {
        let mut property = |property: &Property, texts: &[String]| {
            add(document, property, &version.lang, texts);
            add(document, &self.text, &version.lang, texts);
        };
        property(&self.title, std::slice::from_ref(&version.title));
        property(&self.summary, std::slice::from_ref(&version.summary));
        property(&self.headings, &version.headings);
        property(&self.questions, &version.questions);
        property(&self.tags, &version.tags);
    }

    /// Lets a version answer to the words of a translation that all its readers may read, and notes who
    /// has no need of it.
    fn add_translation(
        &self,
        document: &mut TantivyDocument,
        version: &ArticleDocument,
        translation: &ArticleDocument,
    ) {
        for audience in &translation.audiences {
            document.add_text(self.covered, covered_by(&translation.lang, audience));
        }
        if version
            .audiences
            .iter()
            .all(|audience| translation.audiences.contains(audience))
        {
            self.add_properties(document, translation);
        }
    }
}

fn add<'a>(
    document: &mut TantivyDocument,
    property: &Property,
    lang: &str,
    texts: impl IntoIterator<Item = &'a String>,
) {
    let stems: Option<Field> = Language::from_tag(lang).map(|language| property.stem(language));
    for text in texts {
        document.add_text(property.exact, text);
        if let Some(stems) = stems {
            document.add_text(stems, text);
        }
    }
}
