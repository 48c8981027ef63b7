//! Searching articles.

use tantivy::collector::{Count, TopDocs};
use tantivy::schema::{Field, Value};
use tantivy::{DocAddress, Searcher, TantivyDocument};

use crate::platform::search::compile::{Compiled, compile};
use crate::platform::search::snippet::{Highlighter, SnippetPart};
use crate::platform::search::user_query::{Limits, UserQuery};
use crate::platform::search::words::{chunks, fold};
use crate::platform::search::{Language, SearchError};

use super::ArticleSearch;
use super::fields::prefer_language;

/// Characters of an excerpt.
const EXCERPT: usize = 220;
const MOST_HITS: usize = 100;
/// With fewer articles that answer most of the query, those that answer less are worth showing.
const FEW: usize = 3;
const DEEPEST: usize = 5_000;

/// Who looks for what.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// As typed; only the first 200 characters and 16 words count.
    pub text: String,
    /// The viewer's language.
    pub lang: String,
    /// The audiences that the viewer belongs to; with none, nothing is found.
    pub audiences: Vec<String>,
    /// Slug of the only section to look in.
    pub section: Option<String>,
    /// Hits wanted, at most 100.
    pub limit: usize,
    /// Hits to skip.
    pub offset: usize,
    /// Whether to show the passages that answer: reading ten articles for them takes longer than
    /// finding them.
    pub excerpts: bool,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct SearchResult {
    /// Articles found, beyond those listed.
    pub total: usize,
    /// The page asked for, best first.
    pub hits: Vec<Hit>,
    /// Present when (almost) no article answers most of the query, or when some of its words occur
    /// nowhere: then most hits answer a part only, and these are the words that occur nowhere.
    pub widened: Option<Vec<String>>,
    /// The query as it was understood, when words were taken for typing mistakes.
    pub corrected: Option<String>,
}

/// An article that was found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Article.
    pub id: i64,
    /// Last part of its address.
    pub slug: String,
    /// Language of the version found.
    pub lang: String,
    /// Title.
    pub title: String,
    /// Title with what was looked for marked.
    pub title_parts: Vec<SnippetPart>,
    /// Slug of its section.
    pub section: String,
    /// Comparable within one search only.
    pub score: f32,
    /// The passage that answers best, marked; empty unless excerpts were asked for.
    pub snippet_parts: Vec<SnippetPart>,
    /// The viewer's language has no version that they may read.
    pub other_language: bool,
}

impl ArticleSearch {
    /// Finds articles. Any text is a valid query.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn search(&self, query: &Query) -> Result<SearchResult, SearchError> {
        self.find(query, Limits::TYPED)
    }

    /// Finds articles for a longer text, such as the subject of a request and its first lines. Offset and
    /// limit of the query apply; a correction makes no sense here and is not given.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn similar(&self, query: &Query) -> Result<SearchResult, SearchError> {
        let found = self.find(query, Limits::MESSAGE)?;
        Ok(SearchResult {
            widened: None,
            corrected: None,
            ..found
        })
    }

    fn find(&self, query: &Query, limits: Limits) -> Result<SearchResult, SearchError> {
        let typed = UserQuery::parse(&query.text, limits);
        if typed.words.is_empty() || query.audiences.is_empty() {
            return Ok(SearchResult::default());
        }
        let language = Language::from_tag(&query.lang).unwrap_or(Language::En);
        let written_in = typed.written_in(language);
        let searcher = self.searcher();
        let plan = self.fields.plan(written_in);
        let filter = self
            .fields
            .visible(&query.lang, &query.audiences, query.section.as_deref());
        let synonyms = self.synonyms(written_in);
        let compiled = compile(&searcher, &plan, &*filter, &typed, (written_in, &synonyms))?;
        let mut result = self.run(&searcher, &compiled, query)?;
        result.corrected =
            compiled.corrected_text(&typed, |words| spelling_in(&result.hits, words));
        Ok(result)
    }

    fn run(
        &self,
        searcher: &Searcher,
        compiled: &Compiled,
        query: &Query,
    ) -> Result<SearchResult, SearchError> {
        let limit = query.limit.clamp(1, MOST_HITS);
        let mut result = SearchResult::default();
        for (attempt, found) in compiled.attempts.iter().enumerate() {
            let top = TopDocs::with_limit(limit)
                .and_offset(query.offset.min(DEEPEST))
                .tweak_score(prefer_language(&query.lang));
            let (total, top) = searcher.search(&**found, &(Count, top))?;
            let last = attempt + 1 == compiled.attempts.len();
            if total >= FEW || last && total > 0 {
                result.total = total;
                for (score, address) in top.into_iter().take(query.limit) {
                    result.hits.push(self.hit(
                        searcher,
                        address,
                        score,
                        &compiled.highlighter,
                        query,
                    )?);
                }
                let partial = attempt > 0 || !compiled.unanswered.is_empty();
                result.widened = partial.then(|| compiled.unanswered.clone());
                break;
            }
        }
        Ok(result)
    }

    fn hit(
        &self,
        searcher: &Searcher,
        address: DocAddress,
        score: f32,
        highlighter: &Highlighter,
        query: &Query,
    ) -> Result<Hit, SearchError> {
        let stored: TantivyDocument = searcher.doc(address)?;
        let title = text_of(&stored, self.fields.shown_title);
        let version = text_of(&stored, self.fields.lang);
        Ok(Hit {
            id: id_of(&stored, self.fields.id),
            slug: text_of(&stored, self.fields.slug).to_owned(),
            lang: version.to_owned(),
            title: title.to_owned(),
            title_parts: highlighter.whole(title),
            section: text_of(&stored, self.fields.section).to_owned(),
            score,
            snippet_parts: if query.excerpts {
                self.excerpt(&stored, highlighter)
            } else {
                Vec::new()
            },
            other_language: version != query.lang,
        })
    }

    /// The passage of the text that answers best; the summary when only title, tags or questions do.
    fn excerpt(&self, stored: &TantivyDocument, highlighter: &Highlighter) -> Vec<SnippetPart> {
        let body = text_of(stored, self.fields.shown_body);
        let summary = text_of(stored, self.fields.shown_summary);
        highlighter.answer(body, EXCERPT).unwrap_or_else(|| {
            let shown = if summary.is_empty() { body } else { summary };
            highlighter.passage(shown, EXCERPT)
        })
    }
}

pub(super) fn text_of(stored: &TantivyDocument, field: Field) -> &str {
    stored
        .get_first(field)
        .and_then(|value| value.as_str())
        .unwrap_or_default()
}

pub(super) fn id_of(stored: &TantivyDocument, field: Field) -> i64 {
    stored
        .get_first(field)
        .and_then(|value| value.as_i64())
        .unwrap_or_default()
}

/// The first of these folded words that the best hits write, with its accents.
fn spelling_in(hits: &[Hit], folded: &[String]) -> Option<String> {
    let shown = hits
        .iter()
        .flat_map(|hit| hit.title_parts.iter().chain(&hit.snippet_parts));
    shown.filter(|part| part.marked).find_map(|part| {
        chunks(&part.text)
            .into_iter()
            .map(|word| part.text[word.span].to_lowercase())
            .find(|word| folded.contains(&fold(word)))
    })
}
