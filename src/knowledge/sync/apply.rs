//! The transaction that brings the articles up to date.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::prelude::*;
use serde_json::json;

use super::{Changes, Rendition};
use crate::knowledge::files::{FileFault, Library};
use crate::knowledge::model::{ArticleId, INDEX, Section};
use crate::platform::db::{Timestamp, Tx};
use crate::platform::events::Draft;
use crate::platform::i18n::Lang;
use crate::platform::search::changes::mark;
use crate::schema::{article_faults, articles, sections};

/// What is stored of an article, as far as changes are told by it.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = articles)]
struct Stored {
    id: ArticleId,
    language: Lang,
    slug: String,
    section: String,
    translation: Option<String>,
    path: String,
    content_hash: String,
    withdrawn_at: Option<Timestamp>,
    revision: i64,
}

pub(super) fn bring_in(
    tx: &mut Tx<'_>,
    library: &Library,
    renditions: &[Rendition],
) -> QueryResult<Changes> {
    let stored: Vec<Stored> = articles::table.select(Stored::as_select()).load(tx.conn)?;
    let mut by_address: HashMap<_, _> = stored
        .iter()
        .map(|row| ((row.language, row.slug.as_str()), row))
        .collect();
    let mut changes = Changes {
        faults: library.faults.len(),
        ..Changes::default()
    };
    let mut groups = Groups::default();
    for rendition in renditions {
        match by_address.remove(&(rendition.language, rendition.slug.as_str())) {
            None => {
                groups.add(insert(tx, rendition)?, rendition.translation.as_deref());
                changes.published += 1;
            }
            Some(row)
                if row.withdrawn_at.is_none() && row.content_hash == rendition.content_hash => {}
            Some(row) => {
                update(tx, row, rendition)?;
                groups.add(row.id, row.translation.as_deref());
                groups.add(row.id, rendition.translation.as_deref());
                if row.withdrawn_at.is_none() {
                    changes.changed += 1;
                } else {
                    changes.published += 1;
                }
            }
        }
    }
    for row in by_address.into_values() {
        if row.withdrawn_at.is_none() && !library.is_broken(&row.path) {
            withdraw(tx, row)?;
            groups.add(row.id, row.translation.as_deref());
            changes.withdrawn += 1;
        }
    }
    replace_sections(tx, library, &stored, &mut groups)?;
    replace_faults(tx, &library.faults)?;
    groups.mark(tx)?;
    Ok(changes)
}

fn insert(tx: &mut Tx<'_>, rendition: &Rendition) -> QueryResult<ArticleId> {
    let id = diesel::insert_into(articles::table)
        .values((
            rendition.clone(),
            articles::created_at.eq(tx.now),
            articles::updated_at.eq(tx.now),
            articles::revision.eq(1),
        ))
        .returning(articles::id)
        .get_result::<ArticleId>(tx.conn)?;
    record(
        tx,
        id,
        1,
        "published",
        json!({ "new": rendition.content_hash, "path": rendition.path }),
    )?;
    Ok(id)
}

fn update(tx: &mut Tx<'_>, row: &Stored, rendition: &Rendition) -> QueryResult<()> {
    let revision = row.revision + 1;
    diesel::update(articles::table.find(row.id))
        .set((
            rendition.clone(),
            articles::updated_at.eq(tx.now),
            articles::withdrawn_at.eq(None::<Timestamp>),
            articles::revision.eq(revision),
        ))
        .execute(tx.conn)?;
    let kind = if row.withdrawn_at.is_none() {
        "changed"
    } else {
        "published"
    };
    let data =
        json!({ "old": row.content_hash, "new": rendition.content_hash, "path": rendition.path });
    record(tx, row.id, revision, kind, data)
}

fn withdraw(tx: &mut Tx<'_>, row: &Stored) -> QueryResult<()> {
    let revision = row.revision + 1;
    diesel::update(articles::table.find(row.id))
        .set((
            articles::withdrawn_at.eq(tx.now),
            articles::revision.eq(revision),
        ))
        .execute(tx.conn)?;
    let data = json!({ "old": row.content_hash, "path": row.path });
    record(tx, row.id, revision, "withdrawn", data)
}

fn record(
    tx: &mut Tx<'_>,
    id: ArticleId,
    seq: i64,
    kind: &'static str,
    data: serde_json::Value,
) -> QueryResult<()> {
    tx.record(Draft {
        stream: "article",
        stream_id: id.0,
        seq,
        kind,
        data,
        facts: json!({}),
        decision: None,
    })
    .map(drop)
}

