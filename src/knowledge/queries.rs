//! Reading articles. Every query that shows one takes the reader's [`Audience`].

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;

use super::model::{Article, ArticleSummary, Audience, Section};
use crate::platform::db::Conn;
use crate::platform::i18n::{Lang, Message};
use crate::platform::text::fold;
use crate::schema::{article_faults, articles, sections};

/// A section with what a reader finds in it.
#[derive(Clone, Debug)]
pub struct SectionContents {
    /// The section.
    pub section: Section,
    /// Its articles by title; never empty.
    pub articles: Vec<ArticleSummary>,
}

/// The sections in which a reader finds something, in their order. Two statements.
///
/// # Errors
/// When the database refuses.
pub fn list_sections(
    conn: &mut Conn,
    lang: Lang,
    reader: Audience,
) -> QueryResult<Vec<SectionContents>> {
    let sections = list_section_names(conn, lang, reader)?;
    let mut by_section: HashMap<String, Vec<ArticleSummary>> = HashMap::new();
    for article in list_articles(conn, lang, reader)? {
        by_section
            .entry(article.section.clone())
            .or_default()
            .push(article);
    }
    Ok(sections
        .into_iter()
        .filter_map(|section| {
            let articles = by_section.remove(&section.key)?;
            Some(SectionContents { section, articles })
        })
        .collect())
}

/// The same sections without what is in them. One statement, a step in the index for each.
///
/// # Errors
/// When the database refuses.
pub fn list_section_names(
    conn: &mut Conn,
    lang: Lang,
    reader: Audience,
) -> QueryResult<Vec<Section>> {
    let contents = articles::table
        .filter(articles::language.eq(sections::language))
        .filter(articles::section.eq(sections::key))
        .filter(articles::withdrawn_at.is_null())
        .filter(articles::audience.eq_any(reader.readable()));
    sections::table
        .filter(sections::language.eq(lang))
        .filter(exists(contents))
        .order((sections::position.asc(), sections::key.asc()))
        .select(Section::as_select())
        .load(conn)
}

/// All articles that a reader may read in a language, by title.
///
/// # Errors
/// When the database refuses.
pub fn list_articles(
    conn: &mut Conn,
    lang: Lang,
    reader: Audience,
) -> QueryResult<Vec<ArticleSummary>> {
    let mut list: Vec<ArticleSummary> = articles::table
        .filter(articles::language.eq(lang))
        .filter(articles::withdrawn_at.is_null())
        .filter(articles::audience.eq_any(reader.readable()))
        .select(ArticleSummary::as_select())
        .load(conn)?;
    // The engines sort accents each in their own way.
    list.sort_by_cached_key(|article| (fold(&article.title), article.id));
    Ok(list)
}

/// A section by its address.
///
/// # Errors
/// When the database refuses.
pub fn find_section(conn: &mut Conn, lang: Lang, key: &str) -> QueryResult<Option<Section>> {
    sections::table
        .filter(sections::language.eq(lang))
        .filter(sections::key.eq(key))
        .select(Section::as_select())
        .first(conn)
        .optional()
}

