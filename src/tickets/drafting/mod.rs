//! Drafts of what people write on tickets: which forms have one, who may reach it, and what
//! becomes of it when the form is sent or comes back.

mod handlers;
mod spot;
mod taken_up;
mod view;
mod writer;

pub use handlers::routes;
pub(super) use spot::{Form, Spot};
pub(super) use taken_up::take_up;
pub(super) use view::view;
pub use view::{DraftView, samples};
use writer::Writer;
pub(super) use writer::of_this_session;

use diesel::QueryResult;

use super::commands::NewFile;
use crate::accounts::Visitor;
use crate::drafts::{self, Draft, Owner, Save, Saved, Submission};
use crate::platform::db::{Conn, StorageError, Tx};
use crate::platform::text::FileName;
use crate::platform::web::idempotency::{self, form_key, page_key};
use crate::platform::web::{Failure, Fields};

/// The field that says which revision of the draft the form knows.
const REVISION: &str = "draft_revision";

/// The field that lists the files of the draft that the form shows.
const FILE: &str = "draft_file";

/// What somebody has typed at a spot.
///
/// # Errors
/// When the database refuses.
pub(super) fn find(conn: &mut Conn, owner: &Owner, spot: &Spot) -> QueryResult<Option<Draft>> {
    drafts::find(conn, owner, spot.place())
}

/// As [`find`], for a handler.
pub(super) async fn read(visitor: &Visitor, spot: &Spot) -> Result<Option<Draft>, Failure> {
    let (owner, spot) = (Owner::of(visitor), spot.clone());
    let found = (visitor.site.db)
        .read(move |conn| find(conn, &owner, &spot).map_err(StorageError::from))
        .await?;
    Ok(found)
}

/// How many files of its draft a form shows.
pub(super) fn count_files(fields: &Fields) -> usize {
    submission(fields).files.len()
}

/// What a form that is sent says of its draft.
pub(super) fn submission(fields: &Fields) -> Submission {
    Submission {
        revision: revision(fields),
        form_key: form_key(fields).unwrap_or_default(),
        files: file_ids(fields, FILE),
    }
}

/// The files that a field names, each once. What cannot be a name of ours is not looked up.
fn file_ids(fields: &Fields, field: &str) -> Vec<String> {
    let is_ours = |id: &&String| {
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let mut ids: Vec<String> = fields.all(field).iter().filter(is_ours).cloned().collect();
    ids.sort();
    ids.dedup();
    ids
}

/// Takes the draft away with the form that is sent, and answers its files. What its page saves
/// later was written before.
///
/// # Errors
/// When the database refuses.
pub(super) fn take(
    tx: &mut Tx<'_>,
    owner: &Owner,
    spot: &Spot,
    sent: &Submission,
) -> QueryResult<Vec<NewFile>> {
    let files = drafts::take(tx, owner, spot.place(), sent)?;
    if !sent.form_key.is_empty() {
        let page = page_key(&sent.form_key, tx.actor, spot.address());
        idempotency::claim(tx, &page)?;
    }
    Ok(files
        .into_iter()
        .map(|file| NewFile {
            name: FileName::new(&file.name),
            content: file.content(),
        })
        .collect())
}

/// Keeps a form that comes back to its sender: its files need not be chosen again. Should another
/// window have written meanwhile, only the files are added: the text stands in the page.
pub(super) async fn come_back(
    visitor: &Visitor,
    spot: &Spot,
    fields: &Fields,
    files: Vec<NewFile>,
) -> Result<Option<Draft>, Failure> {
    let save = Save {
        files: files.into_iter().map(|f| (f.name, f.content)).collect(),
        ..spot.form.cut(fields)
    };
    let (owner, place) = (Owner::of(visitor), spot.place());
    let kept = (visitor.site.db)
        .write(visitor.actor(), move |tx| {
            match drafts::save(tx, &owner, place, &save)? {
                Saved::Kept(draft) => Ok(Some(draft)),
                Saved::Conflict(_) => drafts::attach(tx, &owner, place, &save.files),
                Saved::Empty | Saved::Gone => Ok(None),
            }
            .map_err(StorageError::from)
        })
        .await?;
    Ok(kept)
}

fn revision(fields: &Fields) -> i64 {
    fields.get(REVISION).parse().unwrap_or(0)
}
