//! What can be done to drafts. Each command is one verb on a transaction.

use diesel::prelude::*;

use super::leftovers::REST;
use super::model::{Draft, DraftId, Fields, Owner, Place};
use super::queries::{find, find_held, list_naming, of};
use crate::accounts::PersonId;
use crate::platform::blobs::Kept;
use crate::platform::db::Tx;
use crate::platform::random;
use crate::platform::text::FileName;
use crate::schema::{draft_files, drafts};

/// Drafts of one owner, at most: beyond them the one that was left alone longest goes.
const MAX_DRAFTS: i64 = 50;

/// Drafts of all guests together, at most, so that nobody fills the disk by being many.
const MAX_OF_GUESTS: i64 = 2_000;

/// What a window wants kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Save {
    /// What stands in the form.
    pub fields: Fields,
    /// Whether nothing of that was written by hand.
    pub blank: bool,
    /// The revision that the window knows; 0 is none.
    pub revision: i64,
    /// Key of the window's form.
    pub form_key: String,
    /// Files that are added.
    pub files: Vec<(FileName, Kept)>,
    /// What held files are asked for by ([`hold`]), to become the draft's.
    pub held: Vec<String>,
    /// Public identifiers of files that are taken away.
    pub removed: Vec<String>,
    /// Whether it replaces what another window wrote, because its owner chose so.
    pub overwrite: bool,
}

/// What became of a save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is kept as this.
    Kept(Draft),
    /// There was nothing to keep: there is no draft now.
    Empty,
    /// Another window wrote this since. Nothing was changed.
    Conflict(Draft),
    /// The draft that the window knows was sent or discarded. Nothing was changed.
    Gone,
}

/// Keeps what a window shows. Of two windows that save at once, the second is told of the first.
///
/// # Errors
/// When the database refuses.
pub fn save(tx: &mut Tx<'_>, owner: &Owner, place: Place, save: &Save) -> QueryResult<Saved> {
    owner.take_turn(tx)?;
    let known = find(tx.conn, owner, place)?;
    match &known {
        Some(draft) if !may_replace(draft, save) => return Ok(Saved::Conflict(draft.clone())),
        None if save.revision != 0 && !save.blank && !save.overwrite => return Ok(Saved::Gone),
        _ => {}
    }
    let held = known.as_ref().map_or(0, |draft| draft.files.len());
    if save.blank && held + save.files.len() + save.held.len() == 0 {
        discard(tx, owner, place)?;
        return Ok(Saved::Empty);
    }
    let changed = known.as_ref().is_none_or(|draft| {
        let files = [save.held.len(), save.files.len(), save.removed.len()];
        draft.fields != save.fields || files.iter().any(|&count| count > 0)
    });
    let id = match known {
        Some(draft) if !changed => return Ok(Saved::Kept(draft)),
        Some(draft) if rewrite(tx, &draft, save)? => draft.id,
        // It was not there, or grew too old in this moment.
        _ => insert(tx, owner, place, save)?,
    };
    attach_held(tx, id, &save.held)?;
    remove_files(tx, id, &save.removed)?;
    add_files(tx, id, &save.files)?;
    match find(tx.conn, owner, place)? {
        // The last file of a form without text was taken away.
        Some(draft) if save.blank && draft.files.is_empty() => {
            discard(tx, owner, place).map(|()| Saved::Empty)
        }
        Some(draft) => Ok(Saved::Kept(draft)),
        None => Ok(Saved::Empty),
    }
}

/// A window replaces what it knows, what it wrote itself, and what says the same.
fn may_replace(draft: &Draft, save: &Save) -> bool {
    save.overwrite
        || draft.revision == save.revision
        || (!save.form_key.is_empty() && draft.form_key == save.form_key)
        || draft.fields == save.fields
}