/// The titles of all sections of a language, by key: to name the section of an article that the
/// reader may read, not to be listed.
///
/// # Errors
/// When the database refuses.
pub fn list_section_titles(conn: &mut Conn, lang: Lang) -> QueryResult<HashMap<String, String>> {
    let rows: Vec<(String, String)> = sections::table
        .filter(sections::language.eq(lang))
        .select((sections::key, sections::title))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// An article by its address, if the reader may read it.
///
/// # Errors
/// When the database refuses.
pub fn find_article(
    conn: &mut Conn,
    lang: Lang,
    slug: &str,
    reader: Audience,
) -> QueryResult<Option<Article>> {
    articles::table
        .filter(articles::language.eq(lang))
        .filter(articles::slug.eq(slug))
        .filter(articles::withdrawn_at.is_null())
        .filter(articles::audience.eq_any(reader.readable()))
        .select(Article::as_select())
        .first(conn)
        .optional()
}

/// The version of an article in another language, if the reader may read it.
///
/// # Errors
/// When the database refuses.
pub fn find_translation(
    conn: &mut Conn,
    article: &Article,
    lang: Lang,
    reader: Audience,
) -> QueryResult<Option<ArticleSummary>> {
    let Some(key) = &article.translation else {
        return Ok(None);
    };
    articles::table
        .filter(articles::translation.eq(key))
        .filter(articles::language.eq(lang))
        .filter(articles::withdrawn_at.is_null())
        .filter(articles::audience.eq_any(reader.readable()))
        .order(articles::id.asc())
        .select(ArticleSummary::as_select())
        .first(conn)
        .optional()
}

/// Articles that share tags or the section, those with most in common first.
///
/// # Errors
/// When the database refuses.
pub fn list_related(
    conn: &mut Conn,
    article: &Article,
    reader: Audience,
    limit: usize,
) -> QueryResult<Vec<ArticleSummary>> {
    let tags = article.tags();
    let mut related: Vec<(usize, ArticleSummary)> = list_articles(conn, article.language, reader)?
        .into_iter()
        .filter(|other| other.id != article.id)
        .filter_map(|other| {
            let shared = other.tags().iter().filter(|tag| tags.contains(tag)).count();
            let near = usize::from(other.section == article.section);
            let common = 2 * shared + near;
            (common > 0).then_some((common, other))
        })
        .collect();
    related.sort_by_key(|(common, _)| std::cmp::Reverse(*common));
    Ok(related
        .into_iter()
        .take(limit)
        .map(|(_, other)| other)
        .collect())
}

/// The articles with some slugs, in any language, that are up and that the reader may read.
///
/// # Errors
/// When the database refuses.
pub fn list_present(
    conn: &mut Conn,
    slugs: &[String],
    reader: Audience,
) -> QueryResult<Vec<ArticleSummary>> {
    articles::table
        // Addresses are found by language and slug.
        .filter(articles::language.eq_any(Lang::ALL))
        .filter(articles::slug.eq_any(slugs))
        .filter(articles::withdrawn_at.is_null())
        .filter(articles::audience.eq_any(reader.readable()))
        .select(ArticleSummary::as_select())
        .load(conn)
}

/// A file that cannot be used.
#[derive(Clone, Debug)]
pub struct StoredFault {
    /// Path below the folder of the articles.
    pub path: String,
    /// Line, from 1; 0 for the whole file.
    pub line: i32,
    /// What is wrong.
    pub reason: Message,
}

/// Files that cannot be used, by path.
///
/// # Errors
/// When the database refuses or holds a reason that is not one.
pub fn list_faults(conn: &mut Conn) -> QueryResult<Vec<StoredFault>> {
    let rows: Vec<(String, i32, String)> = article_faults::table
        .order(article_faults::path.asc())
        .select((
            article_faults::path,
            article_faults::line,
            article_faults::reason,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(path, line, reason)| {
            let reason = serde_json::from_str(&reason)
                .map_err(|e| diesel::result::Error::DeserializationError(Box::new(e)))?;
            Ok(StoredFault { path, line, reason })
        })
        .collect()
}

/// How many files cannot be used.
///
/// # Errors
/// When the database refuses.
pub fn count_faults(conn: &mut Conn) -> QueryResult<i64> {
    article_faults::table.count().get_result(conn)
}

/// What whoever keeps the articles has to know of one.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = articles)]
pub struct Upkeep {
    /// Its language.
    pub language: Lang,
    /// Last part of its address.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Who may read it.
    pub audience: Audience,
    /// ISO date by which it is to be read again.
    pub review_on: Option<String>,
    /// Shared with its versions in other languages.
    pub translation: Option<String>,
    /// Its file.
    pub path: String,
}

impl Upkeep {
    /// When it is to be read again.
    #[must_use]
    pub fn review(&self) -> Option<NaiveDate> {
        self.review_on.as_deref()?.parse().ok()
    }
}

/// All articles that are up, by file.
///
/// # Errors
/// When the database refuses.
pub fn list_upkeep(conn: &mut Conn) -> QueryResult<Vec<Upkeep>> {
    articles::table
        .filter(articles::withdrawn_at.is_null())
        .order(articles::path.asc())
        .select(Upkeep::as_select())
        .load(conn)
}
