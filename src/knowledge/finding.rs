//! Looking for articles: through the index, and without it while it is being made.
//!
//! The index follows the database by a moment, so every hit is looked up again before it is
//! shown: an article withdrawn or made internal a moment ago is not.

use std::collections::HashMap;

use super::index::ArticleIndex;
use super::model::{ArticleSummary, Audience, article_path};
use super::queries::{list_articles, list_present};
use super::search::{Hit, Query, SearchResult};
use crate::platform::db::{Conn, StorageError, Timestamp};
use crate::platform::i18n::Lang;
use crate::platform::search::snippet::{Highlighter, SnippetPart};
use crate::platform::search::user_query::{Limits, UserQuery};
use crate::platform::search::{Coverage, Language};
use crate::platform::text::fold;

/// Who looks for what.
#[derive(Clone, Debug)]
pub struct Question {
    /// As typed. Any text will do.
    pub text: String,
    /// The reader's language.
    pub lang: Lang,
    /// What the reader may read.
    pub reader: Audience,
    /// Key of the only section to look in.
    pub section: Option<String>,
    /// Articles wanted.
    pub limit: usize,
    /// Articles to skip.
    pub offset: usize,
    /// When it is asked.
    pub now: Timestamp,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The articles, best first.
    pub articles: Vec<Found>,
    /// How many there are in all, roughly: some may have been withdrawn a moment ago.
    pub total: usize,
    /// Present when the articles answer only a part of what was typed, with the words left out.
    pub widened: Option<Vec<String>>,
    /// What was typed, as it was understood.
    pub corrected: Option<String>,
    /// Whether the index holds what there is; without it, only titles and summaries were compared.
    pub coverage: Coverage,
}

/// An article that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The article as it is now.
    pub article: ArticleSummary,
    /// Its page in the reader's language, around the text in its own.
    pub href: String,
    /// Its title, marked.
    pub title_parts: Vec<SnippetPart>,
    /// The passage that answers best, marked.
    pub excerpt_parts: Vec<SnippetPart>,
    /// Comparable within one answer only.
    pub score: f32,
    /// The reader's language has no version that they may read.
    pub other_language: bool,
}

/// Articles by their addresses.
type Present = HashMap<(Lang, String), ArticleSummary>;

/// Looks for articles. Blocks on files and on the database.
///
/// # Errors
/// When the database refuses.
pub fn find(
    conn: &mut Conn,
    index: &ArticleIndex,
    question: &Question,
) -> Result<Answer, StorageError> {
    let coverage = index.coverage(conn, question.now)?;
    match ask(index, question, true) {
        Some(result) => Ok(Answer {
            coverage,
            ..confirm(conn, question, result)?
        }),
        None => Ok(scan(conn, question)?),
    }
}

/// Asks the index; none while there is no index.
fn ask(index: &ArticleIndex, question: &Question, excerpts: bool) -> Option<SearchResult> {
    let query = Query {
        text: question.text.clone(),
        lang: question.lang.to_string(),
        audiences: vec![question.reader.to_string()],
        section: question.section.clone(),
        limit: question.limit,
        offset: question.offset,
        excerpts,
    };
    index.searching(|search| search.search(&query))
}

fn confirm(
    conn: &mut Conn,
    question: &Question,
    result: SearchResult,
) -> diesel::QueryResult<Answer> {
    let present = present(
        conn,
        question.reader,
        result.hits.iter().map(|hit| &hit.slug),
    )?;
    let shown = |hit: Hit| {
        let lang = hit.lang.parse::<Lang>().ok()?;
        let href = href_for(&present, question.lang, (lang, &hit.slug));
        Some(Found {
            article: present.get(&(lang, hit.slug))?.clone(),
            href,
            title_parts: hit.title_parts,
            excerpt_parts: hit.snippet_parts,
            score: hit.score,
            other_language: hit.other_language,
        })
    };
    Ok(Answer {
        total: result.total,
        articles: result.hits.into_iter().filter_map(shown).collect(),
        widened: result.widened,
        corrected: result.corrected,
        coverage: Coverage::Whole,
    })
}

fn present<'a>(
    conn: &mut Conn,
    reader: Audience,
    slugs: impl Iterator<Item = &'a String>,
) -> diesel::QueryResult<Present> {
    let slugs: Vec<String> = slugs.cloned().collect();
    if slugs.is_empty() {
        return Ok(Present::new());
    }
    Ok(list_present(conn, &slugs, reader)?
        .into_iter()
        .map(|article| ((article.language, article.slug.clone()), article))
        .collect())
}