fn insert(tx: &mut Tx<'_>, owner: &Owner, place: Place, save: &Save) -> QueryResult<DraftId> {
    let (person, guest) = owner.columns();
    let id = diesel::insert_into(drafts::table)
        .values((
            drafts::person_id.eq(person),
            drafts::guest.eq(guest),
            drafts::form.eq(place.form),
            drafts::subject_id.eq(place.subject),
            drafts::fields.eq(to_json(&save.fields)),
            drafts::form_key.eq(&save.form_key),
            drafts::revision.eq(next_revision(tx, save.revision)),
            drafts::updated_at.eq(tx.now),
        ))
        .returning(drafts::id)
        .get_result(tx.conn)?;
    drop_oldest(tx, owner)?;
    Ok(id)
}

/// Whether the draft was still there.
fn rewrite(tx: &mut Tx<'_>, draft: &Draft, save: &Save) -> QueryResult<bool> {
    let rewritten = diesel::update(drafts::table.find(draft.id))
        .set((
            drafts::fields.eq(to_json(&save.fields)),
            drafts::form_key.eq(&save.form_key),
            drafts::revision.eq(next_revision(tx, draft.revision)),
            drafts::updated_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    Ok(rewritten == 1)
}

/// The instant, so that a later draft of the same place never has a revision that a window still
/// knows of an earlier one.
fn next_revision(tx: &Tx<'_>, before: i64) -> i64 {
    tx.now.micros().max(before.saturating_add(1))
}

fn to_json(fields: &Fields) -> String {
    serde_json::to_string(fields).expect("a map of texts is JSON")
}

fn drop_oldest(tx: &mut Tx<'_>, owner: &Owner) -> QueryResult<()> {
    let beyond: Vec<DraftId> = of(owner)
        .order((drafts::updated_at.desc(), drafts::id.desc()))
        .offset(MAX_DRAFTS)
        .limit(MAX_DRAFTS)
        .select(drafts::id)
        .load(tx.conn)?;
    delete(tx, &beyond)?;
    if let Owner::Person(_) = owner {
        return Ok(());
    }
    let beyond: Vec<DraftId> = drafts::table
        .filter(drafts::guest.is_not_null())
        .order((drafts::updated_at.desc(), drafts::id.desc()))
        .offset(MAX_OF_GUESTS)
        .limit(MAX_DRAFTS)
        .select(drafts::id)
        .load(tx.conn)?;
    delete(tx, &beyond)
}

/// Adds files to a draft, whatever any window knows of it. Answers the draft, if there is one.
///
/// # Errors
/// When the database refuses.
pub fn attach(
    tx: &mut Tx<'_>,
    owner: &Owner,
    place: Place,
    files: &[(FileName, Kept)],
) -> QueryResult<Option<Draft>> {
    owner.take_turn(tx)?;
    if let Some(draft) = find(tx.conn, owner, place)? {
        add_files(tx, draft.id, files)?;
    }
    find(tx.conn, owner, place)
}

/// Adds files. One that is there already, by name and content, was sent twice.
fn add_files(tx: &mut Tx<'_>, id: DraftId, files: &[(FileName, Kept)]) -> QueryResult<()> {
    for (name, content) in files {
        let there = draft_files::table
            .filter(draft_files::draft_id.eq(id))
            .filter(draft_files::name.eq(name.as_str()))
            .filter(draft_files::sha256.eq(&content.sha256));
        if diesel::select(diesel::dsl::exists(there)).get_result::<bool>(tx.conn)? {
            continue;
        }
        insert_file(tx, Some(id), name, content)?;
    }
    Ok(())
}

fn insert_file(
    tx: &mut Tx<'_>,
    draft: Option<DraftId>,
    name: &FileName,
    content: &Kept,
) -> QueryResult<String> {
    let public_id = random::public_id();
    diesel::insert_into(draft_files::table)
        .values((
            draft_files::draft_id.eq(draft),
            draft_files::public_id.eq(&public_id),
            draft_files::name.eq(name.as_str()),
            draft_files::media_type.eq(content.media_type),
            draft_files::size.eq(content.size),
            draft_files::sha256.eq(&content.sha256),
            draft_files::since.eq(tx.now),
        ))
        .execute(tx.conn)?;
    Ok(public_id)
}

/// Holds files for whoever sent them and cannot be told just now. Answers what they are to be
/// asked for by.
///
/// # Errors
/// When the database refuses.
pub fn hold(tx: &mut Tx<'_>, files: &[(FileName, Kept)]) -> QueryResult<Vec<String>> {
    let mut held = Vec::with_capacity(files.len());
    for (name, content) in files {
        held.push(insert_file(tx, None, name, content)?);
    }
    Ok(held)
}

fn attach_held(tx: &mut Tx<'_>, id: DraftId, held: &[String]) -> QueryResult<()> {
    let held: Vec<String> = find_held(tx.conn, held, tx.now - REST)?
        .into_iter()
        .map(|file| file.public_id)
        .collect();
    diesel::update(draft_files::table.filter(draft_files::public_id.eq_any(held)))
        .set(draft_files::draft_id.eq(id))
        .execute(tx.conn)
        .map(drop)
}

pub(super) fn remove_files(tx: &mut Tx<'_>, id: DraftId, public_ids: &[String]) -> QueryResult<()> {
    diesel::update(
        draft_files::table
            .filter(draft_files::draft_id.eq(id))
            .filter(draft_files::public_id.eq_any(public_ids)),
    )
    .set((
        draft_files::draft_id.eq(None::<DraftId>),
        draft_files::since.eq(tx.now),
    ))
    .execute(tx.conn)
    .map(drop)
}

/// Throws a draft away.
///
/// # Errors
/// When the database refuses.
pub fn discard(tx: &mut Tx<'_>, owner: &Owner, place: Place) -> QueryResult<()> {
    owner.take_turn(tx)?;
    match find(tx.conn, owner, place)? {
        Some(draft) => delete(tx, &[draft.id]),
        None => Ok(()),
    }
}

/// Deletes drafts. Their files belong to nobody from then on.
pub(super) fn delete(tx: &mut Tx<'_>, ids: &[DraftId]) -> QueryResult<()> {
    diesel::update(draft_files::table.filter(draft_files::draft_id.eq_any(ids)))
        .set((
            draft_files::draft_id.eq(None::<DraftId>),
            draft_files::since.eq(tx.now),
        ))
        .execute(tx.conn)?;
    diesel::delete(drafts::table.filter(drafts::id.eq_any(ids)))
        .execute(tx.conn)
        .map(drop)
}

/// Throws away all drafts of somebody, and what guests wrote in the name of their address.
///
/// # Errors
/// When the database refuses.
pub fn discard_all(tx: &mut Tx<'_>, owner: PersonId, address: &str) -> QueryResult<()> {
    let mut ids: Vec<DraftId> = of(&owner.into()).select(drafts::id).load(tx.conn)?;
    ids.extend(list_naming(tx.conn, address)?);
    let files: Vec<(String, i64)> = draft_files::table
        .filter(draft_files::draft_id.eq_any(&ids))
        .select((draft_files::sha256, draft_files::size))
        .load(tx.conn)?;
    diesel::delete(draft_files::table.filter(draft_files::draft_id.eq_any(&ids)))
        .execute(tx.conn)?;
    give_up(tx, &files)?;
    delete(tx, &ids)
}

/// Has contents (hash and size) deleted by the next sweep, unless another row refers to them. What
/// they were called is not kept.
///
/// # Errors
/// When the database refuses.
pub fn give_up(tx: &mut Tx<'_>, contents: &[(String, i64)]) -> QueryResult<()> {
    // One that was sent from a draft has a row yet, with its name.
    let hashes = contents.iter().map(|(sha256, _)| sha256);
    let forsaken = draft_files::table
        .filter(draft_files::draft_id.is_null())
        .filter(draft_files::sha256.eq_any(hashes));
    diesel::delete(forsaken).execute(tx.conn)?;
    for (sha256, size) in contents {
        diesel::insert_into(draft_files::table)
            .values((
                draft_files::draft_id.eq(None::<DraftId>),
                draft_files::public_id.eq(random::public_id()),
                draft_files::name.eq(""),
                draft_files::media_type.eq(""),
                draft_files::size.eq(size),
                draft_files::sha256.eq(sha256),
                draft_files::since.eq(tx.now - REST * 2),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}
