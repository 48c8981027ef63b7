//! What the index holds of the articles in the database.
//!
//! The versions of an article in several languages are one entry under one number: the smallest
//! key among those that are up. When versions join or part, all of them are in the list of
//! changes, so whatever number an entry had before, it is removed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;

use crate::knowledge::model::{Audience, StoredHeading, json_list};
use crate::knowledge::search::{ArticleChange, ArticleDocument};
use crate::platform::db::Conn;
use crate::platform::i18n::Lang;
use crate::schema::{articles, sections};

#[derive(Queryable, Selectable)]
#[diesel(table_name = articles)]
pub(in crate::knowledge) struct Row {
    id: i64,
    language: Lang,
    slug: String,
    section: String,
    title: String,
    summary: String,
    audience: Audience,
    tags: String,
    questions: String,
    headings: String,
    translation: Option<String>,
    plain: String,
}

type SectionTitles = HashMap<(Lang, String), String>;

/// Every article that is up.
pub(super) fn list_all(conn: &mut Conn) -> QueryResult<Vec<ArticleChange>> {
    let rows = articles::table
        .filter(articles::withdrawn_at.is_null())
        .select(Row::as_select())
        .load(conn)?;
    Ok(grouped(rows, &section_titles(conn)?))
}

/// The present state of changed articles and of their versions in other languages; those that
/// are gone, or stand under another number now, have no versions.
pub(super) fn list_changed(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<ArticleChange>> {
    let keys: Vec<Option<String>> = articles::table
        .filter(articles::id.eq_any(ids))
        .filter(articles::translation.is_not_null())
        .select(articles::translation)
        .distinct()
        .load(conn)?;
    let rows = articles::table
        .filter(articles::withdrawn_at.is_null())
        .filter(
            articles::id
                .eq_any(ids)
                .or(articles::translation.eq_any(keys)),
        )
        .select(Row::as_select())
        .load(conn)?;
    let mut changes = grouped(rows, &section_titles(conn)?);
    let present: BTreeSet<i64> = changes.iter().map(|change| change.id).collect();
    let gone = ids.iter().filter(|id| !present.contains(id));
    changes.extend(gone.map(|&id| ArticleChange {
        id,
        versions: Vec::new(),
    }));
    Ok(changes)
}

fn section_titles(conn: &mut Conn) -> QueryResult<SectionTitles> {
    let rows: Vec<(Lang, String, String)> = sections::table
        .select((sections::language, sections::key, sections::title))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(lang, key, title)| ((lang, key), title))
        .collect())
}

fn grouped(mut rows: Vec<Row>, titles: &SectionTitles) -> Vec<ArticleChange> {
    rows.sort_by_key(|row| row.id);
    let mut groups: BTreeMap<(Option<String>, i64), Vec<Row>> = BTreeMap::new();
    for row in rows {
        let alone = if row.translation.is_none() { row.id } else { 0 };
        let group = (row.translation.clone(), alone);
        groups.entry(group).or_default().push(row);
    }
    groups
        .into_values()
        .filter_map(|rows| {
            Some(ArticleChange {
                id: rows.first()?.id,
                versions: rows.into_iter().map(|row| document(row, titles)).collect(),
            })
        })
        .collect()
}

fn document(row: Row, titles: &SectionTitles) -> ArticleDocument {
    let headings: Vec<StoredHeading> = json_list(&row.headings);
    let title = titles.get(&(row.language, row.section.clone()));
    ArticleDocument {
        id: row.id,
        lang: row.language.to_string(),
        section_title: title.cloned().unwrap_or_default(),
        slug: row.slug,
        section: row.section,
        title: row.title,
        summary: row.summary,
        headings: headings.into_iter().map(|heading| heading.text).collect(),
        questions: json_list(&row.questions),
        tags: json_list(&row.tags),
        body: row.plain,
        audiences: row
            .audience
            .readers()
            .iter()
            .map(Audience::to_string)
            .collect(),
    }
}