/// A page shows an article of another language too, unless another one has the same slug in the
/// reader's own.
fn href_for(present: &Present, reading: Lang, (lang, slug): (Lang, &str)) -> String {
    let taken = lang != reading && present.contains_key(&(reading, slug.to_owned()));
    article_path(if taken { lang } else { reading }, slug)
}

/// Compares titles, summaries and tags word by word, in the reader's language only.
fn scan(conn: &mut Conn, question: &Question) -> diesel::QueryResult<Answer> {
    let typed = UserQuery::parse(&question.text, Limits::TYPED);
    let language = Language::from_tag(question.lang.as_str()).unwrap_or(Language::En);
    let words: Vec<String> = typed
        .content(language)
        .iter()
        .map(|word| fold(word.lower()))
        .collect();
    let mut marks = Highlighter::default();
    words.iter().for_each(|word| marks.mark_beginning(word));
    let mut found: Vec<Found> = list_articles(conn, question.lang, question.reader)?
        .into_iter()
        .filter(|article| {
            question
                .section
                .as_ref()
                .is_none_or(|key| *key == article.section)
        })
        .filter_map(|article| {
            let score = likeness(&article, &words);
            (score > 0.0).then(|| Found {
                href: article.href(),
                title_parts: marks.whole(&article.title),
                excerpt_parts: marks.whole(&article.summary),
                score,
                other_language: false,
                article,
            })
        })
        .collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    Ok(Answer {
        total: found.len(),
        articles: found
            .into_iter()
            .skip(question.offset)
            .take(question.limit)
            .collect(),
        coverage: Coverage::WithoutIndex,
        ..Answer::default()
    })
}

/// Words of the question that begin a word of the article; in the title they count twice.
fn likeness(article: &ArticleSummary, words: &[String]) -> f32 {
    let title = fold(&article.title);
    let rest = fold(&format!("{} {}", article.summary, article.tags().join(" ")));
    let begins = |text: &str, word: &str| {
        text.split(|c: char| !c.is_alphanumeric())
            .any(|part| part.starts_with(word))
    };
    words
        .iter()
        .map(|word| match (begins(&title, word), begins(&rest, word)) {
            (true, _) => 2.0,
            (false, true) => 1.0,
            (false, false) => 0.0,
        })
        .sum()
}

/// An article offered while somebody types.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The article as it is now.
    pub article: ArticleSummary,
    /// Its page in the reader's language, around the text in its own.
    pub href: String,
    /// What to show: its title, or the question that answers; marked.
    pub title_parts: Vec<SnippetPart>,
}

impl From<Found> for Offer {
    fn from(found: Found) -> Self {
        Self {
            article: found.article,
            href: found.href,
            title_parts: found.title_parts,
        }
    }
}

/// Articles to offer for what somebody is typing. Titles and questions that begin like it come
/// first; a whole sentence finds articles as a search does.
///
/// # Errors
/// When the database refuses.
pub fn suggest(
    conn: &mut Conn,
    index: &ArticleIndex,
    question: &Question,
) -> Result<Vec<Offer>, StorageError> {
    let audiences = [question.reader.to_string()];
    let begun = index.searching(|search| {
        search.suggest(
            &question.text,
            question.lang.as_str(),
            &audiences,
            question.limit,
        )
    });
    let begun = begun.unwrap_or_default();
    let mut hits = Vec::new();
    if begun.len() < question.limit {
        match ask(index, question, false) {
            Some(result) => hits = result.hits,
            None => {
                let found = scan(conn, question)?.articles;
                return Ok(found.into_iter().map(Offer::from).collect());
            }
        }
    }
    let begun = begun.into_iter().map(|suggestion| {
        let title = suggestion.question_parts.unwrap_or(suggestion.title_parts);
        (suggestion.lang, suggestion.slug, title)
    });
    let hits = hits
        .into_iter()
        .map(|hit| (hit.lang, hit.slug, hit.title_parts));
    let candidates: Vec<_> = begun.chain(hits).collect();
    let slugs = candidates.iter().map(|(_, slug, _)| slug);
    let present = present(conn, question.reader, slugs)?;
    let mut offers: Vec<Offer> = Vec::new();
    for (lang, slug, title_parts) in candidates {
        let Ok(lang) = lang.parse::<Lang>() else {
            continue;
        };
        let href = href_for(&present, question.lang, (lang, &slug));
        let Some(article) = present.get(&(lang, slug)) else {
            continue;
        };
        let known = offers.iter().any(|offer| offer.article.id == article.id);
        if !known && offers.len() < question.limit {
            offers.push(Offer {
                href,
                article: article.clone(),
                title_parts,
            });
        }
    }
    Ok(offers)
}
