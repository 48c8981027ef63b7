//! Drafts that leave their owner: for whom signs in, and with the form that is sent.

use diesel::prelude::*;

use super::commands::{delete, remove_files};
use super::model::{DraftFile, DraftId, Owner, Place};
use super::queries::{find, of};
use crate::accounts::PersonId;
use crate::platform::db::Tx;
use crate::schema::drafts;

/// Gives somebody who signs in what was written in their browser before. What they have at the
/// same place already stays as it is: no text replaces another unseen. A save of theirs that comes
/// at the same moment is before or after: before, it is such a text, and what was written in the
/// browser stays the browser's; after, it is told of what was adopted ([`Saved::Conflict`]).
///
/// [`Saved::Conflict`]: super::Saved::Conflict
///
/// # Errors
/// When the database refuses.
pub fn adopt(tx: &mut Tx<'_>, person: i64, browser: &str) -> QueryResult<()> {
    let (owner, guest) = (
        Owner::Person(PersonId(person)),
        Owner::Guest(browser.to_owned()),
    );
    // Always in this order, so that no two wait for one another.
    guest.take_turn(tx)?;
    owner.take_turn(tx)?;
    let written: Vec<(DraftId, String, i64)> = of(&guest)
        .select((drafts::id, drafts::form, drafts::subject_id))
        .load(tx.conn)?;
    for (id, form, subject) in written {
        let own = of(&owner)
            .filter(drafts::form.eq(form))
            .filter(drafts::subject_id.eq(subject))
            .count();
        if own.get_result::<i64>(tx.conn)? == 0 {
            diesel::update(drafts::table.find(id))
                .set((
                    drafts::person_id.eq(PersonId(person)),
                    drafts::guest.eq(None::<String>),
                ))
                .execute(tx.conn)?;
        }
    }
    Ok(())
}

/// A form that is sent: what it says of its draft.
#[derive(Clone, Debug, Default)]
pub struct Submission {
    /// The revision that the form knows.
    pub revision: i64,
    /// Key of the form.
    pub form_key: String,
    /// Public identifiers of the files that its sender saw in it.
    pub files: Vec<String>,
}

/// Takes a draft away with what is sent, and answers the files that go with it. What another
/// window wrote since stays, as it was not sent.
///
/// # Errors
/// When the database refuses.
pub fn take(
    tx: &mut Tx<'_>,
    owner: &Owner,
    place: Place,
    sent: &Submission,
) -> QueryResult<Vec<DraftFile>> {
    owner.take_turn(tx)?;
    let Some(mut draft) = find(tx.conn, owner, place)? else {
        return Ok(Vec::new());
    };
    let own = draft.revision == sent.revision
        || (!sent.form_key.is_empty() && draft.form_key == sent.form_key);
    draft
        .files
        .retain(|file| sent.files.contains(&file.public_id));
    remove_files(tx, draft.id, &sent.files)?;
    if own {
        delete(tx, &[draft.id])?;
    }
    Ok(draft.files)
}
