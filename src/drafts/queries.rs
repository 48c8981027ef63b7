//! Reading drafts. Every query names the owner.

use diesel::prelude::*;

use super::model::{Draft, DraftFile, DraftId, Fields, Owner, Place};
use crate::platform::backup::Referenced;
use crate::platform::db::{Backend, Conn, Timestamp};
use crate::schema::{draft_files, drafts};

/// A row without its files.
type Row = (DraftId, String, String, i64, Timestamp);

/// The drafts of an owner, and of nobody else.
pub(super) fn of(owner: &Owner) -> drafts::BoxedQuery<'_, Backend> {
    let all = drafts::table.into_boxed::<Backend>();
    match owner {
        Owner::Person(id) => all.filter(drafts::person_id.eq(*id)),
        Owner::Guest(mark) => all.filter(drafts::guest.eq(mark)),
    }
}

/// What somebody has typed at a place.
///
/// # Errors
/// When the database refuses.
pub fn find(conn: &mut Conn, owner: &Owner, place: Place) -> QueryResult<Option<Draft>> {
    let row: Option<Row> = of(owner)
        .filter(drafts::form.eq(place.form))
        .filter(drafts::subject_id.eq(place.subject))
        .select((
            drafts::id,
            drafts::fields,
            drafts::form_key,
            drafts::revision,
            drafts::updated_at,
        ))
        .first(conn)
        .optional()?;
    let Some((id, fields, form_key, revision, updated_at)) = row else {
        return Ok(None);
    };
    Ok(Some(Draft {
        files: list_files(conn, id)?,
        // What a later program wrote and this one does not understand is nothing.
        fields: serde_json::from_str(&fields).unwrap_or_default(),
        id,
        form_key,
        revision,
        updated_at,
    }))
}

fn list_files(conn: &mut Conn, draft: DraftId) -> QueryResult<Vec<DraftFile>> {
    draft_files::table
        .filter(draft_files::draft_id.eq(draft))
        .order(draft_files::id.asc())
        .select(DraftFile::as_select())
        .load(conn)
}

/// A file of somebody's draft.
///
/// # Errors
/// When the database refuses.
pub fn find_file(
    conn: &mut Conn,
    owner: &Owner,
    place: Place,
    public_id: &str,
) -> QueryResult<Option<DraftFile>> {
    let files = find(conn, owner, place)?.map(|draft| draft.files);
    let mut files = files.into_iter().flatten();
    Ok(files.find(|file| file.public_id == public_id))
}

/// Drafts of guests who gave this address as theirs.
pub(super) fn list_naming(conn: &mut Conn, address: &str) -> QueryResult<Vec<DraftId>> {
    let rows: Vec<(DraftId, String)> = drafts::table
        .filter(drafts::guest.is_not_null())
        .select((drafts::id, drafts::fields))
        .load(conn)?;
    let names = |fields: &str| {
        let fields: Fields = serde_json::from_str(fields).unwrap_or_default();
        let email = fields.get("email");
        email.is_some_and(|email| email.trim().eq_ignore_ascii_case(address))
    };
    let named = rows.into_iter().filter(|(_, fields)| names(fields));
    Ok(named.map(|(id, _)| id).collect())
}

/// Files that nobody's draft has, by their identifiers, which only their sender was told. What
/// was given up before `after` is gone.
///
/// # Errors
/// When the database refuses.
pub fn find_held(
    conn: &mut Conn,
    public_ids: &[String],
    after: Timestamp,
) -> QueryResult<Vec<DraftFile>> {
    draft_files::table
        .filter(draft_files::draft_id.is_null())
        .filter(draft_files::since.gt(after))
        .filter(draft_files::public_id.eq_any(public_ids))
        .order(draft_files::id.asc())
        .select(DraftFile::as_select())
        .load(conn)
}

/// The contents of files that belong to a draft.
pub(super) fn list_contents(conn: &mut Conn) -> QueryResult<Vec<Referenced>> {
    let rows: Vec<(String, i64, String)> = draft_files::table
        .filter(draft_files::draft_id.is_not_null())
        .order(draft_files::id.asc())
        .select((draft_files::sha256, draft_files::size, draft_files::name))
        .load(conn)?;
    let referenced = |(sha256, size, name)| Referenced {
        sha256,
        size,
        holder: format!("draft {name}"),
    };
    Ok(rows.into_iter().map(referenced).collect())
}