/// Articles whose documents in the index are to be made anew. The versions of an article are
/// one document there, so a change of one concerns all that share, or shared, its key.
#[derive(Default)]
struct Groups {
    ids: BTreeSet<ArticleId>,
    keys: BTreeSet<String>,
}

impl Groups {
    fn add(&mut self, id: ArticleId, translation: Option<&str>) {
        self.ids.insert(id);
        self.keys.extend(translation.map(str::to_owned));
    }

    fn mark(mut self, tx: &mut Tx<'_>) -> QueryResult<()> {
        let keys: Vec<_> = std::mem::take(&mut self.keys).into_iter().collect();
        // Both engines limit the values of one statement.
        for some in keys.chunks(500) {
            let members: Vec<ArticleId> = articles::table
                .filter(articles::translation.eq_any(some))
                .select(articles::id)
                .load(tx.conn)?;
            self.ids.extend(members);
        }
        self.ids
            .into_iter()
            .try_for_each(|id| mark(tx, INDEX, id.0))
    }
}

/// The title of a section is part of what its articles are found by.
fn replace_sections(
    tx: &mut Tx<'_>,
    library: &Library,
    stored: &[Stored],
    groups: &mut Groups,
) -> QueryResult<()> {
    let before: Vec<Section> = sections::table.select(Section::as_select()).load(tx.conn)?;
    let mut wanted = library.all_sections();
    for section in &before {
        let place = (section.language, section.key.clone());
        let file_broken = library.is_broken(&format!("{}/{}/_section.md", place.0, place.1));
        let in_use = stored
            .iter()
            .any(|row| row.language == place.0 && row.section == place.1);
        match wanted.remove(&place) {
            Some(same) if same == *section => {}
            _ if file_broken => {}
            // Withdrawn articles and those of broken files still name it.
            None if in_use => {}
            found => {
                delete_section(tx, section)?;
                if let Some(changed) = found {
                    diesel::insert_into(sections::table)
                        .values(changed)
                        .execute(tx.conn)?;
                }
                let inside = stored
                    .iter()
                    .filter(|row| (row.language, &row.section) == (place.0, &place.1));
                for row in inside {
                    groups.add(row.id, row.translation.as_deref());
                }
            }
        }
    }
    for new in wanted.into_values() {
        diesel::insert_into(sections::table)
            .values(new)
            .execute(tx.conn)?;
    }
    Ok(())
}

fn delete_section(tx: &mut Tx<'_>, section: &Section) -> QueryResult<()> {
    diesel::delete(sections::table)
        .filter(sections::language.eq(section.language))
        .filter(sections::key.eq(&section.key))
        .execute(tx.conn)
        .map(drop)
}

/// A fault keeps the instant since which it is known.
fn replace_faults(tx: &mut Tx<'_>, faults: &[FileFault]) -> QueryResult<()> {
    let known: Vec<(String, i32, String)> = article_faults::table
        .select((
            article_faults::path,
            article_faults::line,
            article_faults::reason,
        ))
        .load(tx.conn)?;
    let mut known: HashMap<_, _> = known
        .into_iter()
        .map(|(path, line, reason)| (path, (line, reason)))
        .collect();
    let mut seen = HashSet::new();
    for fault in faults.iter().filter(|fault| seen.insert(&fault.path)) {
        let reason = serde_json::to_string(&fault.reason)
            .map_err(|e| diesel::result::Error::SerializationError(Box::new(e)))?;
        let values = (
            article_faults::line.eq(fault.line),
            article_faults::reason.eq(&reason),
        );
        match known.remove(&fault.path) {
            Some(same) if same == (fault.line, reason.clone()) => {}
            Some(_) => {
                diesel::update(article_faults::table.find(&fault.path))
                    .set(values)
                    .execute(tx.conn)?;
            }
            None => {
                diesel::insert_into(article_faults::table)
                    .values((
                        values,
                        article_faults::path.eq(&fault.path),
                        article_faults::since.eq(tx.now),
                    ))
                    .execute(tx.conn)?;
            }
        }
    }
    for mended in known.into_keys() {
        diesel::delete(article_faults::table.find(mended)).execute(tx.conn)?;
    }
    Ok(())
}
